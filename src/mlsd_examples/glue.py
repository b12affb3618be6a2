"""Numbers that a cell hands to the prose around it.

A page prints no number that it did not compute.  A cell calls :func:`glue`;
the text then names the value in a ``{num}`` slot.  The record is a display
message with a private MIME type, which MyST-NB understands; this module
imports neither MyST-NB (a second per kernel) nor Sphinx, so that a downloaded
notebook runs with this package alone.
"""

import sys
from numbers import Integral, Real

__all__ = ["glue"]

_RECORD = "application/papermill.record/text/plain"


def glue(**values: float | str) -> None:
    """Record each value under its name, for the prose of the page.

    Outside a notebook the values are checked and nothing is recorded.

    Parameters
    ----------
    **values : float, int, bool or str
        What the prose prints.  NumPy scalars are turned into Python's, so
        that a slot reads ``0.5`` and not ``np.float64(0.5)``.

    Raises
    ------
    TypeError
        If a value is neither a real number nor text.

    Examples
    --------
    A number is recorded silently:

    >>> glue(crossing_rate=0.46)

    An array has no place in a sentence:

    >>> glue(rates=[0.46, 0.24])
    Traceback (most recent call last):
        ...
    TypeError: rates=[0.46, 0.24] is neither a number nor text
    """
    records = {name: _plain(name, value) for name, value in values.items()}
    if "ipykernel" not in sys.modules:
        return
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display  # the kernel brings it

    if not InteractiveShell.initialized():  # imported, and no cell runs
        return
    for name, value in records.items():
        display(  # type: ignore[no-untyped-call]  # IPython ships no types
            {_RECORD: repr(value)},
            raw=True,
            metadata={
                "scrapbook": {
                    "name": name,
                    "mime_prefix": "application/papermill.record/",
                }
            },
        )


def _plain(name: str, value: float | str) -> float | str:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    raise TypeError(f"{name}={value!r} is neither a number nor text")
