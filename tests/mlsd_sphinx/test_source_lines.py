"""Warnings name the line of the fault, wherever it stands on a page."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book

CELL = "```{code-cell}\n:label: a-cell\n1\n```\n"


@pytest.mark.parametrize("gap", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("before", ["# A page\n", f"# A page\n\n{CELL}"])
def test_the_line_is_right_after_any_gap(
    book: "Book", before: str, gap: str
) -> None:
    book.pages(page=f"{gap}{before}{gap}{gap}:::{{nonsense}}\n:::\n")
    assert "nonsense" in book.complaint("page", ":::{nonsense}")


def test_the_line_of_a_nested_directive_is_right(book: "Book") -> None:
    book.pages(
        page=f"# A page\n\n{CELL}\n::::{{note}}\nText.\n\n"
        ":::{nonsense}\n:::\n::::\n"
    )
    assert "nonsense" in book.complaint("page", ":::{nonsense}")
