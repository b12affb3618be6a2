"""Planned looks keep their level, at the published price."""

import math
import re
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from mlsd_examples.experiments.dashboards import first_crossing, z_paths
from mlsd_examples.experiments.sequential import (
    group_sequential_bounds,
    group_sequential_design,
    group_sequential_exits,
)

Kind = Literal["pocock", "obrien-fleming"]

# Jennison and Turnbull (2000), chapter 2, as quoted in public
# packages: constants for 1 to 10 looks, and inflation at power 0.8.
PUBLISHED: dict[Kind, dict[float, str]] = {
    "pocock": {
        0.01: "2.576 2.772 2.873 2.939 2.986 3.023 3.053 3.078 3.099 3.117",
        0.05: "1.960 2.178 2.289 2.361 2.413 2.453 2.485 2.512 2.535 2.555",
        0.1: "1.645 1.875 1.992 2.067 2.122 2.164 2.197 2.225 2.249 2.270",
    },
    "obrien-fleming": {
        0.05: "1.960 1.977 2.004 2.024 2.040 2.053 2.063 2.072 2.080 2.087",
    },
}
INFLATION: dict[Kind, str] = {
    "pocock": "1 1.110 1.166 1.202 1.229 1.249 1.265 1.279 1.291 1.301",
    "obrien-fleming": "1 1.008 1.017 1.024 1.028 1.032 1.035 1.037 1.038 1.04",
}


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@pytest.mark.parametrize("looks", range(1, 11))
@pytest.mark.parametrize(
    ("kind", "alpha"),
    [(kind, alpha) for kind, table in PUBLISHED.items() for alpha in table],
)
def test_constants_are_the_published_ones(
    kind: Kind, alpha: float, looks: int
) -> None:
    bounds = group_sequential_bounds(looks, alpha, kind=kind)
    constant = float(PUBLISHED[kind][alpha].split()[looks - 1])
    assert bounds[-1] == pytest.approx(constant, abs=6e-4)
    power = 0.0 if kind == "pocock" else 0.5
    for look, bound in enumerate(bounds, 1):
        assert bound == pytest.approx(bounds[-1] * (looks / look) ** power)


@pytest.mark.parametrize("kind", ["pocock", "obrien-fleming"])
@pytest.mark.parametrize("looks", [1, 2, 7, 50])
@pytest.mark.parametrize("alpha", [0.001, 0.05, 0.2])
def test_bounds_keep_their_level_under_simulation(
    looks: int, alpha: float, kind: Kind
) -> None:
    runs = 40_000
    z = z_paths(looks, runs, np.random.default_rng(looks))
    bounds = group_sequential_bounds(looks, alpha, kind=kind)
    crossed = first_crossing(z, bounds, side="either") < looks
    error = math.sqrt(alpha * (1 - alpha) / runs)
    assert abs(crossed.mean() - alpha) < 4 * error


@pytest.mark.parametrize("kind", ["pocock", "obrien-fleming"])
@pytest.mark.parametrize("looks", [2, 3, 4])
@pytest.mark.parametrize("alpha", [0.001, 0.01, 0.1, 0.2, 0.5])
def test_bounds_keep_their_level_by_the_joint_normal_law(
    looks: int, alpha: float, kind: Kind
) -> None:
    bounds = np.array(group_sequential_bounds(looks, alpha, kind=kind))
    look = np.arange(1, looks + 1)
    correlation = np.sqrt(
        np.minimum.outer(look, look) / np.maximum.outer(look, look)
    )
    # SciPy integrates the rectangle by quasi-random points, to 1e-5.
    law: Any = multivariate_normal
    inside = law(cov=correlation, maxpts=400_000, abseps=1e-6, seed=7).cdf(
        bounds, lower_limit=-bounds
    )
    assert 1 - inside == pytest.approx(alpha, abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 50),
    st.floats(0.001, 0.2),
    st.sampled_from(["pocock", "obrien-fleming"]),
)
def test_bounds_spend_exactly_their_level(
    looks: int, alpha: float, kind: Kind
) -> None:
    bounds = group_sequential_bounds(looks, alpha, kind=kind)
    assert len(bounds) == looks
    assert group_sequential_exits(bounds).rate == pytest.approx(
        alpha, rel=1e-6
    )


def test_one_look_is_the_fixed_sample() -> None:
    for kind in ("pocock", "obrien-fleming"):
        design = group_sequential_design(1, 0.05, 0.9, kind=kind)
        assert design.bounds == pytest.approx([norm.isf(0.025)])
        assert design.inflation == pytest.approx(1.0)
        assert design.expected_null == pytest.approx(1.0)
        assert design.expected_alternative == pytest.approx(1.0)


@pytest.mark.parametrize("looks", range(1, 11))
@pytest.mark.parametrize("kind", INFLATION)
def test_inflation_at_eighty_percent_power_is_the_published_one(
    looks: int, kind: Kind
) -> None:
    design = group_sequential_design(looks, kind=kind)
    published = float(INFLATION[kind].split()[looks - 1])
    assert design.inflation == pytest.approx(published, abs=6e-4)


@pytest.mark.parametrize("kind", ["pocock", "obrien-fleming"])
def test_a_design_reaches_its_power_and_its_sample_by_simulation(
    kind: Kind,
) -> None:
    looks, alpha, power, runs = 6, 0.1, 0.7, 60_000
    design = group_sequential_design(looks, alpha, power, kind=kind)
    fixed = norm.isf(alpha / 2) + norm.isf(1 - power)
    rng = np.random.default_rng(11)
    means = []
    for expected_z in (0.0, fixed * math.sqrt(design.inflation)):
        z = z_paths(looks, runs, rng, expected_z=expected_z)
        at = first_crossing(z, design.bounds, side="either")
        up = first_crossing(z, design.bounds, side="up")
        won = ((up <= at) & (up < looks)).mean()
        used = np.minimum(at + 1, looks) / looks * design.inflation
        means.append((used.mean(), 4 * used.std() / math.sqrt(runs)))
    assert abs(won - power) < 4 * math.sqrt(power * (1 - power) / runs)
    (null, null_error), (alternative, alternative_error) = means
    assert abs(null - design.expected_null) < null_error
    assert abs(alternative - design.expected_alternative) < alternative_error


def test_a_first_look_that_must_not_stop_never_does() -> None:
    exits = group_sequential_exits((math.inf, 2.0), expected_z=1.0)
    assert exits.up[0] == exits.down[0] == 0.0
    assert exits.information == (0.5, 1.0)
    # Then the second look is a fixed sample.
    assert exits.up_rate == pytest.approx(norm.sf(1.0), abs=1e-10)
    assert exits.down_rate == pytest.approx(norm.sf(3.0), abs=1e-10)


def test_a_low_bound_is_a_bound() -> None:
    exits = group_sequential_exits((0.5,))
    assert exits.up_rate == pytest.approx(norm.sf(0.5))


def test_a_plan_may_have_little_power() -> None:
    design = group_sequential_design(3, power=0.051)
    assert 1 < design.inflation < 1.2


def test_losses_go_on_if_they_do_not_stop() -> None:
    bounds = group_sequential_bounds(4, kind="pocock")
    both = group_sequential_exits(bounds)
    wins = group_sequential_exits(bounds, losses_stop=False)
    assert wins.down_rate == 0.0
    assert both.down_rate == pytest.approx(0.025, abs=1e-6)
    assert 0.025 < wins.up_rate < 0.0251


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 12), st.floats(0.01, 0.2), st.floats(0.5, 0.95))
def test_pocock_saves_more_and_risks_more(
    looks: int, alpha: float, power: float
) -> None:
    pocock = group_sequential_design(looks, alpha, power, kind="pocock")
    other = group_sequential_design(looks, alpha, power)
    assert pocock.inflation > other.inflation > 1
    assert pocock.expected_alternative < pocock.inflation
    assert pocock.expected_null > other.expected_null


def test_impossible_plans_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("looks=0 is below 1")):
        group_sequential_bounds(0)
    with pytest.raises(
        TypeError, match=exactly("looks=2.5 is not a whole number")
    ):
        group_sequential_bounds(2.5)  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=exactly("alpha=0.0 is outside (0, 1)")
    ):
        group_sequential_bounds(2, 0.0)
    kind: Any = "wald"
    with pytest.raises(
        ValueError,
        match=exactly("kind='wald' is none of ('pocock', 'obrien-fleming')"),
    ):
        group_sequential_bounds(2, kind=kind)
    with pytest.raises(
        ValueError, match=exactly("power=0.05 is not above alpha=0.05")
    ):
        group_sequential_design(2, power=0.05)
    with pytest.raises(
        ValueError, match=exactly("power=1.0 is outside (0, 1)")
    ):
        group_sequential_design(2, power=1.0)


@pytest.mark.parametrize("bound", [0.0, -1.0, math.nan])
def test_a_bound_that_is_not_above_zero_is_refused(bound: float) -> None:
    with pytest.raises(
        ValueError, match=exactly(f"bound {bound} of look 2 is not above 0")
    ):
        group_sequential_exits((2.0, bound))


def test_a_plan_without_looks_is_refused() -> None:
    with pytest.raises(ValueError, match=exactly("there is no look")):
        group_sequential_exits(())


def test_bounds_may_be_any_list_and_nothing_else() -> None:
    bounds = group_sequential_bounds(3)
    for same in (list(bounds), np.array(bounds)):
        assert group_sequential_exits(same) == group_sequential_exits(bounds)
    lone: Any = 2.0
    with pytest.raises(
        ValueError, match=exactly("bounds have shape (), not one axis")
    ):
        group_sequential_exits(lone)
    words: Any = ("high",)
    with pytest.raises(TypeError, match=exactly("bounds are not all numbers")):
        group_sequential_exits(words)


def test_an_effect_that_is_not_finite_is_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("expected_z=nan is not finite")
    ):
        group_sequential_exits((2.0,), expected_z=math.nan)
