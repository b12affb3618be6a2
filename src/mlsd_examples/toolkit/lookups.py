"""What one look-up of a label costs, counted in comparisons.

An index answers in one of three ways.  Unique labels: a hash table, built on
the first look-up.  Sorted labels with a duplicate: binary search.  Unsorted
labels with a duplicate: every label is compared.  Labels that count how often
they are compared show which way was taken, on every machine alike.

In production, ask :attr:`pandas.Index.is_unique` and
:attr:`pandas.Index.is_monotonic_increasing`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlsd_examples._refusals import whole

__all__ = ["LookupCost", "lookup_cost"]


@dataclass(frozen=True)
class LookupCost:
    """Work of the first look-up and of a later one.

    Parameters
    ----------
    first_hashes : int
        Hash values that the first look-up asks for: about two for each
        label if it builds the table.
    later_comparisons : int
        Labels that a later look-up compares.
    """

    first_hashes: int
    later_comparisons: int


class _Label:
    """A whole number that counts how often it is hashed and compared."""

    __slots__ = ("value",)
    hashes = 0
    comparisons = 0

    def __init__(self, value: int) -> None:
        self.value = value

    def __hash__(self) -> int:
        _Label.hashes += 1
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        _Label.comparisons += 1
        return isinstance(other, _Label) and self.value == other.value

    def __lt__(self, other: "_Label") -> bool:
        _Label.comparisons += 1
        return self.value < other.value


def lookup_cost(labels: Iterable[int], key: int) -> LookupCost:
    """Look a label up twice, and count.

    Parameters
    ----------
    labels : iterable of int
        Labels of the index, in its order.
    key : int
        The label to find.

    Returns
    -------
    LookupCost
        Hashes of the first look-up, comparisons of the second.

    Raises
    ------
    TypeError
        If a label is not a whole number.
    KeyError
        If `key` is not among the labels.

    Notes
    -----
    Labels here are Python objects.  Integer labels take the same three ways
    in C, with one more: from a million sorted unique labels on, pandas 3
    spares the table and searches.

    Examples
    --------
    A hash table compares one label:

    >>> lookup_cost([3, 1, 2, 4], 4).later_comparisons
    1

    One duplicate anywhere, and every label is compared:

    >>> lookup_cost([3, 1, 2, 4, 1], 4).later_comparisons
    5

    A label that is not there is refused:

    >>> lookup_cost([3, 1], 4)
    Traceback (most recent call last):
        ...
    KeyError: 4
    """
    values = [whole("label", label, least=0) for label in labels]
    wanted = whole("key", key, least=0)
    if wanted not in values:
        raise KeyError(wanted)
    array = np.empty(len(values), dtype=object)
    array[:] = [_Label(value) for value in values]
    index = pd.Index(array, dtype=object)
    _Label.hashes = 0
    index.get_loc(_Label(wanted))
    first = _Label.hashes
    _Label.comparisons = 0
    index.get_loc(_Label(wanted))
    return LookupCost(first, _Label.comparisons)
