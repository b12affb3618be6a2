r"""Two models, one number each, and how far chance alone sets them apart.

On test sets of their own, two equally good models differ by sampling.  On
one shared test set most of that noise is common to both: only the examples
on which they *disagree* tell them apart.

In production, use :func:`statsmodels.stats.contingency_tables.mcnemar`.
"""

import math

import numpy as np
from scipy.stats import binom

from mlsd_examples._refusals import positive, share, whole

__all__ = [
    "independent_gap_probability",
    "mcnemar_p_value",
    "paired_gap_probability",
]


def independent_gap_probability(n: int, accuracy: float, gap: float) -> float:
    r"""Compute how often equal models differ on test sets of their own.

    Parameters
    ----------
    n : int
        Examples in each test set, at least 1.
    accuracy : float
        True accuracy of both, in [0, 1].
    gap : float
        Difference of accuracies, > 0.

    Returns
    -------
    float
        Probability of a difference of at least `gap`, either way.

    Raises
    ------
    ValueError
        If a parameter is out of its range.

    Notes
    -----
    Exact, for two independent binomial counts:
    :math:`\sum_k P(K = k) P(|K' - k| \ge g n)`.

    Examples
    --------
    Two points on 500 examples each are nothing special:

    >>> round(independent_gap_probability(500, 0.9, 0.02), 3)
    0.316
    >>> round(independent_gap_probability(10_000, 0.9, 0.02), 6)
    3e-06
    >>> independent_gap_probability(500, 0.9, 0)
    Traceback (most recent call last):
        ...
    ValueError: gap=0 is not positive
    """
    n = whole("n", n, least=1)
    accuracy = share("accuracy", accuracy, closed=True)
    apart = _examples(n, gap)
    k = np.arange(n + 1)
    above = binom.sf(k + apart - 1, n, accuracy)
    return float(2 * binom.pmf(k, n, accuracy) @ above)


def paired_gap_probability(n: int, disagreement: float, gap: float) -> float:
    r"""Compute how often equal models differ on one shared test set.

    Parameters
    ----------
    n : int
        Examples in the test set, at least 1.
    disagreement : float
        Probability that exactly one of the two is right, in [0, 1].
    gap : float
        Difference of accuracies, > 0.

    Returns
    -------
    float
        Probability of a difference of at least `gap`, either way.

    Raises
    ------
    ValueError
        If a parameter is out of its range.

    Notes
    -----
    Given :math:`D` disagreements, each goes either way like a fair coin:
    :math:`|2B - D| \ge g n` with :math:`B` binomial :math:`(D, 1/2)`.

    Examples
    --------
    The same two points, where the models disagree on 4 % of the examples:

    >>> round(paired_gap_probability(500, 0.04, 0.02), 3)
    0.034

    Models that never disagree never differ:

    >>> paired_gap_probability(500, 0, 0.02)
    0.0
    """
    n = whole("n", n, least=1)
    disagreement = share("disagreement", disagreement, closed=True)
    apart = _examples(n, gap)
    d = np.arange(n + 1)
    # The winner needs at least half of the disagreements and the gap.
    above = binom.sf((d + apart + 1) // 2 - 1, d, 0.5)
    return min(1.0, float(2 * binom.pmf(d, n, disagreement) @ above))


def mcnemar_p_value(only_first: int, only_second: int) -> float:
    """Test whether two models are equally good on one test set.

    Parameters
    ----------
    only_first, only_second : int
        Examples that only the one, or only the other, has right.

    Returns
    -------
    float
        Exact two-sided p-value.

    Raises
    ------
    ValueError
        If a count is negative.

    Notes
    -----
    A sign test of the disagreements; all other examples say nothing.

    Examples
    --------
    A difference of ten, out of 20 disagreements and out of 100:

    >>> round(mcnemar_p_value(15, 5), 3)
    0.041
    >>> round(mcnemar_p_value(55, 45), 3)
    0.368
    >>> mcnemar_p_value(0, 0)
    1.0
    """
    first = whole("only_first", only_first, least=0)
    second = whole("only_second", only_second, least=0)
    tail = binom.cdf(min(first, second), first + second, 0.5)
    return min(1.0, float(2 * tail))


def _examples(n: int, gap: float) -> int:
    # 0.02 * 500 is not exactly 10: the tolerance takes it as ten.
    return max(1, math.ceil(positive("gap", gap) * n - 1e-9))
