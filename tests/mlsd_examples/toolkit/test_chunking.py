"""Chunks rejoin to the data, and cuts travel with the content."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit.chunking import (
    content_chunks,
    fixed_chunks,
    new_share,
)


def gear(byte: int) -> int:
    return int.from_bytes(hashlib.sha256(bytes([byte])).digest()[:4], "little")


def cut_one_by_one(
    data: bytes, bits: int, least: int, most: int
) -> list[bytes]:
    """Cut by the recursion of the gear hash, byte after byte."""
    chunks, start, value = [], 0, 0
    for at, byte in enumerate(data):
        value = (2 * value + gear(byte)) % 2**bits
        length = at + 1 - start
        if length == most + 1:  # the cut is forced before this byte
            chunks.append(data[start : start + most])
            start, length = start + most, 1
        if value == 0 and length >= least:
            chunks.append(data[start : at + 1])
            start = at + 1
    return [*chunks, data[start:]] if start < len(data) else chunks


@given(st.binary(), st.integers(1, 9))
def test_fixed_chunks_rejoin_and_have_their_size(
    data: bytes, size: int
) -> None:
    chunks = fixed_chunks(data, size)
    assert b"".join(chunks) == data
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert len(chunks) == -(-len(data) // size)


def test_chunks_of_one_byte_are_allowed() -> None:
    assert fixed_chunks(b"ab", 1) == [b"a", b"b"]
    assert content_chunks(b"ab", bits=1, least=1, most=1) == [b"a", b"b"]


@given(
    st.binary(max_size=300),
    st.integers(1, 6),
    st.integers(1, 9),
    st.integers(0, 30),
)
def test_cuts_fall_where_the_recursion_says(
    data: bytes, bits: int, least: int, extra: int
) -> None:
    sizes = {"bits": bits, "least": least, "most": least + extra}
    assert content_chunks(data, **sizes) == cut_one_by_one(data, **sizes)


def test_the_defaults_are_those_documented() -> None:
    data = np.random.default_rng(1).bytes(120_000)
    expected = cut_one_by_one(data, 13, 2048, 65536)
    assert content_chunks(data) == expected
    assert content_chunks(bytes([0]) * 200_000) == cut_one_by_one(
        bytes([0]) * 200_000, 13, 2048, 65536
    )


def test_thirty_two_bits_are_the_most() -> None:
    data = np.random.default_rng(2).bytes(1_000)
    assert content_chunks(data, bits=32) == [data]
    with pytest.raises(ValueError, match=r"^bits=33 is above 32$"):
        content_chunks(data, bits=33)


def test_many_bits_look_back_as_far_as_they_should() -> None:
    data = np.random.default_rng(3).bytes(3_000)
    sizes = {"bits": 20, "least": 1, "most": 3_000}
    hashes, value = [], 0
    for byte in data:
        value = (2 * value + gear(byte)) % 2**20
        hashes.append(value)
    cuts = [i + 1 for i, value in enumerate(hashes) if value == 0]
    assert len(content_chunks(data, **sizes)) == 1 + len(cuts)


def test_an_insertion_renews_one_chunk_by_content_and_all_by_size() -> None:
    old = np.random.default_rng(4).bytes(300_000)
    new = old[:100] + b"!" + old[100:]
    pieces = content_chunks(new)
    share = new_share(content_chunks(old), pieces)
    assert share == len(pieces[0]) / len(new)
    assert new_share(fixed_chunks(old, 4096), fixed_chunks(new, 4096)) == 1


def test_a_chunk_that_recurs_is_new_once() -> None:
    assert new_share([b"b"], [b"aa", b"aa", b"b"]) == 2 / 5
    assert new_share([], [b"a"]) == 1
    assert new_share([b"a"], [b"a"]) == 0


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"bits": 0}, "bits=0 is below 1"),
        ({"least": 0}, "least=0 is below 1"),
        ({"least": 9, "most": 8}, "most=8 is below 9"),
    ],
)
def test_impossible_sizes_are_refused(
    sizes: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        content_chunks(b"abc", **sizes)


def test_a_chunk_needs_a_size() -> None:
    with pytest.raises(ValueError, match=r"^size=0 is below 1$"):
        fixed_chunks(b"abc", 0)


@pytest.mark.parametrize("new", [[], [b""]])
def test_nothing_new_has_no_share(new: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"^the new version is empty$"):
        new_share([b"a"], new)
