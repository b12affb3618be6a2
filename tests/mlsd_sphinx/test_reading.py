"""Predictions, solutions, and how long the core path takes."""

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from mlsd_sphinx.reading import Tally, minutes_of

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book

FENCE = ":::{core-path}"
CORE = f"{FENCE}\n:::\n"
BEYOND = ":::{beyond}\n:::\n"
CELL = "```{code-cell}\n:label: a-check\nassert 1 == 1\n```\n"
HIDDEN = "```{code-cell}\n:tags: [hide-cell]\n2\n```\n"
QUESTION = """
::::{interview-question} a-name
:level: screen
:tier: warm-up
:topics: numpy
:minutes: 9
:evidence: a-check

Why is that?

:::{short}
Because it is.
:::
:::{full}
Because it is so.
:::
::::
"""


@pytest.mark.parametrize(
    ("core", "minutes"),
    [
        (Tally(), 0),
        (Tally(words=200), 1),
        (Tally(words=201), 2),
        (Tally(cells=7), 7),
        (Tally(listings=2), 2),
        (Tally(predictions=3), 2),
        (Tally(recalls=1), 4),
        (Tally(questions=1, question_minutes=9), 9),
        (Tally(words=2000, cells=7, recalls=1, question_minutes=9), 30),
    ],
)
def test_the_model_adds_up(core: Tally, minutes: int) -> None:
    assert minutes_of(core) == minutes


def line(book: "Book", text: str) -> "dict[str, str]":
    """Build a page and return the line that says how long it takes."""
    book.write("tiny_lessons/__init__.py", "LIMIT = 3\n")
    book.pages(page=text)
    built = book.build()
    assert built.code == 0, built.said
    page = BeautifulSoup(built.text("page.html"), "html.parser")
    (found,) = page.select("p.core-path")
    numbers = {
        name.removeprefix("data-"): str(found[name])
        for name in found.attrs
        if name.startswith("data-")
    }
    return {**numbers, "text": found.text}


def test_only_what_is_read_before_the_mark_counts(book: "Book") -> None:
    found = line(
        book,
        f"# Two words\n\n{CORE}\nThree more words.\n\n{CELL}\n{HIDDEN}\n"
        f"```{{listing}} tiny_lessons.LIMIT\n```\n{QUESTION}\n"
        f":::{{predict}}\nOne.\n:::\n\n{BEYOND}\n## Beyond\n\n{CELL}".replace(
            "## Beyond\n\n```{code-cell}\n:label: a-check\n",
            "## Beyond\n\n```{code-cell}\n",
        )
        + "\nSix words stand behind the mark.\n",
    )
    assert found == {
        "core-minutes": "12",  # 7 words, cell, listing, predict, 9 minutes
        "core-words": "7",
        "core-cells": "1",
        "core-questions": "1",
        "page-words": found["page-words"],
        "text": (
            "Core path: 12 minutes (7 words, one cell, one question aloud)."
            f" Whole page: {found['page-words']} words."
        ),
    }
    assert int(found["page-words"]) > 7 + 6 + 7


def test_recall_takes_its_minutes(book: "Book") -> None:
    found = line(
        book,
        f"# A page\n\n{CORE}\n{CELL}\n{QUESTION}\n## Recall\n\n"
        ":::{recall} a-name\n:::\n",
    )
    assert found["core-minutes"] == str(1 + 9 + 4 + 1)


def test_a_page_without_a_mark_counts_as_a_whole(book: "Book") -> None:
    words = " ".join(["word"] * 1200)
    found = line(book, f"# Page\n\n{CORE}\n{words}\n")
    assert found["text"] == (
        "Core path: 7 minutes (1,201 words, 0 cells). Whole page: 1,201 words."
    )


def test_code_formulas_and_folds_are_no_prose(book: "Book") -> None:
    found = line(
        book,
        f"# Page\n\n{CORE}\n$$x + y = z$$\n\n```text\nno prose\n```\n\n"
        "Let $a + b$ be.\n\n:::{solution}\nIt is folded.\n:::\n",
    )
    assert found["core-words"] == "4"
    assert found["page-words"] == "8"


def test_a_core_path_that_is_too_long_fails_with_file_and_line(
    book: "Book",
) -> None:
    words = " ".join(["word"] * 9000)
    book.pages(page=f"# Page\n\n{CORE}\n{words}\n")
    said = book.complaint("page", FENCE)
    assert "the core path takes 46 minutes of 45 (9001 words" in said


def test_forty_five_minutes_are_not_too_long(book: "Book") -> None:
    words = " ".join(["word"] * 8999)
    assert line(book, f"# Page\n\n{CORE}\n{words}\n")["core-minutes"] == "45"


@pytest.mark.parametrize("name", ["predict", "solution"])
def test_an_empty_block_fails_with_file_and_line(
    book: "Book", name: str
) -> None:
    book.pages(page=f"# Page\n\n:::{{{name}}}\n:::\n")
    assert book.complaint("page", f":::{{{name}}}")
