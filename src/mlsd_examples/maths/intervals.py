r"""Intervals for a proportion, and how often they cover it, exactly.

"Ninety-five percent" is a promise about repetitions, and for a proportion it
can be checked without simulating any: there are n + 1 possible counts, each
with its interval and its binomial probability.  The sum over the counts whose
interval holds the truth *is* the coverage.

In production, use :func:`statsmodels.stats.proportion.proportion_confint`, or
:meth:`scipy.stats._result_classes.BinomTestResult.proportion_ci`.
"""

import math
from functools import lru_cache
from typing import Literal, TypeAlias, get_args

import numpy as np
from scipy.stats import beta, binom, norm

from mlsd_examples._refusals import share, whole

__all__ = ["Method", "exact_coverage", "proportion_interval"]

Method: TypeAlias = Literal["wald", "wilson", "clopper-pearson", "jeffreys"]


def proportion_interval(
    successes: int,
    trials: int,
    method: Method = "wilson",
    *,
    level: float = 0.95,
) -> tuple[float, float]:
    r"""Compute an interval for a proportion.

    Parameters
    ----------
    successes : int
        From 0 to `trials`.
    trials : int
        At least 1.
    method : str
        "wald", "wilson", "clopper-pearson" or "jeffreys".
    level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    tuple of float
        The lower and the upper end.  Wald's are not cut at 0 and 1.

    Raises
    ------
    TypeError
        If a count is not a whole number.
    ValueError
        If a count or the level is out of range, or the method is unknown.

    Notes
    -----
    With :math:`\hat p = k / n` and the normal quantile z: Wald is
    :math:`\hat p \pm z \sqrt{\hat p (1 - \hat p) / n}`; Wilson solves
    :math:`|\hat p - p| = z \sqrt{p (1 - p) / n}` for p; Clopper and Pearson
    invert the two binomial tails; Jeffreys takes quantiles of the posterior
    Beta(k + ½, n - k + ½), with 0 and 1 as ends where k is 0 or n.

    References
    ----------
    Brown, Cai and DasGupta (2001).

    Examples
    --------
    Two in a hundred:

    >>> low, high = proportion_interval(2, 100)
    >>> round(low, 4), round(high, 4)
    (0.0055, 0.07)

    Zero in twenty: Wald is certain, the others are not.

    >>> proportion_interval(0, 20, "wald")
    (0.0, 0.0)
    >>> round(proportion_interval(0, 20, "clopper-pearson")[1], 4)
    0.1684

    More successes than trials are refused:

    >>> proportion_interval(3, 2)
    Traceback (most recent call last):
        ...
    ValueError: 3 successes in 2 trials
    """
    n = whole("trials", trials, least=1)
    k = whole("successes", successes, least=0)
    if k > n:
        raise ValueError(f"{k} successes in {n} trials")
    half = (1 - share("level", level)) / 2
    if method not in get_args(Method):
        raise ValueError(f"{method=} is none of {get_args(Method)}")
    if method == "wald":
        return _wald(k, n, float(norm.isf(half)))
    if method == "wilson":
        return _wilson(k, n, float(norm.isf(half)))
    more = (1.0, 0.0) if method == "clopper-pearson" else (0.5, 0.5)
    low = float(beta.ppf(half, k + more[1], n - k + more[0])) if k else 0.0
    high = float(beta.isf(half, k + more[0], n - k + more[1]))
    return low, high if k < n else 1.0


def exact_coverage(
    trials: int,
    p: float,
    method: Method = "wilson",
    *,
    level: float = 0.95,
) -> float:
    """Compute how often the interval covers a true proportion.

    Parameters
    ----------
    trials : int
        At least 1.
    p : float
        The true proportion, in [0, 1].
    method : str
        See :func:`proportion_interval`.
    level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    float
        Probability that the interval holds `p`, by summing over all counts.

    Raises
    ------
    TypeError
        If `trials` is not a whole number, or `p` not a number.
    ValueError
        If an argument is out of range.

    Examples
    --------
    Fraud at two percent, a hundred labels, a "95 %" interval:

    >>> round(exact_coverage(100, 0.02, "wald"), 3)
    0.866
    >>> round(exact_coverage(100, 0.02, "wilson"), 3)
    0.949

    The exact interval covers at least as often as it says:

    >>> round(exact_coverage(100, 0.02, "clopper-pearson"), 3)
    0.985

    A proportion above 1 is refused:

    >>> exact_coverage(100, 1.2)
    Traceback (most recent call last):
        ...
    ValueError: p=1.2 is outside [0, 1]
    """
    n = whole("trials", trials, least=1)
    truth = share("p", p, closed=True)
    holds = [low <= truth <= high for low, high in _ends(n, method, level)]
    return math.fsum(binom.pmf(np.flatnonzero(holds), n, truth))


@lru_cache(maxsize=64)
def _ends(n: int, method: Method, level: float) -> list[tuple[float, float]]:
    return [
        proportion_interval(k, n, method, level=level) for k in range(n + 1)
    ]


def _wald(k: int, n: int, z: float) -> tuple[float, float]:
    p = k / n
    width = z * math.sqrt(p * (1 - p) / n)
    return p - width, p + width


def _wilson(k: int, n: int, z: float) -> tuple[float, float]:
    p = k / n
    centre = p + z**2 / (2 * n)
    width = z * math.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2)
    stretch = 1 + z**2 / n
    low = (centre - width) / stretch if k else 0.0
    high = (centre + width) / stretch if k < n else 1.0
    return low, high
