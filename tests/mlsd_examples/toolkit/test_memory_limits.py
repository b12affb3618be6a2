"""A table larger than the memory allowed is read block by block."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit.child_processes import run_python
from mlsd_examples.toolkit.memory_limits import row_blocks, write_table

MIB = 2**20
LIMIT = 96 * MIB


@given(st.integers(0, 12), st.integers(1, 14))
def test_blocks_cover_every_row_once_and_in_order(n: int, rows: int) -> None:
    array = np.arange(2 * n).reshape(n, 2)
    blocks = list(row_blocks(array, rows=rows))
    assert [row for block in blocks for row in block.tolist()] == (
        array.tolist()
    )
    assert all(len(block) == rows for block in blocks[:-1])
    assert all(np.shares_memory(block, array) for block in blocks)


@pytest.mark.parametrize("rows", [0, -1])
def test_a_block_has_rows(rows: int) -> None:
    with pytest.raises(ValueError, match=rf"^rows={rows} is below 1$"):
        row_blocks(np.zeros(3), rows=rows)
    with pytest.raises(TypeError, match=r"^rows=1\.5 is not a whole number$"):
        row_blocks(np.zeros(3), rows=1.5)  # type: ignore[arg-type]


def test_a_single_number_has_no_rows() -> None:
    with pytest.raises(
        ValueError, match=r"^an array without axes has no rows$"
    ):
        row_blocks(np.array(1.0), rows=1)


@pytest.mark.parametrize("rows", [1, 7, 256, 600, 1000])
def test_a_written_table_counts_its_rows(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "table.npy"
    write_table(path, (600, 3), rows=rows)
    table = np.load(path)
    assert table.dtype == np.float32
    assert table.shape == (600, 3)
    expected = [[i % 256] * 3 for i in range(600)]
    assert table.tolist() == expected


def test_a_written_table_replaces_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table.npy"
    write_table(path, (4, 4))
    write_table(path, (2, 1))
    assert np.load(path).tolist() == [[0.0], [1.0]]


def test_a_table_is_written_in_blocks_of_4096_rows_unless_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def noted(array: np.ndarray, *, rows: int):  # type: ignore[no-untyped-def]
        asked.append(rows)
        return row_blocks(array, rows=rows)

    monkeypatch.setattr(
        "mlsd_examples.toolkit.memory_limits.row_blocks", noted
    )
    write_table(tmp_path / "table.npy", (2, 2))
    assert asked == [4096]


@pytest.mark.parametrize("shape", [(0, 2), (2, 0), (-1, 2)])
def test_a_table_has_elements(tmp_path: Path, shape: tuple[int, int]) -> None:
    worst = min(shape)
    with pytest.raises(ValueError, match=rf"^length={worst} is below 1$"):
        write_table(tmp_path / "table.npy", shape)


def test_a_table_has_two_lengths_and_its_blocks_a_row(tmp_path: Path) -> None:
    path = tmp_path / "table.npy"
    with pytest.raises(
        ValueError, match=r"^shape \(3,\) is not that of a table$"
    ):
        write_table(path, (3,))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^rows=0 is below 1$"):
        write_table(path, (2, 2), rows=0)
    # A refusal leaves no file behind.
    assert not path.exists()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    write_table(folder / "table.npy", (131_072, 256))
    return folder


def test_plain_loading_dies_under_a_limit_on_data(folder: Path) -> None:
    run = run_python(
        "import numpy as np\ntable = np.load('table.npy')",
        data_limit_bytes=LIMIT,
        folder=folder,
    )
    assert run.exit_code == 1
    assert run.error.startswith(
        "numpy._core._exceptions._ArrayMemoryError: Unable to allocate"
    )


def test_the_memory_map_works_under_the_same_limit(folder: Path) -> None:
    run = run_python(
        "import numpy as np\n"
        "table = np.load('table.npy', mmap_mode='r')\n"
        "print(table.sum(dtype=np.float64))",
        data_limit_bytes=LIMIT,
        folder=folder,
    )
    assert (run.exit_code, run.error) == (0, "")
    # 512 times 0 + 1 + … + 255, in each of 256 columns.
    assert float(run.output) == 512 * 255 * 128 * 256
    assert run.file_bytes > 128 * MIB
    assert run.anonymous_bytes < LIMIT


def test_what_is_computed_from_a_map_is_data_again(folder: Path) -> None:
    run = run_python(
        "import numpy as np\n"
        "table = np.load('table.npy', mmap_mode='r')\n"
        "doubled = table * 2",
        data_limit_bytes=LIMIT,
        folder=folder,
    )
    assert run.exit_code == 1
    assert "Unable to allocate 128. MiB" in run.error


def test_untouched_memory_is_promised_and_not_resident() -> None:
    code = "import numpy as np\nkept = np.zeros(2**24)"
    promised = run_python(code)
    touched = run_python(code + "\nkept[:] = 1")
    assert touched.anonymous_bytes - promised.anonymous_bytes > 120 * MIB
