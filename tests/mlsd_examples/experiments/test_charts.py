"""Figures show the numbers that they were given, and name them."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import StepPatch
from matplotlib.text import Annotation

from mlsd_examples.experiments.charts import (
    draw_estimates,
    draw_misses,
    draw_paths,
    draw_rates,
)
from mlsd_examples.maths.monte_carlo import Rate

INK, FAINT, BLUE, ORANGE = "#222222", "#777777", "#0072b2", "#d55e00"


@pytest.fixture
def axes() -> Iterator[Axes]:
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def points(line: Line2D) -> list[tuple[float, float]]:
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    return list(zip(x.tolist(), y.tolist(), strict=True))


def color(line: Line2D) -> str:
    return to_hex(line.get_color())


def notes(axes: Axes) -> list[tuple[str, tuple[float, float], str]]:
    """Return text, place and alignment of each note beside a point."""
    found: list[tuple[str, tuple[float, float], str]] = []
    for note in axes.texts:
        assert isinstance(note, Annotation)
        assert note.anncoords == "offset points"
        assert note.get_fontsize() == 8.5
        x, y = note.xy
        at = (float(x), float(y))
        found.append((note.get_text(), at, note.get_horizontalalignment()))
    return found


def bars(axes: Axes, index: int) -> list[list[float]]:
    """Return the ends of the error bars of one series."""
    segments = axes.collections[index].get_paths()
    return [np.sort(np.asarray(s.vertices)[:, 1]).tolist() for s in segments]


def test_paths_are_marked_where_they_first_cross(axes: Axes) -> None:
    z = np.array([[0.0, 3.0, 0.5], [0.0, 0.0, -3.0], [0.0, 1.0, 0.0]])
    bounds = {"wide": ([1, 3], [5.0, 4.0]), "wider": ([1, 2], [6.0, 5.0])}
    draw_paths(axes, z, bound=2.0, others=bounds)
    lines = {tuple(points(line)): line for line in axes.lines}
    win, loss, quiet = (
        lines[tuple(zip((1, 2, 3), row.tolist(), strict=True))] for row in z
    )
    assert (color(win), color(loss)) == (BLUE, ORANGE)
    assert color(quiet) == "#c8c8c8"
    assert win.get_linestyle() == "-" != loss.get_linestyle()
    won, lost = lines[((2, 3.0),)], lines[((3, -3.0),)]
    assert (won.get_marker(), lost.get_marker()) == ("o", "v")
    assert (color(won), color(lost)) == (BLUE, ORANGE)
    assert len(axes.lines) == 3 + 2 + 2 + 2
    for level in (2.0, -2.0):
        assert color(lines[((0.0, level), (1.0, level))]) == INK
    wide = lines[((1, 5.0), (3, 4.0))]
    wider = lines[((1, 6.0), (2, 5.0))]
    assert (wide.get_linestyle(), wider.get_linestyle()) == ("--", ":")
    assert color(wide) == color(wider) == INK


def test_the_title_counts_who_crossed_first_and_where(axes: Axes) -> None:
    z = np.array([[3.0, -3.0], [-3.0, 3.0], [0.0, 2.5], [1.0, 1.0]])
    draw_paths(axes, z, bound=2.0, others={})
    assert axes.get_title(loc="left") == (
        "4 tests of nothing: 2 turn green, 1 red"
    )
    title = axes._left_title  # type: ignore[attr-defined]
    assert title.get_fontsize() == 9.5
    assert to_hex(title.get_color()) == INK


def test_paths_have_named_axes_and_bounds(axes: Axes) -> None:
    draw_paths(
        axes, np.zeros((1, 40)), bound=2.0, others={"wide": ([1], [5.0])}
    )
    legend = axes.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == ["±2.00", "wide"]
    assert [t.get_fontsize() for t in legend.get_texts()] == [8.5, 8.5]
    assert axes.get_xscale() == "log"
    assert axes.get_xlim() == (1, 40)
    assert axes.get_ylim() == (-4.6, 5.6)
    assert axes.get_xlabel() == "look (log scale)"
    assert axes.get_ylabel() == "z-statistic"
    assert axes.xaxis.get_major_formatter()(1000, None) == "1,000"


def test_a_small_win_is_a_win(axes: Axes) -> None:
    z = np.array([[0.5, 0.0], [-0.5, 0.0]])
    draw_paths(axes, z, bound=0.4, others={})
    assert [line.get_marker() for line in axes.lines[:4:2]] == ["o", "v"]


def test_rates_stand_by_every_route_with_their_errors(axes: Axes) -> None:
    draw_rates(
        axes,
        [1, 4, 10],
        {"crosses": [0.05, 0.1, 0.2], "launched": [0.02, 0.04, 0.1]},
        simulated={10: [Rate(0.21, 0.01, 99), Rate(0.11, 0.005, 99)]},
        published={1: 0.05, 2: 0.08},
        alpha=0.05,
    )
    drawn = {tuple(points(line)): line for line in axes.lines}
    crosses = drawn[((1, 0.05), (4, 0.1), (10, 0.2))]
    launched = drawn[((1, 0.02), (4, 0.04), (10, 0.1))]
    assert (crosses.get_linestyle(), launched.get_linestyle()) == ("-", "--")
    assert color(crosses) == color(launched) == BLUE
    table = drawn[((1, 0.05), (2, 0.08))]
    assert (table.get_marker(), table.get_linestyle()) == ("x", "None")
    assert drawn[((10, 0.21),)].get_marker() == "o"
    assert color(drawn[((10, 0.21),)]) == INK
    assert ((10, 0.11),) in drawn
    assert bars(axes, 0) == [pytest.approx([0.19, 0.23])]
    assert bars(axes, 1) == [pytest.approx([0.10, 0.12])]
    promise = drawn[((0.0, 0.05), (1.0, 0.05))]
    assert color(promise) == FAINT
    assert notes(axes) == [
        ("crosses", (10, 0.2), "right"),
        ("launched", (10, 0.1), "right"),
        ("promised: 5%", (10, 0.05), "right"),
    ]
    assert axes.get_xscale() == "log"
    assert axes.get_xlim() == pytest.approx((1, 11))
    assert axes.get_ylim()[0] == 0
    assert axes.get_xlabel() == "number of looks (log scale)"
    assert axes.get_ylabel() == "share of A/A tests"
    assert axes.xaxis.get_major_formatter()(100, None) == "100"


def test_truth_and_mean_report_stand_beside_each_other(axes: Axes) -> None:
    estimates = np.array([1.0, 1.0, 2.0, 8.0])
    draw_estimates(axes, estimates, truth=0.5, unit="points")
    (steps,) = axes.patches
    assert isinstance(steps, StepPatch)
    counts, edges, _ = steps.get_data()
    assert np.sum(counts) == 4
    assert np.size(counts) == 30
    assert to_hex(steps.get_facecolor()) == "#b9d3e6"
    assert np.max(counts) == 2
    assert (edges[0], edges[-1]) == pytest.approx((1.0, 8.0))
    # Bins are equally wide on the logarithmic scale.
    assert np.ptp(np.diff(np.log(edges))) == pytest.approx(0, abs=1e-12)
    assert [points(line)[0][0] for line in axes.lines] == [0.5, 3.0]
    assert [line.get_linestyle() for line in axes.lines] == ["-", "--"]
    assert {color(line) for line in axes.lines} == {INK}
    truth, mean = notes(axes)
    assert (truth[0], truth[2]) == ("truth\n0.50", "right")
    assert (mean[0], mean[2]) == ("mean report\n3.00", "left")
    assert truth[1] == pytest.approx((0.5, 2.24))
    assert mean[1] == pytest.approx((3.0, 2.24))
    assert axes.get_ylim() == pytest.approx((0, 2.24))
    assert axes.get_xscale() == "log"
    assert (
        axes.get_xlabel() == "effect reported at the stop (points, log scale)"
    )
    assert axes.get_ylabel() == "launches"
    assert axes.xaxis.get_major_formatter()(0.5, None) == "0.5"
    assert axes.xaxis.get_minor_formatter()(0.7, None) == ""
    shown = axes.xaxis.get_major_locator().tick_values(1, 10)
    assert {1.0, 2.0, 5.0, 10.0} <= set(np.round(shown, 9))


def test_misses_stand_by_side_with_their_errors(axes: Axes) -> None:
    low = [Rate(0.3, 0.01, 9), Rate(0.1, 0.02, 9)]
    high = [Rate(0.001, 0.0005, 9), Rate(0.02, 0.001, 9)]
    draw_misses(
        axes, [10, 100], {"too low": low, "too high": high}, nominal=0.025
    )
    drawn = {tuple(points(line)): line for line in axes.lines}
    first = drawn[((10, 0.3), (100, 0.1))]
    second = drawn[((10, 0.001), (100, 0.02))]
    assert (first.get_linestyle(), second.get_linestyle()) == ("-", "--")
    assert (color(first), color(second)) == (ORANGE, BLUE)
    assert (first.get_marker(), second.get_marker()) == ("o", "o")
    assert color(drawn[((0.0, 0.025), (1.0, 0.025))]) == FAINT
    assert bars(axes, 0) == [
        pytest.approx([0.28, 0.32]),
        pytest.approx([0.06, 0.14]),
    ]
    assert notes(axes) == [
        ("too low", (10, 0.3), "left"),
        ("too high", (10, 0.001), "left"),
    ]
    assert axes.get_xscale() == "log"
    assert axes.get_ylim()[0] == -0.01
    assert axes.get_xlabel() == "values in the sample (log scale)"
    assert axes.get_ylabel() == "share of intervals that miss"
    assert axes.xaxis.get_major_formatter()(30, None) == "30"
