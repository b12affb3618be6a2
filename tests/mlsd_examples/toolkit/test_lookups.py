"""A look-up hashes, bisects or scans, by what the labels are."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit.lookups import LookupCost, lookup_cost


def shuffled(n: int) -> list[int]:
    return [int(k) for k in np.random.default_rng(3).permutation(n)]


@pytest.mark.parametrize("n", [2, 10, 1_000])
def test_unique_labels_compare_one(n: int) -> None:
    assert lookup_cost(shuffled(n), n // 2).later_comparisons == 1
    assert lookup_cost(range(n), n // 2).later_comparisons == 1


@pytest.mark.parametrize("n", [10, 1_000])
def test_one_duplicate_among_shuffled_labels_compares_them_all(n: int) -> None:
    labels = [*shuffled(n - 1), 0]
    assert lookup_cost(labels, 5).later_comparisons == n


@pytest.mark.parametrize("n", [64, 1_000])
def test_one_duplicate_among_sorted_labels_bisects(n: int) -> None:
    labels = sorted([*range(n - 1), 0])
    cost = lookup_cost(labels, n // 2)
    assert 2 <= cost.later_comparisons <= 2 * math.ceil(math.log2(n)) + 2


def test_the_first_look_up_hashes_every_label() -> None:
    cost = lookup_cost(shuffled(1_000), 5)
    assert 1_000 < cost.first_hashes < 3_010


def test_two_look_ups_are_counted_apart() -> None:
    assert lookup_cost([3, 1, 2], 3) == lookup_cost([3, 1, 2], 3)
    assert isinstance(lookup_cost([3, 1, 2], 3), LookupCost)


@given(st.lists(st.integers(0, 30), min_size=3, max_size=40))
def test_a_scan_needs_a_duplicate_and_disorder(labels: list[int]) -> None:
    cost = lookup_cost(labels, labels[0])
    if len(set(labels)) == len(labels):
        assert cost.later_comparisons == 1
    elif labels not in (sorted(labels), sorted(labels, reverse=True)):
        assert cost.later_comparisons == len(labels)


def test_the_key_is_among_the_labels() -> None:
    with pytest.raises(KeyError, match=r"^4$"):
        lookup_cost([1, 2], 4)
    with pytest.raises(KeyError, match=r"^4$"):
        lookup_cost([], 4)


def test_labels_are_whole_numbers() -> None:
    assert lookup_cost([0, 1], 0).later_comparisons == 1
    with pytest.raises(TypeError, match=r"^label=1.5 is not a whole number$"):
        lookup_cost([1.5], 1)  # type: ignore[list-item]
    with pytest.raises(ValueError, match=r"^label=-1 is below 0$"):
        lookup_cost([-1], 1)
    with pytest.raises(ValueError, match=r"^key=-1 is below 0$"):
        lookup_cost([1], -1)
