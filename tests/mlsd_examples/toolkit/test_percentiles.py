"""Percentiles are order statistics, and histograms of them merge."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from mlsd_examples.toolkit.percentiles import (
    Bucket,
    RankInterval,
    any_slow,
    bucket_counts,
    bucket_quantile,
    log_edges,
    nearest_rank,
    quantile_ranks,
    smallest_window,
)

VALUES = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=60)
PERCENT = st.integers(1, 99).map(lambda k: k / 100)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_one_value_is_every_percentile() -> None:
    assert nearest_rank([7.0], 0.01) == nearest_rank([7.0], 0.99) == 7.0


@given(VALUES, st.integers(1, 99))
def test_the_rank_is_the_smallest_that_suffices(
    values: list[float], percent: int
) -> None:
    found = nearest_rank(values, percent / 100)
    asked = Fraction(percent, 100)

    def suffices(limit: float) -> bool:
        below = sum(value <= limit for value in values)
        return Fraction(below, len(values)) >= asked

    assert found == min(value for value in values if suffices(value))


def test_decimals_are_read_as_typed() -> None:
    # 0.07 * 100 is 7.000000000000001 in floats.
    assert nearest_rank(range(1, 101), 0.07) == 7.0


def test_the_sample_is_not_sorted_in_place() -> None:
    values = np.array([3.0, 1.0, 2.0])
    assert nearest_rank(values, 0.5) == 2.0
    assert values.tolist() == [3.0, 1.0, 2.0]


def test_empty_samples_and_impossible_shares_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("values holds 0 values, fewer than 1")
    ):
        nearest_rank([], 0.5)
    with pytest.raises(
        ValueError, match=exactly("values[1]=nan is not finite")
    ):
        nearest_rank([1.0, math.nan], 0.5)
    with pytest.raises(ValueError, match=exactly("share=1 is outside (0, 1)")):
        nearest_rank([1.0], 1)


@given(st.integers(1, 3_000), PERCENT, st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_ranks_are_the_tightest_that_keep_each_side(
    count: int, level: float, confidence: float
) -> None:
    half = (1 - confidence) / 2
    if count < smallest_window(level, confidence=confidence):
        with pytest.raises(ValueError, match=f"^{count} values do not bound"):
            quantile_ranks(count, level, confidence=confidence)
        return
    found = quantile_ranks(count, level, confidence=confidence)
    assert 1 <= found.low < found.high <= count
    pmf = binom.pmf(np.arange(count + 1), count, level)
    assert pmf[: found.low].sum() <= half + 1e-12
    assert pmf[: found.low + 1].sum() >= half - 1e-12
    assert pmf[found.high :].sum() <= half + 1e-12
    assert pmf[found.high - 1 :].sum() >= half - 1e-12
    covered = pmf[found.low : found.high].sum()
    assert found.coverage == pytest.approx(covered, abs=1e-9)


def test_the_confidence_is_ninety_five_percent_unless_said_otherwise() -> None:
    assert quantile_ranks(500, 0.5) == quantile_ranks(
        500, 0.5, confidence=0.95
    )
    assert smallest_window(0.9) == smallest_window(0.9, confidence=0.95)


def test_a_quiet_window_says_how_many_it_needs() -> None:
    message = "367 values do not bound the 0.99 quantile; 368 would"
    with pytest.raises(ValueError, match=exactly(message)):
        quantile_ranks(367, 0.99)
    found = quantile_ranks(368, 0.99)
    assert (found.low, found.high) == (360, 368)
    assert isinstance(found, RankInterval)
    assert type(found.low) is type(found.high) is int
    with pytest.raises(ValueError, match=exactly("count=0 is below 1")):
        quantile_ranks(0, 0.5)
    with pytest.raises(
        ValueError, match=exactly("confidence=1 is outside (0, 1)")
    ):
        quantile_ranks(10, 0.5, confidence=1)
    with pytest.raises(ValueError, match=exactly("share=0 is outside (0, 1)")):
        quantile_ranks(10, 0)


@pytest.mark.parametrize("level", [0.01, 0.1, 0.5, 0.9, 0.99, 0.999])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95])
def test_the_smallest_window_is_the_first_whose_extremes_suffice(
    level: float, confidence: float
) -> None:
    needed = smallest_window(level, confidence=confidence)
    rarer, half = max(level, 1 - level), (1 - confidence) / 2
    assert rarer**needed <= half + 1e-12
    assert rarer ** (needed - 1) > half - 1e-12


def test_the_smallest_window_has_both_extremes() -> None:
    assert smallest_window(0.5, confidence=1e-9) == 2
    with pytest.raises(ValueError, match=exactly("share=1 is outside (0, 1)")):
        smallest_window(1)
    with pytest.raises(
        ValueError, match=exactly("confidence=0 is outside (0, 1)")
    ):
        smallest_window(0.5, confidence=0)


def test_a_page_waits_for_its_slowest_request() -> None:
    assert any_slow(0.01, 100) == pytest.approx(1 - 0.99**100, rel=1e-12)
    assert any_slow(0.25, 1) == pytest.approx(0.25)
    assert any_slow(0, 10) == 0.0
    assert any_slow(1, 10) == 1.0
    assert any_slow(1e-18, 1) == pytest.approx(1e-18, rel=1e-9)


def test_impossible_pages_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("requests=0 is below 1")):
        any_slow(0.1, 0)
    with pytest.raises(
        ValueError, match=exactly("slow_share=2 is outside [0, 1]")
    ):
        any_slow(2, 1)


@given(st.floats(0.001, 10), st.floats(1.5, 1e4), st.floats(0.005, 0.6))
def test_edges_cover_the_range_with_one_ratio(
    low: float, span: float, error: float
) -> None:
    edges = log_edges(low, low * span, relative_error=error)
    ratios = np.diff(np.log(edges))
    assert edges[0] == low
    assert edges[-1] >= low * span * (1 - 1e-6)
    assert edges[-2] < low * span
    assert ratios == pytest.approx(math.log((1 + error) / (1 - error)))


def test_a_whole_number_of_steps_gets_no_extra_edge() -> None:
    assert log_edges(1, 3**5, relative_error=0.5) == pytest.approx(
        [1, 3, 9, 27, 81, 243]
    )
    # ln(1.21) / ln(1.1) is 2.0000000000000004 in floats.
    assert len(log_edges(1, 1.1**2, relative_error=0.1 / 2.1)) == 3


def test_impossible_layouts_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("low=0 is not positive")):
        log_edges(0, 1, relative_error=0.1)
    with pytest.raises(ValueError, match=exactly("high=inf is not finite")):
        log_edges(1, math.inf, relative_error=0.1)
    with pytest.raises(ValueError, match=exactly("high=2 is not above low=2")):
        log_edges(2, 2, relative_error=0.1)
    with pytest.raises(
        ValueError, match=exactly("relative_error=1 is outside (0, 1)")
    ):
        log_edges(1, 2, relative_error=1)


@given(VALUES)
def test_every_value_is_counted_below_its_upper_edge(
    values: list[float],
) -> None:
    edges = [1.0, 10.0, 100.0, 1e4]
    counts = bucket_counts(values, edges)
    cumulative = [sum(v <= edge for v in values) for edge in edges]
    assert np.cumsum(counts).tolist() == [*cumulative, len(values)]


def test_a_value_on_an_edge_belongs_below_it() -> None:
    assert bucket_counts([10.0], [10.0, 20.0]).tolist() == [1, 0, 0]


@given(
    st.lists(VALUES, min_size=1, max_size=4),
    PERCENT,
    st.sampled_from([0.01, 0.1]),
)
def test_merged_histograms_keep_their_promise(
    hosts: list[list[float]], level: float, error: float
) -> None:
    edges = log_edges(0.005, 2e6, relative_error=error)
    merged = np.sum([bucket_counts(host, edges) for host in hosts], axis=0)
    bucket = bucket_quantile(merged, edges, level)
    truth = nearest_rank(np.concatenate(hosts), level)
    assert bucket.low < truth <= bucket.high
    assert abs(bucket.estimate - truth) <= (error + 1e-12) * truth
    assert bucket.relative_error == pytest.approx(error)


def test_a_bucket_knows_its_worst_error() -> None:
    bucket = Bucket(1.0, 3.0)
    assert bucket.estimate == 1.5
    assert bucket.relative_error == 0.5
    for truth in (1.0, 3.0):
        assert abs(bucket.estimate - truth) / truth == pytest.approx(0.5)
    assert Bucket(2.5, math.inf).estimate == 2.5
    assert Bucket(2.5, math.inf).relative_error == math.inf


def test_quantiles_of_buckets_sit_at_the_nearest_rank() -> None:
    assert bucket_quantile([7, 93], [1.0], 0.07) == Bucket(0.0, 1.0)
    assert bucket_quantile([6, 94], [1.0], 0.07) == Bucket(1.0, math.inf)
    assert bucket_quantile([0, 2, 0], [1.0, 2.0], 0.5) == Bucket(1.0, 2.0)
    assert type(bucket_quantile([1, 1], [1.0], 0.5).low) is float


def test_impossible_histograms_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("2 counts do not fit 2 edges; 3 would")
    ):
        bucket_quantile([1, 2], [1.0, 2.0], 0.5)
    with pytest.raises(
        ValueError, match=exactly("the counts are all zero: an empty window")
    ):
        bucket_quantile([0, 0], [1.0], 0.5)
    with pytest.raises(ValueError, match=exactly("counts[0]=-1 is negative")):
        bucket_quantile([-1, 2], [1.0], 0.5)
    with pytest.raises(
        TypeError,
        match=exactly("counts are of type float64, not whole numbers"),
    ):
        bucket_quantile([0.5, 2], [1.0], 0.5)
    with pytest.raises(
        ValueError, match=exactly("edges[0]=0 is not positive")
    ):
        bucket_quantile([1, 2], [0.0], 0.5)
    with pytest.raises(ValueError, match=exactly("share=1 is outside (0, 1)")):
        bucket_quantile([1, 2], [1.0], 1)
    with pytest.raises(
        ValueError, match=exactly("counts holds 0 values, fewer than 1")
    ):
        bucket_quantile([], [1.0], 0.5)


def test_edges_that_do_not_ascend_are_refused() -> None:
    message = "edges[2]=2 is not above edges[1]=2"
    with pytest.raises(ValueError, match=exactly(message)):
        bucket_counts([1.0], [1.0, 2.0, 2.0, 1.0])
    with pytest.raises(ValueError, match=r"^edges holds 0 values"):
        bucket_counts([1.0], [])
    with pytest.raises(ValueError, match=r"^values holds 0 values"):
        bucket_counts([], [1.0])
