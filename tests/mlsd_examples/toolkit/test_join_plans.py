"""Bytes decide the strategy of a join."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit.join_plans import (
    JoinPlan,
    plan_join,
    table_bytes,
)


def plan(large: int, small: int, **changed: Any) -> JoinPlan:
    spec: dict[str, Any] = {
        "result_bytes": 0,
        "memory_bytes": 100,
        "bytes_per_s": 10.0,
    }
    return plan_join(large, small, **(spec | changed))


def test_a_table_is_rows_by_columns_by_width() -> None:
    assert table_bytes(3, 5) == 3 * 5 * 8
    assert table_bytes(3, 5, value_bytes=2) == 30
    assert table_bytes(0, 0, value_bytes=1) == 0
    with pytest.raises(ValueError, match=r"^rows=-1 is below 0$"):
        table_bytes(-1, 1)
    with pytest.raises(ValueError, match=r"^columns=-1 is below 0$"):
        table_bytes(1, -1)
    with pytest.raises(ValueError, match=r"^value_bytes=0 is below 1$"):
        table_bytes(1, 1, value_bytes=0)


def test_what_fits_stays_in_memory() -> None:
    assert plan(20, 5) == JoinPlan("in memory", 1, 25, 2.5)
    assert plan(15, 5, result_bytes=10) == JoinPlan("in memory", 1, 30, 3.0)
    assert plan(15, 5, result_bytes=11).strategy != "in memory"
    assert plan(21, 5).strategy == "stream past the small side"


def test_the_large_side_streams_past_a_small_one_that_fits() -> None:
    assert plan(1000, 25, result_bytes=7) == JoinPlan(
        "stream past the small side", 1, 1032, 103.2
    )


def test_two_large_sides_are_partitioned() -> None:
    assert plan(1000, 26, result_bytes=7) == JoinPlan(
        "partition both", 4, 3 * 1026 + 7, (3 * 1026 + 7) / 10
    )
    assert plan(1000, 50).partitions == 4
    assert plan(1000, 51).partitions == 6


def test_a_byte_of_memory_is_memory() -> None:
    assert plan(1, 1, memory_bytes=1).partitions == 8


def test_memory_and_overhead_are_assumptions() -> None:
    assert plan(45, 5, usable=1.0).strategy == "in memory"
    assert plan(45, 5, overhead=1.0).strategy == "in memory"
    assert plan(46, 5, overhead=1.0).strategy != "in memory"
    assert plan(1000, 25, overhead=2.1).strategy == "partition both"
    assert plan(1000, 25, usable=0.49).strategy == "partition both"


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_part_of_the_small_side_fits_twice(large: int, small: int) -> None:
    found = plan(large, small)
    assert 2 * 2 * small / found.partitions <= 50 or (
        found.strategy != "partition both"
    )
    assert found.seconds == found.moved_bytes / 10


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"result_bytes": -1}, r"^result_bytes=-1 is below 0$"),
        ({"memory_bytes": 0}, r"^memory_bytes=0 is below 1$"),
        ({"bytes_per_s": 0}, r"^bytes_per_s=0 is not positive$"),
        ({"usable": 0}, r"^usable=0 leaves no memory$"),
        ({"usable": 1.5}, r"^usable=1.5 is outside \[0, 1\]$"),
        ({"overhead": 0.5}, r"^overhead=0.5 is below 1$"),
        ({"overhead": -1}, r"^overhead=-1 is not positive$"),
    ],
)
def test_impossible_plans_are_refused(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plan(10, 10, **changed)


def test_both_sides_hold_something() -> None:
    assert plan(1, 1).moved_bytes == 2
    with pytest.raises(ValueError, match=r"^large_bytes=0 is below 1$"):
        plan(0, 1)
    with pytest.raises(ValueError, match=r"^small_bytes=0 is below 1$"):
        plan(1, 0)
