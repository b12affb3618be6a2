"""Means become normal at the speed that the skewness allows."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import (
    bernoulli,
    binom,
    cauchy,
    expon,
    gamma,
    norm,
    pareto,
    poisson,
    ttest_1samp,
)

from mlsd_examples.maths.central_limit import (
    berry_esseen_bound,
    distance_to_normal,
    sample_size_for_normality,
    t_interval_misses,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_intervals_of_two_values_by_hand() -> None:
    # Student's quantile at one degree of freedom is 12.7062; the half-width
    # of the interval of (a, b) is 12.7062 · |b − a| / 2.
    samples = [[0.0, 2.0], [10.0, 10.1], [-10.0, -10.1]]
    misses = t_interval_misses(samples, mean=0.0)
    assert misses.too_low.value == pytest.approx(1 / 3)
    assert misses.too_high.value == pytest.approx(1 / 3)
    assert misses.coverage == pytest.approx(1 / 3)
    assert misses.too_low.runs == 3


@given(st.floats(0.5, 0.99), st.floats(-0.5, 0.5), st.integers(0, 2**32 - 1))
def test_an_interval_misses_where_students_test_rejects(
    confidence: float, mean: float, seed: int
) -> None:
    samples = np.random.default_rng(seed).exponential(1, (40, 7)) - 1
    misses = t_interval_misses(samples, mean, confidence=confidence)
    low, high = (
        np.mean(
            ttest_1samp(samples, mean, axis=1, alternative=side).pvalue
            < (1 - confidence) / 2
        )
        for side in ("less", "greater")
    )
    assert misses.too_low.value == pytest.approx(low)
    assert misses.too_high.value == pytest.approx(high)


def test_an_interval_of_no_width_holds_what_it_is() -> None:
    misses = t_interval_misses([[3.0, 3.0]], mean=3.0)
    assert misses.coverage == 1.0


def test_normal_samples_are_covered_as_promised() -> None:
    samples = np.random.default_rng(1).normal(3, 2, (40_000, 5))
    misses = t_interval_misses(samples, mean=3.0)
    assert abs(misses.coverage - 0.95) < 4 * math.sqrt(0.05 * 0.95 / 40_000)


def test_skewed_samples_are_missed_on_one_side() -> None:
    rng = np.random.default_rng(2)
    misses = t_interval_misses(
        rng.lognormal(0, 2, (5_000, 100)), mean=math.exp(2)
    )
    assert misses.too_low.value > 0.15
    assert misses.too_high.value < 0.01


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ([1.0, 2.0], "samples of shape (2,) are not (runs, n), n at least 2"),
        ([[1.0]], "samples of shape (1, 1) are not (runs, n), n at least 2"),
        (
            np.zeros((0, 5)),
            "samples of shape (0, 5) are not (runs, n), n at least 2",
        ),
        ([[1.0, math.nan]], "samples hold a value that is not finite"),
        ([[1.0, math.inf]], "samples hold a value that is not finite"),
    ],
)
def test_impossible_samples_are_refused(samples: Any, message: str) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        t_interval_misses(samples, 0.0)


def test_impossible_intervals_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("confidence=1.0 is outside (0, 1)")
    ):
        t_interval_misses([[1.0, 2.0]], 0.0, confidence=1.0)
    with pytest.raises(ValueError, match=exactly("mean=nan is not finite")):
        t_interval_misses([[1.0, 2.0]], math.nan)


def test_the_normal_is_at_no_distance() -> None:
    assert distance_to_normal(norm(3, 2)) < 1e-12


def test_a_coin_is_half_of_its_jump_away() -> None:
    # F jumps from 1/2 to 1 at z = 1 and from 0 to 1/2 at z = -1.
    expected = norm.cdf(1) - 0.5
    assert distance_to_normal(bernoulli(0.5)) == pytest.approx(expected)


def test_the_exponential_is_farthest_inside_its_support() -> None:
    # Its distribution function minus Φ(x − 1), maximised by hand on a grid.
    x = np.linspace(0, 10, 200_001)
    expected = np.abs(-np.expm1(-x) - norm.cdf(x - 1)).max()
    assert distance_to_normal(expon()) == pytest.approx(expected, abs=1e-6)


def test_a_gamma_is_farthest_between_its_quantiles() -> None:
    x = np.linspace(0, 40, 400_001)
    limit = norm.cdf(x, 10, math.sqrt(10))
    expected = np.abs(gamma(10).cdf(x) - limit).max()
    assert distance_to_normal(gamma(10)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("n", [1, 30, 1000])
def test_the_jump_before_an_integer_counts_too(n: int) -> None:
    p = 0.01
    k = np.arange(-1, n + 1)
    limit = norm.cdf((k - n * p) / math.sqrt(n * p * (1 - p)))
    after = np.abs(binom.cdf(k, n, p) - limit)[1:]
    before = np.abs(binom.cdf(k - 1, n, p) - limit)[1:]
    expected = max(after.max(), before.max())
    assert distance_to_normal(binom(n, p)) == pytest.approx(expected, abs=1e-6)


@given(st.floats(0.5, 500))
def test_scale_and_place_do_not_matter(scale: float) -> None:
    assert distance_to_normal(
        gamma(4, loc=-scale, scale=scale)
    ) == pytest.approx(distance_to_normal(gamma(4)), abs=1e-9)


@pytest.mark.parametrize("n", [1, 10, 100, 1000])
def test_the_distance_respects_berry_and_esseen(n: int) -> None:
    third = 12 / math.e - 2  # E|X − 1|³ of a unit exponential
    bound = berry_esseen_bound(n, absolute_third=third, sd=1.0)
    assert distance_to_normal(gamma(n)) < bound
    assert bound == pytest.approx(0.469 * third / math.sqrt(n))
    third = poisson(1).expect(lambda k: np.abs(k - 1) ** 3)
    bound = berry_esseen_bound(n, absolute_third=third, sd=1.0)
    assert distance_to_normal(poisson(n)) < bound


@pytest.mark.parametrize(
    ("law", "message"),
    [
        (cauchy(), "mean nan and standard deviation nan are not finite"),
        (pareto(1.5), "mean 3.0 and standard deviation inf are not finite"),
    ],
)
def test_a_law_without_variance_is_refused(law: Any, message: str) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        distance_to_normal(law)


def test_impossible_moments_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("n=0 is below 1")):
        berry_esseen_bound(0, absolute_third=1, sd=1)
    with pytest.raises(ValueError, match=exactly("sd=0 is not positive")):
        berry_esseen_bound(1, absolute_third=1, sd=0)
    with pytest.raises(
        ValueError, match=exactly("absolute_third=0 is not positive")
    ):
        berry_esseen_bound(1, absolute_third=0, sd=1)
    with pytest.raises(
        ValueError,
        match=exactly("absolute_third=7.9 is below sd cubed = 8"),
    ):
        berry_esseen_bound(1, absolute_third=7.9, sd=2)
    assert berry_esseen_bound(4, absolute_third=8, sd=2) == 0.469 / 2


def test_the_rule_of_thumb_grows_with_the_squared_skewness() -> None:
    assert sample_size_for_normality(2.0) == 1420
    assert sample_size_for_normality(-2.0) == 1420
    assert sample_size_for_normality(1.01) == 363
    for small in (0.0, 0.5, 1.0, -1.0):
        assert sample_size_for_normality(small) == 355
    with pytest.raises(
        ValueError, match=exactly("skewness=nan is not finite")
    ):
        sample_size_for_normality(math.nan)


def test_a_constant_sample_misses_unless_it_is_the_mean() -> None:
    # The mean of ten times 0.1 is not 0.1 in floats.
    same = np.full((2, 10), 0.1)
    assert t_interval_misses(same, 0.1).coverage == 1.0
    assert t_interval_misses(same, 0.2).too_low.value == 1.0
    assert t_interval_misses(same, 0.0).too_high.value == 1.0
    assert same.tolist() == np.full((2, 10), 0.1).tolist()


def test_what_is_no_distribution_and_what_does_not_vary_are_refused() -> None:
    word: Any = "normal"
    with pytest.raises(
        TypeError, match=exactly("'normal' is no frozen distribution")
    ):
        distance_to_normal(word)
    with pytest.raises(
        ValueError, match=exactly("all values are 1: the variance is 0")
    ):
        distance_to_normal(bernoulli(1))
    with pytest.raises(
        TypeError, match=exactly("samples are not all numbers")
    ):
        t_interval_misses([["a", "b"]], 0.0)


def test_the_distance_is_found_to_six_digits() -> None:
    law = gamma(10)
    at = np.linspace(0.0, 30.0, 3_000_001)
    gaps = np.abs(law.cdf(at) - norm.cdf(at, 10, math.sqrt(10)))
    assert distance_to_normal(law) == pytest.approx(gaps.max(), abs=1e-6)
