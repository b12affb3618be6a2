r"""What a p-value is, and what it is not.

The p-value is the probability, if the null hypothesis and the rest of the
model hold, of data *at least as extreme* as those observed.  It is neither
the probability of the data themselves, which is tiny for every outcome of a
large sample, nor the probability of the null hypothesis, for which one needs
to know how often effects are real (:func:`null_share`).

In production, use :func:`scipy.stats.binomtest`.
"""

import numpy as np
from scipy.stats import binom, norm

from mlsd_examples._refusals import finite, share, whole

__all__ = ["binomial_p_value", "null_share"]

# Outcomes as likely as the observed one count as extreme; their computed
# probabilities differ from its by rounding.
_ROUNDING = 1e-7


def binomial_p_value(
    successes: int,
    trials: int,
    p: float = 0.5,
    *,
    alternative: str = "two-sided",
) -> float:
    """Compute the exact p-value of a count of successes.

    Parameters
    ----------
    successes : int
        Observed successes, from 0 to `trials`.
    trials : int
        Number of trials, at least 1.
    p : float
        Probability of a success under the null hypothesis, in (0, 1).
    alternative : str
        ``"two-sided"``, ``"greater"`` or ``"less"``.

    Returns
    -------
    float
        Probability of an outcome at least as extreme.

    Raises
    ------
    TypeError
        If a count is not a whole number.
    ValueError
        If a count or `p` is outside its range, or `alternative` is unknown.

    Notes
    -----
    Two-sided: an outcome is at least as extreme as the observed one if it is
    at most as probable.

    Examples
    --------
    Sixty heads of a hundred: the outcome has probability 0.0108, the p-value
    is five times that.

    >>> round(binomial_p_value(60, 100), 4)
    0.0569
    >>> round(binomial_p_value(60, 100, alternative="greater"), 4)
    0.0284

    More heads than throws:

    >>> binomial_p_value(101, 100)
    Traceback (most recent call last):
        ...
    ValueError: 101 successes in 100 trials
    """
    trials = whole("trials", trials, least=1)
    successes = whole("successes", successes, least=0)
    if successes > trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    p = share("p", p)
    if alternative == "greater":
        return float(binom.sf(successes - 1, trials, p))
    if alternative == "less":
        return float(binom.cdf(successes, trials, p))
    if alternative != "two-sided":
        raise ValueError(f"alternative={alternative!r} is unknown")
    outcomes = binom.pmf(np.arange(trials + 1), trials, p)
    extreme = outcomes <= outcomes[successes] * (1 + _ROUNDING)
    return min(1.0, float(outcomes[extreme].sum()))


def null_share(
    effects: float,
    expected_z: float,
    *,
    above: float = 0.0,
    below: float = 0.05,
) -> float:
    r"""Compute how many p-values in a range come from true nulls.

    Parameters
    ----------
    effects : float
        Share of all tests in which there is an effect, in (0, 1).
    expected_z : float
        Mean of the z-statistic where there is one, ≠ 0.
    above, below : float
        Range of the two-sided p-value, 0 ≤ above < below ≤ 1.

    Returns
    -------
    float
        Share of true nulls among the tests whose p-value is in the range.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If a value is outside its range.

    Notes
    -----
    Bayes' rule with :math:`P(a < p < b \mid H_0) = b - a`, and under an
    effect the difference of two powers.

    Examples
    --------
    One idea in ten works, and tests have 80 % power: a third of the
    significant results are false.

    >>> round(null_share(0.1, 2.802), 2)
    0.36

    Of those between 0.04 and 0.05, three quarters:

    >>> round(null_share(0.1, 2.802, above=0.04), 2)
    0.77
    """
    effects = share("effects", effects)
    if finite("expected_z", expected_z) == 0:
        raise ValueError("expected_z=0 is no effect")
    low = share("above", above, closed=True)
    high = share("below", below, closed=True)
    if not low < high:
        raise ValueError(f"above={above} is not smaller than below={below}")
    null = (1 - effects) * (high - low)
    real = effects * (_power(high, expected_z) - _power(low, expected_z))
    return null / (null + real)


def _power(alpha: float, expected_z: float) -> float:
    critical = norm.isf(alpha / 2)
    tails = norm.sf(critical - expected_z) + norm.cdf(-critical - expected_z)
    return float(tails)
