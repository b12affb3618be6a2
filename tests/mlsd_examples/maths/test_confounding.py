"""Pooled rates compare mixes; standardised ones do not."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from mlsd_examples.maths.confounding import pooled_rates, standardised_rates

# Charig et al. (1986): stones removed, small and large; surgery, puncture.
REMOVED, TREATED = [[81, 234], [192, 55]], [[87, 270], [263, 80]]
CELLS = st.tuples(st.integers(0, 20), st.integers(1, 20)).map(
    lambda pair: (min(pair), pair[1])
)
TABLES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_the_published_rates_reverse() -> None:
    surgery, puncture = pooled_rates(REMOVED, TREATED)
    assert (surgery, puncture) == pytest.approx((273 / 350, 289 / 350))
    better, worse = standardised_rates(REMOVED, TREATED)
    assert surgery < puncture
    assert better > worse


def test_standardising_agrees_with_statsmodels_on_the_sign() -> None:
    tables = [
        np.array(
            [
                [hits[0], cases[0] - hits[0]],
                [hits[1], cases[1] - hits[1]],
            ]
        )
        for hits, cases in zip(REMOVED, TREATED, strict=True)
    ]
    pooled_odds = StratifiedTable(tables).oddsratio_pooled
    assert pooled_odds > 1
    better, worse = standardised_rates(REMOVED, TREATED)
    assert better > worse


@settings(deadline=None)
@given(TABLES)
def test_rates_agree_with_exact_fractions(
    tables: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    hits = [[cell[0] for cell in row] for row in tables]
    cases = [[cell[1] for cell in row] for row in tables]
    everything = sum(map(sum, cases))
    for arm in (0, 1):
        pooled = Fraction(
            sum(row[arm] for row in hits), sum(row[arm] for row in cases)
        )
        adjusted = sum(
            Fraction(sum(row), everything) * Fraction(hit[arm], row[arm])
            for hit, row in zip(hits, cases, strict=True)
        )
        assert pooled_rates(hits, cases)[arm] == pytest.approx(float(pooled))
        assert standardised_rates(hits, cases)[arm] == pytest.approx(
            float(adjusted)
        )


def test_one_stratum_leaves_nothing_to_adjust() -> None:
    assert standardised_rates([[1, 2, 3]], [[4, 4, 5]]).tolist() == (
        pooled_rates([[1, 2, 3]], [[4, 4, 5]]).tolist()
    )


@pytest.mark.parametrize("rates", [pooled_rates, standardised_rates])
@pytest.mark.parametrize(
    ("hits", "cases", "error", "message"),
    [
        ([1], [2], ValueError, "successes have shape (1,), not strata"),
        ([[1]], [2], ValueError, "cases have shape (1,), not strata"),
        ([[]], [[]], ValueError, "successes have shape (1, 0), not strata"),
        ([[1.0]], [[2]], TypeError, "successes are of type float64"),
        ([[1]], [[2.0]], TypeError, "cases are of type float64, not whole"),
        ([[1]], [[1, 2]], ValueError, "shapes (1, 1) and (1, 2) differ"),
        (
            [[1, 1], [1, -1]],
            [[2, 2], [2, 2]],
            ValueError,
            "negative successes in stratum 1, treatment 1",
        ),
        (
            [[1, 3]],
            [[2, 2]],
            ValueError,
            "more successes than cases in stratum 0, treatment 1",
        ),
        (
            [[1, 1], [0, 1]],
            [[2, 2], [0, 2]],
            ValueError,
            "treatment 0 was never given in stratum 1",
        ),
    ],
)
def test_impossible_tables_are_refused(
    rates: Any,
    hits: Any,
    cases: Any,
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        rates(hits, cases)


def test_unsigned_counts_are_counts() -> None:
    hits = np.array([[1, 2]], dtype=np.uint8)
    cases = np.array([[200, 200]], dtype=np.uint8)
    assert pooled_rates(hits, cases).tolist() == [0.005, 0.01]
    both = np.vstack([cases, cases])
    assert standardised_rates(np.vstack([hits, hits]), both).tolist() == (
        pytest.approx([0.005, 0.01])
    )
