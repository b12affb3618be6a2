"""Figures show the numbers that they were given, and name them."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from mlsd_examples.maths.bayes import BetaBelief
from mlsd_examples.maths.calibration import Reliability
from mlsd_examples.maths.probability_charts import (
    draw_collapse,
    draw_coverage,
    draw_modes,
    draw_reliability,
)

INK, FAINT = "#222222", "#777777"
COLORS = ["#0072b2", "#d55e00", "#007a5a", "#8a4f9e"]
DASHES = ["-", "--", "-.", ":"]
MARKS = ["o", "s", "^", "D"]
FIVE = {str(number): [0.5] for number in range(5)}


@pytest.fixture
def axes() -> Iterator[Axes]:
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def points(line: Line2D) -> list[tuple[float, float]]:
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    return list(zip(x.tolist(), y.tolist(), strict=True))


def looks(lines: list[Line2D]) -> tuple[list[str], list[str], list[str]]:
    return (
        [to_hex(line.get_color()) for line in lines],
        [str(line.get_linestyle()) for line in lines],
        [str(line.get_marker()) for line in lines],
    )


def legend(axes: Axes) -> list[str]:
    found = axes.get_legend()
    assert found is not None
    assert all(text.get_fontsize() == 8.5 for text in found.get_texts())
    return [text.get_text() for text in found.get_texts()]


def place(axes: Axes) -> int:
    found = axes.get_legend()
    assert found is not None
    return int(found._loc)  # type: ignore[attr-defined]


def curve(*at: float) -> Reliability:
    values = np.array(at)
    return Reliability(values, values**2, np.ones(values.size, dtype=int))


def test_reliability_curves_stand_beside_the_diagonal(axes: Axes) -> None:
    curves = {"one": curve(0.1, 0.9), "two": curve(0.5)}
    draw_reliability(axes, curves)
    diagonal, *others = axes.lines
    assert points(diagonal) == [(0, 0), (1, 1)]
    assert to_hex(diagonal.get_color()) == FAINT
    assert diagonal.get_linewidth() == 1.0
    assert points(others[0]) == [(0.1, 0.1**2), (0.9, 0.9**2)]
    assert points(others[1]) == [(0.5, 0.25)]
    assert looks(others) == (COLORS[:2], DASHES[:2], MARKS[:2])
    assert [line.get_markersize() for line in others] == [4, 4]
    assert legend(axes) == ["one", "two"]
    assert place(axes) == 2
    assert axes.get_xlim() == axes.get_ylim() == (-0.03, 1.03)
    assert axes.get_xlabel() == "stated probability"
    assert axes.get_ylabel() == "share that happened"


def test_measures_are_drawn_on_logarithmic_axes(axes: Axes) -> None:
    values = {name: [0.1 * i, 1.0 * i] for i, name in enumerate("abcd", 1)}
    draw_collapse(axes, [1, 20], values)
    assert [points(line) for line in axes.lines] == [
        [(1, 0.1 * i), (20, 1.0 * i)] for i in range(1, 5)
    ]
    assert looks(list(axes.lines)) == (COLORS, DASHES, MARKS)
    assert [line.get_markersize() for line in axes.lines] == [4] * 4
    assert legend(axes) == ["a", "b", "c", "d"]
    assert place(axes) == 0
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert axes.get_xticks().tolist() == [1, 20]
    axes.figure.canvas.draw()
    assert [t.get_text() for t in axes.get_xticklabels()] == ["1", "20"]
    assert "0.1" in [t.get_text() for t in axes.get_yticklabels()]
    assert not any(
        t.get_text()
        for t in [
            *axes.get_xticklabels(minor=True),
            *axes.get_yticklabels(minor=True),
        ]
    )
    assert axes.get_xlabel() == "copies of one feature"
    assert axes.get_ylabel() == "measure (log scale)"


def test_coverage_stands_beside_its_promise(axes: Axes) -> None:
    values = {"wald": [0.8, 0.9], "wilson": [0.95, 0.96]}
    draw_coverage(axes, [0.1, 0.2], values, nominal=0.95)
    promise, *others = axes.lines
    assert points(promise) == [(0, 0.95), (1, 0.95)]
    assert to_hex(promise.get_color()) == FAINT
    assert promise.get_linewidth() == 1.0
    assert points(others[0]) == [(0.1, 0.8), (0.2, 0.9)]
    assert points(others[1]) == [(0.1, 0.95), (0.2, 0.96)]
    colors, dashes, marks = looks(others)
    assert (colors, dashes) == (COLORS[:2], DASHES[:2])
    assert marks == ["", ""]
    assert [line.get_linewidth() for line in others] == [1.3, 1.3]
    assert legend(axes) == ["wald", "wilson"]
    assert place(axes) == 4
    assert axes.get_xlabel() == "true proportion"
    assert axes.get_ylabel() == "coverage"


def test_modes_are_marked_where_the_densities_peak(axes: Axes) -> None:
    belief = BetaBelief(5, 2)
    draw_modes(axes, belief, ["theta", "odds"])
    theta, mode, odds, other, mean = axes.lines
    for line, ruler in ((theta, "theta"), (odds, "odds")):
        at, height = np.array(points(line)).T
        assert at == pytest.approx(np.arange(1, 1000) / 1000)
        expected = belief.density(at, ruler)  # type: ignore[arg-type]
        assert height == pytest.approx(expected / expected.max())
    assert points(mode) == [(0.8, 1.0)]
    assert points(other) == [(belief.mode("odds"), 1.0)]
    assert looks([theta, odds]) == (COLORS[:2], DASHES[:2], ["", ""])
    assert looks([mode, other])[0] == COLORS[:2]
    assert looks([mode, other])[2] == MARKS[:2]
    assert points(mean) == [(5 / 7, 0), (5 / 7, 1)]
    assert to_hex(mean.get_color()) == INK
    assert mean.get_linewidth() == 0.8
    names = ["by unit of theta: 0.800", "by unit of odds: 0.571"]
    assert legend(axes) == names
    assert place(axes) == 2
    assert axes.get_xlim() == (0, 1)
    assert axes.get_ylim() == (0, 1.5)
    assert axes.get_yticks().tolist() == []
    assert axes.get_xlabel() == "theta"
    assert axes.get_ylabel() == "density, scaled to its peak"


def test_a_fifth_curve_has_no_style(axes: Axes) -> None:
    message = "^5 curves, but 4 styles$"
    with pytest.raises(ValueError, match=message):
        draw_coverage(axes, [0.5], FIVE, nominal=0.95)
    with pytest.raises(ValueError, match=message):
        draw_collapse(axes, [1], FIVE)
    with pytest.raises(ValueError, match=message):
        draw_reliability(axes, {name: curve(0.5) for name in FIVE})


def test_rulers_without_a_mode_are_refused(axes: Axes) -> None:
    with pytest.raises(ValueError, match="has no single mode inside"):
        draw_modes(axes, BetaBelief(1, 1), ["theta"])
