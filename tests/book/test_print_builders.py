"""LaTeX and ePub build without a warning, and lose no claim or question.

No TeX is needed: this reads what the builders write.
"""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup


@pytest.fixture(scope="session")
def printed(
    root: Path, html: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The text of the book, by builder."""
    assert html
    folder = tmp_path_factory.mktemp("print")
    out = {}
    for builder in ("latex", "epub"):
        done = subprocess.run(
            [
                *(sys.executable, "-m", "sphinx", "-q", "-n", "-W"),
                *("--keep-going", "-b", builder, "-c", "."),
                *("-d", str(folder / "doctrees")),
                *("book", str(folder / builder)),
            ],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        out[builder] = _read(folder / builder, builder)
    return out


def _read(folder: Path, builder: str) -> str:
    if builder == "latex":
        return (folder / "ml-system-design.tex").read_text("utf8")
    with zipfile.ZipFile(folder / "ml-system-design.epub") as archive:
        return "\n".join(
            archive.read(name).decode("utf8")
            for name in archive.namelist()
            if name.endswith(".xhtml")
        )


def letters(text: str) -> str:
    """Letters only: punctuation and hyphenation do not count."""
    return re.sub(r"[^A-Za-z]+", "", text)


@pytest.fixture(scope="session")
def prose(printed: dict[str, str]) -> dict[str, str]:
    """The letters that a reader of each format sees, in order."""
    tex = re.sub(r"\\[A-Za-z@]+\*?(\{\})?", " ", printed["latex"])
    pages = BeautifulSoup(printed["epub"], "html.parser")
    return {"latex": letters(tex), "epub": letters(pages.get_text(" "))}


def sentences(fragment: str) -> list[str]:
    """The runs of words between formulas, numbers, code and full stops.

    What stands at those borders is set by each builder in its own way.
    """
    page = BeautifulSoup(fragment, "html.parser")
    for other in page.select(".math, .computed, code, a, sup"):
        other.replace_with("|")
    for mark in page.select("em, strong"):
        mark.unwrap()
    runs = re.split(r"[^A-Za-z ,'’\n-]+", page.get_text("|"))
    return [run.strip() for run in runs if len(letters(run)) >= 12]


@pytest.mark.parametrize("builder", ["latex", "epub"])
def test_every_claim_is_printed(
    builder: str, printed: dict[str, str], claims: list[dict[str, Any]]
) -> None:
    text = printed[builder].replace(r"\sphinxhyphen{}", "-")
    for claim in claims:
        assert claim["id"] in text


def lost(fragments: list[str], text: str) -> list[str]:
    """The runs of words that a reader of the text does not get."""
    return [
        run
        for fragment in fragments
        for run in sentences(fragment)
        if letters(run) not in text
    ]


def parts_of(question: dict[str, Any]) -> list[str]:
    return [
        *(question[p] for p in ("question", "short", "full")),
        *(question[p] for p in ("weak", "strong") if question[p]),
        *(one["question"] for one in question["followups"]),
        *(one["answer"] for one in question["followups"]),
    ]


@pytest.mark.parametrize("builder", ["latex", "epub"])
def test_every_sentence_of_a_claim_is_printed(
    builder: str, prose: dict[str, str], claims: list[dict[str, Any]]
) -> None:
    statements = [claim["statement"] for claim in claims]
    assert len(statements) >= 10
    assert lost(statements, prose[builder]) == []


@pytest.mark.parametrize("builder", ["latex", "epub"])
def test_every_answer_is_printed_whole(
    builder: str, prose: dict[str, str], questions: list[dict[str, Any]]
) -> None:
    for question in questions:
        assert sum(map(len, map(sentences, parts_of(question)))) >= 3
        found = lost(parts_of(question), prose[builder])
        assert found == [], question["name"]


def test_a_printed_answer_that_loses_a_sentence_is_found(
    prose: dict[str, str], questions: list[dict[str, Any]]
) -> None:
    for question in questions:
        run = max(sentences(question["full"]), key=len)
        cut = prose["latex"].replace(letters(run), "")
        assert run in lost(parts_of(question), cut), question["name"]


def test_the_epub_holds_formulas_as_mathml(printed: dict[str, str]) -> None:
    assert "<math" in printed["epub"]
    assert "katex" not in printed["epub"]


def test_claims_and_questions_are_valid_json(html: Path) -> None:
    for name in ("claims.json", "questions.json"):
        assert isinstance(json.loads((html / name).read_text("utf8")), list)
