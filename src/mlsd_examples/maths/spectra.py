r"""Eigenvalues: signed, complex, and silent about the first steps.

An eigenvalue says what happens to one direction, again and again: its sign
or angle turns, its magnitude stretches.  The largest magnitude (the
**spectral radius**) decides how powers :math:`A^k` end, and the largest
singular value how they begin.  The two agree for **normal** matrices, those
with orthogonal eigenvectors, and for others a "stable" matrix may first grow.

In production, call :func:`scipy.linalg.eig`, or
:func:`scipy.linalg.eigh` for a matrix that *is* symmetric: it reads one
triangle only, and does not complain of another.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import whole
from mlsd_examples.maths._matrices import square

__all__ = ["Spectrum", "power_norms", "spectrum"]

_Complex: TypeAlias = npt.NDArray[np.complex128]


@dataclass(frozen=True)
class Spectrum:
    """Eigenvalues of a matrix beside its largest stretch.

    Parameters
    ----------
    eigenvalues : ndarray of complex, shape (n,)
        In falling order of real part, then of imaginary part.
    radius : float
        Largest magnitude of an eigenvalue.
    stretch : float
        Largest singular value: the most that one step can stretch.
    departure : float
        0 for a normal matrix, and more the further it is from one: the
        Frobenius norm of A A' - A' A over the square of that of A.
    """

    eigenvalues: _Complex
    radius: float
    stretch: float
    departure: float


def spectrum(values: npt.ArrayLike) -> Spectrum:
    """Compute eigenvalues, and how much they leave unsaid.

    Parameters
    ----------
    values : array-like of float, shape (n, n)
        The matrix.

    Returns
    -------
    Spectrum
        Eigenvalues, spectral radius, largest stretch, departure from
        normality.

    Raises
    ------
    ValueError
        If the matrix is not square, empty, or not finite, or stretches
        beyond float64.

    Examples
    --------
    A quarter turn stretches nothing, and has no real eigenvalue:

    >>> turn = spectrum([[0, -1], [1, 0]])
    >>> turn.eigenvalues.round(12).tolist()
    [1j, -1j]

    Both eigenvalues zero, and a hundredfold stretch:

    >>> shift = spectrum([[0, 100], [0, 0]])
    >>> shift.radius, round(shift.stretch, 9)
    (0.0, 100.0)
    >>> round(shift.departure, 3)
    1.414
    """
    array = square("values", values)
    found = np.linalg.eigvals(array).astype(np.complex128)
    stretch = float(np.linalg.norm(array, 2))
    if not np.isfinite(stretch):
        raise ValueError("the stretch of values is beyond float64")
    order = np.lexsort((-found.imag, -found.real))
    largest = float(np.abs(array).max())
    scaled = array / largest if largest else array
    gap = scaled @ scaled.T - scaled.T @ scaled
    size = float((scaled**2).sum())
    return Spectrum(
        eigenvalues=found[order],
        radius=float(np.abs(found).max()),
        stretch=stretch,
        departure=float(np.linalg.norm(gap)) / size if size else 0.0,
    )


def power_norms(values: npt.ArrayLike, steps: int) -> tuple[float, ...]:
    """Compute the largest stretch of each power of a matrix.

    Parameters
    ----------
    values : array-like of float, shape (n, n)
        The matrix.
    steps : int
        Highest power, at least 1.

    Returns
    -------
    tuple of float, length steps
        Spectral norms of the first, second, ... power.

    Raises
    ------
    TypeError
        If `steps` is not a whole number.
    ValueError
        If `steps` is below 1, the matrix is not square, or a power
        overflows.

    Examples
    --------
    Spectral radius 0.9, and yet it grows first:

    >>> norms = power_norms([[0.9, 10], [0, 0.9]], 100)
    >>> [round(norms[step - 1], 2) for step in (1, 9, 100)]
    [10.08, 38.75, 0.03]

    A normal matrix never does:

    >>> [round(n, 3) for n in power_norms([[0.9, 0], [0, 0.5]], 3)]
    [0.9, 0.81, 0.729]
    """
    array = square("values", values)
    power, norms = np.eye(len(array)), []
    for step in range(1, whole("steps", steps, least=1) + 1):
        with np.errstate(over="ignore", invalid="ignore"):
            power = power @ array
        if not np.isfinite(power).all():
            raise ValueError(f"power {step} overflows")
        norms.append(float(np.linalg.norm(power, 2)))
    return tuple(norms)
