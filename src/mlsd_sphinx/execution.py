"""Execute the cells of the pages, once, and keep what they printed.

Before Sphinx reads a page, every page whose outputs are not in the store is
executed: each in its own kernel, in an empty temporary folder, with an
environment that holds no secret of the machine.  All pages run to their end
and every failure is reported with file, cell and traceback.  The reader that
MyST-NB is given then takes the outputs from the store; MyST-NB itself never
executes, so that no other process writes.

The store is a folder of files named by :func:`~mlsd_sphinx.page_key.page_key`
and put in place by an atomic rename.  jupyter-cache would do, were it not for
its key (cells alone) and its database (not safe under ``-j``).
"""

import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from myst_nb.core.read import read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from traitlets.config import Config

from mlsd_sphinx.page_key import environment_fingerprint, page_key
from mlsd_sphinx.passed_variables import passed_variables
from mlsd_sphinx.source_lines import correct_lines

__all__ = ["Failure", "execute", "kernel_environment", "read_page", "setup"]

logger = logging.getLogger(__name__)

KERNEL = Path(__file__).parent / "kernel"
THREADS = ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "VECLIB")


@dataclass(frozen=True)
class Failure:
    """A cell that did not do what its page says.

    Parameters
    ----------
    line : int
        Line of the page, from 1.
    message : str
        The cell, and what went wrong; a traceback where there is one.
    label : str
        Label of the cell; empty if it has none.
    """

    line: int
    message: str
    label: str


@dataclass
class _State:
    """What the reader, which MyST-NB calls with the text alone, must know."""

    markdown: Any = None
    store: Path = Path()
    environment: str = ""
    packages: tuple[str, ...] = ()
    # Outputs of pages that failed: shown by a lenient build, never stored.
    failed: dict[str, list[list[Any]]] = field(default_factory=dict)


_state = _State()


def kernel_environment(scratch: Path) -> dict[str, str]:
    """Return the whole environment of a kernel: nothing is inherited.

    Parameters
    ----------
    scratch : Path
        Folder for what IPython and Matplotlib write; outlives the kernel.

    Returns
    -------
    dict of str to str
        Variables and values.
    """
    folder = str(Path(sys.executable).parent)
    return {
        "PATH": os.pathsep.join(
            [folder, "/usr/local/bin", "/usr/bin", "/bin"]
        ),
        "HOME": str(scratch),
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLCONFIGDIR": str(scratch / "matplotlib"),
        **_fixed_variables(),
    }


def _fixed_variables() -> dict[str, str]:
    return {
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": "0",
        "MATPLOTLIBRC": str(KERNEL / "matplotlibrc"),
        # ipykernel would warn about debugging; nobody debugs these kernels.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **{f"{name}_NUM_THREADS": "1" for name in THREADS},
        **passed_variables(),
    }


def execute(
    notebook: Any,
    *,
    scratch: Path,
    lines: Iterable[int],
    timeout_s: float,
) -> tuple[list[Failure], float]:
    """Execute a notebook in place, to its end, whatever its cells do.

    Parameters
    ----------
    notebook : NotebookNode
        Code cells get their outputs.
    scratch : Path
        Folder for what the tools around the kernel write.
    lines : iterable of int
        For each code cell, the line of the page where its code starts.
    timeout_s : float
        Longest time for one cell, in seconds of wall clock.

    Returns
    -------
    list of Failure
        Empty if every cell did what the page says.
    float
        Wall time in seconds.
    """
    return asyncio.run(
        _execute(
            notebook, scratch=scratch, lines=list(lines), timeout_s=timeout_s
        )
    )


async def _execute(
    notebook: Any, *, scratch: Path, lines: list[int], timeout_s: float
) -> tuple[list[Failure], float]:
    profile = scratch / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    config = profile / "ipython_kernel_config.py"
    config.write_bytes((KERNEL / "ipython_kernel_config.py").read_bytes())
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    current = 0

    def note_cell(cell: Any, cell_index: int) -> None:
        nonlocal current
        if cell.cell_type == "code":
            before = notebook.cells[:cell_index]
            current = len([c for c in before if c.cell_type == "code"])

    start = time.perf_counter()
    stopped: list[Failure] = []
    with (
        tempfile.TemporaryDirectory(prefix="mlsd-") as folder,
        tempfile.TemporaryDirectory(prefix="mlsd-") as sockets,
    ):
        # Sockets in a private folder: cells and outputs cross no network.
        manager = {
            "transport": "ipc",
            "connection_file": str(Path(sockets, "kernel.json")),
        }
        client = NotebookClient(
            notebook,
            config=Config(KernelManager=manager),
            kernel_name="python3",
            timeout=timeout_s,
            allow_errors=True,
            resources={"metadata": {"path": folder}},
            on_cell_start=note_cell,
        )
        try:
            await client.async_execute(
                env={**kernel_environment(scratch), "TMPDIR": folder}
            )
        except (CellTimeoutError, DeadKernelError) as error:
            what = (
                f"ran longer than {timeout_s:g} s"
                if isinstance(error, CellTimeoutError)
                else "killed its kernel"
            )
            stopped.append(_failure(code[current], lines[current], what))
    failures = [
        failure
        for cell, line in zip(code, lines, strict=True)
        for failure in _judge(cell, line)
    ]
    for cell in code:
        _show_what_was_declared(cell)
    return failures + stopped, time.perf_counter() - start


def _failure(cell: Any, line: int, what: str) -> Failure:
    label = cell.metadata.get("label", "")
    name = f"cell {label!r}" if label else "the cell"
    return Failure(line, f"{name} {what}", str(label))


def _judge(cell: Any, line: int) -> list[Failure]:
    """Compare what a cell did with what its metadata says it does."""
    errors = [out for out in cell.outputs if out.output_type == "error"]
    declared = cell.metadata.get("raises")
    if declared is not None:
        raised = [f"{out.ename}: {out.evalue}" for out in errors]
        if not raised:
            what = f"no longer raises {declared!r}"
        elif not raised[0].startswith(declared):
            what = f"declares {declared!r} and raises {raised[0]!r}"
        else:
            return []
        return [_failure(cell, line, what)]
    failures = [
        _failure(
            cell,
            line + _line_in_cell(out.traceback),
            f"raised {out.ename}: {out.evalue}\n"
            + _plain("\n".join(out.traceback)),
        )
        for out in errors
    ]
    stderr = "".join(
        out.text
        for out in cell.outputs
        if out.output_type == "stream" and out.name == "stderr"
    )
    if stderr and not errors:
        what = f"wrote to stderr:\n{stderr.rstrip()}"
        failures.append(_failure(cell, line, what))
    return failures


def _show_what_was_declared(cell: Any) -> None:
    """Leave of a declared exception its type and message.

    The frames below it show this machine's folders and teach nothing; an
    exception that nobody declared keeps them, for its author.
    """
    declared = cell.metadata.get("raises")
    for out in cell.outputs:
        if out.output_type == "error" and declared is not None:
            said = f"{out.ename}: {out.evalue}"
            if said.startswith(declared):
                out.traceback = [said]


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _line_in_cell(traceback: Iterable[str]) -> int:
    found = re.search(
        r"Cell In\[\d+\], line (\d+)", _plain("\n".join(traceback))
    )
    return int(found[1]) - 1 if found else 0


def read_page(text: str) -> Any:
    """Return the page as a notebook, with the outputs that are stored for it.

    MyST-NB calls this for every page (``nb_custom_formats`` in ``conf.py``).

    Parameters
    ----------
    text : str
        The source of the page.

    Returns
    -------
    NotebookNode
        Markdown and code cells; code cells hold their outputs.
    """
    notebook = _parse(text)
    notebook.metadata["language_info"] = {"name": "python"}
    correct_lines(notebook, text)
    code = _code_cells(notebook)
    if code:
        key = _key(code)
        for cell, outputs in zip(
            code, _state.failed.get(key) or _load(key) or [], strict=False
        ):
            cell.outputs = [_node(out) for out in outputs]
    return notebook


def _node(output: Any) -> Any:
    return nbformat.from_dict(output)  # type: ignore[no-untyped-call]


def _parse(text: str) -> Any:
    return read_myst_markdown_notebook(
        text, config=_state.markdown, add_source_map=True
    )


def _code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _key(code: list[Any]) -> str:
    return page_key(
        code, packages=_state.packages, environment=_state.environment
    )


def _load(key: str) -> list[list[Any]] | None:
    path = _state.store / f"{key}.json"
    try:
        record = json.loads(path.read_text("utf8"))
        path.touch()  # youngest last, for the pruning
        outputs: list[list[Any]] = record["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        # Absent or damaged: the page is executed again.
        return None
    return outputs


def _save(key: str, outputs: list[list[Any]], seconds: float) -> None:
    _state.store.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"seconds": seconds, "outputs": outputs})
    with tempfile.NamedTemporaryFile(
        "w", dir=_state.store, suffix=".part", delete=False, encoding="utf8"
    ) as part:
        part.write(text)
    Path(part.name).replace(_state.store / f"{key}.json")


def _first_lines(text: str, notebook: Any) -> list[int]:
    """Return, for each code cell, the line where its code starts, from 1."""
    source = text.splitlines()
    starts = []
    for cell, start in zip(
        notebook.cells, notebook.metadata["source_map"], strict=True
    ):
        if cell.cell_type != "code":
            continue
        first = cell.source.split("\n", 1)[0]
        # Options and blank lines stand between; the text itself is there.
        found = (i for i in range(start, len(source)) if source[i] == first)
        starts.append(next(found, start) + 1)
    return starts


def _configure(app: Sphinx) -> None:
    """Fill the state that the reader needs."""
    _state.markdown = app.env.myst_config  # type: ignore[attr-defined]
    _state.store = Path(app.confdir, app.config.mlsd_store)
    _state.packages = tuple(app.config.mlsd_packages)
    lock = Path(app.confdir, "requirements.lock")
    variables = _fixed_variables()
    variables.pop("MATPLOTLIBRC")  # its content counts, not its place
    _state.environment = environment_fingerprint(
        [path for path in [lock, *sorted(KERNEL.iterdir())] if path.is_file()],
        variables,
    )
    _state.failed = {}


def _outdated(
    app: Sphinx,
    env: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> list[str]:
    """Name the pages whose package code has changed since they were read."""
    del app, added, changed, removed
    known: dict[str, str] = getattr(env, "mlsd_keys", {})
    return [
        name
        for name, key in known.items()
        if name in env.found_docs and _current_key(env, name) != key
    ]


def _current_key(env: BuildEnvironment, name: str) -> str:
    text = Path(env.doc2path(name)).read_text("utf8")
    code = _code_cells(_parse(text))
    return _key(code) if code else ""


def _execute_pages(
    app: Sphinx, env: BuildEnvironment, docnames: list[str]
) -> None:
    """Execute each page that is about to be read and is not in the store."""
    keys: dict[str, str] = getattr(env, "mlsd_keys", {})
    red: dict[str, set[str]] = getattr(env, "mlsd_failed_cells", {})
    only = app.config.mlsd_execute_only
    todo = []
    for name in docnames:
        path = Path(env.doc2path(name))
        if path.suffix != ".md":
            continue
        text = path.read_text("utf8")
        try:
            notebook = _parse(text)
        except Exception as error:  # noqa: BLE001  # any malformed page
            logger.warning(
                "the page cannot be read: %s",
                error,
                location=(name, 1),
                type="mlsd",
                subtype="execution",
            )
            continue
        code = _code_cells(notebook)
        keys[name] = _key(code) if code else ""
        red[name] = set()
        if code and _load(keys[name]) is None and (not only or name in only):
            todo.append((name, text, notebook))
    env.mlsd_keys = keys  # type: ignore[attr-defined]
    # The labels of cells that failed: the claims that cite them are red.
    env.mlsd_failed_cells = red  # type: ignore[attr-defined]
    if todo:
        asyncio.run(_run_all(app, todo, red))


async def _run_all(
    app: Sphinx,
    todo: list[tuple[str, str, Any]],
    red: dict[str, set[str]],
) -> None:
    """Execute pages side by side; this process alone writes the store."""
    scratch = _state.store.parent / "kernel"
    slots = asyncio.Semaphore(max(1, app.config.mlsd_kernels))

    async def run(name: str, text: str, notebook: Any) -> None:
        async with slots:
            failures, seconds = await _execute(
                notebook,
                scratch=scratch,
                lines=_first_lines(text, notebook),
                timeout_s=app.config.mlsd_cell_timeout_s,
            )
        code = _code_cells(notebook)
        outputs = json.loads(json.dumps([cell.outputs for cell in code]))
        logger.info("executed %s in %.1f s", name, seconds)
        for failure in failures:
            logger.warning(
                "%s",
                failure.message,
                location=(name, failure.line),
                type="mlsd",
                subtype="execution",
            )
        red[name] |= {failure.label for failure in failures}
        if failures:
            _state.failed[_key(code)] = outputs
        else:
            _save(_key(code), outputs, seconds)

    await asyncio.gather(*(run(*page) for page in todo))


def _prune(app: Sphinx, error: Exception | None) -> None:
    """Keep the newest outputs of the store."""
    del error
    kept = app.config.mlsd_store_size
    files = sorted(
        _state.store.glob("*.json"), key=lambda path: path.stat().st_mtime
    )
    for path in files[:-kept]:
        path.unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the hooks and settings of execution."""
    app.add_config_value("mlsd_store", "build/executed", "")
    app.add_config_value("mlsd_store_size", 500, "")
    app.add_config_value("mlsd_packages", ["mlsd_examples"], "")
    app.add_config_value("mlsd_kernels", os.cpu_count() or 1, "")
    app.add_config_value("mlsd_cell_timeout_s", 60, "")
    app.add_config_value("mlsd_execute_only", [], "")
    # After MyST-NB and MyST have made their configurations (default 500).
    app.connect("builder-inited", _configure, priority=900)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-before-read-docs", _execute_pages)
    app.connect("build-finished", _prune)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
