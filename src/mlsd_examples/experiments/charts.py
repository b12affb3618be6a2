"""The figures of the lessons on experiments.

Each function draws into axes that it is given and returns nothing; colour is
never the only difference, so that the figures can be read in grey.

In production, use Matplotlib directly; these functions show nothing that it
cannot.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from mlsd_examples.experiments.dashboards import first_crossing
from mlsd_examples.maths.monte_carlo import Rate

__all__ = ["draw_estimates", "draw_misses", "draw_paths", "draw_rates"]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]

_Style: TypeAlias = dict[str, Any]

_INK, _FAINT, _BLUE, _ORANGE = "#222222", "#777777", "#0072B2", "#D55E00"
_NEVER: _Style = {"color": "#c8c8c8", "linewidth": 0.7, "zorder": 1}
_WON: _Style = {"color": _BLUE, "linewidth": 1.0, "zorder": 2}
_LOST: _Style = {
    "color": _ORANGE,
    "linewidth": 1.0,
    "linestyle": (0, (4, 1.5)),
    "zorder": 2,
}
_FIRST: _Style = {"markersize": 4.5, "zorder": 4, "linestyle": "none"}
_FIRST_WON: _Style = {"marker": "o", "color": _BLUE, **_FIRST}
_FIRST_LOST: _Style = {"marker": "v", "color": _ORANGE, **_FIRST}
_LINE: _Style = {"color": _INK, "linewidth": 1.2}
_PROMISE: _Style = {"color": _FAINT, "linewidth": 1.0}
_CURVE: _Style = {"color": _BLUE}
_SIMULATED: _Style = {
    "fmt": "o",
    "markersize": 4.5,
    "markerfacecolor": "white",
    "color": _INK,
    "capsize": 2.5,
    "linewidth": 1.0,
    "zorder": 3,
}
_PUBLISHED: _Style = {
    "linestyle": "none",
    "marker": "x",
    "color": _INK,
    "markersize": 6,
    "zorder": 4,
}
_SIDES: tuple[_Style, ...] = (
    {"color": _ORANGE, "linestyle": "-"},
    {"color": _BLUE, "linestyle": "--"},
)
_MISSED: _Style = {"marker": "o", "markersize": 4, "capsize": 2.5}
_BINS = 30
_STAIRS: _Style = {
    "fill": True,
    "facecolor": "#b9d3e6",
    "edgecolor": "#6f9fbe",
}
_STYLES = ("-", "--", ":", "-.")

_NOTE: _Style = {
    "fontsize": 8.5,
    "color": _INK,
    "textcoords": "offset points",
}
_AT_END: _Style = {"xytext": (-8, 6), "ha": "right", **_NOTE}
_ABOVE: _Style = {"xytext": (0, 4), "ha": "right", **_NOTE}
_BESIDE: _Style = {"xytext": (6, 6), "ha": "left", **_NOTE}
_LEFT: _Style = {"xytext": (-4, -3), "ha": "right", "va": "top", **_NOTE}
_RIGHT: _Style = {"xytext": (4, -3), "ha": "left", "va": "top", **_NOTE}
_TITLE: _Style = {"loc": "left", "fontsize": 9.5, "color": _INK}
_LEGEND: _Style = {"loc": "lower left", "fontsize": 8.5}

# Powers of ten as 1, 10, 100: a number of looks is a count.
_PLAIN = FuncFormatter(lambda value, _: f"{value:,.0f}")
_SHORT = FuncFormatter(lambda value, _: f"{value:g}")
_ONE_TWO_FIVE = (1.0, 2.0, 5.0)
_Z_SHOWN = (-4.6, 5.6)
_HEADROOM = 1.12
_SHARES_SHOWN = (-0.01, None)


def draw_paths(
    axes: Axes,
    z: Floats,
    *,
    bound: float,
    others: Mapping[str, tuple[Sequence[float], Sequence[float]]],
) -> None:
    """Draw tests look by look, and mark where each first crosses.

    The title counts them: a reader remembers how many, not which.

    Parameters
    ----------
    axes : Axes
        Where to draw; the horizontal axis becomes logarithmic.
    z : ndarray of float, shape (tests, looks)
        z-statistics.
    bound : float
        Bound on the absolute z-statistic at which somebody stops, > 0.
    others : mapping of str to (sequence of float, sequence of float)
        Further bounds by name, as looks and values; drawn above.

    Raises
    ------
    ValueError
        If `z` or `bound` is impossible; see
        :func:`~mlsd_examples.experiments.dashboards.first_crossing`.
    """
    looks = range(1, np.shape(z)[1] + 1)
    first = first_crossing(z, bound, side="either").tolist()
    turned = {True: 0, False: 0}
    for path, at in zip(z.tolist(), first, strict=True):
        style = _NEVER
        if at < len(looks):
            won = path[at] > 0
            turned[won] += 1
            style, mark = (_WON, _FIRST_WON) if won else (_LOST, _FIRST_LOST)
            axes.plot([looks[at]], [path[at]], **mark)
        axes.plot(looks, path, **style)
    axes.axhline(bound, label=f"±{bound:.2f}", **_LINE)
    axes.axhline(-bound, **_LINE)
    for number, (name, (when, values)) in enumerate(others.items(), 1):
        axes.plot(when, values, _STYLES[number], label=name, **_LINE)
    axes.set(xscale="log", xlim=(1, len(looks)), ylim=_Z_SHOWN)
    axes.set(xlabel="look (log scale)", ylabel="z-statistic")
    axes.set_title(
        f"{len(first)} tests of nothing: {turned[True]} turn green,"
        f" {turned[False]} red",
        **_TITLE,
    )
    axes.xaxis.set_major_formatter(_PLAIN)
    axes.legend(**_LEGEND)


def draw_rates(
    axes: Axes,
    looks: Sequence[int],
    curves: Mapping[str, Sequence[float]],
    *,
    simulated: Mapping[int, Sequence[Rate]],
    published: Mapping[int, float],
    alpha: float,
) -> None:
    """Draw rates against the number of looks, by every route there is.

    Parameters
    ----------
    axes : Axes
        Where to draw; the horizontal axis becomes logarithmic.
    looks : sequence of int, shape (n,)
        Numbers of looks of the exact curves.
    curves : mapping of str to sequence of float, shape (n,)
        Exact rates by name; each name stands at the end of its curve.
    simulated : mapping of int to sequence of Rate
        Simulated rates at some numbers of looks, drawn with two standard
        errors.
    published : mapping of int to float
        Published rates at some numbers of looks.
    alpha : float
        Level that was promised.
    """
    for number, (name, rates) in enumerate(curves.items()):
        axes.plot(looks, rates, _STYLES[number], **_CURVE)
        axes.annotate(name, (looks[-1], rates[-1]), **_AT_END)
    for at, found in simulated.items():
        for rate in found:
            error = 2 * rate.standard_error
            axes.errorbar(at, rate.value, yerr=error, **_SIMULATED)
    axes.plot(list(published), list(published.values()), **_PUBLISHED)
    axes.axhline(alpha, **_PROMISE)
    axes.annotate(f"promised: {alpha:.0%}", (looks[-1], alpha), **_ABOVE)
    axes.set(xscale="log", xlim=(looks[0], 1.1 * looks[-1]), ylim=(0, None))
    axes.set(xlabel="number of looks (log scale)", ylabel="share of A/A tests")
    axes.xaxis.set_major_formatter(_PLAIN)


def draw_estimates(
    axes: Axes, estimates: Floats, *, truth: float, unit: str
) -> None:
    """Draw what is reported when a test stops, beside what is true.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    estimates : ndarray of float, shape (tests,)
        Estimated effect of each test when it stopped, > 0.
    truth : float
        True effect, > 0.
    unit : str
        Unit of both.
    """
    mean = float(np.mean(estimates))
    axes.set_xscale("log")
    counts, edges = np.histogram(np.log(estimates), bins=_BINS)
    axes.stairs(counts, np.exp(edges), **_STAIRS)
    top = _HEADROOM * float(counts.max())
    for value, name, line, note in (
        (truth, "truth", "-", _LEFT),
        (mean, "mean report", "--", _RIGHT),
    ):
        axes.axvline(value, linestyle=line, **_LINE)
        axes.annotate(f"{name}\n{value:.2f}", (value, top), **note)
    axes.set(ylim=(0, top), ylabel="launches")
    axes.set_xlabel(f"effect reported at the stop ({unit}, log scale)")
    axes.xaxis.set_major_locator(LogLocator(subs=_ONE_TWO_FIVE))
    axes.xaxis.set_major_formatter(_SHORT)
    axes.xaxis.set_minor_formatter(NullFormatter())


def draw_misses(
    axes: Axes,
    sizes: Sequence[int],
    sides: Mapping[str, Sequence[Rate]],
    *,
    nominal: float,
) -> None:
    """Draw how often intervals miss on each side, against sample size.

    Parameters
    ----------
    axes : Axes
        Where to draw; the horizontal axis becomes logarithmic.
    sizes : sequence of int, shape (n,)
        Sample sizes.
    sides : mapping of str to sequence of Rate, shape (n,)
        Shares of intervals that miss, by name.
    nominal : float
        Share that is promised for each side.
    """
    for number, (name, rates) in enumerate(sides.items()):
        shares = [rate.value for rate in rates]
        errors = [2 * rate.standard_error for rate in rates]
        style = _SIDES[number] | _MISSED
        axes.errorbar(sizes, shares, yerr=errors, **style)
        axes.annotate(name, (sizes[0], shares[0]), **_BESIDE)
    axes.axhline(nominal, **_PROMISE)
    axes.set(xscale="log", ylim=_SHARES_SHOWN)
    axes.set(xlabel="values in the sample (log scale)")
    axes.set_ylabel("share of intervals that miss")
    axes.xaxis.set_major_formatter(_PLAIN)
