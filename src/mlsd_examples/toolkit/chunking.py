r"""Where a file is cut decides how much of it is new after an edit.

Cut every so many bytes, one inserted byte moves all later cuts.  Cut where
the *content* says so, the cuts move with the content: only the chunk around
the edit changes.

The gear hash :math:`h_i = 2 h_{i-1} + g(b_i)`, taken modulo :math:`2^m`,
depends on the last :math:`m` bytes alone.  A cut falls behind byte
:math:`i` if it is zero, so chunks are about :math:`2^m` bytes long.

In production, use FastCDC, restic, borg or the Hugging Face Hub's store.
"""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from mlsd_examples._refusals import whole

__all__ = ["content_chunks", "fixed_chunks", "new_share"]

# One random 32-bit word for each byte value, the same on every machine.
_GEAR = np.frombuffer(
    b"".join(hashlib.sha256(bytes([b])).digest()[:4] for b in range(256)),
    dtype="<u4",
)


def fixed_chunks(data: bytes, size: int) -> list[bytes]:
    """Cut after every `size` bytes.

    Parameters
    ----------
    data : bytes
        What to cut.
    size : int
        Length of all chunks but the last, in bytes, at least 1.

    Returns
    -------
    list of bytes
        The chunks; joined, they are the data.

    Raises
    ------
    ValueError
        If `size` is below 1.

    Examples
    --------
    >>> fixed_chunks(b"abcdefgh", 3)
    [b'abc', b'def', b'gh']

    One byte in front, and no chunk is the same:

    >>> fixed_chunks(b"-abcdefgh", 3)
    [b'-ab', b'cde', b'fgh']
    >>> fixed_chunks(b"abc", 0)
    Traceback (most recent call last):
        ...
    ValueError: size=0 is below 1
    """
    size = whole("size", size, least=1)
    return [data[at : at + size] for at in range(0, len(data), size)]


def content_chunks(
    data: bytes, *, bits: int = 13, least: int = 2048, most: int = 65536
) -> list[bytes]:
    """Cut where the content says so.

    Parameters
    ----------
    data : bytes
        What to cut.
    bits : int
        A cut falls behind one byte in ``2**bits``; from 1 to 32.
    least, most : int
        Shortest and longest chunk in bytes; the last may be shorter.

    Returns
    -------
    list of bytes
        The chunks; joined, they are the data.

    Raises
    ------
    ValueError
        If a parameter is out of its range.

    Examples
    --------
    One byte in front of 100 000, and all chunks but the first return:

    >>> data = np.random.default_rng(5).bytes(100_000)
    >>> old, new = content_chunks(data), content_chunks(b"-" + data)
    >>> old[1:] == new[1:], len(old) > 5
    (True, True)
    >>> content_chunks(data, least=9, most=8)
    Traceback (most recent call last):
        ...
    ValueError: most=8 is below 9
    """
    bits = whole("bits", bits, least=1)
    if bits > 32:
        raise ValueError(f"bits={bits} is above 32")
    least = whole("least", least, least=1)
    most = whole("most", most, least=least)
    gear = _GEAR[np.frombuffer(data, dtype=np.uint8)]
    hashes = gear.copy()
    for age in range(1, min(bits, len(data))):
        hashes[age:] += gear[:-age] << np.uint32(age)
    wanted = hashes & np.uint32(2**bits - 1) == 0
    cuts, start = [0], 0
    for cut in [*(np.flatnonzero(wanted) + 1).tolist(), len(data)]:
        while cut - start > most:
            start += most
            cuts.append(start)
        if cut - start >= least:
            start = cut
            cuts.append(start)
    if start < len(data):
        cuts.append(len(data))
    return [data[a:b] for a, b in pairwise(cuts)]


def new_share(old: Sequence[bytes], new: Sequence[bytes]) -> float:
    """Compute the share of a file that a store does not have yet.

    Parameters
    ----------
    old, new : sequence of bytes
        Chunks of the version that is stored, and of the next one.

    Returns
    -------
    float
        Bytes in chunks that are not among the old, over all new bytes.

    Raises
    ------
    ValueError
        If the new version is empty.

    Examples
    --------
    >>> new_share([b"abc", b"def"], [b"abc", b"dxf"])
    0.5
    >>> new_share([b"abc"], [])
    Traceback (most recent call last):
        ...
    ValueError: the new version is empty
    """
    total = sum(len(chunk) for chunk in new)
    if not total:
        raise ValueError("the new version is empty")
    missing = set(new) - set(old)
    return sum(len(chunk) for chunk in missing) / total
