"""Gradients come back as backpropagation and mean-field theory say."""

import math
import re
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from scipy.integrate import quad
from scipy.stats import norm

from mlsd_examples.maths.signal_propagation import (
    RECIPES,
    GradientNorms,
    Recipe,
    draw_gradient_norms,
    expected_gain,
    gradient_norms,
)

HE = math.sqrt(2)
SMALL = {"depth": 3, "width": 4, "batch": 5, "networks": 2}


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@pytest.fixture
def axes() -> Iterator[Axes]:
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def forward(
    h: np.ndarray, weights: list[np.ndarray], recipe: Recipe
) -> np.ndarray:
    """The layers once more, for complex inputs too."""
    for w in weights:
        z = h
        if recipe.norm:
            axis = 0 if recipe.norm == "batch" else 1
            z = h - h.mean(axis=axis, keepdims=True)
            z = z / np.sqrt((z * z).mean(axis=axis, keepdims=True) + 1e-12)
        acts = {
            "relu": z * (z.real > 0),
            "tanh": np.tanh(z),
            "sigmoid": 1 / (1 + np.exp(-z)),
        }
        h = acts[recipe.activation] @ w + (h if recipe.residual else 0)
    return h


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("layers", [1, 3])
def test_the_gradient_agrees_with_complex_steps(
    name: str, layers: int
) -> None:
    recipe, size = RECIPES[name], SMALL | {"depth": layers}
    found = gradient_norms(recipe, **size, rng=np.random.default_rng(3))
    # Draw the same numbers in the same order.
    rng = np.random.default_rng(3)
    h = rng.standard_normal((2, 5, 4))
    sd = recipe.fixed_sd or recipe.gain / 2
    weights = [sd * rng.standard_normal((2, 4, 4)) for _ in range(layers)]
    delta = rng.standard_normal((2, 5, 4))
    assert found.log_norms.shape == (2, layers + 1)
    for net in range(2):
        stack = [w[net] for w in weights]
        slope = np.zeros((5, 4))
        for i, j in np.ndindex(5, 4):
            turned = h[net].astype(complex)
            turned[i, j] += 1e-20j
            out = forward(turned, stack, recipe)
            slope[i, j] = (delta[net] * out.imag).sum() / 1e-20
        ratio = np.linalg.norm(slope) / np.linalg.norm(delta[net])
        assert found.log_norms[net, -1] == pytest.approx(
            math.log(ratio), abs=1e-9
        )
        assert found.log_norms[net, 0] == 0


@pytest.mark.parametrize("name", RECIPES)
def test_measured_factors_agree_with_theory(name: str) -> None:
    width, batch, depth = 120, 96, 12
    found = gradient_norms(
        RECIPES[name],
        depth=depth,
        width=width,
        batch=batch,
        networks=8,
        rng=np.random.default_rng(0),
    )
    factor, error = found.factor()
    theory = expected_gain(RECIPES[name], depth, width=width) ** (1 / depth)
    within = 1 / batch + 5 / (4 * width) + 4 * error / factor
    assert abs(math.log(factor / theory)) < within


def test_theory_has_its_closed_forms() -> None:
    assert expected_gain(RECIPES["ReLU, He"], 9, width=7) == pytest.approx(1)
    hot = expected_gain(RECIPES["ReLU, 1.5 × He"], 9, width=7)
    assert hot == pytest.approx(1.5**9)
    plain = expected_gain(RECIPES["plain residual, He"], 9, width=7)
    assert plain == pytest.approx(2**4.5)
    inside = expected_gain(RECIPES["pre-norm residual, He"], 50, width=7)
    assert inside == pytest.approx(math.sqrt(51))
    tiny = expected_gain(RECIPES["ReLU, sd 0.01"], 2, width=100)
    assert tiny == pytest.approx(100 * 1e-4 / 2)
    normed = expected_gain(RECIPES["batch norm, He"], 3, width=7)
    # The first layer divides by 1, two more by their spread.
    assert normed == pytest.approx(math.pi / (math.pi - 1))
    other = Recipe("relu", 5.0, norm="batch")
    two = expected_gain(other, 2, width=7) / expected_gain(other, 1, width=7)
    assert two == pytest.approx(math.sqrt(math.pi / (math.pi - 1)))


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_theory_agrees_with_integrals(name: str) -> None:
    act = {"sigmoid": lambda z: 1 / (1 + math.exp(-z)), "tanh": math.tanh}
    steep = {
        "sigmoid": lambda z: act["sigmoid"](z) * (1 - act["sigmoid"](z)),
        "tanh": lambda z: 1 - math.tanh(z) ** 2,
    }
    q, square = 1.0, 1.0
    for _ in range(4):
        root = math.sqrt(q)
        slope, _ = quad(
            lambda z, r=root: steep[name](r * z) ** 2 * norm.pdf(z), -12, 12
        )
        q, _ = quad(
            lambda z, r=root: act[name](r * z) ** 2 * norm.pdf(z), -12, 12
        )
        square *= 0.49 * slope
        q *= 0.49
    found = expected_gain(Recipe(name, 0.7), 4, width=3)
    assert found == pytest.approx(math.sqrt(square), rel=1e-6)


def test_norms_are_summarised_over_networks() -> None:
    norms = GradientNorms(np.log([[1.0, 2.0, 4.0], [1.0, 8.0, 64.0]]))
    assert norms.typical(1) == pytest.approx(4)
    assert norms.typical(2) == pytest.approx(16)
    assert norms.quantiles(0, 1)[:, 2] == pytest.approx([4, 64])
    factor, error = norms.factor()
    assert factor == pytest.approx(4)
    # Slopes ln 2 and ln 8: sd √2 ln 2, over √2 networks.
    assert error == pytest.approx(4 * math.log(2))


def test_weights_have_the_spread_of_their_recipe() -> None:
    assert Recipe("relu").weight_sd(25) == 0.2
    assert Recipe("relu", 3.0).weight_sd(9) == 1.0
    assert Recipe("relu", 3.0, fixed_sd=0.01).weight_sd(9) == 0.01
    assert RECIPES["ReLU, He"] == Recipe("relu", HE)
    assert RECIPES["sigmoid, Xavier"] == Recipe("sigmoid", 1.0)


def test_impossible_networks_are_refused() -> None:
    def run(recipe: Recipe, **changed: int) -> None:
        gradient_norms(
            recipe, **(SMALL | changed), rng=np.random.default_rng(0)
        )

    plain = Recipe("relu")

    for name, value in SMALL.items():
        least = 2 if name == "networks" else 1
        with pytest.raises(
            ValueError, match=exactly(f"{name}={least - 1} is below {least}")
        ):
            run(plain, **{name: least - 1})
        assert value > least - 1
    gradient_norms(
        Recipe("tanh"),
        depth=1,
        width=1,
        batch=1,
        networks=2,
        rng=np.random.default_rng(0),
    )
    with pytest.raises(
        ValueError,
        match=exactly("a network is dead: its gradient is exactly zero"),
    ):
        run(plain, depth=40, width=1, batch=1)
    with pytest.raises(ValueError, match=exactly("width=1 is below 2")):
        run(Recipe("relu", norm="layer"), width=1)
    with pytest.raises(ValueError, match=exactly("batch=1 is below 2")):
        run(Recipe("relu", norm="batch"), batch=1)
    for recipe, message in (
        (Recipe("gelu"), "activation='gelu' is unknown"),
        (Recipe("relu", norm="group"), "norm='group' is unknown"),
        (Recipe("relu", 0), "gain=0 is not positive"),
        (Recipe("relu", fixed_sd=0), "fixed_sd=0 is not positive"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            run(recipe)
        with pytest.raises(ValueError, match=exactly(message)):
            expected_gain(recipe, 1, width=1)
    with pytest.raises(ValueError, match=exactly("width=0 is below 1")):
        expected_gain(Recipe("relu"), 1, width=0)


def test_norms_are_drawn_with_their_names(axes: Axes) -> None:
    up = GradientNorms(np.log([[1.0, 1e4], [1.0, 1e6]]))
    near = GradientNorms(np.log([[1.0, 2.0], [1.0, 2.0]]))
    draw_gradient_norms(axes, {"near": near, "up": up})
    first, second, rule = axes.lines
    assert np.asarray(first.get_ydata()).tolist() == pytest.approx([1, 2])
    assert np.asarray(second.get_ydata()).tolist() == pytest.approx([1, 1e5])
    assert np.asarray(second.get_xdata()).tolist() == [0, 1]
    assert np.asarray(rule.get_ydata()).tolist() == [1, 1]
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_color() != second.get_color()
    assert axes.get_yscale() == "log"
    notes = {t.get_text(): t for t in axes.texts if isinstance(t, Annotation)}
    assert list(notes) == ["up: 1e+05", "near: 2"]
    assert notes["up: 1e+05"].xy[1] == pytest.approx(1e5)
    assert notes["near: 2"].xy[1] == pytest.approx(10 ** min(0.30103, 5 - 3.4))
    assert {note.get_fontsize() for note in notes.values()} == {8.5}
    assert axes.get_xlabel() == (
        "layers that the gradient has passed on its way back"
    )
    assert axes.get_ylabel() == (
        "norm of the gradient, over its norm at the loss"
    )
    with pytest.raises(
        ValueError, match=exactly("there is no result to draw")
    ):
        draw_gradient_norms(axes, {})


def test_names_of_close_curves_are_kept_apart(axes: Axes) -> None:
    one = GradientNorms(np.zeros((2, 2)))
    draw_gradient_norms(axes, {"a": one, "b": one})
    heights = [
        math.log10(t.xy[1]) for t in axes.texts if isinstance(t, Annotation)
    ]
    assert heights == pytest.approx([0, -3.4])
