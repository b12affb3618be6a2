r"""Many tests at once: adjusted p-values.

Among m independent true nulls, some p-value is below alpha with probability
:math:`1 - (1 - \alpha)^m`.  Two promises are on offer:

* no false discovery at all, with probability :math:`1 - \alpha`
  (:func:`bonferroni`, and :func:`holm`, which is never worse);
* false discoveries are at most a share q of all discoveries, on average
  (:func:`benjamini_hochberg`).

Each function returns *adjusted* p-values, to be compared with alpha (or q),
in the order of its input.

In production, use :func:`statsmodels.stats.multitest.multipletests`.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import share, vector, whole

__all__ = [
    "benjamini_hochberg",
    "bonferroni",
    "family_wise_error",
    "holm",
]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


def family_wise_error(tests: int, alpha: float = 0.05) -> float:
    r"""Compute how often some of many true nulls is significant.

    Parameters
    ----------
    tests : int
        Independent tests, at least 1, of nulls that all hold.
    alpha : float
        Level of each, in (0, 1).

    Returns
    -------
    float
        :math:`1 - (1 - \alpha)^m`.

    Raises
    ------
    TypeError
        If `tests` is not a whole number.
    ValueError
        If `tests` is below 1, or `alpha` is outside (0, 1).

    Examples
    --------
    Twenty metrics:

    >>> round(family_wise_error(20), 2)
    0.64
    """
    tests = whole("tests", tests, least=1)
    return 1 - (1 - share("alpha", alpha)) ** tests


def bonferroni(p_values: npt.ArrayLike) -> Floats:
    """Adjust p-values so that no null is rejected, with level alpha.

    Parameters
    ----------
    p_values : array-like of float, shape (m,)
        In [0, 1], at least one.

    Returns
    -------
    ndarray of float, shape (m,)
        Each p-value times m, at most 1.

    Raises
    ------
    TypeError
        If they are not numbers, or bools.
    ValueError
        If there is none, or one is not in [0, 1].

    Examples
    --------
    >>> bonferroni([0.01, 0.02, 0.6]).tolist()
    [0.03, 0.06, 1.0]
    """
    p = _p_values(p_values)
    return np.minimum(1.0, p * p.size)


def holm(p_values: npt.ArrayLike) -> Floats:
    """Adjust p-values step by step, with Bonferroni's promise.

    Parameters
    ----------
    p_values : array-like of float, shape (m,)
        In [0, 1], at least one.

    Returns
    -------
    ndarray of float, shape (m,)
        Adjusted p-values, at most Bonferroni's.

    Raises
    ------
    TypeError
        If they are not numbers, or bools.
    ValueError
        If there is none, or one is not in [0, 1].

    Notes
    -----
    The smallest is multiplied by m, the next by m − 1, and so on; an
    adjusted value is never below that of a smaller p-value.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure.

    Examples
    --------
    The second passes at 5 %, where Bonferroni's 0.06 does not:

    >>> holm([0.01, 0.02, 0.6]).tolist()
    [0.03, 0.04, 0.6]
    """
    p = _p_values(p_values)
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, steps)
    return adjusted


def benjamini_hochberg(p_values: npt.ArrayLike) -> Floats:
    """Adjust p-values so that the false share of discoveries is bounded.

    Parameters
    ----------
    p_values : array-like of float, shape (m,)
        In [0, 1], at least one.

    Returns
    -------
    ndarray of float, shape (m,)
        Smallest q at which each test is a discovery.

    Raises
    ------
    TypeError
        If they are not numbers, or bools.
    ValueError
        If there is none, or one is not in [0, 1].

    Notes
    -----
    The k-th smallest is multiplied by m/k; an adjusted value is never above
    that of a larger p-value.  Proved for independent tests, and for some
    positive dependence.

    References
    ----------
    Benjamini and Hochberg (1995), Controlling the false discovery rate.

    Examples
    --------
    The second and the third help each other:

    >>> benjamini_hochberg([0.01, 0.03, 0.033, 0.6]).round(3).tolist()
    [0.04, 0.044, 0.044, 0.6]
    """
    p = _p_values(p_values)
    order = np.argsort(p, kind="stable")
    steps = p[order] * p.size / np.arange(1, p.size + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum.accumulate(steps[::-1])[::-1]
    return adjusted


def _p_values(values: npt.ArrayLike) -> Floats:
    if np.asarray(values).dtype == np.bool_:
        raise TypeError("p_values are of type bool, not numbers")
    p = vector("p_values", values, least=1)
    bad = np.flatnonzero((p < 0) | (p > 1))
    if bad.size:
        raise ValueError(f"p_values[{bad[0]}]={p[bad[0]]:g} is outside [0, 1]")
    return p
