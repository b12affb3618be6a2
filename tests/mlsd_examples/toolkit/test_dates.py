"""Dates follow one format, or are guessed one by one."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit.dates import (
    ParsedDates,
    ambiguous_dates,
    parse_dates,
    strict_dates,
)

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


def test_the_first_date_decides_for_all() -> None:
    run = parse_dates(["01/02/2026", "13/02/2026"])
    assert run.dates == ()
    assert run.warned == ""
    assert run.refused.startswith(
        'time data "13/02/2026" doesn\'t match format "%m/%d/%Y"'
    )
    assert "\n" not in run.refused


def test_a_first_date_with_a_thirteenth_warns() -> None:
    run = parse_dates(["13/02/2026", "01/02/2026"])
    assert run.dates == ("2026-02-13", "2026-02-01")
    assert run.warned.startswith("Parsing dates in %d/%m/%Y format when")
    assert "." not in run.warned
    assert run.refused == ""


def test_a_mixed_column_is_read_by_two_conventions() -> None:
    texts = ["01/02/2026", "13/02/2026"]
    assert parse_dates(texts, format="mixed") == ParsedDates(
        ("2026-01-02", "2026-02-13"), "", ""
    )
    assert parse_dates(texts, format="%d/%m/%Y").dates == (
        "2026-02-01",
        "2026-02-13",
    )


def test_a_time_of_day_is_left_out() -> None:
    assert parse_dates(["2026-01-02 03:04:05"]).dates == ("2026-01-02",)


def test_a_warning_before_a_refusal_is_kept() -> None:
    run = parse_dates(["13/02/2026", "02/13/2026"])
    assert run.dates == ()
    assert run.warned.startswith("Parsing dates")
    assert run.refused


def test_there_must_be_a_date() -> None:
    with pytest.raises(ValueError, match=r"^there is no date to parse$"):
        parse_dates([])
    with pytest.raises(ValueError, match=r"^there is no date to parse$"):
        strict_dates([], pattern="%Y")


@given(st.lists(DAYS, min_size=1, max_size=20))
def test_dates_are_ambiguous_if_both_readings_are_dates(
    days: list[date],
) -> None:
    texts = [day.strftime("%d/%m/%Y") for day in days]
    two = 0
    for text in texts:
        read = set()
        for pattern in ("%d/%m/%Y", "%m/%d/%Y"):
            try:
                read.add(datetime.strptime(text, pattern))  # noqa: DTZ007
            except ValueError:
                continue
        two += len(read) == 2
    assert ambiguous_dates(texts) == two


def test_no_date_is_not_ambiguous() -> None:
    assert ambiguous_dates([]) == 0
    assert ambiguous_dates(["12/12/2026", "1/12/2026", "1/13/2026"]) == 1


@pytest.mark.parametrize("text", ["2026-02-01", "01/02/26", "01/02/2026 x"])
def test_ambiguity_is_asked_of_two_numbers_and_a_year(text: str) -> None:
    with pytest.raises(
        ValueError, match=rf"^'{text}' is not two numbers and a year$"
    ):
        ambiguous_dates([text])


@given(st.lists(DAYS, min_size=1, max_size=20))
def test_strict_dates_agree_with_the_standard_library(
    days: list[date],
) -> None:
    texts = [day.strftime("%d/%m/%Y") for day in days]
    parsed = strict_dates(iter(texts), pattern="%d/%m/%Y")
    assert [stamp.date() for stamp in parsed] == days


def test_the_first_row_that_breaks_the_format_is_named() -> None:
    with pytest.raises(
        ValueError,
        match=r"^row 1: '02/13/2026' is not a date by '%d/%m/%Y'$",
    ):
        strict_dates(["01/02/2026", "02/13/2026", "x"], pattern="%d/%m/%Y")
    with pytest.raises(ValueError, match=r"^row 0: '' is not a date"):
        strict_dates([""], pattern="%d/%m/%Y")
