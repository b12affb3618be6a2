r"""Power laws: fitted by likelihood, and told from their look-alikes.

Two exponents go by the name alpha.  Here it is that of the *density*,
:math:`p(x) \propto x^{-\alpha}` above :math:`x_{\min}`; the share of values
above x then falls as :math:`x^{-(\alpha - 1)}`.  The mean is finite for
:math:`\alpha > 2`, the variance for :math:`\alpha > 3`.

A straight line in log-log axes shows neither that data follow a power law
nor, if they do, its exponent.

In production, use the powerlaw package.
"""

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.stats import norm

from mlsd_examples._refusals import finite, positive, vector, whole

__all__ = [
    "PowerLawFit",
    "histogram_exponent",
    "pareto_sample",
    "power_law_against_lognormal",
    "power_law_fit",
]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class PowerLawFit:
    """A power law fitted to the values above a threshold.

    Parameters
    ----------
    exponent : float
        Exponent of the density.
    standard_error : float
        Its standard error.
    n : int
        Number of values fitted.
    """

    exponent: float
    standard_error: float
    n: int


def pareto_sample(
    exponent: float,
    size: int | tuple[int, ...],
    rng: np.random.Generator,
    *,
    x_min: float = 1.0,
) -> Floats:
    """Draw from a power law.

    Parameters
    ----------
    exponent : float
        Exponent of the density, > 1.
    size : int or tuple of int
        Shape of the sample.
    rng : numpy.random.Generator
        Source of randomness.
    x_min : float
        Smallest value, > 0.

    Returns
    -------
    ndarray of float, shape size
        Values, at least `x_min`.

    Raises
    ------
    TypeError
        If a parameter is not a number.
    ValueError
        If `exponent` is not above 1, or `x_min` not positive.

    Examples
    --------
    >>> values = pareto_sample(2.5, 1000, np.random.default_rng(7), x_min=3)
    >>> bool(values.min() >= 3)
    True
    """
    if not finite("exponent", exponent) > 1:
        raise ValueError(f"exponent={exponent} is not above 1")
    x_min = positive("x_min", x_min)
    return x_min * (1 + rng.pareto(exponent - 1, size))


def power_law_fit(values: npt.ArrayLike, *, x_min: float) -> PowerLawFit:
    r"""Fit a power law by maximum likelihood.

    Parameters
    ----------
    values : array-like of float, shape (n,)
        Continuous values, all at least `x_min`, n at least 2.
    x_min : float
        Threshold above which the law is meant to hold, > 0.

    Returns
    -------
    PowerLawFit
        Exponent of the density with its standard error.

    Raises
    ------
    TypeError
        If `x_min` is not a number.
    ValueError
        If `values` is not a list of at least 2 finite numbers, one is below
        `x_min`, all equal it, or `x_min` is not positive.

    Notes
    -----
    :math:`\hat\alpha = 1 + n / \sum \ln(x_i/x_{\min})`, with standard error
    :math:`(\hat\alpha - 1)/\sqrt n`.

    References
    ----------
    Clauset, Shalizi and Newman (2009), Power-law distributions in empirical
    data.

    Examples
    --------
    >>> values = pareto_sample(2.5, 5000, np.random.default_rng(7))
    >>> fit = power_law_fit(values, x_min=1)
    >>> abs(fit.exponent - 2.5) < 4 * fit.standard_error
    True
    >>> round(fit.standard_error, 3)
    0.021

    A threshold above some values is refused, not applied in silence:

    >>> power_law_fit([1.0, 2.0, 3.0], x_min=2)
    Traceback (most recent call last):
        ...
    ValueError: values[0]=1 is below x_min=2
    """
    array = _tail(values, x_min, least=2)
    total = float(np.log(array / x_min).sum())
    if total == 0:
        raise ValueError(f"all values equal x_min={x_min}")
    exponent = 1 + array.size / total
    error = (exponent - 1) / math.sqrt(array.size)
    return PowerLawFit(exponent, error, array.size)


def histogram_exponent(values: npt.ArrayLike, *, bins: int = 50) -> float:
    """Fit a line to a log-log histogram: the method to avoid.

    Parameters
    ----------
    values : array-like of float, shape (n,)
        Positive values, not all equal.
    bins : int
        Bins of equal width, at least 2.

    Returns
    -------
    float
        Minus the slope through the bins that are not empty.

    Raises
    ------
    TypeError
        If `bins` is not a whole number.
    ValueError
        If a value is not positive, or fewer than two bins are filled.

    Examples
    --------
    The exponent is 2.5, and the line does not find it:

    >>> values = pareto_sample(2.5, 5000, np.random.default_rng(7))
    >>> histogram_exponent(values) < 2
    True
    """
    array = vector("values", values, least=2)
    bins = whole("bins", bins, least=2)
    if not (array > 0).all():
        raise ValueError("values are not all positive")
    counts, edges = np.histogram(array, bins=bins)
    filled = counts > 0
    if filled.sum() < 2:
        raise ValueError("fewer than two bins are filled")
    middles = (edges[1:] + edges[:-1])[filled] / 2
    slope, _ = np.polyfit(np.log(middles), np.log(counts[filled]), 1)
    return -float(slope)


def power_law_against_lognormal(
    values: npt.ArrayLike, *, x_min: float
) -> float:
    r"""Compare a power law with a lognormal tail by Vuong's test.

    Parameters
    ----------
    values : array-like of float, shape (n,)
        Continuous values, all at least `x_min`, n at least 10.
    x_min : float
        Threshold, > 0.

    Returns
    -------
    float
        z-statistic of the log-likelihood ratio: above 2 the power law is
        favoured, below -2 the lognormal, in between nothing is decided.

    Raises
    ------
    TypeError
        If `x_min` is not a number.
    ValueError
        If `values` is not a list of at least 10 finite numbers, one is below
        `x_min`, all are equal, or `x_min` is not positive.

    Notes
    -----
    Both densities are normalised above :math:`x_{\min}`; the lognormal has
    one parameter more, and holds power laws as a limit, so that large
    positive values do not occur in large samples.

    References
    ----------
    Clauset, Shalizi and Newman (2009), Power-law distributions in empirical
    data.

    Examples
    --------
    Lognormal values above their median look straight in log-log axes:

    >>> rng = np.random.default_rng(7)
    >>> values = rng.lognormal(0, 2, 20_000)
    >>> tail = values[values >= 1]
    >>> power_law_against_lognormal(tail, x_min=1) < -5
    True
    """
    array = _tail(values, x_min, least=10)
    exponent = power_law_fit(array, x_min=x_min).exponent
    logs = np.log(array / x_min)
    if not np.ptp(logs):
        raise ValueError(f"all values equal {array[0]:g}")
    power_law = math.log(exponent - 1) - exponent * logs

    def loss(at: npt.NDArray[np.float64]) -> float:
        return -float(_lognormal_tail(logs, at[0], at[1]).sum())

    start = [0.0, math.log(float(np.sqrt(np.mean(logs**2))))]
    best = minimize(loss, start, method="Nelder-Mead")
    ratios = power_law - _lognormal_tail(logs, *best.x)
    return float(math.sqrt(ratios.size) * ratios.mean() / ratios.std())


def _lognormal_tail(logs: Floats, mean: float, log_sd: float) -> Floats:
    """Return log densities of x / x_min above 1."""
    sd = math.exp(log_sd)
    above = norm.logsf(0.0, mean, sd)
    density: Floats = norm.logpdf(logs, mean, sd) - logs - above
    return density


def _tail(values: npt.ArrayLike, x_min: float, *, least: int) -> Floats:
    array = vector("values", values, least=least)
    bad = np.flatnonzero(array < positive("x_min", x_min))
    if bad.size:
        raise ValueError(
            f"values[{bad[0]}]={array[bad[0]]:g} is below x_min={x_min}"
        )
    return array
