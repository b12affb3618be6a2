"""Simulated tests count what they say they count."""

import math
import re
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from mlsd_examples.experiments.dashboards import (
    conversion_paths,
    first_crossing,
    simulated_peeking,
    z_paths,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


class Scripted:
    """A source of randomness that says what it was told to."""

    def __init__(self, *steps: list[float]) -> None:
        self._steps = iter(steps)

    def standard_normal(self, size: int) -> np.ndarray[Any, Any]:
        row = np.array(next(self._steps))
        assert row.size == size
        return row


def scripted(*steps: list[float]) -> Any:
    return Scripted(*steps)


def test_one_look_is_significant_as_often_as_its_level() -> None:
    rates = simulated_peeking(1, 0.2, 50_000, np.random.default_rng(1))
    assert abs(rates.crossing.value - 0.2) < 4 * rates.crossing.standard_error
    assert rates.crossing.runs == 50_000
    assert rates.launch == rates.launch_first


def test_red_before_green_is_a_launch_but_not_the_first_crossing() -> None:
    # Totals by look: green then red; red then green; nothing; only red.
    first, second = [3.0, -3.0, 0.1, -3.0], [-9.0, 9.0, 0.1, 0.0]
    rates = simulated_peeking(2, 0.05, 4, scripted(first, second))
    assert rates.crossing.value == 0.75
    assert rates.launch.value == 0.5
    assert rates.launch_first.value == 0.25


def test_green_stays_green_when_it_fades() -> None:
    rates = simulated_peeking(2, 0.05, 1, scripted([3.0], [-3.0]))
    assert rates.launch.value == 1.0
    assert rates.launch_first.value == 1.0


def test_red_after_green_is_not_before_it() -> None:
    first, second, third = [3.0], [-9.0], [20.0]
    rates = simulated_peeking(3, 0.05, 1, scripted(first, second, third))
    assert rates.launch_first.value == 1.0


def test_the_level_itself_is_significant() -> None:
    # 40 significant digits of z leave p within rounding of 2 Φ(-1).
    alpha = math.erfc(1 / math.sqrt(2))
    rates = simulated_peeking(1, alpha, 2, scripted([1.0, 0.9999]))
    assert rates.crossing.value == 0.5


def test_later_looks_are_judged_by_all_data_so_far() -> None:
    # z = 1.5, then (1.5 + 1.5) / √2 = 2.12.
    rates = simulated_peeking(2, 0.05, 1, scripted([1.5], [1.5]))
    assert rates.launch.value == 1.0
    rates = simulated_peeking(2, 0.05, 1, scripted([1.5], [1.2]))
    assert rates.launch.value == 0.0


def test_z_paths_have_unit_variance_and_the_right_correlation() -> None:
    z = z_paths(4, 60_000, np.random.default_rng(2))
    assert z.shape == (60_000, 4)
    assert np.var(z, axis=0) == pytest.approx(np.ones(4), abs=0.025)
    # Looks 1 and 4 share a quarter of the data: correlation √(1/4).
    assert np.corrcoef(z[:, 0], z[:, 3])[0, 1] == pytest.approx(0.5, abs=0.02)
    assert np.abs(z.mean(axis=0)).max() < 0.02


def test_z_paths_drift_to_the_expected_z() -> None:
    z = z_paths(4, 60_000, np.random.default_rng(3), expected_z=3.0)
    assert z.mean(axis=0) == pytest.approx([1.5, 2.1213, 2.598, 3], abs=0.02)


def test_conversion_paths_are_the_pooled_z_test_of_all_users_so_far() -> None:
    paths = conversion_paths(
        200, 3, (0.1, 0.3), runs=4_000, rng=np.random.default_rng(4)
    )
    assert paths.z.shape == paths.lifts.shape == (4_000, 3)
    assert paths.lifts.mean(axis=0) == pytest.approx([0.2] * 3, abs=0.003)
    sd = np.sqrt((0.1 * 0.9 + 0.3 * 0.7) / (200 * np.arange(1, 4)))
    assert paths.lifts.std(axis=0) == pytest.approx(sd, rel=0.05)
    pooled = np.sqrt(2 * 0.2 * 0.8 / (200 * np.arange(1, 4)))
    assert paths.z.mean(axis=0) == pytest.approx(0.2 / pooled, rel=0.02)


def test_z_follows_from_the_same_counts_as_the_lift() -> None:
    class Binomial:
        def binomial(
            self, users: int, rate: float, size: tuple[int, int]
        ) -> np.ndarray[Any, Any]:
            assert (users, size) == (50, (1, 2))
            return np.array([[5, 7]]) if rate < 0.2 else np.array([[9, 10]])

    rng: Any = Binomial()
    paths = conversion_paths(50, 2, (0.1, 0.25), 1, rng)
    assert paths.lifts.tolist() == [[pytest.approx(0.08), pytest.approx(0.07)]]
    pooled = 31 / 200
    expected = 0.07 / math.sqrt(pooled * (1 - pooled) * 2 / 100)
    assert paths.z[0, 1] == pytest.approx(expected)


def test_a_dashboard_on_which_nobody_converted_stands_at_zero() -> None:
    paths = conversion_paths(
        1, 2, (1e-9, 1e-9), runs=3, rng=np.random.default_rng(5)
    )
    assert paths.z.tolist() == [[0.0, 0.0]] * 3


def test_an_a_a_dashboard_keeps_its_level_at_one_look() -> None:
    paths = conversion_paths(
        5_000, 1, (0.3, 0.3), runs=40_000, rng=np.random.default_rng(6)
    )
    share = (np.abs(paths.z[:, 0]) > norm.isf(0.025)).mean()
    assert abs(share - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 40_000)


def test_the_first_crossing_is_found_on_each_side() -> None:
    z = [[0.0, 2.0, 3.0], [-2.0, 2.0, 0.0], [0.0, 0.0, 0.0]]
    assert first_crossing(z, 2.0, side="up").tolist() == [1, 1, 3]
    assert first_crossing(z, 2.0, side="down").tolist() == [3, 0, 3]
    assert first_crossing(z, 2.0, side="either").tolist() == [1, 0, 3]


def test_each_look_may_have_its_own_bound() -> None:
    z = [[2.0, 2.0, 2.0]]
    assert first_crossing(z, [4.0, math.inf, 2.0], side="up").tolist() == [2]


@pytest.mark.parametrize(
    ("z", "bounds", "side", "message"),
    [
        ([1.0], 1.0, "up", "z of shape (1,) is not (runs, looks)"),
        ([[]], 1.0, "up", "z of shape (1, 0) is not (runs, looks)"),
        ([[math.nan]], 1.0, "up", "z holds a NaN"),
        (
            [[1.0, 1.0]],
            [1.0],
            "up",
            "bounds of shape (1,) do not fit 2 looks",
        ),
        ([[1.0]], 0.0, "up", "bounds 0.0 are not all above 0"),
        ([[1.0]], [math.nan], "up", "bounds [nan] are not all above 0"),
        (
            [[1.0]],
            1.0,
            "left",
            "side='left' is none of ('either', 'up', 'down')",
        ),
    ],
)
def test_impossible_paths_and_bounds_are_refused(
    z: Any, bounds: Any, side: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        first_crossing(z, bounds, side=side)


def test_the_smallest_simulations_run() -> None:
    rng = np.random.default_rng(7)
    assert simulated_peeking(1, 0.5, 1, rng).crossing.runs == 1
    assert z_paths(1, 1, rng).shape == (1, 1)
    assert conversion_paths(1, 1, (0.5, 0.5), 1, rng).z.shape == (1, 1)


def test_impossible_simulations_are_refused() -> None:
    rng = np.random.default_rng(8)
    with pytest.raises(ValueError, match=exactly("looks=0 is below 1")):
        simulated_peeking(0, 0.05, 1, rng)
    with pytest.raises(ValueError, match=exactly("runs=0 is below 1")):
        simulated_peeking(1, 0.05, 0, rng)
    with pytest.raises(
        ValueError, match=exactly("alpha=1.5 is outside (0, 1)")
    ):
        simulated_peeking(1, 1.5, 1, rng)
    with pytest.raises(ValueError, match=exactly("looks=0 is below 1")):
        z_paths(0, 1, rng)
    with pytest.raises(ValueError, match=exactly("runs=0 is below 1")):
        z_paths(1, 0, rng)
    with pytest.raises(
        ValueError, match=exactly("expected_z=nan is not finite")
    ):
        z_paths(1, 1, rng, expected_z=math.nan)
    with pytest.raises(ValueError, match=exactly("users=0 is below 1")):
        conversion_paths(0, 1, (0.1, 0.1), 1, rng)
    with pytest.raises(ValueError, match=exactly("looks=0 is below 1")):
        conversion_paths(1, 0, (0.1, 0.1), 1, rng)
    with pytest.raises(ValueError, match=exactly("runs=0 is below 1")):
        conversion_paths(1, 1, (0.1, 0.1), 0, rng)
    three: Any = (0.1, 0.2, 0.3)
    with pytest.raises(
        ValueError,
        match=exactly("rates (0.1, 0.2, 0.3) are not those of two arms"),
    ):
        conversion_paths(1, 1, three, 1, rng)
    with pytest.raises(
        ValueError, match=exactly("rate=1.0 is outside (0, 1)")
    ):
        conversion_paths(1, 1, (0.1, 1.0), 1, rng)


def test_a_side_and_numbers_of_another_type_are_refused() -> None:
    side: Any = ["up"]
    with pytest.raises(ValueError, match=r"side=\['up'\] is none of"):
        first_crossing([[1.0]], 2.0, side=side)
    with pytest.raises(TypeError, match=exactly("z are not all numbers")):
        first_crossing([["high"]], 2.0, side="up")
    words: Any = ["high"]
    with pytest.raises(TypeError, match=exactly("bounds are not all numbers")):
        first_crossing([[1.0]], words, side="up")
    rate: Any = 0.1
    with pytest.raises(
        ValueError, match=exactly("rates 0.1 are not those of two arms")
    ):
        conversion_paths(5, 2, rate, 3, np.random.default_rng(1))
