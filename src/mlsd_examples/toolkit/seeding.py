"""Which numbers a seed fixes, and which it does not reach.

A seed fixes a *stream*: the draws of one generator, in order.  It does not
fix who draws when, the order of a set, what a forked worker inherits, or the
order in which numbers are added.

In production, pass ``np.random.default_rng`` generators as arguments, and
spawn one for each worker from a ``SeedSequence``.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import whole
from mlsd_examples.toolkit.child_processes import run_python

__all__ = [
    "distinct_sums",
    "forked_draws",
    "labels_of_a_set",
    "named_streams",
]

_FORK = """\
import os
import numpy as np

rng = np.random.default_rng({seed})
streams = np.random.SeedSequence({seed}).spawn({workers})
for worker in range({workers}):
    process = os.fork()
    if process == 0:
        if {spawn}:
            rng = np.random.default_rng(streams[worker])
        print(rng.integers(2**31), flush=True)
        os._exit(0)
    os.waitpid(process, 0)
"""
_LABELS = """\
labels = set({names!r})
print(*labels, sep=chr(10))
"""


def named_streams(seed: int, *names: str) -> dict[str, np.random.Generator]:
    """Give each purpose a stream of its own.

    Parameters
    ----------
    seed : int
        The one number to record, at least 0.
    *names : str
        Purposes, at least one, all different.

    Returns
    -------
    dict of str to Generator
        A generator for each; a new purpose moves no other.

    Raises
    ------
    ValueError
        If there is no name, or one recurs, or the seed is negative.

    Examples
    --------
    A new stream leaves the old ones alone:

    >>> one = named_streams(5, "split", "init")
    >>> two = named_streams(5, "augment", "split", "init")
    >>> bool(one["init"].random() == two["init"].random())
    True
    >>> named_streams(5, "split", "split")
    Traceback (most recent call last):
        ...
    ValueError: names ('split', 'split') recur
    """
    seed = whole("seed", seed, least=0)
    if not names:
        raise ValueError("there is no name")
    if len(set(names)) < len(names):
        raise ValueError(f"names {names} recur")
    return {
        name: np.random.default_rng([seed, *_words(name)]) for name in names
    }


def forked_draws(
    workers: int, *, seed: int, spawn: bool = False
) -> tuple[int, ...]:
    """Fork workers that each draw one number.

    Parameters
    ----------
    workers : int
        Number of workers, at least 1.
    seed : int
        Seed of the parent, at least 0.
    spawn : bool
        Whether each worker gets a stream of its own.

    Returns
    -------
    tuple of int, shape (workers,)
        What each drew.

    Raises
    ------
    ValueError
        If a number is below its least.

    Examples
    --------
    A fork copies the generator, position included:

    >>> len(set(forked_draws(3, seed=5)))
    1
    >>> len(set(forked_draws(3, seed=5, spawn=True)))
    3
    """
    code = _FORK.format(
        seed=whole("seed", seed, least=0),
        workers=whole("workers", workers, least=1),
        spawn=bool(spawn),
    )
    return tuple(int(line) for line in run_python(code).output.split())


def labels_of_a_set(
    names: Sequence[str], *, hash_seed: int
) -> tuple[str, ...]:
    """Walk through a set of names in a process of its own.

    Parameters
    ----------
    names : sequence of str
        Labels without line ends.
    hash_seed : int
        Value of ``PYTHONHASHSEED``, from 0 (no randomisation).

    Returns
    -------
    tuple of str
        The labels in the order in which that process sees the set: the
        integer codes that a careless encoder would give.

    Raises
    ------
    ValueError
        If the seed is negative.

    Examples
    --------
    The same four labels, in another order in another process:

    >>> names = ("cat", "dog", "fox", "owl")
    >>> orders = {labels_of_a_set(names, hash_seed=s) for s in range(4)}
    >>> len(orders) > 1, {tuple(sorted(order)) for order in orders}
    (True, {('cat', 'dog', 'fox', 'owl')})
    """
    hash_seed = whole("hash_seed", hash_seed, least=0)
    run = run_python(
        _LABELS.format(names=list(names)),
        environment={"PYTHONHASHSEED": str(hash_seed)},
    )
    return tuple(run.output.split("\n"))


def distinct_sums(
    values: npt.NDArray[np.floating[Any]],
    orders: int,
    rng: np.random.Generator,
) -> int:
    """Count the different sums of the same numbers in other orders.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        What is added, one after the other, in its own precision.
    orders : int
        Random orders tried, at least 1.
    rng : Generator
        Source of the orders.

    Returns
    -------
    int
        1 if the order does not matter.

    Raises
    ------
    ValueError
        If `values` is not a list of finite numbers, or is empty.

    Examples
    --------
    Whole numbers add exactly, tenths do not:

    >>> rng = np.random.default_rng(5)
    >>> distinct_sums(np.arange(100.0), 50, rng)
    1
    >>> distinct_sums(np.arange(100) / 10, 50, rng) > 1
    True
    """
    orders = whole("orders", orders, least=1)
    if values.ndim != 1 or not values.size or not np.isfinite(values).all():
        raise ValueError("values must be a list of finite numbers")
    # A running sum adds one number after the other; np.sum adds in pairs.
    return len(
        {
            float(np.cumsum(rng.permutation(values), dtype=values.dtype)[-1])
            for _ in range(orders)
        }
    )


def _words(name: str) -> list[int]:
    digest = hashlib.sha256(name.encode()).digest()
    return [
        int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4)
    ]
