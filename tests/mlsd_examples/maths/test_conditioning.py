"""Condition numbers, volumes and their limits agree with NumPy and SciPy."""

import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.maths.conditioning import (
    condition_number,
    gram_singular_values,
    lauchli_matrix,
    signed_volume,
    stretched_matrix,
)

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 7)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@settings(deadline=None)
@given(sizes, sizes, seeds)
def test_the_condition_number_is_numpys(m: int, n: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).standard_normal((m, n))
    expected = np.linalg.cond(drawn)
    assert condition_number(drawn) == pytest.approx(expected, rel=1e-6)
    assert condition_number(1e-3 * drawn) == pytest.approx(expected, rel=1e-6)


def test_a_lost_direction_has_no_condition_number() -> None:
    assert condition_number([[1, 0], [0, 0]]) == math.inf
    assert condition_number([[0]]) == math.inf
    assert condition_number([[-3]]) == 1.0
    assert condition_number([[4, 0], [0, 2]]) == 2.0


@settings(deadline=None)
@given(sizes, seeds)
def test_volume_and_orientation_are_those_of_numpy(n: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).standard_normal((n, n))
    volume = signed_volume(drawn)
    expected = scipy.linalg.det(drawn)
    assert volume.sign == np.sign(expected)
    assert math.exp(volume.log_volume) == pytest.approx(abs(expected))
    scaled = signed_volume(-2 * drawn)
    assert scaled.sign == volume.sign * (-1) ** n
    assert scaled.log_volume == pytest.approx(
        volume.log_volume + n * math.log(2)
    )


def exact_determinant(rows: list[list[Fraction]]) -> Fraction:
    if len(rows) == 1:
        return rows[0][0]
    return sum(
        (
            (-1) ** j
            * rows[0][j]
            * exact_determinant([r[:j] + r[j + 1 :] for r in rows[1:]])
            for j in range(len(rows))
        ),
        Fraction(0),
    )


def test_the_hilbert_matrix_has_its_exact_volume() -> None:
    hilbert = [[Fraction(1, i + j + 1) for j in range(5)] for i in range(5)]
    volume = signed_volume(scipy.linalg.hilbert(5))
    expected = math.log(exact_determinant(hilbert))
    assert volume.sign == 1.0
    assert volume.log_volume == pytest.approx(expected, rel=1e-8)


def test_a_lost_direction_has_no_volume() -> None:
    volume = signed_volume([[1, 2], [2, 4]])
    assert (volume.sign, volume.log_volume) == (0.0, -math.inf)


def test_only_square_matrices_have_a_volume() -> None:
    message = "values of shape (1, 2) is not square"
    with pytest.raises(ValueError, match=exactly(message)):
        signed_volume([[1, 2]])
    message = "values of shape (2,) is not a matrix"
    for route in (condition_number, gram_singular_values, signed_volume):
        with pytest.raises(ValueError, match=exactly(message)):
            route([1, 2])


@settings(deadline=None)
@given(sizes, sizes, seeds)
def test_by_the_gram_matrix_harmless_values_are_right(
    m: int, n: int, seed: int
) -> None:
    drawn = np.random.default_rng(seed).standard_normal((m, n))
    found = gram_singular_values(drawn)
    expected = np.zeros(n)
    stretches = np.linalg.svd(drawn, compute_uv=False)
    expected[: stretches.size] = stretches
    assert found == pytest.approx(expected, abs=3e-7 * max(1, stretches[0]))
    assert (np.diff(found) <= 0).all()
    assert (found >= 0).all()


@pytest.mark.parametrize("columns", [2, 3, 6])
@pytest.mark.parametrize("epsilon", [1e-2, 1e-6, 1e-9])
def test_the_svd_keeps_what_the_gram_matrix_loses(
    columns: int, epsilon: float
) -> None:
    drawn = lauchli_matrix(epsilon, columns)
    assert drawn.shape == (columns + 1, columns)
    stretches = np.linalg.svd(drawn, compute_uv=False)
    largest = math.sqrt(columns + epsilon**2)
    assert stretches[0] == pytest.approx(largest)
    assert stretches[1:] == pytest.approx(epsilon, rel=1e-5)
    lost = abs(gram_singular_values(drawn)[-1] / epsilon - 1)
    assert lost < 1e-6 if epsilon == 1e-2 else True
    assert lost > 0.5 if epsilon == 1e-9 else True


def test_lauchlis_matrix_has_three_columns_unless_told() -> None:
    assert lauchli_matrix(0.5).tolist() == [
        [1.0, 1.0, 1.0],
        [0.5, 0.0, 0.0],
        [0.0, 0.5, 0.0],
        [0.0, 0.0, 0.5],
    ]


@settings(deadline=None)
@given(st.integers(2, 8), st.floats(1, 1e6), seeds)
def test_a_stretched_matrix_has_its_condition_number(
    n: int, condition: float, seed: int
) -> None:
    drawn = stretched_matrix(n, condition, np.random.default_rng(seed))
    stretches = np.linalg.svd(drawn, compute_uv=False)
    assert drawn.shape == (n, n)
    assert stretches == pytest.approx(
        condition ** -np.linspace(0, 1, n), rel=1e-6
    )


def test_errors_of_solutions_follow_the_condition_number() -> None:
    rng, errors = np.random.default_rng(3), []
    for condition in (1e2, 1e6, 1e10):
        drawn = stretched_matrix(30, condition, rng)
        found = np.linalg.solve(drawn, drawn @ np.ones(30))
        errors.append(float(np.abs(found - 1).max()))
        assert errors[-1] < 30 * 2.3e-16 * condition * 30
    assert errors[2] > 1e2 * errors[1] > 1e4 * errors[0]


@pytest.mark.parametrize("epsilon", [1.0, 1e-2, 1e-4, 1e-6])
def test_coordinates_move_by_the_condition_number(epsilon: float) -> None:
    basis = np.array([[1.0, 1.0], [0.0, epsilon]])
    change = np.linalg.solve(basis, [0.0, 1e-8])
    assert np.linalg.norm(change) == pytest.approx(
        math.sqrt(2) * 1e-8 / epsilon
    )
    relative = np.linalg.norm(change) / 1.0
    assert relative <= condition_number(basis) * 1e-8 * (1 + 1e-6)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda _: lauchli_matrix(0), ValueError, "epsilon=0 is not positive"),
        (lambda _: lauchli_matrix(1, 1), ValueError, "columns=1 is below 2"),
        (
            lambda _: lauchli_matrix(1, 2.5),  # type: ignore[arg-type]
            TypeError,
            "columns=2.5 is not a whole number",
        ),
        (lambda r: stretched_matrix(1, 2, r), ValueError, "size=1 is below 2"),
        (
            lambda r: stretched_matrix(2, 0.5, r),
            ValueError,
            "condition=0.5 is below 1",
        ),
        (
            lambda r: stretched_matrix(2, math.nan, r),
            ValueError,
            "condition=nan is not finite",
        ),
    ],
)
def test_impossible_examples_are_refused(
    call: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=exactly(message)):
        call(np.random.default_rng(1))
    assert stretched_matrix(2, 1, np.random.default_rng(1)).shape == (2, 2)


def test_no_scale_hides_or_makes_a_condition() -> None:
    for scale in (1e-320, 1.7e308):
        turned = [[scale, scale], [scale, -scale]]
        assert condition_number(turned) == pytest.approx(1)


def test_a_gram_matrix_beyond_a_float_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the Gram matrix overflows$"):
        gram_singular_values([[1e200]])
