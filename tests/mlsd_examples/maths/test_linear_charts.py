"""Figures show the numbers that they were given, and name them."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

from mlsd_examples.maths.linear_charts import draw_kept, draw_power_norms
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


def look(line: Line2D) -> tuple[str, str, str]:
    marker = str(line.get_marker())
    return to_hex(line.get_color()), str(line.get_linestyle()), marker


def test_variance_and_recalls_are_drawn_apart(axes: Axes) -> None:
    rates = [Rate(0.2, 0.01, 9), Rate(0.9, 0.02, 9)]
    others = [Rate(0.1, 0.03, 9), Rate(0.3, 0.04, 9)]
    thirds = [Rate(0.5, 0.03, 9), Rate(0.6, 0.04, 9)]
    recalls = {"first": rates, "second": others, "third": thirds}
    draw_kept(axes, [16, 256], [0.5, 1.0], recalls, cut=64)
    lines = {tuple(points(line)): line for line in axes.lines}
    variance = lines[((16, 0.5), (256, 1.0))]
    assert look(variance) == (INK, "-", "None")
    looks = [
        look(lines[((16, low), (256, high))])
        for low, high in ((0.2, 0.9), (0.1, 0.3), (0.5, 0.6))
    ]
    assert looks == [
        (BLUE, "--", "o"),
        (ORANGE, ":", "s"),
        (ORANGE, "-.", "^"),
    ]
    cut = lines[((64.0, 0.0), (64.0, 1.0))]
    assert to_hex(cut.get_color()) == FAINT
    bars = [
        np.sort(np.asarray(path.vertices)[:, 1]).tolist()
        for path in axes.collections[0].get_paths()
    ]
    assert bars == [
        pytest.approx([0.18, 0.22]),
        pytest.approx([0.86, 0.94]),
    ]


def test_the_axes_of_what_is_kept_are_named(axes: Axes) -> None:
    draw_kept(
        axes, [16, 256], [0.5, 1.0], {"first": [Rate(1, 0, 1)] * 2}, cut=64
    )
    legend = axes.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == [
        "variance kept",
        "first",
    ]
    assert {t.get_fontsize() for t in legend.get_texts()} == {8.5}
    assert axes.get_xlabel() == "dimensions kept"
    assert axes.get_ylabel() == "share kept"
    assert axes.get_xlim() == (0, 256)
    assert axes.get_ylim() == (-0.02, 1.03)
    assert axes.get_xticks().tolist() == [16, 256]
    assert axes.yaxis.get_major_formatter()(0.5, None) == "50%"
    (note,) = axes.texts
    assert isinstance(note, Annotation)
    assert note.get_text() == "64 dimensions"
    assert note.xy == (64, 0.25)
    assert note.get_horizontalalignment() == "right"
    assert note.get_fontsize() == 8.5
    assert note.anncoords == "offset points"


def test_powers_are_drawn_from_the_first_on(axes: Axes) -> None:
    draw_power_norms(
        axes, {"coupled": [10.0, 15.0, 2.0], "normal": [0.9, 0.8]}
    )
    coupled, normal, one = axes.lines
    assert points(coupled) == [(1, 10.0), (2, 15.0), (3, 2.0)]
    assert points(normal) == [(1, 0.9), (2, 0.8)]
    assert look(coupled)[:2] == (ORANGE, "-")
    assert look(normal)[:2] == (BLUE, "--")
    assert (look(one)[:2], points(one)[0][1]) == ((FAINT, ":"), 1.0)
    assert axes.get_yscale() == "log"
    assert axes.get_xlim()[0] == 1
    assert axes.get_xlabel() == "power k"
    assert axes.get_ylabel() == "largest stretch (log scale)"
    legend = axes.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == ["coupled", "normal"]
    assert {t.get_fontsize() for t in legend.get_texts()} == {8.5}


def test_one_curve_of_powers_is_enough(axes: Axes) -> None:
    draw_power_norms(axes, {"coupled": [10.0, 15.0]})
    assert len(axes.lines) == 2
    assert axes.get_legend() is not None


def test_no_curve_is_left_out(axes: Axes) -> None:
    four = {str(n): [Rate(0.5, 0.1, 9)] for n in range(4)}
    with pytest.raises(ValueError, match=r"^4 recalls, and 3 styles$"):
        draw_kept(axes, [16], [0.5], four, cut=16)
    three = {str(n): [1.0] for n in range(3)}
    with pytest.raises(ValueError, match=r"^3 curves, and 2 styles$"):
        draw_power_norms(axes, three)
