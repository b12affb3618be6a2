"""Code run in a child with a clean environment and a limit on its data.

A child shows what this process cannot survive: a refused allocation, or a
NumPy started with other processor features.  Its environment is built here
from nothing, so that no variable of the parent changes what it does.

In production, limit a service by its control group (``MemoryMax=`` of a
systemd unit, the memory limit of a container).
"""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlsd_examples._refusals import positive, whole

__all__ = ["ChildRun", "run_python"]

# One thread: OpenBLAS would reserve memory for each processor.
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}

_LIMIT = """\
import resource
resource.setrlimit(resource.RLIMIT_DATA, ({limit}, {limit}))
"""

# The report goes to the last line of stdout, even past an exception, while
# the names of the code are still alive.
_DRIVER = """\
import sys
names = {{"__name__": "__main__"}}
try:
    exec(compile({code!r}, "<child>", "exec"), names)
finally:
    with open("/proc/self/status") as status:
        lines = [line.split() for line in status]
    sizes = {{line[0]: line[1] for line in lines if len(line) == 3}}
    print(chr(10), sizes["RssAnon:"], sizes["RssFile:"])
"""


@dataclass(frozen=True)
class ChildRun:
    """How a child ended.

    Parameters
    ----------
    exit_code : int
        0 if the code ran to its end.
    output : str
        What it printed.
    error : str
        Type and text of the exception that ended it; empty if none did.
    anonymous_bytes : int
        Resident memory that belongs to no file, at the end of the code.
    file_bytes : int
        Resident pages of mapped files, libraries included, at that time.
    """

    exit_code: int
    output: str
    error: str
    anonymous_bytes: int
    file_bytes: int


def run_python(
    code: str,
    *,
    data_limit_bytes: int | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    timeout_s: float = 60.0,
) -> ChildRun:
    """Run Python code in a child process.

    Parameters
    ----------
    code : str
        What to run, as the main module.
    data_limit_bytes : int, optional
        Limit on data memory (``RLIMIT_DATA``: what a process allocates, not
        the files it maps), at least 1.
    environment : mapping of str to str, optional
        Variables added to the clean environment.
    folder : Path, optional
        Where the code runs; the current folder unless told.
    timeout_s : float
        Longest run in seconds.

    Returns
    -------
    ChildRun
        Exit code, output, exception and resident memory.

    Raises
    ------
    NotImplementedError
        If this is not Linux, whose accounting is read.
    ValueError
        If the limit or `timeout_s` is not positive, or the child was killed
        before it could report.
    TypeError
        If the limit or `timeout_s` is not a number of its kind.
    subprocess.TimeoutExpired
        If the code runs longer than `timeout_s`.

    Examples
    --------
    A child of its own:

    >>> run_python("print(6 * 7)").output
    '42'

    Allowed 100 MB of data, it cannot hold 200 MB:

    >>> run = run_python("b = bytes(2 * 10**8)", data_limit_bytes=10**8)
    >>> run.exit_code, run.error
    (1, 'MemoryError')

    A limit must leave something:

    >>> run_python("pass", data_limit_bytes=0)
    Traceback (most recent call last):
        ...
    ValueError: data_limit_bytes=0 is below 1
    """
    if sys.platform != "linux":
        raise NotImplementedError(f"{sys.platform} is not Linux")
    if data_limit_bytes is not None:
        whole("data_limit_bytes", data_limit_bytes, least=1)
    positive("timeout_s", timeout_s)
    limit = _LIMIT.format(limit=data_limit_bytes) if data_limit_bytes else ""
    done = subprocess.run(
        [sys.executable, "-c", limit + _DRIVER.format(code=code)],
        env={**_ENVIRONMENT, **(environment or {})},
        cwd=folder,
        timeout=timeout_s,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    *output, report = done.stdout.rstrip().split("\n")
    sizes = report.split()
    if len(sizes) != 2:
        raise ValueError(
            f"the child ended without a report, exit code {done.returncode}"
        )
    anonymous, mapped = (int(kib) * 1024 for kib in sizes)
    return ChildRun(
        exit_code=done.returncode,
        output="\n".join(output).rstrip(),
        error=done.stderr.rstrip().split("\n")[-1],
        anonymous_bytes=anonymous,
        file_bytes=mapped,
    )
