"""A simulated rate knows how well it is known."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.maths.monte_carlo import Rate, rate_of


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_one_run_is_a_rate() -> None:
    rate = rate_of([True])
    # One hit and one miss added: 2 of 3.
    assert rate == Rate(1.0, math.sqrt(2 / 9), 1)


def test_a_rate_prints_its_error() -> None:
    assert repr(Rate(0.46, 0.00412, 9)) == "0.4600 ± 0.0041"


@given(st.integers(1, 300), st.integers(0, 300))
def test_the_error_is_binomial_with_one_hit_and_one_miss_more(
    runs: int, hits: int
) -> None:
    hits = min(hits, runs)
    rate = rate_of(np.arange(runs) < hits)
    share = (hits + 1) / (runs + 2)
    assert rate.value == hits / runs
    assert rate.standard_error == pytest.approx(
        math.sqrt(share * (1 - share) / runs)
    )
    assert rate.runs == runs
    assert type(rate.value) is float


@pytest.mark.parametrize("hits", [[], True, [[True]]])
def test_what_is_no_list_of_runs_is_refused(hits: Any) -> None:
    shape = np.shape(hits)
    with pytest.raises(
        ValueError,
        match=exactly(f"hits of shape {shape} are not a list of runs"),
    ):
        rate_of(hits)


def test_hits_that_are_not_bools_are_refused() -> None:
    with pytest.raises(
        TypeError, match=exactly("hits are of type int64, not bool")
    ):
        rate_of(np.array([1, 0], dtype="int64"))
