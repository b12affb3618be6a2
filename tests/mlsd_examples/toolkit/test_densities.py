"""Histograms are NumPy's, densities SciPy's, boxes Matplotlib's."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.cbook import boxplot_stats
from scipy.signal import find_peaks
from scipy.stats import expon, gaussian_kde, lognorm, norm, t, uniform

from mlsd_examples.toolkit.densities import (
    Histogram,
    count_modes,
    flagged_share,
    histogram,
    kernel_density,
    leaked_share,
    reflected_density,
    scott_bandwidth,
    twins_with_one_box,
)

FLOATS = st.floats(-50, 50)
SAMPLES = st.lists(FLOATS, min_size=1, max_size=40)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_one_value_is_one_bin() -> None:
    found = histogram([2.5], width=1)
    assert found == Histogram((1,), (2.0, 3.0))
    assert type(found.counts[0]) is int


def test_a_value_on_an_edge_belongs_above_it() -> None:
    assert histogram([0.0, 1.0], width=1).counts == (1, 1)
    assert histogram([-1.0], width=2).edges == (-2.0, 0.0)


@given(
    SAMPLES, st.sampled_from([0.25, 1.0, 3.0]), st.sampled_from([0.0, 0.5, -7])
)
def test_counts_and_edges_are_numpys(
    sample: list[float], width: float, origin: float
) -> None:
    found = histogram(sample, width=width, origin=origin)
    edges = np.array(found.edges)
    assert np.diff(edges) == pytest.approx(width)
    offsets = (edges - origin) / width
    assert offsets == pytest.approx(np.round(offsets))
    # NumPy closes its last bin; one more empty bin makes the rules equal.
    longer = np.append(edges, edges[-1] + width)
    counts, _ = np.histogram(sample, longer)
    assert found.counts == tuple(counts[:-1].tolist())
    assert counts[-1] == 0
    assert sum(found.counts) == len(sample)
    assert found.counts[0] > 0
    assert found.counts[-1] > 0


@given(SAMPLES, st.integers(-5, 5))
def test_only_the_remainder_of_the_origin_matters(
    sample: list[float], turns: int
) -> None:
    one = histogram(sample, width=2.0, origin=0.5)
    other = histogram(sample, width=2.0, origin=0.5 + 2 * turns)
    assert one.counts == other.counts
    assert one.edges == pytest.approx(other.edges)


def test_impossible_histograms_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("sample holds 0 values, fewer than 1")
    ):
        histogram([], width=1)
    with pytest.raises(ValueError, match=exactly("width=0 is not positive")):
        histogram([1], width=0)
    with pytest.raises(ValueError, match=exactly("origin=inf is not finite")):
        histogram([1], width=1, origin=math.inf)


@pytest.mark.parametrize(
    ("heights", "modes"),
    [
        ([0], 0),
        ([1], 1),
        ([1, 1], 1),
        ([1, 0, 1], 2),
        ([1, 2, 2, 3], 1),
        ([3, 2, 2, 1], 1),
        ([1, 2, 2, 1, 2], 2),
        ([0, 1, 0, 0, 1, 0], 2),
        ([2, 1, 1, 2], 2),
        ([0.5, 0.25, 0.5], 2),
    ],
)
def test_plateaus_count_once(heights: list[float], modes: int) -> None:
    assert count_modes(heights) == modes
    assert count_modes(heights[::-1]) == modes


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_modes_are_scipys_peaks(heights: list[int]) -> None:
    peaks, _ = find_peaks([0, *heights, 0])
    assert count_modes(heights) == peaks.size


def test_impossible_heights_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("heights[1]=-2 is negative")):
        count_modes([1, -2, -1])
    with pytest.raises(
        ValueError, match=exactly("heights holds 0 values, fewer than 1")
    ):
        count_modes([])


@given(st.lists(FLOATS, min_size=2, max_size=40, unique=True))
def test_the_bandwidth_is_scipys(sample: list[float]) -> None:
    values = np.array(sample)
    if np.ptp(values) < 1e-6:
        return
    factor = gaussian_kde(values).scotts_factor()
    expected = factor * values.std(ddof=1)
    assert scott_bandwidth(sample) == pytest.approx(expected)


def test_a_constant_sample_has_no_bandwidth() -> None:
    message = "all values are 3: no bandwidth fits"
    with pytest.raises(ValueError, match=exactly(message)):
        scott_bandwidth([3, 3, 3])
    with pytest.raises(
        ValueError, match=exactly("sample holds 1 values, fewer than 2")
    ):
        scott_bandwidth([3])
    assert type(scott_bandwidth([1, 2])) is float


@given(st.lists(FLOATS, min_size=2, max_size=30), SAMPLES, st.floats(0.1, 20))
def test_it_is_scipys_kernel_density(
    sample: list[float], at: list[float], bandwidth: float
) -> None:
    values = np.array(sample)
    if np.ptp(values) < 1e-3:
        return
    library = gaussian_kde(values, bandwidth / values.std(ddof=1))
    found = kernel_density(sample, at, bandwidth=bandwidth)
    assert found == pytest.approx(library(at), abs=1e-9)


def test_impossible_densities_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("sample holds 0 values, fewer than 1")
    ):
        kernel_density([], [0], bandwidth=1)
    with pytest.raises(
        ValueError, match=exactly("at holds 0 values, fewer than 1")
    ):
        kernel_density([0], [], bandwidth=1)
    with pytest.raises(
        ValueError, match=exactly("bandwidth=0 is not positive")
    ):
        kernel_density([0], [0], bandwidth=0)


@given(st.lists(st.floats(2, 30), min_size=1, max_size=30), st.floats(0.1, 5))
def test_the_reflected_density_keeps_all_of_the_mass(
    sample: list[float], bandwidth: float
) -> None:
    grid = np.linspace(2, 60, 20_001)
    heights = reflected_density(sample, grid, bandwidth=bandwidth, edge=2)
    assert np.trapezoid(heights, grid) == pytest.approx(1, abs=1e-4)


def test_reflection_doubles_the_edge_and_leaves_the_inside() -> None:
    sample = [0.0, 1.0, 30.0]
    at = [0.0, 30.0, -0.1]
    plain = kernel_density(sample, at, bandwidth=0.5)
    folded = reflected_density(sample, at, bandwidth=0.5)
    assert folded[0] == pytest.approx(2 * plain[0])
    assert folded[1] == pytest.approx(plain[1])
    assert folded[2] == 0.0


def test_values_below_the_edge_are_refused() -> None:
    message = "sample[1]=-3 is below the edge -2"
    with pytest.raises(ValueError, match=exactly(message)):
        reflected_density([0, -3], [0], bandwidth=1, edge=-2)
    with pytest.raises(ValueError, match=exactly("edge=nan is not finite")):
        reflected_density([0], [0], bandwidth=1, edge=math.nan)
    with pytest.raises(
        ValueError, match=exactly("at holds 0 values, fewer than 1")
    ):
        reflected_density([0], [], bandwidth=1)
    with pytest.raises(
        ValueError, match=exactly("sample holds 0 values, fewer than 1")
    ):
        reflected_density([], [0], bandwidth=1)
    # A value on the edge is not below it.
    assert reflected_density([-2], [-2], bandwidth=1, edge=-2)[0] > 0


@given(st.lists(st.floats(0, 9), min_size=2, max_size=30, unique=True))
def test_what_leaks_is_the_integral_of_the_plain_density(
    sample: list[float],
) -> None:
    values = np.array(sample)
    if np.ptp(values) < 1e-3:
        return
    library = gaussian_kde(values, 0.7 / values.std(ddof=1))
    expected = library.integrate_box_1d(-np.inf, 0.25)
    found = leaked_share(sample, bandwidth=0.7, edge=0.25)
    assert found == pytest.approx(expected, abs=1e-9)


def test_the_edge_is_zero_unless_said_otherwise() -> None:
    assert leaked_share([0.0], bandwidth=1) == 0.5
    assert leaked_share([1.0], bandwidth=2) == pytest.approx(norm.sf(0.5))
    with pytest.raises(
        ValueError, match=exactly("sample holds 0 values, fewer than 1")
    ):
        leaked_share([], bandwidth=1)
    with pytest.raises(
        ValueError, match=exactly("bandwidth=0 is not positive")
    ):
        leaked_share([1], bandwidth=0)
    with pytest.raises(ValueError, match=exactly("edge=inf is not finite")):
        leaked_share([1], bandwidth=1, edge=math.inf)


@pytest.mark.parametrize("quarter", [2, 3, 50, 200])
def test_twins_share_every_part_of_matplotlibs_box(quarter: int) -> None:
    twins = twins_with_one_box(quarter, center=100, scale=20)
    for sample in (twins.one_hump, twins.two_humps):
        assert sample.size == 4 * quarter + 1
        assert (np.diff(sample) > 0).all()
        assert sample + sample[::-1] == pytest.approx(200)
        box = boxplot_stats(sample)[0]
        found = [box[k] for k in ("whislo", "q1", "med", "q3", "whishi")]
        assert found == pytest.approx([40, 80, 100, 120, 160])
        assert box["fliers"].size == 0


def test_twins_differ_in_their_humps() -> None:
    twins = twins_with_one_box(100)
    grid = np.linspace(-4, 4, 801)
    for sample, modes in ((twins.one_hump, 1), (twins.two_humps, 2)):
        heights = kernel_density(sample, grid, bandwidth=0.25)
        assert count_modes(heights) == modes
    middle = np.abs(twins.two_humps) < 0.5
    assert middle.mean() < 0.05
    assert (np.abs(twins.one_hump) < 0.5).mean() > 0.25
    # The quantile functions that the samples were built from.
    assert twins.one_hump[[250, 350]] == pytest.approx([0.45, 1.8])
    upper = 0.5**0.25, 1 + 2 * 0.5**3
    assert twins.two_humps[[250, 350]] == pytest.approx(upper)


def test_a_wide_bandwidth_hides_a_hump() -> None:
    twins = twins_with_one_box(100)
    grid = np.linspace(-4, 4, 801)
    wide = kernel_density(twins.two_humps, grid, bandwidth=1.0)
    assert count_modes(wide) == 1


def test_twins_stand_at_zero_with_unit_scale_unless_said_otherwise() -> None:
    plain, moved = twins_with_one_box(5), twins_with_one_box(5, center=1)
    assert plain.one_hump[[0, 10, 20]].tolist() == [-3, 0, 3]
    assert moved.one_hump == pytest.approx(plain.one_hump + 1)


def test_impossible_twins_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("quarter=1 is below 2")):
        twins_with_one_box(1)
    with pytest.raises(ValueError, match=exactly("scale=0 is not positive")):
        twins_with_one_box(2, scale=0)
    with pytest.raises(ValueError, match=exactly("center=nan is not finite")):
        twins_with_one_box(2, center=math.nan)


@pytest.mark.parametrize(
    "law", [norm(), norm(5, 3), expon(), t(3), lognorm(1), uniform()]
)
def test_the_flagged_share_agrees_with_a_large_sample(law: object) -> None:
    assert isinstance(law, type(norm()))
    sample = law.rvs(200_000, random_state=np.random.default_rng(5))
    fliers = boxplot_stats(sample)[0]["fliers"].size / sample.size
    share = flagged_share(law)
    # The fences of the sample wobble; their effect is of the same order as
    # that of the counting.
    error = math.sqrt(max(share, 1e-5) / sample.size)
    assert abs(fliers - share) < 12 * error


def test_the_flagged_share_of_an_exponential_has_a_closed_form() -> None:
    expected = math.exp(-(math.log(4) + 1.5 * math.log(3)))
    assert flagged_share(expon()) == pytest.approx(expected, rel=1e-12)
    assert flagged_share(norm()) == pytest.approx(0.00697660, abs=1e-8)
    mirrored = norm(loc=2, scale=7)
    assert flagged_share(mirrored) == pytest.approx(flagged_share(norm()))
