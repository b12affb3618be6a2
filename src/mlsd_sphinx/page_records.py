"""What the pages said about themselves, kept from reading to writing.

Sphinx reads pages in several processes and re-reads only what changed, so
nothing may be remembered in a module.  A :class:`Records` lives in the build
environment: each page's records are forgotten when the page is read again,
and come home from the process that read it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

__all__ = [
    "CELLS",
    "CLAIMS",
    "QUESTIONS",
    "Cell",
    "Claim",
    "Question",
    "Records",
    "app_of",
    "day_of",
    "report",
    "setup",
]

logger = logging.getLogger(__name__)

Record = TypeVar("Record")


class Records(Generic[Record]):
    """Records of one kind, by page, in the build environment.

    Parameters
    ----------
    name : str
        Name of the kind; the environment holds them under ``mlsd_<name>``.
    """

    def __init__(self, name: str) -> None:
        self._key = f"mlsd_{name}"

    def _pages(self, env: BuildEnvironment) -> dict[str, list[Record]]:
        pages: dict[str, list[Record]]
        pages = env.__dict__.setdefault(self._key, {})
        return pages

    def add(self, env: BuildEnvironment, record: Record) -> None:
        """Keep a record of the page that is being read."""
        self._pages(env).setdefault(env.current_document.docname, []).append(
            record
        )

    def on(self, env: BuildEnvironment, docname: str) -> list[Record]:
        """Return the records of one page, in the order of the page."""
        return self._pages(env).get(docname, [])

    def items(self, env: BuildEnvironment) -> Iterator[tuple[str, Record]]:
        """Yield page and record of the whole book, by name of the page."""
        for docname, records in sorted(self._pages(env).items()):
            for record in records:
                yield docname, record

    def connect(self, app: Sphinx) -> None:
        """Forget and merge with the pages."""
        app.connect("env-purge-doc", self._purge)
        app.connect("env-merge-info", self._merge)

    def _purge(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        del app
        self._pages(env).pop(docname, None)

    def _merge(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: set[str],
        other: BuildEnvironment,
    ) -> None:
        del app
        found = self._pages(other)
        for docname in docnames & found.keys():
            self._pages(env)[docname] = found[docname]


@dataclass(frozen=True)
class Cell:
    """A labelled code cell.

    Parameters
    ----------
    label : str
        The name by which claims and questions cite the cell.
    line : int
        Line of the page.
    checks : bool
        Whether the cell turns red when what it shows is no longer so.
    """

    label: str
    line: int
    checks: bool


@dataclass(frozen=True)
class Claim:
    """A claim box on a page.

    Parameters
    ----------
    id : str
        Identifier in the ledger.
    line : int
        Line of the page.
    evidence : tuple of str
        Cell labels and pytest ids, as written.
    """

    id: str
    line: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """An interview question on a page.

    Parameters
    ----------
    name : str
        Its permanent name.
    line : int
        Line of the page.
    day : int or None
        Day of the page, if it belongs to one.
    evidence : tuple of str
        Claim ids, cell labels and pytest ids, as written.
    signals : tuple of str
        What speaks against and for a candidate, in normal form.
    text : tuple of Node
        The interviewer's words, without links, for other pages to show.
    """

    name: str
    line: int
    day: int | None
    evidence: tuple[str, ...]
    signals: tuple[str, ...]
    text: tuple[nodes.Node, ...]


CELLS: Records[Cell] = Records("cells")
CLAIMS: Records[Claim] = Records("claims")
QUESTIONS: Records[Question] = Records("questions")


def app_of(env: BuildEnvironment) -> Sphinx:
    """Return the application of an environment.

    Sphinx deprecates the public way without offering another; directives
    and transforms hold the environment alone.
    """
    return env._app


def day_of(docname: str, document: nodes.document) -> int | None:
    """Return the day that a page belongs to.

    Parameters
    ----------
    docname : str
        Name of the page, such as ``phase-1/week-01/day-02-numpy``.
    document : nodes.document
        Its tree, as far as it is read: a label ``day-02`` at the top counts
        too.

    Returns
    -------
    int or None
        Number of the day; None for a page of no day.
    """
    for name in (docname.rpartition("/")[2], *document.nametypes):
        found = re.match(r"day-(\d+)(?!\d)", name)
        if found:
            return int(found[1])
    return None


def report(message: str, *, location: Any, subtype: str) -> None:
    """Report a fault of a page; with ``-W`` it fails the build.

    Parameters
    ----------
    message : str
        What is wrong and what to write instead.
    location : str, tuple of str and int, or Node
        File and line, page and line, or the node at fault.
    subtype : str
        Name of the module that found it.
    """
    logger.warning(
        "%s", message, location=location, type="mlsd", subtype=subtype
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register what forgets and merges the records."""
    for records in (CELLS, CLAIMS, QUESTIONS):
        records.connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
