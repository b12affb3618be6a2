"""Means by key over data that never fits at once.

A mean is *algebraic*: keep a sum and a count for each key, add them up over
the chunks, divide once.  A mean of means weighs a chunk with three rows like
one with three thousand.  A median has no such summary of fixed size.

In production, let Polars, DuckDB, Dask or Spark plan this for you.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from mlsd_examples._refusals import whole

__all__ = ["chunked_means", "event_means", "mean_of_means", "write_events"]

_KEYS = 100
_COLUMNS = ("key", "value", *(f"unused_{place}" for place in range(6)))


def chunked_means(
    chunks: Iterable[pd.DataFrame], key: str, value: str
) -> "pd.Series[float]":
    """Return the mean of each key over all chunks.

    Parameters
    ----------
    chunks : iterable of DataFrame
        Parts of one table, each with the columns `key` and `value`; read
        once and never kept.
    key, value : str
        Names of the columns.

    Returns
    -------
    Series of float
        Means, ordered by key; NaN where a key has no value.

    Raises
    ------
    KeyError
        If a chunk lacks a column.
    ValueError
        If there is no chunk.

    Examples
    --------
    Three values of one key in two chunks:

    >>> parts = [pd.DataFrame({"k": [1, 1], "v": [0.0, 3.0]}),
    ...          pd.DataFrame({"k": [1], "v": [9.0]})]
    >>> chunked_means(parts, "k", "v").to_dict()
    {1: 4.0}

    Nothing has no mean:

    >>> chunked_means([], "k", "v")
    Traceback (most recent call last):
        ...
    ValueError: there is no chunk to aggregate
    """
    total: pd.DataFrame | None = None
    for chunk in chunks:
        part = chunk.groupby(key)[value].agg(["sum", "count"])
        total = part if total is None else total.add(part, fill_value=0)
    if total is None:
        raise ValueError("there is no chunk to aggregate")
    sums = np.asarray(total["sum"], dtype=np.float64)
    counts = np.asarray(total["count"], dtype=np.float64)
    with np.errstate(invalid="ignore"):  # 0 / 0 where a key has no value
        return pd.Series(sums / counts, index=total.index, name=value)


def mean_of_means(
    chunks: Iterable[pd.DataFrame], key: str, value: str
) -> "pd.Series[float]":
    """Average the means of the chunks: wrong unless all are equally long.

    Parameters
    ----------
    chunks : iterable of DataFrame
        Parts of one table, each with the columns `key` and `value`.
    key, value : str
        Names of the columns.

    Returns
    -------
    Series of float
        What many pipelines report, ordered by key.

    Raises
    ------
    KeyError
        If a chunk lacks a column.
    ValueError
        If there is no chunk.

    Examples
    --------
    The same three values as above; the single 9 weighs as much as two rows:

    >>> parts = [pd.DataFrame({"k": [1, 1], "v": [0.0, 3.0]}),
    ...          pd.DataFrame({"k": [1], "v": [9.0]})]
    >>> mean_of_means(parts, "k", "v").to_dict()
    {1: 5.25}
    """
    means = [chunk.groupby(key)[value].mean() for chunk in chunks]
    if not means:
        raise ValueError("there is no chunk to aggregate")
    averaged: pd.Series[float] = pd.concat(means).groupby(level=0).mean()
    return averaged


def write_events(path: Path, *, blocks: int, rows: int = 20_000) -> int:
    """Write a CSV file of events without holding it.

    Parameters
    ----------
    path : Path
        File to write.
    blocks : int
        How often the same rows are repeated, at least 1.
    rows : int
        Rows of a block, at least 100.

    Returns
    -------
    int
        Bytes of the file.

    Raises
    ------
    TypeError
        If a value is not a whole number.
    ValueError
        If a value is too small.

    Notes
    -----
    Row i of a block has key i modulo 100, value (7 i) modulo 1000, and six
    more columns that nobody reads.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_events(Path(folder, "e.csv"), blocks=1, rows=100)
    ...     pd.read_csv(Path(folder, "e.csv")).shape
    3035
    (100, 8)
    """
    repeated = whole("blocks", blocks, least=1)
    n = whole("rows", rows, least=_KEYS)
    numbers = ((i % _KEYS, 7 * i % 1000) for i in range(n))
    lines = [
        f"{key},{value}," + ",".join([str(value)] * 6) + "\n"
        for key, value in numbers
    ]
    block = "".join(lines).encode()
    with path.open("wb") as file:
        file.write(",".join(_COLUMNS).encode() + b"\n")
        for _ in range(repeated):
            file.write(block)
    return path.stat().st_size


def event_means(*, rows: int = 20_000) -> "pd.Series[float]":
    """Return the means that :func:`write_events` implies, without a file.

    Parameters
    ----------
    rows : int
        Rows of a block, at least 100.

    Returns
    -------
    Series of float
        Mean value of each key, the same for any number of blocks.

    Raises
    ------
    TypeError
        If it is not a whole number.
    ValueError
        If it is below 100.

    Examples
    --------
    >>> float(event_means(rows=1000)[3])
    471.0
    """
    n = whole("rows", rows, least=_KEYS)
    i = np.arange(n)
    sums = np.bincount(i % _KEYS, weights=7 * i % 1000)
    return pd.Series(sums / np.bincount(i % _KEYS), name="value")
