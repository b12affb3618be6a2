"""Frames are blocks, and only one call writes to them."""

import numpy as np
import pandas as pd
import pytest

from mlsd_examples.toolkit.dataframes import (
    Assignment,
    Block,
    assignment,
    blocks,
)

FRAME = pd.DataFrame({"a": [1, 2, 3], "b": [0, 1, 0]})
CHAINED = "ChainedAssignmentError"


def test_an_empty_frame_has_no_blocks() -> None:
    assert blocks(pd.DataFrame()) == ()


def test_columns_of_one_dtype_are_rows_of_one_array() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0], "n": [1, 2], "y": [3.0, 4.0]})
    assert blocks(frame) == (
        Block("float64", "ndarray", ("x", "y"), (2, 2)),
        Block("int64", "ndarray", ("n",), (1, 2)),
    )
    five = pd.DataFrame(np.zeros((1000, 5)))
    assert [block.shape for block in blocks(five)] == [(5, 1000)]


def test_each_kind_of_column_has_its_own_array() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", "b"],
            "plan": pd.Categorical(["x", "y"]),
            "when": pd.to_datetime(["2026-01-01", "2026-01-02"]),
            "id": pd.array([1, None], dtype="Int64"),
            7: [True, False],
        }
    )
    assert [(b.columns, b.array, b.dtype) for b in blocks(frame)] == [
        (("text",), "ArrowStringArray", "str"),
        (("plan",), "Categorical", "category"),
        (("when",), "DatetimeArray", "datetime64[us]"),
        (("id",), "IntegerArray", "Int64"),
        (("7",), "ndarray", "bool"),
    ]


def test_blocks_come_in_the_order_of_their_first_column() -> None:
    frame = pd.DataFrame({"n": [1], "x": [0.5]})
    frame["m"] = 2
    assert [block.columns for block in blocks(frame)] == [
        ("n",),
        ("x",),
        ("m",),
    ]
    assert [b.columns for b in blocks(frame[["x", "n", "m"]])] == [
        ("x",),
        ("n", "m"),
    ] or [b.columns[0] for b in blocks(frame[["x", "n", "m"]])] == [
        "x",
        "n",
        "m",
    ]


def test_only_a_frame_has_blocks() -> None:
    with pytest.raises(TypeError, match=r"^a Series is not a DataFrame$"):
        blocks(FRAME["a"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "statement",
    [
        "df[df['b'] == 0]['a'] = 9",
        "df['a'][df['b'] == 0] = 9",
        "df.loc[df['b'] == 0]['a'] = 9",
        "df['a'].replace(1, 9, inplace=True)",
        "df['a'].iloc[0] = 9",
        "df.a.loc[0] = 9",
    ],
)
def test_a_chained_assignment_never_reaches_the_frame(statement: str) -> None:
    assert assignment(statement, FRAME) == Assignment(
        changed=False, warned=CHAINED
    )


@pytest.mark.parametrize(
    "statement",
    [
        "part = df[df['b'] == 0]; part['a'] = 9",
        "v = df['a']; v[0] = 9",
        "pass",
    ],
)
def test_a_named_intermediate_is_silent(statement: str) -> None:
    assert assignment(statement, FRAME) == Assignment(changed=False, warned="")


@pytest.mark.parametrize(
    "statement",
    [
        "df.loc[df['b'] == 0, 'a'] = 9",
        "df['a'] = df['a'].replace(1, 9)",
        "df['a'] = pd.Series([9, 9, 9])",
        "df = df.assign(a=9)",
    ],
)
def test_one_call_on_the_frame_writes(statement: str) -> None:
    before = FRAME.copy(deep=True)
    assert assignment(statement, FRAME) == Assignment(changed=True, warned="")
    assert FRAME.equals(before)


def test_a_write_through_numpy_is_refused() -> None:
    with pytest.raises(ValueError, match="read-only"):
        assignment("df['a'].to_numpy()[0] = 9", FRAME)


def test_several_kinds_of_warning_are_refused() -> None:
    statement = "import warnings; warnings.warn('x'); df['a'].iloc[0] = 9"
    with pytest.raises(
        ValueError,
        match=r"gave several warnings: \['ChainedAssignmentError',"
        r" 'UserWarning'\]$",
    ):
        assignment(statement, FRAME)
    twice = "df['a'].iloc[0] = 9\ndf['a'].iloc[0] = 9"
    assert assignment(twice, FRAME).warned == CHAINED


def test_only_a_frame_is_assigned_to() -> None:
    with pytest.raises(TypeError, match=r"^a list is not a DataFrame$"):
        assignment("pass", [1])  # type: ignore[arg-type]
