"""Each claim is as red as the tests that it names.

The build turns a claim red when a cell that it cites fails.  A claim may
also cite a test: those run here, once, and each claim answers for its own.
"""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
BOX = re.compile(r"^:{3,}\{claim\} (\S+)\n:evidence: (.+)$", re.MULTILINE)
CITED = {
    name: [item.strip() for item in items.split(",") if "::" in item]
    for page in sorted((ROOT / "book").rglob("day-*.md"))
    for name, items in BOX.findall(page.read_text("utf8"))
}
CLAIMS = sorted(name for name, tests in CITED.items() if tests)


@pytest.fixture(scope="session")
def passed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The cited tests that ran and passed, parameters left out."""
    report = tmp_path_factory.mktemp("evidence") / "report.xml"
    ids = sorted({test for tests in CITED.values() for test in tests})
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--noconftest"),
            *("-p", "no:cacheprovider", f"--junitxml={report}", *ids),
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    good: set[str] = set()
    bad: set[str] = set()
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314
        name = re.sub(r"\[.*", "", case.get("name", ""))
        file = case.get("classname", "").replace(".", "/") + ".py"
        (bad if len(case) else good).add(f"{file}::{name}")
    return good - bad


@pytest.mark.parametrize("name", CLAIMS)
def test_the_tests_that_a_claim_cites_pass(
    name: str, passed: set[str]
) -> None:
    assert [test for test in CITED[name] if test not in passed] == []
