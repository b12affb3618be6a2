"""Decompositions are NumPy's and scikit-learn's, with signs that stay."""

import math
import re
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from mlsd_examples.maths.decompositions import (
    low_rank,
    principal_components,
    score_maps,
    singular_values,
    truncation_error,
)

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 9)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def awkward(rng: np.random.Generator, m: int, n: int) -> Any:
    """Draw a matrix that may be singular, ill-conditioned or tiny."""
    drawn = rng.standard_normal((m, n))
    kind = rng.integers(4)
    if kind == 1:
        drawn[-1] = drawn[0]
    elif kind == 2:
        drawn *= 10.0 ** -np.arange(0, 2 * n, 2)
    elif kind == 3:
        drawn *= 1e-150
    return drawn


@settings(deadline=None)
@given(sizes, sizes, seeds)
def test_the_parts_multiply_to_the_matrix(m: int, n: int, seed: int) -> None:
    drawn = awkward(np.random.default_rng(seed), m, n)
    parts = singular_values(drawn)
    r, size = min(m, n), np.abs(drawn).max()
    rebuilt = parts.left * parts.values @ parts.right.T
    assert np.abs(rebuilt - drawn).max() <= 1e-13 * max(m, n) * size
    assert parts.left.shape == (m, r)
    assert parts.right.shape == (n, r)
    for side in (parts.left, parts.right):
        assert side.T @ side == pytest.approx(np.eye(r), abs=1e-12)
    reference = np.linalg.svd(drawn, compute_uv=False)
    assert np.abs(parts.values - reference).max() <= 1e-13 * size * n


@settings(deadline=None)
@given(sizes, sizes, seeds)
def test_the_largest_entry_of_each_right_vector_is_positive(
    m: int, n: int, seed: int
) -> None:
    drawn = np.random.default_rng(seed).standard_normal((m, n))
    for vector in singular_values(drawn).right.T:
        assert vector[np.abs(vector).argmax()] > 0


def test_of_equally_large_entries_the_first_is_positive() -> None:
    rng = np.random.default_rng(4)
    for sign in (1, -1):
        for noise in 1e-13 * rng.standard_normal((50, 1, 2)):
            parts = singular_values(sign * np.array([[1.0, -1.0]]) + noise)
            assert parts.right[0, 0] > 0
            assert parts.right[1, 0] < 0
            assert parts.left[0, 0] == pytest.approx(sign)
    clear = singular_values([[1.0, -1.001]])
    assert clear.right[1, 0] > 0


@settings(deadline=None)
@given(st.integers(2, 6), seeds)
def test_the_signs_of_the_factors_multiply_to_that_of_the_matrix(
    n: int, seed: int
) -> None:
    drawn = np.random.default_rng(seed).standard_normal((n, n))
    parts = singular_values(drawn)
    both = np.linalg.det(parts.left) * np.linalg.det(parts.right)
    assert both == pytest.approx(np.sign(np.linalg.det(drawn)))


@settings(deadline=None)
@given(sizes, sizes, seeds)
def test_no_matrix_of_the_same_rank_comes_nearer(
    m: int, n: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((m, n))
    rank = int(rng.integers(0, min(m, n) + 1))
    best = low_rank(drawn, rank)
    assert rank == 0 or np.linalg.matrix_rank(best) == rank
    stretches = np.linalg.svd(drawn, compute_uv=False)
    norms: dict[Literal["spectral", "frobenius"], Literal[2] | None]
    norms = {"spectral": 2, "frobenius": None}
    for norm, kind in norms.items():
        error = np.linalg.norm(drawn - best, kind)
        expected = truncation_error(stretches, rank, norm)
        assert error == pytest.approx(expected, abs=1e-10)
        for _ in range(5):
            other = best + 0.1 * rng.standard_normal((m, n))
            u, s, vt = np.linalg.svd(other)
            s[rank:] = 0
            rival = u[:, : s.size] * s @ vt[: s.size]
            assert np.linalg.norm(drawn - rival, kind) >= error - 1e-10


def test_rank_zero_and_full_rank_are_the_ends() -> None:
    assert low_rank([[1.0, 2]], 0).tolist() == [[0.0, 0.0]]
    assert low_rank([[1.0, 2]], 1) == pytest.approx(np.array([[1.0, 2]]))
    assert truncation_error([3.0, 1], 2) == 0.0
    assert truncation_error([3.0, 1], 2, "spectral") == 0.0
    assert truncation_error([3.0, 4e-200], 0) == 3.0
    assert truncation_error([2.0, 2.0], 1, "spectral") == 2.0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, 2], "values are no singular values in falling order"),
        ([1.0, -1], "values are no singular values in falling order"),
        ([], "values holds 0 values, fewer than 1"),
    ],
)
def test_what_is_not_singular_values_is_refused(
    values: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        truncation_error(values, 1)


def test_impossible_ranks_and_norms_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("rank=3 is above 2")):
        low_rank(np.eye(2), 3)
    with pytest.raises(ValueError, match=exactly("rank=-1 is below 0")):
        low_rank(np.eye(2), -1)
    with pytest.raises(
        TypeError, match=exactly("rank=1.5 is not a whole number")
    ):
        low_rank(np.eye(2), 1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=exactly("rank=3 is above 2")):
        truncation_error([2.0, 1], 3)
    message = "norm='l1' is none of ('spectral', 'frobenius')"
    with pytest.raises(ValueError, match=exactly(message)):
        truncation_error([2.0, 1], 1, "l1")  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=exactly("values[0, 0]=nan is not finite")
    ):
        singular_values([[math.nan]])


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 30), st.integers(1, 6), seeds)
def test_components_are_those_of_scikit_learn(
    n: int, d: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    data = rng.standard_normal((n, d)) * 2.0 ** np.arange(d) + 5
    model = PCA(svd_solver="full").fit(data)
    parts = principal_components(data)
    total = model.explained_variance_.sum()
    assert parts.mean == pytest.approx(model.mean_)
    assert parts.variances == pytest.approx(
        model.explained_variance_, abs=1e-9 * total
    )
    assert parts.kept == pytest.approx(
        np.cumsum(model.explained_variance_ratio_)
    )
    assert parts.kept[-1] == pytest.approx(1.0)
    for ours, theirs, variance in zip(
        parts.axes.T, model.components_, parts.variances, strict=True
    ):
        if variance > 1e-6 * total and d * n > 1:
            scores = (data - data.mean(axis=0)) @ ours
            assert scores.var(ddof=1) == pytest.approx(variance)
            assert abs(ours @ theirs) == pytest.approx(1, abs=1e-6)


def test_without_centring_the_first_direction_is_the_mean() -> None:
    rng = np.random.default_rng(8)
    data = rng.standard_normal((500, 3)) + np.array([100, 0, 0])
    parts = principal_components(data, centred=False)
    assert parts.mean.tolist() == [0, 0, 0]
    assert parts.axes[0, 0] > 0.999
    assert parts.variances[0] == pytest.approx(1e4 * 500 / 499, rel=0.01)
    assert abs(principal_components(data).axes[0, 0]) < 0.999


def test_data_must_vary() -> None:
    with pytest.raises(ValueError, match=exactly("data do not vary")):
        principal_components([[1, 2], [1, 2]])
    with pytest.raises(ValueError, match=exactly("data do not vary")):
        principal_components([[0.1, 0.7]] * 3)
    message = "data of shape (1, 2) needs 2 rows and a column"
    with pytest.raises(ValueError, match=exactly(message)):
        principal_components([[1, 2]])
    assert principal_components([[1], [2]]).variances == pytest.approx([0.5])
    constant = principal_components([[1, 5], [2, 5]])
    assert constant.variances == pytest.approx([0.5, 0])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 6), seeds)
def test_score_maps_are_the_best_of_their_rank(
    m: int, n: int, d: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    q, x = rng.standard_normal((m, d)), rng.standard_normal((n, d))
    rank = int(rng.integers(1, d + 1))
    maps = score_maps(q, x, rank)
    got = (q @ maps.query_map) @ (x @ maps.item_map).T
    stretches = np.linalg.svd(q @ x.T, compute_uv=False)
    error = math.sqrt((stretches[rank:] ** 2).sum())
    total = float(np.linalg.norm(stretches))
    assert np.linalg.norm(q @ x.T - got) == pytest.approx(
        error, abs=1e-7 * total
    )
    assert maps.kept == pytest.approx(1 - (error / total) ** 2)
    assert maps.query_map.shape[0] == maps.item_map.shape[0] == d
    assert maps.query_map.shape[1] == maps.item_map.shape[1] <= rank


def test_queries_that_see_little_give_short_maps() -> None:
    items = [[9.0, 1.0], [-9.0, 2.0], [0.0, 3.0]]
    maps = score_maps([[0, 1], [0, 2]], items, 2)
    got = np.array([[0, 5]]) @ maps.query_map @ (items @ maps.item_map).T
    assert got == pytest.approx(np.array([[5.0, 10.0, 15.0]]))
    assert maps.query_map.shape == (2, 1)
    nearly = score_maps([[1e-17, 1.0], [0.0, 2.0]], items, 2)
    assert nearly.query_map.shape == (2, 1)
    seen = score_maps([[1e-9, 1.0], [0.0, 2.0]], items, 2)
    assert seen.query_map.shape == (2, 2)


def test_equal_queries_give_principal_components() -> None:
    rng = np.random.default_rng(6)
    x = rng.standard_normal((50, 4)) * [4, 3, 2, 1]
    x -= x.mean(axis=0)
    maps = score_maps(np.eye(4), x, 2)
    assert maps.kept == pytest.approx(principal_components(x).kept[1])


def test_impossible_scores_are_refused() -> None:
    message = "queries have 2 dimensions, items 3"
    with pytest.raises(ValueError, match=exactly(message)):
        score_maps([[1, 2]], [[1, 2, 3]], 1)
    with pytest.raises(ValueError, match=exactly("rank=0 is below 1")):
        score_maps([[1, 2]], [[1, 2]], 0)
    with pytest.raises(ValueError, match=exactly("rank=3 is above 2")):
        score_maps([[1, 2]], [[1, 2]], 3)
    with pytest.raises(ValueError, match=exactly("every score is zero")):
        score_maps([[1, 0]], [[0, 2]], 1)
    with pytest.raises(ValueError, match=exactly("every score is zero")):
        score_maps([[0, 0]], [[0, 2]], 1)
    message = "queries of shape (2,) is not a matrix"
    with pytest.raises(ValueError, match=exactly(message)):
        score_maps([1, 2], [[1, 2]], 1)
    message = "items of shape (2,) is not a matrix"
    with pytest.raises(ValueError, match=exactly(message)):
        score_maps([[1, 2]], [1, 2], 1)


def test_a_stretch_beyond_a_float_is_refused() -> None:
    message = "^a stretch of values is beyond float64$"
    with pytest.raises(ValueError, match=message):
        singular_values([[1e308, 1e308], [1e308, 1e308]])


@pytest.mark.parametrize(
    ("data", "side"),
    [
        ([[1e200], [-1e200]], "beyond"),
        ([[1e308], [1e308], [0.0]], "beyond"),
        ([[1e-200], [-1e-200]], "below"),
    ],
)
def test_variances_that_leave_the_floats_are_refused(
    data: list[list[float]], side: str
) -> None:
    message = f"^the variances of data are {side} float64$"
    with pytest.raises(ValueError, match=message):
        principal_components(data)


def test_the_smallest_scores_have_a_share() -> None:
    maps = score_maps([[1e-100, 0]], [[1e-100, 1], [3e-100, 1]], 1)
    assert maps.kept == 1.0


def test_the_largest_scores_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^a score overflows$"):
        score_maps([[1e200, 0]], [[1e200, 1]], 1)
