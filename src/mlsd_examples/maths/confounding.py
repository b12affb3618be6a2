r"""Simpson's paradox: rates that reverse when groups are pooled.

If treatments are given to different mixes of cases, the pooled rates compare
the mixes.  **Standardising** gives every treatment the same mix: the rate of
each stratum, weighted by how common the stratum is.  Whether that is the
right comparison is not in the numbers: adjust for what comes *before* the
treatment, not for what the treatment changes.

In production, use ``StratifiedTable`` of
:mod:`statsmodels.stats.contingency_tables`.
"""

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import Floats

__all__ = ["pooled_rates", "standardised_rates"]


def pooled_rates(successes: npt.ArrayLike, cases: npt.ArrayLike) -> Floats:
    """Compute the success rate of each treatment over all strata.

    Parameters
    ----------
    successes, cases : array-like of int, shape (strata, treatments)
        Counts; each stratum has cases of each treatment.

    Returns
    -------
    ndarray of float, shape (treatments,)
        Successes over cases.

    Raises
    ------
    TypeError
        If counts are not whole numbers.
    ValueError
        If the shapes differ or are not two-dimensional, a count is
        impossible, or a treatment was never given in a stratum.

    Examples
    --------
    Kidney stones, small and large, by surgery and by puncture:

    >>> successes, cases = [[81, 234], [192, 55]], [[87, 270], [263, 80]]
    >>> pooled_rates(successes, cases).round(3).tolist()
    [0.78, 0.826]
    >>> pooled_rates([[2]], [[1]])
    Traceback (most recent call last):
        ...
    ValueError: more successes than cases in stratum 0, treatment 0
    """
    hits, tries = _tables(successes, cases)
    rates: Floats = hits.sum(axis=0) / tries.sum(axis=0)
    return rates


def standardised_rates(
    successes: npt.ArrayLike, cases: npt.ArrayLike
) -> Floats:
    """Compute success rates as if every treatment had the same mix.

    Parameters
    ----------
    successes, cases : array-like of int, shape (strata, treatments)
        As for :func:`pooled_rates`.

    Returns
    -------
    ndarray of float, shape (treatments,)
        Rates of the strata, weighted by their shares of all cases.

    Raises
    ------
    TypeError
        If counts are not whole numbers.
    ValueError
        As for :func:`pooled_rates`.

    Examples
    --------
    With the same stones, surgery wins:

    >>> successes, cases = [[81, 234], [192, 55]], [[87, 270], [263, 80]]
    >>> standardised_rates(successes, cases).round(3).tolist()
    [0.833, 0.779]

    Equal mixes leave nothing to adjust:

    >>> standardised_rates([[1, 2], [3, 4]], [[10, 10], [10, 10]])
    array([0.2, 0.3])
    >>> standardised_rates([[1, 0]], [[2, 0]])
    Traceback (most recent call last):
        ...
    ValueError: treatment 1 was never given in stratum 0
    """
    hits, tries = _tables(successes, cases)
    weights = tries.sum(axis=1) / tries.sum()
    rates: Floats = weights @ (hits / tries)
    return rates


def _tables(
    successes: npt.ArrayLike, cases: npt.ArrayLike
) -> tuple[Floats, Floats]:
    hits, tries = np.asarray(successes), np.asarray(cases)
    for name, array in (("successes", hits), ("cases", tries)):
        if array.ndim != 2 or array.size == 0:
            raise ValueError(
                f"{name} have shape {array.shape}, not strata and treatments"
            )
        if array.dtype.kind not in "ui":
            raise TypeError(
                f"{name} are of type {array.dtype}, not whole numbers"
            )
    if hits.shape != tries.shape:
        raise ValueError(f"shapes {hits.shape} and {tries.shape} differ")
    _refuse_any("negative successes", hits < 0)
    _refuse_any("more successes than cases", hits > tries)
    empty = np.argwhere(tries == 0)
    if empty.size:
        raise ValueError(
            f"treatment {empty[0, 1]} was never given in stratum {empty[0, 0]}"
        )
    return hits.astype(np.float64), tries.astype(np.float64)


def _refuse_any(what: str, where: npt.NDArray[np.bool_]) -> None:
    bad = np.argwhere(where)
    if bad.size:
        raise ValueError(
            f"{what} in stratum {bad[0, 0]}, treatment {bad[0, 1]}"
        )
