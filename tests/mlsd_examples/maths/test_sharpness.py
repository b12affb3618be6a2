"""The small network differentiates rightly, and trains at its edge."""

import math
import re
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from mlsd_examples.maths.sharpness import (
    Training,
    draw_training,
    gradient_of,
    initial_weights,
    loss_of,
    permute_units,
    sharpness_of,
    train,
)

X = np.linspace(-2, 2, 20)
Y = 2 * np.sin(3 * X)
seeds = st.integers(0, 10_000)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@pytest.fixture
def axes() -> Iterator[Axes]:
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_first_weights_are_drawn_with_zero_constant() -> None:
    w = initial_weights(20_000, np.random.default_rng(0))
    u, b, v = w[:-1].reshape(3, -1)
    assert w[-1] == 0
    # Variances of 20,000 normals: standard error 1 %.
    assert [u.var(), b.var()] == pytest.approx([1, 1], abs=0.04)
    assert v.var() * 20_000 == pytest.approx(1, abs=0.04)
    with pytest.raises(ValueError, match=exactly("units=0 is below 1")):
        initial_weights(0, np.random.default_rng(0))


def test_the_loss_is_half_the_mean_squared_error() -> None:
    w = np.array([1.0, 2.0, 0.5, -0.5, 3.0, -1.0, 0.25])
    predicted = 3 * np.tanh(X + 0.5) - np.tanh(2 * X - 0.5) + 0.25
    oracle = ((predicted - Y) ** 2).mean() / 2
    assert loss_of(w, X, Y) == pytest.approx(oracle, rel=1e-13)


@settings(max_examples=25, deadline=None)
@given(seeds, st.integers(1, 5))
def test_the_gradient_agrees_with_differences_and_complex_steps(
    seed: int, units: int
) -> None:
    w = initial_weights(units, np.random.default_rng(seed))
    found = gradient_of(w, X, Y)
    turned = [
        np.imag(loss_of(w + 1e-20j * unit, X, Y)) / 1e-20
        for unit in np.eye(w.size)
    ]
    assert found == pytest.approx(turned, abs=1e-12)
    eye = np.eye(w.size)
    differences = [
        (loss_of(w + 1e-5 * e, X, Y) - loss_of(w - 1e-5 * e, X, Y)) / 2e-5
        for e in eye
    ]
    assert found == pytest.approx(differences, abs=1e-7)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_sharpness_agrees_with_a_hessian_by_differences(seed: int) -> None:
    w = initial_weights(3, np.random.default_rng(seed))
    h, eye = 1e-5, np.eye(w.size)
    hessian = np.array(
        [
            (gradient_of(w + h * e, X, Y) - gradient_of(w - h * e, X, Y))
            / (2 * h)
            for e in eye
        ]
    )
    oracle = np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1]
    assert sharpness_of(w, X, Y) == pytest.approx(oracle, rel=1e-5)


@settings(max_examples=25, deadline=None)
@given(seeds, st.permutations(range(5)))
def test_renamed_units_are_the_same_function(
    seed: int, order: list[int]
) -> None:
    w = initial_weights(5, np.random.default_rng(seed))
    w[-1] = 0.5
    renamed = permute_units(w, order)
    assert loss_of(renamed, X, Y) == pytest.approx(loss_of(w, X, Y))
    assert renamed[:5].tolist() == w[order].tolist()
    assert renamed[-1] == 0.5


def test_training_is_gradient_descent() -> None:
    w = initial_weights(4, np.random.default_rng(1))
    seen = train(w, X, Y, step=0.05, steps=5, every=2)
    assert seen.steps == (0, 2, 4, 5)
    at, losses = w.copy(), []
    for _ in range(5):
        losses.append(float(loss_of(at, X, Y)))
        at = at - 0.05 * gradient_of(at, X, Y)
    losses.append(float(loss_of(at, X, Y)))
    assert seen.losses == pytest.approx([losses[i] for i in (0, 2, 4, 5)])
    assert seen.weights == pytest.approx(at)
    assert seen.sharpness[0] == sharpness_of(w, X, Y)
    assert seen.sharpness[-1] == pytest.approx(sharpness_of(at, X, Y))
    assert seen.rises == 0


@pytest.mark.parametrize("seed", range(3))
def test_sharpness_settles_at_two_over_the_step(seed: int) -> None:
    w = initial_weights(16, np.random.default_rng(seed))
    seen = train(w, X, Y, step=0.3, steps=4_000, every=500)
    assert np.mean(seen.sharpness[-4:]) == pytest.approx(2 / 0.3, rel=0.05)
    assert seen.rises > 100
    assert seen.losses[-1] < seen.losses[0] / 4


def test_rises_are_counted() -> None:
    # One constant, curvature 1: a step of 1.9 overshoots but falls; beyond
    # 2 every step rises.
    zero, one = np.zeros(4), np.ones(2)
    up = train(zero, np.zeros(2), one, step=2.5, steps=3, every=1)
    assert up.rises == 3
    down = train(zero, np.zeros(2), one, step=0.5, steps=3, every=1)
    assert down.rises == 0


def test_impossible_training_is_refused() -> None:
    w = np.zeros(4)
    with (
        pytest.raises(
            ValueError, match=exactly("step=1e+160 diverges after 1 steps")
        ),
        np.errstate(over="ignore"),
    ):
        train(w, X, Y + 1, step=1e160, steps=9, every=9)
    with pytest.raises(ValueError, match=exactly("2 inputs meet 1 targets")):
        train(w, np.zeros(2), np.zeros(1), step=1, steps=1, every=1)
    for changed, message in (
        ({"step": 0}, "step=0 is not positive"),
        ({"steps": 0}, "steps=0 is below 1"),
        ({"every": 0}, "every=0 is below 1"),
    ):
        options = {"step": 1, "steps": 1, "every": 1} | changed
        with pytest.raises(ValueError, match=exactly(message)):
            train(w, X, Y, **options)
    for shape in ((3,), (5,), (2, 2), (1,)):
        with pytest.raises(
            ValueError,
            match=exactly(
                f"weights of shape {shape} are not three a unit and one"
            ),
        ):
            loss_of(np.zeros(shape), X, Y)
    with pytest.raises(
        ValueError, match=exactly("x holds 0 values, fewer than 1")
    ):
        train(w, np.zeros(0), np.zeros(0), step=1, steps=1, every=1)
    with pytest.raises(
        ValueError,
        match=exactly("order=[0, 0] is no permutation of 2 units"),
    ):
        permute_units(np.zeros(7), [0, 0])
    with pytest.raises(
        ValueError, match=exactly("weights[0]=nan is not finite")
    ):
        train(np.full(4, math.nan), X, Y, step=1, steps=1, every=1)


def test_runs_are_drawn_with_their_limits(axes: Axes) -> None:
    run = Training((0, 10), (1.0, 4.0), (2.0, 1.0), 3, np.zeros(4))
    draw_training(axes, {0.5: run, 0.25: run})
    first, edge, second, other = axes.lines
    assert np.asarray(first.get_xdata()).tolist() == [0, 10]
    assert np.asarray(first.get_ydata()).tolist() == [1.0, 4.0]
    assert np.asarray(edge.get_ydata()).tolist() == [4.0, 4.0]
    assert np.asarray(other.get_ydata()).tolist() == [8.0, 8.0]
    assert (first.get_linestyle(), second.get_linestyle()) == ("-", "--")
    assert [t.get_text() for t in axes.texts] == [
        "2/step = 4",
        "2/step = 8",
    ]
    assert axes.texts[0].get_fontsize() == 8.5
    legend = axes.get_legend()
    assert legend
    assert [t.get_text() for t in legend.get_texts()] == [
        "step 0.5",
        "step 0.25",
    ]
    assert axes.get_xlabel() == "steps of full-batch gradient descent"
    assert axes.get_ylabel() == "sharpness (largest curvature)"
    assert axes.get_ylim()[0] == 0
    with pytest.raises(ValueError, match=exactly("there is no run to draw")):
        draw_training(axes, {})


def test_one_target_for_three_inputs_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^inputs .3,. meet targets .1,.$"):
        loss_of(np.zeros(4), np.zeros(3), np.zeros(1))
