"""A check that fails turns the claims that cite it red, and no other."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FRONT = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
CONF = """
extensions = ["myst_nb", "mlsd_sphinx.execution", "mlsd_sphinx.page_lint",
              "mlsd_sphinx.numbers", "mlsd_sphinx.cell_labels",
              "mlsd_sphinx.claims"]
project = "tiny"
html_theme = "basic"
nb_execution_mode = "off"
nb_custom_formats = {".md": "mlsd_sphinx.execution.read_page"}
myst_enable_extensions = ["colon_fence"]
"""
LEDGER = """id,day,statement,verdict,kind,sources
D02-A,2,Two and two is five.,wrong,executed,
D02-B,2,Seven is odd.,holds,executed,
D02-C,2,Eight is odd.,wrong,executed,
"""
PAGE = """# A

```{code-cell}
:label: sum
total = 2 + 2
assert total == 4
```

```{code-cell}
:label: odd
assert 7 % 2 == 1
```

:::{claim} D02-A
:evidence: sum

Two and two is four.
:::

:::{claim} D02-B
:evidence: odd

It is.
:::

:::{claim} D02-C
:evidence: sum, odd

It is even.
:::
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "book").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "requirements.lock").write_text("")
    (tmp_path / "book" / "claims.csv").write_text(LEDGER)
    return tmp_path


def red(root: Path, page: str) -> tuple[int, dict[str, int]]:
    """Build the page; return the status and the line of each red claim."""
    (root / "book" / "index.md").write_text(FRONT + page)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", "-E", "-n", "-W"),
            *("--keep-going", "-b", "html", "-c", ".", "book", "out"),
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(
        r"index\.md:(\d+): WARNING: .*?the claim (\S+) is red", done.stderr
    )
    return done.returncode, {name: int(line) for line, name in found}


def line_of(page: str, text: str) -> int:
    return (FRONT + page).splitlines().index(text) + 1


def test_no_claim_is_red_while_every_check_holds(root: Path) -> None:
    assert red(root, PAGE) == (0, {})


def test_a_failed_check_turns_exactly_its_claims_red(root: Path) -> None:
    page = PAGE.replace("total = 2 + 2", "total = 2 + 3")
    status, claims = red(root, page)
    assert status == 1
    assert claims == {
        "D02-A": line_of(page, ":::{claim} D02-A"),
        "D02-C": line_of(page, ":::{claim} D02-C"),
    }
    # Nothing fixed, nothing green.
    assert red(root, page)[1] == claims


def test_a_removed_check_turns_exactly_its_claims_red(root: Path) -> None:
    status, claims = red(root, PAGE.replace("assert 7 % 2 == 1", "7 % 2"))
    assert (status, sorted(claims)) == (1, ["D02-B", "D02-C"])


def test_a_removed_cell_turns_exactly_its_claims_red(root: Path) -> None:
    page = PAGE.replace(":label: odd\n", "")
    status, claims = red(root, page)
    assert (status, sorted(claims)) == (1, ["D02-B", "D02-C"])


def test_a_typed_number_turns_exactly_its_claim_red(root: Path) -> None:
    page = PAGE.replace("It is even.", "It is 1.5 times that.")
    status, claims = red(root, page)
    assert status == 1
    assert claims == {"D02-C": line_of(page, "It is 1.5 times that.")}
