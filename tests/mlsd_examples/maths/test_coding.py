"""Codes are as long as the entropy says, and come back whole."""

import math
import re
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.maths.coding import (
    arithmetic_decode,
    arithmetic_encode,
    huffman_lengths,
    message_bits,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


WEIGHTS = st.lists(st.integers(0, 1_000), min_size=1, max_size=8).filter(any)


@st.composite
def messages(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    weights = draw(WEIGHTS)
    possible = [place for place, weight in enumerate(weights) if weight]
    message = draw(st.lists(st.sampled_from(possible), max_size=40))
    return message, weights


@given(messages())
def test_every_message_comes_back(case: tuple[list[int], list[int]]) -> None:
    message, weights = case
    code = arithmetic_encode(np.array(message, dtype=int), weights)
    assert arithmetic_decode(code, weights, len(message)) == tuple(message)


@given(messages())
def test_a_message_is_within_two_bits_of_its_surprise(
    case: tuple[list[int], list[int]],
) -> None:
    message, weights = case
    code = arithmetic_encode(np.array(message, dtype=int), weights)
    likely = Fraction(1)
    for symbol in message:
        likely *= Fraction(weights[symbol], sum(weights))
    # ceil(-log2 P) + 1, exactly.
    assert Fraction(1, 2 ** (len(code) - 1)) <= likely
    assert likely < Fraction(4, 2 ** len(code))
    surprise = message_bits(np.array(message, dtype=int), weights)
    expected = math.log2(likely.denominator) - math.log2(likely.numerator)
    assert surprise == pytest.approx(expected, abs=1e-6)


@given(messages())
def test_no_code_is_the_beginning_of_another(
    case: tuple[list[int], list[int]],
) -> None:
    _, weights = case
    short = weights[:3]
    if not any(short):
        return
    possible = [place for place, weight in enumerate(short) if weight]
    codes = [
        arithmetic_encode(list(message), short)
        for message in product(possible, repeat=3)
    ]
    for one, two in permutations(codes, 2):
        assert not two.startswith(one)


def test_weights_beyond_64_bits_lose_nothing() -> None:
    weights = [2**40 + 1, 2**41 + 3, 1]
    message = [0, 1, 1, 2, 0, 1] * 5
    code = arithmetic_encode(message, weights)
    assert arithmetic_decode(code, weights, 30) == tuple(message)


def test_a_mean_code_is_as_long_as_the_entropy() -> None:
    rng = np.random.default_rng(2)
    message = rng.choice(3, 4_000, p=[0.7, 0.2, 0.1])
    code = arithmetic_encode(message, [7, 2, 1])
    h = -sum(p * math.log2(p) for p in (0.7, 0.2, 0.1))
    spread = math.sqrt(
        sum(p * math.log2(p) ** 2 for p in (0.7, 0.2, 0.1)) - h * h
    )
    assert abs(len(code) / 4_000 - h) < 4 * spread / math.sqrt(4_000) + 1e-3


def test_the_empty_message_is_one_bit() -> None:
    empty = np.array([], dtype=int)
    assert arithmetic_encode(empty, [1, 1]) == "0"
    assert arithmetic_decode("0", [1, 1], 0) == ()
    assert message_bits(empty, [1, 1]) == 0.0


SHARES = (
    st.lists(st.integers(0, 10**6), min_size=2, max_size=10)
    .filter(any)
    .map(lambda w: [x / sum(w) for x in w])
)


@given(SHARES)
def test_huffman_words_fit_and_are_short_enough(p: list[float]) -> None:
    lengths = huffman_lengths(p)
    assert sum(Fraction(1, 2**length) for length in lengths) == 1
    h = -sum(x * math.log2(x) for x in p if x > 0)
    mean = sum(x * length for x, length in zip(p, lengths, strict=True))
    assert h - 1e-9 <= mean
    # Strictly, unless one outcome is certain and another is listed.
    assert mean < h + 1 or max(p) == 1
    for a, b in permutations(range(len(p)), 2):
        if p[a] > p[b]:
            assert lengths[a] <= lengths[b]


@given(
    st.lists(st.integers(1, 50), min_size=2, max_size=5).map(
        lambda w: [x / sum(w) for x in w]
    )
)
def test_no_other_lengths_that_fit_are_shorter(p: list[float]) -> None:
    mean = sum(
        x * length for x, length in zip(p, huffman_lengths(p), strict=True)
    )
    for lengths in product(range(1, len(p)), repeat=len(p)):
        if sum(Fraction(1, 2**length) for length in lengths) <= 1:
            other = sum(x * n for x, n in zip(p, lengths, strict=True))
            assert mean <= other + 1e-12


def test_known_words() -> None:
    assert huffman_lengths([0.5, 0.25, 0.125, 0.125]) == (1, 2, 3, 3)
    assert huffman_lengths([0.4, 0.2, 0.2, 0.1, 0.1]) in {
        (2, 2, 2, 3, 3),
        (1, 3, 3, 3, 3),
        (1, 2, 3, 4, 4),
    }
    assert huffman_lengths([1.0]) == (0,)
    assert huffman_lengths([0.0, 1.0]) == (1, 1)


def test_bits_of_a_message_are_added() -> None:
    assert message_bits([0, 0, 1], [1, 1]) == 3.0
    assert message_bits([0, 1], [3, 1]) == pytest.approx(
        math.log2(4 / 3) + 2, abs=1e-12
    )
    assert message_bits([0, 1], [1, 0]) == math.inf
    assert message_bits([0], [1, 0]) == 0.0


def test_impossible_messages_and_models_are_refused() -> None:
    for route in (message_bits, arithmetic_encode):
        with pytest.raises(
            ValueError, match=exactly("message[1]=2 is not one of 2 symbols")
        ):
            route([0, 2], [1, 1])
        with pytest.raises(ValueError, match=exactly("weights sum to 0")):
            route([0], [0, 0])
        with pytest.raises(
            ValueError, match=exactly("weights[0]=-1 is negative")
        ):
            route([0], [-1, 2])
        with pytest.raises(
            ValueError, match=exactly("weights holds 0 values, fewer than 1")
        ):
            route([0], [])
        with pytest.raises(TypeError, match=r"^message are of type float64"):
            route([0.5], [1, 1])
        with pytest.raises(TypeError, match=r"^weights are of type float64"):
            route([0], [0.5, 0.5])
        with pytest.raises(
            ValueError, match=exactly("message[0]=-1 is negative")
        ):
            route([-1], [1, 1])
    with pytest.raises(ValueError, match=exactly("message[1]=1 has weight 0")):
        arithmetic_encode([0, 1], [1, 0])
    for code in ("", "012", "0 1"):
        with pytest.raises(
            ValueError,
            match=exactly(f"code {code!r} holds more than bits"),
        ):
            arithmetic_decode(code, [1, 1], 1)
    with pytest.raises(ValueError, match=exactly("length=-1 is below 0")):
        arithmetic_decode("0", [1, 1], -1)
    with pytest.raises(ValueError, match=exactly("p sums to 4, not to 1")):
        huffman_lengths([3, 1])
