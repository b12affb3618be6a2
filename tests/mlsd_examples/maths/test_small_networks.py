"""Stacks of small networks learn, and fail to, as theory expects."""

import math
import re

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from mlsd_examples.maths.small_networks import (
    DeepRun,
    _forward,
    _slopes,
    quadrants,
    train_deep,
    xor_stuck,
)

HE = math.sqrt(2)
TASK = {"depth": 8, "width": 16, "networks": 6, "steps": 250, "step": 0.1}


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_wide_networks_are_not_stuck() -> None:
    shares = {w: xor_stuck(w, 80, rng()).mean() for w in (2, 4, 16)}
    assert shares[2] > 0.6
    assert shares[2] > shares[4] > shares[16]
    assert shares[16] < 0.1


def test_one_unit_cannot_compute_xor() -> None:
    assert xor_stuck(1, 40, rng()).all()


def test_divergence_counts_as_stuck() -> None:
    with np.errstate(all="ignore"):
        assert xor_stuck(4, 5, rng(), step=50.0).all()


def test_no_step_to_speak_of_leaves_all_stuck() -> None:
    found = xor_stuck(16, 7, rng(), steps=1)
    assert found.shape == (7,)
    assert found.dtype == np.bool_
    assert found.all()


def test_quadrants_have_the_sign_of_the_product() -> None:
    points, same = quadrants(5_000, rng())
    assert points.shape == (5_000, 2)
    assert (same[:, 0] == (points[:, 0] * points[:, 1] > 0)).all()
    assert abs(same.mean() - 0.5) < 4 * 0.5 / math.sqrt(5_000)


@pytest.mark.parametrize("residual", [False, True])
def test_the_slopes_agree_with_differences(residual: bool) -> None:
    source = rng()
    shapes = [(2, 4), (4, 4), (4, 4), (4, 1)]
    stack = [source.standard_normal((1, *s)) for s in shapes]
    points, same = quadrants(9, source)

    def loss(flat: np.ndarray) -> float:
        cuts = np.cumsum([math.prod(s) for s in shapes])[:-1]
        parts = [
            p.reshape(1, *s)
            for p, s in zip(np.split(flat, cuts), shapes, strict=True)
        ]
        logits = _forward(parts, points, residual)[-1]
        return float((np.logaddexp(0, logits) - same * logits).mean())

    flat = np.concatenate([w.ravel() for w in stack])
    found = _slopes(stack, points, same, residual)
    joined = np.concatenate([s.ravel() for s in found])
    oracle = approx_fprime(flat, loss, 1e-7)
    assert joined == pytest.approx(oracle, abs=1e-5)


def test_hes_spread_learns_where_smaller_ones_guess() -> None:
    fair = train_deep(**TASK, gain=HE, rng=rng())  # type: ignore[arg-type]
    small = train_deep(**TASK, gain=0.2, rng=rng())  # type: ignore[arg-type]
    assert fair.mean > 0.8
    assert abs(small.mean - 0.5) < 0.15
    assert (fair.lost, small.lost) == (0, 0)
    assert fair.accuracies.shape == (6,)


def test_clipping_saves_what_diverges() -> None:
    hot = TASK | {"gain": 1.5 * HE, "depth": 20, "step": 0.03}
    lost = train_deep(**hot, rng=rng())  # type: ignore[arg-type]
    assert lost.lost >= 5
    assert lost.accuracies.tolist().count(0.5) >= lost.lost
    kept = train_deep(**hot, clip=1.0, rng=rng())  # type: ignore[arg-type]
    assert kept.lost == 0


def test_a_tiny_clip_hardly_moves() -> None:
    still = train_deep(**TASK, gain=HE, clip=1e-9, rng=rng())  # type: ignore[arg-type]
    learned = train_deep(**TASK, gain=HE, clip=1e9, rng=rng())  # type: ignore[arg-type]
    free = train_deep(**TASK, gain=HE, rng=rng())  # type: ignore[arg-type]
    assert still.mean < 0.75
    assert learned.accuracies.tolist() == free.accuracies.tolist()


def test_a_scaled_residual_learns() -> None:
    found = train_deep(
        **TASK,  # type: ignore[arg-type]
        gain=HE / math.sqrt(8),
        residual=True,
        rng=rng(),
    )
    assert found.mean > 0.9


def test_runs_are_summarised() -> None:
    run = DeepRun(np.array([0.5, 0.7, 0.9]), 1)
    assert run.mean == pytest.approx(0.7)
    assert run.standard_error == pytest.approx(0.2 / math.sqrt(3))


def test_impossible_networks_are_refused() -> None:
    for changed, message in (
        ({"depth": 0}, "depth=0 is below 1"),
        ({"width": 0}, "width=0 is below 1"),
        ({"networks": 1}, "networks=1 is below 2"),
        ({"steps": 0}, "steps=0 is below 1"),
        ({"step": 0}, "step=0 is not positive"),
        ({"gain": 0}, "gain=0 is not positive"),
        ({"clip": 0}, "clip=0 is not positive"),
    ):
        options = TASK | {"gain": 1.0} | changed
        with pytest.raises(ValueError, match=exactly(message)):
            train_deep(**options, rng=rng())  # type: ignore[arg-type]
    for args, message in (
        ((0, 1), "width=0 is below 1"),
        ((1, 0), "networks=0 is below 1"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            xor_stuck(*args, rng())
    with pytest.raises(ValueError, match=exactly("steps=0 is below 1")):
        xor_stuck(1, 1, rng(), steps=0)
    with pytest.raises(ValueError, match=exactly("step=0 is not positive")):
        xor_stuck(1, 1, rng(), step=0)
    with pytest.raises(ValueError, match=exactly("examples=0 is below 1")):
        quadrants(0, rng())
