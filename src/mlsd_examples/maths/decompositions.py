r"""The singular value decomposition, and what its truncation keeps.

:math:`A = U \Sigma V^\top` exists for every matrix: an orthogonal map (a
rotation, or a rotation with a reflection), a stretch along the axes, an
orthogonal map.  Cutting it after k terms is the best approximation of rank k
in every norm that orthogonal maps leave alone (Eckart, Young and Mirsky):
best for the *matrix*, which need not be best for the task.

A decomposition is unique up to signs only.  Here each right vector has a
positive entry where it is largest in magnitude, so that results do not hang
on the machine.

In production, call :func:`scipy.linalg.svd`,
:class:`sklearn.decomposition.PCA`, or a randomised SVD for large matrices.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import vector, whole
from mlsd_examples.maths._matrices import Floats, matrix

__all__ = [
    "PrincipalComponents",
    "ScoreMaps",
    "SingularValues",
    "low_rank",
    "principal_components",
    "score_maps",
    "singular_values",
    "truncation_error",
]

_Norm: TypeAlias = Literal["spectral", "frobenius"]

# Entries this near to the largest count as equally large, so that rounding
# does not choose the one that fixes the sign.
_TIE = 1e-8


@dataclass(frozen=True)
class SingularValues:
    """A thin singular value decomposition with its signs fixed.

    Parameters
    ----------
    left : ndarray of float, shape (m, r)
        Orthonormal columns; r is the lesser of m and n.
    values : ndarray of float, shape (r,)
        Singular values, the largest first.
    right : ndarray of float, shape (n, r)
        Orthonormal columns.
    """

    left: Floats
    values: Floats
    right: Floats


def singular_values(values: npt.ArrayLike) -> SingularValues:
    r"""Decompose a matrix into orthogonal, diagonal and orthogonal.

    Parameters
    ----------
    values : array-like of float, shape (m, n)
        The matrix.

    Returns
    -------
    SingularValues
        Such that ``left * values @ right.T`` is the matrix.

    Raises
    ------
    TypeError
        If the matrix is complex.
    ValueError
        If it is empty, not a matrix, not finite, or stretches beyond
        float64.

    Examples
    --------
    Exchanging two axes is a reflection; nothing is stretched, and no
    product of rotations does it:

    >>> parts = singular_values([[0, 1], [1, 0]])
    >>> parts.values.round(12).tolist()
    [1.0, 1.0]
    >>> left, right = np.linalg.det(parts.left), np.linalg.det(parts.right)
    >>> round(float(left * right), 12)
    -1.0
    """
    array = matrix("values", values)
    left, stretches, right_t = np.linalg.svd(array, full_matrices=False)
    if not np.isfinite(stretches).all():
        raise ValueError("a stretch of values is beyond float64")
    size = np.abs(right_t)
    largest = size.max(axis=1, keepdims=True)
    first = (size >= (1 - _TIE) * largest).argmax(axis=1)
    signs = np.sign(right_t[np.arange(first.size), first])
    return SingularValues(
        left=left * signs,
        values=stretches,
        right=np.ascontiguousarray((right_t * signs[:, np.newaxis]).T),
    )


def low_rank(values: npt.ArrayLike, rank: int) -> Floats:
    """Return the best approximation of a matrix by one of lower rank.

    Parameters
    ----------
    values : array-like of float, shape (m, n)
        The matrix.
    rank : int
        From 0 to the lesser of m and n.

    Returns
    -------
    ndarray of float, shape (m, n)
        The decomposition cut after `rank` terms.

    Raises
    ------
    TypeError
        If `rank` is not a whole number.
    ValueError
        If `rank` is out of range, or the matrix impossible.

    Examples
    --------
    The weaker direction goes, whatever it meant:

    >>> low_rank([[3, 0], [0, 2]], 1).round(12).tolist()
    [[3.0, 0.0], [0.0, 0.0]]
    """
    parts = singular_values(values)
    kept = _rank(rank, parts.values.size)
    left, right = parts.left[:, :kept], parts.right[:, :kept]
    return np.asarray(left * parts.values[:kept] @ right.T)


def _rank(rank: int, largest: int) -> int:
    kept = whole("rank", rank, least=0)
    if kept > largest:
        raise ValueError(f"rank={kept} is above {largest}")
    return kept


def truncation_error(
    values: npt.ArrayLike, rank: int, norm: _Norm = "frobenius"
) -> float:
    r"""Say how far the best approximation of some rank is from a matrix.

    Parameters
    ----------
    values : array-like of float, shape (r,)
        Singular values, none negative, the largest first.
    rank : int
        From 0 to r.
    norm : {"frobenius", "spectral"}
        How to measure.

    Returns
    -------
    float
        Norm of the difference.

    Raises
    ------
    TypeError
        If `rank` is not a whole number.
    ValueError
        If `rank` is out of range, the norm unknown, or the values are not
        singular values in order.

    Notes
    -----
    :math:`\sigma_{k+1}` and :math:`\sqrt{\sum_{i>k} \sigma_i^2}`.

    Examples
    --------
    >>> truncation_error([9, 4, 3], 1, "spectral")
    4.0
    >>> truncation_error([9, 4, 3], 1)
    5.0
    """
    stretches = vector("values", values, least=1)
    if (stretches < 0).any() or (np.diff(stretches) > 0).any():
        raise ValueError("values are no singular values in falling order")
    if norm not in get_args(_Norm):
        raise ValueError(f"norm={norm!r} is none of {get_args(_Norm)}")
    rest = stretches[_rank(rank, stretches.size) :]
    if norm == "spectral":
        return float(rest.max(initial=0.0))
    return float(np.linalg.norm(rest))


@dataclass(frozen=True)
class PrincipalComponents:
    """Directions of successively largest variance.

    Parameters
    ----------
    mean : ndarray of float, shape (d,)
        What was subtracted.
    axes : ndarray of float, shape (d, r)
        Orthonormal directions, one a column.
    variances : ndarray of float, shape (r,)
        Variance along each, the largest first.
    """

    mean: Floats
    axes: Floats
    variances: Floats

    @property
    def kept(self) -> Floats:
        """Share of the variance that the first directions keep, (r,)."""
        total = np.cumsum(self.variances)
        return np.asarray(total / total[-1])


def principal_components(
    data: npt.ArrayLike, *, centred: bool = True
) -> PrincipalComponents:
    r"""Find orthogonal directions of successively largest variance.

    Parameters
    ----------
    data : array-like of float, shape (n, d)
        One observation a row, at least 2, not all equal.
    centred : bool
        Whether the mean is subtracted.  Without, the first direction is
        mostly the mean itself.

    Returns
    -------
    PrincipalComponents
        Mean, directions and variances.

    Raises
    ------
    ValueError
        If there are fewer than two rows, no variance, a value is not
        finite, or the variances leave float64.

    Notes
    -----
    From the singular values of the centred data,
    :math:`\lambda_i = \sigma_i^2 / (n - 1)`; the covariance matrix is never
    formed, since that would square the condition number.

    Examples
    --------
    >>> parts = principal_components([[0, 0], [2, 2], [4, 4]])
    >>> parts.variances.round(12).tolist()
    [8.0, 0.0]
    >>> parts.axes[:, 0].round(3).tolist()
    [0.707, 0.707]

    One observation does not vary:

    >>> principal_components([[1, 2]])
    Traceback (most recent call last):
        ...
    ValueError: data of shape (1, 2) needs 2 rows and a column
    """
    array = matrix("data", data, rows=2)
    if (array == array[0]).all():
        raise ValueError("data do not vary")
    with np.errstate(over="ignore", invalid="ignore"):
        mean = array.mean(axis=0) if centred else np.zeros(array.shape[1])
        parts = singular_values(_representable(array - mean))
        variances = parts.values**2 / (array.shape[0] - 1)
    if variances[0] < np.finfo(float).tiny:
        raise ValueError("the variances of data are below float64")
    _representable(variances)
    return PrincipalComponents(
        mean=mean,
        axes=parts.right,
        variances=variances,
    )


def _representable(values: Floats) -> Floats:
    if not np.isfinite(values).all():
        raise ValueError("the variances of data are beyond float64")
    return values


@dataclass(frozen=True)
class ScoreMaps:
    """Two maps whose product approximates every score.

    Parameters
    ----------
    query_map : ndarray of float, shape (d, k)
        Turns a query into its short form.
    item_map : ndarray of float, shape (d, k)
        Turns an item into its short form.
    kept : float
        Share of the mean squared score that survives.
    """

    query_map: Floats
    item_map: Floats
    kept: float


def score_maps(
    queries: npt.ArrayLike, items: npt.ArrayLike, rank: int
) -> ScoreMaps:
    r"""Shorten items so that the scores of *these* queries survive.

    Parameters
    ----------
    queries : array-like of float, shape (m, d)
        A sample of past queries, one a row.
    items : array-like of float, shape (n, d)
        Items, one a row, centred by the caller if only the order of the
        scores matters.
    rank : int
        Dimensions to keep, from 1 to d; there are fewer when the queries
        span fewer directions, or there are fewer items.

    Returns
    -------
    ScoreMaps
        A map for queries, a map for items.

    Raises
    ------
    TypeError
        If `rank` is not a whole number.
    ValueError
        If the dimensions differ, a matrix is impossible, `rank` is out of
        range, every score is zero, or one overflows.

    Notes
    -----
    Eckart and Young's theorem for the score matrix :math:`Q X^\top` instead
    of :math:`X`.  With :math:`Q = U S W^\top`, the scores are :math:`U` times
    :math:`S W^\top X^\top`, and orthonormal :math:`U` leaves the norm alone:
    the best directions are the singular vectors of :math:`X W S`.  PCA is
    the case of queries that weigh every direction alike.

    Examples
    --------
    Items vary along the first axis, queries ask along the second:

    >>> items = [[9.0, 1.0], [-9.0, 2.0], [0.0, 3.0]]
    >>> maps = score_maps([[0, 1], [0, 2]], items, 1)
    >>> (np.array([[0, 1]]) @ maps.query_map
    ...  @ (items @ maps.item_map).T).round(12).tolist()
    [[1.0, 2.0, 3.0]]
    """
    q, x = matrix("queries", queries), matrix("items", items)
    if q.shape[1] != x.shape[1]:
        raise ValueError(
            f"queries have {q.shape[1]} dimensions, items {x.shape[1]}"
        )
    whole("rank", rank, least=1)
    kept = _rank(rank, q.shape[1])
    asked = singular_values(q)
    stretches = asked.values
    seen = stretches > max(q.shape) * np.finfo(float).eps * stretches[0]
    if not seen.any():
        raise ValueError("every score is zero")
    forth = asked.right[:, seen] * stretches[seen]
    back = asked.right[:, seen] / stretches[seen]
    with np.errstate(over="ignore", invalid="ignore"):
        heard = x @ forth
    if not np.isfinite(heard).all():
        raise ValueError("a score overflows")
    scores = singular_values(heard)
    if scores.values[0] == 0:
        raise ValueError("every score is zero")
    energy = (scores.values / scores.values[0]) ** 2
    directions = scores.right[:, :kept]
    return ScoreMaps(
        query_map=back @ directions,
        item_map=forth @ directions,
        kept=float(energy[:kept].sum() / energy.sum()),
    )
