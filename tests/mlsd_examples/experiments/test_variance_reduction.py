"""Adjusted metrics keep their mean, ratios get the variance of users."""

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy.stats import linregress, norm

from mlsd_examples.experiments.variance_reduction import (
    cuped,
    ratio_of_sums,
)

Floats = npt.NDArray[np.float64]


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_a_past_that_explains_everything_leaves_nothing() -> None:
    result = cuped([3.0, 5.0, 7.0], [1.0, 2.0, 3.0])
    assert result.theta == pytest.approx(2.0)
    assert result.variance_ratio == pytest.approx(0.0, abs=1e-15)
    assert result.adjusted.tolist() == pytest.approx([5.0, 5.0, 5.0])


def test_a_past_that_explains_nothing_changes_nothing() -> None:
    result = cuped([1.0, 0.0, 1.0], [-1.0, 0.0, 1.0])
    assert result.theta == 0.0
    assert result.variance_ratio == 1.0
    assert result.adjusted.tolist() == [1.0, 0.0, 1.0]


pairs = st.integers(3, 30).flatmap(
    lambda n: st.tuples(
        *[
            npst.arrays(
                np.float64, n, elements=st.integers(-50, 50).map(float)
            ).filter(lambda a: bool(np.ptp(a) > 0))
        ]
        * 2
    )
)


@given(pairs)
def test_it_is_the_residual_of_a_regression(
    pair: tuple[Floats, Floats],
) -> None:
    metric, before = pair
    kept = metric.copy(), before.copy()
    result = cuped(metric, before)
    line = linregress(before, metric)
    assert result.theta == pytest.approx(float(line.slope), abs=1e-9)
    assert result.variance_ratio == pytest.approx(
        1 - float(line.rvalue) ** 2, abs=1e-9
    )
    assert result.adjusted.mean() == pytest.approx(metric.mean(), abs=1e-9)
    assert result.adjusted.var() == pytest.approx(
        result.variance_ratio * metric.var(), abs=1e-7
    )
    assert (metric == kept[0]).all()
    assert (before == kept[1]).all()


def test_the_difference_of_the_arms_is_unbiased_and_less_noisy() -> None:
    rng = np.random.default_rng(1)
    plain, adjusted = [], []
    for _ in range(1_500):
        past = rng.standard_normal(400)
        arm = np.arange(400) % 2 == 1
        metric = 0.8 * past + 0.6 * rng.standard_normal(400) + 0.1 * arm
        better = cuped(metric, past).adjusted
        plain.append(metric[arm].mean() - metric[~arm].mean())
        adjusted.append(better[arm].mean() - better[~arm].mean())
    error = np.std(adjusted) / math.sqrt(1_500)
    assert abs(np.mean(adjusted) - 0.1) < 4 * error
    # 1 - 0.8² = 0.36; the variance of a variance ratio of 1,500 is 5 %.
    ratio = np.var(adjusted) / np.var(plain)
    assert ratio == pytest.approx(0.36, rel=0.2)


def test_a_covariate_that_the_treatment_moves_takes_the_effect_away() -> None:
    rng = np.random.default_rng(2)
    arm = np.arange(100_000) % 2 == 1
    during = rng.standard_normal(100_000) + 1.0 * arm
    metric = during + 0.1 * rng.standard_normal(100_000)
    better = cuped(metric, during).adjusted
    left = better[arm].mean() - better[~arm].mean()
    assert metric[arm].mean() - metric[~arm].mean() > 0.9
    assert abs(left) < 0.05


@pytest.mark.parametrize(
    ("metric", "before", "message"),
    [
        ([1.0, 2.0], [1.0, 2.0], "metric holds 2 values, fewer than 3"),
        ([1.0, 2, 3], [1.0, 2], "before holds 2 values, fewer than 3"),
        ([1.0, 2, 3, 4], [1.0, 2, 3], "metric of 4 users meet before of 3"),
        ([1.0, 2, math.nan], [1.0, 2, 3], "metric[2]=nan is not finite"),
        ([1.0, 2, 3], [1.0, math.inf, 3], "before[1]=inf is not finite"),
        ([1.0, 2, 3], [4, 4, 4], "before is constant: it explains nothing"),
        # Their mean is not 0.1 in floats: deviations would be rounding.
        (
            [1.0, 2, 3],
            [0.1, 0.1, 0.1],
            "before is constant: it explains nothing",
        ),
        (
            [0.1, 0.1, 0.1],
            [1.0, 2, 3],
            "metric is constant: there is nothing to explain",
        ),
        (
            [5, 5, 5],
            [1.0, 2, 3],
            "metric is constant: there is nothing to explain",
        ),
    ],
)
def test_impossible_adjustments_are_refused(
    metric: Any, before: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        cuped(metric, before)


def test_a_ratio_of_equal_views_is_a_mean() -> None:
    clicks = np.array([1.0, 4.0, 2.0, 3.0])
    estimate = ratio_of_sums(clicks, np.full(4, 10.0))
    assert estimate.ratio == pytest.approx(0.25)
    assert estimate.standard_error == pytest.approx(
        clicks.std(ddof=1) / 10 / 2
    )


def test_two_users_are_enough() -> None:
    estimate = ratio_of_sums([1.0, 3.0], [2.0, 2.0])
    assert estimate.ratio == 1.0
    # Deviations ∓1/2, variance 1/2, over two users.
    assert estimate.standard_error == pytest.approx(0.5)


def test_the_error_of_a_ratio_is_what_repetition_shows() -> None:
    rng = np.random.default_rng(3)
    ratios, errors = [], []
    for _ in range(2_000):
        views = rng.geometric(0.1, 500)
        clicks = rng.binomial(views, rng.beta(1, 9, 500))
        estimate = ratio_of_sums(clicks, views)
        ratios.append(estimate.ratio)
        errors.append(estimate.standard_error)
    # 2,000 runs know a standard deviation to 1.6 %.
    assert np.mean(errors) == pytest.approx(np.std(ratios), rel=0.065)
    by_views = math.sqrt(0.1 * 0.9 / (500 * 10))
    assert np.std(ratios) > 1.3 * by_views


def test_a_a_tests_of_a_ratio_keep_their_level_by_users_not_by_views() -> None:
    rng = np.random.default_rng(4)
    by_users, by_views = [], []
    for _ in range(2_000):
        arms = []
        for _arm in range(2):
            views = rng.geometric(0.1, 500)
            clicks = rng.binomial(views, rng.beta(1, 9, 500))
            arms.append((clicks, views, ratio_of_sums(clicks, views)))
        (c1, v1, one), (c2, v2, two) = arms
        gap = two.ratio - one.ratio
        by_users.append(
            gap / math.hypot(one.standard_error, two.standard_error)
        )
        pooled = (c1.sum() + c2.sum()) / (v1.sum() + v2.sum())
        variance = pooled * (1 - pooled) * (1 / v1.sum() + 1 / v2.sum())
        by_views.append(gap / math.sqrt(variance))
    critical = norm.isf(0.025)
    significant = [
        float((np.abs(z) > critical).mean()) for z in (by_users, by_views)
    ]
    assert abs(significant[0] - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 2_000)
    # Views of a user with her own click rate, beta(1, 9), are correlated:
    # the variance is 1 + ρ (E[v²]/E[v] − 1) = 2.64 times as large with
    # ρ = 1/11 and geometric views, which |z| > 1.96 meets 23 % of the time.
    inflated = 2 * norm.sf(critical / math.sqrt(1 + (19 - 1) / 11))
    assert abs(significant[1] - inflated) < 4 * math.sqrt(inflated / 2_000)


@pytest.mark.parametrize(
    ("clicks", "views", "message"),
    [
        ([1.0], [1.0], "numerators holds 1 values, fewer than 2"),
        ([1.0, 2.0], [1.0], "denominators holds 1 values, fewer than 2"),
        (
            [1.0, 2.0],
            [1.0, 2.0, 3.0],
            "numerators of 2 users meet denominators of 3",
        ),
        ([1.0, math.nan], [1.0, 1.0], "numerators[1]=nan is not finite"),
        ([1.0, 1.0], [3.0, -1.0], "denominators[1]=-1 is negative"),
        ([1.0, 1.0], [0.0, 0.0], "denominators are all 0"),
    ],
)
def test_impossible_ratios_are_refused(
    clicks: Any, views: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        ratio_of_sums(clicks, views)
