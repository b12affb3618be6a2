"""Page code outside the cache: every cell runs, faults have file and line."""

import subprocess
import sys
from pathlib import Path

import pytest

FRONT = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
CONFTEST = """
from pathlib import Path
from mlsd_sphinx.page_code import code_of_pages
book = Path(__file__).with_name("book")
pytest_collect_file = code_of_pages(book, {"colon_fence"}).pytest()
"""
PAGE = """# A page

```{code-cell}
total = 6 * 7
```

:::{note}
Prose.
:::

```{code-cell}
:tags: [raises-exception]
:raises: "ZeroDivisionError: division"
total / 0
```

```{code-cell}
:label: last
from pathlib import Path
Path("left-behind").write_text("x")
assert total == 42
```

```{doctest}
>>> 2 + 2
4
```
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "book" / "week").mkdir(parents=True)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "notes.md").write_text(FRONT + "```{code-cell}\n1 / 0\n```\n")
    return tmp_path


def run(root: Path, page: str) -> subprocess.CompletedProcess[str]:
    (root / "book" / "week" / "page.md").write_text(FRONT + page)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_cell_and_doctest_of_the_book_runs(root: Path) -> None:
    done = run(root, PAGE)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout  # and nothing of notes.md
    assert not list(root.rglob("left-behind"))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("total == 42", "total == 43", "page.md:26"),
        ("total / 0", "total / 1", "no longer raises"),
        ('"ZeroDivisionError', '"ValueError', "division by zero"),
        ("4\n```\n", "5\n```\n", "Expected:"),
    ],
)
def test_a_fault_is_reported(
    root: Path, before: str, after: str, said: str
) -> None:
    done = run(root, PAGE.replace(before, after))
    assert done.returncode == 1
    assert said in done.stdout
    assert "1 failed" in done.stdout
