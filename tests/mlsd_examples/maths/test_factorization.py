"""Factors come from observed ratings alone, one ridge regression a row."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge
from sklearn.metrics import root_mean_squared_error

from mlsd_examples.maths.factorization import (
    filled_low_rank,
    masked_factors,
    planted_ratings,
    root_mean_square_error,
)

seeds = st.integers(0, 2**32 - 1)
SOME = [[True, False], [True, True]]


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.floats(0.1, 5), seeds)
def test_each_half_step_is_a_ridge_regression(
    rank: int, ridge: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    drawn = planted_ratings(12, 9, rng, observed=0.4)
    if not drawn.observed.any():
        return
    start = 0.1 * np.random.default_rng(seed).standard_normal((9, rank))
    fit = masked_factors(
        drawn.values,
        drawn.observed,
        rank,
        np.random.default_rng(seed),
        ridge=ridge,
        rounds=1,
    )
    assert fit.mean == pytest.approx(drawn.values[drawn.observed].mean())
    model = Ridge(alpha=ridge, fit_intercept=False)
    for user, seen in enumerate(drawn.observed):
        expected = np.zeros(rank)
        if seen.any():
            target = drawn.values[user, seen] - fit.mean
            expected = model.fit(start[seen], target).coef_
        assert fit.users[user] == pytest.approx(expected, abs=1e-8)
    for item, seen in enumerate(drawn.observed.T):
        expected = np.zeros(rank)
        if seen.any():
            target = drawn.values[seen, item] - fit.mean
            expected = model.fit(fit.users[seen], target).coef_
        assert fit.items[item] == pytest.approx(expected, abs=1e-8)
    misses = (drawn.values - fit.predicted)[drawn.observed]
    size = np.sum(fit.users**2) + np.sum(fit.items**2)
    loss = np.sum(misses**2) + ridge * size
    assert fit.losses == pytest.approx([loss])


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_the_loss_never_rises(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = planted_ratings(15, 10, rng, observed=0.5)
    fit = masked_factors(drawn.values, drawn.observed, 3, rng, rounds=30)
    assert len(fit.losses) == 30
    assert (np.diff(fit.losses) <= 1e-9 * fit.losses[0]).all()


def test_what_was_not_observed_is_never_read() -> None:
    drawn = planted_ratings(10, 8, np.random.default_rng(1), observed=0.5)
    hidden = np.where(drawn.observed, drawn.values, np.nan)
    one, other = (
        masked_factors(v, drawn.observed, 2, np.random.default_rng(2))
        for v in (drawn.values, hidden)
    )
    assert one.predicted.tolist() == other.predicted.tolist()
    a, b = (
        filled_low_rank(v, drawn.observed, 2) for v in (drawn.values, hidden)
    )
    assert a.tolist() == b.tolist()


def test_a_user_without_ratings_gets_the_mean() -> None:
    fit = masked_factors(
        [[1.0, 5.0], [3.0, 3.0]],
        [[True, True], [False, False]],
        1,
        np.random.default_rng(1),
    )
    assert fit.users[1].tolist() == [0.0]
    assert fit.predicted[1].tolist() == [3.0, 3.0]


def test_the_masked_fit_beats_the_filled_ones() -> None:
    rng = np.random.default_rng(9)
    drawn = planted_ratings(300, 200, rng)
    fit = masked_factors(drawn.values, drawn.observed, 3, rng)
    held = ~drawn.observed
    errors = [
        root_mean_square_error(guess, drawn.values, held)
        for guess in (
            filled_low_rank(drawn.values, drawn.observed, 3),
            filled_low_rank(drawn.values, drawn.observed, 3, fill=None),
            fit.predicted,
        )
    ]
    assert errors[0] > 2 * errors[1] > 2 * errors[2] > 0.5


def test_the_factors_are_not_orthogonal() -> None:
    rng = np.random.default_rng(9)
    drawn = planted_ratings(300, 200, rng)
    fit = masked_factors(drawn.values, drawn.observed, 3, rng)
    cross = fit.users.T @ fit.users
    off = np.abs(cross - np.diag(np.diag(cross))).max()
    assert off > 0.01 * np.diag(cross).max()


def test_defaults_are_a_penalty_of_one_and_twenty_rounds() -> None:
    drawn = planted_ratings(9, 8, np.random.default_rng(1), observed=0.6)
    told: list[dict[str, Any]] = [{}, {"ridge": 1.0, "rounds": 20}]
    default, said = (
        masked_factors(
            drawn.values, drawn.observed, 2, np.random.default_rng(2), **how
        )
        for how in told
    )
    assert default.losses == said.losses
    assert len(default.losses) == 20


def test_gaps_are_filled_with_what_is_told() -> None:
    values, mask = [[4.0, 9.0], [2.0, 6.0]], SOME
    for told, gap in (({}, 0.0), ({"fill": None}, 4.0), ({"fill": 7.0}, 7.0)):
        found = filled_low_rank(values, mask, 2, **told)
        assert found == pytest.approx(np.array([[4.0, gap], [2.0, 6.0]]))
    assert np.linalg.matrix_rank(filled_low_rank(values, mask, 1)) == 1


def test_planted_ratings_have_their_rank_noise_and_share() -> None:
    rng = np.random.default_rng(4)
    drawn = planted_ratings(400, 300, rng, rank=2, noise=1e-9)
    assert drawn.values.shape == drawn.observed.shape == (400, 300)
    stretches = np.linalg.svd(drawn.values - 3.5, compute_uv=False)
    assert stretches[1] > 1 > 1e-6 > stretches[2]
    assert drawn.values.std() == pytest.approx(0.7, abs=0.1)
    plain = planted_ratings(400, 300, rng)
    stretches = np.linalg.svd(plain.values - 3.5, compute_uv=False)
    # Noise alone: at most sd (sqrt(m) + sqrt(n)), and the fourth near it.
    edge = 0.3 * (20 + math.sqrt(300))
    assert stretches[2] > 2 * edge
    assert 0.9 * edge < stretches[3] < 1.05 * edge
    share = plain.observed.mean()
    assert abs(share - 0.15) < 4 * math.sqrt(0.15 * 0.85 / 120_000)
    assert (
        abs(planted_ratings(100, 100, rng, observed=0.9).observed.mean() - 0.9)
        < 0.02
    )


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), seeds)
def test_errors_are_scikit_learns(m: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    guess, truth = rng.standard_normal((2, m, n))
    where = rng.random((m, n)) < 0.5
    where[0, 0] = True
    expected = root_mean_squared_error(truth[where], guess[where])
    found = root_mean_square_error(guess, truth, where)
    assert found == pytest.approx(expected)
    assert isinstance(found, float)


@pytest.mark.parametrize(
    ("values", "observed", "error", "message"),
    [
        ([[1.0]], [[1]], TypeError, "observed is of type int64, not bool"),
        (
            [[1.0, 2]],
            [[True]],
            ValueError,
            "values of shape (1, 2), observed of (1, 1)",
        ),
        ([[1.0]], [[False]], ValueError, "nothing is observed"),
        ([[math.nan]], [[True]], ValueError, "values[0, 0]=nan is not finite"),
        ([1.0], [True], ValueError, "values of shape (1,) is not a matrix"),
    ],
)
def test_impossible_tables_are_refused(
    values: Any, observed: Any, error: type[Exception], message: str
) -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(error, match=exactly(message)):
        masked_factors(values, observed, 1, rng)
    with pytest.raises(error, match=exactly(message)):
        filled_low_rank(values, observed, 1)
    with pytest.raises(error, match=exactly(message)):
        root_mean_square_error([[1.0]], values, observed)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"rank": 0}, "rank=0 is below 1"),
        ({"ridge": 0}, "ridge=0 is not positive"),
        ({"rounds": 0}, "rounds=0 is below 1"),
    ],
)
def test_impossible_fits_are_refused(told: Any, message: str) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        masked_factors(
            [[1.0]],
            [[True]],
            rng=np.random.default_rng(1),
            **{"rank": 1, **told},
        )
    fit = masked_factors(
        [[1.0]], [[True]], 1, np.random.default_rng(1), rounds=1
    )
    assert fit.predicted.tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"users": 0}, "users=0 is below 1"),
        ({"items": 0}, "items=0 is below 1"),
        ({"rank": 0}, "rank=0 is below 1"),
        ({"noise": 0}, "noise=0 is not positive"),
        ({"observed": 1}, "observed=1 is outside (0, 1)"),
    ],
)
def test_impossible_drawings_are_refused(told: Any, message: str) -> None:
    sizes = {"users": 1, "items": 1, "rng": np.random.default_rng(1)}
    with pytest.raises(ValueError, match=exactly(message)):
        planted_ratings(**{**sizes, **told})
    assert planted_ratings(**sizes, rank=1).values.shape == (1, 1)  # type: ignore[arg-type]


def test_a_filling_is_a_finite_number() -> None:
    values, seen = [[1.0, 2.0]], [[True, False]]
    with pytest.raises(TypeError, match=r"^fill='3' is not a number$"):
        filled_low_rank(values, seen, 1, fill="3")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^fill=nan is not finite$"):
        filled_low_rank(values, seen, 1, fill=float("nan"))


def test_text_is_no_rating() -> None:
    with pytest.raises(TypeError, match=r"^values are not all numbers$"):
        root_mean_square_error([[1]], [["1"]], [[True]])


def test_errors_beyond_a_float_are_refused() -> None:
    everything, message = [[True, True]], "^the squared error overflows$"
    with pytest.raises(ValueError, match=message):
        root_mean_square_error([[1e200, 0]], [[-1e200, 0]], everything)
    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match=message):
        masked_factors([[1e200, -1e200]], everything, 1, rng)
