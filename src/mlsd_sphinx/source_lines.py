"""Make MyST-NB name the right line.

MyST-NB tells the parser where each chunk of a page starts, and is wrong in
three ways: it strips the blank lines at the start of a chunk of prose without
moving the start, counts a cell from below its fence, and adds one for lines
that start at one, which the parser then adds again.  An author who is sent
to a line must find the fault there.
"""

from typing import Any

__all__ = ["correct_lines"]


def correct_lines(notebook: Any, text: str) -> None:
    """Move the start of each chunk so that reported lines are right.

    Parameters
    ----------
    notebook : NotebookNode
        The page with its ``source_map``, which is replaced.
    text : str
        The source of the page.
    """
    lines = text.splitlines()
    starts = []
    for cell, start in zip(
        notebook.cells, notebook.metadata["source_map"], strict=True
    ):
        first = int(start)
        if cell.cell_type == "markdown":
            while first < len(lines) and not lines[first].strip():
                first += 1
        else:
            first -= 1
        starts.append(first - 1)
    notebook.metadata["source_map"] = starts
