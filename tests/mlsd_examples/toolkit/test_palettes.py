"""Colours agree with published values, and with arithmetic by hand."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb as matplotlib_rgb

from mlsd_examples.toolkit.palettes import (
    closest_pair,
    color_distance,
    contrast_ratio,
    lightness,
    relative_luminance,
    seen_by,
)


def to_rgb(color: str) -> tuple[float, float, float]:
    return matplotlib_rgb(color)


COLORS = st.tuples(*[st.integers(0, 255)] * 3).map(
    lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb)
)
OKABE_ITO = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def by_hand(color: str) -> float:
    """Luminance as the guidelines write it down."""
    light = []
    for value in to_rgb(color):
        low = value <= 0.04045
        light.append(
            value / 12.92 if low else ((value + 0.055) / 1.055) ** 2.4
        )
    red, green, blue = light
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@given(COLORS)
def test_luminance_follows_the_guidelines(color: str) -> None:
    assert relative_luminance(color) == pytest.approx(by_hand(color))
    assert -1e-12 <= relative_luminance(color) <= 1 + 1e-12


@given(COLORS, COLORS)
def test_contrast_is_symmetric_and_in_its_range(one: str, two: str) -> None:
    ratio = contrast_ratio(one, two)
    assert ratio == contrast_ratio(two, one)
    assert 1 <= ratio <= 21 + 1e-9
    lights = sorted([by_hand(one), by_hand(two)])
    assert ratio == pytest.approx((lights[1] + 0.05) / (lights[0] + 0.05))


def test_contrasts_that_designers_know() -> None:
    assert contrast_ratio("black", "white") == pytest.approx(21)
    # The lightest grey that passes 4.5, and the next that does not.
    assert contrast_ratio("#767676", "white") == pytest.approx(4.54, abs=5e-3)
    assert contrast_ratio("#777777", "white") < 4.5


@pytest.mark.parametrize(
    ("color", "lab"),
    [
        ("#ff0000", (53.24, 80.09, 67.20)),
        ("#00ff00", (87.73, -86.18, 83.18)),
        ("#0000ff", (32.30, 79.19, -107.86)),
        ("#ffffff", (100.0, 0.0, 0.0)),
        ("#010101", (0.27, 0.0, 0.0)),
    ],
)
def test_lightness_and_distance_agree_with_published_values(
    color: str, lab: tuple[float, float, float]
) -> None:
    assert lightness(color) == pytest.approx(lab[0], abs=0.02)
    expected = float(np.linalg.norm(lab))
    # The reference white of the table differs in its fourth digit.
    assert color_distance(color, "black") == pytest.approx(expected, abs=0.06)


@given(COLORS, st.sampled_from(["full", "protan", "deutan", "tritan", "grey"]))
def test_greys_look_the_same_to_everybody(color: str, vision: str) -> None:
    grey = "#" + 3 * color[1:3]
    seen = to_rgb(seen_by(grey, vision))  # type: ignore[arg-type]
    assert seen == pytest.approx(to_rgb(grey), abs=1.01 / 255)


@given(COLORS)
def test_full_vision_changes_nothing_and_a_printer_keeps_the_light(
    color: str,
) -> None:
    assert seen_by(color, "full") == color
    printed = seen_by(color, "grey")
    assert printed[1:3] == printed[3:5] == printed[5:7]
    assert lightness(printed) == pytest.approx(lightness(color), abs=0.5)


@pytest.mark.parametrize(
    ("color", "vision", "seen"),
    [
        # Rows of the published matrices, applied to full red in linear
        # light: 0.152, 0.115, 0; 0.367, 0.280, 0; 1, 0, 0.005.
        ("#ff0000", "protan", (0.427, 0.373, 0.0)),
        ("#ff0000", "deutan", (0.641, 0.566, 0.0)),
        ("#ff0000", "tritan", (1.0, 0.0, 0.059)),
        ("#0000ff", "protan", (0.0, 0.349, 1.0)),
        ("#0000ff", "deutan", (0.0, 0.241, 0.986)),
        ("#0000ff", "tritan", (0.0, 0.421, 0.588)),
        ("#00ff00", "protan", (1.0, 0.899, 0.0)),
        ("#00ff00", "deutan", (0.936, 0.839, 0.229)),
        ("#00ff00", "tritan", (0.0, 0.968, 0.850)),
    ],
)
def test_primaries_are_seen_as_the_matrices_say(
    color: str, vision: str, seen: tuple[float, float, float]
) -> None:
    found = to_rgb(seen_by(color, vision))  # type: ignore[arg-type]
    assert found == pytest.approx(seen, abs=0.005)


def test_dark_colours_are_encoded_by_the_straight_line() -> None:
    assert seen_by("#020202", "grey") == "#020202"
    assert seen_by("#0a0a0a", "grey") == "#0a0a0a"
    assert seen_by("#0b0b0b", "grey") == "#0b0b0b"


def test_unknown_visions_and_colours_are_refused() -> None:
    message = (
        "vision='mono' is none of"
        " ('full', 'protan', 'deutan', 'tritan', 'grey')"
    )
    with pytest.raises(ValueError, match=exactly(message)):
        seen_by("red", "mono")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no colour"):
        relative_luminance("no colour")


def test_red_and_green_merge_without_medium_cones() -> None:
    apart = color_distance("#d62728", "#2ca02c")
    merged = color_distance("#d62728", "#2ca02c", vision="deutan")
    assert apart > 100
    assert merged < 8
    assert color_distance("red", "red") == 0.0


@given(st.lists(COLORS, min_size=2, max_size=5))
def test_the_closest_pair_is_the_smallest_distance(palette: list[str]) -> None:
    found = closest_pair(palette, vision="protan")
    distances = [
        color_distance(a, b, vision="protan")
        for place, a in enumerate(palette)
        for b in palette[place + 1 :]
    ]
    assert found.distance == min(distances)
    pair = color_distance(found.first, found.second, vision="protan")
    assert pair == found.distance


def test_a_careful_palette_survives_every_eye_but_not_the_printer() -> None:
    for vision in ("full", "protan", "deutan", "tritan"):
        pair = closest_pair(OKABE_ITO, vision=vision)
        assert pair.distance > 15
    grey = closest_pair(OKABE_ITO, vision="grey")
    assert (grey.first, grey.second) == ("#E69F00", "#56B4E9")
    assert grey.distance < 1
    assert closest_pair(OKABE_ITO) == closest_pair(OKABE_ITO, vision="full")


def test_a_palette_without_a_pair_is_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("a palette of 0 colour has no pair")
    ):
        closest_pair([])
    assert closest_pair(["red", "blue"]).first == "red"
