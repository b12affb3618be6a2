"""Sample sizes and power agree with statsmodels, convention by convention."""

import math
import re
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.power import (
    NormalIndPower,
    normal_power_het,
    normal_sample_size_one_tail,
)
from statsmodels.stats.proportion import (
    power_proportions_2indep,
    proportion_effectsize,
    samplesize_proportions_2indep_onetail,
)

from mlsd_examples.experiments.power import (
    design_errors,
    power_two_proportions,
    sample_size_two_means,
    sample_size_two_proportions,
)

rates = st.floats(0.005, 0.995)
levels = st.floats(0.001, 0.2)
powers = st.floats(0.5, 0.99)
ratios = st.floats(0.1, 10)
side_counts: st.SearchStrategy[Literal[1, 2]] = st.sampled_from([1, 2])


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def rounded_up(users: float) -> int:
    return max(1, math.ceil(users))


def same(ours: int, theirs: float) -> bool:
    """Agree, where rounding up may fall on either side of a whole number."""
    return ours in {
        rounded_up(theirs * (1 - 1e-9)),
        rounded_up(theirs * (1 + 1e-9)),
    }


@given(rates, rates, levels, powers, ratios, side_counts)
def test_the_pooled_formula_is_statsmodels_two_proportion_size(
    p1: float,
    p2: float,
    alpha: float,
    power: float,
    ratio: float,
    sides: Literal[1, 2],
) -> None:
    assume(abs(p1 - p2) > 1e-3)
    ours = sample_size_two_proportions(
        p1,
        p2 - p1,
        alpha=alpha,
        power=power,
        ratio=ratio,
        sides=sides,
        formula="pooled",
    )
    # statsmodels' first sample has rate prop2 + diff; it halves alpha
    # itself when told that the test is two-sided.
    theirs = samplesize_proportions_2indep_onetail(
        -(p2 - p1),
        p1 + (p2 - p1),
        power,
        ratio=ratio,
        alpha=alpha,
        alternative="two-sided" if sides == 2 else "larger",
    )
    assert same(ours, float(theirs))


@given(rates, rates, levels, powers, ratios, side_counts)
def test_the_unpooled_formula_is_statsmodels_with_one_variance(
    p1: float,
    p2: float,
    alpha: float,
    power: float,
    ratio: float,
    sides: Literal[1, 2],
) -> None:
    assume(abs(p1 - p2) > 1e-3)
    ours = sample_size_two_proportions(
        p1, p2 - p1, alpha=alpha, power=power, ratio=ratio, sides=sides
    )
    other = p1 + (p2 - p1)
    deviation = math.sqrt(p1 * (1 - p1) + other * (1 - other) / ratio)
    theirs = normal_sample_size_one_tail(
        p2 - p1, power, alpha / sides, std_null=deviation
    )
    assert same(ours, float(theirs))


@given(rates, rates, levels, powers, ratios, side_counts)
def test_the_arcsine_formula_is_statsmodels_effect_size(
    p1: float,
    p2: float,
    alpha: float,
    power: float,
    ratio: float,
    sides: Literal[1, 2],
) -> None:
    assume(abs(p1 - p2) > 1e-3)
    ours = sample_size_two_proportions(
        p1,
        p2 - p1,
        alpha=alpha,
        power=power,
        ratio=ratio,
        sides=sides,
        formula="arcsine",
    )
    theirs = normal_sample_size_one_tail(
        proportion_effectsize(p1 + (p2 - p1), p1),
        power,
        alpha / sides,
        std_null=math.sqrt(1 + 1 / ratio),
    )
    assert same(ours, float(theirs))


@pytest.mark.parametrize("p", [0.01, 0.05, 0.4])
@pytest.mark.parametrize("lift", [0.002, 0.05])
@pytest.mark.parametrize("ratio", [0.5, 1.0, 3.0])
def test_the_arcsine_formula_is_statsmodels_normal_ind_power(
    p: float, lift: float, ratio: float
) -> None:
    # The solver of statsmodels leaves its domain at larger effects.
    theirs = NormalIndPower().solve_power(
        proportion_effectsize(p + lift, p),
        alpha=0.05,
        power=0.9,
        ratio=ratio,
        alternative="two-sided",
    )
    ours = sample_size_two_proportions(
        p, lift, power=0.9, ratio=ratio, formula="arcsine"
    )
    # The solver stops at a relative precision of about 1e-7.
    assert 0 <= ours - float(theirs) * (1 - 1e-6) <= 1 + 2e-6 * float(theirs)


@given(rates, rates, st.integers(2, 100_000), st.integers(2, 100_000), levels)
def test_pooled_power_is_statsmodels_without_the_wrong_tail(
    p1: float, p2: float, n1: int, n2: int, alpha: float
) -> None:
    assume(abs(p1 - p2) > 1e-6)
    ours = power_two_proportions(p1, p2, n1, n2, alpha=alpha, formula="pooled")
    theirs = power_proportions_2indep(
        p1 - p2,
        p2,
        n1,
        ratio=n2 / n1,
        alpha=alpha / 2,
        alternative="larger" if p1 > p2 else "smaller",
        return_results=False,
    )
    assert ours == pytest.approx(float(theirs), abs=1e-9)


@given(rates, rates, st.integers(2, 100_000), levels, side_counts)
def test_unpooled_and_arcsine_power_agree_with_statsmodels(
    p1: float, p2: float, n: int, alpha: float, sides: Literal[1, 2]
) -> None:
    assume(abs(p1 - p2) > 1e-6)
    unpooled = power_two_proportions(
        p1, p2, n, 2 * n, alpha=alpha, sides=sides
    )
    deviation = math.sqrt(p1 * (1 - p1) + p2 * (1 - p2) / 2)
    assert unpooled == pytest.approx(
        float(
            normal_power_het(
                abs(p2 - p1),
                n,
                alpha / sides,
                std_null=deviation,
                alternative="larger",
            )
        ),
        abs=1e-9,
    )
    arcsine = power_two_proportions(
        p1, p2, n, 2 * n, alpha=alpha, sides=sides, formula="arcsine"
    )
    assert arcsine == pytest.approx(
        float(
            NormalIndPower().power(
                abs(proportion_effectsize(p1, p2)),
                n,
                alpha / sides,
                ratio=2,
                alternative="larger",
            )
        ),
        abs=1e-9,
    )


@given(
    st.floats(0.1, 50), st.floats(0.05, 5), levels, powers, ratios, side_counts
)
def test_the_size_for_means_is_statsmodels(
    sd: float,
    mde: float,
    alpha: float,
    power: float,
    ratio: float,
    sides: Literal[1, 2],
) -> None:
    ours = sample_size_two_means(
        sd, -mde, alpha=alpha, power=power, ratio=ratio, sides=sides
    )
    theirs = normal_sample_size_one_tail(
        mde, power, alpha / sides, std_null=sd * math.sqrt(1 + 1 / ratio)
    )
    assert same(ours, float(theirs))


@given(rates, rates, levels, powers)
def test_the_size_found_has_the_power_asked_for_and_one_less_has_not(
    p1: float, p2: float, alpha: float, power: float
) -> None:
    assume(abs(p1 - p2) > 1e-3)
    n = sample_size_two_proportions(p1, p2 - p1, alpha=alpha, power=power)
    assume(n > 3)
    assert power_two_proportions(p1, p2, n, n, alpha=alpha) >= power - 1e-9
    fewer = power_two_proportions(p1, p2, n - 1, n - 1, alpha=alpha)
    assert fewer <= power + 1e-9


def test_the_defaults_are_five_percent_two_sided_at_eighty_percent() -> None:
    assert sample_size_two_proportions(0.05, 0.005) == 31_231
    assert sample_size_two_proportions(0.055, -0.005) == 31_231
    assert sample_size_two_means(1.0, 0.1) == sample_size_two_means(
        1.0, 0.1, alpha=0.05, power=0.8, ratio=1.0, sides=2
    )
    assert power_two_proportions(0.05, 0.055, 31_231, 31_231) == pytest.approx(
        0.8, abs=1e-5
    )


def test_power_is_reached_by_simulation() -> None:
    rng = np.random.default_rng(5)
    runs, n = 100_000, 800
    power = power_two_proportions(0.1, 0.15, n, n, formula="pooled")
    a, b = (rng.binomial(n, p, runs) / n for p in (0.1, 0.15))
    pooled = (a + b) / 2
    z = (b - a) / np.sqrt(2 * pooled * (1 - pooled) / n)
    won = (z > 1.959964).mean()
    # The formula is the normal approximation: half a percent of slack
    # beside the noise of the simulation.
    assert abs(won - power) < 0.005 + 4 * math.sqrt(0.25 / runs)


def test_the_smallest_size_is_one_user() -> None:
    assert sample_size_two_proportions(0.01, 0.98, power=0.1) == 1
    # statsmodels says 0 here: any sample has more than the power asked for.
    assert (
        sample_size_two_proportions(
            0.5, 0.45, alpha=0.05, power=0.06, ratio=30, formula="pooled"
        )
        == 1
    )


def test_a_size_below_zero_standard_deviations_is_no_size() -> None:
    # A level of 90 % one-sided is crossed at z = -1.28; the pooled rate of
    # one half makes the deviation under the null much the larger.
    asked: dict[str, Any] = {"alpha": 0.9, "power": 0.91, "sides": 1}
    assert (
        sample_size_two_proportions(0.01, 0.98, formula="pooled", **asked) == 1
    )


@given(st.floats(0.05, 6), st.floats(0.001, 0.5))
def test_design_errors_agree_with_integration(
    shift: float, alpha: float
) -> None:
    errors = design_errors(-3 * shift, 3.0, alpha=alpha)
    critical = norm.isf(alpha / 2)
    grid = np.linspace(-8, 14, 100_001)
    density = norm.pdf(grid, shift)
    found = np.abs(grid) > critical
    step = grid[1] - grid[0]
    total = density[found].sum() * step
    wrong = density[grid < -critical].sum() * step
    size = (np.abs(grid) * density)[found].sum() * step
    # A Riemann sum with a cut at the critical value: one step of density.
    assert errors.power == pytest.approx(total - wrong, abs=1e-4)
    assert errors.wrong_sign == pytest.approx(wrong / total, abs=1e-3)
    assert errors.exaggeration == pytest.approx(size / total / shift, rel=2e-3)


def test_design_errors_default_to_five_percent() -> None:
    assert design_errors(1, 2) == design_errors(1.0, 2.0, alpha=0.05)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"p": 0.0}, "p=0.0 is outside (0, 1)"),
        ({"mde": 0}, "mde=0 is no difference"),
        ({"mde": math.nan}, "mde=nan is not finite"),
        ({"mde": 0.95}, "p + mde = 1 is outside (0, 1)"),
        ({"mde": -0.05}, "p + mde = 0 is outside (0, 1)"),
        ({"alpha": 1.0}, "alpha=1.0 is outside (0, 1)"),
        ({"power": 0.0}, "power=0.0 is outside (0, 1)"),
        ({"power": 0.05}, "power=0.05 is not above alpha=0.05"),
        ({"power": 0.3, "alpha": 0.5}, "power=0.3 is not above alpha=0.5"),
        ({"mde": 1e-20}, "mde=1e-20 is lost in the rounding of p=0.05"),
        # One float below a half is nearer than one above.
        (
            {"p": 0.5, "mde": 4e-17},
            "mde=4e-17 is lost in the rounding of p=0.5",
        ),
        (
            {"p": 1e-300, "mde": 1e-310},
            "mde=1e-310 needs more users than a float can count",
        ),
        ({"ratio": 0}, "ratio=0 is not positive"),
        ({"sides": 3}, "sides=3 is neither 1 nor 2"),
        (
            {"formula": "exact"},
            "formula='exact' is none of ('unpooled', 'pooled', 'arcsine')",
        ),
    ],
)
def test_an_impossible_plan_for_rates_is_refused(
    options: dict[str, Any], message: str
) -> None:
    plan: dict[str, Any] = {"p": 0.05, "mde": 0.005} | options
    with pytest.raises(ValueError, match=exactly(message)):
        sample_size_two_proportions(plan.pop("p"), plan.pop("mde"), **plan)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sd": 0.0}, "sd=0.0 is not positive"),
        ({"mde": 0.0}, "mde=0.0 is no difference"),
        ({"mde": math.inf}, "mde=inf is not finite"),
        ({"alpha": 0.0}, "alpha=0.0 is outside (0, 1)"),
        ({"power": 0.05}, "power=0.05 is not above alpha=0.05"),
        (
            {"mde": -1e-200},
            "mde=-1e-200 needs more users than a float can count",
        ),
        ({"ratio": -1.0}, "ratio=-1.0 is not positive"),
        ({"sides": 0}, "sides=0 is neither 1 nor 2"),
        ({"sides": -1}, "sides=-1 is below 0"),
    ],
)
def test_an_impossible_plan_for_means_is_refused(
    options: dict[str, Any], message: str
) -> None:
    plan: dict[str, Any] = {"sd": 1.0, "mde": 0.1} | options
    with pytest.raises(ValueError, match=exactly(message)):
        sample_size_two_means(plan.pop("sd"), plan.pop("mde"), **plan)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0.0, 0.1, 9, 9), {}, "p1=0.0 is outside (0, 1)"),
        ((0.1, 1.0, 9, 9), {}, "p2=1.0 is outside (0, 1)"),
        ((0.1, 0.1, 9, 9), {}, "p1=p2=0.1 is no difference"),
        ((0.1, 0.2, 1, 9), {}, "n1=1 is below 2"),
        ((0.1, 0.2, 9, 1), {}, "n2=1 is below 2"),
        ((0.1, 0.2, 9, 9), {"alpha": 2}, "alpha=2 is outside (0, 1)"),
        ((0.1, 0.2, 9, 9), {"sides": 5}, "sides=5 is neither 1 nor 2"),
        (
            (0.1, 0.2, 9, 9),
            {"formula": "t"},
            "formula='t' is none of ('unpooled', 'pooled', 'arcsine')",
        ),
    ],
)
def test_an_impossible_test_has_no_power(
    arguments: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        power_two_proportions(*arguments, **options)


@pytest.mark.parametrize("sides", [1.0, True, "2", [1], None])
def test_sides_of_another_type_are_refused(sides: Any) -> None:
    message = exactly(f"sides={sides!r} is not a whole number")
    for route in (
        lambda: sample_size_two_proportions(0.05, 0.005, sides=sides),
        lambda: sample_size_two_means(1.0, 0.1, sides=sides),
        lambda: power_two_proportions(0.1, 0.2, 9, 9, sides=sides),
    ):
        with pytest.raises(TypeError, match=message):
            route()


def test_the_largest_size_is_counted() -> None:
    # Its root is just below the largest that a float can square.
    least = (norm.isf(0.025) + norm.isf(0.2)) * math.sqrt(2) / 1e154
    assert sample_size_two_means(1.0, least * (1 + 1e-12)) > 9.9e307
    with pytest.raises(ValueError, match="needs more users"):
        sample_size_two_means(1.0, least * (1 - 1e-12))


def test_the_smallest_test_has_power() -> None:
    assert 0 < power_two_proportions(0.1, 0.2, 2, 2) < 0.1


def test_an_impossible_design_is_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("effect=0 has no sign and no size")
    ):
        design_errors(0, 1.0)
    with pytest.raises(
        ValueError, match=exactly("standard_error=0 is not positive")
    ):
        design_errors(1.0, 0)
    with pytest.raises(ValueError, match=exactly("alpha=1 is outside (0, 1)")):
        design_errors(1.0, 1.0, alpha=1)
    with pytest.raises(ValueError, match=exactly("effect=nan is not finite")):
        design_errors(math.nan, 1.0)
