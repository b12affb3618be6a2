r"""Probabilities in log space: what to do with sums, complements and zeros.

A product of probabilities becomes a sum of logarithms, and a sum is safe.
What is not safe is everything else that one does with probabilities: adding
them (a mixture, a normalising constant), subtracting them from 1, or taking
the logarithm of a logistic function.  Each has a formula that never leaves
log space.

All logarithms are natural; a probability of 0 has the logarithm minus
infinity, which is a value here and not an error.

In production, use :func:`scipy.special.logsumexp`,
:func:`scipy.special.log_softmax` and :func:`scipy.special.log_expit`.
"""

import math

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import finite

__all__ = ["log1m_exp", "log_sigmoid", "log_sum_exp", "normalise"]


def log_sum_exp(log_values: npt.ArrayLike) -> float:
    r"""Compute the logarithm of a sum, from the logarithms of its terms.

    Parameters
    ----------
    log_values : array-like of float, shape (n,)
        Natural logarithms of the terms, minus infinity included.

    Returns
    -------
    float
        Natural logarithm of the sum; minus infinity if every term is 0.

    Raises
    ------
    ValueError
        If there is not exactly one axis, no value, or a NaN.

    Notes
    -----
    With :math:`m` the largest value, :math:`m + \log(1 + \sum e^{x_i - m})`
    over the *other* values: no exponential exceeds 1, and what is small
    beside 1 is not rounded away before the logarithm.

    References
    ----------
    Blanchard, Higham and Higham (2021).

    Examples
    --------
    None of these terms exists in float64; their sum has a logarithm:

    >>> round(log_sum_exp([-1000, -1001, -1002]), 4)
    -999.5924

    A term of one part in 10^17 is kept:

    >>> log_sum_exp([0.0, -40.0])
    4.248354255291589e-18

    Nothing but zeros sums to zero, without a NaN:

    >>> log_sum_exp([float("-inf"), float("-inf")])
    -inf

    An empty sum is refused:

    >>> log_sum_exp([])
    Traceback (most recent call last):
        ...
    ValueError: log_values of shape (0,) are not a list of values
    """
    array = _log_values("log_values", log_values)
    at = int(array.argmax())
    top = float(array[at])
    if math.isinf(top):
        return top
    others = np.exp(np.delete(array, at) - top)
    return top + math.log1p(float(others.sum()))


def normalise(log_weights: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Turn logarithms of weights into probabilities that sum to 1.

    Parameters
    ----------
    log_weights : array-like of float, shape (n,)
        Natural logarithms of weights, up to a common constant.

    Returns
    -------
    ndarray of float, shape (n,)
        Probabilities.

    Raises
    ------
    ValueError
        If there is not exactly one axis, no value, a NaN or plus infinity;
        or if every weight is 0, so that nothing can be normalised.

    Examples
    --------
    The constant does not matter:

    >>> normalise([-1000.0, -1000.0]).tolist()
    [0.5, 0.5]

    One impossible class is fine, and its probability is 0:

    >>> normalise([float("-inf"), -7.0]).tolist()
    [0.0, 1.0]

    When every class is impossible, 0/0 is refused and not returned as NaN:

    >>> normalise([float("-inf"), float("-inf")])
    Traceback (most recent call last):
        ...
    ValueError: every weight is 0: nothing can be normalised
    """
    array = _log_values("log_weights", log_weights)
    top = array.max()
    if top == math.inf:
        raise ValueError("log_weights hold an infinite weight")
    if top == -math.inf:
        raise ValueError("every weight is 0: nothing can be normalised")
    weights = np.exp(array - top)
    probabilities: npt.NDArray[np.float64] = weights / weights.sum()
    return probabilities


def log_sigmoid(log_odds: float) -> float:
    r"""Compute the logarithm of the probability that belongs to log-odds.

    Parameters
    ----------
    log_odds : float
        Natural logarithm of p / (1 - p).

    Returns
    -------
    float
        Natural logarithm of p.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is not finite.

    Notes
    -----
    :math:`-\log(1 + e^{-z})` for :math:`z \ge 0` and
    :math:`z - \log(1 + e^{z})` below: no exponential exceeds 1.

    Examples
    --------
    Even odds:

    >>> round(log_sigmoid(0), 4)
    -0.6931

    A probability that float64 cannot hold still has a logarithm:

    >>> log_sigmoid(-800)
    -800.0

    Odds must be finite:

    >>> log_sigmoid(float("nan"))
    Traceback (most recent call last):
        ...
    ValueError: log_odds=nan is not finite
    """
    z = finite("log_odds", log_odds)
    return min(z, 0.0) - math.log1p(math.exp(-abs(z)))


def log1m_exp(log_p: float) -> float:
    r"""Compute log(1 - p) from log(p).

    Parameters
    ----------
    log_p : float
        Natural logarithm of a probability: at most 0, or minus infinity.

    Returns
    -------
    float
        Natural logarithm of the complement; minus infinity for `log_p` = 0.

    Raises
    ------
    ValueError
        If `log_p` is above 0, or NaN.

    Notes
    -----
    For p above one half, ``log(-expm1(log_p))``: the difference 1 - p is
    formed without rounding p first.  Below, ``log1p(-exp(log_p))``: a tiny p
    is not lost beside 1.

    Examples
    --------
    The complement of one half:

    >>> log1m_exp(math.log(0.5)) == math.log(0.5)
    True

    The complement of a tiny probability is not zero:

    >>> log1m_exp(-40.0)
    -4.248354255291589e-18

    A probability above 1 is refused:

    >>> log1m_exp(0.1)
    Traceback (most recent call last):
        ...
    ValueError: log_p=0.1 is the logarithm of no probability
    """
    if not log_p <= 0:
        raise ValueError(f"log_p={log_p} is the logarithm of no probability")
    if log_p == 0:
        return -math.inf
    if log_p > -math.log(2):
        return math.log(-math.expm1(log_p))
    return math.log1p(-math.exp(log_p))


def _log_values(name: str, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    array = np.array(values, dtype=np.float64)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(
            f"{name} of shape {array.shape} are not a list of values"
        )
    bad = np.flatnonzero(np.isnan(array))
    if bad.size:
        raise ValueError(f"{name}[{bad[0]}] is NaN")
    return array
