"""The gate, on tiny books: only a green book reaches build/html."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlsd_sphinx.build import fingerprint

FRONT = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
CONF = """
extensions = ["myst_nb", "mlsd_sphinx.execution"]
project = "tiny"
html_theme = "basic"
nb_execution_mode = "off"
nb_custom_formats = {".md": "mlsd_sphinx.execution.read_page"}
myst_enable_extensions = ["colon_fence"]
"""
CELL = "\n```{code-cell}\nprint(6 * 7)\n```\n"

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "book").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "requirements.lock").write_text("")
    (tmp_path / "pyproject.toml").write_text("")
    write(tmp_path, "# Good\n" + CELL)
    return tmp_path


def write(root: Path, text: str, name: str = "index") -> None:
    (root / "book" / f"{name}.md").write_text(FRONT + text)


@pytest.fixture
def make(root: Path) -> Make:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mlsd_sphinx.build", *arguments],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def index(root: Path) -> str:
    return (root / "build" / "html" / "index.html").read_text()


def test_an_unchanged_book_is_not_built_again(root: Path, make: Make) -> None:
    first = make("html")
    assert first.returncode == 0, first.stderr
    assert ">42\n<" in index(root)
    before = (root / "build" / "html" / "index.html").stat().st_mtime_ns
    start = time.monotonic()
    second = make("html")
    elapsed_s = time.monotonic() - start
    assert second.stdout == "build/html is up to date\n"
    assert (
        root / "build" / "html" / "index.html"
    ).stat().st_mtime_ns == before
    # Wall time, since the promise to the author is one; an idle machine
    # takes a tenth of it.
    assert elapsed_s < 2


def test_a_broken_reference_fails_twice_and_leaves_the_good_book(
    root: Path, make: Make
) -> None:
    make("html")
    write(root, "# Bad\n\nSee [nothing](#no-such-label).\n")
    for _ in range(2):
        done = make("html")
        assert done.returncode == 1
        assert "index.md:8: WARNING" in done.stderr
        assert "no-such-label" in done.stderr
        assert ">Good<" in index(root)
    write(root, "# Good again\n")
    assert make("html").returncode == 0
    assert ">Good again<" in index(root)


def test_a_first_build_that_fails_publishes_nothing(
    root: Path, make: Make
) -> None:
    write(root, "# Bad\n" + CELL.replace("6 * 7", "6 * seven"))
    assert make("html").returncode == 1
    assert not (root / "build" / "html").exists()
    assert not list((root / "build").glob("tmp-html-*"))


@pytest.mark.parametrize("damage", ["lost", "cut"])
def test_damaged_output_is_built_again(
    root: Path, make: Make, damage: str
) -> None:
    make("html")
    page = root / "build" / "html" / "index.html"
    whole = page.read_text()
    if damage == "lost":
        page.unlink()
    else:
        page.write_text(whole[:100])
    assert make("html").returncode == 0
    assert page.read_text() == whole


def test_an_interrupted_build_leaves_the_last_good_one(
    root: Path, make: Make
) -> None:
    make("html")
    write(root, "# Slow\n" + CELL.replace("print", "import time; time.sleep"))
    child = subprocess.Popen(
        [sys.executable, "-m", "mlsd_sphinx.build", "html"],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list((root / "build").glob("tmp-html-*/doctrees")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert ">Good<" in index(root)
    assert list((root / "build").glob("tmp-html-*"))
    write(root, "# Whole\n" + CELL)
    assert make("html").returncode == 0
    assert ">Whole<" in index(root)
    assert not list((root / "build").glob("tmp-html-*"))


def test_two_builds_at_once_both_end_well(root: Path) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "mlsd_sphinx.build", "html"],
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = sorted(child.communicate()[0].split()[1] for child in children)
    assert [child.returncode for child in children] == [0, 0]
    assert said == ["built", "is"]  # one built, the other found it current


def test_the_fingerprint_sees_names_and_bytes(root: Path) -> None:
    before = fingerprint(root)
    note = root / "src" / "note.txt"
    note.write_text("a")
    added = fingerprint(root)
    note.write_text("b")
    changed = fingerprint(root)
    note.rename(root / "src" / "other.txt")
    renamed = fingerprint(root)
    assert len({before, added, changed, renamed}) == 4
    (root / "src" / "other.txt").unlink()
    (root / "src" / "__pycache__").mkdir()
    (root / "src" / "__pycache__" / "x.pyc").write_text("compiled")
    assert fingerprint(root) == before


def test_one_page_is_checked_without_executing_the_others(
    root: Path, make: Make
) -> None:
    write(root, "# Top\n\n```{toctree}\nday-01-a\nday-02-b\n```\n")
    write(root, "# A\n" + CELL.replace("6", "1 / 0"), "day-01-a")
    write(root, "# B\n" + CELL, "day-02-b")
    good = make("page", "day-02")
    assert good.returncode == 0, good.stderr
    assert "day-02-b: no finding" in good.stdout
    assert ">42\n<" in (root / "build" / "page" / "day-02-b.html").read_text()
    bad = make("page", "day-01")
    assert bad.returncode == 1
    assert "day-01-a.md:9: WARNING: the cell raised ZeroDiv" in bad.stderr
    # Nothing changed, so nothing may turn green.
    assert make("page", "day-01").returncode == 1
    assert make("page", "day-03").returncode == 2
