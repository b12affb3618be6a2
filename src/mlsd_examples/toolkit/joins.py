"""Joins whose keys are compared exactly, or are refused.

pandas casts both keys to a common dtype before it compares them.  One missing
value makes an integer key ``float64``, which holds every integer up to 2**53
and then every second, every fourth and so on.  Nothing is raised.

In production, pass ``validate=`` to :meth:`pandas.DataFrame.merge`, and check
keys and match rates with a data-quality tool such as pandera.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mlsd_examples._refusals import share, whole

__all__ = [
    "MatchReport",
    "NightlyTables",
    "checked_left_join",
    "colliding_pairs",
    "float_spacing",
    "lost_in_float",
    "match_report",
    "nightly_tables",
]

_LARGEST_INT64 = 2**63 - 1


@dataclass(frozen=True)
class MatchReport:
    """What became of the rows of a left join.

    Parameters
    ----------
    rows : int
        Rows on the left.
    missing : int
        Rows whose key is missing.
    matched : int
        Rows whose key is present and stands on the right.
    """

    rows: int
    missing: int
    matched: int

    @property
    def rate(self) -> float:
        """Share of the rows with a key that found a partner."""
        return self.matched / (self.rows - self.missing)


@dataclass(frozen=True)
class NightlyTables:
    """The tables of a nightly job.

    Parameters
    ----------
    events : DataFrame
        ``event`` and ``session``, one row for each event.
    sessions : DataFrame
        ``session`` and its ``user_id``; the last event has none.
    users : DataFrame
        ``user_id`` and one ``feature`` of each user.
    """

    events: pd.DataFrame
    sessions: pd.DataFrame
    users: pd.DataFrame


def float_spacing(identifier: int) -> int:
    """Return how far apart integers lie that float64 can hold.

    Parameters
    ----------
    identifier : int
        An id, at least 0 and at most 2**63 - 1.

    Returns
    -------
    int
        1 if every neighbour is held exactly, otherwise a power of two.

    Raises
    ------
    TypeError
        If it is not a whole number.
    ValueError
        If it is negative, or does not fit into int64.

    Notes
    -----
    float64 keeps 53 binary digits: the spacing from 2**k on is 2**(k - 52).

    Examples
    --------
    Up to 2**53 nothing is lost; sixty-bit ids keep one in 256:

    >>> float_spacing(2**53 - 1), float_spacing(2**53), float_spacing(2**60)
    (1, 2, 256)

    An id is not negative:

    >>> float_spacing(-1)
    Traceback (most recent call last):
        ...
    ValueError: identifier=-1 is below 0
    """
    value = whole("identifier", identifier, least=0)
    if value > _LARGEST_INT64:
        raise ValueError(f"identifier={identifier} does not fit into int64")
    return 1 << max(0, value.bit_length() - 53)


def lost_in_float(keys: npt.ArrayLike) -> int:
    """Count the keys that do not come back from float64.

    Parameters
    ----------
    keys : array-like of int, shape (n,)
        Integer keys, none missing.

    Returns
    -------
    int
        How many differ after a cast to float64 and back.

    Raises
    ------
    TypeError
        If the keys are not of an integer type.
    ValueError
        If there is not exactly one axis.

    Examples
    --------
    An odd key beyond 2**53 is rounded to its neighbour:

    >>> lost_in_float([2**53, 2**53 + 1, 7])
    1

    Floats have lost what they lose already:

    >>> lost_in_float([1.0, 2.0])
    Traceback (most recent call last):
        ...
    TypeError: keys are of type float64, not whole numbers
    """
    array = np.asarray(keys)
    if array.ndim != 1:
        raise ValueError(f"keys have shape {array.shape}, not one axis")
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"keys are of type {array.dtype}, not whole numbers")
    # Python compares an int with a float exactly; NumPy would cast again.
    return sum(key != float(key) for key in array.tolist())


def colliding_pairs(keys: int, *, low: int, high: int) -> float:
    """Return how many pairs of random keys become equal as float64.

    Parameters
    ----------
    keys : int
        Number of different keys, at least 0.
    low, high : int
        The keys are drawn from low, ..., high - 1; both between the same
        two powers of two, at least 0.

    Returns
    -------
    float
        Expected number of pairs.

    Raises
    ------
    TypeError
        If a value is not a whole number.
    ValueError
        If a value is negative, the range is too small for the keys, or
        crosses a power of two.

    Notes
    -----
    A pair of different keys is equal as floats if both round to the same
    multiple of the spacing s.  Ties go to the even multiple, so that s + 1
    and s - 1 whole numbers round to the multiples in turn.  With N values
    in the range a pair is equal with probability (s - 1 + 1/s) / (N - 1),
    up to the ends of the range; there are n(n - 1)/2 pairs.

    Examples
    --------
    Random sixty-bit ids do not collide, even fifty million of them:

    >>> round(colliding_pairs(50_000_000, low=2**60, high=2**61), 2)
    0.28

    The same number of ids in one dense range collide all over:

    >>> dense = 2**60 + 50_000_000
    >>> colliding_pairs(50_000_000, low=2**60, high=dense) > 6e9
    True

    Keys need room:

    >>> colliding_pairs(11, low=0, high=10)
    Traceback (most recent call last):
        ...
    ValueError: 11 keys do not fit between low=0 and high=10
    """
    n = whole("keys", keys, least=0)
    bottom, top = whole("low", low, least=0), whole("high", high, least=0)
    if top - bottom < n:
        raise ValueError(f"{n} keys do not fit between {low=} and {high=}")
    if n < 2:
        return 0.0
    spacing = float_spacing(bottom)
    if float_spacing(top - 1) != spacing:
        raise ValueError(f"{low=} and {high=} lie beside a power of two")
    if spacing == 1:
        return 0.0
    others = spacing - 1 + 1 / spacing
    return n * (n - 1) / 2 * others / (top - bottom - 1)


def match_report(
    left: pd.DataFrame, right: pd.DataFrame, key: str
) -> MatchReport:
    """Count the rows on the left that find a partner.

    Parameters
    ----------
    left, right : DataFrame
        Both have the column `key`, each of an integer dtype.
    key : str
        Name of the column.

    Returns
    -------
    MatchReport
        Rows, missing keys and matches.

    Raises
    ------
    KeyError
        If a table has no such column.
    TypeError
        If a key is of another dtype than an integer one.
    ValueError
        If no row on the left has a key.

    Examples
    --------
    A missing key is counted apart; it is nobody's partner:

    >>> left = pd.DataFrame({"id": pd.array([1, 2, None], dtype="Int64")})
    >>> right = pd.DataFrame({"id": [2, 3]})
    >>> report = match_report(left, right, "id")
    >>> report, report.rate
    (MatchReport(rows=3, missing=1, matched=1), 0.5)

    A key that has been a float is refused:

    >>> match_report(left.astype("float64"), right, "id")
    Traceback (most recent call last):
        ...
    TypeError: key 'id' on the left is of type float64, not of an integer type
    """
    for side, table in (("left", left), ("right", right)):
        dtype = table[key].dtype
        if not pd.api.types.is_integer_dtype(dtype):
            raise TypeError(
                f"key {key!r} on the {side} is of type {dtype},"
                " not of an integer type"
            )
    present = left[key].dropna()
    if not len(present):
        raise ValueError(f"no row on the left has a key {key!r}")
    matched = present.isin(right[key].dropna())
    return MatchReport(
        rows=len(left),
        missing=len(left) - len(present),
        matched=int(matched.sum()),
    )


def checked_left_join(
    left: pd.DataFrame, right: pd.DataFrame, key: str, *, least_rate: float
) -> pd.DataFrame:
    """Join, or refuse to lose anybody in silence.

    Parameters
    ----------
    left, right : DataFrame
        Both have the column `key`, each of an integer dtype.
    key : str
        Name of the column; unique and never missing on the right.
    least_rate : float
        Least share of the rows with a key that must find a partner,
        between 0 and 1.

    Returns
    -------
    DataFrame
        The rows on the left in their order, with the columns of the right.

    Raises
    ------
    TypeError
        If a key is of another dtype than an integer one.
    ValueError
        If the key on the right is missing somewhere or occurs twice, or
        too few rows find a partner.

    Examples
    --------
    Everybody is found:

    >>> left = pd.DataFrame({"id": [2, 1, 2]})
    >>> right = pd.DataFrame({"id": [1, 2], "feature": [0.1, 0.2]})
    >>> joined = checked_left_join(left, right, "id", least_rate=1)
    >>> joined["feature"].tolist()
    [0.2, 0.1, 0.2]

    Somebody is not:

    >>> checked_left_join(left, right.head(1), "id", least_rate=0.9)
    Traceback (most recent call last):
        ...
    ValueError: too few keys 'id' found a partner: 1 of 3, 0.3333 is below 0.9
    """
    floor = share("least_rate", least_rate, closed=True)
    report = match_report(left, right, key)
    if right[key].isna().any():
        raise ValueError(f"key {key!r} is missing on the right")
    if not right[key].is_unique:
        raise ValueError(f"key {key!r} occurs twice on the right")
    if report.rate < floor:
        raise ValueError(
            f"too few keys {key!r} found a partner: {report.matched} of"
            f" {report.rows - report.missing}, {report.rate:.4g} is below"
            f" {floor:g}"
        )
    # Int64 on both sides: a plain int64 would be cast when keys are missing.
    exact = {key: "Int64"}
    return left.astype(exact).merge(right.astype(exact), how="left", on=key)


def nightly_tables(
    users: int,
    rng: np.random.Generator,
    *,
    low: int = 2**60,
    high: int = 2**61,
) -> NightlyTables:
    """Draw the tables of a nightly job, with one event nobody owns.

    Parameters
    ----------
    users : int
        Number of users, at least 1; each has one session and one event.
    rng : Generator
        Source of randomness.
    low, high : int
        The ids are different whole numbers from low, ..., high - 1.

    Returns
    -------
    NightlyTables
        `users` + 1 events, `users` sessions, `users` users.

    Raises
    ------
    TypeError
        If a value is not a whole number.
    ValueError
        If `users` is not positive, an id would be negative or not fit into
        int64, or the range is too small.

    Examples
    --------
    The last event has no session, and so no user:

    >>> tables = nightly_tables(3, np.random.default_rng(0))
    >>> len(tables.events), len(tables.sessions), len(tables.users)
    (4, 3, 3)

    >>> nightly_tables(3, np.random.default_rng(0), low=0, high=2)
    Traceback (most recent call last):
        ...
    ValueError: 3 users do not fit between low=0 and high=2
    """
    n = whole("users", users, least=1)
    bottom, top = whole("low", low, least=0), whole("high", high, least=0)
    if top > _LARGEST_INT64:
        raise ValueError(f"{high=} does not fit into int64")
    if top - bottom < n:
        raise ValueError(f"{n} users do not fit between {low=} and {high=}")
    ids = _different(n, bottom, top, rng)
    feature = rng.standard_normal(n)
    events = pd.DataFrame({"event": range(n + 1), "session": range(n + 1)})
    sessions = pd.DataFrame({"session": range(n), "user_id": ids})
    people = pd.DataFrame({"user_id": ids, "feature": feature})
    order = rng.permutation(n)
    return NightlyTables(events, sessions, people.iloc[order])


def _different(
    n: int, low: int, high: int, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    if high - low < 4 * n:
        return low + rng.permutation(high - low)[:n]
    ids: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
    while ids.size < n:
        more = rng.integers(low, high, math.ceil(1.1 * n))
        ids = np.unique(np.concatenate([ids, more]))
    return rng.permutation(ids)[:n]
