r"""How fast means become normal, and when they never do.

The central limit theorem speaks of *standardised* sums of independent
variables with *finite variance*, and of the limit.  How far a given n is
from it depends on the skewness; at the same n, one tail of the interval can
be missed a hundred times as often as the other.

In production, bootstrap the statistic you report, or cap the metric at a
value chosen beforehand; :func:`scipy.stats.bootstrap` does the former.
"""

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, rv_discrete, t
from scipy.stats.distributions import rv_frozen

from mlsd_examples._refusals import (
    finite,
    numbers,
    positive,
    share,
    whole,
)
from mlsd_examples.maths.monte_carlo import Rate, rate_of

__all__ = [
    "Misses",
    "berry_esseen_bound",
    "distance_to_normal",
    "sample_size_for_normality",
    "t_interval_misses",
]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]

# Best known upper constant for identically distributed summands.
_BERRY_ESSEEN = 0.469
# Users per arm for one unit of squared skewness, and the skewness below
# which the rule is silent.
_USERS_PER_SQUARED_SKEWNESS, _SMALL_SKEWNESS = 355, 1.0
# Where the distance is evaluated: quantiles from one to the other.
_GRID_END, _GRID_SIZE = 1e-9, 20_001


@dataclass(frozen=True)
class Misses:
    """How often an interval for the mean misses it, and on which side.

    Parameters
    ----------
    too_low : Rate
        The whole interval lies below the mean.
    too_high : Rate
        The whole interval lies above the mean.
    """

    too_low: Rate
    too_high: Rate

    @property
    def coverage(self) -> float:
        """Share of the intervals that hold the mean."""
        return 1 - self.too_low.value - self.too_high.value


def t_interval_misses(
    samples: npt.ArrayLike, mean: float, *, confidence: float = 0.95
) -> Misses:
    """Count how often Student's interval misses the true mean.

    Parameters
    ----------
    samples : array-like of float, shape (runs, n)
        Independent samples of the same size, n at least 2.
    mean : float
        True mean.
    confidence : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    Misses
        Shares of intervals too low and too high, with standard errors.

    Raises
    ------
    TypeError
        If a sample or a parameter is not a number.
    ValueError
        If `samples` is not two-dimensional, too small or not finite, or a
        parameter is outside its range.

    Examples
    --------
    Thirty skewed values a sample: the rule of thumb says enough, and the
    interval is too low twelve times as often as it should be, hardly ever
    too high.

    >>> rng = np.random.default_rng(7)
    >>> revenue = rng.lognormal(0, 2, (20_000, 30))
    >>> misses = t_interval_misses(revenue, mean=np.exp(2))
    >>> round(misses.too_low.value, 1), round(misses.too_high.value, 1)
    (0.3, 0.0)
    """
    array = numbers("samples", samples)
    if array.ndim != 2 or array.shape[0] < 1 or array.shape[1] < 2:
        raise ValueError(
            f"samples of shape {array.shape} are not (runs, n), n at least 2"
        )
    if not np.isfinite(array).all():
        raise ValueError("samples hold a value that is not finite")
    n = array.shape[1]
    quantile = t.isf((1 - share("confidence", confidence)) / 2, n - 1)
    # From the true mean: a sample that equals it throughout does not miss.
    array -= finite("mean", mean)
    middle = array.mean(axis=1)
    width = quantile * array.std(axis=1, ddof=1) / math.sqrt(n)
    return Misses(rate_of(middle < -width), rate_of(middle > width))


def distance_to_normal(distribution: rv_frozen[Any, Any]) -> float:
    r"""Compute how far a distribution function is from the normal one.

    Parameters
    ----------
    distribution : frozen distribution of scipy.stats
        With finite mean and variance; discrete ones on the integers.

    Returns
    -------
    float
        :math:`\sup_x |F(x) - \Phi((x - \mu) / \sigma)|`.

    Raises
    ------
    TypeError
        If `distribution` is not a frozen one.
    ValueError
        If mean or variance is not finite, or the variance is 0.

    Notes
    -----
    The supremum is taken over twenty thousand quantiles, so that of a
    continuous distribution is low by a few parts in ten thousand at most;
    that of a discrete one is exact at each of its jumps that they meet.

    Examples
    --------
    A sum of ten exponential waiting times is a gamma variable:

    >>> from scipy.stats import binom, cauchy, gamma
    >>> round(distance_to_normal(gamma(10)), 4)
    0.0421

    Ten thousand users at 1 % conversion are closer, but their count still
    jumps:

    >>> round(distance_to_normal(binom(10_000, 0.01)), 4)
    0.0266

    The mean of any number of Cauchy variables is a Cauchy variable, which
    has no mean to standardise by:

    >>> distance_to_normal(cauchy())
    Traceback (most recent call last):
        ...
    ValueError: mean nan and standard deviation nan are not finite
    """
    if not isinstance(distribution, rv_frozen):
        raise TypeError(f"{distribution!r} is no frozen distribution")
    mean, sd = float(distribution.mean()), float(distribution.std())
    if not (math.isfinite(mean) and math.isfinite(sd)):
        raise ValueError(
            f"mean {mean} and standard deviation {sd} are not finite"
        )
    if sd == 0:
        raise ValueError(f"all values are {mean:g}: the variance is 0")
    grid = np.linspace(_GRID_END, 1 - _GRID_END, _GRID_SIZE)
    at = np.unique(distribution.ppf(grid))
    limit = norm.cdf(at, mean, sd)
    gaps = np.abs(distribution.cdf(at) - limit)
    if isinstance(distribution.dist, rv_discrete):
        gaps = np.maximum(gaps, np.abs(distribution.cdf(at - 1) - limit))
    return float(gaps.max())


def berry_esseen_bound(n: int, *, absolute_third: float, sd: float) -> float:
    r"""Bound the distance of a standardised mean to the normal.

    Parameters
    ----------
    n : int
        Number of independent, identically distributed summands, at least 1.
    absolute_third : float
        :math:`\rho = E|X - \mu|^3`, at least sd³.
    sd : float
        Standard deviation of one summand, > 0.

    Returns
    -------
    float
        :math:`0.469\,\rho / (\sigma^3 \sqrt n)`.

    Raises
    ------
    TypeError
        If `n` is not a whole number, or another value not a number.
    ValueError
        If a value is outside its range, or `absolute_third` is impossible.

    References
    ----------
    Shevtsova (2013), On the absolute constants in the Berry-Esseen
    inequality.

    Examples
    --------
    Converting users at 1 %: a hundred of them guarantee nothing much.

    >>> p = 0.01
    >>> sd, third = (p * 0.99) ** 0.5, p * 0.99 * (p**2 + 0.99**2)
    >>> round(berry_esseen_bound(100, absolute_third=third, sd=sd), 3)
    0.462
    """
    n, sd = whole("n", n, least=1), positive("sd", sd)
    third = positive("absolute_third", absolute_third)
    if third < sd**3 * (1 - 1e-12):
        raise ValueError(
            f"absolute_third={absolute_third} is below sd cubed = {sd**3:g}"
        )
    return _BERRY_ESSEEN * third / (sd**3 * math.sqrt(n))


def sample_size_for_normality(skewness: float) -> int:
    r"""Compute the users per arm for which a 95 % interval is trusted.

    Parameters
    ----------
    skewness : float
        Of one observation, of either sign.

    Returns
    -------
    int
        :math:`355\,s^2`, rounded up; 355 for :math:`|s| \le 1`, where the
        rule was not meant to be used.

    Raises
    ------
    TypeError
        If `skewness` is not a number.
    ValueError
        If it is not finite.

    References
    ----------
    Kohavi, Deng, Longbotham and Xu (2014), Seven rules of thumb for web site
    experimenters, rule 7.

    Examples
    --------
    Conversion at 5 %, then revenue:

    >>> sample_size_for_normality(4.13)
    6056
    >>> sample_size_for_normality(18.2)
    117591
    """
    size = max(_SMALL_SKEWNESS, abs(finite("skewness", skewness)))
    return math.ceil(_USERS_PER_SQUARED_SKEWNESS * size**2)
