"""Evidence is a cell that checks, a test that exists, or a claim."""

from pathlib import Path

import pytest

from mlsd_sphinx.evidence import line_of_test, parse_evidence

TESTS = """
import pytest


def helper():
    pass


@pytest.mark.parametrize("x", [1])
def test_one(x):
    pass


class TestMany:
    def test_two(self):
        pass
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(TESTS)
    (tmp_path / "tests" / "test_broken.py").write_text("def test_x(:\n")
    return tmp_path


def test_evidence_is_parted_by_commas() -> None:
    assert parse_evidence(" a-cell ,t.py::test_x\n, ") == (
        "a-cell",
        "t.py::test_x",
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("tests/test_it.py::test_one", 10),
        ("tests/test_it.py::test_one[a::b]", 10),
        ("tests/test_it.py::TestMany::test_two", 15),
    ],
)
def test_a_test_is_found_by_its_id(root: Path, name: str, line: int) -> None:
    assert line_of_test(root, name) == line


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tests/test_no.py::test_one", "no file tests/test_no.py"),
        ("tests/test_it.py::test_no", "defines no test_no"),
        ("tests/test_it.py::test_two", "defines no test_two"),
        ("tests/test_it.py::TestMany", "no test function"),
        ("tests/test_it.py::helper", "no test function"),
        ("tests/test_it.py", "name a test in it"),
        ("tests/../../test_it.py::test_one", "no file"),
        ("tests/test_broken.py::test_x", "cannot be read"),
    ],
)
def test_what_pytest_would_not_run_is_refused(
    root: Path, name: str, words: str
) -> None:
    with pytest.raises(LookupError, match=words):
        line_of_test(root, name)


def test_a_test_file_that_changed_is_read_again(root: Path) -> None:
    name = "tests/test_it.py::test_new"
    with pytest.raises(LookupError):
        line_of_test(root, name)
    (root / "tests" / "test_it.py").write_text("def test_new(): ...\n")
    assert line_of_test(root, name) == 1
