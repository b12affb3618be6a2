r"""Entropy and mutual information from counts, and their bias.

Put the observed shares into the formula and you underestimate entropy and
overestimate mutual information, always in the same direction: a sample looks
more orderly than its source.  Miller and Madow add the first term of the
bias back; with more kinds than samples nothing helps.

In production, for mutual information with a correction for chance, use
:func:`sklearn.metrics.adjusted_mutual_info_score`.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import counts, whole
from mlsd_examples.maths.information import entropy, mutual_information

__all__ = [
    "miller_madow_entropy",
    "plug_in_bias",
    "plug_in_entropy",
    "plug_in_information",
]

Floats: TypeAlias = npt.NDArray[np.float64]


def plug_in_entropy(observed: npt.ArrayLike) -> float:
    """Return the entropy of the observed shares, in nats.

    Parameters
    ----------
    observed : array-like of int, shape (kinds,)
        How often each kind was seen.

    Returns
    -------
    float
        Maximum-likelihood estimate; too low on average.

    Raises
    ------
    TypeError
        If the counts are not whole numbers.
    ValueError
        If there is no count, one is negative, or nothing was seen.

    Examples
    --------
    Two throws of a fair coin show one side half of the time, and then it
    looks certain:

    >>> round(plug_in_entropy([1, 1]), 4), plug_in_entropy([2, 0])
    (0.6931, 0.0)

    Nothing seen, nothing to estimate:

    >>> plug_in_entropy([0, 0])
    Traceback (most recent call last):
        ...
    ValueError: observed counts sum to 0
    """
    return entropy(_shares("observed", observed))


def miller_madow_entropy(observed: npt.ArrayLike) -> float:
    r"""Return the plug-in entropy plus its first-order bias, in nats.

    Parameters
    ----------
    observed : array-like of int, shape (kinds,)
        How often each kind was seen.

    Returns
    -------
    float
        Less biased, while most kinds have been seen.

    Raises
    ------
    TypeError
        If the counts are not whole numbers.
    ValueError
        If there is no count, one is negative, or nothing was seen.

    Notes
    -----
    Adds :math:`(m - 1) / 2n`, with :math:`m` the number of kinds *seen*.

    References
    ----------
    Miller (1955).

    Examples
    --------
    >>> round(miller_madow_entropy([1, 1]), 4)
    0.9431

    A kind that was never seen is not counted:

    >>> miller_madow_entropy([2, 0])
    0.0

    Shares are not counts:

    >>> miller_madow_entropy([0.5, 0.5])
    Traceback (most recent call last):
        ...
    TypeError: observed are of type float64, not whole numbers
    """
    seen = counts("observed", observed, least=1)
    kinds = int(np.count_nonzero(seen))
    return plug_in_entropy(observed) + (kinds - 1) / (2 * float(seen.sum()))


def plug_in_bias(kinds: int, samples: int) -> float:
    r"""Return the first-order bias of the plug-in entropy, in nats.

    Parameters
    ----------
    kinds : int
        Number of kinds that have a share, at least 1.
    samples : int
        Number of samples, at least 1.

    Returns
    -------
    float
        :math:`-(m - 1) / 2n`.

    Raises
    ------
    TypeError
        If a value is not a whole number.
    ValueError
        If a value is below 1.

    Notes
    -----
    Expand :math:`-\hat p \ln \hat p` to second order around :math:`p`: the
    mean of the second term is :math:`-p(1-p)/n \cdot 1/2p`, and the sum over
    kinds is :math:`-(m-1)/2n`.  The rest is of order :math:`1/n^2`.

    Examples
    --------
    >>> plug_in_bias(100, 1000)
    -0.0495

    One kind has no entropy to lose:

    >>> plug_in_bias(1, 5)
    0.0

    No sample, no bias:

    >>> plug_in_bias(100, 0)
    Traceback (most recent call last):
        ...
    ValueError: samples=0 is below 1
    """
    kinds = whole("kinds", kinds, least=1)
    return (1 - kinds) / (2 * whole("samples", samples, least=1))


def plug_in_information(table: npt.ArrayLike) -> float:
    r"""Return the mutual information of an observed table, in nats.

    Parameters
    ----------
    table : array-like of int, shape (rows, columns)
        How often each pair was seen.

    Returns
    -------
    float
        Maximum-likelihood estimate; too high on average.

    Raises
    ------
    TypeError
        If the counts are not whole numbers.
    ValueError
        If there are not two axes, one count is negative, or nothing was
        seen.

    Notes
    -----
    For independent variables its mean is about :math:`(r - 1)(c - 1) / 2n`:
    twice :math:`n` times it is the G statistic of the table.

    Examples
    --------
    >>> round(plug_in_information([[50, 0], [0, 50]]), 4)
    0.6931

    Four pairs of two independent coins may look like one coin:

    >>> round(plug_in_information([[2, 0], [0, 2]]), 4)
    0.6931

    One axis is not a table:

    >>> plug_in_information([1, 2])
    Traceback (most recent call last):
        ...
    ValueError: table has shape (2,), not two axes
    """
    pairs = np.asarray(table)
    if pairs.ndim != 2:
        raise ValueError(f"table has shape {pairs.shape}, not two axes")
    shares = _shares("table", pairs.ravel())
    return mutual_information(shares.reshape(pairs.shape))


def _shares(name: str, observed: npt.ArrayLike) -> Floats:
    seen = counts(name, observed, least=1)
    total = seen.sum()
    if not total > 0:
        raise ValueError(f"{name} counts sum to 0")
    shares: Floats = seen / total
    return shares
