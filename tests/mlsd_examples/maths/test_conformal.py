"""Conformal intervals keep an average promise, exactly."""

import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, kstest, norm

from mlsd_examples.maths.conformal import (
    conformal_radius,
    conformal_rank,
    coverage_range,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@settings(deadline=None)
@given(st.integers(1, 5_000), st.integers(1, 99))
def test_the_rank_is_the_ceiling_in_exact_arithmetic(
    rows: int, percent: int
) -> None:
    exact = math.ceil((rows + 1) * Fraction(percent, 100))
    assert conformal_rank(rows, percent / 100) == exact


def test_a_little_more_than_a_rank_needs_the_next() -> None:
    assert conformal_rank(99, 0.9) == 90
    assert conformal_rank(99, 0.9 + 1e-9) == 91


@settings(deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    st.floats(0.01, 0.99),
)
def test_the_radius_holds_as_many_residuals_as_the_rank(
    residuals: list[float], level: float
) -> None:
    radius = conformal_radius(residuals, level)
    rank = conformal_rank(len(residuals), level)
    sizes = [abs(value) for value in residuals]
    if rank > len(residuals):
        assert radius == math.inf
    else:
        assert radius in sizes
        assert sum(size <= radius for size in sizes) >= rank
        assert sum(size < radius for size in sizes) < rank


def test_the_coverage_of_many_calibration_sets_follows_the_beta_law() -> None:
    rng, rows = np.random.default_rng(12), 60
    covered = []
    for _ in range(1_500):
        radius = conformal_radius(rng.standard_normal(rows), 0.8)
        covered.append(1 - 2 * norm.sf(radius))
    rank = math.ceil(61 * 0.8)
    law = beta(rank, rows + 1 - rank)
    assert kstest(covered, law.cdf).pvalue > 1e-3
    error = law.std() / math.sqrt(1_500)
    assert abs(np.mean(covered) - rank / 61) < 4 * error
    low, high = coverage_range(rows, 0.8)
    assert (low, high) == pytest.approx(law.interval(0.95))
    assert coverage_range(rows, 0.8, probability=0.5) == pytest.approx(
        law.interval(0.5)
    )


def test_too_few_rows_promise_nothing_finite() -> None:
    assert conformal_radius([1.0], 0.5) == 1.0
    assert conformal_radius([1.0], 0.6) == math.inf
    assert conformal_radius(range(1, 10), 0.9) == 9.0
    assert conformal_radius(range(1, 9), 0.9) == math.inf
    low, high = coverage_range(9, 0.9)
    assert low < 0.9 < high


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: conformal_rank(0, 0.5), ValueError, "rows=0 is below 1"),
        (
            lambda: conformal_rank(1.0, 0.5),  # type: ignore[arg-type]
            TypeError,
            "rows=1.0 is not a whole number",
        ),
        (
            lambda: conformal_rank(1, 1.0),
            ValueError,
            "level=1.0 is outside (0, 1)",
        ),
        (
            lambda: conformal_radius([], 0.5),
            ValueError,
            "residuals holds 0 values, fewer than 1",
        ),
        (
            lambda: conformal_radius([math.inf], 0.5),
            ValueError,
            "residuals[0]=inf is not finite",
        ),
        (
            lambda: conformal_radius([1.0], 0.0),
            ValueError,
            "level=0.0 is outside (0, 1)",
        ),
        (
            lambda: coverage_range(8, 0.9),
            ValueError,
            "8 rows are too few for level=0.9",
        ),
        (
            lambda: coverage_range(9, 0.9, probability=1),
            ValueError,
            "probability=1 is outside (0, 1)",
        ),
    ],
)
def test_impossible_promises_are_refused(
    call: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=exactly(message)):
        call()
