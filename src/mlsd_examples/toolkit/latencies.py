"""A service with two speeds, for what a panel makes of it.

Most requests are fast, some hit a lock, a cold cache or a retry and are
slow.  Both speeds are lognormal, so that the mean has a closed form and every
percentile can be computed without a sample.

In production the numbers come from your own histograms; this is a model to
try a panel on before an incident does.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr

from mlsd_examples._refusals import positive, share, whole

__all__ = ["TwoSpeeds"]

Floats: TypeAlias = npt.NDArray[np.float64]

_LOG_STEPS = 60.0  # the root lies within 60 spreads of either speed
_FLAT = 1e-9  # below this density per unit of log latency nothing is known


@dataclass(frozen=True)
class TwoSpeeds:
    """Latencies of a service of which some requests are slow.

    Parameters
    ----------
    slow_share : float
        Share of the requests that are slow, in [0, 1].
    fast_ms, slow_ms : float
        Mean latency of the fast and of the slow requests, in milliseconds.
    spread : float
        Standard deviation of the logarithm of either latency, > 0.

    Raises
    ------
    TypeError
        If a parameter is not a number.
    ValueError
        If a parameter is outside its range, or slow is not slower.

    Examples
    --------
    One request in a hundred takes two seconds, and the mean looks healthy:

    >>> service = TwoSpeeds(slow_share=0.01, fast_ms=40, slow_ms=2000)
    >>> round(service.mean_ms, 1)
    59.6

    The percentile that everybody watches sits in the gap between the two
    speeds, and no number of digits makes it known:

    >>> service.quantile_ms(0.99)
    Traceback (most recent call last):
        ...
    ValueError: share=0.99 falls into the gap between the two speeds
    """

    slow_share: float
    fast_ms: float
    slow_ms: float
    spread: float = 0.2

    def __post_init__(self) -> None:
        share("slow_share", self.slow_share, closed=True)
        fast = positive("fast_ms", self.fast_ms)
        slow = positive("slow_ms", self.slow_ms)
        positive("spread", self.spread)
        if not slow > fast:
            raise ValueError(f"slow_ms={slow:g} is not above fast_ms={fast:g}")

    @property
    def mean_ms(self) -> float:
        """Mean latency, in milliseconds."""
        fast_share = 1 - self.slow_share
        return fast_share * self.fast_ms + self.slow_share * self.slow_ms

    def share_above(self, limit_ms: float) -> float:
        """Compute the share of requests above a limit.

        Parameters
        ----------
        limit_ms : float
            Limit in milliseconds, > 0.

        Returns
        -------
        float
            Share of the requests that take longer.

        Raises
        ------
        ValueError
            If the limit is not positive and finite.

        Examples
        --------
        >>> service = TwoSpeeds(slow_share=0.01, fast_ms=40, slow_ms=2000)
        >>> round(service.share_above(500), 4)
        0.01
        """
        at = math.log(positive("limit_ms", limit_ms))
        fast, slow = (float(ndtr(-z)) for z in self._scores(at))
        return (1 - self.slow_share) * fast + self.slow_share * slow

    def quantile_ms(self, level: float) -> float:
        """Compute the latency that a share of the requests stays below.

        Parameters
        ----------
        level : float
            That share, in (0, 1).

        Returns
        -------
        float
            Latency in milliseconds.

        Raises
        ------
        ValueError
            If the share is outside (0, 1), or falls where the service
            has no requests: there, a sample says anything.

        Examples
        --------
        A tenth of a percent beside the gap, everything is known:

        >>> service = TwoSpeeds(slow_share=0.01, fast_ms=40, slow_ms=2000)
        >>> [round(service.quantile_ms(p)) for p in (0.989, 0.991)]
        [73, 1517]
        """
        level = share("share", level)
        slack = _LOG_STEPS * self.spread
        low, high = math.log(self.fast_ms), math.log(self.slow_ms)
        at = float(
            brentq(
                lambda log_ms: self._below(log_ms) - level,
                low - slack,
                high + slack,
                xtol=1e-13,
            )
        )
        if self._log_density(at) < _FLAT:
            raise ValueError(
                f"share={level} falls into the gap between the two speeds"
            )
        return math.exp(at)

    def sample_ms(self, requests: int, rng: np.random.Generator) -> Floats:
        """Draw latencies.

        Parameters
        ----------
        requests : int
            How many, at least 1.
        rng : Generator
            Source of randomness.

        Returns
        -------
        ndarray of float, shape (requests,)
            Latencies in milliseconds, in order of arrival.

        Raises
        ------
        TypeError
            If `requests` is not a whole number.
        ValueError
            If it is below 1.
        """
        requests = whole("requests", requests, least=1)
        slow = rng.random(requests) < self.slow_share
        mean = np.where(slow, self.slow_ms, self.fast_ms)
        noise = self.spread * rng.standard_normal(requests)
        return np.asarray(mean * np.exp(noise - self.spread**2 / 2))

    def _scores(self, log_ms: float) -> tuple[float, float]:
        middle = log_ms + self.spread**2 / 2
        fast = (middle - math.log(self.fast_ms)) / self.spread
        slow = (middle - math.log(self.slow_ms)) / self.spread
        return fast, slow

    def _below(self, log_ms: float) -> float:
        fast, slow = (float(ndtr(z)) for z in self._scores(log_ms))
        return (1 - self.slow_share) * fast + self.slow_share * slow

    def _log_density(self, log_ms: float) -> float:
        fast, slow = (math.exp(-z * z / 2) for z in self._scores(log_ms))
        weighed = (1 - self.slow_share) * fast + self.slow_share * slow
        return weighed / (self.spread * math.sqrt(2 * math.pi))
