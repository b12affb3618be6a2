"""The mixture bound holds at every look, and costs what it costs."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from mlsd_examples.experiments.always_valid import (
    always_valid_p_values,
    confidence_sequence,
    mixture_bound,
    mixture_tuning,
)
from mlsd_examples.experiments.dashboards import z_paths
from mlsd_examples.experiments.first_exits import first_exits


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def mixed_likelihood_ratio(z: float, n: float, rho: float) -> float:
    """Integrate the likelihood ratio over the prior, by quadrature."""
    prior = norm(0, math.sqrt(1 / rho))

    def integrand(effect: float) -> float:
        exponent = effect * z * math.sqrt(n) - effect**2 * n / 2
        return float(math.exp(exponent) * prior.pdf(effect))

    middle = z * math.sqrt(n) / (n + rho)
    reach = 12 / math.sqrt(n + rho)
    value, _ = quad(integrand, middle - reach, middle + reach)
    return float(value)


@given(st.floats(0.5, 500), st.floats(0.5, 500), st.floats(0.001, 0.5))
def test_at_the_bound_the_mixed_likelihood_ratio_is_one_over_alpha(
    n: float, rho: float, alpha: float
) -> None:
    bound = float(mixture_bound([n], tuning=rho, alpha=alpha)[0])
    assert mixed_likelihood_ratio(bound, n, rho) == pytest.approx(
        1 / alpha, rel=1e-6
    )


@given(st.floats(0.5, 500), st.floats(0.001, 0.5), st.floats(0.3, 3))
def test_no_other_tuning_is_tighter_where_it_was_tuned(
    n: float, alpha: float, factor: float
) -> None:
    rho = mixture_tuning(n, alpha)
    best, other = (
        float(mixture_bound([n], tuning=tuning, alpha=alpha)[0])
        for tuning in (rho, factor * rho)
    )
    assert best <= other + 1e-12


def test_the_level_is_five_percent_unless_said_otherwise() -> None:
    assert mixture_tuning(100) == mixture_tuning(100, 0.05)
    assert mixture_bound([3], tuning=2)[0] == pytest.approx(
        mixture_bound([3], tuning=2, alpha=0.05)[0]
    )
    narrow, wide = (
        confidence_sequence([0], [9], sd=1, tuning=4, **level)[1][0]
        for level in ({}, {"alpha": 0.01})
    )
    assert narrow < wide
    assert narrow == pytest.approx(
        mixture_bound([9], tuning=4, alpha=0.05)[0] / 3
    )


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
@pytest.mark.parametrize("tuned_at", [10, 300, 3000])
def test_an_a_a_test_stays_below_its_level(
    alpha: float, tuned_at: int
) -> None:
    looks = np.arange(1, 501)
    bound = mixture_bound(
        looks, tuning=mixture_tuning(tuned_at, alpha), alpha=alpha
    )
    exact = first_exits((-bound).tolist(), bound.tolist()).rate
    assert exact < alpha
    z = z_paths(500, 20_000, np.random.default_rng(tuned_at))
    crossed = (np.abs(z) >= bound).any(axis=1).mean()
    assert abs(crossed - exact) < 4 * math.sqrt(exact * (1 - exact) / 20_000)


def test_p_values_cross_alpha_where_z_crosses_the_bound() -> None:
    n = np.arange(1, 40)
    bound = mixture_bound(n, tuning=7.0, alpha=0.03)
    for nudge, below in ((1 + 1e-9, True), (1 - 1e-9, False)):
        for look in (0, 5, 38):
            z = np.zeros(39)
            z[look] = -bound[look] * nudge
            p = always_valid_p_values(z, n, tuning=7.0)
            assert bool(p[-1] < 0.03) is below


def test_p_values_start_at_one_and_never_rise() -> None:
    z = z_paths(200, 1, np.random.default_rng(3))[0]
    p = always_valid_p_values(z, np.arange(1, 201), tuning=20.0)
    assert p[0] <= 1.0
    assert (np.diff(p) <= 0).all()
    quiet = always_valid_p_values([0.0, 0.0], [1, 2], tuning=1.0)
    assert quiet.tolist() == [1.0, 1.0]


def test_the_p_value_is_the_inverse_likelihood_ratio() -> None:
    p = always_valid_p_values([2.0, 4.0], [50, 90], tuning=30.0)
    assert p[1] == pytest.approx(1 / mixed_likelihood_ratio(4.0, 90, 30.0))


def test_intervals_cover_the_truth_at_all_looks_together() -> None:
    rng = np.random.default_rng(9)
    n = np.arange(1, 301)
    missed = 0
    runs = 2_000
    for _ in range(runs):
        means = np.cumsum(rng.normal(5.0, 3.0, 300)) / n
        low, high = confidence_sequence(
            means, n, sd=3.0, tuning=20.0, alpha=0.2
        )
        missed += bool(((low > 5.0) | (high < 5.0)).any())
    assert missed / runs < 0.2
    # And it is no empty promise: the exact rate of this corridor.
    bound = mixture_bound(n, tuning=20.0, alpha=0.2).tolist()
    exact = first_exits([-b for b in bound], bound).rate
    error = math.sqrt(exact * (1 - exact) / runs)
    assert abs(missed / runs - exact) < 4 * error


def test_the_interval_is_the_bound_in_the_unit_of_the_metric() -> None:
    low, high = confidence_sequence([1.0, 2.0], [4, 16], sd=3, tuning=5)
    bound = mixture_bound([4, 16], tuning=5)
    assert high.tolist() == pytest.approx(
        [1 + bound[0] * 3 / 2, 2 + bound[1] * 3 / 4]
    )
    assert (high + low).tolist() == pytest.approx([2.0, 4.0])


@pytest.mark.parametrize(
    ("n", "message"),
    [
        ([], "n holds 0 values, fewer than 1"),
        ([1, 0], "n[1]=0 is not positive"),
        ([-2.0], "n[0]=-2 is not positive"),
        ([math.nan], "n[0]=nan is not finite"),
        ([[1.0]], "n has shape (1, 1), not one axis"),
    ],
)
def test_impossible_sample_sizes_are_refused(n: Any, message: str) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        mixture_bound(n, tuning=1.0)
    with pytest.raises(ValueError, match=exactly(message)):
        always_valid_p_values([1.0], n, tuning=1.0)


def test_sample_sizes_that_do_not_rise_are_refused() -> None:
    for n, message in (
        ([1, 3, 3], "n does not rise from 3 to 3"),
        ([4, 2], "n does not rise from 4 to 2"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            always_valid_p_values([0.0] * len(n), n, tuning=1.0)
        with pytest.raises(ValueError, match=exactly(message)):
            confidence_sequence([0.0] * len(n), n, sd=1, tuning=1)


def test_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("z holds 1 values, n 2")):
        always_valid_p_values([1.0], [1, 2], tuning=1.0)
    with pytest.raises(
        ValueError, match=exactly("estimates holds 1 values, n 2")
    ):
        confidence_sequence([1.0], [1, 2], sd=1.0, tuning=1.0)
    with pytest.raises(
        ValueError, match=exactly("z holds 0 values, fewer than 1")
    ):
        always_valid_p_values([], [1, 2], tuning=1.0)
    with pytest.raises(
        ValueError, match=exactly("estimates holds 0 values, fewer than 1")
    ):
        confidence_sequence([], [1, 2], sd=1.0, tuning=1.0)


def test_impossible_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("n=0 is not positive")):
        mixture_tuning(0)
    for alpha in (0.0, 1.0):
        message = exactly(f"alpha={alpha} is outside (0, 1)")
        with pytest.raises(ValueError, match=message):
            mixture_tuning(1, alpha)
        with pytest.raises(ValueError, match=message):
            mixture_bound([1], tuning=1, alpha=alpha)
        with pytest.raises(ValueError, match=message):
            confidence_sequence([1], [1], sd=1, tuning=1, alpha=alpha)
    message = exactly("tuning=0 is not positive")
    with pytest.raises(ValueError, match=message):
        mixture_bound([1], tuning=0)
    with pytest.raises(ValueError, match=message):
        always_valid_p_values([1], [1], tuning=0)
    with pytest.raises(ValueError, match=message):
        confidence_sequence([1], [1], sd=1, tuning=0)
    with pytest.raises(ValueError, match=exactly("sd=0 is not positive")):
        confidence_sequence([1], [1], sd=0, tuning=1)


def test_the_smallest_level_is_still_tuned_for() -> None:
    # t - ln(1 + t) = -2 ln(alpha), by substitution.
    t = 1000 / mixture_tuning(1000, 1e-150)
    assert t - math.log1p(t) == pytest.approx(300 * math.log(10))
    with pytest.raises(
        ValueError, match=exactly("alpha=9e-151 is too small to be tuned for")
    ):
        mixture_tuning(1000, 9e-151)
