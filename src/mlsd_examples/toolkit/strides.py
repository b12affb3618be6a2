"""Where each element of an array lies in memory.

An array is a piece of memory and a header: shape, strides, type, offset.
Element (i, j) lies at ``offset + i * strides[0] + j * strides[1]`` bytes from
the first byte of the array that owns the memory.  Slicing, transposing and
broadcasting write a new header and touch no element; what cannot be said by
a header is copied.

NumPy answers the same questions itself: :attr:`numpy.ndarray.strides`,
:attr:`numpy.ndarray.flags` and :func:`numpy.shares_memory`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

__all__ = [
    "Layout",
    "address_map",
    "draw_memory",
    "layout",
    "owner",
    "view_or_copy",
]

Array: TypeAlias = npt.NDArray[Any]
Order: TypeAlias = Literal["C", "F", "both", "neither"]

# The look of draw_memory, in units of one element.
_VIEW, _COPY, _UNREAD = "#c6dcec", "#f6d9b8", "#ffffff"
_EDGE, _FAINT, _INK = "#666666", "#bbbbbb", "#222222"
_ROW_HEIGHT, _CELL_HEIGHT = 1.45, 0.9
_NAME_AT, _NOTE_AT = -0.35, 0.35
_TEXT = {"fontsize": 8.5, "va": "center", "color": _INK}
_VISITS = {"fontsize": 8.5, "va": "center", "ha": "center", "color": _INK}


@dataclass(frozen=True)
class Layout:
    """The header of an array, and what it hangs on.

    Parameters
    ----------
    shape : tuple of int
        Number of elements along each axis.
    strides : tuple of int
        Bytes from one element to the next along each axis.
    itemsize : int
        Bytes of one element.
    offset : int
        Bytes from the first byte of the owner's memory to element (0, …, 0).
    order : str
        ``"C"`` if the last axis is contiguous and the others follow, ``"F"``
        for the first axis, ``"both"`` (one dimension), or ``"neither"``.
    is_view : bool
        Whether another array owns the memory.
    writeable : bool
        Whether elements can be assigned.
    kept_bytes : int
        Size of the owner's memory, which lives as long as this array.
    """

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    itemsize: int
    offset: int
    order: Order
    is_view: bool
    writeable: bool
    kept_bytes: int


def layout(array: Array) -> Layout:
    """Describe where the elements of an array lie.

    Parameters
    ----------
    array : ndarray
        Array of any shape and type.

    Returns
    -------
    Layout
        Its header, with the offset and size of the memory it hangs on.

    Raises
    ------
    TypeError
        If `array` is not an ndarray.

    See Also
    --------
    numpy.ndarray.flags : contiguity and ownership, from NumPy itself.

    Examples
    --------
    Every other row of a table, seen from its transpose: three rows of two.

    >>> table = np.zeros((4, 3))
    >>> half = layout(table.T[:, ::2])
    >>> half.shape, half.strides, half.order
    ((3, 2), (8, 48), 'neither')

    Five elements keep the memory of the whole table alive:

    >>> layout(np.zeros((1000, 1000))[0, :5]).kept_bytes
    8000000

    A list has no layout:

    >>> layout([1, 2])
    Traceback (most recent call last):
        ...
    TypeError: list is not an ndarray
    """
    whole = owner(array)
    return Layout(
        shape=array.shape,
        strides=array.strides,
        itemsize=array.itemsize,
        offset=_address(array) - _first_byte(whole),
        order=_order(array),
        is_view=whole is not array,
        writeable=array.flags.writeable,
        kept_bytes=whole.nbytes,
    )


def owner(array: Array) -> Array:
    """Follow `base` to the array that owns the memory.

    Parameters
    ----------
    array : ndarray
        A view, or an array with memory of its own.

    Returns
    -------
    ndarray
        The last array on the way; `array` itself if it is no view.

    Raises
    ------
    TypeError
        If `array` is not an ndarray.

    Examples
    --------
    A view of a view still hangs on the first array:

    >>> table = np.zeros((4, 3))
    >>> owner(table[1:][:, 0]) is table
    True

    A copy hangs on nothing else:

    >>> own = table[[0, 1]]
    >>> owner(own) is own
    True
    """
    _refuse_other_than_arrays(array)
    last, link = array, array.base
    # as_strided puts an object of its own between a view and its base.
    while link is not None:
        if isinstance(link, np.ndarray):
            last = link
        link = getattr(link, "base", None)
    return last


def address_map(array: Array) -> npt.NDArray[np.intp]:
    r"""Compute the byte offset of every element from its strides.

    Parameters
    ----------
    array : ndarray
        Array of any shape and type.

    Returns
    -------
    ndarray of int
        Same shape as `array`: bytes from the first byte of the owner's
        memory to each element.

    Raises
    ------
    TypeError
        If `array` is not an ndarray.

    Notes
    -----
    Element :math:`(i_0, i_1, …)` lies at
    :math:`\text{offset} + \sum_k i_k s_k`, with strides :math:`s_k`.

    Examples
    --------
    Rows of three eight-byte numbers begin 24 bytes apart:

    >>> address_map(np.zeros((2, 3))).tolist()
    [[0, 8, 16], [24, 32, 40]]

    Broadcast to three rows, the same addresses are read again:

    >>> address_map(np.broadcast_to(np.zeros(2), (3, 2))).tolist()
    [[0, 8], [0, 8], [0, 8]]
    """
    places = np.array(layout(array).offset)
    for length, stride in zip(array.shape, array.strides, strict=True):
        places = places[..., np.newaxis] + stride * np.arange(length)
    return places


def view_or_copy(result: Array, source: Array) -> Literal["view", "copy"]:
    """Tell whether an expression gave a view of its source or a copy.

    Parameters
    ----------
    result : ndarray
        What the expression returned.
    source : ndarray
        The array it was computed from.

    Returns
    -------
    str
        ``"view"`` if at least one element lies in both, else ``"copy"``.

    Raises
    ------
    TypeError
        If either is not an ndarray.

    See Also
    --------
    numpy.may_share_memory : compares bounds only, and so suspects too much.

    Examples
    --------
    A slice is a view, a list of indices makes a copy:

    >>> table = np.zeros((4, 3))
    >>> view_or_copy(table[:2], table), view_or_copy(table[[0, 1]], table)
    ('view', 'copy')

    A flattened transpose has no strides that describe it:

    >>> view_or_copy(table.T.reshape(-1), table)
    'copy'
    """
    _refuse_other_than_arrays(result, source)
    return "view" if np.shares_memory(result, source) else "copy"


def draw_memory(axes: Axes, arrays: Mapping[str, Array]) -> None:
    """Draw one row of memory for each array, numbered as it is read.

    Each row shows the owner's memory, one box an element.  Boxes that the
    array reads are shaded and hold the positions at which it reads them.
    The first array is the source; copies of it get another shade.

    Parameters
    ----------
    axes : Axes
        Where to draw; its frame and ticks are removed.
    arrays : mapping of str to ndarray
        Names, and arrays of at least one element each; the first is the
        source.

    Raises
    ------
    ValueError
        If there is no array, or one of them is empty.
    """
    if not arrays:
        raise ValueError("there is no array to draw")
    for name, array in arrays.items():
        if array.size == 0:
            raise ValueError(f"{name!r} has no element to draw")
    source = next(iter(arrays.values()))
    for row, (name, array) in enumerate(arrays.items()):
        kind = view_or_copy(array, source)
        _draw_row(axes, -row * _ROW_HEIGHT, name, array, kind)
    longest = max(owner(array).size for array in arrays.values())
    axes.set_xlim(0, longest)
    axes.set_ylim(-(len(arrays) - 1) * _ROW_HEIGHT - 1, 1)
    axes.set_axis_off()


def _draw_row(
    axes: Axes,
    y: float,
    name: str,
    array: Array,
    kind: Literal["view", "copy"],
) -> None:
    whole = owner(array)
    visits = _visits(array)
    shade = _VIEW if kind == "view" else _COPY
    for box in range(whole.size):
        read = visits.get(box)
        axes.barh(
            y,
            1,
            left=box,
            height=_CELL_HEIGHT,
            color=shade if read else _UNREAD,
            edgecolor=_EDGE if read else _FAINT,
            clip_on=False,
        )
        axes.text(box + 0.5, y, read or "", **_VISITS)  # type: ignore[arg-type]
    axes.text(_NAME_AT, y, name, ha="right", family="monospace", **_TEXT)  # type: ignore[arg-type]
    note = f"{kind}, strides {array.strides}"
    axes.text(whole.size + _NOTE_AT, y, note, **_TEXT)  # type: ignore[arg-type]


def _visits(array: Array) -> dict[int, str]:
    """Name, for each box of memory, when it is read: ``4``, or ``3×``."""
    boxes = (address_map(array).ravel() // array.itemsize).tolist()
    times = Counter(boxes)
    first = {box: str(when) for when, box in reversed(list(enumerate(boxes)))}
    return {
        box: first[box] if times[box] == 1 else f"{times[box]}×"
        for box in times
    }


def _refuse_other_than_arrays(*arrays: object) -> None:
    for array in arrays:
        if not isinstance(array, np.ndarray):
            raise TypeError(f"{type(array).__name__} is not an ndarray")


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


def _first_byte(array: Array) -> int:
    return int(np.lib.array_utils.byte_bounds(array)[0])


def _order(array: Array) -> Order:
    c, f = array.flags.c_contiguous, array.flags.f_contiguous
    if c and f:
        return "both"
    return "C" if c else "F" if f else "neither"
