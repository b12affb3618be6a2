r"""A belief about a proportion: posterior, interval, and its many modes.

A Beta(a, b) belief and binomial data make a Beta belief again: add the
successes to a and the failures to b.  Two counters hold everything.

The mean and the quantiles of a belief travel with any change of variable.
The mode does not: a density is mass per unit of the *ruler*, and another
ruler stretches it elsewhere.  So "the MAP estimate" needs a parametrisation
to be a definition.

In production, use :data:`scipy.stats.beta`; for models without a closed form,
PyMC or Stan.
"""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, binom

from mlsd_examples._refusals import Floats, positive, share, whole

__all__ = ["BetaBelief", "Ruler"]

Ruler: TypeAlias = Literal["theta", "logit", "odds", "log"]

# The mode on a ruler is that of theta^(a-1+i) (1-theta)^(b-1+j): the
# derivative of theta by the ruler adds i and j to the two powers.
_STRETCH: dict[Ruler, tuple[int, int]] = {
    "theta": (0, 0),
    "logit": (1, 1),
    "odds": (0, 2),
    "log": (1, 0),
}


@dataclass(frozen=True)
class BetaBelief:
    """What is believed about a proportion theta.

    Parameters
    ----------
    a, b : float
        Of the Beta distribution, both > 0: prior successes and failures.

    Raises
    ------
    TypeError
        If one is not a number.
    ValueError
        If one is not positive and finite.

    Examples
    --------
    Three successes in three trials, after two imagined ones of each kind:

    >>> belief = BetaBelief(2, 2).after(3, 3)
    >>> belief
    BetaBelief(a=5.0, b=2.0)
    >>> round(belief.mean, 4)
    0.7143

    One belief, four "most probable" values of theta:

    >>> for ruler in ("theta", "logit", "odds", "log"):
    ...     print(ruler, round(belief.mode(ruler), 4))
    theta 0.8
    logit 0.7143
    odds 0.5714
    log 0.8333

    A uniform belief has no mode in theta:

    >>> BetaBelief(1, 1).mode()
    Traceback (most recent call last):
        ...
    ValueError: Beta(1.0, 1.0) has no single mode inside, in theta
    """

    a: float
    b: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", positive("a", self.a))
        object.__setattr__(self, "b", positive("b", self.b))

    def after(self, successes: int, trials: int) -> "BetaBelief":
        """Update the belief by a count.

        Parameters
        ----------
        successes : int
            From 0 to `trials`.
        trials : int
            At least 0.

        Returns
        -------
        BetaBelief
            The posterior.

        Raises
        ------
        TypeError
            If a count is not a whole number.
        ValueError
            If a count is negative, or there are more successes than trials.
        """
        n = whole("trials", trials, least=0)
        k = whole("successes", successes, least=0)
        if k > n:
            raise ValueError(f"{k} successes in {n} trials")
        return BetaBelief(self.a + k, self.b + n - k)

    @property
    def mean(self) -> float:
        """Mean of theta."""
        return self.a / (self.a + self.b)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Compute the central interval that theta is believed to be in.

        Parameters
        ----------
        level : float
            Probability of the interval, in (0, 1).

        Returns
        -------
        tuple of float
            Its ends; as much lies below as above.

        Raises
        ------
        TypeError
            If `level` is not a number.
        ValueError
            If `level` is outside (0, 1).
        """
        half = (1 - share("level", level)) / 2
        low = float(beta.ppf(half, self.a, self.b))
        return low, float(beta.isf(half, self.a, self.b))

    def coverage(
        self, theta: float, *, trials: int, level: float = 0.95
    ) -> float:
        """Compute how often the posterior interval holds a fixed theta.

        Parameters
        ----------
        theta : float
            The truth, in [0, 1].
        trials : int
            Size of each sample, at least 1.
        level : float
            Probability of the posterior interval, in (0, 1).

        Returns
        -------
        float
            Exactly, over all counts, with this belief as the prior.

        Raises
        ------
        TypeError
            If `trials` is not a whole number, or `theta` not a number.
        ValueError
            If an argument is out of range.

        Examples
        --------
        A prior that is sure and wrong never finds out in a hundred trials:

        >>> round(BetaBelief(50, 50).coverage(0.02, trials=100), 3)
        0.0
        >>> round(BetaBelief(2, 98).coverage(0.02, trials=100), 3)
        0.996
        """
        n = whole("trials", trials, least=1)
        truth = share("theta", theta, closed=True)
        half = (1 - share("level", level)) / 2
        counts = np.arange(n + 1)
        after = (self.a + counts, self.b + n - counts)
        low, high = beta.ppf(half, *after), beta.isf(half, *after)
        holds = (low <= truth) & (truth <= high)
        return math.fsum(binom.pmf(counts[holds], n, truth))

    def mode(self, ruler: Ruler = "theta") -> float:
        """Find the theta at which the density along a ruler is highest.

        Parameters
        ----------
        ruler : str
            "theta", "logit", "odds" or "log" (of theta).

        Returns
        -------
        float
            The mode, translated back to theta.

        Raises
        ------
        ValueError
            If the ruler is unknown, or the density has no single highest
            point inside (0, 1).
        """
        more = _stretch(ruler)
        left, right = self.a - 1 + more[0], self.b - 1 + more[1]
        if not (left > 0 and right > 0):
            raise ValueError(
                f"Beta({self.a}, {self.b}) has no single mode inside,"
                f" in {ruler}"
            )
        return left / (left + right)

    def density(self, theta: npt.ArrayLike, ruler: Ruler = "theta") -> Floats:
        """Compute the density along a ruler, at values of theta.

        Parameters
        ----------
        theta : array-like of float
            Values in (0, 1).
        ruler : str
            As for :meth:`mode`.

        Returns
        -------
        ndarray of float, same shape
            Probability by unit of the ruler.

        Raises
        ------
        ValueError
            If a value is outside (0, 1), or the ruler is unknown.
        """
        at = np.array(theta, dtype=np.float64)
        if not ((at > 0) & (at < 1)).all():
            raise ValueError("theta holds values outside (0, 1)")
        more = _stretch(ruler)
        slope = at ** more[0] * (1 - at) ** more[1]
        found: Floats = beta.pdf(at, self.a, self.b) * slope
        return found


def _stretch(ruler: Ruler) -> tuple[int, int]:
    if ruler not in get_args(Ruler):
        raise ValueError(f"{ruler=} is none of {get_args(Ruler)}")
    return _STRETCH[ruler]
