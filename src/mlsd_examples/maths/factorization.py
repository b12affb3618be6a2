r"""Factors from the ratings that exist, not from the zeros that do not.

What recommenders call "SVD" minimises the error over *observed* entries only,
with a penalty on the factors,

.. math:: \sum_{(u,i)\ \mathrm{observed}} (r_{ui} - \mu - p_u \cdot q_i)^2
   + \lambda \Bigl(\sum_u \|p_u\|^2 + \sum_i \|q_i\|^2\Bigr) .

It is no singular value decomposition: the factors are not orthogonal, the
problem is not convex, and filling the gaps with zeros instead teaches the
model that everything unseen is hated.

In production, use the implicit package, or Spark's recommender.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import finite, numbers, positive, share, whole
from mlsd_examples.maths._matrices import Floats, matrix
from mlsd_examples.maths.decompositions import low_rank

__all__ = [
    "Factors",
    "Ratings",
    "filled_low_rank",
    "masked_factors",
    "planted_ratings",
    "root_mean_square_error",
]

_Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ratings:
    """Ratings, of which only some were observed.

    Parameters
    ----------
    values : ndarray of float, shape (users, items)
        What each user would say of each item.
    observed : ndarray of bool, shape (users, items)
        What they did say.
    """

    values: Floats
    observed: _Mask


def planted_ratings(
    users: int,
    items: int,
    rng: np.random.Generator,
    *,
    rank: int = 3,
    noise: float = 0.3,
    observed: float = 0.15,
) -> Ratings:
    """Draw ratings of low rank around 3.5, with noise, and hide most.

    Parameters
    ----------
    users, items : int
        Numbers of both, at least 1.
    rng : Generator
        Source of randomness.
    rank : int
        Planted rank, at least 1.
    noise : float
        Standard deviation of the noise, > 0: no model predicts better.
    observed : float
        Share that is observed, in (0, 1).

    Returns
    -------
    Ratings
        All values, and which were observed.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is below its least.

    Examples
    --------
    >>> drawn = planted_ratings(300, 200, np.random.default_rng(1))
    >>> round(drawn.observed.mean(), 2), round(drawn.values.mean(), 1)
    (np.float64(0.15), np.float64(3.5))
    """
    m, n = whole("users", users, least=1), whole("items", items, least=1)
    k = whole("rank", rank, least=1)
    tastes = rng.standard_normal((m, k))
    traits = rng.standard_normal((n, k)) * (0.7 / np.sqrt(k))
    values = 3.5 + tastes @ traits.T
    values += positive("noise", noise) * rng.standard_normal((m, n))
    return Ratings(values, rng.random((m, n)) < share("observed", observed))


def _masked(
    values: npt.ArrayLike, observed: npt.ArrayLike
) -> tuple[Floats, _Mask]:
    mask = np.asarray(observed)
    if mask.dtype != np.bool_:
        raise TypeError(f"observed is of type {mask.dtype}, not bool")
    raw = numbers("values", values)
    if raw.shape != mask.shape:
        raise ValueError(
            f"values of shape {raw.shape}, observed of {mask.shape}"
        )
    # What was not observed may be NaN: it is never read.
    table = matrix("values", np.where(mask, raw, 0.0))
    if not mask.any():
        raise ValueError("nothing is observed")
    return table, mask


def filled_low_rank(
    values: npt.ArrayLike,
    observed: npt.ArrayLike,
    rank: int,
    *,
    fill: float | None = 0.0,
) -> Floats:
    """Fill the gaps with one number, then cut the SVD.

    Parameters
    ----------
    values : array-like of float, shape (users, items)
        Ratings; those not observed are not read.
    observed : array-like of bool, shape (users, items)
        Which were observed.
    rank : int
        Rank of the approximation, from 0 to the lesser side.
    fill : float or None
        What stands in the gaps; None for the mean of what was observed.

    Returns
    -------
    ndarray of float, shape (users, items)
        Predictions.

    Raises
    ------
    TypeError
        If `observed` is not of bools, or `rank` not whole.
    ValueError
        If the shapes differ, nothing is observed, an observed value is not
        finite, or `rank` is out of range.

    Examples
    --------
    A zero is taken at its word:

    >>> filled_low_rank([[4, 4], [4, 9]], [[True, True], [True, False]],
    ...                 2).round(9).tolist()
    [[4.0, 4.0], [4.0, 0.0]]
    """
    table, mask = _masked(values, observed)
    mean = float(table[mask].mean())
    gap = mean if fill is None else finite("fill", fill)
    return low_rank(np.where(mask, table, gap), rank)


@dataclass(frozen=True)
class Factors:
    """A fitted factorisation.

    Parameters
    ----------
    mean : float
        Mean of the observed ratings.
    users : ndarray of float, shape (users, rank)
        Factors of users.
    items : ndarray of float, shape (items, rank)
        Factors of items.
    losses : tuple of float
        Penalised squared error after each round; it never rises.
    """

    mean: float
    users: Floats
    items: Floats
    losses: tuple[float, ...]

    @property
    def predicted(self) -> Floats:
        """Predictions for everybody and everything, (users, items)."""
        return np.asarray(self.mean + self.users @ self.items.T)


def masked_factors(
    values: npt.ArrayLike,
    observed: npt.ArrayLike,
    rank: int,
    rng: np.random.Generator,
    *,
    ridge: float = 1.0,
    rounds: int = 20,
) -> Factors:
    r"""Fit factors to observed ratings by alternating least squares.

    Parameters
    ----------
    values : array-like of float, shape (users, items)
        Ratings; those not observed are not read.
    observed : array-like of bool, shape (users, items)
        Which were observed.
    rank : int
        Number of factors, at least 1.
    rng : Generator
        Source of the random start.
    ridge : float
        Penalty on the factors, > 0.
    rounds : int
        Passes over users and items, at least 1.

    Returns
    -------
    Factors
        Mean, factors of both, and the loss after each round.

    Raises
    ------
    TypeError
        If `observed` is not of bools, or a number not whole.
    ValueError
        If the shapes differ, nothing is observed, an observed value is not
        finite, or a number is out of range.

    Notes
    -----
    With the items fixed, each user is a ridge regression on the items that
    this user rated, :math:`(\sum q_i q_i^\top + \lambda I) p_u = \sum
    (r_{ui} - \mu)\, q_i`; then the other way round.  A user without ratings
    gets zeros: the mean.

    Examples
    --------
    >>> rng = np.random.default_rng(7)
    >>> drawn = planted_ratings(60, 40, rng, noise=0.1, observed=0.5)
    >>> fit = masked_factors(drawn.values, drawn.observed, 3, rng)
    >>> error = root_mean_square_error(
    ...     fit.predicted, drawn.values, ~drawn.observed)
    >>> error < 0.5 * float(drawn.values.std())
    True
    """
    table, mask = _masked(values, observed)
    k, penalty = whole("rank", rank, least=1), positive("ridge", ridge)
    mean = float(table[mask].mean())
    centred, seen = np.where(mask, table - mean, 0.0), mask.astype(float)
    items = 0.1 * rng.standard_normal((table.shape[1], k))
    losses = []
    for _ in range(whole("rounds", rounds, least=1)):
        with np.errstate(over="ignore", invalid="ignore"):
            users = _ridge(centred, seen, items, penalty)
            items = _ridge(centred.T, seen.T, users, penalty)
            misses = seen * (centred - users @ items.T)
            size = (users**2).sum() + (items**2).sum()
            losses.append(float((misses**2).sum() + penalty * size))
    if not np.isfinite(losses).all():
        raise ValueError("the squared error overflows")
    return Factors(mean, users, items, tuple(losses))


def _ridge(
    centred: Floats, seen: Floats, fixed: Floats, penalty: float
) -> Floats:
    k = fixed.shape[1]
    squares = fixed[:, :, np.newaxis] * fixed[:, np.newaxis, :]
    grams = (seen @ squares.reshape(-1, k * k)).reshape(-1, k, k)
    targets = (centred @ fixed)[:, :, np.newaxis]
    solved = np.linalg.solve(grams + penalty * np.eye(k), targets)
    return np.asarray(solved[:, :, 0])


def root_mean_square_error(
    predicted: npt.ArrayLike, values: npt.ArrayLike, where: npt.ArrayLike
) -> float:
    """Compute the error over some entries.

    Parameters
    ----------
    predicted, values : array-like of float, shape (users, items)
        Predictions and truth.
    where : array-like of bool, shape (users, items)
        Which entries count.

    Returns
    -------
    float
        Root of the mean squared difference, in the unit of the values.

    Raises
    ------
    TypeError
        If `where` is not of bools.
    ValueError
        If the shapes differ, nothing counts, or the error overflows.

    Examples
    --------
    >>> root_mean_square_error([[1, 9]], [[4, 0]], [[True, False]])
    3.0
    """
    truth, mask = _masked(values, where)
    guess, _ = _masked(predicted, where)
    with np.errstate(over="ignore"):
        error = float(np.sqrt(((guess - truth)[mask] ** 2).mean()))
    if not math.isfinite(error):
        raise ValueError("the squared error overflows")
    return error
