"""Labels of code cells: what claims and questions cite as evidence.

The label in a cell's metadata becomes an anchor of the page, and the page
records whether the cell can turn red at all: whether it makes a check.  A
folded cell says what it holds: "Check: crossing rates" and not "Show the
content", which a reader would meet ten times on a page.
"""

import ast
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from mlsd_sphinx.page_records import CELLS, Cell, report

__all__ = ["CellLabels", "anchor_of", "fold_title", "makes_a_check", "setup"]

CHECKS = frozenset({"agrees", "equals", "exceeds"})
LABEL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def anchor_of(label: str) -> str:
    """Return the anchor of the cell with a label."""
    return f"cell-{label}"


def makes_a_check(source: str, metadata: dict[str, Any]) -> bool:
    """Tell whether a cell fails when what it shows is no longer so.

    Parameters
    ----------
    source : str
        Code of the cell.
    metadata : dict
        Options of the cell; one that ``raises`` is held to its message by
        the execution, which is a check too.

    Returns
    -------
    bool
        Whether it compares something, asserts, or must raise.

    Examples
    --------
    >>> makes_a_check("agrees(mean, 0.5, within=0.1)", {})
    True
    >>> makes_a_check("mean  # agrees(mean, 0.5) would check", {})
    False
    """
    if metadata.get("raises"):
        return True
    try:
        tree = ast.parse(source)
    except SyntaxError:  # the execution reports it
        return False
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and _called(node.func) in CHECKS)
        for node in ast.walk(tree)
    )


def fold_title(label: str, mode: str, *, checks: bool) -> str:
    """Return what the fold of a hidden cell is called.

    Parameters
    ----------
    label : str
        Label of the cell; empty if it has none.
    mode : str
        What is hidden: ``all``, ``input``, ``output`` or ``input+output``.
    checks : bool
        Whether the cell makes a check.

    Returns
    -------
    str
        The title.

    Examples
    --------
    >>> fold_title("crossing-rates", "all", checks=True)
    'Check: crossing rates'
    >>> fold_title("peeking-figure", "input", checks=False)
    'Code: peeking figure'
    >>> fold_title("", "all", checks=False)
    'Code: set-up'
    """
    kind = "Output" if mode == "output" else "Code"
    if mode == "all" and checks:
        kind = "Check"
    return f"{kind}: {label.replace('-', ' ') or 'set-up'}"


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


class CellLabels(SphinxTransform):
    """Give each labelled cell its anchor, and record it."""

    # Before the links of the page look for their targets.
    default_priority = 200

    def apply(self, **kwargs: Any) -> None:  # noqa: ARG002
        """Visit the cells of the page."""
        seen: dict[str, int] = {}
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code":
                continue
            metadata: dict[str, Any] = cell.get("cell_metadata", {})
            _name_fold(cell, metadata)
            if "label" not in metadata:
                continue
            label, line = str(metadata["label"]), cell.line or 1
            if not LABEL.fullmatch(label):
                self._report(
                    line,
                    f"the cell label {label!r} is not made of lower-case"
                    " words, digits and hyphens",
                )
            elif label in seen:
                self._report(
                    line,
                    f"the cell label {label!r} is already taken"
                    f" in line {seen[label]}",
                )
            else:
                seen[label] = line
                self._register(cell, label, line, metadata)

    def _register(
        self,
        cell: nodes.container,
        label: str,
        line: int,
        metadata: dict[str, Any],
    ) -> None:
        anchor = anchor_of(label)
        cell["ids"].append(anchor)
        cell["names"].append(anchor)
        self.document.note_explicit_target(cell, cell)
        checks = makes_a_check(_source(cell), metadata)
        CELLS.add(self.env, Cell(label, line, checks))

    def _report(self, line: int, message: str) -> None:
        report(
            message,
            location=(self.env.docname, line),
            subtype="cell_labels",
        )


def _source(cell: nodes.container) -> str:
    code = next(iter(cell.findall(nodes.literal_block)), None)
    return code.astext() if code is not None else ""


def _name_fold(cell: nodes.container, metadata: dict[str, Any]) -> None:
    """Title the fold of a hidden cell, unless the page has done so."""
    mode = cell.get("hide_mode")
    own: dict[str, Any] = metadata.get("mystnb", {})
    if mode is None or "code_prompt_show" in own:
        return
    checks = makes_a_check(_source(cell), metadata)
    title = fold_title(str(metadata.get("label", "")), mode, checks=checks)
    cell["prompt_show"] = cell["prompt_hide"] = title


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform."""
    app.setup_extension("mlsd_sphinx.page_records")
    app.add_transform(CellLabels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
