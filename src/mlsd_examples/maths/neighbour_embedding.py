r"""t-SNE in small: neighbours kept, sizes lost.

Each point gives its neighbours weights by a Gaussian whose width is chosen
so that every point has the same *effective number* of neighbours.  The map
gives weights by a Student-t kernel, and :math:`D(P \| Q)` between the two
tables of weights is minimised.  Gaussian is the kernel; neither the data nor
the map are made so.

In production, use :class:`sklearn.manifold.TSNE` or openTSNE.
"""

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist
from scipy.special import entr, softmax

from mlsd_examples._refusals import positive, vector, whole

__all__ = ["affinities", "embed", "map_affinities"]

Floats: TypeAlias = npt.NDArray[np.float64]

_HALVINGS = 60
_EARLY, _PUSH = 100, 4.0
_SLOW, _FAST = 0.5, 0.8


def affinities(points: Floats, effective: float) -> Floats:
    r"""Return how much each pair of points are neighbours.

    Parameters
    ----------
    points : ndarray of float, shape (n, d)
        At least three points.
    effective : float
        Effective number of neighbours (t-SNE's *perplexity*): the
        exponential of the entropy of each point's weights, between 1 and
        n - 1, both excluded.

    Returns
    -------
    ndarray of float, shape (n, n)
        Symmetric, with a zero diagonal; sums to 1.

    Raises
    ------
    ValueError
        If `points` is no table of at least three finite points, or
        `effective` impossible.

    References
    ----------
    van der Maaten and Hinton (2008).

    Examples
    --------
    The corners of a square are closer along its sides:

    >>> square = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    >>> affinities(square, 2.5).round(3).tolist()[0]
    [0.0, 0.115, 0.115, 0.02]

    The unit of length does not matter:

    >>> line = np.array([[0.0], [1.0], [3.0]])
    >>> bool(np.allclose(affinities(line, 1.5), affinities(9 * line, 1.5)))
    True

    Two neighbours are not three:

    >>> affinities(line, 3.0)
    Traceback (most recent call last):
        ...
    ValueError: effective=3.0 is outside (1, 2)
    """
    table = np.asarray(points, dtype=np.float64)
    if table.ndim != 2 or len(table) < 3:
        raise ValueError(
            f"points of shape {table.shape} are not (n, d), n ≥ 3"
        )
    vector("points", table.ravel(), least=1)
    if not 1 < positive("effective", effective) < len(table) - 1:
        raise ValueError(
            f"effective={effective} is outside (1, {len(table) - 1})"
        )
    squared = cdist(table, table, "sqeuclidean")
    np.fill_diagonal(squared, math.inf)
    squared -= squared.min(axis=1, keepdims=True)
    low, high = np.full(len(table), -60.0), np.full(len(table), 60.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        weights = softmax(-squared * np.exp(middle)[:, None], axis=1)
        too_wide = entr(weights).sum(axis=1) > math.log(effective)
        low = np.where(too_wide, middle, low)
        high = np.where(too_wide, high, middle)
    return np.asarray((weights + weights.T) / (2 * len(table)))


def map_affinities(places: Floats) -> Floats:
    r"""Return how much each pair of places on a map are neighbours.

    Parameters
    ----------
    places : ndarray of float, shape (n, 2)
        Places.

    Returns
    -------
    ndarray of float, shape (n, n)
        :math:`q_{ij} \propto 1 / (1 + d_{ij}^2)`, with a zero diagonal;
        sums to 1.

    Examples
    --------
    >>> map_affinities(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    kernel = _kernel(places)
    return np.asarray(kernel / kernel.sum())


def embed(
    points: Floats, effective: float, rng: np.random.Generator, *, steps: int
) -> Floats:
    r"""Return a map that keeps neighbours.

    Parameters
    ----------
    points : ndarray of float, shape (n, d)
        At least three points.
    effective : float
        Effective number of neighbours, as in :func:`affinities`.
    rng : numpy.random.Generator
        Source of the first places.
    steps : int
        Number of gradient steps, at least 1.

    Returns
    -------
    ndarray of float, shape (n, 2)
        Places, centred.

    Raises
    ------
    TypeError
        If `steps` is not a whole number.
    ValueError
        If `points`, `effective` or `steps` is impossible.

    Notes
    -----
    The gradient of :math:`D(P \| Q)` is :math:`4 \sum_j (p_{ij} - q_{ij})
    (y_i - y_j) / (1 + d_{ij}^2)`; the first hundred steps exaggerate P
    fourfold, as in the paper.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> embed(rng.standard_normal((10, 3)), 3.0, rng, steps=5).shape
    (10, 2)

    No step, no map:

    >>> embed(rng.standard_normal((10, 3)), 3.0, rng, steps=0)
    Traceback (most recent call last):
        ...
    ValueError: steps=0 is below 1
    """
    p = affinities(points, effective)
    places = 1e-4 * rng.standard_normal((len(p), 2))
    speed, rate = np.zeros_like(places), len(p) / 4
    for step in range(whole("steps", steps, least=1)):
        kernel = _kernel(places)
        early = step < _EARLY
        pull = p * (_PUSH if early else 1.0) - kernel / kernel.sum()
        pull *= kernel
        slope = 4 * (pull.sum(axis=1)[:, None] * places - pull @ places)
        speed = (_SLOW if early else _FAST) * speed - rate * slope
        places = places + speed
        places -= places.mean(axis=0)
    return np.asarray(places)


def _kernel(places: Floats) -> Floats:
    kernel = 1 / (1 + cdist(places, places, "sqeuclidean"))
    np.fill_diagonal(kernel, 0.0)
    return np.asarray(kernel)
