"""What stopping on green does to a test: the exact rates.

A fixed-sample test at level alpha is looked at again and again, and someone
stops at the first significant look.  Three questions get mixed up:

* does it ever cross, on either side (:func:`crossing_rate`),
* is a change without effect launched, when only green stops the test
  (:func:`false_launch_rate`),
* the same, when a significant loss stops it as well (``losses_stop=True``).

Looks are equally spaced in *information*, which is users, not hours.  The
simulation of the same rates lives in
:mod:`mlsd_examples.experiments.dashboards` and shares no code with this
module.

In production, do not peek: use the boundaries of
:mod:`mlsd_examples.experiments.sequential` or of the R package gsDesign.
"""

import math

from scipy.stats import norm

from mlsd_examples._refusals import finite, share, whole
from mlsd_examples.experiments.first_exits import Exits, first_exits

__all__ = ["crossing_rate", "false_launch_rate", "peeking_exits"]


def crossing_rate(looks: int, alpha: float = 0.05) -> float:
    """Compute how often an A/A test is significant at some look.

    Parameters
    ----------
    looks : int
        Number of looks, at least 1, equally spaced in information.
    alpha : float
        Two-sided level of each look, in (0, 1).

    Returns
    -------
    float
        Probability that at least one look is significant, on either side,
        when nothing differs.

    Raises
    ------
    TypeError
        If `looks` is not a whole number.
    ValueError
        If `looks` is below 1, or `alpha` is outside (0, 1).

    References
    ----------
    Armitage, McPherson and Rowe (1969).

    Examples
    --------
    One look is what the level promises, five are not:

    >>> round(crossing_rate(1), 4), round(crossing_rate(5), 4)
    (0.05, 0.1417)

    A stricter level postpones the problem:

    >>> round(crossing_rate(336, alpha=0.01), 3)
    0.141

    No look, no test:

    >>> crossing_rate(0)
    Traceback (most recent call last):
        ...
    ValueError: looks=0 is below 1
    """
    return peeking_exits(looks, alpha, losses_stop=True).rate


def false_launch_rate(
    looks: int, alpha: float = 0.05, *, losses_stop: bool = False
) -> float:
    """Compute how often a change without effect is launched on green.

    Parameters
    ----------
    looks : int
        Number of looks, at least 1, equally spaced in information.
    alpha : float
        Two-sided level of each look, in (0, 1); green is its upper half.
    losses_stop : bool
        Whether a significant loss ends the test.  If not, the test goes on
        and may still turn green.

    Returns
    -------
    float
        Probability that the test is green at some look (before it was
        significantly red, with `losses_stop`), when nothing differs.

    Raises
    ------
    TypeError
        If `looks` is not a whole number.
    ValueError
        If `looks` is below 1, or `alpha` is outside (0, 1).

    Notes
    -----
    With `losses_stop` the two sides are mirror images, and the rate is half
    of :func:`crossing_rate`.  Without, it is larger: some walks are red
    first.

    Examples
    --------
    At one look, half of the level:

    >>> round(false_launch_rate(1), 4)
    0.025

    Hourly for two weeks, by the rule that stops on losses and the one that
    waits for green:

    >>> round(false_launch_rate(336, losses_stop=True), 3)
    0.23
    >>> round(false_launch_rate(336), 3)
    0.238
    """
    return peeking_exits(looks, alpha, losses_stop=losses_stop).up_rate


def peeking_exits(
    looks: int,
    alpha: float = 0.05,
    *,
    expected_z: float = 0.0,
    losses_stop: bool = False,
) -> Exits:
    """Follow a test that stops at its first green look.

    Parameters
    ----------
    looks : int
        Number of looks, at least 1, equally spaced in information.
    alpha : float
        Two-sided level of each look, in (0, 1).
    expected_z : float
        Mean of the z-statistic at the last look, if nobody stops: the true
        effect over the standard error of the full sample.
    losses_stop : bool
        Whether a significant loss ends the test.

    Returns
    -------
    Exits
        With information counted in shares of the full sample, so that an
        estimate divided by `expected_z` says by how much it exaggerates.

    Raises
    ------
    TypeError
        If `looks` is not a whole number.
    ValueError
        If `looks` is below 1, `alpha` is outside (0, 1), or `expected_z` is
        not finite.

    Examples
    --------
    A test planned for 80 % power, looked at daily: when it is green, it
    shows more than one and a half times the true effect.

    >>> exits = peeking_exits(14, expected_z=2.8)
    >>> round(exits.mean_estimate_up / 2.8, 2)
    1.63

    At one look there is a little of that too, since a test is only read
    when it is green:

    >>> exits = peeking_exits(1, expected_z=2.8)
    >>> round(exits.mean_estimate_up / 2.8, 2)
    1.13
    """
    looks = whole("looks", looks, least=1)
    bound = float(norm.isf(share("alpha", alpha) / 2))
    return first_exits(
        [-bound if losses_stop else -math.inf] * looks,
        [bound] * looks,
        drift=finite("expected_z", expected_z),
        information=[look / looks for look in range(1, looks + 1)],
    )
