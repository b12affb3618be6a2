r"""Response times of one server, at a quantile.

A request waits for those before it.  With Poisson arrivals at rate
:math:`\lambda` and exponential service of mean :math:`S` (the M/M/1 queue),
the whole response time is exponential too, with rate
:math:`1/S - \lambda`: what a change costs at the tail grows with the square
of :math:`1/(1 - \lambda S)`.

For networks of queues, simulate with SimPy or Ciw.
"""

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "mm1_response_quantile",
    "mm1_service_budget",
    "response_times",
]

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


def mm1_response_quantile(
    quantile: float, *, service_time: float, arrival_rate: float
) -> float:
    r"""Compute the response time that a share of requests stays below.

    Parameters
    ----------
    quantile : float
        Share of requests, in (0, 1).
    service_time : float
        Mean service time, > 0.
    arrival_rate : float
        Requests in one unit of `service_time`'s unit of time, > 0.

    Returns
    -------
    float
        Waiting and service together, in the unit of `service_time`.

    Raises
    ------
    ValueError
        If a value is outside its range, or the server is never done
        (utilization of 1 or more).

    Notes
    -----
    :math:`-\ln(1 - q)\, S / (1 - \rho)` with utilization
    :math:`\rho = \lambda S`.

    Examples
    --------
    2 ms of service, 250 requests a second: half busy.

    >>> p99 = mm1_response_quantile(0.99, service_time=2, arrival_rate=0.25)
    >>> round(p99, 1)
    18.4

    A server that is asked for more than it can do is refused:

    >>> mm1_response_quantile(0.99, service_time=4, arrival_rate=0.25)
    Traceback (most recent call last):
        ...
    ValueError: utilization 1 is not below 1
    """
    _refuse_non_quantile(quantile)
    _refuse_non_positive(service_time=service_time, arrival_rate=arrival_rate)
    utilization = service_time * arrival_rate
    if not utilization < 1:
        raise ValueError(f"utilization {utilization:g} is not below 1")
    return -math.log1p(-quantile) * service_time / (1 - utilization)


def mm1_service_budget(
    quantile: float, *, response_time: float, arrival_rate: float
) -> float:
    r"""Compute the mean service time that just meets a response time.

    Parameters
    ----------
    quantile : float
        Share of requests, in (0, 1).
    response_time : float
        Response time at that quantile, > 0.
    arrival_rate : float
        Requests in one unit of `response_time`'s unit of time, > 0.

    Returns
    -------
    float
        Mean service time, in the unit of `response_time`.

    Raises
    ------
    ValueError
        If a value is outside its range.

    Notes
    -----
    The inverse of :func:`mm1_response_quantile`:
    :math:`S = 1 / (\lambda - \ln(1 - q) / R)`.

    Examples
    --------
    For 30 ms at the 99th percentile with 250 requests a second:

    >>> budget = mm1_service_budget(
    ...     0.99, response_time=30, arrival_rate=0.25
    ... )
    >>> round(budget, 2)
    2.48
    """
    _refuse_non_quantile(quantile)
    _refuse_non_positive(
        response_time=response_time, arrival_rate=arrival_rate
    )
    return 1 / (arrival_rate - math.log1p(-quantile) / response_time)


def response_times(arrivals: Floats, services: Floats) -> Floats:
    """Follow requests through one server, first come, first served.

    Parameters
    ----------
    arrivals : ndarray of float, shape (n,)
        Times of arrival, in order.
    services : ndarray of float, shape (n,)
        Service time of each, at least 0, in the same unit.

    Returns
    -------
    ndarray of float, shape (n,)
        Time from arrival to completion.

    Raises
    ------
    ValueError
        If the shapes differ or are not lists, arrivals are out of order, a
        service time is negative, or a value is not finite.

    Notes
    -----
    Lindley's recursion: a service starts at the later of its arrival and
    the completion before it.

    Examples
    --------
    The second request waits for the first, the third for nobody:

    >>> response_times(
    ...     np.array([0.0, 1.0, 9.0]), np.array([3.0, 2.0, 1.0])
    ... ).tolist()
    [3.0, 4.0, 1.0]
    """
    if arrivals.ndim != 1 or arrivals.shape != services.shape:
        raise ValueError(
            f"arrivals of shape {arrivals.shape}"
            f" meet services of shape {services.shape}"
        )
    if not (np.isfinite(arrivals).all() and np.isfinite(services).all()):
        raise ValueError("arrivals and services must be finite")
    if (np.diff(arrivals) < 0).any():
        raise ValueError("arrivals are out of order")
    if (services < 0).any():
        raise ValueError("a service time is negative")
    done, free = np.empty(len(arrivals)), -math.inf
    for i, (arrival, service) in enumerate(
        zip(arrivals.tolist(), services.tolist(), strict=True)
    ):
        free = max(arrival, free) + service
        done[i] = free
    return done - arrivals


def _refuse_non_quantile(quantile: float) -> None:
    if not 0 < quantile < 1:
        raise ValueError(f"quantile={quantile} is outside (0, 1)")


def _refuse_non_positive(**values: float) -> None:
    for name, value in values.items():
        if not (value > 0 and math.isfinite(value)):
            raise ValueError(f"{name}={value} is not positive")
