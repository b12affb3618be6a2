"""What the outputs of a page depend on, as one key.

MyST-NB's own cache looks at the code of the cells alone, so that a page keeps
its old outputs when the package that it calls has changed.  The key here also
covers the modules of the book's package that the page reaches, directly or
through others, every installed distribution and its version, the lock file,
the interpreter, and the configuration of the kernel.
"""

import ast
import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["environment_fingerprint", "module_closure", "page_key"]

# Raise it when the execution keeps outputs in another form.
FORM = 2


def page_key(
    cells: Iterable[Mapping[str, Any]],
    *,
    packages: Iterable[str],
    environment: str,
) -> str:
    """Return the key under which the outputs of a page are stored.

    Parameters
    ----------
    cells : iterable of mapping
        The code cells: ``source`` and ``metadata`` of each.
    packages : iterable of str
        Packages whose sources count, such as ``mlsd_examples``.
    environment : str
        What :func:`environment_fingerprint` returned.

    Returns
    -------
    str
        Sixty-four hexadecimal digits.
    """
    # What a cell declares to raise judges its outputs: outputs that were
    # green under another declaration are not green under this one.
    parts = [
        {
            "source": cell["source"],
            "tags": sorted(_tags(cell)),
            "raises": cell["metadata"].get("raises"),
        }
        for cell in cells
    ]
    code = "\n".join(str(part["source"]) for part in parts)
    sources = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in module_closure(code, packages).items()
    }
    record = {
        "cells": parts,
        "sources": sources,
        "environment": environment,
        "form": FORM,
    }
    text = json.dumps(record, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _tags(cell: Mapping[str, Any]) -> list[str]:
    return [str(tag) for tag in cell["metadata"].get("tags", [])]


def module_closure(code: str, packages: Iterable[str]) -> dict[str, Path]:
    """Return the modules of `packages` that `code` reaches, with their files.

    A dotted name inside a string counts too: a lesson may hand code to a
    child process.  A module that is reached brings its parent packages.

    Parameters
    ----------
    code : str
        Python source.
    packages : iterable of str
        Top-level packages to follow; imports of others are ignored.

    Returns
    -------
    dict of str to Path
        Module name to source file, sorted by name.
    """
    roots = tuple(packages)
    found: dict[str, Path] = {}
    pending = _mentioned(code, roots)
    while pending:
        name = pending.pop()
        if name in found:
            continue
        path = _source_file(name)
        if path is None:
            continue
        found[name] = path
        pending |= _mentioned(path.read_text("utf8"), roots, name) - set(found)
    return dict(sorted(found.items()))


def _mentioned(
    code: str, roots: tuple[str, ...], module: str = ""
) -> set[str]:
    names: set[str] = set()
    for root in roots:
        dotted = rf"\b{re.escape(root)}(?:\.\w+)*"
        names |= set(re.findall(dotted, code))
    try:
        tree = ast.parse(code)
    except SyntaxError:  # the kernel will report it, at its line
        tree = ast.Module([], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = _absolute(node, module)
            if base.split(".")[0] in roots:
                names |= {f"{base}.{alias.name}" for alias in node.names}
                names.add(base)
    with_parents: set[str] = set()
    for name in names:
        parts = name.split(".")
        with_parents |= {".".join(parts[: i + 1]) for i in range(len(parts))}
    return with_parents


def _absolute(node: ast.ImportFrom, module: str) -> str:
    if not node.level:
        return node.module or ""
    path = _source_file(module)
    is_package = path is not None and path.name == "__init__.py"
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _source_file(name: str) -> Path | None:
    # find_spec would import the parents; a path needs no import.
    top, *rest = name.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None or not spec.submodule_search_locations:
        return None
    for location in spec.submodule_search_locations:
        base = Path(location, *rest)
        for path in (base / "__init__.py", base.with_suffix(".py")):
            if path.is_file():
                return path
    return None


def environment_fingerprint(
    files: Iterable[Path], variables: Mapping[str, str]
) -> str:
    """Return a hash of everything around the page that outputs depend on.

    Parameters
    ----------
    files : iterable of Path
        The lock and the files that configure the kernel.
    variables : mapping of str to str
        The environment of the kernels, without paths that differ by run.

    Returns
    -------
    str
        Sixty-four hexadecimal digits.
    """
    record = {
        "files": [
            hashlib.sha256(path.read_bytes()).hexdigest() for path in files
        ],
        "variables": dict(variables),
        "python": sys.version,
        "machine": platform.machine(),
        "distributions": _distributions(),
    }
    text = json.dumps(record, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _distributions() -> tuple[str, ...]:
    return tuple(
        sorted(
            f"{dist.name}=={dist.version}"
            for dist in importlib.metadata.distributions()
        )
    )
