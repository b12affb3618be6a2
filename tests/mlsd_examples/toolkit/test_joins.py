"""Keys are compared exactly, or refused."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit.joins import (
    MatchReport,
    checked_left_join,
    colliding_pairs,
    float_spacing,
    lost_in_float,
    match_report,
    nightly_tables,
)

IDS = st.integers(0, 2**63 - 1)


@pytest.mark.parametrize(
    ("identifier", "spacing"),
    [(0, 1), (1, 1), (2**53 - 1, 1), (2**53, 2), (2**54, 4), (2**62, 1024)],
)
def test_the_spacing_doubles_with_every_bit(
    identifier: int, spacing: int
) -> None:
    assert float_spacing(identifier) == spacing


@given(IDS)
def test_the_spacing_is_that_of_floats(identifier: int) -> None:
    # The id itself may be rounded up into the next power of two.
    below = 2.0 ** max(0, identifier.bit_length() - 1)
    assert float_spacing(identifier) == max(1, math.ulp(below))


def test_an_id_is_a_whole_number_of_int64() -> None:
    with pytest.raises(ValueError, match=r"^identifier=-1 is below 0$"):
        float_spacing(-1)
    with pytest.raises(TypeError, match=r"^identifier=1.0 is not a whole"):
        float_spacing(1.0)  # type: ignore[arg-type]
    assert float_spacing(2**63 - 1) == 1024
    with pytest.raises(
        ValueError, match=rf"^identifier={2**63} does not fit into int64$"
    ):
        float_spacing(2**63)


def test_keys_that_floats_cannot_hold_are_counted() -> None:
    assert lost_in_float([]) == 0
    assert lost_in_float([2**53, 2**53 + 1, 2**53 + 2, -(2**53) - 1]) == 2
    assert lost_in_float(np.array([2**64 - 1], dtype=np.uint64)) == 1


@given(st.lists(IDS, max_size=8))
def test_the_count_agrees_with_exact_arithmetic(keys: list[int]) -> None:
    lost = sum(int(float(key)) != key for key in keys)
    assert lost_in_float(np.array(keys, dtype=np.int64)) == lost


def test_only_a_list_of_whole_numbers_can_be_lost() -> None:
    with pytest.raises(
        TypeError, match=r"^keys are of type float64, not whole numbers$"
    ):
        lost_in_float([1.5])
    with pytest.raises(
        ValueError, match=r"^keys have shape \(1, 1\), not one axis$"
    ):
        lost_in_float([[1]])


def test_nobody_collides_where_floats_are_exact() -> None:
    assert colliding_pairs(1000, low=0, high=2**20) == 0.0
    assert colliding_pairs(0, low=2**60, high=2**60) == 0.0
    assert colliding_pairs(1, low=2**60, high=2**60 + 1) == 0.0


@pytest.mark.parametrize("bits", [53, 54, 56])
def test_pairs_agree_with_a_count_over_the_whole_range(bits: int) -> None:
    low, size = 2**bits, 2**12
    every = np.arange(low, low + size)
    _, together = np.unique(every.astype("float64"), return_counts=True)
    counted = sum(c * (c - 1) // 2 for c in together.tolist())
    expected = colliding_pairs(size, low=low, high=low + size)
    # The group at either end is cut: at most one spacing squared.
    assert abs(expected - counted) <= 2 ** (2 * (bits - 52))


def test_one_pair_meets_with_the_probability_of_its_group() -> None:
    found = colliding_pairs(2, low=2**53, high=2**53 + 4)
    assert found == pytest.approx((2 - 1 + 1 / 2) / 3)
    found = colliding_pairs(3, low=2**54, high=2**54 + 8)
    assert found == pytest.approx(3 * (4 - 1 + 1 / 4) / 7)


def test_pairs_agree_with_simulation() -> None:
    low, high, n = 2**60, 2**60 + 2**20, 2_000
    found = []
    for seed in range(40):
        ids = nightly_tables(
            n, np.random.default_rng(seed), low=low, high=high
        )
        floats = ids.users["user_id"].to_numpy().astype("float64")
        _, together = np.unique(floats, return_counts=True)
        found.append(int((together * (together - 1)).sum()) / 2)
    error = np.std(found, ddof=1) / math.sqrt(len(found))
    expected = colliding_pairs(n, low=low, high=high)
    assert abs(np.mean(found) - expected) < 4 * error


def test_keys_need_room_within_one_power_of_two() -> None:
    assert colliding_pairs(10, low=0, high=10) == 0.0
    with pytest.raises(
        ValueError, match=r"^11 keys do not fit between low=0 and high=10$"
    ):
        colliding_pairs(11, low=0, high=10)
    with pytest.raises(ValueError, match=r"^6 keys do not fit between low=5"):
        colliding_pairs(6, low=5, high=10)
    with pytest.raises(ValueError, match=r"lie beside a power of two$"):
        colliding_pairs(2, low=2**60 - 1, high=2**60 + 1)
    assert colliding_pairs(2, low=2**60, high=2**61) > 0
    with pytest.raises(ValueError, match=r"^keys=-1 is below 0$"):
        colliding_pairs(-1, low=0, high=10)
    with pytest.raises(ValueError, match=r"^low=-1 is below 0$"):
        colliding_pairs(1, low=-1, high=10)
    with pytest.raises(ValueError, match=r"^high=-1 is below 0$"):
        colliding_pairs(1, low=0, high=-1)


def test_a_report_counts_missing_keys_apart() -> None:
    left = pd.DataFrame({"id": pd.array([1, 2, None, 2], dtype="Int64")})
    right = pd.DataFrame({"id": pd.array([2, 3, None], dtype="Int64")})
    report = match_report(left, right, "id")
    assert report == MatchReport(rows=4, missing=1, matched=2)
    assert report.rate == 2 / 3


KEYS = st.lists(st.one_of(st.none(), st.integers(2**60, 2**60 + 9)))


@given(KEYS, st.sets(st.integers(2**60, 2**60 + 9)))
def test_reports_and_joins_agree_with_polars(
    keys: list[int | None], known: set[int]
) -> None:
    left = pd.DataFrame({"id": pd.array(keys, dtype="Int64")})
    people = sorted(known)
    right = pd.DataFrame(
        {"id": pd.array(people, dtype="Int64"), "rank": range(len(people))}
    )
    theirs = pl.DataFrame({"id": keys}, schema={"id": pl.Int64}).join(
        pl.DataFrame(
            {"id": people, "rank": list(range(len(people)))},
            schema={"id": pl.Int64, "rank": pl.Int64},
        ),
        on="id",
        how="left",
        maintain_order="left",
    )
    if not left["id"].notna().any():
        with pytest.raises(ValueError, match=r"^no row on the left has a key"):
            match_report(left, right, "id")
        return
    report = match_report(left, right, "id")
    assert report.rows == len(keys)
    assert report.missing == theirs["id"].null_count()
    assert report.matched == theirs["rank"].count()
    joined = checked_left_join(left, right, "id", least_rate=0)
    assert (
        joined["id"].astype(object).where(joined["id"].notna(), None).tolist()
        == keys
    )
    ranks = [None if pd.isna(rank) else int(rank) for rank in joined["rank"]]
    assert ranks == theirs["rank"].to_list()


def test_an_id_that_was_a_float_is_not_found_again() -> None:
    tables = nightly_tables(10_000, np.random.default_rng(1))
    owned = tables.events.merge(tables.sessions, on="session", how="left")
    assert owned["user_id"].dtype == "float64"
    filled = owned.fillna({"user_id": 0}).astype({"user_id": "int64"})
    report = match_report(filled, tables.users, "user_id")
    spared = sum(key % 256 == 0 for key in tables.users["user_id"].tolist())
    assert report == MatchReport(10_001, 0, spared)
    with pytest.raises(ValueError, match=r"^too few keys 'user_id' found"):
        checked_left_join(filled, tables.users, "user_id", least_rate=0.9)
    with pytest.raises(
        TypeError,
        match=r"^key 'user_id' on the left is of type float64, not of an"
        r" integer type$",
    ):
        checked_left_join(owned, tables.users, "user_id", least_rate=0.9)


def test_a_nullable_key_loses_nobody() -> None:
    tables = nightly_tables(1_000, np.random.default_rng(2))
    sessions = tables.sessions.astype({"user_id": "Int64"})
    kept = tables.events.merge(sessions, on="session", how="left")
    joined = checked_left_join(kept, tables.users, "user_id", least_rate=1)
    feature = dict(
        zip(
            tables.users["user_id"].tolist(),
            tables.users["feature"].tolist(),
            strict=True,
        )
    )
    expected = [feature[key] for key in tables.sessions["user_id"].tolist()]
    assert joined["feature"].tolist()[:-1] == expected
    assert pd.isna(joined["feature"].iloc[-1])
    assert joined["user_id"].dtype == "Int64"


def test_a_float_key_on_the_right_is_refused() -> None:
    left = pd.DataFrame({"id": [1]})
    with pytest.raises(TypeError, match=r"^key 'id' on the right is of type"):
        match_report(left, pd.DataFrame({"id": [1.0]}), "id")


def test_a_table_without_the_key_is_refused() -> None:
    with pytest.raises(KeyError, match="id"):
        match_report(pd.DataFrame({"x": [1]}), pd.DataFrame({"id": [1]}), "id")


def test_the_right_side_is_unique_and_whole() -> None:
    left = pd.DataFrame({"id": [1, 2]})
    with pytest.raises(
        ValueError, match=r"^key 'id' occurs twice on the right$"
    ):
        checked_left_join(
            left, pd.DataFrame({"id": [1, 2, 2]}), "id", least_rate=0
        )
    gap = pd.DataFrame({"id": pd.array([1, 2, None], dtype="Int64")})
    with pytest.raises(
        ValueError, match=r"^key 'id' is missing on the right$"
    ):
        checked_left_join(left, gap, "id", least_rate=0)


def test_the_rate_is_a_floor() -> None:
    left = pd.DataFrame({"id": [1, 2]})
    right = pd.DataFrame({"id": [1], "feature": [0.5]})
    assert len(checked_left_join(left, right, "id", least_rate=0.5)) == 2
    with pytest.raises(
        ValueError,
        match=r"^too few keys 'id' found a partner:"
        r" 1 of 2, 0.5 is below 0.51$",
    ):
        checked_left_join(left, right, "id", least_rate=0.51)
    with pytest.raises(ValueError, match=r"^least_rate=2 is outside \[0, 1\]"):
        checked_left_join(left, right, "id", least_rate=2)


@pytest.mark.parametrize(
    ("low", "high"), [(2**60, 2**61), (5, 25), (5, 85), (5, 84), (0, 20)]
)
def test_a_night_has_one_event_nobody_owns(low: int, high: int) -> None:
    tables = nightly_tables(20, np.random.default_rng(0), low=low, high=high)
    assert tables.events["event"].tolist() == list(range(21))
    assert tables.events["session"].tolist() == list(range(21))
    assert tables.sessions["session"].tolist() == list(range(20))
    ids = tables.sessions["user_id"].tolist()
    assert len(set(ids)) == 20
    assert low <= min(ids)
    assert max(ids) < high
    assert tables.users["user_id"].tolist() != ids
    assert sorted(tables.users["user_id"].tolist()) == sorted(ids)
    assert tables.users["feature"].nunique() == 20


def test_the_ids_of_a_night_have_sixty_one_bits_unless_told() -> None:
    tables = nightly_tables(300, np.random.default_rng(0))
    ids = tables.users["user_id"].tolist()
    assert {key.bit_length() for key in ids} == {61}
    assert min(ids) < 2**60 + 2**55
    assert max(ids) > 2**61 - 2**55


def test_ids_are_not_in_order() -> None:
    ids = nightly_tables(50, np.random.default_rng(0)).sessions["user_id"]
    assert not ids.is_monotonic_increasing


def test_ids_reach_the_ends_of_a_tight_range() -> None:
    tables = nightly_tables(8, np.random.default_rng(0), low=7, high=15)
    assert sorted(tables.users["user_id"].tolist()) == list(range(7, 15))


def test_a_night_needs_users_and_room() -> None:
    rng = np.random.default_rng(0)
    assert len(nightly_tables(1, rng).users) == 1
    with pytest.raises(ValueError, match=r"^users=0 is below 1$"):
        nightly_tables(0, rng)
    with pytest.raises(
        ValueError, match=r"^3 users do not fit between low=0 and high=2$"
    ):
        nightly_tables(3, rng, low=0, high=2)
    with pytest.raises(ValueError, match=r"^3 users do not fit between low=5"):
        nightly_tables(3, rng, low=5, high=7)
    with pytest.raises(ValueError, match=r"^low=-1 is below 0$"):
        nightly_tables(1, rng, low=-1, high=2)
    with pytest.raises(ValueError, match=r"^high=-1 is below 0$"):
        nightly_tables(1, rng, low=0, high=-1)
    with pytest.raises(
        ValueError, match=rf"^high={2**63} does not fit into int64$"
    ):
        nightly_tables(1, rng, high=2**63)
    assert len(nightly_tables(1, rng, high=2**63 - 1).users) == 1
