"""Dates from text: one format for all, or a guess for each.

Since pandas 2 the format is guessed once, from the first date, and holds for
all.  ``format="mixed"`` guesses for each date anew: slow, and it may read one
column by two conventions.

In production, call :func:`pandas.to_datetime` with ``format=``.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

__all__ = ["ParsedDates", "ambiguous_dates", "parse_dates", "strict_dates"]

_DAY_OR_MONTH = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}")
_MONTHS = 12


@dataclass(frozen=True)
class ParsedDates:
    """What pandas read, and what it said about it.

    Parameters
    ----------
    dates : tuple of str
        Dates as year-month-day; empty if it refused.
    warned : str
        Start of its first warning; empty if it gave none.
    refused : str
        First line of its error; empty if it read them.
    """

    dates: tuple[str, ...]
    warned: str
    refused: str


def parse_dates(texts: Iterable[str], **options: Any) -> ParsedDates:
    """Call :func:`pandas.to_datetime`, and return its protest as data.

    Parameters
    ----------
    texts : iterable of str
        Dates as text.
    **options
        Passed on.

    Returns
    -------
    ParsedDates
        Dates, warning and refusal.

    Raises
    ------
    ValueError
        If there is no text.

    Examples
    --------
    The first date decides for all, and the second does not fit:

    >>> texts = ["01/02/2026", "13/02/2026"]
    >>> print(parse_dates(texts).refused.split(".")[0])
    time data "13/02/2026" doesn't match format "%m/%d/%Y"

    Each for itself, they are read by two conventions:

    >>> parse_dates(texts, format="mixed").dates
    ('2026-01-02', '2026-02-13')

    >>> parse_dates([])
    Traceback (most recent call last):
        ...
    ValueError: there is no date to parse
    """
    values = list(texts)
    if not values:
        raise ValueError("there is no date to parse")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            parsed = pd.to_datetime(values, **options)
        except ValueError as error:
            return ParsedDates((), _said(caught), str(error).split("\n")[0])
    dates = tuple(parsed.strftime("%Y-%m-%d"))
    return ParsedDates(dates, _said(caught), "")


def _said(caught: list[warnings.WarningMessage]) -> str:
    said = (str(warning.message).split(".")[0] for warning in caught)
    return next(said, "")


def ambiguous_dates(texts: Iterable[str]) -> int:
    """Count the dates that two conventions read differently.

    Parameters
    ----------
    texts : iterable of str
        Dates as two numbers of day and month and a year, with slashes.

    Returns
    -------
    int
        How many are valid both ways and differ.

    Raises
    ------
    ValueError
        If a text is not of that form.

    Examples
    --------
    Only the first may be two days:

    >>> ambiguous_dates(["01/02/2026", "13/02/2026", "05/05/2026"])
    1

    >>> ambiguous_dates(["2026-02-01"])
    Traceback (most recent call last):
        ...
    ValueError: '2026-02-01' is not two numbers and a year
    """
    count = 0
    for text in texts:
        found = _DAY_OR_MONTH.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not two numbers and a year")
        first, second = int(found[1]), int(found[2])
        count += first != second and max(first, second) <= _MONTHS
    return count


def strict_dates(
    texts: Iterable[str], *, pattern: str
) -> "pd.Series[pd.Timestamp]":
    """Parse dates by a declared format, or name the first that breaks it.

    Parameters
    ----------
    texts : iterable of str
        Dates as text.
    pattern : str
        Format of :meth:`datetime.datetime.strptime`.

    Returns
    -------
    Series of Timestamp
        One for each text.

    Raises
    ------
    ValueError
        If there is no text, or one does not fit: its row is named.

    Examples
    --------
    Declared, there is nothing to guess:

    >>> strict_dates(["01/02/2026"], pattern="%d/%m/%Y").dt.month.tolist()
    [2]

    The row that breaks the contract is named:

    >>> strict_dates(["01/02/2026", "02/13/2026"], pattern="%d/%m/%Y")
    Traceback (most recent call last):
        ...
    ValueError: row 1: '02/13/2026' is not a date by '%d/%m/%Y'
    """
    values = pd.Series(list(texts))
    if not len(values):
        raise ValueError("there is no date to parse")
    parsed = pd.to_datetime(values, format=pattern, errors="coerce")
    broken = parsed.isna()
    if broken.any():
        row = int(broken.to_numpy().argmax())
        raise ValueError(
            f"row {row}: {values[row]!r} is not a date by {pattern!r}"
        )
    return parsed
