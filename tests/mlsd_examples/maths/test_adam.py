"""Adam agrees with the published updates, written out in scalars."""

import math
import re

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.maths.adam import adam

gradient_lists = st.lists(st.floats(-10, 10), min_size=1, max_size=12)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def by_hand(
    w: float,
    gradients: list[float],
    step: float,
    decay: float,
    decoupled: bool,
    b1: float,
    b2: float,
    epsilon: float,
) -> float:
    m = v = 0.0
    for t, g in enumerate(gradients):
        if not decoupled:
            g += decay * w
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        m_hat, v_hat = m / (1 - b1 ** (t + 1)), v / (1 - b2 ** (t + 1))
        shrink = step * decay * w if decoupled else 0.0
        w = w - shrink - step * m_hat / (math.sqrt(v_hat) + epsilon)
    return w


@settings(max_examples=60, deadline=None)
@given(
    gradient_lists,
    st.floats(-3, 3),
    st.sampled_from([0.0, 0.1]),
    st.booleans(),
)
def test_it_agrees_with_the_scalar_algorithm(
    gradients: list[float], start: float, decay: float, decoupled: bool
) -> None:
    found = adam(
        [start],
        np.array(gradients)[:, np.newaxis],
        step=0.03,
        decay=decay,
        decoupled=decoupled,
        betas=(0.8, 0.95),
        epsilon=1e-3,
    )
    oracle = by_hand(start, gradients, 0.03, decay, decoupled, 0.8, 0.95, 1e-3)
    assert found[0] == pytest.approx(oracle, rel=1e-10, abs=1e-12)


def test_the_defaults_are_the_published_ones_without_decay() -> None:
    gradients = [1.0, -2.0, 0.5, 1e-8]
    table = np.array(gradients)[:, np.newaxis]
    oracle = by_hand(1.0, gradients, 0.1, 0.0, True, 0.9, 0.999, 1e-8)
    assert adam([1.0], table, step=0.1)[0] == pytest.approx(oracle, rel=1e-12)
    shrunk = by_hand(1.0, gradients, 0.1, 0.5, True, 0.9, 0.999, 1e-8)
    found = adam([1.0], table, step=0.1, decay=0.5)[0]
    assert found == pytest.approx(shrunk, rel=1e-12)
    tiny = adam([0.0], [[1e-8]], step=1.0)[0]
    assert tiny == pytest.approx(-0.5)


def test_decoupled_decay_does_not_depend_on_the_gradients() -> None:
    noise = np.random.default_rng(0).standard_normal((500, 3))
    noise *= [100.0, 1.0, 0.01]

    def kept(decoupled: bool) -> npt.NDArray[np.float64]:
        options = {"step": 1e-2, "decay": 0.1}
        far = adam(np.ones(3), noise, **options, decoupled=decoupled)  # type: ignore[arg-type]
        near = adam(np.zeros(3), noise, **options, decoupled=decoupled)  # type: ignore[arg-type]
        return far - near

    assert kept(True) == pytest.approx([(1 - 1e-3) ** 500] * 3)
    large, _, small = kept(False)
    assert large > 0.98
    assert small < 0.2


def test_the_start_is_not_changed() -> None:
    start = np.ones(2)
    adam(start, np.ones((3, 2)), step=0.1)
    assert start.tolist() == [1.0, 1.0]


def test_impossible_runs_are_refused() -> None:
    for gradients, message in (
        ([1.0], "gradients of shape (1,) meet 1 weights"),
        ([[1.0, 2.0]], "gradients of shape (1, 2) meet 1 weights"),
        (np.zeros((0, 1)), "gradients of shape (0, 1) meet 1 weights"),
        ([[math.inf]], "gradients are not finite"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            adam([1.0], gradients, step=0.1)
    for changed, message in (
        ({"step": 0}, "step=0 is not positive"),
        ({"epsilon": 0}, "epsilon=0 is not positive"),
        ({"decay": -0.1}, "decay=-0.1 is negative"),
        ({"decay": math.nan}, "decay=nan is not finite"),
        ({"betas": (1.0, 0.5)}, "beta=1.0 is outside [0, 1)"),
        ({"betas": (0.5, -0.1)}, "beta=-0.1 is outside [0, 1)"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            adam([1.0], [[1.0]], **({"step": 0.1} | changed))
    with pytest.raises(
        ValueError, match=exactly("start holds 0 values, fewer than 1")
    ):
        adam([], np.zeros((1, 0)), step=0.1)
    assert adam([1.0], [[1.0]], step=0.1, betas=(0.0, 0.0))[0] == (
        pytest.approx(0.9)
    )


def test_a_gradient_whose_square_overflows_is_refused() -> None:
    with pytest.raises(ValueError, match=exactly("not finite after 2 steps")):
        adam([1.0], [[1.0], [1e300]], step=0.1)


def test_a_step_beyond_all_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match=exactly("not finite after 1 steps")):
        adam([-1.7e308], [[1.0]], step=1.7e308)


def test_two_moments_have_two_memories() -> None:
    with pytest.raises(ValueError, match=exactly("betas=(0.9,) are not two")):
        adam([1.0], [[1.0]], step=0.1, betas=(0.9,))  # type: ignore[arg-type]
