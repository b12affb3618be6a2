r"""A posterior probability, watched until it is convincing.

The posterior does not depend on the rule by which one stops.  Its
*calibration* does depend on the prior: averaged over effects that are drawn
from that prior, a statement made with 97.5 % is true 97.5 % of the time or
more, whenever one stops.  Given that there is no effect, the same rule stops
far more often than 5 %.  These are two guarantees; say which one you need.

With a flat prior the probability is that of the one-sided p-value, and
monitoring it is peeking.

In production, fit a prior to the effects of past experiments.
"""

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from mlsd_examples._refusals import numbers, positive, vector

__all__ = ["probability_of_gain"]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


def probability_of_gain(
    z: npt.ArrayLike, n: npt.ArrayLike, *, prior_sd: float
) -> Floats:
    r"""Compute the posterior probability that an effect is positive.

    Parameters
    ----------
    z : array-like of float, shape (..., looks)
        z-statistic of the mean at each look.
    n : array-like of float, shape (looks,)
        Observations at each look, > 0.
    prior_sd : float
        Standard deviation of the effect around 0, in standard deviations of
        one observation, > 0; ``inf`` for the flat prior.

    Returns
    -------
    ndarray of float, shape (..., looks)
        Probability in (0, 1).

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If `z` is empty, its last axis is not that of `n`, a value is not
        finite, or one is not positive that must be.

    Notes
    -----
    With observations of variance 1 and :math:`\theta \sim N(0, \tau^2)`, it
    is :math:`\Phi(z_n \sqrt{n\tau^2 / (1 + n\tau^2)})`: the prior shrinks
    the z-statistic.

    Examples
    --------
    The flat prior repeats the one-sided p-value; a realistic one is slower
    to be convinced.

    >>> probability_of_gain([1.96], [10], prior_sd=math.inf).round(3)
    array([0.975])
    >>> probability_of_gain([1.96], [10], prior_sd=0.1).round(3)
    array([0.723])
    """
    sizes = vector("n", n, least=1)
    bad = np.flatnonzero(sizes <= 0)
    if bad.size:
        raise ValueError(f"n[{bad[0]}]={sizes[bad[0]]:g} is not positive")
    statistic = numbers("z", z)
    if statistic.size == 0:
        raise ValueError(f"z of shape {statistic.shape} is empty")
    if statistic.shape[-1:] != sizes.shape:
        raise ValueError(
            f"z of shape {statistic.shape} does not end in {sizes.size} looks"
        )
    if not np.isfinite(statistic).all():
        raise ValueError("z holds a value that is not finite")
    if prior_sd == math.inf:
        return np.asarray(ndtr(statistic))
    signal = sizes * positive("prior_sd", prior_sd) ** 2
    shrunk: Floats = ndtr(statistic * np.sqrt(signal / (1 + signal)))
    return shrunk
