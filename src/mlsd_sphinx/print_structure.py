"""Parts for phases and chapters for days, in the PDF.

The pages of the site are nested: home, phase, week, day.  LaTeX's writer
follows the nesting, so that a day would be a section of a week.  A book is
flatter: the prose of the home page is a first chapter, each phase is a part
whose opening page introduces its weeks, each day is a chapter, and each
further list of pages is a part named by its caption.
"""

from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.latex import LaTeXTranslator

from mlsd_sphinx.page_records import app_of

__all__ = ["Lower", "PrintStructure", "setup"]

PREFACE = "About this book"


class Lower(nodes.Element):
    """Sections in it stand one level lower: a chapter instead of a part."""


def visit_lower(translator: LaTeXTranslator, node: Lower) -> None:
    """Go one level down."""
    del node
    translator.sectionlevel += 1


def depart_lower(translator: LaTeXTranslator, node: Lower) -> None:
    """Come back."""
    del node
    translator.sectionlevel -= 1


class PrintStructure(SphinxPostTransform):
    """Rearrange the joined tree that LaTeX's builder writes."""

    formats = ("latex",)
    # After the constructs of each page are plain nodes (100).
    default_priority = 150

    def run(self, **kwargs: Any) -> None:  # noqa: ARG002
        """Make parts and chapters."""
        home = next(iter(self.document.findall(nodes.section)), None)
        pages = _outermost(self.document)
        if home is None or not pages:
            return
        for page in pages:
            _detach(page)
        title, *prose = list(home.children)
        home.children = [title]
        if prose:
            home += _chapter(PREFACE, "about-this-book", prose)
        by_name = {page["docname"]: page for page in pages}
        for number, (caption, names) in enumerate(_lists(self)):
            listed = [by_name[name] for name in names if name in by_name]
            if not listed:
                continue
            if number == 0:
                for page in listed:
                    _flatten(page)
                    home += page
            else:
                home += _part(caption or "More", f"part-{number}", listed)


def _lists(transform: SphinxPostTransform) -> list[tuple[str, list[str]]]:
    """Return caption and pages of each list on the home page."""
    env = transform.env
    home = env.get_doctree(app_of(env).config.root_doc)
    return [
        (
            str(tree.get("caption") or ""),
            [str(n) for n in tree["includefiles"]],
        )
        for tree in home.findall(addnodes.toctree)
    ]


def _outermost(root: nodes.Element) -> list[addnodes.start_of_file]:
    """Return the pages in a tree that lie in no other page of it."""
    found: list[addnodes.start_of_file] = []
    for child in root.children:
        if isinstance(child, addnodes.start_of_file):
            found.append(child)
        elif isinstance(child, nodes.Element):
            found += _outermost(child)
    return found


def _detach(page: nodes.Element) -> None:
    """Take a page out of its list, and the list away when it is empty."""
    # The parents of a joined tree are the old pages': look them up anew.
    parent = cast("nodes.Element", page.parent)
    parent.children = [c for c in parent.children if c is not page]
    is_list = isinstance(parent, nodes.compound)
    if is_list and not parent.children and parent.parent is not None:
        parent.parent.children = [
            c for c in parent.parent.children if c is not parent
        ]


def _chapter(name: str, anchor: str, blocks: list[nodes.Node]) -> Lower:
    chapter = nodes.section(
        "", nodes.title("", name), *blocks, ids=[anchor], names=[]
    )
    return Lower("", chapter)


def _part(
    name: str, anchor: str, pages: list[addnodes.start_of_file]
) -> nodes.section:
    return nodes.section(
        "", nodes.title("", name), *pages, ids=[anchor], names=[]
    )


def _flatten(phase: addnodes.start_of_file) -> None:
    """Move the days of a phase out of its weeks, behind them."""
    section = next(iter(phase.findall(nodes.section)), None)
    if section is None:
        return
    days: list[addnodes.start_of_file] = []
    weeks = _outermost(section)
    for week in weeks:
        _detach(week)
    for week in weeks:
        for day in _outermost(week):
            _detach(day)
            days.append(day)
        _open_week(week)
    for page in [*weeks, *days]:
        section += page


def _open_week(week: addnodes.start_of_file) -> None:
    """Turn the section of a week into paragraphs of the opening page."""
    for section in list(week.findall(nodes.section))[:1]:
        title, *blocks = list(section.children)
        heading = nodes.paragraph(
            "",
            "",
            nodes.strong("", "", *cast("nodes.title", title).children),
            classes=["week"],
        )
        target = nodes.target("", "", ids=section["ids"])
        parent = cast("nodes.Element", section.parent)
        at = next(i for i, c in enumerate(parent.children) if c is section)
        new = [target, heading, *blocks]
        parent.children[at : at + 1] = new
        for node in new:
            node.parent = parent


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform and its node."""
    app.add_node(Lower, latex=(visit_lower, depart_lower))
    app.add_post_transform(PrintStructure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
