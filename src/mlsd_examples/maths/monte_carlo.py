"""A simulated rate, and how well it is known.

A share of simulated runs is an estimate like any other: without its standard
error nobody can say whether 0.048 contradicts 0.05.

:mod:`scipy.stats` has :func:`~scipy.stats.binomtest` and its intervals.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Rate", "rate_of"]


@dataclass(frozen=True)
class Rate:
    """A share of simulated runs.

    Parameters
    ----------
    value : float
        The share.
    standard_error : float
        Standard error of the share.
    runs : int
        Number of runs.
    """

    value: float
    standard_error: float
    runs: int

    def __repr__(self) -> str:
        return f"{self.value:.4f} ± {self.standard_error:.4f}"


def rate_of(hits: npt.ArrayLike) -> Rate:
    """Return a share of runs with its standard error.

    Parameters
    ----------
    hits : array-like of bool, shape (runs,)
        What happened in each run.

    Returns
    -------
    Rate
        The share, its standard error and the number of runs.

    Raises
    ------
    TypeError
        If the values are not bools.
    ValueError
        If there is not exactly one axis, or no run.

    Notes
    -----
    The standard error is that of the share after adding one hit and one
    miss, so that 0 of 1,000 is not called certain.

    Examples
    --------
    >>> rate_of([True, False, False, False] * 100)
    0.2500 ± 0.0217
    >>> rate_of([False] * 1000)
    0.0000 ± 0.0010
    >>> rate_of([])
    Traceback (most recent call last):
        ...
    ValueError: hits of shape (0,) are not a list of runs
    """
    array = np.asarray(hits)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"hits of shape {array.shape} are not a list of runs")
    if array.dtype != np.bool_:
        raise TypeError(f"hits are of type {array.dtype}, not bool")
    runs = array.size
    widened = (int(array.sum()) + 1) / (runs + 2)
    error = math.sqrt(widened * (1 - widened) / runs)
    return Rate(float(array.mean()), error, runs)
