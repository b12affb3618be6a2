"""Figures show the numbers that they were given, and name them."""

from collections.abc import Iterator
from typing import cast

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import FillBetweenPolyCollection, QuadMesh
from matplotlib.colors import LogNorm, to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Annotation, Text

from mlsd_examples.toolkit import charts
from mlsd_examples.toolkit.axes_checks import faults_of
from mlsd_examples.toolkit.densities import Histogram, kernel_density
from mlsd_examples.toolkit.overplotting import canvas_grey
from mlsd_examples.toolkit.palettes import contrast_ratio, seen_by

INK, BLUE, ORANGE = "#222222", "#0072b2", "#d55e00"


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


def notes(axes: Axes) -> dict[str, tuple[float, float]]:
    """Return the text of each note and the point that it names."""
    found = {}
    for note in axes.texts:
        assert note.get_fontsize() == 8.5
        assert to_hex(note.get_color()) == INK
        place = (
            note.xy if isinstance(note, Annotation) else note.get_position()
        )
        found[note.get_text()] = (float(place[0]), float(place[1]))
    return found


def tick_texts(labels: list[Text]) -> list[str]:
    return [label.get_text() for label in labels]


def test_a_mean_is_drawn_under_its_alarm(axes: Axes) -> None:
    charts.draw_watched_mean(
        axes, range(125, 128), [40.0, 41.0, 59.6], alarm_ms=200, event=126
    )
    mean, alarm, event = axes.lines
    assert points(mean) == [(125, 40.0), (126, 41.0), (127, 59.6)]
    assert color(mean) == BLUE
    assert points(alarm) == [(0, 200), (1, 200)]
    assert points(event) == [(126, 0), (126, 1)]
    assert alarm.get_linestyle() != event.get_linestyle()
    assert notes(axes) == {
        "alarm at 200 ms": (125, 200),
        "40 ms": (125, 40.0),
        "deploy": (126, 0),
        "60 ms": (127, 59.6),
    }
    assert axes.get_xlim() == (125, 128)
    assert axes.get_ylim() == (0, 240)
    assert axes.get_xlabel() == "time of day"
    assert axes.get_ylabel() == "mean latency (ms)"
    assert faults_of(axes) == []


def test_time_is_read_off_a_clock(axes: Axes) -> None:
    charts.draw_watched_mean(
        axes, range(50, 125), [1.0] * 75, alarm_ms=2, event=60
    )
    form = axes.xaxis.get_major_formatter()
    assert [form(minute, None) for minute in (0, 61, 180, 725)] == [
        *("00:00", "01:01", "03:00", "12:05")
    ]
    axes.figure.canvas.draw()
    shown = [t for t in axes.get_xticks() if 50 <= t <= 125]
    assert shown == [60, 80, 100, 120]


def test_a_heat_map_shows_every_count_and_line(axes: Axes) -> None:
    counts = np.array([[5, 0, 1], [7, 2, 0]])
    edges = [20.0, 100.0, 1_000.0, 5_000.0]
    lines = {"p50": [40.0, 41.0], "p99": [50.0, 900.0], "p99.9": [60.0, 2e3]}
    charts.draw_heat(
        axes,
        range(60, 62),
        counts,
        edges,
        lines=lines,
        event=61,
        note=("look here", 2_000.0),
    )
    (mesh,) = [c for c in axes.collections if isinstance(c, QuadMesh)]
    shown = cast(
        "np.ma.MaskedArray[tuple[int, int], np.dtype[np.int64]]",
        mesh.get_array(),
    )
    assert shown.filled(0).tolist() == counts.T.tolist()
    assert shown.mask.tolist() == (counts.T == 0).tolist()
    corners = np.asarray(mesh.get_coordinates())
    assert corners[0, :, 0].tolist() == [60, 61, 62]
    assert corners[:, 0, 1].tolist() == edges
    assert isinstance(mesh.norm, LogNorm)
    assert mesh.norm.vmin == 1
    assert mesh.get_rasterized()
    drawn, event = axes.lines[:3], axes.lines[3]
    for line, (name, values) in zip(drawn, lines.items(), strict=True):
        assert points(line) == list(zip((60, 61), values, strict=True))
        assert line.get_path_effects()
        assert notes(axes)[name] == (62, values[-1])
    assert [color(line) for line in drawn] == [INK, ORANGE, INK]
    styles = [line.get_linestyle() for line in drawn]
    assert styles[0] != styles[2]
    assert points(event) == [(61, 0), (61, 1)]
    assert notes(axes)["look here"] == (61, 2_000.0)
    assert len(axes.texts) == 4


def test_a_heat_map_has_a_fixed_logarithmic_scale(axes: Axes) -> None:
    charts.draw_heat(
        axes,
        range(60, 62),
        np.ones((2, 1), int),
        [30.0, 40.0],
        lines={},
        event=61,
        note=("", 50.0),
    )
    assert axes.get_yscale() == "log"
    assert axes.get_ylim() == (20, 5_000)
    assert axes.get_xlim() == (60, 62)
    assert axes.get_xlabel() == "time of day"
    assert axes.get_ylabel() == "latency (log scale)"
    axes.figure.canvas.draw()
    assert tick_texts(axes.get_yticklabels()) == [
        *("20 ms", "50 ms", "100 ms", "200 ms", "500 ms"),
        *("1 s", "2 s", "5 s"),
    ]
    assert axes.get_yticks(minor=True).size == 0
    assert axes.xaxis.get_major_formatter()(60, None) == "01:00"
    assert faults_of(axes) == []


def test_a_histogram_stands_below_its_note(axes: Axes) -> None:
    charts.draw_humps(axes, Histogram((1, 4, 2), (0, 2, 4, 6)), note="2 humps")
    (stairs,) = axes.patches
    assert isinstance(stairs, StepPatch)
    values, edges, _ = stairs.get_data()
    assert values.tolist() == [1, 4, 2]
    assert edges.tolist() == [0, 2, 4, 6]
    assert axes.get_ylim() == pytest.approx((0, 1.32 * 4))
    assert notes(axes) == {"2 humps": (0.98, 0.97)}
    assert axes.texts[0].get_transform() == axes.transAxes
    assert axes.texts[0].get_horizontalalignment() == "right"


def test_densities_are_named_and_the_leak_is_hatched(axes: Axes) -> None:
    at = [-1.0, 0.0, 1.0, 2.0]
    curves = {
        "truth": ([0.0, 1.0, 0.4, 0.1], (1, 40)),
        "plain": ([0.2, 0.5, 0.4, 0.2], (0, -60)),
        "folded": ([0.0, 0.9, 0.4, 0.2], (2, 30)),
    }
    charts.draw_densities(axes, at, curves, leak="plain", unit="s")
    *drawn, edge = axes.lines
    assert len(drawn) == 3
    for line, (name, (values, (index, right))) in zip(
        drawn, curves.items(), strict=True
    ):
        for (x, y), place, value in zip(points(line), at, values, strict=True):
            assert x == place
            hidden = place < 0 and value == 0
            assert np.isnan(y) if hidden else y == value
        (note,) = [t for t in axes.texts if t.get_text() == name]
        assert isinstance(note, Annotation)
        assert note.xy == (at[index], values[index])
        assert note.xyann == (right, 12)
        assert note.arrow_patch is not None
    assert [color(line) for line in drawn] == [INK, ORANGE, BLUE]
    assert drawn[1].get_linestyle() != drawn[2].get_linestyle()
    (leak,) = axes.collections
    assert isinstance(leak, FillBetweenPolyCollection)
    corners = leak.get_paths()[0].vertices
    assert np.asarray(corners)[:, 0].max() == 0
    assert np.asarray(corners)[:, 1].max() == 0.5
    assert leak.get_hatch()
    assert points(edge) == [(0, 0), (0, 1)]
    assert axes.get_xlim() == (-1, 2)
    assert axes.get_ylim()[0] == 0
    assert axes.get_xlabel() == "waiting time (s)"
    assert axes.get_ylabel() == "density (per s)"
    assert faults_of(axes) == []


def test_zero_on_the_edge_is_drawn(axes: Axes) -> None:
    curves = {"a": ([0.0, 0.0, 1.0], (0, 0))}
    charts.draw_densities(axes, [-1.0, 0.0, 1.0], curves, leak="b", unit="s")
    heights = [y for _, y in points(axes.lines[0])]
    assert np.isnan(heights[0])
    assert heights[1:] == [0.0, 1.0]
    assert not axes.collections


def test_pairs_stand_over_their_measures(axes: Axes) -> None:
    x, y = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    measures = {"Pearson": -0.0001, "xi": 0.876, "distance": -0.5}
    charts.draw_pairs(axes, x, y, title="a line", measures=measures)
    (dots,) = axes.lines
    assert points(dots) == [(1.0, 3.0), (2.0, 5.0)]
    assert (dots.get_marker(), dots.get_linestyle()) == ("o", "None")
    assert dots.get_rasterized()
    assert axes.get_title(loc="left") + axes.get_title() == "a line"
    assert axes.get_xlabel() == (
        "Pearson    0.00\nxi         0.88\ndistance  -0.50"
    )
    assert axes.xaxis.label.get_fontsize() == 8.5
    assert axes.xaxis.label.get_horizontalalignment() == "left"
    assert axes.get_xlim() == pytest.approx((0.92, 2.08))
    axes.figure.canvas.draw()
    ticks = axes.xaxis.get_major_ticks() + axes.yaxis.get_major_ticks()
    assert not any(tick.label1.get_visible() for tick in ticks)
    assert not any(tick.tick1line.get_visible() for tick in ticks)


def test_a_canvas_is_shown_pixel_by_pixel(axes: Axes) -> None:
    greys = np.array([[0, 255, 3], [9, 8, 7]], dtype=np.uint8)
    charts.draw_canvas(axes, greys)
    (image,) = axes.images
    assert np.asarray(image.get_array()).tolist() == greys.tolist()
    assert image.get_clim() == (0, 255)
    assert image.get_cmap().name == "gray"
    assert list(image.get_extent()) == [0, 1, 0, 1]
    assert image.get_interpolation() == "none"
    assert image.origin == "upper"
    assert axes.get_xticks().tolist() == [0, 0.5, 1]
    assert axes.get_yticks().tolist() == [0, 0.5, 1]
    assert canvas_grey(0.0019, 9) == 255


def test_a_raster_leaves_empty_cells_empty(axes: Axes) -> None:
    counts = np.array([[0, 1, 3], [9, 0, 7]])
    charts.draw_raster(axes, counts, notes={"ridge": (0.1, 0.2)})
    (image,) = axes.images
    shown = cast(
        "np.ma.MaskedArray[tuple[int, int], np.dtype[np.int64]]",
        image.get_array(),
    )
    assert shown.filled(0).tolist() == counts.tolist()
    assert shown.mask.tolist() == (counts == 0).tolist()
    assert isinstance(image.norm, LogNorm)
    assert image.get_clim() == (0.5, 9)
    assert image.get_cmap().name == "Blues"
    assert image.origin == "lower"
    assert list(image.get_extent()) == [0, 1, 0, 1]
    assert notes(axes) == {"ridge": (0.1, 0.2)}
    assert axes.texts[0].get_path_effects()
    assert axes.get_xticks().tolist() == axes.get_yticks().tolist()
    assert axes.get_yticks().tolist() == [0, 0.5, 1]


def test_bars_are_as_long_as_their_values(axes: Axes) -> None:
    values = {"old": 98.0, "new": 99.44}
    charts.draw_bars(axes, values, base=0, top=120, unit="accuracy (%)")
    bars = [p for p in axes.patches if isinstance(p, Rectangle)]
    assert [bar.get_height() for bar in bars] == [98.0, 99.44]
    assert [bar.get_y() for bar in bars] == [0, 0]
    assert notes(axes) == {"98.0": (0, 98.0), "99.4": (1, 99.44)}
    assert axes.get_ylim() == (0, 120)
    assert tick_texts(axes.get_xticklabels()) == ["old", "new"]
    assert axes.get_xticks().tolist() == [0, 1]
    assert faults_of(axes) == []


def test_bars_that_are_cut_are_found_by_the_lint(axes: Axes) -> None:
    values = {"old": 98.0, "new": 99.4}
    charts.draw_bars(axes, values, base=97, top=100, unit="accuracy (%)")
    assert axes.get_ylim() == (97, 100)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("model", "accuracy (%)")
    assert len(faults_of(axes)) == 1


def test_dots_have_intervals_and_names(axes: Axes) -> None:
    values = {"old": (98.0, 0.4), "new": (99.44, 0.2)}
    charts.draw_dots(axes, values, unit="accuracy (%)")
    ends = [
        np.sort(np.asarray(bars.get_paths()[0].vertices)[:, 1]).tolist()
        for bars in axes.collections
    ]
    assert ends[0] == pytest.approx([97.6, 98.4])
    assert ends[1] == pytest.approx([99.24, 99.64])
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [points(dot) for dot in dots] == [[(0, 98.0)], [(1, 99.44)]]
    assert notes(axes) == {"98.0": (0, 98.0), "99.4": (1, 99.44)}
    assert axes.get_xlim() == (-0.6, 1.8)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("model", "accuracy (%)")
    assert tick_texts(axes.get_xticklabels()) == ["old", "new"]
    assert axes.get_xticks().tolist() == [0, 1]


def test_boxes_show_quartiles_and_whiskers(axes: Axes) -> None:
    samples = {"A": np.arange(9.0), "B": np.array([0.0, 1, 2, 3, 50])}
    charts.draw_boxes(axes, samples, unit="latency (ms)")
    heights = [
        np.asarray(patch.get_path().vertices)[:, 1] for patch in axes.patches
    ]
    spans = [(float(h.min()), float(h.max())) for h in heights]
    assert spans == [(2, 6), (1, 3)]
    medians = [
        line.get_ydata() for line in axes.lines if line.get_linewidth() == 1.8
    ]
    assert [np.asarray(m).tolist() for m in medians] == [[4, 4], [2, 2]]
    fliers = [line for line in axes.lines if line.get_marker() == "o"]
    assert [points(line) for line in fliers] == [[], [(2, 50)]]
    assert tick_texts(axes.get_xticklabels()) == ["A", "B"]
    assert axes.get_ylabel() == "latency (ms)"


def test_violins_are_mirrored_kernel_densities(axes: Axes) -> None:
    samples = {"A": np.array([0.0, 1.0, 4.0]), "B": np.array([2.0, 3.0])}
    charts.draw_violins(axes, samples, bandwidth=0.5)
    for place, (body, rug, sample) in enumerate(
        zip(axes.collections, axes.lines, samples.values(), strict=True), 1
    ):
        corners = np.asarray(body.get_paths()[0].vertices)
        low, high = sample.min(), sample.max()
        assert corners[:, 1].min() == low
        assert corners[:, 1].max() == high
        assert np.ptp(corners[:, 0]) == pytest.approx(0.8)
        grid = np.linspace(low, high, 200)
        heights = kernel_density(sample, grid, bandwidth=0.5)
        right = place + 0.4 * heights / heights.max()
        left = place - 0.4 * heights / heights.max()
        for side in (left, right):
            distance = np.abs(
                corners[:, None] - np.stack([side, grid], axis=1)
            ).sum(axis=2)
            assert distance.min(axis=0).max() < 1e-9
        assert points(rug) == [(place, value) for value in sample.tolist()]
        assert rug.get_rasterized()
    assert tick_texts(axes.get_xticklabels()) == ["A", "B"]
    assert axes.get_xticks().tolist() == [1, 2]
    assert axes.get_xlim() == (0.5, 2.5)


def test_a_palette_is_shown_as_each_reader_sees_it(axes: Axes) -> None:
    palette = {"dark": "#0072B2", "light": "#F0E442", "red": "#D55E00"}
    charts.draw_palette(axes, palette, {"full": "all", "deutan": "some"})
    cells = [p for p in axes.patches if isinstance(p, Rectangle)]
    assert len(cells) == len(axes.texts) == 6
    for number, (cell, text) in enumerate(zip(cells, axes.texts, strict=True)):
        row, column = divmod(number, 3)
        name = [*palette][column]
        seen = seen_by(palette[name], ("full", "deutan")[row])
        assert to_hex(cell.get_facecolor()) == seen
        assert cell.get_xy() == pytest.approx((column - 0.47, row - 0.43))
        assert (cell.get_width(), cell.get_height()) == (0.94, 0.86)
        assert text.get_text() == name
        assert text.get_position() == (column, row)
        assert text.get_horizontalalignment() == "center"
        assert text.get_verticalalignment() == "center"
        assert text.get_fontsize() == 8.5
        assert contrast_ratio(to_hex(text.get_color()), seen) > 3
    assert axes.get_xlim() == (-0.5, 2.5)
    assert axes.get_ylim() == (1.5, -0.5)
    assert tick_texts(axes.get_yticklabels()) == ["all", "some"]
    assert axes.get_yticks().tolist() == [0, 1]
    assert not any(spine.get_visible() for spine in axes.spines.values())
    ticks = axes.xaxis.get_major_ticks()
    assert not any(tick.label1.get_visible() for tick in ticks)
    assert not any(tick.tick1line.get_visible() for tick in ticks)
    assert {
        t.tick1line.get_markersize() for t in axes.yaxis.get_major_ticks()
    } == {0}


@pytest.mark.parametrize(
    ("grey", "text"), [("#919191", "black"), ("#8f8f8f", "white")]
)
def test_names_are_black_on_light_cells_only(
    axes: Axes, grey: str, text: str
) -> None:
    # Lightness 60 lies between #909090 (59.9...) and #919191.
    charts.draw_palette(axes, {"cell": grey}, {"full": "all"})
    assert axes.texts[0].get_color() == text
