r"""The gradient that a loss hands to a saturated output.

With :math:`p = 1 / (1 + e^{-z})` and a label of 1, cross-entropy has the
gradient :math:`p - 1` in the logit :math:`z`, squared error :math:`(p - 1)
p (1 - p)`.  Where the model is sure and wrong the first is near -1 and the
second near 0.  From small logits the difference is a factor that a learning
rate absorbs.

In production, use the loss of your framework that takes logits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import expit, softmax

from mlsd_examples._refusals import (
    counts,
    finite,
    positive,
    share,
    vector,
    whole,
)

__all__ = [
    "LOSSES",
    "Descent",
    "blobs",
    "descend",
    "fewest_steps",
    "fitted_slope",
    "logit_gradient",
    "steps_to_reach",
]

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

LOSSES = ("cross-entropy", "squared error")
_PATIENCE = 10_000_000
_FLATTEST, _STEEPEST, _SLOPES = 1e-3, 50.0, 200


def logit_gradient(logit: float, *, loss: str) -> float:
    r"""Return the derivative of a loss in the logit, for a label of 1.

    Parameters
    ----------
    logit : float
        Log odds of a yes; finite.
    loss : str
        ``"cross-entropy"``, or ``"squared error"`` for :math:`\tfrac12 (p -
        1)^2`.

    Returns
    -------
    float
        :math:`p - 1`, or :math:`(p - 1) p (1 - p)`.

    Raises
    ------
    ValueError
        If the logit is not finite, or the loss unknown.

    Examples
    --------
    Sure and wrong: the one says go, the other nothing.

    >>> round(logit_gradient(-10.0, loss="cross-entropy"), 5)
    -0.99995
    >>> round(logit_gradient(-10.0, loss="squared error"), 7)
    -4.54e-05

    Undecided, they differ by a factor of four:

    >>> logit_gradient(0.0, loss="cross-entropy")
    -0.5
    >>> logit_gradient(0.0, loss="squared error")
    -0.125

    There are two losses here:

    >>> logit_gradient(0.0, loss="hinge")
    Traceback (most recent call last):
        ...
    ValueError: loss='hinge' is none of cross-entropy, squared error
    """
    z = finite("logit", logit)
    miss = -_sigmoid(-z)
    if _known(loss) == LOSSES[0]:
        return miss
    return miss * _sigmoid(z) * _sigmoid(-z)


def steps_to_reach(
    target: float, start: float, *, loss: str, rate: float = 1.0
) -> int:
    """Count gradient steps on one logit until its probability is reached.

    Parameters
    ----------
    target : float
        Probability to be exceeded, in (0, 1); the label is 1.
    start : float
        Logit at the start.
    loss : str
        As in :func:`logit_gradient`.
    rate : float
        Learning rate, > 0.

    Returns
    -------
    int
        Number of steps; 0 if the start is beyond the target.

    Raises
    ------
    RuntimeError
        If ten million steps do not suffice.
    ValueError
        If a value is impossible or the loss unknown.

    Examples
    --------
    >>> steps_to_reach(0.9, -10.0, loss="cross-entropy")
    21
    >>> steps_to_reach(0.9, -10.0, loss="squared error")
    22134

    Whoever is there need not move:

    >>> steps_to_reach(0.9, 5.0, loss="squared error")
    0

    A probability of 1 is never reached:

    >>> steps_to_reach(1.0, 0.0, loss="cross-entropy")
    Traceback (most recent call last):
        ...
    ValueError: target=1.0 is outside (0, 1)
    """
    wanted, z = share("target", target), finite("start", start)
    rate, steps = positive("rate", rate), 0
    while not _sigmoid(z) > wanted:
        if steps == _PATIENCE:
            raise RuntimeError(f"{steps} steps from {start} reach no {target}")
        z -= rate * logit_gradient(z, loss=loss)
        steps += 1
    return steps


@dataclass(frozen=True)
class Descent:
    """A linear classifier on its way.

    Parameters
    ----------
    accuracies : tuple of float
        Share of examples classified rightly, before each step and after the
        last.
    """

    accuracies: tuple[float, ...]

    def steps_to(self, accuracy: float) -> float:
        """Return the first step with at least this accuracy, or infinity."""
        for step, found in enumerate(self.accuracies):
            if found >= accuracy:
                return step
        return math.inf


def blobs(
    classes: int, each: int, rng: np.random.Generator, *, spread: float = 1.0
) -> tuple[Floats, Ints]:
    """Draw Gaussian clusters on a circle, with a column of ones.

    Parameters
    ----------
    classes : int
        Number of clusters, at least 2; their centres are 4 from the origin.
    each : int
        Examples in each, at least 1.
    rng : numpy.random.Generator
        Source of randomness.
    spread : float
        Standard deviation of a cluster, > 0.

    Returns
    -------
    features : ndarray of float, shape (classes × each, 3)
        Two coordinates and a one.
    labels : ndarray of int, shape (classes × each,)
        The cluster of each example.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a value is impossible.

    Examples
    --------
    >>> features, labels = blobs(3, 2, np.random.default_rng(0))
    >>> features.shape, labels.tolist()
    ((6, 3), [0, 0, 1, 1, 2, 2])

    One cluster is nothing to tell apart:

    >>> blobs(1, 2, np.random.default_rng(0))
    Traceback (most recent call last):
        ...
    ValueError: classes=1 is below 2
    """
    classes = whole("classes", classes, least=2)
    labels = np.repeat(np.arange(classes), whole("each", each, least=1))
    angles = 2 * math.pi * labels / classes
    centres = 4 * np.column_stack([np.cos(angles), np.sin(angles)])
    noise = positive("spread", spread) * rng.standard_normal(centres.shape)
    return np.column_stack([centres + noise, np.ones(len(labels))]), labels


def descend(
    features: Floats,
    labels: Ints,
    start: Floats,
    *,
    loss: str,
    rate: float,
    steps: int,
) -> Descent:
    r"""Train a softmax classifier by full-batch gradient descent.

    Parameters
    ----------
    features : ndarray of float, shape (n, d)
        One row an example.
    labels : ndarray of int, shape (n,)
        Class of each, below k.
    start : ndarray of float, shape (d, k)
        Weights at the start.
    loss : str
        ``"cross-entropy"``, or ``"squared error"`` for half the squared
        distance of the softmax output from the one-hot label.
    rate : float
        Learning rate, > 0.
    steps : int
        Number of steps, at least 1.

    Returns
    -------
    Descent
        Accuracy step by step.

    Raises
    ------
    TypeError
        If `steps` is not a whole number.
    ValueError
        If shapes do not fit, or a value is impossible.

    Notes
    -----
    With :math:`g = p - y`, the gradient in the logits is :math:`g` for
    cross-entropy and :math:`p \odot (g - \langle g, p \rangle)` for squared
    error: the softmax's Jacobian, which vanishes where one class has all.

    Examples
    --------
    >>> features, labels = blobs(3, 20, np.random.default_rng(0))
    >>> path = descend(
    ...     features,
    ...     labels,
    ...     np.zeros((3, 3)),
    ...     loss="cross-entropy",
    ...     rate=0.1,
    ...     steps=20,
    ... )
    >>> path.steps_to(0.9)
    1

    Weights for other features are refused:

    >>> descend(
    ...     features,
    ...     labels,
    ...     np.zeros((2, 3)),
    ...     loss="cross-entropy",
    ...     rate=0.1,
    ...     steps=20,
    ... )
    Traceback (most recent call last):
        ...
    ValueError: start of shape (2, 3) does not fit features of shape (60, 3)
    """
    weights = np.array(start, dtype=np.float64)
    if np.ndim(features) != 2 or len(weights) != np.shape(features)[1]:
        raise ValueError(
            f"start of shape {weights.shape} does not fit"
            f" features of shape {np.shape(features)}"
        )
    if len(labels) != len(features):
        raise ValueError(f"{len(features)} examples, {len(labels)} labels")
    _known(loss)
    rate = positive("rate", rate) / len(features)
    truth = np.eye(weights.shape[1])[labels]
    accuracies = []
    for _ in range(whole("steps", steps, least=1) + 1):
        p = softmax(features @ weights, axis=1)
        accuracies.append(float(np.mean(p.argmax(axis=1) == labels)))
        g = p - truth
        if loss == LOSSES[1]:
            g = p * (g - (g * p).sum(axis=1, keepdims=True))
        weights -= rate * features.T @ g
    return Descent(tuple(accuracies))


def fewest_steps(
    features: Floats,
    labels: Ints,
    start: Floats,
    *,
    loss: str,
    rates: Sequence[float],
    steps: int,
    accuracy: float,
) -> float:
    """Count the steps to an accuracy with the best of several rates.

    Parameters
    ----------
    features, labels, start, loss, steps
        As in :func:`descend`.
    rates : sequence of float
        Learning rates to choose from, at least one, each > 0.
    accuracy : float
        Share of examples to be classified rightly, in (0, 1).

    Returns
    -------
    float
        Steps with the quickest rate, or infinity if none arrives.

    Raises
    ------
    TypeError
        If `steps` is not a whole number.
    ValueError
        If there is no rate, or another value is impossible.

    Examples
    --------
    Each loss with its own rate arrives at once from small weights:

    >>> features, labels = blobs(3, 20, np.random.default_rng(0))
    >>> [
    ...     fewest_steps(
    ...         features,
    ...         labels,
    ...         np.zeros((3, 3)),
    ...         loss=loss,
    ...         rates=[0.1, 1.0],
    ...         steps=50,
    ...         accuracy=0.9,
    ...     )
    ...     for loss in LOSSES
    ... ]
    [1, 1]

    No rate, no steps:

    >>> fewest_steps(
    ...     features,
    ...     labels,
    ...     np.zeros((3, 3)),
    ...     loss="cross-entropy",
    ...     rates=[],
    ...     steps=50,
    ...     accuracy=0.9,
    ... )
    Traceback (most recent call last):
        ...
    ValueError: rates holds 0 values, fewer than 1
    """
    wanted = share("accuracy", accuracy)
    return min(
        descend(
            features, labels, start, loss=loss, rate=rate, steps=steps
        ).steps_to(wanted)
        for rate in vector("rates", rates, least=1).tolist()
    )


def fitted_slope(
    x: npt.ArrayLike, labels: npt.ArrayLike, *, loss: str
) -> float:
    r"""Fit the slope of a logistic curve through the origin.

    Parameters
    ----------
    x : array-like of float, shape (n,)
        The feature.
    labels : array-like of int, shape (n,)
        What happened: 0 or 1.
    loss : str
        ``"cross-entropy"`` or ``"squared error"``.

    Returns
    -------
    float
        The slope b in [0.001, 50] that minimises the mean loss of
        :math:`1 / (1 + e^{-bx})`.

    Raises
    ------
    TypeError
        If the labels are not whole numbers.
    ValueError
        If lengths differ, nothing is given, a label is neither 0 nor 1, or
        the loss is unknown.

    Examples
    --------
    Three of four right at 1: the log odds of 3 to 1.

    >>> slope = fitted_slope([1, 1, 1, 1], [1, 1, 1, 0], loss="cross-entropy")
    >>> round(slope, 3), round(math.log(3), 3)
    (1.099, 1.099)

    One gross mislabel far out outweighs many near labels, for one loss:

    >>> x, y = [1.0] * 40 + [10.0], [1] * 36 + [0] * 5
    >>> [round(fitted_slope(x, y, loss=loss), 2) for loss in LOSSES]
    [0.62, 2.2]

    A label that is no outcome:

    >>> fitted_slope([1.0], [2], loss="cross-entropy")
    Traceback (most recent call last):
        ...
    ValueError: labels[0]=2 is neither 0 nor 1
    """
    feature, y = vector("x", x, least=1), counts("labels", labels, least=1)
    if feature.size != y.size:
        raise ValueError(f"{feature.size} values of x, but {y.size} labels")
    bad = np.flatnonzero(y > 1)
    if bad.size:
        raise ValueError(f"labels[{bad[0]}]={y[bad[0]]:g} is neither 0 nor 1")
    cross = _known(loss) == LOSSES[0]

    def mean_loss(slope: float) -> float:
        z = slope * feature
        if cross:
            return float((np.logaddexp(0, z) - y * z).mean())
        return float(np.square(expit(z) - y).mean())

    # Squared error is not convex: look everywhere, then near the best.
    grid = np.geomspace(_FLATTEST, _STEEPEST, _SLOPES)
    best = int(np.argmin([mean_loss(slope) for slope in grid.tolist()]))
    bounds = grid[max(best - 1, 0)], grid[min(best + 1, _SLOPES - 1)]
    found = minimize_scalar(
        mean_loss, bounds=bounds, method="bounded", options={"xatol": 1e-9}
    )
    return float(found.x)


def _sigmoid(z: float) -> float:
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    grown = math.exp(z)
    return grown / (1 + grown)


def _known(loss: str) -> str:
    if loss not in LOSSES:
        raise ValueError(f"loss={loss!r} is none of {', '.join(LOSSES)}")
    return loss
