"""What the tests of the built book share."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def html() -> Path:
    """The built book; `make html` makes it."""
    folder = ROOT / "build" / "html"
    assert folder.is_dir(), "build/html is missing: run `make html` first"
    return folder


@pytest.fixture(scope="session")
def ledger() -> dict[str, dict[str, str]]:
    """The fixed part of every claim, by id."""
    with (ROOT / "book" / "claims.csv").open(encoding="utf8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def claims(html: Path) -> list[dict[str, Any]]:
    built: list[dict[str, Any]] = json.loads(
        (html / "claims.json").read_text("utf8")
    )
    return built


@pytest.fixture(scope="session")
def questions(html: Path) -> list[dict[str, Any]]:
    built: list[dict[str, Any]] = json.loads(
        (html / "questions.json").read_text("utf8")
    )
    return built
