"""Colours that survive a colour-blind reader and a grey printer.

Contrast follows the Web Content Accessibility Guidelines, colour vision the
matrices of Machado, Oliveira and Fernandes, and distance is Euclidean in
CIELAB, where one unit is about the least that is noticed side by side.

In production, start from a palette that has been checked, such as Okabe and
Ito's; seaborn and Matplotlib's colour maps for magnitudes (viridis, cividis)
are others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_hex, to_rgb

__all__ = [
    "ClosestPair",
    "Vision",
    "closest_pair",
    "color_distance",
    "contrast_ratio",
    "lightness",
    "relative_luminance",
    "seen_by",
]

Floats: TypeAlias = npt.NDArray[np.float64]
Vision: TypeAlias = Literal["full", "protan", "deutan", "tritan", "grey"]

# Linear-light sRGB to CIE XYZ (D65); its second row is the luminance.
_TO_XYZ = np.array(
    [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
)
_WHITE = _TO_XYZ.sum(axis=1)
_FLARE = 0.05
# Machado, Oliveira and Fernandes (2009), severity 1.
_SEEN: dict[str, Floats] = {
    "full": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
    "grey": np.tile(_TO_XYZ[1], (3, 1)),
}


@dataclass(frozen=True)
class ClosestPair:
    """The two colours of a palette that are hardest to tell apart.

    Parameters
    ----------
    first, second : str
        The colours, as in the palette.
    distance : float
        Their distance in CIELAB, as seen by the reader in question.
    """

    first: str
    second: str
    distance: float


def relative_luminance(color: str) -> float:
    """Compute how much light a colour gives off, as a share of white.

    Parameters
    ----------
    color : str
        Any colour that Matplotlib knows, such as ``"#0072B2"``.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        If the colour is unknown.

    Examples
    --------
    >>> relative_luminance("black"), round(relative_luminance("white"), 6)
    (0.0, 1.0)

    Half of the number is far less than half of the light:

    >>> round(relative_luminance("#808080"), 3)
    0.216
    """
    return float(_TO_XYZ[1] @ _linear(color))


def contrast_ratio(first: str, second: str) -> float:
    """Compute the contrast between two colours.

    Parameters
    ----------
    first, second : str
        Any colours that Matplotlib knows.

    Returns
    -------
    float
        From 1 (none) to 21; the guidelines ask for 4.5 in text and 3 in
        marks that carry meaning.

    Raises
    ------
    ValueError
        If a colour is unknown.

    References
    ----------
    W3C, Web Content Accessibility Guidelines 2.1.

    Examples
    --------
    >>> round(contrast_ratio("black", "white"), 6)
    21.0
    >>> round(contrast_ratio("yellow", "white"), 2)
    1.07
    """
    dark, light = sorted(map(relative_luminance, (first, second)))
    return (light + _FLARE) / (dark + _FLARE)


def seen_by(color: str, vision: Vision) -> str:
    """Show a colour as somebody else sees it.

    Parameters
    ----------
    color : str
        Any colour that Matplotlib knows.
    vision : {"full", "protan", "deutan", "tritan", "grey"}
        Full vision; without long, medium or short cones; a grey printer.

    Returns
    -------
    str
        The colour that looks the same to full vision, as ``#rrggbb``.

    Raises
    ------
    ValueError
        If the colour or the vision is unknown.

    References
    ----------
    Machado, Oliveira and Fernandes (2009).

    Examples
    --------
    Matplotlib's red and green, without medium cones:

    >>> seen_by("#d62728", "deutan"), seen_by("#2ca02c", "deutan")
    ('#8b7c1f', '#968838')
    """
    if vision not in get_args(Vision):
        raise ValueError(f"vision={vision!r} is none of {get_args(Vision)}")
    linear = np.clip(_SEEN[vision] @ _linear(color), 0, 1)
    encoded = np.where(
        linear <= 0.0031308,
        12.92 * linear,
        1.055 * linear ** (1 / 2.4) - 0.055,
    )
    return to_hex(tuple(encoded.tolist()))


def lightness(color: str) -> float:
    """Compute the lightness of a colour: what is left of it in grey.

    Parameters
    ----------
    color : str
        Any colour that Matplotlib knows.

    Returns
    -------
    float
        CIE lightness, from 0 (black) to 100 (white).

    Raises
    ------
    ValueError
        If the colour is unknown.

    Examples
    --------
    >>> lightness("black"), round(lightness("white"), 6)
    (0.0, 100.0)
    """
    return float(_lab(color)[0])


def color_distance(
    first: str, second: str, *, vision: Vision = "full"
) -> float:
    """Compute how different two colours look.

    Parameters
    ----------
    first, second : str
        Any colours that Matplotlib knows.
    vision : {"full", "protan", "deutan", "tritan", "grey"}
        Who looks.

    Returns
    -------
    float
        Distance in CIELAB (1976): 0 for the same colour, 100 from black to
        white.

    Raises
    ------
    ValueError
        If a colour or the vision is unknown.

    Examples
    --------
    Red and green are far apart, for most readers:

    >>> round(color_distance("#d62728", "#2ca02c"))
    120
    >>> round(color_distance("#d62728", "#2ca02c", vision="deutan"))
    7
    """
    a, b = (_lab(seen_by(color, vision)) for color in (first, second))
    return float(np.linalg.norm(a - b))


def closest_pair(
    palette: Sequence[str], *, vision: Vision = "full"
) -> ClosestPair:
    """Find the two colours that a reader confuses first.

    Parameters
    ----------
    palette : sequence of str, shape (n,)
        At least two colours that Matplotlib knows.
    vision : {"full", "protan", "deutan", "tritan", "grey"}
        Who looks.

    Returns
    -------
    ClosestPair
        The pair and its distance.

    Raises
    ------
    ValueError
        If there are fewer than two colours, or one is unknown.

    Examples
    --------
    >>> closest_pair(["black", "#111111", "white"]).second
    '#111111'
    >>> closest_pair(["black"])
    Traceback (most recent call last):
        ...
    ValueError: a palette of 1 colour has no pair
    """
    if len(palette) < 2:
        raise ValueError(f"a palette of {len(palette)} colour has no pair")
    pairs = [
        ClosestPair(a, b, color_distance(a, b, vision=vision))
        for a, b in combinations(palette, 2)
    ]
    return min(pairs, key=lambda pair: pair.distance)


def _linear(color: str) -> Floats:
    encoded = np.array(to_rgb(color))
    return np.where(
        encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4
    )


def _lab(color: str) -> Floats:
    ratios = (_TO_XYZ @ _linear(color)) / _WHITE
    # The cube root, continued by a straight line near black.
    f = np.where(
        ratios > 216 / 24389,
        np.cbrt(ratios),
        (24389 / 27 * ratios + 16) / 116,
    )
    return np.array(
        [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
    )
