"""Histograms and kernel densities: what the picture owes to its settings.

A histogram has a bin width and an origin, a kernel density has a bandwidth;
each decides how many humps you see.  A kernel density also assumes that the
truth is smooth and has no edge: at a hard edge, such as a latency of zero, it
sees half of what is there unless the sample is reflected.

In production, use :func:`numpy.histogram` and
:class:`scipy.stats.gaussian_kde`; the latter does not reflect.
"""

import math
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from mlsd_examples._refusals import finite, positive, vector, whole

__all__ = [
    "Histogram",
    "Twins",
    "count_modes",
    "flagged_share",
    "histogram",
    "kernel_density",
    "leaked_share",
    "reflected_density",
    "scott_bandwidth",
    "twins_with_one_box",
]

Floats: TypeAlias = npt.NDArray[np.float64]


class Law(Protocol):
    """What is asked of a distribution; SciPy's frozen ones have it."""

    def ppf(self, q: float, /) -> float: ...
    def cdf(self, x: float, /) -> float: ...
    def sf(self, x: float, /) -> float: ...


@dataclass(frozen=True)
class Histogram:
    """Counts between edges.

    Parameters
    ----------
    counts : tuple of int, shape (n,)
        Values in each bin; a value on an edge belongs to the bin above.
    edges : tuple of float, shape (n + 1,)
        Edges of the bins, in the unit of the values.
    """

    counts: tuple[int, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True)
class Twins:
    """Two samples with the same box plot.

    Parameters
    ----------
    one_hump, two_humps : ndarray of float, shape (n,)
        The samples, ascending.
    """

    one_hump: Floats
    two_humps: Floats


def histogram(
    sample: npt.ArrayLike, *, width: float, origin: float = 0.0
) -> Histogram:
    """Count a sample in bins of one width, one of which starts at an origin.

    Parameters
    ----------
    sample : array-like of float, shape (n,)
        Values, at least one.
    width : float
        Width of every bin, > 0.
    origin : float
        Where some bin starts; only its remainder by `width` matters.

    Returns
    -------
    Histogram
        Counts from the first bin that holds a value to the last.

    Raises
    ------
    ValueError
        If the sample is empty or not finite, or the width is not positive.

    Examples
    --------
    The origin alone makes one hump or two of the same three values:

    >>> histogram([1, 2, 3], width=2).counts
    (1, 2)
    >>> histogram([1.0, 1.9, 3.1, 3.9], width=1).counts
    (2, 0, 2)
    >>> histogram([1.0, 1.9, 3.1, 3.9], width=1, origin=0.5).counts
    (1, 1, 1, 1)
    """
    values = vector("sample", sample, least=1)
    width, origin = positive("width", width), finite("origin", origin)
    # One bin more on either side: the quotient may be rounded onto an edge.
    first = math.floor((values.min() - origin) / width) - 1
    last = math.floor((values.max() - origin) / width) + 2
    edges = origin + width * np.arange(first, last + 1)
    bins = np.searchsorted(edges, values, side="right") - 1
    low, high = int(bins.min()), int(bins.max()) + 1
    counts = np.bincount(bins - low)
    return Histogram(
        tuple(counts.tolist()), tuple(edges[low : high + 1].tolist())
    )


def count_modes(heights: npt.ArrayLike) -> int:
    """Count the humps of a histogram or of a density on a grid.

    Parameters
    ----------
    heights : array-like of float, shape (n,)
        Heights from left to right, at least 0; outside they are 0.

    Returns
    -------
    int
        Places that are higher than both neighbours; a plateau counts once.

    Raises
    ------
    ValueError
        If there is no height, one is not finite, or one is negative.

    Examples
    --------
    >>> count_modes([1, 3, 2, 2, 4])
    2
    >>> count_modes([0, 0])
    0
    """
    values = vector("heights", heights, least=1)
    low = int(values.argmin())
    if values[low] < 0:
        raise ValueError(f"heights[{low}]={values[low]:g} is negative")
    padded = np.concatenate([[0.0], values, [0.0]])
    steps = np.sign(np.diff(padded))
    turns = steps[steps != 0]
    return int(np.count_nonzero((turns[:-1] > 0) & (turns[1:] < 0)))


def scott_bandwidth(sample: npt.ArrayLike) -> float:
    """Compute the bandwidth that most libraries use when asked for none.

    Parameters
    ----------
    sample : array-like of float, shape (n,)
        Values, at least two, not all equal.

    Returns
    -------
    float
        ``n ** (-1 / 5)`` standard deviations, in the unit of the values.

    Raises
    ------
    ValueError
        If there are fewer than two values, one is not finite, or all are
        equal.

    Examples
    --------
    Two humps far apart make the standard deviation, and with it the
    bandwidth, far too large for either of them:

    >>> round(scott_bandwidth([0, 1] * 16), 3)
    0.254
    >>> round(scott_bandwidth([0, 1, 100, 101] * 8), 1)
    25.4
    """
    values = vector("sample", sample, least=2)
    deviation = float(values.std(ddof=1))
    if not deviation > 0:
        raise ValueError(f"all values are {values[0]:g}: no bandwidth fits")
    return float(deviation * values.size ** (-1 / 5))


def kernel_density(
    sample: npt.ArrayLike, at: npt.ArrayLike, *, bandwidth: float
) -> Floats:
    """Estimate a density by a normal bump at every value.

    Parameters
    ----------
    sample : array-like of float, shape (n,)
        Values, at least one.
    at : array-like of float, shape (m,)
        Where to estimate, in the unit of the values.
    bandwidth : float
        Standard deviation of each bump, > 0.

    Returns
    -------
    ndarray of float, shape (m,)
        Density, per unit of the values.

    Raises
    ------
    ValueError
        If an array is empty or not finite, or the bandwidth not positive.

    Notes
    -----
    The mean over the sample of ``phi((x - value) / h) / h``.

    Examples
    --------
    A single value becomes a normal density:

    >>> kernel_density([0], [0, 1], bandwidth=1).round(3).tolist()
    [0.399, 0.242]
    """
    values = vector("sample", sample, least=1)
    points = vector("at", at, least=1)
    width = positive("bandwidth", bandwidth)
    scores = (points[:, None] - values) / width
    bumps = np.exp(-(scores**2) / 2).mean(axis=1)
    return np.asarray(bumps / (width * math.sqrt(2 * math.pi)))


def reflected_density(
    sample: npt.ArrayLike,
    at: npt.ArrayLike,
    *,
    bandwidth: float,
    edge: float = 0.0,
) -> Floats:
    """Estimate a density that cannot reach below an edge.

    Parameters
    ----------
    sample : array-like of float, shape (n,)
        Values at or above the edge, at least one.
    at : array-like of float, shape (m,)
        Where to estimate.
    bandwidth : float
        Standard deviation of each bump, > 0.
    edge : float
        Smallest possible value.

    Returns
    -------
    ndarray of float, shape (m,)
        Density; 0 below the edge.

    Raises
    ------
    ValueError
        If a value is below the edge, an array is empty or not finite, or
        the bandwidth is not positive.

    Notes
    -----
    What leaks below the edge is folded back: ``f(x) + f(2 * edge - x)``.

    Examples
    --------
    At the edge the plain estimate is half of the folded one:

    >>> reflected_density([0.0], [0.0, -1.0], bandwidth=1).round(3).tolist()
    [0.798, 0.0]
    >>> reflected_density([-1.0], [0.0], bandwidth=1)
    Traceback (most recent call last):
        ...
    ValueError: sample[0]=-1 is below the edge 0
    """
    edge = finite("edge", edge)
    values = vector("sample", sample, least=1)
    low = int(values.argmin())
    if values[low] < edge:
        raise ValueError(
            f"sample[{low}]={values[low]:g} is below the edge {edge:g}"
        )
    points = vector("at", at, least=1)
    plain = kernel_density(values, points, bandwidth=bandwidth)
    folded = kernel_density(values, 2 * edge - points, bandwidth=bandwidth)
    return np.where(points < edge, 0.0, plain + folded)


def leaked_share(
    sample: npt.ArrayLike, *, bandwidth: float, edge: float = 0.0
) -> float:
    """Compute how much of a plain kernel density lies below an edge.

    Parameters
    ----------
    sample : array-like of float, shape (n,)
        Values, at least one.
    bandwidth : float
        Standard deviation of each bump, > 0.
    edge : float
        Smallest possible value.

    Returns
    -------
    float
        Share of the density where no value can be.

    Raises
    ------
    ValueError
        If the sample is empty or not finite, or the bandwidth not positive.

    Examples
    --------
    >>> leaked_share([0.0], bandwidth=3)
    0.5
    """
    values = vector("sample", sample, least=1)
    width = positive("bandwidth", bandwidth)
    return float(ndtr((finite("edge", edge) - values) / width).mean())


def twins_with_one_box(
    quarter: int, *, center: float = 0.0, scale: float = 1.0
) -> Twins:
    """Build two samples that no box plot can tell apart.

    Parameters
    ----------
    quarter : int
        Values between two quartiles, at least 2; a sample has four times as
        many, and one.
    center : float
        Common median.
    scale : float
        Half of the common interquartile range, > 0.

    Returns
    -------
    Twins
        Both have extremes three scales, and quartiles one scale, from the
        median, so that whiskers reach the extremes and nothing is flagged.

    Raises
    ------
    TypeError
        If `quarter` is not a whole number.
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> twins = twins_with_one_box(50)
    >>> np.quantile(twins.one_hump, [0, 0.25, 0.5, 0.75, 1]).tolist()
    [-3.0, -1.0, 0.0, 1.0, 3.0]
    >>> np.quantile(twins.two_humps, [0, 0.25, 0.5, 0.75, 1]).tolist()
    [-3.0, -1.0, 0.0, 1.0, 3.0]
    """
    steps = whole("quarter", quarter, least=2)
    center, scale = finite("center", center), positive("scale", scale)
    t = np.linspace(0, 1, steps + 1)
    # From the median to the quartile, and on to the extreme.  One sample
    # thins out steadily; the other is empty in the middle.
    steady = np.concatenate([0.8 * t + 0.2 * t**2, 1 + 1.2 * t + 0.8 * t**2])
    hollow = np.concatenate([t**0.25, 1 + 2 * t**3])
    return Twins(
        *(_mirrored(half, center, scale) for half in (steady, hollow))
    )


def flagged_share(law: Law) -> float:
    """Compute the share of a distribution that box plots call outliers.

    Parameters
    ----------
    law : distribution
        With `ppf`, `cdf` and `sf`, such as SciPy's frozen distributions.

    Returns
    -------
    float
        Share beyond one and a half interquartile ranges from the quartiles.

    Examples
    --------
    No outlier is wrong here; the rule flags what every such law has:

    >>> from scipy.stats import expon, norm, uniform
    >>> round(flagged_share(norm()), 4), round(flagged_share(expon()), 4)
    (0.007, 0.0481)
    >>> flagged_share(uniform())
    0.0
    """
    low, high = float(law.ppf(0.25)), float(law.ppf(0.75))
    reach = 1.5 * (high - low)
    return float(law.cdf(low - reach) + law.sf(high + reach))


def _mirrored(half: Floats, center: float, scale: float) -> Floats:
    upper = np.delete(half, half.size // 2)  # the quartile stands there twice
    both = np.concatenate([-upper[:0:-1], upper])
    return np.asarray(center + scale * both)
