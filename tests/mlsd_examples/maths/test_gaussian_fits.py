"""Forward fits match moments, reverse fits sit on a mode."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from mlsd_examples.maths.gaussian_fits import (
    Fit,
    Mixture,
    forward_fit,
    gaussian_kl,
    reverse_fit,
    standard_normal_penalty,
)

TWO = Mixture([0.5, 0.5], [-3, 3], [0.7, 0.7])
LOPSIDED = Mixture([0.2, 0.8], [-1.0, 4.0], [0.5, 1.5])


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def density(target: Mixture, x: float) -> float:
    parts = zip(target.shares, target.means, target.sds, strict=True)
    return float(sum(w * norm.pdf(x, m, s) for w, m, s in parts))


def integrated(target: Mixture, fit: Fit, *, forward: bool) -> float:
    def part(x: float) -> float:
        p, q = density(target, x), float(norm.pdf(x, fit.mean, fit.sd))
        first, second = (p, q) if forward else (q, p)
        return first * math.log(first / second) if first > 0 else 0.0

    value, _ = quad(part, -12, 15, limit=400, points=[-3, 0, 3])
    return float(value)


@given(
    st.floats(-50, 50),
    st.floats(0.05, 20),
    st.floats(-50, 50),
    st.floats(0.05, 20),
)
@settings(max_examples=30)
def test_the_divergence_of_two_gaussians_is_a_mean_of_log_ratios(
    mean: float, sd: float, mean_q: float, sd_q: float
) -> None:
    x, w = np.polynomial.hermite_e.hermegauss(20)
    z = mean + sd * x
    ratios = norm.logpdf(z, mean, sd) - norm.logpdf(z, mean_q, sd_q)
    expected = float(w @ ratios) / math.sqrt(2 * math.pi)
    found = gaussian_kl(mean, sd, mean_q, sd_q)
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-8)
    assert found >= -1e-12


def test_the_penalty_is_a_mean_of_log_ratios() -> None:
    rng = np.random.default_rng(0)
    means, sds = np.array([1.0, -0.5]), np.array([0.5, 0.8])
    z = means + sds * rng.standard_normal((200_000, 2))
    ratios = (norm.logpdf(z, means, sds) - norm.logpdf(z)).sum(axis=1)
    found = standard_normal_penalty(means, sds)
    error = 4 * ratios.std() / math.sqrt(len(ratios))
    assert abs(found - ratios.mean()) < error
    by_hand = 0.5 * sum(
        m * m + s * s - 1 - math.log(s * s)
        for m, s in ((1.0, 0.5), (-0.5, 0.8))
    )
    assert found == pytest.approx(by_hand, abs=1e-12)


def test_a_code_like_the_prior_is_free() -> None:
    assert standard_normal_penalty([0.0, 0.0], [1.0, 1.0]) == 0.0


@pytest.mark.parametrize("target", [TWO, LOPSIDED])
def test_the_forward_fit_has_the_targets_moments(target: Mixture) -> None:
    mean, _ = quad(lambda x: x * density(target, x), -20, 25, limit=400)
    second, _ = quad(lambda x: x * x * density(target, x), -20, 25, limit=400)
    fit = forward_fit(target)
    assert fit.mean == pytest.approx(mean, abs=1e-6)
    assert fit.sd == pytest.approx(math.sqrt(second - mean**2), abs=1e-6)
    expected = integrated(target, fit, forward=True)
    assert fit.divergence == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("target", [TWO, LOPSIDED])
def test_no_neighbour_of_the_forward_fit_is_better(target: Mixture) -> None:
    fit = forward_fit(target)
    for step, stretch in ((0.05, 1), (-0.05, 1), (0, 1.03), (0, 0.97)):
        other = Fit(fit.mean + step, fit.sd * stretch, math.nan)
        assert integrated(target, other, forward=True) > fit.divergence


@pytest.mark.parametrize("start", [-2.0, 0.5, 2.0])
def test_no_neighbour_of_a_reverse_fit_is_better(start: float) -> None:
    fit = reverse_fit(TWO, start=start)
    expected = integrated(TWO, fit, forward=False)
    assert fit.divergence == pytest.approx(expected, abs=1e-6)
    for step, stretch in ((0.05, 1), (-0.05, 1), (0, 1.03), (0, 0.97)):
        other = Fit(fit.mean + step, fit.sd * stretch, math.nan)
        assert integrated(TWO, other, forward=False) > fit.divergence
    assert fit.mean * start > 0
    assert fit.divergence == pytest.approx(math.log(2), abs=1e-3)


def test_close_modes_are_one_mode_for_both_directions() -> None:
    close = Mixture([0.5, 0.5], [-0.1, 0.1], [1, 1])
    forward, reverse = forward_fit(close), reverse_fit(close, start=0.5)
    assert reverse.mean == pytest.approx(forward.mean, abs=1e-3)
    assert reverse.sd == pytest.approx(forward.sd, abs=1e-3)
    assert max(forward.divergence, reverse.divergence) < 1e-4


def test_a_wide_start_may_find_the_whole_target() -> None:
    touching = Mixture([0.5, 0.5], [-1, 1], [1, 1])
    wide = reverse_fit(touching, start=0.0, width=3.0)
    assert abs(wide.mean) < 1e-3
    assert wide.sd > 1.1
    usual = reverse_fit(touching, start=0.0)
    assert usual == reverse_fit(touching, start=0.0, width=1.0)


def test_the_log_density_agrees_with_scipy_and_keeps_its_shape() -> None:
    x = np.linspace(-8, 9, 12).reshape(3, 4)
    expected = [[math.log(density(LOPSIDED, v)) for v in row] for row in x]
    assert LOPSIDED.log_density(x) == pytest.approx(np.array(expected))
    assert np.isfinite(TWO.log_density(np.array([1e6])))[0]


def test_moments_of_a_mixture() -> None:
    assert LOPSIDED.mean == pytest.approx(3.0)
    # The mean square, 0.25 + 14.6, less the squared mean, 9.
    assert LOPSIDED.sd == pytest.approx(math.sqrt(5.85))


def test_impossible_targets_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("shares sums to 0.9, not to 1")
    ):
        Mixture([0.4, 0.5], [0, 1], [1, 1])
    with pytest.raises(ValueError, match=exactly("2 shares, but 1 means")):
        Mixture([0.5, 0.5], [0], [1, 1])
    with pytest.raises(ValueError, match=exactly("2 shares, but 3 sds")):
        Mixture([0.5, 0.5], [0, 1], [1, 1, 1])
    with pytest.raises(
        ValueError, match=exactly("sds[1]=-1.0 is not pos")[:-1]
    ):
        Mixture([0.5, 0.5], [0, 1], [1, -1])
    with pytest.raises(
        ValueError, match=exactly("means[0]=nan is not finite")
    ):
        Mixture([1.0], [math.nan], [1])
    with pytest.raises(ValueError, match=r"^means holds 0 values"):
        Mixture([1.0], [], [1])
    with pytest.raises(ValueError, match=r"^sds holds 0 values"):
        Mixture([1.0], [0], [])


def test_impossible_gaussians_are_refused() -> None:
    for values, message in (
        ((math.nan, 1, 0, 1), "mean=nan is not finite"),
        ((0, 0, 0, 1), "sd=0 is not positive"),
        ((0, 1, math.inf, 1), "mean_q=inf is not finite"),
        ((0, 1, 0, -1), "sd_q=-1 is not positive"),
    ):
        with pytest.raises(ValueError, match=exactly(message)):
            gaussian_kl(*values)
    with pytest.raises(ValueError, match=exactly("2 means, but 1 sds")):
        standard_normal_penalty([0, 0], [1])
    with pytest.raises(ValueError, match=r"^means holds 0 values"):
        standard_normal_penalty([], [])
    with pytest.raises(ValueError, match=r"^sds holds 0 values"):
        standard_normal_penalty([0], [])
    with pytest.raises(ValueError, match=exactly("start=nan is not finite")):
        reverse_fit(TWO, start=math.nan)
    with pytest.raises(ValueError, match=exactly("width=0 is not positive")):
        reverse_fit(TWO, start=0, width=0)
