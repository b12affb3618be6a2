"""Differences agree with derived gradients, each to its own precision."""

import math
import re
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from scipy.optimize import approx_fprime, rosen, rosen_der

from mlsd_examples.maths.gradients import (
    Function,
    Scheme,
    draw_errors,
    gradient_error,
    numerical_gradient,
)

points = st.lists(st.floats(-2, 2), min_size=2, max_size=5)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@pytest.fixture
def axes() -> Iterator[Axes]:
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


@settings(max_examples=40, deadline=None)
@given(points)
def test_all_schemes_agree_with_the_derived_gradient(at: list[float]) -> None:
    derived = rosen_der(np.array(at))
    scale = 1 + np.abs(derived).max()
    for scheme, within in (
        ("forward", 3e-5),
        ("central", 3e-7),
        ("complex", 1e-13),
    ):
        found = numerical_gradient(rosen, at, scheme=scheme)  # type: ignore[arg-type]
        assert found == pytest.approx(derived, abs=within * scale)


def test_forward_differences_agree_with_scipy() -> None:
    at = np.array([0.3, -1.2, 0.7])
    found = numerical_gradient(rosen, at, scheme="forward", step=1e-7)
    oracle = approx_fprime(at, rosen, 1e-7)
    assert found == pytest.approx(oracle, rel=1e-5)


def test_central_differences_are_the_default() -> None:
    cube: Function = lambda w: (w**3).sum()  # noqa: E731
    at, h = [1.0], np.finfo(float).eps ** (1 / 3)
    found = numerical_gradient(cube, at)[0]
    assert found == ((1 + h) ** 3 - (1 - h) ** 3) / (2 * h)
    wide = numerical_gradient(cube, at, step=0.1)[0]
    assert wide == pytest.approx(3.01, abs=1e-12)
    ahead = numerical_gradient(cube, at, scheme="forward", step=0.1)[0]
    assert ahead == pytest.approx(3.31, abs=1e-12)
    turned = numerical_gradient(cube, at, scheme="complex", step=0.1)[0]
    assert turned == pytest.approx(2.99, abs=1e-12)


def test_the_default_forward_step_is_the_root_of_epsilon() -> None:
    h = math.sqrt(np.finfo(float).eps)
    found = numerical_gradient(lambda w: w[0] ** 2, [3.0], scheme="forward")
    assert found[0] == ((3 + h) ** 2 - 9) / h


def test_the_complex_step_is_exact_where_the_others_have_no_digit() -> None:
    found = numerical_gradient(
        lambda w: np.exp(w).sum(), [1.0], scheme="complex"
    )
    assert found[0] == pytest.approx(math.e, rel=1e-15)


def test_the_point_is_not_changed() -> None:
    at = np.array([1.0, 2.0])
    numerical_gradient(rosen, at)
    assert at.tolist() == [1.0, 2.0]


def test_partial_derivatives_may_exist_without_continuity() -> None:
    def saddle(w: np.ndarray) -> float:
        return float(w[0] * w[1] / (w @ w)) if w.any() else 0.0

    found = numerical_gradient(saddle, [0.0, 0.0])
    assert found.tolist() == [0.0, 0.0]
    assert saddle(np.array([1e-9, 1e-9])) == pytest.approx(0.5)


@pytest.mark.parametrize("step", [0, -1e-3])
def test_steps_that_are_not_positive_are_refused(step: float) -> None:
    with pytest.raises(
        ValueError, match=exactly(f"step={step} is not positive")
    ):
        numerical_gradient(rosen, [1.0, 1.0], step=step)


def test_unknown_schemes_and_bad_points_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("scheme='backward' is unknown")
    ):
        numerical_gradient(rosen, [1.0], scheme="backward")  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=exactly("at holds 0 values, fewer than 1")
    ):
        numerical_gradient(rosen, [])
    with pytest.raises(ValueError, match=exactly("at[1]=nan is not finite")):
        numerical_gradient(rosen, [1.0, math.nan])
    with pytest.raises(TypeError, match=exactly("at are not all numbers")):
        numerical_gradient(rosen, ["a"])


@pytest.mark.parametrize("scheme", ["forward", "central", "complex"])
def test_functions_that_are_not_finite_are_refused(scheme: Scheme) -> None:
    with pytest.raises(
        ValueError, match=exactly("the function is not finite near at[0]")
    ):
        numerical_gradient(
            lambda w: (
                w.sum() * complex(math.nan, math.nan)
                if scheme == "complex"
                else math.nan
            ),
            [1.0],
            scheme=scheme,
        )


def test_the_error_is_relative_to_both_norms() -> None:
    square: Function = lambda w: (w**2).sum()  # noqa: E731
    assert gradient_error(square, [2.0, 4.0], [1.0, 2.0]) < 1e-9
    assert gradient_error(square, [6.0], [1.0]) == pytest.approx(0.5)
    assert gradient_error(square, [-2.0], [1.0]) == pytest.approx(1)
    assert gradient_error(lambda _: 1.0, [0.0], [1.0]) == 0.0


def test_a_gradient_of_another_length_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match=exactly("gradient of 1 values meets a point of 2"),
    ):
        gradient_error(rosen, [1.0], [1.0, 2.0])
    with pytest.raises(
        ValueError, match=exactly("gradient[0]=inf is not finite")
    ):
        gradient_error(rosen, [math.inf], [1.0])
    with pytest.raises(
        ValueError, match=exactly("gradient holds 0 values, fewer than 1")
    ):
        gradient_error(rosen, [], [])


def test_errors_are_drawn_as_they_are_with_a_floor(axes: Axes) -> None:
    draw_errors(axes, [0.1, 0.01], {"forward": [1e-2, 0.0], "c": [1e-3, 1]})
    first, second = axes.lines
    assert np.asarray(first.get_xdata()).tolist() == [0.1, 0.01]
    assert np.asarray(first.get_ydata()).tolist() == [
        1e-2,
        np.finfo(float).eps,
    ]
    assert (first.get_linestyle(), second.get_linestyle()) == ("--", "-")
    assert (first.get_color(), second.get_color()) == ("#D55E00", "#0072B2")
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_xlabel() == "step h of the difference"
    assert axes.get_ylabel() == "relative error of the derivative"
    legend = axes.get_legend()
    assert legend
    assert [t.get_text() for t in legend.get_texts()] == ["forward", "c"]
    assert legend.get_texts()[0].get_fontsize() == 8.5
    with pytest.raises(ValueError, match=exactly("there is no error to draw")):
        draw_errors(axes, [0.1], {})
