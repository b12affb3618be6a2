"""The figures of joins and categories.

Each function draws into axes that it is given and returns nothing; colour is
never the only difference, so that the figures can be read in grey.

In production, use Matplotlib directly.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from mlsd_examples._refusals import whole
from mlsd_examples.toolkit.joins import float_spacing

__all__ = ["draw_category_bytes", "draw_rounded_ids", "draw_survivors"]

_Style: TypeAlias = dict[str, Any]

_INK, _BLUE, _ORANGE = "#222222", "#0072B2", "#D55E00"
_IDS: _Style = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 4,
    "color": _BLUE,
}
_FLOATS: _Style = {
    "linestyle": "none",
    "marker": "|",
    "markersize": 18,
    "markeredgewidth": 2,
    "color": _ORANGE,
}
_MOVES: _Style = {"color": "#9a9a9a", "linewidth": 0.8, "zorder": 0}
_CURVE: _Style = {"color": _BLUE, "linewidth": 1.4}
_FOUND: _Style = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 5,
    "markerfacecolor": "white",
    "color": _INK,
}
_LABEL: _Style = {
    "fontsize": 8.5,
    "color": _INK,
    "textcoords": "offset points",
}
_NAME: _Style = {"xytext": (-7, -4), "ha": "right", **_LABEL}
_NOTE: _Style = {"xytext": (-4, 6), "ha": "right", **_LABEL}
_RULE: _Style = {"color": _INK, "linewidth": 0.8}
_ROWS: _Style = {"ylim": (-0.45, 1.45), "yticks": (0, 1)}
_LEGEND: _Style = {"loc": "upper right", "fontsize": 8.5}
_LEGEND_LEFT: _Style = {"loc": "center left", "fontsize": 8.5}
_POINTS: _Style = {"markersize": 4}
_LINES = ("-", "--", ":", "-.")
_MARKS = ("o", "s", "^", "v")
_LAST_BIT = 62
_MEGA = 1e6


def draw_rounded_ids(axes: Axes, ids: Sequence[int], *, start: int) -> None:
    """Draw ids, the floats that can be held, and where each id goes.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    ids : sequence of int
        Ids from `start` on, near each other.
    start : int
        Origin of the horizontal axis: a float that can be held.

    Raises
    ------
    ValueError
        If there is no id, or one lies before `start`.
    """
    if not ids:
        raise ValueError("there is no id to draw")
    for identifier in ids:
        whole("id", identifier, least=start)
    step = float_spacing(start)
    last = max(ids) - start
    grid = range(0, last + step, step)
    for identifier in ids:
        goes = int(float(identifier)) - start
        axes.plot([identifier - start, goes], [1, 0], **_MOVES)
    axes.plot([i - start for i in ids], [1] * len(ids), **_IDS)
    axes.plot(list(grid), [0] * len(grid), **_FLOATS)
    axes.set(**_ROWS)
    axes.set_yticklabels(["float64", "int64"])
    power = start.bit_length() - 1
    axes.set(xlabel=f"id minus 2^{power}")
    axes.set_xticks(list(grid))


def draw_survivors(
    axes: Axes, found: Mapping[int, float], *, marks: Mapping[int, str]
) -> None:
    """Draw the share of ids that survive a visit to float64.

    Parameters
    ----------
    axes : Axes
        Where to draw; the vertical axis becomes logarithmic.
    found : mapping of int to float
        Measured shares by the size of the ids in bits, above 0.
    marks : mapping of int to str
        Names of well-known sizes, in bits.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1.
    """
    for bits, value in found.items():
        if not 0 < value <= 1:
            raise ValueError(f"share {value} at {bits} bits is impossible")
    sizes = range(48, _LAST_BIT + 1)
    exact = [1 / float_spacing(2**bits) for bits in sizes]
    axes.plot(list(sizes), exact, label="1 / spacing", **_CURVE)
    axes.plot(list(found), list(found.values()), label="measured", **_FOUND)
    for bits, name in marks.items():
        place = (bits, 1 / float_spacing(2**bits))
        axes.annotate(name, place, **_NAME)
    axes.set(yscale="log", xlabel="size of the ids: 2^k to 2^(k+1), k")
    axes.set(ylabel="share of ids that survive")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    axes.legend(**_LEGEND)


def draw_category_bytes(
    axes: Axes,
    shares: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    *,
    break_even: float,
) -> None:
    """Draw the bytes of a column against the share of different labels.

    Parameters
    ----------
    axes : Axes
        Where to draw; the horizontal axis becomes logarithmic.
    shares : sequence of float
        Different labels per row, above 0.
    curves : mapping of str to sequence of float
        Bytes by storage, one for each share; at most four storages.
    break_even : float
        Share at which text and categories cost the same.

    Raises
    ------
    ValueError
        If there are more than four curves, or one has another length.
    """
    if len(curves) > len(_LINES):
        raise ValueError(f"{len(curves)} curves are more than {len(_LINES)}")
    styles = zip(curves.items(), _LINES, _MARKS)  # noqa: B905 - as many as curves
    for (name, sizes), line, mark in styles:
        if len(sizes) != len(shares):
            raise ValueError(
                f"{name!r} has {len(sizes)} sizes for {len(shares)} shares"
            )
        megabytes = [size / _MEGA for size in sizes]
        axes.plot(shares, megabytes, line + mark, label=name, **_POINTS)
    axes.axvline(break_even, **_RULE)
    axes.annotate(f"break-even {break_even:.2f}", (break_even, 0), **_NOTE)
    axes.set(xscale="log", ylim=(0, None))
    axes.set(xlabel="different labels per row", ylabel="column in MB")
    axes.legend(**_LEGEND_LEFT)
