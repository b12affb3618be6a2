"""What a DataFrame is made of, and which assignments reach it.

A frame holds blocks: NumPy columns of one dtype share a two-dimensional
array, every other column is an array of its own class.  Since pandas 3 each
indexing step returns something that behaves as a copy, so an assignment
reaches the frame only if it is one call on the frame itself.

In production, call :meth:`pandas.DataFrame.info` and write with
:attr:`pandas.DataFrame.loc`.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import pandas as pd

__all__ = ["Assignment", "Block", "assignment", "blocks"]


@dataclass(frozen=True)
class Block:
    """Columns that are stored as one array.

    Parameters
    ----------
    dtype : str
        The dtype that the columns show.
    array : str
        Class of the array that holds them.
    columns : tuple of str
        Their names, in the order of the frame.
    shape : tuple of int
        Shape of the array; NumPy's hold one column in each row.
    """

    dtype: str
    array: str
    columns: tuple[str, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Assignment:
    """What an assignment did.

    Parameters
    ----------
    changed : bool
        Whether the frame is another afterwards.
    warned : str
        Name of the warning it gave; empty if it gave none.
    """

    changed: bool
    warned: str


def blocks(frame: pd.DataFrame) -> tuple[Block, ...]:
    """List the arrays that hold a frame.

    Parameters
    ----------
    frame : DataFrame
        Any frame whose columns have distinct names.

    Returns
    -------
    tuple of Block
        One for each array, ordered by its first column.

    Raises
    ------
    TypeError
        If it is not a DataFrame.

    Notes
    -----
    Reads the private attribute ``_mgr``: good for looking, not for
    programs.

    Examples
    --------
    Two columns of one dtype share an array, one row for each column:

    >>> frame = pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5], "c": [3, 4]})
    >>> [(block.columns, block.shape) for block in blocks(frame)]
    [(('a', 'c'), (2, 2)), (('b',), (1, 2))]

    A column of text is no NumPy array at all:

    >>> blocks(pd.DataFrame({"text": ["x"]}))[0].array
    'ArrowStringArray'

    A Series has no blocks to list:

    >>> blocks(pd.Series([1]))
    Traceback (most recent call last):
        ...
    TypeError: a Series is not a DataFrame
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"a {type(frame).__name__} is not a DataFrame")
    names = [str(name) for name in frame.columns]
    found = {}
    for block in frame._mgr.blocks:
        places = [int(place) for place in block.mgr_locs]
        held = block.values  # noqa: PD011 - a block has no .array
        found[places[0]] = Block(
            dtype=str(block.dtype),
            array=type(held).__name__,
            columns=tuple(names[place] for place in places),
            shape=tuple(block.shape),
        )
    return tuple(found[first] for first in sorted(found))


def assignment(statement: str, frame: pd.DataFrame) -> Assignment:
    """Run an assignment on a copy, and report what it did.

    Parameters
    ----------
    statement : str
        Python code that writes to a frame called ``df``; it may use ``pd``.
    frame : DataFrame
        The frame to copy; it is never changed.

    Returns
    -------
    Assignment
        Whether the copy changed, and the warning given.

    Raises
    ------
    TypeError
        If `frame` is not a DataFrame.
    ValueError
        If the statement gives more than one kind of warning.

    Examples
    --------
    One call on the frame writes:

    >>> frame = pd.DataFrame({"a": [1, 2], "b": [0, 1]})
    >>> assignment("df.loc[df['b'] == 0, 'a'] = 9", frame)
    Assignment(changed=True, warned='')

    Two steps write to something that is thrown away:

    >>> assignment("df[df['b'] == 0]['a'] = 9", frame)
    Assignment(changed=False, warned='ChainedAssignmentError')

    There must be a frame:

    >>> assignment("df[0] = 9", [1, 2])
    Traceback (most recent call last):
        ...
    TypeError: a list is not a DataFrame
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"a {type(frame).__name__} is not a DataFrame")
    names: dict[str, Any] = {"df": frame.copy(), "pd": pd}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # The spelling is the lesson: pandas sees it as it stands.
        exec(statement, names)  # noqa: S102
    kinds = sorted({warning.category.__name__ for warning in caught})
    if len(kinds) > 1:
        raise ValueError(f"{statement!r} gave several warnings: {kinds}")
    return Assignment(
        changed=not frame.equals(names["df"]), warned=next(iter(kinds), "")
    )
