"""Four numbers for "x and y belong together", and what each one misses.

Pearson's correlation measures how well a line fits, Spearman's how well any
rising or falling curve does.  Distance correlation is zero only for
independent variables, and Chatterjee's xi is one when y is a function of x,
whatever its shape.

In production, use :func:`numpy.corrcoef`, :func:`scipy.stats.spearmanr` and
:func:`scipy.stats.chatterjeexi`, and look at the scatter plot first.
"""

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import vector

__all__ = [
    "chatterjee_xi",
    "distance_correlation",
    "pearson",
    "ranks",
    "spearman",
]

Floats: TypeAlias = npt.NDArray[np.float64]


def pearson(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Compute Pearson's correlation.

    Parameters
    ----------
    x, y : array-like of float, shape (n,)
        Pairs, at least two, neither side constant.

    Returns
    -------
    float
        Cosine of the angle between the centred variables, in [-1, 1].

    Raises
    ------
    ValueError
        If the lengths differ, there are fewer than two pairs, a value is
        not finite, or one side is constant.

    Examples
    --------
    A line, and a parabola that is a function of x all the same:

    >>> pearson([1, 2, 3], [2, 4, 6])
    1.0
    >>> pearson([-1, 0, 1], [1, 0, 1])
    0.0
    >>> pearson([1, 1, 1], [1, 2, 3])
    Traceback (most recent call last):
        ...
    ValueError: x is constant: it varies with nothing
    """
    a, b = (_centred(v) for v in _pairs(x, y))
    cosine = float(a @ b / math.sqrt(float(a @ a) * float(b @ b)))
    return max(-1.0, min(1.0, cosine))


def ranks(values: npt.ArrayLike) -> Floats:
    """Rank values from 1; ties share the mean of their ranks.

    Parameters
    ----------
    values : array-like of float, shape (n,)
        At least one.

    Returns
    -------
    ndarray of float, shape (n,)
        Ranks, in the order of the values.

    Raises
    ------
    ValueError
        If there is no value, or one is not finite.

    Examples
    --------
    >>> ranks([30, 10, 30, 20]).tolist()
    [3.5, 1.0, 3.5, 2.0]
    """
    array = vector("values", values, least=1)
    ordered = np.sort(array)
    below = np.searchsorted(ordered, array, side="left")
    up_to = np.searchsorted(ordered, array, side="right")
    return np.asarray((below + 1 + up_to) / 2)


def spearman(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Compute Spearman's correlation: Pearson's, of the ranks.

    Parameters
    ----------
    x, y : array-like of float, shape (n,)
        Pairs, at least two, neither side constant.

    Returns
    -------
    float
        One if y rises whenever x does, minus one if it always falls.

    Raises
    ------
    ValueError
        As :func:`pearson`.

    Examples
    --------
    Any rising curve, and again the parabola:

    >>> spearman([1, 2, 3, 4], [1, 8, 27, 64])
    1.0
    >>> spearman([-1, 0, 1], [1, 0, 1])
    0.0
    """
    a, b = _pairs(x, y)
    return pearson(ranks(a), ranks(b))


def distance_correlation(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Compute distance correlation.

    Parameters
    ----------
    x, y : array-like of float, shape (n,)
        Pairs, at least two, neither side constant.

    Returns
    -------
    float
        In [0, 1]; of the whole population it is 0 only if x and y are
        independent.  In a sample it is above 0 even then.

    Raises
    ------
    ValueError
        As :func:`pearson`.

    Notes
    -----
    The correlation of the doubly centred matrices of distances; memory
    grows with the square of n.

    References
    ----------
    Székely, Rizzo and Bakirov (2007).

    Examples
    --------
    >>> distance_correlation([1, 2, 3], [2, 4, 6])
    1.0
    >>> round(distance_correlation([-1, 0, 1], [1, 0, 1]), 3)
    0.562
    """
    a, b = (_centred_distances(v) for v in _pairs(x, y))
    variances = float(np.mean(a * a)) * float(np.mean(b * b))
    square = float(np.mean(a * b)) / math.sqrt(variances)
    return min(1.0, math.sqrt(max(0.0, square)))


def chatterjee_xi(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Compute Chatterjee's xi: how far y is a function of x.

    Parameters
    ----------
    x, y : array-like of float, shape (n,)
        Pairs, at least two, neither side constant; x without ties.

    Returns
    -------
    float
        Near 0 if x says nothing about y, near 1 if y is a function of x.
        Not symmetric, and slightly below 0 or 1 in small samples.

    Raises
    ------
    ValueError
        As :func:`pearson`, or if x has ties: their order would be chance.

    Notes
    -----
    With the pairs sorted by x, r_i the number of y at most y_i and l_i the
    number at least y_i:
    ``1 - n * sum(abs(r_(i+1) - r_i)) / (2 * sum(l_i * (n - l_i)))``.

    References
    ----------
    Chatterjee (2021).

    Examples
    --------
    y is a function of x, but x is not a function of y:

    >>> x = np.arange(-500, 501)
    >>> y = x**2
    >>> round(chatterjee_xi(x, y), 2)
    0.99
    >>> chatterjee_xi(y, x)
    Traceback (most recent call last):
        ...
    ValueError: x has ties: 501 different values of 1001
    """
    a, b = _pairs(x, y)
    different = np.unique(a).size
    if different < a.size:
        raise ValueError(
            f"x has ties: {different} different values of {a.size}"
        )
    follows = b[np.argsort(a)]
    ordered = np.sort(b)
    up_to = np.searchsorted(ordered, follows, side="right")
    at_least = a.size - np.searchsorted(ordered, follows, side="left")
    jumps = int(np.abs(np.diff(up_to)).sum())
    spread = int((at_least * (a.size - at_least)).sum())
    return 1 - a.size * jumps / (2 * spread)


def _pairs(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    a, b = vector("x", x, least=2), vector("y", y, least=2)
    if a.size != b.size:
        raise ValueError(
            f"{a.size} values of x and {b.size} of y are no pairs"
        )
    for name, values in (("x", a), ("y", b)):
        if not np.ptp(values) > 0:
            raise ValueError(f"{name} is constant: it varies with nothing")
    return a, b


def _centred(values: Floats) -> Floats:
    gaps = values - values.mean()
    return np.asarray(gaps / np.abs(gaps).max())


def _centred_distances(values: Floats) -> Floats:
    gaps = np.abs(values[:, None] - values)
    gaps /= gaps.max()
    rows = gaps.mean(axis=1)
    return np.asarray(gaps - rows[:, None] - rows + rows.mean())
