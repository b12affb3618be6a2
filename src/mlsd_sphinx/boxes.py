"""The nodes of which claims, questions and solutions are made.

Four kinds suffice: a box, a part of a box, a fold and the line that opens
it.  HTML writes them as they are; a fold is the browser's own ``<details>``,
which needs no script.  For every other builder
:mod:`mlsd_sphinx.print_fallbacks` turns them into plain nodes, so none of
them needs a visitor there.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

__all__ = [
    "Box",
    "Fold",
    "FoldTitle",
    "Part",
    "headerlink",
    "labelled",
    "setup",
    "without_label",
]

LABEL = "part-label"
STYLES = Path(__file__).parent / "static" / "mlsd.css"


class Box(nodes.General, nodes.Element):
    """A framed block; its first child is the paragraph of its title.

    The attribute ``kind`` says what it is: ``claim`` or ``question``.
    """


class Part(nodes.General, nodes.Element):
    """A part of a box; the attribute ``part`` names it."""


class Fold(nodes.General, nodes.Element):
    """Content that opens on demand; its first child is a `FoldTitle`."""


class FoldTitle(nodes.General, nodes.TextElement):
    """The line that opens a fold."""


def visit_block(translator: HTML5Translator, node: nodes.Element) -> None:
    """Open a box or a part."""
    translator.body.append(translator.starttag(node, "div"))


def depart_block(translator: HTML5Translator, node: nodes.Element) -> None:
    """Close a box or a part."""
    del node
    translator.body.append("</div>\n")


def visit_fold(translator: HTML5Translator, node: Fold) -> None:
    """Open a fold."""
    translator.body.append(translator.starttag(node, "details"))


def depart_fold(translator: HTML5Translator, node: Fold) -> None:
    """Close a fold."""
    del node
    translator.body.append("</details>\n")


def visit_fold_title(translator: HTML5Translator, node: FoldTitle) -> None:
    """Open the line that opens a fold."""
    translator.body.append(translator.starttag(node, "summary", ""))


def depart_fold_title(translator: HTML5Translator, node: FoldTitle) -> None:
    """Close the line that opens a fold."""
    del node
    translator.body.append("</summary>\n")


def labelled(label: str, children: list[nodes.Node], *, part: str) -> Part:
    """Return a part whose first paragraph begins with a label.

    Parameters
    ----------
    label : str
        Such as ``Say instead``.
    children : list of Node
        Blocks of the part.
    part : str
        Its name, which is its class too: ``part-<name>``.

    Returns
    -------
    Part
        The blocks, the label before them.
    """
    strong = nodes.strong("", f"{label}:", classes=[LABEL])
    blocks = list(children)
    if blocks and isinstance(blocks[0], nodes.paragraph):
        blocks[0].insert(0, [strong, nodes.Text(" ")])
    else:
        blocks.insert(0, nodes.paragraph("", "", strong))
    return Part("", *blocks, part=part, classes=[f"part-{part}"])


def without_label(part: nodes.Element) -> list[nodes.Node]:
    """Return a copy of the blocks of a part, without its label."""
    copy = part.deepcopy()
    for strong in list(copy.findall(nodes.strong)):
        if LABEL not in strong["classes"]:
            continue
        paragraph = strong.parent
        del paragraph[:2]
        if not paragraph.children:
            paragraph.parent.remove(paragraph)
        break
    return list(copy.children)


def headerlink(anchor: str, title: str) -> nodes.reference:
    """Return the link of a box to itself, as the theme shows it."""
    return nodes.reference(
        "",
        "#",
        internal=True,
        refid=anchor,
        reftitle=title,
        classes=["headerlink"],
    )


def copy_styles(app: Sphinx) -> None:
    """Put the style sheet where the pages look for it."""
    if app.builder.format == "html":
        target = app.outdir / "_static" / STYLES.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(STYLES.read_bytes())


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the nodes and their style sheet."""
    # No handlers for other builders, and above all none for ePub: Sphinx
    # would then forget the HTML handlers of every other node there.
    app.add_node(Box, html=(visit_block, depart_block))
    app.add_node(Part, html=(visit_block, depart_block))
    app.add_node(Fold, html=(visit_fold, depart_fold))
    app.add_node(FoldTitle, html=(visit_fold_title, depart_fold_title))
    app.add_css_file(STYLES.name)
    app.connect("builder-inited", copy_styles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
