"""The walk visits places by their density, and knows its own error."""

import math
import re

import numpy as np
import pytest
from scipy.stats import beta, kstest

from mlsd_examples.maths.metropolis import Chain, metropolis


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def log_beta(theta: float) -> float:
    if not 0 < theta < 1:
        return -math.inf
    return 3 * math.log(theta) + 7 * math.log1p(-theta)


def walk(draws: int, step_sd: float = 0.3, seed: int = 2) -> Chain:
    return metropolis(
        log_beta,
        start=0.3,
        step_sd=step_sd,
        draws=draws,
        rng=np.random.default_rng(seed),
    )


def test_it_visits_a_beta_density() -> None:
    chain = walk(60_000)
    error = chain.standard_error()
    assert abs(chain.draws.mean() - 4 / 12) < 4 * error
    # Every fortieth place is nearly independent of the one before.
    apart = chain.draws[::40]
    assert kstest(apart, beta(4, 8).cdf).pvalue > 1e-3
    assert chain.draws.std() == pytest.approx(beta(4, 8).std(), rel=0.05)


def test_the_share_of_accepted_steps_is_that_of_the_moves() -> None:
    chain = walk(5_000)
    moves = np.diff(np.append(0.3, chain.draws)) != 0
    assert chain.accepted == pytest.approx(moves.mean())
    assert 0.2 < chain.accepted < 0.8


def test_batches_know_that_neighbours_are_alike() -> None:
    chain = walk(20_000, step_sd=0.05)
    naive = chain.draws.std() / math.sqrt(20_000)
    assert chain.standard_error() > 3 * naive
    assert chain.standard_error() == chain.standard_error(50)


def test_the_standard_error_of_batches_by_hand() -> None:
    chain = Chain(np.array([1.0, 3.0, 5.0, 7.0]), 0.5)
    means = [2.0, 6.0]
    expected = np.std(means, ddof=1) / math.sqrt(2)
    assert chain.standard_error(2) == pytest.approx(expected)
    assert chain.standard_error(4) == pytest.approx(
        np.std([1, 3, 5, 7], ddof=1) / 2
    )


def test_a_step_up_is_always_taken_and_one_into_nothing_never() -> None:
    rng = np.random.default_rng(3)
    up = metropolis(
        lambda x: 1e6 * x, start=0.0, step_sd=1.0, draws=200, rng=rng
    )
    assert (np.diff(up.draws) >= 0).all()
    rng = np.random.default_rng(3)
    stuck = metropolis(
        lambda x: 0.0 if x == 1.0 else -math.inf,
        start=1.0,
        step_sd=1.0,
        draws=50,
        rng=rng,
    )
    assert stuck.draws.tolist() == [1.0] * 50
    assert stuck.accepted == 0.0


def test_a_nan_density_is_not_entered() -> None:
    rng = np.random.default_rng(3)
    chain = metropolis(
        lambda x: 0.0 if x == 1.0 else math.nan,
        start=1.0,
        step_sd=1.0,
        draws=50,
        rng=rng,
    )
    assert chain.accepted == 0.0


def test_steps_have_the_spread_asked_for() -> None:
    rng = np.random.default_rng(8)
    chain = metropolis(
        lambda _: 0.0, start=5.0, step_sd=2.0, draws=20_000, rng=rng
    )
    steps = np.diff(np.append(5.0, chain.draws))
    assert chain.accepted == 1.0
    assert steps.std() == pytest.approx(2.0, rel=4 / math.sqrt(40_000))
    assert abs(steps.mean()) < 4 * 2 / math.sqrt(20_000)


def test_the_same_seed_walks_the_same_way() -> None:
    assert walk(50).draws.tolist() == walk(50).draws.tolist()
    assert walk(1).draws.shape == (1,)


@pytest.mark.parametrize("value", [-math.inf, math.nan])
def test_a_start_without_density_is_refused(value: float) -> None:
    message = "the density at start=0.5 is 0 or not a number"
    with pytest.raises(ValueError, match=exactly(message)):
        metropolis(
            lambda _: value,
            start=0.5,
            step_sd=1.0,
            draws=1,
            rng=np.random.default_rng(0),
        )


def test_impossible_walks_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("draws=0 is below 1")):
        walk(0)
    with pytest.raises(ValueError, match=exactly("step_sd=0 is not positive")):
        walk(1, step_sd=0)
    with pytest.raises(ValueError, match=exactly("start=nan is not finite")):
        metropolis(
            lambda _: 0.0,
            start=math.nan,
            step_sd=1.0,
            draws=1,
            rng=np.random.default_rng(0),
        )
    chain = Chain(np.array([1.0, 2.0]), 1.0)
    with pytest.raises(ValueError, match=exactly("batches=1 is below 2")):
        chain.standard_error(1)
    with pytest.raises(ValueError, match=exactly("3 batches, but 2 draws")):
        chain.standard_error(3)
    assert chain.standard_error(2) == pytest.approx(0.5)
