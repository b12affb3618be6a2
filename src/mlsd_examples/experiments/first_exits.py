r"""Where a random walk first leaves a corridor, look by look, exactly.

A test statistic that is looked at again and again is a random walk: by look
:math:`k` the score :math:`S_k` has gathered information :math:`I_k`, and
:math:`S_k \sim N(\theta I_k, I_k)` with independent increments.  Its
z-statistic is :math:`S_k / \sqrt{I_k}`.  Whether it *ever* left a corridor
is not a question about one normal distribution: the walks that left earlier
are missing from the density at look :math:`k`.

:func:`first_exits` carries that density from look to look by quadrature
(Armitage, McPherson and Rowe's recursion).  Everything sequential in this
package stands on it: rates of repeated tests, group-sequential boundaries,
power, expected sample size and the bias of the estimate at stopping.

In production, use the R packages gsDesign or rpact.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, roots_legendre

from mlsd_examples._refusals import finite, numbers

__all__ = ["Exits", "first_exits"]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]

# Standard deviations around the mean beyond which no walk is followed; 1e-12
# of them are there.
_REACH = 7.0
# Gauss-Legendre nodes: a few for the smallest corridor, then 1.7 for each
# standard deviation of a step.  Doubling both moves no rate by 1e-8.
_FEWEST_NODES, _NODES_PER_SD, _MOST_NODES = 24, 1.4, 6_000
_NODES_ROUNDED_TO = 24


@dataclass(frozen=True)
class Exits:
    """When, on which side and with what score walks leave a corridor.

    Parameters
    ----------
    up, down : tuple of float
        Probability of leaving for the first time at each look, above the
        upper or below the lower bound.
    up_scores, down_scores : tuple of float
        Mean score at each look, counted 0 for the walks that do not leave
        there: the part of the mean that leaves.
    inside : float
        Probability of never leaving.
    inside_score : float
        Mean score at the last look, counted 0 for walks that left.
    information : tuple of float
        Information at each look.
    """

    up: tuple[float, ...]
    down: tuple[float, ...]
    up_scores: tuple[float, ...]
    down_scores: tuple[float, ...]
    inside: float
    inside_score: float
    information: tuple[float, ...]

    @property
    def up_rate(self) -> float:
        """Probability of leaving upward at any look."""
        return math.fsum(self.up)

    @property
    def down_rate(self) -> float:
        """Probability of leaving downward at any look."""
        return math.fsum(self.down)

    @property
    def rate(self) -> float:
        """Probability of leaving at any look, on either side."""
        return self.up_rate + self.down_rate

    @property
    def mean_information(self) -> float:
        """Mean information when a walk leaves, or at the last look."""
        left = [
            time * (up + down)
            for time, up, down in zip(
                self.information, self.up, self.down, strict=True
            )
        ]
        return math.fsum(left) + self.inside * self.information[-1]

    @property
    def mean_information_up(self) -> float:
        """Mean information of the walks that leave upward, when they do."""
        times = zip(self.information, self.up, strict=True)
        return math.fsum(t * p for t, p in times) / self._up_rate_above_0()

    @property
    def mean_estimate_up(self) -> float:
        """Mean of score over information, of the walks that leave upward."""
        parts = zip(self.up_scores, self.information, strict=True)
        return math.fsum(s / t for s, t in parts) / self._up_rate_above_0()

    def _up_rate_above_0(self) -> float:
        if self.up_rate == 0:
            raise ValueError("no walk leaves upward")
        return self.up_rate


def first_exits(
    lower: Sequence[float] | Floats,
    upper: Sequence[float] | Floats,
    *,
    drift: float = 0.0,
    information: Sequence[float] | None = None,
) -> Exits:
    r"""Follow a random walk until it leaves a corridor.

    Parameters
    ----------
    lower, upper : sequence of float, shape (looks,)
        Bounds on the z-statistic at each look, lower below upper.
        ``-inf`` and ``inf`` stand for no bound.
    drift : float
        Mean score for one unit of information, :math:`\theta`.
    information : sequence of float, shape (looks,), optional
        Information at each look, > 0 and rising; 1, 2, …, looks if left out.

    Returns
    -------
    Exits
        Probability and mean score of leaving, by look and side.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If there is no look, the lengths differ, a bound is NaN, a lower
        bound is not below its upper one, the information does not rise from
        above 0, rises too little to be resolved, or `drift` is not finite.

    Notes
    -----
    With :math:`f_k` the density at look :math:`k` of walks still inside,

    .. math::
        f_k(s) = \int_{l_{k-1}}^{u_{k-1}} f_{k-1}(r)\,
        \phi(s - r;\ \theta \Delta_k, \Delta_k)\,dr,

    evaluated at Gauss-Legendre nodes between the bounds of each look.  The
    probability and the mean score beyond a bound follow from each node in
    closed form, so that small probabilities are sums, not differences.

    References
    ----------
    Armitage, McPherson and Rowe (1969), Repeated significance tests on
    accumulating data.

    Examples
    --------
    Two looks at ±1.96: not 5 %, and not 10 % either.

    >>> exits = first_exits([-1.96, -1.96], [1.96, 1.96])
    >>> round(exits.rate, 4)
    0.0831

    Whatever the corridor, no walk is lost:

    >>> round(exits.rate + exits.inside, 12)
    1.0

    A corridor without inside is refused:

    >>> first_exits([1.0], [1.0])
    Traceback (most recent call last):
        ...
    ValueError: at look 1 the lower bound 1.0 is not below the upper 1.0
    """
    low, high, times = _corridor(lower, upper, information)
    drift = finite("drift", drift)
    steps = np.diff(times, prepend=0.0)
    finest = np.sqrt(np.minimum(steps, np.append(steps[1:], np.inf)))
    score: Floats = np.zeros(1)
    mass: Floats = np.ones(1)
    beyond: list[tuple[float, float, float, float]] = []
    for look, (time, step) in enumerate(zip(times, steps, strict=True)):
        mean, sd, root = score + drift * step, math.sqrt(step), math.sqrt(time)
        floor, ceiling = float(low[look]) * root, float(high[look]) * root
        beyond.append(
            (
                *_above(ceiling, mean, sd, mass),
                *_above(-floor, -mean, sd, mass),
            )
        )
        left = max(floor, drift * time - _REACH * root)
        right = max(left, min(ceiling, drift * time + _REACH * root))
        score, weight = _nodes(left, right, float(finest[look]), look)
        mass = weight * _density(score, mean, sd, mass)
    up, up_scores, down, down_scores = zip(*beyond, strict=True)
    return Exits(
        up=up,
        down=down,
        up_scores=up_scores,
        down_scores=tuple(-value for value in down_scores),
        inside=float(mass.sum()),
        inside_score=float(mass @ score),
        information=tuple(times.tolist()),
    )


def _corridor(
    lower: Sequence[float] | Floats,
    upper: Sequence[float] | Floats,
    information: Sequence[float] | None,
) -> tuple[Floats, Floats, Floats]:
    low, high = numbers("lower", lower), numbers("upper", upper)
    if information is None:
        information = range(1, low.size + 1)
    times = numbers("information", information)
    if low.ndim != 1 or not low.shape == high.shape == times.shape:
        raise ValueError(
            f"lower of shape {low.shape}, upper of shape {high.shape} and"
            f" information of shape {times.shape} are not one list of looks"
        )
    if low.size == 0:
        raise ValueError("there is no look")
    for look, (floor, ceiling) in enumerate(zip(low, high, strict=True), 1):
        if not floor < ceiling:
            raise ValueError(
                f"at look {look} the lower bound {floor}"
                f" is not below the upper {ceiling}"
            )
    rising = np.diff(times, prepend=0.0) > 0
    if not (rising.all() and np.isfinite(times).all()):
        raise ValueError(
            f"information {times.tolist()} does not rise from above 0"
        )
    return low, high, times


def _above(
    edge: float, mean: Floats, sd: float, mass: Floats
) -> tuple[float, float]:
    """Return probability and mean score of the walks beyond an edge."""
    if edge == math.inf:
        return 0.0, 0.0
    gap = (mean - edge) / sd
    tail = ndtr(gap)
    score = mean * tail + sd * np.exp(-(gap**2) / 2) / math.sqrt(2 * math.pi)
    return float(mass @ tail), float(mass @ score)


def _density(at: Floats, mean: Floats, sd: float, mass: Floats) -> Floats:
    kernel = np.subtract.outer(at / sd, mean / sd)
    np.multiply(kernel, kernel, out=kernel)
    np.multiply(kernel, -0.5, out=kernel)
    np.exp(kernel, out=kernel)
    density: Floats = kernel @ mass / (sd * math.sqrt(2 * math.pi))
    return density


def _nodes(
    left: float, right: float, sd: float, look: int
) -> tuple[Floats, Floats]:
    wanted = _FEWEST_NODES + _NODES_PER_SD * (right - left) / sd
    if wanted > _MOST_NODES:
        raise ValueError(
            f"information rises too little around look {look + 1}"
        )
    node, weight = _legendre(math.ceil(wanted / _NODES_ROUNDED_TO))
    half = (right - left) / 2
    return left + half * (1 + node), half * weight


@cache
def _legendre(batches: int) -> tuple[Floats, Floats]:
    node, weight = roots_legendre(batches * _NODES_ROUNDED_TO)
    return node, weight
