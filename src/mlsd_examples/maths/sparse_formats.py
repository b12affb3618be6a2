r"""What a sparse format stores, and from which density it stores more.

**CSR** (compressed sparse row) keeps three arrays: the values that are not
zero, the column of each, and for every row the place where it starts.  With
v bytes a value and i bytes an index it takes

.. math:: \mathrm{nnz}\,(v + i) + (\mathrm{rows} + 1)\, i

bytes, against rows times columns times v; for wide matrices the two meet at a
density of v / (v + i), not at one half, and not at 1 %.

In production, use :class:`scipy.sparse.csr_array` (or ``csc_array``, the same
by columns).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import vector, whole
from mlsd_examples.maths._matrices import Floats, matrix

__all__ = [
    "Csr",
    "break_even_density",
    "compressed_rows",
    "csr_bytes",
    "dense_bytes",
    "index_bytes_needed",
    "product_multiplications",
    "row_products",
]

_INT32_MOST = 2**31 - 1


def csr_bytes(
    rows: int, nonzeros: int, *, value_bytes: int = 8, index_bytes: int = 4
) -> int:
    """Count the bytes of a matrix in CSR.

    Parameters
    ----------
    rows : int
        Rows, at least 1; for CSC, columns.
    nonzeros : int
        Stored entries, at least 0.  Stored zeros count.
    value_bytes, index_bytes : int
        Bytes a value and an index, at least 1.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is below its least.

    Examples
    --------
    A million rows of a hundred thousand columns, 99 % zeros:

    >>> csr_bytes(10**6, 10**9) / 1e9
    12.004000004

    The row starts cost something even for an empty matrix:

    >>> csr_bytes(10, 0)
    44
    """
    value = whole("value_bytes", value_bytes, least=1)
    index = whole("index_bytes", index_bytes, least=1)
    stored = whole("nonzeros", nonzeros, least=0)
    starts = whole("rows", rows, least=1) + 1
    return stored * (value + index) + starts * index


def dense_bytes(rows: int, columns: int, *, value_bytes: int = 8) -> int:
    """Count the bytes of a matrix as an array.

    Examples
    --------
    >>> dense_bytes(10**6, 10**5) / 1e9
    800.0
    """
    m, n = whole("rows", rows, least=1), whole("columns", columns, least=1)
    return m * n * whole("value_bytes", value_bytes, least=1)


def break_even_density(
    rows: int, columns: int, *, value_bytes: int = 8, index_bytes: int = 4
) -> float:
    r"""Say from which density CSR takes more bytes than an array.

    Parameters
    ----------
    rows, columns : int
        Shape, each at least 1.
    value_bytes, index_bytes : int
        Bytes a value and an index, at least 1.

    Returns
    -------
    float
        Density at which both take the same; 0 when CSR never wins.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is below 1.

    Notes
    -----
    :math:`\frac{v}{v + i} - \frac{(m + 1)\, i}{m n (v + i)}`: for wide
    matrices the first term alone.

    Examples
    --------
    Two thirds for float64 with int32 indices, a fifth for int8:

    >>> round(break_even_density(10**6, 10**5), 4)
    0.6667
    >>> round(break_even_density(10**6, 10**5, value_bytes=1), 4)
    0.2

    One column: the row starts alone cost half of the array, and the index
    of each value the rest.

    >>> round(break_even_density(10**6, 1), 4)
    0.3333
    """
    dense = dense_bytes(rows, columns, value_bytes=value_bytes)
    empty = csr_bytes(
        rows, 0, value_bytes=value_bytes, index_bytes=index_bytes
    )
    per_entry = (value_bytes + index_bytes) * rows * columns
    return max(0.0, (dense - empty) / per_entry)


def index_bytes_needed(nonzeros: int, columns: int) -> int:
    """Say how wide the indices of a CSR matrix must be.

    Parameters
    ----------
    nonzeros : int
        Stored entries, at least 0: the row starts count up to it.
    columns : int
        Columns, at least 1.

    Returns
    -------
    int
        4 or 8 bytes.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is below its least.

    Examples
    --------
    From 2,147,483,648 stored entries on, *both* index arrays double:

    >>> index_bytes_needed(2**31 - 1, 100), index_bytes_needed(2**31, 100)
    (4, 8)
    """
    stored = whole("nonzeros", nonzeros, least=0)
    last = whole("columns", columns, least=1) - 1
    return 4 if max(stored, last) <= _INT32_MOST else 8


@dataclass(frozen=True)
class Csr:
    """The three arrays of compressed sparse rows.

    Parameters
    ----------
    data : ndarray of float, shape (nnz,)
        Values, row by row.
    indices : ndarray of int, shape (nnz,)
        Column of each value.
    starts : ndarray of int, shape (rows + 1,)
        Row r holds entries ``starts[r]`` to ``starts[r + 1] - 1``.
    columns : int
        Number of columns.
    """

    data: Floats
    indices: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    columns: int


def compressed_rows(values: npt.ArrayLike) -> Csr:
    """Compress the rows of a matrix.

    Parameters
    ----------
    values : array-like of float, shape (m, n)
        The matrix.

    Returns
    -------
    Csr
        Its three arrays.

    Raises
    ------
    ValueError
        If the matrix is empty or not finite.

    Examples
    --------
    An empty row costs one more start, and no entry:

    >>> packed = compressed_rows([[0, 5, 0], [0, 0, 0], [7, 0, 8]])
    >>> packed.data.tolist(), packed.indices.tolist()
    ([5.0, 7.0, 8.0], [1, 0, 2])
    >>> packed.starts.tolist()
    [0, 1, 1, 3]
    """
    array = matrix("values", values)
    rows, columns = np.nonzero(array)
    counted = np.bincount(rows, minlength=len(array))
    starts = np.concatenate([[0], np.cumsum(counted)])
    return Csr(array[rows, columns], columns, starts, array.shape[1])


def row_products(packed: Csr, x: npt.ArrayLike) -> Floats:
    """Multiply a compressed matrix by a vector, row by row.

    Parameters
    ----------
    packed : Csr
        The matrix.
    x : array-like of float, shape (columns,)
        The vector.

    Returns
    -------
    ndarray of float, shape (rows,)
        The product; 2 operations for each stored entry.

    Raises
    ------
    ValueError
        If the lengths differ, a value is not finite, or a sum overflows.

    Examples
    --------
    >>> packed = compressed_rows([[0, 5, 0], [0, 0, 0], [7, 0, 8]])
    >>> row_products(packed, [1, 2, 3]).tolist()
    [10.0, 0.0, 31.0]
    """
    given = vector("x", x, least=1)
    if given.size != packed.columns:
        raise ValueError(f"x has {given.size} values, not {packed.columns}")
    total = np.zeros(packed.starts.size - 1)
    for row, (start, stop) in enumerate(
        zip(packed.starts[:-1], packed.starts[1:], strict=True)
    ):
        entries = slice(start, stop)
        with np.errstate(over="ignore", invalid="ignore"):
            total[row] = packed.data[entries] @ given[packed.indices[entries]]
    if not np.isfinite(total).all():
        raise ValueError("a sum overflows")
    return total


def product_multiplications(left: npt.ArrayLike, right: npt.ArrayLike) -> int:
    """Count the multiplications of a product that skips all zeros.

    Parameters
    ----------
    left : array-like of float, shape (m, k)
        First factor.
    right : array-like of float, shape (k, n)
        Second factor.

    Returns
    -------
    int
        Pairs of entries, neither zero, that meet.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a matrix is impossible.

    Notes
    -----
    Entry k of a column meets entry k of a row, so that it is the sum over k
    of (entries in column k of the left) times (entries in row k of the
    right): about m k n times the product of the densities.

    Examples
    --------
    Dense factors need them all, a diagonal one a single one each:

    >>> product_multiplications(np.ones((4, 4)), np.ones((4, 4)))
    64
    >>> product_multiplications(np.eye(4), np.ones((4, 4)))
    16
    """
    first, second = matrix("left", left), matrix("right", right)
    if first.shape[1] != second.shape[0]:
        raise ValueError(
            f"left of shape {first.shape} meets right of {second.shape}"
        )
    columns = np.count_nonzero(first, axis=0)
    return int(columns @ np.count_nonzero(second, axis=1))
