"""What Git itself says, asked in repositories that vanish afterwards.

Every call runs the installed ``git`` in a temporary folder, without the
configuration of the user or the machine, with fixed names and dates: two
runs give the same commits.

In production, use Git directly, or pygit2 from a service.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from mlsd_examples._refusals import whole

__all__ = [
    "DiffSize",
    "Weight",
    "conflict_probability",
    "conflicts",
    "diff_size",
    "random_edits",
    "run_git",
    "weigh_commits",
]

_ENVIRONMENT = {
    "PATH": os.defpath,
    "LC_ALL": "C",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A Reader",
    "GIT_AUTHOR_EMAIL": "reader@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00+0000",
    "GIT_COMMITTER_NAME": "A Reader",
    "GIT_COMMITTER_EMAIL": "reader@example.org",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00+0000",
}
_COMMITTER = b"A Reader <reader@example.org> 1767225600 +0000"
_MOST_CONFLICTS = 127  # git merge-file counts no further


@dataclass(frozen=True)
class Weight:
    """Bytes of a history after Git has packed it.

    Parameters
    ----------
    file_bytes : int
        Length of the last version.
    packed_bytes : int
        Length of the pack with all versions.
    """

    file_bytes: int
    packed_bytes: int

    @property
    def files(self) -> float:
        """The pack, in units of one version."""
        return self.packed_bytes / self.file_bytes


@dataclass(frozen=True)
class DiffSize:
    """What a reviewer has to read.

    Parameters
    ----------
    lines : int
        Lines removed and added.
    changed_bytes : int
        Bytes of these lines, line ends included.
    """

    lines: int
    changed_bytes: int


def run_git(
    *arguments: str,
    folder: Path,
    data: bytes = b"",
    accept: Sequence[int] = (0,),
) -> subprocess.CompletedProcess[bytes]:
    """Run Git without anybody's configuration.

    Parameters
    ----------
    *arguments : str
        What follows ``git``.
    folder : Path
        Where it runs; also its home, and it looks for no repository above.
    data : bytes
        Standard input.
    accept : sequence of int
        Exit codes that are no error.

    Returns
    -------
    CompletedProcess
        With its exit code and its output as bytes.

    Raises
    ------
    ValueError
        If Git ends with another exit code; the message is Git's.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     done = run_git(
    ...         "hash-object", "--stdin", folder=Path(folder), data=b"1"
    ...     )
    >>> done.stdout.decode().strip()[:7]
    '56a6051'

    What Git refuses, this refuses:

    >>> with TemporaryDirectory() as folder:
    ...     run_git("log", folder=Path(folder))
    Traceback (most recent call last):
        ...
    ValueError: git log: fatal: not a git repository ...
    """
    place = str(folder)
    ceiling = str(folder.resolve().parent)
    done = subprocess.run(
        [_git(), *arguments],
        cwd=folder,
        env={
            **_ENVIRONMENT,
            "HOME": place,
            "GIT_CEILING_DIRECTORIES": ceiling,
        },
        input=data,
        capture_output=True,
        check=False,
    )
    if done.returncode not in accept:
        message = done.stderr.decode(errors="replace").strip()
        raise ValueError(f"git {arguments[0]}: {message}")
    return done


def weigh_commits(
    versions: Sequence[bytes], *, then_removed: bool = False
) -> Weight:
    """Commit the versions of one file, pack, and weigh the history.

    Parameters
    ----------
    versions : sequence of bytes, shape (commits,)
        Content of the file in each commit, at least one, none empty.
    then_removed : bool
        Whether a last commit removes the file.

    Returns
    -------
    Weight
        The last version, and the pack of all.

    Raises
    ------
    ValueError
        If there is no version, or one is empty.

    Notes
    -----
    ``git fast-import`` writes the commits and ``git gc --aggressive`` packs
    what the history can reach, with fresh deltas.

    Examples
    --------
    Ten random files weigh ten files; one changed byte weighs almost none:

    >>> rng = np.random.default_rng(5)
    >>> others = [rng.bytes(10_000) for _ in range(10)]
    >>> round(weigh_commits(others).files)
    10
    >>> edited = [others[0][:-1] + bytes([i]) for i in range(10)]
    >>> round(weigh_commits(edited).files)
    1

    Removing the file removes nothing from the history:

    >>> round(weigh_commits(others, then_removed=True).files)
    10
    >>> weigh_commits([])
    Traceback (most recent call last):
        ...
    ValueError: there is no version to commit
    """
    if not versions:
        raise ValueError("there is no version to commit")
    stream = []
    for number, version in enumerate(versions):
        if not version:
            raise ValueError(f"version {number} is empty")
        stream.append(b"blob\nmark :1\ndata %d\n" % len(version))
        stream += [version, b"\n", _commit(b"M 100644 :1 file")]
    if then_removed:
        stream.append(_commit(b"D file"))
    with TemporaryDirectory() as name:
        folder = Path(name)
        run_git("init", "--quiet", "--bare", folder=folder)
        run_git("fast-import", "--quiet", folder=folder, data=b"".join(stream))
        run_git("gc", "--quiet", "--aggressive", "--prune=now", folder=folder)
        packs = [p.stat().st_size for p in folder.glob("objects/pack/*.pack")]
    return Weight(len(versions[-1]), sum(packs))


def diff_size(old: bytes, new: bytes) -> DiffSize:
    r"""Measure what ``git diff`` shows between two versions.

    Parameters
    ----------
    old, new : bytes
        Contents; shown as text whatever they are.

    Returns
    -------
    DiffSize
        Lines removed and added, and their bytes.

    Examples
    --------
    One line became another:

    >>> diff_size(b"a\nb\n", b"a\nc\n")
    DiffSize(lines=2, changed_bytes=4)
    >>> diff_size(b"a\n", b"a\n")
    DiffSize(lines=0, changed_bytes=0)
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "old").write_bytes(old)
        (folder / "new").write_bytes(new)
        shown = run_git(
            *("diff", "--no-index", "--text", "--unified=0", "old", "new"),
            folder=folder,
            accept=(0, 1),
        ).stdout
    # Before the first hunk come the names of the files.
    hunks = shown.partition(b"\n@@")[2].split(b"\n")
    changed = [line for line in hunks if line[:1] in {b"+", b"-"}]
    return DiffSize(len(changed), sum(len(line) for line in changed))


def conflicts(base: bytes, ours: bytes, theirs: bytes) -> int:
    r"""Count the places that Git cannot merge on its own.

    Parameters
    ----------
    base, ours, theirs : bytes
        The common version, and what two people made of it.

    Returns
    -------
    int
        Conflicts, up to 127, where Git stops counting; those a few lines
        apart count as one.

    Examples
    --------
    Two lines apart, both edits are taken; neighbours conflict:

    >>> conflicts(b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n")
    0
    >>> conflicts(b"a\nb\nc\n", b"A\nb\nc\n", b"a\nB\nc\n")
    1
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in ("o", ours), ("b", base), ("t", theirs):
            (folder / file).write_bytes(data)
        return run_git(
            *("merge-file", "--stdout", "--quiet", "o", "b", "t"),
            folder=folder,
            accept=range(_MOST_CONFLICTS + 1),
        ).returncode


def conflict_probability(lines: int, edits: int) -> float:
    r"""Approximate how often two branches conflict.

    Parameters
    ----------
    lines : int
        Lines of the file, at least 1.
    edits : int
        Lines that each branch edits, from 0; no more than a third of all.

    Returns
    -------
    float
        Probability that Git cannot merge them alone.

    Raises
    ------
    ValueError
        If the numbers are impossible.

    Notes
    -----
    :math:`1 - (1 - 3k/N)^k`: each of our :math:`k` edits must avoid their
    :math:`k` lines and both neighbours of each, at random places.

    Examples
    --------
    Twice the edits make nearly four times the conflicts:

    >>> [round(conflict_probability(400, k), 3) for k in (1, 2, 4, 8, 16)]
    [0.007, 0.03, 0.115, 0.39, 0.871]
    >>> conflict_probability(10, 4)
    Traceback (most recent call last):
        ...
    ValueError: 4 edits are more than a third of 10 lines
    """
    lines = whole("lines", lines, least=1)
    edits = whole("edits", edits, least=0)
    if 3 * edits > lines:
        raise ValueError(
            f"{edits} edits are more than a third of {lines} lines"
        )
    return 1.0 - (1 - 3 * edits / lines) ** edits


def random_edits(
    lines: int, edits: int, rng: np.random.Generator
) -> tuple[bytes, bytes, bytes, bool]:
    """Edit one file on two branches, at random lines.

    Parameters
    ----------
    lines : int
        Lines of the file, at least 1.
    edits : int
        Different lines that each branch edits, from 0 to `lines`.
    rng : Generator
        Source of randomness.

    Returns
    -------
    base, ours, theirs : bytes
        Common version and both branches.
    meet : bool
        Whether some edits fall on the same line or on neighbours, which is
        when Git asks a person.

    Raises
    ------
    ValueError
        If the numbers are impossible.

    Examples
    --------
    >>> *versions, meet = random_edits(9, 9, np.random.default_rng(5))
    >>> meet, conflicts(*versions)
    (True, 1)
    >>> random_edits(3, 4, np.random.default_rng(5))
    Traceback (most recent call last):
        ...
    ValueError: 4 edits do not fit into 3 lines
    """
    lines = whole("lines", lines, least=1)
    edits = whole("edits", edits, least=0)
    if edits > lines:
        raise ValueError(f"{edits} edits do not fit into {lines} lines")
    base = [f"line {i}" for i in range(lines)]
    at = [rng.permutation(lines)[:edits] for _ in range(2)]
    files = [base]
    for name, places in zip(("ours", "theirs"), at, strict=True):
        edited = list(base)
        for i in places.tolist():
            edited[i] = f"{name} {i}"
        files.append(edited)
    first, second, third = (
        "".join(f"{line}\n" for line in file).encode() for file in files
    )
    gaps = np.abs(at[0][:, None] - at[1][None, :])
    return first, second, third, bool((gaps <= 1).any())


def _git() -> str:
    found = shutil.which("git", path=os.defpath)
    if found is None:
        raise NotImplementedError("git is not installed")
    return found


def _commit(change: bytes) -> bytes:
    return (
        b"commit refs/heads/main\ncommitter "
        + _COMMITTER
        + b"\ndata 1\nx\n"
        + change
        + b"\n"
    )
