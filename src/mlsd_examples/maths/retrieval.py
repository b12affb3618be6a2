"""Exact retrieval, shorter vectors, and the recall that is left.

Recall at k is the share of the true k nearest items that a cheaper search
still finds.  "True" means: found by comparing the query with every item at
full length.  It is agreement with the old system, not relevance.

The planted store has one catalogue and two streams of queries.  *Browse*
queries resemble the items; *search* queries ask along directions in which
the catalogue varies little.  The variance kept is the same for both, since
it is a property of the items alone; the recall is not.

In production, faiss or hnswlib hold the vectors, and quantise them.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import positive, share, whole
from mlsd_examples.maths._matrices import Floats, matrix
from mlsd_examples.maths.monte_carlo import Rate

__all__ = [
    "Int8Codes",
    "PlantedStore",
    "mean_recall",
    "planted_store",
    "quantise_int8",
    "queries_for_margin",
    "recall_at_k",
    "vector_bytes",
]

_Indices: TypeAlias = npt.NDArray[np.integer[npt.NBitBase]]

# The planted store: how fast the catalogue's spread falls from direction to
# direction, which directions search queries ask along, and how much they
# use the others.
_DECAY = 0.975
_ASKED = slice(64, 112)
_ASIDE = 0.05
_LEVELS = 127


@dataclass(frozen=True)
class PlantedStore:
    """A catalogue of vectors whose structure is known.

    Parameters
    ----------
    items : ndarray of float, shape (n, d)
        One item a row.
    directions : ndarray of float, shape (d, d)
        Orthonormal planted directions, one a column.
    spread : ndarray of float, shape (d,)
        Standard deviation of the items along each, the largest first.
    """

    items: Floats
    directions: Floats
    spread: Floats

    def browse(self, count: int, rng: np.random.Generator) -> Floats:
        """Draw queries that resemble the items, shape (count, d)."""
        return self._queries(self.spread / self.spread[0], count, rng)

    def search(self, count: int, rng: np.random.Generator) -> Floats:
        """Draw queries along directions of little variance, (count, d)."""
        weights = np.full(self.spread.size, _ASIDE)
        weights[_ASKED] = 1.0
        return self._queries(weights, count, rng)

    def _queries(
        self, weights: Floats, count: int, rng: np.random.Generator
    ) -> Floats:
        size = (whole("count", count, least=1), weights.size)
        drawn = rng.standard_normal(size) * weights
        return np.asarray(drawn @ self.directions.T)


def planted_store(
    items: int, rng: np.random.Generator, *, dims: int = 256
) -> PlantedStore:
    """Draw a catalogue with planted directions, turned at random.

    Parameters
    ----------
    items : int
        Number of items, at least 1.
    rng : Generator
        Source of randomness.
    dims : int
        Dimensions, at least 128.

    Returns
    -------
    PlantedStore
        Items, directions and spreads.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is too small.

    Notes
    -----
    Along planted direction i (from 0) the items are normal with standard
    deviation 0.975 to the power i.  Browse queries weigh the directions
    alike with that; search queries weigh directions 64 to 111 by 1 and the
    others by 0.05.

    Examples
    --------
    A quarter of the planted directions holds nearly all of the variance:

    >>> store = planted_store(10, np.random.default_rng(1))
    >>> store.items.shape
    (10, 256)
    >>> energy = store.spread**2
    >>> round(float(energy[:64].sum() / energy.sum()), 3)
    0.961
    """
    n = whole("items", items, least=1)
    d = whole("dims", dims, least=128)
    spread: Floats = np.power(_DECAY, np.arange(d), dtype=np.float64)
    directions = np.linalg.qr(rng.standard_normal((d, d)))[0]
    drawn = rng.standard_normal((n, d)) * spread
    return PlantedStore(np.asarray(drawn @ directions.T), directions, spread)


def _answers(name: str, rows: npt.ArrayLike) -> _Indices:
    array = np.asarray(rows)
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"{name} of shape {array.shape} is not (queries, k)")
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"{name} are of type {array.dtype}, not row numbers")
    if array.min() < 0:
        raise ValueError(f"{name} hold {array.min()}, which is no row")
    ordered = np.sort(array, axis=1)
    twice = np.flatnonzero((np.diff(ordered, axis=1) == 0).any(axis=1))
    if twice.size:
        raise ValueError(f"{name}[{twice[0]}] names an item twice")
    return array


def recall_at_k(found: npt.ArrayLike, truth: npt.ArrayLike) -> Floats:
    """Compute which share of the true answers each query still gets.

    Parameters
    ----------
    found : array-like of int, shape (m, j)
        Items found, one query a row, none twice.
    truth : array-like of int, shape (m, k)
        The true answers, none twice.

    Returns
    -------
    ndarray of float, shape (m,)
        Recall of each query, from 0 to 1.

    Raises
    ------
    TypeError
        If the answers are not whole numbers.
    ValueError
        If there is no query, the numbers of queries differ, a number is
        negative (an index may fill up with -1), or an item is named twice
        in a row.

    Examples
    --------
    The order does not matter:

    >>> recall_at_k([[3, 1], [5, 6]], [[1, 3], [6, 7]]).tolist()
    [1.0, 0.5]

    A doubled answer would count twice:

    >>> recall_at_k([[3, 3]], [[1, 3]])
    Traceback (most recent call last):
        ...
    ValueError: found[0] names an item twice
    """
    got, true = _answers("found", found), _answers("truth", truth)
    if len(got) != len(true):
        raise ValueError(f"found has {len(got)} queries, truth {len(true)}")
    hits = (got[:, :, np.newaxis] == true[:, np.newaxis, :]).any(axis=1)
    return np.asarray(hits.mean(axis=1))


def mean_recall(found: npt.ArrayLike, truth: npt.ArrayLike) -> Rate:
    """Average recall over queries, with its standard error.

    Parameters
    ----------
    found : array-like of int, shape (m, j)
        Items found, one query a row, none twice.
    truth : array-like of int, shape (m, k)
        The true answers, none twice.

    Returns
    -------
    Rate
        Mean recall, its standard error and the number of queries.

    Raises
    ------
    TypeError
        If the answers are not whole numbers.
    ValueError
        See :func:`recall_at_k`.

    Notes
    -----
    The query is the unit: the k answers of one query share its luck, and
    are not k observations.  The error is computed after adding one query
    that finds all and one that finds nothing, so that perfect recall of
    few queries is not called certain.

    Examples
    --------
    >>> mean_recall([[0, 1]] * 98, [[0, 1]] * 98)
    1.0000 ± 0.0101
    """
    recalls = recall_at_k(found, truth)
    widened = np.append(recalls, [0.0, 1.0])
    error = float(widened.std()) / math.sqrt(recalls.size)
    return Rate(float(recalls.mean()), error, int(recalls.size))


def queries_for_margin(
    recall: float, margin: float, *, z: float = 1.96, answers: int = 1
) -> int:
    r"""Say how many queries know recall to a margin.

    Parameters
    ----------
    recall : float
        Recall to be expected, in (0, 1).
    margin : float
        Half-width of the interval, in (0, 1).
    z : float
        Standard errors in the margin, > 0: 1.96 for 95 %.
    answers : int
        Independent answers a query, at least 1.  With 1 the result is
        enough however the answers of a query hang together.

    Returns
    -------
    int
        Number of queries.

    Raises
    ------
    TypeError
        If a value is not a number, or `answers` not whole.
    ValueError
        If a value is outside its range, or the number beyond float64.

    Notes
    -----
    :math:`z^2 p (1 - p) / (a m^2)`.  No variable in [0, 1] with mean p has
    a variance above p (1 - p), which is why a = 1 is safe.

    Examples
    --------
    One point, at a recall of 95 %:

    >>> queries_for_margin(0.95, 0.01)
    1825

    Ten answers that were independent would need a tenth:

    >>> queries_for_margin(0.95, 0.01, answers=10)
    183
    """
    p, m = share("recall", recall), share("margin", margin)
    per_query = p * (1 - p) / whole("answers", answers, least=1)
    errors = positive("z", z)
    try:
        return math.ceil(errors**2 * per_query / m**2)
    except (OverflowError, ZeroDivisionError):
        raise ValueError(
            f"margin={margin} asks for more queries than float64 counts"
        ) from None


def vector_bytes(items: int, dims: int, *, value_bytes: int = 4) -> int:
    """Count the bytes of a store, without any index over it.

    Parameters
    ----------
    items, dims : int
        Number of vectors and their length, each at least 1.
    value_bytes : int
        Bytes a value: 4 for float32, 1 for int8.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is below 1.

    Examples
    --------
    A quarter of the dimensions, or a quarter of the bytes of each:

    >>> vector_bytes(100_000_000, 64)
    25600000000
    >>> vector_bytes(100_000_000, 256, value_bytes=1)
    25600000000
    """
    n, d = whole("items", items, least=1), whole("dims", dims, least=1)
    return n * d * whole("value_bytes", value_bytes, least=1)


@dataclass(frozen=True)
class Int8Codes:
    """Vectors in one byte a dimension.

    Parameters
    ----------
    codes : ndarray of int8, shape (n, d)
        Whole steps, from -127 to 127.
    steps : ndarray of float, shape (d,)
        Size of a step in each dimension.
    """

    codes: npt.NDArray[np.int8]
    steps: Floats

    def decoded(self) -> Floats:
        """Return the vectors that the codes stand for, shape (n, d)."""
        return np.asarray(self.codes * self.steps)


def quantise_int8(items: npt.ArrayLike) -> Int8Codes:
    """Round every dimension to 255 equal steps around zero.

    Parameters
    ----------
    items : array-like of float, shape (n, d)
        One item a row.

    Returns
    -------
    Int8Codes
        Codes and steps; no value moves by more than half a step.

    Raises
    ------
    ValueError
        If the matrix is empty or not finite, or a dimension too small for
        a step.

    Notes
    -----
    The largest magnitude of a dimension gets code 127, so that one outlier
    coarsens the dimension for everybody.

    Examples
    --------
    >>> quantise_int8([[1.0, 0.0], [-2.0, 0.0]]).codes.tolist()
    [[64, 0], [-127, 0]]
    """
    array = matrix("items", items)
    largest = np.abs(array).max(axis=0)
    steps = largest / _LEVELS
    lost = np.flatnonzero((largest > 0) & (steps < np.finfo(float).tiny))
    if lost.size:
        raise ValueError(f"items[:, {lost[0]}] is too small for a step")
    steps[largest == 0] = 1.0
    codes = np.rint(array / steps).astype(np.int8)
    return Int8Codes(codes, steps)
