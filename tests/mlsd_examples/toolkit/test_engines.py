"""Engines agree on the answer and differ in what they hold."""

from pathlib import Path

import pytest

from mlsd_examples.toolkit.chunked_aggregation import event_means, write_events
from mlsd_examples.toolkit.engines import JOBS, EngineRun, run_job

LIMIT = 256 * 10**6


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    write_events(folder / "events.csv", blocks=2, rows=1_050)
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    write_events(folder / "events.csv", blocks=100)
    return folder


@pytest.mark.parametrize("name", JOBS)
def test_every_engine_gives_the_same_answer(name: str, small: Path) -> None:
    run = run_job(name, small)
    means = event_means(rows=1_050).round(6)
    assert run.ended == "finished"
    assert run.answer == tuple(means.tolist())
    assert 0 < run.cpu_s < 60
    assert 30 * 10**6 < run.peak_bytes < 2 * 10**9


def test_the_same_limit_kills_one_job_and_spares_another(large: Path) -> None:
    whole = run_job("pandas, all at once", large, data_limit_bytes=LIMIT)
    assert "Memory" in whole.ended or "memory" in whole.ended
    assert whole == EngineRun(whole.ended, (), 0.0, 0)
    chunks = run_job("pandas, chunks", large, data_limit_bytes=LIMIT)
    assert chunks.ended == "finished"
    assert chunks.answer == tuple(event_means().round(6).tolist())
    free = run_job("pandas, all at once", large)
    assert free.answer == chunks.answer
    # The frame alone: two million rows of eight 8-byte columns.
    assert free.peak_bytes - chunks.peak_bytes > 128 * 10**6


def test_an_allocator_outside_python_ends_the_child(large: Path) -> None:
    eager = run_job("Polars, eager", large, data_limit_bytes=LIMIT)
    assert eager == EngineRun(
        "the child ended without a report, exit code -6", (), 0.0, 0
    )
    lazy = run_job("Polars, streaming", large, data_limit_bytes=LIMIT)
    assert lazy.ended == "finished"


def test_a_job_needs_a_name_a_file_and_room(
    small: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"^there is no job 'Spark'$"):
        run_job("Spark", small)
    with pytest.raises(ValueError, match=r"^there is no events.csv in "):
        run_job("pandas, chunks", tmp_path)
    with pytest.raises(
        ValueError, match=r"^data_limit_bytes=0 is not positive$"
    ):
        run_job("pandas, chunks", small, data_limit_bytes=0)
