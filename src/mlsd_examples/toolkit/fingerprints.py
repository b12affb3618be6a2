"""One matrix product, many last bits.

A BLAS library chooses its kernel when it loads, by the processor, and cuts
the work by the number of threads.  Another kernel or cut adds in another
order, and floating-point addition is not associative: the wheel, its hash
and the input are the same, the product is not.

In production, record :func:`threadpoolctl.threadpool_info` beside every
model, and compare results by a tolerance, never by a hash.
"""

import base64
import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import whole
from mlsd_examples.toolkit.child_processes import run_python

__all__ = [
    "Fingerprint",
    "fingerprint",
    "kernels_to_try",
    "product_fingerprints",
    "rounding_bound",
]

Floats: TypeAlias = npt.NDArray[np.float64]

_KERNELS = {
    "x86_64": ("", "Haswell", "Sandybridge", "Prescott"),
    "aarch64": ("", "NEOVERSEN1", "ARMV8"),
}

_CHILD = """\
import base64, json, numpy, threadpoolctl
rng = numpy.random.default_rng({seed})
a, b = rng.standard_normal((2, {size}, {size}))
for threads in {threads}:
    with threadpoolctl.threadpool_limits(threads, user_api="blas"):
        product = a @ b
        found = threadpoolctl.threadpool_info()
    names = [i.get("architecture", "?") for i in found if i["user_api"] == "blas"]
    data = base64.b64encode(product.tobytes()).decode()
    print(json.dumps([threads, (names or ["?"])[0], data]))
"""  # noqa: E501 (a program, not our code)


@dataclass(frozen=True)
class Fingerprint:
    """A product under one kernel and one number of threads.

    Parameters
    ----------
    asked : str
        Value of ``OPENBLAS_CORETYPE``; empty lets the library choose.
    kernel : str
        The kernel that ran, as the library reports it; "?" if it does not.
    threads : int
        The number of threads allowed.
    sha256 : str
        Of the product, as :func:`fingerprint` computes it.
    product : ndarray of float, shape (size, size)
        The product itself.
    """

    asked: str
    kernel: str
    threads: int
    sha256: str
    product: Floats


def fingerprint(values: npt.NDArray[Any]) -> str:
    """Hash an array by its type, shape and bytes.

    Parameters
    ----------
    values : ndarray
        Any array of numbers.

    Returns
    -------
    str
        Hexadecimal SHA-256.

    Raises
    ------
    TypeError
        If the array holds Python objects, whose bytes are addresses.

    Examples
    --------
    The memory layout does not count:

    >>> a = np.arange(6.0).reshape(2, 3)
    >>> fingerprint(np.asfortranarray(a)) == fingerprint(a)
    True

    Equal numbers may have different bits:

    >>> fingerprint(np.array([0.0])) == fingerprint(np.array([-0.0]))
    False

    >>> fingerprint(np.array([None]))
    Traceback (most recent call last):
        ...
    TypeError: an array of objects has no bytes of its own
    """
    if values.dtype.hasobject:
        raise TypeError("an array of objects has no bytes of its own")
    head = f"{values.dtype.str}{values.shape}".encode()
    return hashlib.sha256(head + values.tobytes()).hexdigest()


def kernels_to_try(processor: str | None = None) -> tuple[str, ...]:
    """Return kernels that a usual OpenBLAS build holds for a processor.

    Parameters
    ----------
    processor : str, optional
        As ``platform.machine()`` names it; this one unless told.

    Returns
    -------
    tuple of str
        Values of ``OPENBLAS_CORETYPE``; the empty one lets it choose.

    Examples
    --------
    >>> kernels_to_try("aarch64")
    ('', 'NEOVERSEN1', 'ARMV8')

    An unknown processor is left alone:

    >>> kernels_to_try("riscv64")
    ('',)
    """
    return _KERNELS.get(processor or platform.machine(), ("",))


def product_fingerprints(
    kernels: Sequence[str],
    threads: Sequence[int] = (1, 2),
    *,
    size: int = 300,
    seed: int = 1,
) -> tuple[Fingerprint, ...]:
    """Compute one product under several kernels and thread counts.

    Parameters
    ----------
    kernels : sequence of str
        Values of ``OPENBLAS_CORETYPE``, one child process each.
    threads : sequence of int
        Numbers of threads, at least 1 each.
    size : int
        Rows and columns of both factors, at least 1.
    seed : int
        Of their standard normal entries.

    Returns
    -------
    tuple of Fingerprint
        Kernel by kernel, thread count by thread count.

    Raises
    ------
    TypeError
        If a count is not a whole number.
    ValueError
        If there is no kernel, or a count is below 1.
    RuntimeError
        If a child fails.

    Notes
    -----
    A build with one kernel ignores the variable; the fingerprints are then
    equal, and the field `kernel` says so.

    Examples
    --------
    Run twice in the same way, the bits are the same:

    >>> first, again = product_fingerprints(["", ""], [1], size=20)
    >>> first.sha256 == again.sha256
    True

    >>> product_fingerprints([])
    Traceback (most recent call last):
        ...
    ValueError: no kernel to try
    """
    size, seed = whole("size", size, least=1), whole("seed", seed, least=0)
    threads = [whole("threads", count, least=1) for count in threads]
    if not kernels:
        raise ValueError("no kernel to try")
    code = _CHILD.format(seed=seed, size=size, threads=threads)
    prints = []
    for asked in kernels:
        environment = {"OPENBLAS_NUM_THREADS": str(max(threads))}
        if asked:
            environment["OPENBLAS_CORETYPE"] = asked
        run = run_python(code, environment=environment)
        if run.exit_code:
            raise RuntimeError(f"kernel {asked!r}: {run.error}")
        for line in run.output.splitlines():
            count, kernel, data = json.loads(line)
            product = np.frombuffer(base64.b64decode(data)).reshape(size, -1)
            prints.append(
                Fingerprint(
                    asked, kernel, count, fingerprint(product), product
                )
            )
    return tuple(prints)


def rounding_bound(a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    r"""Bound the difference of two orders of adding a matrix product.

    Parameters
    ----------
    a : array-like of float, shape (m, n)
    b : array-like of float, shape (n, p)

    Returns
    -------
    ndarray of float, shape (m, p)
        No two orders of summation differ by more in double precision.

    Raises
    ------
    ValueError
        If the shapes do not match.

    Notes
    -----
    Each computed product lies within
    :math:`\gamma_n\,(|A||B|)_{ij}` of the exact one, with
    :math:`\gamma_n = n u / (1 - n u)` and :math:`u = 2^{-53}`, whatever the
    order; two of them lie within twice that.

    References
    ----------
    Higham (2002), section 3.5.

    Examples
    --------
    >>> bound = rounding_bound([[1.0, 2.0]], [[3.0], [4.0]])
    >>> bound.shape, bool(bound[0, 0] < 1e-14)
    ((1, 1), True)

    >>> rounding_bound([[1.0, 2.0]], [[3.0]])
    Traceback (most recent call last):
        ...
    ValueError: shapes (1, 2) and (1, 1) do not match
    """
    left, right = np.abs(np.asarray(a, float)), np.abs(np.asarray(b, float))
    if left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[0]:
        raise ValueError(f"shapes {left.shape} and {right.shape} do not match")
    nu = left.shape[1] * 2.0**-53
    bound: Floats = 2 * nu / (1 - nu) * (left @ right)
    return bound
