"""Streams are independent of each other, and the failures are real."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit.seeding import (
    distinct_sums,
    forked_draws,
    labels_of_a_set,
    named_streams,
)

LABELS = ("bird", "cat", "dog", "fish", "frog", "horse")


@given(st.integers(0, 2**40), st.sets(st.text(), min_size=1, max_size=5))
def test_a_stream_depends_on_seed_and_name_alone(
    seed: int, names: set[str]
) -> None:
    together = named_streams(seed, *sorted(names))
    assert list(together) == sorted(names)
    draws = {name: together[name].random() for name in sorted(names)}
    assert len(set(draws.values())) == len(names)
    for name in names:
        assert named_streams(seed, name)[name].random() == draws[name]
        assert named_streams(seed + 1, name)[name].random() != draws[name]


def test_a_stream_never_changes_between_releases() -> None:
    found = named_streams(5, "split")["split"].random()
    digest = hashlib.sha256(b"split").digest()[:16]
    entropy = [5, *np.frombuffer(digest, dtype="<u4").tolist()]
    assert found == np.random.default_rng(entropy).random()


@pytest.mark.parametrize(
    ("seed", "names", "message"),
    [
        (-1, ("a",), "seed=-1 is below 0"),
        (0, (), "there is no name"),
        (0, ("a", "b", "a"), r"names \('a', 'b', 'a'\) recur"),
    ],
)
def test_impossible_streams_are_refused(
    seed: int, names: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        named_streams(seed, *names)


def test_forked_workers_repeat_their_parent() -> None:
    first = int(np.random.default_rng(7).integers(2**31))
    assert forked_draws(3, seed=7) == (first,) * 3


def test_spawned_workers_have_streams_of_their_own() -> None:
    children = np.random.SeedSequence(7).spawn(3)
    expected = tuple(
        int(np.random.default_rng(child).integers(2**31)) for child in children
    )
    assert forked_draws(3, seed=7, spawn=True) == expected


def test_one_worker_and_seed_zero_are_allowed() -> None:
    assert len(forked_draws(1, seed=0)) == 1


@pytest.mark.parametrize(
    ("workers", "seed", "message"),
    [(0, 1, "workers=0 is below 1"), (1, -1, "seed=-1 is below 0")],
)
def test_impossible_workers_are_refused(
    workers: int, seed: int, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        forked_draws(workers, seed=seed)


def test_the_hash_seed_alone_decides_the_order_of_a_set() -> None:
    orders = [labels_of_a_set(LABELS, hash_seed=seed) for seed in range(4)]
    assert len(set(orders)) > 1
    assert all(sorted(order) == sorted(LABELS) for order in orders)
    assert labels_of_a_set(LABELS, hash_seed=3) == orders[3]


def test_a_negative_hash_seed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^hash_seed=-1 is below 0$"):
        labels_of_a_set(LABELS, hash_seed=-1)


def test_the_order_of_addition_matters_for_floats_alone() -> None:
    rng = np.random.default_rng(1)
    assert distinct_sums(np.array([1e16, 1.0, -1e16]), 30, rng) == 2
    assert distinct_sums(np.arange(50.0), 30, rng) == 1
    assert distinct_sums(np.array([0.5]), 1, rng) == 1


def test_sums_are_made_in_the_precision_of_the_numbers() -> None:
    values = np.array([2.0**24, 1.0, 1.0], dtype=np.float32)
    # In single precision the ones vanish one by one behind 2**24.
    assert distinct_sums(values, 40, np.random.default_rng(1)) == 2
    wide = values.astype(np.float64)
    assert distinct_sums(wide, 40, np.random.default_rng(1)) == 1


def test_sums_are_made_one_by_one() -> None:
    values = np.full(10, 0.1)
    values[0] = 0.3
    rng = np.random.default_rng(2)
    seen = set()
    for _ in range(60):
        total = 0.0
        for value in rng.permutation(values).tolist():
            total += value
        seen.add(total)
    found = distinct_sums(values, 60, np.random.default_rng(2))
    assert found == len(seen)


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((2, 2)),
        np.zeros(0),
        np.array([1.0, np.nan]),
        np.array([np.inf]),
    ],
)
def test_what_cannot_be_added_is_refused(values: np.ndarray) -> None:
    with pytest.raises(
        ValueError, match=r"^values must be a list of finite numbers$"
    ):
        distinct_sums(values, 1, np.random.default_rng(1))


def test_at_least_one_order_is_tried() -> None:
    with pytest.raises(ValueError, match=r"^orders=0 is below 1$"):
        distinct_sums(np.ones(2), 0, np.random.default_rng(1))
