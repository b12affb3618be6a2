"""Locks and markers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from mlsd_examples.toolkit.requirements import (
    LOCK_EXCERPT,
    LockRow,
    machine,
    marker_holds,
    parse_lock,
    rows_for,
)

# Found upwards, since mutants are tested in a folder of the repository.
LOCK = next(
    path
    for folder in Path(__file__).parents
    if (path := folder / "requirements.lock").exists()
)
HASH = "--hash=sha256:" + "0a" * 32
VERSIONS = ["3.9.1", "3.11.7", "3.12.0", "3.12.4", "3.13.0", "3.15.2"]


def test_a_row_is_read_with_all_its_hashes() -> None:
    text = f"a-b.c==1.0 ; os_name == 'nt' \\\n    {HASH} \\\n    {HASH}\n"
    row = LockRow("a-b.c", "1.0", "os_name == 'nt'", ("0a" * 32,) * 2)
    assert parse_lock(text) == (row,)


def test_comments_and_empty_lines_are_skipped() -> None:
    text = f"# made by hand\n\na==1 {HASH}  # why not\n"
    assert parse_lock(text) == (LockRow("a", "1", "", ("0a" * 32,)),)
    assert parse_lock("") == ()


def test_the_books_own_lock_is_read() -> None:
    text = LOCK.read_text("utf8")
    rows = parse_lock(text)
    assert sum(len(row.hashes) for row in rows) == text.count("--hash=")
    assert len(rows) == sum(
        "==" in x and x[0] != " " for x in text.split("\n")
    )
    for version in ("3.11.7", "3.12.4", "3.13.0"):
        for platform in ("linux", "darwin", "win32"):
            where = machine(version, platform)
            ours = rows_for(rows, where)
            theirs = [
                row
                for row in rows
                if not row.marker or Marker(row.marker).evaluate(dict(where))
            ]
            assert list(ours) == theirs


def test_the_excerpt_comes_from_the_books_lock() -> None:
    full = parse_lock(LOCK.read_text("utf8"))
    known = {(r.name, r.version, r.marker): r.hashes for r in full}
    for row in parse_lock(LOCK_EXCERPT):
        assert set(row.hashes) <= set(known[row.name, row.version, row.marker])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("numpy>=1.20", "'numpy>=1.20' is not pinned by =="),
        ("numpy==1.20", "'numpy==1.20' carries no hash"),
        ("x" * 60, "'" + "x" * 40 + "' is not pinned"),
        ("numpy==" + "1" * 60, "'numpy==" + "1" * 33 + "' carries no hash"),
    ],
)
def test_what_is_no_lock_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_lock(text)


def test_a_machine_is_described_as_packaging_describes_it() -> None:
    from packaging.markers import default_environment

    known = default_environment()
    assert set(machine("3.11.7")) < set(known)
    assert machine("3.12.4", "win32", "AMD64") == {
        "implementation_name": "cpython",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "platform_system": "Windows",
        "python_full_version": "3.12.4",
        "python_version": "3.12",
        "sys_platform": "win32",
    }
    assert machine("3.11.7")["platform_machine"] == "x86_64"
    assert machine("3.11.7")["platform_system"] == "Linux"
    assert machine("3.11.7")["os_name"] == "posix"
    mac = machine("3.11.7", "darwin", "arm64")
    assert (mac["platform_system"], mac["os_name"]) == ("Darwin", "posix")


@pytest.mark.parametrize("python", ["3", "3.12", "3.12.0rc1", "3.12.0.1", ""])
def test_a_python_that_is_not_three_numbers_is_refused(python: str) -> None:
    with pytest.raises(ValueError, match="is not three numbers"):
        machine(python)


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match=r"platform='amiga' is none of \['darwin', 'linux', 'win32'\]",
    ):
        machine("3.12.0", "amiga")


WORDS = {
    "sys_platform": ["linux", "darwin", "win32"],
    "platform_machine": ["x86_64", "aarch64"],
    "implementation_name": ["cpython", "pypy"],
    "os_name": ["nt", "posix"],
    "platform_system": ["Linux", "Windows"],
    "platform_python_implementation": ["CPython", "PyPy"],
}


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    quote = draw(st.sampled_from("'\""))
    if draw(st.booleans()):
        name = draw(st.sampled_from(["python_version", "python_full_version"]))
        sign = draw(st.sampled_from(["<", "<=", "==", "!=", ">=", ">"]))
        text = draw(st.sampled_from(["3.9", "3.11", "3.12", "3.12.4", "3"]))
        if sign in {"==", "!="} and draw(st.booleans()):
            text += ".*"
    else:
        name = draw(st.sampled_from(sorted(WORDS)))
        sign = draw(st.sampled_from(["==", "!="]))
        text = draw(st.sampled_from(WORDS[name]))
    return f"{name} {sign} {quote}{text}{quote}"


MARKERS = st.recursive(
    comparisons(),
    lambda inner: st.builds(
        lambda a, word, b, wrap: (
            f"({a} {word} {b})" if wrap else (f"{a} {word} {b}")
        ),
        inner,
        st.sampled_from(["and", "or"]),
        inner,
        st.booleans(),
    ),
    max_leaves=5,
)


@given(
    MARKERS,
    st.sampled_from(VERSIONS),
    st.sampled_from(["linux", "darwin", "win32"]),
)
def test_markers_agree_with_packaging(
    marker: str, python: str, platform: str
) -> None:
    where = machine(python, platform)
    theirs = Marker(marker).evaluate(dict(where))
    assert marker_holds(marker, where) == theirs


def test_and_binds_before_or() -> None:
    where = machine("3.11.7")
    yes, no = "os_name == 'posix'", "os_name == 'nt'"
    assert marker_holds(f"{yes} or {no} and {no}", where)
    assert not marker_holds(f"({yes} or {no}) and {no}", where)
    assert marker_holds("", where)
    assert marker_holds("  ", where)
    assert marker_holds("os_name=='posix'", where)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("cuda == '12'", "no marker asks for 'cuda'"),
        ("os_name == posix", "'posix' is not quoted"),
        ("os_name == Xx", "'Xx' is not quoted"),
        ("os_name == 'nt' os_name", "marker goes on at 'os_name'"),
        ("os_name ==", "marker ends at 'os_name =='"),
        (
            "(os_name == 'nt'",
            r"^marker opens a parenthesis and never closes it$",
        ),
        ("(os_name == 'nt' or", "marker ends at ''"),
        ("(os_name == 'nt' 'nt'", "opens a parenthesis and never closes it"),
        ("os_name ? 'nt'", r"marker cannot be read at \" \? 'nt'\""),
        ("os_name < 'nt'", "'<' does not compare text"),
        ("python_version ~= '3.1'", "'~=' does not compare versions"),
        ("python_version == '3.x'", "version '3.x' is not made of numbers"),
        ("python_version < '3.1.*'", r"version '3.1.\*' is not made"),
    ],
)
def test_a_marker_that_makes_no_sense_is_refused(
    marker: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        marker_holds(marker, machine("3.11.7"))


def test_two_rows_of_one_name_are_refused_on_the_same_machine() -> None:
    rows = [LockRow("a", "1", "", ()), LockRow("b", "1", "", ())]
    rows += [LockRow("b", "2", "os_name == 'posix'", ())]
    assert len(rows_for(rows, machine("3.11.7", "win32"))) == 2
    with pytest.raises(ValueError, match="b is pinned twice"):
        rows_for(rows, machine("3.11.7"))
