"""The lane outside the cache reaches every cell of every page.

A collector that finds nothing passes in silence: this counts.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

CELL = re.compile(r"^```\{code-cell\}", re.MULTILINE)


def test_every_cell_of_every_page_is_collected(root: Path) -> None:
    written = {
        str(page.relative_to(root)): len(CELL.findall(page.read_text("utf8")))
        for page in (root / "book").rglob("*.md")
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "book"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    found = Counter(
        re.findall(r"^(book/\S+?\.md)::", done.stdout, re.MULTILINE)
    )
    missed = {p: n for p, n in written.items() if found[p] < n}
    assert missed == {}
    assert sum(found.values()) > 20
