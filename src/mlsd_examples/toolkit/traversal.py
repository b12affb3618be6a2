"""Rows first or columns first: by your loop, and by NumPy's.

A loop over slices touches memory in the order that you wrote.  A reduction or
an elementwise operation does not: NumPy sorts its axes by stride first, and
walks memory from low to high addresses whatever axis you named.

The iterator behind this is :class:`numpy.nditer` with ``order="K"``.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mlsd_examples.toolkit.strides import address_map

__all__ = ["sum_by_columns", "sum_by_rows", "sum_lists", "visited_offsets"]


def sum_by_rows(matrix: npt.NDArray[Any]) -> float:
    """Add up a matrix, one row at a time.

    Parameters
    ----------
    matrix : ndarray of shape (m, n)
        Real numbers.

    Returns
    -------
    float
        Sum of all elements.

    Raises
    ------
    ValueError
        If `matrix` has not two axes.

    Examples
    --------
    >>> sum_by_rows(np.array([[1.0, 2.0], [3.0, 4.0]]))
    10.0
    """
    _refuse_other_than_matrices(matrix)
    return float(sum(matrix[i, :].sum() for i in range(matrix.shape[0])))


def sum_by_columns(matrix: npt.NDArray[Any]) -> float:
    """Add up a matrix, one column at a time.

    Parameters
    ----------
    matrix : ndarray of shape (m, n)
        Real numbers.

    Returns
    -------
    float
        Sum of all elements.

    Raises
    ------
    ValueError
        If `matrix` has not two axes.

    Examples
    --------
    >>> sum_by_columns(np.array([[1.0, 2.0], [3.0, 4.0]]))
    10.0
    """
    _refuse_other_than_matrices(matrix)
    return float(sum(matrix[:, j].sum() for j in range(matrix.shape[1])))


def sum_lists(rows: Sequence[Sequence[float]], *, by_columns: bool) -> float:
    """Add up a list of lists, element by element, in the order asked for.

    Parameters
    ----------
    rows : sequence of sequences of float
        Rows of one length.
    by_columns : bool
        Whether the inner loop runs down a column.

    Returns
    -------
    float
        Sum of all elements.

    Raises
    ------
    ValueError
        If there is no row, or the rows differ in length.

    Examples
    --------
    >>> sum_lists([[1.0, 2.0], [3.0, 4.0]], by_columns=True)
    10.0
    """
    lengths = {len(row) for row in rows}
    if len(lengths) != 1:
        raise ValueError(f"rows have lengths {sorted(lengths)}")
    total = 0.0
    if by_columns:
        for j in range(len(rows[0])):
            for i in range(len(rows)):
                total += rows[i][j]
    else:
        for i in range(len(rows)):
            for j in range(len(rows[0])):
                total += rows[i][j]
    return total


def visited_offsets(array: npt.NDArray[Any]) -> tuple[int, ...]:
    """List the byte offsets that NumPy visits when it may choose the order.

    Parameters
    ----------
    array : ndarray
        Array of any shape with at least one element.

    Returns
    -------
    tuple of int
        Bytes from the owner's first byte, in the order of the visits.

    Raises
    ------
    ValueError
        If the array is empty.

    Examples
    --------
    The transpose is visited in the order of memory, not of its rows:

    >>> visited_offsets(np.zeros((2, 3)).T)
    (0, 8, 16, 24, 32, 40)
    """
    if array.size == 0:
        raise ValueError("an empty array is not visited")
    offsets = address_map(array)
    # The index of each visit, from the array's own iterator.
    walk = np.nditer(array, flags=["multi_index"], order="K")
    return tuple(int(offsets[walk.multi_index]) for _ in walk)


def _refuse_other_than_matrices(matrix: npt.NDArray[Any]) -> None:
    if not isinstance(matrix, np.ndarray):
        raise TypeError(f"{type(matrix).__name__} is not an ndarray")
    if matrix.ndim != 2:
        raise ValueError(f"shape {matrix.shape} is not that of a matrix")
