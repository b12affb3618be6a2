"""The index has the law that three routes agree on."""

import math
import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, entropy, multinomial, ncx2, norm

from mlsd_examples.experiments.drift import (
    chi_squared_power,
    chi_squared_tail,
    chi_squared_threshold,
    index_tail,
    normal_bins,
    population_stability_index,
    simulated_index,
)

EVEN = [0.1] * 10


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@given(
    st.integers(2, 8).flatmap(
        lambda n: st.tuples(
            *[st.lists(st.integers(0, 10**9), min_size=n, max_size=n)] * 2
        )
    ),
    st.sampled_from([0.0, 1e-6, 0.5]),
)
def test_the_index_is_both_divergences_by_scipy(
    pair: tuple[list[int], list[int]], added: float
) -> None:
    old, new = pair
    if not (any(old) and any(new)):
        return
    p, q = np.array(old) + added, np.array(new) + added
    expected = float(entropy(p, q) + entropy(q, p))
    found = population_stability_index(old, new, added=added)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert found >= 0


def test_nothing_is_added_unless_asked() -> None:
    assert population_stability_index([5, 5, 1], [5, 5, 0]) == math.inf
    assert population_stability_index([5, 5, 0], [5, 5, 0]) == 0.0


def enumerated(
    threshold: float, rows: int, p: list[float], true: list[float]
) -> float:
    """Add the probabilities of all samples above the threshold."""
    total = 0.0
    for counts in product(range(rows + 1), repeat=len(p)):
        if sum(counts) != rows:
            continue
        index = 0.0
        for count, share in zip(counts, p, strict=True):
            seen = count / rows
            index += (
                (seen - share) * math.log(seen / share) if seen else math.inf
            )
        if index > threshold:
            total += float(multinomial.pmf(counts, rows, true))
    return total


@pytest.mark.parametrize("threshold", [0.0501, 0.2503, 1.007])
@pytest.mark.parametrize("true", [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
def test_the_exact_tail_agrees_with_enumeration(
    threshold: float, true: list[float]
) -> None:
    p = [0.2, 0.3, 0.5]
    expected = enumerated(threshold, 15, p, true)
    found = index_tail(threshold, 15, p, true)
    assert found == pytest.approx(expected, abs=1e-9)
    if true == p:
        assert index_tail(threshold, 15, p) == pytest.approx(expected)


def test_the_exact_tail_agrees_with_simulation() -> None:
    rng = np.random.default_rng(9)
    lopsided = [0.4, 0.3, 0.2, 0.05, 0.05]
    for p, rows, threshold in (
        (EVEN, 200, 0.1),
        (EVEN, 100, 0.1),
        (lopsided, 150, 0.05),
    ):
        found = (simulated_index(p, rows, 200_000, rng) > threshold).mean()
        exact = index_tail(threshold, rows, p)
        error = 4 * math.sqrt(exact * (1 - exact) / 200_000)
        assert abs(found - exact) < error + 1e-3 * exact


def test_the_tail_with_drift_agrees_with_simulation() -> None:
    rng, now = np.random.default_rng(2), normal_bins(10, shift=0.3)
    draws = simulated_index(EVEN, 200, 100_000, rng, current=now)
    exact = index_tail(0.1, 200, EVEN, now)
    error = 4 * math.sqrt(exact * (1 - exact) / 100_000)
    assert abs((draws > 0.1).mean() - exact) < error + 1e-3


def test_the_scenario_of_the_page() -> None:
    assert index_tail(0.1, 200, EVEN) == pytest.approx(0.02384, abs=1e-5)
    assert chi_squared_tail(0.1, 10, 200) == pytest.approx(0.017912, abs=1e-6)


def test_an_empty_bin_is_an_alarm_at_any_threshold() -> None:
    assert index_tail(50.0, 100, [0.02, 0.98]) == pytest.approx(
        0.98**100 + 0.02**100, abs=1e-9
    )
    assert index_tail(1e-9, 3, [0.5, 0.5]) == pytest.approx(1.0, abs=1e-12)
    assert index_tail(0.1, 1, [1.0]) == pytest.approx(0, abs=1e-12)


def test_a_share_that_the_window_excludes_is_an_alarm() -> None:
    assert index_tail(5.0, 10, [0.5, 0.5], [1.0, 0.0]) == pytest.approx(1.0)


@given(
    st.floats(1e-3, 2),
    st.integers(2, 40),
    st.integers(1, 10**6),
    st.one_of(st.just(math.inf), st.integers(1, 10**6)),
)
def test_the_limit_is_a_scaled_chi_squared_law(
    threshold: float, bins: int, rows: int, reference: float
) -> None:
    scale = 1 / rows + 1 / reference
    found = chi_squared_tail(threshold, bins, rows, reference_rows=reference)
    expected = chi2.sf(threshold / scale, bins - 1)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-300)


@given(
    st.floats(1e-6, 0.999),
    st.integers(2, 40),
    st.integers(1, 10**6),
    st.one_of(st.just(math.inf), st.integers(1, 10**6)),
)
def test_a_threshold_keeps_its_rate(
    rate: float, bins: int, rows: int, reference: float
) -> None:
    at = chi_squared_threshold(rate, bins, rows, reference_rows=reference)
    found = chi_squared_tail(at, bins, rows, reference_rows=reference)
    assert found == pytest.approx(rate, rel=1e-6)


def test_the_reference_is_known_unless_said_otherwise() -> None:
    assert chi_squared_threshold(0.05, 10, 169) == pytest.approx(
        chi2.isf(0.05, 9) / 169
    )
    rng = np.random.default_rng(6)
    two = simulated_index(EVEN, 500, 40_000, rng, reference_rows=500)
    error = 4 * two.std() / 200
    assert abs(two.mean() - 9 * (2 / 500)) < error + 2e-4
    one = simulated_index(EVEN, 500, 40_000, rng)
    error = 4 * one.std() / 200
    assert abs(one.mean() - 9 / 500 - 45 / 500**2) < error + 1e-5


@settings(max_examples=40)
@given(st.floats(0.001, 0.2), st.floats(0, 0.1), st.integers(10, 5_000))
def test_power_is_a_noncentral_tail(
    threshold: float, drift: float, rows: int
) -> None:
    found = chi_squared_power(threshold, drift, 10, rows)
    expected = (
        ncx2.sf(rows * threshold, 9, rows * drift)
        if drift
        else chi2.sf(rows * threshold, 9)
    )
    assert found == pytest.approx(float(expected), abs=1e-9)


def test_power_agrees_with_simulation() -> None:
    now = normal_bins(10, shift=0.1)
    drift = float(((now - 0.1) * np.log(now / 0.1)).sum())
    at = chi_squared_threshold(0.001, 10, 4_800)
    rng = np.random.default_rng(12)
    found = simulated_index(EVEN, 4_800, 40_000, rng, current=now) > at
    law = chi_squared_power(at, drift, 10, 4_800)
    error = 4 * math.sqrt(law * (1 - law) / 40_000)
    assert abs(found.mean() - law) < error + 0.005


def test_a_bin_that_is_empty_on_both_sides_adds_nothing() -> None:
    rng = np.random.default_rng(1)
    draws = simulated_index([0.5, 0.5, 0.0], 50, 500, rng)
    assert np.isfinite(draws).all()
    both = simulated_index([0.5, 0.5, 0.0], 50, 500, rng, reference_rows=50)
    assert np.isfinite(both).all()
    alone = simulated_index([1.0, 0.0], 5, 3, rng, current=[0.5, 0.5])
    assert alone.tolist() == [math.inf] * 3


def test_windows_are_drawn_one_by_one() -> None:
    rng = np.random.default_rng(0)
    draws = simulated_index(EVEN, 100, 7, rng)
    rng = np.random.default_rng(0)
    counts = rng.multinomial(100, EVEN, 7)
    expected = [population_stability_index([10] * 10, row) for row in counts]
    assert draws == pytest.approx(expected)


@given(st.integers(2, 30), st.floats(-3, 3), st.floats(0.2, 5))
def test_bins_are_quantiles_of_the_reference(
    bins: int, shift: float, scale: float
) -> None:
    found = normal_bins(bins, shift=shift, scale=scale)
    assert found.shape == (bins,)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    edges = norm.ppf(np.arange(1, bins) / bins)
    expected = norm.cdf(edges, loc=shift, scale=scale)
    assert found.cumsum()[:-1] == pytest.approx(expected, abs=1e-9)


def test_bins_hold_the_same_without_a_shift() -> None:
    assert normal_bins(4) == pytest.approx(np.full(4, 0.25), abs=1e-12)


def test_impossible_counts_are_refused() -> None:
    route = population_stability_index
    with pytest.raises(
        ValueError, match=exactly("3 bins in reference, 2 in current")
    ):
        route([1, 2, 3], [1, 2])
    for old, new, name in (
        ([0, 0], [1, 1], "reference"),
        ([1, 1], [0, 0], "current"),
    ):
        with pytest.raises(
            ValueError, match=exactly(f"{name} counts sum to 0")
        ):
            route(old, new)
    with pytest.raises(
        ValueError, match=exactly("reference holds 1 values, fewer than 2")
    ):
        route([1], [1, 1])
    with pytest.raises(
        ValueError, match=exactly("current holds 1 values, fewer than 2")
    ):
        route([1, 1], [1])
    with pytest.raises(TypeError, match=r"^reference are of type float64"):
        route([0.5, 0.5], [1, 1])
    with pytest.raises(ValueError, match=exactly("current[0]=-1 is negative")):
        route([1, 1], [-1, 3])
    with pytest.raises(ValueError, match=exactly("added=nan is not finite")):
        route([1, 1], [1, 1], added=math.nan)
    with pytest.raises(ValueError, match=exactly("added=-0.5 is negative")):
        route([1, 1], [1, 1], added=-0.5)


def test_impossible_laws_are_refused() -> None:
    for route in (chi_squared_tail, chi_squared_threshold):
        with pytest.raises(ValueError, match=exactly("bins=1 is below 2")):
            route(0.1, 1, 200)
        with pytest.raises(ValueError, match=exactly("rows=0 is below 1")):
            route(0.1, 10, 0)
        with pytest.raises(
            ValueError, match=exactly("reference_rows=0 is not positive")
        ):
            route(0.1, 10, 200, reference_rows=0)
    positive = exactly("threshold=0 is not positive")
    with pytest.raises(ValueError, match=positive):
        chi_squared_tail(0, 10, 200)
    with pytest.raises(ValueError, match=positive):
        chi_squared_power(0, 0.1, 10, 200)
    with pytest.raises(ValueError, match=positive):
        index_tail(0, 5, EVEN)
    for rate in (0, 1):
        with pytest.raises(
            ValueError, match=exactly(f"rate={rate} is outside (0, 1)")
        ):
            chi_squared_threshold(rate, 10, 200)
    with pytest.raises(ValueError, match=exactly("drift=nan is not finite")):
        chi_squared_power(0.1, math.nan, 10, 200)
    with pytest.raises(ValueError, match=exactly("drift=-0.1 is negative")):
        chi_squared_power(0.1, -0.1, 10, 200)
    with pytest.raises(ValueError, match=exactly("bins=1 is below 2")):
        chi_squared_power(0.1, 0.1, 1, 200)
    with pytest.raises(ValueError, match=exactly("rows=0 is below 1")):
        chi_squared_power(0.1, 0.1, 10, 0)
    with pytest.raises(
        ValueError, match=exactly("reference[1]=0 has no share")
    ):
        index_tail(0.1, 5, [1.0, 0.0])
    with pytest.raises(
        ValueError, match=exactly("2 bins in reference, 1 in current")
    ):
        index_tail(0.1, 5, [0.5, 0.5], [1.0])
    with pytest.raises(ValueError, match=exactly("rows=0 is below 1")):
        index_tail(0.1, 0, EVEN)
    with pytest.raises(ValueError, match=r"^current sums to"):
        index_tail(0.1, 5, [0.5, 0.5], [1.0, 1.0])


def test_impossible_simulations_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=exactly("rows=0 is below 1")):
        simulated_index(EVEN, 0, 1, rng)
    with pytest.raises(ValueError, match=exactly("runs=0 is below 1")):
        simulated_index(EVEN, 1, 0, rng)
    with pytest.raises(
        ValueError, match=exactly("reference_rows=0 is below 1")
    ):
        simulated_index(EVEN, 1, 1, rng, reference_rows=0)
    with pytest.raises(
        ValueError, match=exactly("10 bins in reference, 2 in current")
    ):
        simulated_index(EVEN, 1, 1, rng, current=[0.5, 0.5])
    with pytest.raises(ValueError, match=r"^reference sums to"):
        simulated_index([0.5, 0.4], 1, 1, rng)
    with pytest.raises(ValueError, match=r"^current sums to"):
        simulated_index([0.5, 0.5], 1, 1, rng, current=[0.5, 0.4])
    with pytest.raises(ValueError, match=exactly("bins=1 is below 2")):
        normal_bins(1)
    with pytest.raises(ValueError, match=exactly("scale=0 is not positive")):
        normal_bins(2, scale=0)
    with pytest.raises(ValueError, match=exactly("shift=nan is not finite")):
        normal_bins(2, shift=math.nan)
