"""The rule that combines shapes, restated to be read.

Shapes are aligned at their last axis, and missing axes count as 1.  Aligned
lengths are compatible when they are equal or one of them is 1.  An axis of
length 1 that meets another length is read again and again, at stride 0: this
holds for *every* operand, not for the smaller one.

In production, call :func:`numpy.broadcast_shapes` and
:func:`numpy.broadcast_to`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import whole

__all__ = [
    "AlignedAxis",
    "aligned_axes",
    "broadcast_shape",
    "common_length",
    "unbroadcast",
]


@dataclass(frozen=True)
class AlignedAxis:
    """One axis of a broadcast result, and how each operand supplies it.

    Parameters
    ----------
    axis : int
        Position from the right: -1 is the last axis.
    lengths : tuple of int or None
        Length in each operand; None where the operand lacks the axis.
    result : int
        Length in the result.
    repeated : tuple of int
        Positions of the operands that are read again along this axis.
    """

    axis: int
    lengths: tuple[int | None, ...]
    result: int
    repeated: tuple[int, ...]


def common_length(lengths: Iterable[int]) -> int:
    """Combine the lengths of one aligned axis.

    Parameters
    ----------
    lengths : iterable of int
        Lengths, each at least 0.

    Returns
    -------
    int
        The one length other than 1, or 1 if there is none.

    Raises
    ------
    TypeError
        If a length is not a whole number.
    ValueError
        If two lengths differ and neither is 1, or one is negative.

    Examples
    --------
    A length of 1 gives way:

    >>> common_length([3, 1, 3])
    3

    To 0 as well, so that the result is not always the longest:

    >>> common_length([0, 1])
    0

    Anything else must agree:

    >>> common_length([2, 3])
    Traceback (most recent call last):
        ...
    ValueError: axes of length 2 and 3 do not broadcast
    """
    common = 1
    for given in lengths:
        length = whole("length", given, least=0)
        if common == 1:
            common = length
        elif length not in {1, common}:
            raise ValueError(
                f"axes of length {common} and {length} do not broadcast"
            )
    return common


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Combine shapes as NumPy does.

    Parameters
    ----------
    *shapes : tuple of int
        Shapes of the operands.

    Returns
    -------
    tuple of int
        Shape of the result; ``()`` without operands.

    Raises
    ------
    ValueError
        If the shapes do not broadcast, or a length is negative.

    See Also
    --------
    numpy.broadcast_shapes : the same rule, in NumPy.

    Examples
    --------
    Axes align at the right:

    >>> broadcast_shape((5, 1, 4), (3, 1))
    (5, 3, 4)

    A row against a column: both are expanded.

    >>> broadcast_shape((100,), (100, 1))
    (100, 100)

    The last axis of a table is not its rows:

    >>> broadcast_shape((3, 4), (3,))
    Traceback (most recent call last):
        ...
    ValueError: axes of length 4 and 3 do not broadcast
    """
    return tuple(row.result for row in aligned_axes(*shapes))


def aligned_axes(*shapes: tuple[int, ...]) -> tuple[AlignedAxis, ...]:
    """Explain a broadcast axis by axis, from the first to the last.

    Parameters
    ----------
    *shapes : tuple of int
        Shapes of the operands.

    Returns
    -------
    tuple of AlignedAxis
        One for each axis of the result.

    Raises
    ------
    ValueError
        If the shapes do not broadcast, or a length is negative.

    Examples
    --------
    Along the last axis the column is read again, along the first the row:

    >>> first, last = aligned_axes((100,), (100, 1))
    >>> first.lengths, first.repeated
    ((None, 100), (0,))
    >>> last.lengths, last.repeated
    ((100, 1), (1,))
    """
    depth = max(map(len, shapes), default=0)
    return tuple(_aligned(axis, shapes) for axis in range(-depth, 0))


def _aligned(axis: int, shapes: tuple[tuple[int, ...], ...]) -> AlignedAxis:
    lengths = tuple(
        shape[axis] if len(shape) >= -axis else None for shape in shapes
    )
    counted = [1 if length is None else length for length in lengths]
    result = common_length(counted)
    repeated = tuple(
        operand for operand, length in enumerate(counted) if length != result
    )
    return AlignedAxis(axis, lengths, result, repeated)


def unbroadcast(
    gradient: npt.NDArray[np.floating[Any]], shape: tuple[int, ...]
) -> npt.NDArray[np.floating[Any]]:
    """Sum a gradient over the axes along which an operand was repeated.

    An element that was read k times receives k contributions: this is the
    backward pass of broadcasting in every autograd library.

    Parameters
    ----------
    gradient : ndarray
        Gradient with respect to the result of a broadcast.
    shape : tuple of int
        Shape of the operand.

    Returns
    -------
    ndarray
        Gradient with respect to the operand, of shape `shape`.

    Raises
    ------
    ValueError
        If `shape` does not broadcast to the shape of `gradient`.

    Examples
    --------
    A column that met four targets collects four gradients a row:

    >>> unbroadcast(np.ones((2, 4)), (2, 1)).tolist()
    [[4.0], [4.0]]

    A shape that was never part of the broadcast is refused:

    >>> unbroadcast(np.ones((2, 4)), (3, 1))
    Traceback (most recent call last):
        ...
    ValueError: axes of length 2 and 3 do not broadcast
    """
    rows = aligned_axes(gradient.shape, shape)
    if len(rows) > gradient.ndim or any(0 in row.repeated for row in rows):
        raise ValueError(f"{shape} is not repeated into {gradient.shape}")
    expanded = tuple(row.axis for row in rows if 1 in row.repeated)
    total = np.sum(gradient, axis=expanded)
    return np.asarray(total).reshape(shape)
