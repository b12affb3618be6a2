"""Shapes combine as NumPy combines them, and are explained."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mlsd_examples.toolkit.broadcasting import (
    AlignedAxis,
    aligned_axes,
    broadcast_shape,
    common_length,
    unbroadcast,
)

Shape = tuple[int, ...]


@pytest.mark.parametrize(
    ("lengths", "common"),
    [([], 1), ([1], 1), ([4], 4), ([1, 4, 1, 4], 4), ([0, 1], 0), ([1, 0], 0)],
)
def test_the_length_other_than_one_is_common(
    lengths: list[int], common: int
) -> None:
    assert common_length(lengths) == common


@pytest.mark.parametrize("pair", [(2, 3), (3, 2), (0, 2), (2, 0)])
def test_two_lengths_other_than_one_must_agree(pair: tuple[int, int]) -> None:
    first, second = pair
    with pytest.raises(
        ValueError,
        match=rf"^axes of length {first} and {second} do not broadcast$",
    ):
        common_length(pair)


def test_a_length_is_not_negative() -> None:
    with pytest.raises(ValueError, match=r"^length=-1 is below 0$"):
        common_length([2, -1])


@pytest.mark.parametrize("bad", [2.5, True, "3"])
def test_a_length_is_a_whole_number(bad: Any) -> None:
    with pytest.raises(TypeError, match=r"^length=.* is not a whole number$"):
        common_length([2, bad])


@pytest.mark.parametrize(
    ("shapes", "result"),
    [
        ([], ()),
        ([()], ()),
        ([(), (3,)], (3,)),
        ([(5, 1, 4), (3, 1)], (5, 3, 4)),
        ([(100,), (100, 1)], (100, 100)),
        ([(0,), (1,)], (0,)),
        ([(2, 1), (1, 3), (4, 1, 1)], (4, 2, 3)),
    ],
)
def test_shapes_align_at_their_last_axis(
    shapes: list[Shape], result: Shape
) -> None:
    assert broadcast_shape(*shapes) == result


shapes = st.lists(
    npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
    max_size=4,
)


@given(shapes)
def test_shapes_combine_or_are_refused_as_numpy_does(
    shapes: list[Shape],
) -> None:
    try:
        expected = np.broadcast_shapes(*shapes)
    except ValueError:
        with pytest.raises(ValueError, match="do not broadcast"):
            broadcast_shape(*shapes)
    else:
        assert broadcast_shape(*shapes) == expected


def test_a_row_against_a_column_repeats_both() -> None:
    assert aligned_axes((100,), (100, 1)) == (
        AlignedAxis(axis=-2, lengths=(None, 100), result=100, repeated=(0,)),
        AlignedAxis(axis=-1, lengths=(100, 1), result=100, repeated=(1,)),
    )


def test_an_axis_of_length_one_in_all_operands_is_not_repeated() -> None:
    assert aligned_axes((1, 2), (1, 1)) == (
        AlignedAxis(-2, (1, 1), 1, ()),
        AlignedAxis(-1, (2, 1), 2, (1,)),
    )


def test_without_operands_there_is_no_axis() -> None:
    assert aligned_axes() == ()


@given(npst.mutually_broadcastable_shapes(num_shapes=3, min_side=1))
def test_repeated_operands_are_those_that_numpy_reads_at_stride_zero(
    shapes: npst.BroadcastableShapes,
) -> None:
    arrays = np.broadcast_arrays(*(np.zeros(s) for s in shapes.input_shapes))
    for row in aligned_axes(*shapes.input_shapes):
        if row.result != 1:
            at_zero = [
                k for k, a in enumerate(arrays) if a.strides[row.axis] == 0
            ]
            assert list(row.repeated) == at_zero


def test_a_gradient_is_summed_over_the_axes_that_were_repeated() -> None:
    gradient = np.arange(6.0).reshape(2, 3)
    assert unbroadcast(gradient, (2, 3)).tolist() == gradient.tolist()
    assert unbroadcast(gradient, (2, 1)).tolist() == [[3.0], [12.0]]
    assert unbroadcast(gradient, (3,)).tolist() == [3.0, 5.0, 7.0]
    assert unbroadcast(gradient, ()).tolist() == 15.0


@pytest.mark.parametrize("shape", [(4, 2, 3), (5, 1), (2, 3, 1)])
def test_a_gradient_has_at_least_the_axes_of_the_operand(
    shape: Shape,
) -> None:
    with pytest.raises(ValueError, match=r"repeated into|do not broadcast"):
        unbroadcast(np.ones((2, 3)), shape)


def test_an_operand_is_not_longer_than_the_result() -> None:
    with pytest.raises(
        ValueError, match=r"^\(2, 3\) is not repeated into \(1, 3\)$"
    ):
        unbroadcast(np.ones((1, 3)), (2, 3))
    with pytest.raises(
        ValueError, match=r"^\(1, 3\) is not repeated into \(3,\)$"
    ):
        unbroadcast(np.ones(3), (1, 3))


@given(npst.mutually_broadcastable_shapes(num_shapes=2, max_side=3))
def test_unbroadcasting_is_the_transpose_of_broadcasting(
    shapes: npst.BroadcastableShapes,
) -> None:
    shape, _ = shapes.input_shapes
    assume(np.prod(shapes.result_shape) < 1000)
    rng = np.random.default_rng(0)
    operand = rng.integers(-9, 9, shape).astype(float)
    gradient = rng.integers(-9, 9, shapes.result_shape).astype(float)
    # <B x, g> = <x, B' g>, exact for small integers.
    forward = np.sum(np.broadcast_to(operand, gradient.shape) * gradient)
    assert forward == np.sum(operand * unbroadcast(gradient, shape))
