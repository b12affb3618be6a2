"""Every day page keeps the frame of the book."""

import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
DAYS = sorted(BOOK.glob("phase-*/week-*/day-*.md"))
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1\s*$", re.MULTILINE | re.DOTALL)


def day_of(page: Path) -> int:
    found = re.match(r"day-(\d\d)-", page.name)
    assert found
    return int(found[1])


def headings(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", FENCE.sub("", text), re.MULTILINE)


@pytest.fixture(params=DAYS, ids=lambda page: page.stem)
def page(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def text(page: Path) -> str:
    return page.read_text("utf8")


def split(text: str) -> tuple[str, str]:
    core, mark, beyond = text.partition("\n:::{beyond}")
    assert mark, "the page does not say where its core path ends"
    return core, beyond


def test_there_are_days() -> None:
    assert DAYS


def test_the_page_is_labelled_and_titled_by_its_day(
    page: Path, text: str
) -> None:
    day = day_of(page)
    assert f"\n(day-{day:02})=\n" in text
    assert re.search(rf"^# Day {day}: \S", text, re.MULTILINE)


def test_the_core_path_comes_in_order(page: Path, text: str) -> None:
    core, _ = split(text)
    assert core.index(":::{core-path}") < core.index("\n## ")
    found = headings(core)
    fixed = ["Scenario", "What you will learn"]
    if any(day_of(other) < day_of(page) for other in DAYS):
        fixed.insert(1, "Recall")
    assert found[: len(fixed)] == fixed
    assert found[-3:] == ["One question, aloud", "Stop saying", "Summary"]
    middle = found[len(fixed) : -3]
    assert middle[-1].startswith("Challenge: ")
    theory = middle[:-1]
    assert 2 <= len(theory) <= 5
    assert not [h for h in theory if h.startswith(("Challenge", "Deeper"))]


def test_what_lies_beyond_comes_in_order(text: str) -> None:
    _, beyond = split(text)
    found = headings(beyond)
    assert found[-4:] == [
        "More questions",
        "Exercises",
        "Folklore, checked",
        "References",
    ]
    kinds = [h.split(":")[0] for h in found[:-4]]
    assert kinds == sorted(kinds, key=["Deeper", "Challenge"].index)
    assert "Deeper" in kinds


def test_outcomes_and_summary_answer_each_other(text: str) -> None:
    def bullets(heading: str) -> list[str]:
        section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        return re.findall(r"^[-*] (.+)$", section, re.MULTILINE)

    outcomes = bullets("What you will learn")
    assert 3 <= len(outcomes) <= 5
    assert len(bullets("Summary")) == len(outcomes)


def test_three_predictions_are_asked_for(text: str) -> None:
    core, _ = split(text)
    assert core.count(":::{predict}") >= 3


def test_the_question_aloud_is_a_full_staff_question(text: str) -> None:
    section = text.split("\n## One question, aloud\n")[1].split("\n## ")[0]
    assert section.count("{interview-question}") == 1
    assert ":level: staff" in section
    assert ":tier: full" in section


def test_four_to_six_questions_are_full(text: str) -> None:
    assert 4 <= text.count("\n:tier: full\n") <= 6


def test_exercises_have_solutions(text: str) -> None:
    section = text.split("\n## Exercises\n")[1].split("\n## ")[0]
    exercises = section.count("\n### Exercise: ")
    assert 3 <= exercises <= 5
    assert section.count(":::{solution}") == exercises
    assert section.count("{code-cell}") >= 1
