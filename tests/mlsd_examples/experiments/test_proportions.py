"""Two rates are compared as statsmodels does."""

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportions_ztest,
)

from mlsd_examples.experiments.proportions import two_proportion_z_test

arms = st.integers(1, 5_000).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_two_small_arms_by_hand() -> None:
    # 1 of 4 against 3 of 4: pooled 1/2, z = 0.5 / √(1/4 · 1/2) = √2.
    test = two_proportion_z_test(1, 4, 3, 4)
    assert test.difference == 0.5
    assert test.z == pytest.approx(2**0.5)
    assert test.p_value == pytest.approx(0.15729920705)
    # Unpooled: variance 2 · 3/64.
    width = 1.959963984540054 * (6 / 64) ** 0.5
    assert (test.low, test.high) == pytest.approx((0.5 - width, 0.5 + width))


@given(arms, arms, st.floats(0.001, 0.5))
def test_test_and_interval_agree_with_statsmodels(
    control: tuple[int, int], treatment: tuple[int, int], alpha: float
) -> None:
    (x1, n1), (x2, n2) = control, treatment
    assume(0 < x1 + x2 < n1 + n2)
    test = two_proportion_z_test(x1, n1, x2, n2, alpha=alpha)
    z, p_value = proportions_ztest([x2, x1], [n2, n1])
    assert test.z == pytest.approx(float(z))
    assert test.p_value == pytest.approx(float(p_value))
    low, high = confint_proportions_2indep(
        x2, n2, x1, n1, method="wald", alpha=alpha
    )
    assert test.low == pytest.approx(float(low), abs=1e-12)
    assert test.high == pytest.approx(float(high), abs=1e-12)
    assert test.difference == pytest.approx(x2 / n2 - x1 / n1)


@given(arms, arms)
def test_swapping_the_arms_swaps_the_sign_alone(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    assume(0 < one[0] + two[0] < one[1] + two[1])
    there = two_proportion_z_test(*one, *two)
    back = two_proportion_z_test(*two, *one)
    assert back.z == pytest.approx(-there.z)
    assert back.p_value == pytest.approx(there.p_value)
    assert back.low == pytest.approx(-there.high)


def test_the_interval_covers_95_percent_unless_said_otherwise() -> None:
    assert two_proportion_z_test(1, 4, 3, 4) == two_proportion_z_test(
        1, 4, 3, 4, alpha=0.05
    )


def test_one_user_an_arm_is_enough_to_compute() -> None:
    assert two_proportion_z_test(0, 1, 1, 1).difference == 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, 4, 1, 4), "5 of 4 users converted in control"),
        ((1, 4, 5, 4), "5 of 4 users converted in treatment"),
        ((-1, 4, 1, 4), "control_successes=-1 is below 0"),
        ((1, 4, -1, 4), "treatment_successes=-1 is below 0"),
        ((0, 0, 1, 4), "control_users=0 is below 1"),
        ((1, 4, 0, 0), "treatment_users=0 is below 1"),
        ((0, 4, 0, 9), "all rates are 0: the z-statistic is undefined"),
        ((4, 4, 9, 9), "all rates are 1: the z-statistic is undefined"),
    ],
)
def test_impossible_counts_are_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        two_proportion_z_test(*arguments)


@pytest.mark.parametrize("value", [True, 1.0])
def test_what_is_no_count_is_refused(value: Any) -> None:
    with pytest.raises(
        TypeError,
        match=exactly(f"control_successes={value} is not a whole number"),
    ):
        two_proportion_z_test(value, 4, 1, 4)


def test_an_impossible_level_is_refused() -> None:
    with pytest.raises(ValueError, match=exactly("alpha=0 is outside (0, 1)")):
        two_proportion_z_test(1, 4, 2, 4, alpha=0)
