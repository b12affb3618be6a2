r"""Intervals for a slope: what needs normal errors, and what needs equal ones.

The classical standard error assumes that all errors have the same variance.
White's, here with the leverage correction HC3, does not.  Neither needs
normal errors at moderate n; both need a variance.

In production, use statsmodels: ``OLS(y, X).fit(cov_type="HC3",
use_t=True)``.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.stats import t

from mlsd_examples._refusals import numbers, share, vector

__all__ = ["SlopeIntervals", "slope_intervals"]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]

# A leverage this near to 1 is 1, but for rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class SlopeIntervals:
    """Slopes of many regressions, with two half-widths each.

    Parameters
    ----------
    slopes : ndarray of float, shape (runs,)
        Least-squares slopes.
    classical : ndarray of float, shape (runs,)
        Half-widths from one error variance.
    robust : ndarray of float, shape (runs,)
        Half-widths from HC3.
    """

    slopes: Floats
    classical: Floats
    robust: Floats


def slope_intervals(
    x: npt.ArrayLike, y: npt.ArrayLike, *, confidence: float = 0.95
) -> SlopeIntervals:
    r"""Fit many lines over the same x, with two intervals for the slope.

    Parameters
    ----------
    x : array-like of float, shape (n,)
        Regressor, not constant, n at least 3.
    y : array-like of float, shape (runs, n)
        One response a row.
    confidence : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    SlopeIntervals
        Slopes, classical and robust half-widths.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If `x` is constant, too short, not finite or constant but for one
        value, `y` has another shape or is not finite, or `confidence` is
        outside (0, 1).

    Notes
    -----
    With :math:`w_i = (x_i - \bar x) / \sum (x_j - \bar x)^2`, residuals
    :math:`e_i` and leverages :math:`h_i`, the variances are
    :math:`\sum e_i^2/(n-2) \cdot \sum w_i^2` and
    :math:`\sum w_i^2 e_i^2/(1 - h_i)^2`.

    Examples
    --------
    Errors that grow with x: the classical interval is too narrow.

    >>> rng = np.random.default_rng(7)
    >>> x = rng.uniform(0, 1, 200)
    >>> y = rng.standard_normal((500, 200)) * x**2
    >>> fits = slope_intervals(x, y)
    >>> bool((fits.classical < fits.robust).mean() > 0.95)
    True
    """
    at = vector("x", x, least=3)
    rows = numbers("y", y)
    if rows.ndim != 2 or rows.shape[0] < 1 or rows.shape[1] != at.size:
        raise ValueError(f"y of shape {rows.shape} is not (runs, {at.size})")
    if not np.isfinite(rows).all():
        raise ValueError("y holds a value that is not finite")
    if not np.ptp(at):
        raise ValueError("x is constant")
    centred = at - at.mean()
    spread = float(centred @ centred)
    weight = centred / spread
    slopes = rows @ weight
    errors = rows - rows.mean(axis=1, keepdims=True)
    errors -= np.outer(slopes, centred)
    leverage = 1 / at.size + centred * weight
    alone = int(leverage.argmax())
    if leverage[alone] > 1 - _ROUNDING:
        raise ValueError(
            f"x[{alone}]={at[alone]:g} alone carries the slope:"
            " its residual is 0 by construction"
        )
    classical = (errors**2).sum(axis=1) / (at.size - 2) / spread
    robust = (errors / (1 - leverage)) ** 2 @ weight**2
    quantile = t.isf((1 - share("confidence", confidence)) / 2, at.size - 2)
    return SlopeIntervals(
        slopes=slopes,
        classical=quantile * np.sqrt(classical),
        robust=quantile * np.sqrt(robust),
    )
