"""Entropy and divergences keep their laws, and agree with SciPy."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import entropy as scipy_entropy
from sklearn.metrics import mutual_info_score

from mlsd_examples.maths.information import (
    bits,
    cross_entropy,
    distribution,
    entropy,
    jeffreys_divergence,
    jensen_shannon_divergence,
    kl_divergence,
    mutual_information,
    perplexity,
)

# Zeros, ties, one element, tiny and huge shares.
WEIGHTS = st.one_of(
    st.just(0.0), st.just(1.0), st.floats(1e-300, 1e-12), st.floats(0.01, 1e9)
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def normalised(weights: list[float]) -> list[float]:
    total = math.fsum(weights)
    return [weight / total for weight in weights]


SHARES = (
    st.lists(WEIGHTS, min_size=1, max_size=12)
    .filter(lambda w: sum(w) > 1e-200)
    .map(normalised)
)
PAIRS = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        *[
            st.lists(WEIGHTS, min_size=n, max_size=n)
            .filter(lambda w: sum(w) > 1e-200)
            .map(normalised)
        ]
        * 2
    )
)


def test_a_fair_coin_holds_one_bit() -> None:
    assert entropy([0.5, 0.5]) == math.log(2)
    assert bits(entropy([0.5, 0.5])) == 1.0


def test_a_certain_outcome_holds_nothing_and_no_sign() -> None:
    for p in ([1.0], [0.0, 1.0]):
        assert math.copysign(1, entropy(p)) == 1
        assert entropy(p) == 0.0
        assert math.copysign(1, cross_entropy(p, p)) == 1


@given(SHARES)
def test_entropy_agrees_with_scipy(p: list[float]) -> None:
    assert entropy(p) == pytest.approx(
        float(scipy_entropy(p)), rel=1e-9, abs=1e-12
    )


@given(SHARES)
def test_entropy_is_largest_for_even_shares(p: list[float]) -> None:
    n = len(p)
    assert -1e-12 <= entropy(p) <= math.log(n) + 1e-9
    assert entropy([1 / n] * n) == pytest.approx(math.log(n), abs=1e-12)


@given(SHARES, st.randoms(use_true_random=False))
def test_relabelling_changes_nothing(
    p: list[float], random: "np.random.RandomState"
) -> None:
    shuffled = list(p)
    random.shuffle(shuffled)
    assert entropy(shuffled) == pytest.approx(entropy(p), abs=1e-12)


@given(PAIRS)
def test_the_divergence_agrees_with_scipy(
    pair: tuple[list[float], list[float]],
) -> None:
    p, q = pair
    expected = float(scipy_entropy(p, q))
    assert kl_divergence(p, q) == pytest.approx(
        max(0.0, expected), rel=1e-7, abs=1e-9
    )
    assert kl_divergence(p, q) >= 0


def test_a_divergence_that_rounds_below_zero_is_zero() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        p = rng.dirichlet(np.ones(6))
        q = p * (1 + 1e-16 * rng.standard_normal(6))
        q /= q.sum()
        for route in (
            kl_divergence,
            jeffreys_divergence,
            jensen_shannon_divergence,
        ):
            assert 0 <= route(p, q) < 1e-12


def test_an_excluded_outcome_is_infinitely_surprising() -> None:
    p, q = [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]
    assert kl_divergence(p, q) == math.inf
    assert cross_entropy(p, q) == math.inf
    assert jeffreys_divergence(p, q) == math.inf
    assert jeffreys_divergence(q, p) == math.inf
    assert kl_divergence(q, p) == pytest.approx(math.log(2), abs=1e-15)


@given(PAIRS)
def test_cross_entropy_is_entropy_plus_divergence(
    pair: tuple[list[float], list[float]],
) -> None:
    p, q = pair
    total = entropy(p) + float(rel_entr(p, q).sum())
    assert cross_entropy(p, q) == pytest.approx(total, rel=1e-12, abs=1e-12)
    direct = 0.0
    for share, model in zip(p, q, strict=True):
        if share > 0:
            direct -= share * (math.log(model) if model > 0 else -math.inf)
    assert cross_entropy(p, q) == pytest.approx(direct, rel=1e-9, abs=1e-9)


@given(PAIRS)
def test_jeffreys_is_both_directions_added(
    pair: tuple[list[float], list[float]],
) -> None:
    p, q = pair
    both = float((rel_entr(p, q) + rel_entr(q, p)).sum())
    assert jeffreys_divergence(p, q) == pytest.approx(
        max(0.0, both), rel=1e-9, abs=1e-12
    )


def test_jeffreys_of_two_coins() -> None:
    # (0.9 - 0.5) ln 1.8 + (0.1 - 0.5) ln 0.2, by hand.
    by_hand = 0.4 * math.log(1.8) - 0.4 * math.log(0.2)
    found = jeffreys_divergence([0.9, 0.1], [0.5, 0.5])
    assert found == pytest.approx(by_hand, abs=1e-12)


@given(PAIRS)
def test_jensen_shannon_agrees_with_scipy(
    pair: tuple[list[float], list[float]],
) -> None:
    p, q = pair
    root = math.sqrt(jensen_shannon_divergence(p, q))
    expected = float(np.nan_to_num(jensenshannon(p, q)))
    assert root == pytest.approx(expected, abs=1e-6)
    assert 0 <= jensen_shannon_divergence(p, q) <= math.log(2) + 1e-12


def test_the_root_of_jensen_shannon_keeps_the_triangle_inequality() -> None:
    rng = np.random.default_rng(5)
    broken = 0
    for _ in range(2_000):
        p, q, r = rng.dirichlet(np.ones(4), 3)
        sides = [
            math.sqrt(jensen_shannon_divergence(a, b))
            for a, b in ((p, r), (p, q), (q, r))
        ]
        assert sides[0] <= sides[1] + sides[2] + 1e-12
        broken += kl_divergence(p, r) > kl_divergence(p, q) + kl_divergence(
            q, r
        )
    assert broken > 100  # the divergence itself keeps none


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 3)),
        min_size=1,
        max_size=60,
    )
)
def test_information_agrees_with_scikit_learn(
    pairs: list[tuple[int, int]],
) -> None:
    table = np.zeros((5, 4))
    for row, column in pairs:
        table[row, column] += 1
    x, y = zip(*pairs, strict=True)
    found = mutual_information(table / len(pairs))
    assert found == pytest.approx(mutual_info_score(x, y), abs=1e-10)
    margins = [entropy(table.sum(axis=a) / len(pairs)) for a in (0, 1)]
    assert 0 <= found <= min(margins) + 1e-12


def test_independent_variables_share_nothing() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        p, q = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(5))
        assert 0 <= mutual_information(np.outer(p, q)) < 1e-12


def test_no_correlation_and_yet_information() -> None:
    third = 1 / 3
    square = [[0, third], [third, 0], [0, third]]
    expected = math.log(3) - 2 / 3 * math.log(2)
    assert mutual_information(square) == pytest.approx(expected, abs=1e-12)


@given(st.integers(1, 1_000))
def test_perplexity_of_an_even_choice_is_its_size(n: int) -> None:
    assert perplexity(entropy([1 / n] * n)) == pytest.approx(n, rel=1e-9)


def test_a_loss_beyond_the_range_of_floats_is_an_infinite_perplexity() -> None:
    assert perplexity(0) == 1.0
    assert perplexity(math.inf) == math.inf
    assert perplexity(1e6) == math.inf
    assert perplexity(709.0) == pytest.approx(math.exp(709.0))


def test_bits_are_nats_over_the_logarithm_of_two() -> None:
    assert bits(math.log(8)) == pytest.approx(3, abs=1e-15)
    assert bits(-math.inf) == -math.inf
    assert bits(math.inf) == math.inf
    assert bits(0) == 0


def test_a_copy_is_returned() -> None:
    shares = np.array([0.5, 0.5])
    distribution("p", shares)[0] = 9
    assert shares.tolist() == [0.5, 0.5]


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("p sums to 1.1, not to 1")):
        entropy([0.5, 0.6])
    with pytest.raises(ValueError, match=exactly("p sums to 4, not to 1")):
        entropy([2, 2])
    with pytest.raises(ValueError, match="not to 1"):
        entropy([0.5, 0.5 - 2e-9])
    assert entropy([0.5, 0.5 - 9e-10]) > 0


@pytest.mark.parametrize(
    "route",
    [
        cross_entropy,
        kl_divergence,
        jeffreys_divergence,
        jensen_shannon_divergence,
    ],
)
def test_a_pair_needs_two_distributions_of_one_length(
    route: Callable[[list[float], list[float]], float],
) -> None:
    with pytest.raises(
        ValueError, match=exactly("p holds 2 shares, q holds 1")
    ):
        route([0.5, 0.5], [1.0])
    with pytest.raises(ValueError, match=exactly("p[1]=-0.5 is negative")):
        route([1.5, -0.5], [0.5, 0.5])
    with pytest.raises(ValueError, match=exactly("q sums to 0.9, not to 1")):
        route([0.5, 0.5], [0.5, 0.4])
    with pytest.raises(ValueError, match=exactly("q[0]=nan is not finite")):
        route([0.5, 0.5], [math.nan, 0.4])
    with pytest.raises(
        ValueError, match=exactly("p holds 0 values, fewer than 1")
    ):
        route([], [])


def test_a_joint_distribution_has_two_axes_and_sums_to_one() -> None:
    with pytest.raises(
        ValueError, match=exactly("joint has shape (2,), not two axes")
    ):
        mutual_information([0.5, 0.5])
    with pytest.raises(ValueError, match=exactly("joint sums to 2, not to 1")):
        mutual_information([[1, 0], [0, 1]])
    with pytest.raises(ValueError, match=exactly("joint[1]=-1 is negative")):
        mutual_information([[1, -1], [0, 1]])


def test_impossible_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("nats=nan is not finite")):
        bits(math.nan)
    with pytest.raises(
        ValueError, match=exactly("mean_loss=-0.1 is negative")
    ):
        perplexity(-0.1)
    with pytest.raises(
        ValueError, match=exactly("mean_loss=nan is not finite")
    ):
        perplexity(math.nan)
    with pytest.raises(
        ValueError, match=exactly("mean_loss=-inf is not finite")
    ):
        perplexity(-math.inf)
    with pytest.raises(TypeError, match=exactly("nats='1' is not a number")):
        bits("1")  # type: ignore[arg-type]
