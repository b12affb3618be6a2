"""The figures of the lessons on linear algebra.

Each function draws into axes that it is given and returns nothing; colour is
never the only difference, so that the figures can be read in grey.

In production, use Matplotlib directly; these functions show nothing that it
cannot.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from mlsd_examples.maths.monte_carlo import Rate

__all__ = ["draw_kept", "draw_power_norms"]

_Style: TypeAlias = dict[str, Any]

_INK, _FAINT, _BLUE, _ORANGE = "#222222", "#777777", "#0072B2", "#D55E00"
_VARIANCE: _Style = {"color": _INK, "linewidth": 1.8, "linestyle": "-"}
_RECALLS: tuple[_Style, ...] = (
    {"color": _BLUE, "linestyle": "--", "marker": "o"},
    {"color": _ORANGE, "linestyle": ":", "marker": "s"},
    {"color": _ORANGE, "linestyle": "-.", "marker": "^"},
)
_BARS: _Style = {"markersize": 4.5, "capsize": 2.5, "linewidth": 1.6}
_CUT: _Style = {"color": _FAINT, "linewidth": 1.0}
_STEP: _Style = {"color": _FAINT, "linewidth": 1.0, "linestyle": ":"}
_CURVES: tuple[_Style, ...] = (
    {"color": _ORANGE, "linestyle": "-"},
    {"color": _BLUE, "linestyle": "--"},
)
_NOTE: _Style = {
    "fontsize": 8.5,
    "color": _INK,
    "textcoords": "offset points",
    "xytext": (-5, 0),
    "ha": "right",
}
_LEGEND: _Style = {"loc": "lower right", "fontsize": 8.5}
_SHARES_SHOWN = (-0.02, 1.03)


def draw_kept(
    axes: Axes,
    dims: Sequence[int],
    variance: Sequence[float],
    recalls: Mapping[str, Sequence[Rate]],
    *,
    cut: int,
) -> None:
    """Draw the variance kept and the recall kept against dimensions.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    dims : sequence of int, shape (n,)
        Dimensions kept, in rising order.
    variance : sequence of float, shape (n,)
        Share of the variance kept.
    recalls : mapping of str to sequence of Rate, shape (n,)
        Recall by name, at most three; drawn with two standard errors.
    cut : int
        Dimensions at which a vertical line stands.

    Raises
    ------
    ValueError
        If there are more than three recalls.
    """
    if len(recalls) > len(_RECALLS):
        raise ValueError(f"{len(recalls)} recalls, and {len(_RECALLS)} styles")
    axes.plot(dims, variance, label="variance kept", **_VARIANCE)
    for style, (name, rates) in zip(_RECALLS, recalls.items(), strict=False):
        shares = [rate.value for rate in rates]
        errors = [2 * rate.standard_error for rate in rates]
        axes.errorbar(dims, shares, errors, label=name, **style, **_BARS)
    axes.axvline(cut, **_CUT)
    axes.annotate(f"{cut} dimensions", (cut, 0.25), **_NOTE)
    axes.set(xlim=(0, dims[-1]), ylim=_SHARES_SHOWN, xticks=dims)
    axes.set(xlabel="dimensions kept", ylabel="share kept")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.legend(**_LEGEND)


def draw_power_norms(
    axes: Axes, curves: Mapping[str, Sequence[float]]
) -> None:
    """Draw how far the powers of matrices stretch, step by step.

    Parameters
    ----------
    axes : Axes
        Where to draw; the vertical axis becomes logarithmic.
    curves : mapping of str to sequence of float
        Norms of the first, second, ... power by name, at most two.

    Raises
    ------
    ValueError
        If there are more than two curves.
    """
    if len(curves) > len(_CURVES):
        raise ValueError(f"{len(curves)} curves, and {len(_CURVES)} styles")
    for style, (name, norms) in zip(_CURVES, curves.items(), strict=False):
        axes.plot(range(1, len(norms) + 1), norms, label=name, **style)
    axes.axhline(1.0, **_STEP)
    axes.set(yscale="log", xlim=(1, None))
    axes.set(xlabel="power k", ylabel="largest stretch (log scale)")
    axes.legend(loc="upper right", fontsize=8.5)
