"""A belief is updated, summarised, and has a mode for every ruler."""

import math
import re
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from mlsd_examples.maths.bayes import BetaBelief, Ruler

RULERS: tuple[Ruler, ...] = get_args(Ruler)
SHAPES = st.floats(0.2, 50)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_counts_are_added() -> None:
    assert BetaBelief(1, 2).after(3, 10) == BetaBelief(4.0, 9.0)
    assert BetaBelief(1, 2).after(0, 0) == BetaBelief(1, 2)
    assert isinstance(BetaBelief(1, 2).a, float)
    assert isinstance(BetaBelief(1, 2).b, float)


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=30), SHAPES, SHAPES)
def test_the_order_of_updates_does_not_matter(
    outcomes: list[bool], a: float, b: float
) -> None:
    at_once = BetaBelief(a, b).after(sum(outcomes), len(outcomes))
    step = BetaBelief(a, b)
    for outcome in reversed(outcomes):
        step = step.after(int(outcome), 1)
    assert step.a == pytest.approx(at_once.a)
    assert step.b == pytest.approx(at_once.b)


@settings(deadline=None)
@given(SHAPES, SHAPES, st.floats(0.01, 0.999))
def test_mean_and_interval_agree_with_scipy(
    a: float, b: float, level: float
) -> None:
    belief = BetaBelief(a, b)
    assert belief.mean == pytest.approx(beta(a, b).mean(), rel=1e-12)
    assert belief.interval(level) == pytest.approx(
        beta(a, b).interval(level), rel=1e-8, abs=1e-12
    )


def test_the_interval_holds_ninety_five_percent_unless_told() -> None:
    belief = BetaBelief(3, 4)
    assert belief.interval() == belief.interval(0.95)
    assert belief.coverage(0.4, trials=9) == belief.coverage(
        0.4, trials=9, level=0.95
    )


@settings(deadline=None, max_examples=60)
@given(st.floats(1.5, 30), st.floats(1.5, 30), st.sampled_from(RULERS))
def test_modes_are_the_highest_points_of_densities(
    a: float, b: float, ruler: Ruler
) -> None:
    # The density along the ruler, from its numerical derivative.
    theta = np.linspace(1e-4, 1 - 1e-4, 20_001)
    scale = {
        "theta": theta,
        "logit": np.log(theta / (1 - theta)),
        "odds": theta / (1 - theta),
        "log": np.log(theta),
    }[ruler]
    along = beta.pdf(theta, a, b) / np.gradient(scale, theta)
    belief = BetaBelief(a, b)
    assert belief.mode(ruler) == pytest.approx(theta[along.argmax()], abs=2e-4)
    inside = slice(100, -100)
    assert belief.density(theta, ruler)[inside] == pytest.approx(
        along[inside], rel=2e-3
    )


@pytest.mark.parametrize("ruler", RULERS)
def test_densities_integrate_to_one_along_their_ruler(ruler: Ruler) -> None:
    theta = np.linspace(1e-6, 1 - 1e-6, 200_001)
    slope = {
        "theta": np.ones_like(theta),
        "logit": 1 / (theta * (1 - theta)),
        "odds": 1 / (1 - theta) ** 2,
        "log": 1 / theta,
    }[ruler]
    along = BetaBelief(4, 6).density(theta, ruler)
    total = np.trapezoid(along * slope, theta)
    assert total == pytest.approx(1, abs=1e-6)


def test_three_of_three_has_four_modes() -> None:
    belief = BetaBelief(2, 2).after(3, 3)
    assert [belief.mode(ruler) for ruler in RULERS] == pytest.approx(
        [4 / 5, 5 / 7, 4 / 7, 5 / 6]
    )
    assert belief.mode() == belief.mode("theta")
    assert belief.density([0.3]) == belief.density([0.3], "theta")


@settings(deadline=None)
@given(st.integers(1, 50), st.integers(1, 50))
def test_a_flat_prior_makes_the_mode_the_maximum_likelihood(
    successes: int, failures: int
) -> None:
    trials = successes + failures
    mode = BetaBelief(1, 1).after(successes, trials).mode()
    assert mode == pytest.approx(successes / trials)


@pytest.mark.parametrize(
    ("a", "b", "ruler"),
    [
        (1, 5, "theta"),
        (5, 1, "theta"),
        (1, 5, "odds"),
        (5, 1, "log"),
        (0.5, 0.5, "theta"),
    ],
)
def test_a_mode_at_the_edge_is_refused(
    a: float, b: float, ruler: Ruler
) -> None:
    message = (
        f"Beta({float(a)}, {float(b)}) has no single mode inside, in {ruler}"
    )
    with pytest.raises(ValueError, match=exactly(message)):
        BetaBelief(a, b).mode(ruler)


def test_log_odds_always_have_a_mode() -> None:
    assert BetaBelief(0.5, 0.5).mode("logit") == 0.5
    assert BetaBelief(2, 0.5).mode("odds") == pytest.approx(1 / 2.5)
    assert BetaBelief(0.5, 2).mode("log") == pytest.approx(0.5 / 1.5)


@pytest.mark.parametrize("prior", [(1, 1), (2, 98), (0.5, 0.5)])
def test_coverage_averages_to_its_level_over_the_prior(
    prior: tuple[float, float],
) -> None:
    # Midpoints in probability; the coverage jumps, so the rule is slow.
    parts = 4_000
    thetas = beta.ppf((np.arange(parts) + 0.5) / parts, *prior)
    belief = BetaBelief(*prior)
    for level in (0.8, 0.95):
        mean = np.mean(
            [belief.coverage(t, trials=20, level=level) for t in thetas[::8]]
        )
        assert mean == pytest.approx(level, abs=0.004)


def test_coverage_agrees_with_a_sum_by_hand() -> None:
    belief, total = BetaBelief(3, 2), 0.0
    for k in range(6):
        low, high = beta(3 + k, 2 + 5 - k).interval(0.9)
        if low <= 0.3 <= high:
            total += math.comb(5, k) * 0.3**k * 0.7 ** (5 - k)
    assert belief.coverage(0.3, trials=5, level=0.9) == pytest.approx(total)
    assert 0 < total < 1


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: BetaBelief(0, 1), ValueError, "a=0 is not positive"),
        (lambda: BetaBelief(1, -1), ValueError, "b=-1 is not positive"),
        (lambda: BetaBelief(1, math.inf), ValueError, "b=inf is not finite"),
        (
            lambda: BetaBelief(1, 1).after(2, 1),
            ValueError,
            "2 successes in 1 trials",
        ),
        (
            lambda: BetaBelief(1, 1).after(-1, 1),
            ValueError,
            "successes=-1 is below 0",
        ),
        (
            lambda: BetaBelief(1, 1).after(0, -1),
            ValueError,
            "trials=-1 is below 0",
        ),
        (
            lambda: BetaBelief(1, 1).after(True, 1),
            TypeError,
            "successes=True is not a whole number",
        ),
        (
            lambda: BetaBelief(1, 1).interval(1.0),
            ValueError,
            "level=1.0 is outside (0, 1)",
        ),
        (
            lambda: BetaBelief(1, 1).coverage(0.5, trials=0),
            ValueError,
            "trials=0 is below 1",
        ),
        (
            lambda: BetaBelief(1, 1).coverage(1.5, trials=1),
            ValueError,
            "theta=1.5 is outside [0, 1]",
        ),
        (
            lambda: BetaBelief(1, 1).coverage(0.5, trials=1, level=0),
            ValueError,
            "level=0 is outside (0, 1)",
        ),
        (
            lambda: BetaBelief(2, 2).density([0.5, 1.0]),
            ValueError,
            "theta holds values outside (0, 1)",
        ),
        (
            lambda: BetaBelief(2, 2).density([0.0]),
            ValueError,
            "theta holds values outside (0, 1)",
        ),
        (
            lambda: BetaBelief(2, 2).density([math.nan]),
            ValueError,
            "theta holds values outside (0, 1)",
        ),
    ],
)
def test_impossible_beliefs_are_refused(
    call: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=exactly(message)):
        call()


@pytest.mark.parametrize("method", ["mode", "density"])
def test_other_rulers_are_refused(method: str) -> None:
    arguments = ([0.5],) if method == "density" else ()
    message = "ruler='yard' is none of ('theta', 'logit', 'odds', 'log')"
    with pytest.raises(ValueError, match=exactly(message)):
        getattr(BetaBelief(2, 2), method)(*arguments, ruler="yard")


def test_edges_of_theta_are_covered_or_not() -> None:
    assert BetaBelief(1, 1).coverage(0.0, trials=10) == 0.0
    assert BetaBelief(1, 1).coverage(1.0, trials=10) == 0.0
