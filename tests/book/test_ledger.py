"""claims.json and questions.json hold the whole of each written day."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

BOOK = Path(__file__).parents[2] / "book"
WRITTEN = sorted(
    int(re.findall(r"day-(\d\d)", page.name)[0])
    for page in BOOK.glob("phase-*/week-*/day-*.md")
)
with (BOOK / "claims.csv").open(encoding="utf8") as _file:
    IDS = [
        row["id"]
        for row in csv.DictReader(_file)
        if int(row["day"]) in WRITTEN
    ]


def test_the_ledger_is_whole(ledger: dict[str, dict[str, str]]) -> None:
    assert len(ledger) == 151
    assert {row["verdict"] for row in ledger.values()} == {
        *("holds", "holds with conditions", "imprecise"),
        *("outdated", "wrong", "added"),
    }
    assert {row["kind"] for row in ledger.values()} == {
        "executed",
        "source-only",
    }


def test_every_row_of_a_written_day_is_in_the_book(
    claims: list[dict[str, Any]],
) -> None:
    assert sorted(claim["id"] for claim in claims) == sorted(IDS)


@pytest.mark.parametrize("name", IDS)
def test_the_claim_is_placed_with_evidence(
    name: str,
    claims: list[dict[str, Any]],
    ledger: dict[str, dict[str, str]],
    html: Path,
) -> None:
    (claim,) = [claim for claim in claims if claim["id"] == name]
    row = ledger[name]
    assert claim["claim"] == row["statement"]
    assert claim["verdict"] == row["verdict"]
    assert claim["kind"] == row["kind"]
    assert claim["day"] == int(row["day"])
    statement = BeautifulSoup(claim["statement"], "html.parser")
    assert len(statement.get_text().split()) >= 5
    page = BeautifulSoup(
        (html / claim["page"]).read_text("utf8"), "html.parser"
    )
    assert page.find(id=claim["anchor"])
    if claim["kind"] == "executed":
        assert claim["evidence"]
    for url in claim["evidence"]:
        target, _, anchor = url.partition("#")
        if "://" in target:
            continue
        other = BeautifulSoup((html / target).read_text("utf8"), "html.parser")
        cell = other.find(id=anchor)
        assert cell, url


def test_every_question_is_complete_by_its_tier(
    questions: list[dict[str, Any]],
) -> None:
    names = [question["name"] for question in questions]
    assert len(set(names)) == len(names)
    for question in questions:
        assert question["level"] in {"screen", "onsite", "staff"}
        assert question["minutes"] > 0
        assert question["topics"]
        assert question["evidence"]
        assert question["question"]
        assert question["short"]
        assert question["full"]
        if question["tier"] == "full":
            assert question["weak"]
            assert question["strong"]
            assert len(question["followups"]) >= 2
            assert all(
                part["question"] and part["answer"]
                for part in question["followups"]
            )


def test_every_question_of_a_page_is_in_the_json(
    questions: list[dict[str, Any]],
) -> None:
    written = [
        name
        for page in BOOK.rglob("day-*.md")
        for name in re.findall(
            r"^:{3,}\{interview-question\} (\S+)$",
            page.read_text("utf8"),
            re.MULTILINE,
        )
    ]
    assert sorted(written) == sorted(q["name"] for q in questions)


@pytest.mark.parametrize("day", WRITTEN)
def test_a_day_has_four_to_six_full_questions(
    day: int, questions: list[dict[str, Any]]
) -> None:
    full = [q for q in questions if q["day"] == day and q["tier"] == "full"]
    assert 4 <= len(full) <= 6
    assert [q for q in full if q["level"] == "staff"]


def test_no_signal_recurs(questions: list[dict[str, Any]]) -> None:
    signals = [
        item.get_text(" ", strip=True).casefold()
        for question in questions
        for side in ("weak", "strong")
        if question[side]
        for item in BeautifulSoup(question[side], "html.parser").find_all(
            ["li", "p"]
        )
    ]
    assert len(set(signals)) == len(signals)


def test_full_answers_keep_their_length(
    questions: list[dict[str, Any]],
) -> None:
    for question in questions:
        if question["tier"] == "full":
            answer = BeautifulSoup(question["full"], "html.parser")
            for formula in answer.select(".math"):
                formula.replace_with("x")
            words = len(answer.get_text(" ").split())
            assert 150 <= words <= 220, (question["name"], words)
