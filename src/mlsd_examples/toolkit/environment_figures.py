"""The figures of the lesson on environments.

Each function draws into axes that it is given and returns nothing; colour is
never the only difference, so that the figures can be read in grey.

In production, use Matplotlib directly.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from mlsd_examples.toolkit.fingerprints import Fingerprint
from mlsd_examples.toolkit.heartbeat import Heartbeat

__all__ = ["draw_fingerprints", "draw_heartbeats", "draw_layers"]

_INK, _FAINT, _BLUE, _ORANGE = "#222222", "#8a8a8a", "#0072B2", "#D55E00"


def draw_fingerprints(
    axes: Sequence[Axes], prints: Sequence[Fingerprint]
) -> None:
    """Draw where each product differs from the first.

    Parameters
    ----------
    axes : sequence of Axes
        One for each fingerprint.
    prints : sequence of Fingerprint
        Products of the same input.

    Raises
    ------
    ValueError
        If there are not as many axes as fingerprints, or none.

    Examples
    --------
    >>> draw_fingerprints([], [])
    Traceback (most recent call last):
        ...
    ValueError: 0 axes for 0 fingerprints
    """
    if not prints or len(axes) != len(prints):
        raise ValueError(f"{len(axes)} axes for {len(prints)} fingerprints")
    for ax, found in zip(axes, prints, strict=True):
        differs = found.product != prints[0].product
        ax.imshow(differs, cmap="Greys", vmin=0, vmax=1.25)
        threads = (
            "1 thread" if found.threads == 1 else (f"{found.threads} threads")
        )
        ax.set_title(
            f"{found.kernel}, {threads}\n{found.sha256[:10]}",
            fontsize=9,
            family="monospace",
        )
        ax.set_xlabel(f"{differs.mean():.0%} of entries differ", fontsize=9)
        ax.set_xticks([])
        ax.set_yticks([])


def draw_heartbeats(ax: Axes, beats: Mapping[str, Heartbeat]) -> None:
    """Draw when a background thread ran, one row for each kind of work.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    beats : mapping of str to Heartbeat
        By the name of the work.

    Raises
    ------
    ValueError
        If there is nothing to draw.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> draw_heartbeats(plt.figure().gca(), {})
    Traceback (most recent call last):
        ...
    ValueError: no heartbeat to draw
    """
    if not beats:
        raise ValueError("no heartbeat to draw")
    for row, found in enumerate(beats.values()):
        ends = [0.0, 100.0]
        ax.plot(ends, [row, row], color=_FAINT, linewidth=1)
        at = [100 * beat / found.call_s for beat in found.beats_s]
        ax.plot(
            at,
            [row] * len(at),
            linestyle="none",
            marker="|",
            markersize=16,
            color=_BLUE,
        )
        ax.text(102, row, f"{len(at)} beats", va="center", fontsize=9)
    ax.set_yticks(range(len(beats)), [*beats], fontsize=9)
    ax.set_ylim(len(beats) - 0.5, -0.5)
    ax.set_xlim(-2, 122)
    ax.set_xticks(np.arange(0, 101, 25))
    ax.set_xlabel("time in the call (% of its length)", fontsize=9)
    ax.spines[["top", "right", "left"]].set_visible(False)


def draw_layers(
    ax: Axes, names: Sequence[str], locked: Sequence[bool]
) -> None:
    """Draw the layers under a model, and which of them a lock reaches.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    names : sequence of str
        The layers from the top down.
    locked : sequence of bool
        Whether the lock fixes each of them.

    Raises
    ------
    ValueError
        If the two lengths differ.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> draw_layers(plt.figure().gca(), ["driver"], [])
    Traceback (most recent call last):
        ...
    ValueError: 1 layers and 0 marks
    """
    if len(names) != len(locked):
        raise ValueError(f"{len(names)} layers and {len(locked)} marks")
    for row, (name, inside) in enumerate(zip(names, locked, strict=True)):
        ax.barh(
            row,
            1,
            height=0.8,
            facecolor="#dce9f2" if inside else "#ffffff",
            edgecolor=_BLUE if inside else _ORANGE,
            linestyle="-" if inside else (0, (4, 2)),
            linewidth=1.5,
        )
        verdict = "locked" if inside else "not locked"
        ax.text(0.02, row, name, va="center", fontsize=9, color=_INK)
        ax.text(
            0.98,
            row,
            verdict,
            va="center",
            ha="right",
            fontsize=9,
            color=_INK,
            style="normal" if inside else "italic",
        )
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    ax.axis("off")
