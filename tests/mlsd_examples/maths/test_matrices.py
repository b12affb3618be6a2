"""Matrices are refused by name before a lesson computes with them."""

import re
from typing import Any

import numpy as np
import pytest

from mlsd_examples.maths._matrices import matrix, square


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_a_matrix_is_a_copy_of_floats() -> None:
    given = np.array([[1, 2]])
    taken = matrix("items", given)
    assert taken.dtype == np.float64
    taken[0, 0] = 9
    assert given[0, 0] == 1
    floats = np.array([[1.0]])
    matrix("items", floats)[0, 0] = 9
    assert floats[0, 0] == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, 2.0], "items of shape (2,) is not a matrix"),
        (3.0, "items of shape () is not a matrix"),
        (np.zeros((2, 2, 2)), "items of shape (2, 2, 2) is not a matrix"),
        (np.zeros((0, 2)), "items of shape (0, 2) needs 1 rows and a column"),
        (np.zeros((2, 0)), "items of shape (2, 0) needs 1 rows and a column"),
        ([[1.0, 2], [3, np.nan]], "items[1, 1]=nan is not finite"),
        ([[1.0, np.inf], [np.nan, 0]], "items[0, 1]=inf is not finite"),
    ],
)
def test_impossible_matrices_are_refused(values: Any, message: str) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        matrix("items", values)


def test_too_few_rows_are_refused() -> None:
    message = "items of shape (2, 1) needs 3 rows and a column"
    with pytest.raises(ValueError, match=exactly(message)):
        matrix("items", [[1], [2]], rows=3)
    assert matrix("items", [[1], [2]], rows=2).shape == (2, 1)


def test_complex_matrices_are_refused() -> None:
    message = "items is complex, and the lesson is on real ones"
    with pytest.raises(TypeError, match=exactly(message)):
        matrix("items", [[1j]])


def test_a_square_matrix_is_square() -> None:
    assert square("m", [[2.0]]).tolist() == [[2.0]]
    with pytest.raises(
        ValueError, match=exactly("m of shape (2, 1) is not square")
    ):
        square("m", [[1], [2]])
    with pytest.raises(
        ValueError, match=exactly("m of shape (1,) is not a matrix")
    ):
        square("m", [1])
