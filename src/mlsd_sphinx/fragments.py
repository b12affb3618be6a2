"""Parts of the finished pages as data: ``claims.json``, ``questions.json``.

The practice page, the question bank and the Anki deck show claims and
questions elsewhere.  They get what the page itself shows, after every link
and number in it is resolved, as HTML whose links start at the site's root.
"""

import json
import posixpath
from collections.abc import Callable, Iterable
from typing import Any, cast
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from mlsd_sphinx.boxes import Box
from mlsd_sphinx.page_records import Records

__all__ = ["Collection", "html_of"]

BUILDERS = ("html", "dirhtml")


def html_of(app: Sphinx, docname: str, blocks: Iterable[nodes.Node]) -> str:
    """Render blocks of a resolved page as an HTML fragment.

    Parameters
    ----------
    app : Sphinx
        With a builder that writes HTML.
    docname : str
        Page from which the blocks come.
    blocks : iterable of Node
        Copies: they are changed.

    Returns
    -------
    str
        HTML without ids, with links from the site's root.
    """
    builder = cast("StandaloneHTMLBuilder", app.builder)
    builder.imgpath = builder.imagedir
    page = builder.get_target_uri(docname)
    holder = nodes.Element("", *blocks)
    _localize(holder, page)
    return "".join(
        builder.render_partial(block)["fragment"] for block in holder.children
    ).strip()


def _localize(holder: nodes.Element, page: str) -> None:
    for element in holder.findall(nodes.Element):
        element["ids"] = []
    for note in list(holder.findall(nodes.footnote_reference)):
        text = f"[{note.astext()}]"
        note.replace_self(
            nodes.reference("", text, internal=True, refid=note["refid"])
        )
    for link in holder.findall(nodes.reference):
        if "refid" in link:
            link["refuri"] = f"{page}#{link.attributes.pop('refid')}"
        elif "refuri" in link:
            link["refuri"] = _from_root(link["refuri"], page)


def _from_root(address: str, page: str) -> str:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or address.startswith("/"):
        return address
    if not parts.path:
        return f"{page}#{parts.fragment}"
    path = posixpath.normpath(
        posixpath.join(posixpath.dirname(page), parts.path)
    )
    return path + (f"#{parts.fragment}" if parts.fragment else "")


class Collection:
    """Write one JSON file from all boxes of a kind.

    Parameters
    ----------
    kind : str
        Kind of the boxes.
    records : Records
        What tells which pages hold such boxes.
    entry : callable
        Makes an entry of the file from the page and a box of it.
    key : str
        Field by which the entries are sorted.
    """

    def __init__(
        self,
        kind: str,
        records: Records[Any],
        entry: Callable[[Sphinx, str, Box], dict[str, Any]],
        *,
        key: str,
    ) -> None:
        self._kind = kind
        self._records = records
        self._entry = entry
        self._key = key
        self._boxes: dict[str, list[Box]] = {}

    def connect(self, app: Sphinx) -> None:
        """Collect the boxes of each page, and write at the end."""
        app.connect("doctree-resolved", self._keep)
        app.connect("build-finished", self._write)

    def _keep(
        self, app: Sphinx, doctree: nodes.document, docname: str
    ) -> None:
        if app.builder.name in BUILDERS:
            self._boxes[docname] = [
                _detached(box)
                for box in doctree.findall(Box)
                if box["kind"] == self._kind
            ]

    def _write(self, app: Sphinx, error: Exception | None) -> None:
        if error is not None or app.builder.name not in BUILDERS:
            return
        pages = {docname for docname, _ in self._records.items(app.env)}
        for docname in sorted(pages - self._boxes.keys()):
            # Not written this time: an incremental build.
            app.env.get_and_resolve_doctree(
                docname, app.builder, tags=app.tags
            )
        entries = [
            self._entry(app, docname, box)
            for docname in sorted(pages)
            for box in self._boxes.get(docname, [])
        ]
        entries.sort(key=lambda entry: str(entry[self._key]))
        text = json.dumps(entries, ensure_ascii=False, indent=1)
        (app.outdir / f"{self._kind}s.json").write_text(
            text + "\n", encoding="utf8"
        )
        self._boxes.clear()


def _detached(box: Box) -> Box:
    """Copy a box, without holding on to the page around it."""
    copy = box.deepcopy()
    for node in copy.findall():
        node.document = None  # type: ignore[assignment]
    return copy
