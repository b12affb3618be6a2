"""`{claim}`, `{folklore}` and claims.json."""

import json
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book, Built

PAGE = "phase-1/day-02-views"
CELL = "```{code-cell}\n:label: a-check\nassert 1 == 1\n```\n"


def claim(name: str, evidence: str = "a-check", body: str = "So.") -> str:
    return f":::{{claim}} {name}\n:evidence: {evidence}\n\n{body}\n:::\n"


def test_a_box_says_verdict_statement_answer_and_evidence(
    whole: "dict[str, Built]",
) -> None:
    page = BeautifulSoup(whole["html"].text(f"{PAGE}.html"), "html.parser")
    box = page.find(id="claim-d02-b")
    assert box
    text = box.get_text(" ", strip=True)
    assert text.startswith("Holds with conditions D02-B You’ll hear: a.T ")
    assert "Say instead: It gives a view at 12.5%" in text
    link = box.select_one('a[href="#claim-d02-b"]')
    assert link
    assert link.text == "D02-B"
    assert box.select('a[href="#cell-strides-of-a-row"]')
    test = box.select_one('a[href^="https:"]')
    assert test
    assert test["href"] == (
        "https://example.org/tiny/blob/main/tests/test_views.py#L1"
    )
    assert test["title"] == "tests/test_views.py::test_a_view_is_shared"


@pytest.mark.parametrize(
    ("name", "verdict", "label"),
    [
        ("d02-a", "Wrong", "Say instead:"),
        ("d02-c", "Holds", "True:"),
        ("d02-d", "Imprecise", "Say instead:"),
    ],
)
def test_the_verdict_is_said_in_words(
    whole: "dict[str, Built]", name: str, verdict: str, label: str
) -> None:
    page = BeautifulSoup(whole["html"].text(f"{PAGE}.html"), "html.parser")
    (badge,) = page.select(f"#claim-{name} .verdict")
    (said,) = page.select(f"#claim-{name} .part-statement .part-label")
    assert badge.text == verdict
    assert said.text == label


def test_a_source_only_claim_says_why_and_whose(
    whole: "dict[str, Built]",
) -> None:
    page = BeautifulSoup(whole["html"].text(f"{PAGE}.html"), "html.parser")
    (box,) = page.select("#claim-d02-d")
    text = box.get_text()
    assert "Not executed: It is an opinion." in text
    assert "Sources: Smith[1]; a letter" in text
    assert not box.select(".part-evidence")


def test_the_ledger_lists_the_whole_day_with_links(
    whole: "dict[str, Built]",
) -> None:
    page = BeautifulSoup(whole["html"].text(f"{PAGE}.html"), "html.parser")
    rows = [
        [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.select("table.folklore tbody tr")
    ]
    assert rows == [
        ["D02-A", "A sum follows the rows.", "Wrong"],
        ["D02-B", "a.Tcopies.", "Holds with conditions"],
        ["D02-C", "Views are free.", "Holds"],
        ["D02-D", "Everybody agrees.", "Imprecise"],
    ]
    assert page.select_one('table.folklore a[href="#claim-d02-c"]')


def test_claims_json_holds_every_box_with_links_from_the_root(
    whole: "dict[str, Built]",
) -> None:
    claims = json.loads(whole["html"].text("claims.json"))
    assert [claim["id"] for claim in claims] == [
        *("D02-A", "D02-B", "D02-C", "D02-D"),
        "D03-A",
    ]
    assert claims[1] == {
        "id": "D02-B",
        "day": 2,
        "claim": "`a.T` copies.",
        "verdict": "holds with conditions",
        "kind": "executed",
        "statement": (
            '<p>It gives a view at <span class="computed">12.5%</span>, see '
            f'<a class="reference internal" href="{PAGE}.html#scenario">'
            '<span class="xref myst">above</span></a>.</p>'
        ),
        "evidence": [
            f"{PAGE}.html#cell-strides-of-a-row",
            "https://example.org/tiny/blob/main/tests/test_views.py#L1",
        ],
        "page": f"{PAGE}.html",
        "anchor": "claim-d02-b",
    }
    assert f'href="{PAGE}.html#footcite-smith2020"' in claims[0]["statement"]
    assert claims[3]["evidence"] == []


def test_claims_json_is_whole_when_one_page_was_rewritten(
    book: "Book",
) -> None:
    book.pages(
        one=f"# One\n\n{CELL}\n{claim('D02-A')}",
        two=f"# Two\n\n{CELL}\n{claim('D02-B', body='Before.')}",
    )
    book.build()
    path = book.root / "book" / "two.md"
    path.write_text(path.read_text("utf8").replace("Before.", "After."))
    claims = json.loads(book.build().text("claims.json"))
    assert [claim["statement"] for claim in claims] == [
        "<p>So.</p>",
        "<p>After.</p>",
    ]


def test_claims_are_the_same_when_pages_are_read_side_by_side(
    book: "Book",
) -> None:
    names = ("D02-A", "D02-B", "D02-C", "D03-A")
    book.pages(
        **{
            f"page_{i}": f"# A page\n\n{CELL}\n{claim(name)}"
            for i, name in enumerate(names)
        }
    )
    built = book.build(parallel=2)
    assert built.code == 0, built.said
    claims = json.loads(built.text("claims.json"))
    assert [claim["id"] for claim in claims] == list(names)


def test_without_a_repository_a_test_is_named_and_not_linked(
    book: "Book",
) -> None:
    book.write("test_it.py", "def test_that_it_holds(): ...\n")
    book.pages(
        page="# A page\n\n" + claim("D02-A", "test_it.py::test_that_it_holds")
    )
    built = book.build(mlsd_repository_url="")
    assert built.code == 0, built.said
    page = BeautifulSoup(built.text("page.html"), "html.parser")
    assert "test_it.py “that it holds”" in page.text
    assert json.loads(built.text("claims.json"))[0]["evidence"] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (claim("D99-Z"), "'D99-Z' is not in claims.csv"),
        (claim("D02-A", body=""), "D02-A says nothing"),
        (":::{claim} D02-A\nSo.\n:::", "D02-A names no :evidence:"),
        (":::{claim} D02-D\nSo.\n:::", "its :reason: is missing"),
        (
            claim("D02-A", "a-check\n:reason: Why not."),
            "D02-A needs no :reason:",
        ),
        (claim("D02-A", "no-cell"), "no cell with that label"),
        (claim("D02-A", "no-check"), "that cell makes no check"),
        (claim("D02-A", "t.py::test_x"), "there is no file t.py"),
        (claim("D02-A", "test_it.py::test_no"), "defines no test_no"),
        (claim("D02-A", "D02-B"), "a claim is no evidence of a claim"),
    ],
)
def test_a_faulty_claim_fails_with_file_and_line(
    book: "Book", text: str, words: str
) -> None:
    book.write("test_it.py", "def test_yes(): ...\n")
    other = CELL.replace("a-check", "no-check").replace("assert 1 == 1", "1")
    book.pages(page=f"# A page\n\n{CELL}\n{other}\n{text}")
    assert words in book.complaint("page", ":::{claim}")


def test_evidence_in_another_page_is_no_evidence(book: "Book") -> None:
    book.pages(one=f"# One\n\n{CELL}", two=f"# Two\n\n{claim('D02-A')}")
    assert "no cell with that label" in book.complaint("two", ":::{claim}")


def test_a_claim_twice_in_the_book_fails_with_file_and_line(
    book: "Book",
) -> None:
    text = f"# A page\n\n{CELL}\n{claim('D02-A')}"
    book.pages(one=text, two=text)
    said = book.complaint("two", ":::{claim}")
    line = book.line("one", ":::{claim}")
    assert f"D02-A is already in one, line {line}" in said


def test_a_ledger_with_claims_that_no_page_holds_fails(book: "Book") -> None:
    book.pages(
        page=f"# A page\n\n{CELL}\n{claim('D02-A')}\n:::{{folklore}} 2\n:::\n"
    )
    said = book.complaint("page", ":::{folklore}")
    assert [line.split(":")[0] for line in said.splitlines()] == [
        f"no page holds the claim {name}"
        for name in ("D02-B", "D02-C", "D02-D")
    ]


def test_a_ledger_of_a_day_without_claims_fails(book: "Book") -> None:
    book.pages(page="# A page\n\n:::{folklore} 7\n:::\n")
    said = book.complaint("page", ":::{folklore}")
    assert "claims.csv holds no claim of day '7'" in said


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("D02-A,2,Again.,wrong,executed,", "already in the ledger"),
        ("D04-A,two,It.,wrong,executed,", "the day 'two' is no number"),
        ("D04-A,2,,wrong,executed,", "the statement is empty"),
        ("D04-A,2,It.,mistaken,executed,", "the verdict 'mistaken'"),
        ("D04-A,2,It.,wrong,believed,", "the kind 'believed'"),
        ("D04-A,2,It.,wrong", "a row has 6 values"),
        ("D04-A,2,It, too.,wrong,executed,", "a row has 6 values"),
    ],
)
def test_a_faulty_row_of_the_ledger_fails_with_file_and_line(
    book: "Book", row: str, words: str
) -> None:
    path = book.root / "book" / "claims.csv"
    path.write_text(path.read_text("utf8") + row + "\n")
    book.pages(page="# A page\n\nText.\n")
    built = book.build()
    assert built.code == 1
    (said,) = [line for line in built.said.splitlines() if words in line]
    assert "book/claims.csv:7: WARNING: " in said


def test_a_ledger_with_other_columns_fails(book: "Book") -> None:
    book.write("book/claims.csv", "id,claim\n")
    book.pages(page="# A page\n\nText.\n")
    said = book.build().said
    assert "book/claims.csv:1: WARNING: the columns are not id, day" in said


def test_a_page_is_written_again_when_the_ledger_changes(
    book: "Book",
) -> None:
    book.pages(page=f"# A page\n\n{CELL}\n{claim('D02-A')}")
    book.build()
    path = book.root / "book" / "claims.csv"
    path.write_text(path.read_text("utf8").replace("rows", "columns"))
    assert "A sum follows the columns." in book.build().text("page.html")
