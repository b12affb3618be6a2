"""Every construct of the book as plain nodes, for all that is not HTML.

Paper folds nothing and hides nothing.  What a browser opens on demand is
printed in its place, except the answers to interview questions: an open
answer under its question would spare the reader the attempt, so answers
stand at the end of the chapter, linked both ways.  Solutions of exercises
stay where they are, since their executed cells follow them in the page and
words without their cells would be of little use.

An ePub is HTML, yet a reading system may ignore ``<details>`` and ``<div>``
frames; it gets the plain nodes as well.
"""

from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.latex import LaTeXTranslator

from mlsd_sphinx.boxes import Box, Fold, FoldTitle, Part
from mlsd_sphinx.html_tables import tables_in
from mlsd_sphinx.page_records import app_of, report
from mlsd_sphinx.reading import Beyond, CorePath

__all__ = ["PageNumber", "PrintFallbacks", "setup"]

ANSWERS = "answers-of-the-chapter"


class PageNumber(nodes.Inline, nodes.Element):
    """The number of the printed page that holds the anchor ``refid``."""


def visit_page_number(translator: LaTeXTranslator, node: PageNumber) -> None:
    """Write the number."""
    label = f"{translator.curfilestack[-1]}:{node['refid']}"
    translator.body.append(rf"\pageref{{{translator.idescape(label)}}}")
    raise nodes.SkipNode


def is_printed(env: BuildEnvironment) -> bool:
    """Tell whether the builder writes anything but pages for a browser."""
    builder = app_of(env).builder
    return builder.format != "html" or builder.name == "epub"


class PrintFallbacks(SphinxPostTransform):
    """Replace the nodes that only a browser shows."""

    # After the lists of recall are filled; before MyST-NB and sphinx-design
    # fold what an ePub should show (199).
    default_priority = 100

    def run(self, **kwargs: Any) -> None:  # noqa: ARG002
        """Replace each construct."""
        if not is_printed(self.env):
            return
        builder = app_of(self.env).builder
        self._latex = builder.format == "latex"
        self._text = builder.format == "text"
        for cell in list(self.document.findall(_is_cell)):
            self._open_cell(cast("nodes.container", cell))
            for raw in list(cast("nodes.Element", cell).findall(nodes.raw)):
                self._print_html(raw)
        for chapter in reversed(_chapters(self.document)):
            self._move_answers(chapter)
        for box in list(self.document.findall(Box)):
            self._frame(box)
        for dropdown in list(self.document.findall(_is_dropdown)):
            _unfold_dropdown(cast("nodes.container", dropdown))
        for fold in list(self.document.findall(Fold)):
            _unfold(fold)
        for part in list(self.document.findall(Part)):
            part.replace_self(part.children)
        for line in list(self.document.findall(_is_line)):
            _as_paragraph(cast("nodes.TextElement", line))

    def _open_cell(self, cell: nodes.container) -> None:
        cell.attributes.pop("hide_mode", None)
        if cell["ids"] and self._latex:
            # LaTeX's writer gives a container no label.
            self._put_before(cell, nodes.target("", "", ids=cell["ids"]))
            cell["ids"] = []

    def _print_html(self, raw: nodes.raw) -> None:
        if "html" not in raw["format"].split():
            return
        tables = tables_in(raw.astext())
        if tables:
            raw.replace_self(tables)
        elif app_of(self.env).builder.format != "html":
            report(
                "an HTML output that is no table vanishes in print:"
                " show text or a figure as well",
                location=raw,
                subtype="print_fallbacks",
            )

    def _put_before(self, node: nodes.Element, new: nodes.Node) -> None:
        parent = cast("nodes.Element", node.parent)
        parent.insert(parent.index(node), new)

    def _frame(self, box: Box) -> None:
        title = cast("nodes.paragraph", box[0])
        for link in list(title.findall(nodes.reference)):
            if "headerlink" in link["classes"]:
                link.parent.remove(link)
        blocks = box.children[1:]
        if self._text:
            # Its writer joins the paragraphs of an admonition into one.
            blocks = [nodes.container("", *blocks)]
        frame = nodes.admonition(
            "",
            nodes.title("", "", *title.children),
            *blocks,
            classes=box["classes"],
            ids=box["ids"],
        )
        box.replace_self(frame)
        if self._latex:
            self._put_before(frame, nodes.target("", "", ids=frame["ids"]))
            frame["ids"] = []

    def _move_answers(self, chapter: nodes.Element) -> None:
        # Chapters within this one have moved theirs before.  Parents cannot
        # be asked: in LaTeX's joined tree they are still the old pages.
        questions = [
            box
            for box in chapter.findall(Box)
            if box["kind"] == "question" and _answer_of(box)
        ]
        if not questions:
            return
        answers = nodes.section(
            "", nodes.title("", "Answers"), ids=[ANSWERS], names=[]
        )
        for number, box in enumerate(questions, 1):
            answers.extend(self._moved(box, number))
        section = next(iter(chapter.findall(nodes.section)), chapter)
        section.append(answers)

    def _moved(self, box: Box, number: int) -> list[nodes.Node]:
        anchor = f"answer-{box['name']}"
        title = cast("nodes.paragraph", box[0])
        title.insert(0, nodes.Text(f"Question {number} · "))
        fold = cast("Fold", _answer_of(box))
        parts = fold.children[1:]
        fold.replace_self(self._where(anchor))
        back = nodes.reference(
            "",
            f"Answer to question {number}",
            internal=True,
            refid=box["ids"][0],
        )
        head = nodes.paragraph(
            "", "", nodes.strong("", "", back), classes=["answer-title"]
        )
        if not self._latex:
            head["ids"] = [anchor]
            return [head, *parts]
        return [nodes.target("", "", ids=[anchor]), head, *parts]

    def _where(self, anchor: str) -> nodes.paragraph:
        link = nodes.reference(
            "",
            "Answer at the end of the chapter",
            internal=True,
            refid=anchor,
        )
        line = nodes.paragraph("", "", link)
        if self._latex:
            line += [
                nodes.Text(", page "),
                PageNumber(refid=anchor),
            ]
        return line


def _chapters(document: nodes.document) -> list[nodes.Element]:
    """Return the pages in a tree: one, or all of them for LaTeX."""
    return [document, *document.findall(addnodes.start_of_file)]


def _answer_of(box: Box) -> Fold | None:
    last = box[-1]
    is_answer = isinstance(last, Fold) and "answer" in last["classes"]
    return cast("Fold", last) if is_answer else None


def _is_cell(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.container)
        and node.get("nb_element") == "cell_code"
    )


def _is_line(node: nodes.Node) -> bool:
    return isinstance(node, CorePath | Beyond)


def _is_dropdown(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.container)
        and node.get("design_component") == "dropdown"
    )


def _as_paragraph(line: nodes.TextElement) -> None:
    line.replace_self(
        nodes.paragraph("", "", *line.children, classes=line["classes"])
    )


def _unfold(fold: Fold) -> None:
    title, *blocks = fold.children
    heading = cast("FoldTitle", title).children
    if isinstance(fold.parent, Part):  # a follow-up
        new: list[nodes.Node] = [nodes.paragraph("", "", *heading), *blocks]
    else:
        frame = nodes.admonition(
            "",
            nodes.title("", "", *heading),
            *blocks,
            classes=fold["classes"],
        )
        new = [frame]
    fold.replace_self(new)


def _unfold_dropdown(dropdown: nodes.container) -> None:
    blocks = list(dropdown.children)
    title = nodes.title("", "Details")
    ids = list(dropdown["ids"])
    if dropdown["has_title"]:
        rubric = cast("nodes.rubric", blocks.pop(0))
        title = nodes.title("", "", *rubric.children)
        ids += rubric["ids"]
    frame = nodes.admonition("", title, *blocks, ids=ids)
    targets: list[nodes.Node] = [nodes.target("", "", ids=ids)] if ids else []
    dropdown.replace_self([*targets, frame])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform."""
    app.add_node(PageNumber, latex=(visit_page_number, lambda *_: None))
    app.add_post_transform(PrintFallbacks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
