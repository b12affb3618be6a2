r"""Calibration: whether seventy percent happens seven times in ten.

A classifier can rank perfectly and state probabilities that are nonsense.
Ranking is measured by the area under the ROC curve, which any increasing
function leaves alone; calibration by the expected calibration error; both
together by log loss and the Brier loss, which a forecaster minimises by
saying what she believes.

A miscalibrated score is repaired by an increasing function, fitted on rows
that the model has not seen: a logistic curve (Platt) or a staircase
(isotonic regression).

In production, use :class:`sklearn.calibration.CalibratedClassifierCV` and
:mod:`sklearn.metrics`, which cuts probabilities off before it takes
logarithms; here a certain forecast that fails costs infinity.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from scipy.stats import rankdata

from mlsd_examples._refusals import Floats, vector, whole
from mlsd_examples.maths._labelled import Bools, both_classes, labels_of

__all__ = [
    "IsotonicMap",
    "PlattMap",
    "Reliability",
    "area_under_roc",
    "brier_loss",
    "expected_calibration_error",
    "fit_isotonic",
    "fit_platt",
    "log_loss",
    "log_loss_of_log_odds",
    "reliability",
]

_NEWTON_STEPS = 100
_CONVERGED = 1e-12


@dataclass(frozen=True, eq=False)
class Reliability:
    """What was stated and what happened, bin by bin.

    Parameters
    ----------
    stated, happened : ndarray of float, shape (b,)
        Mean probability and share of ones, of the bins that hold rows.
    rows : ndarray of int, shape (b,)
        Rows of each of these bins.
    """

    stated: Floats
    happened: Floats
    rows: npt.NDArray[np.int64]


def reliability(
    probabilities: npt.ArrayLike, labels: npt.ArrayLike, *, bins: int = 15
) -> Reliability:
    """Compare stated probabilities with what happened, in equal bins.

    Parameters
    ----------
    probabilities : array-like of float, shape (n,)
        Of class 1, in [0, 1].
    labels : array-like of int or bool, shape (n,)
        0 and 1.
    bins : int
        Bins of equal width, at least 1.  A bin holds its lower end; the last
        one holds 1 too.

    Returns
    -------
    Reliability
        Of the bins that hold rows.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If a value is out of range, there is none, or lengths differ.

    Examples
    --------
    >>> curve = reliability([0.1, 0.2, 0.9, 0.9], [0, 0, 1, 0], bins=2)
    >>> curve.stated.round(2).tolist(), curve.happened.tolist()
    ([0.15, 0.9], [0.0, 0.5])

    An empty bin has no rate, so it is left out:

    >>> reliability([0.9], [1], bins=10).rows.tolist()
    [1]

    >>> reliability([1.1], [1])
    Traceback (most recent call last):
        ...
    ValueError: probabilities[0]=1.1 is outside [0, 1]
    """
    p = _probabilities(probabilities)
    ones = labels_of(labels, rows=p.size)
    number = whole("bins", bins, least=1)
    at = np.minimum((p * number).astype(np.int64), number - 1)
    rows = np.bincount(at, minlength=number)
    full = rows > 0
    stated = np.bincount(at, weights=p, minlength=number)[full]
    happened = np.bincount(at, weights=ones, minlength=number)[full]
    return Reliability(stated / rows[full], happened / rows[full], rows[full])


def expected_calibration_error(
    probabilities: npt.ArrayLike, labels: npt.ArrayLike, *, bins: int = 15
) -> float:
    """Compute the mean gap between what is stated and what happens.

    Parameters
    ----------
    probabilities, labels, bins
        As for :func:`reliability`.

    Returns
    -------
    float
        Mean over the rows of the gap of their bin, from 0 to 1.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If a value is out of range, there is none, or lengths differ.

    Notes
    -----
    It is biased upwards: a perfectly calibrated model with few rows in a bin
    shows a gap by chance.  And it is not a proper score: stating the base
    rate for every row has an error near 0.

    Examples
    --------
    >>> expected_calibration_error([0.2] * 5, [1, 0, 0, 0, 0])
    0.0
    >>> round(expected_calibration_error([0.9] * 5, [1, 0, 0, 0, 0]), 2)
    0.7
    >>> expected_calibration_error([], [])
    Traceback (most recent call last):
        ...
    ValueError: probabilities holds 0 values, fewer than 1
    """
    curve = reliability(probabilities, labels, bins=bins)
    gaps = np.abs(curve.stated - curve.happened)
    return float(np.average(gaps, weights=curve.rows))


def log_loss(probabilities: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Compute the mean negative log-likelihood of stated probabilities.

    Parameters
    ----------
    probabilities, labels
        As for :func:`reliability`.

    Returns
    -------
    float
        In nats; infinite if something happened that was called impossible.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If a value is out of range, there is none, or lengths differ.

    Examples
    --------
    >>> round(log_loss([0.5, 0.5], [0, 1]), 4)
    0.6931
    >>> log_loss([0.0, 0.5], [1, 1])
    inf
    >>> log_loss([0.5], [0, 1])
    Traceback (most recent call last):
        ...
    ValueError: labels have shape (2,), not (1,)
    """
    p = _probabilities(probabilities)
    ones = labels_of(labels, rows=p.size)
    with np.errstate(divide="ignore"):
        losses = -np.where(ones, np.log(p), np.log1p(-p))
    return float(losses.mean()) + 0.0  # certain and right costs 0, not -0


def log_loss_of_log_odds(
    log_odds: npt.ArrayLike, labels: npt.ArrayLike
) -> float:
    r"""Compute log loss without forming a probability.

    Parameters
    ----------
    log_odds : array-like of float, shape (n,)
        Finite log-odds of class 1.
    labels : array-like of int or bool, shape (n,)
        0 and 1.

    Returns
    -------
    float
        In nats; finite, since no probability is rounded to 0 or 1.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If a value is not finite, there is none, or lengths differ.

    Notes
    -----
    The mean of :math:`\log(1 + e^{\mp z})`, minus for class 1.

    Examples
    --------
    >>> log_loss_of_log_odds([800.0], [0])
    800.0
    >>> round(log_loss_of_log_odds([0.0], [1]), 4)
    0.6931
    >>> log_loss_of_log_odds([float("inf")], [1])
    Traceback (most recent call last):
        ...
    ValueError: log_odds[0]=inf is not finite
    """
    z = vector("log_odds", log_odds, least=1)
    ones = labels_of(labels, rows=z.size)
    return float(np.logaddexp(0, np.where(ones, -z, z)).mean())


def brier_loss(probabilities: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Compute the mean squared distance of probabilities from outcomes.

    Parameters
    ----------
    probabilities, labels
        As for :func:`reliability`.

    Returns
    -------
    float
        From 0 to 1; lower is better, although it is often called a score.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If a value is out of range, there is none, or lengths differ.

    Examples
    --------
    >>> brier_loss([0.5, 0.5], [0, 1])
    0.25
    >>> brier_loss([0.0], [1])
    1.0
    >>> brier_loss([0.5], [2])
    Traceback (most recent call last):
        ...
    ValueError: labels[0]=2 is neither 0 nor 1
    """
    p = _probabilities(probabilities)
    ones = labels_of(labels, rows=p.size)
    return float(((p - ones) ** 2).mean())


def area_under_roc(scores: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Compute how often a one outranks a zero; ties count half.

    Parameters
    ----------
    scores : array-like of float, shape (n,)
        Finite scores; higher means class 1.
    labels : array-like of int or bool, shape (n,)
        0 and 1, both present.

    Returns
    -------
    float
        Area under the ROC curve.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If a score is not finite, lengths differ, or a class is missing.

    Examples
    --------
    >>> area_under_roc([0.1, 0.4, 0.3, 0.8], [0, 0, 1, 1])
    0.75

    Probabilities that were rounded to 1 tie, and a tie is half a mistake:

    >>> area_under_roc([1.0, 1.0], [0, 1])
    0.5
    >>> area_under_roc([0.2, 0.3], [1, 1])
    Traceback (most recent call last):
        ...
    ValueError: all labels are 1: there is nothing to tell apart
    """
    values = vector("scores", scores, least=1)
    ones = both_classes(labels_of(labels, rows=values.size))
    positives = int(ones.sum())
    pairs = positives * (values.size - positives)
    ranks = float(rankdata(values)[ones].sum())
    return (ranks - positives * (positives + 1) / 2) / pairs


@dataclass(frozen=True)
class PlattMap:
    """A logistic curve from scores to probabilities.

    Parameters
    ----------
    slope, intercept : float
        Log-odds are ``slope * score + intercept``.
    """

    slope: float
    intercept: float

    def log_odds(self, scores: npt.ArrayLike) -> Floats:
        """Return calibrated log-odds of scores of shape (n,)."""
        values = vector("scores", scores, least=1)
        return self.slope * values + self.intercept


def fit_platt(scores: npt.ArrayLike, labels: npt.ArrayLike) -> PlattMap:
    """Fit a logistic curve to scores by maximum likelihood.

    Parameters
    ----------
    scores : array-like of float, shape (n,)
        Scores of rows that the model has not seen; best its log-odds.
    labels : array-like of int or bool, shape (n,)
        0 and 1, both present.

    Returns
    -------
    PlattMap
        The curve.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If a score is not finite, lengths differ, a class is missing, all
        scores are equal, or a threshold separates the classes, so that no
        slope is steep enough.

    Notes
    -----
    Newton's method on centred, scaled scores, halved where it overshoots.
    Platt also pulls the targets a little towards one half; here they are 0
    and 1.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> z = rng.normal(size=20_000)
    >>> y = rng.random(20_000) < expit(z)
    >>> curve = fit_platt(5 * z, y)
    >>> round(1 / curve.slope)
    5

    Separated classes have no best slope:

    >>> fit_platt([1.0, 2.0], [0, 1])
    Traceback (most recent call last):
        ...
    ValueError: a threshold separates the classes: the slope is infinite
    """
    values = vector("scores", scores, least=1)
    ones = both_classes(labels_of(labels, rows=values.size))
    low, high = values[~ones], values[ones]
    if values.min() == values.max():
        raise ValueError("all scores are equal")
    if low.max() <= high.min() or high.max() <= low.min():
        raise ValueError(
            "a threshold separates the classes: the slope is infinite"
        )
    centre, scale = float(values.mean()), float(values.std())
    design = np.column_stack([(values - centre) / scale, np.ones(values.size)])
    slope, intercept = _newton(design, ones).tolist()
    return PlattMap(slope / scale, intercept - slope * centre / scale)


@dataclass(frozen=True, eq=False)
class IsotonicMap:
    """A never-decreasing line of steps from scores to probabilities.

    Parameters
    ----------
    scores : ndarray of float, shape (m,)
        Increasing scores.
    probabilities : ndarray of float, shape (m,)
        Their probabilities; between two scores the line is straight, beyond
        the ends it is flat.
    """

    scores: Floats
    probabilities: Floats

    def probability(self, scores: npt.ArrayLike) -> Floats:
        """Return calibrated probabilities of scores of shape (n,)."""
        values = vector("scores", scores, least=1)
        found: Floats = np.interp(values, self.scores, self.probabilities)
        return found


def fit_isotonic(scores: npt.ArrayLike, labels: npt.ArrayLike) -> IsotonicMap:
    """Fit the best never-decreasing probabilities to scores.

    Parameters
    ----------
    scores : array-like of float, shape (n,)
        Scores of rows that the model has not seen.
    labels : array-like of int or bool, shape (n,)
        0 and 1.

    Returns
    -------
    IsotonicMap
        The steps.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If a score is not finite, there is none, or lengths differ.

    Notes
    -----
    Pool adjacent violators: go through the scores in order, and while the
    last block is not above the one before it, merge the two.  It minimises
    the squared error and the log loss alike.

    Examples
    --------
    The third and fourth row are out of order, and share a probability:

    >>> steps = fit_isotonic([1.0, 2.0, 3.0, 4.0, 5.0], [0, 0, 1, 0, 1])
    >>> steps.probabilities.tolist()
    [0.0, 0.0, 0.5, 0.5, 1.0]

    A score of 0 chances in 1 is called impossible; log loss will not forgive
    that.

    >>> steps.probability([0.0]).tolist()
    [0.0]
    >>> fit_isotonic([float("nan")], [1])
    Traceback (most recent call last):
        ...
    ValueError: scores[0]=nan is not finite
    """
    values = vector("scores", scores, least=1)
    ones = labels_of(labels, rows=values.size)
    points, at, rows = np.unique(
        values, return_inverse=True, return_counts=True
    )
    sums = np.bincount(at, weights=ones)
    blocks: list[tuple[float, int, int]] = []
    for total, weight in zip(sums.tolist(), rows.tolist(), strict=True):
        block = (total, weight, 1)
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            before = blocks.pop()
            block = (
                before[0] + block[0],
                before[1] + block[1],
                before[2] + block[2],
            )
        blocks.append(block)
    heights = [total / weight for total, weight, _ in blocks]
    return IsotonicMap(points, np.repeat(heights, [b[2] for b in blocks]))


def _newton(design: Floats, ones: Bools) -> Floats:
    signs = np.where(ones, -1.0, 1.0)
    weights = np.zeros(design.shape[1])

    def loss_of(candidate: Floats) -> float:
        return float(np.logaddexp(0, signs * (design @ candidate)).sum())

    for _ in range(_NEWTON_STEPS):
        p = expit(design @ weights)
        gradient = design.T @ (p - ones)
        curvature = (design.T * (p * (1 - p))) @ design
        step = np.linalg.solve(curvature, gradient)
        while loss_of(weights - step) > loss_of(weights) + _CONVERGED:
            step = step / 2
        weights = weights - step
        if np.abs(step).max() < _CONVERGED * (1 + np.abs(weights).max()):
            break
    return weights


def _probabilities(values: npt.ArrayLike) -> Floats:
    array = vector("probabilities", values, least=1)
    bad = np.flatnonzero((array < 0) | (array > 1))
    if bad.size:
        raise ValueError(
            f"probabilities[{bad[0]}]={array[bad[0]]} is outside [0, 1]"
        )
    return array
