"""A fault that a check of the book found, with the place to look at."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Finding"]


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of a page.

    Parameters
    ----------
    path : Path
        File that holds the fault.
    line : int
        Line of the fault; the first line of a file is 1.
    rule : str
        Stable name of the broken rule.
    message : str
        What is wrong, and what to write instead.
    """

    path: Path
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"
