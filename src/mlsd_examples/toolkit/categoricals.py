"""Bytes of a column of labels: as text, as categories, as objects.

A categorical column stores a small integer for each row and each label once.
It saves while labels repeat.  When nearly every row has its own label, it
stores all of them and the integers too.

In production, compare :meth:`pandas.Series.memory_usage` before and after.
"""

import math

from mlsd_examples._refusals import whole

__all__ = ["break_even_share", "category_bytes", "code_bytes", "text_bytes"]

# An Arrow string is its bytes and an 8-byte offset.
_OFFSET_BYTES = 8
_CODE_BYTES = (1, 2, 4, 8)


def code_bytes(categories: int) -> int:
    """Return the bytes of one code.

    Parameters
    ----------
    categories : int
        Number of different labels, at least 0.

    Returns
    -------
    int
        1, 2, 4 or 8.

    Raises
    ------
    TypeError
        If it is not a whole number.
    ValueError
        If it is negative.

    Notes
    -----
    Codes are signed, since -1 marks a missing label; pandas moves to the
    next width when the count reaches the largest value, one early.

    Examples
    --------
    The 127th label doubles the column:

    >>> code_bytes(126), code_bytes(127)
    (1, 2)

    >>> code_bytes(-1)
    Traceback (most recent call last):
        ...
    ValueError: categories=-1 is below 0
    """
    count = whole("categories", categories, least=0)
    return next(
        width for width in _CODE_BYTES if count < 2 ** (8 * width - 1) - 1
    )


def text_bytes(rows: int, *, label_bytes: int) -> int:
    """Return the bytes of a column of text, Arrow's as pandas 3 stores it.

    Parameters
    ----------
    rows : int
        Number of rows, at least 0.
    label_bytes : int
        Length of every label in UTF-8, at least 0.

    Returns
    -------
    int
        Bytes, without the map of missing values.

    Raises
    ------
    TypeError
        If a value is not a whole number.
    ValueError
        If a value is negative.

    Examples
    --------
    Twelve characters take twenty bytes, however often they repeat:

    >>> text_bytes(1000, label_bytes=12)
    20000

    >>> text_bytes(-1, label_bytes=12)
    Traceback (most recent call last):
        ...
    ValueError: rows=-1 is below 0
    """
    length = whole("label_bytes", label_bytes, least=0)
    return whole("rows", rows, least=0) * (length + _OFFSET_BYTES)


def category_bytes(rows: int, categories: int, *, label_bytes: int) -> int:
    """Return the bytes of the same column as categories.

    Parameters
    ----------
    rows : int
        Number of rows, at least 0.
    categories : int
        Number of different labels, at least 0 and at most `rows`.
    label_bytes : int
        Length of every label in UTF-8, at least 0.

    Returns
    -------
    int
        Codes, labels and one bit a label that says it is there.

    Raises
    ------
    TypeError
        If a value is not a whole number.
    ValueError
        If a value is negative, or there are more labels than rows.

    Examples
    --------
    A hundred labels are next to nothing:

    >>> category_bytes(100_000, 100, label_bytes=12)
    102013

    A label of its own for each row costs more than text:

    >>> category_bytes(100_000, 100_000, label_bytes=12)
    2412500

    >>> category_bytes(3, 4, label_bytes=12)
    Traceback (most recent call last):
        ...
    ValueError: 4 different labels do not occur in 3 rows
    """
    n = whole("rows", rows, least=0)
    k = whole("categories", categories, least=0)
    if k > n:
        raise ValueError(f"{k} different labels do not occur in {n} rows")
    labels = text_bytes(k, label_bytes=label_bytes)
    return n * code_bytes(k) + labels + math.ceil(k / 8)


def break_even_share(label_bytes: int, *, code_bytes: int) -> float:
    """Return the share of different labels at which categories stop saving.

    Parameters
    ----------
    label_bytes : int
        Length of every label in UTF-8, at least 0.
    code_bytes : int
        Bytes of a code: 1, 2, 4 or 8.

    Returns
    -------
    float
        Different labels per row; 0 if categories never save.

    Raises
    ------
    TypeError
        If a value is not a whole number.
    ValueError
        If `label_bytes` is negative, or a code cannot have that width.

    Notes
    -----
    Text costs L + 8 bytes a row.  Categories cost w bytes a row and
    L + 8 + 1/8 bytes a label, so they break even at a share of
    (L + 8 - w) / (L + 8 + 1/8).

    Examples
    --------
    Labels of twelve bytes with four-byte codes:

    >>> round(break_even_share(12, code_bytes=4), 3)
    0.795

    A width that pandas does not use:

    >>> break_even_share(12, code_bytes=3)
    Traceback (most recent call last):
        ...
    ValueError: code_bytes=3 is none of (1, 2, 4, 8)
    """
    row = text_bytes(1, label_bytes=label_bytes)
    width = whole("code_bytes", code_bytes, least=0)
    if width not in _CODE_BYTES:
        raise ValueError(f"code_bytes={width} is none of {_CODE_BYTES}")
    return (row - width) / (row + 1 / 8)
