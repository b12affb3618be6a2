"""Named axes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError

from mlsd_examples.toolkit.shape_checks import (
    bind_axes,
    checks_shapes,
    jaxtyped_error,
    squared_error,
)

SHAPES = st.lists(st.integers(1, 4), max_size=3).map(tuple)


@given(SHAPES, SHAPES)
def test_it_refuses_what_jaxtyping_refuses(
    targets: tuple[int, ...], outputs: tuple[int, ...]
) -> None:
    pair = np.zeros(targets), np.ones(outputs)
    try:
        theirs: float | None = jaxtyped_error()(*pair)
    except TypeCheckError:
        theirs = None
    try:
        ours: float | None = squared_error(*pair)
    except TypeError:
        ours = None
    assert ours == theirs
    assert (ours == 1.0) == (len(targets) == 1 and targets == outputs)


def test_names_bind_once_and_the_mapping_is_not_changed() -> None:
    bound = {"n": 2}
    assert bind_axes("n d d", (2, 3, 3), bound) == {"n": 2, "d": 3}
    assert bound == {"n": 2}
    assert bind_axes("", (), {}) == {}
    assert bind_axes("3 n", (3, 1), {}) == {"n": 1}


@pytest.mark.parametrize(
    ("pattern", "shape", "message"),
    [
        ("n", (3,), "axis n is 2 and 3"),
        ("d d", (4, 5), "axis d is 4 and 5"),
        ("7", (6,), "axis 7 is 7 and 6"),
        ("n", (), r"shape \(\) has 0 axes, 'n' has 1"),
        ("n d", (2,), r"shape \(2,\) has 1 axes, 'n d' has 2"),
    ],
)
def test_a_shape_that_disagrees_is_refused(
    pattern: str, shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        bind_axes(pattern, shape, {"n": 2})


def test_arguments_and_result_share_their_names() -> None:
    @checks_shapes("n d", "d m", returns="n m")
    def product(a: list[list[int]], b: list[list[int]]) -> object:
        return np.asarray(a) @ b

    assert np.asarray(product([[1, 2]], [[1], [2]])).shape == (1, 1)
    assert product.__name__ == "product"
    with pytest.raises(TypeError, match="product, argument 2: axis d is 2"):
        product([[1, 2]], [[1]])
    with pytest.raises(TypeError, match="product, argument 1: shape"):
        product([1], [[1]])  # type: ignore[list-item]
    with pytest.raises(
        TypeError, match="product takes 2 arrays by position, not 1"
    ):
        product([[1]], b=[[1]])


def test_a_wrong_result_is_refused_and_an_unnamed_one_is_not() -> None:
    @checks_shapes("n", returns="n")
    def total(a: list[int]) -> object:
        return sum(a)

    @checks_shapes("n")
    def free(a: list[int]) -> object:
        return sum(a)

    with pytest.raises(TypeError, match="total, result: shape"):
        total([1, 2])
    assert free([1, 2]) == 3


def test_the_body_does_not_run_on_a_wrong_shape() -> None:
    ran = []

    @checks_shapes("n", "n")
    def work(a: list[int], b: list[int]) -> None:
        ran.append((a, b))

    with pytest.raises(TypeError, match="argument 2"):
        work([1], [1, 2])
    assert ran == []


def test_the_error_is_the_mean_square() -> None:
    a, b = np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, -1.0])
    assert squared_error(a, b) == pytest.approx((1 + 4 + 9) / 3)
    assert jaxtyped_error()(a, b) == squared_error(a, b)


def test_jaxtyping_sees_the_type_of_numbers_too() -> None:
    with pytest.raises(TypeCheckError):
        jaxtyped_error()(np.zeros(2), np.zeros(2, int))
