"""Walks leave a corridor with the probabilities that other routes give."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from mlsd_examples.experiments.first_exits import Exits, first_exits

INF = math.inf


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def inside_by_orthants(
    lower: list[float], upper: list[float], times: list[float], drift: float
) -> float:
    """Integrate the joint normal law of all looks at once."""
    t = np.array(times)
    covariance = np.minimum.outer(t, t) / np.sqrt(np.outer(t, t))
    # scipy-stubs does not know these options of the frozen law.
    law = multivariate_normal(  # type: ignore[call-overload]
        mean=drift * np.sqrt(t),
        cov=covariance,
        seed=1,
        maxpts=10**6,
        abseps=1e-9,
        releps=1e-9,
    )
    bound = [min(max(b, -12.0), 12.0) for b in upper]
    below = [min(max(b, -12.0), 12.0) for b in lower]
    return float(law.cdf(bound, lower_limit=below))


def test_one_look_is_a_tail_of_the_normal() -> None:
    exits = first_exits([-1.0], [2.0], drift=0.5)
    assert exits.up[0] == pytest.approx(norm.sf(1.5), abs=1e-14)
    assert exits.down[0] == pytest.approx(norm.cdf(-1.5), abs=1e-14)
    assert exits.inside == pytest.approx(
        norm.cdf(1.5) - norm.cdf(-1.5), abs=1e-12
    )
    # Mean of a normal variable beyond a point: mean * tail + density.
    assert exits.up_scores[0] == pytest.approx(
        0.5 * norm.sf(1.5) + norm.pdf(1.5), abs=1e-14
    )
    assert exits.down_scores[0] == pytest.approx(
        0.5 * norm.cdf(-1.5) - norm.pdf(1.5), abs=1e-14
    )
    assert exits.information == (1.0,)


@pytest.mark.parametrize("looks", [1, 2, 3, 10, 100, 1000])
def test_walks_that_stay_below_zero_follow_sparre_andersen(
    looks: int,
) -> None:
    # P(S_1 ≤ 0, …, S_n ≤ 0) = C(2n, n) / 4^n for any symmetric walk.
    exits = first_exits([-INF] * looks, [0.0] * looks)
    assert exits.inside == pytest.approx(
        math.comb(2 * looks, looks) / 4**looks, abs=1e-8
    )
    assert exits.down == (0.0,) * looks


def test_uneven_looks_agree_with_the_joint_normal_law() -> None:
    lower, upper = [-2.5, -1.0, -INF], [2.0, 2.2, 1.5]
    times = [0.3, 0.5, 2.0]
    exits = first_exits(lower, upper, drift=0.7, information=times)
    assert exits.inside == pytest.approx(
        inside_by_orthants(lower, upper, times, 0.7), abs=2e-6
    )
    # The same law, stopped one look earlier, gives what leaves at the last.
    two = inside_by_orthants(lower[:2], upper[:2], times[:2], 0.7)
    assert exits.up[2] == pytest.approx(two - exits.inside, abs=2e-6)
    assert exits.information == (0.3, 0.5, 2.0)


def test_a_first_look_much_finer_than_the_second_is_resolved() -> None:
    lower, upper, times = [-2.0, -2.0], [2.0, 2.0], [1.0, 1.01]
    exits = first_exits(lower, upper, information=times)
    assert exits.inside == pytest.approx(
        inside_by_orthants(lower, upper, times, 0.0), abs=2e-6
    )


def test_no_bound_lets_every_walk_stay() -> None:
    exits = first_exits([-INF] * 3, [INF] * 3, drift=-0.4)
    assert exits.rate == 0.0
    assert exits.up_scores == exits.down_scores == (0.0, 0.0, 0.0)
    assert exits.inside == pytest.approx(1.0, abs=1e-11)
    assert exits.inside_score == pytest.approx(-1.2, abs=1e-9)


def test_a_drift_far_beyond_a_bound_takes_every_walk_out_at_once() -> None:
    exits = first_exits([-INF] * 2, [1.0] * 2, drift=50.0)
    assert exits.up == (1.0, 0.0)
    assert exits.inside == 0.0
    assert exits.mean_information == pytest.approx(1.0)


def test_the_mirror_image_swaps_the_sides() -> None:
    one = first_exits([-1.5, -2.0], [2.5, 1.0], drift=0.3)
    two = first_exits([-2.5, -1.0], [1.5, 2.0], drift=-0.3)
    assert one.up == pytest.approx(two.down, abs=1e-13)
    assert one.up_scores == pytest.approx(
        [-s for s in two.down_scores], abs=1e-13
    )


corridors = st.integers(1, 8).flatmap(
    lambda looks: st.tuples(
        st.lists(st.floats(-4, -0.1), min_size=looks, max_size=looks),
        st.lists(st.floats(0.1, 4), min_size=looks, max_size=looks),
        st.lists(st.floats(0.1, 3), min_size=looks, max_size=looks),
        st.floats(-2, 2),
    )
)


@settings(max_examples=40, deadline=None)
@given(corridors)
def test_no_walk_is_lost_and_no_score_is_made(
    corridor: tuple[list[float], list[float], list[float], float],
) -> None:
    lower, upper, steps, drift = corridor
    times = np.cumsum(steps).tolist()
    exits = first_exits(lower, upper, drift=drift, information=times)
    assert exits.rate + exits.inside == pytest.approx(1.0, abs=1e-8)
    # Optional stopping: the mean score is drift times the mean information.
    score = sum(exits.up_scores) + sum(exits.down_scores)
    assert score + exits.inside_score == pytest.approx(
        drift * exits.mean_information, abs=1e-7
    )


def summary() -> Exits:
    return Exits(
        up=(0.1, 0.2),
        down=(0.05, 0.15),
        up_scores=(0.3, 0.8),
        down_scores=(-0.1, -0.5),
        inside=0.5,
        inside_score=0.2,
        information=(1.0, 4.0),
    )


def test_rates_sum_over_looks_and_sides() -> None:
    assert summary().up_rate == pytest.approx(0.3)
    assert summary().down_rate == pytest.approx(0.2)
    assert summary().rate == pytest.approx(0.5)


def test_mean_information_counts_those_who_stay_at_the_last_look() -> None:
    assert summary().mean_information == pytest.approx(
        1 * 0.15 + 4 * 0.35 + 4 * 0.5
    )
    assert summary().mean_information_up == pytest.approx(
        (0.1 * 1 + 0.2 * 4) / 0.3
    )


def test_the_estimate_is_score_over_information_at_the_exit() -> None:
    assert summary().mean_estimate_up == pytest.approx(
        (0.3 / 1 + 0.8 / 4) / 0.3
    )


def test_a_mean_of_no_walks_is_refused() -> None:
    exits = first_exits([-1.0], [INF])
    for mean in ("mean_information_up", "mean_estimate_up"):
        with pytest.raises(ValueError, match=exactly("no walk leaves upward")):
            getattr(exits, mean)


@pytest.mark.parametrize(
    ("lower", "upper", "message"),
    [
        ([], [], "there is no look"),
        (
            [0.0],
            [0.0],
            "at look 1 the lower bound 0.0 is not below the upper 0.0",
        ),
        (
            [-1.0, math.nan],
            [1.0, 1.0],
            "at look 2 the lower bound nan is not below the upper 1.0",
        ),
        (
            [-1.0],
            [1.0, 1.0],
            "lower of shape (1,), upper of shape (2,) and information of"
            " shape (1,) are not one list of looks",
        ),
        (
            [[-1.0]],
            [[1.0]],
            "lower of shape (1, 1), upper of shape (1, 1) and information"
            " of shape (1,) are not one list of looks",
        ),
    ],
)
def test_an_impossible_corridor_is_refused(
    lower: Any, upper: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        first_exits(lower, upper)


@pytest.mark.parametrize(
    "times", [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [1.0, INF], [1.0, math.nan]]
)
def test_information_that_does_not_rise_is_refused(
    times: list[float],
) -> None:
    with pytest.raises(
        ValueError,
        match=exactly(f"information {times} does not rise from above 0"),
    ):
        first_exits([-1.0] * 2, [1.0] * 2, information=times)


def test_information_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="are not one list of looks"):
        first_exits([-1.0] * 2, [1.0] * 2, information=[1.0])


def test_looks_too_close_to_resolve_are_refused() -> None:
    with pytest.raises(
        ValueError,
        match=exactly("information rises too little around look 1"),
    ):
        first_exits([-2.0] * 2, [2.0] * 2, information=[1.0, 1.0 + 1e-7])


def test_a_drift_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match=exactly("drift=nan is not finite")):
        first_exits([-1.0], [1.0], drift=math.nan)


@pytest.mark.parametrize("name", ["lower", "upper", "information"])
def test_what_is_no_number_is_refused(name: str) -> None:
    corridor: dict[str, Any] = {
        "lower": [-1.0],
        "upper": [1.0],
        "information": [1.0],
    }
    corridor[name] = ["high"]
    with pytest.raises(
        TypeError, match=exactly(f"{name} are not all numbers")
    ):
        first_exits(**corridor)
