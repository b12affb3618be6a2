"""Recall is a share of the true answers, known as well as queries allow."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from mlsd_examples.maths.retrieval import (
    mean_recall,
    planted_store,
    quantise_int8,
    queries_for_margin,
    recall_at_k,
    vector_bytes,
)

seeds = st.integers(0, 2**32 - 1)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(1, 8), st.integers(1, 8), seeds)
def test_recall_is_a_share_of_sets(m: int, j: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = np.array([rng.permutation(10)[:j] for _ in range(m)])
    truth = np.array([rng.permutation(10)[:k] for _ in range(m)])
    expected = [
        len(set(f.tolist()) & set(t.tolist())) / k
        for f, t in zip(found, truth, strict=True)
    ]
    assert recall_at_k(found, truth).tolist() == pytest.approx(expected)
    mean = mean_recall(found, truth)
    assert mean.value == pytest.approx(np.mean(expected))
    assert mean.runs == m
    widened = [*expected, 0.0, 1.0]
    error = math.sqrt(np.var(widened) / m)
    assert mean.standard_error == pytest.approx(error)


def test_the_error_of_a_recall_is_that_of_its_queries() -> None:
    rng, means, errors = np.random.default_rng(7), [], []
    truth = np.arange(10)[np.newaxis].repeat(200, axis=0)
    for _ in range(400):
        # All answers of a query stand or fall together.
        lost = rng.random((200, 1)) < 0.3
        mean = mean_recall(np.where(lost, truth + 10, truth), truth)
        means.append(mean.value)
        errors.append(mean.standard_error)
    spread = float(np.std(means))
    assert np.mean(errors) == pytest.approx(spread, rel=4 / math.sqrt(800))


@pytest.mark.parametrize(
    ("found", "truth", "error", "message"),
    [
        ([1], [[1]], ValueError, "found of shape (1,) is not (queries, k)"),
        ([[1]], [1], ValueError, "truth of shape (1,) is not (queries, k)"),
        (
            np.zeros((0, 2), int),
            [[1]],
            ValueError,
            "found of shape (0, 2) is not (queries, k)",
        ),
        (
            [[1]],
            np.zeros((1, 0), int),
            ValueError,
            "truth of shape (1, 0) is not (queries, k)",
        ),
        (
            [[1.0]],
            [[1]],
            TypeError,
            "found are of type float64, not row numbers",
        ),
        ([[1]], [[1], [2]], ValueError, "found has 1 queries, truth 2"),
        (
            [[1, 2], [3, 3]],
            [[1, 2], [3, 4]],
            ValueError,
            "found[1] names an item twice",
        ),
        ([[1, 2]], [[4, 4]], ValueError, "truth[0] names an item twice"),
        (
            [[1, 2, 1]],
            [[1, 2]],
            ValueError,
            "found[0] names an item twice",
        ),
    ],
)
def test_impossible_answers_are_refused(
    found: Any, truth: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=exactly(message)):
        recall_at_k(found, truth)


@pytest.mark.parametrize(("recall", "margin"), [(0.95, 0.01), (0.5, 0.1)])
def test_so_many_queries_know_recall_to_the_margin(
    recall: float, margin: float
) -> None:
    n = queries_for_margin(recall, margin)
    assert 1.96 * math.sqrt(recall * (1 - recall) / n) <= margin
    assert 1.96 * math.sqrt(recall * (1 - recall) / (n - 1)) > margin
    assert queries_for_margin(recall, margin, z=3.92) == pytest.approx(
        4 * n, abs=4
    )
    assert queries_for_margin(recall, margin, answers=10) == math.ceil(
        1.96**2 * recall * (1 - recall) / (10 * margin**2)
    )


def test_no_variance_of_a_share_is_larger_than_the_bound() -> None:
    rng = np.random.default_rng(1)
    for a, b in rng.exponential(1, (200, 2)):
        shares = rng.beta(a, b, 1_000)
        mean = shares.mean()
        assert shares.var() <= mean * (1 - mean) + 1e-12


@pytest.mark.parametrize(
    ("told", "error", "message"),
    [
        ({"recall": 1}, ValueError, "recall=1 is outside (0, 1)"),
        ({"margin": 0}, ValueError, "margin=0 is outside (0, 1)"),
        ({"z": 0}, ValueError, "z=0 is not positive"),
        ({"answers": 0}, ValueError, "answers=0 is below 1"),
        ({"answers": 1.5}, TypeError, "answers=1.5 is not a whole number"),
    ],
)
def test_impossible_margins_are_refused(
    told: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=exactly(message)):
        queries_for_margin(**{"recall": 0.9, "margin": 0.01, **told})


def test_bytes_are_those_of_the_arrays() -> None:
    for dtype in (np.float32, np.int8):
        array = np.zeros((7, 5), dtype)
        counted = vector_bytes(7, 5, value_bytes=array.itemsize)
        assert counted == array.nbytes
    assert vector_bytes(7, 5) == 140
    assert vector_bytes(1, 1, value_bytes=1) == 1
    for told in ((0, 1, 1), (1, 0, 1), (1, 1, 0)):
        name = ("items", "dims", "value_bytes")[told.index(0)]
        with pytest.raises(ValueError, match=exactly(f"{name}=0 is below 1")):
            vector_bytes(*told[:2], value_bytes=told[2])


@settings(deadline=None)
@given(st.integers(1, 8), st.integers(1, 5), st.floats(1e-6, 1e6), seeds)
def test_no_value_moves_by_more_than_half_a_step(
    n: int, d: int, scale: float, seed: int
) -> None:
    drawn = scale * np.random.default_rng(seed).standard_normal((n, d))
    packed = quantise_int8(drawn)
    assert packed.codes.dtype == np.int8
    assert packed.codes.nbytes == vector_bytes(n, d, value_bytes=1)
    assert np.abs(packed.codes).max(axis=0).tolist() == [127] * d
    assert packed.steps == pytest.approx(np.abs(drawn).max(axis=0) / 127)
    moved = np.abs(packed.decoded() - drawn)
    assert (moved <= packed.steps * (0.5 + 1e-9)).all()


def test_a_dimension_of_zeros_stays_zero() -> None:
    packed = quantise_int8([[0.0, 1.0], [0.0, -2.0]])
    assert packed.decoded()[:, 0].tolist() == [0.0, 0.0]
    assert packed.steps[0] == 1.0
    message = "items of shape (2,) is not a matrix"
    with pytest.raises(ValueError, match=exactly(message)):
        quantise_int8([1, 2])


def test_the_planted_store_has_its_spread() -> None:
    rng = np.random.default_rng(3)
    store = planted_store(4_000, rng)
    assert store.items.shape == (4_000, 256)
    assert store.directions.T @ store.directions == pytest.approx(
        np.eye(256), abs=1e-10
    )
    assert store.spread == pytest.approx(0.975 ** np.arange(256))
    along = (store.items @ store.directions).std(axis=0)
    assert along == pytest.approx(store.spread, rel=4.8 / math.sqrt(8_000))
    browse = (store.browse(4_000, rng) @ store.directions).std(axis=0)
    assert browse == pytest.approx(store.spread, rel=4.8 / math.sqrt(8_000))
    weights = np.full(256, 0.05)
    weights[64:112] = 1
    search = (store.search(4_000, rng) @ store.directions).std(axis=0)
    assert search == pytest.approx(weights, rel=4.8 / math.sqrt(8_000))


def test_search_queries_need_what_pca_drops() -> None:
    rng = np.random.default_rng(5)
    store = planted_store(800, rng)
    model = PCA(64, svd_solver="full").fit(store.items)
    assert model.explained_variance_ratio_.sum() > 0.95
    short = model.transform(store.items) @ model.components_
    kept = {}
    for name in ("browse", "search"):
        queries = getattr(store, name)(100, rng)
        true, found = (
            np.argsort(-(queries @ items.T), axis=1)[:, :10]
            for items in (store.items, short)
        )
        kept[name] = mean_recall(found, true).value
    assert kept["browse"] > 0.8 > 0.3 > kept["search"]


def test_smaller_stores_and_streams_are_possible() -> None:
    rng = np.random.default_rng(1)
    store = planted_store(1, rng, dims=128)
    assert store.items.shape == (1, 128)
    assert store.browse(1, rng).shape == store.search(1, rng).shape
    with pytest.raises(ValueError, match=exactly("items=0 is below 1")):
        planted_store(0, rng)
    with pytest.raises(ValueError, match=exactly("dims=127 is below 128")):
        planted_store(1, rng, dims=127)
    for stream in (store.browse, store.search):
        with pytest.raises(ValueError, match=exactly("count=0 is below 1")):
            stream(0, rng)


def test_the_filling_of_an_index_is_no_answer() -> None:
    message = "^found hold -1, which is no row$"
    with pytest.raises(ValueError, match=message):
        recall_at_k([[3, -1]], [[3, 4]])
    assert recall_at_k([[0]], [[0]]).tolist() == [1.0]


@pytest.mark.parametrize(("margin", "z"), [(1e-200, 1.96), (0.01, 1e200)])
def test_numbers_of_queries_beyond_a_float_are_refused(
    margin: float, z: float
) -> None:
    message = f"^margin={margin} asks for more queries than float64 counts$"
    with pytest.raises(ValueError, match=message):
        queries_for_margin(0.95, margin, z=z)


@pytest.mark.parametrize("size", [5e-324, 9.4e-322, 1e-307])
def test_a_dimension_too_small_for_a_step_is_refused(size: float) -> None:
    message = r"^items\[:, 1\] is too small for a step$"
    with pytest.raises(ValueError, match=message):
        quantise_int8([[1.0, size]])
