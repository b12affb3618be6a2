"""A posterior is calibrated over its prior, and given nothing else."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from mlsd_examples.experiments.bayesian_monitoring import probability_of_gain
from mlsd_examples.experiments.dashboards import z_paths


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@given(st.floats(-4, 4), st.floats(0.5, 200), st.floats(0.05, 3))
def test_it_is_the_integral_of_the_posterior(
    z: float, n: float, prior_sd: float
) -> None:
    mean, sd = z / math.sqrt(n), 1 / math.sqrt(n)

    def joint(effect: float) -> float:
        return float(
            norm.pdf(mean, effect, sd) * norm.pdf(effect, 0, prior_sd)
        )

    reach = 10 * min(sd, prior_sd)
    middle = mean * prior_sd**2 / (prior_sd**2 + sd**2)
    above, _ = quad(joint, max(0.0, middle - reach), max(0.0, middle) + reach)
    below, _ = quad(joint, min(0.0, middle) - reach, min(0.0, middle + reach))
    ours = probability_of_gain([z], [n], prior_sd=prior_sd)[0]
    assert float(ours) == pytest.approx(above / (above + below), abs=1e-6)


def test_a_flat_prior_repeats_the_one_sided_p_value() -> None:
    z = [-1.96, 0.0, 1.0]
    ours = probability_of_gain(z, [1, 2, 3], prior_sd=math.inf)
    assert ours.tolist() == pytest.approx(np.asarray(norm.cdf(z)).tolist())


def test_a_wide_prior_approaches_the_flat_one() -> None:
    wide = probability_of_gain([1.5], [10], prior_sd=1e6)
    assert float(wide[0]) == pytest.approx(norm.cdf(1.5), abs=1e-9)


def test_many_tests_share_their_looks() -> None:
    z = np.array([[1.0, 2.0], [0.0, -1.0]])
    both = probability_of_gain(z, [4, 9], prior_sd=0.5)
    assert both.shape == (2, 2)
    assert both[0, 1] == probability_of_gain([2.0], [9], prior_sd=0.5)[0]
    assert both[1, 0] == 0.5


def test_over_its_own_prior_it_is_right_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    n, runs, prior_sd = np.arange(1, 301), 4_000, 0.1
    effects = rng.normal(0, prior_sd, runs)
    z = z_paths(300, runs, rng) + effects[:, None] * np.sqrt(n)
    for assumed, gap in ((prior_sd, 0.0), (math.inf, 0.02)):
        said = probability_of_gain(z, n, prior_sd=assumed)
        sure = np.maximum(said, 1 - said) > 0.975
        stopped = sure.any(axis=1)
        at = sure.argmax(axis=1)[stopped]
        stated = said[stopped, at]
        right = (stated > 0.5) == (effects[stopped] > 0)
        excess = np.maximum(stated, 1 - stated).mean() - right.mean()
        error = right.std() / math.sqrt(right.size)
        if gap:
            assert excess > gap + 4 * error
        else:
            assert abs(excess) < 4 * error


@pytest.mark.parametrize(
    ("z", "n", "prior_sd", "message"),
    [
        ([1.0], [1, 2], 1.0, "z of shape (1,) does not end in 2 looks"),
        (1.0, [1], 1.0, "z of shape () does not end in 1 looks"),
        ([1.0], [], 1.0, "n holds 0 values, fewer than 1"),
        ([1.0], [0], 1.0, "n[0]=0 is not positive"),
        ([1.0, 1.0, 1.0], [1, -2, 0], 1.0, "n[1]=-2 is not positive"),
        ([math.nan], [1], 1.0, "z holds a value that is not finite"),
        ([1.0], [1], 0.0, "prior_sd=0.0 is not positive"),
        ([1.0], [1], math.nan, "prior_sd=nan is not finite"),
        ([1.0], [1], -math.inf, "prior_sd=-inf is not finite"),
    ],
)
def test_impossible_posteriors_are_refused(
    z: Any, n: Any, prior_sd: float, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        probability_of_gain(z, n, prior_sd=prior_sd)


def test_no_tests_and_no_numbers_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("z of shape (0, 1) is empty")
    ):
        probability_of_gain(np.zeros((0, 1)), [1], prior_sd=1.0)
    with pytest.raises(TypeError, match=exactly("z are not all numbers")):
        probability_of_gain(["up"], [1], prior_sd=1.0)
