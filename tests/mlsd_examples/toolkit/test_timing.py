"""The least time of several turns is reported, by any clock."""

import math
from collections.abc import Callable

import pytest

from mlsd_examples.toolkit.timing import cpu_time_ratio, cpu_times_s


class Machine:
    """A clock that advances by what each function costs."""

    def __init__(self) -> None:
        self.now = 100.0
        self.calls: list[str] = []

    def clock(self) -> float:
        return self.now

    def function(self, name: str, *costs: float) -> Callable[[], None]:
        left = list(costs)

        def call() -> None:
            self.calls.append(name)
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return call


def test_a_call_is_timed_by_the_least_of_its_turns() -> None:
    machine = Machine()
    # One call calibrates, then come three turns of one call.
    noisy = machine.function("noisy", 9.0, 5.0, 3.0, 4.0)
    times = cpu_times_s(
        {"noisy": noisy}, repeats=3, batch_s=1, clock=machine.clock
    )
    assert times == {"noisy": 3.0}
    assert len(machine.calls) == 4


def test_candidates_take_turns() -> None:
    machine = Machine()
    candidates = {
        name: machine.function(name, cost)
        for name, cost in [("a", 1.0), ("b", 2.0)]
    }
    times = cpu_times_s(candidates, repeats=2, batch_s=1, clock=machine.clock)
    assert times == {"a": 1.0, "b": 2.0}
    assert "".join(machine.calls) == "ab" + "abab"


def test_a_short_call_is_repeated_until_its_batch_lasts() -> None:
    machine = Machine()
    short = machine.function("s", 0.25)
    times = cpu_times_s(
        {"s": short}, repeats=1, batch_s=1, clock=machine.clock
    )
    assert times == {"s": 0.25}
    # Batches of 1, 2 and 4 calibrate; one of 4 is timed.
    assert len(machine.calls) == 1 + 2 + 4 + 4


def test_a_batch_that_lasts_exactly_long_enough_is_not_doubled() -> None:
    machine = Machine()
    exact = machine.function("e", 0.5)
    cpu_times_s({"e": exact}, repeats=1, batch_s=0.5, clock=machine.clock)
    assert len(machine.calls) == 2


def test_seven_turns_of_two_milliseconds_are_taken_unless_told() -> None:
    machine = Machine()
    at_once = machine.function("a", 0.0020001)
    cpu_times_s({"a": at_once}, clock=machine.clock)
    assert len(machine.calls) == 1 + 7
    again = Machine()
    doubled = again.function("d", 0.0015)
    cpu_times_s({"d": doubled}, clock=again.clock)
    assert len(again.calls) == 1 + 2 + 7 * 2


def test_a_ratio_divides_the_first_by_the_second() -> None:
    machine = Machine()
    first = machine.function("1", 6.0)
    second = machine.function("2", 1.5)
    assert cpu_time_ratio(first, second, clock=machine.clock) == 4.0
    assert len(machine.calls) == 2 * 8


def test_a_ratio_hands_its_settings_on() -> None:
    machine = Machine()
    first = machine.function("1", 1.0)
    second = machine.function("2", 1.0)
    cpu_time_ratio(first, second, repeats=3, batch_s=2.0, clock=machine.clock)
    assert len(machine.calls) == 2 * (1 + 2 + 3 * 2)


def test_a_ratio_defaults_to_short_batches() -> None:
    machine = Machine()
    first = machine.function("1", 0.0015)
    second = machine.function("2", 0.0015)
    cpu_time_ratio(first, second, clock=machine.clock)
    assert len(machine.calls) == 2 * (1 + 2 + 7 * 2)


def test_the_default_clock_counts_work_and_not_sleep() -> None:
    ratio = cpu_time_ratio(
        lambda: sum(range(20_000)), lambda: sum(range(200)), repeats=3
    )
    # A hundred times the work; a tenth of that is asked for.
    assert 10 < ratio < 1000


def test_there_must_be_a_candidate() -> None:
    with pytest.raises(ValueError, match=r"^there is no candidate to time$"):
        cpu_times_s({})


@pytest.mark.parametrize(
    ("repeats", "batch_s", "message"),
    [
        (0, 1.0, r"^repeats=0 is below 1$"),
        (-1, 1.0, r"^repeats=-1 is below 1$"),
        (1, 0.0, r"^batch_s=0\.0 is not positive$"),
        (1, math.nan, r"^batch_s=nan is not finite$"),
    ],
)
def test_turns_and_their_length_are_positive(
    repeats: int, batch_s: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        cpu_times_s({"a": list}, repeats=repeats, batch_s=batch_s)
    with pytest.raises(ValueError, match=message):
        cpu_time_ratio(list, list, repeats=repeats, batch_s=batch_s)
