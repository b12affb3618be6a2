"""Calibration agrees with scikit-learn, and is repaired on new rows."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.metrics import log_loss as library_log_loss

from mlsd_examples.maths.calibration import (
    IsotonicMap,
    PlattMap,
    area_under_roc,
    brier_loss,
    expected_calibration_error,
    fit_isotonic,
    fit_platt,
    log_loss,
    log_loss_of_log_odds,
    reliability,
)

# Few distinct values, so that ties are common.
TIED = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])
ROWS = st.lists(
    st.tuples(TIED | st.floats(0, 1), st.booleans()), min_size=1, max_size=40
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_a_bin_holds_its_lower_end_and_the_last_one_holds_one() -> None:
    curve = reliability([0.0, 0.5, 0.499, 1.0], [0, 1, 0, 1], bins=2)
    assert curve.rows.tolist() == [2, 2]
    assert curve.stated.tolist() == pytest.approx([0.2495, 0.75])
    assert curve.happened.tolist() == [0.0, 1.0]


@settings(deadline=None)
@given(ROWS, st.integers(1, 30))
def test_the_error_agrees_with_a_sum_over_bins(
    rows: list[tuple[float, bool]], bins: int
) -> None:
    p, y = zip(*rows, strict=True)
    total = 0.0
    for number in range(bins):
        held = [
            (value, label)
            for value, label in rows
            if min(int(value * bins), bins - 1) == number
        ]
        total += abs(sum(v - label for v, label in held))
    error = expected_calibration_error(p, y, bins=bins)
    assert error == pytest.approx(total / len(rows), abs=1e-12)
    assert 0 <= error <= 1


def test_there_are_fifteen_bins_unless_told() -> None:
    p = np.linspace(0, 1, 301)
    y = np.arange(301) % 2
    assert reliability(p, y).rows.size == 15
    assert expected_calibration_error(p, y) == expected_calibration_error(
        p, y, bins=15
    )


@settings(deadline=None)
@given(ROWS)
def test_losses_agree_with_scikit_learn(
    rows: list[tuple[float, bool]],
) -> None:
    p, y = zip(*rows, strict=True)
    assert brier_loss(p, y) == pytest.approx(
        brier_score_loss(y, p, labels=[False, True]), abs=1e-12
    )
    inside = [min(max(value, 1e-3), 1 - 1e-3) for value in p]
    expected = library_log_loss(y, inside, labels=[False, True])
    assert log_loss(inside, y) == pytest.approx(expected, rel=1e-12)
    assert log_loss_of_log_odds(logit(inside), y) == pytest.approx(
        expected, rel=1e-10
    )


def test_a_certain_forecast_costs_nothing_or_everything() -> None:
    assert log_loss([1.0, 0.0], [1, 0]) == 0.0
    assert math.copysign(1, log_loss([1.0, 0.0], [1, 0])) == 1
    assert log_loss([1.0], [0]) == math.inf
    assert log_loss([0.0, 1.0], [1, 1]) == math.inf
    assert log_loss_of_log_odds([-1000.0], [1]) == 1000.0
    assert log_loss_of_log_odds([1000.0], [1]) == 0.0


@settings(deadline=None)
@given(ROWS)
def test_the_area_agrees_with_scikit_learn(
    rows: list[tuple[float, bool]],
) -> None:
    scores, y = zip(*rows, strict=True)
    assume(0 < sum(y) < len(y))
    assert area_under_roc(scores, y) == pytest.approx(
        roc_auc_score(y, scores), abs=1e-12
    )


def test_an_increasing_function_leaves_the_area_alone() -> None:
    rng = np.random.default_rng(4)
    scores, y = rng.standard_normal(200), np.arange(200) % 2
    assert area_under_roc(scores, y) == area_under_roc(np.exp(scores), y)
    assert area_under_roc(-scores, y) == pytest.approx(
        1 - area_under_roc(scores, y)
    )


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 2**32 - 1),
    st.floats(0.05, 20),
    st.floats(-3, 3),
    st.floats(1e-3, 1e3),
)
def test_platts_curve_agrees_with_scikit_learn(
    seed: int, steepness: float, shift: float, scale: float
) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.standard_normal(300)
    y = rng.random(300) < expit(steepness * scores + shift)
    low, high = scores[~y], scores[y]
    assume(low.size > 2 and high.size > 2)
    assume(low.max() > high.min() + 0.1 and high.max() > low.min() + 0.1)
    found = fit_platt(scale * scores + 7, y)
    other = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000)
    other.fit(scores[:, None], y)
    odds = found.log_odds(scale * scores + 7)
    expected = other.decision_function(scores[:, None])
    assert odds == pytest.approx(expected, rel=1e-3, abs=1e-3)
    assert log_loss_of_log_odds(odds, y) <= (
        log_loss_of_log_odds(expected, y) + 1e-12
    )


def test_the_curve_is_at_the_top_of_the_likelihood() -> None:
    rng = np.random.default_rng(6)
    scores = rng.normal(3, 2, 500)
    y = rng.random(500) < expit(scores - 2)
    curve = fit_platt(scores, y)
    p = expit(curve.log_odds(scores))
    assert (p - y).sum() == pytest.approx(0, abs=1e-8)
    assert ((p - y) * scores).sum() == pytest.approx(0, abs=1e-8)
    assert isinstance(curve.slope, float)
    assert isinstance(curve.intercept, float)


def test_a_steep_curve_is_found_although_newton_overshoots() -> None:
    scores = np.append(np.linspace(-3, 3, 400), [-2.9, 2.9])
    y = np.append(np.linspace(-3, 3, 400) > 0, [True, False])
    p = expit(fit_platt(scores, y).log_odds(scores))
    assert (p - y).sum() == pytest.approx(0, abs=1e-8)


def test_a_falling_curve_is_a_curve() -> None:
    assert fit_platt([1.0, 2.0, 3.0, 4.0], [1, 1, 0, 1]).slope < 0


SEPARATED = "a threshold separates the classes: the slope is infinite"


@pytest.mark.parametrize(
    ("scores", "labels", "message"),
    [
        ([1.0, 2.0], [0, 1], SEPARATED),
        ([1.0, 2.0], [1, 0], SEPARATED),
        ([1.0, 2.0, 2.0, 3.0], [0, 0, 1, 1], SEPARATED),
        ([1.0, 2.0, 2.0, 3.0], [1, 1, 0, 0], SEPARATED),
        ([2.0, 2.0], [0, 1], "all scores are equal"),
        ([1.0, 2.0], [1, 1], "all labels are 1: there is nothing to tell"),
    ],
)
def test_scores_without_a_best_curve_are_refused(
    scores: list[float], labels: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        fit_platt(scores, labels)


@settings(deadline=None)
@given(ROWS)
def test_the_staircase_agrees_with_scikit_learn(
    rows: list[tuple[float, bool]],
) -> None:
    # scikit-learn takes scores within a rounding of each other for ties.
    scores, y = (np.array(part) for part in zip(*rows, strict=True))
    scores = np.round(scores, 3)
    steps = fit_isotonic(scores, y)
    other = IsotonicRegression(out_of_bounds="clip").fit(scores, y)
    new = np.linspace(-0.5, 1.5, 41)
    assert steps.probability(scores) == pytest.approx(
        other.predict(scores), abs=1e-9
    )
    assert (np.diff(steps.probabilities) >= 0).all()
    assert steps.probability(new)[0] == steps.probabilities[0]
    assert steps.probability(new)[-1] == steps.probabilities[-1]


def test_between_two_scores_the_line_is_straight() -> None:
    steps = fit_isotonic([0.0, 1.0], [0, 1])
    assert steps.probability([0.25, 2.0, -1.0]).tolist() == [0.25, 1.0, 0.0]


def test_equal_neighbours_stay_equal() -> None:
    steps = fit_isotonic([1.0, 2.0, 3.0, 4.0], [0, 1, 0, 1])
    assert steps.probabilities.tolist() == [0.0, 0.5, 0.5, 1.0]
    steps = fit_isotonic([1.0, 2.0, 3.0], [1, 0, 0])
    assert steps.probabilities.tolist() == pytest.approx([1 / 3] * 3)


MEASURES: list[Callable[..., Any]] = [
    reliability,
    expected_calibration_error,
    log_loss,
    brier_loss,
]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("p", "y", "error", "message"),
    [
        ([1.5], [1], ValueError, "probabilities[0]=1.5 is outside [0, 1]"),
        ([0.5, -0.1], [1, 0], ValueError, "probabilities[1]=-0.1 is outside"),
        ([math.nan], [1], ValueError, "probabilities[0]=nan is not finite"),
        ([], [], ValueError, "probabilities holds 0 values"),
        ([0.5], [[1]], ValueError, "labels have shape (1, 1), not (1,)"),
        ([0.5], [1.0], TypeError, "labels are of type float64, not 0 and 1"),
        ([0.5], ["1"], TypeError, "labels are of type <U1, not 0 and 1"),
    ],
)
def test_impossible_forecasts_are_refused(
    measure: Callable[..., Any],
    p: Any,
    y: Any,
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        measure(p, y)


@pytest.mark.parametrize(
    "measure",
    [area_under_roc, log_loss_of_log_odds, fit_platt, fit_isotonic],
)
def test_impossible_scores_are_refused(measure: Callable[..., Any]) -> None:
    name = "log_odds" if measure is log_loss_of_log_odds else "scores"
    with pytest.raises(ValueError, match=rf"^{name}.0.=nan is not finite$"):
        measure([math.nan, 1.0], [0, 1])
    with pytest.raises(ValueError, match=rf"^{name} holds 0 values"):
        measure([], [])
    with pytest.raises(ValueError, match=r"^labels have shape"):
        measure([1.0, 2.0], [0, 1, 1])


def test_bins_are_counted_from_one() -> None:
    assert reliability([0.2, 0.9], [0, 1], bins=1).rows.tolist() == [2]
    with pytest.raises(ValueError, match=exactly("bins=0 is below 1")):
        reliability([0.5], [1], bins=0)


def test_maps_refuse_scores_that_are_none() -> None:
    with pytest.raises(ValueError, match=r"^scores.0.=inf is not finite$"):
        PlattMap(1.0, 0.0).log_odds([math.inf])
    with pytest.raises(ValueError, match=r"^scores holds 0 values"):
        PlattMap(1.0, 0.0).log_odds([])
    steps = IsotonicMap(np.array([0.0]), np.array([0.5]))
    with pytest.raises(ValueError, match=r"^scores.0.=nan is not finite$"):
        steps.probability([math.nan])
    with pytest.raises(ValueError, match=r"^scores holds 0 values"):
        steps.probability([])
