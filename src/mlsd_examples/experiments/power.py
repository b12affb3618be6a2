r"""Power, sample size, and what low power does to the estimate.

All formulas are for the normal approximation and two independent arms.
Power counts rejections in the direction of the effect only: a significant
result of the wrong sign is no success.

Three conventions are in use for two proportions, and calculators differ by
them, not by mistakes:

``"unpooled"``
    one variance, :math:`p_1 q_1 + p_2 q_2 / r`, under both hypotheses (the
    default here, and the textbook's);
``"pooled"``
    the variance of the pooled rate under the null hypothesis (statsmodels'
    ``samplesize_proportions_2indep_onetail``);
``"arcsine"``
    Cohen's :math:`h = 2\arcsin\sqrt{p_2} - 2\arcsin\sqrt{p_1}` with unit
    variance (statsmodels' ``NormalIndPower`` on ``proportion_effectsize``).

In production, use :mod:`statsmodels.stats.power` and
:mod:`statsmodels.stats.proportion`.
"""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from scipy.stats import norm

from mlsd_examples._refusals import finite, positive, share, whole

__all__ = [
    "DesignErrors",
    "design_errors",
    "power_two_proportions",
    "sample_size_two_means",
    "sample_size_two_proportions",
]

Formula: TypeAlias = Literal["unpooled", "pooled", "arcsine"]

# The square of a larger number leaves the range of a float.
_LARGEST_ROOT = 1e154


@dataclass(frozen=True)
class DesignErrors:
    """What a design does to its significant results.

    Parameters
    ----------
    power : float
        Probability of a significant result with the right sign.
    wrong_sign : float
        Share of the significant results with the wrong sign (type S).
    exaggeration : float
        Mean size of the significant estimates over the true effect
        (type M).
    """

    power: float
    wrong_sign: float
    exaggeration: float


def sample_size_two_proportions(
    p: float,
    mde: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    ratio: float = 1.0,
    sides: Literal[1, 2] = 2,
    formula: Formula = "unpooled",
) -> int:
    r"""Compute the users that a test of two proportions needs.

    Parameters
    ----------
    p : float
        Conversion rate of the control, in (0, 1).
    mde : float
        Smallest difference worth detecting, absolute (0.005 is half a
        point), of either sign, not 0; `p` + `mde` must lie in (0, 1).
    alpha : float
        Level of the test, in (0, 1).
    power : float
        Probability of a significant result with the right sign, above
        `alpha`, below 1.
    ratio : float
        Users of the treatment for one of the control, > 0.
    sides : int
        2 or 1.
    formula : str
        ``"unpooled"``, ``"pooled"`` or ``"arcsine"``.

    Returns
    -------
    int
        Users of the control, rounded up; the treatment needs `ratio` times
        as many.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If a value is outside its range.

    Notes
    -----
    Unpooled: :math:`n = (z_{\alpha/2} + z_\beta)^2
    (p_1 q_1 + p_2 q_2 / r) / d^2`, about :math:`16\,pq/d^2`.

    References
    ----------
    van Belle (2008), Statistical Rules of Thumb.

    Examples
    --------
    From 5.0 % to 5.5 %:

    >>> sample_size_two_proportions(0.05, 0.005)
    31231

    Half the effect needs four times the users, not twice:

    >>> sample_size_two_proportions(0.05, 0.0025)
    122121

    The other conventions move the answer by a few users, here:

    >>> sample_size_two_proportions(0.05, 0.005, formula="pooled")
    31234
    >>> sample_size_two_proportions(0.05, 0.005, formula="arcsine")
    31218

    No difference, and a power that a test of nothing exceeds, are refused:

    >>> sample_size_two_proportions(0.05, 0.0)
    Traceback (most recent call last):
        ...
    ValueError: mde=0.0 is no difference
    >>> sample_size_two_proportions(0.05, 0.005, power=0.05)
    Traceback (most recent call last):
        ...
    ValueError: power=0.05 is not above alpha=0.05
    """
    other = _treatment_rate(p, mde)
    ratio = positive("ratio", ratio)
    z_level, z_power = _normal_quantiles(alpha, power, sides)
    null, alternative = _deviations(p, other, ratio, formula)
    difference = abs(_difference(p, other, formula))
    needed = (z_level * null + z_power * alternative) / difference
    return _whole_users(max(needed, 1.0), mde)


def sample_size_two_means(
    sd: float,
    mde: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    ratio: float = 1.0,
    sides: Literal[1, 2] = 2,
) -> int:
    r"""Compute the users that a test of two means needs.

    Parameters
    ----------
    sd : float
        Standard deviation in each arm, > 0.
    mde : float
        Smallest difference worth detecting, in the unit of `sd`, not 0.
    alpha, power, ratio, sides
        As in :func:`sample_size_two_proportions`.

    Returns
    -------
    int
        Users of the control, rounded up.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If a value is outside its range.

    Notes
    -----
    :math:`n = (z_{\alpha/2} + z_\beta)^2 \sigma^2 (1 + 1/r) / d^2`: normal
    quantiles, not Student's, so that a few users are missing below n = 30.

    Examples
    --------
    A tenth of a standard deviation:

    >>> sample_size_two_means(1.0, 0.1)
    1570

    A covariate that removes half of the variance saves half of the users:

    >>> sample_size_two_means(0.5**0.5, 0.1)
    785
    """
    sd, ratio = positive("sd", sd), positive("ratio", ratio)
    if finite("mde", mde) == 0:
        raise ValueError(f"mde={mde} is no difference")
    z_level, z_power = _normal_quantiles(alpha, power, sides)
    needed = (z_level + z_power) * sd * math.sqrt(1 + 1 / ratio) / abs(mde)
    return _whole_users(needed, mde)


def power_two_proportions(
    p1: float,
    p2: float,
    n1: int,
    n2: int,
    *,
    alpha: float = 0.05,
    sides: Literal[1, 2] = 2,
    formula: Formula = "unpooled",
) -> float:
    r"""Compute the probability of finding a difference of proportions.

    Parameters
    ----------
    p1, p2 : float
        True rates of control and treatment, in (0, 1), different.
    n1, n2 : int
        Users in each arm, at least 2.
    alpha : float
        Level of the test, in (0, 1).
    sides : int
        2 or 1; one-sided tests look in the direction of the difference.
    formula : str
        ``"unpooled"``, ``"pooled"`` or ``"arcsine"``.

    Returns
    -------
    float
        Probability of a significant result with the right sign.

    Raises
    ------
    TypeError
        If a number of users is not whole, or a rate is not a number.
    ValueError
        If a value is outside its range.

    Examples
    --------
    >>> round(power_two_proportions(0.05, 0.055, 31_231, 31_231), 4)
    0.8

    Half of the users do not give half of the power:

    >>> round(power_two_proportions(0.05, 0.055, 15_616, 15_616), 4)
    0.5084
    """
    n1, n2 = whole("n1", n1, least=2), whole("n2", n2, least=2)
    p1, p2 = share("p1", p1), share("p2", p2)
    if p1 == p2:
        raise ValueError(f"p1=p2={p1} is no difference")
    level = share("alpha", alpha) / _sides(sides)
    null, alternative = _deviations(p1, p2, n2 / n1, formula)
    difference = abs(_difference(p1, p2, formula)) * math.sqrt(n1)
    critical = float(norm.isf(level)) * null
    return float(norm.cdf((difference - critical) / alternative))


def design_errors(
    effect: float, standard_error: float, *, alpha: float = 0.05
) -> DesignErrors:
    r"""Say what the significant results of a design look like.

    Parameters
    ----------
    effect : float
        True effect, not 0.
    standard_error : float
        Standard error of its estimate, > 0.
    alpha : float
        Two-sided level, in (0, 1).

    Returns
    -------
    DesignErrors
        Power, share of wrong signs, exaggeration.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If a value is outside its range.

    Notes
    -----
    With :math:`\lambda` the effect over its standard error and :math:`c` the
    critical value, the mean of :math:`|z|` among :math:`|z| > c` is the sum
    of two truncated normal means.

    References
    ----------
    Gelman and Carlin (2014), Beyond power calculations.

    Examples
    --------
    At 80 % power, significant estimates are a little too large:

    >>> errors = design_errors(2.802, 1.0)
    >>> round(errors.power, 2), round(errors.exaggeration, 2)
    (0.8, 1.12)

    At 8 %, they are nearly five times too large, and one in eleven has the
    wrong sign:

    >>> errors = design_errors(0.5, 1.0)
    >>> round(errors.exaggeration, 1), round(errors.wrong_sign, 3)
    (4.8, 0.088)
    """
    if finite("effect", effect) == 0:
        raise ValueError(f"effect={effect} has no sign and no size")
    shift = abs(effect) / positive("standard_error", standard_error)
    critical = float(norm.isf(share("alpha", alpha) / 2))
    right = float(norm.sf(critical - shift))
    wrong = float(norm.sf(critical + shift))
    # Mean of |z| where it counts: mean + density over each tail.
    size = shift * (right - wrong) + float(
        norm.pdf(critical - shift) + norm.pdf(critical + shift)
    )
    return DesignErrors(
        power=right,
        wrong_sign=wrong / (right + wrong),
        exaggeration=size / (right + wrong) / shift,
    )


def _sides(sides: int) -> int:
    if whole("sides", sides, least=0) not in {1, 2}:
        raise ValueError(f"sides={sides} is neither 1 nor 2")
    return sides


def _whole_users(root: float, mde: float) -> int:
    """Round the square of a root up, unless nobody could count so far."""
    if root > _LARGEST_ROOT:
        raise ValueError(f"mde={mde} needs more users than a float can count")
    return math.ceil(root**2)


def _treatment_rate(p: float, mde: float) -> float:
    share("p", p)
    if finite("mde", mde) == 0:
        raise ValueError(f"mde={mde} is no difference")
    if not 0 < p + mde < 1:
        raise ValueError(f"p + mde = {p + mde:g} is outside (0, 1)")
    if p + mde == p:
        raise ValueError(f"mde={mde} is lost in the rounding of p={p}")
    return p + mde


def _normal_quantiles(
    alpha: float, power: float, sides: int
) -> tuple[float, float]:
    level = share("alpha", alpha) / _sides(sides)
    if not share("power", power) > alpha:
        raise ValueError(f"power={power} is not above alpha={alpha}")
    return float(norm.isf(level)), float(norm.ppf(power))


def _difference(p1: float, p2: float, formula: Formula) -> float:
    if formula == "arcsine":
        return 2 * math.asin(math.sqrt(p2)) - 2 * math.asin(math.sqrt(p1))
    return p2 - p1


def _deviations(
    p1: float, p2: float, ratio: float, formula: Formula
) -> tuple[float, float]:
    """Return the deviations, for one control, under null and alternative."""
    if formula not in get_args(Formula):
        raise ValueError(f"formula={formula!r} is none of {get_args(Formula)}")
    if formula == "arcsine":
        return math.sqrt(1 + 1 / ratio), math.sqrt(1 + 1 / ratio)
    alternative = math.sqrt(p1 * (1 - p1) + p2 * (1 - p2) / ratio)
    if formula == "unpooled":
        return alternative, alternative
    pooled = (p1 + ratio * p2) / (1 + ratio)
    null = math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    return null, alternative
