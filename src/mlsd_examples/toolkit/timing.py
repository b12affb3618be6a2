"""CPU time by interleaved minima, and ratios of it.

Noise only adds time, so the minimum of several runs is the best estimate of
what the code costs; taking turns spreads slow moments of the machine over all
candidates.  A ratio travels between machines better than a time does.

On a command line, :mod:`timeit` measures one candidate.
"""

import time
from collections.abc import Callable, Mapping

from mlsd_examples._refusals import positive, whole

__all__ = ["cpu_time_ratio", "cpu_times_s"]


def cpu_times_s(
    candidates: Mapping[str, Callable[[], object]],
    *,
    repeats: int = 7,
    batch_s: float = 0.002,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, float]:
    """Measure the CPU time of one call of each candidate.

    Parameters
    ----------
    candidates : mapping of str to callable
        Functions without arguments, by name.
    repeats : int
        Number of turns, at least 1.
    batch_s : float
        Least CPU time of a turn in seconds, > 0: short functions are called
        many times a turn.
    clock : callable
        Returns seconds; CPU time of this process unless told.

    Returns
    -------
    dict of str to float
        Seconds a call, the least over all turns.

    Raises
    ------
    ValueError
        If there is no candidate, or `repeats` or `batch_s` is not positive.

    Examples
    --------
    A clock that ticks once whenever it is read makes every batch last one
    second:

    >>> from itertools import count
    >>> ticks = count()
    >>> cpu_times_s(
    ...     {"pass": lambda: None}, batch_s=0.5, clock=lambda: next(ticks)
    ... )
    {'pass': 1.0}

    A batch must last:

    >>> cpu_times_s({"pass": lambda: None}, batch_s=0)
    Traceback (most recent call last):
        ...
    ValueError: batch_s=0 is not positive
    """
    if not candidates:
        raise ValueError("there is no candidate to time")
    whole("repeats", repeats, least=1)
    positive("batch_s", batch_s)
    calls = {
        name: _calls_that_last(function, batch_s, clock)
        for name, function in candidates.items()
    }
    turns = [
        {
            name: _batch_s(function, calls[name], clock) / calls[name]
            for name, function in candidates.items()
        }
        for _ in range(repeats)
    ]
    return {name: min(turn[name] for turn in turns) for name in candidates}


def cpu_time_ratio(
    first: Callable[[], object],
    second: Callable[[], object],
    *,
    repeats: int = 7,
    batch_s: float = 0.002,
    clock: Callable[[], float] = time.process_time,
) -> float:
    """Measure how many times as long the first takes as the second.

    Parameters
    ----------
    first, second : callable
        Functions without arguments.
    repeats : int
        Number of turns, at least 1.
    batch_s : float
        Least CPU time of a turn in seconds, > 0.
    clock : callable
        Returns seconds; CPU time of this process unless told.

    Returns
    -------
    float
        CPU time of the first divided by that of the second.

    Raises
    ------
    ValueError
        If `repeats` or `batch_s` is not positive.

    Examples
    --------
    A thousand times the work takes longer:

    >>> cpu_time_ratio(lambda: sum(range(9000)), lambda: sum(range(9))) > 9
    True
    """
    times = cpu_times_s(
        {"first": first, "second": second},
        repeats=repeats,
        batch_s=batch_s,
        clock=clock,
    )
    return times["first"] / times["second"]


def _calls_that_last(
    function: Callable[[], object], batch_s: float, clock: Callable[[], float]
) -> int:
    calls = 1
    while _batch_s(function, calls, clock) < batch_s:
        calls *= 2
    return calls


def _batch_s(
    function: Callable[[], object], calls: int, clock: Callable[[], float]
) -> float:
    start = clock()
    for _ in range(calls):
        function()
    return float(clock() - start)
