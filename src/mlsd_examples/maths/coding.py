r"""Two real coders: what a bit of entropy is.

A **symbol code** gives every symbol its own word.  Huffman's is the best of
them, :math:`H \le L < H + 1` bits a symbol if no share is 0, and no symbol
costs less than one bit.  An **arithmetic code** gives the whole message one
number in an interval as wide as its probability, and is within two bits of
:math:`-\log_2 P` of the *message*.  Both need a model; with a wrong one they
pay its divergence.

Here the arithmetic is exact, with whole numbers of any size, so that the
bound is a theorem and not an approximation; the price is quadratic time.

In production, use :mod:`zlib` or Zstandard, which bring a model of their
own, and range coders with renormalisation for learned models.
"""

import heapq
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import counts, whole
from mlsd_examples.maths.information import distribution

__all__ = [
    "arithmetic_decode",
    "arithmetic_encode",
    "huffman_lengths",
    "message_bits",
]


def huffman_lengths(p: npt.ArrayLike) -> tuple[int, ...]:
    r"""Return the length of each symbol's word in a best symbol code.

    Parameters
    ----------
    p : array-like of float, shape (n,)
        Shares that sum to 1.

    Returns
    -------
    tuple of int, length n
        Bits of each word; :math:`\sum_i 2^{-\ell_i} = 1` for two or more.

    Raises
    ------
    ValueError
        If `p` is not a distribution.

    Notes
    -----
    Join the two least probable groups until one is left; each joining adds
    a bit to every member.

    References
    ----------
    Huffman (1952).

    Examples
    --------
    Shares that are powers of one half are coded without loss:

    >>> huffman_lengths([0.5, 0.25, 0.125, 0.125])
    (1, 2, 3, 3)

    A symbol that is nearly certain still costs a bit each time:

    >>> huffman_lengths([0.99, 0.01])
    (1, 1)

    One symbol needs no bits, since nothing is left to say:

    >>> huffman_lengths([1.0])
    (0,)

    Counts are refused:

    >>> huffman_lengths([3, 1])
    Traceback (most recent call last):
        ...
    ValueError: p sums to 4, not to 1
    """
    shares = distribution("p", p).tolist()
    lengths = [0] * len(shares)
    groups = [(share, place, [place]) for place, share in enumerate(shares)]
    heapq.heapify(groups)
    while len(groups) > 1:
        one, first, left = heapq.heappop(groups)
        two, _, right = heapq.heappop(groups)
        members = left + right
        for place in members:
            lengths[place] += 1
        heapq.heappush(groups, (one + two, first, members))
    return tuple(lengths)


def message_bits(message: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    r"""Return :math:`-\log_2 P` of a message under a model.

    Parameters
    ----------
    message : array-like of int, shape (length,)
        Symbols, as places in `weights`.
    weights : array-like of int, shape (n,)
        The model: each symbol's share is its weight over their sum.

    Returns
    -------
    float
        Bits; infinite if the model excludes a symbol of the message.

    Raises
    ------
    TypeError
        If symbols or weights are not whole numbers.
    ValueError
        If a symbol has no place, or all weights are 0.

    Examples
    --------
    >>> message_bits([0, 0, 1], [1, 1])
    3.0

    What the model excludes costs infinitely many bits:

    >>> message_bits([0, 1], [1, 0])
    inf

    A symbol that the model has never heard of:

    >>> message_bits([2], [1, 1])
    Traceback (most recent call last):
        ...
    ValueError: message[0]=2 is not one of 2 symbols
    """
    symbols, model = _checked(message, weights)
    seen = np.bincount(symbols, minlength=len(model))
    total = sum(model)
    bits = 0.0
    for times, weight in zip(seen.tolist(), model, strict=True):
        if times:
            if weight == 0:
                return math.inf
            bits += times * math.log2(total / weight)
    return bits


def arithmetic_encode(message: npt.ArrayLike, weights: npt.ArrayLike) -> str:
    r"""Return a message as one binary fraction, exactly.

    Parameters
    ----------
    message : array-like of int, shape (length,)
        Symbols, as places in `weights`.
    weights : array-like of int, shape (n,)
        The model: each symbol's share is its weight over their sum.

    Returns
    -------
    str
        Bits ``0`` and ``1`` after the point, fewer than
        :math:`-\log_2 P + 2`.

    Raises
    ------
    TypeError
        If symbols or weights are not whole numbers.
    ValueError
        If a symbol has no place or weight 0, or all weights are 0.

    Notes
    -----
    Each symbol narrows an interval to the part that belongs to it, so that
    its width becomes :math:`P`, the product of the shares.  With
    :math:`L = \lceil -\log_2 P \rceil + 1` bits, one of the fractions
    :math:`j / 2^L` and all its continuations lie in the interval.

    References
    ----------
    Cover and Thomas (2006), sections 5.9 and 13.3.

    Examples
    --------
    >>> arithmetic_encode([0, 1, 1], [1, 1])
    '0110'

    A hundred symbols that are nearly certain fit into few bits, where a
    symbol code needs a hundred:

    >>> len(arithmetic_encode([0] * 100, [99, 1]))
    3

    What the model excludes cannot be written at all:

    >>> arithmetic_encode([1], [1, 0])
    Traceback (most recent call last):
        ...
    ValueError: message[0]=1 has weight 0
    """
    symbols, model = _checked(message, weights)
    starts = [0, *np.cumsum(model, dtype=object).tolist()]
    low, width, scale = 0, 1, 1
    for place, symbol in enumerate(symbols.tolist()):
        if model[symbol] == 0:
            raise ValueError(f"message[{place}]={symbol} has weight 0")
        low = low * starts[-1] + starts[symbol] * width
        width *= model[symbol]
        scale *= starts[-1]
    length = _ceil_log2(scale, width) + 1
    fraction = -(-(low << length) // scale)
    return f"{fraction:0{length}b}"


def arithmetic_decode(
    code: str, weights: npt.ArrayLike, length: int
) -> tuple[int, ...]:
    """Return the message that a binary fraction stands for.

    Parameters
    ----------
    code : str
        Bits, from :func:`arithmetic_encode`.
    weights : array-like of int, shape (n,)
        The model with which it was encoded.
    length : int
        Number of symbols of the message, at least 0: the code does not say
        where it ends.

    Returns
    -------
    tuple of int
        The message.

    Raises
    ------
    TypeError
        If weights or length are not whole numbers.
    ValueError
        If the code holds anything but bits, the weights are all 0, or the
        length is negative.

    Examples
    --------
    >>> arithmetic_decode("0110", [1, 1], 3)
    (0, 1, 1)

    With another model the same bits are another message:

    >>> arithmetic_decode("0110", [1, 3], 3)
    (1, 0, 1)

    Only bits are decoded:

    >>> arithmetic_decode("012", [1, 1], 1)
    Traceback (most recent call last):
        ...
    ValueError: code '012' holds more than bits
    """
    _, model = _checked([], weights)
    if not code or set(code) - {"0", "1"}:
        raise ValueError(f"code {code!r} holds more than bits")
    starts: list[int] = [0, *np.cumsum(model, dtype=object).tolist()]
    above, below = int(code, 2), 1 << len(code)
    message: list[int] = []
    for _ in range(whole("length", length, least=0)):
        slot = above * starts[-1] // below
        symbol = _symbol_at(slot, starts)
        message.append(symbol)
        above = above * starts[-1] - starts[symbol] * below
        below *= model[symbol]
    return tuple(message)


def _checked(
    message: npt.ArrayLike, weights: npt.ArrayLike
) -> tuple[npt.NDArray[np.int64], list[int]]:
    model = [int(weight) for weight in counts("weights", weights, least=1)]
    if not any(model):
        raise ValueError("weights sum to 0")
    symbols = counts("message", message, least=0).astype(np.int64)
    bad = np.flatnonzero(symbols >= len(model))
    if bad.size:
        raise ValueError(
            f"message[{bad[0]}]={symbols[bad[0]]}"
            f" is not one of {len(model)} symbols"
        )
    return symbols, model


def _symbol_at(slot: int, starts: Sequence[int]) -> int:
    """Return the last symbol that starts at or before a slot."""
    return max(
        symbol for symbol, start in enumerate(starts[:-1]) if start <= slot
    )


def _ceil_log2(above: int, below: int) -> int:
    """Return the smallest k with below * 2**k >= above, exactly."""
    return (-(-above // below) - 1).bit_length()
