"""Exponents come back by likelihood; straight lines prove nothing."""

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import lognorm, pareto

from mlsd_examples.maths.power_laws import (
    histogram_exponent,
    pareto_sample,
    power_law_against_lognormal,
    power_law_fit,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_two_values_by_hand() -> None:
    # 1 + 2 / (ln 1 + ln e) = 3, error 2 / √2.
    fit = power_law_fit([2.0, 2 * math.e], x_min=2.0)
    assert fit.exponent == pytest.approx(3.0)
    assert fit.standard_error == pytest.approx(math.sqrt(2))
    assert fit.n == 2


@given(st.floats(1.2, 5), st.floats(0.1, 50), st.integers(0, 2**32 - 1))
def test_the_fit_maximises_scipys_likelihood(
    exponent: float, x_min: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    values = pareto_sample(exponent, 50, rng, x_min=x_min)
    fit = power_law_fit(values, x_min=x_min)

    def likelihood(exponent: float) -> float:
        return float(pareto(exponent - 1, scale=x_min).logpdf(values).sum())

    best = likelihood(fit.exponent)
    step = 0.01 * fit.standard_error
    assert best > likelihood(fit.exponent + step)
    assert best > likelihood(fit.exponent - step)


def test_the_error_is_what_repetition_shows() -> None:
    rng = np.random.default_rng(1)
    samples = pareto_sample(2.5, (1_000, 2_000), rng)
    fits = [power_law_fit(row, x_min=1) for row in samples]
    found = np.array([fit.exponent for fit in fits])
    assert abs(found.mean() - 2.5) < 0.01
    assert found.std() == pytest.approx(fits[0].standard_error, rel=0.12)


def test_samples_follow_the_law_asked_for() -> None:
    values = pareto_sample(3.0, 100_000, np.random.default_rng(2), x_min=4)
    assert values.min() >= 4
    # Survival exponent 2: half of the values lie above 4 · √2.
    assert (values > 4 * math.sqrt(2)).mean() == pytest.approx(0.5, abs=0.01)
    default = pareto_sample(3.0, 10, np.random.default_rng(2))
    assert default.tolist() == pytest.approx((values[:10] / 4).tolist())


def test_the_line_through_a_histogram_is_wrong() -> None:
    rng = np.random.default_rng(3)
    lines = [
        histogram_exponent(pareto_sample(2.5, 5_000, rng)) for _ in range(40)
    ]
    assert np.mean(lines) < 2.0
    assert np.std(lines) > 0.1


def test_a_histogram_by_hand() -> None:
    # Bins [1, 2) and [2, 3]: four values and one, middles 1.5 and 2.5.
    line = histogram_exponent([1.0, 1.1, 1.2, 1.9, 3.0], bins=2)
    assert line == pytest.approx(math.log(4) / math.log(2.5 / 1.5))
    # An empty bin in the middle is left out.
    line = histogram_exponent([1.0, 1.1, 4.0], bins=3)
    assert line == pytest.approx(math.log(2) / math.log(3.5 / 1.5))


def test_fifty_bins_unless_said_otherwise() -> None:
    values = pareto_sample(2.5, 500, np.random.default_rng(4))
    assert histogram_exponent(values) == histogram_exponent(values, bins=50)


def test_a_lognormal_tail_is_told_from_a_power_law() -> None:
    rng = np.random.default_rng(5)
    values = rng.lognormal(1.0, 2.0, 20_000)
    tail = values[values >= 3.0]
    assert power_law_against_lognormal(tail, x_min=3.0) < -4


def test_a_power_law_is_not_taken_for_a_lognormal() -> None:
    rng = np.random.default_rng(6)
    for _ in range(5):
        values = pareto_sample(2.5, 2_000, rng, x_min=3.0)
        assert abs(power_law_against_lognormal(values, x_min=3.0)) < 4


def test_the_comparison_is_vuongs_by_scipys_densities() -> None:
    rng = np.random.default_rng(7)
    values = rng.lognormal(0.5, 1.0, 400)
    tail = values[values >= 1.0]
    exponent = power_law_fit(tail, x_min=1.0).exponent

    def densities(mean: float, sd: float) -> Any:
        law = lognorm(sd, scale=math.exp(mean))
        return law.logpdf(tail) - law.logsf(1.0)

    def loss(at: npt.NDArray[np.float64]) -> float:
        return -float(densities(at[0], at[1]).sum())

    limits = [(-5.0, 5.0), (0.2, 5.0)]
    best = minimize(loss, [0.5, 1.0], method="L-BFGS-B", bounds=limits).x
    ratios = pareto(exponent - 1).logpdf(tail) - densities(*best)
    expected = math.sqrt(ratios.size) * ratios.mean() / ratios.std()
    ours = power_law_against_lognormal(tail, x_min=1.0)
    # Two optimisers stop at slightly different places.
    assert ours == pytest.approx(expected, abs=0.002)


def test_the_unit_of_the_values_does_not_matter() -> None:
    values = np.random.default_rng(8).lognormal(0, 1, 500)
    tail = values[values >= 1]
    one = power_law_against_lognormal(tail, x_min=1)
    assert power_law_against_lognormal(100 * tail, x_min=100) == pytest.approx(
        one, abs=1e-6
    )


@pytest.mark.parametrize(
    ("values", "x_min", "message"),
    [
        ([2.0], 1.0, "values holds 1 values, fewer than 2"),
        ([2.0, math.nan], 1.0, "values[1]=nan is not finite"),
        ([2.0, 0.5], 1.0, "values[1]=0.5 is below x_min=1.0"),
        ([2.0, 3.0], 0.0, "x_min=0.0 is not positive"),
        ([2.0, 2.0], 2.0, "all values equal x_min=2.0"),
    ],
)
def test_impossible_tails_are_refused(
    values: Any, x_min: float, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        power_law_fit(values, x_min=x_min)


def test_impossible_comparisons_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("values holds 9 values, fewer than 10")
    ):
        power_law_against_lognormal([2.0] * 9, x_min=1)
    with pytest.raises(
        ValueError, match=exactly("values[0]=2 is below x_min=3")
    ):
        power_law_against_lognormal([2.0] * 10, x_min=3)
    with pytest.raises(ValueError, match=exactly("all values equal x_min=2")):
        power_law_against_lognormal([2.0] * 10, x_min=2)
    with pytest.raises(ValueError, match=exactly("all values equal 3")):
        power_law_against_lognormal([3.0] * 10, x_min=2)
    ten = np.arange(1.0, 11.0)
    assert math.isfinite(power_law_against_lognormal(ten, x_min=1))


def test_impossible_histograms_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("bins=1 is below 2")):
        histogram_exponent([1.0, 2.0], bins=1)
    with pytest.raises(
        ValueError, match=exactly("values are not all positive")
    ):
        histogram_exponent([0.0, 2.0])
    with pytest.raises(
        ValueError, match=exactly("fewer than two bins are filled")
    ):
        histogram_exponent([2.0, 2.0])
    with pytest.raises(
        ValueError, match=exactly("values holds 1 values, fewer than 2")
    ):
        histogram_exponent([2.0])


def test_impossible_laws_are_refused() -> None:
    rng = np.random.default_rng(9)
    with pytest.raises(ValueError, match=exactly("exponent=1 is not above 1")):
        pareto_sample(1, 5, rng)
    with pytest.raises(
        ValueError, match=exactly("exponent=nan is not finite")
    ):
        pareto_sample(math.nan, 5, rng)
    with pytest.raises(ValueError, match=exactly("x_min=0 is not positive")):
        pareto_sample(2, 5, rng, x_min=0)
