"""Eigenvalues are SciPy's, and powers grow as repeated products do."""

import math
import re

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.maths.spectra import power_norms, spectrum

seeds = st.integers(0, 2**32 - 1)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@settings(deadline=None)
@given(st.integers(1, 7), seeds)
def test_eigenvalues_are_scipys(n: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).standard_normal((n, n))
    found = spectrum(drawn)
    expected = scipy.linalg.eigvals(drawn)
    gaps = np.abs(found.eigenvalues[:, np.newaxis] - expected)
    assert gaps.min(axis=0).max() < 1e-7
    assert gaps.min(axis=1).max() < 1e-7
    assert found.radius == pytest.approx(np.abs(expected).max())
    assert found.stretch == pytest.approx(
        np.linalg.svd(drawn, compute_uv=False)[0]
    )
    assert found.radius <= found.stretch * (1 + 1e-9)
    assert (np.diff(found.eigenvalues.real) <= 0).all()
    gap = drawn @ drawn.T - drawn.T @ drawn
    departure = np.linalg.norm(gap) / np.linalg.norm(drawn) ** 2
    assert found.departure == pytest.approx(departure, abs=1e-12)
    scaled = spectrum(1e-120 * drawn)
    assert scaled.departure == pytest.approx(departure, abs=1e-12)


def test_of_a_pair_the_positive_imaginary_part_comes_first() -> None:
    found = spectrum([[0, -2, 0], [2, 0, 0], [0, 0, 1]])
    assert found.eigenvalues == pytest.approx(np.array([1, 2j, -2j]))
    assert found.radius == pytest.approx(2)


def test_signs_and_missing_eigenvectors_are_told() -> None:
    assert spectrum([[0, 1], [1, 0]]).eigenvalues == pytest.approx(
        np.array([1, -1])
    )
    shift = spectrum([[0, 100], [0, 0]])
    assert (shift.radius, shift.stretch) == (0.0, 100.0)
    assert shift.departure == pytest.approx(math.sqrt(2))
    nothing = spectrum([[0.0]])
    assert (nothing.radius, nothing.stretch, nothing.departure) == (0, 0, 0)
    assert nothing.eigenvalues.dtype == np.complex128
    assert spectrum([[-3]]).radius == 3.0


def test_a_symmetric_solver_reads_one_triangle() -> None:
    lopsided = np.array([[1.0, 100.0], [0.0, 1.0]])
    assert np.linalg.eigvalsh(lopsided).tolist() == [1.0, 1.0]
    assert np.linalg.eigvalsh(lopsided.T).tolist() == pytest.approx([-99, 101])


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 12), seeds)
def test_power_norms_are_those_of_repeated_products(
    n: int, steps: int, seed: int
) -> None:
    drawn = np.random.default_rng(seed).standard_normal((n, n)) / n
    norms = power_norms(drawn, steps)
    assert len(norms) == steps
    for step, norm in enumerate(norms, 1):
        power = np.linalg.matrix_power(drawn, step)
        assert norm == pytest.approx(np.linalg.norm(power, 2), rel=1e-6)
        assert isinstance(norm, float)


@settings(deadline=None)
@given(st.integers(1, 5), seeds)
def test_a_normal_matrix_never_grows_first(n: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).standard_normal((n, n))
    symmetric = drawn + drawn.T
    radius = spectrum(symmetric).radius
    scaled = 0.9 * symmetric / radius
    assert spectrum(scaled).departure == pytest.approx(0, abs=1e-9)
    assert power_norms(scaled, 8) == pytest.approx(
        [0.9**k for k in range(1, 9)]
    )


@pytest.mark.parametrize(("a", "b"), [(0.9, 10.0), (0.5, 3.0), (0.99, 0.1)])
def test_a_coupled_pair_follows_its_closed_form(a: float, b: float) -> None:
    norms = power_norms([[a, b], [0, a]], 60)
    for k, norm in enumerate(norms, 1):
        corner = k * b * a ** (k - 1)
        assert norm == pytest.approx(
            (corner + math.hypot(corner, 2 * a**k)) / 2
        )


def test_the_largest_power_is_reached_at_the_ninth_step() -> None:
    norms = power_norms([[0.9, 10], [0, 0.9]], 100)
    assert int(np.argmax(norms)) + 1 == 9
    assert norms[8] == pytest.approx(38.746, abs=1e-3)


def test_overflow_and_impossible_matrices_are_refused() -> None:
    with pytest.raises(ValueError, match=exactly("power 2 overflows")):
        power_norms([[1e200]], 5)
    with pytest.raises(ValueError, match=exactly("power 3 overflows")):
        power_norms([[1e130, 1e130], [1e130, 1e130]], 5)
    with pytest.raises(ValueError, match=exactly("power 2 overflows")):
        power_norms([[1e200, 1e200], [1e200, -1e200]], 5)
    assert power_norms([[1e200]], 1) == pytest.approx((1e200,))
    with pytest.raises(ValueError, match=exactly("steps=0 is below 1")):
        power_norms([[1]], 0)
    with pytest.raises(
        TypeError, match=exactly("steps=1.0 is not a whole number")
    ):
        power_norms([[1]], 1.0)  # type: ignore[arg-type]
    message = "values of shape (1, 2) is not square"
    with pytest.raises(ValueError, match=exactly(message)):
        power_norms([[1, 2]], 2)
    with pytest.raises(ValueError, match=exactly(message)):
        spectrum([[1, 2]])


def test_a_stretch_beyond_a_float_has_no_spectrum() -> None:
    message = "^the stretch of values is beyond float64$"
    with pytest.raises(ValueError, match=message):
        spectrum([[1e308, 1e308], [1e308, 1e308]])
