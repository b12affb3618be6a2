"""Descent converges where its theory says, and in as many steps."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.maths.gradient_descent import (
    Tuning,
    best_momentum,
    best_step,
    curvatures,
    descend,
    iterations_to,
    largest_stable_step,
    worst_angle,
)

seeds = st.integers(0, 10_000)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_one_step_is_minus_step_times_gradient() -> None:
    path = descend(lambda w: 2 * w, [1.0, -2.0], step=0.25, steps=1)
    assert path.tolist() == [[1.0, -2.0], [0.5, -1.0]]


def test_momentum_repeats_a_share_of_the_last_move() -> None:
    path = descend(
        lambda w: np.ones_like(w), [0.0], step=1.0, steps=3, momentum=0.5
    )
    assert path[:, 0].tolist() == [0.0, -1.0, -2.5, -4.25]


@settings(max_examples=25, deadline=None)
@given(seeds, st.integers(1, 5))
def test_the_limit_is_two_over_the_largest_curvature(
    seed: int, n: int
) -> None:
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((n, n)) + np.eye(n)
    hessian = root @ root.T
    limit = largest_stable_step(hessian)
    assert limit == pytest.approx(2 / np.linalg.norm(hessian, 2))
    top = np.linalg.eigh(hessian)[1][:, -1]
    for share, factor in ((0.95, 0.9), (1.05, 1.1)):
        path = descend(
            lambda w: hessian @ w, top, step=share * limit, steps=20
        )
        assert np.linalg.norm(path[-1]) == pytest.approx(factor**20, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(seeds, st.integers(1, 4), st.integers(4, 8))
def test_descent_from_zero_finds_the_pseudo_inverse(
    seed: int, rows: int, columns: int
) -> None:
    rng = np.random.default_rng(seed)
    # Orthonormal rows times well-scaled ones: singular, and quick.
    x = np.linalg.qr(rng.standard_normal((columns, rows)))[0].T
    x = rng.uniform(0.5, 1.0, rows)[:, np.newaxis] * x
    y = rng.standard_normal(rows)
    path = descend(
        lambda w: x.T @ (x @ w - y), np.zeros(columns), step=1.0, steps=200
    )
    assert path[-1] == pytest.approx(np.linalg.pinv(x) @ y, abs=1e-9)


def test_a_singular_hessian_has_a_flat_direction() -> None:
    assert curvatures([[1.0, 1.0], [1.0, 1.0]]) == pytest.approx([0, 2])
    assert curvatures([[1.0, 1.0], [1.0, 1.0]])[0] >= 0
    assert largest_stable_step([[1.0, 1.0], [1.0, 1.0]]) == pytest.approx(1)
    assert largest_stable_step([[4.0]]) == 0.5


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 10), st.floats(1, 1e3))
def test_the_best_step_balances_its_two_worst_directions(
    mu: float, kappa: float
) -> None:
    top = mu * kappa
    tuning = best_step(mu, top)
    assert abs(1 - tuning.step * mu) == pytest.approx(tuning.rate, abs=1e-9)
    assert abs(1 - tuning.step * top) == pytest.approx(tuning.rate, abs=1e-9)
    assert tuning.momentum == 0.0


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 10), st.floats(1.01, 1e3))
def test_momentum_reaches_its_rate_in_both_directions(
    mu: float, kappa: float
) -> None:
    tuning = best_momentum(mu, mu * kappa)
    for curved in (mu, mu * kappa):
        companion = [
            [1 + tuning.momentum - tuning.step * curved, -tuning.momentum],
            [1.0, 0.0],
        ]
        radius = np.abs(np.linalg.eigvals(companion)).max()
        # A double root: rounding of 1e-16 moves it by its square root.
        assert radius == pytest.approx(tuning.rate, abs=1e-6)
    root = math.sqrt(kappa)
    assert tuning.rate == pytest.approx((root - 1) / (root + 1))


@pytest.mark.parametrize(("mu", "top"), [(1, 10), (2, 9), (1, 1_000)])
def test_iterations_follow_the_logarithm_of_the_rate(
    mu: float, top: float
) -> None:
    tuning = best_step(mu, top)
    count = math.log(1e-6) / math.log(tuning.rate)
    assert iterations_to(1e-6, [mu, top], tuning) == math.ceil(count - 1e-9)
    fast = best_momentum(mu, top)
    error = descend(
        lambda w: np.array([mu, top]) * w,
        [1.0, 1.0],
        step=fast.step,
        steps=2_000,
        momentum=fast.momentum,
    )
    norms = np.linalg.norm(error, axis=1) / math.sqrt(2)
    assert iterations_to(1e-6, [mu, top], fast) == np.argmax(norms <= 1e-6)


def test_one_curvature_is_done_in_one_step() -> None:
    assert iterations_to(0.5, [4.0], best_step(4, 4)) == 1
    assert best_momentum(4, 4) == Tuning(0.25, 0.0, 0.0)


@pytest.mark.parametrize("kappa", [1, 3.0, 10, 100, 1e4])
def test_the_worst_angle_is_attained(kappa: float) -> None:
    around = np.linspace(0, math.pi / 2, 400_001)
    w = np.stack([np.cos(around), np.sin(around)])
    downhill = w * np.array([[1.0], [kappa]])
    cosine = (downhill * w).sum(axis=0) / np.linalg.norm(downhill, axis=0)
    found = math.degrees(math.acos(min(1.0, cosine.min())))
    assert worst_angle(kappa) == pytest.approx(found, abs=1e-5)


def test_impossible_hessians_are_refused() -> None:
    for bad, message in (
        ([1.0, 2.0], "hessian of shape (2,) is not square"),
        ([[1.0, 2.0]], "hessian of shape (1, 2) is not square"),
        (np.zeros((0, 0)), "hessian of shape (0, 0) is not square"),
        ([[math.nan]], "hessian is not finite"),
        ([[0.0]], "hessian is zero: there is no curvature"),
        ([[1.0, 0.5], [0.0, 1.0]], "hessian is not symmetric"),
        ([[1.0, 0.0], [0.0, -0.5]], "curvature -0.5 is negative"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            curvatures(bad)
    with pytest.raises(TypeError, match="hessian are not all numbers"):
        curvatures([["a"]])


def test_rounding_is_not_taken_for_asymmetry() -> None:
    values = curvatures([[1e6, 1e-6], [0.0, 1e6]])
    assert values == pytest.approx([1e6, 1e6])


def test_impossible_descents_are_refused() -> None:
    def run(**changed: object) -> None:
        options = {"step": 0.1, "steps": 2} | changed
        descend(lambda w: w, [1.0], **options)  # type: ignore[arg-type]

    for changed, message in (
        ({"step": 0}, "step=0 is not positive"),
        ({"steps": 0}, "steps=0 is below 1"),
        ({"momentum": 1}, "momentum=1 is outside [0, 1)"),
        ({"momentum": -0.1}, "momentum=-0.1 is outside [0, 1)"),
        ({"momentum": math.nan}, "momentum=nan is outside [0, 1)"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            run(**changed)
    with pytest.raises(
        ValueError, match=exactly("start holds 0 values, fewer than 1")
    ):
        descend(lambda w: w, [], step=1, steps=1)
    with pytest.raises(
        ValueError,
        match=exactly("gradient of shape (2,) meets weights (1,)"),
    ):
        descend(lambda _: np.ones(2), [1.0], step=1, steps=1)
    with pytest.raises(
        ValueError,
        match=exactly("step=1e+300 diverges: not finite after 2 steps"),
    ):
        descend(lambda w: w, [1.0], step=1e300, steps=3)
    with pytest.raises(TypeError, match="gradient are not all numbers"):
        descend(lambda _: np.array(["a"]), [1.0], step=1, steps=1)


def test_impossible_tunings_are_refused() -> None:
    for tolerance in (0, 1, math.nan):
        with pytest.raises(
            ValueError,
            match=exactly(f"tolerance={tolerance} is outside (0, 1)"),
        ):
            iterations_to(tolerance, [1.0], best_step(1, 1))
    with pytest.raises(
        ValueError, match=exactly("curvature 0 is not positive")
    ):
        iterations_to(0.5, [0.0, 1.0], best_step(1, 1))
    with pytest.raises(
        ValueError, match=exactly("spectrum holds 0 values, fewer than 1")
    ):
        iterations_to(0.5, [], best_step(1, 1))
    with pytest.raises(ValueError, match=exactly("step=2.0 diverges")):
        iterations_to(0.5, [1.0], Tuning(2.0, 0.0, 1.0))
    with pytest.raises(ValueError, match=exactly("step=3.0 diverges")):
        iterations_to(0.5, [1.0], Tuning(3.0, 0.5, 1.0))
    assert iterations_to(0.5, [1.0], Tuning(2.5, 0.5, 1.0)) > 1
    with pytest.raises(
        ValueError, match=exactly("momentum=1 is outside [0, 1)")
    ):
        iterations_to(0.5, [1.0], Tuning(0.5, 1, 1.0))
    with pytest.raises(ValueError, match=exactly("step=0 is not positive")):
        iterations_to(0.5, [1.0], Tuning(0, 0.5, 1.0))
    for make in (best_step, best_momentum):
        with pytest.raises(
            ValueError, match=exactly("least=2 exceeds largest=1")
        ):
            make(2, 1)
        with pytest.raises(
            ValueError, match=exactly("least=0 is not positive")
        ):
            make(0, 1)
        with pytest.raises(
            ValueError, match=exactly("largest=-1 is not positive")
        ):
            make(1, -1)
    with pytest.raises(ValueError, match=exactly("condition=0.5 is below 1")):
        worst_angle(0.5)
    with pytest.raises(
        ValueError, match=exactly("condition=0 is not positive")
    ):
        worst_angle(0)


def test_a_curvature_of_rounding_size_is_given_up() -> None:
    message = exactly("not there after 1000000 steps")
    with pytest.raises(ValueError, match=message):
        iterations_to(0.1, [1e-300], best_step(1, 2))
