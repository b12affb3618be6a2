"""Estimates from counts are biased as the expansion says."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy
from sklearn.metrics import mutual_info_score

from mlsd_examples.maths.entropy_estimation import (
    miller_madow_entropy,
    plug_in_bias,
    plug_in_entropy,
    plug_in_information,
)

COUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@given(COUNTS)
def test_the_plug_in_agrees_with_scipy(observed: list[int]) -> None:
    expected = float(scipy_entropy(observed))
    assert plug_in_entropy(observed) == pytest.approx(expected, abs=1e-9)


@given(COUNTS)
def test_the_correction_counts_kinds_that_were_seen(
    observed: list[int],
) -> None:
    seen = sum(1 for count in observed if count)
    added = miller_madow_entropy(observed) - plug_in_entropy(observed)
    expected = (seen - 1) / (2 * sum(observed))
    assert added == pytest.approx(expected, abs=1e-12)
    assert isinstance(miller_madow_entropy(observed), float)


def test_every_sample_of_two_coins_is_averaged_exactly() -> None:
    # n = 2: half of the samples show one side, half both.
    samples = ([2, 0], [1, 1], [1, 1], [0, 2])
    mean = np.mean([plug_in_entropy(sample) for sample in samples])
    assert mean == pytest.approx(math.log(2) / 2, abs=1e-15)


def test_the_bias_of_many_samples_is_of_first_order() -> None:
    rng, kinds, n, runs = np.random.default_rng(3), 20, 2_000, 1_500
    rows = rng.multinomial(n, [1 / kinds] * kinds, runs)
    found = np.array([plug_in_entropy(row) for row in rows])
    error = 4 * found.std() / math.sqrt(runs)
    bias = found.mean() - math.log(kinds)
    second = (1 - kinds**2) / (12 * n**2)
    assert abs(bias - plug_in_bias(kinds, n) - second) < error
    assert plug_in_bias(kinds, n) == -19 / 4_000
    mended = np.array([miller_madow_entropy(row) for row in rows])
    assert abs(mended.mean() - math.log(kinds)) < error + 1e-5


def test_one_kind_and_one_sample() -> None:
    assert plug_in_bias(1, 1) == 0.0
    assert plug_in_bias(3, 1) == -1.0
    assert plug_in_entropy([7]) == 0.0
    assert miller_madow_entropy([7]) == 0.0


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2)),
        min_size=1,
        max_size=50,
    )
)
def test_information_of_a_table_agrees_with_scikit_learn(
    pairs: list[tuple[int, int]],
) -> None:
    table = np.zeros((4, 3), dtype=int)
    for row, column in pairs:
        table[row, column] += 1
    x, y = zip(*pairs, strict=True)
    expected = mutual_info_score(x, y)
    assert plug_in_information(table) == pytest.approx(expected, abs=1e-10)


def test_impossible_counts_are_refused() -> None:
    for route in (plug_in_entropy, miller_madow_entropy):
        with pytest.raises(
            ValueError, match=exactly("observed counts sum to 0")
        ):
            route([0, 0])
        with pytest.raises(
            ValueError, match=exactly("observed holds 0 values, fewer than 1")
        ):
            route([])
        with pytest.raises(
            ValueError, match=exactly("observed[0]=-1 is negative")
        ):
            route([-1, 3])
        with pytest.raises(TypeError, match="observed are of type float64"):
            route([0.5, 0.5])
    with pytest.raises(
        ValueError, match=exactly("table has shape (2,), not two axes")
    ):
        plug_in_information([1, 2])
    with pytest.raises(ValueError, match=exactly("table counts sum to 0")):
        plug_in_information([[0, 0]])
    with pytest.raises(TypeError, match="table are of type float64"):
        plug_in_information([[0.5]])
    with pytest.raises(ValueError, match=exactly("kinds=0 is below 1")):
        plug_in_bias(0, 5)
    with pytest.raises(ValueError, match=exactly("samples=0 is below 1")):
        plug_in_bias(5, 0)
