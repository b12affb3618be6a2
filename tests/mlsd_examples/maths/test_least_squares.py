"""Slopes and both intervals are those of statsmodels."""

import math
import re
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.maths.least_squares import slope_intervals


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@given(st.integers(3, 30), st.floats(0.5, 0.999), st.integers(0, 2**32 - 1))
def test_they_agree_with_statsmodels(
    n: int, confidence: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    y = rng.standard_normal((2, n)) * np.abs(x) + 2 * x
    fits = slope_intervals(x, y, confidence=confidence)
    for run in range(2):
        model = sm.OLS(y[run], sm.add_constant(x))
        classical = model.fit()
        low, high = classical.conf_int(1 - confidence)[1]
        assert fits.slopes[run] == pytest.approx(classical.params[1])
        assert fits.classical[run] == pytest.approx((high - low) / 2)
        robust = model.fit(cov_type="HC3", use_t=True)
        low, high = robust.conf_int(1 - confidence)[1]
        assert fits.robust[run] == pytest.approx((high - low) / 2)


def test_a_line_without_errors_has_no_width() -> None:
    fits = slope_intervals([0.0, 1.0, 2.0], [[1.0, 3.0, 5.0]])
    assert fits.slopes.tolist() == pytest.approx([2.0])
    assert fits.classical.tolist() == pytest.approx([0.0], abs=1e-12)
    assert fits.robust.tolist() == pytest.approx([0.0], abs=1e-12)


def test_coverage_needs_equal_variances_not_normal_errors() -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal(200)
    runs = 4_000
    skewed = rng.exponential(1, (runs, 200)) - 1
    unequal = rng.standard_normal((runs, 200)) * np.abs(x)
    error = math.sqrt(0.05 * 0.95 / runs)
    fits = slope_intervals(x, skewed)
    assert (
        abs((np.abs(fits.slopes) < fits.classical).mean() - 0.95) < 5 * error
    )
    fits = slope_intervals(x, unequal)
    assert (np.abs(fits.slopes) < fits.classical).mean() < 0.9
    assert abs((np.abs(fits.slopes) < fits.robust).mean() - 0.95) < 5 * error


def test_coverage_is_95_percent_unless_said_otherwise() -> None:
    x, y = [0.0, 1.0, 2.0, 5.0], [[1.0, 0.0, 3.0, 2.0]]
    default, said = (
        slope_intervals(x, y, **level) for level in ({}, {"confidence": 0.95})
    )
    assert default.classical == said.classical


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0.0, 1.0], [[0.0, 1.0]], "x holds 2 values, fewer than 3"),
        ([1.0, 1, 1], [[0.0, 1, 2]], "x is constant"),
        ([0.1, 0.1, 0.1], [[0.0, 1, 2]], "x is constant"),
        (
            [0.0, 1, 2],
            np.zeros((0, 3)),
            "y of shape (0, 3) is not (runs, 3)",
        ),
        (
            [3.0, 3, 3, 8],
            [[0.0, 1, 2, 5]],
            "x[3]=8 alone carries the slope:"
            " its residual is 0 by construction",
        ),
        ([0.0, 1, math.nan], [[0.0, 1, 2]], "x[2]=nan is not finite"),
        ([0.0, 1, 2], [0.0, 1, 2], "y of shape (3,) is not (runs, 3)"),
        ([0.0, 1, 2], [[0.0, 1]], "y of shape (1, 2) is not (runs, 3)"),
        (
            [0.0, 1, 2],
            [[0.0, math.inf, 1]],
            "y holds a value that is not finite",
        ),
    ],
)
def test_impossible_regressions_are_refused(
    x: Any, y: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        slope_intervals(x, y)


def test_an_impossible_coverage_is_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("confidence=0 is outside (0, 1)")
    ):
        slope_intervals([0.0, 1, 2], [[0.0, 1, 3]], confidence=0)


def test_responses_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(TypeError, match=exactly("y are not all numbers")):
        slope_intervals([0.0, 1, 2], [["a", "b", "c"]])
