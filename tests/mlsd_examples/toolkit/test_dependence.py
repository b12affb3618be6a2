"""Measures of dependence agree with SciPy, and with double sums."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chatterjeexi, pearsonr, rankdata, spearmanr

from mlsd_examples.toolkit.dependence import (
    chatterjee_xi,
    distance_correlation,
    pearson,
    ranks,
    spearman,
)

ANSCOMBE_X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
ANSCOMBE = [
    (
        ANSCOMBE_X,
        [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68],
    ),
    (
        ANSCOMBE_X,
        [9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74],
    ),
    (
        ANSCOMBE_X,
        [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73],
    ),
    (
        [8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8],
        [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89],
    ),
]
WHOLE = st.integers(-20, 20)
PAIRS = st.lists(st.tuples(WHOLE, WHOLE), min_size=2, max_size=25).filter(
    lambda pairs: all(len(set(side)) > 1 for side in zip(*pairs, strict=True))
)
ALL = [pearson, spearman, distance_correlation, chatterjee_xi]


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@given(PAIRS)
def test_pearson_is_scipys(pairs: list[tuple[int, int]]) -> None:
    x, y = zip(*pairs, strict=True)
    if len(pairs) > 2:
        assert pearson(x, y) == pytest.approx(
            pearsonr(x, y).statistic, abs=1e-12
        )
    assert -1 <= pearson(x, y) <= 1
    assert pearson(x, x) == pytest.approx(1, abs=1e-12)


def test_pearson_never_leaves_its_range() -> None:
    rng = np.random.default_rng(1)
    for n in range(2, 200):
        x = rng.standard_normal(n)
        assert pearson(x, 3 * x + 0.1) <= 1
        assert pearson(x, -3 * x + 0.1) >= -1


def test_huge_and_tiny_values_do_not_overflow() -> None:
    x = np.array([1.0, 2.0, 4.0])
    for scale in (1e-200, 1e200):
        assert pearson(scale * x, x) == pytest.approx(1)
        assert distance_correlation(scale * x, x) == pytest.approx(1)


@given(st.lists(WHOLE, min_size=1, max_size=30))
def test_ranks_are_scipys(values: list[int]) -> None:
    assert ranks(values).tolist() == rankdata(values).tolist()


@given(PAIRS)
def test_spearman_is_scipys(pairs: list[tuple[int, int]]) -> None:
    x, y = zip(*pairs, strict=True)
    if len(pairs) > 2:
        expected = spearmanr(x, y).statistic
        assert spearman(x, y) == pytest.approx(expected, abs=1e-12)


def double_sum(x: list[int], y: list[int]) -> float:
    """Compute distance correlation from its definition, term by term."""
    n = len(x)

    def centred(values: list[int]) -> list[list[float]]:
        d = [[abs(a - b) for b in values] for a in values]
        rows = [sum(row) / n for row in d]
        mean = sum(rows) / n
        return [
            [d[j][k] - rows[j] - rows[k] + mean for k in range(n)]
            for j in range(n)
        ]

    a, b = centred(x), centred(y)

    def mean_of(p: list[list[float]], q: list[list[float]]) -> float:
        both = (p[j][k] * q[j][k] for j in range(n) for k in range(n))
        return sum(both) / n**2

    return math.sqrt(
        max(0.0, mean_of(a, b)) / math.sqrt(mean_of(a, a) * mean_of(b, b))
    )


@settings(max_examples=50)
@given(PAIRS)
def test_distance_correlation_is_its_double_sum(
    pairs: list[tuple[int, int]],
) -> None:
    x, y = (list(side) for side in zip(*pairs, strict=True))
    expected = double_sum(x, y)
    assert distance_correlation(x, y) == pytest.approx(expected, abs=1e-7)
    assert 0 <= distance_correlation(x, y) <= 1


@settings(max_examples=60)
@given(st.permutations(range(12)), st.lists(WHOLE, min_size=12, max_size=12))
def test_xi_is_scipys_with_ties_in_y(x: list[int], y: list[int]) -> None:
    if len(set(y)) == 1:
        return
    expected = chatterjeexi(x, y).statistic
    assert chatterjee_xi(x, y) == pytest.approx(expected, abs=1e-12)


def test_xi_without_ties_has_its_short_form() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((2, 50))
    follows = np.argsort(np.argsort(y))[np.argsort(x)]
    short = 1 - 3 * np.abs(np.diff(follows)).sum() / (50**2 - 1)
    assert chatterjee_xi(x, y) == pytest.approx(short, abs=1e-12)


def test_anscombes_quartet_has_one_pearson_and_four_spearmans() -> None:
    for x, y in ANSCOMBE:
        assert pearson(x, y) == pytest.approx(0.816, abs=1e-3)
    found = [round(spearman(x, y), 2) for x, y in ANSCOMBE]
    assert found == [0.82, 0.69, 0.99, 0.5]


def test_a_parabola_has_no_correlation_and_all_of_the_dependence() -> None:
    x = np.arange(-300, 301)
    assert pearson(x, x**2) == pytest.approx(0, abs=1e-12)
    assert spearman(x, x**2) == pytest.approx(0, abs=1e-12)
    assert distance_correlation(x, x**2) == pytest.approx(0.4917, abs=2e-3)
    assert chatterjee_xi(x, x**2) > 0.98


def test_independent_variables_have_zero_of_everything() -> None:
    rng, found = np.random.default_rng(3), []
    for _ in range(200):
        x, y = rng.standard_normal((2, 100))
        found.append([pearson(x, y), spearman(x, y), chatterjee_xi(x, y)])
    means = np.mean(found, axis=0)
    errors = np.std(found, axis=0) / math.sqrt(200)
    assert (np.abs(means) < 4 * errors + 0.001).all()
    x, y = rng.standard_normal((2, 1_500))
    assert distance_correlation(x, y) < 0.1


@pytest.mark.parametrize("measure", ALL)
def test_pairs_that_are_none_are_refused(measure: object) -> None:
    assert callable(measure)
    with pytest.raises(
        ValueError, match=exactly("3 values of x and 2 of y are no pairs")
    ):
        measure([1, 2, 3], [1, 2])
    with pytest.raises(
        ValueError, match=exactly("x holds 1 values, fewer than 2")
    ):
        measure([1], [1])
    with pytest.raises(
        ValueError, match=exactly("y holds 1 values, fewer than 2")
    ):
        measure([1, 2], [1])
    with pytest.raises(
        ValueError, match=exactly("x is constant: it varies with nothing")
    ):
        measure([1, 1], [1, 2])
    with pytest.raises(
        ValueError, match=exactly("y is constant: it varies with nothing")
    ):
        measure([1, 2], [1, 1])
    with pytest.raises(ValueError, match=exactly("y[0]=nan is not finite")):
        measure([1, 2], [math.nan, 1])


def test_ties_in_x_make_xi_a_matter_of_chance() -> None:
    message = "x has ties: 2 different values of 3"
    with pytest.raises(ValueError, match=exactly(message)):
        chatterjee_xi([1, 1, 2], [1, 2, 3])


def test_nothing_to_rank_is_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("values holds 0 values, fewer than 1")
    ):
        ranks([])
    assert ranks([5]).tolist() == [1.0]


@pytest.mark.parametrize("measure", ALL)
def test_the_smallest_sample_is_two_pairs(measure: object) -> None:
    assert callable(measure)
    assert type(measure([1, 2], [1, 2])) is float
