"""A background thread, heard and silenced."""

import threading
import time

import numpy as np
import pytest

from mlsd_examples.toolkit.heartbeat import (
    Heartbeat,
    bytes_to_ship,
    cores_used,
    listen,
)


def test_silence_counts_from_the_start_to_the_end() -> None:
    assert Heartbeat(10.0, 1.0, (1.0, 4.0, 9.0)).longest_silence_s == 5.0
    assert Heartbeat(10.0, 1.0, (6.0, 9.0)).longest_silence_s == 6.0
    assert Heartbeat(10.0, 1.0, (1.0, 3.0)).longest_silence_s == 7.0
    assert Heartbeat(10.0, 1.0, (1.0, 3.0)).silent_share == 0.7
    assert Heartbeat(10.0, 5.0, (1.0, 3.0)).silence_per_cpu == 1.4
    assert Heartbeat(2.0, 1.0, ()).silent_share == 1.0


def test_beats_lie_inside_the_call_and_in_order() -> None:
    found = listen(lambda: time.sleep(0.3))
    assert found.call_s >= 0.3
    assert len(found.beats_s) > 10
    assert all(0 < t < found.call_s for t in found.beats_s)
    assert sorted(found.beats_s) == [*found.beats_s]


def test_the_thread_sleeps_as_long_as_asked() -> None:
    found = listen(lambda: time.sleep(0.3), interval_s=0.1)
    assert len(found.beats_s) <= 4
    every = listen(lambda: time.sleep(0.3)).beats_s
    assert min(np.diff(every)) >= 0.001


def test_a_call_into_c_that_keeps_the_lock_is_silent() -> None:
    found = listen(lambda: sum(range(10**7)))
    assert found.silence_per_cpu > 0.9
    assert 0.01 < found.cpu_s <= found.call_s * 1.01
    assert listen(lambda: time.sleep(0.2)).cpu_s < 0.1


def test_the_thread_ends_with_the_work_even_if_it_fails() -> None:
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        listen(lambda: 1 // 0)
    assert threading.active_count() == before


def test_an_interval_must_be_positive() -> None:
    with pytest.raises(ValueError, match="interval_s=0 is not positive"):
        listen(print, interval_s=0)


def test_python_threads_share_one_core() -> None:
    ran = []

    def work() -> None:
        ran.append(sum(range(3_000_000)))

    assert 0.0 < cores_used(work, threads=2) < 1.3
    assert len(ran) == 2


def test_waiting_threads_run_together_and_use_no_core() -> None:
    barrier = threading.Barrier(3, timeout=20)

    def wait() -> None:
        barrier.wait()
        time.sleep(0.2)

    assert cores_used(wait, threads=3) < 0.5


def test_an_error_in_a_thread_is_not_lost() -> None:
    with pytest.raises(ZeroDivisionError):
        cores_used(lambda: 1 // 0, threads=2)
    with pytest.raises(ValueError, match="threads=0 is below 1"):
        cores_used(print, threads=0)


def test_a_pickle_carries_every_byte_unless_they_are_shared() -> None:
    small, large = np.zeros(10), np.zeros(100_000)
    assert bytes_to_ship(large, shared=False) - large.nbytes in range(1, 500)
    parts = [bytes_to_ship(x, shared=True) for x in (small, large)]
    assert all(size < 300 for size in parts)
    assert abs(parts[0] - parts[1]) < 20


def test_sorting_a_list_is_silent_and_sorting_an_array_is_not() -> None:
    array = np.random.default_rng(2).random(4_000_000)
    numbers = array[:400_000].tolist()
    assert listen(lambda: sorted(numbers)).silence_per_cpu > 0.9
    repaired = listen(lambda: [np.sort(array) for _ in range(5)])
    assert repaired.silence_per_cpu < 0.5
    assert len(repaired.beats_s) >= 10
