"""A release gate for scores that may move in their last bits.

Decisions compare a score with a threshold; a port to another machine moves
scores a little, and some decisions flip.  How many flips a sample sees, how
large a shift explains them, and how to estimate their rate without waiting
for one: a flip needs a score within one shift of the threshold, so logged
scores near it say more than a random sample of requests.

In production, replay logged traffic through both builds (shadow mode) and
keep these formulas for the size of the sample.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from mlsd_examples._refusals import finite, positive, share, vector, whole

__all__ = [
    "FlipRate",
    "chance_of_a_flip",
    "expected_flip_rate",
    "flips",
    "largest_rate_unseen",
    "linear_scores",
    "mixed_flip_rate",
    "requests_to_see",
    "to_bfloat16",
]

Floats: TypeAlias = npt.NDArray[np.float64]
Singles: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True)
class FlipRate:
    """An estimated share of flipped decisions.

    Parameters
    ----------
    value : float
        The share.
    standard_error : float
        Its standard error.
    """

    value: float
    standard_error: float


def chance_of_a_flip(rate: float, requests: int) -> float:
    """Compute how likely a sample is to hold a flipped decision.

    Parameters
    ----------
    rate : float
        Share of requests whose decision flips, in [0, 1].
    requests : int
        Size of the sample, at least 1.

    Returns
    -------
    float
        Probability of at least one flip among independent requests.

    Raises
    ------
    TypeError
        If `requests` is not a whole number.
    ValueError
        If a value is out of range.

    Examples
    --------
    Ten thousand random requests miss two in ten thousand quite often:

    >>> round(chance_of_a_flip(0.0002, 10_000), 3)
    0.865

    >>> chance_of_a_flip(0.0, 10_000)
    0.0
    >>> chance_of_a_flip(2.0, 10_000)
    Traceback (most recent call last):
        ...
    ValueError: rate=2.0 is outside [0, 1]
    """
    rate = share("rate", rate, closed=True)
    n = whole("requests", requests, least=1)
    return -math.expm1(n * math.log1p(-rate)) if rate < 1 else 1.0


def requests_to_see(rate: float, chance: float = 0.95) -> int:
    """Compute the sample in which a flip is seen with a given chance.

    Parameters
    ----------
    rate : float
        Share of requests whose decision flips, in (0, 1).
    chance : float
        Probability of at least one flip, in (0, 1).

    Returns
    -------
    int
        The smallest sample that reaches it.

    Raises
    ------
    ValueError
        If a value is out of range.

    Examples
    --------
    At random, and among requests where one in fifty flips:

    >>> requests_to_see(0.0002), requests_to_see(0.02)
    (14978, 149)

    >>> requests_to_see(0.0)
    Traceback (most recent call last):
        ...
    ValueError: rate=0.0 is outside (0, 1)
    """
    rate, chance = share("rate", rate), share("chance", chance)
    return math.ceil(math.log1p(-chance) / math.log1p(-rate))


def largest_rate_unseen(
    requests: int, seen: int = 0, confidence: float = 0.95
) -> float:
    """Bound the flip rate from above by what a sample showed.

    Parameters
    ----------
    requests : int
        Size of the sample, at least 1.
    seen : int
        Flips in it, fewer than `requests`.
    confidence : float
        Of the one-sided bound, in (0, 1).

    Returns
    -------
    float
        Clopper and Pearson's upper bound.

    Raises
    ------
    TypeError
        If a count is not a whole number.
    ValueError
        If a value is out of range.

    Examples
    --------
    No flip in ten thousand still allows three in ten thousand:

    >>> round(1e4 * largest_rate_unseen(10_000), 2)
    3.0

    >>> largest_rate_unseen(10, 10)
    Traceback (most recent call last):
        ...
    ValueError: seen=10 of 10 leaves nothing to bound
    """
    n, k = whole("requests", requests, least=1), whole("seen", seen, least=0)
    if k >= n:
        raise ValueError(f"seen={k} of {n} leaves nothing to bound")
    level = share("confidence", confidence)
    return float(beta.ppf(level, k + 1, n - k))


def expected_flip_rate(density: float, mean_shift: float) -> float:
    r"""Compute the share of flips that small shifts cause.

    Parameters
    ----------
    density : float
        Density of the scores at the threshold, per unit of score, > 0.
    mean_shift : float
        Mean absolute shift of a score, in units of score, > 0.

    Returns
    -------
    float
        Their product: shifts must be small against the scale on which the
        density changes, and independent of the score.

    Raises
    ------
    ValueError
        If a value is not positive.

    Notes
    -----
    A score flips when it lies within its own shift of the threshold, on the
    right side: :math:`\int P(\delta > u)\,f(t-u)\,du` plus the mirror
    image, which is :math:`f(t)\,E|\delta|` to first order.

    Examples
    --------
    Rounding to single precision moves a score by about 3e-8:

    >>> expected_flip_rate(2.0, 3e-8)
    6e-08

    >>> expected_flip_rate(2.0, 0.0)
    Traceback (most recent call last):
        ...
    ValueError: mean_shift=0.0 is not positive
    """
    return positive("density", density) * positive("mean_shift", mean_shift)


def flips(
    before: npt.ArrayLike, after: npt.ArrayLike, threshold: float
) -> int:
    """Count decisions that differ between two builds.

    Parameters
    ----------
    before, after : array-like of float, shape (n,)
        Scores of the same requests.
    threshold : float
        A score at or above it is accepted.

    Returns
    -------
    int
        Requests accepted by exactly one of them.

    Raises
    ------
    ValueError
        If a score is not finite, or the lengths differ.

    Examples
    --------
    >>> flips([0.49, 0.5, 0.7], [0.51, 0.5, 0.6], 0.5)
    1

    Large moves away from the threshold flip nothing:

    >>> flips([0.6, 0.1], [0.9, 0.4], 0.5)
    0

    >>> flips([0.6, 0.1], [0.9], 0.5)
    Traceback (most recent call last):
        ...
    ValueError: 2 scores before and 1 after
    """
    old = vector("before", before, least=1)
    new = vector("after", after, least=1)
    if old.size != new.size:
        raise ValueError(f"{old.size} scores before and {new.size} after")
    at = finite("threshold", threshold)
    return int(np.count_nonzero((old >= at) != (new >= at)))


def mixed_flip_rate(
    scores: npt.ArrayLike, shifts: npt.ArrayLike, threshold: float
) -> FlipRate:
    """Estimate the flip rate from logged scores and measured shifts.

    Parameters
    ----------
    scores : array-like of float, shape (n,)
        Scores from the old build's log, a random sample of traffic, n > 1.
    shifts : array-like of float, shape (m,)
        New score minus old for golden requests, m > 1.
    threshold : float
        A score at or above it is accepted.

    Returns
    -------
    FlipRate
        The share of all n × m pairs that flip, and the standard error of
        that U-statistic.

    Raises
    ------
    ValueError
        If a value is not finite or there are fewer than two.

    Notes
    -----
    Every logged score meets every measured shift, so rare flips are counted
    in n × m pairs instead of m.  It assumes that shifts do not depend on the
    score: measure them near the threshold.

    Examples
    --------
    Half of the shifts carry the one score below the threshold over it:

    >>> mixed_flip_rate([0.4, 0.9], [0.0, 0.2], 0.5).value
    0.25

    >>> mixed_flip_rate([0.4], [0.0, 0.2], 0.5)
    Traceback (most recent call last):
        ...
    ValueError: scores holds 1 values, fewer than 2
    """
    s = np.sort(vector("scores", scores, least=2))
    d = np.sort(vector("shifts", shifts, least=2))
    at = finite("threshold", threshold)
    accepted = np.searchsorted(s, at)
    by_shift = np.abs(np.searchsorted(s, at - d) - accepted) / s.size
    needed = np.searchsorted(d, at - s) / d.size
    by_score = np.where(s >= at, needed, 1 - needed)
    variance = by_shift.var(ddof=1) / d.size + by_score.var(ddof=1) / s.size
    return FlipRate(float(by_shift.mean()), math.sqrt(variance))


def to_bfloat16(values: npt.ArrayLike) -> Singles:
    """Round to the eight significant bits of bfloat16.

    Parameters
    ----------
    values : array-like of float
        Finite numbers.

    Returns
    -------
    ndarray of float32
        Rounded to nearest, ties to even.

    Raises
    ------
    ValueError
        If a value is not finite in single precision.

    Examples
    --------
    >>> to_bfloat16([1.0, 3.14159]).tolist()
    [1.0, 3.140625]

    >>> to_bfloat16([float("nan")])
    Traceback (most recent call last):
        ...
    ValueError: values are not finite
    """
    singles = np.asarray(values, np.float32)
    if not np.isfinite(singles).all():
        raise ValueError("values are not finite")
    bits = singles.view(np.uint32).astype(np.uint64)
    rounded = bits + 0x7FFF + ((bits >> 16) & 1)
    kept: Singles = (rounded & 0xFFFF0000).astype(np.uint32).view(np.float32)
    return kept


def linear_scores(
    features: npt.ArrayLike, weights: npt.ArrayLike, *, backwards: bool = False
) -> Floats:
    """Score requests in single precision, adding in a chosen order.

    Parameters
    ----------
    features : array-like of float, shape (n, k)
    weights : array-like of float, shape (k,)
    backwards : bool
        Add the products from the last to the first, as another kernel may.

    Returns
    -------
    ndarray of float, shape (n,)
        The scores; every one is a float32 number.

    Raises
    ------
    ValueError
        If the shapes do not match.

    Examples
    --------
    The same three numbers, from the left and from the right:

    >>> x, w = [[1.0, 2**-24, 2**-24]], [1, 1, 1]
    >>> one, other = linear_scores(x, w), linear_scores(x, w, backwards=True)
    >>> float(other[0] - one[0])
    1.1920928955078125e-07

    >>> linear_scores([[1.0, 2.0]], [1.0])
    Traceback (most recent call last):
        ...
    ValueError: features have shape (1, 2), weights (1,)
    """
    x, w = np.asarray(features, np.float32), np.asarray(weights, np.float32)
    if x.ndim != 2 or w.ndim != 1 or x.shape[1] != w.size:
        raise ValueError(f"features have shape {x.shape}, weights {w.shape}")
    total = np.zeros(len(x), np.float32)
    for column in range(w.size)[:: -1 if backwards else 1]:
        total += x[:, column] * w[column]
    return total.astype(np.float64)
