"""Whether a join fits, by which strategy, and what it costs to read.

Three numbers decide: bytes of each side after unused columns are dropped,
bytes that the machine can spare, and passes over the data.  If the small side
fits, it stays in memory and the large one streams past.  If not, both are cut
by the hash of the key into parts that fit, which costs one more write and
read.

In production, the planner of the engine decides the same way (broadcast hash
join, Grace or shuffle hash join); check its choice with ``explain``.
"""

import math
from dataclasses import dataclass

from mlsd_examples._refusals import positive, share, whole

__all__ = ["JoinPlan", "plan_join", "table_bytes"]


@dataclass(frozen=True)
class JoinPlan:
    """A strategy with its price.

    Parameters
    ----------
    strategy : str
        "in memory", "stream past the small side" or "partition both".
    partitions : int
        Parts by the hash of the key; 1 if not partitioned.
    moved_bytes : int
        Bytes read and written, the result included.
    seconds : float
        Time to move them at the given bandwidth.
    """

    strategy: str
    partitions: int
    moved_bytes: int
    seconds: float


def table_bytes(rows: int, columns: int, *, value_bytes: int = 8) -> int:
    """Return the bytes of a table of numbers.

    Parameters
    ----------
    rows, columns : int
        Its shape, at least 0.
    value_bytes : int
        Bytes of a value, at least 1.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    TypeError
        If a value is not a whole number.
    ValueError
        If a value is too small.

    Examples
    --------
    >>> table_bytes(200_000_000, 40)
    64000000000
    >>> table_bytes(1, 1, value_bytes=0)
    Traceback (most recent call last):
        ...
    ValueError: value_bytes=0 is below 1
    """
    return (
        whole("rows", rows, least=0)
        * whole("columns", columns, least=0)
        * whole("value_bytes", value_bytes, least=1)
    )


def plan_join(
    large_bytes: int,
    small_bytes: int,
    *,
    result_bytes: int,
    memory_bytes: int,
    bytes_per_s: float,
    usable: float = 0.5,
    overhead: float = 2.0,
) -> JoinPlan:
    """Choose a strategy by bytes.

    Parameters
    ----------
    large_bytes, small_bytes : int
        The two sides after unused columns are dropped, at least 1.
    result_bytes : int
        What is written, at least 0.
    memory_bytes : int
        Memory of the machine, at least 1.
    bytes_per_s : float
        Bandwidth of the storage, > 0.
    usable : float
        Share of the memory that the job may plan with, in (0, 1].
    overhead : float
        Bytes in memory for each byte of a side that is held, with its hash
        table and copies, at least 1.

    Returns
    -------
    JoinPlan
        The first strategy that fits, in the order of their price.

    Raises
    ------
    TypeError
        If a value is not a number of the right kind.
    ValueError
        If a value is out of range.

    Notes
    -----
    Partitioning reads both sides, writes them in parts and reads the parts.
    The number of parts makes the small side of a part fit; twice as many
    leave room for keys that are not spread evenly.

    Examples
    --------
    Two gigabytes stay, sixty-four stream past:

    >>> spec = {"result_bytes": 0, "memory_bytes": 32 * 10**9,
    ...         "bytes_per_s": 1e9}
    >>> plan_join(64 * 10**9, 2 * 10**9, **spec).strategy
    'stream past the small side'

    Twenty gigabytes do not stay; the data moves three times:

    >>> plan = plan_join(64 * 10**9, 20 * 10**9, **spec)
    >>> plan.strategy, plan.partitions, plan.seconds
    ('partition both', 6, 252.0)

    >>> plan_join(1, 0, **spec)
    Traceback (most recent call last):
        ...
    ValueError: small_bytes=0 is below 1
    """
    large = whole("large_bytes", large_bytes, least=1)
    small = whole("small_bytes", small_bytes, least=1)
    result = whole("result_bytes", result_bytes, least=0)
    memory = whole("memory_bytes", memory_bytes, least=1)
    speed = positive("bytes_per_s", bytes_per_s)
    spare = share("usable", usable, closed=True) * memory
    if not spare > 0:
        raise ValueError(f"usable={usable} leaves no memory")
    if not positive("overhead", overhead) >= 1:
        raise ValueError(f"overhead={overhead} is below 1")
    once = large + small + result
    if overhead * (large + small) + result <= spare:
        return JoinPlan("in memory", 1, once, once / speed)
    if overhead * small <= spare:
        return JoinPlan("stream past the small side", 1, once, once / speed)
    parts = 2 * math.ceil(overhead * small / spare)
    moved = once + 2 * (large + small)
    return JoinPlan("partition both", parts, moved, moved / speed)
