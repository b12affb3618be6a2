"""A lock file, read as what it is: a function of the machine.

Each row of a hashed requirements file pins a version and the hashes of all
its archives; a *marker* behind the semicolon says on which machines the row
counts.  Installing evaluates the markers, so that one lock yields different
packages on different machines, by design.

In production, use :mod:`packaging.markers` and the installers themselves;
the standard successor of such files is ``pylock.toml`` (PEP 751).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "LOCK_EXCERPT",
    "LockRow",
    "machine",
    "marker_holds",
    "parse_lock",
    "rows_for",
]

# Rows of this book's own requirements.lock, two hashes of each kept.
LOCK_EXCERPT = """\
appnope==1.0.0 ; sys_platform == 'darwin' \\
    --hash=sha256:685db59cb6043c3c2e528adc0b3bce3a5f8d09bcf7492c6ea650d1b7421f3c49
cffi==2.1.1 ; implementation_name == 'pypy' \\
    --hash=sha256:046bfc24911b37851ee1b51aab8bffe713d89c68c6a057b09484ce9fd5f69b4e
colorama==0.4.6 \\
    --hash=sha256:08695f5cb7ed6e0531a20572697297273c47b8cae5a63ffc6d6ed5c201be6e44
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:001fbb8e08d942dd57599e781f2472269ee7f2755fae407b4f67b2f0b17da3f1 \\
    --hash=sha256:0280e0356c0829a18d9de1cb7eee50ec22ca639878d7240307ca0943d73cd2c4
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:08f1b9abf1707fa89c125aaa17e78389c063fb20ce37a141b47821e996f4a1db
ptyprocess==0.7.0 ; sys_platform != 'emscripten' and sys_platform != 'win32' \\
    --hash=sha256:4b41f3967fce3af57cc7e94b888626c18bf37a083e3651ca8feeb66d492fef35
"""  # noqa: E501 (a hash is not broken)

_ROW = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)\s*(?:;\s*(.*))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<sign>[<>=!~]=|[<>()])"
    r"|(?P<word>\w+))"
)
_VERSIONS = {"python_version", "python_full_version"}
_NAMES = _VERSIONS | {
    "implementation_name",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_system",
    "sys_platform",
}
_SYSTEMS = {
    "darwin": ("posix", "Darwin"),
    "linux": ("posix", "Linux"),
    "win32": ("nt", "Windows"),
}


@dataclass(frozen=True)
class LockRow:
    """One pinned row.

    Parameters
    ----------
    name, version : str
        What is pinned.
    marker : str
        Where the row counts; empty for everywhere.
    hashes : tuple of str
        SHA-256 of every archive that may be installed.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def parse_lock(text: str) -> tuple[LockRow, ...]:
    """Read the rows of a hashed requirements file.

    Parameters
    ----------
    text : str
        The file; lines that end in a backslash continue.

    Returns
    -------
    tuple of LockRow
        The rows in their order.

    Raises
    ------
    ValueError
        If a row is not pinned, or carries no hash: such a file is no lock.

    Examples
    --------
    >>> [(row.name, row.version) for row in parse_lock(LOCK_EXCERPT)][3:5]
    [('numpy', '2.4.6'), ('numpy', '2.5.5')]

    A range is not a lock:

    >>> parse_lock("numpy>=1.20")
    Traceback (most recent call last):
        ...
    ValueError: 'numpy>=1.20' is not pinned by ==
    """
    rows = []
    for line in text.replace("\\\n", " ").splitlines():
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        if not line:
            continue
        hashes = tuple(_HASH.findall(line))
        found = _ROW.fullmatch(_HASH.sub("", line).strip())
        if not found:
            raise ValueError(f"{line[:40]!r} is not pinned by ==")
        if not hashes:
            raise ValueError(f"{line[:40]!r} carries no hash")
        marker = (found[3] or "").strip()
        rows.append(LockRow(found[1], found[2], marker, hashes))
    return tuple(rows)


def machine(
    python: str, platform: str = "linux", processor: str = "x86_64"
) -> dict[str, str]:
    """Describe a machine by the variables that markers may ask for.

    Parameters
    ----------
    python : str
        A full version such as "3.12.4", of CPython.
    platform : str
        "linux", "darwin" or "win32".
    processor : str
        What ``platform.machine()`` returns there.

    Returns
    -------
    dict of str to str
        The variables of PEP 508 that lock files use.

    Raises
    ------
    ValueError
        If the version is not three numbers, or the platform is unknown.

    Examples
    --------
    >>> machine("3.12.4")["python_version"]
    '3.12'

    Nothing in it names a driver, a C library or a BLAS kernel:

    >>> len(machine("3.12.4"))
    8

    >>> machine("3.12")
    Traceback (most recent call last):
        ...
    ValueError: python='3.12' is not three numbers
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+", python):
        raise ValueError(f"python={python!r} is not three numbers")
    if platform not in _SYSTEMS:
        raise ValueError(f"platform={platform!r} is none of {[*_SYSTEMS]}")
    os_name, system = _SYSTEMS[platform]
    return {
        "implementation_name": "cpython",
        "os_name": os_name,
        "platform_machine": processor,
        "platform_python_implementation": "CPython",
        "platform_system": system,
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": platform,
    }


def marker_holds(marker: str, where: Mapping[str, str]) -> bool:
    """Evaluate a marker on a machine.

    Parameters
    ----------
    marker : str
        Comparisons joined by ``and``, ``or`` and parentheses; empty holds
        everywhere.
    where : mapping of str to str
        The machine, as :func:`machine` describes it.

    Returns
    -------
    bool
        Whether the row counts there.

    Raises
    ------
    ValueError
        If the marker cannot be read, or asks for an unknown variable.

    Notes
    -----
    Versions compare as numbers, everything else as text.  ``extra`` and
    pre-releases are left to :mod:`packaging.markers`.

    Examples
    --------
    >>> marker_holds("python_full_version < '3.12'", machine("3.11.7"))
    True

    Versions are not text, where "3.9" would come after "3.12":

    >>> marker_holds("python_version < '3.12'", machine("3.9.1"))
    True

    >>> marker_holds("cuda_version >= '12'", machine("3.11.7"))
    Traceback (most recent call last):
        ...
    ValueError: no marker asks for 'cuda_version'
    """
    if not marker.strip():
        return True
    tokens = _tokens(marker)
    holds = _disjunction(tokens, where)
    if tokens:
        raise ValueError(f"marker goes on at {tokens[0]!r}")
    return holds


def rows_for(
    rows: Iterable[LockRow], where: Mapping[str, str]
) -> tuple[LockRow, ...]:
    """Return the rows of a lock that count on a machine.

    Parameters
    ----------
    rows : iterable of LockRow
        The lock.
    where : mapping of str to str
        The machine, as :func:`machine` describes it.

    Returns
    -------
    tuple of LockRow
        What is installed there, in the order of the lock.

    Raises
    ------
    ValueError
        If a marker cannot be read, or two rows of one name both count.

    Examples
    --------
    The same lock, two machines:

    >>> rows = parse_lock(LOCK_EXCERPT)
    >>> [row.version for row in rows_for(rows, machine("3.11.7", "win32"))]
    ['0.4.6', '2.4.6']
    >>> [row.name for row in rows_for(rows, machine("3.13.0", "darwin"))]
    ['appnope', 'colorama', 'numpy', 'ptyprocess']

    Two versions of one package are no environment:

    >>> both = parse_lock(LOCK_EXCERPT.replace(" < '3.12'", " >= '3.12'"))
    >>> rows_for(both, machine("3.12.0"))
    Traceback (most recent call last):
        ...
    ValueError: numpy is pinned twice
    """
    chosen = tuple(row for row in rows if marker_holds(row.marker, where))
    names = [row.name for row in chosen]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name} is pinned twice")
    return chosen


def _tokens(marker: str) -> list[str]:
    tokens, at, end = [], 0, len(marker.rstrip())
    while at < end:
        found = _TOKEN.match(marker, at)
        if not found:
            raise ValueError(f"marker cannot be read at {marker[at:]!r}")
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


def _disjunction(tokens: list[str], where: Mapping[str, str]) -> bool:
    holds = _conjunction(tokens, where)
    while tokens[:1] == ["or"]:
        tokens.pop(0)
        holds = _conjunction(tokens, where) or holds
    return holds


def _conjunction(tokens: list[str], where: Mapping[str, str]) -> bool:
    holds = _atom(tokens, where)
    while tokens[:1] == ["and"]:
        tokens.pop(0)
        holds = _atom(tokens, where) and holds
    return holds


def _atom(tokens: list[str], where: Mapping[str, str]) -> bool:
    if tokens[:1] == ["("]:
        tokens.pop(0)
        holds = _disjunction(tokens, where)
        if not tokens or tokens.pop(0) != ")":
            raise ValueError("marker opens a parenthesis and never closes it")
        return holds
    if len(tokens) < 3:
        raise ValueError(f"marker ends at {' '.join(tokens)!r}")
    name, sign, quoted = (tokens.pop(0) for _ in range(3))
    if name not in _NAMES:
        raise ValueError(f"no marker asks for {name!r}")
    if quoted[0] not in "'\"":
        raise ValueError(f"{quoted!r} is not quoted")
    text = quoted[1:-1]
    if name in _VERSIONS:
        return _compare_versions(where[name], sign, text)
    if sign not in {"==", "!="}:
        raise ValueError(f"{sign!r} does not compare text")
    return (where[name] == text) == (sign == "==")


def _compare_versions(left: str, sign: str, text: str) -> bool:
    if text.endswith(".*") and sign in {"==", "!="}:
        prefix = _numbers(text[:-2])
        same = _numbers(left)[: len(prefix)] == prefix
        return same == (sign == "==")
    a, b = _numbers(left), _numbers(text)
    width = max(len(a), len(b))
    a, b = (v + (0,) * (width - len(v)) for v in (a, b))
    signs = {"<": a < b, "<=": a <= b, "==": a == b}
    signs |= {">": a > b, ">=": a >= b, "!=": a != b}
    if sign not in signs:
        raise ValueError(f"{sign!r} does not compare versions")
    return signs[sign]


def _numbers(version: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        raise ValueError(f"version {version!r} is not made of numbers")
    return tuple(int(part) for part in version.split("."))
