"""Git is asked, and asked alone."""

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlsd_examples.maths.monte_carlo import rate_of
from mlsd_examples.toolkit.repositories import (
    DiffSize,
    Weight,
    conflict_probability,
    conflicts,
    diff_size,
    random_edits,
    run_git,
    weigh_commits,
)


def test_nobodys_configuration_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Somebody\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    run_git("init", "--quiet", folder=tmp_path)
    who = run_git("var", "GIT_AUTHOR_IDENT", folder=tmp_path).stdout
    assert who == b"A Reader <reader@example.org> 1767225600 +0000\n"
    who = run_git("var", "GIT_COMMITTER_IDENT", folder=tmp_path).stdout
    assert who == b"A Reader <reader@example.org> 1767225600 +0000\n"
    found = run_git("config", "user.name", folder=tmp_path, accept=(1,))
    assert found.stdout == b""


def test_no_repository_above_is_found(tmp_path: Path) -> None:
    run_git("init", "--quiet", folder=tmp_path)
    below = tmp_path / "below"
    below.mkdir()
    with pytest.raises(
        ValueError, match=r"^git status: fatal: not a git repository"
    ):
        run_git("status", folder=below)


def test_the_home_of_git_is_the_folder(tmp_path: Path) -> None:
    seen = run_git(
        "-c", "alias.home=!echo $HOME", "home", folder=tmp_path
    ).stdout
    assert seen.decode().strip() == str(tmp_path)


def test_standard_input_is_passed(tmp_path: Path) -> None:
    done = run_git("hash-object", "--stdin", folder=tmp_path, data=b"hello\n")
    assert done.stdout == b"ce013625030ba8dba906f756967f9e9ca394464a\n"
    nothing = run_git("hash-object", "--stdin", folder=tmp_path)
    assert nothing.stdout[:7] == b"e69de29"


def test_a_machine_without_git_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "defpath", str(tmp_path))
    with pytest.raises(NotImplementedError, match=r"^git is not installed$"):
        run_git("version", folder=tmp_path)


def test_git_is_taken_from_the_default_path() -> None:
    assert shutil.which("git", path=os.defpath)


def test_one_version_weighs_about_one_file() -> None:
    data = np.random.default_rng(1).bytes(20_000)
    weight = weigh_commits([data])
    assert weight.file_bytes == 20_000
    # Random bytes do not compress; objects and headers add a little.
    assert 20_000 < weight.packed_bytes < 20_600


def test_ten_random_files_weigh_ten_files() -> None:
    rng = np.random.default_rng(2)
    versions = [rng.bytes(20_000) for _ in range(10)]
    weight = weigh_commits(versions)
    assert 10 * 20_000 < weight.packed_bytes < 10 * 20_600
    assert weight.files == weight.packed_bytes / 20_000
    gone = weigh_commits(versions, then_removed=True)
    assert weight.packed_bytes < gone.packed_bytes < 10 * 20_600
    assert gone.file_bytes == 20_000


def test_ten_edits_weigh_one_file() -> None:
    data = np.random.default_rng(3).bytes(20_000)
    edited = [data + bytes([i]) for i in range(10)]
    assert 20_000 < weigh_commits(edited).packed_bytes < 23_000


def test_the_last_version_counts_as_the_file() -> None:
    assert weigh_commits([b"a" * 9, b"b" * 7]).file_bytes == 7
    assert Weight(file_bytes=4, packed_bytes=10).files == 2.5


@pytest.mark.parametrize(
    ("versions", "message"),
    [
        ([], "there is no version to commit"),
        ([b"a", b""], "version 1 is empty"),
    ],
)
def test_nothing_to_commit_is_refused(
    versions: list[bytes], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        weigh_commits(versions)


def test_a_history_is_the_same_twice() -> None:
    versions = [b"one\n" * 50, b"two\n" * 50]
    assert weigh_commits(versions) == weigh_commits(versions)


@pytest.mark.parametrize(
    ("old", "new", "size"),
    [
        (b"", b"", DiffSize(0, 0)),
        (b"a\n", b"b\n", DiffSize(2, 4)),
        (b"a\nx\nb\n", b"c\nx\nd\n", DiffSize(4, 8)),
        (b"", b"abc\n", DiffSize(1, 4)),
        (b"a\n--- b\n", b"a\n+++ b\n", DiffSize(2, 12)),
        (b"\0\n", b"\1\n", DiffSize(2, 4)),
    ],
)
def test_the_size_of_a_diff_is_that_of_its_lines(
    old: bytes, new: bytes, size: DiffSize
) -> None:
    assert diff_size(old, new) == size


def test_the_order_of_branches_does_not_matter() -> None:
    between = b"b\n" * 9
    base, one, two = (
        first + between + last
        for first, last in (
            (b"a\n", b"d\n"),
            (b"A\n", b"D\n"),
            (b"X\n", b"Y\n"),
        )
    )
    assert conflicts(base, one, two) == conflicts(base, two, one) == 2
    assert conflicts(base, base, two) == conflicts(base, one, base) == 0
    assert conflicts(base, one, one) == 0


@pytest.mark.parametrize("edits", [1, 4, 12])
def test_git_asks_a_person_exactly_when_edits_touch(edits: int) -> None:
    rng = np.random.default_rng(edits)
    for _ in range(25):
        *versions, meet = random_edits(120, edits, rng)
        assert (conflicts(*versions) > 0) == meet


def test_edits_change_as_many_lines_as_asked() -> None:
    base, ours, theirs, _ = random_edits(50, 7, np.random.default_rng(1))
    lines = [file.splitlines() for file in (base, ours, theirs)]
    assert lines[0] == [f"line {i}".encode() for i in range(50)]
    for name, file in zip((b"ours", b"theirs"), lines[1:], strict=True):
        changed = [i for i in range(50) if file[i] != lines[0][i]]
        assert len(changed) == 7
        assert all(file[i] == name + b" %d" % i for i in changed)


def test_no_edits_never_meet_and_all_edits_always_do() -> None:
    rng = np.random.default_rng(1)
    assert random_edits(5, 0, rng)[3] is False
    assert random_edits(5, 5, rng)[3] is True


def test_the_probability_agrees_with_single_edits() -> None:
    rng = np.random.default_rng(2)
    rate = rate_of([random_edits(60, 1, rng)[3] for _ in range(4_000)])
    # One edit each: exactly (3 N - 2) / N**2, both ends have one neighbour.
    assert abs(rate.value - (3 * 60 - 2) / 60**2) < 4 * rate.standard_error
    assert conflict_probability(60, 1) == pytest.approx(3 / 60)


def test_the_probability_at_its_ends() -> None:
    assert conflict_probability(1, 0) == 0.0
    assert isinstance(conflict_probability(9, 0), float)
    assert conflict_probability(9, 3) == 1.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ((conflict_probability, 0, 0), "lines=0 is below 1"),
        ((conflict_probability, 9, -1), "edits=-1 is below 0"),
        (
            (conflict_probability, 8, 3),
            "3 edits are more than a third of 8 lines",
        ),
        ((random_edits, 0, 0), "lines=0 is below 1"),
        ((random_edits, 9, -1), "edits=-1 is below 0"),
        ((random_edits, 3, 4), "4 edits do not fit into 3 lines"),
    ],
)
def test_impossible_edits_are_refused(call: Any, message: str) -> None:
    function, lines, edits = call
    more = (np.random.default_rng(1),) if function is random_edits else ()
    with pytest.raises(ValueError, match=f"^{message}$"):
        function(lines, edits, *more)
