"""A child runs in a clean environment, under a limit, and reports."""

import subprocess
import sys
from pathlib import Path

import pytest

from mlsd_examples.toolkit.child_processes import ChildRun, run_python

MIB = 2**20


def test_a_child_reports_what_it_printed() -> None:
    run = run_python("print('a')\nprint(); print('é ')")
    assert run.exit_code == 0
    assert run.output == "a\n\né"
    assert run.error == ""
    # An interpreter without libraries: a few MiB of each kind.
    assert MIB < run.anonymous_bytes < 64 * MIB
    assert MIB < run.file_bytes < 64 * MIB


def test_a_silent_child_prints_nothing() -> None:
    assert run_python("pass").output == ""


def test_a_failing_child_reports_its_exception() -> None:
    run = run_python("print('before')\nraise KeyError('lost')")
    assert isinstance(run, ChildRun)
    assert run.exit_code == 1
    assert run.output == "before"
    assert run.error == "KeyError: 'lost'"
    assert run.anonymous_bytes > MIB


def test_a_child_reports_the_memory_it_touched() -> None:
    empty = run_python("pass")
    full = run_python("kept = bytearray(b'x' * 50 * 2**20)")
    grown = full.anonymous_bytes - empty.anonymous_bytes
    assert 48 * MIB < grown < 56 * MIB


def test_a_child_is_the_main_module() -> None:
    assert run_python("print(__name__)").output == "__main__"


def test_the_environment_is_built_from_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET", "1")
    names = "import os\nprint(*sorted(os.environ))"
    run = run_python(names, environment={"ADDED": "x"})
    assert run.output.split() == [
        *("ADDED", "LANG", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
        "PYTHONUTF8",
    ]
    value = "import os\nprint(os.environ['OMP_NUM_THREADS'])"
    assert run_python(value).output == "1"
    replaced = run_python(value, environment={"OMP_NUM_THREADS": "2"})
    assert replaced.output == "2"


def test_a_child_runs_in_the_folder_it_is_given(tmp_path: Path) -> None:
    where = "import os\nprint(os.getcwd())"
    assert run_python(where, folder=tmp_path).output == str(tmp_path)
    assert run_python(where).output == str(Path.cwd())


def test_data_beyond_the_limit_is_refused() -> None:
    code = "kept = bytearray(80 * 2**20)"
    within = run_python(code, data_limit_bytes=120 * MIB)
    assert (within.exit_code, within.error) == (0, "")
    beyond = run_python(code, data_limit_bytes=60 * MIB)
    assert (beyond.exit_code, beyond.error) == (1, "MemoryError")


def test_the_limit_binds_the_child_exactly() -> None:
    code = "import resource\nprint(resource.getrlimit(resource.RLIMIT_DATA))"
    limit = 100 * MIB
    run = run_python(code, data_limit_bytes=limit)
    assert run.output == str((limit, limit))
    assert run_python(code).output == "(-1, -1)"


def test_mapped_files_are_not_data(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(80 * MIB))
    code = (
        "import mmap\n"
        "with open('file', 'rb') as file:\n"
        "    view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)\n"
        "print(sum(view[i] for i in range(0, len(view), 4096)))"
    )
    run = run_python(code, data_limit_bytes=60 * MIB, folder=tmp_path)
    assert (run.exit_code, run.output) == (0, "0")
    assert run.file_bytes > 80 * MIB
    assert run.anonymous_bytes < 60 * MIB


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_is_positive(limit: int) -> None:
    with pytest.raises(
        ValueError, match=rf"^data_limit_bytes={limit} is below 1$"
    ):
        run_python("pass", data_limit_bytes=limit)


def test_a_time_limit_is_positive() -> None:
    with pytest.raises(ValueError, match=r"^timeout_s=0 is not positive$"):
        run_python("pass", timeout_s=0)


def test_the_least_limit_is_handed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What a child still manages within a byte depends on the memory that its
    # interpreter holds already, so only the hand-over is looked at.
    programs: list[str] = []

    def run(command: list[str], **_: object) -> object:
        programs.append(command[-1])
        return subprocess.CompletedProcess(command, 0, "1 1", "")

    monkeypatch.setattr(subprocess, "run", run)
    run_python("pass", data_limit_bytes=1)
    run_python("pass")
    assert "setrlimit(resource.RLIMIT_DATA, (1, 1))" in programs[0]
    assert "setrlimit" not in programs[1]


def test_a_child_that_kills_itself_ends_without_a_report() -> None:
    code = "import os\nprint('half', flush=True)\nos._exit(3)"
    with pytest.raises(
        ValueError, match=r"^the child ended without a report, exit code 3$"
    ):
        run_python(code)


def test_a_child_ends_in_time() -> None:
    with pytest.raises(subprocess.TimeoutExpired) as raised:
        run_python("while True: pass", timeout_s=0.2)
    assert raised.value.timeout == 0.2


def test_a_child_has_a_minute_unless_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[str, object] = {}

    def run(command: list[str], **options: object) -> object:
        seen.update(options, program=command[0])
        return subprocess.CompletedProcess(command, 0, "1 1", "")

    monkeypatch.setattr(subprocess, "run", run)
    run_python("pass")
    assert seen["timeout"] == 60.0
    assert seen["program"] == sys.executable
    assert seen["cwd"] is None


def test_other_systems_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NotImplementedError, match=r"^darwin is not Linux$"):
        run_python("pass")
