r"""Dot product, cosine and distance, and what each of them ranks by.

The three are one identity,

.. math:: \|q - x\|^2 = \|q\|^2 + \|x\|^2 - 2\, q \cdot x ,

so that they agree on vectors of one length and part on others: the dot
product rewards long vectors, the distance punishes them, the cosine does not
see them.

In production, a vector index computes all three: faiss, hnswlib, or
:func:`sklearn.metrics.pairwise_distances`.
"""

from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from mlsd_examples._refusals import vector, whole
from mlsd_examples.maths._matrices import Floats, matrix

__all__ = [
    "Metric",
    "correlation",
    "cosine_similarity",
    "nearest",
    "projection",
    "similarities",
    "top_k",
]

Metric: TypeAlias = Literal["dot", "cosine", "distance"]


def _pair(a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[Floats, Floats]:
    first, second = vector("a", a, least=1), vector("b", b, least=1)
    if first.size != second.size:
        raise ValueError(f"a has {first.size} values, b has {second.size}")
    return first, second


def projection(a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    r"""Project a vector on the line through another.

    Parameters
    ----------
    a, b : array-like of float, shape (d,)
        The vector, and the direction; b is not zero.

    Returns
    -------
    ndarray of float, shape (d,)
        The point of the line that is nearest to a.

    Raises
    ------
    ValueError
        If the lengths differ, a value is not finite, or b is zero.

    Notes
    -----
    :math:`\frac{a \cdot b}{b \cdot b}\, b`.  The dot product alone is the
    signed length of this shadow *times the length of b*.

    Examples
    --------
    The shadow of (3, 4) on the first axis, however long the axis is drawn:

    >>> projection([3, 4], [2, 0]).tolist()
    [3.0, 0.0]
    >>> projection([3, 4], [20, 0]).tolist()
    [3.0, 0.0]

    A point is not a direction:

    >>> projection([3, 4], [0, 0])
    Traceback (most recent call last):
        ...
    ValueError: b is zero, and has no direction
    """
    first, second = _pair(a, b)
    unit = _unit("b", second)
    return (first @ unit) * unit


def _unit(name: str, v: Floats) -> Floats:
    largest = float(np.abs(v).max())
    if largest == 0:
        raise ValueError(f"{name} is zero, and has no direction")
    scaled = v / largest  # so that no square under- or overflows
    return np.asarray(scaled / np.linalg.norm(scaled))


def cosine_similarity(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """Compute the cosine of the angle between two vectors.

    Parameters
    ----------
    a, b : array-like of float, shape (d,)
        Vectors that are not zero.

    Returns
    -------
    float
        Between -1 and 1.

    Raises
    ------
    ValueError
        If the lengths differ, a value is not finite, or a vector is zero.

    Examples
    --------
    Length does not matter:

    >>> cosine_similarity([1, 0], [500, 0])
    1.0

    Independent variables with a large mean point the same way, towards
    that mean:

    >>> a, b = np.random.default_rng(1).normal(10, 1, (2, 1000))
    >>> round(cosine_similarity(a, b), 2)
    0.99
    """
    first, second = _pair(a, b)
    cosine = float(_unit("a", first) @ _unit("b", second))
    return min(1.0, max(-1.0, cosine))


def correlation(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """Compute Pearson's correlation: the cosine after centring.

    Parameters
    ----------
    a, b : array-like of float, shape (d,)
        Vectors that are not constant.

    Returns
    -------
    float
        Between -1 and 1.

    Raises
    ------
    ValueError
        If the lengths differ, a value is not finite, or a vector is
        constant.

    Examples
    --------
    Orthogonal, and perfectly correlated:

    >>> round(correlation([1, 0], [0, 1]), 12)
    -1.0

    Uncorrelated, and not orthogonal:

    >>> round(abs(correlation([1, 2, 3], [1, 0, 1])), 12)
    0.0

    A constant has no correlation:

    >>> correlation([1, 2], [3, 3])
    Traceback (most recent call last):
        ...
    ValueError: b is constant
    """
    first, second = _pair(a, b)
    for name, values in (("a", first), ("b", second)):
        if values.min() == values.max():
            raise ValueError(f"{name} is constant")
    return cosine_similarity(_centred(first), _centred(second))


def _centred(values: Floats) -> Floats:
    # By a power of two, which is exact, so that no difference overflows; from
    # the first value, so that the mean of nearly equal ones is not rounded.
    largest = np.frexp(np.abs(values).max())[1]
    scaled = np.ldexp(values, -largest)
    moved = scaled - scaled[0]
    return np.asarray(moved - moved.mean())


def similarities(
    queries: npt.ArrayLike, items: npt.ArrayLike, by: Metric = "dot"
) -> Floats:
    """Score every item for every query; more is nearer.

    Parameters
    ----------
    queries : array-like of float, shape (m, d)
        One query a row.
    items : array-like of float, shape (n, d)
        One item a row.
    by : {"dot", "cosine", "distance"}
        What to score by; the distance enters negatively, and squared.

    Returns
    -------
    ndarray of float, shape (m, n)
        Scores.

    Raises
    ------
    ValueError
        If the dimensions differ, a value is not finite, the metric is
        unknown, a vector without length meets the cosine, or a score
        overflows.

    Notes
    -----
    Distances are summed from differences: the identity of the module loses
    them for vectors that are long and near to each other.

    Examples
    --------
    By dot the long item wins, by distance the near one:

    >>> similarities([[1, 0]], [[1, 0], [9, 9]]).tolist()
    [[1.0, 9.0]]
    >>> similarities([[1, 0]], [[1, 0], [9, 9]], "distance").tolist()
    [[0.0, -145.0]]
    """
    if by not in get_args(Metric):
        raise ValueError(f"by={by!r} is none of {get_args(Metric)}")
    q, x = matrix("queries", queries), matrix("items", items)
    if q.shape[1] != x.shape[1]:
        raise ValueError(
            f"queries have {q.shape[1]} dimensions, items {x.shape[1]}"
        )
    if by == "cosine":
        q, x = _units("queries", q), _units("items", x)
    with np.errstate(over="ignore", invalid="ignore"):
        if by == "distance":
            scores = 0.0 - cdist(q, x, "sqeuclidean")
        else:
            scores = q @ x.T
    if not np.isfinite(scores).all():
        raise ValueError("a score overflows")
    return np.asarray(scores)


def _units(name: str, rows: Floats) -> Floats:
    largest = np.abs(rows).max(axis=1, keepdims=True)
    empty = np.flatnonzero(largest == 0)
    if empty.size:
        raise ValueError(f"{name}[{empty[0]}] is zero, and has no direction")
    scaled = rows / largest  # so that no square under- or overflows
    return np.asarray(scaled / np.linalg.norm(scaled, axis=1, keepdims=True))


def top_k(scores: npt.ArrayLike, k: int) -> npt.NDArray[np.intp]:
    """Return the columns with the k largest scores of each row.

    Parameters
    ----------
    scores : array-like of float, shape (m, n)
        Scores.
    k : int
        How many, from 1 to n.

    Returns
    -------
    ndarray of int, shape (m, k)
        Columns, the best first; of equal scores the first column first.

    Raises
    ------
    TypeError
        If `k` is not a whole number.
    ValueError
        If `k` is below 1 or above n, or a score is not finite.

    Examples
    --------
    >>> top_k([[3, 9, 5]], 2).tolist()
    [[1, 2]]
    >>> top_k([[3, 9, 5]], 4)
    Traceback (most recent call last):
        ...
    ValueError: k=4 of 3 scores
    """
    table = matrix("scores", scores)
    wanted = whole("k", k, least=1)
    if wanted > table.shape[1]:
        raise ValueError(f"k={wanted} of {table.shape[1]} scores")
    return _top_k(table, wanted)


def _top_k(table: Floats, k: int) -> npt.NDArray[np.intp]:
    # Whatever ties with the k-th best takes part in a stable sort.
    if k < table.shape[1]:
        bar = np.partition(table, -k, axis=1)[:, -k]
    else:
        bar = table.min(axis=1)
    best: list[npt.NDArray[Any]] = []
    for row, least in zip(table, bar, strict=True):
        among = np.flatnonzero(row >= least)
        best.append(among[np.argsort(-row[among], kind="stable")[:k]])
    return np.array(best, dtype=np.intp)


def nearest(
    queries: npt.ArrayLike, items: npt.ArrayLike, k: int, by: Metric = "dot"
) -> npt.NDArray[np.intp]:
    """Find the k nearest items of each query by comparing all of them.

    Parameters
    ----------
    queries : array-like of float, shape (m, d)
        One query a row.
    items : array-like of float, shape (n, d)
        One item a row.
    k : int
        How many, from 1 to n.
    by : {"dot", "cosine", "distance"}
        What to rank by.

    Returns
    -------
    ndarray of int, shape (m, k)
        Rows of `items`, the nearest first.

    Raises
    ------
    TypeError
        If `k` is not a whole number.
    ValueError
        If the dimensions differ, a value is not finite, the metric is
        unknown, a vector without length meets the cosine, a score
        overflows, or `k` is not from 1 to n.

    Examples
    --------
    One query, three rankings:

    >>> items = [[1.0, 0.4], [9.0, 9.0], [3.0, 0.0]]
    >>> [nearest([[1, 0]], items, 1, by).item()
    ...  for by in ("distance", "dot", "cosine")]
    [0, 1, 2]
    """
    return top_k(similarities(queries, items, by), k)
