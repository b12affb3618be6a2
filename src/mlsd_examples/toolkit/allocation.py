"""Bytes that an expression allocates, at its peak and for keeps.

NumPy reports the memory of its arrays to :mod:`tracemalloc`, so a hidden copy
can be counted instead of guessed.  What C libraries allocate behind NumPy's
back (BLAS, for one) is not seen.

For a whole program, use a memory profiler such as Memray.
"""

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Allocation", "allocation"]


@dataclass(frozen=True)
class Allocation:
    """What one call allocated.

    Parameters
    ----------
    peak_bytes : int
        Most memory at once, above what was there before.
    kept_bytes : int
        What its result still holds after the call.
    """

    peak_bytes: int
    kept_bytes: int


def allocation(expression: Callable[[], object]) -> Allocation:
    """Count the bytes that a call allocates.

    The expression is called twice: first to fill caches, then to be counted.
    A few hundred bytes of Python objects are counted with the arrays.

    Parameters
    ----------
    expression : callable
        Function without arguments.

    Returns
    -------
    Allocation
        Peak during the call, and what the result holds.

    Raises
    ------
    RuntimeError
        If tracemalloc is tracing already.

    Examples
    --------
    A slice of a large array allocates a header, a list of indices a copy:

    >>> import numpy as np
    >>> table = np.zeros(1_000_000)
    >>> allocation(lambda: table[:500_000]).peak_bytes < 1000
    True
    >>> 4_000_000 <= allocation(lambda: table[[1] * 500_000]).kept_bytes
    True
    """
    if tracemalloc.is_tracing():
        raise RuntimeError("tracemalloc is tracing already")
    expression()
    gc.collect()
    tracemalloc.start()
    try:
        result = expression()
        # Tracing starts at zero: what was there before is not counted.
        after, peak = tracemalloc.get_traced_memory()
        del result
    finally:
        tracemalloc.stop()
    return Allocation(peak, after)
