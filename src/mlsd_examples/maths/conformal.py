r"""Split conformal prediction: coverage without a model of the errors.

Take a fitted model, and the absolute residuals of n rows that it has not
seen.  A new row from the same source is equally likely to fall into each of
the n + 1 gaps between them.  So the k-th smallest residual covers the next
one with probability k / (n + 1), whatever the distribution of the errors and
however bad the model.

The promise is *marginal*: an average over rows and over calibration sets.
Rows that are harder than average are covered less.

In production, use MAPIE or crepes.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from mlsd_examples._refusals import share, vector, whole

__all__ = ["conformal_radius", "conformal_rank", "coverage_range"]

# Rounding of (n + 1) * level must not ask for one residual more.
_ROUNDING = 1e-9


def conformal_rank(rows: int, level: float) -> int:
    r"""Compute which of the sorted residuals becomes the radius.

    Parameters
    ----------
    rows : int
        Calibration rows, at least 1.
    level : float
        Wanted coverage, in (0, 1).

    Returns
    -------
    int
        :math:`\lceil (n + 1) \cdot level \rceil`; if that is n + 1, no
        residual is large enough.

    Raises
    ------
    TypeError
        If `rows` is not a whole number.
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> conformal_rank(99, 0.90)
    90

    Nine rows can promise ninety percent, eight cannot:

    >>> conformal_rank(9, 0.90), conformal_rank(8, 0.90)
    (9, 9)
    >>> conformal_rank(0, 0.90)
    Traceback (most recent call last):
        ...
    ValueError: rows=0 is below 1
    """
    n = whole("rows", rows, least=1)
    return math.ceil((n + 1) * share("level", level) - _ROUNDING)


def conformal_radius(residuals: npt.ArrayLike, level: float) -> float:
    """Compute the half-width of a conformal prediction interval.

    Parameters
    ----------
    residuals : array-like of float, shape (n,)
        Residuals of rows that the model has not seen, signed or not.
    level : float
        Wanted coverage, in (0, 1).

    Returns
    -------
    float
        Predictions plus and minus this cover a new row with at least the
        wanted probability; infinite if there are too few rows.

    Raises
    ------
    ValueError
        If there is no residual, one is not finite, or `level` is out of
        range.

    Examples
    --------
    >>> conformal_radius([3, -1, 2, 5, -4, 7, 6, -8, 9], 0.90)
    9.0

    With one row fewer nothing finite can be promised:

    >>> conformal_radius([3, -1, 2, 5, -4, 7, 6, -8], 0.90)
    inf
    >>> conformal_radius([], 0.90)
    Traceback (most recent call last):
        ...
    ValueError: residuals holds 0 values, fewer than 1
    """
    sizes = np.sort(np.abs(vector("residuals", residuals, least=1)))
    rank = conformal_rank(sizes.size, level)
    return float(sizes[rank - 1]) if rank <= sizes.size else math.inf


def coverage_range(
    rows: int, level: float, *, probability: float = 0.95
) -> tuple[float, float]:
    """Say how far one calibration set may be from the promise.

    Parameters
    ----------
    rows : int
        Calibration rows, enough for the level.
    level : float
        Wanted coverage, in (0, 1).
    probability : float
        How many calibration sets the range is to hold, in (0, 1).

    Returns
    -------
    tuple of float
        Central range of the coverage, given the calibration set, for errors
        without ties: quantiles of Beta(k, n + 1 - k).

    Raises
    ------
    TypeError
        If `rows` is not a whole number.
    ValueError
        If an argument is out of range, or there are too few rows.

    Examples
    --------
    >>> low, high = coverage_range(1_000, 0.90)
    >>> round(low, 3), round(high, 3)
    (0.881, 0.918)
    >>> coverage_range(8, 0.90)
    Traceback (most recent call last):
        ...
    ValueError: 8 rows are too few for level=0.9
    """
    rank = conformal_rank(rows, level)
    if rank > rows:
        raise ValueError(f"{rows} rows are too few for {level=}")
    half = (1 - share("probability", probability)) / 2
    above = rows + 1 - rank
    low = float(beta.ppf(half, rank, above))
    return low, float(beta.isf(half, rank, above))
