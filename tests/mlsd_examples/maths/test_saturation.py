"""Gradients are the derivatives that they claim to be."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, softmax

from mlsd_examples.maths import saturation
from mlsd_examples.maths.saturation import (
    LOSSES,
    Descent,
    blobs,
    descend,
    fewest_steps,
    fitted_slope,
    logit_gradient,
    steps_to_reach,
)

CROSS, SQUARED = "cross-entropy", "squared error"
RATES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def value(z: float, loss: str) -> float:
    p = float(expit(z))
    return float(np.logaddexp(0, -z)) if loss == CROSS else (p - 1) ** 2 / 2


def test_the_two_losses_are_named() -> None:
    assert LOSSES == (CROSS, SQUARED)


@given(st.floats(-30, 30), st.sampled_from(LOSSES))
def test_gradients_agree_with_numerical_derivatives(
    z: float, loss: str
) -> None:
    h = 1e-4
    slope = (value(z + h, loss) - value(z - h, loss)) / (2 * h)
    assert logit_gradient(z, loss=loss) == pytest.approx(slope, abs=1e-7)


@given(st.floats(-1e6, 1e6))
def test_the_push_of_cross_entropy_stays_below_one(z: float) -> None:
    assert -1 <= logit_gradient(z, loss=CROSS) <= 0
    assert -4 / 27 - 1e-15 <= logit_gradient(z, loss=SQUARED) <= 0


def test_far_out_no_precision_is_lost() -> None:
    assert logit_gradient(40.0, loss=CROSS) == pytest.approx(
        -math.exp(-40), rel=1e-12
    )
    assert logit_gradient(-40.0, loss=SQUARED) == pytest.approx(
        -math.exp(-40), rel=1e-12
    )
    assert logit_gradient(-800.0, loss=SQUARED) == 0
    assert logit_gradient(0.0, loss=CROSS) == -0.5
    assert logit_gradient(0.0, loss=SQUARED) == -0.125


def counted(target: float, z: float, loss: str, rate: float) -> int:
    steps = 0
    while expit(z) <= target:
        miss = float(expit(z)) - 1
        z -= rate * (miss if loss == CROSS else -(miss**2) * (miss + 1))
        steps += 1
    return steps


@given(
    st.floats(0.1, 0.95),
    st.floats(-4, 4),
    st.sampled_from(LOSSES),
    st.floats(0.5, 4),
)
def test_steps_are_counted_as_by_hand(
    target: float, start: float, loss: str, rate: float
) -> None:
    expected = counted(target, start, loss, rate)
    found = steps_to_reach(target, start, loss=loss, rate=rate)
    # One step more or less where rounding decides the last comparison.
    assert abs(found - expected) <= 1


def test_a_saturated_start_is_slow_for_squared_error_alone() -> None:
    assert steps_to_reach(0.9, -10.0, loss=SQUARED) == 22_134
    assert steps_to_reach(0.9, -10.0, loss=CROSS) == 21
    assert steps_to_reach(0.9, -5.0, loss=SQUARED) == 238
    assert steps_to_reach(0.9, -5.0, loss=CROSS) == 16
    assert steps_to_reach(0.9, 0.0, loss=CROSS, rate=1.0) == 10


def test_the_target_must_be_exceeded() -> None:
    assert steps_to_reach(0.5, 0.0, loss=CROSS) == 1
    assert steps_to_reach(0.5, 1e-9, loss=CROSS) == 0


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert saturation._PATIENCE == 10_000_000
    monkeypatch.setattr(saturation, "_PATIENCE", 10)
    assert steps_to_reach(0.9, 0.0, loss=CROSS) == 10
    with pytest.raises(
        RuntimeError, match=exactly("10 steps from -1.0 reach no 0.9")
    ):
        steps_to_reach(0.9, -1.0, loss=CROSS)


def test_clusters_stand_on_a_circle() -> None:
    points, labels = blobs(4, 5_000, np.random.default_rng(0), spread=0.5)
    assert points.shape == (20_000, 3)
    assert np.bincount(labels).tolist() == [5_000] * 4
    assert set(points[:, 2]) == {1.0}
    for label in range(4):
        mine = points[labels == label, :2]
        angle = math.pi * label / 2
        centre = 4 * np.array([math.cos(angle), math.sin(angle)])
        error = 4 * 0.5 / math.sqrt(5_000)
        assert np.abs(mine.mean(axis=0) - centre).max() < error
        assert np.abs(mine.std(axis=0) - 0.5).max() < error
    assert blobs(2, 1, np.random.default_rng(0))[0].shape == (2, 3)
    one = blobs(2, 9, np.random.default_rng(5))[0]
    same = blobs(2, 9, np.random.default_rng(5), spread=1.0)[0]
    assert one.tolist() == same.tolist()


@pytest.mark.parametrize("loss", LOSSES)
def test_descent_follows_the_gradient_of_its_loss(loss: str) -> None:
    rng = np.random.default_rng(1)
    points, labels = blobs(3, 4, rng, spread=2.0)
    start = rng.standard_normal((3, 3))

    def mean_loss(weights: np.ndarray) -> float:
        p = softmax(points @ weights, axis=1)
        if loss == CROSS:
            return float(-np.log(p[np.arange(12), labels]).mean())
        return float(((p - np.eye(3)[labels]) ** 2).sum(axis=1).mean() / 2)

    slope = np.zeros((3, 3))
    for at in np.ndindex(3, 3):
        step = np.zeros((3, 3))
        step[at] = 1e-6
        slope[at] = (mean_loss(start + step) - mean_loss(start - step)) / 2e-6
    before = start.copy()
    weights = start.copy()
    accuracies = []
    for _ in range(2):
        guess = (points @ weights).argmax(axis=1)
        accuracies.append(float((guess == labels).mean()))
        weights = start - 0.7 * slope
    path = descend(points, labels, start, loss=loss, rate=0.7, steps=1)
    assert path.accuracies == pytest.approx(accuracies)
    assert (start == before).all()
    moved = descend_weights(points, labels, start, loss)
    assert moved == pytest.approx(weights, abs=1e-6)


def descend_weights(
    points: np.ndarray, labels: np.ndarray, start: np.ndarray, loss: str
) -> np.ndarray:
    """Read the weights after one step out of the accuracies' probe."""
    seen = []

    def spy(scores: np.ndarray, axis: int) -> np.ndarray:
        seen.append(np.linalg.lstsq(points, scores, rcond=None)[0])
        return np.asarray(softmax(scores, axis=axis))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saturation, "softmax", spy)
        descend(points, labels, start, loss=loss, rate=0.7, steps=1)
    return np.asarray(seen[1])


def test_the_first_step_that_arrives_is_reported() -> None:
    path = Descent((0.1, 0.5, 0.9, 0.95))
    assert path.steps_to(0.5) == 1
    assert path.steps_to(0.05) == 0
    assert path.steps_to(0.91) == 3
    assert path.steps_to(0.99) == math.inf


def test_from_small_logits_both_losses_arrive_together() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        points, labels = blobs(5, 60, rng)
        weights = rng.standard_normal((3, 5))
        near, far = (
            [
                fewest_steps(
                    points,
                    labels,
                    scale * weights,
                    loss=loss,
                    rates=RATES,
                    steps=100,
                    accuracy=0.9,
                )
                for loss in LOSSES
            ]
            for scale in (0.01, 5.0)
        )
        assert abs(near[0] - near[1]) <= 1
        assert far[1] >= 5 * far[0]


def test_the_best_rate_is_chosen_and_the_accuracy_reached() -> None:
    points, labels = blobs(3, 30, np.random.default_rng(3), spread=2.0)
    start = np.array([[3.0, 0, 0], [0, 0, 3.0], [0, 0, 0]])
    each = [
        descend(
            points, labels, start, loss=CROSS, rate=rate, steps=30
        ).steps_to(0.8)
        for rate in (0.01, 0.3)
    ]
    assert len(set(each)) == 2
    found = fewest_steps(
        points,
        labels,
        start,
        loss=CROSS,
        rates=(0.01, 0.3),
        steps=30,
        accuracy=0.8,
    )
    assert found == min(each)


@pytest.mark.parametrize("share", [0.6, 0.8, 0.95])
def test_a_slope_at_one_point_is_the_log_odds(share: float) -> None:
    labels = [1] * round(100 * share) + [0] * round(100 * (1 - share))
    for loss in LOSSES:
        found = fitted_slope([2.0] * 100, labels, loss=loss)
        expected = math.log(share / (1 - share)) / 2
        assert found == pytest.approx(expected, abs=1e-4)


def test_a_slope_is_a_minimum_of_its_own_loss() -> None:
    rng = np.random.default_rng(7)
    x = rng.standard_normal(500)
    y = (rng.random(500) < expit(3 * x)).astype(int)
    grid = np.linspace(0.5, 8, 7_501)
    z = grid[:, None] * x
    cross = (np.logaddexp(0, z) - y * z).mean(axis=1)
    squared = ((expit(z) - y) ** 2).mean(axis=1)
    for loss, values in ((CROSS, cross), (SQUARED, squared)):
        found = fitted_slope(x, y, loss=loss)
        assert found == pytest.approx(grid[values.argmin()], abs=2e-3)


def test_a_separable_sample_ends_at_the_steepest_slope() -> None:
    assert fitted_slope([0.01], [1], loss=CROSS) == pytest.approx(50, abs=1e-3)
    least = fitted_slope([1.0], [0], loss=CROSS)
    assert least == pytest.approx(1e-3, abs=1e-6)


def test_impossible_descents_are_refused() -> None:
    points, labels = blobs(3, 2, np.random.default_rng(0))
    start = np.zeros((3, 3))
    unknown = exactly("loss='hinge' is none of cross-entropy, squared error")
    with pytest.raises(ValueError, match=unknown):
        logit_gradient(0.0, loss="hinge")
    with pytest.raises(ValueError, match=unknown):
        steps_to_reach(0.9, 0.0, loss="hinge")
    with pytest.raises(ValueError, match=unknown):
        descend(points, labels, start, loss="hinge", rate=1, steps=1)
    with pytest.raises(ValueError, match=unknown):
        fitted_slope([1.0], [1], loss="hinge")
    with pytest.raises(ValueError, match=exactly("logit=nan is not finite")):
        logit_gradient(math.nan, loss=CROSS)
    with pytest.raises(
        ValueError, match=exactly("target=1.0 is outside (0, 1)")
    ):
        steps_to_reach(1.0, 0.0, loss=CROSS)
    with pytest.raises(ValueError, match=exactly("start=inf is not finite")):
        steps_to_reach(0.5, math.inf, loss=CROSS)
    with pytest.raises(ValueError, match=exactly("rate=0 is not positive")):
        steps_to_reach(0.5, 0.0, loss=CROSS, rate=0)
    with pytest.raises(ValueError, match=exactly("rate=0 is not positive")):
        descend(points, labels, start, loss=CROSS, rate=0, steps=1)
    with pytest.raises(ValueError, match=exactly("steps=0 is below 1")):
        descend(points, labels, start, loss=CROSS, rate=1, steps=0)
    with pytest.raises(ValueError, match=exactly("6 examples, 5 labels")):
        descend(points, labels[:5], start, loss=CROSS, rate=1, steps=1)
    with pytest.raises(
        ValueError,
        match=exactly(
            "start of shape (2, 3) does not fit features of shape (6, 3)"
        ),
    ):
        descend(points, labels, start[:2], loss=CROSS, rate=1, steps=1)
    with pytest.raises(
        ValueError,
        match=exactly(
            "start of shape (3, 3) does not fit features of shape (3,)"
        ),
    ):
        descend(points[0], labels, start, loss=CROSS, rate=1, steps=1)
    for accuracy in (0.0, 1.0):
        with pytest.raises(
            ValueError, match=exactly(f"accuracy={accuracy} is outside (0, 1)")
        ):
            fewest_steps(
                points,
                labels,
                start,
                loss=CROSS,
                rates=[1],
                steps=1,
                accuracy=accuracy,
            )
    with pytest.raises(
        ValueError, match=exactly("rates holds 0 values, fewer than 1")
    ):
        fewest_steps(
            points,
            labels,
            start,
            loss=CROSS,
            rates=[],
            steps=1,
            accuracy=0.5,
        )


def test_impossible_samples_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=exactly("classes=1 is below 2")):
        blobs(1, 2, rng)
    with pytest.raises(ValueError, match=exactly("each=0 is below 1")):
        blobs(2, 0, rng)
    with pytest.raises(ValueError, match=exactly("spread=0 is not positive")):
        blobs(2, 1, rng, spread=0)
    with pytest.raises(
        ValueError, match=exactly("2 values of x, but 1 labels")
    ):
        fitted_slope([1, 2], [1], loss=CROSS)
    with pytest.raises(
        ValueError, match=exactly("labels[1]=2 is neither 0 nor 1")
    ):
        fitted_slope([1, 2], [1, 2], loss=CROSS)
    with pytest.raises(ValueError, match=r"^x holds 0 values"):
        fitted_slope([], [1], loss=CROSS)
    with pytest.raises(ValueError, match=r"^labels holds 0 values"):
        fitted_slope([1], np.array([], dtype=int), loss=CROSS)
