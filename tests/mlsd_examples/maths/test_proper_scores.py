"""Proper scores agree with scikit-learn and are best at the truth."""

import math
import re
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import expit, softmax
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as sklearn_log_loss

from mlsd_examples.maths.proper_scores import (
    brier_score,
    fitted_temperature,
    log_loss,
    log_loss_of_logits,
    smoothed_gap,
    softmax_cross_entropy,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


FORECASTS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.just(0.5),
            st.floats(1e-12, 1 - 1e-12),
        ),
    ),
    min_size=1,
    max_size=30,
)


@given(FORECASTS)
def test_log_loss_agrees_with_scikit_learn(
    cases: list[tuple[int, float]],
) -> None:
    y, p = zip(*cases, strict=True)
    expected = float(sklearn_log_loss(y, p, labels=[0, 1]))
    assert log_loss(y, p) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(FORECASTS)
def test_brier_agrees_with_scikit_learn(
    cases: list[tuple[int, float]],
) -> None:
    y, p = zip(*cases, strict=True)
    expected = float(brier_score_loss(y, p, labels=[0, 1]))
    assert brier_score(y, p) == pytest.approx(expected, abs=1e-12)


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.floats(-1e6, 1e6)),
        min_size=1,
        max_size=20,
    )
)
def test_logits_agree_with_forecasts_where_these_exist(
    cases: list[tuple[int, float]],
) -> None:
    y, z = map(np.array, zip(*cases, strict=True))
    found = log_loss_of_logits(y, z)
    assert math.isfinite(found)
    sign = np.where(y == 1, z, -z)
    expected = np.mean(np.where(sign < -30, -sign, 0.0)) + np.mean(
        np.where(sign < -30, 0.0, np.log1p(np.exp(-np.maximum(sign, -30))))
    )
    assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)
    mild = np.clip(z, -20, 20)
    assert log_loss_of_logits(y, mild) == pytest.approx(
        log_loss(y, expit(mild)), rel=1e-6
    )


def test_a_sure_mistake_is_infinite_and_a_sure_hit_free() -> None:
    assert log_loss([1], [0.0]) == math.inf
    assert log_loss([0], [1.0]) == math.inf
    for hit in (log_loss([1], [1.0]), log_loss([0], [0.0])):
        assert hit == 0.0
        assert math.copysign(1, hit) == 1
    assert log_loss([1, 0], [0.5, 0.5]) == pytest.approx(math.log(2))
    assert log_loss([0, 0, 1], [0, 0, 0]) == math.inf


@given(st.floats(1e-15, 0.49))
def test_a_clip_is_the_price_of_a_sure_mistake(clip: float) -> None:
    assert log_loss([1], [0.0], clip=clip) == pytest.approx(-math.log(clip))
    assert log_loss([0], [1.0], clip=clip) == pytest.approx(
        -math.log(1 - (1 - clip)), rel=1e-9
    )
    assert log_loss([0], [0.0], clip=clip) == pytest.approx(
        -math.log1p(-clip), rel=1e-9
    )
    assert log_loss([1], [1.0], clip=clip) == pytest.approx(
        -math.log1p(-clip), rel=1e-6
    )


def test_scikit_learn_hides_the_infinity() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        hidden = float(sklearn_log_loss([1, 0], [0.0, 0.0]))
    eps = float(np.finfo(float).eps)
    assert hidden == pytest.approx(-math.log(eps) / 2, rel=1e-6)
    assert log_loss([1, 0], [0.0, 0.0]) == math.inf


@pytest.mark.parametrize("score", [log_loss, brier_score])
@pytest.mark.parametrize("truth", [0.02, 0.3, 0.9])
def test_no_forecast_beats_the_truth(
    score: Callable[[list[int], list[float]], float], truth: float
) -> None:
    def expected(p: float) -> float:
        return truth * score([1], [p]) + (1 - truth) * score([0], [p])

    found = minimize_scalar(
        expected, bounds=(1e-6, 1 - 1e-6), method="bounded"
    )
    assert found.x == pytest.approx(truth, abs=1e-4)


LOGITS = st.integers(2, 5).flatmap(
    lambda k: st.lists(
        st.tuples(
            st.lists(st.floats(-30, 30), min_size=k, max_size=k),
            st.integers(0, k - 1),
        ),
        min_size=1,
        max_size=12,
    )
)


@given(LOGITS)
def test_cross_entropy_agrees_with_scikit_learn(
    cases: list[tuple[list[float], int]],
) -> None:
    z, y = zip(*cases, strict=True)
    k = len(z[0])
    p = softmax(np.clip(z, -7, 7), axis=1)
    expected = float(sklearn_log_loss(y, p, labels=range(k)))
    found = softmax_cross_entropy(np.clip(z, -7, 7), y)
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-9)


@given(LOGITS, st.floats(0.1, 10), st.floats(0, 0.9))
def test_smoothing_is_a_mixture_of_labels(
    cases: list[tuple[list[float], int]], temperature: float, epsilon: float
) -> None:
    z, y = zip(*cases, strict=True)
    scaled = np.array(z) / temperature
    top = scaled.max(axis=1, keepdims=True)
    logs = scaled - top
    logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
    k = scaled.shape[1]
    labels = (1 - epsilon) * np.eye(k)[list(y)] + epsilon / k
    expected = float(-(labels * logs).sum(axis=1).mean())
    found = softmax_cross_entropy(
        z, y, temperature=temperature, smoothing=epsilon
    )
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_neither_smoothed_nor_cooled_unless_asked() -> None:
    z, y = [[2.0, 0.0]], [0]
    plain = softmax_cross_entropy(z, y)
    assert plain == softmax_cross_entropy(z, y, temperature=1, smoothing=0)
    assert plain == pytest.approx(math.log1p(math.exp(-2)), abs=1e-15)


def test_a_gap_beyond_float32_costs_its_logit() -> None:
    z = np.array([[0.0, 120.0]], dtype=np.float32)
    with np.errstate(divide="ignore"):
        through = -np.log(softmax(z, axis=1))[0, 0]
    assert through == math.inf
    assert softmax_cross_entropy(z, [0]) == 120.0
    sure = softmax_cross_entropy([[800.0, 0.0]], [0])
    assert sure == 0.0
    assert math.copysign(1, sure) == 1


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_the_temperature_minimises_the_loss(seed: int) -> None:
    rng = np.random.default_rng(seed)
    z = 3 * rng.standard_normal((60, 4))
    y = (z / rng.uniform(0.5, 4) + rng.gumbel(size=z.shape)).argmax(axis=1)
    if (z.argmax(axis=1) == y).all() or z[range(60), y].mean() <= z.mean():
        return
    found = fitted_temperature(z, y)
    best = softmax_cross_entropy(z, y, temperature=found)
    for other in (0.98 * found, 1.02 * found):
        assert softmax_cross_entropy(z, y, temperature=other) > best


def test_the_temperature_of_two_classes_by_hand() -> None:
    z = [[4.0, 0.0]] * 4
    assert fitted_temperature(z, [0, 0, 0, 1]) == pytest.approx(
        4 / math.log(3)
    )
    timid = [[0.01, 0.0]] * 4
    assert fitted_temperature(timid, [0, 0, 0, 1]) == pytest.approx(
        0.01 / math.log(3)
    )


def test_a_temperature_that_does_not_exist_is_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("every example is right: none is too sure")
    ):
        fitted_temperature([[4.0, 0.0], [0.0, 2.0]], [0, 1])
    for y in ([0, 1], [1, 1]):
        with pytest.raises(
            ValueError, match=exactly("the logits are no better than chance")
        ):
            fitted_temperature([[4.0, 0.0]] * 2, y)


@given(st.integers(2, 2_000), st.floats(1e-6, 0.999))
def test_the_smoothed_gap_is_that_of_the_smoothed_label(
    classes: int, epsilon: float
) -> None:
    right, wrong = 1 - epsilon + epsilon / classes, epsilon / classes
    expected = math.log(right) - math.log(wrong)
    assert smoothed_gap(classes, epsilon) == pytest.approx(expected, rel=1e-9)


def test_no_logit_beats_the_smoothed_gap() -> None:
    gap = smoothed_gap(10, 0.1)
    losses = [
        softmax_cross_entropy([[at, *[0.0] * 9]], [0], smoothing=0.1)
        for at in (gap - 0.1, gap, gap + 0.1)
    ]
    assert losses[1] == min(losses)
    floor = -(0.91 * math.log(0.91) + 0.09 * math.log(0.01))
    assert losses[1] == pytest.approx(floor, abs=1e-12)


def test_impossible_forecasts_are_refused() -> None:
    for route in (log_loss, brier_score):
        for p, shown in ((1.2, "1.2"), (-0.1, "-0.1")):
            with pytest.raises(
                ValueError,
                match=exactly(f"forecasts[1]={shown} is outside [0, 1]"),
            ):
                route([1, 0], [0.5, p])
        with pytest.raises(
            ValueError, match=exactly("2 labels, but 1 forecasts")
        ):
            route([1, 0], [0.5])
        with pytest.raises(
            ValueError, match=exactly("labels[1]=2 is neither 0 nor 1")
        ):
            route([1, 2], [0.5, 0.5])
        with pytest.raises(ValueError, match=r"^labels holds 0 values"):
            route(np.array([], dtype=int), [])
        with pytest.raises(TypeError, match=r"^labels are of type float64"):
            route([0.5], [0.5])
        with pytest.raises(
            ValueError, match=exactly("forecasts[0]=nan is not finite")
        ):
            route([1], [math.nan])
    for clip in (-0.1, 0.5):
        with pytest.raises(
            ValueError, match=exactly(f"clip={clip} is outside [0, 0.5)")
        ):
            log_loss([1], [0.5], clip=clip)
    with pytest.raises(
        ValueError, match=exactly("logits[0]=inf is not finite")
    ):
        log_loss_of_logits([1], [math.inf])
    with pytest.raises(ValueError, match=r"^logits holds 0 values"):
        log_loss_of_logits([1], [])


def test_impossible_logits_are_refused() -> None:
    for route in (softmax_cross_entropy, fitted_temperature):
        for shape in ((3,), (3, 1), (1, 2, 3)):
            with pytest.raises(
                ValueError,
                match=exactly(
                    f"logits of shape {shape} are not (n, k), k ≥ 2"
                ),
            ):
                route(np.zeros(shape), [0, 0, 0])
        with pytest.raises(
            ValueError, match=exactly("2 rows of logits, but 1 classes")
        ):
            route([[0, 1], [1, 0]], [0])
        with pytest.raises(
            ValueError, match=exactly("classes[1]=2 is not one of 2")
        ):
            route([[0, 1], [1, 0]], [0, 2])
        with pytest.raises(
            ValueError, match=exactly("classes[0]=-1 is negative")
        ):
            route([[0, 1]], [-1])
        with pytest.raises(
            ValueError, match=exactly("logits[1]=nan is not finite")
        ):
            route([[0, math.nan]], [0])
        with pytest.raises(ValueError, match=r"^logits holds 0 values"):
            route(np.zeros((0, 2)), [0])
        with pytest.raises(ValueError, match=r"^classes holds 0 values"):
            route([[0.0, 1.0]], np.array([], dtype=int))
        with pytest.raises(TypeError, match=r"^classes are of type"):
            route([[0.0, 1.0]], [0.0])
    for epsilon in (-0.1, 1):
        with pytest.raises(
            ValueError, match=exactly(f"smoothing={epsilon} is outside [0, 1)")
        ):
            softmax_cross_entropy([[0, 1]], [0], smoothing=epsilon)
    with pytest.raises(
        ValueError, match=exactly("temperature=0 is not positive")
    ):
        softmax_cross_entropy([[0, 1]], [0], temperature=0)
    missing = exactly("smoothing=nan is not finite")
    with pytest.raises(ValueError, match=missing):
        smoothed_gap(10, math.nan)
    with pytest.raises(ValueError, match=missing):
        softmax_cross_entropy([[0, 1]], [0], smoothing=math.nan)
    with pytest.raises(ValueError, match=exactly("clip=nan is not finite")):
        log_loss([1], [0.5], clip=math.nan)
    for epsilon in (0, 1):
        with pytest.raises(
            ValueError, match=exactly(f"smoothing={epsilon} is outside (0, 1)")
        ):
            smoothed_gap(10, epsilon)
    with pytest.raises(ValueError, match=exactly("classes=1 is below 2")):
        smoothed_gap(1, 0.1)
