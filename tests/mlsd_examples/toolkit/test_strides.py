"""The header of an array says where its elements lie."""

import ctypes
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from matplotlib.colors import to_hex

from mlsd_examples.toolkit.strides import (
    Layout,
    address_map,
    draw_memory,
    layout,
    owner,
    view_or_copy,
)

Array = npt.NDArray[Any]


def table() -> Array:
    return np.arange(12.0).reshape(3, 4).copy()


def test_a_fresh_table_lies_row_by_row() -> None:
    assert layout(np.zeros((3, 4))) == Layout(
        shape=(3, 4),
        strides=(32, 8),
        itemsize=8,
        offset=0,
        order="C",
        is_view=False,
        writeable=True,
        kept_bytes=96,
    )


def test_a_transpose_swaps_the_strides_and_keeps_the_memory() -> None:
    assert layout(table().T) == Layout(
        shape=(4, 3),
        strides=(8, 32),
        itemsize=8,
        offset=0,
        order="F",
        is_view=True,
        writeable=True,
        kept_bytes=96,
    )


def test_a_slice_has_an_offset_and_no_order() -> None:
    sliced = layout(table()[1:, ::-2])
    assert sliced.offset == 32 + 3 * 8
    assert sliced.strides == (32, -16)
    assert sliced.order == "neither"


def test_a_list_of_numbers_is_in_both_orders() -> None:
    assert layout(np.zeros(3, dtype=np.int16)).order == "both"
    assert layout(np.zeros(3, dtype=np.int16)).itemsize == 2


def test_a_broadcast_view_is_read_only_and_keeps_its_source() -> None:
    row = layout(np.broadcast_to(np.zeros(4), (3, 4)))
    assert row.strides == (0, 8)
    assert not row.writeable
    assert row.kept_bytes == 32


def test_few_elements_keep_all_the_memory_of_their_owner() -> None:
    assert layout(np.zeros((1000, 1000))[:1, :5]).kept_bytes == 8_000_000


def test_the_offset_counts_from_the_first_byte_of_foreign_memory() -> None:
    backwards = np.frombuffer(bytes(80), dtype=np.int64)[::-1]
    assert layout(backwards).offset == 72


def test_the_owner_of_a_chain_of_views_is_its_first_array() -> None:
    source = table()
    assert owner(source) is source
    assert owner(source[1:][:, ::2].T) is source


def test_the_owner_is_found_behind_as_strided() -> None:
    source = np.arange(5.0)
    windows = np.lib.stride_tricks.sliding_window_view(source, 3)
    assert owner(windows) is source


def test_the_owner_of_foreign_memory_is_its_first_array() -> None:
    first = np.frombuffer(bytearray(16), dtype=np.int64)
    assert owner(first[1:]) is first


@pytest.mark.parametrize("what", [[1, 2], 3.0, None])
def test_what_is_not_an_array_has_no_layout(what: Any) -> None:
    message = rf"^{type(what).__name__} is not an ndarray$"
    with pytest.raises(TypeError, match=message):
        layout(what)
    with pytest.raises(TypeError, match=message):
        owner(what)
    with pytest.raises(TypeError, match=message):
        address_map(what)
    with pytest.raises(TypeError, match=message):
        view_or_copy(what, np.zeros(1))
    with pytest.raises(TypeError, match=message):
        view_or_copy(np.zeros(1), what)


def test_a_single_number_lies_at_offset_zero() -> None:
    assert address_map(np.array(1.0)).tolist() == 0


def test_addresses_of_a_table_grow_along_its_rows() -> None:
    places = address_map(np.zeros((2, 3), dtype=np.int16))
    assert places.tolist() == [[0, 2, 4], [6, 8, 10]]


indices = npst.basic_indices((4, 3, 5), allow_newaxis=True)


@given(indices, st.permutations([0, 1, 2]))
def test_memory_read_at_the_mapped_offsets_holds_the_elements(
    index: Any, axes: list[int]
) -> None:
    source = np.arange(60.0).reshape(4, 3, 5).copy()
    view = np.asarray(source[index])
    if view.ndim == 3:
        view = view.transpose(axes)
    start = owner(view).ctypes.data
    for place, value in zip(
        address_map(view).ravel(), view.ravel(), strict=True
    ):
        there = ctypes.c_double.from_address(start + int(place))
        assert there.value == value


@pytest.mark.parametrize(
    "expression",
    [
        lambda a: a[1:],
        lambda a: a[::2, ::-1],
        lambda a: a[0],
        lambda a: a.T,
        lambda a: a.reshape(-1),
        lambda a: a.ravel(),
        lambda a: a[:, np.newaxis],
        lambda a: np.diagonal(a),
        lambda a: np.broadcast_to(a, (2, 3, 4)),
        lambda a: np.lib.stride_tricks.sliding_window_view(a, 2, axis=0),
        lambda a: a.view(np.int64),
        lambda a: np.asarray(a),
        lambda a: np.ascontiguousarray(a),
        lambda a: a.astype(np.float64, copy=False),
    ],
)
def test_what_a_header_can_say_is_a_view(expression: Any) -> None:
    source = table()
    assert view_or_copy(expression(source), source) == "view"


@pytest.mark.parametrize(
    "expression",
    [
        lambda a: a[[0, 1]],
        lambda a: a[a > 3],
        lambda a: a.take([0, 1], axis=0),
        lambda a: a[np.ix_([0, 1], [0, 1])],
        lambda a: a.flatten(),
        lambda a: a.T.ravel(),
        lambda a: a.T.reshape(-1),
        lambda a: np.ascontiguousarray(a.T),
        lambda a: a.astype(np.float64),
        lambda a: a.astype(np.complex128).real,
        lambda a: np.array(a),
        lambda a: a + 0,
    ],
)
def test_what_a_header_cannot_say_is_a_copy(expression: Any) -> None:
    source = table()
    assert view_or_copy(expression(source), source) == "copy"


def test_interleaved_slices_are_no_views_of_each_other() -> None:
    source = np.arange(10)
    even, odd = source[::2], source[1::2]
    assert np.may_share_memory(even, odd)
    assert view_or_copy(even, odd) == "copy"


@pytest.fixture
def axes() -> Any:
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def texts(axes: Any) -> list[tuple[str, float, float]]:
    return [
        (text.get_text(), *map(float, text.get_position()))
        for text in axes.texts
    ]


def test_a_drawing_numbers_the_boxes_as_they_are_read(axes: Any) -> None:
    source = np.arange(4.0).reshape(2, 2).copy()
    draw_memory(axes, {"a": source, "a.T": source.T})
    boxes = [text for text in texts(axes) if text[0].isdigit()]
    assert boxes == [
        *(("0", 0.5, 0), ("1", 1.5, 0), ("2", 2.5, 0), ("3", 3.5, 0)),
        *(("0", 0.5, -1.45), ("2", 1.5, -1.45)),
        *(("1", 2.5, -1.45), ("3", 3.5, -1.45)),
    ]


def test_a_drawing_names_each_array_and_its_strides(axes: Any) -> None:
    source = np.arange(4.0).reshape(2, 2).copy()
    draw_memory(axes, {"a": source, "flat": source.T.reshape(-1)})
    labels = [text for text in texts(axes) if not text[0].isdigit()]
    assert labels == [
        ("a", -0.35, 0),
        ("view, strides (16, 8)", 4.35, 0),
        ("flat", -0.35, -1.45),
        ("copy, strides (8,)", 4.35, -1.45),
    ]
    assert [t.get_ha() for t in axes.texts if not t.get_text().isdigit()] == [
        *("right", "left", "right", "left")
    ]
    names = [t for t in axes.texts if t.get_text() in {"a", "flat"}]
    assert {t.get_va() for t in axes.texts} == {"center"}
    sizes = [t.get_fontsize() for t in axes.texts]
    assert set(sizes) == {8.5}
    assert {t.get_family()[0] for t in names} == {"monospace"}


def test_a_drawing_says_how_often_a_box_is_read(axes: Any) -> None:
    row = np.arange(2.0)
    draw_memory(axes, {"a": row, "b": np.broadcast_to(row, (3, 2))})
    assert [t[0] for t in texts(axes)].count("3×") == 2


def test_a_drawing_leaves_unread_boxes_empty(axes: Any) -> None:
    source = np.arange(4.0)
    draw_memory(axes, {"a": source, "b": source[1:2]})
    drawn = [t[0] for t in texts(axes) if t[1] in {0.5, 1.5, 2.5, 3.5}]
    assert drawn == ["0", "1", "2", "3", "", "0", "", ""]
    edges = [box.get_edgecolor() for box in axes.patches]
    assert edges[4] == edges[6] == edges[7] != edges[5] == edges[0]


def test_a_drawing_shades_views_copies_and_the_unread(axes: Any) -> None:
    source = np.arange(2.0)
    arrays = {"a": source, "b": source[:1], "c": source.copy()}
    draw_memory(axes, arrays)
    shades = [box.get_facecolor() for box in axes.patches]
    view, copy, unread = shades[0], shades[4], shades[3]
    assert shades == [view, view, view, unread, copy, copy]
    assert [to_hex(shade) for shade in (view, copy, unread)] == [
        *("#c6dcec", "#f6d9b8", "#ffffff")
    ]


def test_a_drawing_puts_boxes_side_by_side(axes: Any) -> None:
    source = np.arange(3.0)
    draw_memory(axes, {"a": source, "b": source[:1]})
    places = [
        (box.get_x(), box.get_y(), box.get_width(), box.get_height())
        for box in axes.patches
    ]
    assert places[:3] == [(i, -0.45, 1, 0.9) for i in range(3)]
    assert places[3] == (0, pytest.approx(-1.45 - 0.45), 1, 0.9)
    # The last edge lies on the border of the axes and is drawn in full.
    assert not any(box.get_clip_on() for box in axes.patches)


def test_a_drawing_has_room_for_its_longest_row_and_no_frame(
    axes: Any,
) -> None:
    source = np.arange(3.0)
    arrays = {"a": source, "b": source[:1].copy(), "c": source.repeat(2)}
    axes.set_xlim(2, 3)
    draw_memory(axes, arrays)
    assert axes.get_xlim() == (0, 6)
    assert axes.get_ylim() == pytest.approx((-2 * 1.45 - 1, 1))
    assert not axes.axison


def test_a_drawing_needs_an_element_in_every_array(axes: Any) -> None:
    with pytest.raises(ValueError, match=r"^there is no array to draw$"):
        draw_memory(axes, {})
    arrays = {"a": np.zeros(1), "none": np.zeros(0)}
    with pytest.raises(ValueError, match=r"^'none' has no element to draw$"):
        draw_memory(axes, arrays)
