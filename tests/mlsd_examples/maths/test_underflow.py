"""Products die or freeze exactly where rounding says."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.maths.underflow import RepeatedProduct, repeated_product


@pytest.mark.parametrize(
    ("factor", "precision", "factors"),
    [
        (0.1, "float64", 324),
        (0.1, "float32", 46),
        (0.1, "float16", 8),
        (0.5, "float64", 1075),
        (0.5, "float32", 150),
        (0.5, "float16", 25),
    ],
)
def test_small_factors_reach_zero(
    factor: float, precision: str, factors: int
) -> None:
    found = repeated_product(factor, precision)  # type: ignore[arg-type]
    assert found == RepeatedProduct(factors, 0.0)


@pytest.mark.parametrize(
    ("factor", "units"), [(0.9, 5), (0.75, 2), (0.51, 1), (0.99, 49)]
)
def test_large_factors_freeze_at_a_few_units(
    factor: float, units: int
) -> None:
    assert repeated_product(factor).last == units * math.ulp(0.0)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.01, 0.985))
def test_the_last_value_is_the_largest_fixed_point_of_rounding(
    factor: float,
) -> None:
    # Python rounds fractions half to even, as float64 does its subnormals;
    # a monotone map, followed from above, stops at its largest fixed point.
    units, exact = 10_000, Fraction(factor)
    while round(exact * units) != units:
        units = round(exact * units)
    assert repeated_product(factor).last == units * math.ulp(0.0)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.01, 0.985), st.sampled_from(["float32", "float64"]))
def test_one_factor_more_changes_nothing_and_one_fewer_does(
    factor: float, precision: str
) -> None:
    found = repeated_product(factor, precision)  # type: ignore[arg-type]
    kind = np.dtype(precision).type
    with np.errstate(under="ignore"):
        values = np.multiply.accumulate(
            np.full(found.factors + 1, kind(factor))
        )
    assert values[found.factors - 1] == values[found.factors] == found.last
    assert values[found.factors - 2] != found.last


def test_classes_tie_among_the_subnormals() -> None:
    assert repeated_product(0.9).last == repeated_product(0.91).last


@pytest.mark.parametrize("factor", [0.0, 1.0, -0.5, 2.0])
def test_the_factor_lies_between_zero_and_one(factor: float) -> None:
    message = f"^factor={re.escape(str(factor))} is outside \\(0, 1\\)$"
    with pytest.raises(ValueError, match=message):
        repeated_product(factor)


def test_a_factor_that_rounds_to_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^factor=1e-50 is 0 in float32$"):
        repeated_product(1e-50, "float32")
    with pytest.raises(ValueError, match=r"^factor=0.9999 is 1 in float16$"):
        repeated_product(0.9999, "float16")


def test_other_precisions_are_refused() -> None:
    message = "precision='float8' is none of ('float16', 'float32', 'float64')"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        repeated_product(0.5, "float8")  # type: ignore[arg-type]


def test_patience_has_a_limit() -> None:
    assert repeated_product(0.1, limit=325).factors == 324
    with pytest.raises(
        ValueError, match=r"^the product still changes after 324 factors$"
    ):
        repeated_product(0.1, limit=324)
    with pytest.raises(ValueError, match=r"^limit=0 is below 1$"):
        repeated_product(0.1, limit=0)
    with pytest.raises(
        ValueError, match=r"^the product still changes after 1 factors$"
    ):
        repeated_product(0.1, limit=1)
    with pytest.raises(
        ValueError, match=r"^the product still changes after 1000000 factors$"
    ):
        repeated_product(0.9999999)
