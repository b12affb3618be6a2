"""The core path of each day fits its minutes, by a second count."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

BOOK = Path(__file__).parents[2] / "book"
DAYS = sorted(BOOK.glob("phase-*/week-*/day-*.md"))


@pytest.fixture(params=DAYS, ids=lambda path: path.stem)
def article(request: pytest.FixtureRequest, html: Path) -> Tag:
    path: Path = request.param
    built = html / path.relative_to(BOOK).with_suffix(".html")
    page = BeautifulSoup(built.read_text("utf8"), "html.parser")
    found = page.select_one("article section")
    assert found
    return found


def core(article: Tag) -> Tag:
    """The article up to the mark, without what is not read as prose."""
    mark = article.select_one(".beyond")
    assert mark
    for later in list(mark.find_all_next()):
        later.extract()
    mark.extract()
    return article


def test_the_core_path_takes_at_most_45_minutes(article: Tag) -> None:
    line = article.select_one(".core-path")
    assert line
    assert 0 < int(str(line["data-core-minutes"])) <= 45
    assert f"Core path: {line['data-core-minutes']} minutes" in line.get_text()


def test_the_line_counts_what_stands_on_the_page(article: Tag) -> None:
    line = article.select_one(".core-path")
    assert line
    said = {
        name: int(str(line[f"data-core-{name}"]))
        for name in ("words", "cells", "questions", "minutes")
    }
    part = core(article)
    cells = [
        cell
        for cell in part.select("div.cell")
        if "tag_hide-cell" not in (cell.get("class") or [])
    ]
    questions = part.select(".question")
    assert len(cells) == said["cells"]
    assert len(questions) == said["questions"] == 1
    for formula in part.select("span.math"):
        formula.replace_with("x")  # a formula in a sentence is one word
    for other in part.select(
        ".question, .cell, .literal-block-wrapper, div.math,"
        " .highlight, .core-path, details, .headerlink"
    ):
        other.extract()
    words = re.findall(r"\w+(?:['’.,-]\w+)*", part.get_text(" "))
    # Both count words, but draw their limits differently in formulas,
    # code and figures: within a twelfth of each other.
    assert abs(len(words) - said["words"]) <= said["words"] / 12
    # However they are weighed, the parts cannot take less than this.
    least = said["words"] / 250 + said["cells"] * 0.5
    assert said["minutes"] >= least
