r"""The Metropolis walk: draws from a density known up to a constant.

Propose a step; take it if the density is higher there, and with the ratio of
the two densities if it is lower.  The places that the walk visits follow the
density.  Neighbours are nearly the same, so that n draws are worth far fewer:
the standard error must come from batches, not from n.

In production, use PyMC or Stan, which need thousands of gradient steps where
this walk needs millions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlsd_examples._refusals import Floats, finite, positive, whole

__all__ = ["Chain", "metropolis"]


@dataclass(frozen=True, eq=False)
class Chain:
    """Where a Metropolis walk has been.

    Parameters
    ----------
    draws : ndarray of float, shape (n,)
        Its places, in order.
    accepted : float
        Share of the proposals that were taken.
    """

    draws: Floats
    accepted: float

    def standard_error(self, batches: int = 50) -> float:
        """Compute the standard error of the mean draw, by batches.

        Parameters
        ----------
        batches : int
            Number of batches, at least 2; each must hold a draw.

        Returns
        -------
        float
            Standard deviation of the batch means over the root of their
            number.

        Raises
        ------
        TypeError
            If `batches` is not a whole number.
        ValueError
            If there are fewer than 2, or more than draws.
        """
        number = whole("batches", batches, least=2)
        if number > self.draws.size:
            raise ValueError(f"{number} batches, but {self.draws.size} draws")
        means = [part.mean() for part in np.array_split(self.draws, number)]
        return float(np.std(means, ddof=1)) / math.sqrt(number)


def metropolis(
    log_density: Callable[[float], float],
    *,
    start: float,
    step_sd: float,
    draws: int,
    rng: np.random.Generator,
) -> Chain:
    """Walk at random so that places are visited by their density.

    Parameters
    ----------
    log_density : callable
        Natural logarithm of the density at a place, up to a constant; minus
        infinity where there is none.
    start : float
        First place, of positive density.
    step_sd : float
        Standard deviation of a proposed step, > 0.
    draws : int
        Number of proposals, at least 1.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    Chain
        One place for each proposal; nothing is discarded.

    Raises
    ------
    TypeError
        If `draws` is not a whole number.
    ValueError
        If `step_sd` is not positive, `draws` is below 1, or the density at
        `start` is 0 or not a number.

    Examples
    --------
    A standard normal density, without its constant:

    >>> rng = np.random.default_rng(0)
    >>> walk = metropolis(
    ...     lambda x: -x * x / 2, start=0, step_sd=2.4, draws=20_000, rng=rng
    ... )
    >>> bool(abs(walk.draws.mean()) < 4 * walk.standard_error())
    True
    >>> 0.4 < walk.accepted < 0.5
    True

    A walk cannot start where there is nothing:

    >>> metropolis(
    ...     lambda x: -math.inf, start=0, step_sd=1, draws=10, rng=rng
    ... )
    Traceback (most recent call last):
        ...
    ValueError: the density at start=0 is 0 or not a number
    """
    place, here = finite("start", start), log_density(start)
    if not here > -math.inf:
        raise ValueError(f"the density at start={start} is 0 or not a number")
    number = whole("draws", draws, least=1)
    steps = rng.normal(0, positive("step_sd", step_sd), number).tolist()
    bars = rng.standard_exponential(number).tolist()
    visited, taken = [], 0
    for step, bar in zip(steps, bars, strict=True):
        there = log_density(place + step)
        if there >= here - bar:
            place, here, taken = place + step, there, taken + 1
        visited.append(place)
    return Chain(np.array(visited), taken / number)
