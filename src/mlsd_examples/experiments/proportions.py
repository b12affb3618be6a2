r"""Two conversion rates, compared.

The z-test divides the difference of the observed rates by a standard error.
For the *test* it may use the pooled rate, since under the null hypothesis
there is one rate; the *interval* needs the two rates as they are.

In production, use :func:`statsmodels.stats.proportion.proportions_ztest` and
:func:`statsmodels.stats.proportion.confint_proportions_2indep`.
"""

import math
from dataclasses import dataclass

from scipy.stats import norm

from mlsd_examples._refusals import share, whole

__all__ = ["ProportionTest", "two_proportion_z_test"]


@dataclass(frozen=True)
class ProportionTest:
    """The difference of two rates, its test and its interval.

    Parameters
    ----------
    difference : float
        Rate of the treatment minus that of the control.
    z : float
        The difference over its pooled standard error.
    p_value : float
        Two-sided.
    low, high : float
        Ends of the interval for the difference, unpooled.
    """

    difference: float
    z: float
    p_value: float
    low: float
    high: float


def two_proportion_z_test(
    control_successes: int,
    control_users: int,
    treatment_successes: int,
    treatment_users: int,
    *,
    alpha: float = 0.05,
) -> ProportionTest:
    """Test whether two rates differ.

    Parameters
    ----------
    control_successes, treatment_successes : int
        Users that converted, from 0 to the users of the arm.
    control_users, treatment_users : int
        Users of each arm, at least 1.
    alpha : float
        One minus the coverage of the interval, in (0, 1).

    Returns
    -------
    ProportionTest
        Difference, z-statistic, p-value and interval.

    Raises
    ------
    TypeError
        If a count is not a whole number (a bool or 3.0 is none).
    ValueError
        If more users converted than there are, an arm is empty, `alpha` is
        outside (0, 1), or all or no users converted: z is undefined then.

    Notes
    -----
    The interval is Wald's.  With few conversions it is too narrow, and it
    has no width at all where one arm converts entirely and the other not at
    all; statsmodels' default, Newcombe's, is better there.

    Examples
    --------
    Two weeks of checkout:

    >>> test = two_proportion_z_test(1562, 31_234, 1718, 31_234)
    >>> round(test.difference, 4), round(test.z, 2), round(test.p_value, 4)
    (0.005, 2.8, 0.0051)

    Nobody converted; there is no variance to divide by, and no NaN:

    >>> two_proportion_z_test(0, 50, 0, 50)
    Traceback (most recent call last):
        ...
    ValueError: all rates are 0: the z-statistic is undefined
    """
    x1, n1, p1 = _rate("control", control_successes, control_users)
    x2, n2, p2 = _rate("treatment", treatment_successes, treatment_users)
    pooled = (x1 + x2) / (n1 + n2)
    if pooled in {0, 1}:
        raise ValueError(
            f"all rates are {pooled:g}: the z-statistic is undefined"
        )
    z = (p2 - p1) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    error = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    width = float(norm.isf(share("alpha", alpha) / 2)) * error
    return ProportionTest(
        difference=p2 - p1,
        z=z,
        p_value=float(2 * norm.sf(abs(z))),
        low=p2 - p1 - width,
        high=p2 - p1 + width,
    )


def _rate(arm: str, successes: int, users: int) -> tuple[int, int, float]:
    successes = whole(f"{arm}_successes", successes, least=0)
    users = whole(f"{arm}_users", users, least=1)
    if successes > users:
        raise ValueError(f"{successes} of {users} users converted in {arm}")
    return successes, users, successes / users
