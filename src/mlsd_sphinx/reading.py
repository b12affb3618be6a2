"""How a page is read: predictions, solutions, and what the core path takes.

A reader has forty-five minutes a day.  ``{core-path}`` says how many of them
the page needs up to ``{beyond}``, by a model that is stated here, and fails
the build when they are more.
"""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from mlsd_sphinx.boxes import Box, Fold, FoldTitle
from mlsd_sphinx.page_records import report
from mlsd_sphinx.recall import RecallList
from mlsd_sphinx.word_count import words_in

__all__ = ["Beyond", "CorePath", "Tally", "minutes_of", "setup", "tally"]

# The model.  Prose that derives and defines is read slower than a novel,
# which goes at about 240 words a minute.
WORDS_PER_MINUTE = 200
# A cell is read, run in the head or on the machine, and its output compared.
MINUTES_PER_CELL = 1.0
# The source of a lesson function is short and read like a cell.
MINUTES_PER_LISTING = 1.0
# A prediction is written down before the next cell is looked at.
MINUTES_PER_PREDICTION = 0.5
# Three questions of earlier days, tried before their links are followed.
MINUTES_OF_RECALL = 4.0
# A question aloud says itself how long it takes, rubric included.

LONGEST_CORE_MINUTES = 45


@dataclass
class Tally:
    """What stands on a page, or on a part of it.

    Parameters
    ----------
    words : int
        Words of prose; not those of questions, folds, code and equations.
    cells : int
        Code cells that show something without a click.
    listings : int
        Listings of lesson code.
    predictions : int
        Prompts to write a prediction down.
    recalls : int
        Places where earlier questions are asked again.
    questions : int
        Interview questions.
    question_minutes : int
        What they take, as they say themselves.
    """

    words: int = 0
    cells: int = 0
    listings: int = 0
    predictions: int = 0
    recalls: int = 0
    questions: int = 0
    question_minutes: int = 0


def minutes_of(core: Tally) -> int:
    """Return how long it takes to read, in whole minutes, rounded up.

    Parameters
    ----------
    core : Tally
        What stands on the path.

    Returns
    -------
    int
        Minutes.

    Examples
    --------
    >>> minutes_of(Tally(words=2000, cells=7, predictions=3, recalls=1))
    23
    >>> minutes_of(Tally(words=1))
    1
    """
    return math.ceil(
        core.words / WORDS_PER_MINUTE
        + core.cells * MINUTES_PER_CELL
        + core.listings * MINUTES_PER_LISTING
        + core.predictions * MINUTES_PER_PREDICTION
        + core.recalls * MINUTES_OF_RECALL
        + core.question_minutes
    )


class CorePath(nodes.General, nodes.TextElement):
    """The line that says how long the core path takes."""


class Beyond(nodes.General, nodes.TextElement):
    """The line where the core path ends."""


class CorePathDirective(SphinxDirective):
    """The directive ``{core-path}``; its line is written when all is read."""

    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the line, still empty."""
        line = CorePath("", "", classes=["core-path"])
        self.set_source_info(line)
        return [line]


class BeyondDirective(SphinxDirective):
    """The directive ``{beyond}``."""

    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the mark."""
        text = (
            "The core path ends here."
            " What follows goes deeper, and can wait for another day."
        )
        mark = Beyond("", text, classes=["beyond"])
        self.set_source_info(mark)
        return [mark]


class PredictDirective(SphinxDirective):
    """The directive ``{predict}``."""

    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the prompt."""
        self.assert_has_content()
        prompt = nodes.admonition(
            "",
            nodes.title("", "Predict"),
            *self.parse_content_to_nodes(),
            classes=["predict"],
        )
        self.set_source_info(prompt)
        return [prompt]


class SolutionDirective(SphinxDirective):
    """The directive ``{solution}``."""

    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the folded solution."""
        self.assert_has_content()
        fold = Fold(
            "",
            FoldTitle("", "Solution"),
            *self.parse_content_to_nodes(),
            classes=["solution"],
        )
        self.set_source_info(fold)
        return [fold]


def tally(document: nodes.document) -> Tally:
    """Count what stands on the core path of a page.

    Parameters
    ----------
    document : nodes.document
        The page as it is read, before anything is folded or moved.

    Returns
    -------
    Tally
        From the start of the page to the mark, or to the end without one.
    """
    counts = Tally()
    _walk(document, counts)
    return counts


def _walk(node: nodes.Node, counts: Tally) -> bool:
    """Count below a node; tell whether the core path ended there."""
    if isinstance(node, Beyond):
        return True
    if isinstance(node, nodes.TextElement):
        counts.words += 0 if isinstance(node, CorePath) else words_in(node)
    elif isinstance(node, RecallList):
        counts.recalls += 1
    elif isinstance(node, Box) and node["kind"] == "question":
        counts.questions += 1
        counts.question_minutes += node["minutes"]
    elif isinstance(node, nodes.container) and _is_code(node):
        metadata: dict[str, Any] = node.get("cell_metadata", {})
        hidden = "hide-cell" in metadata.get("tags", [])
        counts.cells += bool(node.get("nb_element")) and not hidden
        counts.listings += not node.get("nb_element")
    elif not isinstance(node, Fold):
        if isinstance(node, nodes.admonition):
            counts.predictions += "predict" in node["classes"]
        return any(_walk(child, counts) for child in node.children)
    return False


def _is_code(node: nodes.Node) -> bool:
    """Tell whether a node is a cell or a listing."""
    return isinstance(node, nodes.container) and bool(
        node.get("nb_element") == "cell_code" or node.get("literal_block")
    )


def write_core_paths(app: Sphinx, doctree: nodes.document) -> None:
    """Write the lines that say how long the core path takes."""
    del app
    for line in list(doctree.findall(CorePath)):
        core = tally(doctree)
        minutes = minutes_of(core)
        page_words = words_in(
            doctree, without=lambda n: _is_code(n) or isinstance(n, CorePath)
        )
        line["minutes"], line["words"] = minutes, core.words
        line["cells"], line["questions"] = core.cells, core.questions
        line["page_words"] = page_words
        details = [
            f"{core.words:,} words",
            _counted(core.cells, "cell"),
            *(
                [f"{_counted(core.questions, 'question')} aloud"]
                if core.questions
                else []
            ),
        ]
        line += nodes.strong("", f"Core path: {minutes} minutes")
        line += nodes.Text(
            f" ({', '.join(details)}). Whole page: {page_words:,} words."
        )
        if minutes > LONGEST_CORE_MINUTES:
            report(
                f"the core path takes {minutes} minutes of"
                f" {LONGEST_CORE_MINUTES} ({core.words} words,"
                f" {core.cells} cells, {core.listings} listings,"
                f" {core.predictions} predictions, {core.recalls} recalls,"
                f" {core.question_minutes} minutes of questions):"
                " move something behind {beyond}",
                location=line,
                subtype="reading",
            )


def _counted(number: int, noun: str) -> str:
    if number == 1:
        return f"one {noun}"
    return f"{number} {noun}s"


def visit_core_path(translator: HTML5Translator, node: CorePath) -> None:
    """Open the line, its numbers in attributes for programs to read."""
    numbers: dict[str, Any] = {
        "data-core-minutes": node["minutes"],
        "data-core-words": node["words"],
        "data-core-cells": node["cells"],
        "data-core-questions": node["questions"],
        "data-page-words": node["page_words"],
    }
    translator.body.append(translator.starttag(node, "p", "", **numbers))


def visit_beyond(translator: HTML5Translator, node: Beyond) -> None:
    """Open the mark."""
    translator.body.append(translator.starttag(node, "p", ""))


def depart_line(translator: HTML5Translator, node: nodes.Element) -> None:
    """Close either line."""
    del node
    translator.body.append("</p>\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives and their nodes."""
    app.setup_extension("mlsd_sphinx.boxes")
    app.add_node(CorePath, html=(visit_core_path, depart_line))
    app.add_node(Beyond, html=(visit_beyond, depart_line))
    app.add_directive("core-path", CorePathDirective)
    app.add_directive("beyond", BeyondDirective)
    app.add_directive("predict", PredictDirective)
    app.add_directive("solution", SolutionDirective)
    app.connect("doctree-read", write_core_paths)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
