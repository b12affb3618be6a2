"""Labels of cells become anchors, and cells say whether they check."""

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from mlsd_sphinx.cell_labels import fold_title, makes_a_check

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book


@pytest.mark.parametrize(
    ("source", "metadata", "checks"),
    [
        ("agrees(x, 1, within=0.1, by='invariant')", {}, True),
        ("checks.equals(x, 1, by='invariant')", {}, True),
        ("[exceeds(x, 1) for x in xs]", {}, True),
        ("assert x == 1", {}, True),
        ("1 / 0", {"raises": "ZeroDivisionError: division"}, True),
        ("x", {}, False),
        ("agrees", {}, False),
        ("print('agrees(1, 1)')  # assert", {}, False),
        ("agrees(", {}, False),
    ],
)
def test_a_cell_checks_if_it_compares_asserts_or_must_raise(
    source: str, metadata: dict[str, str], checks: bool
) -> None:
    assert makes_a_check(source, metadata) is checks


def cell(label: str, source: str = "1") -> str:
    return f"```{{code-cell}}\n:label: {label}\n{source}\n```\n"


def test_a_label_is_an_anchor_and_a_target_of_links(book: "Book") -> None:
    book.pages(
        page=f"# A page\n\n{cell('two-words')}\nSee [it](#cell-two-words).\n"
    )
    built = book.build()
    assert built.code == 0, built.said
    page = BeautifulSoup(built.text("page.html"), "html.parser")
    target = page.find(id="cell-two-words")
    assert target
    assert target.select_one("pre")
    assert page.select('a[href="#cell-two-words"]')


def test_a_cell_without_a_label_gets_no_anchor(book: "Book") -> None:
    book.pages(page="# A page\n\n```{code-cell}\n1\n```\n")
    assert 'id="cell-' not in book.build().text("page.html")


@pytest.mark.parametrize(
    ("options", "source", "title"),
    [
        (":label: two-words\n:tags: [hide-cell]", "1", "Code: two words"),
        (
            ":label: two-words\n:tags: [hide-cell]",
            "assert 1",
            "Check: two words",
        ),
        (
            ":label: two-words\n:tags: [hide-input]",
            "assert 1",
            "Code: two words",
        ),
        (":tags: [hide-cell]", "1", "Code: set-up"),
        (
            "---\ntags: [hide-cell]\n"
            "mystnb: {code_prompt_show: Mine, code_prompt_hide: Mine}\n---",
            "1",
            "Mine",
        ),
    ],
)
def test_a_folded_cell_says_what_it_holds(
    book: "Book", options: str, source: str, title: str
) -> None:
    fence = f"```{{code-cell}}\n{options}\n{source}\n```\n"
    book.pages(page=f"# A page\n\n{fence}")
    built = book.build()
    assert built.code == 0, built.said
    page = BeautifulSoup(built.text("page.html"), "html.parser")
    found = page.select_one("details summary")
    assert found
    assert set(found.stripped_strings) == {title}


def test_hidden_output_is_called_so() -> None:
    assert fold_title("a-b", "output", checks=True) == "Output: a b"
    assert fold_title("a-b", "input+output", checks=True) == "Code: a b"


def test_the_same_label_on_two_pages_is_no_fault(book: "Book") -> None:
    text = f"# A page\n\n{cell('same')}"
    book.pages(one=text, two=text)
    built = book.build(parallel=2)
    assert built.code == 0, built.said


def test_a_label_twice_on_a_page_fails_with_file_and_line(
    book: "Book",
) -> None:
    book.pages(
        page=f"# A page\n\n{cell('same')}\nText.\n\n"
        + cell("same").replace("```{", "~~~{").replace("```", "~~~")
    )
    said = book.complaint("page", "~~~{code-cell}")
    assert "'same' is already taken in line 8" in said


def test_a_label_that_is_no_anchor_fails_with_file_and_line(
    book: "Book",
) -> None:
    book.pages(page=f"# A page\n\n{cell('Two words')}")
    said = book.complaint("page", "```{code-cell}")
    assert "'Two words' is not made of lower-case words" in said
