"""Figures of the lesson on environments."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlsd_examples.toolkit.environment_figures import (
    draw_fingerprints,
    draw_heartbeats,
    draw_layers,
)
from mlsd_examples.toolkit.fingerprints import Fingerprint
from mlsd_examples.toolkit.heartbeat import Heartbeat


def test_each_panel_shows_where_a_product_differs() -> None:
    first, second = np.zeros((2, 2)), np.array([[0.0, 1.0], [0.0, 0.0]])
    prints = [
        Fingerprint("", "A", 1, "0" * 64, first),
        Fingerprint("B", "B", 2, "1" * 64, second),
    ]
    figure, axes = plt.subplots(1, 2)
    draw_fingerprints([*axes], prints)
    shown = [np.asarray(ax.images[0].get_array()).tolist() for ax in axes]
    assert shown == [[[False, False], [False, False]], (second > 0).tolist()]
    assert axes[0].get_title() == "A, 1 thread\n0000000000"
    assert axes[1].get_title() == "B, 2 threads\n1111111111"
    assert axes[1].get_xlabel() == "25% of entries differ"
    assert len(axes[1].get_xticks()) == len(axes[1].get_yticks()) == 0
    assert axes[0].images[0].get_clim() == (0, 1.25)
    plt.close(figure)


def test_panels_must_match_their_fingerprints() -> None:
    one = Fingerprint("", "A", 1, "0" * 64, np.zeros((2, 2)))
    with pytest.raises(ValueError, match="0 axes for 1 fingerprints"):
        draw_fingerprints([], [one])


def test_beats_are_drawn_in_percent_of_the_call() -> None:
    figure, ax = plt.subplots()
    beats = {
        "a": Heartbeat(2.0, 1.0, (0.5, 1.0)),
        "b": Heartbeat(1.0, 1.0, ()),
    }
    draw_heartbeats(ax, beats)
    marks = [line for line in ax.lines if line.get_marker() == "|"]
    assert [np.asarray(m.get_xdata()).tolist() for m in marks] == [
        [25, 50],
        [],
    ]
    assert np.asarray(marks[0].get_ydata()).tolist() == [0, 0]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"]
    assert [t.get_text() for t in ax.texts] == ["2 beats", "0 beats"]
    assert ax.get_xlabel() == "time in the call (% of its length)"
    assert ax.get_ylim() == (1.5, -0.5)
    plt.close(figure)


def test_no_heartbeat_is_refused() -> None:
    figure, ax = plt.subplots()
    with pytest.raises(ValueError, match="no heartbeat to draw"):
        draw_heartbeats(ax, {})
    plt.close(figure)


def test_layers_say_in_words_whether_they_are_locked() -> None:
    figure, ax = plt.subplots()
    draw_layers(ax, ["code", "driver"], [True, False])
    assert [t.get_text() for t in ax.texts] == [
        "code",
        "locked",
        "driver",
        "not locked",
    ]
    assert ax.get_ylim() == (1.5, -0.5)
    assert next(bar.get_linestyle() for bar in ax.patches) in {"-", "solid"}
    plt.close(figure)


def test_layers_need_a_mark_each() -> None:
    figure, ax = plt.subplots()
    with pytest.raises(ValueError, match="1 layers and 2 marks"):
        draw_layers(ax, ["a"], [True, False])
    plt.close(figure)
