"""Gradient descent: the step it bears, and the steps it takes.

On a quadratic each direction of curvature lives alone and shrinks by one
factor a step, so everything can be said exactly: which step diverges, which
is best, and what momentum changes.

In production, use the optimisers of PyTorch or Optax, and
:func:`scipy.optimize.minimize` for small smooth problems.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import numbers, positive, vector, whole

__all__ = [
    "Tuning",
    "best_momentum",
    "best_step",
    "curvatures",
    "descend",
    "iterations_to",
    "largest_stable_step",
    "worst_angle",
]

Floats: TypeAlias = npt.NDArray[np.float64]
Gradient: TypeAlias = Callable[[Floats], Floats]

# A curvature of rounding size would never be done.
_PATIENCE = 1_000_000


@dataclass(frozen=True)
class Tuning:
    """A step, the momentum that goes with it, and the rate they reach.

    Parameters
    ----------
    step : float
        Step size.
    momentum : float
        Share of the last move that is repeated, in [0, 1).
    rate : float
        Factor by which the error shrinks a step, in the long run.
    """

    step: float
    momentum: float
    rate: float


def descend(
    gradient: Gradient,
    start: npt.ArrayLike,
    *,
    step: float,
    steps: int,
    momentum: float = 0.0,
) -> Floats:
    r"""Follow gradient descent, with or without momentum.

    Parameters
    ----------
    gradient : callable
        Takes and returns arrays of shape (n,).
    start : array-like of float, shape (n,)
        First weights.
    step : float
        Step size, > 0.
    steps : int
        Number of steps, at least 1.
    momentum : float
        Share of the last move that is repeated, in [0, 1).

    Returns
    -------
    ndarray of float, shape (steps + 1, n)
        The weights before each step and after the last.

    Raises
    ------
    TypeError
        If a value is not of its kind.
    ValueError
        If a parameter is impossible, a gradient has another shape, or the
        weights leave the finite numbers.

    Notes
    -----
    :math:`w_{t+1} = w_t - \eta \nabla L(w_t) + \beta (w_t - w_{t-1})`.

    Examples
    --------
    The curvature is 10, so 2/10 is the limit; here is one below it and one
    above:

    >>> path = descend(lambda w: 10 * w, [1.0], step=0.19, steps=3)
    >>> path[:, 0].round(3).tolist()
    [1.0, -0.9, 0.81, -0.729]
    >>> path = descend(lambda w: 10 * w, [1.0], step=0.21, steps=3)
    >>> path[:, 0].round(3).tolist()
    [1.0, -1.1, 1.21, -1.331]

    >>> descend(lambda w: 10 * w, [1.0], step=1e200, steps=9)
    Traceback (most recent call last):
        ...
    ValueError: step=1e+200 diverges: not finite after 2 steps
    """
    at = vector("start", start, least=1)
    positive("step", step)
    whole("steps", steps, least=1)
    beta = _momentum(momentum)
    path, move = [at], np.zeros_like(at)
    for done in range(1, steps + 1):
        slope = numbers("gradient", gradient(at))
        if slope.shape != at.shape:
            raise ValueError(
                f"gradient of shape {slope.shape} meets weights {at.shape}"
            )
        with np.errstate(over="ignore", invalid="ignore"):
            move = beta * move - step * slope
            at = at + move
        if not np.isfinite(at).all():
            raise ValueError(
                f"step={step} diverges: not finite after {done} steps"
            )
        path.append(at)
    return np.array(path)


def curvatures(hessian: npt.ArrayLike) -> Floats:
    """Return the eigenvalues of a convex quadratic, smallest first.

    Parameters
    ----------
    hessian : array-like of float, shape (n, n)
        Symmetric and positive semidefinite, not all zero.

    Returns
    -------
    ndarray of float, shape (n,)
        Curvatures, rounding below 0 cut off.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If it is not a square table of finite numbers, not symmetric, has a
        negative curvature, or none at all.

    Examples
    --------
    >>> curvatures([[10.0, 0.0], [0.0, 1.0]]).tolist()
    [1.0, 10.0]

    A saddle is not a bowl:

    >>> curvatures([[1.0, 0.0], [0.0, -1.0]])
    Traceback (most recent call last):
        ...
    ValueError: curvature -1 is negative
    """
    table = numbers("hessian", hessian)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not table.size:
        raise ValueError(f"hessian of shape {table.shape} is not square")
    if not np.isfinite(table).all():
        raise ValueError("hessian is not finite")
    scale = float(np.abs(table).max())
    if scale == 0:
        raise ValueError("hessian is zero: there is no curvature")
    slack = 1e-10 * scale
    if float(np.abs(table - table.T).max()) > slack:
        raise ValueError("hessian is not symmetric")
    values = np.linalg.eigvalsh(table)
    if values[0] < -slack * len(table):
        raise ValueError(f"curvature {values[0]:.6g} is negative")
    return np.asarray(np.maximum(values, 0.0))


def largest_stable_step(hessian: npt.ArrayLike) -> float:
    r"""Return the step above which gradient descent diverges.

    Parameters
    ----------
    hessian : array-like of float, shape (n, n)
        Symmetric and positive semidefinite.

    Returns
    -------
    float
        :math:`2/L`, with L the largest curvature.

    Raises
    ------
    TypeError, ValueError
        See :func:`curvatures`.

    Examples
    --------
    >>> largest_stable_step([[10.0, 0.0], [0.0, 1.0]])
    0.2
    """
    return 2 / float(curvatures(hessian)[-1])


def best_step(least: float, largest: float) -> Tuning:
    r"""Return the fixed step with the best worst direction.

    Parameters
    ----------
    least, largest : float
        Smallest and largest curvature, 0 < least <= largest.

    Returns
    -------
    Tuning
        :math:`2/(\mu+L)`, and the rate
        :math:`(\kappa-1)/(\kappa+1)`.

    Raises
    ------
    TypeError
        If a curvature is not a number.
    ValueError
        If one is not positive, or they are in the wrong order.

    Examples
    --------
    >>> best_step(1, 9)
    Tuning(step=0.2, momentum=0.0, rate=0.8)
    """
    mu, top = _pair(least, largest)
    return Tuning(2 / (mu + top), 0.0, (top - mu) / (top + mu))


def best_momentum(least: float, largest: float) -> Tuning:
    r"""Return the step and momentum with the best worst direction.

    Parameters
    ----------
    least, largest : float
        Smallest and largest curvature, 0 < least <= largest.

    Returns
    -------
    Tuning
        Polyak's :math:`\eta = 4/(\sqrt L+\sqrt\mu)^2` and
        :math:`\beta = ((\sqrt\kappa-1)/(\sqrt\kappa+1))^2`, whose root is
        the rate.

    Raises
    ------
    TypeError
        If a curvature is not a number.
    ValueError
        If one is not positive, or they are in the wrong order.

    Examples
    --------
    >>> best_momentum(1, 9)
    Tuning(step=0.25, momentum=0.25, rate=0.5)
    """
    low, high = (math.sqrt(value) for value in _pair(least, largest))
    rate = (high - low) / (high + low)
    return Tuning(4 / (high + low) ** 2, rate**2, rate)


def iterations_to(
    tolerance: float, spectrum: npt.ArrayLike, tuning: Tuning
) -> int:
    """Count the steps until the error has shrunk, on a quadratic.

    Parameters
    ----------
    tolerance : float
        Norm of the error over its norm at the start, in (0, 1).
    spectrum : array-like of float, shape (n,)
        Curvatures, > 0; the start is one unit off in each direction.
    tuning : Tuning
        Step and momentum.

    Returns
    -------
    int
        Number of steps.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If a value is out of range, the tuning diverges, or it is not there
        after a million steps.

    Examples
    --------
    The condition number is 100; momentum pays its square root:

    >>> iterations_to(1e-6, [1, 100], best_step(1, 100))
    691
    >>> iterations_to(1e-6, [1, 100], best_momentum(1, 100))
    93

    >>> iterations_to(1e-6, [1, 100], Tuning(0.021, 0.0, 1.0))
    Traceback (most recent call last):
        ...
    ValueError: step=0.021 diverges
    """
    if not 0 < tolerance < 1:
        raise ValueError(f"tolerance={tolerance} is outside (0, 1)")
    curved = vector("spectrum", spectrum, least=1)
    if not curved.min() > 0:
        raise ValueError(f"curvature {curved.min():g} is not positive")
    step, beta = positive("step", tuning.step), _momentum(tuning.momentum)
    if not step * curved.max() < 2 * (1 + beta):
        raise ValueError(f"step={tuning.step} diverges")
    error, move = np.ones_like(curved), np.zeros_like(curved)
    target, done = tolerance * math.sqrt(curved.size), 0
    while float(np.linalg.norm(error)) > target:
        if done >= _PATIENCE:
            raise ValueError(f"not there after {_PATIENCE} steps")
        move = beta * move - step * curved * error
        error, done = error + move, done + 1
    return done


def worst_angle(condition: float) -> float:
    r"""Return how far the downhill direction may point off the minimum.

    Parameters
    ----------
    condition : float
        Condition number of the quadratic, at least 1.

    Returns
    -------
    float
        Angle in degrees, :math:`\arccos(2\sqrt\kappa/(1+\kappa))`.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is below 1 or not finite.

    Notes
    -----
    Kantorovich's inequality, attained between the two extreme directions.

    Examples
    --------
    >>> worst_angle(1), round(worst_angle(1000), 1)
    (0.0, 86.4)
    """
    kappa = positive("condition", condition)
    if kappa < 1:
        raise ValueError(f"condition={condition} is below 1")
    return math.degrees(math.acos(2 * math.sqrt(kappa) / (1 + kappa)))


def _momentum(value: float) -> float:
    if not 0 <= value < 1:
        raise ValueError(f"momentum={value} is outside [0, 1)")
    return float(value)


def _pair(least: float, largest: float) -> tuple[float, float]:
    mu, top = positive("least", least), positive("largest", largest)
    if mu > top:
        raise ValueError(f"least={least} exceeds largest={largest}")
    return mu, top
