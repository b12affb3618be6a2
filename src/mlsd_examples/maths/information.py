r"""Entropy, divergence and mutual information of finite distributions.

A distribution is a list of shares that sum to 1.  All results are in nats,
because all logarithms are natural; :func:`bits` converts.  Two conventions
do all the work at zero: :math:`0 \ln 0 = 0`, and :math:`p \ln (p/0) =
\infty` for :math:`p > 0`.  Nothing is smoothed, and nothing is normalised
behind your back.

In production, use :func:`scipy.stats.entropy` (which normalises silently),
:func:`scipy.special.rel_entr` (whose sum is the divergence; that of
:func:`scipy.special.kl_div` is not unless both sum to 1) and
:func:`sklearn.metrics.mutual_info_score`.
"""

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import entr, rel_entr

from mlsd_examples._refusals import finite, vector

__all__ = [
    "bits",
    "cross_entropy",
    "distribution",
    "entropy",
    "jeffreys_divergence",
    "jensen_shannon_divergence",
    "kl_divergence",
    "mutual_information",
    "perplexity",
]

Floats: TypeAlias = npt.NDArray[np.float64]

# A list of shares may miss 1 by the rounding of its sum, no more.
_ROUNDING = 1e-9


def distribution(name: str, shares: npt.ArrayLike) -> Floats:
    """Return shares that sum to 1, or refuse them.

    Parameters
    ----------
    name : str
        What the shares are called by the caller.
    shares : array-like of float, shape (n,)
        Numbers ≥ 0 that sum to 1.

    Returns
    -------
    ndarray of float, shape (n,)
        A copy.

    Raises
    ------
    ValueError
        If there is not exactly one axis, no share, one is negative or not
        finite, or their sum is not 1.

    Examples
    --------
    >>> distribution("p", [0.5, 0.5]).tolist()
    [0.5, 0.5]

    Counts are not shares, and are not turned into them:

    >>> distribution("p", [2, 2])
    Traceback (most recent call last):
        ...
    ValueError: p sums to 4, not to 1
    """
    array = vector(name, shares, least=1)
    bad = np.flatnonzero(array < 0)
    if bad.size:
        raise ValueError(f"{name}[{bad[0]}]={array[bad[0]]:g} is negative")
    total = math.fsum(array)
    if not abs(total - 1) <= _ROUNDING:
        raise ValueError(f"{name} sums to {total:.10g}, not to 1")
    return array


def bits(nats: float) -> float:
    """Convert nats to bits.

    Parameters
    ----------
    nats : float
        An amount of information, measured by natural logarithms.

    Returns
    -------
    float
        The same amount, measured by logarithms to base 2.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is NaN.

    Examples
    --------
    One nat is 1.44 bits, and an infinite loss is one in any unit:

    >>> round(bits(1), 4), bits(math.inf)
    (1.4427, inf)

    NaN is no amount:

    >>> bits(math.nan)
    Traceback (most recent call last):
        ...
    ValueError: nats=nan is not finite
    """
    if isinstance(nats, float) and math.isinf(nats):
        return nats
    return finite("nats", nats) / math.log(2)


def entropy(p: npt.ArrayLike) -> float:
    r"""Return the entropy of a distribution, in nats.

    Parameters
    ----------
    p : array-like of float, shape (n,)
        Shares that sum to 1.

    Returns
    -------
    float
        Between 0 and :math:`\ln n`.

    Raises
    ------
    ValueError
        If `p` is not a distribution.

    Notes
    -----
    :math:`H(p) = -\sum_i p_i \ln p_i`: the mean of the surprise
    :math:`-\ln p_i`.

    References
    ----------
    Shannon (1948).

    Examples
    --------
    A fair coin holds one bit, a coin that falls on one side nine times of
    ten less than half of one:

    >>> bits(entropy([0.5, 0.5])), round(bits(entropy([0.9, 0.1])), 3)
    (1.0, 0.469)

    An outcome that never comes changes nothing:

    >>> entropy([1.0, 0.0])
    0.0

    Shares that do not sum to 1 are refused:

    >>> entropy([0.5, 0.6])
    Traceback (most recent call last):
        ...
    ValueError: p sums to 1.1, not to 1
    """
    # Adding 0 turns the -0.0 of a certain outcome into 0.0.
    return float(entr(distribution("p", p)).sum()) + 0.0


def cross_entropy(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    r"""Return the mean surprise of a model `q` in a world `p`, in nats.

    Parameters
    ----------
    p, q : array-like of float, shape (n,)
        The world and the model, as shares of the same outcomes.

    Returns
    -------
    float
        At least the entropy of `p`; infinite if the model excludes what
        happens.

    Raises
    ------
    ValueError
        If one is not a distribution, or their lengths differ.

    Notes
    -----
    :math:`H(p, q) = -\sum_i p_i \ln q_i = H(p) + D(p \| q)`.

    Examples
    --------
    The best model of a noisy label is the noise, and pays its entropy:

    >>> round(cross_entropy([0.9, 0.1], [0.9, 0.1]), 4)
    0.3251

    A model that is sure is ruined by the first exception:

    >>> cross_entropy([0.9, 0.1], [1.0, 0.0])
    inf

    World and model must speak of the same outcomes:

    >>> cross_entropy([0.9, 0.1], [1.0])
    Traceback (most recent call last):
        ...
    ValueError: p holds 2 shares, q holds 1
    """
    world, model = _pair(p, q)
    return float((entr(world) + rel_entr(world, model)).sum()) + 0.0


def kl_divergence(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    r"""Return the Kullback–Leibler divergence of `q` from `p`, in nats.

    Parameters
    ----------
    p, q : array-like of float, shape (n,)
        Two distributions over the same outcomes.

    Returns
    -------
    float
        At least 0, and 0 only if both are equal; infinite where `q`
        excludes something that `p` allows.

    Raises
    ------
    ValueError
        If one is not a distribution, or their lengths differ.

    Notes
    -----
    :math:`D(p \| q) = \sum_i p_i \ln (p_i / q_i)`.  It is not symmetric and
    keeps no triangle inequality: no distance.

    References
    ----------
    Kullback and Leibler (1951).

    Examples
    --------
    The direction matters:

    >>> coin, fair = [0.9, 0.1], [0.5, 0.5]
    >>> round(kl_divergence(coin, fair), 3)
    0.368
    >>> round(kl_divergence(fair, coin), 3)
    0.511

    So much that one direction may be infinite and the other not:

    >>> kl_divergence([0.5, 0.5], [1.0, 0.0])
    inf
    >>> round(kl_divergence([1.0, 0.0], [0.5, 0.5]), 4)
    0.6931

    Negative shares are refused:

    >>> kl_divergence([1.5, -0.5], [0.5, 0.5])
    Traceback (most recent call last):
        ...
    ValueError: p[1]=-0.5 is negative
    """
    return max(0.0, float(rel_entr(*_pair(p, q)).sum()))


def jeffreys_divergence(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    r"""Return the symmetrised divergence of two distributions, in nats.

    Monitoring tools call it the population stability index.

    Parameters
    ----------
    p, q : array-like of float, shape (n,)
        Two distributions over the same outcomes.

    Returns
    -------
    float
        At least 0; infinite if one excludes what the other allows.

    Raises
    ------
    ValueError
        If one is not a distribution, or their lengths differ.

    Notes
    -----
    :math:`J(p, q) = D(p \| q) + D(q \| p) = \sum_i (p_i - q_i) \ln (p_i /
    q_i)`.

    References
    ----------
    Jeffreys (1946).

    Examples
    --------
    >>> round(jeffreys_divergence([0.9, 0.1], [0.5, 0.5]), 4)
    0.8789

    One empty bin is enough for an infinite index:

    >>> jeffreys_divergence([1.0, 0.0], [0.99, 0.01])
    inf

    One distribution alone cannot be compared:

    >>> jeffreys_divergence([1.0, 0.0], [])
    Traceback (most recent call last):
        ...
    ValueError: q holds 0 values, fewer than 1
    """
    world, model = _pair(p, q)
    both = rel_entr(world, model) + rel_entr(model, world)
    return max(0.0, float(both.sum()))


def jensen_shannon_divergence(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    r"""Return the divergence of two distributions from their mean, in nats.

    Parameters
    ----------
    p, q : array-like of float, shape (n,)
        Two distributions over the same outcomes.

    Returns
    -------
    float
        Between 0 and :math:`\ln 2`; its square root is a distance.

    Raises
    ------
    ValueError
        If one is not a distribution, or their lengths differ.

    Notes
    -----
    :math:`\tfrac12 D(p \| m) + \tfrac12 D(q \| m)` with :math:`m = (p +
    q)/2`, which excludes nothing that either allows.

    References
    ----------
    Endres and Schindelin (2003), for the distance.

    Examples
    --------
    Two worlds that have nothing in common differ by one bit, not by
    infinity:

    >>> bits(jensen_shannon_divergence([1.0, 0.0], [0.0, 1.0]))
    1.0
    >>> jensen_shannon_divergence([0.3, 0.7], [0.3, 0.7])
    0.0

    A share that is not a number is refused:

    >>> jensen_shannon_divergence([math.nan, 1.0], [0.3, 0.7])
    Traceback (most recent call last):
        ...
    ValueError: p[0]=nan is not finite
    """
    world, model = _pair(p, q)
    mean = (world + model) / 2
    halves = rel_entr(world, mean) + rel_entr(model, mean)
    return max(0.0, float(halves.sum()) / 2)


def mutual_information(joint: npt.ArrayLike) -> float:
    r"""Return how much one variable says about another, in nats.

    Parameters
    ----------
    joint : array-like of float, shape (n, m)
        Share of each pair of outcomes; all sum to 1.

    Returns
    -------
    float
        At least 0, and 0 only for independent variables; at most the
        smaller of their entropies.

    Raises
    ------
    ValueError
        If there are not two axes, or the shares are no distribution.

    Notes
    -----
    :math:`I(X; Y) = D(p_{xy} \| p_x p_y) = H(X) + H(Y) - H(X, Y)`.

    Examples
    --------
    Two fair coins glued together share one bit:

    >>> bits(mutual_information([[0.5, 0.0], [0.0, 0.5]]))
    1.0

    X is -1, 0 or 1, Y is its square: no correlation, and Y is known from X.

    >>> square = [[0, 1 / 3], [1 / 3, 0], [0, 1 / 3]]
    >>> round(bits(mutual_information(square)), 3)
    0.918

    One axis is not a joint distribution:

    >>> mutual_information([0.5, 0.5])
    Traceback (most recent call last):
        ...
    ValueError: joint has shape (2,), not two axes
    """
    table = np.asarray(joint, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"joint has shape {table.shape}, not two axes")
    pairs = distribution("joint", table.ravel()).reshape(table.shape)
    product = np.outer(pairs.sum(axis=1), pairs.sum(axis=0))
    return max(0.0, float(rel_entr(pairs, product).sum()))


def perplexity(mean_loss: float) -> float:
    r"""Return the number of equally likely choices that a loss amounts to.

    Parameters
    ----------
    mean_loss : float
        Mean negative log-likelihood per token, in nats, ≥ 0.

    Returns
    -------
    float
        :math:`e^L`; infinite beyond 709 nats.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is negative or NaN.

    Notes
    -----
    Per *token*: with another tokenizer it is another quantity.

    Examples
    --------
    A model that spreads its bets evenly over four tokens:

    >>> round(perplexity(entropy([0.25] * 4)), 9)
    4.0

    The same loss, taken for bits, is another number:

    >>> round(perplexity(2.0), 2), 2**2.0
    (7.39, 4.0)

    A mean of surprises cannot be negative:

    >>> perplexity(-0.1)
    Traceback (most recent call last):
        ...
    ValueError: mean_loss=-0.1 is negative
    """
    if isinstance(mean_loss, float) and mean_loss == math.inf:
        return math.inf
    if finite("mean_loss", mean_loss) < 0:
        raise ValueError(f"mean_loss={mean_loss} is negative")
    try:
        return math.exp(mean_loss)
    except OverflowError:
        return math.inf


def _pair(p: npt.ArrayLike, q: npt.ArrayLike) -> tuple[Floats, Floats]:
    first, second = distribution("p", p), distribution("q", q)
    if first.size != second.size:
        raise ValueError(f"p holds {first.size} shares, q holds {second.size}")
    return first, second
