"""Arrays larger than the memory allowed, read block by block.

A memory map lends addresses to a file.  Its pages are fetched when they are
read and can be dropped again at any time, so they count as cache and not as
data of the process.  Whatever is computed *from* a map is data again.

In production, formats with chunks (Parquet, Zarr, HDF5) do the same and
compress.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import whole

__all__ = ["row_blocks", "write_table"]


def row_blocks(
    array: npt.NDArray[Any], *, rows: int
) -> Iterator[npt.NDArray[Any]]:
    """Walk along the first axis in views of a few rows.

    Parameters
    ----------
    array : ndarray, shape (n, ...)
        Array or memory map.
    rows : int
        Rows a block, at least 1; the last block may have fewer.

    Returns
    -------
    iterator of ndarray, shape (rows, ...)
        Consecutive views.

    Raises
    ------
    ValueError
        If `rows` is not positive, or the array has no axis.
    TypeError
        If `rows` is not a whole number.

    Examples
    --------
    Five rows, two at a time:

    >>> [block.tolist() for block in row_blocks(np.arange(5), rows=2)]
    [[0, 1], [2, 3], [4]]

    A block must have a row:

    >>> row_blocks(np.arange(5), rows=0)
    Traceback (most recent call last):
        ...
    ValueError: rows=0 is below 1
    """
    whole("rows", rows, least=1)
    if array.ndim == 0:
        raise ValueError("an array without axes has no rows")
    # Not a generator itself, so that it refuses at the call.
    starts = range(0, len(array), rows)
    return (array[start : start + rows] for start in starts)


def write_table(
    path: Path, shape: tuple[int, int], *, rows: int = 4096
) -> None:
    """Write a float32 table to a file, never holding more than a block.

    Element (i, j) is i modulo 256, so that every sum is known.

    Parameters
    ----------
    path : Path
        File to write, in NumPy's format.
    shape : tuple of int
        Rows and columns, at least 1 each.
    rows : int
        Rows written at a time, at least 1.

    Raises
    ------
    ValueError
        If there are not two lengths, or a length or `rows` is not positive.
    TypeError
        If a length or `rows` is not a whole number.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(Path(folder, "table.npy"), (300, 2))
    ...     float(np.load(Path(folder, "table.npy")).sum())
    67172.0
    """
    if len(shape) != 2:
        raise ValueError(f"shape {shape} is not that of a table")
    for length in shape:
        whole("length", length, least=1)
    whole("rows", rows, least=1)
    table = np.lib.format.open_memmap(
        path, mode="w+", dtype=np.float32, shape=shape
    )
    start = 0
    for block in row_blocks(table, rows=rows):
        values = np.arange(start, start + len(block)) % 256
        block[...] = values[:, np.newaxis]
        start += len(block)
    table.flush()
