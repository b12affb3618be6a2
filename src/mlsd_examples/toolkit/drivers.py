"""Which CUDA toolkit runs on which driver: a published table as a function.

An image carries the toolkit; the driver belongs to the host.  The vendor
promises that a driver runs every toolkit of its own major family and of the
older ones, from a least version on.

In production, ask ``nvidia-smi`` on the host, and read the table of the
release in use: this one was read on 25 Nov 2026, for review by May 2027.
"""

import re

from mlsd_examples._refusals import whole

__all__ = ["LEAST_DRIVER", "cuda_runs", "least_driver"]

# NVIDIA, CUDA Compatibility, "Minor Version Compatibility", Table 1.
LEAST_DRIVER = {11: 450, 12: 525, 13: 580}


def least_driver(toolkit: str) -> int:
    """Return the least driver branch for a CUDA toolkit.

    Parameters
    ----------
    toolkit : str
        Major and minor version, such as "12.1".

    Returns
    -------
    int
        Driver branch on Linux.

    Raises
    ------
    ValueError
        If the version cannot be read, or is not in the table.

    Examples
    --------
    >>> least_driver("12.1")
    525

    >>> least_driver("10.2")
    Traceback (most recent call last):
        ...
    ValueError: toolkit 10.2 is not in the table (11.x to 13.x)
    """
    found = re.fullmatch(r"(\d+)\.(\d+)", toolkit)
    if not found:
        raise ValueError(f"toolkit={toolkit!r} is no version such as '12.1'")
    if int(found[1]) not in LEAST_DRIVER:
        raise ValueError(
            f"toolkit {toolkit} is not in the table"
            f" ({min(LEAST_DRIVER)}.x to {max(LEAST_DRIVER)}.x)"
        )
    return LEAST_DRIVER[int(found[1])]


def cuda_runs(toolkit: str, driver: int) -> bool:
    """Tell whether programs of a toolkit run on a host's driver.

    Parameters
    ----------
    toolkit : str
        Version of the toolkit in the image, such as "12.1".
    driver : int
        Driver branch of the host, such as 535.

    Returns
    -------
    bool
        What the table promises, without forward-compatibility packages and
        without features that need a newer driver.

    Raises
    ------
    TypeError
        If the driver is not a whole number.
    ValueError
        If the toolkit is not in the table, or the driver is below 1.

    References
    ----------
    NVIDIA, CUDA Compatibility.

    Examples
    --------
    An old image on a new host, and a new image on an old host:

    >>> cuda_runs("11.8", 535), cuda_runs("12.1", 470)
    (True, False)

    >>> cuda_runs("12.1", 0)
    Traceback (most recent call last):
        ...
    ValueError: driver=0 is below 1
    """
    return whole("driver", driver, least=1) >= least_driver(toolkit)
