r"""Which losses are convex, tested and refuted.

A function is **convex** if it never lies above its chords.  No number of
midpoints proves that; one above its chord refutes it.

In production, model with CVXPY, which proves convexity by composition.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import numbers

__all__ = [
    "hinge_loss",
    "midpoint_violations",
    "product_loss",
    "sigmoid_squared_loss",
    "squared_loss",
]

Floats: TypeAlias = npt.NDArray[np.float64]
Loss: TypeAlias = Callable[[Floats], npt.NDArray[Any]]

# A midpoint above its chord by less than this share is rounding.
_ROUNDING = 1e-12


def midpoint_violations(
    loss: Loss, first: npt.ArrayLike, second: npt.ArrayLike
) -> npt.NDArray[np.bool_]:
    r"""Test pairs of points for a midpoint above its chord.

    Parameters
    ----------
    loss : callable
        Takes points of shape (pairs, n) and returns (pairs,) losses.
    first, second : array-like of float, shape (pairs, n)
        Ends of the chords, at least one.

    Returns
    -------
    ndarray of bool, shape (pairs,)
        Whether :math:`f((a+b)/2) > (f(a)+f(b))/2`, beyond rounding.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If the shapes differ, there is no pair, or a loss is not finite.

    Examples
    --------
    A bowl has none, a hill has:

    >>> bowl = lambda w: (w**2).sum(axis=1)
    >>> midpoint_violations(bowl, [[-1.0]], [[3.0]]).tolist()
    [False]
    >>> midpoint_violations(lambda w: -bowl(w), [[-1.0]], [[3.0]]).tolist()
    [True]

    >>> midpoint_violations(bowl, [[1.0]], [[1.0, 2.0]])
    Traceback (most recent call last):
        ...
    ValueError: points of shape (1, 1) meet points of shape (1, 2)
    """
    a, b = numbers("first", first), numbers("second", second)
    if a.shape != b.shape:
        raise ValueError(
            f"points of shape {a.shape} meet points of shape {b.shape}"
        )
    if a.ndim != 2 or not a.size:
        raise ValueError(f"points of shape {a.shape} are no table")
    ends, middle = (loss(a) + loss(b)) / 2, loss((a + b) / 2)
    if np.shape(ends) != (len(a),) or np.shape(middle) != (len(a),):
        raise ValueError(f"{len(a)} pairs have losses {np.shape(ends)}")
    if not (np.isfinite(ends).all() and np.isfinite(middle).all()):
        raise ValueError("the loss is not finite")
    slack = _ROUNDING * (np.abs(ends) + np.abs(middle))
    return np.asarray(middle > ends + slack)


def squared_loss(weights: Floats, x: Floats, y: Floats) -> Floats:
    """Return half the mean squared error of a linear model.

    Parameters
    ----------
    weights : ndarray of float, shape (points, n)
        Weights, one model a row.
    x : ndarray of float, shape (examples, n)
        Features.
    y : ndarray of float, shape (examples,)
        Targets.

    Returns
    -------
    ndarray of float, shape (points,)
        One loss a model.

    Examples
    --------
    >>> x, y = np.eye(2), np.array([1.0, -1.0])
    >>> squared_loss(np.array([[1.0, 1.0]]), x, y).tolist()
    [1.0]
    """
    return np.asarray(((weights @ x.T - y) ** 2).mean(axis=1) / 2)


def hinge_loss(weights: Floats, x: Floats, y: Floats) -> Floats:
    """Return the loss of a soft-margin linear SVM with penalty 1/2 |w|².

    Parameters and shapes are those of :func:`squared_loss`; targets are
    -1 or 1.

    Examples
    --------
    >>> x, y = np.eye(2), np.array([1.0, -1.0])
    >>> hinge_loss(np.array([[1.0, 1.0]]), x, y).tolist()
    [2.0]
    """
    margins = np.maximum(0.0, 1 - y * (weights @ x.T))
    penalty = (weights**2).sum(axis=1) / 2
    return np.asarray(margins.mean(axis=1) + penalty)


def sigmoid_squared_loss(weights: Floats, x: Floats, y: Floats) -> Floats:
    """Return the squared error of sigmoid predictions of targets -1 and 1.

    Parameters and shapes are those of :func:`squared_loss`.

    Examples
    --------
    >>> x, y = np.eye(2), np.array([1.0, -1.0])
    >>> sigmoid_squared_loss(np.zeros((1, 2)), x, y).tolist()
    [0.25]
    """
    sigmoid = 0.5 * (1 + np.tanh(weights @ x.T / 2))
    return np.asarray(((sigmoid - (y + 1) / 2) ** 2).mean(axis=1))


def product_loss(weights: Floats, x: Floats, y: Floats) -> Floats:
    """Return the squared error of a linear model written as two layers.

    Parameters
    ----------
    weights : ndarray of float, shape (points, n + 1)
        First layer, and the one weight of the second.
    x, y : ndarray of float
        As for :func:`squared_loss`.

    Returns
    -------
    ndarray of float, shape (points,)
        One loss a model.

    Examples
    --------
    >>> x, y = np.eye(2), np.array([1.0, -1.0])
    >>> product_loss(np.array([[0.5, -0.5, 2.0]]), x, y).tolist()
    [0.0]
    """
    return squared_loss(weights[:, :-1] * weights[:, -1:], x, y)
