r"""Group-sequential tests: looks that were planned, at a price that is known.

With :math:`K` looks at equal steps of information, the bound on
:math:`|z_k|` is

.. math:: c_K(\alpha)\,(K/k)^{1/2 - \Delta}

with :math:`\Delta = 1/2` for Pocock (the same bound at every look) and
:math:`\Delta = 0` for O'Brien and Fleming (the same bound on the *score*:
near-impossible early, near the fixed-sample bound at the end).  The constant
is the one at which the exact probability of ever crossing is alpha.

The price is paid in users: the largest sample grows by the inflation factor,
the mean sample shrinks if the effect is real.

In production, use the R packages gsDesign or rpact; they spend alpha over
looks that need not be equally spaced (Lan and DeMets).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import norm

from mlsd_examples._refusals import finite, numbers, share, whole
from mlsd_examples.experiments.first_exits import Exits, first_exits

__all__ = [
    "GroupSequentialDesign",
    "group_sequential_bounds",
    "group_sequential_design",
    "group_sequential_exits",
]

Kind: TypeAlias = Literal["pocock", "obrien-fleming"]

# Solutions of one-dimensional equations are found to about this precision.
_PRECISION = 1e-10


@dataclass(frozen=True)
class GroupSequentialDesign:
    """A plan of looks, and what it costs against a fixed sample.

    Parameters
    ----------
    bounds : tuple of float
        Bound on the absolute z-statistic at each look.
    inflation : float
        Largest sample over the fixed sample of equal level and power.
    expected_null : float
        Mean sample over the fixed sample, when nothing differs.
    expected_alternative : float
        Mean sample over the fixed sample, when the effect is as planned.
    """

    bounds: tuple[float, ...]
    inflation: float
    expected_null: float
    expected_alternative: float


def group_sequential_bounds(
    looks: int, alpha: float = 0.05, *, kind: Kind = "obrien-fleming"
) -> tuple[float, ...]:
    r"""Compute bounds that keep alpha over all planned looks.

    Parameters
    ----------
    looks : int
        Number of looks, at least 1, equally spaced in information.
    alpha : float
        Two-sided level over all looks together, in (0, 1).
    kind : str
        ``"obrien-fleming"`` or ``"pocock"``.

    Returns
    -------
    tuple of float
        Bound on the absolute z-statistic at each look.

    Raises
    ------
    TypeError
        If `looks` is not a whole number.
    ValueError
        If `looks` is below 1, `alpha` is outside (0, 1), or `kind` is
        unknown.

    Notes
    -----
    The last bound is the published constant, :math:`C_P(K, \alpha)` or
    :math:`C_B(K, \alpha)`.

    References
    ----------
    Jennison and Turnbull (2000), Group Sequential Methods with Applications
    to Clinical Trials, chapter 2.

    Examples
    --------
    Five looks, as tabulated:

    >>> [round(z, 2) for z in group_sequential_bounds(5)]
    [4.56, 3.23, 2.63, 2.28, 2.04]
    >>> [round(z, 3) for z in group_sequential_bounds(2, kind="pocock")]
    [2.178, 2.178]

    One look is a fixed sample:

    >>> [round(z, 3) for z in group_sequential_bounds(1)]
    [1.96]
    >>> group_sequential_bounds(5, kind="haybittle")
    Traceback (most recent call last):
        ...
    ValueError: kind='haybittle' is none of ('pocock', 'obrien-fleming')
    """
    looks = whole("looks", looks, least=1)
    alpha = share("alpha", alpha)
    if kind not in get_args(Kind):
        raise ValueError(f"kind={kind!r} is none of {get_args(Kind)}")
    return _bounds(looks, alpha, kind)


def group_sequential_exits(
    bounds: Sequence[float] | npt.NDArray[np.floating[Any]],
    *,
    expected_z: float = 0.0,
    losses_stop: bool = True,
) -> Exits:
    """Follow a test that stops at planned bounds.

    Parameters
    ----------
    bounds : sequence of float, shape (looks,)
        Bound on the absolute z-statistic at each look, > 0; ``inf`` where
        the test must not stop.
    expected_z : float
        Mean of the z-statistic at the last look, if nobody stops.
    losses_stop : bool
        Whether the lower bound ends the test too.

    Returns
    -------
    Exits
        With information counted in shares of the largest sample.

    Raises
    ------
    TypeError
        If the bounds are not numbers.
    ValueError
        If there is no bound, they are not one list, one is not above 0, or
        `expected_z` is not finite.

    Examples
    --------
    Without effect, the level is kept; one half of it is wins.

    >>> exits = group_sequential_exits(group_sequential_bounds(5))
    >>> round(exits.rate, 6), round(exits.up_rate, 6)
    (0.05, 0.025)

    Planned looks exaggerate too, since they stop on luck:

    >>> exits = group_sequential_exits(
    ...     group_sequential_bounds(5, kind="pocock"), expected_z=2.8
    ... )
    >>> round(exits.mean_estimate_up / 2.8, 2)
    1.47
    """
    upper = numbers("bounds", bounds)
    if upper.ndim != 1:
        raise ValueError(f"bounds have shape {upper.shape}, not one axis")
    for look, bound in enumerate(upper.tolist(), 1):
        if not bound > 0:
            raise ValueError(f"bound {bound} of look {look} is not above 0")
    looks = upper.size
    return first_exits(
        -upper if losses_stop else [-math.inf] * looks,
        upper,
        drift=finite("expected_z", expected_z),
        information=[k / looks for k in range(1, looks + 1)],
    )


def group_sequential_design(
    looks: int,
    alpha: float = 0.05,
    power: float = 0.8,
    *,
    kind: Kind = "obrien-fleming",
) -> GroupSequentialDesign:
    r"""Price a plan of looks against a fixed sample.

    Parameters
    ----------
    looks : int
        Number of looks, at least 1, equally spaced in information.
    alpha : float
        Two-sided level over all looks together, in (0, 1).
    power : float
        Probability of stopping on the right side when the effect is as
        planned, in (alpha, 1).
    kind : str
        ``"obrien-fleming"`` or ``"pocock"``.

    Returns
    -------
    GroupSequentialDesign
        Bounds and sample sizes, relative to the fixed sample.

    Raises
    ------
    TypeError
        If `looks` is not a whole number.
    ValueError
        If a value is outside its range, or `kind` is unknown.

    Notes
    -----
    The fixed sample needs :math:`(z_{\alpha/2} + z_\beta)^2 / \theta^2`
    information.  With the expected z-statistic :math:`\eta` at which the
    plan reaches its power, the inflation is
    :math:`\eta^2 / (z_{\alpha/2} + z_\beta)^2`.

    References
    ----------
    Jennison and Turnbull (2000), Group Sequential Methods with Applications
    to Clinical Trials, chapter 2.

    Examples
    --------
    O'Brien and Fleming's looks cost 3 % more users at most, Pocock's 23 %:

    >>> round(group_sequential_design(5).inflation, 3)
    1.028
    >>> round(group_sequential_design(5, kind="pocock").inflation, 3)
    1.229

    If the effect is real, both need fewer on average; if there is none, and
    nobody stops for futility, neither does:

    >>> design = group_sequential_design(5)
    >>> round(design.expected_alternative, 2), round(design.expected_null, 2)
    (0.82, 1.02)

    A power that chance alone exceeds is refused:

    >>> group_sequential_design(5, power=0.05)
    Traceback (most recent call last):
        ...
    ValueError: power=0.05 is not above alpha=0.05
    """
    bounds = group_sequential_bounds(looks, alpha, kind=kind)
    if not share("power", power) > alpha:
        raise ValueError(f"power={power} is not above alpha={alpha}")
    fixed = float(norm.isf(alpha / 2) + norm.ppf(power))
    needed = float(
        brentq(
            lambda z: (
                group_sequential_exits(bounds, expected_z=z).up_rate - power
            ),
            0.0,
            2 * fixed + bounds[-1],
            xtol=_PRECISION,
        )
    )
    inflation = (needed / fixed) ** 2
    null = group_sequential_exits(bounds)
    planned = group_sequential_exits(bounds, expected_z=needed)
    return GroupSequentialDesign(
        bounds=bounds,
        inflation=inflation,
        expected_null=inflation * null.mean_information,
        expected_alternative=inflation * planned.mean_information,
    )


@cache
def _bounds(looks: int, alpha: float, kind: Kind) -> tuple[float, ...]:
    share_of_information = np.arange(1, looks + 1) / looks
    shape = share_of_information ** (0.0 if kind == "pocock" else -0.5)
    # One look is too lenient; sharing alpha by Bonferroni is too strict.
    lenient, strict = norm.isf(alpha / 2), norm.isf(alpha / (2 * looks))
    constant = brentq(
        lambda c: group_sequential_exits(tuple(c * shape)).rate - alpha,
        0.9 * lenient,
        1.1 * strict,
        xtol=_PRECISION,
    )
    return tuple((constant * shape).tolist())
