"""Log space holds what float64 cannot, and refuses what nothing can."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_expit, logsumexp, softmax

from mlsd_examples.maths.probability import (
    log1m_exp,
    log_sigmoid,
    log_sum_exp,
    normalise,
)

INF = math.inf
LOGS = st.floats(-1e4, 1e4) | st.sampled_from([-INF, -745.2, 709.8, 0.0])


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_the_sum_of_one_term_is_that_term() -> None:
    assert log_sum_exp([-1234.5]) == -1234.5
    assert isinstance(log_sum_exp([0]), float)


def test_equal_terms_add_the_logarithm_of_their_number() -> None:
    assert log_sum_exp([-1e5] * 8) == pytest.approx(
        -1e5 + math.log(8), rel=1e-15
    )


@settings(deadline=None)
@given(st.lists(LOGS, min_size=1, max_size=20))
def test_log_sum_exp_agrees_with_scipy(values: list[float]) -> None:
    with np.errstate(divide="ignore"):
        expected = float(logsumexp(values))
    assert log_sum_exp(values) == pytest.approx(expected, rel=1e-13, abs=1e-13)


@settings(deadline=None)
@given(st.lists(st.floats(-30, 30), min_size=1, max_size=8))
def test_log_sum_exp_agrees_with_exact_sums(values: list[float]) -> None:
    total = sum(Fraction(math.exp(value)) for value in values)
    assert log_sum_exp(values) == pytest.approx(
        math.log(total), rel=1e-12, abs=1e-14
    )


def test_what_is_small_beside_one_is_kept() -> None:
    assert log_sum_exp([0.0, -40.0]) == pytest.approx(math.exp(-40), rel=1e-14)
    assert log_sum_exp([-40.0, 0.0]) == log_sum_exp([0.0, -40.0])


def test_infinite_terms_are_values() -> None:
    assert log_sum_exp([-INF, -INF]) == -INF
    assert log_sum_exp([-INF, 1.0]) == 1.0
    assert log_sum_exp([INF, 1.0]) == INF
    assert log_sum_exp([INF, -INF]) == INF


@pytest.mark.parametrize(
    ("values", "shape"), [([], "(0,)"), ([[0.0]], "(1, 1)"), (0.0, "()")]
)
def test_only_a_list_is_summed(values: object, shape: str) -> None:
    message = f"log_values of shape {shape} are not a list of values"
    with pytest.raises(ValueError, match=exactly(message)):
        log_sum_exp(values)  # type: ignore[arg-type]
    message = f"log_weights of shape {shape} are not a list of values"
    with pytest.raises(ValueError, match=exactly(message)):
        normalise(values)  # type: ignore[arg-type]


def test_nan_is_named() -> None:
    with pytest.raises(ValueError, match=exactly("log_values[1] is NaN")):
        log_sum_exp([0.0, math.nan, math.nan])
    with pytest.raises(ValueError, match=exactly("log_weights[0] is NaN")):
        normalise([math.nan])


@settings(deadline=None)
@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_normalised_weights_agree_with_scipy(values: list[float]) -> None:
    found = normalise(values)
    assert found == pytest.approx(softmax(values), rel=1e-13, abs=1e-300)
    assert found.sum() == pytest.approx(1, rel=1e-15)


def test_impossible_classes_have_probability_zero() -> None:
    assert normalise([-INF, -800.0, -INF]).tolist() == [0.0, 1.0, 0.0]


def test_nothing_but_impossible_classes_are_refused() -> None:
    message = "every weight is 0: nothing can be normalised"
    with pytest.raises(ValueError, match=exactly(message)):
        normalise([-INF])
    message = "log_weights hold an infinite weight"
    with pytest.raises(ValueError, match=exactly(message)):
        normalise([INF, 0.0])


def test_the_callers_weights_are_not_changed() -> None:
    weights = np.array([1.0, 2.0])
    normalise(weights)
    log_sum_exp(weights)
    assert weights.tolist() == [1.0, 2.0]


@settings(deadline=None)
@given(st.floats(-1e6, 1e6) | st.sampled_from([-36.8, 36.8, 745.2, -745.2]))
def test_log_sigmoid_agrees_with_scipy(z: float) -> None:
    assert log_sigmoid(z) == pytest.approx(
        float(log_expit(z)), rel=1e-14, abs=1e-320
    )
    assert log_sigmoid(z) - log_sigmoid(-z) == pytest.approx(
        z, rel=1e-12, abs=1e-12
    )


@pytest.mark.parametrize("z", [math.nan, INF, -INF])
def test_log_odds_must_be_finite(z: float) -> None:
    with pytest.raises(ValueError, match=rf"^log_odds={z} is not finite$"):
        log_sigmoid(z)


@settings(deadline=None)
@given(st.floats(-700, -1e-300))
def test_a_complement_and_its_probability_sum_to_one(log_p: float) -> None:
    rest = log1m_exp(log_p)
    assert rest <= 0
    assert log_sum_exp([log_p, rest]) == pytest.approx(0, abs=2e-16)


@pytest.mark.parametrize(
    ("log_p", "expected"),
    [
        (-1e-20, math.log(1e-20)),
        (-50.0, -math.exp(-50)),
        (math.log(0.25), math.log(0.75)),
        (math.log(0.75), math.log(0.25)),
    ],
)
def test_both_ends_keep_their_digits(log_p: float, expected: float) -> None:
    assert log1m_exp(log_p) == pytest.approx(expected, rel=1e-14)


def test_certainty_and_impossibility_are_complements() -> None:
    assert log1m_exp(0.0) == -INF
    assert log1m_exp(-INF) == 0.0


@pytest.mark.parametrize("log_p", [5e-324, 1.0, math.nan, INF])
def test_no_probability_exceeds_one(log_p: float) -> None:
    message = f"log_p={log_p} is the logarithm of no probability"
    with pytest.raises(ValueError, match=exactly(message)):
        log1m_exp(log_p)
