"""The published table of drivers."""

import pytest

from mlsd_examples.toolkit.drivers import (
    LEAST_DRIVER,
    cuda_runs,
    least_driver,
)


def test_the_table_is_the_published_one() -> None:
    # NVIDIA, CUDA Compatibility, Table 1, read on 25 Nov 2026.
    published = {11: 450, 12: 525, 13: 580}
    assert published == LEAST_DRIVER
    for major, driver in published.items():
        for minor in ("0", "1", "8", "12"):
            assert least_driver(f"{major}.{minor}") == driver
            assert cuda_runs(f"{major}.{minor}", driver)
            assert not cuda_runs(f"{major}.{minor}", driver - 1)


def test_a_newer_driver_runs_every_older_toolkit() -> None:
    assert all(cuda_runs(f"{major}.0", 580) for major in LEAST_DRIVER)


@pytest.mark.parametrize("toolkit", ["12", "12.1.1", "twelve", "", " 12.1"])
def test_a_version_that_cannot_be_read_is_refused(toolkit: str) -> None:
    with pytest.raises(
        ValueError, match=f"toolkit='{toolkit}' is no version such as '12.1'"
    ):
        least_driver(toolkit)


@pytest.mark.parametrize("toolkit", ["10.2", "14.0"])
def test_a_toolkit_outside_the_table_is_refused(toolkit: str) -> None:
    with pytest.raises(
        ValueError,
        match=rf"toolkit {toolkit} is not in the table \(11.x to 13.x\)",
    ):
        cuda_runs(toolkit, 600)


def test_a_driver_is_a_whole_number_above_zero() -> None:
    assert not cuda_runs("11.8", 1)
    with pytest.raises(ValueError, match="driver=0 is below 1"):
        cuda_runs("11.8", 0)
    with pytest.raises(TypeError, match=r"driver=535\.1 is not a whole"):
        cuda_runs("11.8", 535.1)  # type: ignore[arg-type]
