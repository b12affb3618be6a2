r"""The population stability index, and how often it cries wolf.

The index of a window against a reference is the Jeffreys divergence of the
observed shares from the reference's.  Without any drift it is not 0: counts
vary.  Times the number of rows it is close to a chi-squared variable with
one degree of freedom less than there are bins, so that a fixed threshold
means another false-alarm rate at every window size.

:func:`index_tail` computes the law of the index exactly, up to a lattice;
:func:`chi_squared_tail` is the large-sample law; :func:`simulated_index`
draws from it and shares no code with either.

In production, use :func:`scipy.stats.chisquare` for the test and a
monitoring tool (Evidently, NannyML) for the rest, and set its threshold by
the number of rows.
"""

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, ndtr, ndtri, xlogy
from scipy.stats import chi2, ncx2

from mlsd_examples._refusals import counts, finite, positive, share, whole
from mlsd_examples.maths.information import distribution, jeffreys_divergence

__all__ = [
    "chi_squared_power",
    "chi_squared_tail",
    "chi_squared_threshold",
    "index_tail",
    "normal_bins",
    "population_stability_index",
    "simulated_index",
]

Floats: TypeAlias = npt.NDArray[np.float64]

_CELLS = 2_000  # lattice cells below the threshold


def population_stability_index(
    reference: npt.ArrayLike,
    current: npt.ArrayLike,
    *,
    added: float = 0.0,
) -> float:
    r"""Return the population stability index of two lists of counts.

    Parameters
    ----------
    reference, current : array-like of int, shape (bins,)
        Rows in each bin.
    added : float
        Added to every count before shares are taken, ≥ 0.  With 0 an empty
        bin makes the index infinite; with anything else, `added` decides
        what an empty bin is worth.

    Returns
    -------
    float
        :math:`\sum_i (a_i - b_i) \ln (a_i / b_i)`, ≥ 0.

    Raises
    ------
    TypeError
        If the counts are not whole numbers.
    ValueError
        If there are fewer than two bins, their numbers differ, a sample is
        empty, a count is negative, or `added` is.

    References
    ----------
    Jeffreys (1946), for the divergence.

    Examples
    --------
    >>> round(population_stability_index([100, 100], [60, 40]), 4)
    0.0405

    An empty bin is infinitely surprising, until somebody adds a little:

    >>> population_stability_index([500, 500, 10], [10, 10, 0])
    inf
    >>> little = [
    ...     population_stability_index([500, 500, 10], [10, 10, 0], added=a)
    ...     for a in (1e-2, 1e-6)
    ... ]
    >>> [round(index, 3) for index in little]
    [0.028, 0.121]

    An empty window has no shares:

    >>> population_stability_index([500, 500], [0, 0])
    Traceback (most recent call last):
        ...
    ValueError: current counts sum to 0
    """
    old = counts("reference", reference, least=2)
    new = counts("current", current, least=2)
    if old.size != new.size:
        raise ValueError(
            f"{old.size} bins in reference, {new.size} in current"
        )
    for name, rows in (("reference", old), ("current", new)):
        if not rows.sum() > 0:
            raise ValueError(f"{name} counts sum to 0")
    if finite("added", added) < 0:
        raise ValueError(f"added={added} is negative")
    old, new = old + added, new + added
    return jeffreys_divergence(old / old.sum(), new / new.sum())


def chi_squared_tail(
    threshold: float,
    bins: int,
    rows: int,
    *,
    reference_rows: float = math.inf,
) -> float:
    r"""Return how often the index exceeds a threshold without drift.

    Parameters
    ----------
    threshold : float
        Value of the index, > 0.
    bins : int
        Number of bins, at least 2.
    rows : int
        Rows in the window, at least 1.
    reference_rows : float
        Rows behind the reference's shares; infinite if these are known.

    Returns
    -------
    float
        Large-sample probability of an index above the threshold.

    Raises
    ------
    TypeError
        If a count is not a whole number.
    ValueError
        If a value is impossible.

    Notes
    -----
    The index is about :math:`(1/n + 1/m)\, \chi^2_{B-1}`: to second order
    :math:`(a - b) \ln (a/b) = (a - b)^2 / b`, Pearson's statistic over
    :math:`n`.

    Examples
    --------
    Two hundred rows in ten bins, and in more rows:

    >>> round(chi_squared_tail(0.1, 10, 200), 4)
    0.0179
    >>> chi_squared_tail(0.1, 10, 2_000) < 1e-30
    True

    A reference of the same size doubles the variance:

    >>> round(chi_squared_tail(0.1, 10, 200, reference_rows=200), 3)
    0.35

    A threshold of 0 is always exceeded:

    >>> chi_squared_tail(0.0, 10, 200)
    Traceback (most recent call last):
        ...
    ValueError: threshold=0.0 is not positive
    """
    scale = _scale(rows, reference_rows)
    freedom = whole("bins", bins, least=2) - 1
    return float(chi2.sf(positive("threshold", threshold) / scale, freedom))


def chi_squared_threshold(
    rate: float,
    bins: int,
    rows: int,
    *,
    reference_rows: float = math.inf,
) -> float:
    r"""Return the threshold that is exceeded at a given rate without drift.

    Parameters
    ----------
    rate : float
        Share of windows that may raise a false alarm, in (0, 1).
    bins, rows, reference_rows
        As in :func:`chi_squared_tail`.

    Returns
    -------
    float
        Large-sample threshold; a little low in small windows.

    Raises
    ------
    TypeError
        If a count is not a whole number.
    ValueError
        If a value is impossible.

    Examples
    --------
    The threshold for one false alarm in four hundred daily windows:

    >>> round(chi_squared_threshold(1 / 400, 10, 4_800), 4)
    0.0053

    The folklore of 0.1 is right for one size of window only:

    >>> round(chi_squared_threshold(0.05, 10, 169), 3)
    0.1

    A rate of 0 would need an infinite threshold:

    >>> chi_squared_threshold(0, 10, 200)
    Traceback (most recent call last):
        ...
    ValueError: rate=0 is outside (0, 1)
    """
    scale = _scale(rows, reference_rows)
    freedom = whole("bins", bins, least=2) - 1
    return scale * float(chi2.isf(share("rate", rate), freedom))


def chi_squared_power(
    threshold: float, drift: float, bins: int, rows: int
) -> float:
    r"""Return how often the index exceeds a threshold under a drift.

    Parameters
    ----------
    threshold : float
        Value of the index, > 0.
    drift : float
        Index of the true shares, without any noise, ≥ 0.
    bins : int
        Number of bins, at least 2.
    rows : int
        Rows in the window, at least 1; the reference is known.

    Returns
    -------
    float
        Large-sample probability of an alarm.

    Raises
    ------
    TypeError
        If a count is not a whole number.
    ValueError
        If a value is impossible.

    Notes
    -----
    :math:`n` times the index is about noncentral chi-squared with
    noncentrality :math:`n J`; good while the drift is small.

    Examples
    --------
    >>> round(chi_squared_power(0.0053, 0.0096, 10, 4_800), 2)
    0.99

    Without a drift it is the false-alarm rate:

    >>> round(chi_squared_power(0.1, 0.0, 10, 200), 4)
    0.0179

    A divergence is never negative:

    >>> chi_squared_power(0.1, -0.1, 10, 200)
    Traceback (most recent call last):
        ...
    ValueError: drift=-0.1 is negative
    """
    rows = whole("rows", rows, least=1)
    freedom = whole("bins", bins, least=2) - 1
    if finite("drift", drift) < 0:
        raise ValueError(f"drift={drift} is negative")
    scaled = rows * positive("threshold", threshold)
    return float(ncx2.sf(scaled, freedom, rows * drift))


def index_tail(
    threshold: float,
    rows: int,
    reference: npt.ArrayLike,
    current: npt.ArrayLike | None = None,
) -> float:
    r"""Return how often the index exceeds a threshold, by its exact law.

    Parameters
    ----------
    threshold : float
        Value of the index, > 0.
    rows : int
        Rows in the window, from 1; the work grows with its square.
    reference : array-like of float, shape (bins,)
        Known shares of the reference, all > 0.
    current : array-like of float, shape (bins,), optional
        True shares of the window; those of the reference if not given.

    Returns
    -------
    float
        Probability of an index above the threshold; an empty bin counts,
        since it makes the index infinite.

    Raises
    ------
    TypeError
        If `rows` is not a whole number.
    ValueError
        If a value is impossible, or a share of the reference is 0.

    Notes
    -----
    The counts of a multinomial sample are independent Poisson counts, given
    their total.  Bin by bin, the joint law of the total and of the index,
    rounded to two-thousandths of the threshold, is built by convolution;
    what exceeds the threshold is dropped.  Rounding is the only error, of
    the order of 0.1 %.

    Examples
    --------
    Two hundred rows in ten equal bins exceed 0.1 a third more often than
    the large-sample law says:

    >>> round(index_tail(0.1, 200, [0.1] * 10), 4)
    0.0238

    A bin of one percent is empty every eighth time, and that alone is an
    alarm:

    >>> round(index_tail(0.1, 200, [0.01, 0.49, 0.5]), 3)
    0.134

    A reference with an empty bin has no finite index:

    >>> index_tail(0.1, 200, [0.0, 1.0])
    Traceback (most recent call last):
        ...
    ValueError: reference[0]=0 has no share
    """
    rows, limit = (
        whole("rows", rows, least=1),
        positive("threshold", threshold),
    )
    known = distribution("reference", reference)
    empty = np.flatnonzero(known == 0)
    if empty.size:
        raise ValueError(f"reference[{empty[0]}]=0 has no share")
    true = known if current is None else distribution("current", current)
    if true.size != known.size:
        raise ValueError(
            f"{known.size} bins in reference, {true.size} in current"
        )
    seen = np.arange(rows + 1)
    law = np.zeros((rows + 1, _CELLS + 1))
    law[0, 0] = 1.0
    for expected, actual in zip(known.tolist(), true.tolist(), strict=True):
        with np.errstate(divide="ignore"):
            parts = (seen / rows - expected) * np.log(seen / rows / expected)
        places = np.rint(np.minimum(parts / limit, 2) * _CELLS).astype(int)
        weights = np.exp(
            xlogy(seen, rows * actual) - rows * actual - gammaln(seen + 1)
        )
        law = _convolve(law, places, weights)
    poisson = np.exp(xlogy(rows, rows) - rows - gammaln(rows + 1))
    return max(0.0, 1 - float(law[rows].sum() / poisson))


def simulated_index(
    reference: npt.ArrayLike,
    rows: int,
    runs: int,
    rng: np.random.Generator,
    *,
    current: npt.ArrayLike | None = None,
    reference_rows: int | None = None,
) -> Floats:
    """Draw the index of many windows.

    Parameters
    ----------
    reference : array-like of float, shape (bins,)
        True shares of the reference.
    rows : int
        Rows in each window, at least 1.
    runs : int
        Number of windows, at least 1.
    rng : numpy.random.Generator
        Source of randomness.
    current : array-like of float, shape (bins,), optional
        True shares of the windows; those of the reference if not given.
    reference_rows : int, optional
        Rows of the reference sample, drawn anew for each window; if not
        given, the shares of the reference are known.

    Returns
    -------
    ndarray of float, shape (runs,)
        The index of each window; infinite where exactly one side of a bin
        is empty.

    Raises
    ------
    TypeError
        If a count is not a whole number.
    ValueError
        If a value is impossible.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> index = simulated_index([0.1] * 10, 200, 50_000, rng)
    >>> abs(float(index.mean()) - 0.0461) < 0.0005
    True

    A rare bin makes many of them infinite:

    >>> index = simulated_index([0.01, 0.99], 200, 1_000, rng)
    >>> 0.08 < float(np.isinf(index).mean()) < 0.19
    True

    No rows, no shares:

    >>> simulated_index([0.5, 0.5], 0, 1, rng)
    Traceback (most recent call last):
        ...
    ValueError: rows=0 is below 1
    """
    known = distribution("reference", reference)
    true = known if current is None else distribution("current", current)
    if true.size != known.size:
        raise ValueError(
            f"{known.size} bins in reference, {true.size} in current"
        )
    rows, runs = whole("rows", rows, least=1), whole("runs", runs, least=1)
    new = rng.multinomial(rows, true, runs) / rows
    old = np.broadcast_to(known, new.shape)
    if reference_rows is not None:
        sample = whole("reference_rows", reference_rows, least=1)
        old = rng.multinomial(sample, known, runs) / sample
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = (new - old) * np.log(new / old)
    # A bin that is empty on both sides adds nothing.
    parts[(new == 0) & (old == 0)] = 0.0
    return np.asarray(parts.sum(axis=1), dtype=np.float64)


def normal_bins(
    bins: int, *, shift: float = 0.0, scale: float = 1.0
) -> Floats:
    r"""Return where a normal variable falls among a reference's quantiles.

    Parameters
    ----------
    bins : int
        Number of bins, at least 2: equally probable under N(0, 1).
    shift, scale : float
        The variable is N(shift, scale²), in standard deviations of the
        reference; scale > 0.

    Returns
    -------
    ndarray of float, shape (bins,)
        Share of each bin.

    Raises
    ------
    TypeError
        If `bins` is not a whole number.
    ValueError
        If `bins` is below 2, or another value is impossible.

    Examples
    --------
    Without a shift every bin holds the same:

    >>> normal_bins(4).round(3).tolist()
    [0.25, 0.25, 0.25, 0.25]

    With one, the outer bins move most:

    >>> normal_bins(4, shift=0.3).round(3).tolist()
    [0.165, 0.217, 0.264, 0.354]

    One bin shows nothing:

    >>> normal_bins(1)
    Traceback (most recent call last):
        ...
    ValueError: bins=1 is below 2
    """
    bins = whole("bins", bins, least=2)
    edges = ndtri(np.arange(bins + 1) / bins)
    moved = (edges - finite("shift", shift)) / positive("scale", scale)
    return np.asarray(np.diff(ndtr(moved)), dtype=np.float64)


def _scale(rows: int, reference_rows: float) -> float:
    scale = 1 / whole("rows", rows, least=1)
    if reference_rows == math.inf:
        return scale
    return scale + 1 / positive("reference_rows", reference_rows)


def _convolve(
    law: Floats, places: npt.NDArray[np.int_], weights: Floats
) -> Floats:
    """Add one bin to the joint law of the total and the index."""
    rows, cells = law.shape
    result = np.zeros_like(law)
    for count in np.flatnonzero((places < cells) & (weights > 0)).tolist():
        place, weight = int(places[count]), float(weights[count])
        kept = law[: rows - count, : cells - place]
        result[count:, place:] += weight * kept
    return result
