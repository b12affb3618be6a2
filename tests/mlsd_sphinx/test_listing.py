"""`{listing}` shows the source of a lesson by its name."""

import sys
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from mlsd_sphinx.listing import find_module, source_of

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book

MODULE = '''"""Halves."""

from functools import cache
from tiny_lessons.other import elsewhere

# The largest number that is halved.
LIMIT: int = 10  # included


@cache
def halved(
    x: float,
) -> float:
    """Return the half.

    At length.
    """

    # Division is exact here.
    return x / 2


class Pair:
    """Two things."""

    left: int

    def swapped(self) -> "Pair":
        """Swap."""
        return Pair()


class HalvingError(ValueError):
    """It cannot be halved."""
'''


def test_a_function_loses_its_docstring_and_nothing_else() -> None:
    assert source_of(MODULE, ["halved"]) == (
        "@cache\ndef halved(\n    x: float,\n) -> float:\n"
        "    # Division is exact here.\n    return x / 2"
    )


def test_a_class_loses_the_docstrings_of_its_methods_too() -> None:
    assert source_of(MODULE, ["Pair"]) == (
        "class Pair:\n    left: int\n\n"
        '    def swapped(self) -> "Pair":\n        return Pair()'
    )


def test_a_method_is_shown_from_the_left_margin() -> None:
    assert source_of(MODULE, ["Pair", "swapped"]) == (
        'def swapped(self) -> "Pair":\n    return Pair()'
    )


def test_a_constant_is_shown_with_its_comment() -> None:
    assert source_of(MODULE, ["LIMIT"]) == "LIMIT: int = 10  # included"


def test_a_docstring_that_is_the_whole_body_stays() -> None:
    assert source_of(MODULE, ["HalvingError"]) == (
        'class HalvingError(ValueError):\n    """It cannot be halved."""'
    )


def test_a_name_that_is_imported_there_is_refused() -> None:
    with pytest.raises(LookupError, match=r"tiny_lessons\.other"):
        source_of(MODULE, ["elsewhere"])


def test_a_module_is_no_listing() -> None:
    with pytest.raises(LookupError, match="name an object"):
        source_of(MODULE, [])


@pytest.fixture
def lessons(book: "Book") -> "Book":
    # Importing the module would fail: it is read, not run.
    book.write("tiny_lessons/__init__.py", "")
    book.write("tiny_lessons/halves.py", MODULE + "\nraise SystemExit\n")
    return book


def test_finding_a_module_imports_nothing(lessons: "Book") -> None:
    path, rest = find_module("tiny_lessons.halves.Pair.swapped")
    assert path == lessons.root / "tiny_lessons" / "halves.py"
    assert rest == ["Pair", "swapped"]
    assert "tiny_lessons.halves" not in sys.modules


def test_a_page_shows_the_source_under_a_caption(lessons: "Book") -> None:
    lessons.pages(
        page="""
        # A page

        ```{listing} tiny_lessons.halves.halved
        ```
        """
    )
    built = lessons.build()
    assert built.code == 0, built.said
    page = BeautifulSoup(built.text("page.html"), "html.parser")
    (block,) = page.select("div.listing")
    assert block["id"] == "listing-tiny-lessons-halves-halved"
    caption, code = block.select_one("code"), block.select_one("pre")
    assert caption
    assert code
    assert caption.text == "tiny_lessons.halves.halved"
    assert code.text.startswith("@cache\ndef halved(")
    assert "Return the half" not in page.text


def test_a_listing_twice_on_a_page_keeps_ids_apart(lessons: "Book") -> None:
    fence = "```{listing} tiny_lessons.halves.LIMIT\n```\n"
    lessons.pages(page=f"# A page\n\n{fence}\n{fence}")
    built = lessons.build()
    assert built.code == 0, built.said
    page = BeautifulSoup(built.text("page.html"), "html.parser")
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(page.select("div.listing")) == 2
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tiny_lessons.halves.doubled", "'doubled' is not defined there"),
        ("tiny_lessons.nowhere.halved", "'nowhere' is not defined there"),
        ("json.dumps", "outside the packages of the lessons"),
        ("tiny_lessons.halves", "name an object in the module"),
        ("tiny_lessons.halves.elsewhere", "name it where it is defined"),
    ],
)
def test_an_unknown_name_fails_with_file_and_line(
    lessons: "Book", name: str, words: str
) -> None:
    lessons.pages(page=f"# A page\n\nText.\n\n```{{listing}} {name}\n```\n")
    assert words in lessons.complaint("page", "```{listing}")


def test_a_module_that_cannot_be_read_fails(lessons: "Book") -> None:
    lessons.write("tiny_lessons/broken.py", "def halved(:\n")
    lessons.pages(
        page="# A page\n\n```{listing} tiny_lessons.broken.halved\n```\n"
    )
    assert "broken.py" in lessons.complaint("page", "```{listing}")


def test_a_page_is_read_again_when_its_lesson_changes(
    lessons: "Book",
) -> None:
    lessons.pages(
        page="# A page\n\n```{listing} tiny_lessons.halves.LIMIT\n```\n"
    )
    assert "10" in lessons.build().text("page.html")
    lessons.write("tiny_lessons/halves.py", "LIMIT = 99\n")
    assert "99" in lessons.build().text("page.html")
