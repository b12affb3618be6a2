"""Wheels: what their names promise, and how to make one.

A wheel is a zip archive whose *name* says where it may be installed:
interpreter, binary interface and platform.  An installer compares these
tags with the ones that its machine supports; it does not look inside.  The
platform tag of a Linux wheel names a C library and its least version, and
nothing about drivers or processor kernels.

In production, read names with :mod:`packaging.utils` and
:mod:`packaging.tags`, and build with any backend that you trust.
"""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = [
    "WheelName",
    "fits",
    "glibc_needed",
    "make_wheel",
    "parse_wheel_name",
    "sha256_of",
]

_PART = re.compile(r"[A-Za-z0-9_.!+]+")
_MANYLINUX = re.compile(r"manylinux_(\d+)_(\d+)_(\w+)")
_LEGACY = {"manylinux1": (2, 5), "manylinux2010": (2, 12)}
_LEGACY |= {"manylinux2014": (2, 17)}
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class WheelName:
    """What the name of a wheel says.

    Parameters
    ----------
    name, version : str
        The distribution, as written in the file name.
    build : str
        The build number; empty for most wheels.
    tags : tuple of str
        Every interpreter-abi-platform triple that it claims, sorted.
    """

    name: str
    version: str
    build: str
    tags: tuple[str, ...]


def parse_wheel_name(filename: str) -> WheelName:
    """Take the name of a wheel apart.

    Parameters
    ----------
    filename : str
        For instance ``numpy-2.4.6-cp311-cp311-macosx_14_0_arm64.whl``.

    Returns
    -------
    WheelName
        Its parts; compressed tags such as ``py2.py3`` are expanded.

    Raises
    ------
    ValueError
        If it is not the name of a wheel.

    References
    ----------
    PyPA specifications, "Binary distribution format".

    Examples
    --------
    >>> parse_wheel_name("tqdm-4.68.0-py3-none-any.whl").tags
    ('py3-none-any',)

    One file may claim several triples:

    >>> parse_wheel_name("six-1.17.0-py2.py3-none-any.whl").tags
    ('py2-none-any', 'py3-none-any')

    A source archive is not a wheel:

    >>> parse_wheel_name("tqdm-4.68.0.tar.gz")
    Traceback (most recent call last):
        ...
    ValueError: 'tqdm-4.68.0.tar.gz' is not the name of a wheel
    """
    parts = filename.removesuffix(".whl").split("-")
    known = filename.endswith(".whl") and len(parts) in {5, 6}
    if not known or not all(_PART.fullmatch(part) for part in parts):
        raise ValueError(f"{filename!r} is not the name of a wheel")
    name, version, *build = parts[:-3]
    if build and not build[0][0].isdigit():
        raise ValueError(f"{filename!r}: build {build[0]!r} has no number")
    python, abi, platform = (part.split(".") for part in parts[-3:])
    tags = {f"{p}-{a}-{s}" for p in python for a in abi for s in platform}
    return WheelName(name, version, "".join(build), tuple(sorted(tags)))


def fits(filename: str, supported: Iterable[str]) -> bool:
    """Tell whether an installer would accept a wheel.

    Parameters
    ----------
    filename : str
        The name of a wheel.
    supported : iterable of str
        The triples of the machine, as ``str(packaging.tags.Tag)`` prints
        them.

    Returns
    -------
    bool
        Whether any triple of the wheel is supported.

    Raises
    ------
    ValueError
        If it is not the name of a wheel, or nothing is supported.

    Examples
    --------
    A pure wheel fits every machine that knows its tag:

    >>> fits("tqdm-4.68.0-py3-none-any.whl", ["cp311-cp311-linux_x86_64",
    ...     "py3-none-any"])
    True

    A wheel for another processor does not:

    >>> fits("fast-1.0-cp311-cp311-linux_aarch64.whl",
    ...     ["cp311-cp311-linux_x86_64"])
    False

    A machine supports something:

    >>> fits("tqdm-4.68.0-py3-none-any.whl", [])
    Traceback (most recent call last):
        ...
    ValueError: no supported tags
    """
    machine = {supported} if isinstance(supported, str) else set(supported)
    if not machine:
        raise ValueError("no supported tags")
    return not machine.isdisjoint(parse_wheel_name(filename).tags)


def glibc_needed(platform: str) -> tuple[int, int]:
    """Read the least glibc from a platform tag.

    Parameters
    ----------
    platform : str
        A manylinux tag, old style or new.

    Returns
    -------
    tuple of int
        Major and minor version of the C library.

    Raises
    ------
    ValueError
        If it is not a manylinux tag.

    References
    ----------
    PEP 600.

    Examples
    --------
    >>> glibc_needed("manylinux_2_28_aarch64")
    (2, 28)

    The old names are aliases:

    >>> glibc_needed("manylinux2014_x86_64")
    (2, 17)

    Alpine has another C library:

    >>> glibc_needed("musllinux_1_2_x86_64")
    Traceback (most recent call last):
        ...
    ValueError: 'musllinux_1_2_x86_64' names no glibc
    """
    if new := _MANYLINUX.fullmatch(platform):
        return int(new[1]), int(new[2])
    old, _, machine = platform.partition("_")
    if old in _LEGACY and machine:
        return _LEGACY[old]
    raise ValueError(f"{platform!r} names no glibc")


def sha256_of(content: bytes) -> str:
    """Return the hexadecimal SHA-256 of some bytes.

    Examples
    --------
    The empty file has a hash too:

    >>> sha256_of(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(content).hexdigest()


def make_wheel(
    name: str,
    version: str,
    modules: Mapping[str, str],
    *,
    requires: Sequence[str] = (),
    tag: str = "py3-none-any",
) -> tuple[str, bytes]:
    """Make a wheel in memory, the same bytes every time.

    Parameters
    ----------
    name, version : str
        Of the distribution.
    modules : mapping of str to str
        Source text by path inside the wheel.
    requires : sequence of str
        Requirements, as in ``Requires-Dist``.
    tag : str
        The triple in the file name.

    Returns
    -------
    filename : str
        As an installer expects it.
    content : bytes
        The archive.

    Raises
    ------
    ValueError
        If name, version and tag make no valid file name.

    Notes
    -----
    Zip archives hold the time of each file; a fixed one makes two builds
    equal.  Real backends read ``SOURCE_DATE_EPOCH`` for that.

    Examples
    --------
    >>> filename, content = make_wheel("rank", "1.0", {"rank.py": "K = 10"})
    >>> filename
    'rank-1.0-py3-none-any.whl'

    Built again, it has the same hash:

    >>> again = make_wheel("rank", "1.0", {"rank.py": "K = 10"})[1]
    >>> sha256_of(again) == sha256_of(content)
    True

    >>> make_wheel("rank er", "1.0", {})
    Traceback (most recent call last):
        ...
    ValueError: 'rank er-1.0-py3-none-any.whl' is not the name of a wheel
    """
    filename = f"{name}-{version}-{tag}.whl"
    parse_wheel_name(filename)
    info = f"{name}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}"]
    metadata += [f"Version: {version}"]
    metadata += [f"Requires-Dist: {need}" for need in requires]
    wheel = ["Wheel-Version: 1.0", "Generator: mlsd_examples"]
    wheel += ["Root-Is-Purelib: true", f"Tag: {tag}"]
    files = dict(modules)
    files[f"{info}/METADATA"] = "\n".join(metadata) + "\n"
    files[f"{info}/WHEEL"] = "\n".join(wheel) + "\n"
    record = [f"{p},{_record_hash(t)}" for p, t in files.items()]
    record += [f"{info}/RECORD,,"]
    files[f"{info}/RECORD"] = "\n".join(record) + "\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), text)
    return filename, buffer.getvalue()


def _record_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    encoded = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return f"sha256={encoded},{len(text.encode())}"
