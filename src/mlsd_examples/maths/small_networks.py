"""Networks small enough to train by the hundred.

One trained network is an anecdote.  These are trained side by side, as one
stack of matrices, so that "does it get stuck" and "does depth forbid
learning" are shares with standard errors.

In production, use PyTorch; :func:`torch.func.vmap` trains stacks like these.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import positive, whole

__all__ = ["DeepRun", "quadrants", "train_deep", "xor_stuck"]

Floats: TypeAlias = npt.NDArray[np.float64]

_XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_TRUE = np.array([0.0, 1.0, 1.0, 0.0])
# Half of the mean squared error of the best constant is 1/8; a network that
# leaves one of four points at the mean of two stays above 1/16.
_STUCK = 0.01


@dataclass(frozen=True)
class DeepRun:
    """Deep networks after some steps of training.

    Parameters
    ----------
    accuracies : ndarray of float, shape (networks,)
        Share of new points that each calls right.
    lost : int
        Networks that answer every point alike: dead units everywhere, or
        weights beyond all numbers.  They count as guessing.
    """

    accuracies: Floats
    lost: int

    @property
    def mean(self) -> float:
        """Mean accuracy."""
        return float(self.accuracies.mean())

    @property
    def standard_error(self) -> float:
        """Standard error of the mean accuracy."""
        spread = float(self.accuracies.std(ddof=1))
        return spread / float(np.sqrt(self.accuracies.size))


def xor_stuck(
    width: int,
    networks: int,
    rng: np.random.Generator,
    *,
    steps: int = 3_000,
    step: float = 0.2,
) -> npt.NDArray[np.bool_]:
    """Train networks of one hidden ReLU layer on XOR; return who is stuck.

    Parameters
    ----------
    width : int
        Hidden units, at least 1.
    networks : int
        Networks, at least 1.
    rng : Generator
        Source of He-normal first weights; biases start at 0.
    steps : int
        Steps of full-batch gradient descent, at least 1.
    step : float
        Step size, > 0.

    Returns
    -------
    ndarray of bool, shape (networks,)
        Whether half the mean squared error is still above 0.01.

    Raises
    ------
    TypeError
        If a value is not a number of its kind.
    ValueError
        If one is too small.

    Notes
    -----
    Stuck after so many steps: a minimum, a plateau, or dead units; this
    does not tell which.

    Examples
    --------
    >>> narrow = xor_stuck(2, 50, np.random.default_rng(0))
    >>> wide = xor_stuck(32, 50, np.random.default_rng(0))
    >>> narrow.mean() > 0.5, wide.mean() < 0.2
    (np.True_, np.True_)

    >>> xor_stuck(0, 50, np.random.default_rng(0))
    Traceback (most recent call last):
        ...
    ValueError: width=0 is below 1
    """
    whole("width", width, least=1)
    whole("networks", networks, least=1)
    whole("steps", steps, least=1)
    positive("step", step)
    u = rng.standard_normal((networks, 2, width))
    v = rng.standard_normal((networks, width, 1)) * np.sqrt(2 / width)
    b, a = np.zeros((networks, 1, width)), np.zeros((networks, 1, 1))
    target = _TRUE[:, np.newaxis]
    for _ in range(steps):
        z = _XOR @ u + b
        hidden = np.maximum(z, 0.0)
        error = (hidden @ v + a - target) / 4
        back = (error @ v.swapaxes(1, 2)) * (z > 0)
        v = v - step * hidden.swapaxes(1, 2) @ error
        a = a - step * error.sum(axis=1, keepdims=True)
        u = u - step * (_XOR.T @ back)
        b = b - step * back.sum(axis=1, keepdims=True)
    residual = np.maximum(_XOR @ u + b, 0.0) @ v + a - target
    return np.asarray(~((residual**2).mean(axis=(1, 2)) / 2 <= _STUCK))


def quadrants(
    examples: int, rng: np.random.Generator
) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Draw points of the plane and whether their coordinates agree in sign.

    Parameters
    ----------
    examples : int
        Points, at least 1.
    rng : Generator
        Source of the points.

    Returns
    -------
    ndarray of float, shape (examples, 2)
        Standard normal points.
    ndarray of float, shape (examples, 1)
        1 in the first and third quadrant, 0 in the others: a network
        without biases can tell them, a linear model cannot.

    Examples
    --------
    >>> points, same = quadrants(4_000, np.random.default_rng(0))
    >>> round(same.mean(), 1)
    np.float64(0.5)
    """
    whole("examples", examples, least=1)
    points = rng.standard_normal((examples, 2))
    same = points.prod(axis=1, keepdims=True) > 0
    return points, same.astype(np.float64)


def train_deep(
    *,
    depth: int,
    width: int,
    gain: float,
    residual: bool = False,
    clip: float | None = None,
    networks: int,
    steps: int,
    step: float,
    rng: np.random.Generator,
) -> DeepRun:
    r"""Train deep ReLU networks on :func:`quadrants`, side by side.

    Parameters
    ----------
    depth, width : int
        Hidden layers beyond the first, and units of each, at least 1.
    gain : float
        First weights of a hidden layer have the variance gain² / width;
        He's is the square root of 2.
    residual : bool
        Whether a hidden layer adds to its input.
    clip : float, optional
        Largest norm of the gradient of a network, all weights together.
    networks : int
        Networks, at least 2.
    steps : int
        Steps on fresh batches of 64 points, at least 1.
    step : float
        Step size, > 0.
    rng : Generator
        Source of weights and points.

    Returns
    -------
    DeepRun
        Accuracy on 500 new points.

    Raises
    ------
    TypeError
        If a value is not a number of its kind.
    ValueError
        If one is out of range.

    Examples
    --------
    Ten layers, drawn too small, and drawn by He:

    >>> size = {"depth": 10, "width": 16, "networks": 4, "steps": 60}
    >>> rng = np.random.default_rng(0)
    >>> small = train_deep(**size, gain=0.2, step=0.1, rng=rng)
    >>> fair = train_deep(**size, gain=2**0.5, step=0.1, rng=rng)
    >>> small.mean < 0.6 < fair.mean
    True
    """
    whole("depth", depth, least=1)
    whole("width", width, least=1)
    whole("networks", networks, least=2)
    whole("steps", steps, least=1)
    positive("gain", gain)
    positive("step", step)
    if clip is not None:
        positive("clip", clip)
    sizes = [2, *[width] * (depth + 1), 1]
    gains = [np.sqrt(2), *[gain] * depth, 1.0]
    stack = [
        g / np.sqrt(m) * rng.standard_normal((networks, m, n))
        for g, m, n in zip(gains, sizes[:-1], sizes[1:], strict=True)
    ]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            points, same = quadrants(64, rng)
            slopes = _slopes(stack, points, same, residual)
            scale: Floats | float = step
            if clip is not None:
                norms = np.sqrt(sum((s**2).sum(axis=(1, 2)) for s in slopes))
                shrink = np.minimum(1.0, clip / np.maximum(norms, 1e-300))
                scale = step * shrink[:, np.newaxis, np.newaxis]
            stack = [w - scale * s for w, s in zip(stack, slopes, strict=True)]
        points, same = quadrants(500, rng)
        logits = _forward(stack, points, residual)[-1]
        lost = ~(np.ptp(logits, axis=(1, 2)) > 0)
    right = ((logits > 0) == (same > 0.5)).mean(axis=(1, 2))
    return DeepRun(np.where(lost, 0.5, right), int(lost.sum()))


def _forward(stack: list[Floats], x: Floats, residual: bool) -> list[Floats]:
    """Return what each layer puts out, the logits last."""
    outputs = [np.maximum(x @ stack[0], 0.0)]
    for weights in stack[1:-1]:
        h = outputs[-1]
        outputs.append(np.maximum(h @ weights, 0.0) + (h if residual else 0.0))
    return [*outputs, outputs[-1] @ stack[-1]]


def _slopes(
    stack: list[Floats], x: Floats, y: Floats, residual: bool
) -> list[Floats]:
    """Return the gradient of the logistic loss for each weight matrix."""
    *hidden, logits = _forward(stack, x, residual)
    delta = (0.5 * (1 + np.tanh(logits / 2)) - y) / len(x)
    slopes = [hidden[-1].swapaxes(1, 2) @ delta]
    delta = delta @ stack[-1].swapaxes(1, 2)
    for index in range(len(hidden) - 1, 0, -1):
        below = hidden[index - 1]
        inner = hidden[index] - (below if residual else 0.0)
        back = delta * (inner > 0)
        slopes.append(below.swapaxes(1, 2) @ back)
        through = back @ stack[index].swapaxes(1, 2)
        delta = through + (delta if residual else 0.0)
    slopes.append(x.T @ (delta * (hidden[0] > 0)))
    return slopes[::-1]
