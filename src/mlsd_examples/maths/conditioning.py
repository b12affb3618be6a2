r"""How near a matrix is to losing a direction, and what does not say it.

The **condition number** is the largest stretch over the smallest.  It is the
factor by which a relative error of the data may grow in a solution, and the
determinant knows nothing of it: the determinant multiplies all stretches, so
that a hundred harmless factors of 0.1 make 1e-100.

In production, call :func:`numpy.linalg.cond`, :func:`numpy.linalg.slogdet`
and :func:`numpy.linalg.lstsq`; never the inverse to solve a system.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import positive, whole
from mlsd_examples.maths._matrices import Floats, matrix, square

__all__ = [
    "SignedVolume",
    "condition_number",
    "gram_singular_values",
    "lauchli_matrix",
    "signed_volume",
    "stretched_matrix",
]


def condition_number(values: npt.ArrayLike) -> float:
    """Compute the largest stretch over the smallest.

    Parameters
    ----------
    values : array-like of float, shape (m, n)
        The matrix.

    Returns
    -------
    float
        At least 1; infinite when a direction is lost exactly, or the ratio
        is beyond float64.

    Raises
    ------
    ValueError
        If the matrix is impossible.

    Examples
    --------
    Scaling everything changes nothing:

    >>> condition_number(0.1 * np.eye(100))
    1.0

    A determinant of 1 and a hopeless matrix:

    >>> f"{condition_number([[1, 1e6], [0, 1]]):.1e}"
    '1.0e+12'
    >>> condition_number([[1, 0], [0, 0]])
    inf
    """
    array = matrix("values", values)
    largest = np.frexp(np.abs(array).max())[1]
    scaled = np.ldexp(array, -largest)  # exact, and no stretch overflows
    stretches = np.linalg.svd(scaled, compute_uv=False)
    if stretches[-1] == 0:
        return float("inf")
    return float(stretches[0] / stretches[-1])


@dataclass(frozen=True)
class SignedVolume:
    """A determinant that neither under- nor overflows.

    Parameters
    ----------
    sign : float
        1, -1 for a change of orientation, 0 for a lost direction.
    log_volume : float
        Natural logarithm of the factor of volume; -inf with sign 0.
    """

    sign: float
    log_volume: float


def signed_volume(values: npt.ArrayLike) -> SignedVolume:
    """Compute orientation and log of volume of a square matrix.

    Parameters
    ----------
    values : array-like of float, shape (n, n)
        The matrix.

    Returns
    -------
    SignedVolume
        Sign and logarithm of the determinant.

    Raises
    ------
    ValueError
        If the matrix is not square, empty, or not finite.

    Examples
    --------
    A reflection keeps areas and turns the orientation:

    >>> signed_volume([[0, 1], [1, 0]])
    SignedVolume(sign=-1.0, log_volume=0.0)

    The determinant of half the identity underflows, its logarithm does not:

    >>> np.linalg.det(0.5 * np.eye(1200)) == 0
    np.True_
    >>> round(signed_volume(0.5 * np.eye(1200)).log_volume, 3)
    -831.777
    """
    sign, log_volume = np.linalg.slogdet(square("values", values))
    return SignedVolume(float(sign), float(log_volume))


def gram_singular_values(values: npt.ArrayLike) -> Floats:
    r"""Compute singular values the wrong way: from :math:`A^\top A`.

    Parameters
    ----------
    values : array-like of float, shape (m, n)
        The matrix.

    Returns
    -------
    ndarray of float, shape (n,)
        Roots of the eigenvalues of the Gram matrix, the largest first;
        eigenvalues that rounding made negative count as 0.

    Raises
    ------
    ValueError
        If the matrix is impossible.

    Notes
    -----
    Rounding moves the eigenvalues by about :math:`\epsilon \sigma_1^2`, so
    that whatever lies below :math:`\sqrt{\epsilon}\, \sigma_1` (1.5e-8 of
    the largest) is noise.

    Examples
    --------
    Where the values are of one size, nothing is lost:

    >>> gram_singular_values([[3, 0], [0, 2]]).tolist()
    [3.0, 2.0]
    """
    array = matrix("values", values)
    with np.errstate(over="ignore"):
        gram = array.T @ array
    if not np.isfinite(gram).all():
        raise ValueError("the Gram matrix overflows")
    eigenvalues = np.linalg.eigvalsh(gram)
    return np.asarray(np.sqrt(np.maximum(eigenvalues[::-1], 0.0)))


def lauchli_matrix(epsilon: float, columns: int = 3) -> Floats:
    r"""Build columns that differ by a little: a row of ones over a small I.

    Parameters
    ----------
    epsilon : float
        The little, > 0.
    columns : int
        Number of columns, at least 2.

    Returns
    -------
    ndarray of float, shape (columns + 1, columns)
        Its singular values are :math:`\sqrt{n + \varepsilon^2}` once, and
        :math:`\varepsilon` otherwise.

    Raises
    ------
    TypeError
        If `columns` is not a whole number.
    ValueError
        If `epsilon` is not positive, or there are fewer than two columns.

    References
    ----------
    Läuchli (1961).

    Examples
    --------
    >>> lauchli_matrix(0.5, 2).tolist()
    [[1.0, 1.0], [0.5, 0.0], [0.0, 0.5]]
    """
    n = whole("columns", columns, least=2)
    small = positive("epsilon", epsilon) * np.eye(n)
    return np.vstack([np.ones((1, n)), small])


def stretched_matrix(
    size: int, condition: float, rng: np.random.Generator
) -> Floats:
    """Draw a square matrix with a condition number that is known.

    Parameters
    ----------
    size : int
        Rows and columns, at least 2.
    condition : float
        The condition number, at least 1.
    rng : Generator
        Source of randomness.

    Returns
    -------
    ndarray of float, shape (size, size)
        Random orthogonal, stretches in equal ratios from 1 down to
        1 / condition, random orthogonal.

    Raises
    ------
    TypeError
        If `size` is not a whole number.
    ValueError
        If `size` is below 2, or `condition` below 1.

    Examples
    --------
    >>> drawn = stretched_matrix(5, 1e3, np.random.default_rng(1))
    >>> round(condition_number(drawn), 6)
    1000.0
    """
    n = whole("size", size, least=2)
    if not positive("condition", condition) >= 1:
        raise ValueError(f"condition={condition} is below 1")
    left, right = (
        np.linalg.qr(rng.standard_normal((n, n)))[0] for _ in range(2)
    )
    stretches = float(condition) ** -np.linspace(0, 1, n)
    return np.asarray(left * stretches @ right.T)
