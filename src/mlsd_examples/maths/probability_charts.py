"""The figures of the lessons on probability.

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
from matplotlib.ticker import FuncFormatter, NullFormatter

from mlsd_examples.maths.bayes import BetaBelief, Ruler
from mlsd_examples.maths.calibration import Reliability

__all__ = [
    "draw_collapse",
    "draw_coverage",
    "draw_modes",
    "draw_reliability",
]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
_Style: TypeAlias = dict[str, Any]

_INK, _FAINT, _BLUE, _ORANGE = "#222222", "#777777", "#0072B2", "#D55E00"
_GREEN, _PURPLE = "#007a5a", "#8a4f9e"
_CURVES: tuple[_Style, ...] = (
    {"color": _BLUE, "linestyle": "-", "marker": "o"},
    {"color": _ORANGE, "linestyle": "--", "marker": "s"},
    {"color": _GREEN, "linestyle": "-.", "marker": "^"},
    {"color": _PURPLE, "linestyle": ":", "marker": "D"},
)
_SMALL: _Style = {"fontsize": 8.5}
_PLAIN = FuncFormatter(lambda value, _: f"{value:g}")
_UNIT = (-0.03, 1.03)


def draw_reliability(axes: Axes, curves: Mapping[str, Reliability]) -> None:
    """Draw what happened against what was stated, a curve for each model.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    curves : mapping of str to Reliability
        At most four, by name.

    Raises
    ------
    ValueError
        If there are more curves than styles.
    """
    axes.plot([0, 1], [0, 1], color=_FAINT, linewidth=1.0)
    for style, (name, curve) in _styled(curves):
        axes.plot(
            curve.stated, curve.happened, label=name, markersize=4, **style
        )
    axes.set(xlim=_UNIT, ylim=_UNIT)
    axes.set(xlabel="stated probability", ylabel="share that happened")
    axes.legend(loc="upper left", **_SMALL)


def draw_collapse(
    axes: Axes, copies: Sequence[int], curves: Mapping[str, Sequence[float]]
) -> None:
    """Draw measures of a model against the copies of a feature.

    Parameters
    ----------
    axes : Axes
        Where to draw; both axes become logarithmic.
    copies : sequence of int
        How often the feature is there, from 1.
    curves : mapping of str to sequence of float
        At most four measures, by name, in the order of `copies`.

    Raises
    ------
    ValueError
        If there are more curves than styles.
    """
    for style, (name, values) in _styled(curves):
        axes.plot(copies, values, label=name, markersize=4, **style)
    axes.set(xscale="log", yscale="log")
    axes.set(xlabel="copies of one feature", ylabel="measure (log scale)")
    axes.set_xticks(list(copies))
    axes.xaxis.set_major_formatter(_PLAIN)
    axes.yaxis.set_major_formatter(_PLAIN)
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.legend(loc="best", **_SMALL)


def draw_coverage(
    axes: Axes,
    proportions: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    *,
    nominal: float,
) -> None:
    """Draw the coverage of intervals against the true proportion.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    proportions : sequence of float
        True proportions.
    curves : mapping of str to sequence of float
        Coverage by method, at most four.
    nominal : float
        What was promised.

    Raises
    ------
    ValueError
        If there are more curves than styles.
    """
    axes.axhline(nominal, color=_FAINT, linewidth=1.0)
    for style, (name, values) in _styled(curves):
        line = {**style, "marker": "", "linewidth": 1.3}
        axes.plot(proportions, values, label=name, **line)
    axes.set(xlabel="true proportion", ylabel="coverage")
    axes.legend(loc="lower right", **_SMALL)


def draw_modes(
    axes: Axes, belief: BetaBelief, rulers: Sequence[Ruler]
) -> None:
    """Draw one belief along several rulers, each with its mode.

    Parameters
    ----------
    axes : Axes
        Where to draw; the densities are scaled to the same height.
    belief : BetaBelief
        With a mode along each ruler.
    rulers : sequence of str
        At most four.

    Raises
    ------
    ValueError
        If there are more rulers than styles, or a mode does not exist.
    """
    theta = np.linspace(0.001, 0.999, 999)
    densities = {ruler: belief.density(theta, ruler) for ruler in rulers}
    for style, (ruler, height) in _styled(densities):
        mode = belief.mode(ruler)
        name = f"by unit of {ruler}: {mode:.3f}"
        line = {**style, "marker": ""}
        axes.plot(theta, height / height.max(), label=name, **line)
        axes.plot([mode], [1.0], color=style["color"], marker=style["marker"])
    axes.axvline(belief.mean, color=_INK, linewidth=0.8)
    axes.set(xlim=(0, 1), ylim=(0, 1.5), yticks=[])
    axes.set(xlabel="theta", ylabel="density, scaled to its peak")
    axes.legend(loc="upper left", **_SMALL)


def _styled(
    curves: Mapping[Any, Any],
) -> list[tuple[_Style, tuple[Any, Any]]]:
    if len(curves) > len(_CURVES):
        raise ValueError(f"{len(curves)} curves, but {len(_CURVES)} styles")
    return list(zip(_CURVES, curves.items(), strict=False))
