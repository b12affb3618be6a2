"""Recall: questions of earlier days, asked again.

``{recall}`` prints the words of questions that other pages hold, each with a
link to its answer.  The other pages may be read later than this one, so the
list is filled when all are.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from mlsd_sphinx.cross_links import PendingLink
from mlsd_sphinx.page_records import (
    QUESTIONS,
    Question,
    Records,
    day_of,
    report,
)

__all__ = ["RecallList", "setup"]


class RecallList(nodes.General, nodes.Element):
    """A list of questions that is still to be filled."""


@dataclass(frozen=True)
class Recall:
    """A place where earlier questions are asked again."""

    names: tuple[str, ...]
    line: int
    day: int | None


RECALLS: Records[Recall] = Records("recalls")


class RecallDirective(SphinxDirective):
    """The directive ``{recall}``."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return a list to be filled later."""
        names = tuple(self.arguments[0].split())
        day = day_of(self.env.docname, self.state.document)
        RECALLS.add(self.env, Recall(names, self.lineno, day))
        pending = RecallList("", questions=list(names))
        self.set_source_info(pending)
        return [pending]


def _question(env: BuildEnvironment, name: str) -> Question | None:
    for _, question in QUESTIONS.items(env):
        if question.name == name:
            return question
    return None


class FillRecall(SphinxPostTransform):
    """Fill the lists with the questions of the book."""

    default_priority = 8  # its links are resolved at 9

    def run(self, **kwargs: Any) -> None:  # noqa: ARG002
        """Replace each pending list."""
        for pending in list(self.document.findall(RecallList)):
            found = [
                question
                for name in cast("list[str]", pending["questions"])
                if (question := _question(self.env, name)) is not None
            ]
            if not found:  # reported by the consistency check
                pending.parent.remove(pending)
                continue
            pending.replace_self(
                nodes.enumerated_list(
                    "",
                    *[_item(question) for question in found],
                    enumtype="arabic",
                    prefix="",
                    suffix=".",
                    classes=["recall"],
                )
            )


def _item(question: Question) -> nodes.list_item:
    link = PendingLink(
        "", "Check your answer", kind="question", name=question.name
    )
    blocks = [block.deepcopy() for block in question.text]
    return nodes.list_item(
        "", *blocks, nodes.paragraph("", "", link, classes=["recall-link"])
    )


def check_recalls(app: Sphinx, env: BuildEnvironment) -> None:
    """Report unknown questions, and those the reader has not met yet."""
    del app
    for docname, recall in RECALLS.items(env):
        for name in recall.names:
            question = _question(env, name)
            if question is None:
                fault = f"no page holds the question {name!r}"
            elif _too_early(recall.day, question.day):
                fault = (
                    f"the question {name!r} is of day {question.day}:"
                    " recall asks for earlier days"
                )
            else:
                continue
            report(fault, location=(docname, recall.line), subtype="recall")


def _too_early(day: int | None, asked: int | None) -> bool:
    return day is not None and asked is not None and asked >= day


def read_again(
    app: Sphinx,
    env: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> list[str]:
    """Name the pages that repeat a question of a page that changed."""
    del app, added
    renewed = {
        question.name
        for docname, question in QUESTIONS.items(env)
        if docname in changed | removed
    }
    return [
        docname
        for docname, recall in RECALLS.items(env)
        if docname in env.found_docs and renewed.intersection(recall.names)
    ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive, its check and what fills the lists."""
    app.setup_extension("mlsd_sphinx.cross_links")
    app.add_directive("recall", RecallDirective)
    app.add_post_transform(FillRecall)
    RECALLS.connect(app)
    app.connect("env-get-outdated", read_again)
    app.connect("env-check-consistency", check_recalls)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
