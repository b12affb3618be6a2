"""The longest silence of a background thread.

The interpreter lock lets one thread run Python at a time.  It asks the
holder to yield every few milliseconds, and the holder answers between two
bytecodes: one long call into C that keeps the lock answers at its end.  A
thread that only wants to say "I live" shows the difference on any machine:
count its beats while the main thread works.

In production, watch the lag of an event loop or the longest gap between two
heartbeats; ``py-spy dump`` shows who holds the lock.
"""

import pickle
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy.typing as npt

from mlsd_examples._refusals import positive, whole

__all__ = ["Heartbeat", "bytes_to_ship", "cores_used", "listen"]


@dataclass(frozen=True)
class Heartbeat:
    """What a background thread did while the main thread worked.

    Parameters
    ----------
    call_s : float
        Wall time of the work in seconds.
    cpu_s : float
        CPU time in seconds that the main thread used for it.
    beats_s : tuple of float
        When the thread ran, in seconds after the start of the work.
    """

    call_s: float
    cpu_s: float
    beats_s: tuple[float, ...]

    @property
    def longest_silence_s(self) -> float:
        """Longest time in seconds without a beat, ends included."""
        times = [0.0, *self.beats_s, self.call_s]
        return max(b - a for a, b in pairwise(times))

    @property
    def silent_share(self) -> float:
        """The longest silence as a share of the call."""
        return self.longest_silence_s / self.call_s

    @property
    def silence_per_cpu(self) -> float:
        """The longest silence over the CPU time of the work.

        At least about one if the work kept the lock, however busy the
        machine is: it cannot use CPU time faster than the clock runs.
        """
        return self.longest_silence_s / self.cpu_s


def listen(
    work: Callable[[], object], *, interval_s: float = 0.001
) -> Heartbeat:
    """Run some work beside a thread that beats.

    Parameters
    ----------
    work : callable
        What the main thread does.
    interval_s : float
        How long the other thread sleeps between two beats, in seconds, > 0.

    Returns
    -------
    Heartbeat
        The beats that fell into the work.

    Raises
    ------
    ValueError
        If the interval is not positive.

    Examples
    --------
    Sleeping gives the lock away, so the thread beats:

    >>> len(listen(lambda: time.sleep(0.2)).beats_s) > 5
    True

    Adding numbers inside C keeps it, for all of its CPU time:

    >>> listen(lambda: sum(range(10**7))).silence_per_cpu > 0.9
    True

    >>> listen(print, interval_s=0)
    Traceback (most recent call last):
        ...
    ValueError: interval_s=0 is not positive
    """
    positive("interval_s", interval_s)
    beats: list[float] = []
    started, stop = threading.Event(), threading.Event()

    def beat() -> None:
        started.set()
        while not stop.is_set():
            beats.append(time.perf_counter())
            time.sleep(interval_s)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    started.wait()
    begin, busy = time.perf_counter(), time.thread_time()
    try:
        work()
        busy = time.thread_time() - busy
        end = time.perf_counter()
    finally:
        stop.set()
        thread.join()
    inside = tuple(t - begin for t in beats if begin < t < end)
    return Heartbeat(end - begin, busy, inside)


def cores_used(work: Callable[[], object], *, threads: int) -> float:
    """Run the same work in several threads and count busy processors.

    Parameters
    ----------
    work : callable
        Run once by each thread.
    threads : int
        How many, at least 1.

    Returns
    -------
    float
        CPU seconds of the process per second of wall time.  Beside other
        programs it falls; under a lock it cannot rise above about one.

    Raises
    ------
    TypeError
        If `threads` is not a whole number.
    ValueError
        If `threads` is below 1.

    Examples
    --------
    Waiting uses nothing:

    >>> cores_used(lambda: time.sleep(0.1), threads=4) < 0.5
    True

    >>> cores_used(print, threads=0)
    Traceback (most recent call last):
        ...
    ValueError: threads=0 is below 1
    """
    count = whole("threads", threads, least=1)
    with ThreadPoolExecutor(count) as pool:
        wall, busy = time.perf_counter(), time.process_time()
        for job in [pool.submit(work) for _ in range(count)]:
            job.result()
        return (time.process_time() - busy) / (time.perf_counter() - wall)


def bytes_to_ship(values: npt.NDArray[Any], *, shared: bool) -> int:
    """Count the bytes that a pipe to another process carries.

    Parameters
    ----------
    values : ndarray
        The batch.
    shared : bool
        Whether its buffer stays in shared memory and only its description
        travels.

    Returns
    -------
    int
        Length of the pickle.

    Examples
    --------
    Everything, or the description alone:

    >>> import numpy as np
    >>> batch = np.zeros(1_000_000)
    >>> bytes_to_ship(batch, shared=False) > batch.nbytes
    True
    >>> bytes_to_ship(batch, shared=True) < 500
    True
    """
    keep = (lambda buffer: False) if shared else None  # noqa: ARG005
    return len(pickle.dumps(values, protocol=5, buffer_callback=keep))
