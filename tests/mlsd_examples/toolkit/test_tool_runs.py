"""Real tools on files in memory."""

import subprocess

import pytest

from mlsd_examples.toolkit import environment_samples as samples
from mlsd_examples.toolkit.tool_runs import run_tool

SHOW = "import os, sys\nprint(sorted(os.environ), *sys.argv[1:])\n"


def test_files_go_in_and_output_and_new_files_come_out() -> None:
    text = (
        "import sys\nfrom pathlib import Path\n"
        "Path('new/dir').mkdir(parents=True)\n"
        "Path('new/dir/a.bin').write_bytes(Path('in/b.bin').read_bytes())\n"
        "print(Path('a.bin').resolve())\nprint('bad', file=sys.stderr)\n"
        "sys.exit(3)\n"
    )
    run = run_tool("work", [], {"work.py": text, "in/b.bin": b"\xff\x00"})
    assert run.exit_code == 3
    assert run.output == "a.bin\nbad"
    assert run.written == {"new/dir/a.bin": b"\xff\x00"}


def test_text_is_written_as_utf8() -> None:
    code = "print(ascii(open('a.txt', encoding='utf8').read()))"
    run = run_tool("work", [], {"work.py": code, "a.txt": "é"})
    assert run.output == r"'\xe9'"


def test_the_environment_is_built_from_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UV_INDEX_URL", "https://example.org")
    run = run_tool("show", ["x", "y"], {"show.py": SHOW})
    assert "UV_INDEX_URL" not in run.output
    assert run.output.endswith("x y")
    for name in ("UV_OFFLINE", "NO_COLOR", "HOME", "VIRTUAL_ENV", "LANG"):
        assert f"'{name}'" in run.output
    more = run_tool("show", [], {"show.py": SHOW}, environment={"ONE": "1"})
    assert "'ONE'" in more.output


def test_home_is_the_folder_and_no_bytecode_is_written() -> None:
    code = "import os, other\nprint(os.environ['HOME'] == os.getcwd())"
    run = run_tool("work", [], {"work.py": code, "other.py": ""})
    assert (run.output, run.written) == ("True", {})


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x"])
def test_a_path_outside_the_folder_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=f"'{path}' leaves the folder"):
        run_tool("ruff", [], {path: ""})


def test_a_tool_that_hangs_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run_tool("w", [], {"w.py": "while True: pass"}, timeout_s=0.5)
    with pytest.raises(ValueError, match="timeout_s=0 is not positive"):
        run_tool("w", [], {}, timeout_s=0)


def test_the_clean_environment_names_every_switch() -> None:
    from mlsd_examples.toolkit.tool_runs import _ENVIRONMENT

    assert _ENVIRONMENT == {
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "RUFF_NO_CACHE": "true",
        "UV_NO_CACHE": "true",
        "UV_NO_CONFIG": "true",
        "UV_NO_PROGRESS": "true",
        "UV_OFFLINE": "true",
    }


OPTIONS = ["--no-index", "--find-links=wheels", "--quiet", "--target=site"]
INSTALL = ["pip", "install", *OPTIONS]


def test_a_newer_release_breaks_a_range_and_not_a_pin() -> None:
    ends = {}
    for need in ("vectors", "vectors==1.23.5"):
        run = run_tool(
            "uv", [*INSTALL, "scorer", need], samples.release_wheels()
        )
        assert run.exit_code == 0, run.output
        code = {k[5:]: v for k, v in run.written.items() if k[-3:] == ".py"}
        ends[need] = run_tool("scorer", [], code)
    assert ends["vectors==1.23.5"].output == "0.5"
    assert ends["vectors"].exit_code == 1
    assert "no attribute 'half'" in ends["vectors"].output


def test_a_swapped_wheel_has_the_same_name_and_other_bytes() -> None:
    old, new = samples.release_wheels(), samples.release_wheels(swapped=True)
    assert [*old] == [*new]
    differs = [name for name in old if old[name] != new[name]]
    assert differs == ["wheels/vectors-1.24.0-py3-none-any.whl"]
    first = samples.release_wheels("1.23.5")
    assert [*first] == [
        "wheels/vectors-1.23.5-py3-none-any.whl",
        "wheels/scorer-1.0-py3-none-any.whl",
    ]
    with pytest.raises(ValueError, match="no release '3'"):
        samples.release_wheels("3")


def test_mypy_sees_two_mistakes_of_four() -> None:
    files = {"train.py": samples.TRAIN}
    run = run_tool("mypy", ["--strict", "train.py"], files)
    lines = [x.split(":")[1] for x in run.output.splitlines()[:-1]]
    assert (run.exit_code, lines) == (1, ["13", "14"])


def test_a_cycle_raises_in_both_orders_and_layers_do_not() -> None:
    for first in ("model", "data_loader"):
        files = {**samples.CYCLE, "train.py": f"import {first}\n"}
        run = run_tool("train", [], files)
        assert run.exit_code == 1
        assert "partially initialized module" in run.output
        files = {**samples.LAYERED, "train.py": f"import {first}\n"}
        assert run_tool("train", [], files).exit_code == 0
    assert run_tool("train", [], samples.LAYERED).output == "256"


def test_a_build_runs_code_and_a_refused_build_does_not() -> None:
    folder = {f"innocent/{k}": v for k, v in samples.INNOCENT.items()}
    here = ["pip", "install", "--no-index", "--target=site", "./innocent"]
    built = run_tool("uv", [*here, "--no-build-isolation"], folder)
    assert built.written["innocent/marker.txt"] == b"ran while building"
    safe = run_tool("uv", [*here, "--no-build"], folder)
    assert "innocent/marker.txt" not in safe.written
    assert (built.exit_code, safe.exit_code) != (0, 0)


def test_ruff_reports_each_defect_when_asked() -> None:
    files = {"messy.py": samples.MESSY}
    check = [
        "check",
        "--output-format=concise",
        "--select=F401,B006,E711,F821",
    ]
    output = run_tool("ruff", check, files).output
    found = [line.split()[1] for line in output.splitlines()[:4]]
    assert found == ["F401", "B006", "E711", "F821"]


def test_ruffs_defaults_leave_out_complexity_and_none() -> None:
    run = run_tool("ruff", ["check", "--show-settings", "a.py"], {"a.py": ""})
    enabled = run.output.split("linter.rules.enabled")[1].split("]")[0]
    assert "(F401)" in enabled
    assert "(C901)" not in enabled
    assert "(E711)" not in enabled


def test_one_source_builds_into_as_many_wheels_as_it_reads_variables() -> None:
    build = ["build", "--wheel", "--no-build-isolation", "--quiet"]
    found = []
    for flags in ("-O2", "-O3", "-O2"):
        run = run_tool(
            "uv", build, samples.FLAVOURED, environment={"CFLAGS": flags}
        )
        assert run.exit_code == 0, run.output
        found.append(run.written["dist/flavoured-1.0-py3-none-any.whl"])
    assert found[0] == found[2] != found[1]
