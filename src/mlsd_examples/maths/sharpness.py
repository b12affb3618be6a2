r"""Sharpness of a small network while gradient descent trains it.

The **sharpness** is the largest eigenvalue of the Hessian.  On a quadratic a
step above 2/sharpness diverges; a network reacts instead: its sharpness
rises to 2/step and stays there, while the loss goes on falling.

The network is :math:`x \mapsto v^\top\tanh(ux + b) + a`, with its weights in
one vector (u, b, v, a); everything is analytic, so that complex steps give
its derivatives to the last digit.

In production, estimate the sharpness by power iteration on Hessian-vector
products.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from mlsd_examples._refusals import positive, vector, whole

__all__ = [
    "Training",
    "draw_training",
    "gradient_of",
    "initial_weights",
    "loss_of",
    "permute_units",
    "sharpness_of",
    "train",
]

Floats: TypeAlias = npt.NDArray[np.float64]
Numbers: TypeAlias = npt.NDArray[Any]
_Style: TypeAlias = dict[str, Any]

_H = 1e-20


@dataclass(frozen=True)
class Training:
    """What full-batch gradient descent went through.

    Parameters
    ----------
    steps : tuple of int
        Steps done when it was looked at.
    sharpness : tuple of float
        Sharpness then.
    losses : tuple of float
        Loss then.
    rises : int
        Steps of all that raised the loss.
    weights : ndarray of float
        Last weights.
    """

    steps: tuple[int, ...]
    sharpness: tuple[float, ...]
    losses: tuple[float, ...]
    rises: int
    weights: Floats


def initial_weights(units: int, rng: np.random.Generator) -> Floats:
    """Draw first weights, shape (3 * units + 1,).

    Examples
    --------
    >>> initial_weights(16, np.random.default_rng(0)).shape
    (49,)
    """
    whole("units", units, least=1)
    u, b = rng.standard_normal((2, units))
    v = rng.standard_normal(units) / np.sqrt(units)
    return np.concatenate([u, b, v, [0.0]])


def loss_of(weights: Numbers, x: Floats, y: Floats) -> Any:
    """Return half the mean squared error; complex for complex weights.

    Parameters
    ----------
    weights : ndarray, shape (3 * units + 1,)
        Weights of the network.
    x, y : ndarray of float, shape (n,)
        Inputs and targets.

    Returns
    -------
    float or complex
        The loss.

    Examples
    --------
    >>> loss_of(np.zeros(4), np.array([0.0, 1.0]), np.array([2.0, 0.0]))
    np.float64(1.0)
    """
    _, residual = _forward(_checked(weights), x, y)
    return (residual**2).mean() / 2


def gradient_of(weights: Numbers, x: Floats, y: Floats) -> Numbers:
    """Return the gradient of :func:`loss_of`, by backpropagation.

    Parameters
    ----------
    weights : ndarray, shape (3 * units + 1,)
        Weights of the network, real or complex.
    x, y : ndarray of float, shape (n,)
        Inputs and targets.

    Returns
    -------
    ndarray, shape (3 * units + 1,)
        The gradient.

    Examples
    --------
    Without weights, only the constant has a gradient:

    >>> x, y = np.array([0.0, 1.0]), np.array([2.0, 0.0])
    >>> gradient_of(np.zeros(4), x, y).tolist()
    [0.0, 0.0, 0.0, -1.0]
    """
    units = (_checked(weights).size - 1) // 3
    v = weights[2 * units : 3 * units]
    hidden, residual = _forward(weights, x, y)
    error = residual / len(x)
    back = error[:, np.newaxis] * v * (1 - hidden**2)
    return np.concatenate(
        [
            (back * x[:, np.newaxis]).sum(axis=0),
            back.sum(axis=0),
            (hidden * error[:, np.newaxis]).sum(axis=0),
            [error.sum()],
        ]
    )


def sharpness_of(weights: Floats, x: Floats, y: Floats) -> float:
    """Return the largest eigenvalue of the Hessian.

    Parameters
    ----------
    weights : ndarray of float, shape (3 * units + 1,)
        Weights of the network.
    x, y : ndarray of float, shape (n,)
        Inputs and targets.

    Returns
    -------
    float
        The sharpness.

    Examples
    --------
    With zero weights, the Hessian of the constant is all there is, and
    that of v with u:

    >>> x, y = np.array([-1.0, 1.0]), np.zeros(2)
    >>> sharpness_of(np.zeros(4), x, y)
    1.0
    """
    columns = [
        np.imag(gradient_of(weights + 1j * _H * unit, x, y)) / _H
        for unit in np.eye(_checked(weights).size)
    ]
    hessian = np.array(columns)
    return float(np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1])


def permute_units(weights: Floats, order: npt.ArrayLike) -> Floats:
    """Rename the hidden units: another point, the same function.

    Parameters
    ----------
    weights : ndarray of float, shape (3 * units + 1,)
        Weights of the network.
    order : array-like of int, shape (units,)
        A permutation of the units.

    Returns
    -------
    ndarray of float, shape (3 * units + 1,)
        Weights of the same function.

    Raises
    ------
    ValueError
        If it is not a permutation.

    Examples
    --------
    >>> permute_units(np.arange(7.0), [1, 0]).tolist()
    [1.0, 0.0, 3.0, 2.0, 5.0, 4.0, 6.0]
    >>> permute_units(np.arange(7.0), [1, 1])
    Traceback (most recent call last):
        ...
    ValueError: order=[1, 1] is no permutation of 2 units
    """
    units = (_checked(weights).size - 1) // 3
    names = np.asarray(order)
    if sorted(names.tolist()) != list(range(units)):
        raise ValueError(
            f"order={names.tolist()} is no permutation of {units} units"
        )
    table = weights[:-1].reshape(3, units)[:, names]
    return np.append(table.ravel(), weights[-1])


def train(
    weights: Floats,
    x: Floats,
    y: Floats,
    *,
    step: float,
    steps: int,
    every: int,
) -> Training:
    """Train by full-batch gradient descent, and look at the sharpness.

    Parameters
    ----------
    weights : ndarray of float, shape (3 * units + 1,)
        First weights.
    x, y : ndarray of float, shape (n,)
        Inputs and targets, at least one.
    step : float
        Step size, > 0.
    steps, every : int
        Number of steps, and steps between two looks, at least 1.

    Returns
    -------
    Training
        What was seen, the start and the end included.

    Raises
    ------
    TypeError
        If a value is not a number of its kind.
    ValueError
        If a parameter is impossible, shapes differ, or it diverges.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 5)
    >>> seen = train(np.zeros(4), x, 0 * x + 1, step=1, steps=2, every=1)
    >>> seen.steps, seen.losses
    ((0, 1, 2), (0.5, 0.0, 0.0))
    """
    inputs, wanted = vector("x", x, least=1), vector("y", y, least=1)
    if inputs.size != wanted.size:
        raise ValueError(f"{inputs.size} inputs meet {wanted.size} targets")
    positive("step", step)
    whole("steps", steps, least=1)
    whole("every", every, least=1)
    at = vector("weights", _checked(weights), least=4)
    seen: list[tuple[int, float, float]] = []
    rises, last = 0, np.inf
    for done in range(steps + 1):
        loss = float(loss_of(at, inputs, wanted))
        if not np.isfinite(loss):
            raise ValueError(f"step={step} diverges after {done} steps")
        rises += loss > last
        last = loss
        if done % every == 0 or done == steps:
            seen.append((done, sharpness_of(at, inputs, wanted), loss))
        if done < steps:
            at = at - step * gradient_of(at, inputs, wanted)
    when, sharp, losses = zip(*seen, strict=True)
    return Training(when, sharp, losses, int(rises), at)


def draw_training(axes: Axes, runs: dict[float, Training]) -> None:
    """Draw the sharpness against steps, with 2/step for each run.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    runs : dict of float to Training
        Runs by their step size.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if not runs:
        raise ValueError("there is no run to draw")
    for number, (step, run) in enumerate(runs.items()):
        style = _CURVES[number % len(_CURVES)]
        axes.plot(run.steps, run.sharpness, label=f"step {step:g}", **style)
        axes.axhline(2 / step, **_EDGE)
        axes.annotate(
            f"2/step = {2 / step:.3g}", (run.steps[-1], 2 / step), **_AT
        )
    axes.set(ylim=(0, None), xlabel="steps of full-batch gradient descent")
    axes.set_ylabel("sharpness (largest curvature)")
    axes.legend(loc="lower right", fontsize=8.5)


_CURVES: tuple[_Style, ...] = (
    {"color": "#0072B2", "linestyle": "-"},
    {"color": "#D55E00", "linestyle": "--"},
    {"color": "#009E73", "linestyle": ":"},
)
_EDGE: _Style = {"color": "#777777", "linewidth": 1.0}
_AT: _Style = {
    "fontsize": 8.5,
    "ha": "right",
    "xytext": (0, 4),
    "textcoords": "offset points",
}


def _checked(weights: Numbers) -> Numbers:
    if weights.ndim != 1 or weights.size < 4 or weights.size % 3 != 1:
        raise ValueError(
            f"weights of shape {weights.shape} are not three a unit and one"
        )
    return weights


def _forward(
    weights: Numbers, x: Floats, y: Floats
) -> tuple[Numbers, Numbers]:
    if x.ndim != 1 or not x.size or x.shape != y.shape:
        raise ValueError(f"inputs {x.shape} meet targets {y.shape}")
    units = (weights.size - 1) // 3
    u, b, v = weights[:-1].reshape(3, units)
    hidden = np.tanh(x[:, np.newaxis] * u + b)
    return hidden, (hidden * v).sum(axis=1) + weights[-1] - y
