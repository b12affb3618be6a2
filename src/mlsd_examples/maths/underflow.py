r"""Where a product of probabilities ends: at zero, or frozen above it.

The smallest positive float64 is :math:`2^{-1074}`.  Below the smallest
*normal* number, :math:`2^{-1022}`, the floats are whole multiples of it, the
**subnormals**, and lose a bit of precision with every halving.  A product of
factors of at most one half falls through them to 0.  A factor above one half
moves the last few multiples by less than half a step, so that rounding puts
the product back where it was: it freezes, and never reaches 0.

In production, add logarithms; see :mod:`mlsd_examples.maths.probability`.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from mlsd_examples._refusals import share, whole

__all__ = ["Precision", "RepeatedProduct", "repeated_product"]

Precision: TypeAlias = Literal["float16", "float32", "float64"]


@dataclass(frozen=True)
class RepeatedProduct:
    """What becomes of a product of equal factors.

    Parameters
    ----------
    factors : int
        How many factors change the product; one more leaves it as it is.
    last : float
        Where it stays: 0, or a subnormal number.
    """

    factors: int
    last: float


def repeated_product(
    factor: float,
    precision: Precision = "float64",
    *,
    limit: int = 1_000_000,
) -> RepeatedProduct:
    """Multiply a factor with itself until the product no longer changes.

    Parameters
    ----------
    factor : float
        In (0, 1); rounded to `precision` first.
    precision : str
        "float16", "float32" or "float64".
    limit : int
        Most factors to try, at least 1.

    Returns
    -------
    RepeatedProduct
        The number of factors, and where the product stays.

    Raises
    ------
    TypeError
        If `factor` is not a number, or `limit` not a whole number.
    ValueError
        If `factor` is outside (0, 1) or rounds to its ends, `precision` is
        unknown, or the product still changes after `limit` factors.

    Examples
    --------
    Factors of one tenth are gone after 324 of them:

    >>> repeated_product(0.1)
    RepeatedProduct(factors=324, last=0.0)

    Factors of 0.9 never reach zero, and stay at five times the smallest
    number there is:

    >>> repeated_product(0.9)
    RepeatedProduct(factors=7050, last=2.5e-323)

    A factor of 1 multiplies nothing:

    >>> repeated_product(1.0)
    Traceback (most recent call last):
        ...
    ValueError: factor=1.0 is outside (0, 1)
    """
    if precision not in get_args(Precision):
        raise ValueError(f"{precision=} is none of {get_args(Precision)}")
    kind = np.dtype(precision).type
    step = kind(share("factor", factor))
    if not 0 < step < 1:
        raise ValueError(f"factor={factor} is {step:g} in {precision}")
    product = kind(1)
    with np.errstate(under="ignore"):
        for factors in range(whole("limit", limit, least=1)):
            after = product * step
            if after == product:
                return RepeatedProduct(factors, float(product))
            product = after
    raise ValueError(f"the product still changes after {limit} factors")
