"""Gaps between equal models agree with counting and with statsmodels."""

import math
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar

from mlsd_examples.experiments.paired_comparison import (
    independent_gap_probability,
    mcnemar_p_value,
    paired_gap_probability,
)

small = st.integers(1, 9)
tenths = st.integers(0, 10).map(lambda k: Fraction(k, 10))


def binomial(n: int, k: int, p: Fraction) -> Fraction:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


@given(small, tenths, st.integers(1, 10))
def test_separate_sets_agree_with_counting(
    n: int, p: Fraction, apart: int
) -> None:
    exact = sum(
        binomial(n, i, p) * binomial(n, j, p)
        for i, j in product(range(n + 1), repeat=2)
        if abs(i - j) >= apart
    )
    found = independent_gap_probability(n, float(p), apart / n)
    assert found == pytest.approx(float(exact), abs=1e-12)


@given(small, tenths, st.integers(1, 10))
def test_a_shared_set_agrees_with_counting(
    n: int, d: Fraction, apart: int
) -> None:
    exact = sum(
        binomial(n, k, d) * binomial(k, b, Fraction(1, 2))
        for k in range(n + 1)
        for b in range(k + 1)
        if abs(2 * b - k) >= apart
    )
    found = paired_gap_probability(n, float(d), apart / n)
    assert found == pytest.approx(float(exact), abs=1e-12)


def test_a_gap_between_counts_means_the_next_count() -> None:
    for function in (independent_gap_probability, paired_gap_probability):
        assert function(10, 0.5, 0.11) == function(10, 0.5, 0.2)
        assert function(10, 0.5, 0.001) == function(10, 0.5, 0.1)
        assert function(10, 0.5, 0.3) == function(10, 0.5, 3 / 10)
        assert function(10, 0.5, 1.1) == 0


def test_a_gap_that_rounds_to_a_count_is_that_count() -> None:
    # 0.07 * 100 is 7.000000000000001 in floating point.
    assert 0.07 * 100 > 7
    for function in (independent_gap_probability, paired_gap_probability):
        assert function(100, 0.5, 0.07) == function(100, 0.5, 0.0695)


def test_the_numbers_of_the_page() -> None:
    assert independent_gap_probability(500, 0.9, 0.02) == pytest.approx(
        0.316, abs=5e-4
    )
    assert paired_gap_probability(500, 0.04, 0.02) == pytest.approx(
        0.034, abs=5e-4
    )


def test_one_example_is_enough() -> None:
    assert independent_gap_probability(1, 0.5, 1.0) == pytest.approx(0.5)
    assert paired_gap_probability(1, 1.0, 1.0) == pytest.approx(1.0)
    assert paired_gap_probability(9, 1.0, 0.1) <= 1.0


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_agrees_with_statsmodels(first: int, second: int) -> None:
    table = [[5, first], [second, 7]]
    expected = float(mcnemar(table, exact=True).pvalue)
    if first == second:
        expected = 1.0
    assert mcnemar_p_value(first, second) == pytest.approx(expected)
    assert mcnemar_p_value(first, second) == mcnemar_p_value(second, first)
    assert mcnemar_p_value(first, second) <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 0.5, 0.1), "n=0 is below 1"),
        ((5, 1.5, 0.1), r"{}=1.5 is outside \[0, 1\]"),
        ((5, math.nan, 0.1), "{}=nan is not finite"),
        ((5, 0.5, 0.0), "gap=0.0 is not positive"),
    ],
)
def test_impossible_comparisons_are_refused(
    arguments: tuple[int, float, float], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message.format('accuracy')}$"):
        independent_gap_probability(*arguments)
    with pytest.raises(
        ValueError, match=f"^{message.format('disagreement')}$"
    ):
        paired_gap_probability(*arguments)


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^only_first=-1 is below 0$"):
        mcnemar_p_value(-1, 2)
    with pytest.raises(ValueError, match=r"^only_second=-1 is below 0$"):
        mcnemar_p_value(2, -1)
