"""Closed forms give the bytes that pandas reports."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.toolkit.categoricals import (
    break_even_share,
    category_bytes,
    code_bytes,
    text_bytes,
)


def column(rows: int, kinds: int, width: int) -> pd.Series:
    names = np.array([f"{number:0{width}d}" for number in range(kinds)])
    return pd.Series(names[np.arange(rows) % kinds])


@pytest.mark.parametrize(
    ("kinds", "width"),
    [
        (0, 1),
        (126, 1),
        (127, 2),
        (32_766, 2),
        (32_767, 4),
        (2**31 - 2, 4),
        (2**31 - 1, 8),
    ],
)
def test_codes_widen_one_early(kinds: int, width: int) -> None:
    assert code_bytes(kinds) == width


@pytest.mark.parametrize("kinds", [1, 126, 127, 128, 32_766, 32_767])
def test_codes_are_as_wide_as_those_of_pandas(kinds: int) -> None:
    codes = column(kinds, kinds, 6).astype("category").cat.codes
    assert codes.to_numpy().itemsize == code_bytes(kinds)


@settings(max_examples=30)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(3, 20))
def test_closed_forms_are_the_bytes_that_pandas_reports(
    rows: int, kinds: int, width: int
) -> None:
    kinds = min(kinds, rows)
    text = column(rows, kinds, width)
    held = text.memory_usage(index=False, deep=True)
    assert text_bytes(rows, label_bytes=width) == held
    categories = text.astype("category")
    held = categories.memory_usage(index=False, deep=True)
    assert category_bytes(rows, kinds, label_bytes=width) == held


@given(st.integers(0, 60), st.sampled_from([1, 2, 4]))
def test_text_and_categories_break_even_at_the_share(
    length: int, width: int
) -> None:
    share = break_even_share(length, code_bytes=width)
    as_text = length + 8
    as_category = width + share * (length + 8 + 1 / 8)
    assert as_category == pytest.approx(as_text, rel=1e-12)


def test_an_empty_label_with_wide_codes_never_saves() -> None:
    assert break_even_share(0, code_bytes=8) == 0.0


def test_impossible_columns_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^categories=-1 is below 0$"):
        code_bytes(-1)
    with pytest.raises(TypeError, match=r"^categories=1.0 is not a whole"):
        code_bytes(1.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^rows=-1 is below 0$"):
        text_bytes(-1, label_bytes=1)
    with pytest.raises(ValueError, match=r"^label_bytes=-1 is below 0$"):
        text_bytes(1, label_bytes=-1)
    with pytest.raises(ValueError, match=r"^rows=-1 is below 0$"):
        category_bytes(-1, 0, label_bytes=1)
    with pytest.raises(ValueError, match=r"^categories=-1 is below 0$"):
        category_bytes(1, -1, label_bytes=1)
    with pytest.raises(
        ValueError, match=r"^4 different labels do not occur in 3 rows$"
    ):
        category_bytes(3, 4, label_bytes=1)
    with pytest.raises(
        ValueError, match=r"^code_bytes=3 is none of \(1, 2, 4, 8\)$"
    ):
        break_even_share(1, code_bytes=3)
    with pytest.raises(ValueError, match=r"^code_bytes=-1 is below 0$"):
        break_even_share(1, code_bytes=-1)
    with pytest.raises(ValueError, match=r"^label_bytes=-1 is below 0$"):
        break_even_share(-1, code_bytes=1)


def test_nothing_takes_nothing() -> None:
    assert text_bytes(0, label_bytes=0) == 0
    assert category_bytes(0, 0, label_bytes=0) == 0
