"""Names that are computed from what they name.

Git calls a file by the hash of its bytes, and a folder by the hash of the
names and hashes in it.  Two equal files are one object, and a change of one
bit anywhere changes every name above it.

In production, ask Git (``git hash-object``, ``git rev-parse``), and Git LFS
for pointers.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Pointer", "blob_id", "lfs_pointer", "read_pointer", "tree_id"]

_SHA1 = re.compile(r"[0-9a-f]{40}")
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n"
    rb"oid sha256:([0-9a-f]{64})\n"
    rb"size (0|[1-9][0-9]*)\n"
)


@dataclass(frozen=True)
class Pointer:
    """What stands in Git in the place of a large file.

    Parameters
    ----------
    digest : str
        SHA-256 of the file, 64 hexadecimal digits.
    size_bytes : int
        Length of the file.
    """

    digest: str
    size_bytes: int


def blob_id(data: bytes) -> str:
    r"""Compute the name that Git gives to the content of a file.

    Parameters
    ----------
    data : bytes
        The whole content; neither file name nor date enters.

    Returns
    -------
    str
        40 hexadecimal digits.

    Raises
    ------
    TypeError
        If `data` is not bytes.

    Notes
    -----
    SHA-1 of ``blob <length>``, a zero byte and the content.

    Examples
    --------
    The name of one line:

    >>> blob_id(b"hello\n")
    'ce013625030ba8dba906f756967f9e9ca394464a'

    The empty file has a name too:

    >>> blob_id(b"")[:7]
    'e69de29'

    Text must be encoded first:

    >>> blob_id("hello")
    Traceback (most recent call last):
        ...
    TypeError: data is of type str, not bytes
    """
    return _object_id(b"blob", data)


def tree_id(entries: Mapping[str, str]) -> str:
    r"""Compute the name that Git gives to a folder of plain files.

    Parameters
    ----------
    entries : mapping of str to str
        Object name of each file by its file name; may be empty.

    Returns
    -------
    str
        40 hexadecimal digits.

    Raises
    ------
    ValueError
        If a file name is empty or has a slash or a zero byte, or an object
        name is not 40 hexadecimal digits.

    Examples
    --------
    One changed file renames the folder:

    >>> tree_id({"a.txt": blob_id(b"1")})[:7]
    '855dfa3'
    >>> tree_id({"a.txt": blob_id(b"2")})[:7]
    'f0d28a2'

    An abbreviated name is refused:

    >>> tree_id({"a.txt": "ce01362"})
    Traceback (most recent call last):
        ...
    ValueError: 'ce01362' is not an object name
    """
    lines = []
    for name, child in sorted((n.encode(), c) for n, c in entries.items()):
        if not name or b"/" in name or b"\0" in name:
            raise ValueError(f"{name.decode()!r} is not a file name")
        if not _SHA1.fullmatch(child):
            raise ValueError(f"{child!r} is not an object name")
        lines.append(b"100644 " + name + b"\0" + bytes.fromhex(child))
    return _object_id(b"tree", b"".join(lines))


def lfs_pointer(data: bytes) -> bytes:
    r"""Write the pointer that Git LFS commits instead of a file.

    Parameters
    ----------
    data : bytes
        Content of the file, not empty (LFS keeps empty files as they are).

    Returns
    -------
    bytes
        Three lines: version, digest and size.

    Raises
    ------
    TypeError
        If `data` is not bytes.
    ValueError
        If it is empty.

    Examples
    --------
    Whatever the size of the file, its pointer is short:

    >>> len(lfs_pointer(bytes(10**6)))
    132
    >>> lfs_pointer(b"weights")[-7:]
    b'size 7\n'

    An empty file has none:

    >>> lfs_pointer(b"")
    Traceback (most recent call last):
        ...
    ValueError: an empty file has no pointer
    """
    _refuse_other_than_bytes(data)
    if not data:
        raise ValueError("an empty file has no pointer")
    return (
        b"version https://git-lfs.github.com/spec/v1\n"
        b"oid sha256:%b\nsize %d\n"
        % (hashlib.sha256(data).hexdigest().encode(), len(data))
    )


def read_pointer(pointer: bytes) -> Pointer:
    r"""Read a pointer, or refuse what is none.

    Parameters
    ----------
    pointer : bytes
        The three lines that :func:`lfs_pointer` writes.

    Returns
    -------
    Pointer
        Digest and size.

    Raises
    ------
    TypeError
        If `pointer` is not bytes.
    ValueError
        If these are not exactly the three lines.

    Examples
    --------
    >>> read_pointer(lfs_pointer(b"weights")).size_bytes
    7

    The weights themselves, committed by mistake, are no pointer:

    >>> read_pointer(b"weights")
    Traceback (most recent call last):
        ...
    ValueError: not a pointer: b'weights'
    """
    _refuse_other_than_bytes(pointer)
    found = _POINTER.fullmatch(pointer)
    if not found:
        raise ValueError(f"not a pointer: {pointer[:40]!r}")
    return Pointer(found[1].decode(), int(found[2]))


def _object_id(kind: bytes, data: bytes) -> str:
    _refuse_other_than_bytes(data)
    header = b"%b %d\0" % (kind, len(data))
    return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()


def _refuse_other_than_bytes(data: bytes) -> None:
    if not isinstance(data, bytes):
        raise TypeError(f"data is of type {type(data).__name__}, not bytes")
