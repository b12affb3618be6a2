r"""Scores that are best at the truth, and what each makes of a sure mistake.

A score is **proper** if no forecast beats the true probability on average.
Log loss and Brier score both are; they differ where a model is sure and
wrong: log loss has no ceiling, the Brier score ends at 1.  Whoever clips
probabilities replaces the infinity by a number of their own choice.

In production, use :func:`sklearn.metrics.log_loss` (which clips, without a
word), :func:`sklearn.metrics.brier_score_loss`, and your framework's loss
from *logits*.
"""

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import log_softmax, softmax, xlog1py, xlogy

from mlsd_examples._refusals import counts, finite, positive, vector, whole

__all__ = [
    "brier_score",
    "fitted_temperature",
    "log_loss",
    "log_loss_of_logits",
    "smoothed_gap",
    "softmax_cross_entropy",
]

Floats: TypeAlias = npt.NDArray[np.float64]


def log_loss(
    labels: npt.ArrayLike, forecasts: npt.ArrayLike, *, clip: float = 0.0
) -> float:
    r"""Return the mean log loss of forecasts of a yes, in nats.

    Parameters
    ----------
    labels : array-like of int, shape (n,)
        What happened: 0 or 1.
    forecasts : array-like of float, shape (n,)
        Forecast probabilities of 1, in [0, 1].
    clip : float
        Forecasts are moved into [clip, 1 - clip] first, 0 ≤ clip < 1/2; with
        0 a sure mistake costs infinity.

    Returns
    -------
    float
        Mean of :math:`-y \ln p - (1 - y) \ln (1 - p)`.

    Raises
    ------
    TypeError
        If the labels are not whole numbers.
    ValueError
        If lengths differ, nothing is given, a label is neither 0 nor 1, or
        a forecast or `clip` is outside its range.

    Examples
    --------
    >>> round(log_loss([1, 0], [0.9, 0.2]), 4)
    0.1643

    One sure mistake in a million is an infinite loss:

    >>> log_loss([0, 1], [0.1, 0.0])
    inf

    Clipped, it is whatever the clip says:

    >>> [round(log_loss([1], [0.0], clip=c), 1) for c in (1e-15, 1e-3)]
    [34.5, 6.9]

    A forecast is a probability:

    >>> log_loss([1], [1.2])
    Traceback (most recent call last):
        ...
    ValueError: forecasts[0]=1.2 is outside [0, 1]
    """
    y, p = _outcomes(labels, forecasts)
    if not 0 <= finite("clip", clip) < 0.5:
        raise ValueError(f"clip={clip} is outside [0, 0.5)")
    p = np.clip(p, clip, 1 - clip)
    return float(-(xlogy(y, p) + xlog1py(1 - y, -p)).mean()) + 0.0


def log_loss_of_logits(labels: npt.ArrayLike, logits: npt.ArrayLike) -> float:
    r"""Return the mean log loss of logits, in nats, without rounding to 1.

    Parameters
    ----------
    labels : array-like of int, shape (n,)
        What happened: 0 or 1.
    logits : array-like of float, shape (n,)
        Forecast log odds of 1, finite.

    Returns
    -------
    float
        Mean of :math:`\ln (1 + e^{z}) - y z`; always finite.

    Raises
    ------
    TypeError
        If the labels are not whole numbers.
    ValueError
        If lengths differ, nothing is given, a label is neither 0 nor 1, or
        a logit is not finite.

    Examples
    --------
    A sure mistake costs its logit, no more:

    >>> log_loss_of_logits([1], [-800.0])
    800.0

    Through the probability the same forecast costs infinity:

    >>> log_loss([0], [1 / (1 + math.exp(-40.0))])
    inf
    >>> log_loss_of_logits([0], [40.0])
    40.0

    A label that is no outcome:

    >>> log_loss_of_logits([2], [0.0])
    Traceback (most recent call last):
        ...
    ValueError: labels[0]=2 is neither 0 nor 1
    """
    y, z = _labelled(labels, "logits", logits)
    return float((np.logaddexp(0, z) - y * z).mean())


def brier_score(labels: npt.ArrayLike, forecasts: npt.ArrayLike) -> float:
    r"""Return the mean squared error of forecasts of a yes.

    Parameters
    ----------
    labels : array-like of int, shape (n,)
        What happened: 0 or 1.
    forecasts : array-like of float, shape (n,)
        Forecast probabilities of 1, in [0, 1].

    Returns
    -------
    float
        Mean of :math:`(p - y)^2`, in [0, 1]; lower is better.

    Raises
    ------
    TypeError
        If the labels are not whole numbers.
    ValueError
        If lengths differ, nothing is given, a label is neither 0 nor 1, or
        a forecast is outside [0, 1].

    References
    ----------
    Brier (1950), whose own score sums over both outcomes and is twice this.

    Examples
    --------
    >>> round(brier_score([1, 0], [0.9, 0.2]), 4)
    0.025

    A sure mistake costs one, and no more:

    >>> brier_score([1], [0.0])
    1.0

    Every forecast needs an outcome:

    >>> brier_score([1, 0], [0.5])
    Traceback (most recent call last):
        ...
    ValueError: 2 labels, but 1 forecasts
    """
    y, p = _outcomes(labels, forecasts)
    return float(np.square(p - y).mean())


def softmax_cross_entropy(
    logits: npt.ArrayLike,
    classes: npt.ArrayLike,
    *,
    temperature: float = 1.0,
    smoothing: float = 0.0,
) -> float:
    r"""Return the mean cross-entropy of logits over classes, in nats.

    Parameters
    ----------
    logits : array-like of float, shape (n, k)
        One row an example, one column a class; k ≥ 2.
    classes : array-like of int, shape (n,)
        Observed class of each example.
    temperature : float
        Logits are divided by it, > 0.
    smoothing : float
        Share of each label that is spread evenly over all classes, in
        [0, 1).

    Returns
    -------
    float
        Mean of :math:`-\sum_c t_c \ln \mathrm{softmax}(z / T)_c` with
        :math:`t_c = (1 - \varepsilon) [c = y] + \varepsilon / k`.

    Raises
    ------
    TypeError
        If the classes are not whole numbers.
    ValueError
        If a shape, a class, the temperature or the smoothing is impossible.

    Examples
    --------
    Two classes with logits (z, 0) are the binary loss:

    >>> round(softmax_cross_entropy([[2.0, 0.0]], [0]), 6)
    0.126928
    >>> round(log_loss_of_logits([1], [2.0]), 6)
    0.126928

    A gap of 120 is a loss of 120, not of infinity:

    >>> softmax_cross_entropy([[0.0, 120.0]], [0])
    120.0

    There is no third class:

    >>> softmax_cross_entropy([[0.0, 1.0]], [2])
    Traceback (most recent call last):
        ...
    ValueError: classes[0]=2 is not one of 2
    """
    z, seen = _scored(logits, classes)
    epsilon = finite("smoothing", smoothing)
    if not 0 <= epsilon < 1:
        raise ValueError(f"smoothing={smoothing} is outside [0, 1)")
    logs = log_softmax(z / positive("temperature", temperature), axis=1)
    observed = logs[np.arange(len(seen)), seen]
    spread = epsilon * logs.mean(axis=1) if epsilon else 0.0
    return float(-((1 - epsilon) * observed + spread).mean()) + 0.0


def fitted_temperature(logits: npt.ArrayLike, classes: npt.ArrayLike) -> float:
    r"""Return the temperature that minimises held-out cross-entropy.

    Parameters
    ----------
    logits : array-like of float, shape (n, k)
        Logits of examples that the model was not trained on; k ≥ 2.
    classes : array-like of int, shape (n,)
        Observed class of each example.

    Returns
    -------
    float
        Above 1 for a model that is too sure.

    Raises
    ------
    TypeError
        If the classes are not whole numbers.
    ValueError
        If a shape or class is impossible, every example is right (the best
        temperature is 0), or the logits are no better than chance (it is
        infinite).

    Notes
    -----
    In :math:`\beta = 1/T` the loss is convex, with derivative :math:`E[
    \sum_c p_c z_c - z_y]`, which grows from :math:`E[\bar z - z_y]` to
    :math:`E[\max_c z_c - z_y]`; its root is found.

    References
    ----------
    Guo, Pleiss, Sun and Weinberger (2017).

    Examples
    --------
    Three right of four, with a certainty of 98 %: too sure.

    >>> logits = [[4.0, 0.0]] * 4
    >>> round(fitted_temperature(logits, [0, 0, 0, 1]), 3)
    3.641

    That is the temperature at which 4 becomes the log odds of 3 to 1:

    >>> round(4 / math.log(3), 3)
    3.641

    A model that is always right cannot be too sure:

    >>> fitted_temperature([[4.0, 0.0]], [0])
    Traceback (most recent call last):
        ...
    ValueError: every example is right: none is too sure
    """
    z, seen = _scored(logits, classes)
    observed = float(z[np.arange(len(seen)), seen].mean())
    if not float(z.mean()) < observed:
        raise ValueError("the logits are no better than chance")
    if not float(z.max(axis=1).mean()) > observed:
        raise ValueError("every example is right: none is too sure")

    def slope(cold: float) -> float:
        p = softmax(cold * z, axis=1)
        return float((p * z).sum(axis=1).mean()) - observed

    high = 1.0
    while slope(high) < 0:
        high *= 2
    return 1 / float(brentq(slope, 0.0, high))


def smoothed_gap(classes: int, smoothing: float) -> float:
    r"""Return the logit gap at which smoothed labels are fitted best.

    Parameters
    ----------
    classes : int
        Number of classes, at least 2.
    smoothing : float
        Share that is spread evenly over all classes, in (0, 1).

    Returns
    -------
    float
        :math:`\ln \frac{1 - \varepsilon + \varepsilon / k}{\varepsilon /
        k}`, between the observed class and each other one.

    Raises
    ------
    TypeError
        If `classes` is not a whole number.
    ValueError
        If a value is impossible.

    Notes
    -----
    The loss is :math:`H(t, q)` with the smoothed label t; it is least at
    :math:`q = t`, so the gap is :math:`\ln (t_y / t_c)`.  Without smoothing
    it is infinite: the loss never stops asking for larger weights.

    References
    ----------
    Szegedy, Vanhoucke, Ioffe, Shlens and Wojna (2016).

    Examples
    --------
    >>> round(smoothed_gap(10, 0.1), 3)
    4.511

    Nothing smoothed, nothing finite:

    >>> smoothed_gap(10, 0.0)
    Traceback (most recent call last):
        ...
    ValueError: smoothing=0.0 is outside (0, 1)
    """
    kinds = whole("classes", classes, least=2)
    if not 0 < finite("smoothing", smoothing) < 1:
        raise ValueError(f"smoothing={smoothing} is outside (0, 1)")
    return math.log(kinds * (1 - smoothing) / smoothing + 1)


def _outcomes(
    labels: npt.ArrayLike, forecasts: npt.ArrayLike
) -> tuple[Floats, Floats]:
    y, p = _labelled(labels, "forecasts", forecasts)
    bad = np.flatnonzero((p < 0) | (p > 1))
    if bad.size:
        raise ValueError(f"forecasts[{bad[0]}]={p[bad[0]]} is outside [0, 1]")
    return y, p


def _labelled(
    labels: npt.ArrayLike, name: str, values: npt.ArrayLike
) -> tuple[Floats, Floats]:
    y, x = counts("labels", labels, least=1), vector(name, values, least=1)
    if y.size != x.size:
        raise ValueError(f"{y.size} labels, but {x.size} {name}")
    bad = np.flatnonzero(y > 1)
    if bad.size:
        raise ValueError(f"labels[{bad[0]}]={y[bad[0]]:g} is neither 0 nor 1")
    return y, x


def _scored(
    logits: npt.ArrayLike, classes: npt.ArrayLike
) -> tuple[Floats, npt.NDArray[np.int64]]:
    z = np.asarray(logits, dtype=np.float64)
    if z.ndim != 2 or z.shape[1] < 2:
        raise ValueError(f"logits of shape {z.shape} are not (n, k), k ≥ 2")
    vector("logits", z.ravel(), least=1)
    seen = counts("classes", classes, least=1).astype(np.int64)
    if len(seen) != len(z):
        raise ValueError(f"{len(z)} rows of logits, but {len(seen)} classes")
    bad = np.flatnonzero(seen >= z.shape[1])
    if bad.size:
        raise ValueError(
            f"classes[{bad[0]}]={seen[bad[0]]} is not one of {z.shape[1]}"
        )
    return z, seen
