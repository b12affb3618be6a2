"""Refusals of matrices, shared by the lessons on linear algebra."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import numbers

__all__ = ["Floats", "matrix", "square"]

Floats: TypeAlias = npt.NDArray[np.float64]


def matrix(name: str, values: npt.ArrayLike, *, rows: int = 1) -> Floats:
    """Return a copy as a matrix of finite floats, or refuse it.

    Parameters
    ----------
    name : str
        What the matrix is called by the caller.
    values : array-like of float, shape (m, n)
        Finite numbers.
    rows : int
        The fewest rows that make sense.

    Returns
    -------
    ndarray of float, shape (m, n)
        A copy: the caller's array is never changed.

    Raises
    ------
    TypeError
        If the values are complex, or not all numbers.
    ValueError
        If there are not exactly two axes, too few rows, no column, or a
        value is not finite.

    Examples
    --------
    >>> matrix("items", [[1, 2]]).tolist()
    [[1.0, 2.0]]
    >>> matrix("items", [1, 2])
    Traceback (most recent call last):
        ...
    ValueError: items of shape (2,) is not a matrix
    """
    if np.iscomplexobj(values):
        raise TypeError(f"{name} is complex, and the lesson is on real ones")
    array = numbers(name, values)
    if array.ndim != 2:
        raise ValueError(f"{name} of shape {array.shape} is not a matrix")
    if array.shape[0] < rows or array.shape[1] < 1:
        raise ValueError(
            f"{name} of shape {array.shape} needs {rows} rows and a column"
        )
    bad = np.argwhere(~np.isfinite(array))
    if bad.size:
        row, column = bad[0].tolist()
        raise ValueError(
            f"{name}[{row}, {column}]={array[row, column]} is not finite"
        )
    return array


def square(name: str, values: npt.ArrayLike) -> Floats:
    """Return a copy as a square matrix of finite floats, or refuse it.

    Examples
    --------
    >>> square("matrix", [[2]]).tolist()
    [[2.0]]
    >>> square("matrix", [[1, 2]])
    Traceback (most recent call last):
        ...
    ValueError: matrix of shape (1, 2) is not square
    """
    array = matrix(name, values)
    if array.shape[0] != array.shape[1]:
        raise ValueError(f"{name} of shape {array.shape} is not square")
    return array
