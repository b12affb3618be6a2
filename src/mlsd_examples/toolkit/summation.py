"""Three orders of adding, and their rounding errors.

Addition of floats is not associative, so the order is part of the answer.
Adding n numbers one by one loses up to about n roundings; adding halves, and
halves of halves, about log2 n; carrying the lost part along, hardly any.

In production: :func:`numpy.sum` (pairwise along contiguous memory only),
``dtype=np.float64`` for the accumulator, or :func:`math.fsum` (exact).
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["neumaier_sum", "pairwise_sum", "sequential_sum"]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


def sequential_sum(values: Floats) -> float:
    r"""Add values one by one, rounding to their type after each.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        Finite numbers; an empty array sums to 0.

    Returns
    -------
    float
        The running sum at its end.

    Raises
    ------
    ValueError
        If `values` is not a list of finite floats.

    Notes
    -----
    With unit roundoff u, the error is at most about
    :math:`(n - 1) u \sum |x_i|`.

    Examples
    --------
    Beyond 2**24 a float32 no longer counts by ones:

    >>> sequential_sum(np.array([2.0**24, 1.0, 1.0], dtype=np.float32))
    16777216.0
    """
    _refuse_other_than_floats(values)
    total = values.dtype.type(0)
    for value in values:
        total = total + value
    return float(total)


def pairwise_sum(values: Floats) -> float:
    r"""Add neighbours, then the sums of neighbours, and so on.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        Finite numbers; an empty array sums to 0.

    Returns
    -------
    float
        The sum, rounded to the type of the values at every level.

    Raises
    ------
    ValueError
        If `values` is not a list of finite floats.

    Notes
    -----
    The error is at most about :math:`\lceil\log_2 n\rceil u \sum |x_i|`.
    NumPy stops halving at blocks of 128, which it adds in eight strands.

    Examples
    --------
    The two ones meet first, and survive:

    >>> pairwise_sum(np.array([2.0**24, 0.0, 1.0, 1.0], dtype=np.float32))
    16777218.0
    """
    _refuse_other_than_floats(values)
    while len(values) > 1:
        odd = values[len(values) - len(values) % 2 :]
        even = values[: len(values) - len(odd)]
        values = np.concatenate([even[::2] + even[1::2], odd])
    return float(values[0]) if len(values) else 0.0


def neumaier_sum(values: Floats) -> float:
    r"""Add values one by one and carry along what rounding cut off.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        Finite numbers; an empty array sums to 0.

    Returns
    -------
    float
        The sum, accurate to about one rounding of the result for up to
        about :math:`1/\sqrt u` values (4,096 in float32); beyond, the
        correction has rounding errors of its own.

    Raises
    ------
    ValueError
        If `values` is not a list of finite floats.

    Notes
    -----
    Neumaier's improvement of Kahan's summation: the smaller of two addends
    is the one that loses digits, so it is the one the correction is taken
    from.

    Examples
    --------
    Kahan's own method returns 0 here:

    >>> neumaier_sum(np.array([1.0, 1e100, 1.0, -1e100]))
    2.0
    """
    _refuse_other_than_floats(values)
    total = lost = values.dtype.type(0)
    for value in values:
        following = total + value
        large, small = sorted([total, value], key=abs, reverse=True)
        lost = lost + ((large - following) + small)
        total = following
    return float(total + lost)


def _refuse_other_than_floats(values: Floats) -> None:
    if not isinstance(values, np.ndarray):
        raise TypeError(f"{type(values).__name__} is not an ndarray")
    if values.ndim != 1:
        raise ValueError(f"shape {values.shape} is not that of a list")
    if not np.issubdtype(values.dtype, np.floating):
        raise ValueError(f"{values.dtype} is not a float type")
    if not np.isfinite(values).all():
        raise ValueError("values must be finite")
