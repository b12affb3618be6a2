"""Bytes a parameter add up, and shards share them."""

import re

import numpy as np
import pytest

from mlsd_examples.maths.optimizer_memory import (
    RECIPES,
    TrainingState,
    training_state,
)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_a_state_is_the_sum_of_its_parts() -> None:
    assert TrainingState(1, 20, 300, 4_000).bytes_each == 4_321


def test_recipes_count_the_arrays_that_are_held() -> None:
    full, half, byte = (np.dtype(t).itemsize for t in ("f4", "f2", "i1"))
    expected = {
        "fp32 SGD": 2 * full,
        "fp32 SGD, momentum": 3 * full,
        "fp32 AdamW": 4 * full,
        "mixed AdamW": 2 * half + 3 * full,
        "mixed AdamW, fp32 gradients": half + 4 * full,
        "mixed AdamW, 8-bit moments": 2 * half + full + 2 * byte,
    }
    found = {name: recipe.bytes_each for name, recipe in RECIPES.items()}
    assert found == expected
    assert RECIPES["mixed AdamW"] == TrainingState(2, 2, 4, 8)
    assert RECIPES["fp32 AdamW"] == TrainingState(4, 4, 0, 8)
    assert RECIPES["fp32 SGD"] == TrainingState(4, 4, 0, 0)
    assert RECIPES["fp32 SGD, momentum"] == TrainingState(4, 4, 0, 4)
    assert RECIPES["mixed AdamW, fp32 gradients"] == TrainingState(2, 4, 4, 8)
    assert RECIPES["mixed AdamW, 8-bit moments"] == TrainingState(2, 2, 4, 2)


def test_the_fullest_shard_is_counted() -> None:
    assert training_state(1, "fp32 AdamW") == 16
    assert training_state(10, "fp32 AdamW", shards=4) == 3 * 16
    assert training_state(8, "fp32 SGD", shards=4) == 2 * 8
    assert training_state(1, "fp32 SGD", shards=4) == 8


def test_impossible_models_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("parameters=0 is below 1")):
        training_state(0, "fp32 SGD")
    with pytest.raises(ValueError, match=exactly("shards=0 is below 1")):
        training_state(1, "fp32 SGD", shards=0)
    with pytest.raises(
        TypeError,
        match=exactly("parameters=1000000000.0 is not a whole number"),
    ):
        training_state(1e9, "fp32 SGD")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=exactly("recipe='' is unknown")):
        training_state(1, "")
