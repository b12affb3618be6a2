"""Response times follow the formulas, and the formulas a simulation."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.maths.queueing import (
    batched_mean_wait,
    batched_waits,
    mg1_mean_wait,
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


def test_equal_services_wait_half_as_long_as_random_ones() -> None:
    load = {"service_time": 40.0, "arrival_rate": 30 / 1440}
    equal = mg1_mean_wait(**load)
    assert equal == pytest.approx(100)
    assert mg1_mean_wait(**load, service_cv=1) == pytest.approx(2 * equal)
    # M/M/1: the mean response is S / (1 - rho), the mean wait S less.
    assert mg1_mean_wait(**load, service_cv=1) == pytest.approx(
        40 / (1 - 40 * 30 / 1440) - 40
    )


@pytest.mark.parametrize("cv", [-0.1, math.nan, math.inf])
def test_an_impossible_spread_is_refused(cv: float) -> None:
    with pytest.raises(ValueError, match=rf"^service_cv={cv} is negative$"):
        mg1_mean_wait(service_time=1, arrival_rate=0.5, service_cv=cv)


def test_a_server_that_is_never_done_has_no_mean_wait() -> None:
    with pytest.raises(ValueError, match=r"^utilization 1 is not below 1$"):
        mg1_mean_wait(service_time=2, arrival_rate=0.5)


@pytest.mark.parametrize("function", [mg1_mean_wait, batched_mean_wait])
def test_a_wait_needs_times_and_arrivals(function: Any) -> None:
    with pytest.raises(ValueError, match=r"^service_time=0 is not positive$"):
        function(service_time=0, arrival_rate=0.5)
    with pytest.raises(ValueError, match=r"^arrival_rate=nan is not positive"):
        function(service_time=1, arrival_rate=math.nan)


def test_batched_waits_agree_with_their_mean() -> None:
    rng, means = np.random.default_rng(3), []
    for _ in range(40):
        arrivals = np.cumsum(rng.exponential(2, 2_000))
        means.append(float(batched_waits(arrivals, 3.0)[100:].mean()))
    error = 4 * np.std(means, ddof=1) / 40**0.5
    exact = batched_mean_wait(service_time=3, arrival_rate=0.5)
    assert abs(np.mean(means) - exact) < error


def test_a_batched_wait_stays_below_half_a_service() -> None:
    assert batched_mean_wait(service_time=9, arrival_rate=500) <= 4.5
    assert batched_mean_wait(service_time=9, arrival_rate=1e-9) < 1e-6


def test_who_arrives_as_a_batch_starts_goes_with_it() -> None:
    waits = batched_waits(np.array([0.0, 0.0, 2.0, 4.0, 4.5]), 4.0)
    assert waits.tolist() == [0.0, 0.0, 2.0, 0.0, 3.5]


@pytest.mark.parametrize(
    ("arrivals", "message"),
    [
        (np.zeros((2, 2)), r"arrivals of shape \(2, 2\) are not a list"),
        (np.array([0.0, np.nan]), "arrivals must be finite"),
        (np.array([1.0, 0.0]), "arrivals are out of order"),
    ],
)
def test_impossible_arrivals_are_refused(arrivals: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        batched_waits(arrivals, 1.0)


def test_a_batch_takes_time() -> None:
    with pytest.raises(ValueError, match=r"^service_time=0 is not positive$"):
        batched_waits(np.array([0.0]), 0)
