"""Percentiles: what they promise, and how they may be combined.

A percentile is an order statistic.  How well a window knows it follows from
the binomial distribution, without any assumption about latencies; averaging
percentiles of hosts gives no percentile of the fleet, adding their histograms
does, up to the width of a bucket.

In production, use the histograms of your metrics system; DDSketch and HDR
histograms have logarithmic buckets as here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from mlsd_examples._refusals import counts as whole_counts
from mlsd_examples._refusals import positive, share, vector, whole

__all__ = [
    "Bucket",
    "RankInterval",
    "any_slow",
    "bucket_counts",
    "bucket_quantile",
    "log_edges",
    "nearest_rank",
    "quantile_ranks",
    "smallest_window",
]

Counts: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RankInterval:
    """Two order statistics between which a quantile lies.

    Parameters
    ----------
    low, high : int
        Ranks, the smallest value having rank 1.
    coverage : float
        Probability that the quantile lies between them, if the latencies
        are independent and from a continuous distribution.
    """

    low: int
    high: int
    coverage: float


@dataclass(frozen=True)
class Bucket:
    """The bucket of a histogram in which a quantile lies.

    Parameters
    ----------
    low, high : float
        Its edges, in the unit of the values; `low` itself is outside.
    """

    low: float
    high: float

    @property
    def estimate(self) -> float:
        """The value with the least relative error in the worst case."""
        if math.isinf(self.high):
            return self.low
        return 2 * self.low * self.high / (self.low + self.high)

    @property
    def relative_error(self) -> float:
        """How far the estimate may be off, as a share of the truth."""
        if math.isinf(self.high):
            return math.inf
        return (self.high - self.low) / (self.high + self.low)


def nearest_rank(values: npt.ArrayLike, level: float) -> float:
    """Return the smallest value that a share of the values does not exceed.

    Parameters
    ----------
    values : array-like of float, shape (n,)
        The sample, in any order.
    level : float
        Share in (0, 1), read as the decimal that you typed.

    Returns
    -------
    float
        One of the values.

    Raises
    ------
    TypeError
        If `level` is not a number.
    ValueError
        If there is no value, one is not finite, or `level` is outside
        (0, 1).

    Notes
    -----
    ``0.07 * 100`` is ``7.000000000000001`` in floats, which would ask for
    the eighth of a hundred values; the rank is computed in fractions.

    Examples
    --------
    Of a hundred requests, the slow one is beyond the 99th:

    >>> nearest_rank([40.0] * 99 + [2000.0], 0.99)
    40.0

    A second slow one, and the same percentile is another number:

    >>> nearest_rank([40.0] * 98 + [2000.0] * 2, 0.99)
    2000.0
    >>> nearest_rank([], 0.5)
    Traceback (most recent call last):
        ...
    ValueError: values holds 0 values, fewer than 1
    """
    ordered = np.sort(vector("values", values, least=1))
    rank = math.ceil(Fraction(str(share("share", level))) * ordered.size)
    return float(ordered[rank - 1])


def quantile_ranks(
    count: int, level: float, *, confidence: float = 0.95
) -> RankInterval:
    """Find the order statistics between which a quantile lies.

    Parameters
    ----------
    count : int
        Number of values in the window, at least 1.
    level : float
        Which quantile, in (0, 1).
    confidence : float
        Least probability that it lies between the two, in (0, 1).

    Returns
    -------
    RankInterval
        The ranks and their exact coverage.

    Raises
    ------
    TypeError
        If `count` is not a whole number.
    ValueError
        If the window is too small to hold both ends, or a parameter is
        outside its range.

    Notes
    -----
    The number of values below the quantile is binomial.  The lower end is
    too high with probability ``P(B < low)``, the upper too low with
    probability ``P(B >= high)``; each is at most half of what the
    confidence leaves.

    Examples
    --------
    A minute of six thousand requests knows its p99 only so well: between
    the 5,924th and the 5,956th.

    >>> ranks = quantile_ranks(6_000, 0.99)
    >>> ranks.low, ranks.high, round(ranks.coverage, 4)
    (5924, 5956, 0.9624)

    A quiet minute does not know it at all:

    >>> quantile_ranks(300, 0.99)
    Traceback (most recent call last):
        ...
    ValueError: 300 values do not bound the 0.99 quantile; 368 would
    """
    count = whole("count", count, least=1)
    level, miss = share("share", level), 1 - share("confidence", confidence)
    needed = smallest_window(level, confidence=confidence)
    if count < needed:
        raise ValueError(
            f"{count} values do not bound the {level:g} quantile;"
            f" {needed} would"
        )
    low = int(binom.ppf(miss / 2, count, level))
    high = 1 + int(binom.isf(miss / 2, count, level))
    below = binom.cdf(low - 1, count, level)
    above = binom.sf(high - 1, count, level)
    return RankInterval(low, high, float(1 - below - above))


def smallest_window(level: float, *, confidence: float = 0.95) -> int:
    """Count the values that a window needs to bound a quantile at all.

    Parameters
    ----------
    level : float
        Which quantile, in (0, 1).
    confidence : float
        Least probability that it lies between the ends, in (0, 1).

    Returns
    -------
    int
        The smallest number of values of which the extremes lie beyond the
        quantile with at least that probability, half of the rest on
        either side.

    Raises
    ------
    ValueError
        If a parameter is outside (0, 1).

    Examples
    --------
    Each nine costs a factor of ten:

    >>> [smallest_window(level) for level in (0.5, 0.9, 0.99, 0.999)]
    [6, 36, 368, 3688]
    """
    level, miss = share("share", level), 1 - share("confidence", confidence)
    rarer = max(level, 1 - level)
    return math.ceil(math.log(miss / 2) / math.log(rarer))


def any_slow(slow_share: float, requests: int) -> float:
    """Compute how often at least one of several requests is slow.

    Parameters
    ----------
    slow_share : float
        Share of slow requests, in [0, 1].
    requests : int
        Independent requests that one page waits for, at least 1.

    Returns
    -------
    float
        Share of the pages that wait for a slow request.

    Raises
    ------
    TypeError
        If `requests` is not a whole number.
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> round(any_slow(0.01, 1), 3), round(any_slow(0.01, 20), 3)
    (0.01, 0.182)
    >>> round(any_slow(0.01, 100), 2)
    0.63
    """
    requests = whole("requests", requests, least=1)
    slow = share("slow_share", slow_share, closed=True)
    if slow == 1:
        return 1.0
    return -math.expm1(requests * math.log1p(-slow))


def log_edges(
    low: float, high: float, *, relative_error: float
) -> tuple[float, ...]:
    """Lay out buckets of which none is wider than a relative error allows.

    Parameters
    ----------
    low, high : float
        Range to cover, 0 < low < high.
    relative_error : float
        Largest relative error of a quantile inside the range, in (0, 1).

    Returns
    -------
    tuple of float
        Edges, each ``(1 + e) / (1 - e)`` times the one before; the last is
        at least `high`.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    References
    ----------
    Masson, Rim and Lee (2019).

    Examples
    --------
    From a millisecond to a minute, within one percent:

    >>> len(log_edges(1, 60_000, relative_error=0.01))
    552
    >>> log_edges(1, 9, relative_error=0.5)
    (1.0, 3.0, 9.0)
    """
    first, last = positive("low", low), positive("high", high)
    error = share("relative_error", relative_error)
    if not last > first:
        raise ValueError(f"high={last:g} is not above low={first:g}")
    ratio = (1 + error) / (1 - error)
    steps = math.log(last / first) / math.log(ratio)
    # A quotient such as 2.0000000000000004 is the whole number it stands for.
    number = math.ceil(steps - 1e-9)
    return tuple(first * ratio**step for step in range(number + 1))


def bucket_counts(values: npt.ArrayLike, edges: Sequence[float]) -> Counts:
    """Count values in buckets, as a metrics client does.

    Parameters
    ----------
    values : array-like of float, shape (n,)
        What was measured.
    edges : sequence of float, shape (m,)
        Upper edges, ascending; a value on an edge belongs below it.

    Returns
    -------
    ndarray of int, shape (m + 1,)
        Counts, the last one of values above every edge.

    Raises
    ------
    ValueError
        If there is no value or no edge, one is not finite, or the edges
        do not ascend.

    Examples
    --------
    >>> bucket_counts([5, 10, 11, 99], [10, 25]).tolist()
    [2, 1, 1]
    """
    sample = vector("values", values, least=1)
    upper = _ascending(edges)
    where = np.searchsorted(upper, sample, side="left")
    return np.bincount(where, minlength=upper.size + 1)


def bucket_quantile(
    counts: npt.ArrayLike, edges: Sequence[float], level: float
) -> Bucket:
    """Find the bucket that holds a quantile.

    Parameters
    ----------
    counts : array-like of int, shape (m + 1,)
        Counts of :func:`bucket_counts`; counts of several hosts are added
        before.
    edges : sequence of float, shape (m,)
        Upper edges, ascending and positive.
    level : float
        Which quantile, in (0, 1).

    Returns
    -------
    Bucket
        Between which edges the nearest-rank quantile lies: all that a
        histogram knows.

    Raises
    ------
    TypeError
        If the counts are not whole numbers.
    ValueError
        If the shapes do not fit, the counts are negative or all zero, or
        the edges are not positive and ascending.

    Examples
    --------
    With the default buckets of many clients, two seconds are anything
    between one and two and a half:

    >>> bucket_quantile([99, 0, 1], [1.0, 2.5], 0.5)
    Bucket(low=0.0, high=1.0)
    >>> bucket_quantile([50, 50, 0], [1.0, 2.5], 0.9).relative_error
    0.42857142857142855

    Above the last edge a histogram knows nothing but that:

    >>> bucket_quantile([50, 0, 50], [1.0, 2.5], 0.9).estimate
    2.5
    """
    tally, upper = whole_counts("counts", counts, least=1), _ascending(edges)
    level = share("share", level)
    if tally.size != upper.size + 1:
        raise ValueError(
            f"{tally.size} counts do not fit {upper.size} edges;"
            f" {upper.size + 1} would"
        )
    if not upper[0] > 0:
        raise ValueError(f"edges[0]={upper[0]:g} is not positive")
    total = int(tally.sum())
    if total == 0:
        raise ValueError("the counts are all zero: an empty window")
    rank = math.ceil(Fraction(str(level)) * total)
    at = int(np.searchsorted(np.cumsum(tally), rank, side="left"))
    bounds = (0.0, *upper.tolist(), math.inf)
    return Bucket(bounds[at], bounds[at + 1])


def _ascending(edges: Sequence[float]) -> npt.NDArray[np.float64]:
    upper = vector("edges", edges, least=1)
    falls = np.flatnonzero(np.diff(upper) <= 0)
    if falls.size:
        at = int(falls[0])
        raise ValueError(
            f"edges[{at + 1}]={upper[at + 1]:g} is not above"
            f" edges[{at}]={upper[at]:g}"
        )
    return upper
