"""Alarms are as precise as the base rate lets them be."""

import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from mlsd_examples.maths.base_rates import (
    BinormalScores,
    alarm_precision,
    binormal_separation,
)

RATES = st.floats(1e-6, 1 - 1e-6)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_precision_is_a_ratio_of_counts() -> None:
    # 259,200,000 payments of a day, counted in whole numbers.
    real = 259_200 * Fraction(9, 10)
    false = (259_200_000 - 259_200) * Fraction(1, 100)
    expected = float(real / (real + false))
    assert alarm_precision(0.001, 0.9, 0.01) == pytest.approx(
        expected, rel=1e-14
    )


@settings(deadline=None)
@given(RATES, RATES, RATES)
def test_posterior_odds_are_prior_odds_times_the_ratio(
    base_rate: float, recall: float, false_rate: float
) -> None:
    p = alarm_precision(base_rate, recall, false_rate)
    odds = base_rate / (1 - base_rate) * recall / false_rate
    assert p == pytest.approx(odds / (1 + odds), rel=1e-9)


def test_edges_of_the_rates_are_allowed() -> None:
    assert alarm_precision(0.0, 1.0, 0.5) == 0.0
    assert alarm_precision(1.0, 0.5, 1.0) == 1.0
    assert alarm_precision(0.5, 1.0, 0.0) == 1.0
    assert alarm_precision(0.5, 0.0, 1.0) == 0.0
    assert alarm_precision(0.5, 0.5, 0.5) == 0.5


@pytest.mark.parametrize(
    "rates", [(0.5, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 0.0, 1.0)]
)
def test_without_alarms_there_is_no_precision(
    rates: tuple[float, float, float],
) -> None:
    with pytest.raises(ValueError, match=exactly("there is never an alarm")):
        alarm_precision(*rates)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_rates_outside_their_range_are_named(at: int, value: float) -> None:
    rates = [0.5, 0.5, 0.5]
    rates[at] = value
    name = ("base_rate", "recall", "false_positive_rate")[at]
    message = f"{name}={value} is outside [0, 1]"
    with pytest.raises(ValueError, match=exactly(message)):
        alarm_precision(*rates)


@settings(deadline=None)
@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_the_separation_reproduces_its_operating_point(
    recall: float, false_rate: float
) -> None:
    distance = binormal_separation(recall, false_rate)
    at = norm.isf(false_rate)
    assert norm.sf(at - distance) == pytest.approx(recall, rel=1e-9)


@pytest.mark.parametrize("bad", [0.0, 1.0, math.nan])
def test_operating_points_are_inside(bad: float) -> None:
    with pytest.raises(ValueError, match=r"^recall="):
        binormal_separation(bad, 0.5)
    with pytest.raises(ValueError, match=r"^false_positive_rate="):
        binormal_separation(0.5, bad)


def test_rates_agree_with_simulated_scores() -> None:
    rng, n = np.random.default_rng(1), 400_000
    model = BinormalScores(0.2, 1.5, look_alikes=0.1)
    bad = rng.random(n) < 0.2
    alike = rng.random(n) < 0.1
    scores = rng.standard_normal(n) + 1.5 * (bad | alike)
    above = scores > 1.0
    for found, seen in (
        (model.recall(1.0), above[bad]),
        (model.false_positive_rate(1.0), above[~bad]),
        (model.alarm_share(1.0), above),
        (model.precision(1.0), bad[above]),
    ):
        error = math.sqrt(found * (1 - found) / seen.size)
        assert abs(found - seen.mean()) < 4 * error
    cost = np.where(bad, ~above * 7.0, above * 2.0)
    expected = model.expected_cost(1.0, missed=7.0, stopped=2.0)
    assert abs(cost.mean() - expected) < 4 * cost.std() / math.sqrt(n)


@settings(deadline=None, max_examples=50)
@given(
    st.floats(1e-4, 0.5),
    st.floats(0.1, 5),
    st.floats(0, 0.5),
    st.floats(1e-12, 0.999),
)
def test_the_threshold_flags_the_share_asked_for(
    base_rate: float, separation: float, alike: float, wanted: float
) -> None:
    model = BinormalScores(base_rate, separation, look_alikes=alike)
    at = model.threshold_for_share(wanted)
    flagged = base_rate * model.recall(at)
    flagged += (1 - base_rate) * model.false_positive_rate(at)
    assert flagged == pytest.approx(wanted, rel=1e-6)
    assert model.alarm_share(at) == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize("wanted", [1e-300, 1 - 1e-12])
def test_extreme_shares_have_thresholds(wanted: float) -> None:
    model = BinormalScores(0.001, 3.6)
    at = model.threshold_for_share(wanted)
    assert model.alarm_share(at) == pytest.approx(wanted, rel=1e-9)


@settings(deadline=None, max_examples=50)
@given(st.floats(1e-3, 0.9), st.floats(0.5, 4), st.floats(0.01, 0.99))
def test_the_cut_has_the_posterior_asked_for(
    base_rate: float, separation: float, p: float
) -> None:
    model = BinormalScores(base_rate, separation)
    at = model.threshold_for_posterior(p)
    bad = base_rate * norm.pdf(at - separation)
    good = (1 - base_rate) * norm.pdf(at)
    assert bad / (bad + good) == pytest.approx(p, rel=1e-8)


def test_look_alikes_move_the_cut() -> None:
    model = BinormalScores(0.01, 2.0, look_alikes=0.003)
    at = model.threshold_for_posterior(0.4)
    bad = 0.01 * norm.pdf(at - 2)
    good = 0.99 * (0.997 * norm.pdf(at) + 0.003 * norm.pdf(at - 2))
    assert bad / (bad + good) == pytest.approx(0.4, rel=1e-12)


def test_no_score_is_more_suspicious_than_look_alikes_allow() -> None:
    model = BinormalScores(0.001, 2.0, look_alikes=0.001)
    ceiling = 0.001 / (0.001 + 0.999 * 0.001)
    assert model.precision(14.0) == pytest.approx(ceiling, rel=1e-6)
    message = "no score is bad with probability=0.6"
    with pytest.raises(ValueError, match=exactly(message)):
        model.threshold_for_posterior(0.6)
    half = BinormalScores(0.5, 2.0, look_alikes=0.5)
    with pytest.raises(ValueError, match=r"^no score is bad"):
        half.threshold_for_posterior(2 / 3 + 1e-9)
    even = BinormalScores(0.5, 2.0, look_alikes=1 / 3)
    with pytest.raises(ValueError, match=r"^no score is bad"):
        even.threshold_for_posterior(0.75)


def test_the_cheapest_threshold_is_where_stopping_pays() -> None:
    model = BinormalScores(0.001, 3.6)
    best = minimize_scalar(
        lambda at: model.expected_cost(at, missed=100, stopped=5),
        bounds=(0, 6),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert model.threshold_for_posterior(5 / 105) == pytest.approx(
        best.x, abs=1e-4
    )


def test_there_are_no_look_alikes_unless_told() -> None:
    assert BinormalScores(0.1, 1.0).look_alikes == 0.0
    assert BinormalScores(0.1, 1.0).false_positive_rate(1.0) == pytest.approx(
        norm.sf(1.0), rel=1e-14
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.0, 1.0), "base_rate=0.0 is outside (0, 1)"),
        ((1.0, 1.0), "base_rate=1.0 is outside (0, 1)"),
        ((0.1, 0.0), "separation=0.0 is not positive"),
        ((0.1, math.inf), "separation=inf is not finite"),
        ((0.1, 1.0, -0.1), "look_alikes=-0.1 is outside [0, 1]"),
        ((0.1, 1.0, 1.0), "look_alikes=1: no good event looks good"),
    ],
)
def test_impossible_scores_are_refused(
    arguments: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        BinormalScores(*arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.recall(math.nan), "threshold=nan is not finite"),
        (
            lambda m: m.false_positive_rate(math.inf),
            "threshold=inf is not finite",
        ),
        (lambda m: m.alarm_share(math.inf), "threshold=inf is not finite"),
        (
            lambda m: m.threshold_for_share(0.0),
            "alarm_share=0.0 is outside (0, 1)",
        ),
        (
            lambda m: m.threshold_for_posterior(1.0),
            "probability=1.0 is outside (0, 1)",
        ),
        (
            lambda m: m.expected_cost(0, missed=0, stopped=1),
            "missed=0 is not positive",
        ),
        (
            lambda m: m.expected_cost(0, missed=1, stopped=-1),
            "stopped=-1 is not positive",
        ),
    ],
)
def test_impossible_questions_are_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        call(BinormalScores(0.1, 1.0))
