"""Show the source of a lesson by its name, without importing it.

A page that pastes code grows apart from the code that is tested.  The
directive ``{listing}`` names a function, a class or a constant instead and
shows it as it is: decorators and comments stay, the docstring goes, because
the page around the listing says the same at length.
"""

import ast
import importlib.util
import textwrap
from pathlib import Path
from typing import ClassVar, TypeAlias

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mlsd_sphinx.page_records import report

__all__ = ["Listing", "find_module", "setup", "source_of"]

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def find_module(name: str) -> tuple[Path, list[str]]:
    """Find the file in which a dotted name is defined.

    Only the top-level package is looked up, which imports nothing; below it
    the path follows the name.

    Parameters
    ----------
    name : str
        Dotted name of an object, such as ``json.decoder.JSONDecoder``.

    Returns
    -------
    Path
        File of the innermost module.
    list of str
        The rest of the name: the object in that module.

    Raises
    ------
    LookupError
        If there is no such package.

    Examples
    --------
    >>> path, rest = find_module("json.decoder.JSONDecoder.decode")
    >>> path.name, rest
    ('decoder.py', ['JSONDecoder', 'decode'])
    >>> find_module("no_such_package.thing")
    Traceback (most recent call last):
        ...
    LookupError: there is no package 'no_such_package'
    """
    top, *rest = name.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"there is no package {top!r}")
    folder = Path(next(iter(spec.submodule_search_locations)))
    while rest and (folder / rest[0] / "__init__.py").is_file():
        folder /= rest.pop(0)
    if rest and (folder / f"{rest[0]}.py").is_file():
        return folder / f"{rest[0]}.py", rest[1:]
    return folder / "__init__.py", rest


def source_of(code: str, names: list[str]) -> str:
    '''Return the source of an object, without docstrings.

    Parameters
    ----------
    code : str
        Source of the module.
    names : list of str
        Where the object is: a function, class or constant, or a class and
        its method.

    Returns
    -------
    str
        Its lines, with decorators and comments, from the left margin.

    Raises
    ------
    LookupError
        If the module does not define it.

    Examples
    --------
    >>> module = \'\'\'
    ... @cached
    ... def halved(x):
    ...     """Return the half."""
    ...     return x / 2  # exact
    ... \'\'\'
    >>> print(source_of(module, ["halved"]))
    @cached
    def halved(x):
        return x / 2  # exact
    >>> source_of(module, ["doubled"])
    Traceback (most recent call last):
        ...
    LookupError: 'doubled' is not defined there
    '''
    if not names:
        raise LookupError("name an object in the module")
    found = _named(ast.parse(code), names[0])
    for name in names[1:]:
        found = _named(found, name)
    first = min(
        [found.lineno]
        + [d.lineno for d in getattr(found, "decorator_list", [])]
    )
    dropped = _docstring_lines(found, code.split("\n"))
    lines = [
        text
        for number, text in enumerate(code.split("\n"), 1)
        if first <= number <= (found.end_lineno or first)
        and number not in dropped
    ]
    return textwrap.dedent("\n".join(lines))


def _named(scope: ast.stmt | ast.Module, name: str) -> ast.stmt:
    body: list[ast.stmt] = getattr(scope, "body", [])
    for node in body:
        if isinstance(node, DEFINITIONS) and node.name == name:
            return node
        if name in _assigned(node):
            return node
        if isinstance(node, ast.ImportFrom) and name in [
            alias.asname or alias.name for alias in node.names
        ]:
            raise LookupError(
                f"{name!r} is imported there from {node.module!r}:"
                " name it where it is defined"
            )
    raise LookupError(f"{name!r} is not defined there")


def _assigned(node: ast.stmt) -> list[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [t.id for t in targets if isinstance(t, ast.Name)]


def _docstring_lines(found: ast.stmt, lines: list[str]) -> set[int]:
    """Return the lines of docstrings, with the blank lines below them."""
    dropped: set[int] = set()
    for node in ast.walk(found):
        # One that is a whole body must stay: without it there is none.
        if not isinstance(node, DEFINITIONS) or len(node.body) < 2:
            continue
        first = node.body[0]
        if not (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
        ):
            continue
        last = first.end_lineno or first.lineno
        while last < len(lines) and not lines[last].strip():
            last += 1
        dropped |= set(range(first.lineno, last + 1))
    return dropped


class Listing(SphinxDirective):
    """The directive ``{listing}``."""

    required_arguments = 1
    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the source under a caption that names it."""
        name = self.arguments[0].strip()
        packages = self.config.mlsd_listing_packages
        if name.split(".")[0] not in packages:
            return self._refuse(
                f"{name!r} is outside the packages of the lessons:"
                f" {', '.join(packages)}"
            )
        try:
            path, rest = find_module(name)
            self.env.note_dependency(path)
            code = source_of(path.read_text("utf8"), rest)
        except (LookupError, OSError) as error:
            return self._refuse(f"cannot show {name!r}: {error}")
        except SyntaxError as error:
            return self._refuse(f"cannot show {name!r}: {path}: {error}")
        return [self._captioned(name, code)]

    def _refuse(self, message: str) -> list[nodes.Node]:
        report(message, location=self.get_location(), subtype="listing")
        return []

    def _captioned(self, name: str, code: str) -> nodes.Node:
        block = nodes.literal_block(code, code, language="python")
        caption = nodes.caption("", "", nodes.literal("", name))
        # What Sphinx makes of a code block with a caption.
        wrapper = nodes.container(
            "",
            caption,
            block,
            literal_block=True,
            classes=["literal-block-wrapper", "listing"],
        )
        for node in (wrapper, caption, block):
            self.set_source_info(node)
        anchor = nodes.make_id(f"listing-{name}")
        if anchor not in self.state.document.ids:
            wrapper["ids"].append(anchor)
            self.state.document.ids[anchor] = wrapper
        return wrapper


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive and its setting."""
    app.add_config_value("mlsd_listing_packages", ["mlsd_examples"], "env")
    app.add_directive("listing", Listing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
