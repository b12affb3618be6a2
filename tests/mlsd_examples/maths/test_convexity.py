"""Convex losses pass every midpoint, the others fail some."""

import math
import re
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import hinge_loss as sklearn_hinge
from sklearn.metrics import mean_squared_error

from mlsd_examples.maths.convexity import (
    hinge_loss,
    midpoint_violations,
    product_loss,
    sigmoid_squared_loss,
    squared_loss,
)

seeds = st.integers(0, 10_000)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 4), st.sampled_from([1e-6, 1.0, 1e6]))
def test_convex_losses_lie_below_their_chords(
    seed: int, n: int, scale: float
) -> None:
    rng = np.random.default_rng(seed)
    x = scale * rng.standard_normal((7, n))
    y = np.sign(rng.standard_normal(7))
    a, b = rng.standard_normal((2, 200, n))
    for loss in (squared_loss, hinge_loss):
        assert not midpoint_violations(partial(loss, x=x, y=y), a, b).any()


def test_other_parametrisations_are_caught() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((20, 3)), np.sign(rng.standard_normal(20))
    a, b = 2 * rng.standard_normal((2, 2_000, 4))
    sigmoid = partial(sigmoid_squared_loss, x=x, y=y)
    product = partial(product_loss, x=x, y=y)
    assert midpoint_violations(sigmoid, a[:, :3], b[:, :3]).mean() > 0.1
    assert 0.001 < midpoint_violations(product, a, b).mean() < 0.5


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_losses_agree_with_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((9, 3)), rng.standard_normal((1, 3))
    y = np.sign(rng.standard_normal(9))
    y[:2] = [-1, 1]
    z = x @ w[0]
    assert squared_loss(w, x, y)[0] == pytest.approx(
        mean_squared_error(y, z) / 2
    )
    assert hinge_loss(w, x, y)[0] == pytest.approx(
        sklearn_hinge(y, z) + w[0] @ w[0] / 2
    )
    assert sigmoid_squared_loss(w, x, y)[0] == pytest.approx(
        mean_squared_error(y > 0, 1 / (1 + np.exp(-z)))
    )
    twice = np.column_stack([w / 2, [[2.0]]])
    assert product_loss(twice, x, y) == pytest.approx(squared_loss(w, x, y))


def test_rounding_is_no_violation() -> None:
    a, b = np.array([[1.0]]), np.array([[3.0]])
    flat = midpoint_violations(lambda w: 1 + 1e-13 * (w[:, 0] == 2), a, b)
    assert flat.tolist() == [False]
    bump = midpoint_violations(lambda w: 1 + 1e-11 * (w[:, 0] == 2), a, b)
    assert bump.tolist() == [True]


def test_impossible_pairs_are_refused() -> None:
    for a, b, message in (
        (
            [[1.0]],
            [[1.0], [2.0]],
            "points of shape (1, 1) meet points of shape (2, 1)",
        ),
        ([1.0], [1.0], "points of shape (1,) are no table"),
        (
            np.zeros((0, 2)),
            np.zeros((0, 2)),
            "points of shape (0, 2) are no table",
        ),
        ([[math.nan]], [[1.0]], "the loss is not finite"),
        ([[math.inf]], [[1.0]], "the loss is not finite"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            midpoint_violations(lambda w: w.sum(axis=1), a, b)
    with pytest.raises(ValueError, match=exactly("the loss is not finite")):
        midpoint_violations(
            lambda w: np.where(w[:, 0] == 0, math.nan, 1.0), [[-1.0]], [[1.0]]
        )
    with pytest.raises(TypeError, match="first are not all numbers"):
        midpoint_violations(lambda w: w, [["a"]], [[1.0]])


def test_a_loss_that_is_not_one_a_pair_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^2 pairs have losses "):
        midpoint_violations(lambda w: w**2, [[1.0], [2.0]], [[2.0], [2.0]])
