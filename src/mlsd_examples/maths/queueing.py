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
    "batched_mean_wait",
    "batched_waits",
    "mg1_mean_wait",
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


def mg1_mean_wait(
    *, service_time: float, arrival_rate: float, service_cv: float = 0.0
) -> float:
    r"""Compute the mean wait before service, whatever the services are.

    Parameters
    ----------
    service_time : float
        Mean service time, > 0.
    arrival_rate : float
        Requests in one unit of `service_time`'s unit of time, > 0.
    service_cv : float
        Standard deviation of the service time over its mean, at least 0: 0
        if all services take equally long (M/D/1), 1 for M/M/1.

    Returns
    -------
    float
        Mean time from arrival to the start of service.

    Raises
    ------
    ValueError
        If a value is outside its range, or the server is never done.

    Notes
    -----
    Pollaczek and Khinchine's formula,
    :math:`\rho S (1 + c^2) / (2 (1 - \rho))`.

    Examples
    --------
    Thirty merges a day of 40 minutes each, one runner:

    >>> round(mg1_mean_wait(service_time=40, arrival_rate=30 / 1440), 6)
    100.0
    >>> mg1_mean_wait(service_time=48, arrival_rate=30 / 1440)
    Traceback (most recent call last):
        ...
    ValueError: utilization 1 is not below 1
    """
    _refuse_non_positive(service_time=service_time, arrival_rate=arrival_rate)
    if not (service_cv >= 0 and math.isfinite(service_cv)):
        raise ValueError(f"service_cv={service_cv} is negative")
    utilization = service_time * arrival_rate
    if not utilization < 1:
        raise ValueError(f"utilization {utilization:g} is not below 1")
    spread = 1 + service_cv**2
    return utilization * service_time * spread / (2 * (1 - utilization))


def batched_mean_wait(*, service_time: float, arrival_rate: float) -> float:
    r"""Compute the mean wait if each service takes all that are waiting.

    Parameters
    ----------
    service_time : float
        Time of one service, whatever its batch, > 0.
    arrival_rate : float
        Requests in one unit of `service_time`'s unit of time, > 0.

    Returns
    -------
    float
        Mean time from arrival to the start of service; below half a
        service, at any load.

    Raises
    ------
    ValueError
        If a value is not positive.

    Notes
    -----
    A service is followed by another unless nobody arrived during it, so a
    busy period has :math:`e^{\lambda S}` services on average and the idle
    one lasts :math:`1/\lambda`.  Who arrives while it is busy waits
    :math:`S/2` on average.

    Examples
    --------
    >>> round(batched_mean_wait(service_time=40, arrival_rate=30 / 1440), 1)
    13.1
    """
    _refuse_non_positive(service_time=service_time, arrival_rate=arrival_rate)
    load = service_time * arrival_rate
    # Divided by exp(load), which would overflow.
    busy = load / (load + math.exp(-load))
    return busy * service_time / 2


def batched_waits(arrivals: Floats, service_time: float) -> Floats:
    """Follow requests through a server that takes all that are waiting.

    Parameters
    ----------
    arrivals : ndarray of float, shape (n,)
        Times of arrival, in order.
    service_time : float
        Time of one service, whatever its batch, > 0.

    Returns
    -------
    ndarray of float, shape (n,)
        Time from arrival to the start of service.

    Raises
    ------
    ValueError
        If arrivals are no ordered list of finite times, or the service time
        is not positive.

    Examples
    --------
    The second and the third share the service after the first:

    >>> batched_waits(np.array([0.0, 1.0, 2.0, 9.0]), 4.0).tolist()
    [0.0, 3.0, 2.0, 0.0]
    """
    _refuse_non_positive(service_time=service_time)
    if arrivals.ndim != 1:
        raise ValueError(f"arrivals of shape {arrivals.shape} are not a list")
    if not np.isfinite(arrivals).all():
        raise ValueError("arrivals must be finite")
    if (np.diff(arrivals) < 0).any():
        raise ValueError("arrivals are out of order")
    starts, start = np.empty(len(arrivals)), -math.inf
    for i, arrival in enumerate(arrivals.tolist()):
        if arrival > start:  # not in time for the batch that has started
            start = max(arrival, start + service_time)
        starts[i] = start
    return starts - arrivals


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
