"""Evidence: what a claim or an answer points at, and whether it is there.

Three things carry a statement: a labelled cell of the same page that makes a
check, a test of the repository, and, for an answer, a claim of the book.
"""

import ast
import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from mlsd_sphinx.cell_labels import anchor_of
from mlsd_sphinx.cross_links import PendingLink, claim_anchor, page_of_claim
from mlsd_sphinx.page_records import CELLS, Cell, app_of

__all__ = [
    "address_of",
    "line_of_test",
    "link_to",
    "note_tests",
    "parse_evidence",
    "problem_of",
    "setup",
]

CLAIM = re.compile(r"[A-Z]\d+-\S+")


def parse_evidence(text: str) -> tuple[str, ...]:
    """Split the option ``:evidence:``.

    Examples
    --------
    >>> parse_evidence("a-cell, tests/test_it.py::test_that,")
    ('a-cell', 'tests/test_it.py::test_that')
    """
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _is_test(item: str) -> bool:
    return "::" in item or item.endswith(".py")


def line_of_test(root: Path, name: str) -> int:
    """Return the line in which a test is defined.

    Parameters
    ----------
    root : Path
        Folder to which the file in `name` is relative.
    name : str
        A pytest id: ``file::function`` or ``file::Class::function``; the
        brackets of a parameter set are ignored.

    Returns
    -------
    int
        Line of the file, from 1.

    Raises
    ------
    LookupError
        If there is no such file or function, or pytest would not run it.
    """
    file, *parts = re.sub(r"\[.*\]$", "", name).split("::")
    path = root / file
    if ".." in Path(file).parts or not path.is_file():
        raise LookupError(f"there is no file {file}")
    if not parts:
        raise LookupError(f"{file} is a file: name a test in it")
    found: ast.AST = _tree(path, path.stat().st_mtime_ns)
    for part in parts:
        found = _defined(found, part, file)
    if isinstance(found, ast.ClassDef) or not parts[-1].startswith("test"):
        raise LookupError(f"{parts[-1]} is no test function")
    return int(getattr(found, "lineno", 1))


def _defined(scope: ast.AST, name: str, file: str) -> ast.AST:
    for node in getattr(scope, "body", []):
        if (
            isinstance(
                node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            )
            and node.name == name
        ):
            return node
    raise LookupError(f"{file} defines no {name}")


@cache
def _tree(path: Path, changed: int) -> ast.Module:
    del changed  # part of the key: a saved file is read again
    try:
        return ast.parse(path.read_text("utf8"))
    except SyntaxError as error:
        raise LookupError(f"{path.name} cannot be read: {error}") from None


def note_tests(env: BuildEnvironment, evidence: tuple[str, ...]) -> None:
    """Have the page read again when a test file that it names changes."""
    for item in evidence:
        if _is_test(item):
            env.note_dependency(Path(app_of(env).confdir, item.split("::")[0]))


def problem_of(
    env: BuildEnvironment, docname: str, item: str, *, claims: bool
) -> str:
    """Say what is wrong with a piece of evidence.

    Parameters
    ----------
    env : BuildEnvironment
        After all pages are read.
    docname : str
        Page that cites it.
    item : str
        Cell label, pytest id or claim id.
    claims : bool
        Whether a claim may be cited.

    Returns
    -------
    str
        Empty when it carries the statement.
    """
    if _is_test(item):
        try:
            line_of_test(Path(app_of(env).confdir), item)
        except LookupError as error:
            return f"evidence {item!r}: {error}"
        return ""
    if CLAIM.fullmatch(item):
        if not claims:
            return f"evidence {item!r}: a claim is no evidence of a claim"
        if page_of_claim(env, item) is None:
            return f"evidence {item!r}: no page holds that claim"
        return ""
    for cell in CELLS.on(env, docname):
        if cell.label == item:
            return _problem_of_cell(env, docname, cell)
    return (
        f"evidence {item!r}: this page shows no cell with that label"
        " (one tagged remove-cell has no place on it)"
    )


def _problem_of_cell(env: BuildEnvironment, docname: str, cell: Cell) -> str:
    if not cell.checks:
        return f"evidence {cell.label!r}: that cell makes no check"
    failed: dict[str, set[str]] = getattr(env, "mlsd_failed_cells", {})
    if cell.label in failed.get(docname, ()):
        return f"evidence {cell.label!r}: that cell failed"
    return ""


def link_to(env: BuildEnvironment, item: str) -> nodes.Node:
    """Return a link to a piece of evidence, for the reader."""
    if _is_test(item):
        return _link_to_test(env, item)
    text = nodes.literal("", item)
    if CLAIM.fullmatch(item):
        return PendingLink("", "", text, kind="claim", name=item)
    return nodes.reference("", "", text, internal=True, refid=anchor_of(item))


def _link_to_test(env: BuildEnvironment, item: str) -> nodes.Node:
    # The name of a test is a sentence: it reads, and breaks across lines,
    # as the id does not.
    file, _, name = item.partition("::")
    sentence = re.sub(r"^.*::|\[.*\]$", "", name).removeprefix("test_")
    text = [
        nodes.literal("", Path(file).name),
        nodes.Text(f" “{sentence.replace('_', ' ')}”"),
    ]
    address = _test_address(env, item)
    if address is None:
        return nodes.inline("", "", *text, classes=["test"])
    return nodes.reference(
        "", "", *text, refuri=address, reftitle=item, classes=["test"]
    )


def _test_address(env: BuildEnvironment, item: str) -> str | None:
    base = str(env.config.mlsd_repository_url).rstrip("/")
    if not base:
        return None
    try:
        line = line_of_test(Path(app_of(env).confdir), item)
    except LookupError:  # reported by the consistency check
        return None
    branch = env.config.mlsd_repository_branch
    return f"{base}/blob/{branch}/{item.split('::')[0]}#L{line}"


def address_of(
    env: BuildEnvironment, builder: Builder, docname: str, item: str
) -> str | None:
    """Return the address of a piece of evidence, from the site's root.

    Parameters
    ----------
    env : BuildEnvironment
        After all pages are read.
    builder : Builder
        Knows the addresses of pages.
    docname : str
        Page that cites it.
    item : str
        Cell label, pytest id or claim id.

    Returns
    -------
    str or None
        None for a test when the book names no repository.
    """
    if _is_test(item):
        return _test_address(env, item)
    if CLAIM.fullmatch(item):
        page = page_of_claim(env, item) or docname
        return f"{builder.get_target_uri(page)}#{claim_anchor(item)}"
    return f"{builder.get_target_uri(docname)}#{anchor_of(item)}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register where the repository is."""
    app.setup_extension("mlsd_sphinx.cross_links")
    app.add_config_value("mlsd_repository_url", "", "env")
    app.add_config_value("mlsd_repository_branch", "main", "env")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
