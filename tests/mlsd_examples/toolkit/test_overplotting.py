"""What an eight-bit canvas keeps of a million points."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from mlsd_examples.toolkit.overplotting import (
    canvas_grey,
    density_raster,
    hidden_share,
    ink,
    layers_for_ink,
    photograph,
    saved_bytes,
    stacked_grey,
)

UNIT = st.floats(0, 1)
POINTS = st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=50)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@given(st.floats(1e-6, 0.999), st.integers(0, 500))
def test_ink_is_what_the_layers_let_through(alpha: float, layers: int) -> None:
    light = 1.0
    for _ in range(layers):
        light *= 1 - alpha
    assert ink(alpha, layers) == pytest.approx(1 - light, abs=1e-12)


def test_no_layers_are_no_ink() -> None:
    assert ink(0.5, 0) == 0.0
    with pytest.raises(ValueError, match=exactly("layers=-1 is below 0")):
        ink(0.5, -1)
    with pytest.raises(ValueError, match=exactly("alpha=1 is outside (0, 1)")):
        ink(1, 1)


@given(st.floats(1e-4, 0.999), st.floats(0.01, 0.999))
def test_the_layers_for_ink_are_the_first_that_reach_it(
    alpha: float, darkness: float
) -> None:
    layers = layers_for_ink(alpha, darkness)
    assert ink(alpha, layers) >= darkness - 1e-7
    assert ink(alpha, layers - 1) < darkness


def test_a_whole_number_of_layers_is_not_rounded_up() -> None:
    assert layers_for_ink(0.5, 0.875) == 3
    assert layers_for_ink(0.1, 1 - 0.9**7) == 7
    assert type(layers_for_ink(0.5, 0.875)) is int
    with pytest.raises(
        ValueError, match=exactly("darkness=1 is outside (0, 1)")
    ):
        layers_for_ink(0.5, 1)
    with pytest.raises(ValueError, match=exactly("alpha=0 is outside (0, 1)")):
        layers_for_ink(0, 0.5)


@pytest.mark.parametrize(
    "alpha",
    [
        0.0001,
        0.0019,
        0.00195,
        1 / 510,
        0.002,
        0.004,
        0.0058,
        0.0059,
        0.01,
        0.03,
        0.1,
        0.37,
        0.5,
        0.9,
        0.999,
    ],
)
@pytest.mark.parametrize("layers", [1, 2, 5, 30, 150, 400])
def test_the_model_of_a_pixel_is_what_matplotlib_draws(
    alpha: float, layers: int
) -> None:
    assert canvas_grey(alpha, layers) == stacked_grey(alpha, layers)


def test_below_half_a_level_nothing_is_drawn() -> None:
    just_below = math.nextafter(1 / 510, 0)
    assert stacked_grey(just_below - 1e-9, 50) == 255
    assert stacked_grey(1 / 510, 50) == 205
    assert canvas_grey(0.5, 0) == 255


def test_impossible_piles_are_refused() -> None:
    for pile in (canvas_grey, stacked_grey):
        with pytest.raises(
            ValueError, match=exactly("alpha=0 is outside (0, 1)")
        ):
            pile(0, 1)
    with pytest.raises(ValueError, match=exactly("layers=-1 is below 0")):
        canvas_grey(0.5, -1)
    with pytest.raises(ValueError, match=exactly("layers=0 is below 1")):
        stacked_grey(0.5, 0)


@settings(max_examples=40)
@given(POINTS, st.integers(2, 9), st.integers(2, 9))
def test_opaque_points_fill_the_cells_that_the_raster_counts(
    points: list[tuple[float, float]], rows: int, columns: int
) -> None:
    x, y = zip(*points, strict=True)
    greys = photograph(x, y, alpha=1, pixels=(rows, columns))
    counts = density_raster(x, y, shape=(rows, columns))
    assert greys.shape == (rows, columns)
    assert greys.dtype == np.uint8
    assert ((greys == 0) == (counts[::-1] > 0)).all()
    assert set(np.unique(greys)) <= {0, 255}


def test_a_photograph_shows_piles_by_their_grey() -> None:
    x, y = [0.1, 0.1, 0.9], [0.1, 0.1, 0.9]
    greys = photograph(x, y, alpha=0.5, pixels=(2, 3))
    assert greys.tolist() == [[255, 255, 127], [63, 255, 255]]


def test_impossible_photographs_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("2 values of x and 1 of y are no points")
    ):
        photograph([0, 1], [0], alpha=1, pixels=(2, 2))
    with pytest.raises(
        ValueError, match=exactly("y[1]=1.5 is outside the unit square")
    ):
        photograph([0, 1], [0, 1.5], alpha=1, pixels=(2, 2))
    with pytest.raises(
        ValueError, match=exactly("x[0]=-0.1 is outside the unit square")
    ):
        density_raster([-0.1], [0], shape=(2, 2))
    with pytest.raises(
        ValueError, match=exactly("x holds 0 values, fewer than 1")
    ):
        photograph([], [], alpha=1, pixels=(2, 2))
    with pytest.raises(
        ValueError, match=exactly("y holds 0 values, fewer than 1")
    ):
        photograph([0], [], alpha=1, pixels=(2, 2))
    with pytest.raises(ValueError, match=exactly("pixels=1 is below 2")):
        photograph([0], [0], alpha=1, pixels=(2, 1))
    with pytest.raises(ValueError, match=exactly("alpha=2 is outside (0, 1)")):
        photograph([0], [0], alpha=2, pixels=(2, 2))
    with pytest.raises(ValueError, match=exactly("shape=0 is below 1")):
        density_raster([0], [0], shape=(0, 2))


@given(POINTS, st.sampled_from([1, 2, 4, 8]), st.sampled_from([1, 2, 16]))
def test_the_raster_counts_as_numpy_does(
    points: list[tuple[float, float]], rows: int, columns: int
) -> None:
    x, y = zip(*points, strict=True)
    # Powers of two, so that cells and NumPy's edges agree exactly.
    expected, _, _ = np.histogram2d(
        y, x, bins=(rows, columns), range=[[0, 1], [0, 1]]
    )
    counts = density_raster(x, y, shape=(rows, columns))
    assert counts.tolist() == expected.tolist()


@given(POINTS)
def test_hidden_points_share_their_cell_with_another(
    points: list[tuple[float, float]],
) -> None:
    x, y = zip(*points, strict=True)
    cells = {(min(int(a * 4), 3), min(int(b * 8), 7)) for a, b in points}
    expected = 1 - len(cells) / len(points)
    found = hidden_share(x, y, pixels=(8, 4))
    assert found == pytest.approx(expected, abs=1e-12)


def test_saving_counts_the_bytes_of_each_format() -> None:
    figure = Figure((1, 1))
    figure.add_subplot().plot(range(500), range(500), ",")
    sizes = {kind: saved_bytes(figure, kind) for kind in ("png", "svg", "pdf")}
    assert sizes["svg"] > 20_000 > sizes["png"] > 200
    assert 1_000 < sizes["pdf"] < 100_000
    with pytest.raises(
        ValueError, match=exactly("kind='gif' is neither png, svg nor pdf")
    ):
        saved_bytes(figure, "gif")  # type: ignore[arg-type]
