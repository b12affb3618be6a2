"""One job on several engines, each in a child with a limit on its memory.

The job is a mean by key over a CSV file.  pandas reads all of it, or chunks;
Polars reads it at once, or streams; Dask cuts it into partitions, with or
without a cluster, here of one worker process.  Each child reports its answer,
its processor time and the most memory it held.

In production, choose by where the data lies and by who operates the engine;
the code below is all that changes.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from mlsd_examples.toolkit.child_processes import run_python

__all__ = ["JOBS", "EngineRun", "run_job"]

_ANSWER = "answer = means.sort_index().round(6).tolist()\n"

JOBS = {
    "pandas, all at once": (
        "import pandas as pd\n"
        "table = pd.read_csv('events.csv')\n"
        "means = table.groupby('key')['value'].mean()\n" + _ANSWER
    ),
    "pandas, two columns": (
        "import pandas as pd\n"
        "table = pd.read_csv(\n"
        "    'events.csv', usecols=['key', 'value'],\n"
        "    dtype={'key': 'int8', 'value': 'int16'})\n"
        "means = table.groupby('key')['value'].mean()\n" + _ANSWER
    ),
    "pandas, chunks": (
        "import pandas as pd\n"
        "from mlsd_examples.toolkit.chunked_aggregation import chunked_means\n"
        "chunks = pd.read_csv(\n"
        "    'events.csv', usecols=['key', 'value'], chunksize=50_000)\n"
        "means = chunked_means(chunks, 'key', 'value')\n" + _ANSWER
    ),
    "Polars, eager": (
        "import polars as pl\n"
        "table = pl.read_csv('events.csv')\n"
        "means = table.group_by('key').agg(pl.col('value').mean())\n"
        "answer = means.sort('key')['value'].round(6).to_list()\n"
    ),
    "Polars, streaming": (
        "import polars as pl\n"
        "query = pl.scan_csv('events.csv').group_by('key').agg(\n"
        "    pl.col('value').mean())\n"
        "means = query.collect(engine='streaming')\n"
        "answer = means.sort('key')['value'].round(6).to_list()\n"
    ),
    "Dask, one process": (
        "import dask\n"
        "import dask.dataframe as dd\n"
        "dask.config.set(scheduler='synchronous')\n"
        "table = dd.read_csv(\n"
        "    'events.csv', blocksize='4MB', usecols=['key', 'value'])\n"
        "means = table.groupby('key')['value'].mean().compute()\n" + _ANSWER
    ),
    "Dask, a cluster": (
        "import dask.dataframe as dd\n"
        "from distributed import Client, LocalCluster\n"
        "cluster = LocalCluster(\n"
        "    n_workers=1, threads_per_worker=1, dashboard_address=None,\n"
        "    host='127.0.0.1')\n"
        "client = Client(cluster)\n"
        "table = dd.read_csv(\n"
        "    'events.csv', blocksize='4MB', usecols=['key', 'value'])\n"
        "means = table.groupby('key')['value'].mean().compute()\n"
        "client.close()\n"
        "cluster.close()\n" + _ANSWER
    ),
}

# Workers count once they have ended, as children of the child.  The peak is
# read from /proc: ru_maxrss would begin with that of the parent.
_REPORT = """\
import json, resource
own = resource.getrusage(resource.RUSAGE_SELF)
workers = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = sum(r.ru_utime + r.ru_stime for r in (own, workers))
with open("/proc/self/status") as status:
    (peak,) = [line for line in status if line.startswith("VmHWM")]
print(json.dumps([answer, seconds, int(peak.split()[1]) * 1024]))
"""

# The limit counts what is reserved, not only what is used.  Every thread of
# Polars has buffers, Arrow's own allocator and malloc's arenas reserve ahead.
_ENVIRONMENT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "POLARS_MAX_THREADS": "1",
}


@dataclass(frozen=True)
class EngineRun:
    """How a job ended.

    Parameters
    ----------
    ended : str
        "finished", or how it failed.
    answer : tuple of float
        Means ordered by key, to six decimals; empty if it failed.
    cpu_s : float
        Processor time with imports and workers, in seconds; 0 if it
        failed.
    peak_bytes : int
        Most resident memory of the main process, libraries included; 0 if
        it failed.
    """

    ended: str
    answer: tuple[float, ...]
    cpu_s: float
    peak_bytes: int


def run_job(
    name: str, folder: Path, *, data_limit_bytes: int | None = None
) -> EngineRun:
    """Run a job of :data:`JOBS` in a child.

    Parameters
    ----------
    name : str
        Name of the job.
    folder : Path
        Where ``events.csv`` lies.
    data_limit_bytes : int, optional
        Limit on the data of the child, and of each of its workers.

    Returns
    -------
    EngineRun
        How it ended.

    Raises
    ------
    ValueError
        If there is no such job, or no such file, or the limit is not
        positive.

    Examples
    --------
    >>> import tempfile
    >>> from mlsd_examples.toolkit.chunked_aggregation import write_events
    >>> with tempfile.TemporaryDirectory() as name:
    ...     size = write_events(Path(name, "events.csv"), blocks=1, rows=1000)
    ...     run_job("Polars, streaming", Path(name)).answer[3]
    471.0

    >>> run_job("Spark", Path("."))
    Traceback (most recent call last):
        ...
    ValueError: there is no job 'Spark'
    """
    if name not in JOBS:
        raise ValueError(f"there is no job {name!r}")
    if not (folder / "events.csv").is_file():
        raise ValueError(f"there is no events.csv in {folder}")
    if data_limit_bytes is not None and data_limit_bytes < 1:
        raise ValueError(f"{data_limit_bytes=} is not positive")
    return _outcome(JOBS[name], folder, data_limit_bytes)


def _outcome(code: str, folder: Path, limit: int | None) -> EngineRun:
    try:
        run = run_python(
            code + _REPORT,
            data_limit_bytes=limit,
            environment=_ENVIRONMENT,
            folder=folder,
        )
    except ValueError as killed:
        # An allocator outside Python ends the process where it stands.
        return EngineRun(str(killed), (), 0.0, 0)
    if run.exit_code:
        return EngineRun(run.error, (), 0.0, 0)
    answer, seconds, peak = json.loads(run.output.split("\n")[-1])
    return EngineRun("finished", tuple(answer), seconds, peak)
