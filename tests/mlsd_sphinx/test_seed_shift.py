"""Other seeds, on a tiny book: a statement that hangs on one turns red."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlsd_sphinx.build import fingerprint

FRONT = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
CONF = """
extensions = ["myst_nb", "mlsd_sphinx.execution"]
project = "tiny"
nb_execution_mode = "off"
nb_custom_formats = {".md": "mlsd_sphinx.execution.read_page"}
"""
PAGE = """# A page

```{code-cell}
:label: draw
import numpy as np
value = np.random.default_rng(5).random()
assert CHECK
```
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "book").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "requirements.lock").write_text("")
    return tmp_path


def seeds(
    root: Path, check: str, *options: str
) -> subprocess.CompletedProcess[str]:
    page = FRONT + PAGE.replace("CHECK", check)
    (root / "book" / "index.md").write_text(page)
    return subprocess.run(
        [
            *(sys.executable, "-m", "mlsd_sphinx.build", "seeds"),
            *("--shifts", "2", *options),
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_holds_for_every_seed_is_green(root: Path) -> None:
    done = seeds(root, "0 <= value < 1")
    assert done.returncode == 0, done.stderr
    assert "0 failures in 2 sets of seeds" in done.stdout


def test_what_holds_for_the_seed_of_the_page_alone_is_red(
    root: Path,
) -> None:
    done = seeds(
        root, "value == np.random.Generator(np.random.PCG64(5)).random()"
    )
    assert done.returncode == 1
    assert "shift 1000: " in done.stderr
    assert "shift 2000: " in done.stderr
    assert "index.md:12: cell 'draw' raised AssertionError" in done.stderr
    assert "2 failures in 2 sets of seeds" in done.stdout


def test_the_shift_is_what_is_drawn(root: Path) -> None:
    direct = "np.random.Generator(np.random.PCG64(1005)).random()"
    done = seeds(root, f"value == {direct}")
    assert "shift 1000: " not in done.stderr
    assert "shift 2000: " in done.stderr


def test_a_page_that_does_not_draw_is_said(root: Path) -> None:
    done = seeds(root, "True", "--page", "other")
    assert done.returncode == 2
    assert "no page 'other' draws" in done.stderr


def test_the_gate_builds_again_with_another_numeric_kernel(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(root)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell-or-not")
    assert fingerprint(root) != before
