"""Numbers that an author typed where the page should have computed them.

A typed number is a decimal, or digits with a unit, a percent sign, a factor
or a currency.  Versions after the name of a product, numbers of sections and
the like are names, not quantities.  Number words are ignored: *three
questions* needs no cell.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mlsd_sphinx.page_blocks import CODE, MATH, OTHER, PRODUCTS

__all__ = [
    "EXCEPTIONS",
    "NumberException",
    "read_exceptions",
    "typed_numbers",
]

EXCEPTIONS: Final = "number-exceptions.csv"

# Written with or without a space: 12 ms, 12ms, 12-ms.
SYMBOLS: Final = (
    *("B", "kB", "KB", "MB", "GB", "TB", "PB", "EB"),
    *("KiB", "MiB", "GiB", "TiB", "PiB", "kbit", "Mbit", "Gbit"),
    *("kbps", "Mbps", "Gbps", "ns", "µs", "μs", "us", "ms", "s", "h", "hr"),
    *("hrs", "min", "mins", "sec", "secs", "Hz", "kHz", "MHz", "GHz"),
    *("W", "mW", "kW", "MW", "Wh", "kWh", "MWh", "J", "kJ", "MJ"),
    *("QPS", "qps", "RPS", "rps", "km", "cm", "mm", "kg", "mg", "pp"),
    *("flop", "flops", "FLOP", "FLOPs", "FLOPS", "GFLOP", "GFLOPs"),
    *("GFLOPS", "TFLOP", "TFLOPs", "TFLOPS", "PFLOPs", "PFLOPS"),
    *("USD", "EUR", "GBP", "k", "K", "M", "bn", "mn"),
)

# What is counted or measured, in words: 12 users, a 2-day test.
WORDS: Final = (
    *("bytes?", "bits", "nats?", "seconds?", "milliseconds?"),
    *("microseconds?", "nanoseconds?", "minutes?", "hours?", "days?"),
    *("weeks?", "months?", "years?", "watts?", "joules?", "dollars?"),
    *("cents?", "euros?", "degrees?", "points?", "percent", "per cent"),
    *("percentage points?", "basis points?", "thousand", "million"),
    *("billion", "trillion", "times", "users?", "customers?", "visitors?"),
    *("people", "engineers?", "requests?", "queries", "query", "sessions?"),
    *("events?", "clicks?", "impressions?", "orders?", "purchases?"),
    *("conversions?", "rows?", "columns?", "items?", "records?"),
    *("observations?", "samples?", "examples?", "elements?", "entries"),
    *("features?", "parameters?", "params", "tokens?", "documents?"),
    *("images?", "cores?", "threads?", "workers?", "processes", "machines?"),
    *("servers?", "replicas?", "shards?", "GPUs?", "CPUs?", "TPUs?"),
    *("copies", "copy", "steps?", "errors?", "iterations?", "epochs?"),
    *("batches", "trials?", "looks?", "launches"),
)

# After these a number is a name: Day 2, Figure 3.1.
_LABELS: Final = (
    *("Days?", "Weeks?", "Phases?", "Parts?", "Chapters?", "Sections?"),
    *("Figures?", r"Figs?\.", "Tables?", r"Eqs?\.", "Equations?", "Steps?"),
    *("Questions?", "Exercises?", "Challenges?", "Levels?", "Theorems?"),
    *("Lemmas?", "Algorithms?", "Appendix", "Definitions?", "Examples?"),
    *(
        "Rows?",
        "Columns?",
        "Lines?",
        "Axis",
        "Axes",
        "Versions?",
        "versions?",
        "§",
    ),
)


def _any(words: Iterable[str], *, escape: bool = False) -> str:
    ordered = sorted(words, key=len, reverse=True)
    if escape:
        ordered = [re.escape(word) for word in ordered]
    # The patterns are verbose: a bare space would mean nothing.
    return "|".join(ordered).replace("\\ ", " ").replace(" ", r"[ \u00a0]")


_MEASURE = rf"""
    [ \u00a0\u202f]?(?:%|‰|×|°C|°F)
  | [ \u00a0\u202f]?x(?!\w)
  | [ \u00a0\u202f-]?(?:{_any(SYMBOLS, escape=True)})(?!\w)
"""
_UNIT = rf"{_MEASURE} | [ \u00a0\u202f-](?:{_any(WORDS)})(?![\w-])"

_NUMBER = re.compile(
    rf"""
    (?<![\w.])(?<![A-Za-z]-)      # not within float64, GPT-4, 1.2.3
    (?P<before>[$€£¥][ ]?|×[ ]?)?
    (?P<number>
        \d+(?:[,\u202f\u2009_]\d{{3}})*(?:\.\d+)*
      | \.\d+
    )
    (?P<exponent>[eE][+−-]?\d+)?
    (?P<unit>{_UNIT})?
    """,
    re.VERBOSE,
)

_GLUE = rf"[\s\u00a0\]{CODE}{MATH}{OTHER}]"
_VERSIONS = re.compile(
    rf"""
    (?<![\w-])(?:{_any(PRODUCTS, escape=True)}){_GLUE}*
    (?:(?:>=|<=|==|≥|≤|<|>|v|version\ )\s*)?
    (?P<first>\d+(?:\.\d+)*)\+?(?![\d.]*\d)
    (?:
        (?:\s*,\s*(?:and\s+|or\s+)?|\s*[–/-]\s*|\s+(?:and|or|to|through)\s+)
        (?:(?:>=|<=|≥|≤|<|>)\s*)?\d+(?:\.\d+)+\+?(?!\d|{_UNIT})
    )*
    """,
    re.VERBOSE,
)
_MEASURED = re.compile(_MEASURE, re.VERBOSE)
_LABEL = re.compile(rf"(?<!\w)(?:{_any(_LABELS)})[ \u00a0]?$")
_ADDRESS = re.compile(r"\w+://\S+")


def typed_numbers(text: str) -> list[str]:
    """Return the typed quantities in one line of prose.

    Parameters
    ----------
    text : str
        Prose without code, maths and link targets.

    Returns
    -------
    list of str
        Each quantity with its unit, in order.

    Examples
    --------
    A quantity, and a number that is none:

    >>> typed_numbers("On Day 2 the 3 shards hold 1.5 GB of two tables.")
    ['3 shards', '1.5 GB']

    A version is a name, but a time after a product is not a version:

    >>> typed_numbers("Python 3.11 and NumPy 2.4 need 12 ms.")
    ['12 ms']
    """
    return list(_typed(_without_names(text)))


def _without_names(text: str) -> str:
    text = _ADDRESS.sub(" ", text)
    return _VERSIONS.sub(
        lambda found: (
            found[0]
            if _MEASURED.match(text, found.end("first"))
            else " " * len(found[0])
        ),
        text,
    )


def _typed(text: str) -> Iterator[str]:
    for found in _NUMBER.finditer(text):
        number, unit = found["number"], found["unit"] or ""
        dots = number.count(".")
        if dots > 1:
            continue  # a version, a date or an address
        measured = bool(
            dots or found["exponent"] or found["before"] or unit
        ) and not _is_plural(text, found)
        named = _LABEL.search(text[: found.start("number")])
        if named and not (unit and _MEASURED.fullmatch(unit)):
            continue
        if measured:
            yield found[0].strip()


def _is_plural(text: str, found: re.Match[str]) -> bool:
    """Tell ``all 1s`` and ``the 1990s`` from a time in seconds."""
    if found["unit"] != "s":
        return False
    number, before = found["number"], text[: found.start()]
    decade = r"(?:19|20)?\d0" if before.endswith("the ") else r"(?:19|20)\d0"
    return number in {"0", "1"} or bool(re.fullmatch(decade, number))


@dataclass(frozen=True)
class NumberException:
    """A typed number that may stand, and why.

    Parameters
    ----------
    line : int
        Line in the file of exceptions.
    page : str
        Page, relative to the book, with ``/``.
    text : str
        Exact part of the line of the page; it holds the number.
    reason : str
        Why the number is not computed.
    """

    line: int
    page: str
    text: str
    reason: str


def read_exceptions(book: Path) -> tuple[NumberException, ...]:
    """Read ``number-exceptions.csv`` of the book, if there is one.

    Parameters
    ----------
    book : Path
        Source folder of the book.

    Returns
    -------
    tuple of NumberException
        In the order of the file; empty without a file.

    Raises
    ------
    ValueError
        If the columns are not ``page,text,reason``, or a value is empty.
    """
    path = book / EXCEPTIONS
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != ["page", "text", "reason"]:
            raise ValueError(
                f"{path}:1: the columns are {reader.fieldnames},"
                " not page,text,reason"
            )
        return tuple(_exception(path, reader.line_num, row) for row in reader)


def _exception(path: Path, line: int, row: dict[str, str]) -> NumberException:
    columns = ("page", "text", "reason")
    # A row with too many values has them under None; too few are None.
    if len(row) > 3 or not all((row[name] or "").strip() for name in columns):
        raise ValueError(
            f"{path}:{line}: an exception needs page, text and reason"
        )
    return NumberException(line, row["page"], row["text"], row["reason"])
