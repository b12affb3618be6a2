"""Command-line tools of the environment, run offline on files in memory.

A page hands over a few small files and reads what the tool says.  The tool
runs in a temporary folder with an environment built from nothing, so that
no setting, cache or index address of the reader changes the answer.

In production, call the tool itself, in the repository that it checks.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mlsd_examples._refusals import positive

__all__ = ["ToolRun", "run_tool"]

_ENVIRONMENT = {
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


@dataclass(frozen=True)
class ToolRun:
    """What a tool said, and what it wrote.

    Parameters
    ----------
    exit_code : int
        0 if the tool is content.
    output : str
        Its standard output and error in the order of those two, with the
        temporary folder cut from every path.
    written : dict of str to bytes
        Files that were not there before, by their path in the folder.
    """

    exit_code: int
    output: str
    written: dict[str, bytes]


def run_tool(
    tool: str,
    arguments: Sequence[str],
    files: Mapping[str, str | bytes],
    *,
    environment: Mapping[str, str] | None = None,
    timeout_s: float = 60.0,
) -> ToolRun:
    r"""Run a tool of this environment on files, without a network.

    Parameters
    ----------
    tool : str
        A module with a command line: "mypy", "ruff", "uv", "pip" …
    arguments : sequence of str
        What stands behind the name of the tool.
    files : mapping of str to str or bytes
        What the folder holds, by relative path.
    environment : mapping of str to str, optional
        Variables added to the clean environment.
    timeout_s : float
        Longest run in seconds, above 0.

    Returns
    -------
    ToolRun
        Exit code, output and new files.

    Raises
    ------
    ValueError
        If a path leaves the folder, or `timeout_s` is not positive.
    subprocess.TimeoutExpired
        If the tool runs longer than `timeout_s`.

    Examples
    --------
    Ruff reads one file and finds an import that nobody uses:

    >>> files = {"train.py": "import os\n"}
    >>> run = run_tool("ruff", ["check", "--output-format=concise"], files)
    >>> run.exit_code, run.output.split(": ")[0]
    (1, 'train.py:1:8')

    Nothing outside the folder is touched:

    >>> run_tool("ruff", ["check"], {"../train.py": ""})
    Traceback (most recent call last):
        ...
    ValueError: '../train.py' leaves the folder
    """
    positive("timeout_s", timeout_s)
    for name in files:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise ValueError(f"{name!r} leaves the folder")
    with TemporaryDirectory() as place:
        folder = Path(place).resolve()
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                content = content.encode()
            path.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-m", tool, *arguments],
            env={
                **_ENVIRONMENT,
                "HOME": str(folder),
                "VIRTUAL_ENV": sys.prefix,
                **(environment or {}),
            },
            cwd=folder,
            timeout=timeout_s,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        written = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
            and path.relative_to(folder).as_posix() not in files
        }
    said = (done.stdout + done.stderr).replace(f"{folder}/", "")
    return ToolRun(done.returncode, said.strip(), written)
