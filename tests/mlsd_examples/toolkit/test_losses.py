"""A loss that broadcasts fits the mean, and one that refuses does not."""

import math
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy.optimize import approx_fprime
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error as sklearn_mse
from sklearn.metrics import r2_score as sklearn_r2

from mlsd_examples.toolkit.losses import (
    Floats,
    LinearFit,
    draw_fit,
    draw_losses,
    fit_linear,
    mean_squared_error,
    pairwise_squared_error,
    r2_score,
    squared_error,
)

lists = npst.arrays(
    float, st.integers(1, 8), elements=st.floats(-100, 100, width=16)
)


def column(values: Floats) -> Floats:
    return values[:, np.newaxis]


def test_equal_shapes_give_the_mean_squared_error() -> None:
    predictions, targets = np.array([1.0, 2.0]), np.array([0.0, 4.0])
    value, gradient = squared_error(predictions, targets)
    assert value == 2.5
    assert gradient.tolist() == [1.0, -2.0]


def test_a_column_against_a_row_averages_over_all_pairs() -> None:
    value, gradient = squared_error(
        np.array([[1.0], [3.0]]), np.array([1.0, 3.0, 5.0])
    )
    assert value == pytest.approx((0 + 4 + 16 + 4 + 0 + 4) / 6)
    np.testing.assert_allclose(gradient, [[-2.0], [0.0]], atol=1e-15)


@given(lists, lists)
def test_all_pairs_average_to_two_variances_and_a_gap(
    predictions: Floats, targets: Floats
) -> None:
    pairs = [(p - y) ** 2 for p in predictions for y in targets]
    expected = math.fsum(pairs) / len(pairs)
    value, _ = squared_error(column(predictions), targets)
    assert value == pytest.approx(expected, rel=1e-12, abs=1e-9)
    assert pairwise_squared_error(predictions, targets) == pytest.approx(
        expected, rel=1e-12, abs=1e-9
    )


@pytest.mark.parametrize("as_column", [False, True])
def test_the_gradient_is_that_of_finite_differences(as_column: bool) -> None:
    rng = np.random.default_rng(0)
    predictions, targets = rng.normal(size=5), rng.normal(size=5)
    shape = (5, 1) if as_column else (5,)

    def value(p: Floats) -> float:
        return squared_error(p.reshape(shape), targets)[0]

    _, gradient = squared_error(predictions.reshape(shape), targets)
    assert gradient.shape == shape
    np.testing.assert_allclose(
        gradient.ravel(), approx_fprime(predictions, value), atol=1e-6
    )


def test_there_is_no_average_of_nothing() -> None:
    with pytest.raises(ValueError, match=r"^there is no error to average$"):
        squared_error(np.zeros(0), np.zeros(0))
    for pair in [(0, 2), (2, 0)]:
        with pytest.raises(ValueError, match=r"^there is no pair to average$"):
            pairwise_squared_error(np.zeros(pair[0]), np.zeros(pair[1]))


@given(lists)
def test_the_refusing_loss_agrees_with_scikit_learn(targets: Floats) -> None:
    predictions = targets[::-1] + 0.5
    value, gradient = mean_squared_error(predictions, targets)
    assert value == pytest.approx(sklearn_mse(targets, predictions))
    np.testing.assert_allclose(
        gradient, 2 * (predictions - targets) / len(targets)
    )


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (
            (3, 1),
            r"^predictions of shape \(3, 1\) meet targets of shape \(3,\)$",
        ),
        ((1,), r"^predictions of shape \(1,\) meet targets of shape \(3,\)$"),
        ((), r"^predictions of shape \(\) meet targets of shape \(3,\)$"),
    ],
)
def test_the_refusing_loss_names_both_shapes(
    shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        mean_squared_error(np.zeros(shape), np.zeros(3))


def example() -> tuple[Floats, Floats]:
    rng = np.random.default_rng(7)
    features = rng.normal(size=(60, 2))
    noise = rng.normal(scale=0.1, size=60)
    return features, features @ np.array([2.0, -1.0]) + 3 + noise


@pytest.mark.parametrize("loss", [squared_error, mean_squared_error])
def test_the_fit_finds_the_least_squares_solution(loss: Any) -> None:
    features, targets = example()
    fit = fit_linear(features, column(targets), loss=loss, steps=400)
    expected = LinearRegression().fit(features, targets)
    np.testing.assert_allclose(fit.weights, expected.coef_, atol=1e-9)
    assert fit.intercept == pytest.approx(expected.intercept_, abs=1e-9)


def test_the_fit_by_the_broadcasting_loss_is_the_mean() -> None:
    features, targets = example()
    fit = fit_linear(features, targets, steps=400)
    np.testing.assert_allclose(fit.weights, 0, atol=1e-9)
    assert fit.intercept == pytest.approx(targets.mean(), abs=1e-9)
    assert fit.losses[-1] == pytest.approx(targets.var(), abs=1e-9)


def test_the_fit_by_the_refusing_loss_does_not_begin() -> None:
    features, targets = example()
    with pytest.raises(ValueError, match=r"meet targets of shape \(60,\)$"):
        fit_linear(features, targets, loss=mean_squared_error)


def test_the_first_step_goes_down_the_gradient() -> None:
    fit = fit_linear(
        np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]]), steps=1, rate=0.25
    )
    # The loss is 17 at zero; its gradient is (-13, -8) there.
    assert fit.weights == (3.25,)
    assert fit.intercept == 2.0
    assert fit.losses == (17.0, 8.65625)


def test_the_fit_takes_two_hundred_steps_unless_told() -> None:
    features, targets = example()
    fit = fit_linear(features, column(targets))
    assert fit == fit_linear(
        features, column(targets), steps=200, rate=0.1, loss=squared_error
    )
    assert len(fit.losses) == 201


def test_the_fit_needs_a_table() -> None:
    with pytest.raises(
        ValueError, match=r"^features of shape \(3,\) are no table$"
    ):
        fit_linear(np.zeros(3), np.zeros((3, 1)))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_only_finite_numbers_are_fitted_and_compared(bad: float) -> None:
    good = np.ones((2, 1))
    worse = np.array([[1.0], [bad]])
    with pytest.raises(ValueError, match=r"^targets must be finite$"):
        fit_linear(good, worse)
    with pytest.raises(ValueError, match=r"^features must be finite$"):
        fit_linear(worse, good)
    for compare in (
        squared_error,
        mean_squared_error,
        pairwise_squared_error,
    ):
        with pytest.raises(ValueError, match=r"^targets must be finite$"):
            compare(good, worse)
        with pytest.raises(ValueError, match=r"^predictions must be finite$"):
            compare(worse, good)
    with pytest.raises(ValueError, match=r"^targets must be finite$"):
        r2_score(worse[:, 0], good[:, 0])


def test_a_rate_too_high_is_refused_and_not_returned_as_nan() -> None:
    features, targets = example()
    with pytest.raises(
        ValueError, match=r"^the loss diverges: lower rate=5\.0$"
    ):
        fit_linear(features, column(targets), rate=5.0, steps=2_000)
    # A loss as large as a square of 1e49 is still a loss.
    fit = fit_linear(np.ones((1, 1)), np.full((1, 1), 1e49), steps=1)
    assert fit.losses[0] == pytest.approx(1e98)
    with pytest.raises(ValueError, match=r"^the loss diverges"):
        fit_linear(np.ones((1, 1)), np.full((1, 1), 1e50), steps=1)


def test_a_fit_predicts_from_one_column_a_weight() -> None:
    fit = LinearFit(weights=(2.0, 1.0), intercept=5.0, losses=())
    with pytest.raises(
        ValueError, match=r"^features of shape \(2, 1\) meet 2 weights$"
    ):
        fit.predict(np.zeros((2, 1)))
    with pytest.raises(
        ValueError, match=r"^features of shape \(2,\) meet 2 weights$"
    ):
        fit.predict(np.zeros(2))


def test_the_score_is_that_of_a_list() -> None:
    with pytest.raises(
        ValueError, match=r"^targets of shape \(2, 1\) are no list$"
    ):
        r2_score(np.ones((2, 1)), np.ones((2, 1)))


@pytest.mark.parametrize(
    ("steps", "rate", "message"),
    [
        (0, 0.1, r"^steps=0 is below 1$"),
        (-1, 0.1, r"^steps=-1 is below 1$"),
        (5, 0.0, r"^rate=0\.0 is not positive$"),
        (5, -1.0, r"^rate=-1\.0 is not positive$"),
        (5, math.nan, r"^rate=nan is not finite$"),
        (2.0, 0.1, r"^steps=2\.0 is not a whole number$"),
    ],
)
def test_the_fit_needs_steps_and_a_rate(
    steps: Any, rate: float, message: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        fit_linear(np.ones((2, 1)), np.ones((2, 1)), steps=steps, rate=rate)


def test_a_fit_predicts_a_list() -> None:
    fit = LinearFit(weights=(2.0, 1.0), intercept=5.0, losses=())
    assert fit.predict(np.array([[1.0, 0.0], [1.0, 3.0]])).tolist() == [7, 10]


@given(lists.filter(lambda y: len(y) > 1 and np.ptp(y) > 0.01), lists)
def test_the_score_agrees_with_scikit_learn(
    targets: Floats, noise: Floats
) -> None:
    predictions = targets + np.resize(noise, targets.shape)
    assert r2_score(targets, predictions) == pytest.approx(
        sklearn_r2(targets, predictions), rel=1e-9, abs=1e-9
    )


def test_the_score_needs_targets_that_vary() -> None:
    with pytest.raises(ValueError, match=r"^the targets do not vary$"):
        r2_score(np.ones(2), np.zeros(2))
    # A variance below 1 is a variance.
    assert r2_score(np.array([0.0, 0.5]), np.array([0.0, 0.5])) == 1.0


def test_the_score_refuses_what_broadcasts() -> None:
    with pytest.raises(ValueError, match=r"^predictions of shape \(2, 1\)"):
        r2_score(np.array([1.0, 2.0]), np.ones((2, 1)))


def test_a_drawing_shows_each_prediction_at_its_target() -> None:
    targets = np.array([2.0, 1.0, 4.0])
    figure, axes = plt.subplots()
    draw_fit(axes, targets, {"good": targets, "flat": np.full(3, 2.0)})
    good, flat = axes.collections
    assert np.asarray(good.get_offsets()).tolist() == [[2, 2], [1, 1], [4, 4]]
    assert np.asarray(flat.get_offsets()).tolist() == [[2, 2], [1, 2], [4, 2]]
    assert len(good.get_paths()[0]) != len(flat.get_paths()[0])
    assert [each.get_sizes().tolist() for each in (good, flat)] == [[14], [14]]  # type: ignore[attr-defined]
    (rule,) = axes.lines
    assert rule.get_xydata().tolist() == [[1, 1], [4, 4]]  # type: ignore[union-attr]
    assert rule.get_linestyle() == "--"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("target", "prediction")
    legend = axes.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == ["good", "flat"]
    plt.close(figure)


def test_a_drawing_reuses_its_four_markers() -> None:
    figure, axes = plt.subplots()
    names: dict[str, Floats] = {str(k): np.zeros(1) for k in range(5)}
    draw_fit(axes, np.zeros(1), names)
    drawn: list[Any] = list(axes.collections)
    shapes = [each.get_paths()[0].vertices.tolist() for each in drawn]
    assert shapes[4] == shapes[0]
    assert all(shapes[i] != shapes[j] for i in range(4) for j in range(i))
    plt.close(figure)


def test_a_drawing_refuses_predictions_of_another_shape() -> None:
    figure, axes = plt.subplots()
    for bad in (np.zeros((2, 2)), np.zeros(0)):
        message = rf"^targets of shape \({str(bad.shape)[1:-1]}\) are no list$"
        with pytest.raises(ValueError, match=message):
            draw_fit(axes, bad, {})
    with pytest.raises(
        ValueError,
        match=r"^'flat' of shape \(2, 1\) meets targets of shape \(2,\)$",
    ):
        draw_fit(axes, np.zeros(2), {"flat": np.zeros((2, 1))})
    assert not axes.collections
    plt.close(figure)


def test_losses_are_drawn_step_by_step() -> None:
    figure, axes = plt.subplots()
    fits = {
        "right": LinearFit((1.0,), 0.0, (3.0, 2.0, 1.0)),
        "wrong": LinearFit((1.0,), 0.0, (3.0, 2.5)),
        "third": LinearFit((1.0,), 0.0, (1.0,)),
        "fourth": LinearFit((1.0,), 0.0, (1.0,)),
    }
    draw_losses(axes, fits)
    right, wrong, *_ = axes.lines
    assert right.get_xydata().tolist() == [[0, 3], [1, 2], [2, 1]]  # type: ignore[union-attr]
    assert wrong.get_xydata().tolist() == [[0, 3], [1, 2.5]]  # type: ignore[union-attr]
    styles = [line.get_linestyle() for line in axes.lines]
    assert styles == ["-", "--", ":", "-."]
    assert axes.get_xlabel() == "steps of gradient descent"
    assert axes.get_ylabel() == "loss (target units squared)"
    legend = axes.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == [*fits]
    plt.close(figure)


def test_without_a_fit_there_is_no_drawing() -> None:
    figure, axes = plt.subplots()
    with pytest.raises(ValueError, match=r"^there is no fit to draw$"):
        draw_losses(axes, {})
    plt.close(figure)


def test_the_fit_checks_its_targets_whatever_the_loss() -> None:
    def indifferent(p: Floats, _: Floats) -> tuple[float, Floats]:
        return 0.0, np.zeros_like(p)

    with pytest.raises(ValueError, match=r"^targets must be finite$"):
        fit_linear(
            np.ones((1, 1)), np.full((1, 1), math.nan), loss=indifferent
        )


def test_a_loss_of_ten_to_the_hundred_is_out_of_hand() -> None:
    def large(p: Floats, _: Floats) -> tuple[float, Floats]:
        return 1e100, np.zeros_like(p)

    with pytest.raises(ValueError, match=r"^the loss diverges"):
        fit_linear(np.ones((1, 1)), np.ones((1, 1)), loss=large)
