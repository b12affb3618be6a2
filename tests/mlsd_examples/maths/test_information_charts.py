"""The figures show the numbers that they were given, and name them."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.text import Annotation
from scipy.stats import norm

from mlsd_examples.maths.gaussian_fits import Fit, Mixture
from mlsd_examples.maths.information_charts import (
    draw_fits,
    draw_gradients,
    draw_indices,
)

INK, BLUE, ORANGE = "#222222", "#0072b2", "#d55e00"


@pytest.fixture
def axes() -> Iterator[Axes]:
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def legend(axes: Axes) -> list[str]:
    found = axes.get_legend()
    assert found is not None
    assert {text.get_fontsize() for text in found.get_texts()} == {8.5}
    return [text.get_text() for text in found.get_texts()]


def looks(lines: list[Line2D]) -> list[tuple[str, str, float]]:
    return [
        (
            to_hex(line.get_color()),
            str(line.get_linestyle()),
            line.get_linewidth(),
        )
        for line in lines
    ]


def test_fits_stand_over_their_target(axes: Axes) -> None:
    target = Mixture([0.5, 0.5], [-1, 1], [0.5, 0.5])
    fits = {"one": Fit(0, 2, 0.1), "two": Fit(1, 0.5, 0.2)}
    draw_fits(axes, target, fits, shown=(-4.0, 5.0))
    outline, one, two = axes.lines
    x = np.asarray(one.get_xdata())
    assert (x[0], x[-1], x.size) == (-4.0, 5.0, 801)
    assert np.asarray(one.get_ydata()) == pytest.approx(norm.pdf(x, 0, 2))
    assert np.asarray(two.get_ydata()) == pytest.approx(norm.pdf(x, 1, 0.5))
    density = (norm.pdf(x, -1, 0.5) + norm.pdf(x, 1, 0.5)) / 2
    assert np.asarray(outline.get_ydata()) == pytest.approx(density)
    assert looks([one, two]) == [(ORANGE, "-", 2.0), (BLUE, "--", 2.0)]
    assert looks([outline]) == [("#6f9fbe", "-", 1.0)]
    (area,) = axes.collections
    heights = np.concatenate([p.vertices for p in area.get_paths()])[:, 1]
    assert heights.max() == pytest.approx(density.max())
    assert heights.min() == 0
    shade = np.asarray(area.get_facecolor())[0]
    assert to_hex(tuple(shade.tolist())) == "#b9d3e6"
    assert legend(axes) == ["target", "one", "two"]
    assert axes.get_xlim() == (-4.0, 5.0)
    assert axes.get_ylim()[0] == 0
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "density")


def test_pushes_are_those_of_the_losses(axes: Axes) -> None:
    draw_gradients(axes, shown=(-6.0, 4.0))
    cross, squared = axes.lines
    z = np.asarray(cross.get_xdata())
    p = 1 / (1 + np.exp(-z))
    assert (z[0], z[-1], z.size) == (-6.0, 4.0, 801)
    assert np.asarray(cross.get_ydata()) == pytest.approx(1 - p)
    expected = (1 - p) ** 2 * p
    assert np.asarray(squared.get_ydata()) == pytest.approx(expected)
    assert looks([cross, squared]) == [(ORANGE, "-", 2.0), (BLUE, "--", 2.0)]
    assert legend(axes) == ["cross-entropy", "squared error"]
    assert axes.get_xlim() == (-6.0, 4.0)
    assert axes.get_ylim() == (0, 1.05)
    assert axes.get_xlabel() == "logit z of the true class"
    assert axes.get_ylabel() == "push: -dL/dz"


def test_laws_of_the_index_stand_beside_the_threshold(axes: Axes) -> None:
    rng = np.random.default_rng(0)
    values = {
        "small": np.append(rng.lognormal(-3, 0.5, 4_000), np.inf),
        "large": rng.lognormal(-6, 0.5, 4_000),
    }
    draw_indices(axes, values, threshold=0.1)
    small, large, line = axes.lines
    for drawn, name in ((small, "small"), (large, "large")):
        x, y = np.asarray(drawn.get_xdata()), np.asarray(drawn.get_ydata())
        assert x.size == 60
        width = np.log10(x[1] / x[0])
        assert (y * width).sum() == pytest.approx(1)
        kept = values[name][np.isfinite(values[name])]
        assert np.log10(x[0]) == pytest.approx(
            np.log10(kept.min()) + width / 2
        )
        assert np.log10(x[-1]) == pytest.approx(
            np.log10(kept.max()) - width / 2
        )
    assert looks([small, large]) == [(ORANGE, "-", 2.0), (BLUE, "--", 2.0)]
    assert np.asarray(line.get_xdata()).tolist() == [0.1, 0.1]
    assert looks([line]) == [(INK, "-", 1.2)]
    peak = max(np.max(np.asarray(d.get_ydata())) for d in (small, large))
    low, top = axes.get_ylim()
    assert low == 0
    assert peak < top <= 1.05 * peak + 0.5
    assert (2 * top) % 1 == 0
    (note,) = axes.texts
    assert isinstance(note, Annotation)
    assert note.get_text() == "page at 0.1"
    assert note.xy == (0.1, top)
    assert note.get_fontsize() == 8.5
    assert note.anncoords == "offset points"
    assert note.xyann == (4, -10)
    assert to_hex(note.get_color()) == INK
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "stability index (log scale)"
    assert axes.get_ylabel() == "density, per factor of ten"
    assert axes.xaxis.get_major_formatter()(0.01, None) == "0.01"
    assert legend(axes) == ["small", "large"]
