"""Bits of one product."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsd_examples.toolkit import fingerprints
from mlsd_examples.toolkit.child_processes import ChildRun
from mlsd_examples.toolkit.fingerprints import (
    fingerprint,
    kernels_to_try,
    product_fingerprints,
    rounding_bound,
)


def test_the_hash_covers_type_shape_and_bytes() -> None:
    a = np.arange(6, dtype="<i8")
    expected = hashlib.sha256(b"<i8(6,)" + a.tobytes()).hexdigest()
    assert fingerprint(a) == expected
    others = [a.reshape(2, 3), a.astype(">i8"), a.view("<u8"), a + 1]
    assert len({fingerprint(x) for x in [a, *others]}) == 5
    assert fingerprint(a[::-1][::-1]) == fingerprint(a)


def test_an_array_of_objects_is_refused() -> None:
    with pytest.raises(TypeError, match="objects has no bytes of its own"):
        fingerprint(np.array([1, None]))


def test_kernels_are_known_by_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x86 = ("", "Haswell", "Sandybridge", "Prescott")
    assert kernels_to_try("x86_64") == x86
    assert kernels_to_try("aarch64") == ("", "NEOVERSEN1", "ARMV8")
    assert kernels_to_try("s390x") == ("",)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert kernels_to_try() == x86


def test_runs_come_in_order_and_repeat_themselves() -> None:
    found = product_fingerprints(["", ""], [1, 2], size=30, seed=3)
    assert [(f.asked, f.threads) for f in found] == [("", 1), ("", 2)] * 2
    assert found[0].sha256 == found[2].sha256
    rng = np.random.default_rng(3)
    a, b = rng.standard_normal((2, 30, 30))
    for one in found:
        gap = np.abs(one.product - a @ b)
        assert (gap <= rounding_bound(a, b)).all()
        assert one.product.shape == (30, 30)
        assert one.sha256 == fingerprint(one.product)
        assert one.kernel


def test_other_kernels_give_other_bits_or_are_not_there() -> None:
    found = product_fingerprints(kernels_to_try(), [1])
    kernels = {f.kernel for f in found}
    assert len(kernels) == 1 or len({f.sha256 for f in found}) > 1
    assert found[0].product.shape == (300, 300)


def test_the_child_is_told_kernel_and_most_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = []

    def run(code: str, environment: dict[str, str]) -> ChildRun:
        told.append(environment)
        assert "default_rng(1)" in code
        assert "in (1, 2)" in code or "in [1, 2]" in code
        return ChildRun(0, "", "", 0, 0)

    monkeypatch.setattr(fingerprints, "run_python", run)
    assert product_fingerprints(["", "Haswell"]) == ()
    assert told == [
        {"OPENBLAS_NUM_THREADS": "2"},
        {"OPENBLAS_NUM_THREADS": "2", "OPENBLAS_CORETYPE": "Haswell"},
    ]


def test_a_child_that_fails_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed = ChildRun(1, "", "ImportError: no", 0, 0)
    monkeypatch.setattr(fingerprints, "run_python", lambda *_, **__: failed)
    with pytest.raises(RuntimeError, match="kernel 'X': ImportError: no"):
        product_fingerprints(["X"])


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^no kernel to try$"):
        product_fingerprints([])
    with pytest.raises(ValueError, match="size=0 is below 1"):
        product_fingerprints([""], size=0)
    with pytest.raises(ValueError, match="threads=0 is below 1"):
        product_fingerprints([""], [0])
    with pytest.raises(ValueError, match="seed=-1 is below 0"):
        product_fingerprints([""], seed=-1)


@given(st.integers(1, 40), st.integers(0, 99))
def test_no_order_of_adding_leaves_the_bound(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((1, n)), rng.standard_normal((n, 1))
    products = (a[0] * b[:, 0]).tolist()
    forwards = backwards = 0.0
    for value in products:
        forwards += value
    for value in products[::-1]:
        backwards += value
    assert abs(forwards - backwards) <= rounding_bound(a, b)[0, 0]


def test_the_bound_is_twice_gamma_times_the_absolute_product() -> None:
    u = 2.0**-53
    gamma = 3 * u / (1 - 3 * u)
    bound = rounding_bound([[1, -2, 3]], [[-1], [1], [2]])
    assert bound.tolist() == [[pytest.approx(2 * gamma * 9, rel=1e-14)]]


@pytest.mark.parametrize(
    ("a", "b"), [([1.0], [[1.0]]), ([[1.0]], [1.0]), ([[1.0, 2.0]], [[1.0]])]
)
def test_the_bound_refuses_shapes_that_do_not_match(
    a: list[float], b: list[float]
) -> None:
    with pytest.raises(ValueError, match=r"shapes .* do not match"):
        rounding_bound(a, b)
