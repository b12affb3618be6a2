"""Response times follow the formulas, and the formulas a simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.maths.queueing import (
    mm1_response_quantile,
    mm1_service_budget,
    response_times,
)

quantiles = st.floats(0.01, 0.999)
positive = st.floats(0.01, 100)


def test_the_median_of_a_half_busy_server() -> None:
    # Mean response 1 / (1 - 1/2) = 2; the median of an exponential is ln 2.
    median = mm1_response_quantile(0.5, service_time=1, arrival_rate=0.5)
    assert median == pytest.approx(2 * math.log(2), rel=1e-15)


@given(quantiles, positive, st.floats(0.01, 0.99))
def test_the_quantile_is_that_of_an_exponential(
    quantile: float, service: float, utilization: float
) -> None:
    response = mm1_response_quantile(
        quantile, service_time=service, arrival_rate=utilization / service
    )
    rate = 1 / service - utilization / service
    assert 1 - math.exp(-rate * response) == pytest.approx(quantile, rel=1e-9)


@given(quantiles, positive, positive)
def test_the_budget_just_meets_the_response_time(
    quantile: float, response: float, rate: float
) -> None:
    budget = mm1_service_budget(
        quantile, response_time=response, arrival_rate=rate
    )
    assert 0 < budget * rate < 1
    assert mm1_response_quantile(
        quantile, service_time=budget, arrival_rate=rate
    ) == pytest.approx(response, rel=1e-6)


def test_simulated_requests_keep_the_quantile() -> None:
    rng = np.random.default_rng(11)
    n, batches = 400_000, 40
    arrivals = np.cumsum(rng.exponential(1, n))
    times = response_times(arrivals, rng.exponential(0.6, n))
    threshold = mm1_response_quantile(0.9, service_time=0.6, arrival_rate=1)
    # Neighbours wait together: the error comes from means of long batches.
    shares = (times <= threshold).reshape(batches, -1).mean(axis=1)
    error = shares.std(ddof=1) / math.sqrt(batches)
    assert abs(shares.mean() - 0.9) < 4 * error
    assert error < 0.002


def test_a_request_waits_for_the_one_before_it() -> None:
    times = response_times(
        np.array([0.0, 1.0, 1.0, 9.0]), np.array([3.0, 2.0, 0.0, 1.0])
    )
    assert times.tolist() == [3.0, 4.0, 4.0, 1.0]


def test_without_requests_there_are_no_times() -> None:
    assert response_times(np.zeros(0), np.zeros(0)).tolist() == []


@pytest.mark.parametrize("quantile", [0.0, 1.0, -0.5, 1.5, math.nan])
def test_a_quantile_lies_between_zero_and_one(quantile: float) -> None:
    message = rf"^quantile={quantile} is outside \(0, 1\)$"
    with pytest.raises(ValueError, match=message):
        mm1_response_quantile(quantile, service_time=1, arrival_rate=0.5)
    with pytest.raises(ValueError, match=message):
        mm1_service_budget(quantile, response_time=1, arrival_rate=0.5)


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_times_and_rates_are_positive(bad: float) -> None:
    with pytest.raises(
        ValueError, match=rf"^service_time={bad} is not positive$"
    ):
        mm1_response_quantile(0.5, service_time=bad, arrival_rate=1)
    with pytest.raises(
        ValueError, match=rf"^response_time={bad} is not positive$"
    ):
        mm1_service_budget(0.5, response_time=bad, arrival_rate=1)
    message = rf"^arrival_rate={bad} is not positive$"
    with pytest.raises(ValueError, match=message):
        mm1_response_quantile(0.5, service_time=1, arrival_rate=bad)
    with pytest.raises(ValueError, match=message):
        mm1_service_budget(0.5, response_time=1, arrival_rate=bad)


@pytest.mark.parametrize(("rate", "shown"), [(1.0, "1"), (1.5, "1.5")])
def test_a_server_that_is_never_done_is_refused(
    rate: float, shown: str
) -> None:
    with pytest.raises(
        ValueError, match=rf"^utilization {shown} is not below 1$"
    ):
        mm1_response_quantile(0.5, service_time=1, arrival_rate=rate)


@pytest.mark.parametrize(
    ("arrivals", "services", "message"),
    [
        ([0.0, 1.0], [1.0], r"^arrivals of shape \(2,\) meet services of s"),
        ([[0.0]], [[1.0]], r"^arrivals of shape \(1, 1\) meet services of s"),
        ([math.nan], [1.0], r"^arrivals and services must be finite$"),
        ([0.0], [math.inf], r"^arrivals and services must be finite$"),
        ([1.0, 0.5], [1.0, 1.0], r"^arrivals are out of order$"),
        ([0.0], [-0.5], r"^a service time is negative$"),
    ],
)
def test_requests_come_in_order_with_their_service_times(
    arrivals: list[float], services: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        response_times(np.array(arrivals), np.array(services))
