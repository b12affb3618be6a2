"""A check passes, fails and refuses as it says."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.checks import Check, CheckError, agrees, equals, exceeds


def test_a_check_prints_what_agrees_with_what() -> None:
    check = agrees(0.5, 0.501, within=0.01, by="closed form")
    assert check == Check("closed form", "0.5 agrees with 0.501 within 0.01")
    assert (
        repr(check)
        == "checked (closed form): 0.5 agrees with 0.501 within 0.01"
    )


def test_values_agree_at_the_tolerance_and_not_beyond() -> None:
    agrees(1.0, 1.5, within=0.5, by="invariant")
    agrees(1.5, 1.0, within=0.5, by="invariant")
    with pytest.raises(
        CheckError, match=r"^1 differs from 1\.75 by 0\.75 > 0\.5$"
    ):
        agrees(1.0, 1.75, within=0.5, by="invariant")


@pytest.mark.parametrize("pair", [(math.nan, 0.0), (0.0, math.nan)])
def test_what_is_not_a_number_agrees_with_nothing(
    pair: tuple[float, float],
) -> None:
    with pytest.raises(CheckError):
        agrees(*pair, within=1e9, by="closed form")


@pytest.mark.parametrize("within", [0.0, -1.0, math.inf, math.nan])
def test_a_tolerance_is_positive_and_finite(within: float) -> None:
    with pytest.raises(
        ValueError, match=rf"^within={within} is not a positive tolerance$"
    ):
        agrees(1.0, 1.0, within=within, by="closed form")


def test_equal_values_of_any_kind_are_equal() -> None:
    assert equals((2, 3), (2, 3), by="invariant").statement == (
        "(2, 3) equals (2, 3)"
    )
    assert equals(np.int64(3), 3, by="invariant").by == "invariant"
    with pytest.raises(CheckError, match=r"^'a' is not 'b'$"):
        equals("a", "b", by="invariant")


def test_a_floor_is_reached_but_not_from_below() -> None:
    assert exceeds(3.0, 3.0) == Check("ordering", "3 is at least 3")
    assert exceeds(4.0, 3.0, by="invariant").by == "invariant"
    with pytest.raises(CheckError, match=r"^2\.99 is below 3$"):
        exceeds(2.99, 3.0)
    with pytest.raises(CheckError):
        exceeds(math.nan, 3.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: agrees(1, 1, within=1, by="hope"),  # type: ignore[arg-type]
        lambda: equals(1, 1, by="hope"),  # type: ignore[arg-type]
        lambda: exceeds(1, 1, by="hope"),  # type: ignore[arg-type]
    ],
    ids=["agrees", "equals", "exceeds"],
)
def test_an_oracle_without_a_class_is_refused(
    call: Callable[[], Check],
) -> None:
    message = "^" + re.escape("by='hope' is none of ('closed form'")
    with pytest.raises(ValueError, match=message):
        call()


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_agreement_is_the_absolute_difference(
    value: float, oracle: float, within: float
) -> None:
    try:
        agrees(value, oracle, within=within, by="closed form")
    except CheckError:
        assert abs(value - oracle) > within
    else:
        assert abs(value - oracle) <= within


def test_numpy_scalars_are_shown_as_plain_numbers() -> None:
    check = equals(np.float64(4.2), 4.2, by="closed form")
    assert repr(check) == "checked (closed form): 4.2 equals 4.2"
    with pytest.raises(CheckError, match=r"^4 is not 5$"):
        equals(np.int64(4), np.int64(5), by="closed form")


def test_digits_far_below_the_tolerance_are_not_shown() -> None:
    check = agrees(1.55431e-15, 0, within=1e-9, by="closed form")
    assert check.statement == "0 agrees with 0 within 1e-09"
    check = agrees(0.800253, 0.8, within=0.0179, by="closed form")
    assert check.statement == "0.8003 agrees with 0.8 within 0.0179"
    check = agrees(4100.4, 4096, within=4096, by="closed form")
    assert check.statement == "4100 agrees with 4096 within 4.1e+03"


def test_a_long_value_is_cut() -> None:
    just, over = "x" * 118, "x" * 119  # two quotes each
    assert equals(just, just, by="invariant").statement == (
        f"'{just}' equals '{just}'"
    )
    cut = "'" + "x" * 59 + " … (121 characters)"
    assert equals(over, over, by="invariant").statement == (
        f"{cut} equals {cut}"
    )
