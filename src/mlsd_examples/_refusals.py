"""Refusals at the boundary of the lessons.

Each function returns its value in the type that the lesson computes with, or
raises an error that names the value.  A NaN that slips through a comparison
would come back as a result; here every comparison is written so that NaN
fails it.
"""

import math
from numbers import Integral, Real
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "counts",
    "finite",
    "numbers",
    "positive",
    "share",
    "vector",
    "whole",
]

Floats: TypeAlias = npt.NDArray[np.float64]


def whole(name: str, value: int, *, least: int) -> int:
    """Return a whole number, or refuse it.

    Parameters
    ----------
    name : str
        What the value is called by the caller.
    value : int
        A whole number; neither a bool nor a float such as 3.0.
    least : int
        The smallest that makes sense.

    Returns
    -------
    int
        The value as a Python int.

    Raises
    ------
    TypeError
        If it is not a whole number.
    ValueError
        If it is below `least`.

    Examples
    --------
    >>> whole("looks", 5, least=1)
    5
    >>> whole("looks", 0, least=1)
    Traceback (most recent call last):
        ...
    ValueError: looks=0 is below 1
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(f"{name}={value!r} is not a whole number")
    if value < least:
        raise ValueError(f"{name}={value} is below {least}")
    return int(value)


def finite(name: str, value: float) -> float:
    """Return a finite real number, or refuse it.

    Examples
    --------
    >>> finite("drift", -1)
    -1.0
    >>> finite("drift", float("nan"))
    Traceback (most recent call last):
        ...
    ValueError: drift=nan is not finite
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name}={value!r} is not a number")
    if not math.isfinite(value):
        raise ValueError(f"{name}={value} is not finite")
    return float(value)


def positive(name: str, value: float) -> float:
    """Return a finite number above 0, or refuse it.

    Examples
    --------
    >>> positive("sd", 2)
    2.0
    >>> positive("sd", 0)
    Traceback (most recent call last):
        ...
    ValueError: sd=0 is not positive
    """
    if not finite(name, value) > 0:
        raise ValueError(f"{name}={value} is not positive")
    return float(value)


def share(name: str, value: float, *, closed: bool = False) -> float:
    """Return a number between 0 and 1, or refuse it.

    Parameters
    ----------
    name : str
        What the value is called by the caller.
    value : float
        A probability or a share.
    closed : bool
        Whether 0 and 1 are allowed.

    Returns
    -------
    float
        The value as a Python float.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is not finite, or outside the range.

    Examples
    --------
    >>> share("alpha", 0.05)
    0.05
    >>> share("alpha", 1)
    Traceback (most recent call last):
        ...
    ValueError: alpha=1 is outside (0, 1)
    """
    number = finite(name, value)
    if closed:
        if not 0 <= number <= 1:
            raise ValueError(f"{name}={value} is outside [0, 1]")
    elif not 0 < number < 1:
        raise ValueError(f"{name}={value} is outside (0, 1)")
    return number


def numbers(name: str, values: npt.ArrayLike) -> Floats:
    """Return a copy as an array of floats of any shape, or refuse it.

    Infinities and NaN pass: what they mean, the caller knows.

    Examples
    --------
    >>> numbers("z", [[1, 2]]).tolist()
    [[1.0, 2.0]]
    >>> numbers("z", ["green"])
    Traceback (most recent call last):
        ...
    TypeError: z are not all numbers
    """
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{name} are not all numbers") from None


def vector(name: str, values: npt.ArrayLike, *, least: int) -> Floats:
    """Return a copy as a list of finite floats, or refuse it.

    Parameters
    ----------
    name : str
        What the values are called by the caller.
    values : array-like of float, shape (n,)
        Finite numbers.
    least : int
        The fewest that make sense.

    Returns
    -------
    ndarray of float, shape (n,)
        A copy: the caller's array is never changed.

    Raises
    ------
    TypeError
        If the values are not numbers.
    ValueError
        If there is not exactly one axis, there are too few values, or one
        is not finite.

    Examples
    --------
    >>> vector("revenue", [1, 2], least=2).tolist()
    [1.0, 2.0]
    >>> vector("revenue", [1, float("nan")], least=2)
    Traceback (most recent call last):
        ...
    ValueError: revenue[1]=nan is not finite
    """
    array = numbers(name, values)
    if array.ndim != 1:
        raise ValueError(f"{name} has shape {array.shape}, not one axis")
    if array.size < least:
        raise ValueError(
            f"{name} holds {array.size} values, fewer than {least}"
        )
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise ValueError(f"{name}[{bad[0]}]={array[bad[0]]} is not finite")
    return array


def counts(name: str, values: npt.ArrayLike, *, least: int) -> Floats:
    """Return counts as a list of floats, or refuse them.

    Parameters
    ----------
    name : str
        What the counts are called by the caller.
    values : array-like of int, shape (n,)
        Whole numbers, at least 0.
    least : int
        The fewest counts that make sense.

    Returns
    -------
    ndarray of float, shape (n,)
        The counts.

    Raises
    ------
    TypeError
        If the values are not of an integer type.
    ValueError
        If there is not exactly one axis, there are too few, or one is
        negative.

    Examples
    --------
    >>> counts("users", [3, 4], least=2).tolist()
    [3.0, 4.0]
    >>> counts("users", [3.0, 4.5], least=2)
    Traceback (most recent call last):
        ...
    TypeError: users are of type float64, not whole numbers
    """
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"{name} are of type {array.dtype}, not whole numbers")
    floats = vector(name, array, least=least)
    bad = np.flatnonzero(floats < 0)
    if bad.size:
        raise ValueError(f"{name}[{bad[0]}]={floats[bad[0]]:g} is negative")
    return floats
