"""Checks that a page makes in front of its reader.

A cell that merely ran proves nothing.  Each check names its class: a closed
form, a reference library, a published number, an invariant, or an ordering.
It returns one readable line, or raises; a raised check fails the build and
turns the claims that cite its cell red.

In production, use :func:`numpy.testing.assert_allclose` or
:func:`pytest.approx`.
"""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

__all__ = ["Check", "CheckError", "agrees", "equals", "exceeds"]

_LONGEST = 120  # characters that a page shows of a value

Oracle: TypeAlias = Literal[
    "closed form",
    "reference library",
    "published number",
    "invariant",
    "ordering",
]


class CheckError(AssertionError):
    """A value on the page is not what its oracle says."""


@dataclass(frozen=True)
class Check:
    """A check that passed; its text is what the page prints.

    Parameters
    ----------
    by : str
        The class of the oracle.
    statement : str
        What was found to hold.
    """

    by: Oracle
    statement: str

    def __repr__(self) -> str:
        return f"checked ({self.by}): {self.statement}"


def agrees(value: float, oracle: float, *, within: float, by: Oracle) -> Check:
    """Check that a value agrees with its oracle within a tolerance.

    Parameters
    ----------
    value, oracle : float
        The quantity of the page, and the same by an independent route.
    within : float
        Largest absolute difference allowed, in the unit of `value`: four
        standard errors, a published precision, or rounding.  Must be > 0.
    by : str
        The class of the oracle.

    Returns
    -------
    Check
        One line that says what agrees with what.

    Raises
    ------
    CheckError
        If they differ by more than `within`, or either is not a number.
    ValueError
        If `within` is not positive and finite, or `by` is not a class.

    Examples
    --------
    >>> agrees(0.1417, 0.142, within=0.001, by="published number")
    checked (published number): 0.1417 agrees with 0.142 within 0.001
    >>> agrees(0.2, 0.142, within=0.001, by="published number")
    Traceback (most recent call last):
        ...
    mlsd_examples.checks.CheckError: 0.2 differs from 0.142 by 0.058 > 0.001
    """
    _refuse_unknown(by)
    if not (within > 0 and math.isfinite(within)):
        raise ValueError(f"within={within} is not a positive tolerance")
    gap = abs(float(value) - float(oracle))
    if not gap <= within:
        raise CheckError(
            f"{value:.6g} differs from {oracle:.6g}"
            f" by {gap:.3g} > {within:.3g}"
        )
    # Digits far below the tolerance belong to the machine, not to the value.
    digits = max(0, 2 - math.floor(math.log10(within)))
    shown, other = round(float(value), digits), round(float(oracle), digits)
    return Check(
        by, f"{shown:.6g} agrees with {other:.6g} within {within:.3g}"
    )


def equals(value: object, oracle: object, *, by: Oracle) -> Check:
    """Check that a value equals its oracle exactly.

    Parameters
    ----------
    value, oracle : object
        The quantity of the page, and the same by an independent route.
    by : str
        The class of the oracle.

    Returns
    -------
    Check
        One line that says what equals what.

    Raises
    ------
    CheckError
        If they are not equal.
    ValueError
        If `by` is not a class.

    Examples
    --------
    >>> equals((100, 100), (100, 100), by="reference library")
    checked (reference library): (100, 100) equals (100, 100)
    >>> equals(8, 9, by="invariant")
    Traceback (most recent call last):
        ...
    mlsd_examples.checks.CheckError: 8 is not 9
    """
    _refuse_unknown(by)
    shown, other = _shown(value), _shown(oracle)
    if not bool(value == oracle):
        raise CheckError(f"{shown} is not {other}")
    return Check(by, f"{shown} equals {other}")


def exceeds(value: float, floor: float, *, by: Oracle = "ordering") -> Check:
    """Check that a value is at least a floor.

    An ordering proves little: keep a margin of two or more between what is
    measured and the floor, and never let it stand alone.

    Parameters
    ----------
    value, floor : float
        The quantity of the page, and the least it may be.
    by : str
        The class of the oracle.

    Returns
    -------
    Check
        One line that says what exceeds what.

    Raises
    ------
    CheckError
        If the value is below the floor, or not a number.
    ValueError
        If `by` is not a class.

    Examples
    --------
    >>> exceeds(11.2, 3)
    checked (ordering): 11.2 is at least 3
    >>> exceeds(2.9, 3)
    Traceback (most recent call last):
        ...
    mlsd_examples.checks.CheckError: 2.9 is below 3
    """
    _refuse_unknown(by)
    if not value >= floor:
        raise CheckError(f"{value:.3g} is below {floor:.3g}")
    return Check(by, f"{value:.3g} is at least {floor:.3g}")


def _shown(value: object) -> str:
    """Return what a reader sees of a value: one line, NumPy's names gone."""
    plain = value.item() if isinstance(value, np.generic) else value
    text = repr(plain)
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]} … ({len(text):,} characters)"


def _refuse_unknown(by: str) -> None:
    if by not in get_args(Oracle):
        raise ValueError(f"by={by!r} is none of {get_args(Oracle)}")
