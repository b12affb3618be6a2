"""A split is compared with its plan as SciPy does."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chisquare

from mlsd_examples.experiments.sample_ratio import sample_ratio_test


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_a_split_as_planned_has_p_one() -> None:
    result = sample_ratio_test([30, 60], [1, 2])
    assert result.expected == (30.0, 60.0)
    assert result.chi_squared == 0.0
    assert result.p_value == 1.0


def test_the_published_mismatch_of_two_arms_is_found() -> None:
    # Fabijan et al. (2019): 821,588 against 815,482.
    result = sample_ratio_test([821_588, 815_482], [1, 1])
    assert result.p_value == pytest.approx(1.8e-6, rel=0.02)


def test_the_alarm_grows_with_the_users_at_the_same_shares() -> None:
    p_values = [
        sample_ratio_test([n * 502, n * 498], [1, 1]).p_value
        for n in (10, 100, 1000)
    ]
    # χ² = n · 1000 · 0.004²; with one degree of freedom p = erfc(√(χ²/2)).
    expected = [
        math.erfc(math.sqrt(n * 1000 * 0.004**2 / 2)) for n in (10, 100, 1000)
    ]
    assert p_values == pytest.approx(expected)


@given(
    st.lists(
        st.tuples(st.integers(50, 10**6), st.floats(0.2, 5)),
        min_size=2,
        max_size=6,
    )
)
def test_it_agrees_with_scipy(arms: list[tuple[int, float]]) -> None:
    users = [count for count, _ in arms]
    ratio = [planned for _, planned in arms]
    expected = np.array(ratio) / sum(ratio) * sum(users)
    assume(expected.min() >= 5.001)
    result = sample_ratio_test(users, ratio)
    theirs = chisquare(users, expected, sum_check=False)
    assert result.expected == pytest.approx(expected.tolist())
    assert result.chi_squared == pytest.approx(float(theirs.statistic))
    assert result.p_value == pytest.approx(float(theirs.pvalue), rel=1e-9)


def test_five_expected_users_are_enough() -> None:
    assert sample_ratio_test([2, 8], [1, 1]).expected == (5.0, 5.0)


@pytest.mark.parametrize(
    ("users", "planned", "message"),
    [
        ([100], [1], "users holds 1 values, fewer than 2"),
        ([9, 9], [1], "planned holds 1 values, fewer than 2"),
        ([9, 9], [1, 1, 1], "2 arms meet 3 planned ratios"),
        ([90, -1], [1, 1], "users[1]=-1 is negative"),
        ([90, 90], [1, 0], "planned[1]=0 is not positive"),
        ([90, 90], [-0.5, 1.5], "planned[0]=-0.5 is not positive"),
        ([90, 90], [1, math.nan], "planned[1]=nan is not finite"),
        ([4, 5], [1, 1], "an arm expects 4.5 users, fewer than 5"),
        ([0, 0], [1, 1], "an arm expects 0 users, fewer than 5"),
    ],
)
def test_impossible_splits_are_refused(
    users: Any, planned: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        sample_ratio_test(users, planned)


def test_counts_that_are_not_whole_are_refused() -> None:
    with pytest.raises(
        TypeError,
        match=exactly("users are of type float64, not whole numbers"),
    ):
        sample_ratio_test([50.0, 50.0], [1, 1])
