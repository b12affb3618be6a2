"""What a cell hands to the prose arrives as plain Python."""

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from mlsd_examples.glue import glue


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """Stand in for a kernel, and keep what it is asked to display."""
    kept: list[tuple[Any, Any]] = []

    def display(data: Any, *, raw: bool, metadata: Any) -> None:
        assert raw is True
        kept.append((data, metadata))

    module = ModuleType("IPython.display")
    module.display = display  # type: ignore[attr-defined]
    monkeypatch.setattr(InteractiveShell, "initialized", lambda: True)
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    return kept


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (np.float64(0.5), "0.5"),
        (np.float32(0.5), "0.5"),
        (np.int64(7), "7"),
        (7, "7"),
        (True, "True"),
        ("green", "'green'"),
    ],
)
def test_a_value_is_recorded_as_mystnb_reads_it(
    records: list[tuple[Any, Any]], value: Any, text: str
) -> None:
    glue(answer=value)
    assert records == [
        (
            {"application/papermill.record/text/plain": text},
            {
                "scrapbook": {
                    "name": "answer",
                    "mime_prefix": "application/papermill.record/",
                }
            },
        )
    ]


def test_nothing_is_recorded_if_one_value_is_refused(
    records: list[tuple[Any, Any]],
) -> None:
    with pytest.raises(
        TypeError, match=r"^bad=\[1\] is neither a number nor text$"
    ):
        glue(good=1.0, bad=[1])  # type: ignore[arg-type]
    assert records == []


def test_a_kernel_that_is_imported_and_does_not_run_records_nothing(
    records: list[tuple[Any, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InteractiveShell, "initialized", lambda: False)
    glue(answer=1.0)
    assert records == []


def test_values_are_checked_outside_a_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    glue(answer=1.0)
    with pytest.raises(TypeError):
        glue(answer=None)  # type: ignore[arg-type]
