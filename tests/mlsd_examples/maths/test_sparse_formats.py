"""Bytes, products and traps of sparse formats are SciPy's."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from mlsd_examples.maths.sparse_formats import (
    break_even_density,
    compressed_rows,
    csr_bytes,
    dense_bytes,
    index_bytes_needed,
    product_multiplications,
    row_products,
)

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 9)


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def holey(rng: np.random.Generator, m: int, n: int) -> Any:
    return rng.standard_normal((m, n)) * (rng.random((m, n)) < 0.4)


@settings(deadline=None)
@given(sizes, sizes, st.sampled_from(["f8", "f4", "i1"]), seeds)
def test_bytes_are_those_of_scipy(
    m: int, n: int, dtype: str, seed: int
) -> None:
    drawn = (holey(np.random.default_rng(seed), m, n) * 9).astype(dtype)
    for packed, lines in (
        (sparse.csr_array(drawn), m),
        (sparse.csc_array(drawn), n),
    ):
        stored = packed.data.nbytes + packed.indices.nbytes
        stored += packed.indptr.nbytes
        counted = csr_bytes(
            lines,
            packed.nnz,
            value_bytes=drawn.itemsize,
            index_bytes=packed.indices.itemsize,
        )
        assert counted == stored
    assert dense_bytes(m, n, value_bytes=drawn.itemsize) == drawn.nbytes


def test_values_take_eight_and_indices_four_bytes_unless_told() -> None:
    assert csr_bytes(1, 1) == 12 + 8
    assert dense_bytes(3, 2) == 48
    assert break_even_density(10**6, 10**6) == pytest.approx(2 / 3, abs=1e-5)


@settings(deadline=None)
@given(
    st.integers(1, 400),
    st.integers(1, 400),
    st.sampled_from([1, 2, 4, 8]),
    st.sampled_from([4, 8]),
)
def test_at_break_even_both_take_the_same(
    m: int, n: int, v: int, i: int
) -> None:
    density = break_even_density(m, n, value_bytes=v, index_bytes=i)
    dense = dense_bytes(m, n, value_bytes=v)
    assert 0 <= density < 1
    if density > 0:
        # Whole entries: just below CSR is smaller, just above it is not.
        below = int(np.floor(density * m * n - 1e-6))
        above = int(np.ceil(density * m * n + 1e-6))
        assert csr_bytes(m, below, value_bytes=v, index_bytes=i) <= dense
        assert csr_bytes(m, above, value_bytes=v, index_bytes=i) >= dense
    else:
        assert csr_bytes(m, 0, value_bytes=v, index_bytes=i) >= dense


@pytest.mark.parametrize(
    ("v", "i", "limit"),
    [(8, 4, 2 / 3), (8, 8, 1 / 2), (4, 4, 1 / 2), (1, 4, 1 / 5)],
)
def test_wide_matrices_break_even_at_the_published_densities(
    v: int, i: int, limit: float
) -> None:
    density = break_even_density(100, 10**7, value_bytes=v, index_bytes=i)
    assert density == pytest.approx(limit, abs=1e-5)


def test_a_narrow_matrix_may_never_gain() -> None:
    assert break_even_density(10, 1, value_bytes=4, index_bytes=8) == 0.0


def test_indices_double_from_two_to_the_31_on() -> None:
    assert index_bytes_needed(2**31 - 1, 5) == 4
    assert index_bytes_needed(2**31, 5) == 8
    assert index_bytes_needed(0, 2**31) == 4
    assert index_bytes_needed(0, 2**31 + 1) == 8
    assert index_bytes_needed(0, 1) == 4


@settings(deadline=None)
@given(sizes, sizes, seeds)
def test_compressed_rows_are_scipys(m: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawn, x = holey(rng, m, n), rng.standard_normal(n)
    packed, reference = compressed_rows(drawn), sparse.csr_array(drawn)
    assert packed.data.tolist() == reference.data.tolist()
    assert packed.indices.tolist() == reference.indices.tolist()
    assert packed.starts.tolist() == reference.indptr.tolist()
    assert packed.columns == n
    assert row_products(packed, x) == pytest.approx(drawn @ x)


@settings(deadline=None)
@given(sizes, sizes, sizes, seeds)
def test_multiplications_are_counted_pair_by_pair(
    m: int, k: int, n: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    a, b = holey(rng, m, k), holey(rng, k, n)
    expected = ((a != 0).astype(int) @ (b != 0).astype(int)).sum()
    assert product_multiplications(a, b) == expected
    assert isinstance(product_multiplications(a, b), int)


def test_published_counts_give_their_share_of_zeros() -> None:
    movielens = 25_000_095 / (162_541 * 62_423)
    netflix = 100_480_507 / (480_189 * 17_770)
    assert movielens == pytest.approx(0.0025, abs=5e-5)
    assert netflix == pytest.approx(0.012, abs=5e-4)


def test_scikit_learn_centres_sparse_data_implicitly() -> None:
    bag = sparse.csr_matrix(holey(np.random.default_rng(3), 60, 20))
    with pytest.raises(ValueError, match="Cannot center sparse matrices"):
        StandardScaler().fit(bag)
    ours = PCA(3, svd_solver="arpack", random_state=1).fit(bag)
    dense = PCA(3, svd_solver="full").fit(bag.toarray())
    assert ours.explained_variance_ == pytest.approx(dense.explained_variance_)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: csr_bytes(0, 1), ValueError, "rows=0 is below 1"),
        (lambda: csr_bytes(1, -1), ValueError, "nonzeros=-1 is below 0"),
        (
            lambda: csr_bytes(1, 1, value_bytes=0),
            ValueError,
            "value_bytes=0 is below 1",
        ),
        (
            lambda: csr_bytes(1, 1, index_bytes=0),
            ValueError,
            "index_bytes=0 is below 1",
        ),
        (
            lambda: csr_bytes(1.5, 1),  # type: ignore[arg-type]
            TypeError,
            "rows=1.5 is not a whole number",
        ),
        (lambda: dense_bytes(0, 1), ValueError, "rows=0 is below 1"),
        (lambda: dense_bytes(1, 0), ValueError, "columns=0 is below 1"),
        (
            lambda: dense_bytes(1, 1, value_bytes=0),
            ValueError,
            "value_bytes=0 is below 1",
        ),
        (lambda: break_even_density(1, 0), ValueError, "columns=0 is below 1"),
        (
            lambda: index_bytes_needed(-1, 1),
            ValueError,
            "nonzeros=-1 is below 0",
        ),
        (lambda: index_bytes_needed(0, 0), ValueError, "columns=0 is below 1"),
        (
            lambda: compressed_rows([1.0]),
            ValueError,
            "values of shape (1,) is not a matrix",
        ),
        (
            lambda: row_products(compressed_rows([[1.0, 2]]), [1]),
            ValueError,
            "x has 1 values, not 2",
        ),
        (
            lambda: row_products(compressed_rows([[1.0]]), []),
            ValueError,
            "x holds 0 values, fewer than 1",
        ),
        (
            lambda: product_multiplications([[1, 2]], [[1, 2]]),
            ValueError,
            "left of shape (1, 2) meets right of (1, 2)",
        ),
        (
            lambda: product_multiplications([1], [[1]]),
            ValueError,
            "left of shape (1,) is not a matrix",
        ),
        (
            lambda: product_multiplications([[1]], [1]),
            ValueError,
            "right of shape (1,) is not a matrix",
        ),
    ],
)
def test_impossible_matrices_are_refused(
    call: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=exactly(message)):
        call()
    assert csr_bytes(1, 0, value_bytes=1, index_bytes=1) == 2
    assert dense_bytes(1, 1, value_bytes=1) == 1


def test_a_sum_beyond_a_float_is_refused() -> None:
    packed = compressed_rows([[1e200, 1], [-1e200, 1]])
    with pytest.raises(ValueError, match=r"^a sum overflows$"):
        row_products(packed, [1e200, 1])
