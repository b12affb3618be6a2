"""Naive Bayes adds evidence, also when it is the same evidence twice."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.naive_bayes import GaussianNB, MultinomialNB

from mlsd_examples.maths.calibration import area_under_roc
from mlsd_examples.maths.naive_bayes import (
    GaussianNaiveBayes,
    fit_gaussian_naive_bayes,
    word_log_likelihood,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_two_rows_of_each_class_are_enough() -> None:
    model = fit_gaussian_naive_bayes(
        [[0.0], [2.0], [4.0], [8.0]], [0, 0, 1, 1]
    )
    assert model.prior_log_odds == 0.0
    assert model.means.tolist() == [[1.0], [6.0]]
    assert model.variances.tolist() == [[1.0], [4.0]]
    expected = norm.logpdf(3, 6, 2) - norm.logpdf(3, 1, 1)
    assert model.log_odds([[3.0]])[0] == pytest.approx(expected, rel=1e-14)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 4),
    st.floats(1e-3, 1e3),
    st.floats(0.1, 0.9),
)
def test_log_odds_agree_with_scikit_learn(
    seed: int, width: int, scale: float, share: float
) -> None:
    rng = np.random.default_rng(seed)
    y = rng.random(60) < share
    y[:2], y[2:4] = True, False
    x = scale * (rng.standard_normal((60, width)) + y[:, None])
    model = fit_gaussian_naive_bayes(x, y)
    logs = GaussianNB(var_smoothing=0).fit(x, y).predict_joint_log_proba(x)
    assert model.log_odds(x) == pytest.approx(
        logs[:, 1] - logs[:, 0], rel=1e-9, abs=1e-9
    )


def test_copies_multiply_the_evidence_and_not_the_prior() -> None:
    rng = np.random.default_rng(5)
    y = np.arange(90) % 3 == 0
    x = rng.normal(y, 1)[:, None]
    one = fit_gaussian_naive_bayes(x, y)
    five = fit_gaussian_naive_bayes(np.repeat(x, 5, axis=1), y)
    assert one.prior_log_odds == pytest.approx(math.log(1 / 2))
    once = one.log_odds(x) - one.prior_log_odds
    assert five.log_odds(np.repeat(x, 5, axis=1)) == pytest.approx(
        5 * once + one.prior_log_odds, rel=1e-12
    )


def known(shifts: list[float]) -> GaussianNaiveBayes:
    means = np.array([np.zeros(len(shifts)), shifts])
    return GaussianNaiveBayes(0.0, means, np.ones_like(means))


@pytest.mark.parametrize("copies", [1, 5, 20])
def test_copies_of_a_weak_feature_spoil_the_ranking(copies: int) -> None:
    rng, n = np.random.default_rng(20), 40_000
    y = np.arange(n) % 2
    strong, weak = rng.normal(2 * y, 1), rng.normal(0.5 * y, 1)
    x = np.column_stack([strong, *[weak] * copies])
    odds = known([2.0] + [0.5] * copies).log_odds(x)
    # The score is normal with these moments, given the class.
    gap, sd = 4 + copies * 0.25, math.hypot(2, copies * 0.5)
    accuracy, auc = norm.cdf(gap / 2 / sd), norm.cdf(gap / sd / math.sqrt(2))
    assert np.mean((odds > 0) == y) == pytest.approx(
        accuracy, abs=4 * math.sqrt(accuracy * (1 - accuracy) / n)
    )
    assert area_under_roc(odds, y) == pytest.approx(
        auc, abs=4 * math.sqrt(auc * (1 - auc) / (n / 2))
    )


def test_an_exclusive_or_is_invisible() -> None:
    rng, n = np.random.default_rng(11), 20_000
    corners = rng.integers(0, 2, (2 * n, 2))
    y = corners[:, 0] != corners[:, 1]
    x = corners + rng.normal(0, 0.1, (2 * n, 2))
    odds = fit_gaussian_naive_bayes(x[:n], y[:n]).log_odds(x[n:])
    best = max(np.mean((odds > t) == y[n:]) for t in (-0.01, 0.0, 0.01))
    # Whatever the fit, it decides each corner or corners by rows; the truth
    # is a coin for every one of its axes.
    assert 0.2 < best < 0.8
    assert np.abs(odds).max() < 0.3


@pytest.mark.parametrize(
    ("features", "labels", "error", "message"),
    [
        ([1.0, 2.0], [0, 1], ValueError, "features have shape (2,)"),
        ([[]], [0], ValueError, "features have shape (1, 0)"),
        ([[1.0], [math.nan]], [0, 1], ValueError, "features[1, 0]=nan"),
        ([[1.0], [2.0]], [0], ValueError, "labels have shape (1,), not (2,)"),
        ([[1.0], [2.0]], [0.0, 1.0], TypeError, "labels are of type float64"),
        ([[1.0], [2.0]], [0, 2], ValueError, "labels[1]=2 is neither 0 nor 1"),
        ([[1.0], [2.0]], [0, -1], ValueError, "labels[1]=-1 is neither"),
        ([[1.0], [2.0]], [1, 1], ValueError, "all labels are 1"),
        ([[1.0], [2.0]], [0, 0], ValueError, "all labels are 0"),
        (
            [[1.0, 1.0], [2.0, 2.0], [3.0, 5.0], [4.0, 5.0]],
            [0, 0, 1, 1],
            ValueError,
            "feature 1 is constant in class 1",
        ),
    ],
)
def test_impossible_tables_are_refused(
    features: Any, labels: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        fit_gaussian_naive_bayes(features, labels)


def test_the_constant_feature_is_named_before_its_class() -> None:
    x = [[1.0, 2.0], [3.0, 2.0], [4.0, 5.0], [6.0, 7.0]]
    with pytest.raises(
        ValueError, match=r"^feature 1 is constant in class 0$"
    ):
        fit_gaussian_naive_bayes(x, [0, 0, 1, 1])


def test_a_constant_that_rounds_its_mean_is_constant_still() -> None:
    x = [[0.1], [0.1], [0.1], [1.0], [2.0]]
    with pytest.raises(
        ValueError, match=r"^feature 0 is constant in class 0$"
    ):
        fit_gaussian_naive_bayes(x, [0, 0, 0, 1, 1])


def test_rows_must_have_the_columns_of_the_fit() -> None:
    with pytest.raises(
        ValueError, match=exactly("features have 2 columns, not 1")
    ):
        known([1.0]).log_odds([[1.0, 2.0]])


def test_rows_to_judge_must_be_finite() -> None:
    message = "features[0, 0]=nan is not finite"
    with pytest.raises(ValueError, match=exactly(message)):
        known([1.0]).log_odds([[math.nan]])


VOCABULARY = st.integers(2, 6).flatmap(
    lambda v: st.tuples(
        *[st.lists(st.integers(0, 9), min_size=v, max_size=v)] * 3
    )
)


@settings(deadline=None, max_examples=60)
@given(VOCABULARY, st.floats(0.01, 10))
def test_smoothed_documents_agree_with_scikit_learn(
    words: tuple[list[int], list[int], list[int]], smoothing: float
) -> None:
    first, second, document = words
    other = MultinomialNB(alpha=smoothing, fit_prior=False)
    other.fit(np.array([first, second]), [0, 1])
    logs = other.predict_joint_log_proba(np.array([document]))[0]
    ours = [
        word_log_likelihood(seen, document, smoothing=smoothing)
        for seen in (first, second)
    ]
    expected = logs - math.log(1 / 2)
    assert ours == pytest.approx(expected.tolist(), rel=1e-10, abs=1e-10)


def test_an_unseen_word_is_impossible_without_smoothing() -> None:
    assert word_log_likelihood([5, 0], [1, 1], smoothing=0) == -math.inf
    assert word_log_likelihood([5, 0], [1, 0], smoothing=0) == 0.0
    assert word_log_likelihood([5, 0], [0, 0], smoothing=0) == 0.0


@pytest.mark.parametrize(
    ("arguments", "smoothing", "error", "message"),
    [
        (([1], [1, 2]), 1, ValueError, "2 words, but 1 were counted"),
        (([], [1]), 1, ValueError, "seen holds 0 values, fewer than 1"),
        (([1], []), 1, ValueError, "document holds 0 values, fewer than 1"),
        (([-1], [1]), 1, ValueError, "seen[0]=-1 is negative"),
        (([1], [-1]), 1, ValueError, "document[0]=-1 is negative"),
        (([0.5], [1]), 1, TypeError, "seen are of type float64"),
        (([1], [1]), -0.5, ValueError, "smoothing=-0.5 is negative"),
        (([1], [1]), math.nan, ValueError, "smoothing=nan is not finite"),
        (([0, 0], [1, 0]), 0, ValueError, "no word was seen, and smoothing=0"),
    ],
)
def test_impossible_documents_are_refused(
    arguments: Any, smoothing: float, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        word_log_likelihood(*arguments, smoothing=smoothing)


@pytest.mark.parametrize(
    ("column", "at"), [([1e308, 2, -1e308, 3], 0), ([1e-300, 2, 2e-300, 3], 0)]
)
def test_a_variance_that_is_no_float_is_refused(
    column: list[float], at: int
) -> None:
    message = f"^the variance of feature 0 in class {at} is no float64$"
    with pytest.raises(ValueError, match=message):
        fit_gaussian_naive_bayes(np.array(column)[:, None], [0, 1, 0, 1])


def test_log_odds_that_overflow_are_refused() -> None:
    model = fit_gaussian_naive_bayes([[1.0], [2.0], [3.0], [4.0]], [0, 1, 0, 1])
    with pytest.raises(ValueError, match=r"^the log-odds of row 1 are no"):
        model.log_odds([[1.0], [1e200]])


def test_smoothing_that_overflows_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^smoothing=1e\+308 is too large$"):
        word_log_likelihood([0, 0], [1, 1], smoothing=1e308)
