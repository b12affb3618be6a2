"""What stopping on green does to a test: the same rates, by simulation.

Nothing here knows a boundary or an integral.  Users arrive, a running
statistic is formed, and its two-sided p-value is compared with alpha at
every look.  The module therefore says independently what
:mod:`mlsd_examples.experiments.peeking` and
:mod:`mlsd_examples.experiments.sequential` derive.

Every rate comes with its standard error.  In production this is what an A/A
test of your own platform does: run it on your own logs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import erfc

from mlsd_examples._refusals import finite, numbers, share, whole
from mlsd_examples.maths.monte_carlo import Rate, rate_of

__all__ = [
    "ConversionPaths",
    "PeekingRates",
    "conversion_paths",
    "first_crossing",
    "simulated_peeking",
    "z_paths",
]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PeekingRates:
    """What became of simulated tests that stop when significant.

    Parameters
    ----------
    crossing : Rate
        Significant at some look, on either side.
    launch : Rate
        Green at some look, whatever happened before.
    launch_first : Rate
        Green at the first significant look.
    """

    crossing: Rate
    launch: Rate
    launch_first: Rate


@dataclass(frozen=True)
class ConversionPaths:
    """Dashboards of two arms with conversions, look by look.

    Parameters
    ----------
    lifts : ndarray of float, shape (runs, looks)
        Conversion rate of the treatment minus that of the control, from all
        users so far.
    z : ndarray of float, shape (runs, looks)
        The same over its pooled standard error; 0 while nobody converted.
    """

    lifts: Floats
    z: Floats


def simulated_peeking(
    looks: int, alpha: float, runs: int, rng: np.random.Generator
) -> PeekingRates:
    """Simulate A/A tests that are looked at again and again.

    Parameters
    ----------
    looks : int
        Number of looks, at least 1; each brings one more unit of data.
    alpha : float
        Two-sided level of each look, in (0, 1).
    runs : int
        Number of tests, at least 1.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    PeekingRates
        Shares of tests that cross, and that launch.

    Raises
    ------
    TypeError
        If `looks` or `runs` is not a whole number.
    ValueError
        If one is below 1, or `alpha` is outside (0, 1).

    Examples
    --------
    Five looks; the exact rate is 0.1417.

    >>> rng = np.random.default_rng(7)
    >>> rates = simulated_peeking(5, 0.05, 40_000, rng)
    >>> abs(rates.crossing.value - 0.1417) < 4 * rates.crossing.standard_error
    True
    """
    looks = whole("looks", looks, least=1)
    runs = whole("runs", runs, least=1)
    alpha = share("alpha", alpha)
    total = np.zeros(runs)
    red, green, green_first = np.zeros((3, runs), dtype=bool)
    for look in range(1, looks + 1):
        total += rng.standard_normal(runs)
        p_value = erfc(np.abs(total) / math.sqrt(2 * look))
        significant = p_value <= alpha
        green_first |= significant & (total > 0) & ~red
        green |= significant & (total > 0)
        red |= significant & (total < 0)
    return PeekingRates(
        crossing=rate_of(green | red),
        launch=rate_of(green),
        launch_first=rate_of(green_first),
    )


def z_paths(
    looks: int,
    runs: int,
    rng: np.random.Generator,
    *,
    expected_z: float = 0.0,
) -> Floats:
    """Simulate the z-statistic of tests, look by look.

    Parameters
    ----------
    looks : int
        Number of looks, at least 1, equally spaced in information.
    runs : int
        Number of tests, at least 1.
    rng : numpy.random.Generator
        Source of randomness.
    expected_z : float
        Mean of the z-statistic at the last look; 0 for A/A tests.

    Returns
    -------
    ndarray of float, shape (runs, looks)
        z-statistic of each test at each look.

    Raises
    ------
    TypeError
        If `looks` or `runs` is not a whole number.
    ValueError
        If one is below 1, or `expected_z` is not finite.

    Examples
    --------
    >>> z_paths(336, 30, np.random.default_rng(7)).shape
    (30, 336)
    """
    looks = whole("looks", looks, least=1)
    runs = whole("runs", runs, least=1)
    drift = finite("expected_z", expected_z) / math.sqrt(looks)
    steps = rng.standard_normal((runs, looks)) + drift
    z: Floats = np.cumsum(steps, axis=1) / np.sqrt(np.arange(1, looks + 1))
    return z


def conversion_paths(
    users: int,
    looks: int,
    rates: tuple[float, float],
    runs: int,
    rng: np.random.Generator,
) -> ConversionPaths:
    """Simulate dashboards of two arms that convert.

    Parameters
    ----------
    users : int
        Users that each arm gains between two looks, at least 1.
    looks : int
        Number of looks, at least 1.
    rates : tuple of float
        True conversion rates of control and treatment, in (0, 1).
    runs : int
        Number of tests, at least 1.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ConversionPaths
        Lift and z-statistic at each look.

    Raises
    ------
    TypeError
        If a count is not a whole number.
    ValueError
        If a count is below 1, there are not two rates, or one is outside
        (0, 1).

    Examples
    --------
    Two weeks, hour by hour, 93 users an hour in each arm:

    >>> paths = conversion_paths(
    ...     93, 336, (0.05, 0.055), runs=10, rng=np.random.default_rng(7)
    ... )
    >>> paths.lifts.shape, paths.z.shape
    ((10, 336), (10, 336))
    """
    users = whole("users", users, least=1)
    looks = whole("looks", looks, least=1)
    runs = whole("runs", runs, least=1)
    if np.shape(rates) != (2,):
        raise ValueError(f"rates {rates} are not those of two arms")
    control, treatment = (share("rate", rate) for rate in rates)
    so_far = users * np.arange(1, looks + 1)
    a, b = (
        np.cumsum(rng.binomial(users, rate, (runs, looks)), axis=1) / so_far
        for rate in (control, treatment)
    )
    pooled = (a + b) / 2
    error = np.sqrt(2 * pooled * (1 - pooled) / so_far)
    z = np.zeros_like(a)
    np.divide(b - a, error, out=z, where=error > 0)
    return ConversionPaths(lifts=b - a, z=z)


def first_crossing(
    z: npt.ArrayLike,
    bounds: float | Sequence[float],
    *,
    side: Literal["either", "up", "down"],
) -> Ints:
    """Find the look at which each test first reaches its bound.

    Parameters
    ----------
    z : array-like of float, shape (runs, looks)
        z-statistics.
    bounds : float or sequence of float, shape (looks,)
        Bound on the z-statistic, > 0, of all looks or of each.
    side : str
        ``"up"`` for wins, ``"down"`` for losses, ``"either"`` for both.

    Returns
    -------
    ndarray of int, shape (runs,)
        Index of the look, from 0; the number of looks for tests that never
        reach it.

    Raises
    ------
    TypeError
        If `z` or a bound is not made of numbers.
    ValueError
        If `z` has not two axes or a NaN, a bound is not above 0, there is
        not one bound a look, or `side` is unknown.

    Examples
    --------
    The first test is green at its third look; the second is red at once and
    never green.

    >>> z = [[0.4, 1.2, 2.5], [-2.2, 0.0, 1.9]]
    >>> first_crossing(z, 1.96, side="up").tolist()
    [2, 3]
    >>> first_crossing(z, 1.96, side="either").tolist()
    [2, 0]
    """
    array = numbers("z", z)
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"z of shape {array.shape} is not (runs, looks)")
    if np.isnan(array).any():
        raise ValueError("z holds a NaN")
    line = numbers("bounds", bounds)
    if line.shape not in {(), array.shape[1:]}:
        raise ValueError(
            f"bounds of shape {line.shape} do not fit {array.shape[1]} looks"
        )
    if not (line > 0).all():
        raise ValueError(f"bounds {line.tolist()} are not all above 0")
    signed = {"either": np.abs(array), "up": array, "down": -array}
    if side not in tuple(signed):
        raise ValueError(f"side={side!r} is none of {tuple(signed)}")
    reached = signed[side] >= line
    looks = array.shape[1]
    first: Ints = np.where(reached.any(axis=1), reached.argmax(axis=1), looks)
    return first
