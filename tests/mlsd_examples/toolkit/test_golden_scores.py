"""Flips, samples and gates."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from mlsd_examples.toolkit.golden_scores import (
    chance_of_a_flip,
    expected_flip_rate,
    flips,
    largest_rate_unseen,
    linear_scores,
    mixed_flip_rate,
    requests_to_see,
    to_bfloat16,
)

RATES = st.floats(1e-6, 0.9)
SCORES = st.lists(
    st.integers(-8, 8).map(lambda k: k / 4), min_size=2, max_size=9
)


@given(RATES, st.integers(1, 10_000))
def test_the_chance_is_binomial(rate: float, n: int) -> None:
    exact = stats.binom.sf(0, n, rate)
    assert chance_of_a_flip(rate, n) == pytest.approx(exact, rel=1e-9)


def test_the_chance_at_the_ends() -> None:
    assert chance_of_a_flip(0.0, 5) == 0.0
    assert chance_of_a_flip(1.0, 1) == 1.0
    assert chance_of_a_flip(0.25, 1) == pytest.approx(0.25)


@given(RATES, st.floats(0.01, 0.99))
def test_the_sample_is_the_smallest_that_reaches_the_chance(
    rate: float, chance: float
) -> None:
    n = requests_to_see(rate, chance)
    assert stats.binom.sf(0, n, rate) >= chance - 1e-9
    if n > 1:
        assert stats.binom.sf(0, n - 1, rate) < chance + 1e-9


def test_the_sample_is_sized_for_ninety_five_percent_unless_told() -> None:
    assert requests_to_see(0.5) == requests_to_see(0.5, 0.95) == 5


@given(st.integers(1, 5_000), st.integers(0, 40), st.floats(0.5, 0.999))
def test_the_bound_agrees_with_statsmodels(
    n: int, seen: int, level: float
) -> None:
    if seen >= n:
        with pytest.raises(ValueError, match=f"seen={seen} of {n} leaves"):
            largest_rate_unseen(n, seen, level)
        return
    _, high = proportion_confint(seen, n, 2 * (1 - level), method="beta")
    assert largest_rate_unseen(n, seen, level) == pytest.approx(high)


def test_the_bound_counts_no_flip_at_ninety_five_percent_unless_told() -> None:
    assert largest_rate_unseen(7) == pytest.approx(1 - 0.05 ** (1 / 7))


@pytest.mark.parametrize("bad", [-0.1, 1.1, math.nan])
def test_a_rate_outside_zero_and_one_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match=r"^rate="):
        chance_of_a_flip(bad, 3)
    with pytest.raises(ValueError, match=r"^rate="):
        requests_to_see(bad)
    with pytest.raises(ValueError, match=r"^chance="):
        requests_to_see(0.1, bad)
    with pytest.raises(ValueError, match=r"^confidence="):
        largest_rate_unseen(3, 0, bad)


def test_counts_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="requests=0 is below 1"):
        chance_of_a_flip(0.1, 0)
    with pytest.raises(ValueError, match="requests=0 is below 1"):
        largest_rate_unseen(0)
    with pytest.raises(ValueError, match="seen=-1 is below 0"):
        largest_rate_unseen(3, -1)
    with pytest.raises(TypeError, match=r"requests=2\.5 is not a whole"):
        chance_of_a_flip(0.1, 2.5)  # type: ignore[arg-type]


def test_density_times_shift_and_its_refusals() -> None:
    assert expected_flip_rate(2.0, 0.25) == 0.5
    with pytest.raises(ValueError, match="density=0 is not positive"):
        expected_flip_rate(0, 1)
    with pytest.raises(ValueError, match="mean_shift=-1 is not positive"):
        expected_flip_rate(1, -1)


def test_uniform_scores_flip_at_density_times_shift_exactly() -> None:
    grid = (np.arange(10_000) + 0.5) / 10_000
    moved = flips(grid, grid + 0.01, 0.5) / grid.size
    assert moved == pytest.approx(expected_flip_rate(1.0, 0.01))


@given(SCORES, st.integers(-8, 8).map(lambda k: k / 4))
def test_flips_are_counted_one_by_one(
    before: list[float], threshold: float
) -> None:
    after = before[::-1]
    slow = sum(
        (a >= threshold) != (b >= threshold)
        for a, b in zip(before, after, strict=True)
    )
    assert flips(before, after, threshold) == slow


def test_a_score_at_the_threshold_is_accepted() -> None:
    assert flips([0.5], [0.4], 0.5) == 1
    assert flips([0.5], [0.6], 0.5) == 0


def test_flips_refuse_what_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="2 scores before and 3 after"):
        flips([1, 2], [1, 2, 3], 0)
    with pytest.raises(ValueError, match=r"before\[0\]=nan is not finite"):
        flips([math.nan], [1], 0)
    with pytest.raises(ValueError, match=r"after\[0\]=inf is not finite"):
        flips([1], [math.inf], 0)
    with pytest.raises(ValueError, match="before holds 0 values"):
        flips([], [], 0)
    with pytest.raises(ValueError, match="after holds 0 values"):
        flips([1], [], 0)
    with pytest.raises(ValueError, match="threshold=nan is not finite"):
        flips([1], [1], math.nan)


@given(SCORES, SCORES, st.integers(-8, 8).map(lambda k: k / 4))
def test_mixing_counts_every_pair(
    scores: list[float], shifts: list[float], threshold: float
) -> None:
    table = np.array(
        [
            [(s >= threshold) != (s + d >= threshold) for d in shifts]
            for s in scores
        ],
        float,
    )
    found = mixed_flip_rate(scores, shifts, threshold)
    assert found.value == pytest.approx(table.mean())
    variance = table.mean(axis=0).var(ddof=1) / len(shifts)
    variance += table.mean(axis=1).var(ddof=1) / len(scores)
    assert found.standard_error == pytest.approx(math.sqrt(variance))


def test_the_error_of_mixing_is_honest_and_smaller_than_counting() -> None:
    rng = np.random.default_rng(11)
    estimates = [
        mixed_flip_rate(
            rng.standard_normal(2_000), 0.05 * rng.standard_normal(500), 1.0
        )
        for _ in range(400)
    ]
    values = np.array([e.value for e in estimates])
    claimed = np.mean([e.standard_error for e in estimates])
    spread = values.std(ddof=1)
    assert abs(claimed / spread - 1) < 4 / math.sqrt(2 * 400)
    truth = stats.norm.pdf(1.0) * 0.05 * math.sqrt(2 / math.pi)
    assert abs(values.mean() - truth) < 4 * spread / 20 + 0.002 * truth
    assert spread < math.sqrt(truth / 500) / 2


def test_mixing_needs_two_of_each() -> None:
    with pytest.raises(
        ValueError, match="scores holds 1 values, fewer than 2"
    ):
        mixed_flip_rate([1], [1, 2], 0)
    with pytest.raises(
        ValueError, match="shifts holds 1 values, fewer than 2"
    ):
        mixed_flip_rate([1, 2], [1], 0)
    with pytest.raises(ValueError, match="threshold=inf is not finite"):
        mixed_flip_rate([1, 2], [1, 2], math.inf)


def exact_bfloat16(value: float) -> float:
    """Round to eight significant bits by exact arithmetic."""
    if value == 0:
        return 0.0
    _, exponent = math.frexp(value)
    step = math.ldexp(1.0, max(exponent - 8, -133))
    return round(value / step) * step  # to even


@given(st.floats(-(2.0**100), 2.0**100, width=32))
def test_bfloat16_rounds_to_even_in_eight_bits(value: float) -> None:
    assert float(to_bfloat16([value])[0]) == exact_bfloat16(value)


def test_bfloat16_ties_go_to_even() -> None:
    ties = [1 + 2**-8, 1 + 3 * 2**-8, -(1 + 2**-8)]
    assert to_bfloat16(ties).tolist() == [1.0, 1 + 2**-6, -1.0]
    assert to_bfloat16(ties).dtype == np.float32


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_bfloat16_refuses_what_is_not_finite(bad: float) -> None:
    with pytest.raises(ValueError, match=r"^values are not finite$"):
        to_bfloat16([bad])


@given(
    st.lists(
        st.tuples(st.floats(-9, 9, width=32), st.floats(-9, 9, width=32)),
        min_size=1,
        max_size=9,
    ),
    st.booleans(),
)
def test_scores_add_in_single_precision_in_the_order_asked_for(
    pairs: list[tuple[float, float]], backwards: bool
) -> None:
    total = np.float32(0)
    for x, w in reversed(pairs) if backwards else pairs:
        total = np.float32(total + np.float32(np.float32(x) * np.float32(w)))
    row, weights = zip(*pairs, strict=True)
    found = linear_scores([row], weights, backwards=backwards)
    assert found.tolist() == [total]
    assert found.dtype == np.float64


def test_scores_go_forwards_unless_told() -> None:
    x, w = [[1.0, 2**-24, 2**-24]], [1, 1, 1]
    assert linear_scores(x, w)[0] == 1.0
    assert linear_scores(x, w, backwards=True)[0] == 1 + 2**-23


@pytest.mark.parametrize(
    ("x", "w"), [([1.0], [1.0]), ([[1.0]], [[1.0]]), ([[1.0, 2.0]], [1.0])]
)
def test_scores_refuse_shapes_that_do_not_match(
    x: list[float], w: list[float]
) -> None:
    with pytest.raises(ValueError, match=r"features have shape .* weights"):
        linear_scores(x, w)
