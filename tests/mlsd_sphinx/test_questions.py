"""`{interview-question}` and questions.json."""

import json
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book, Built

PAGE = "phase-1/day-02-views"
FENCE = "::::{interview-question}"
CELL = "```{code-cell}\n:label: a-check\nassert 1 == 1\n```\n"
WORDS = " ".join(["word"] * 150)
FULL = f"""
{FENCE} a-name
:level: onsite
:tier: full
:topics: numpy
:minutes: 9
:evidence: a-check

Why?

:::{{short}}
Briefly.
:::
:::{{full}}
{WORDS}
:::
:::{{weak}}
- Guesses at once.
:::
:::{{strong}}
- Measures first; then decides.
:::
:::{{followup}} And then?
Then this.
:::
:::{{followup}} And now?
Now that.
:::
::::
"""


def part(name: str) -> str:
    """The part of the full question, fences included."""
    start = FULL.index(f":::{{{name}}}")
    return FULL[start : FULL.index("\n:::\n", start) + 5]


def page(question: str) -> str:
    return f"# A page\n\n{CELL}{question}"


def test_the_question_is_open_and_the_answer_folded(
    whole: "dict[str, Built]",
) -> None:
    html = BeautifulSoup(whole["html"].text(f"{PAGE}.html"), "html.parser")
    (box,) = html.select("#question-view-or-copy")
    (fold,) = box.select("details.answer")
    (summary,) = fold.select(":scope > summary")
    assert summary.text == (
        "Answer: 30 seconds, then the full one, signals and follow-ups"
    )
    (title,) = box.select(".box-title")
    assert title.text.startswith("Staff question · 9 minutes · numpy, memory")
    assert title.select('a[href="#question-view-or-copy"]')
    assert "Which of 12.5% copies?" in box.text
    assert "Which of 12.5% copies?" not in fold.text
    labels = [label.text for label in fold.select(".part-label")]
    assert labels == [
        *("In 30 seconds:", "In full:", "Weak signals:", "Strong signals:"),
        "Evidence:",
    ]


def test_followups_fold_their_answers_too(
    whole: "dict[str, Built]",
) -> None:
    html = BeautifulSoup(whole["html"].text(f"{PAGE}.html"), "html.parser")
    folds = html.select("#question-view-or-copy .part-followup details")
    assert [fold.get_text(" ", strip=True) for fold in folds] == [
        "Follow-up: And on ARM ? The same there.",
        "Follow-up: And in Fortran? Columns first.",
    ]


def test_evidence_links_to_cell_and_claim(whole: "dict[str, Built]") -> None:
    html = BeautifulSoup(whole["html"].text(f"{PAGE}.html"), "html.parser")
    (evidence,) = html.select("#question-why-strides .part-evidence")
    assert [link["href"] for link in evidence.select("a")] == [
        "#claim-d02-b",
        "#cell-strides-of-a-row",
    ]


def test_questions_json_holds_every_part(whole: "dict[str, Built]") -> None:
    questions = json.loads(whole["html"].text("questions.json"))
    assert [question["name"] for question in questions] == [
        "view-or-copy",
        "why-strides",
    ]
    full, warm_up = questions
    assert full.pop("full").startswith("<p>word word")
    assert full == {
        "name": "view-or-copy",
        "day": 2,
        "level": "staff",
        "tier": "full",
        "topics": ["numpy", "memory"],
        "minutes": 9,
        "question": (
            '<p><em>Which of <span class="computed">12.5%</span> copies?'
            "</em></p>"
        ),
        "short": "<p>The second.</p>",
        "weak": (
            '<ul class="simple">\n<li><p>Says both.</p></li>\n'
            "<li><p>Says none.</p></li>\n</ul>"
        ),
        "strong": "<p>Counts bytes; names the base.</p>",
        "followups": [
            {
                "question": "<p>And on <em>ARM</em>?</p>",
                "answer": "<p>The same there.</p>",
            },
            {
                "question": "<p>And in Fortran?</p>",
                "answer": "<p>Columns first.</p>",
            },
        ],
        "evidence": [f"{PAGE}.html#cell-strides-of-a-row"],
        "page": f"{PAGE}.html",
        "anchor": "question-view-or-copy",
    }
    assert warm_up["weak"] == warm_up["strong"] == ""
    assert warm_up["followups"] == []
    assert warm_up["evidence"][0] == f"{PAGE}.html#claim-d02-b"


def test_the_day_is_read_from_the_label_of_the_page(book: "Book") -> None:
    book.pages(page=f"(day-17)=\n\n{page(FULL)}", other="# Other\n")
    questions = json.loads(book.build().text("questions.json"))
    assert [question["day"] for question in questions] == [17]


def test_a_page_of_no_day_may_ask_too(book: "Book") -> None:
    book.pages(page=page(FULL))
    built = book.build()
    assert built.code == 0, built.said
    assert json.loads(built.text("questions.json"))[0]["day"] is None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("a-name", "A_Name", "a name is made of lower-case words"),
        ("level: onsite", "level: junior", ":level: is 'junior'"),
        (":level: onsite\n", "", ":level: is ''"),
        ("tier: full", "tier: half", ":tier: is 'half'"),
        (":minutes: 9\n", "", ":minutes: is ''"),
        ("minutes: 9", "minutes: some", ":minutes: is 'some'"),
        ("minutes: 9", "minutes: 0", ":minutes: is '0'"),
        (":topics: numpy\n", "", ":topics: is missing"),
        (":evidence: a-check\n", "", ":evidence: is missing"),
        ("evidence: a-check", "evidence: no-cell", "no cell with that label"),
        ("evidence: a-check", "evidence: D02-A", "no page holds that claim"),
        ("evidence: a-check", "evidence: t.py::test_x", "no file t.py"),
        ("Why?\n", "", "the interviewer says nothing"),
        (part("short"), "", "tier 'full' needs {short}"),
        (part("full"), "", "tier 'full' needs {full}"),
        (part("weak"), "", "tier 'full' needs {weak}"),
        (part("strong"), "", "tier 'full' needs {strong}"),
        (part("followup"), "", "needs two {followup} or more, not 1"),
        (part("short"), 2 * part("short"), "{short} stands there 2 times"),
        ("Briefly.", "", "{short} is empty"),
        ("Then this.", "", "a {followup} needs its question"),
        ("{followup} And then?", "{followup}", "a {followup} needs"),
        (WORDS, WORDS[: 5 * 119], "{full} has 119 words, not 120 to 240"),
        (WORDS, f"{WORDS} {WORDS[: 5 * 91]}", "{full} has 241 words"),
        ("tier: full\n:", "tier: warm-up\n:", ""),
    ],
)
def test_a_faulty_question_fails_with_file_and_line(
    book: "Book", before: str, after: str, words: str
) -> None:
    assert before in FULL
    question = FULL.replace(before, after, 1)
    book.pages(page=page(question))
    if words:
        assert words in book.complaint("page", FENCE)
    else:  # a warm-up may say more than it must
        assert book.build().code == 0


def test_a_warm_up_needs_a_short_and_a_full_answer(book: "Book") -> None:
    question = FULL.replace("tier: full", "tier: warm-up")
    for name in ("short", "full"):
        question = question.replace(part(name), "")
    book.pages(page=page(question))
    said = book.complaint("page", FENCE)
    assert "tier 'warm-up' needs {short}" in said
    assert "tier 'warm-up' needs {full}" in said


@pytest.mark.parametrize("words", [120, 240])
def test_a_full_answer_may_use_its_whole_length(
    book: "Book", words: int
) -> None:
    text = " ".join(["word"] * (words - 1)) + " $x + y$"
    book.pages(page=page(FULL.replace(WORDS, text)))
    built = book.build()
    assert built.code == 0, built.said


def test_a_name_twice_in_the_book_fails_with_file_and_line(
    book: "Book",
) -> None:
    other = FULL.replace("Guesses at once.", "Shrugs.").replace(
        "Measures first; then decides.", "Asks."
    )
    book.pages(one=page(FULL), two=page(other))
    said = book.complaint("two", FENCE)
    assert f"that name is taken in one, line {book.line('one', FENCE)}" in said


@pytest.mark.parametrize(
    "signal", ["- guesses, at once", "then decides", "x; Measures first."]
)
def test_a_signal_of_another_question_fails_with_file_and_line(
    book: "Book", signal: str
) -> None:
    other = (
        FULL.replace("a-name", "b-name")
        .replace("- Guesses at once.", signal)
        .replace("- Measures first; then decides.", "- Asks.")
    )
    book.pages(one=page(FULL), two=page(other))
    assert "is that of 'a-name' too" in book.complaint("two", FENCE)


def test_a_part_outside_a_question_fails_with_file_and_line(
    book: "Book",
) -> None:
    book.pages(page="# A page\n\n:::{weak}\nGuesses.\n:::\n")
    said = book.complaint("page", ":::{weak}")
    assert "{weak} belongs into {interview-question}" in said
