"""The names that other projects' documentation defines, kept beside the book.

A page links to ``numpy.broadcast_to`` by its name; where that name leads is
in the inventory that NumPy publishes.  Fetching it would tie each build to
five sites and to the day it runs, so the inventories live here, cut down to
what a page can mean, and a build opens no connection.

``conf.py`` hands them to :mod:`sphinx.ext.intersphinx`::

    intersphinx_mapping = {
        name: (url, (path,)) for name, (url, path) in MAPPING.items()
    }

The tuple of one path matters: Sphinx reads a local file and asks no site,
while a ``None`` beside it would let it fall back to the network.
``README.md`` says from what each inventory was made, and how to renew it.
"""

import re
import zlib
from pathlib import Path

__all__ = ["MAPPING", "renew", "trimmed"]

HERE = Path(__file__).parent

SITES = {
    # The newest Python that the book supports, not /3/: that address moves
    # to the next version each October, and pages move with it.
    "python": "https://docs.python.org/3.13/",
    "numpy": "https://numpy.org/doc/stable/",
    "pandas": "https://pandas.pydata.org/docs/",
    "matplotlib": "https://matplotlib.org/stable/",
    "scipy": "https://docs.scipy.org/doc/scipy/",
}

MAPPING: dict[str, tuple[str, str]] = {
    name: (url, str(HERE / f"{name}.inv")) for name, url in SITES.items()
}

# name, domain:type, priority, address, shown name
ENTRY = re.compile(r"(.+?)\s+(\S+:\S+)\s+(-?\d+)\s+(\S+)\s+(.*)")
PRIVATE = re.compile(r"(^|\.)_(?!_)")
GENERATED = re.compile(r"\S*\bgenerated/([\w.]+)$")


def trimmed(inventory: bytes, package: str) -> bytes:
    r"""Cut an inventory down to the Python names that a page can mean.

    Parameters
    ----------
    inventory : bytes
        A whole ``objects.inv`` of version 2.
    package : str
        A name of `MAPPING`: only names under it stay, except for
        ``"python"``, whose library has no common prefix.

    Returns
    -------
    bytes
        The same inventory without other domains, private names, and names
        of other packages that a project documents in passing.  Equal input
        gives equal bytes.

    Raises
    ------
    ValueError
        If `inventory` is no inventory of version 2, or holds no name of
        `package`.

    Notes
    -----
    The ``std`` domain goes as a whole.  With Python's 2,000 labels in reach,
    a mistyped ``{ref}`` to a page of this book would find one of them and
    silently lead the reader there.

    Debian builds NumPy and SciPy with tools that lose the entries of ufuncs
    (``numpy.exp``) but not their pages.  A page generated for a public name
    without an entry gives that name its entry back, as the project's own
    inventory has it.

    Examples
    --------
    Of a public name, a private one and a label, the public name stays:

    >>> header = (
    ...     b"# Sphinx inventory version 2\n# Project: NumPy\n"
    ...     b"# Version: 2.4+ds\n"
    ...     b"# The remainder of this file is compressed using zlib.\n"
    ... )
    >>> body = (
    ...     b"numpy._core py:module 0 core.html#$ -\n"
    ...     b"numpy.dot py:function 1 dot.html#$ -\n"
    ...     b"search std:label -1 search.html Search\n"
    ... )
    >>> small = trimmed(header + zlib.compress(body), "numpy")
    >>> small.splitlines()[2]
    b'# Version: 2.4'
    >>> zlib.decompress(small.split(b"\n", 4)[4])
    b'numpy.dot py:function 1 dot.html#$ -\n'

    What a server sends in place of an inventory is refused:

    >>> trimmed(b"<!doctype html>", "numpy")
    Traceback (most recent call last):
        ...
    ValueError: not an inventory of version 2: b'<!doctype html>'
    """
    lines = inventory.split(b"\n", 4)
    if len(lines) < 5 or lines[0].rstrip() != b"# Sphinx inventory version 2":
        raise ValueError(f"not an inventory of version 2: {inventory[:40]!r}")
    entries = zlib.decompress(lines[4]).decode().splitlines()
    kept = _python_names(entries, package)
    if not kept:
        raise ValueError(f"no name of {package!r} in the inventory")
    # "+" starts what a distribution adds to the version.
    header = [*lines[:2], lines[2].partition(b"+")[0], lines[3], b""]
    body = "".join(f"{entry}\n" for entry in sorted(kept))
    return b"\n".join(header) + zlib.compress(body.encode(), 9)


def _python_names(entries: list[str], package: str) -> list[str]:
    kept = []
    names = set()
    pages = {}
    for entry in entries:
        match = ENTRY.match(entry)
        if match is None:
            continue
        name, kind = match[1], match[2]
        page = GENERATED.match(name)
        if kind.startswith("py:") and _is_public(name, package):
            kept.append(entry)
            names.add(name)
        elif kind == "std:doc" and page and _is_public(page[1], package):
            pages[page[1]] = match[4]
    return kept + [
        f"{name} py:data 1 {page}#$ -"
        for name, page in pages.items()
        if name not in names
    ]


def _is_public(name: str, package: str) -> bool:
    if PRIVATE.search(name):
        return False
    return package == "python" or f"{name}.".startswith(f"{package}.")


def renew(source: Path, package: str) -> None:
    """Replace the inventory of `package` by a newer one, trimmed.

    Parameters
    ----------
    source : Path
        An ``objects.inv`` as the project or a distribution ships it.
    package : str
        A name of `MAPPING`.

    Raises
    ------
    ValueError
        If `package` is not in `MAPPING`, or `source` is no inventory of it.
    """
    if package not in MAPPING:
        raise ValueError(f"{package!r} is none of {', '.join(MAPPING)}")
    target = Path(MAPPING[package][1])
    target.write_bytes(trimmed(source.read_bytes(), package))
