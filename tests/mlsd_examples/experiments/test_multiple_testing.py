"""Adjusted p-values are those of statsmodels, and keep their promises."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from mlsd_examples.experiments.multiple_testing import (
    benjamini_hochberg,
    bonferroni,
    family_wise_error,
    holm,
)

METHODS = {
    "bonferroni": bonferroni,
    "holm": holm,
    "fdr_bh": benjamini_hochberg,
}
families = st.lists(
    st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.5, 1.0])),
    min_size=1,
    max_size=25,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@pytest.mark.parametrize("method", METHODS)
def test_one_test_needs_no_adjustment(method: str) -> None:
    assert METHODS[method]([0.04]).tolist() == [0.04]


@pytest.mark.parametrize("method", METHODS)
@given(family=families)
def test_adjusted_p_values_agree_with_statsmodels(
    method: str, family: list[float]
) -> None:
    ours = METHODS[method](family)
    theirs = multipletests(family, method=method)[1]
    assert ours.tolist() == pytest.approx(theirs.tolist(), abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_ties_stay_ties_and_the_order_stays(method: str) -> None:
    family = np.array([0.3, 0.01, 0.3, 0.01, 0.2])
    kept = family.copy()
    adjusted = METHODS[method](family)
    assert adjusted[0] == adjusted[2]
    assert adjusted[1] == adjusted[3]
    assert adjusted[1] < adjusted[4] <= adjusted[0]
    assert (family == kept).all()


@given(families)
def test_holm_lies_between_benjamini_hochberg_and_bonferroni(
    family: list[float],
) -> None:
    slack = 1e-12
    assert (benjamini_hochberg(family) <= holm(family) + slack).all()
    assert (holm(family) <= bonferroni(family) + slack).all()


def test_promises_are_kept_by_simulation() -> None:
    rng = np.random.default_rng(1)
    runs, tests, real = 2_000, 100, 10
    shift = np.where(np.arange(tests) < real, 3.0, 0.0)
    false_any, false_share = [], []
    for _ in range(runs):
        p = 2 * norm.sf(np.abs(rng.standard_normal(tests) + shift))
        false_any.append((holm(p)[real:] < 0.05).any())
        found = benjamini_hochberg(p) < 0.05
        false_share.append(found[real:].sum() / max(1, found.sum()))
    error = math.sqrt(0.05 * 0.95 / runs)
    assert np.mean(false_any) < 0.05 + 4 * error
    # Benjamini and Hochberg's rate is q times the share of true nulls.
    assert abs(np.mean(false_share) - 0.045) < 4 * np.std(
        false_share
    ) / math.sqrt(runs)


def test_twenty_true_nulls_alarm_two_times_in_three() -> None:
    assert family_wise_error(20) == pytest.approx(0.6415, abs=1e-4)
    assert family_wise_error(1) == pytest.approx(0.05)
    assert family_wise_error(2, 0.1) == pytest.approx(0.19)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("family", "message"),
    [
        ([], "p_values holds 0 values, fewer than 1"),
        ([0.1, 1.2], "p_values[1]=1.2 is outside [0, 1]"),
        ([-0.1], "p_values[0]=-0.1 is outside [0, 1]"),
        ([0.1, math.nan], "p_values[1]=nan is not finite"),
        ([[0.1]], "p_values has shape (1, 1), not one axis"),
    ],
)
def test_impossible_p_values_are_refused(
    method: str, family: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        METHODS[method](family)


def test_impossible_families_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("tests=0 is below 1")):
        family_wise_error(0)
    with pytest.raises(ValueError, match=exactly("alpha=1 is outside (0, 1)")):
        family_wise_error(3, 1)


@pytest.mark.parametrize("method", [bonferroni, holm, benjamini_hochberg])
def test_p_values_of_another_type_are_refused(method: Any) -> None:
    with pytest.raises(
        TypeError, match=exactly("p_values are of type bool, not numbers")
    ):
        method([True, False])
    with pytest.raises(
        TypeError, match=exactly("p_values are not all numbers")
    ):
        method(["a"])
