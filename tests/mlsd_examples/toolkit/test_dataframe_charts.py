"""The figures show what they were given."""

from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlsd_examples.toolkit.dataframe_charts import (
    draw_category_bytes,
    draw_rounded_ids,
    draw_survivors,
)


@pytest.fixture
def axes() -> Iterator[Axes]:
    figure = Figure()
    yield figure.subplots()
    figure.clear()


def points(axes: Axes) -> list[tuple[list[float], list[float]]]:
    return [
        (
            np.asarray(line.get_xdata()).tolist(),
            np.asarray(line.get_ydata()).tolist(),
        )
        for line in axes.lines
    ]


def test_each_id_falls_to_a_float_that_can_be_held(axes: Axes) -> None:
    draw_rounded_ids(axes, [2**60 + 100, 2**60 + 300], start=2**60)
    assert points(axes) == [
        ([100, 0], [1, 0]),
        ([300, 256], [1, 0]),
        ([100, 300], [1, 1]),
        ([0, 256, 512], [0, 0, 0]),
    ]
    assert axes.get_xlabel() == "id minus 2^60"
    assert [line.get_marker() for line in axes.lines] == [
        "None",
        "None",
        "o",
        "|",
    ]
    assert axes.lines[0].get_linewidth() == 0.8
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "float64",
        "int64",
    ]
    assert axes.get_xticks().tolist() == [0, 256, 512]


def test_ids_lie_after_the_start(axes: Axes) -> None:
    with pytest.raises(ValueError, match=r"^there is no id to draw$"):
        draw_rounded_ids(axes, [], start=0)
    with pytest.raises(ValueError, match=r"^id=7 is below 8$"):
        draw_rounded_ids(axes, [7], start=8)


def test_survivors_halve_with_every_bit(axes: Axes) -> None:
    draw_survivors(axes, {53: 0.5, 60: 0.004}, marks={60: "ids"})
    curve, found = points(axes)
    assert curve[0] == list(range(48, 63))
    assert curve[1][:6] == [1, 1, 1, 1, 1, 0.5]
    assert curve[1][-1] == 1 / 1024
    assert found == ([53, 60], [0.5, 0.004])
    assert [line.get_linestyle() for line in axes.lines] == ["-", "None"]
    assert axes.lines[0].get_linewidth() == 1.4
    assert axes.texts[0].get_horizontalalignment() == "right"
    assert axes.texts[0].get_text() == "ids"
    assert axes.texts[0].xy == (60, 1 / 256)  # type: ignore[attr-defined]
    assert axes.get_yscale() == "log"
    assert axes.get_xlabel() == "size of the ids: 2^k to 2^(k+1), k"
    assert axes.get_ylabel() == "share of ids that survive"
    legend = axes.get_legend()
    assert legend
    assert [text.get_text() for text in legend.get_texts()] == [
        "1 / spacing",
        "measured",
    ]
    assert axes.yaxis.get_major_formatter()(0.01) == "0.01"


@pytest.mark.parametrize("value", [0.0, 1.1, float("nan")])
def test_a_share_is_between_zero_and_one(axes: Axes, value: float) -> None:
    draw_survivors(axes, {50: 1.0}, marks={})
    with pytest.raises(
        ValueError, match=rf"^share {value} at 60 bits is impossible$"
    ):
        draw_survivors(axes, {60: value}, marks={})


def test_bytes_are_drawn_in_megabytes(axes: Axes) -> None:
    draw_category_bytes(
        axes,
        [0.1, 1.0],
        {"text": [2e6, 2e6], "other": [1e6, 3e6]},
        break_even=0.795,
    )
    first, second, line = points(axes)
    assert first == ([0.1, 1.0], [2, 2])
    assert second == ([0.1, 1.0], [1, 3])
    assert line[0] == [0.795, 0.795]
    assert axes.texts[0].get_text() == "break-even 0.80"
    assert axes.get_xlabel() == "different labels per row"
    assert axes.get_ylabel() == "column in MB"
    assert axes.get_xscale() == "log"
    assert axes.get_ylim()[0] == 0
    styles = [
        (line.get_linestyle(), line.get_marker(), line.get_markersize())
        for line in axes.lines[:2]
    ]
    assert styles == [("-", "o", 4), ("--", "s", 4)]
    assert axes.lines[2].get_linewidth() == 0.8
    assert axes.texts[0].xy == (0.795, 0)  # type: ignore[attr-defined]
    assert axes.get_legend() is not None


def test_curves_have_a_size_for_each_share_and_a_line_each(
    axes: Axes,
) -> None:
    with pytest.raises(ValueError, match=r"^'text' has 1 sizes for 2 shares$"):
        draw_category_bytes(axes, [1, 2], {"text": [1]}, break_even=1)
    many = {str(number): [1.0] for number in range(5)}
    with pytest.raises(ValueError, match=r"^5 curves are more than 4$"):
        draw_category_bytes(axes, [1], many, break_even=1)
    many.pop("4")
    draw_category_bytes(axes, [1], many, break_even=1)
