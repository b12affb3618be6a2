"""Values outside their range are refused by name, before they compute."""

import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples._refusals import (
    counts,
    finite,
    numbers,
    positive,
    share,
    vector,
    whole,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_a_whole_number_comes_back_as_pythons() -> None:
    value: Any = np.int64(3)
    assert type(whole("looks", value, least=3)) is int
    assert whole("looks", 4, least=3) == 4


@pytest.mark.parametrize("value", [True, np.True_, 3.0, "3", None])
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    with pytest.raises(
        TypeError, match=exactly(f"looks={value!r} is not a whole number")
    ):
        whole("looks", value, least=0)


def test_too_small_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match=exactly("looks=2 is below 3")):
        whole("looks", 2, least=3)


def test_a_finite_number_comes_back_as_pythons() -> None:
    value: Any = np.float32(0.5)
    assert type(finite("drift", value)) is float
    assert finite("drift", -2) == -2.0


@pytest.mark.parametrize("value", [True, np.False_, "1", None, 1j])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(
        TypeError, match=exactly(f"drift={value!r} is not a number")
    ):
        finite("drift", value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    for check in (finite, positive, share):
        with pytest.raises(
            ValueError, match=exactly(f"x={value} is not finite")
        ):
            check("x", value)


def test_a_positive_number_comes_back() -> None:
    assert type(positive("sd", 1)) is float
    assert positive("sd", 1e-300) == 1e-300


@pytest.mark.parametrize("value", [0, -0.5])
def test_what_is_not_positive_is_refused(value: float) -> None:
    with pytest.raises(
        ValueError, match=exactly(f"sd={value} is not positive")
    ):
        positive("sd", value)


def test_a_share_comes_back() -> None:
    assert share("alpha", 0.05) == 0.05
    assert type(share("p", 1, closed=True)) is float
    assert share("p", 0, closed=True) == 0.0


@pytest.mark.parametrize("value", [0, 1, -0.1, 1.1])
def test_a_share_outside_the_open_range_is_refused(value: float) -> None:
    with pytest.raises(
        ValueError, match=exactly(f"alpha={value} is outside (0, 1)")
    ):
        share("alpha", value)


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_a_share_outside_the_closed_range_is_refused(value: float) -> None:
    with pytest.raises(
        ValueError, match=exactly(f"p={value} is outside [0, 1]")
    ):
        share("p", value, closed=True)


def test_a_vector_is_a_copy_in_floats() -> None:
    mine = np.array([1, 2])
    theirs = vector("x", mine, least=2)
    theirs[0] = 9
    assert theirs.dtype == np.float64
    assert mine.tolist() == [1, 2]
    floats = np.array([1.0])
    vector("x", floats, least=1)[0] = 9
    assert floats[0] == 1.0


def test_a_vector_has_one_axis() -> None:
    for values, shape in ((1.0, "()"), ([[1.0]], "(1, 1)")):
        with pytest.raises(
            ValueError, match=exactly(f"x has shape {shape}, not one axis")
        ):
            vector("x", values, least=1)


def test_too_short_a_vector_is_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("x holds 0 values, fewer than 1")
    ):
        vector("x", [], least=1)


@given(
    st.lists(st.floats(-1e3, 1e3), max_size=5),
    st.sampled_from([math.nan, math.inf, -math.inf]),
)
def test_the_first_value_that_is_not_finite_is_named(
    before: list[float], bad: float
) -> None:
    with pytest.raises(
        ValueError, match=exactly(f"x[{len(before)}]={bad} is not finite")
    ):
        vector("x", [*before, bad, math.nan], least=1)


def test_counts_come_back_as_floats() -> None:
    assert counts(
        "users", np.array([0, 3], dtype="uint8"), least=2
    ).tolist() == [
        0.0,
        3.0,
    ]


@pytest.mark.parametrize("values", [[1.0, 2.0], [True, False], ["1"]])
def test_counts_of_another_type_are_refused(values: list[Any]) -> None:
    kind = np.asarray(values).dtype
    with pytest.raises(
        TypeError,
        match=exactly(f"users are of type {kind}, not whole numbers"),
    ):
        counts("users", values, least=1)


def test_no_counts_are_too_few() -> None:
    with pytest.raises(
        ValueError, match=exactly("users holds 0 values, fewer than 2")
    ):
        counts("users", [], least=2)


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("users[1]=-2 is negative")):
        counts("users", [4, -2, -3], least=2)


def test_numbers_of_any_shape_come_back_as_a_copy() -> None:
    mine = np.array([[1.0, math.inf], [math.nan, 2.0]])
    theirs = numbers("z", mine)
    assert theirs.tolist()[0] == [1.0, math.inf]
    theirs[0, 0] = 9
    assert mine[0, 0] == 1.0
    assert numbers("z", 3).shape == ()


@pytest.mark.parametrize(
    "values", [["a"], "a", [[1], [1, 2]], [1j], [None, {}]]
)
def test_what_is_not_made_of_numbers_is_refused(values: Any) -> None:
    with pytest.raises(TypeError, match=exactly("z are not all numbers")):
        numbers("z", values)
    with pytest.raises(TypeError, match=exactly("z are not all numbers")):
        vector("z", values, least=1)


@pytest.mark.parametrize(
    "values",
    [["0.5"], [1, "2"], [1j], [None], [[1], [1, 2]], np.array(["1"], object)],
)
def test_values_that_are_no_numbers_are_refused(values: Any) -> None:
    with pytest.raises(TypeError, match=r"^z are not all numbers$"):
        numbers("z", values)


def test_numbers_beyond_a_float_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"^z hold a number beyond float64$"):
        numbers("z", [10**400])


def test_exact_numbers_become_floats() -> None:
    exact = np.array([Fraction(1, 4), 10**20], dtype=object)
    assert numbers("z", exact).tolist() == [0.25, 1e20]
    assert numbers("z", [True, False]).tolist() == [1.0, 0.0]
    assert numbers("z", []).size == 0
