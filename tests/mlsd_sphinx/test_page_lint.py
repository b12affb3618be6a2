"""Tiny books that Sphinx must refuse, with file and line, each time."""

import re
import subprocess
import sys
from pathlib import Path

FRONT = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
# Title

"""
ABOVE = FRONT.count("\n")
CONF = """\
extensions = ["myst_nb", "mlsd_sphinx.page_lint"]
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence", "dollarmath"]
"""


def make_book(tmp_path: Path, **pages: str) -> Path:
    book = tmp_path / "book"
    book.mkdir()
    (book / "conf.py").write_text(CONF)
    for name, body in {"index": "You read.\n", **pages}.items():
        orphan = "" if name == "index" else "orphan: true\n"
        (book / f"{name}.md").write_text(
            FRONT.replace("file_format", f"{orphan}file_format", 1) + body
        )
    return book


def build(book: Path, *options: str) -> tuple[int, str]:
    """Build with warnings as errors; return the status and what was said."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", "-n", "-W"),
            *("--keep-going", "-b", "html", *options),
            *(str(book), str(book.parent / "out")),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stderr)


GROUPS = {
    "cells": ("```{code-cell}\ndef f():\n    pass\n```\n", 2, "cell-def"),
    "fences": (":::{note}\n\n```python\n1\n```\n:::\n", 3, "loose-python"),
    "figures": ("<img src='data:,'>\n", 1, "figure-alt"),
    "prose": ("One.\nIt takes 3 ms.\n", 2, "typed-number"),
}


def test_a_fault_fails_each_fresh_build_at_file_and_line(
    tmp_path: Path,
) -> None:
    bodies = {name: body for name, (body, _, _) in GROUPS.items()}
    book = make_book(tmp_path, **bodies)
    for _ in range(2):
        status, said = build(book, "-E", "-a")
        assert status == 1
        for name, (_, line, rule) in GROUPS.items():
            # An orphan has one more line of front matter.
            where = f"{book / name}.md:{ABOVE + 1 + line}"
            assert f"{where}: WARNING: {rule}: " in said
            assert f"[mlsd.{rule}]" in said


def test_a_fault_fails_the_next_build_of_the_same_folder_too(
    tmp_path: Path,
) -> None:
    book = make_book(tmp_path, other="One.\n\nTODO\n")
    outcomes = [build(book) for _ in range(2)]
    assert [status for status, _ in outcomes] == [1, 1]
    where = f"{book / 'other.md'}:{ABOVE + 1 + 3}: WARNING: leftover"
    assert all(where in said for _, said in outcomes)
    page = book / "other.md"
    page.write_text(page.read_text().replace("TODO", "Done."))
    assert build(book) == (0, "")
    assert build(book) == (0, "")


def test_a_sound_book_builds(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    (book / "code.txt").write_text("verbatim\n")
    with (book / "index.md").open("a") as page:
        page.write("\n```{literalinclude} code.txt\n```\n")
        page.write("\n```{include} /code.txt\n```\n")
    assert build(book) == (0, "")
    assert (book.parent / "out" / "index.html").read_text().count(
        "verbatim"
    ) == 2


def test_processes_that_read_in_parallel_report_once(tmp_path: Path) -> None:
    faulty = {f"page{number}": "TODO\n" for number in range(8)}
    book = make_book(tmp_path, **faulty)
    for options in (("-j", "2"), ()):  # the second build reads nothing
        status, said = build(book, *options)
        assert status == 1
        assert said.count("WARNING: leftover") == len(faulty)


def test_a_change_of_the_exceptions_is_noticed_in_unread_pages(
    tmp_path: Path,
) -> None:
    book = make_book(tmp_path, index="A 90-day course.\n")
    table = book / "number-exceptions.csv"
    assert build(book)[0] == 1
    table.write_text("page,text,reason\nindex.md,90-day,the title\n")
    assert build(book) == (0, "")
    assert build(book) == (0, "")
    table.unlink()
    # The page is as it was: its old, empty record must not excuse it.
    status, said = build(book)
    assert status == 1
    assert "typed-number" in said


def test_an_exception_for_a_page_that_is_gone_is_stale(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    table = book / "number-exceptions.csv"
    table.write_text("page,text,reason\ngone.md,90-day,the title\n")
    status, said = build(book)
    assert status == 1
    assert f"{table}:2: WARNING: no page 'gone.md'" in said


def test_an_exception_without_a_reason_stops_the_build(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    table = book / "number-exceptions.csv"
    table.write_text("page,text,reason\nindex.md,90-day,\n")
    status, said = build(book)
    assert status == 2
    assert f"{table}:2: an exception needs page, text and reason" in said


OUTSIDE = {
    "a": "```{literalinclude} ../secret.txt\n```\n",
    "b": "```{literalinclude} code.txt\n:diff: ../secret.txt\n```\n",
    "c": "```{include} ../secret.txt\n```\n",
    "d": "```{include} ../secret.txt\n:literal:\n```\n",
    "e": "```{include} link.txt\n```\n",
    "f": "```{eval-rst}\n.. include:: ../secret.txt\n```\n",
    "g": "```{eval-rst}\n.. include:: ../secret.txt\n   :literal:\n```\n",
    "h": "```{eval-rst}\n.. literalinclude:: ../secret.txt\n```\n",
}


def test_a_file_outside_the_book_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("confidential\n")
    book = make_book(tmp_path, **OUTSIDE)
    (book / "code.txt").write_text("text\n")
    (book / "link.txt").symlink_to(tmp_path / "secret.txt")
    # As if the first wall had seen nothing.
    with (book / "conf.py").open("a") as conf:
        conf.write(
            "import mlsd_sphinx.page_lint as lint\n"
            "lint.check_page = lambda *args, **options: []\n"
        )
    status, said = build(book)
    assert status == 1
    refused = "is outside the book and was not read"
    assert said.count(refused) == len(OUTSIDE)
    for name in OUTSIDE:
        assert re.search(rf"{name}\.md(:\d+)?: WARNING: .*{refused}", said)
        page = (tmp_path / "out" / f"{name}.html").read_text()
        assert "confidential" not in page
