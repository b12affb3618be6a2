"""Batches have the variance, and the price, that their model says."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.maths.minibatches import (
    CriticalBatch,
    NormalRegression,
    fit_critical_batch,
    mean_gradients,
    noise_scale,
    sampling_variance,
    streamed_gradient,
)

seeds = st.integers(0, 10_000)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


TOY = NormalRegression((0.1, 0.5, 1.0), (1.0, -2.0, 0.5), 0.7)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 1e4), st.floats(0.1, 1e5), st.floats(0.5, 1e6))
def test_steps_and_examples_lie_on_one_hyperbola(
    least: float, scale: float, batch: float
) -> None:
    model = CriticalBatch(least, scale)
    saved = model.steps(batch) / least - 1
    spent = model.examples(batch) / (least * scale) - 1
    assert saved * spent == pytest.approx(1, rel=1e-4)
    assert model.steps(scale) == pytest.approx(2 * least)


@settings(max_examples=40, deadline=None)
@given(st.floats(1, 1e3), st.floats(1, 1e4))
def test_the_fit_finds_the_model_it_came_from(
    least: float, scale: float
) -> None:
    model = CriticalBatch(least, scale)
    batches = [scale / 8, scale, 3 * scale]
    fit = fit_critical_batch(batches, [model.steps(b) for b in batches])
    assert fit.least_steps == pytest.approx(least, rel=1e-6)
    assert fit.noise_scale == pytest.approx(scale, rel=1e-6)


def test_the_fit_weighs_relative_errors() -> None:
    fit = fit_critical_batch([1, 10, 100], [110.0, 21.0, 10.0])
    design = np.array([[1 / 110, 1 / 110], [1 / 21, 0.1 / 21], [0.1, 0.001]])
    oracle = np.linalg.pinv(design) @ np.ones(3)
    assert fit.least_steps == pytest.approx(oracle[0])
    assert fit.noise_scale == pytest.approx(oracle[1] / oracle[0])


def test_impossible_fits_are_refused() -> None:
    for batches, steps, message in (
        ([1], [1], "batches holds 1 values, fewer than 2"),
        ([1, 2], [1], "steps holds 1 values, fewer than 2"),
        ([1, 2, 3], [1, 2], "3 batches meet 2 steps"),
        ([0, 2], [1, 2], "batches and steps must be positive"),
        ([1, 2], [1, 0], "batches and steps must be positive"),
        ([2, 2], [1, 2], "all batches are equal: nothing to fit"),
        ([1, 2], [1, 2], "the steps do not fall with the batch"),
        ([1, 2], [4, 1], "the steps do not fall with the batch"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            fit_critical_batch(batches, steps)
    with pytest.raises(
        ValueError, match=exactly("least_steps=0 is not positive")
    ):
        CriticalBatch(0, 1)
    with pytest.raises(
        ValueError, match=exactly("noise_scale=0 is not positive")
    ):
        CriticalBatch(1, 0)


@pytest.mark.parametrize("batch", [1, 3, 50])
def test_expected_losses_agree_with_simulation(batch: int) -> None:
    source, runs = rng(), 6_000
    offsets = np.tile(TOY.offsets, (runs, 1))
    exact = TOY.expected_losses(0.15, batch, 5)
    assert exact.shape == (6,)
    for steps in range(1, 6):
        drawn = TOY.sample_gradients(offsets, batch, source)
        offsets = offsets - 0.15 * drawn.mean(axis=1)
        losses = (offsets**2 @ np.array(TOY.spectrum)) / 2
        error = 4.5 * losses.std() / math.sqrt(runs)
        assert abs(losses.mean() - exact[steps]) < error


def test_a_huge_batch_is_gradient_descent() -> None:
    found = TOY.expected_losses(0.3, 10**15, 10)
    curved, offsets = np.array(TOY.spectrum), np.array(TOY.offsets)
    oracle = [
        (curved * (offsets * (1 - 0.3 * curved) ** t) ** 2).sum() / 2
        for t in range(11)
    ]
    assert found == pytest.approx(oracle, rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 500), st.floats(0.05, 0.5))
def test_steps_to_a_target_are_the_least_over_step_sizes(
    batch: int, target: float
) -> None:
    found = TOY.steps_to(target, batch, limit=5_000)
    aim = target * TOY.expected_losses(0.1, 1, 1)[0]
    reached = [
        TOY.expected_losses(step, batch, found).min() <= aim
        for step in np.geomspace(1e-3, 1, 120) * 2
    ]
    assert any(reached)
    if found > 1:
        with pytest.raises(ValueError, match="the target is not reached"):
            TOY.steps_to(target, batch, limit=found - 1)


def test_larger_batches_take_fewer_steps_and_more_examples() -> None:
    batches = [4, 16, 64, 256, 1_024]
    steps = [TOY.steps_to(0.02, b, limit=5_000) for b in batches]
    examples = [b * s for b, s in zip(batches, steps, strict=True)]
    assert steps == sorted(steps, reverse=True)
    assert examples[1:] == sorted(examples[1:])


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_sampled_gradients_have_their_mean_and_noise_scale(seed: int) -> None:
    source = np.random.default_rng(seed)
    drawn = TOY.sample_gradients(TOY.offsets, 40_000, source)
    mean = np.array(TOY.spectrum) * TOY.offsets
    errors = drawn.std(axis=0) / 200
    assert (np.abs(drawn.mean(axis=0) - mean) < 5 * errors).all()
    parts = np.array([noise_scale(p) for p in np.split(drawn, 20)])
    error = parts.std(ddof=1) / math.sqrt(20)
    # Twenty parts: a t-quantile; the ratio is biased by order 1/2,000.
    gap = abs(parts.mean() - TOY.noise_scale(TOY.offsets))
    assert gap < 5.5 * error + 0.01


def test_the_noise_scale_takes_off_its_own_bias() -> None:
    table = np.array([[3.0, 0.0], [1.0, 2.0], [2.0, 1.0]])
    trace = 1.0 + 1.0
    square = (2.0**2 + 1.0**2) - trace / 3
    assert noise_scale(table) == pytest.approx(trace / square)
    assert noise_scale([[1.0], [1.0]]) == 0.0
    assert noise_scale([[0.0], [0.0]]) == math.inf


def test_impossible_regressions_are_refused() -> None:
    for spectrum, offsets, sd, message in (
        ((0.0, 1.0), (1.0, 1.0), 1, "curvature 0 is not positive"),
        ((1.0,), (1.0, 1.0), 1, "2 offsets meet 1 curvatures"),
        ((), (), 1, "spectrum holds 0 values, fewer than 1"),
        ((1.0,), (1.0,), 0, "noise_sd=0 is not positive"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            NormalRegression(spectrum, offsets, sd)
    for call, message in (
        (lambda: TOY.expected_losses(0, 1, 1), "step=0 is not positive"),
        (lambda: TOY.expected_losses(1, 0, 1), "batch=0 is below 1"),
        (lambda: TOY.expected_losses(1, 1, 0), "steps=0 is below 1"),
        (lambda: TOY.steps_to(1, 1, limit=1), "target=1 is outside (0, 1)"),
        (lambda: TOY.steps_to(0.5, 1, limit=0), "limit=0 is below 1"),
        (
            lambda: TOY.steps_to(1e-9, 1, limit=3),
            "the target is not reached in 3 steps",
        ),
        (
            lambda: TOY.noise_scale([0.0, 0.0, 0.0]),
            "the gradient vanishes: its noise has no scale",
        ),
        (
            lambda: TOY.sample_gradients([1.0, 1.0, 1.0], 0, rng()),
            "size=0 is below 1",
        ),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            call()


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("batch", [1, 5, 30, 40])
def test_the_variance_of_a_mean_follows_the_finite_population(
    batch: int, replace: bool
) -> None:
    pool = np.arange(40.0)[:, np.newaxis]
    means = mean_gradients(pool, batch, 20_000, rng(), replace=replace)
    assert means.shape == (20_000, 1)
    ratio = means.var() / pool.var()
    exact = sampling_variance(40, batch, replace=replace)
    assert ratio == pytest.approx(
        exact, rel=4.5 * math.sqrt(2 / 20_000), abs=1e-20
    )


def test_without_replacement_no_example_comes_twice() -> None:
    pool = 2.0 ** np.arange(10)[:, np.newaxis]
    sums = 3 * mean_gradients(pool, 3, 500, rng(), replace=False)
    bits = [round(v).bit_count() for v in sums[:, 0]]
    assert set(bits) == {3}
    twice = 3 * mean_gradients(pool, 3, 500, rng(), replace=True)
    assert {round(v).bit_count() for v in twice[:, 0]} >= {1, 2, 3}


def test_impossible_batches_are_refused() -> None:
    for population, batch, message in (
        (1, 1, "population=1 is below 2"),
        (2, 0, "batch=0 is below 1"),
        (2, 3, "batch=3 exceeds the population of 2"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            sampling_variance(population, batch, replace=False)
    assert sampling_variance(2, 4, replace=True) == 0.25
    with pytest.raises(ValueError, match=exactly("draws=0 is below 1")):
        mean_gradients([[1.0], [2.0]], 1, 0, rng(), replace=True)
    with pytest.raises(
        ValueError, match=exactly("batch=3 exceeds the population of 2")
    ):
        mean_gradients([[1.0], [2.0]], 3, 1, rng(), replace=False)
    for bad in ([1.0, 2.0], [[1.0]], np.zeros((2, 0))):
        shape = np.shape(bad)
        with pytest.raises(
            ValueError,
            match=exactly(
                f"gradients of shape {shape} are not two rows or more"
            ),
        ):
            noise_scale(bad)
    with pytest.raises(ValueError, match=exactly("gradients are not finite")):
        noise_scale([[1.0], [math.nan]])


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(2, 60), st.integers(1, 4), st.integers(1, 70))
def test_a_streamed_gradient_is_the_full_one(
    seed: int, examples: int, n: int, rows: int
) -> None:
    source = np.random.default_rng(seed)
    x = source.standard_normal((examples, n))
    x[:, 0] *= 1e6  # ill-conditioned
    y, w = source.standard_normal(examples), source.standard_normal(n)
    full = x.T @ (x @ w - y) / examples
    found = streamed_gradient(x, y, w, rows=rows)
    assert found == pytest.approx(full, rel=1e-9, abs=1e-12 * 1e12)
    direct = ((x @ w - y)[:, np.newaxis] * x).mean(axis=0)
    assert np.abs(found - direct).max() <= 1e-10 * np.abs(direct).max()


def test_impossible_streams_are_refused() -> None:
    x, y = np.eye(2), np.ones(2)
    with pytest.raises(ValueError, match=exactly("rows=0 is below 1")):
        streamed_gradient(x, y, [1.0, 1.0], rows=0)
    with pytest.raises(
        ValueError,
        match=exactly("2 rows and 2 columns meet 2 targets and 1 weights"),
    ):
        streamed_gradient(x, y, [1.0], rows=1)
    with pytest.raises(ValueError, match=exactly("features are not finite")):
        streamed_gradient(x + math.inf, y, [1.0, 1.0], rows=1)
    with pytest.raises(ValueError, match="targets"):
        streamed_gradient(x, [1.0, math.nan], [1.0, 1.0], rows=1)


def test_offsets_that_do_not_fit_or_are_no_numbers_are_refused() -> None:
    toy = NormalRegression((1.0, 1.0), (1.0, 1.0), 1.0)
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"^1 offsets meet 2 curvatures$"):
        toy.sample_gradients([1.0], 2, rng)
    with pytest.raises(ValueError, match=r"^offsets are not finite$"):
        toy.sample_gradients([1.0, np.nan], 2, rng)
