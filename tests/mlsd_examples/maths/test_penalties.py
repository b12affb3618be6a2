"""Ridge is a posterior mode, to the last digits."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression, Ridge

from mlsd_examples.maths.penalties import (
    linear_posterior,
    logistic_map,
    ridge_weights,
)

SEEDS = st.integers(0, 2**32 - 1)
SPREADS = st.floats(0.05, 20)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def problem(seed: int, rows: int, width: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, width))
    return x, x @ rng.standard_normal(width) + rng.standard_normal(rows)


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.integers(1, 40), st.integers(1, 6), SPREADS, SPREADS)
def test_the_posterior_mean_is_ridge(
    seed: int, rows: int, width: int, noise: float, prior: float
) -> None:
    x, y = problem(seed, rows, width)
    mean = linear_posterior(x, y, noise_sd=noise, prior_sd=prior).mean
    ridge = ridge_weights(x, y, penalty=noise**2 / prior**2)
    assert mean == pytest.approx(ridge, rel=1e-7, abs=1e-8)


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.integers(1, 40), st.integers(1, 6), st.floats(1e-3, 1e4))
def test_ridge_agrees_with_scikit_learn(
    seed: int, rows: int, width: int, penalty: float
) -> None:
    x, y = problem(seed, rows, width)
    other = Ridge(alpha=penalty, fit_intercept=False).fit(x, y)
    found = ridge_weights(x, y, penalty=penalty)
    assert found == pytest.approx(other.coef_, rel=1e-6, abs=1e-8)


def test_the_gradient_of_the_posterior_is_zero_at_its_mean() -> None:
    x, y = problem(1, 50, 4)
    mean = linear_posterior(x, y, noise_sd=2.0, prior_sd=0.5).mean
    gradient = x.T @ (y - x @ mean) / 2.0**2 - mean / 0.5**2
    assert gradient == pytest.approx(np.zeros(4), abs=1e-12)


def test_the_point_and_its_covariance_come_from_one_factorisation() -> None:
    x, y = problem(2, 60, 3)
    belief = linear_posterior(x, y, noise_sd=1.5, prior_sd=0.7)
    precision = x.T @ x / 1.5**2 + np.eye(3) / 0.7**2
    assert belief.covariance @ precision == pytest.approx(np.eye(3), abs=1e-12)


def test_without_a_penalty_it_is_least_squares() -> None:
    x, y = problem(3, 30, 3)
    expected = np.linalg.pinv(x) @ y
    assert ridge_weights(x, y, penalty=0) == pytest.approx(expected, rel=1e-10)


def test_the_pull_of_a_prior_fades_with_the_rows() -> None:
    x, y = problem(4, 50, 2)
    gaps = []
    for times in (1, 10, 100):
        many, targets = np.tile(x, (times, 1)), np.tile(y, times)
        pulled = ridge_weights(many, targets, penalty=5)
        free = ridge_weights(many, targets, penalty=0)
        gaps.append(float(np.abs(pulled - free).max()))
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.15)
    assert gaps[1] / gaps[2] == pytest.approx(10, rel=0.02)


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.integers(1, 4), st.floats(0.05, 10))
def test_logistic_map_agrees_with_scikit_learn(
    seed: int, width: int, prior: float
) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((80, width))
    y = rng.random(80) < expit(2 * x[:, 0])
    y[:2] = [True, False]
    found = logistic_map(x, y, prior_sd=prior)
    other = LogisticRegression(
        C=prior**2, fit_intercept=False, tol=1e-10, max_iter=10_000
    ).fit(x, y)
    assert found == pytest.approx(other.coef_[0], rel=1e-4, abs=1e-5)
    gradient = x.T @ (expit(x @ found) - y) + found / prior**2
    assert gradient == pytest.approx(np.zeros(width), abs=1e-8)


def test_one_class_alone_has_a_map() -> None:
    weight = logistic_map([[1.0], [1.0]], [1, 1], prior_sd=1)[0]
    assert 2 * expit(-weight) == pytest.approx(weight)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_huge_and_tiny_features_have_a_map(size: float) -> None:
    x = size * np.array([[-3.0], [-1.0], [0.5], [2.0], [-0.2]])
    y = np.array([0, 0, 1, 1, 1])
    weight = logistic_map(x, y, prior_sd=10 / size)
    gradient = x.T @ (expit(x @ weight) - y) + weight * size**2 / 100
    assert gradient / size == pytest.approx(np.zeros(1), abs=1e-8)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: ridge_weights([1.0], [1.0], penalty=1),
            ValueError,
            "features have shape (1,), not rows and columns",
        ),
        (
            lambda: ridge_weights([[1.0]], [1.0, 2.0], penalty=1),
            ValueError,
            "1 rows, but 2 targets",
        ),
        (
            lambda: linear_posterior([[1.0]], [], noise_sd=1, prior_sd=1),
            ValueError,
            "targets holds 0 values, fewer than 1",
        ),
        (
            lambda: ridge_weights([[1.0]], [math.nan], penalty=1),
            ValueError,
            "targets[0]=nan is not finite",
        ),
        (
            lambda: ridge_weights([[math.inf]], [1.0], penalty=1),
            ValueError,
            "features[0, 0]=inf is not finite",
        ),
        (
            lambda: ridge_weights([[1.0]], [1.0], penalty=-0.1),
            ValueError,
            "penalty=-0.1 is negative",
        ),
        (
            lambda: ridge_weights([[1.0]], [1.0], penalty=math.nan),
            ValueError,
            "penalty=nan is not finite",
        ),
        (
            lambda: linear_posterior([[1.0]], [1.0], noise_sd=0, prior_sd=1),
            ValueError,
            "noise_sd=0 is not positive",
        ),
        (
            lambda: linear_posterior([[1.0]], [1.0], noise_sd=1, prior_sd=-1),
            ValueError,
            "prior_sd=-1 is not positive",
        ),
        (
            lambda: logistic_map([[1.0]], [1], prior_sd=0),
            ValueError,
            "prior_sd=0 is not positive",
        ),
        (
            lambda: logistic_map([[math.nan]], [1], prior_sd=1),
            ValueError,
            "features[0, 0]=nan is not finite",
        ),
        (
            lambda: logistic_map([[1.0]], [1.0], prior_sd=1),
            TypeError,
            "labels are of type float64, not 0 and 1",
        ),
        (
            lambda: logistic_map([[1.0]], [1, 0], prior_sd=1),
            ValueError,
            "labels have shape (2,), not (1,)",
        ),
    ],
)
def test_impossible_problems_are_refused(
    call: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=exactly(message)):
        call()
