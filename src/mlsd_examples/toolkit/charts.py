"""The figures of the lesson on charts.

Each function draws into axes that it is given and returns nothing.  Names
stand beside what they name, colour is never the only difference, and dense
layers are rasterised so that a figure stays small as a vector file.

In production, use Matplotlib directly; these functions show nothing that it
cannot.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MultipleLocator, NullLocator

from mlsd_examples.toolkit.densities import Histogram, kernel_density
from mlsd_examples.toolkit.palettes import Vision, lightness, seen_by

__all__ = [
    "draw_bars",
    "draw_boxes",
    "draw_canvas",
    "draw_densities",
    "draw_dots",
    "draw_heat",
    "draw_humps",
    "draw_pairs",
    "draw_palette",
    "draw_raster",
    "draw_violins",
    "draw_watched_mean",
]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]

_Style: TypeAlias = dict[str, Any]

_INK, _FAINT, _BLUE, _ORANGE = "#222222", "#777777", "#0072B2", "#D55E00"
_PALE, _PALE_EDGE = "#b9d3e6", "#6f9fbe"
_NOTE: _Style = {"fontsize": 8.5, "color": _INK}
_BESIDE: _Style = {
    "textcoords": "offset points",
    "xytext": (5, 0),
    "va": "center",
    "ha": "left",
    "annotation_clip": False,
    **_NOTE,
}
_ABOVE: _Style = {
    "textcoords": "offset points",
    "xytext": (4, 4),
    "va": "bottom",
    "ha": "left",
    **_NOTE,
}
_BACK: _Style = {
    "textcoords": "offset points",
    "xytext": (0, 8),
    "va": "bottom",
    "ha": "right",
    **_NOTE,
}
_BEFORE: _Style = {
    "textcoords": "offset points",
    "xytext": (-6, 0),
    "va": "center",
    "ha": "right",
    **_NOTE,
}
_OVER: _Style = {**_ABOVE, "ha": "center", "xytext": (0, 4)}
_ARROW: _Style = {
    "textcoords": "offset points",
    "ha": "left",
    "va": "center",
    "arrowprops": {"arrowstyle": "-", "color": _FAINT, "linewidth": 0.8},
    **_NOTE,
}
_CORNER: _Style = {"va": "top", "ha": "right", **_NOTE}
_HALO = [withStroke(linewidth=3, foreground="white")]
_MEAN: _Style = {"color": _BLUE, "linewidth": 1.8}
_LIMIT: _Style = {"color": _FAINT, "linewidth": 1.0, "linestyle": (0, (4, 2))}
_EVENT: _Style = {"color": _FAINT, "linewidth": 1.0, "linestyle": ":"}
_LINES: tuple[_Style, ...] = (
    {"color": _INK, "linewidth": 1.4, "linestyle": "-"},
    {"color": _ORANGE, "linewidth": 1.2, "linestyle": "-"},
    {"color": _INK, "linewidth": 1.4, "linestyle": (0, (3, 1.2))},
)
_HEAT: _Style = {"cmap": "Blues", "rasterized": True, "zorder": 0}
_STAIRS: _Style = {
    "fill": True,
    "facecolor": _PALE,
    "edgecolor": _PALE_EDGE,
    "linewidth": 0.8,
}
_CURVES: tuple[_Style, ...] = (
    {"color": _INK, "linewidth": 1.2, "linestyle": "-"},
    {"color": _ORANGE, "linewidth": 1.8, "linestyle": (0, (4, 1.5))},
    {"color": _BLUE, "linewidth": 1.8, "linestyle": "-"},
)
_LEAK: _Style = {"facecolor": "#f3c9ae", "edgecolor": _ORANGE, "hatch": "////"}
_DOTS: _Style = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 2.6,
    "color": _BLUE,
    "alpha": 0.6,
    "rasterized": True,
}
_IMAGE: _Style = {
    "extent": (0.0, 1.0, 0.0, 1.0),
    "aspect": "auto",
    "interpolation": "none",
}
_HALVES = (0.0, 0.5, 1.0)
_MEASURES: _Style = {
    "family": "monospace",
    "fontsize": 8.5,
    "color": _INK,
    "loc": "left",
}
_BAR: _Style = {"color": _PALE, "edgecolor": _PALE_EDGE, "width": 0.62}
_RANGE: _Style = {
    "fmt": "o",
    "color": _BLUE,
    "markersize": 6,
    "capsize": 4,
    "linewidth": 1.4,
}
_BOX: _Style = {
    "widths": 0.5,
    "patch_artist": True,
    "boxprops": {"facecolor": _PALE, "edgecolor": _INK},
    "medianprops": {"color": _INK, "linewidth": 1.8},
    "whiskerprops": {"color": _INK},
    "capprops": {"color": _INK},
    "flierprops": {"marker": "o", "markersize": 3},
}
_VIOLIN: _Style = {"facecolor": _PALE, "edgecolor": _PALE_EDGE}
_RUG: _Style = {
    "linestyle": "none",
    "marker": "_",
    "markersize": 5,
    "color": _INK,
    "alpha": 0.35,
    "rasterized": True,
}
_VIOLIN_POINTS, _VIOLIN_HALF = 200, 0.4
_CELL: _Style = {"width": 0.94, "height": 0.86, "linewidth": 0}
_READABLE = 60.0  # lightness above which black text is used
_MS = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
_NO_TICKS: _Style = {
    "left": False,
    "bottom": False,
    "labelleft": False,
    "labelbottom": False,
}


def _clock(minutes: float, _: object = None) -> str:
    return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}"


def _latency(ms: float, _: object = None) -> str:
    return f"{ms / 1_000:g} s" if ms >= 1_000 else f"{ms:g} ms"


def draw_watched_mean(
    axes: Axes,
    minutes: Sequence[int],
    means_ms: Sequence[float],
    *,
    alarm_ms: float,
    event: int,
) -> None:
    """Draw a mean under its alarm: the panel that stays green.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    minutes : sequence of int, shape (n,)
        Minutes since midnight.
    means_ms : sequence of float, shape (n,)
        Mean latency of each minute, in milliseconds.
    alarm_ms : float
        At which mean somebody is woken.
    event : int
        Minute in which the service changed.
    """
    axes.plot(minutes, means_ms, **_MEAN)
    axes.axhline(alarm_ms, **_LIMIT)
    axes.axvline(event, **_EVENT)
    first, last = minutes[0], minutes[-1] + 1
    axes.annotate(f"alarm at {alarm_ms:g} ms", (first, alarm_ms), **_ABOVE)
    axes.annotate(f"{means_ms[0]:.0f} ms", (first, means_ms[0]), **_ABOVE)
    axes.annotate("deploy", (event, 0), **_ABOVE)
    end = f"{means_ms[-1]:.0f} ms"
    axes.annotate(end, (minutes[-1], means_ms[-1]), **_BACK)
    axes.set(xlim=(first, last), ylim=(0, 1.2 * alarm_ms))
    axes.set(xlabel="time of day", ylabel="mean latency (ms)")
    _by_the_clock(axes)


def draw_heat(
    axes: Axes,
    minutes: Sequence[int],
    counts: npt.NDArray[np.integer[Any]],
    edges_ms: Sequence[float],
    *,
    lines: Mapping[str, Sequence[float]],
    event: int,
    note: tuple[str, float],
) -> None:
    """Draw histograms minute by minute, with percentiles over them.

    Parameters
    ----------
    axes : Axes
        Where to draw; the vertical axis becomes logarithmic.
    minutes : sequence of int, shape (n,)
        Minutes since midnight.
    counts : ndarray of int, shape (n, m - 1)
        Requests of each minute between two edges.
    edges_ms : sequence of float, shape (m,)
        Edges of the buckets, in milliseconds.
    lines : mapping of str to sequence of float, shape (n,)
        Percentiles by name, at most three; each is named at its end.
    event : int
        Minute in which the service changed.
    note : (str, float)
        What to see, and beside which latency, in milliseconds; it stands
        left of the event.
    """
    between = [*minutes, minutes[-1] + 1]
    shown = np.ma.masked_equal(counts.T, 0)
    axes.pcolormesh(between, edges_ms, shown, norm=LogNorm(1), **_HEAT)
    for (name, values), style in zip(lines.items(), _LINES, strict=False):
        axes.plot(minutes, values, path_effects=_HALO, **style)
        axes.annotate(name, (between[-1], values[-1]), **_BESIDE)
    axes.axvline(event, **_EVENT)
    axes.annotate(note[0], (event, note[1]), **_BEFORE)
    axes.set(xlim=(between[0], between[-1]), yscale="log")
    axes.set(ylim=(_MS[0], _MS[-1]), xlabel="time of day")
    axes.set_ylabel("latency (log scale)")
    axes.set_yticks(_MS)
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(_latency))
    _by_the_clock(axes)


def _by_the_clock(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MultipleLocator(20))
    axes.xaxis.set_major_formatter(FuncFormatter(_clock))


def draw_humps(axes: Axes, bins: Histogram, *, note: str) -> None:
    """Draw a histogram with a note on what it shows.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    bins : Histogram
        Counts and edges.
    note : str
        What to see; stands in the upper right corner.
    """
    axes.stairs(bins.counts, bins.edges, **_STAIRS)
    axes.set_ylim(0, 1.32 * max(bins.counts))
    axes.text(0.98, 0.97, note, transform=axes.transAxes, **_CORNER)


def draw_densities(
    axes: Axes,
    at: Sequence[float],
    curves: Mapping[str, tuple[Sequence[float], tuple[int, int]]],
    *,
    leak: str,
    unit: str,
) -> None:
    """Draw densities of what cannot be negative, and what leaks below 0.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    at : sequence of float, shape (n,)
        Where the densities are known; 0 among them.
    curves : mapping of str to (sequence of float, (int, int))
        At most three densities by name, each with the index at which it is
        named and how many points to the right the name stands.
    leak : str
        Name of the curve of which the part below 0 is hatched.
    unit : str
        Unit of the values.
    """
    grid = np.asarray(at)
    for (name, (values, (index, right))), style in zip(
        curves.items(), _CURVES, strict=False
    ):
        heights = np.asarray(values)
        # A density of 0 below the edge is no line.
        drawn = np.where((grid < 0) & (heights == 0), np.nan, heights)
        axes.plot(grid, drawn, **style)
        here = (float(grid[index]), float(heights[index]))
        axes.annotate(name, here, xytext=(right, 12), **_ARROW)
        if name == leak:
            axes.fill_between(grid, heights, where=grid <= 0, **_LEAK)
    axes.axvline(0, **_LIMIT)
    axes.set(xlim=(at[0], at[-1]), ylim=(0, None))
    axes.set(xlabel=f"waiting time ({unit})", ylabel=f"density (per {unit})")


def draw_pairs(
    axes: Axes,
    x: Floats,
    y: Floats,
    *,
    title: str,
    measures: Mapping[str, float],
) -> None:
    """Draw a scatter plot over its measures of dependence.

    Parameters
    ----------
    axes : Axes
        Where to draw; without ticks, since only the shape matters.
    x, y : ndarray of float, shape (n,)
        Pairs.
    title : str
        What the shape is.
    measures : mapping of str to float
        Measures by name, one a line below the plot.
    """
    axes.plot(x, y, **_DOTS)
    axes.margins(0.08)
    axes.tick_params(**_NO_TICKS)
    axes.set_title(title)
    # Adding zero turns a rounded -0.0 into 0.0.
    lines = [
        f"{name:<9}{round(value, 2) + 0.0:6.2f}"
        for name, value in measures.items()
    ]
    axes.set_xlabel("\n".join(lines), **_MEASURES)


def draw_canvas(axes: Axes, greys: npt.NDArray[np.uint8]) -> None:
    """Show a canvas of grey levels, pixel by pixel.

    Parameters
    ----------
    axes : Axes
        Where to draw; spans the unit square.
    greys : ndarray of uint8, shape (rows, columns)
        Grey levels, first row on top.
    """
    axes.imshow(greys, cmap="gray", vmin=0, vmax=255, **_IMAGE)
    axes.set(xticks=_HALVES, yticks=_HALVES)


def draw_raster(
    axes: Axes,
    counts: npt.NDArray[np.integer[Any]],
    *,
    notes: Mapping[str, tuple[float, float]],
) -> None:
    """Show counts of points, dark where there are many.

    Parameters
    ----------
    axes : Axes
        Where to draw; spans the unit square.
    counts : ndarray of int, shape (rows, columns)
        Points in each cell, first row at the bottom; cells without any stay
        empty, the others are shaded by the logarithm.
    notes : mapping of str to (float, float)
        What to see, and where its name starts in the unit square.
    """
    shown = np.ma.masked_equal(counts, 0)
    norm = LogNorm(0.5)  # so that a single point is not white
    axes.imshow(shown, cmap="Blues", norm=norm, origin="lower", **_IMAGE)
    for note, place in notes.items():
        axes.text(*place, note, path_effects=_HALO, **_NOTE)
    axes.set(xticks=_HALVES, yticks=_HALVES)


def draw_bars(
    axes: Axes,
    values: Mapping[str, float],
    *,
    base: float,
    top: float,
    unit: str,
) -> None:
    """Draw bars on an axis that starts at a base.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    values : mapping of str to float
        Values by name; each is written above its bar.
    base, top : float
        Where the axis starts and ends.
    unit : str
        What the values are.
    """
    places = range(len(values))
    axes.bar(places, [*values.values()], **_BAR)
    for place, value in zip(places, values.values(), strict=True):
        axes.annotate(f"{value:.1f}", (place, value), **_OVER)
    axes.set(ylim=(base, top), ylabel=unit, xlabel="model")
    axes.set_xticks(places, [*values])


def draw_dots(
    axes: Axes,
    values: Mapping[str, tuple[float, float]],
    *,
    unit: str,
) -> None:
    """Draw values as dots with intervals: positions, which may be zoomed.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    values : mapping of str to (float, float)
        Values by name, each with half the width of its interval.
    unit : str
        What the values are.
    """
    places = range(len(values))
    for place, (value, half) in zip(places, values.values(), strict=True):
        axes.errorbar(place, value, yerr=half, **_RANGE)
        axes.annotate(f"{value:.1f}", (place, value), **_BESIDE)
    axes.set(xlim=(-0.6, len(values) - 0.2), ylabel=unit, xlabel="model")
    axes.set_xticks(places, [*values])


def draw_boxes(
    axes: Axes, samples: Mapping[str, Floats], *, unit: str
) -> None:
    """Draw box plots by Tukey's rule.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    samples : mapping of str to ndarray of float
        Samples by name.
    unit : str
        Unit of the values.
    """
    axes.boxplot([*samples.values()], tick_labels=[*samples], **_BOX)
    axes.set_ylabel(unit)


def draw_violins(
    axes: Axes, samples: Mapping[str, Floats], *, bandwidth: float
) -> None:
    """Draw violins: mirrored kernel densities, and the values beside them.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    samples : mapping of str to ndarray of float
        Samples by name.
    bandwidth : float
        Standard deviation of each bump, in the unit of the values.
    """
    for place, sample in enumerate(samples.values(), 1):
        low, high = float(sample.min()), float(sample.max())
        grid = np.linspace(low, high, _VIOLIN_POINTS)
        heights = kernel_density(sample, grid, bandwidth=bandwidth)
        half = _VIOLIN_HALF * heights / heights.max()
        axes.fill_betweenx(grid, place - half, place + half, **_VIOLIN)
        axes.plot([place] * sample.size, sample, **_RUG)
    axes.set_xticks(range(1, len(samples) + 1), [*samples])
    axes.set_xlim(0.5, len(samples) + 0.5)


def draw_palette(
    axes: Axes, palette: Mapping[str, str], visions: Mapping[Vision, str]
) -> None:
    """Draw a palette as several readers see it.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    palette : mapping of str to str
        Colours by name; one column each.
    visions : mapping of vision to str
        Readers, and what to call them; one row each, from the top.
    """
    for row, vision in enumerate(visions):
        for column, (name, color) in enumerate(palette.items()):
            seen = seen_by(color, vision)
            place = (column - 0.47, row - 0.43)
            axes.add_patch(Rectangle(place, facecolor=seen, **_CELL))
            text = "black" if lightness(seen) > _READABLE else "white"
            style = _NOTE | {"color": text, "ha": "center", "va": "center"}
            axes.text(column, row, name, **style)
    axes.set(xlim=(-0.5, len(palette) - 0.5))
    axes.set(ylim=(len(visions) - 0.5, -0.5))
    axes.set_yticks(range(len(visions)), [*visions.values()])
    axes.tick_params(length=0, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
