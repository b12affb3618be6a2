"""`{recall}` asks questions of earlier days again."""

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book, Built

FENCE = ":::{recall}"


def question(name: str, text: str = "Why?") -> str:
    return (
        "```{code-cell}\n:label: a-check\nassert 1 == 1\n```\n\n"
        f"::::{{interview-question}} {name}\n:level: screen\n"
        ":tier: warm-up\n:topics: numpy\n:minutes: 1\n"
        f":evidence: a-check\n\n{text}\n\n"
        ":::{short}\nSo.\n:::\n:::{full}\nSo it is.\n:::\n::::\n"
    )


def test_questions_of_pages_that_are_read_later_are_shown(
    whole: "dict[str, Built]",
) -> None:
    name = "phase-1/week-2/day-03-rows"
    page = BeautifulSoup(whole["html"].text(f"{name}.html"), "html.parser")
    items = page.select("ol.recall > li")
    assert [item.get_text(" ", strip=True) for item in items] == [
        "Which of 12.5% copies? Check your answer",
        "Why strides? Check your answer",
    ]
    (link,) = items[0].select("a")
    assert link["href"] == "../day-02-views.html#question-view-or-copy"


def test_links_of_the_question_become_plain_text_elsewhere(
    book: "Book",
) -> None:
    text = "See [the page](#top-of-it) and [other](day-02-b.md), why?"
    book.pages(
        day_01_a=f"(top-of-it)=\n\n# A\n\n{question('why-a', text)}",
        day_02_b=f"# B\n\n{FENCE} why-a\n:::\n",
    )
    built = book.build()
    assert built.code == 0, built.said
    page = BeautifulSoup(built.text("day-02-b.html"), "html.parser")
    (item,) = page.select("ol.recall > li")
    assert item.text.split("\n")[0] == "See the page and other, why?"
    assert len(item.select("a")) == 1


def test_recall_follows_a_question_that_changes(book: "Book") -> None:
    book.pages(
        day_01_a=f"# A\n\n{question('why-a', 'Before?')}",
        day_02_b=f"# B\n\n{FENCE} why-a\n:::\n",
    )
    assert "Before?" in book.build(parallel=2).text("day-02-b.html")
    path = book.root / "book" / "day-01-a.md"
    path.write_text(path.read_text("utf8").replace("Before?", "After?"))
    assert "After?" in book.build().text("day-02-b.html")


def test_a_page_of_no_day_may_recall_any(book: "Book") -> None:
    book.pages(
        day_01_a=f"# A\n\n{question('why-a')}",
        review=f"# Review\n\n{FENCE} why-a\n:::\n",
    )
    built = book.build()
    assert built.code == 0, built.said


def test_an_unknown_question_fails_with_file_and_line(book: "Book") -> None:
    book.pages(page=f"# A page\n\n{FENCE} why-not\n:::\n")
    said = book.complaint("page", FENCE)
    assert "no page holds the question 'why-not'" in said


@pytest.mark.parametrize("day", ["day_01_b", "day_02_b"])
def test_a_question_that_comes_later_fails_with_file_and_line(
    book: "Book", day: str
) -> None:
    book.pages(
        **{
            "day_02_a": f"# A\n\n{question('why-a')}",
            day: f"# B\n\n{FENCE} why-a\n:::\n",
        }
    )
    said = book.complaint(day.replace("_", "-"), FENCE)
    assert "'why-a' is of day 2: recall asks for earlier days" in said
