r"""One Gaussian for a target with several modes, by either divergence.

Minimise :math:`D(p \| q)` over Gaussians :math:`q` and you pay wherever the
target :math:`p` has mass that :math:`q` lacks: the fit covers.  Minimise
:math:`D(q \| p)` and you pay wherever :math:`q` puts mass that the target
lacks: the fit seeks one mode.

In production, the first is what maximum likelihood does
(:mod:`sklearn.mixture`), the second what variational inference does
(:mod:`pyro.infer`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import logsumexp

from mlsd_examples._refusals import finite, positive, vector
from mlsd_examples.maths.information import distribution

__all__ = [
    "Fit",
    "Mixture",
    "forward_fit",
    "gaussian_kl",
    "reverse_fit",
    "standard_normal_penalty",
]

Floats: TypeAlias = npt.NDArray[np.float64]

_LOG_ROOT = 0.5 * math.log(2 * math.pi)
# Beyond nine standard deviations a normal variable is seen once in 10^18.
_REACH, _POINTS = 9.0, 4001


@dataclass(frozen=True)
class Mixture:
    """A mixture of Gaussians on a line.

    Parameters
    ----------
    shares, means, sds : sequence of float, shape (k,)
        Share, mean and standard deviation of each part.

    Raises
    ------
    ValueError
        If the shares are no distribution, the lengths differ, or a standard
        deviation is not positive.

    Examples
    --------
    Two narrow modes, six apart, are as spread out as one wide one:

    >>> two = Mixture([0.5, 0.5], [-3, 3], [0.7, 0.7])
    >>> two.mean, round(two.sd, 3)
    (0.0, 3.081)

    A part without a width is refused:

    >>> Mixture([1.0], [0.0], [0.0])
    Traceback (most recent call last):
        ...
    ValueError: sds[0]=0.0 is not positive
    """

    shares: Sequence[float]
    means: Sequence[float]
    sds: Sequence[float]

    def __post_init__(self) -> None:
        parts = distribution("shares", self.shares).size
        means = vector("means", self.means, least=1)
        sds = vector("sds", self.sds, least=1)
        for name, values in (("means", means), ("sds", sds)):
            if values.size != parts:
                raise ValueError(f"{parts} shares, but {values.size} {name}")
        for place, sd in enumerate(self.sds):
            positive(f"sds[{place}]", float(sd))

    def log_density(self, x: Floats) -> Floats:
        """Return log densities, of the shape of `x`."""
        x = np.asarray(x, dtype=np.float64)[..., None]
        sds = np.asarray(self.sds, dtype=np.float64)
        z = (x - np.asarray(self.means)) / sds
        logs = -z * z / 2 - np.log(sds) - _LOG_ROOT
        total = logsumexp(logs, b=np.asarray(self.shares), axis=-1)
        return np.asarray(total, dtype=np.float64)

    @property
    def mean(self) -> float:
        """Mean of the mixture."""
        return float(np.dot(self.shares, self.means))

    @property
    def sd(self) -> float:
        """Standard deviation of the mixture."""
        second = np.square(self.means) + np.square(self.sds)
        variance = float(np.dot(self.shares, second)) - self.mean**2
        return math.sqrt(variance)


@dataclass(frozen=True)
class Fit:
    """A Gaussian, and how far it is from its target.

    Parameters
    ----------
    mean, sd : float
        The Gaussian.
    divergence : float
        The divergence that was minimised, in nats.
    """

    mean: float
    sd: float
    divergence: float


def gaussian_kl(mean: float, sd: float, mean_q: float, sd_q: float) -> float:
    r"""Return the divergence of one Gaussian from another, in nats.

    Parameters
    ----------
    mean, sd : float
        The first Gaussian, under which the mean is taken; sd > 0.
    mean_q, sd_q : float
        The second Gaussian; sd_q > 0.

    Returns
    -------
    float
        :math:`D(N(\mu, \sigma^2) \| N(\mu_q, \sigma_q^2))`.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If a value is not finite, or a standard deviation is not positive.

    Notes
    -----
    :math:`\ln(\sigma_q/\sigma) + (\sigma^2 + (\mu - \mu_q)^2) / 2\sigma_q^2
    - 1/2`.

    Examples
    --------
    The narrow one is closer to the wide one than the other way round:

    >>> round(gaussian_kl(0, 1, 1, 2), 3), round(gaussian_kl(1, 2, 0, 1), 3)
    (0.443, 1.307)

    A Gaussian is at no divergence from itself:

    >>> gaussian_kl(3, 2, 3, 2)
    0.0

    A standard deviation of 0 is refused:

    >>> gaussian_kl(0, 1, 0, 0)
    Traceback (most recent call last):
        ...
    ValueError: sd_q=0 is not positive
    """
    gap = finite("mean", mean) - finite("mean_q", mean_q)
    sd, sd_q = positive("sd", sd), positive("sd_q", sd_q)
    ratio, shift = sd / sd_q, gap / sd_q
    return (ratio * ratio + shift * shift - 1) / 2 - math.log(ratio)


def standard_normal_penalty(means: npt.ArrayLike, sds: npt.ArrayLike) -> float:
    r"""Return what a variational autoencoder pays for one code, in nats.

    Parameters
    ----------
    means, sds : array-like of float, shape (d,)
        The encoder's Gaussian for one input; sds > 0.

    Returns
    -------
    float
        :math:`D(N(\mu, \mathrm{diag}\,\sigma^2) \| N(0, I))`, summed over
        the dimensions.

    Raises
    ------
    ValueError
        If the lengths differ, a value is not finite, or a standard
        deviation is not positive.

    Notes
    -----
    :math:`\tfrac12 \sum_j (\mu_j^2 + \sigma_j^2 - 1 - \ln \sigma_j^2)`.

    References
    ----------
    Kingma and Welling (2014), appendix B.

    Examples
    --------
    A code that says something costs, one that says nothing is free:

    >>> round(standard_normal_penalty([1.0, -0.5], [0.5, 0.8]), 4)
    0.9863
    >>> standard_normal_penalty([0.0], [1.0])
    0.0

    Every dimension needs a width:

    >>> standard_normal_penalty([0.0, 0.0], [1.0])
    Traceback (most recent call last):
        ...
    ValueError: 2 means, but 1 sds
    """
    centres = vector("means", means, least=1)
    widths = vector("sds", sds, least=1)
    if centres.size != widths.size:
        raise ValueError(f"{centres.size} means, but {widths.size} sds")
    pairs = zip(centres.tolist(), widths.tolist(), strict=True)
    return math.fsum(gaussian_kl(mean, sd, 0, 1) for mean, sd in pairs)


def forward_fit(target: Mixture) -> Fit:
    r"""Return the Gaussian that minimises :math:`D(p \| q)`.

    Parameters
    ----------
    target : Mixture
        The target p.

    Returns
    -------
    Fit
        The Gaussian with the target's own mean and standard deviation.

    Notes
    -----
    :math:`D(p\|q) = -H(p) + \ln \sigma\sqrt{2\pi} + E_p (x-\mu)^2 /
    2\sigma^2`.  The derivative in :math:`\mu` vanishes at :math:`E_p x`,
    that in :math:`\sigma` at :math:`\sigma^2 = E_p (x-\mu)^2`: match the
    moments, which is also what maximum likelihood does.

    Examples
    --------
    Between two modes, where the target has next to nothing:

    >>> two = Mixture([0.5, 0.5], [-3, 3], [0.7, 0.7])
    >>> fit = forward_fit(two)
    >>> fit.mean, round(fit.sd, 2), round(fit.divergence, 3)
    (0.0, 3.08, 0.789)

    A target that is a Gaussian is met exactly:

    >>> round(abs(forward_fit(Mixture([1.0], [2], [3])).divergence), 9)
    0.0
    """
    mean, sd = target.mean, target.sd
    entropy = 0.0
    for share, centre, width in zip(
        target.shares, target.means, target.sds, strict=True
    ):
        x, weights = _nodes(centre, width)
        entropy -= share * float(weights @ target.log_density(x))
    return Fit(mean, sd, math.log(sd) + _LOG_ROOT + 0.5 - entropy)


def reverse_fit(target: Mixture, *, start: float, width: float = 1.0) -> Fit:
    r"""Return a Gaussian at a minimum of :math:`D(q \| p)`.

    Parameters
    ----------
    target : Mixture
        The target p.
    start, width : float
        Mean and standard deviation at which the search starts; width > 0.
        There is a minimum near each separate mode.

    Returns
    -------
    Fit
        The Gaussian at the minimum that the search ran into.

    Raises
    ------
    TypeError
        If `start` or `width` is not a number.
    ValueError
        If one is not finite, or `width` is not positive.

    Examples
    --------
    Where you start decides which mode you see, and nothing tells you that
    there is another:

    >>> two = Mixture([0.5, 0.5], [-3, 3], [0.7, 0.7])
    >>> left, right = (reverse_fit(two, start=s) for s in (-1, 1))
    >>> round(left.mean, 2), round(right.mean, 2), round(right.sd, 2)
    (-3.0, 3.0, 0.7)

    The price of ignoring half of the mass is the logarithm of two:

    >>> round(right.divergence, 3), round(math.log(2), 3)
    (0.693, 0.693)
    """
    first = np.array(
        [finite("start", start), math.log(positive("width", width))]
    )

    def divergence(place: Floats) -> float:
        return _reverse(target, float(place[0]), math.exp(place[1]))

    found = minimize(
        divergence,
        first,
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-12},
    )
    mean, sd = float(found.x[0]), math.exp(float(found.x[1]))
    return Fit(mean, sd, float(found.fun))


def _nodes(mean: float, sd: float) -> tuple[Floats, Floats]:
    """Return points and weights of a mean under a Gaussian."""
    z = np.linspace(-_REACH, _REACH, _POINTS)
    weights = np.exp(-z * z / 2)
    return mean + sd * z, weights / weights.sum()


def _reverse(target: Mixture, mean: float, sd: float) -> float:
    x, weights = _nodes(mean, sd)
    entropy = math.log(sd) + _LOG_ROOT + 0.5
    return -entropy - float(weights @ target.log_density(x))
