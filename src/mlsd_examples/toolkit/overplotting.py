"""A million points on a canvas of a few hundred pixels.

Opaque points hide one another, and transparency promises more than a canvas
of eight bits can keep: an opacity below half a level draws nothing at all, and
one just above it darkens by a whole level at every layer.  Counting points in
a raster before drawing has neither fault.

In production, use :meth:`matplotlib.axes.Axes.hexbin`, or datashader, which
counts out of core.
"""

import io
import math
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from mlsd_examples._refusals import share, vector, whole

__all__ = [
    "canvas_grey",
    "density_raster",
    "hidden_share",
    "ink",
    "layers_for_ink",
    "photograph",
    "saved_bytes",
    "stacked_grey",
]

Counts: TypeAlias = npt.NDArray[np.int64]
Greys: TypeAlias = npt.NDArray[np.uint8]

_LEVELS = 255
_DPI = 100
_PIXEL: dict[str, Any] = {
    "linestyle": "none",
    "marker": ",",
    "color": "black",
    "antialiased": False,
}


def ink(alpha: float, layers: int) -> float:
    """Compute how dark a pile of transparent layers should be.

    Parameters
    ----------
    alpha : float
        Opacity of one layer, in (0, 1).
    layers : int
        How many lie on one another, at least 0.

    Returns
    -------
    float
        0 for white, 1 for the colour of the layers: ``1 - (1 - a) ** k``.

    Raises
    ------
    TypeError
        If `layers` is not a whole number.
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> ink(0.5, 2)
    0.75
    """
    layers = whole("layers", layers, least=0)
    return -math.expm1(layers * math.log1p(-share("alpha", alpha)))


def layers_for_ink(alpha: float, darkness: float) -> int:
    """Count the layers after which a pile looks full.

    Parameters
    ----------
    alpha : float
        Opacity of one layer, in (0, 1).
    darkness : float
        From which darkness on you see no difference, in (0, 1).

    Returns
    -------
    int
        Layers that reach it: beyond, more points look like no more points.

    Raises
    ------
    ValueError
        If a parameter is outside (0, 1).

    Examples
    --------
    >>> layers_for_ink(0.01, 0.95), layers_for_ink(0.5, 0.75)
    (299, 2)
    """
    exact = math.log1p(-share("darkness", darkness)) / math.log1p(
        -share("alpha", alpha)
    )
    return math.ceil(exact - 1e-9)


def canvas_grey(alpha: float, layers: int) -> int:
    """Follow one pixel of an eight-bit canvas, layer by layer.

    Parameters
    ----------
    alpha : float
        Opacity of one black layer, in (0, 1).
    layers : int
        How many are drawn onto white, at least 0.

    Returns
    -------
    int
        Grey level, from 255 (white) to 0 (black).

    Raises
    ------
    TypeError
        If `layers` is not a whole number.
    ValueError
        If a parameter is outside its range.

    Notes
    -----
    The arithmetic of Agg, the rasteriser of Matplotlib: opacity is rounded
    to one of 255 levels, and each result is cut to a whole level.

    Examples
    --------
    Below half a level a thousand layers draw nothing; above it, a few
    hundred draw black, where exact arithmetic would still see through:

    >>> canvas_grey(0.0019, 1_000), canvas_grey(0.002, 1_000)
    (255, 0)
    >>> round(255 * (1 - ink(0.002, 1_000)))
    34
    """
    opacity = math.floor(share("alpha", alpha) * _LEVELS + 0.5)
    grey = _LEVELS
    for _ in range(whole("layers", layers, least=0)):
        left = grey * _LEVELS * (_LEVELS + 1 - opacity)
        grey = left // (_LEVELS * (_LEVELS + 1) + opacity)
    return grey


def stacked_grey(alpha: float, layers: int) -> int:
    """Let Matplotlib draw a pile of black layers, and read the pixel.

    Parameters
    ----------
    alpha : float
        Opacity of one layer, in (0, 1).
    layers : int
        How many are drawn onto white, at least 1.

    Returns
    -------
    int
        Grey level, from 255 (white) to 0 (black).

    Raises
    ------
    TypeError
        If `layers` is not a whole number.
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> stacked_grey(0.0019, 100), stacked_grey(0.5, 1)
    (255, 127)
    """
    layers = whole("layers", layers, least=1)
    middle = np.full(layers, 0.5)
    return int(photograph(middle, middle, alpha=alpha, pixels=(3, 3)).min())


def photograph(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    alpha: float,
    pixels: tuple[int, int],
) -> Greys:
    """Draw a scatter plot of single pixels, and return the canvas.

    Parameters
    ----------
    x, y : array-like of float, shape (n,)
        Points in the unit square; (0, 0) is the lower left corner.
    alpha : float
        Opacity of each black point, in (0, 1].
    pixels : (int, int)
        Rows and columns of the canvas, at least 2 each.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        Grey levels, first row on top, from 255 (white) to 0 (black).

    Raises
    ------
    TypeError
        If the size is not of whole numbers.
    ValueError
        If the arrays differ in length, are empty or not finite, a point
        lies outside the square, or a parameter is outside its range.

    Examples
    --------
    >>> photograph([0.25], [0.9], alpha=1, pixels=(2, 2)).tolist()
    [[0, 255], [255, 255]]
    """
    a, b = _points(x, y)
    opacity = 1.0 if alpha == 1 else share("alpha", alpha)
    rows, columns = (whole("pixels", size, least=2) for size in pixels)
    figure = Figure((columns / _DPI, rows / _DPI), dpi=_DPI)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, columns), ylim=(0, rows))
    axes.axis("off")
    across, up = _cells(a, columns), _cells(b, rows)
    axes.plot(across, up, alpha=opacity, **_PIXEL)
    canvas.draw()  # type: ignore[no-untyped-call]  # so is Agg
    rgba = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    return np.asarray(rgba)[:, :, 0].copy()


def hidden_share(
    x: npt.ArrayLike, y: npt.ArrayLike, *, pixels: tuple[int, int]
) -> float:
    """Compute the share of opaque points that cannot be seen.

    Parameters
    ----------
    x, y : array-like of float, shape (n,)
        Points in the unit square.
    pixels : (int, int)
        Rows and columns of the canvas, each point filling one pixel.

    Returns
    -------
    float
        Share of the points that lie where another one already does.

    Raises
    ------
    ValueError
        As :func:`density_raster`.

    Examples
    --------
    >>> hidden_share([0.1, 0.2], [0.1, 0.2], pixels=(2, 2))
    0.5
    """
    counts = density_raster(x, y, shape=pixels)
    return 1 - int(np.count_nonzero(counts)) / int(counts.sum())


def density_raster(
    x: npt.ArrayLike, y: npt.ArrayLike, *, shape: tuple[int, int]
) -> Counts:
    """Count points in the cells of a raster.

    Parameters
    ----------
    x, y : array-like of float, shape (n,)
        Points in the unit square; (0, 0) is the lower left corner.
    shape : (int, int)
        Rows and columns, at least 1 each.

    Returns
    -------
    ndarray of int, shape (rows, columns)
        Points in each cell, first row at the bottom; points on the far
        edges belong to the last cells.

    Raises
    ------
    TypeError
        If the shape is not of whole numbers.
    ValueError
        If the arrays differ in length, are empty or not finite, or a point
        lies outside the square.

    Examples
    --------
    >>> density_raster([0.1, 0.2, 1], [0.1, 0.6, 1], shape=(2, 2)).tolist()
    [[1, 0], [1, 1]]
    """
    a, b = _points(x, y)
    rows, columns = (whole("shape", size, least=1) for size in shape)
    across, up = _cells(a, columns), _cells(b, rows)
    cells = np.bincount(up * columns + across, minlength=rows * columns)
    return cells.reshape(rows, columns)


def saved_bytes(figure: Figure, kind: Literal["png", "svg", "pdf"]) -> int:
    """Save a figure to memory, and count its bytes.

    Parameters
    ----------
    figure : Figure
        What to save.
    kind : {"png", "svg", "pdf"}
        Format of the file.

    Returns
    -------
    int
        Size of the file in bytes.

    Raises
    ------
    ValueError
        If the format is unknown.

    Examples
    --------
    >>> saved_bytes(Figure((1, 1)), "png") < 10_000
    True
    """
    if kind not in {"png", "svg", "pdf"}:
        raise ValueError(f"kind={kind!r} is neither png, svg nor pdf")
    file = io.BytesIO()
    figure.savefig(file, format=kind)
    return len(file.getvalue())


def _points(
    x: npt.ArrayLike, y: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    a, b = vector("x", x, least=1), vector("y", y, least=1)
    if a.size != b.size:
        raise ValueError(
            f"{a.size} values of x and {b.size} of y are no points"
        )
    for name, values in (("x", a), ("y", b)):
        outside = np.flatnonzero((values < 0) | (values > 1))
        if outside.size:
            at = int(outside[0])
            raise ValueError(
                f"{name}[{at}]={values[at]:g} is outside the unit square"
            )
    return a, b


def _cells(values: npt.NDArray[np.float64], number: int) -> Counts:
    return np.minimum((values * number).astype(np.int64), number - 1)
