"""Users that arrived, against the ratio that was planned.

A split that differs from the plan beyond chance says that users were lost or
doubled on the way, and seldom at random: the arms then hold different
people, and no analysis of their difference repairs that.  The test costs
nothing, because the plan is known exactly.

In production, use :func:`scipy.stats.chisquare`, before any metric is looked
at.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from mlsd_examples._refusals import counts, vector

__all__ = ["SampleRatio", "sample_ratio_test"]

# Below this many expected users the chi-squared approximation is poor.
_FEWEST_EXPECTED = 5


@dataclass(frozen=True)
class SampleRatio:
    """Users counted against users planned.

    Parameters
    ----------
    expected : tuple of float
        Users that the plan expects in each arm.
    chi_squared : float
        Pearson's statistic.
    p_value : float
        Probability of a mismatch at least as large, if the plan held.
    """

    expected: tuple[float, ...]
    chi_squared: float
    p_value: float


def sample_ratio_test(
    users: npt.ArrayLike, planned: npt.ArrayLike
) -> SampleRatio:
    """Test whether the users of each arm fit the planned ratio.

    Parameters
    ----------
    users : array-like of int, shape (arms,)
        Users counted in each arm, at least two arms.
    planned : array-like of float, shape (arms,)
        Planned ratio, each > 0, in any unit: ``[1, 1]`` is ``[0.5, 0.5]``.

    Returns
    -------
    SampleRatio
        Expected users, chi-squared statistic and p-value.

    Raises
    ------
    TypeError
        If `users` are not whole numbers.
    ValueError
        If there are fewer than two arms, the lengths differ, a count is
        negative, a ratio is not positive, or fewer than 5 users are expected
        in an arm.

    Examples
    --------
    50.2 to 49.8 % is nothing in ten thousand users, and an alarm in a
    million:

    >>> round(sample_ratio_test([5_020, 4_980], [1, 1]).p_value, 2)
    0.69
    >>> f"{sample_ratio_test([502_000, 498_000], [1, 1]).p_value:.1e}"
    '6.3e-05'
    >>> sample_ratio_test([100], [1])
    Traceback (most recent call last):
        ...
    ValueError: users holds 1 values, fewer than 2
    """
    observed = counts("users", users, least=2)
    ratio = vector("planned", planned, least=2)
    if ratio.size != observed.size:
        raise ValueError(
            f"{observed.size} arms meet {ratio.size} planned ratios"
        )
    bad = np.flatnonzero(ratio <= 0)
    if bad.size:
        raise ValueError(
            f"planned[{bad[0]}]={ratio[bad[0]]:g} is not positive"
        )
    expected = observed.sum() * ratio / ratio.sum()
    if expected.min() < _FEWEST_EXPECTED:
        raise ValueError(
            f"an arm expects {expected.min():g} users,"
            f" fewer than {_FEWEST_EXPECTED}"
        )
    statistic = float(((observed - expected) ** 2 / expected).sum())
    return SampleRatio(
        expected=tuple(expected.tolist()),
        chi_squared=statistic,
        p_value=float(chi2.sf(statistic, observed.size - 1)),
    )
