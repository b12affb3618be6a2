"""Shift the seeds of a kernel, and build the book with shifted seeds.

A Monte-Carlo statement that holds for one seed proves little.  ``make seeds``
executes the pages with other seeds: each must pass its checks with all of
them.  Nothing is edited; the kernel adds the shift where a generator is made.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["build_with_other_seeds", "failures_in", "shift_seeds"]

VARIABLE = "MLSD_SEED_SHIFT"
STEP = 1_000  # seeds of one page are small; shifted ones meet no other


def shift_seeds() -> None:
    """Add the shift of the environment to each seed of a new generator."""
    import numpy as np  # a kernel without a shift does not pay for this

    shift, made = int(os.environ[VARIABLE]), np.random.default_rng

    def default_rng(seed: Any = None) -> np.random.Generator:
        is_number = isinstance(seed, int | np.integer)
        return made(seed + shift if is_number else seed)

    np.random.default_rng = default_rng


def failures_in(stderr: str) -> Iterator[str]:
    r"""Yield the place and the cell of each failure that a build reports.

    Parameters
    ----------
    stderr : str
        What Sphinx wrote.

    Yields
    ------
    str
        File, line and first line of the message.

    Examples
    --------
    >>> said = "/b/day-06.md:12: WARNING: cell 'wald' raised E: 1\n  2\n"
    >>> list(failures_in(said))
    ["/b/day-06.md:12: cell 'wald' raised E: 1"]
    """
    pattern = r"^(.+?\.md:\d+): WARNING: ((?:the )?cell\b.*)$"
    for place, message in re.findall(pattern, stderr, re.MULTILINE):
        yield f"{place}: {message}"


def build_with_other_seeds(root: Path, *, shifts: int, page: str = "") -> int:
    """Execute the pages once for each shift, and report what fails.

    Parameters
    ----------
    root : Path
        Top of the repository.
    shifts : int
        How many other sets of seeds.
    page : str
        Start of a page's file name; empty for all pages that draw.

    Returns
    -------
    int
        Exit status: 0 when every cell passes with all of them.
    """
    book = root / "book"
    drawing = [
        str(path.relative_to(book).with_suffix(""))
        for path in sorted(book.rglob("*.md"))
        if path.stem.startswith(page) and "default_rng" in path.read_text()
    ]
    if not drawing:
        print(f"no page {page!r} draws", file=sys.stderr)  # noqa: T201
        return 2
    failed = 0
    for number in range(1, shifts + 1):
        for said in failures_in(_build(root, drawing, number * STEP)):
            failed += 1
            print(f"shift {number * STEP}: {said}", file=sys.stderr)  # noqa: T201
        print(f"shift {number * STEP}: {len(drawing)} pages done")  # noqa: T201
    print(f"{failed} failures in {shifts} sets of seeds")  # noqa: T201
    return 1 if failed else 0


def _build(root: Path, drawing: list[str], shift: int) -> str:
    # The environment may stay: the shift is part of the key of each page.
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", "-E", "-b", "dummy"),
            *("-c", ".", "-d", "build/seeds-doctrees"),
            *("-D", f"mlsd_execute_only={','.join(drawing)}"),
            *("-D", "mlsd_store=build/seeds", "book", "build/seeds-out"),
        ],
        cwd=root,
        env={**os.environ, VARIABLE: str(shift)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr)
    return done.stderr
