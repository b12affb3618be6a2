"""Processor features are named, switched off, and timed."""

import re
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import numpy as np
import pytest

from mlsd_examples.toolkit import simd
from mlsd_examples.toolkit.child_processes import ChildRun, run_python
from mlsd_examples.toolkit.simd import (
    KERNELS,
    dispatched_features,
    kernel_times_s,
)


def test_the_features_are_those_that_numpy_prints() -> None:
    text = StringIO()
    with redirect_stdout(text):
        np.show_runtime()
    found = re.search(r"'found': \[(.*?)\]", text.getvalue(), re.DOTALL)
    assert found
    names = tuple(re.findall(r"'(\w+)'", found[1]))
    assert dispatched_features() == names


def test_each_operation_is_timed() -> None:
    times = kernel_times_s()
    assert tuple(times) == KERNELS
    assert all(1e-8 < seconds < 0.1 for seconds in times.values())
    # Sorting eight times as many values is never the cheaper operation.
    assert times["sort"] > 5 * times["add"]


def test_features_are_switched_off_by_their_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[str, Any] = {}

    def child(_: str, *, environment: dict[str, str]) -> ChildRun:
        seen["environment"] = environment
        return ChildRun(0, '{"add": 0.5}', "", 0, 0)

    monkeypatch.setattr(simd, "run_python", child)
    monkeypatch.setattr(simd, "dispatched_features", lambda: ("A", "B", "C"))
    assert kernel_times_s(disabled=("B", "C")) == {"add": 0.5}
    assert seen["environment"] == {"NPY_DISABLE_CPU_FEATURES": "B C"}
    kernel_times_s()
    assert seen["environment"] == {"NPY_DISABLE_CPU_FEATURES": ""}


def test_switching_off_takes_effect_in_the_child() -> None:
    code = (
        "from numpy._core._multiarray_umath import __cpu_features__ as on\n"
        "print(sum(on.values()))"
    )
    counts = [
        int(run_python(code, environment=variables).output)
        for variables in (
            {},
            {"NPY_DISABLE_CPU_FEATURES": " ".join(dispatched_features())},
        )
    ]
    assert counts[0] - counts[1] >= len(dispatched_features())


def test_a_feature_that_numpy_would_ignore_is_refused() -> None:
    known = dispatched_features()
    with pytest.raises(
        ValueError, match=r"^NumPy does not dispatch to \('AVX512F',\) here$"
    ):
        kernel_times_s(disabled=(*known, "AVX512F"))
