r"""What depth does to a gradient, before the first step of training.

Backpropagation multiplies the gradient by one matrix a layer.  On average
over random weights each layer multiplies its norm by a factor, and the
factor is set by the initialisation and the architecture: below one the
gradient vanishes with depth, above one it explodes.

In production, log the norm of each layer's gradient at the first step; the
initialisers are in :mod:`torch.nn.init`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from mlsd_examples._refusals import positive, whole

__all__ = [
    "RECIPES",
    "GradientNorms",
    "Recipe",
    "draw_gradient_norms",
    "expected_gain",
    "gradient_norms",
]

Floats: TypeAlias = npt.NDArray[np.float64]
_Style: TypeAlias = dict[str, Any]

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(101)
_WEIGHTS = _WEIGHTS / math.sqrt(2 * math.pi)
# A layer without variance has no direction: 1e-12 is far below any here.
_FLOOR = 1e-12


def _sigmoid(z: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(z / 2)))


def _relu(z: Floats) -> Floats:
    return np.maximum(z, 0.0)


_ACTIVATIONS: dict[
    str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]
] = {
    "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * (1 - _sigmoid(z))),
    "tanh": (lambda z: np.asarray(np.tanh(z)), lambda z: 1 - np.tanh(z) ** 2),
    "relu": (_relu, lambda z: (z > 0).astype(np.float64)),
}


@dataclass(frozen=True)
class Recipe:
    r"""How a layer is built and drawn.

    Parameters
    ----------
    activation : {"sigmoid", "tanh", "relu"}
        What acts on each unit.
    gain : float
        Weights have the variance gain² / width.
    fixed_sd : float, optional
        Their standard deviation, whatever the width, instead.
    norm : {"", "batch", "layer"}
        What is normalised before the activation: nothing, each unit over
        the batch, or each example over its units.
    residual : bool
        Whether a layer adds to its input.
    """

    activation: str
    gain: float = 1.0
    fixed_sd: float | None = None
    norm: str = ""
    residual: bool = False

    def weight_sd(self, width: int) -> float:
        """Return the standard deviation of a weight at a width."""
        if self.fixed_sd is not None:
            return self.fixed_sd
        return self.gain / math.sqrt(width)


_HE = math.sqrt(2)
RECIPES = {
    "plain residual, He": Recipe("relu", _HE, residual=True),
    "ReLU, 1.5 × He": Recipe("relu", 1.5 * _HE),
    "batch norm, He": Recipe("relu", _HE, norm="batch"),
    "pre-norm residual, He": Recipe("relu", _HE, norm="layer", residual=True),
    "ReLU, He": Recipe("relu", _HE),
    "tanh, Xavier": Recipe("tanh"),
    "ReLU, Xavier": Recipe("relu"),
    "sigmoid, Xavier": Recipe("sigmoid"),
    "ReLU, sd 0.01": Recipe("relu", fixed_sd=0.01),
}


@dataclass(frozen=True)
class GradientNorms:
    """Norms of the gradient in many networks, layer by layer.

    Parameters
    ----------
    log_norms : ndarray of float, shape (networks, depth + 1)
        Natural logarithm of the norm of the gradient after it has passed
        0, 1, ... layers on its way back, over its norm at the output.
    """

    log_norms: Floats

    def typical(self, layers: int) -> float:
        """Return the geometric mean of the norm after some layers."""
        return float(np.exp(self.log_norms[:, layers].mean()))

    def quantiles(self, *levels: float) -> Floats:
        """Return quantiles over networks, shape (levels, depth + 1)."""
        return np.exp(np.quantile(self.log_norms, levels, axis=0))

    def factor(self) -> tuple[float, float]:
        """Return the factor of a layer, and its standard error."""
        networks, columns = self.log_norms.shape
        slopes = self.log_norms[:, -1] / (columns - 1)
        error = float(slopes.std(ddof=1)) / math.sqrt(networks)
        factor = math.exp(float(slopes.mean()))
        return factor, factor * error


def gradient_norms(
    recipe: Recipe,
    *,
    depth: int,
    width: int,
    batch: int,
    networks: int,
    rng: np.random.Generator,
) -> GradientNorms:
    r"""Backpropagate through many random networks at once.

    Parameters
    ----------
    recipe : Recipe
        How the layers are built and drawn.
    depth, width, batch : int
        Layers, units a layer and examples, at least 1; a batch norm needs
        two examples, a layer norm two units.
    networks : int
        Independent networks, at least 2.
    rng : Generator
        Source of weights, inputs and output gradients, all normal.

    Returns
    -------
    GradientNorms
        Norm over the whole batch of the gradient with respect to the input
        of each layer.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If one is too small, the recipe names what does not exist, or no
        unit of a network lets anything through.

    Notes
    -----
    A layer maps h to :math:`W\phi(\mathrm{norm}(h))`, plus h if it is
    residual.  The memory is that of all inputs: ``8 * networks * depth *
    batch * width`` bytes, and twice that with a norm.

    Examples
    --------
    Fifty layers of sigmoids lose the gradient; He's ReLUs keep it:

    >>> size = {"depth": 50, "width": 40, "batch": 8, "networks": 6}
    >>> rng = np.random.default_rng(1)
    >>> lost = gradient_norms(RECIPES["sigmoid, Xavier"], **size, rng=rng)
    >>> lost.typical(50) < 1e-28
    True
    >>> kept = gradient_norms(RECIPES["ReLU, He"], **size, rng=rng)
    >>> 0.05 < kept.typical(50) < 5
    True

    >>> gradient_norms(Recipe("swish"), **size, rng=rng)
    Traceback (most recent call last):
        ...
    ValueError: activation='swish' is unknown
    """
    _refuse_unknown(recipe)
    whole("depth", depth, least=1)
    whole("width", width, least=2 if recipe.norm == "layer" else 1)
    whole("batch", batch, least=2 if recipe.norm == "batch" else 1)
    whole("networks", networks, least=2)
    act, slope = _ACTIVATIONS[recipe.activation]
    axis = {"": None, "batch": 1, "layer": 2}[recipe.norm]
    h = rng.standard_normal((networks, batch, width))
    tape: list[tuple[Floats, Floats, Floats]] = []
    sd = recipe.weight_sd(width)
    for _ in range(depth):
        weights = sd * rng.standard_normal((networks, width, width))
        z, scale = _normalized(h, axis)
        tape.append((z, scale, weights))
        h = act(z) @ weights + (h if recipe.residual else 0.0)
    delta = rng.standard_normal(h.shape)
    logs = [_log_norms(delta)]
    for z, scale, weights in reversed(tape):
        back = (delta @ weights.swapaxes(1, 2)) * slope(z)
        back = _through_norm(back, z, scale, axis)
        delta = back + (delta if recipe.residual else 0.0)
        logs.append(_log_norms(delta))
    table = np.array(logs).T
    return GradientNorms(table - table[:, :1])


def expected_gain(recipe: Recipe, depth: int, *, width: int) -> float:
    r"""Return the expected growth of the gradient by mean-field theory.

    Parameters
    ----------
    recipe : Recipe
        How the layers are built and drawn.
    depth : int
        Layers, at least 1.
    width : int
        Units a layer: matters for a fixed standard deviation alone.

    Returns
    -------
    float
        Root mean square norm at the input over that at the output, at
        infinite width and batch.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If one is below 1, or the recipe names what does not exist.

    Notes
    -----
    With q the variance of a unit and s² the variance of a weight times the
    width, a plain layer multiplies the squared norm by
    :math:`s^2\,\mathrm{E}\phi'(\sqrt q z)^2`, and
    :math:`q \leftarrow s^2\,\mathrm{E}\phi(\sqrt q z)^2`.  A residual adds
    1 to the first and q to the second.  A layer norm divides the first by q
    and puts q = 1 inside; so does a batch norm, with
    :math:`q = s^2\,\mathrm{Var}\,\phi`, because it removes the mean that
    the examples share.  Activations see q = 1 at the input.

    References
    ----------
    He et al. (2015); Yang et al. (2019) for batch norm.

    Examples
    --------
    He's factor is 1, and batch norm without skips has its own; the first
    layer sees no scale yet, all others multiply by 1.211:

    >>> expected_gain(RECIPES["ReLU, He"], 50, width=100)
    1.0
    >>> gain = expected_gain(RECIPES["batch norm, He"], 50, width=100)
    >>> round(gain ** (1 / 50), 3)
    1.207

    >>> expected_gain(RECIPES["ReLU, He"], 0, width=100)
    Traceback (most recent call last):
        ...
    ValueError: depth=0 is below 1
    """
    _refuse_unknown(recipe)
    whole("depth", depth, least=1)
    whole("width", width, least=1)
    variance = recipe.weight_sd(width) ** 2 * width
    q, log_gain = 1.0, 0.0
    for _ in range(depth):
        inside = 1.0 if recipe.norm else q
        value, steep, mean = _moments(recipe.activation, inside)
        back = variance * steep / (q if recipe.norm else 1.0)
        # The first batch is centred by chance; later ones are by the norm.
        spread = value - mean**2 if recipe.norm == "batch" else value
        q = variance * spread + (q if recipe.residual else 0.0)
        log_gain += math.log(back + (1.0 if recipe.residual else 0.0))
    return math.exp(log_gain / 2)


def draw_gradient_norms(
    axes: Axes, results: Mapping[str, GradientNorms]
) -> None:
    """Draw the norm of the gradient against the layers it has passed.

    Lines are geometric means over networks, bands the middle four fifths of
    the networks; each name stands at the end of its line.

    Parameters
    ----------
    axes : Axes
        Where to draw; the vertical axis becomes logarithmic.
    results : mapping of str to GradientNorms
        Results by name, in one depth.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if not results:
        raise ValueError("there is no result to draw")
    ends = {}
    for number, (name, norms) in enumerate(results.items()):
        low, high = norms.quantiles(0.1, 0.9)
        layers = np.arange(low.size)
        color, dash = _COLORS[number % 3], _DASHES[number % 4]
        axes.fill_between(layers, low, high, color=color, **_BAND)
        middle = np.exp(norms.log_norms.mean(axis=0))
        axes.plot(layers, middle, color=color, linestyle=dash, linewidth=1.6)
        ends[name] = (int(layers[-1]), float(middle[-1]), color)
    axes.axhline(1.0, **_RULE)
    axes.set_yscale("log")
    _label_ends(axes, ends)
    axes.set_xlabel("layers that the gradient has passed on its way back")
    axes.set_ylabel("norm of the gradient, over its norm at the loss")


_COLORS = ("#0072B2", "#D55E00", "#009E73")
_DASHES = ("-", (0, (5, 2)), ":", (0, (5, 1.5, 1, 1.5)))
_BAND: _Style = {"alpha": 0.18, "linewidth": 0}
_RULE: _Style = {"color": "#777777", "linewidth": 0.8}
_NOTE: _Style = {
    "fontsize": 8.5,
    "va": "center",
    "textcoords": "offset points",
}
# Powers of ten between two labels, so that they do not overlap.
_APART = 3.4


def _label_ends(
    axes: Axes, ends: Mapping[str, tuple[int, float, str]]
) -> None:
    above = math.inf
    for name, (x, y, color) in sorted(
        ends.items(), key=lambda item: -item[1][1]
    ):
        above = min(math.log10(y), above - _APART)
        axes.annotate(
            f"{name}: {y:.1g}" if 1e-3 < y < 1e3 else f"{name}: {y:.0e}",
            (x, 10.0**above),
            xytext=(6, 0),
            color=color,
            **_NOTE,
        )


def _refuse_unknown(recipe: Recipe) -> None:
    if recipe.activation not in _ACTIVATIONS:
        raise ValueError(f"activation={recipe.activation!r} is unknown")
    if recipe.norm not in {"", "batch", "layer"}:
        raise ValueError(f"norm={recipe.norm!r} is unknown")
    positive("gain", recipe.gain)
    if recipe.fixed_sd is not None:
        positive("fixed_sd", recipe.fixed_sd)


def _normalized(h: Floats, axis: int | None) -> tuple[Floats, Floats]:
    if axis is None:
        return h, np.ones(1)
    centred = h - h.mean(axis=axis, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=axis, keepdims=True) + _FLOOR)
    return centred / scale, scale


def _through_norm(
    back: Floats, z: Floats, scale: Floats, axis: int | None
) -> Floats:
    if axis is None:
        return back
    shared = back.mean(axis=axis, keepdims=True)
    along = (back * z).mean(axis=axis, keepdims=True)
    return np.asarray((back - shared - z * along) / scale)


def _log_norms(delta: Floats) -> Floats:
    norms = np.sqrt((delta**2).sum(axis=(1, 2)))
    if not norms.all():
        raise ValueError("a network is dead: its gradient is exactly zero")
    return np.asarray(np.log(norms))


def _moments(activation: str, q: float) -> tuple[float, float, float]:
    """Return the mean square, that of the slope, and the mean."""
    if activation == "relu":
        # Exact; a quadrature would stumble over the kink.
        return q / 2, 0.5, math.sqrt(q / (2 * math.pi))
    act, slope = _ACTIVATIONS[activation]
    z = math.sqrt(q) * _NODES
    return (
        float(_WEIGHTS @ act(z) ** 2),
        float(_WEIGHTS @ slope(z) ** 2),
        float(_WEIGHTS @ act(z)),
    )
