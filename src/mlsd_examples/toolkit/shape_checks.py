"""Named axes, checked when a function is called.

A static checker knows the type of an array, at best its number of axes.
Whether two axes have the same *length* is known when the arrays exist, so
the check that finds a wrong shape runs at the call, before the body: each
name binds to a length, and a second length for the same name is an error.

In production, use jaxtyping with beartype; this is the idea in a few lines.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["bind_axes", "checks_shapes", "jaxtyped_error", "squared_error"]

P = ParamSpec("P")
R = TypeVar("R")


def bind_axes(
    pattern: str, shape: tuple[int, ...], bound: Mapping[str, int]
) -> dict[str, int]:
    """Bind the named axes of a pattern to the lengths of a shape.

    Parameters
    ----------
    pattern : str
        One word for each axis: a name, or a fixed length.
    shape : tuple of int
        Of the array.
    bound : mapping of str to int
        What names mean already.

    Returns
    -------
    dict of str to int
        All names bound so far; `bound` is not changed.

    Raises
    ------
    ValueError
        If the number of axes differs, or a name has another length already.

    Examples
    --------
    >>> bind_axes("batch 3", (32, 3), {})
    {'batch': 32}

    >>> bind_axes("batch", (31,), {"batch": 32})
    Traceback (most recent call last):
        ...
    ValueError: axis batch is 32 and 31

    >>> bind_axes("batch", (32, 1), {})
    Traceback (most recent call last):
        ...
    ValueError: shape (32, 1) has 2 axes, 'batch' has 1
    """
    words = pattern.split()
    if len(words) != len(shape):
        raise ValueError(
            f"shape {shape} has {len(shape)} axes,"
            f" {pattern!r} has {len(words)}"
        )
    names = dict(bound)
    for word, length in zip(words, shape, strict=True):
        known = int(word) if word.isdigit() else names.get(word, length)
        if known != length:
            raise ValueError(f"axis {word} is {known} and {length}")
        if not word.isdigit():
            names[word] = length
    return names


def checks_shapes(
    *patterns: str, returns: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function refuse arrays whose axes disagree.

    Parameters
    ----------
    *patterns : str
        One for each positional argument, as in :func:`bind_axes`.
    returns : str, optional
        The same for the result.

    Returns
    -------
    callable
        A decorator; the function raises TypeError before its body runs.

    Examples
    --------
    >>> @checks_shapes("n d", "d", returns="n")
    ... def scores(features, weights):
    ...     return features @ weights
    >>> scores(np.ones((4, 2)), np.ones(2)).shape
    (4,)

    The mismatch is named, and the body never runs:

    >>> scores(np.ones((4, 2)), np.ones(3))
    Traceback (most recent call last):
        ...
    TypeError: scores, argument 2: axis d is 2 and 3
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            name = getattr(function, "__name__", "function")
            if len(args) != len(patterns):
                raise TypeError(
                    f"{name} takes {len(patterns)} arrays by position,"
                    f" not {len(args)}"
                )
            bound: dict[str, int] = {}
            for at, (pattern, value) in enumerate(
                zip(patterns, args, strict=True), start=1
            ):
                where = f"{name}, argument {at}"
                bound = _bind(where, pattern, value, bound)
            result = function(*args, **kwargs)
            if returns is not None:
                _bind(f"{name}, result", returns, result, bound)
            return result

        return checked

    return decorate


@checks_shapes("batch", "batch")
def squared_error(
    targets: npt.NDArray[np.floating[Any]],
    outputs: npt.NDArray[np.floating[Any]],
) -> float:
    """Compute a mean squared error that refuses to broadcast.

    Parameters
    ----------
    targets, outputs : ndarray of float, shape (batch,)

    Returns
    -------
    float
        The mean of the squared differences.

    Raises
    ------
    TypeError
        If either has not exactly one axis, or their lengths differ.

    Examples
    --------
    >>> squared_error(np.zeros(4), np.ones(4))
    1.0

    A column is not a list, though NumPy would subtract it:

    >>> squared_error(np.zeros(4), np.ones((4, 1)))
    Traceback (most recent call last):
        ...
    TypeError: squared_error, argument 2: shape (4, 1) has 2 axes, 'batch' has 1
    """  # noqa: E501 (a message is not broken)
    return float(np.mean((targets - outputs) ** 2))


def jaxtyped_error() -> Callable[[Any, Any], float]:
    """Return the same error, checked by jaxtyping and beartype.

    Returns
    -------
    callable
        It takes targets and outputs, and raises
        ``jaxtyping.TypeCheckError`` on a wrong shape or type of number.

    Examples
    --------
    >>> error = jaxtyped_error()
    >>> error(np.zeros(4), np.ones(4))
    1.0

    The libraries also see the type of the numbers:

    >>> error(np.zeros(4), np.ones(4, dtype=int))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    jaxtyping.TypeCheckError: ...
    """
    from beartype import beartype
    from jaxtyping import Float, jaxtyped

    @jaxtyped(typechecker=beartype)
    def error(
        targets: Float[np.ndarray, "batch"],  # noqa: F821 (an axis)
        outputs: Float[np.ndarray, "batch"],  # noqa: F821 (an axis)
    ) -> float:
        return float(np.mean((targets - outputs) ** 2))

    return error


def _bind(
    where: str, pattern: str, value: object, bound: dict[str, int]
) -> dict[str, int]:
    try:
        return bind_axes(pattern, np.asarray(value).shape, bound)
    except ValueError as error:
        raise TypeError(f"{where}: {error}") from None
