"""Sums and counts merge over any chunks; means do not."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit.chunked_aggregation import (
    chunked_means,
    event_means,
    mean_of_means,
    write_events,
)

ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(-99, 99))),
    min_size=1,
    max_size=30,
)


def in_chunks(table: pd.DataFrame, lengths: list[int]) -> list[pd.DataFrame]:
    ends = [*np.cumsum(lengths).tolist(), len(table)]
    starts = [0, *ends[:-1]]
    parts = [table.iloc[a:b] for a, b in zip(starts, ends, strict=True)]
    return [part for part in parts if len(part)]


@given(ROWS, st.lists(st.integers(1, 9), max_size=4))
def test_chunked_means_agree_with_polars_over_the_whole(
    rows: list[tuple[int, int | None]], lengths: list[int]
) -> None:
    table = pd.DataFrame(rows, columns=["k", "v"]).astype({"v": "float64"})
    found = chunked_means(in_chunks(table, lengths), "k", "v")
    whole = pl.DataFrame(
        rows, schema={"k": pl.Int64, "v": pl.Float64}, orient="row"
    )
    means = whole.group_by("k").agg(pl.col("v").mean()).sort("k")
    assert found.index.tolist() == means["k"].to_list()
    assert found.name == "v"
    for ours, theirs in zip(found.tolist(), means["v"].to_list(), strict=True):
        assert (
            theirs == pytest.approx(ours)
            if theirs is not None
            else (np.isnan(ours))
        )


def test_a_key_may_appear_in_a_late_chunk_alone() -> None:
    parts = [
        pd.DataFrame({"k": [2], "v": [1.0]}),
        pd.DataFrame({"k": [1], "v": [5.0]}),
    ]
    assert chunked_means(iter(parts), "k", "v").to_dict() == {1: 5.0, 2: 1.0}


def test_means_of_means_weigh_short_chunks_too_much() -> None:
    parts = [
        pd.DataFrame({"k": [1, 1, 1, 2], "v": [0.0, 0.0, 0.0, 4.0]}),
        pd.DataFrame({"k": [1], "v": [4.0]}),
    ]
    assert chunked_means(parts, "k", "v").to_dict() == {1: 1.0, 2: 4.0}
    assert mean_of_means(parts, "k", "v").to_dict() == {1: 2.0, 2: 4.0}


@given(st.integers(1, 5), st.integers(1, 4))
def test_equal_chunks_hide_the_fault(length: int, chunks: int) -> None:
    n = length * chunks
    table = pd.DataFrame({"k": [1] * n, "v": np.arange(n, dtype=float)})
    parts = in_chunks(table, [length] * (chunks - 1))
    right = chunked_means(parts, "k", "v")[1]
    assert mean_of_means(parts, "k", "v")[1] == pytest.approx(right)


def test_without_chunks_there_is_nothing_to_aggregate() -> None:
    for aggregate in (chunked_means, mean_of_means):
        with pytest.raises(
            ValueError, match=r"^there is no chunk to aggregate$"
        ):
            aggregate(iter([]), "k", "v")


def test_a_chunk_has_both_columns() -> None:
    part = pd.DataFrame({"k": [1]})
    for aggregate in (chunked_means, mean_of_means):
        with pytest.raises(KeyError, match="v"):
            aggregate([part], "k", "v")


@pytest.mark.parametrize(("blocks", "rows"), [(1, 100), (3, 250)])
def test_a_written_file_repeats_its_block(
    tmp_path: Path, blocks: int, rows: int
) -> None:
    path = tmp_path / "events.csv"
    size = write_events(path, blocks=blocks, rows=rows)
    assert size == len(path.read_bytes())
    table = pd.read_csv(path)
    names = ["key", "value", *(f"unused_{k}" for k in range(6))]
    assert table.columns.tolist() == names
    i = np.arange(blocks * rows) % rows
    assert table["key"].tolist() == (i % 100).tolist()
    assert all((table[name] == 7 * i % 1000).all() for name in names[1:])
    means = event_means(rows=rows)
    assert table.groupby("key")["value"].mean().tolist() == pytest.approx(
        means.tolist()
    )
    assert means.name == "value"
    assert means.index.tolist() == list(range(100))


def test_a_block_has_twenty_thousand_rows_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    write_events(path, blocks=1)
    assert len(pd.read_csv(path)) == 20_000
    expected = pd.read_csv(path).groupby("key")["value"].mean()
    assert event_means().tolist() == expected.tolist()


def test_a_file_needs_blocks_with_every_key(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    with pytest.raises(ValueError, match=r"^blocks=0 is below 1$"):
        write_events(path, blocks=0)
    with pytest.raises(ValueError, match=r"^rows=99 is below 100$"):
        write_events(path, blocks=1, rows=99)
    with pytest.raises(ValueError, match=r"^rows=99 is below 100$"):
        event_means(rows=99)
