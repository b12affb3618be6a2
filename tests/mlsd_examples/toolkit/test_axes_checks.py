"""Faults are read back from the axes that Matplotlib drew."""

import math
import re
from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlsd_examples.toolkit.axes_checks import faults_of, lie_factor


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@pytest.fixture
def axes() -> Iterator[Axes]:
    figure, axes = plt.subplots()
    axes.set(xlabel="model", ylabel="accuracy (%)")
    yield axes
    plt.close(figure)


@given(st.floats(1, 100), st.floats(1, 100), st.floats(-100, 99))
def test_the_factor_is_the_quotient_of_two_differences(
    first: float, second: float, base: float
) -> None:
    assume(abs(first - second) > 1e-3 and min(first, second) - base > 1e-3)
    drawn = ((second - base) - (first - base)) / (first - base)
    told = (second - first) / first
    factor = lie_factor(first, second, base=base)
    assert factor == pytest.approx(drawn / told, rel=1e-6)


@given(st.floats(51, 100), st.floats(51, 100))
def test_the_second_value_cancels(second: float, third: float) -> None:
    assume(75 not in {second, third})
    assert lie_factor(75, second, base=50) == 3.0
    assert lie_factor(75, third, base=50) == 3.0


@pytest.mark.parametrize(
    ("base", "factor"), [(0, 1.0), (50, 2.0), (90, 12.2), (95, 32.7), (97, 98)]
)
def test_a_cut_axis_exaggerates(base: float, factor: float) -> None:
    found = lie_factor(98.0, 99.4, base=base)
    assert found == pytest.approx(factor, abs=0.1)


def test_differences_that_are_none_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("both values are 5: there is no difference")
    ):
        lie_factor(5, 5.0, base=0)
    with pytest.raises(ValueError, match=exactly("base=4 is not below 4")):
        lie_factor(5, 4, base=4)
    with pytest.raises(ValueError, match=exactly("base=4.5 is not below 4")):
        lie_factor(4, 5, base=4.5)
    with pytest.raises(ValueError, match=exactly("first=0 is not positive")):
        lie_factor(0, 4, base=-1)
    with pytest.raises(ValueError, match=exactly("second=nan is not finite")):
        lie_factor(1, math.nan, base=0)
    with pytest.raises(ValueError, match=exactly("base=nan is not finite")):
        lie_factor(1, 2, base=math.nan)


def test_a_finished_chart_has_no_faults(axes: Axes) -> None:
    axes.bar(["old", "new"], [98.0, 99.4])
    assert faults_of(axes) == []


def test_missing_names_are_found() -> None:
    axes = Figure().add_subplot()
    assert faults_of(axes) == [
        "the horizontal axis has no name",
        "the vertical axis has no name",
    ]
    axes.set_xlabel("model")
    assert faults_of(axes) == ["the vertical axis has no name"]
    axes.yaxis.set_visible(False)
    assert faults_of(axes) == []


def test_cut_bars_are_found_with_their_factor(axes: Axes) -> None:
    axes.bar(["new", "old"], [99.4, 98.0])
    axes.set_ylim(97, 100)
    assert faults_of(axes) == [
        "bars start at 97, not at 0: differences look 98 times as large"
    ]


def test_a_bar_below_the_cut_is_no_measure(axes: Axes) -> None:
    axes.bar(["a", "b", "c"], [2, 10, 5])
    axes.set_ylim(2, 11)
    assert faults_of(axes) == [
        "bars start at 2, not at 0: differences look 1.67 times as large"
    ]
    axes.set_ylim(20, 30)
    assert faults_of(axes) == []


def test_an_axis_below_zero_cuts_nothing(axes: Axes) -> None:
    axes.bar(["a"], [2])
    axes.set_ylim(-1, 3)
    assert faults_of(axes) == []
    axes.set_ylim(0.5, 3)
    assert len(faults_of(axes)) == 1


def test_bars_on_a_logarithmic_axis_are_found(axes: Axes) -> None:
    axes.bar(["a", "b"], [2, 10])
    axes.set_yscale("log")
    assert faults_of(axes) == [
        "bars on a logarithmic axis: their length means nothing"
    ]


def test_boxes_that_do_not_stand_at_zero_are_no_bars(axes: Axes) -> None:
    axes.bar(["a", "b"], [2, 10], bottom=5)
    axes.set_ylim(4, 20)
    assert faults_of(axes) == []
    axes.fill_between([0, 1], [6, 7])
    assert faults_of(axes) == []


def test_lines_may_be_zoomed_and_logarithmic(axes: Axes) -> None:
    axes.plot([1, 2], [98.0, 99.4])
    axes.set_ylim(97, 100)
    assert faults_of(axes) == []
    axes.set_yscale("log")
    assert faults_of(axes) == []


def test_a_second_scale_is_found() -> None:
    figure = Figure()
    axes = figure.add_subplot(xlabel="hour", ylabel="latency (ms)")
    axes.twinx().set_ylabel("requests")
    assert faults_of(axes) == [
        "two scales share one place: where they cross means nothing"
    ]


def test_neighbours_are_no_second_scale() -> None:
    left, right = Figure().subplots(1, 2)
    for axes in (left, right):
        axes.set(xlabel="hour", ylabel="latency (ms)")
        assert faults_of(axes) == []


def test_small_text_is_found_once(axes: Axes) -> None:
    axes.set_xlabel("model", fontsize=8.5)
    assert faults_of(axes) == []
    axes.text(0.5, 0.5, "note", fontsize=8)
    axes.text(0.1, 0.5, "note", fontsize=8)
    axes.text(0.1, 0.1, "", fontsize=1)
    assert faults_of(axes) == ["'note' is 8 points high"]


def test_faults_add_up() -> None:
    figure = Figure()
    axes = figure.add_subplot()
    axes.bar([1, 2], [3, 4])
    axes.set_ylim(2, 5)
    axes.twinx()
    axes.set_title("tiny", fontsize=5)
    faults = faults_of(axes)
    assert len(faults) == 5
    assert faults[2].startswith("bars start at 2")
    assert faults[3].startswith("two scales")
    assert faults[4] == "'tiny' is 5 points high"
