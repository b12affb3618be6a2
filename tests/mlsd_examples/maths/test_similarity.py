"""Scores and rankings are those of NumPy, SciPy and scikit-learn."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr
from sklearn.metrics import pairwise
from sklearn.neighbors import NearestNeighbors

from mlsd_examples.maths.similarity import (
    correlation,
    cosine_similarity,
    nearest,
    projection,
    similarities,
    top_k,
)

METRICS = ("dot", "cosine", "distance")
seeds = st.integers(0, 2**32 - 1)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@settings(deadline=None)
@given(st.integers(1, 20), seeds)
def test_what_a_projection_leaves_is_orthogonal(d: int, seed: int) -> None:
    a, b = np.random.default_rng(seed).standard_normal((2, d))
    shadow = projection(a, b)
    assert (a - shadow) @ b == pytest.approx(0, abs=1e-10)
    assert shadow == pytest.approx((a @ b) / (b @ b) * b)
    assert projection(a, 1e3 * b) == pytest.approx(shadow)


def test_a_projection_needs_no_particular_scale() -> None:
    assert projection([3.0, 4], [1e-200, 0]).tolist() == [3.0, 0.0]
    assert projection([3.0, 4], [-1e200, 0]).tolist() == [3.0, 0.0]
    assert projection([-2.0], [5.0]).tolist() == [-2.0]


@settings(deadline=None)
@given(st.integers(2, 30), st.floats(-50, 50), seeds)
def test_correlation_is_scipys(n: int, shift: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((2, n)) + shift
    found = pearsonr(a, b).statistic
    assert correlation(a, b) == pytest.approx(found, abs=1e-9)


@pytest.mark.parametrize("n", [2, 5, 1000])
def test_orthogonal_axes_are_correlated(n: int) -> None:
    first, second = np.eye(n)[:2]
    assert correlation(first, second) == pytest.approx(-1 / (n - 1))


@settings(deadline=None)
@given(st.integers(1, 30), st.sampled_from([1e-200, 1.0, 1e200]), seeds)
def test_a_cosine_is_scikit_learns_at_any_scale(
    d: int, scale: float, seed: int
) -> None:
    a, b = np.random.default_rng(seed).standard_normal((2, d))
    expected = pairwise.cosine_similarity([a], [b])[0, 0]
    cosine = cosine_similarity(scale * a, b)
    assert cosine == pytest.approx(expected, abs=1e-12)
    assert -1 <= cosine <= 1
    assert cosine_similarity(a, -a) == pytest.approx(-1)


def test_a_cosine_never_leaves_its_range() -> None:
    rng = np.random.default_rng(5)
    for a in rng.standard_normal((500, 7)):
        assert cosine_similarity(a, 3 * a) <= 1
        assert cosine_similarity(a, -3 * a) >= -1


@settings(deadline=None)
@given(st.integers(1, 8), st.integers(1, 12), st.integers(1, 6), seeds)
def test_scores_are_scikit_learns(m: int, n: int, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    q, x = rng.standard_normal((m, d)), rng.standard_normal((n, d))
    assert similarities(q, x) == pytest.approx(q @ x.T)
    cosines = pairwise.cosine_similarity(q, x)
    assert similarities(q, x, "cosine") == pytest.approx(cosines)
    squares = pairwise.euclidean_distances(q, x, squared=True)
    assert similarities(q, x, "distance") == pytest.approx(-squares, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30), st.integers(1, 6), seeds)
def test_rankings_are_those_of_scikit_learn(n: int, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    q, x = rng.standard_normal((3, d)), rng.standard_normal((n, d))
    k = int(rng.integers(1, n + 1))
    for by, metric in (("distance", "euclidean"), ("cosine", "cosine")):
        if by == "cosine" and d == 1:
            continue  # all cosines are 1 or -1: every order is right
        model = NearestNeighbors(n_neighbors=k, metric=metric).fit(x)
        expected = model.kneighbors(q, return_distance=False)
        assert nearest(q, x, k, by).tolist() == expected.tolist()  # type: ignore[arg-type]


def test_rankings_agree_on_the_sphere() -> None:
    rng = np.random.default_rng(2)
    q, x = rng.standard_normal((20, 5)), rng.standard_normal((50, 5))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    dot, cosine, distance = (nearest(q, x, 7, by) for by in METRICS)  # type: ignore[arg-type]
    assert dot.tolist() == cosine.tolist() == distance.tolist()


def test_dot_is_what_is_ranked_by_unless_told() -> None:
    items = [[1.0, 0.4], [9.0, 9.0], [3.0, 0.0]]
    assert nearest([[1, 0]], items, 1).tolist() == [[1]]
    assert similarities([[1, 0]], items).tolist() == [[1.0, 9.0, 3.0]]


def test_of_equal_scores_the_first_column_comes_first() -> None:
    assert top_k([[1.0, 2, 2, 0, 2]], 2).tolist() == [[1, 2]]
    assert top_k([[1.0, 2, 2, 0, 2]], 4).tolist() == [[1, 2, 4, 0]]
    assert top_k([[0.0, 0, 0]], 3).tolist() == [[0, 1, 2]]
    assert top_k([[7.0]], 1).tolist() == [[0]]


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 20), seeds)
def test_the_best_are_those_of_a_stable_sort(
    m: int, n: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 5, (m, n))
    k = int(rng.integers(1, n + 1))
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    assert top_k(scores, k).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("k", "error", "message"),
    [
        (0, ValueError, "k=0 is below 1"),
        (4, ValueError, "k=4 of 3 scores"),
        (1.0, TypeError, "k=1.0 is not a whole number"),
    ],
)
def test_impossible_numbers_of_answers_are_refused(
    k: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=exactly(message)):
        top_k([[1, 2, 3]], k)


def test_scores_must_be_finite() -> None:
    with pytest.raises(
        ValueError, match=exactly("scores[0, 1]=nan is not finite")
    ):
        top_k([[1, math.nan]], 1)


@pytest.mark.parametrize("route", [projection, cosine_similarity, correlation])
def test_pairs_must_fit(route: Any) -> None:
    with pytest.raises(ValueError, match=exactly("a has 2 values, b has 3")):
        route([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match=exactly("a[0]=nan is not finite")):
        route([math.nan, 1], [1, 2])
    with pytest.raises(ValueError, match=exactly("b[1]=inf is not finite")):
        route([1, 2], [1, math.inf])
    with pytest.raises(
        ValueError, match=exactly("a holds 0 values, fewer than 1")
    ):
        route([], [1.0])
    with pytest.raises(
        ValueError, match=exactly("b holds 0 values, fewer than 1")
    ):
        route([1.0], [])


def test_vectors_without_direction_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("b is zero, and has no direction")
    ):
        projection([1, 2], [0, 0])
    with pytest.raises(
        ValueError, match=exactly("a is zero, and has no direction")
    ):
        cosine_similarity([0, 0], [1, 2])
    with pytest.raises(
        ValueError, match=exactly("b is zero, and has no direction")
    ):
        cosine_similarity([1, 2], [0, 0])
    with pytest.raises(ValueError, match=exactly("a is constant")):
        correlation([1, 1], [1, 2])
    with pytest.raises(ValueError, match=exactly("b is constant")):
        correlation([1, 2], [0.1, 0.1])
    assert projection([0, 0], [1, 2]).tolist() == [0.0, 0.0]


def test_tables_must_fit() -> None:
    message = "queries have 2 dimensions, items 3"
    with pytest.raises(ValueError, match=exactly(message)):
        similarities([[1, 2]], [[1, 2, 3]])
    message = "by='l2' is none of ('dot', 'cosine', 'distance')"
    with pytest.raises(ValueError, match=exactly(message)):
        similarities([[1, 2]], [[1, 2]], "l2")  # type: ignore[arg-type]
    message = "items[1] is zero, and has no direction"
    with pytest.raises(ValueError, match=exactly(message)):
        similarities([[1, 2]], [[1, 2], [0, 0]], "cosine")
    message = "queries[0] is zero, and has no direction"
    with pytest.raises(ValueError, match=exactly(message)):
        similarities([[0, 0]], [[1, 2]], "cosine")
    message = "queries of shape (2,) is not a matrix"
    with pytest.raises(ValueError, match=exactly(message)):
        similarities([1, 2], [[1, 2]])
    message = "items of shape (2,) is not a matrix"
    with pytest.raises(ValueError, match=exactly(message)):
        similarities([[1, 2]], [1, 2])


def test_near_vectors_far_from_the_origin_are_told_apart() -> None:
    items = [[1e8, 0.0], [1e8 + 1, 0.0]]
    assert nearest([[1e8 + 1, 0]], items, 1, "distance").tolist() == [[1]]
    found = similarities([[1e8 + 1, 0]], items, "distance")
    assert found.tolist() == [[-1.0, 0.0]]
    assert not np.signbit(found[0, 1])


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_rows_have_cosines_at_any_scale(scale: float) -> None:
    queries, items = [[scale, scale]], [[scale, 0.0], [1.0, 1.0]]
    cosines = similarities(queries, items, "cosine")
    assert cosines == pytest.approx(np.array([[math.sqrt(0.5), 1.0]]))


def test_scores_beyond_a_float_are_refused() -> None:
    for by in ("dot", "distance"):
        with pytest.raises(ValueError, match=exactly("a score overflows")):
            similarities([[1e200]], [[-1e200]], by)


def test_text_is_no_vector() -> None:
    message = exactly("queries are not all numbers")
    with pytest.raises(TypeError, match=message):
        nearest([["1"]], [[1]], 1)


def test_neighbouring_floats_are_correlated() -> None:
    assert correlation([1, 1 + 2**-52], [1, 2]) == pytest.approx(1)
    assert correlation([5e-324, 0], [1, 2]) == pytest.approx(-1)


def test_the_largest_floats_are_correlated() -> None:
    found = correlation([1e308, 1e308, -1e308], [1, 2, 3])
    assert found == pytest.approx(correlation([1, 1, -1], [1, 2, 3]))
