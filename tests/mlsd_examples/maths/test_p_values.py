"""p-values are tails, and not the probability of the null."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from mlsd_examples.maths.p_values import binomial_p_value, null_share

outcomes = st.integers(1, 300).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_one_throw_by_hand() -> None:
    assert binomial_p_value(1, 1) == 1.0
    assert binomial_p_value(1, 1, 0.25) == 0.25
    assert binomial_p_value(1, 1, 0.25, alternative="greater") == 0.25
    assert binomial_p_value(1, 1, 0.25, alternative="less") == 1.0
    assert binomial_p_value(0, 1, 0.25, alternative="less") == 0.75


def test_sixty_heads_of_a_hundred() -> None:
    # math.comb: nothing shared with SciPy.
    upper = sum(math.comb(100, k) for k in range(60, 101)) / 2**100
    assert binomial_p_value(60, 100) == pytest.approx(2 * upper)
    greater = binomial_p_value(60, 100, alternative="greater")
    assert greater == pytest.approx(upper)


@given(
    outcomes,
    st.floats(0.01, 0.99),
    st.sampled_from(["two-sided", "greater", "less"]),
)
def test_it_agrees_with_scipy(
    outcome: tuple[int, int], p: float, alternative: Any
) -> None:
    successes, trials = outcome
    ours = binomial_p_value(successes, trials, p, alternative=alternative)
    theirs = binomtest(successes, trials, p, alternative=alternative).pvalue
    assert ours == pytest.approx(float(theirs), rel=1e-6, abs=1e-12)
    assert 0 <= ours <= 1


def test_outcomes_as_likely_as_the_observed_one_are_extreme() -> None:
    # Two of eight and six of eight are equally likely.
    assert binomial_p_value(2, 8) == binomial_p_value(6, 8)
    assert binomial_p_value(2, 8) == pytest.approx(2 * 37 / 256)


def test_p_values_are_uniform_under_the_null() -> None:
    rng = np.random.default_rng(1)
    p = 2 * norm.sf(np.abs(rng.standard_normal(40_000)))
    for alpha in (0.05, 0.5):
        error = math.sqrt(alpha * (1 - alpha) / 40_000)
        assert abs((p < alpha).mean() - alpha) < 4 * error


@pytest.mark.parametrize(
    ("above", "below"), [(0.0, 0.05), (0.04, 0.05), (0.0, 1.0)]
)
def test_the_share_of_nulls_agrees_with_simulation(
    above: float, below: float
) -> None:
    rng = np.random.default_rng(2)
    real = rng.random(400_000) < 0.2
    z = rng.standard_normal(400_000) + 2.0 * real
    p = 2 * norm.sf(np.abs(z))
    hit = (p > above) & (p < below)
    simulated = (~real[hit]).mean()
    error = math.sqrt(simulated * (1 - simulated) / hit.sum())
    exact = null_share(0.2, 2.0, above=above, below=below)
    assert abs(simulated - exact) < 4 * error


def test_the_sign_of_the_effect_does_not_matter() -> None:
    assert null_share(0.1, -2.0) == pytest.approx(null_share(0.1, 2.0))


def test_the_range_is_below_five_percent_unless_said_otherwise() -> None:
    assert null_share(0.1, 2.0) == null_share(0.1, 2.0, above=0, below=0.05)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((3, 2), {}, "3 successes in 2 trials"),
        ((-1, 2), {}, "successes=-1 is below 0"),
        ((0, 0), {}, "trials=0 is below 1"),
        ((1, 2, 0.0), {}, "p=0.0 is outside (0, 1)"),
        ((1, 2, 1.0), {}, "p=1.0 is outside (0, 1)"),
        (
            (1, 2),
            {"alternative": "both"},
            "alternative='both' is unknown",
        ),
    ],
)
def test_impossible_counts_are_refused(
    arguments: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        binomial_p_value(*arguments, **options)


def test_what_is_no_count_is_refused() -> None:
    with pytest.raises(
        TypeError, match=exactly("successes=True is not a whole number")
    ):
        binomial_p_value(True, 2)
    with pytest.raises(
        TypeError, match=exactly("trials=2.0 is not a whole number")
    ):
        binomial_p_value(1, 2.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0.0, 2.0), {}, "effects=0.0 is outside (0, 1)"),
        ((1.0, 2.0), {}, "effects=1.0 is outside (0, 1)"),
        ((0.5, 0), {}, "expected_z=0 is no effect"),
        ((0.5, math.nan), {}, "expected_z=nan is not finite"),
        ((0.5, 2.0), {"above": -0.1}, "above=-0.1 is outside [0, 1]"),
        ((0.5, 2.0), {"below": 1.1}, "below=1.1 is outside [0, 1]"),
        (
            (0.5, 2.0),
            {"above": 0.05},
            "above=0.05 is not smaller than below=0.05",
        ),
    ],
)
def test_impossible_ranges_are_refused(
    arguments: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        null_share(*arguments, **options)
