"""LaTeX and ePub build without a warning, and lose no claim or question.

No TeX is needed: this reads what the builders write.
"""

import html as html_module
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest


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


def words(text: str) -> str:
    """Letters and digits only: markup and hyphenation do not count."""
    text = html_module.unescape(re.sub(r"<[^>]+>", " ", text))
    text = re.sub(r"\\[A-Za-z@]+\*?", " ", text)
    return re.sub(r"[^A-Za-z]+", "", text)


@pytest.mark.parametrize("builder", ["latex", "epub"])
def test_every_claim_is_printed(
    builder: str, printed: dict[str, str], claims: list[dict[str, Any]]
) -> None:
    text = printed[builder]
    for claim in claims:
        assert claim["id"] in text


@pytest.mark.parametrize("builder", ["latex", "epub"])
def test_every_answer_is_printed_whole(
    builder: str, printed: dict[str, str], questions: list[dict[str, Any]]
) -> None:
    text = words(printed[builder])
    for question in questions:
        for part in ("question", "short", "full", "weak", "strong"):
            # The first words up to a formula or number: what stands behind
            # them is set by each builder in its own way.
            plain = html_module.unescape(
                re.sub(r"<[^>]+>", " ", question[part])
            )
            for sentence in re.split(r"[.;:?]\s", plain):
                start = re.match(r"[A-Za-z ,'-]{20,60}", sentence.strip())
                if start:
                    assert words(start[0]) in text, (
                        question["name"],
                        part,
                        start[0],
                    )


def test_the_epub_holds_formulas_as_mathml(printed: dict[str, str]) -> None:
    assert "<math" in printed["epub"]
    assert "katex" not in printed["epub"]


def test_claims_and_questions_are_valid_json(html: Path) -> None:
    for name in ("claims.json", "questions.json"):
        assert isinstance(json.loads((html / name).read_text("utf8")), list)
