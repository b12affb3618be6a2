"""Gradients by differences, to check the ones that were derived.

A difference quotient has two errors that pull in opposite directions: the
step is too long for the curve, or too short for the digits.  Central
differences postpone the quarrel, and the complex step ends it, because it
subtracts nothing.

In production, differentiate automatically (PyTorch, JAX), and check custom
gradients with :func:`torch.autograd.gradcheck` or
:func:`scipy.optimize.check_grad`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from mlsd_examples._refusals import numbers, positive, vector

__all__ = ["draw_errors", "gradient_error", "numerical_gradient"]

Floats: TypeAlias = npt.NDArray[np.float64]
Scheme: TypeAlias = Literal["forward", "central", "complex"]
Function: TypeAlias = Callable[[npt.NDArray[Any]], Any]

_EPSILON = float(np.finfo(np.float64).eps)
_STEPS = {
    "forward": _EPSILON ** (1 / 2),
    "central": _EPSILON ** (1 / 3),
    "complex": 1e-20,
}


def numerical_gradient(
    function: Function,
    at: npt.ArrayLike,
    *,
    scheme: Scheme = "central",
    step: float | None = None,
) -> Floats:
    r"""Differentiate a function of several variables by differences.

    Parameters
    ----------
    function : callable
        Takes an array of shape (n,) and returns one number.  For the
        complex scheme it must accept complex values and be analytic: no
        ``abs``, no ``max``, no conjugate.
    at : array-like of float, shape (n,)
        Where to differentiate.
    scheme : {"forward", "central", "complex"}
        How to differentiate.
    step : float, optional
        Step of the difference, > 0.  By default the square root, or the
        cube root, of the machine epsilon; 1e-20 for the complex scheme.

    Returns
    -------
    ndarray of float, shape (n,)
        Estimated partial derivatives.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If `scheme` is unknown, `step` is not positive, `at` is empty or
        not finite, or the function returns what is not finite.

    Notes
    -----
    Forward: :math:`(f(w+h)-f(w))/h`, error of order :math:`h`.  Central:
    :math:`(f(w+h)-f(w-h))/2h`, error of order :math:`h^2`.  Complex step:
    :math:`\operatorname{Im} f(w+ih)/h`, error of order :math:`h^2` without
    a difference of nearly equal numbers.

    References
    ----------
    Squire and Trapp (1998).

    Examples
    --------
    >>> cube = lambda w: (w**3).sum()
    >>> numerical_gradient(cube, [1.0, 2.0]).round(6).tolist()
    [3.0, 12.0]

    Where the difference quotient has no digit left, the complex step has
    all of them:

    >>> numerical_gradient(cube, [1.0], scheme="forward", step=1e-17)
    array([0.])
    >>> numerical_gradient(cube, [1.0], scheme="complex")
    array([3.])

    >>> numerical_gradient(cube, [1.0], step=0)
    Traceback (most recent call last):
        ...
    ValueError: step=0 is not positive
    """
    if scheme not in get_args(Scheme):
        raise ValueError(f"scheme={scheme!r} is unknown")
    point = vector("at", at, least=1)
    h = _STEPS[scheme] if step is None else positive("step", step)
    gradient = np.empty_like(point)
    for index in range(point.size):
        shift = np.zeros_like(point)
        shift[index] = h
        if scheme == "complex":
            value = np.imag(function(point + 1j * shift)) / h
        elif scheme == "central":
            ahead, behind = function(point + shift), function(point - shift)
            value = (ahead - behind) / (2 * h)
        else:
            value = (function(point + shift) - function(point)) / h
        if not np.isfinite(value):
            raise ValueError(f"the function is not finite near at[{index}]")
        gradient[index] = value
    return gradient


def gradient_error(
    function: Function, gradient: npt.ArrayLike, at: npt.ArrayLike
) -> float:
    """Return the relative error of a gradient, against central differences.

    Parameters
    ----------
    function : callable
        Takes an array of shape (n,) and returns one number.
    gradient : array-like of float, shape (n,)
        The gradient to check.
    at : array-like of float, shape (n,)
        Where it was taken.

    Returns
    -------
    float
        Norm of the difference over the sum of both norms, in [0, 1]; 0
        where both vanish.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If the shapes differ, or a value is not finite.

    Examples
    --------
    A right gradient, and one that forgot its factor of two:

    >>> square = lambda w: (w**2).sum()
    >>> gradient_error(square, [2.0, -4.0], [1.0, -2.0]) < 1e-9
    True
    >>> round(gradient_error(square, [1.0, -2.0], [1.0, -2.0]), 3)
    0.333

    >>> gradient_error(square, [1.0], [1.0, -2.0])
    Traceback (most recent call last):
        ...
    ValueError: gradient of 1 values meets a point of 2
    """
    given = vector("gradient", gradient, least=1)
    point = vector("at", at, least=1)
    if given.size != point.size:
        raise ValueError(
            f"gradient of {given.size} values meets a point of {point.size}"
        )
    found = numerical_gradient(function, point)
    scale = float(np.linalg.norm(given) + np.linalg.norm(found))
    return float(np.linalg.norm(given - found)) / scale if scale else 0.0


def draw_errors(
    axes: Axes, steps: npt.ArrayLike, errors: Mapping[str, npt.ArrayLike]
) -> None:
    """Draw the error of numerical derivatives against their step.

    Parameters
    ----------
    axes : Axes
        Where to draw; both axes become logarithmic.
    steps : array-like of float, shape (n,)
        Steps, > 0.
    errors : mapping of str to array-like of float, shape (n,)
        Relative errors by scheme; exact ones are drawn at the machine
        epsilon.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if not errors:
        raise ValueError("there is no error to draw")
    for number, (name, values) in enumerate(errors.items()):
        shown = np.maximum(numbers(name, values), _EPSILON)
        color, dash = _COLORS[number % 3], _DASHES[number % 3]
        axes.plot(steps, shown, color=color, linestyle=dash, label=name)
    axes.set(xscale="log", yscale="log", xlabel="step h of the difference")
    axes.set_ylabel("relative error of the derivative")
    axes.legend(fontsize=8.5)


_COLORS = ("#D55E00", "#0072B2", "#009E73")
_DASHES = ("--", "-", ":")
