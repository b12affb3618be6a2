"""Notebooks are those of nbformat, scripts those of jupytext."""

import base64
import importlib
import json
import struct
from typing import Any

import matplotlib.pyplot as plt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.toolkit.notebooks import (
    draw_sizes,
    new_notebook,
    notebook_bytes,
    percent_script,
    run_notebook,
    strip_notebook,
)

# Neither ships types.
jupytext: Any = importlib.import_module("jupytext")
nbformat: Any = importlib.import_module("nbformat")

SOURCES = ["x = 6", "print(x * 7)\nprint('é')", "y = x"]


def test_a_new_notebook_is_valid_and_not_run() -> None:
    notebook = new_notebook(SOURCES)
    nbformat.validate(nbformat.from_dict(notebook))
    assert [cell["source"] for cell in notebook["cells"]] == [
        ["x = 6"],
        ["print(x * 7)\n", "print('é')"],
        ["y = x"],
    ]
    assert [cell["id"] for cell in notebook["cells"]] == [
        "cell-0",
        "cell-1",
        "cell-2",
    ]
    assert {cell["execution_count"] for cell in notebook["cells"]} == {None}


def test_the_bytes_are_those_that_nbformat_writes() -> None:
    done = run_notebook(new_notebook(SOURCES))
    read = nbformat.reads(notebook_bytes(done).decode(), as_version=4)
    assert notebook_bytes(done).decode() == nbformat.writes(read) + "\n"
    assert "é".encode() in notebook_bytes(done)


def test_running_records_counts_and_text() -> None:
    fresh = new_notebook(SOURCES)
    done = run_notebook(fresh)
    nbformat.validate(nbformat.from_dict(done))
    assert [c["execution_count"] for c in done["cells"]] == [1, 2, 3]
    assert [c["outputs"] for c in done["cells"]] == [
        [],
        [
            {
                "name": "stdout",
                "output_type": "stream",
                "text": ["42\n", "é\n"],
            }
        ],
        [],
    ]
    assert fresh == new_notebook(SOURCES)
    again = run_notebook(done, first_count=8)
    assert [c["execution_count"] for c in again["cells"]] == [8, 9, 10]
    assert len(again["cells"][1]["outputs"]) == 1


def test_a_figure_becomes_one_picture() -> None:
    done = run_notebook(
        new_notebook(
            [
                "from matplotlib.figure import Figure\n"
                "figure = Figure(dpi=50)",
                "print('after')",
            ]
        )
    )
    nbformat.validate(nbformat.from_dict(done))
    (picture,) = done["cells"][0]["outputs"]
    assert picture["output_type"] == "display_data"
    assert picture["metadata"] == {}
    assert picture["data"]["text/plain"] == ["<Figure>"]
    drawn = base64.b64decode(picture["data"]["image/png"])
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert b"Software" not in drawn
    # Width and height stand behind the first chunk's name: 6.4 by 4.8 inches.
    assert struct.unpack(">II", drawn[16:24]) == (320, 240)
    assert len(done["cells"][1]["outputs"]) == 1


def test_an_error_in_a_cell_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        run_notebook(new_notebook(["1 / 0"]))


def test_stripping_does_what_nbformat_calls_a_valid_notebook() -> None:
    done = run_notebook(new_notebook(SOURCES))
    before = json.dumps(done)
    bare = strip_notebook(done)
    nbformat.validate(nbformat.from_dict(bare))
    assert bare == new_notebook(SOURCES)
    assert json.dumps(done) == before


def test_stripping_leaves_text_cells_alone() -> None:
    text = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": []}
    bare = strip_notebook({"cells": [text]})
    assert bare["cells"] == [text]


def as_code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source.splitlines(keepends=True)}


lines = st.sampled_from(["x = 1", "print(x)", "y = [1,", "     2]", "z = 3"])
sources = st.lists(st.lists(lines, min_size=1).map("\n".join), min_size=1)


@settings(deadline=None)
@given(sources)
def test_the_script_reads_back_by_jupytext_as_the_same_sources(
    code: list[str],
) -> None:
    script = percent_script(new_notebook(code))
    read = jupytext.reads(script, fmt="py:percent")
    assert [cell["source"] for cell in read["cells"]] == code
    assert {cell["cell_type"] for cell in read["cells"]} == {"code"}


def test_the_script_is_the_one_that_jupytext_writes() -> None:
    notebook = new_notebook(SOURCES)
    text = {
        "cell_type": "markdown",
        "id": "text",
        "metadata": {},
        "source": ["# Title\n", "\n", "Words."],
    }
    notebook["cells"].insert(1, text)
    read = nbformat.from_dict(notebook)
    for cell in read.cells:
        cell.source = "".join(cell.source)
    written = jupytext.writes(read, fmt="py:percent")
    body = written[written.index("# %%") :]
    assert percent_script(notebook) == body


def test_a_raw_cell_has_no_script() -> None:
    with pytest.raises(ValueError, match=r"^a raw cell has no script$"):
        percent_script({"cells": [{"cell_type": "raw", "source": []}]})


def test_sizes_are_drawn_in_order_with_their_numbers() -> None:
    _, axes = plt.subplots()
    draw_sizes(axes, {"as run": 54_000, "stripped": 31}, unit="bytes")
    assert [text.get_text() for text in axes.texts] == [
        "as run: 54,000",
        "stripped: 31",
    ]
    ends = [
        (list(line.get_xdata()), list(line.get_ydata()))  # type: ignore[arg-type]
        for line in axes.lines
    ]
    assert ends == [([1, 54_000], [1, 1]), ([1, 31], [0, 0])]
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "bytes (log scale)"
    assert axes.get_xlim() == (1, 60 * 54_000)
    assert axes.get_ylim() == (-0.6, 1.6)
    assert list(axes.get_yticks()) == []
    plt.close()


@pytest.mark.parametrize("sizes", [{}, {"none": 0}, {"a": 3, "b": -1}])
def test_sizes_that_are_not_positive_are_refused(
    sizes: dict[str, int],
) -> None:
    _, axes = plt.subplots()
    with pytest.raises(ValueError, match=r"are not all positive$"):
        draw_sizes(axes, sizes, unit="bytes")
    plt.close()
