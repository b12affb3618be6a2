"""Intervals agree with libraries; their coverage with sums and samples."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from statsmodels.stats.proportion import proportion_confint

from mlsd_examples.maths.intervals import (
    Method,
    exact_coverage,
    proportion_interval,
)

NAMES: dict[Method, str] = {
    "wald": "normal",
    "wilson": "wilson",
    "clopper-pearson": "beta",
    "jeffreys": "jeffreys",
}
COUNTS = st.integers(1, 200).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@settings(deadline=None, max_examples=60)
@given(COUNTS, st.sampled_from([*NAMES]), st.floats(0.5, 0.999))
def test_intervals_agree_with_statsmodels(
    counts: tuple[int, int], method: Method, level: float
) -> None:
    k, n = counts
    found = proportion_interval(k, n, method, level=level)
    low, high = proportion_confint(k, n, 1 - level, NAMES[method])
    if method == "jeffreys":  # the ends are 0 and 1 by definition there
        low, high = (0.0 if k == 0 else low), (1.0 if k == n else high)
    if method == "wald":  # statsmodels cuts at 0 and 1
        found = (max(found[0], 0.0), min(found[1], 1.0))
    assert found == pytest.approx((low, high), rel=1e-9, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(COUNTS)
def test_intervals_agree_with_scipy(counts: tuple[int, int]) -> None:
    k, n = counts
    test = binomtest(k, n)
    wilson = test.proportion_ci(0.95, method="wilson")
    assert proportion_interval(k, n, "wilson") == pytest.approx(
        (wilson.low, wilson.high), rel=1e-9, abs=1e-12
    )
    exact = test.proportion_ci(0.95, method="exact")
    assert proportion_interval(k, n, "clopper-pearson") == pytest.approx(
        (exact.low, exact.high), rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("method", NAMES)
def test_mirrored_counts_have_mirrored_intervals(method: Method) -> None:
    for k in range(8):
        low, high = proportion_interval(k, 7 + k, method)
        other = proportion_interval(7, 7 + k, method)
        assert (1 - high, 1 - low) == pytest.approx(other, abs=1e-12)


def test_wald_is_sure_of_what_it_never_saw() -> None:
    assert proportion_interval(0, 20, "wald") == (0.0, 0.0)
    assert proportion_interval(20, 20, "wald") == (1.0, 1.0)


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson", "jeffreys"])
def test_the_others_end_at_zero_and_one_and_have_width(
    method: Method,
) -> None:
    low, high = proportion_interval(0, 20, method)
    assert low == 0.0
    assert 0.1 < high < 0.2
    assert proportion_interval(20, 20, method)[1] == 1.0


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson", "jeffreys"])
def test_the_ends_are_exact_at_every_size(method: Method) -> None:
    for n in range(1, 60):
        assert proportion_interval(0, n, method)[0] == 0.0
        assert proportion_interval(n, n, method)[1] == 1.0


def test_an_exact_limit_has_a_closed_form_at_zero() -> None:
    high = proportion_interval(0, 20, "clopper-pearson", level=0.9)[1]
    assert high == pytest.approx(1 - 0.05 ** (1 / 20), rel=1e-12)


def test_it_is_wilsons_at_ninety_five_unless_told() -> None:
    assert proportion_interval(3, 9) == proportion_interval(
        3, 9, "wilson", level=0.95
    )
    assert exact_coverage(30, 0.2) == exact_coverage(
        30, 0.2, "wilson", level=0.95
    )


@pytest.mark.parametrize("method", NAMES)
@pytest.mark.parametrize("p", [0.0, 0.01, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_coverage_agrees_with_statsmodels_intervals_summed_by_hand(
    method: Method, p: float, level: float
) -> None:
    total = 0.0
    for k in range(31):
        low, high = proportion_confint(k, 30, 1 - level, NAMES[method])
        # By definition for Jeffreys, by algebra for the others but Wald.
        if method != "wald":
            low, high = (0.0 if k == 0 else low), (1.0 if k == 30 else high)
        if low <= p <= high:
            total += math.comb(30, k) * p**k * (1 - p) ** (30 - k)
    assert exact_coverage(30, p, method, level=level) == pytest.approx(
        total, rel=1e-12
    )


@pytest.mark.parametrize("p", np.linspace(0.003, 0.997, 40).tolist())
def test_the_exact_interval_never_covers_less_than_it_says(p: float) -> None:
    assert exact_coverage(50, p, "clopper-pearson") >= 0.95


def test_published_coverage_of_a_hundred() -> None:
    scan = np.linspace(0.005, 0.995, 199).tolist()
    assert min(exact_coverage(100, p, "wald") for p in scan) == pytest.approx(
        1 - binom.pmf(0, 100, 0.005) - binom.sf(4, 100, 0.005), abs=0.01
    )
    assert exact_coverage(100, 0.02, "wald") == pytest.approx(0.8664, abs=1e-4)


@pytest.mark.parametrize("bad", [-1, 4])
def test_counts_out_of_range_are_refused(bad: int) -> None:
    with pytest.raises(ValueError, match=r"successes"):
        proportion_interval(bad, 3)


def test_refusals_name_what_they_refuse() -> None:
    with pytest.raises(ValueError, match=exactly("4 successes in 3 trials")):
        proportion_interval(4, 3)
    with pytest.raises(ValueError, match=exactly("trials=0 is below 1")):
        proportion_interval(0, 0)
    with pytest.raises(ValueError, match=exactly("trials=0 is below 1")):
        exact_coverage(0, 0.5)
    with pytest.raises(ValueError, match=exactly("successes=-1 is below 0")):
        proportion_interval(-1, 3)
    with pytest.raises(TypeError, match=r"^successes=1.0 is not a whole"):
        proportion_interval(1.0, 3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=exactly("level=1 is outside (0, 1)")):
        proportion_interval(1, 3, level=1)
    with pytest.raises(ValueError, match=exactly("p=-0.1 is outside [0, 1]")):
        exact_coverage(3, -0.1)
    methods = "('wald', 'wilson', 'clopper-pearson', 'jeffreys')"
    message = f"method='exact' is none of {methods}"
    with pytest.raises(ValueError, match=exactly(message)):
        proportion_interval(1, 3, "exact")  # type: ignore[arg-type]
