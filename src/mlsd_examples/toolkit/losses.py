"""A squared error that broadcasts, one that refuses, and a fit by either.

``((predictions - targets) ** 2).mean()`` is right when both have one shape.
When predictions are a column and targets a row, it averages over every pair
of a prediction and a target, and its minimum is a constant.

In production, use the loss of your framework, and check shapes before it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from mlsd_examples._refusals import positive, whole
from mlsd_examples.toolkit.broadcasting import unbroadcast

__all__ = [
    "LinearFit",
    "draw_fit",
    "draw_losses",
    "fit_linear",
    "mean_squared_error",
    "pairwise_squared_error",
    "r2_score",
    "squared_error",
]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Loss: TypeAlias = Callable[[Floats, Floats], tuple[float, Floats]]

_POINTS = {"s": 14, "linewidths": 0.8}
# Far beyond any loss of use, and far below where squares overflow.
_DIVERGED = 1e100
_RULE = {"color": "#888888", "linewidth": 1.0, "linestyle": "--"}


@dataclass(frozen=True)
class LinearFit:
    """A linear model fitted by gradient descent.

    Parameters
    ----------
    weights : tuple of float
        One a feature.
    intercept : float
        Prediction where all features are 0.
    losses : tuple of float
        Value of the loss before each step, and after the last.
    """

    weights: tuple[float, ...]
    intercept: float
    losses: tuple[float, ...]

    def predict(self, features: Floats) -> Floats:
        """Return predictions of shape (n,) for features of shape (n, d).

        Raises
        ------
        ValueError
            If there is not one column for each weight.
        """
        if features.ndim != 2 or features.shape[1] != len(self.weights):
            raise ValueError(
                f"features of shape {features.shape}"
                f" meet {len(self.weights)} weights"
            )
        return np.asarray(features @ np.array(self.weights) + self.intercept)


def squared_error(
    predictions: Floats, targets: Floats
) -> tuple[float, Floats]:
    r"""Average squared differences over whatever shape they broadcast to.

    This is the loss as it is usually written, with the gradient that an
    autograd library derives from it.

    Parameters
    ----------
    predictions, targets : ndarray of float
        Arrays that broadcast together.

    Returns
    -------
    float
        The average.
    ndarray
        Its gradient with respect to `predictions`, of their shape.

    Raises
    ------
    ValueError
        If the arrays do not broadcast, are empty, or hold what is not
        finite.

    Notes
    -----
    For predictions :math:`p` of shape (n, 1) and targets :math:`y` of shape
    (n,) it is the mean of :math:`(p_i - y_j)^2` over all pairs:
    :math:`\operatorname{Var} p + \operatorname{Var} y
    + (\bar p - \bar y)^2`.

    Examples
    --------
    A perfect prediction, rightly and wrongly shaped:

    >>> targets = np.array([1.0, 3.0])
    >>> squared_error(targets, targets)[0]
    0.0
    >>> squared_error(targets[:, np.newaxis], targets)[0]
    2.0
    """
    _refuse_non_finite(predictions=predictions, targets=targets)
    errors = predictions - targets
    if errors.size == 0:
        raise ValueError("there is no error to average")
    gradient = unbroadcast(2 * errors / errors.size, predictions.shape)
    return float(np.mean(errors**2)), gradient


def mean_squared_error(
    predictions: Floats, targets: Floats
) -> tuple[float, Floats]:
    """Average the squared error of each prediction; refuse other shapes.

    Parameters
    ----------
    predictions, targets : ndarray of float
        Arrays of one shape.

    Returns
    -------
    float
        The average.
    ndarray
        Its gradient with respect to `predictions`.

    Raises
    ------
    ValueError
        If the shapes differ, even where they broadcast, or there is no
        element.

    Examples
    --------
    >>> targets = np.array([1.0, 3.0])
    >>> value, gradient = mean_squared_error(targets + 1, targets)
    >>> value, gradient.tolist()
    (1.0, [1.0, 1.0])

    What broadcasts is not what was meant:

    >>> mean_squared_error(targets[:, np.newaxis], targets)
    Traceback (most recent call last):
        ...
    ValueError: predictions of shape (2, 1) meet targets of shape (2,)
    """
    if predictions.shape != targets.shape:
        raise ValueError(
            f"predictions of shape {predictions.shape}"
            f" meet targets of shape {targets.shape}"
        )
    return squared_error(predictions, targets)


def pairwise_squared_error(predictions: Floats, targets: Floats) -> float:
    r"""Average the squared difference over all pairs, without the pairs.

    Parameters
    ----------
    predictions, targets : ndarray of float
        At least one element each; every shape is read as one list.

    Returns
    -------
    float
        Mean of :math:`(p_i - y_j)^2` over all i and j.

    Raises
    ------
    ValueError
        If there is no prediction or no target, or one is not finite.

    Notes
    -----
    :math:`\operatorname{Var} p + \operatorname{Var} y
    + (\bar p - \bar y)^2`, with variances that divide by n: the pairs are
    independent draws of a prediction and of a target.

    Examples
    --------
    >>> pairwise_squared_error(np.array([1.0, 3.0]), np.array([1.0, 3.0]))
    2.0
    """
    if predictions.size == 0 or targets.size == 0:
        raise ValueError("there is no pair to average")
    _refuse_non_finite(predictions=predictions, targets=targets)
    gap = np.mean(predictions) - np.mean(targets)
    return float(np.var(predictions) + np.var(targets) + gap**2)


def fit_linear(
    features: Floats,
    targets: Floats,
    *,
    loss: Loss = squared_error,
    steps: int = 200,
    rate: float = 0.1,
) -> LinearFit:
    """Fit weights and an intercept by gradient descent.

    The model answers as networks do, with one column of predictions: give it
    one column of targets.

    Parameters
    ----------
    features : ndarray of float, shape (n, d)
        One row an example.
    targets : ndarray of float
        Shape (n, 1); any other shape is handed to the loss as it is.
    loss : callable
        Takes predictions of shape (n, 1) and the targets; returns the value
        and its gradient with respect to the predictions.
    steps : int
        Number of steps, at least 1.
    rate : float
        Learning rate, > 0.

    Returns
    -------
    LinearFit
        The last weights, and the loss before each step and after the last.

    Raises
    ------
    ValueError
        If `features` is not a table, holds what is not finite, `steps` or
        `rate` is not positive, or the loss grows beyond all numbers; and
        whatever the loss refuses.
    TypeError
        If `steps` or `rate` is not a number of its kind.

    Examples
    --------
    Four points on a line:

    >>> x = np.array([[-1.0], [0.0], [1.0], [2.0]])
    >>> fit = fit_linear(x, 2 * x + 1)
    >>> round(fit.weights[0], 6), round(fit.intercept, 6)
    (2.0, 1.0)

    The same targets without their column: slope 0, and their mean.

    >>> fit = fit_linear(x, (2 * x + 1).ravel())
    >>> abs(round(fit.weights[0], 6)), round(fit.intercept, 6)
    (0.0, 2.0)
    """
    if features.ndim != 2:
        raise ValueError(f"features of shape {features.shape} are no table")
    _refuse_non_finite(features=features, targets=targets)
    whole("steps", steps, least=1)
    positive("rate", rate)
    design = np.column_stack([features, np.ones(len(features))])
    weights = np.zeros((design.shape[1], 1))
    losses = []
    for _ in range(steps):
        value, gradient = loss(design @ weights, targets)
        if not value < _DIVERGED:
            raise ValueError(f"the loss diverges: lower rate={rate}")
        losses.append(value)
        weights = weights - rate * design.T @ gradient
    losses.append(loss(design @ weights, targets)[0])
    *slopes, intercept = weights.ravel().tolist()
    return LinearFit(tuple(slopes), intercept, tuple(losses))


def r2_score(targets: Floats, predictions: Floats) -> float:
    """Share of the targets' variance that predictions explain.

    Parameters
    ----------
    targets, predictions : ndarray of float, shape (n,)
        True and predicted values.

    Returns
    -------
    float
        1 for perfect predictions, 0 for the mean of the targets, below 0
        for worse.

    Raises
    ------
    ValueError
        If the targets are not a list, the shapes differ, a value is not
        finite, or all targets are equal.

    See Also
    --------
    sklearn.metrics.r2_score : the same score.

    Examples
    --------
    >>> targets = np.array([1.0, 2.0, 3.0])
    >>> r2_score(targets, targets), r2_score(targets, np.full(3, 2.0))
    (1.0, 0.0)

    Without variance there is nothing to explain:

    >>> r2_score(np.ones(3), targets)
    Traceback (most recent call last):
        ...
    ValueError: the targets do not vary
    """
    if targets.ndim != 1:
        raise ValueError(f"targets of shape {targets.shape} are no list")
    residual, _ = mean_squared_error(predictions, targets)
    variance = float(np.var(targets))
    if variance == 0:
        raise ValueError("the targets do not vary")
    return 1 - residual / variance


def draw_fit(
    axes: Axes, targets: Floats, predictions: Mapping[str, Floats]
) -> None:
    """Draw predictions against targets, with the line of equality.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    targets : ndarray of float, shape (n,)
        True values.
    predictions : mapping of str to ndarray of shape (n,)
        Predictions of each model, by its name in the legend.

    Raises
    ------
    ValueError
        If there is no target, or predictions are of another shape.
    """
    if targets.ndim != 1 or targets.size == 0:
        raise ValueError(f"targets of shape {targets.shape} are no list")
    for name, values in predictions.items():
        if values.shape != targets.shape:
            raise ValueError(
                f"{name!r} of shape {values.shape}"
                f" meets targets of shape {targets.shape}"
            )
    low, high = float(np.min(targets)), float(np.max(targets))
    axes.plot([low, high], [low, high], **_RULE)  # type: ignore[arg-type]
    markers = cycle("ox^s")
    for name, values in predictions.items():
        marker = next(markers)
        axes.scatter(targets, values, marker=marker, label=name, **_POINTS)  # type: ignore[arg-type]
    axes.set_xlabel("target")
    axes.set_ylabel("prediction")
    axes.legend()


def draw_losses(axes: Axes, fits: Mapping[str, LinearFit]) -> None:
    """Draw the loss of each fit against the steps taken.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    fits : mapping of str to LinearFit
        Fits, by their names in the legend.

    Raises
    ------
    ValueError
        If there is no fit.
    """
    if not fits:
        raise ValueError("there is no fit to draw")
    styles = cycle(["-", "--", ":", "-."])
    for name, fit in fits.items():
        axes.plot(fit.losses, linestyle=next(styles), label=name)
    axes.set_xlabel("steps of gradient descent")
    axes.set_ylabel("loss (target units squared)")
    axes.legend()


def _refuse_non_finite(**arrays: Floats) -> None:
    for name, values in arrays.items():
        if not np.isfinite(values).all():
            raise ValueError(f"{name} must be finite")
