r"""A bound that holds at every look, planned or not.

For a mean :math:`\theta` and the running z-statistic :math:`z_n` of
:math:`n` observations, mix the likelihood ratio over
:math:`\theta \sim N(0, \sigma^2/\rho)`:

.. math::
    \Lambda_n = \sqrt{\frac{\rho}{\rho + n}}
    \exp\left(\frac{z_n^2}{2}\,\frac{n}{n + \rho}\right).

Under :math:`\theta = 0` this is a non-negative martingale that starts at 1,
so by Ville's inequality it ever reaches :math:`1/\alpha` with probability at
most :math:`\alpha`: looked at hourly, for ever, by anyone.  :math:`\rho`, in
observations, says at which sample size the bound is tightest; it never
touches the guarantee.  The price is width: the bound lies above the
fixed-sample 1.96 at every n, and grows for ever.

`n` may count any unit of information: users, or looks, if `tuning` counts
the same.  In production, use the confseq package, or the sequential mode of
an experimentation platform that documents its boundary.
"""

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import lambertw

from mlsd_examples._refusals import positive, share, vector

__all__ = [
    "always_valid_p_values",
    "confidence_sequence",
    "mixture_bound",
    "mixture_tuning",
]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]

# The square of a smaller level is no normal float.
_SMALLEST_LEVEL = 1e-150


def mixture_tuning(n: float, alpha: float = 0.05) -> float:
    r"""Compute the mixing at which the bound is tightest at one sample size.

    Parameters
    ----------
    n : float
        Observations at which the bound should be tightest, > 0.
    alpha : float
        Two-sided level over all looks for ever, in (0, 1).

    Returns
    -------
    float
        :math:`\rho`, in observations, for :func:`mixture_bound`.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If `n` is not positive, or `alpha` is outside (0, 1) or so small
        that its square is lost.

    Notes
    -----
    Setting the derivative of the squared bound to zero gives, with
    :math:`t = n/\rho`, the equation :math:`t - \ln(1 + t) = -2\ln\alpha`;
    its solution is :math:`t = -1 - W_{-1}(-\alpha^2/e)`.

    References
    ----------
    Howard, Ramdas, McAuliffe and Sekhon (2021).

    Examples
    --------
    >>> rho = mixture_tuning(1000)
    >>> round(rho, 1)
    121.8
    >>> at_1000 = mixture_bound([1000], tuning=rho)[0]
    >>> all(at_1000 < mixture_bound([1000], tuning=f * rho)[0]
    ...     for f in (0.9, 1.1))
    True
    """
    if share("alpha", alpha) < _SMALLEST_LEVEL:
        raise ValueError(f"alpha={alpha} is too small to be tuned for")
    branch = lambertw(-(alpha**2) / math.e, k=-1).real
    return positive("n", n) / float(-1 - branch)


def mixture_bound(
    n: npt.ArrayLike, *, tuning: float, alpha: float = 0.05
) -> Floats:
    r"""Compute the bound on the absolute z-statistic at each sample size.

    Parameters
    ----------
    n : array-like of float, shape (looks,)
        Observations at each look, > 0.
    tuning : float
        :math:`\rho`, in the unit of `n`, > 0; see :func:`mixture_tuning`.
    alpha : float
        Two-sided level over all looks for ever, in (0, 1).

    Returns
    -------
    ndarray of float, shape (looks,)
        Bound on :math:`|z_n|`.

    Raises
    ------
    TypeError
        If `tuning` or `alpha` is not a number.
    ValueError
        If `n` is empty, not a list, not finite or not above 0, or a
        parameter is outside its range.

    Notes
    -----
    :math:`\sqrt{(1 + \rho/n)\,(\ln(1 + n/\rho) - 2 \ln\alpha)}`.

    References
    ----------
    Robbins (1970), Statistical methods related to the law of the iterated
    logarithm; Johari, Koomen, Pekelis and Walsh (2022).

    Examples
    --------
    Tuned at 1,000 observations, and wide before:

    >>> bound = mixture_bound([10, 1000, 100_000], tuning=118)
    >>> [round(z, 2) for z in bound.tolist()]
    [8.82, 3.04, 3.57]
    >>> mixture_bound([0], tuning=118)
    Traceback (most recent call last):
        ...
    ValueError: n[0]=0 is not positive
    """
    n = _sample_sizes(n)
    rho = positive("tuning", tuning)
    alpha = share("alpha", alpha)
    bound: Floats = np.sqrt(
        (1 + rho / n) * (np.log1p(n / rho) - 2 * math.log(alpha))
    )
    return bound


def always_valid_p_values(
    z: npt.ArrayLike, n: npt.ArrayLike, *, tuning: float
) -> Floats:
    r"""Compute p-values that may be looked at whenever one likes.

    Parameters
    ----------
    z : array-like of float, shape (looks,)
        z-statistic at each look, in order.
    n : array-like of float, shape (looks,)
        Observations at each look, > 0 and rising.
    tuning : float
        :math:`\rho`, in the unit of `n`, > 0.

    Returns
    -------
    ndarray of float, shape (looks,)
        The smallest :math:`\min(1, 1/\Lambda)` so far: it never rises.

    Raises
    ------
    TypeError
        If `tuning` is not a number.
    ValueError
        If the lengths differ, a value is not finite, `n` does not rise from
        above 0, or `tuning` is not positive.

    Examples
    --------
    The p-value keeps its minimum, since a valid test may have stopped there:

    >>> p = always_valid_p_values([3.5, 0.0], [1000, 2000], tuning=118)
    >>> [round(value, 3) for value in p.tolist()]
    [0.013, 0.013]

    A fixed-sample p-value for 3.5 would be 0.0005: the price of looking.
    """
    sizes = _rising(n)
    statistic = vector("z", z, least=1)
    _refuse_other_length(z=statistic, n=sizes)
    rho = positive("tuning", tuning)
    log_ratio = statistic**2 / 2 * sizes / (sizes + rho)
    log_ratio -= np.log1p(sizes / rho) / 2
    p_values: Floats = np.minimum.accumulate(np.exp(-np.maximum(log_ratio, 0)))
    return p_values


def confidence_sequence(
    estimates: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    sd: float,
    tuning: float,
    alpha: float = 0.05,
) -> tuple[Floats, Floats]:
    r"""Compute intervals that cover the truth at all looks together.

    Parameters
    ----------
    estimates : array-like of float, shape (looks,)
        Mean of the observations so far.
    n : array-like of float, shape (looks,)
        Observations at each look, > 0 and rising.
    sd : float
        Standard deviation of one observation, > 0.
    tuning : float
        :math:`\rho`, in the unit of `n`, > 0.
    alpha : float
        Probability that the truth is ever outside, at most; in (0, 1).

    Returns
    -------
    lower, upper : ndarray of float, shape (looks,)
        Ends of the interval at each look.

    Raises
    ------
    TypeError
        If a parameter is not a number.
    ValueError
        If the lengths differ, a value is not finite, `n` does not rise from
        above 0, or a parameter is outside its range.

    Examples
    --------
    The interval that you may stop at is half as wide again as the one that
    you may not (±0.062):

    >>> low, high = confidence_sequence([0.2], [1000], sd=1, tuning=118)
    >>> round(float(high[0] - low[0]) / 2, 3)
    0.096
    """
    sizes = _rising(n)
    middle = vector("estimates", estimates, least=1)
    _refuse_other_length(estimates=middle, n=sizes)
    width = mixture_bound(sizes, tuning=tuning, alpha=alpha)
    width *= positive("sd", sd) / np.sqrt(sizes)
    return middle - width, middle + width


def _sample_sizes(n: npt.ArrayLike) -> Floats:
    sizes = vector("n", n, least=1)
    bad = np.flatnonzero(sizes <= 0)
    if bad.size:
        raise ValueError(f"n[{bad[0]}]={sizes[bad[0]]:g} is not positive")
    return sizes


def _rising(n: npt.ArrayLike) -> Floats:
    sizes = _sample_sizes(n)
    bad = np.flatnonzero(np.diff(sizes) <= 0)
    if bad.size:
        at = int(bad[0])
        raise ValueError(
            f"n does not rise from {sizes[at]:g} to {sizes[at + 1]:g}"
        )
    return sizes


def _refuse_other_length(**values: Floats) -> None:
    (name, first), (other, second) = values.items()
    if first.size != second.size:
        raise ValueError(
            f"{name} holds {first.size} values, {other} {second.size}"
        )
