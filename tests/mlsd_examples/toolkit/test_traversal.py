"""Your loop keeps the order that you wrote; NumPy's does not."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlsd_examples.toolkit.timing import cpu_time_ratio
from mlsd_examples.toolkit.traversal import (
    sum_by_columns,
    sum_by_rows,
    sum_lists,
    visited_offsets,
)


@given(
    npst.arrays(
        float,
        npst.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=5),
        elements=st.integers(-99, 99),
    )
)
def test_every_order_adds_the_same_whole_numbers(matrix: Any) -> None:
    assert sum_by_rows(matrix) == matrix.sum()
    assert sum_by_columns(matrix) == matrix.sum()
    if len(matrix):
        lists = matrix.tolist()
        assert sum_lists(lists, by_columns=True) == matrix.sum()
        assert sum_lists(lists, by_columns=False) == matrix.sum()


def test_sums_are_numbers_of_python() -> None:
    matrix = np.ones((2, 2), dtype=np.float32)
    assert type(sum_by_rows(matrix)) is float
    assert type(sum_by_columns(matrix)) is float


class Noted(list[float]):
    """A row that notes which of its elements is read."""

    def __init__(self, row: int, notes: list[tuple[int, int]]) -> None:
        super().__init__([0.5, 0.5])
        self.row, self.notes = row, notes

    def __getitem__(self, column: Any) -> Any:
        self.notes.append((self.row, column))
        return super().__getitem__(column)


def test_lists_are_read_in_the_order_asked_for() -> None:
    notes: list[tuple[int, int]] = []
    rows = [Noted(i, notes) for i in range(3)]
    assert sum_lists(rows, by_columns=False) == 3.0
    assert notes == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    notes.clear()
    assert sum_lists(rows, by_columns=True) == 3.0
    assert notes == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]


@pytest.mark.parametrize(
    ("rows", "lengths"), [([], r"\[\]"), ([[1.0], [1.0, 2.0]], r"\[1, 2\]")]
)
def test_lists_are_rows_of_one_length(
    rows: list[list[float]], lengths: str
) -> None:
    with pytest.raises(ValueError, match=rf"^rows have lengths {lengths}$"):
        sum_lists(rows, by_columns=True)


@pytest.mark.parametrize("sum_up", [sum_by_rows, sum_by_columns])
def test_a_matrix_has_two_axes(sum_up: Any) -> None:
    with pytest.raises(
        ValueError, match=r"^shape \(2,\) is not that of a matrix$"
    ):
        sum_up(np.zeros(2))
    with pytest.raises(TypeError, match=r"^list is not an ndarray$"):
        sum_up([[1.0]])


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a,
        lambda a: a.T,
        lambda a: a.transpose(2, 0, 1),
        lambda a: a.T[::-1],
    ],
)
def test_numpy_walks_memory_upwards_whatever_the_axes(view: Any) -> None:
    array = view(np.zeros((2, 3, 4), dtype=np.int16))
    assert visited_offsets(array) == tuple(range(0, 48, 2))


def test_a_sliced_array_is_visited_where_it_lies() -> None:
    assert visited_offsets(np.zeros((2, 4))[:, 1::2].T) == (8, 24, 40, 56)


def test_an_empty_array_is_not_visited() -> None:
    with pytest.raises(ValueError, match=r"^an empty array is not visited$"):
        visited_offsets(np.zeros((0, 2)))


def test_slicing_columns_of_a_large_table_costs_more_than_rows() -> None:
    table = np.ones((2048, 2048))
    slower = cpu_time_ratio(
        lambda: sum_by_columns(table), lambda: sum_by_rows(table), repeats=3
    )
    # Eight to ten where it was measured; three holds on small caches too.
    assert slower > 3
    table = np.asfortranarray(table)
    assert (
        cpu_time_ratio(
            lambda: sum_by_rows(table),
            lambda: sum_by_columns(table),
            repeats=3,
        )
        > 3
    )
