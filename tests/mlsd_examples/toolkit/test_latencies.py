"""A service with two speeds agrees with SciPy's lognormal and with samples."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import lognorm

from mlsd_examples.toolkit.latencies import TwoSpeeds


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_one_request_in_a_hundred_hides_in_the_mean() -> None:
    service = TwoSpeeds(0.01, 40, 2000)
    assert service.mean_ms == pytest.approx(59.6, abs=1e-12)
    assert service.spread == 0.2


@given(
    st.floats(0, 1),
    st.floats(1, 100),
    st.floats(101, 5_000),
    st.floats(0.05, 0.5),
    st.floats(1, 10_000),
)
def test_the_share_above_a_limit_is_scipys(
    slow: float, fast_ms: float, slow_ms: float, spread: float, limit: float
) -> None:
    service = TwoSpeeds(slow, fast_ms, slow_ms, spread)
    parts = [
        lognorm.sf(limit, spread, scale=mean * math.exp(-(spread**2) / 2))
        for mean in (fast_ms, slow_ms)
    ]
    expected = (1 - slow) * parts[0] + slow * parts[1]
    assert service.share_above(limit) == pytest.approx(
        expected, rel=1e-9, abs=1e-12
    )


@given(st.floats(0.001, 0.999), st.sampled_from([0.0, 0.3, 1.0]))
def test_quantiles_undo_the_share_above(level: float, slow: float) -> None:
    service = TwoSpeeds(slow, 40, 120, 0.4)
    at = service.quantile_ms(level)
    assert service.share_above(at) == pytest.approx(1 - level, abs=1e-9)


@pytest.mark.parametrize("level", [0.001, 0.5, 0.99, 0.999])
def test_without_slow_requests_quantiles_are_scipys(level: float) -> None:
    expected = lognorm.ppf(level, 0.2, scale=40 * math.exp(-0.02))
    found = TwoSpeeds(0.0, 40, 2000).quantile_ms(level)
    assert found == pytest.approx(expected, rel=1e-9)


def test_the_percentile_on_the_cliff_is_refused() -> None:
    service = TwoSpeeds(0.01, 40, 2000)
    message = "share=0.99 falls into the gap between the two speeds"
    with pytest.raises(ValueError, match=exactly(message)):
        service.quantile_ms(0.99)
    assert service.quantile_ms(0.9899) < 100
    assert service.quantile_ms(0.9901) > 1_000
    # Where the two speeds overlap there is no gap.
    assert 50 < TwoSpeeds(0.01, 40, 120, 0.4).quantile_ms(0.99) < 120


def test_a_density_just_above_nothing_is_no_gap() -> None:
    # Halfway between the speeds the density per unit of log latency is
    # 2.6e-10 at the narrower spread and 2.9e-9 at the wider.
    with pytest.raises(ValueError, match="gap"):
        TwoSpeeds(0.5, 40, 400, 0.17).quantile_ms(0.5)
    middle = TwoSpeeds(0.5, 40, 400, 0.18).quantile_ms(0.5)
    expected = math.sqrt(40 * 400) * math.exp(-(0.18**2) / 2)
    assert middle == pytest.approx(expected, rel=1e-4)


def test_samples_have_the_mean_and_the_slow_share() -> None:
    service = TwoSpeeds(0.1, 40, 2000)
    sample = service.sample_ms(200_000, np.random.default_rng(1))
    assert sample.shape == (200_000,)
    error = sample.std() / math.sqrt(sample.size)
    assert abs(sample.mean() - service.mean_ms) < 4 * error
    slow = sample[sample > 400]
    assert abs(slow.size - 20_000) < 4 * math.sqrt(200_000 * 0.09)
    fast = np.log(sample[sample < 400])
    assert fast.mean() == pytest.approx(math.log(40) - 0.02, abs=0.002)
    assert fast.std() == pytest.approx(0.2, abs=0.002)


def test_one_speed_is_two_speeds_with_no_slow_share() -> None:
    rng = np.random.default_rng(2)
    assert TwoSpeeds(0.0, 40, 2000).sample_ms(1_000, rng).max() < 100
    assert TwoSpeeds(1.0, 40, 2000).sample_ms(1_000, rng).min() > 500


def test_impossible_services_are_refused() -> None:
    with pytest.raises(
        ValueError, match=exactly("slow_share=1.5 is outside [0, 1]")
    ):
        TwoSpeeds(1.5, 40, 2000)
    with pytest.raises(ValueError, match=exactly("fast_ms=0 is not positive")):
        TwoSpeeds(0.1, 0, 2000)
    with pytest.raises(ValueError, match=exactly("slow_ms=nan is not finite")):
        TwoSpeeds(0.1, 40, math.nan)
    with pytest.raises(ValueError, match=exactly("spread=0 is not positive")):
        TwoSpeeds(0.1, 40, 2000, 0)
    with pytest.raises(
        ValueError, match=exactly("slow_ms=40 is not above fast_ms=40")
    ):
        TwoSpeeds(0.1, 40, 40)


def test_impossible_questions_are_refused() -> None:
    service = TwoSpeeds(0.1, 40, 2000)
    with pytest.raises(
        ValueError, match=exactly("limit_ms=0 is not positive")
    ):
        service.share_above(0)
    with pytest.raises(ValueError, match=exactly("share=1 is outside (0, 1)")):
        service.quantile_ms(1)
    with pytest.raises(ValueError, match=exactly("requests=0 is below 1")):
        service.sample_ms(0, np.random.default_rng(1))
    assert service.sample_ms(1, np.random.default_rng(1)).shape == (1,)
