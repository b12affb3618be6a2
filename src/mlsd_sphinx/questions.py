"""Interview questions: one source for page, print, practice and cards.

``{interview-question}`` holds the interviewer's words and, in nested
directives, a short answer, a full one, weak and strong signals and
follow-ups.  On screen the answer is folded; print moves it to the end of the
chapter (:mod:`mlsd_sphinx.print_fallbacks`); ``questions.json`` carries it to
the practice page and the Anki deck.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from mlsd_sphinx.boxes import (
    Box,
    Fold,
    FoldTitle,
    Part,
    headerlink,
    labelled,
    without_label,
)
from mlsd_sphinx.claims import evidence_paragraph
from mlsd_sphinx.cross_links import question_anchor
from mlsd_sphinx.evidence import (
    address_of,
    note_tests,
    parse_evidence,
    problem_of,
)
from mlsd_sphinx.fragments import Collection, html_of
from mlsd_sphinx.page_records import (
    QUESTIONS,
    Question,
    day_of,
    report,
)
from mlsd_sphinx.word_count import words_in

__all__ = ["LEVELS", "TIERS", "setup", "without_links"]

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LEVELS = {
    "screen": "Screen question",
    "onsite": "On-site question",
    "staff": "Staff question",
}
# The parts that a tier must have, and what its fold is called.
TIERS = {
    "full": (
        ("short", "full", "weak", "strong"),
        "Answer: 30 seconds, then the full one, signals and follow-ups",
    ),
    "warm-up": (("short", "full"), "Answer"),
}
FULL_WORDS = (120, 240)
LEAST_FOLLOWUPS = 2
PARTS = {
    "short": "In 30 seconds",
    "full": "In full",
    "weak": "Weak signals",
    "strong": "Strong signals",
}


class AnswerPart(SphinxDirective):
    """The directives ``{short}``, ``{full}``, ``{weak}`` and ``{strong}``."""

    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the part under its label."""
        part = labelled(
            PARTS[self.name], self.parse_content_to_nodes(), part=self.name
        )
        part["filled"] = bool("".join(self.content).strip())
        self.set_source_info(part)
        return [part]


class FollowUp(SphinxDirective):
    """The directive ``{followup}``: its question in the opening line."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return question and answer, the answer folded."""
        asked, _ = self.parse_inline(" ".join(self.arguments))
        part = Part(
            "",
            Fold(
                "",
                FoldTitle(
                    "",
                    "",
                    nodes.strong("", "Follow-up:"),
                    nodes.Text(" "),
                    *asked,
                ),
                *self.parse_content_to_nodes(),
            ),
            part="followup",
            classes=["part-followup"],
            filled=bool(asked and "".join(self.content).strip()),
        )
        self.set_source_info(part)
        return [part]


class InterviewQuestion(SphinxDirective):
    """The directive ``{interview-question}``."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = dict.fromkeys(
        ("level", "tier", "topics", "minutes", "evidence"),
        directives.unchanged,
    )

    def run(self) -> list[nodes.Node]:
        """Return the question with its answer folded."""
        blocks = self.parse_content_to_nodes()
        parts = [block for block in blocks if isinstance(block, Part)]
        asked = [block for block in blocks if not isinstance(block, Part)]
        for fault in [
            *self._option_faults(),
            *_part_faults(self._option("tier"), asked, parts),
        ]:
            report(
                f"the question {self._name!r}: {fault}",
                location=self.get_location(),
                subtype="questions",
            )
        note_tests(self.env, self._evidence)
        QUESTIONS.add(
            self.env,
            Question(
                self._name,
                self.lineno,
                self._day,
                self._evidence,
                tuple(_signals(parts)),
                tuple(without_links(asked)),
            ),
        )
        return [self._box(asked, parts)]

    @property
    def _name(self) -> str:
        return str(self.arguments[0]).strip()

    @property
    def _day(self) -> int | None:
        return day_of(self.env.docname, self.state.document)

    @property
    def _evidence(self) -> tuple[str, ...]:
        return parse_evidence(self._option("evidence"))

    @property
    def _topics(self) -> list[str]:
        return [
            topic.strip()
            for topic in self._option("topics").split(",")
            if topic.strip()
        ]

    def _option(self, name: str) -> str:
        return str(self.options.get(name, "")).strip()

    def _option_faults(self) -> Iterator[str]:
        if not NAME.fullmatch(self._name):
            yield "a name is made of lower-case words, digits and hyphens"
        for option, allowed in (("level", LEVELS), ("tier", TIERS)):
            if self._option(option) not in allowed:
                yield (
                    f":{option}: is {self._option(option)!r},"
                    f" not one of {', '.join(allowed)}"
                )
        minutes = self._option("minutes")
        if not minutes.isdecimal() or int(minutes) < 1:
            yield f":minutes: is {minutes!r}, not a whole number from 1"
        if not self._topics:
            yield ":topics: is missing"
        if not self._evidence:
            yield ":evidence: is missing"

    def _box(
        self, asked: list[nodes.Node], parts: list[Part]
    ) -> nodes.Element:
        anchor = question_anchor(self._name)
        level, tier = self._option("level"), self._option("tier")
        minutes = self._option("minutes")
        minutes = minutes if minutes.isdecimal() else "0"
        box = Box(
            "",
            kind="question",
            name=self._name,
            ids=[anchor],
            classes=["question", f"question-{tier}"],
            level=level,
            tier=tier,
            topics=self._topics,
            minutes=int(minutes),
            day=self._day,
            evidence=list(self._evidence),
        )
        words = [
            LEVELS.get(level, level),
            *(["warm-up"] if tier == "warm-up" else []),
            f"{minutes} minute{'' if minutes == '1' else 's'}",
            ", ".join(self._topics),
        ]
        box += nodes.paragraph(
            "",
            "",
            nodes.Text(" · ".join(words)),
            headerlink(anchor, "Link to this question"),
            classes=["box-title"],
        )
        box += Part("", *asked, part="question", classes=["part-question"])
        summary = TIERS.get(tier, ((), "Answer"))[1]
        answer = Fold("", FoldTitle("", summary), *parts, classes=["answer"])
        if self._evidence:
            answer += evidence_paragraph(self.env, self._evidence)
        box += answer
        self.set_source_info(box)
        return box


def _part_faults(
    tier: str, asked: list[nodes.Node], parts: list[Part]
) -> Iterator[str]:
    if not any(block.astext().strip() for block in asked):
        yield "the interviewer says nothing"
    required = TIERS.get(tier, TIERS["warm-up"])[0]
    names = [str(part["part"]) for part in parts]
    for name in PARTS:
        if name in required and name not in names:
            yield f"tier {tier!r} needs {{{name}}}"
        if names.count(name) > 1:
            yield f"{{{name}}} stands there {names.count(name)} times"
    for part in parts:
        if part["filled"]:
            continue
        yield (
            "a {followup} needs its question in the opening line, and an"
            " answer"
            if part["part"] == "followup"
            else f"{{{part['part']}}} is empty"
        )
    if tier == "full":
        yield from _full_faults(names, parts)


def _full_faults(names: list[str], parts: list[Part]) -> Iterator[str]:
    followups = names.count("followup")
    if followups < LEAST_FOLLOWUPS:
        yield f"tier 'full' needs two {{followup}} or more, not {followups}"
    low, high = FULL_WORDS
    for part in parts:
        if part["part"] == "full":
            words = sum(words_in(block) for block in without_label(part))
            if not low <= words <= high:
                yield (f"{{full}} has {words} words, not {low} to {high}")


def _signals(parts: list[Part]) -> Iterator[str]:
    """Yield each signal in a form in which spelling variants are equal."""
    for part in parts:
        if part["part"] not in {"weak", "strong"}:
            continue
        for block in without_label(part):
            for paragraph in block.findall(nodes.paragraph):
                for signal in paragraph.astext().split(";"):
                    plain = re.findall(r"\w+", signal.casefold())
                    if plain:
                        yield " ".join(plain)


def without_links(blocks: list[nodes.Node]) -> list[nodes.Node]:
    """Copy blocks so that they can stand on another page.

    Parameters
    ----------
    blocks : list of Node
        Blocks of a page that is being read.

    Returns
    -------
    list of Node
        Copies without ids, and with the text of links instead of links:
        their targets are named as their own page sees them.
    """
    holder = nodes.Element("", *[block.deepcopy() for block in blocks])
    for note in list(holder.findall(nodes.footnote_reference)):
        note.parent.remove(note)
    links = (nodes.reference, addnodes.pending_xref)
    for link in list(holder.findall(nodes.Element)):
        if isinstance(link, links):
            link.replace_self(link.children)
    for node in holder.findall():
        # Pickling a node would pickle the document it hangs on.
        node.document = None  # type: ignore[assignment]
        if isinstance(node, nodes.Element):
            node["ids"], node["names"] = [], []
    children = list(holder.children)
    for child in children:
        child.parent = None
    return children


def check_placement(app: Sphinx, doctree: nodes.document) -> None:
    """Report parts of an answer outside a question."""
    del app
    for part in doctree.findall(Part):
        if part["part"] in {*PARTS, "followup"} and not _inside_box(part):
            report(
                f"{{{part['part']}}} belongs into {{interview-question}}",
                location=part,
                subtype="questions",
            )


def _inside_box(part: Part) -> bool:
    return isinstance(part.parent, Fold) and isinstance(
        part.parent.parent, Box
    )


def check_questions(app: Sphinx, env: BuildEnvironment) -> None:
    """Report names and signals used twice, and evidence that is not there."""
    del app
    names: dict[str, str] = {}
    signals: dict[str, str] = {}
    for docname, question in QUESTIONS.items(env):
        faults = []
        if question.name in names:
            faults.append(f"that name is taken in {names[question.name]}")
        names.setdefault(question.name, f"{docname}, line {question.line}")
        faults += [
            problem_of(env, docname, item, claims=True)
            for item in question.evidence
        ]
        for signal in question.signals:
            other = signals.setdefault(signal, question.name)
            if other != question.name:
                faults.append(
                    f"its signal {signal!r} is that of {other!r} too"
                )
        for fault in filter(None, faults):
            report(
                f"the question {question.name!r}: {fault}",
                location=(docname, question.line),
                subtype="questions",
            )


def entry_of(app: Sphinx, docname: str, box: Box) -> dict[str, Any]:
    """Return the entry of ``questions.json`` for a box."""

    def html(name: str) -> str:
        for part in box.findall(Part):
            if part["part"] == name:
                return html_of(app, docname, without_label(part))
        return ""

    addresses = [
        address_of(app.env, app.builder, docname, item)
        for item in cast("list[str]", box["evidence"])
    ]
    fields = ("name", "day", "level", "tier", "topics", "minutes")
    return {
        **{name: box[name] for name in fields},
        "question": html("question"),
        **{name: html(name) for name in PARTS},
        "followups": [
            _followup(app, docname, part)
            for part in box.findall(Part)
            if part["part"] == "followup"
        ],
        "evidence": [address for address in addresses if address],
        "page": app.builder.get_target_uri(docname),
        "anchor": question_anchor(box["name"]),
    }


def _followup(app: Sphinx, docname: str, part: Part) -> dict[str, str]:
    fold = cast("Fold", part.deepcopy()[0])
    title, *answer = fold.children
    asked = cast("FoldTitle", title).children[2:]  # after the label
    return {
        "question": html_of(app, docname, [nodes.paragraph("", "", *asked)]),
        "answer": html_of(app, docname, answer),
    }


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives, their checks and ``questions.json``."""
    app.setup_extension("mlsd_sphinx.boxes")
    app.setup_extension("mlsd_sphinx.evidence")
    app.add_directive("interview-question", InterviewQuestion)
    for name in PARTS:
        app.add_directive(name, AnswerPart)
    app.add_directive("followup", FollowUp)
    app.connect("doctree-read", check_placement)
    app.connect("env-check-consistency", check_questions)
    Collection("question", QUESTIONS, entry_of, key="name").connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
