"""What a call allocates is counted, at its peak and for keeps."""

import tracemalloc

import numpy as np
import pytest

from mlsd_examples.toolkit.allocation import Allocation, allocation

# Python objects beside the arrays.
SMALL = 4096


def test_a_copy_is_kept() -> None:
    table = np.zeros(100_000)
    counted = allocation(lambda: table.copy())
    assert 800_000 <= counted.kept_bytes <= counted.peak_bytes
    assert counted.peak_bytes < 800_000 + SMALL


def test_a_view_allocates_next_to_nothing() -> None:
    table = np.zeros((1000, 1000))
    counted = allocation(lambda: table.T[::2])
    assert 0 < counted.kept_bytes <= counted.peak_bytes < SMALL


def test_a_temporary_is_in_the_peak_and_not_kept() -> None:
    table = np.zeros(100_000)
    counted = allocation(lambda: float((table * 2).sum()))
    assert 800_000 <= counted.peak_bytes < 800_000 + SMALL
    assert counted.kept_bytes < SMALL


def test_what_existed_before_is_not_counted() -> None:
    tables = [np.zeros(100_000) for _ in range(3)]
    assert allocation(lambda: tables[0]).peak_bytes < SMALL


def test_the_expression_is_called_once_before_it_is_counted() -> None:
    calls: list[bool] = []
    allocation(lambda: calls.append(tracemalloc.is_tracing()))
    assert calls == [False, True]


def test_tracing_ends_with_the_call() -> None:
    assert isinstance(allocation(list), Allocation)
    assert not tracemalloc.is_tracing()
    calls: list[None] = []

    def fails_when_counted() -> None:
        calls.append(None)
        if len(calls) == 2:
            raise KeyError("counted")

    with pytest.raises(KeyError, match="counted"):
        allocation(fails_when_counted)
    assert not tracemalloc.is_tracing()


def test_a_trace_in_progress_is_not_disturbed() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(
            RuntimeError, match=r"^tracemalloc is tracing already$"
        ):
            allocation(list)
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()
