"""Three orders of adding keep their bounds against an exact sum."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlsd_examples.toolkit.summation import (
    Floats,
    neumaier_sum,
    pairwise_sum,
    sequential_sum,
)

ALL = [sequential_sum, pairwise_sum, neumaier_sum]
UNIT = 2.0**-24  # of float32
singles = npst.arrays(
    np.float32,
    st.integers(0, 40),
    elements=st.floats(-(2.0**40), 2.0**40, width=32),
)


@pytest.mark.parametrize("add_up", ALL)
def test_nothing_sums_to_zero(add_up: Callable[[Floats], float]) -> None:
    assert add_up(np.zeros(0)) == 0.0


@pytest.mark.parametrize("add_up", ALL)
def test_one_value_is_its_own_sum(add_up: Callable[[Floats], float]) -> None:
    total = add_up(np.array([0.1], dtype=np.float32))
    assert total == float(np.float32(0.1))
    assert type(total) is float


@pytest.mark.parametrize("add_up", ALL)
@given(st.lists(st.integers(-1000, 1000)))
def test_small_whole_numbers_are_added_exactly(
    add_up: Callable[[Floats], float], whole: list[int]
) -> None:
    assert add_up(np.array(whole, dtype=np.float32)) == sum(whole)


@given(singles)
def test_adding_in_a_row_loses_at_most_a_rounding_a_step(
    values: Floats,
) -> None:
    exact = math.fsum(values.tolist())
    size = math.fsum(abs(v) for v in values.tolist())
    steps = max(len(values) - 1, 0) * UNIT
    bound = steps / (1 - steps) * size + 1e-44
    assert abs(sequential_sum(values) - exact) <= bound


@given(singles)
def test_adding_in_pairs_loses_at_most_a_rounding_a_level(
    values: Floats,
) -> None:
    exact = math.fsum(values.tolist())
    size = math.fsum(abs(v) for v in values.tolist())
    levels = math.ceil(math.log2(max(len(values), 1))) * UNIT
    bound = levels / (1 - levels) * size + 1e-44
    assert abs(pairwise_sum(values) - exact) <= bound


@given(singles)
def test_carrying_the_loss_along_leaves_a_rounding_of_the_result(
    values: Floats,
) -> None:
    exact = math.fsum(values.tolist())
    size = math.fsum(abs(v) for v in values.tolist())
    bound = UNIT * abs(exact) + 4 * len(values) * UNIT**2 * size + 1e-44
    assert abs(neumaier_sum(values) - exact) <= bound * (1 + 4 * UNIT)


@given(singles)
def test_adding_in_a_row_is_numpys_cumulative_sum(values: Floats) -> None:
    if len(values):
        assert sequential_sum(values) == float(np.cumsum(values)[-1])


def test_rounding_follows_the_type_of_the_values() -> None:
    values = [2.0**24, 1.0, 1.0]
    assert sequential_sum(np.array(values, dtype=np.float32)) == 2.0**24
    assert sequential_sum(np.array(values)) == 2.0**24 + 2
    assert neumaier_sum(np.array(values, dtype=np.float32)) == 2.0**24 + 2


def test_pairs_meet_before_they_meet_others() -> None:
    ones = np.array([2.0**24, 0, 1, 1], dtype=np.float32)
    assert pairwise_sum(ones) == 2.0**24 + 2
    odd = np.array([1, 1, 2.0**24], dtype=np.float32)
    assert pairwise_sum(odd) == 2.0**24 + 2
    last = np.array([2.0**24, 1, 1], dtype=np.float32)
    assert pairwise_sum(last) == 2.0**24


def test_the_larger_addend_loses_nothing() -> None:
    assert neumaier_sum(np.array([1.0, 1e100, 1.0, -1e100])) == 2.0
    assert neumaier_sum(np.array([1e100, 1.0, -1e100])) == 1.0


def test_a_million_tenths_drift_only_in_a_row() -> None:
    values = np.full(1_000_000, 0.1, dtype=np.float32)
    exact = math.fsum(values.tolist())
    assert sequential_sum(values) == float(np.cumsum(values)[-1])
    assert abs(sequential_sum(values) - exact) > 900
    assert abs(pairwise_sum(values) - exact) < 0.01
    # Contiguous memory is summed in pairs, a column of a table is not.
    assert abs(float(values.sum()) - exact) < 0.1
    columns = np.full((1_000_000, 2), 0.1, dtype=np.float32).sum(axis=0)
    assert float(columns[0]) == sequential_sum(values)


@pytest.mark.parametrize("add_up", ALL)
@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((2, 2)), r"^shape \(2, 2\) is not that of a list$"),
        (np.zeros(2, dtype=int), r"^int64 is not a float type$"),
        (np.array([1.0, math.nan]), r"^values must be finite$"),
        (np.array([1.0, math.inf]), r"^values must be finite$"),
    ],
)
def test_only_lists_of_finite_floats_are_added(
    add_up: Callable[[Floats], float], values: Floats, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        add_up(values)


@pytest.mark.parametrize("add_up", ALL)
def test_a_list_of_python_is_not_added(add_up: Callable[[Any], float]) -> None:
    with pytest.raises(TypeError, match=r"^list is not an ndarray$"):
        add_up([1.0])
