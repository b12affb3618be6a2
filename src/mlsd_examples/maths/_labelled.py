"""Refusals of labels and feature tables, shared by the lessons on them."""

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import Floats

__all__ = ["Bools", "both_classes", "labels_of", "table"]

Bools = npt.NDArray[np.bool_]


def labels_of(values: npt.ArrayLike, *, rows: int) -> Bools:
    """Return labels as bools, or refuse them.

    Examples
    --------
    >>> labels_of([0, 1, 1], rows=3).tolist()
    [False, True, True]
    >>> labels_of([0, 2], rows=2)
    Traceback (most recent call last):
        ...
    ValueError: labels[1]=2 is neither 0 nor 1
    """
    array = np.asarray(values)
    if array.shape != (rows,):
        raise ValueError(f"labels have shape {array.shape}, not ({rows},)")
    if array.dtype.kind not in ("b", "u", "i"):
        raise TypeError(f"labels are of type {array.dtype}, not 0 and 1")
    bad = np.flatnonzero((array != 0) & (array != 1))
    if bad.size:
        raise ValueError(
            f"labels[{bad[0]}]={array[bad[0]]} is neither 0 nor 1"
        )
    return array.astype(np.bool_)


def both_classes(labels: Bools) -> Bools:
    """Return labels that hold a 0 and a 1, or refuse them.

    Examples
    --------
    >>> both_classes(np.array([True, True]))
    Traceback (most recent call last):
        ...
    ValueError: all labels are 1: there is nothing to tell apart
    """
    if labels.all() or not labels.any():
        raise ValueError(
            f"all labels are {int(labels[0])}: there is nothing to tell apart"
        )
    return labels


def table(name: str, values: npt.ArrayLike) -> Floats:
    """Return a table of finite floats with rows and columns, or refuse it.

    Examples
    --------
    >>> table("features", [[1, 2]]).tolist()
    [[1.0, 2.0]]
    >>> table("features", [1, 2])
    Traceback (most recent call last):
        ...
    ValueError: features have shape (2,), not rows and columns
    """
    array = np.array(values, dtype=np.float64)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(
            f"{name} have shape {array.shape}, not rows and columns"
        )
    bad = np.argwhere(~np.isfinite(array))
    if bad.size:
        row, column = bad[0]
        raise ValueError(
            f"{name}[{row}, {column}]={array[row, column]} is not finite"
        )
    return array
