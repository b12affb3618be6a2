"""Noise escapes along the way down, and drifts to flat minima."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.maths.gradient_noise import (
    escape_steps,
    label_noise_sharpness,
    reaches_deeper_well,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@settings(max_examples=40, deadline=None)
@given(st.floats(1e-12, 0.9), st.floats(-3, 3), st.floats(0.01, 0.2))
def test_without_noise_a_logarithm_counts_the_steps(
    y: float, x: float, step: float
) -> None:
    exact = math.log(1 / y) / math.log(1 + 2 * step)
    (found,) = escape_steps(
        [[x, -y]], noise=(0, 0), rng=rng(), step=step, limit=5_000
    ).tolist()
    assert found in {math.ceil(exact - 1e-6), math.ceil(exact + 1e-6)}


def test_only_noise_across_the_ridge_escapes() -> None:
    ridge = [[1.0, 0.0]] * 50
    assert (escape_steps(ridge, noise=(5, 0), rng=rng()) == -1).all()
    across = escape_steps(ridge, noise=(0, 1), rng=rng())
    assert (across > 0).all()
    weaker = escape_steps(ridge, noise=(0, 1e-3), rng=rng())
    # A thousandth of the noise takes ln(1000) / ln(1.1) = 72 steps more.
    gap = weaker.mean() - across.mean()
    error = math.hypot(weaker.std(), across.std()) / math.sqrt(50)
    assert abs(gap - math.log(1_000) / math.log(1.1)) < 4 * error + 1


def test_the_step_and_the_limit_are_as_documented() -> None:
    assert escape_steps([[0.0, 1.0]], noise=(0, 0), rng=rng()).tolist() == [0]
    assert (
        escape_steps([[0.0, 1e-6]], noise=(0, 0), rng=rng(), limit=144)[0]
        == -1
    )
    assert (
        escape_steps([[0.0, 1e-6]], noise=(0, 0), rng=rng(), limit=145)[0]
        == 145
    )
    start = 1.1**-1999 * 1.0001
    late = escape_steps([[0.0, start]], noise=(0, 0), rng=rng())
    assert late.tolist() == [1999]
    beyond = escape_steps(
        [[0.0, 1.1**-2001 * 1.0001]], noise=(0, 0), rng=rng()
    )
    assert beyond.tolist() == [-1]


def test_each_run_stops_for_itself() -> None:
    start = np.array([[0.0, 0.5], [0.0, 0.0], [0.0, -0.95]])
    found = escape_steps(start, noise=(0, 0), rng=rng(), limit=50)
    assert found.tolist() == [8, -1, 1]
    assert start.tolist() == [[0.0, 0.5], [0.0, 0.0], [0.0, -0.95]]


def test_impossible_saddles_are_refused() -> None:
    for start, message in (
        ([1.0, 0.0], "start of shape (2,) are no points (x, y)"),
        ([[1.0]], "start of shape (1, 1) are no points (x, y)"),
        (np.zeros((0, 2)), "start of shape (0, 2) are no points (x, y)"),
        ([[1.0, math.nan]], "start is not finite"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            escape_steps(start, noise=(0, 0), rng=rng())
    for changed, message in (
        ({"noise": (0, -1)}, "noise=-1 is negative"),
        ({"noise": (-1, 0)}, "noise=-1 is negative"),
        ({"step": 0}, "step=0 is not positive"),
        ({"limit": 0}, "limit=0 is below 1"),
    ):
        options = {"noise": (0, 0)} | changed
        with pytest.raises(ValueError, match=exactly(message)):
            escape_steps([[1.0, 0.0]], rng=rng(), **options)


def test_the_exact_gradient_stays_in_its_well() -> None:
    assert not reaches_deeper_well(0, 3, rng()).any()


def test_a_moderate_batch_finds_the_deeper_well_most_often() -> None:
    shares = {
        batch: reaches_deeper_well(batch, 300, rng()).mean()
        for batch in (1, 32, 256)
    }
    assert shares[32] > 0.85
    assert shares[256] < 0.1
    assert 0.4 < shares[1] < 0.7


def test_wells_agree_with_their_stationary_law() -> None:
    # Small steps sample exp(-2 L / (step * sd²)), a Langevin diffusion.
    found = reaches_deeper_well(
        4, 2_000, rng(), noise_sd=12.0, step=0.02, steps=4_000
    )
    x = np.linspace(-2, 2, 4_001)
    loss = (x**2 - 1) ** 2 / 4 + 0.15 * x
    density = np.exp(-2 * loss / (0.02 * 36))
    exact = density[x < 0].sum() / density.sum()
    error = math.sqrt(exact * (1 - exact) / 2_000)
    # The step of 0.02 itself moves the law by about as much.
    assert abs(found.mean() - exact) < 4 * error + 0.02


def test_label_noise_drifts_to_the_flat_minimum() -> None:
    start = 9 + 1 / 9
    still = label_noise_sharpness(0.0, 2, rng())
    assert still == pytest.approx([start, start])
    some = label_noise_sharpness(0.5, 200, rng()).mean()
    much = label_noise_sharpness(1.0, 200, rng()).mean()
    assert 2 <= much < 4 < some < 8
    longer = label_noise_sharpness(1.0, 100, rng(), steps=20_000)
    assert 2 <= np.median(longer) < 2.3


def test_one_step_of_label_noise_is_as_written() -> None:
    draw = float(rng().standard_normal(1)[0])
    error = 2.0 * draw
    u, v = 3 - 0.1 * error / 3, 1 / 3 - 0.1 * error * 3
    found = label_noise_sharpness(2.0, 1, rng(), step=0.1, steps=1)
    assert found[0] == pytest.approx(u * u + v * v, rel=1e-12)
    default = label_noise_sharpness(2.0, 1, rng(), steps=1)
    u, v = 3 - 0.02 * error / 3, 1 / 3 - 0.02 * error * 3
    assert default[0] == pytest.approx(u * u + v * v, rel=1e-12)


def test_impossible_noise_is_refused() -> None:
    for changed, message in (
        ({"label_sd": -1}, "label_sd=-1 is negative"),
        ({"runs": 0}, "runs=0 is below 1"),
        ({"steps": 0}, "steps=0 is below 1"),
        ({"step": 0}, "step=0 is not positive"),
    ):
        options = {"label_sd": 1, "runs": 1} | changed
        with pytest.raises(ValueError, match=exactly(message)):
            label_noise_sharpness(rng=rng(), **options)
    for changed, message in (
        ({"batch": -1}, "batch=-1 is below 0"),
        ({"runs": 0}, "runs=0 is below 1"),
        ({"steps": 0}, "steps=0 is below 1"),
        ({"step": 0}, "step=0 is not positive"),
        ({"noise_sd": 0}, "noise_sd=0 is not positive"),
    ):
        options = {"batch": 1, "runs": 1} | changed
        with pytest.raises(ValueError, match=exactly(message)):
            reaches_deeper_well(rng=rng(), **options)


def test_a_valley_left_for_ever_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"^step=5.0 diverges under label_sd"):
        label_noise_sharpness(1.0, 2, rng, step=5.0, steps=50)
