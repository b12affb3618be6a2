"""A map keeps neighbours, and loses sizes."""

import math
import re

import numpy as np
import pytest
from scipy.special import entr
from sklearn.manifold._t_sne import _joint_probabilities

from mlsd_examples.maths.neighbour_embedding import (
    affinities,
    embed,
    map_affinities,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@pytest.mark.parametrize("effective", [2.0, 5.0, 12.0])
def test_affinities_agree_with_scikit_learn(effective: float) -> None:
    rng = np.random.default_rng(4)
    points = rng.standard_normal((30, 3)) * np.linspace(0.1, 9, 30)[:, None]
    gaps = points[:, None] - points[None]
    squared = (gaps**2).sum(axis=2).astype(np.float32)
    condensed = _joint_probabilities(squared, effective, 0)
    found = affinities(points, effective)
    upper = found[np.triu_indices(30, 1)]
    # Theirs search the width to 1e-5 in the entropy, in single precision.
    assert 2 * upper == pytest.approx(2 * condensed, abs=2e-5)


def test_affinities_are_a_symmetric_distribution() -> None:
    found = affinities(np.random.default_rng(0).standard_normal((9, 2)), 3.0)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert (found == found.T).all()
    assert np.diag(found).tolist() == [0.0] * 9


def test_every_point_has_as_many_neighbours_as_asked() -> None:
    # On a ring all points are alike, so that rows are the weights over n.
    angles = 2 * math.pi * np.arange(12) / 12
    ring = np.column_stack([np.cos(angles), np.sin(angles)])
    rows = 12 * affinities(ring, 5.0)
    assert np.exp(entr(rows).sum(axis=1)) == pytest.approx(
        np.full(12, 5.0), rel=1e-9
    )


def test_equal_points_are_no_obstacle() -> None:
    points = np.array([[0.0], [0.0], [0.0], [1.0]])
    assert np.isfinite(affinities(points, 2.5)).all()


def test_a_far_unit_of_length_is_no_obstacle() -> None:
    points = np.random.default_rng(2).standard_normal((8, 2))
    for scale in (1e-6, 1e6):
        assert np.allclose(
            affinities(scale * points, 3.0), affinities(points, 3.0)
        )


def test_places_weigh_by_student_t() -> None:
    places = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    kernel = {(0, 1): 1 / 2, (0, 2): 1 / 5, (1, 2): 1 / 6}
    total = 2 * sum(kernel.values())
    found = map_affinities(places)
    for (i, j), value in kernel.items():
        assert found[i, j] == pytest.approx(value / total)
        assert found[j, i] == pytest.approx(value / total)
    assert np.diag(found).tolist() == [0.0] * 3


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    used = p > 0
    return float((p[used] * np.log(p[used] / q[used])).sum())


def test_a_longer_descent_is_a_better_map() -> None:
    points = np.random.default_rng(1).standard_normal((30, 4))
    p = affinities(points, 8.0)
    values = [
        divergence(
            p,
            map_affinities(
                embed(points, 8.0, np.random.default_rng(2), steps=steps)
            ),
        )
        for steps in (1, 120, 400)
    ]
    assert values[0] > 2 * values[1] > 0
    assert values[1] >= values[2] > 0


def test_the_end_is_a_stationary_point_of_the_divergence() -> None:
    points = np.random.default_rng(3).standard_normal((12, 3))
    p = affinities(points, 4.0)
    places = embed(points, 4.0, np.random.default_rng(0), steps=3_000)
    base = divergence(p, map_affinities(places))
    for at in ((0, 0), (5, 1), (11, 0)):
        slopes = []
        for step in (1e-4, -1e-4):
            moved = places.copy()
            moved[at] += step
            slopes.append(divergence(p, map_affinities(moved)))
        assert abs(slopes[0] - slopes[1]) / 2e-4 < 1e-4
        assert np.mean(slopes) > base - 1e-12  # a minimum, not a maximum


def test_sizes_of_clusters_are_lost_and_clusters_kept() -> None:
    rng = np.random.default_rng(8)
    tight = rng.standard_normal((40, 5))
    loose = 10 * rng.standard_normal((40, 5)) + 60
    places = embed(np.vstack([tight, loose]), 12, rng, steps=400)
    one, two = places[:40], places[40:]
    assert two.std() / one.std() < 1.5
    assert one.std() / two.std() < 1.5
    gap = np.linalg.norm(one.mean(axis=0) - two.mean(axis=0))
    assert gap > 2 * max(one.std(), two.std())
    assert places.mean(axis=0) == pytest.approx([0, 0], abs=1e-9)


def test_impossible_maps_are_refused() -> None:
    line = np.array([[0.0], [1.0], [3.0]])
    for shape in ((3,), (2, 2)):
        with pytest.raises(
            ValueError,
            match=exactly(f"points of shape {shape} are not (n, d), n ≥ 3"),
        ):
            affinities(np.zeros(shape), 1.5)
    for effective in (1, 2, 3.0):
        with pytest.raises(
            ValueError,
            match=exactly(f"effective={effective} is outside (1, 2)"),
        ):
            affinities(line, effective)
    with pytest.raises(
        ValueError, match=exactly("effective=nan is not finite")
    ):
        affinities(line, math.nan)
    with pytest.raises(
        ValueError, match=exactly("points[1]=nan is not finite")
    ):
        affinities(np.array([[0.0], [math.nan], [1.0]]), 1.5)
    with pytest.raises(ValueError, match=r"^points holds 0 values"):
        affinities(np.zeros((3, 0)), 1.5)
    with pytest.raises(ValueError, match=exactly("steps=0 is below 1")):
        embed(line, 1.5, np.random.default_rng(0), steps=0)
