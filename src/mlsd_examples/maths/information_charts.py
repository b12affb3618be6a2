"""The figures of the lesson on information theory.

Each function draws into axes that it is given and returns nothing; colour is
never the only difference, so that the figures can be read in grey.

In production, use Matplotlib directly; these functions show nothing that it
cannot.
"""

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from scipy.stats import norm

from mlsd_examples.maths.gaussian_fits import Fit, Mixture
from mlsd_examples.maths.saturation import LOSSES, logit_gradient

__all__ = ["draw_fits", "draw_gradients", "draw_indices"]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
_Style: TypeAlias = dict[str, Any]

_INK, _FAINT, _BLUE, _ORANGE = "#222222", "#777777", "#0072B2", "#D55E00"
_TARGET: _Style = {"color": "#b9d3e6", "linewidth": 0}
_OUTLINE: _Style = {"color": "#6f9fbe", "linewidth": 1.0}
_STYLES: tuple[_Style, ...] = (
    {"color": _ORANGE, "linestyle": "-", "linewidth": 2.0},
    {"color": _BLUE, "linestyle": "--", "linewidth": 2.0},
    {"color": _INK, "linestyle": ":", "linewidth": 2.0},
    {"color": _FAINT, "linestyle": "-.", "linewidth": 2.0},
)
_LINE: _Style = {"color": _INK, "linewidth": 1.2}
_LEGEND: _Style = {"fontsize": 8.5}
_NOTE: _Style = {
    "fontsize": 8.5,
    "color": _INK,
    "textcoords": "offset points",
    "xytext": (4, -10),
}
_GRID, _BINS = 801, 60
_SHORT = FuncFormatter(lambda value, _: f"{value:g}")


def draw_fits(
    axes: Axes,
    target: Mixture,
    fits: Mapping[str, Fit],
    *,
    shown: tuple[float, float],
) -> None:
    """Draw a target density and the Gaussians fitted to it.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    target : Mixture
        The target, drawn as an area.
    fits : mapping of str to Fit
        At most four fitted Gaussians by name, drawn as lines.
    shown : tuple of float
        First and last value shown.
    """
    x = np.linspace(*shown, _GRID)
    density = np.exp(target.log_density(x))
    axes.fill_between(x, density, label="target", **_TARGET)
    axes.plot(x, density, **_OUTLINE)
    for style, (name, fit) in zip(_STYLES, fits.items(), strict=False):
        axes.plot(x, norm.pdf(x, fit.mean, fit.sd), label=name, **style)
    axes.set(xlim=shown, ylim=(0, None), xlabel="x", ylabel="density")
    axes.legend(**_LEGEND)


def draw_gradients(axes: Axes, *, shown: tuple[float, float]) -> None:
    """Draw the push of each loss on the logit, for a label of 1.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    shown : tuple of float
        First and last logit shown.
    """
    z = np.linspace(*shown, _GRID)
    for style, loss in zip(_STYLES, LOSSES, strict=False):
        push = [-logit_gradient(float(at), loss=loss) for at in z]
        axes.plot(z, push, label=loss, **style)
    axes.set(xlim=shown, ylim=(0, 1.05))
    axes.set(xlabel="logit z of the true class", ylabel="push: -dL/dz")
    axes.legend(**_LEGEND)


def draw_indices(
    axes: Axes,
    indices: Mapping[str, Floats],
    *,
    threshold: float,
) -> None:
    """Draw laws of the stability index beside a threshold.

    Parameters
    ----------
    axes : Axes
        Where to draw; the horizontal axis becomes logarithmic.
    indices : mapping of str to ndarray of float, shape (runs,)
        At most four samples of the index by name, all > 0; infinite ones
        cannot be shown and are left out.
    threshold : float
        Index at which somebody is paged.
    """
    for style, (name, values) in zip(_STYLES, indices.items(), strict=False):
        logs = np.log10(values[np.isfinite(values)])
        density, edges = np.histogram(logs, bins=_BINS, density=True)
        middles = 10 ** ((edges[1:] + edges[:-1]) / 2)
        axes.plot(middles, density, label=name, **style)
    axes.axvline(threshold, **_LINE)
    top = math.ceil(2 * axes.get_ylim()[1]) / 2
    axes.annotate(f"page at {threshold:g}", (threshold, top), **_NOTE)
    axes.set(xscale="log", ylim=(0, top))
    axes.set(xlabel="stability index (log scale)")
    axes.set_ylabel("density, per factor of ten")
    axes.xaxis.set_major_formatter(_SHORT)
    axes.legend(**_LEGEND)
