"""Run the code of the pages in one process, outside any cache.

The build takes outputs from a store; this lane trusts none.  Sybil finds the
cells and the doctests of a page and runs them in order under pytest, with
file and line: ninety pages in seconds.  ``conftest.py`` at the top of the
repository plugs it in.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from sybil import Document, Example, Region, Sybil
from sybil.parsers.myst import DocTestDirectiveParser

__all__ = ["CellParser", "code_of_pages"]


class CellParser:
    """Find the executed cells of a page, as the build finds them.

    Parameters
    ----------
    extensions : set of str
        MyST extensions of the book; without ``colon_fence`` a cell inside a
        directive would look like one at the top.
    """

    def __init__(self, extensions: set[str]) -> None:
        self._config = MdParserConfig(enable_extensions=extensions)

    def __call__(self, document: Document) -> Iterator[Region]:
        """Yield a region for each code cell, in order."""
        notebook = read_myst_markdown_notebook(
            document.text, config=self._config, add_source_map=True
        )
        lines = document.text.split("\n")
        offsets = [0]
        for line in lines:
            offsets.append(offsets[-1] + len(line) + 1)
        starts = notebook.metadata["source_map"]
        for cell, start in zip(notebook.cells, starts, strict=True):
            if cell.cell_type != "code":
                continue
            body = cell.source.split("\n")
            first = next(
                i
                for i in range(start, len(lines))
                if lines[i : i + len(body)] == body
            )
            yield Region(
                offsets[first],
                offsets[first + len(body)],
                parsed=(cell.source, cell.metadata.get("raises"), first),
                evaluator=_run,
            )


def _run(example: Example) -> None:
    source, declared, first = example.parsed
    code = compile(
        "\n" * first + source, example.path, "exec", dont_inherit=True
    )
    namespace: dict[str, Any] = example.namespace
    if declared is None:
        exec(code, namespace)  # noqa: S102  # the pages are ours
        return
    try:
        exec(code, namespace)  # noqa: S102
    except Exception as error:  # the page declares which
        raised = f"{type(error).__name__}: {error}"
        if not raised.startswith(declared):
            raise
        return
    raise AssertionError(f"the cell no longer raises {declared!r}")


def _enter(namespace: dict[str, Any]) -> None:
    """Give each page an empty folder and figures that nobody sees."""
    import matplotlib as mpl

    mpl.use("agg")
    folder = tempfile.TemporaryDirectory(prefix="mlsd-page-")
    namespace["_folder"] = folder
    namespace["_home"] = Path.cwd()
    os.chdir(folder.name)


def _leave(namespace: dict[str, Any]) -> None:
    import matplotlib.pyplot as plt

    plt.close("all")
    os.chdir(namespace["_home"])
    namespace["_folder"].cleanup()


def code_of_pages(book: Path, extensions: set[str]) -> Sybil:
    """Return the collector of page code for pytest.

    Parameters
    ----------
    book : Path
        Folder of the pages; absolute, since Sybil would take it from the
        folder of this file and then find none.
    extensions : set of str
        MyST extensions of the book.

    Returns
    -------
    Sybil
        Runs cells and ``{doctest}`` blocks of every Markdown page.
    """
    return Sybil(
        path=str(book.absolute()),
        parsers=[CellParser(extensions), DocTestDirectiveParser()],
        patterns=["*.md"],
        setup=_enter,
        teardown=_leave,
    )
