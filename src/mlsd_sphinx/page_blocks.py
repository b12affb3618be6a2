"""The parts of one page's source, each with its line.

A page is read with the parser that MyST-NB itself uses, so that a fence, a
formula or a link is what the build will take it for.  Directives whose body
is prose are read again, as deep as they are nested.  Nothing here imports
Sphinx.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import (
    DirectiveParsingResult,
    parse_directive_text,
)
from myst_parser.parsers.mdit import create_md_parser

__all__ = [
    "CODE",
    "MATH",
    "PRODUCTS",
    "Cell",
    "Directive",
    "Fence",
    "Html",
    "Image",
    "Link",
    "Page",
    "ProseLine",
    "Role",
    "read_page",
]

# What stands in the prose for text that is none, one character for each of
# the source.  Private code points: no author can type them by accident.
CODE: Final = "\ue000"
MATH: Final = "\ue001"
OTHER: Final = "\ue002"

EXTENSIONS: Final = frozenset(
    {
        "dollarmath",
        "amsmath",
        "colon_fence",
        "deflist",
        "attrs_inline",
        "attrs_block",
        "fieldlist",
    }
)

# Directives whose body is not Markdown prose.
OPAQUE: Final = frozenset(
    {
        *("code-cell", "raw-cell", "code-block", "code", "sourcecode"),
        *("parsed-literal", "doctest", "testcode", "testsetup"),
        *("testcleanup", "testoutput", "ipython", "listing"),
        *("literalinclude", "include", "math", "raw", "eval-rst", "toctree"),
        *("image", "footbibliography", "bibliography", "mermaid", "graphviz"),
        *("autosummary", "automodule", "autoclass", "autofunction", "index"),
    }
)

# Directives whose argument the reader reads.
TITLED: Final = frozenset(
    {
        *("admonition", "dropdown", "followup", "rubric", "topic", "sidebar"),
        *("card", "grid-item-card", "tab-item", "table", "list-table"),
        *("csv-table", "solution", "note", "warning", "tip", "hint"),
        *("important", "caution", "danger", "attention", "error", "seealso"),
        *("epigraph", "predict", "centered"),
    }
)

# Names after which digits are a version (or a standard's number).
PRODUCTS: Final = (
    *("Python", "CPython", "IPython", "Jupyter", "JupyterLab", "nbformat"),
    *("NumPy", "pandas", "SciPy", "Matplotlib", "Polars", "PyTorch", "JAX"),
    *("TensorFlow", "scikit-learn", "statsmodels", "XGBoost", "LightGBM"),
    *("PyArrow", "Arrow", "Parquet", "DuckDB", "SQLite", "PostgreSQL"),
    *("Spark", "Ray", "Dask", "Numba", "Cython", "OpenBLAS", "MKL", "LAPACK"),
    *("CUDA", "cuDNN", "ROCm", "Sphinx", "MyST", "MyST-NB", "MyST-Parser"),
    *("docutils", "KaTeX", "MathJax", "TeX Live", "LuaTeX", "Hypothesis"),
    *("pytest", "mypy", "Ruff", "uv", "pip", "conda", "Poetry", "setuptools"),
    *("hatchling", "Docker", "Kubernetes", "Linux", "Debian", "Ubuntu"),
    *("Windows", "macOS", "Chromium", "Firefox", "Node", "Java", "GCC"),
    *(
        "glibc",
        "Git",
        "GNU Make",
        "Anki",
        "EPUB",
        "ePub",
        "PDF",
        "HTML",
        "CSS",
    ),
    *("HTTP", "TLS", "WCAG", "Unicode", "PCIe", "DDR", "USB", "IEEE", "ISO"),
    *("PEP", "NEP", "RFC", "CC BY", "CC BY-SA", "Apache", "GPL", "LGPL"),
    *("GPT", "Llama", "BERT", "ResNet", "manylinux", "Temml", "QuickJS"),
    *("python", "numpy", "scipy", "matplotlib", "polars", "torch", "sphinx"),
)
_PRODUCT_NAMES: Final = frozenset(name.casefold() for name in PRODUCTS)

Kind: TypeAlias = Literal["paragraph", "heading", "table", "title"]


@dataclass(frozen=True)
class ProseLine:
    """One source line that the reader reads, without code, maths and links.

    Parameters
    ----------
    line : int
        Line in the file.
    text : str
        The prose; each character of code is :data:`CODE`, of maths
        :data:`MATH`, of any other syntax a private code point.
    kind : str
        What the line belongs to.
    """

    line: int
    text: str
    kind: Kind


@dataclass(frozen=True)
class Directive:
    """A directive with its options as text.

    Parameters
    ----------
    line : int
        Line of the opening fence.
    name, argument : str
        What stands in braces, and after them.
    options : dict of str to str
        Options as they are written.
    body : str
        What follows the options.
    body_line : int
        Line of the first line of the body.
    header : tuple of str
        Lines of the options as they are written.
    """

    line: int
    name: str
    argument: str
    options: dict[str, str]
    body: str
    body_line: int

    header: tuple[str, ...]

    def option_line(self, name: str) -> int:
        """Return the line of an option, or else of the directive."""
        return _option_line(self.header, self.line, name)


@dataclass(frozen=True)
class Cell:
    """A fence that means to be an executed cell.

    Parameters
    ----------
    line : int
        Line of the opening fence.
    options : dict of str to object
        Options, read as YAML.
    source : str
        The code.
    source_line : int
        Line of the first line of the code.
    vanishes : str
        Why MyST-NB will not run it; empty when it will.
    problem : str
        Why the options cannot be read; empty when they can.
    header : tuple of str
        Lines of the options as they are written.
    """

    line: int
    options: dict[str, Any]
    source: str
    source_line: int
    vanishes: str
    problem: str
    header: tuple[str, ...]

    def option_line(self, name: str) -> int:
        """Return the line of an option, or else of the cell."""
        return _option_line(self.header, self.line, name)

    @property
    def tags(self) -> list[str]:
        """Tags of the cell; empty when they are not a list."""
        tags = self.options.get("tags", [])
        return [str(tag) for tag in tags] if isinstance(tags, list) else []


def _option_line(header: tuple[str, ...], line: int, name: str) -> int:
    for number, text in enumerate(header, line + 1):
        if re.match(rf"\s*:?{re.escape(name)}\s*:", text):
            return number
    return line


@dataclass(frozen=True)
class Fence:
    """Literal text: a fence that is no directive, or an indented block."""

    line: int
    info: str
    body: str


@dataclass(frozen=True)
class Html:
    """Raw HTML, in a block, in a line or in a directive."""

    line: int
    text: str


@dataclass(frozen=True)
class Image:
    """A Markdown image."""

    line: int
    path: str
    alt: str


@dataclass(frozen=True)
class Link:
    """A Markdown link; MyST copies a file that it names to the site."""

    line: int
    target: str


@dataclass(frozen=True)
class Role:
    """A role with its content."""

    line: int
    name: str
    content: str


@dataclass
class Page:
    """The parts of a page, each in the order of the source."""

    front_matter: dict[str, Any] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    prose: list[ProseLine] = field(default_factory=list)
    html: list[Html] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)


def read_page(text: str) -> Page:
    r"""Read the source of a page into its parts.

    Parameters
    ----------
    text : str
        The whole source, with ``\n`` at the end of lines.

    Returns
    -------
    Page
        Cells, directives, fences, prose, raw HTML, images, roles, comments.
    """
    page = Page()
    _read_blocks(page, text, above=0, inside="")
    return page


@cache
def _parser(top: bool) -> tuple[MarkdownIt, "_Spans"]:
    # Blocks only: inline text is read by _Spans, which keeps positions.
    config = MdParserConfig(
        enable_extensions=set(EXTENSIONS), disable_syntax=["inline"]
    )
    parser = create_md_parser(config, RendererHTML)
    if not top:
        parser.disable("front_matter")
    return parser, _Spans(parser)


def _read_blocks(page: Page, text: str, *, above: int, inside: str) -> None:
    """Add the parts of `text`, whose first line is line ``above + 1``."""
    parser, spans = _parser(not above)
    env: dict[str, Any] = {}
    opened: list[str] = []
    for token in parser.parse(text + "\n", env):
        if token.nesting == 1:
            opened.append(token.type)
        elif token.nesting == -1:
            opened.pop()
        elif token.type == "inline":
            first = above + (token.map or [0])[0] + 1
            _read_inline(page, spans.read(token.content, env), first, opened)
        else:
            nested = inside or _container(opened)
            _read_leaf(page, token, above=above, inside=nested)


def _container(opened: list[str]) -> str:
    for name, words in (
        ("list", "a list"),
        ("blockquote", "a quote"),
        ("dd_", "a definition"),
        ("fieldlist", "a field"),
        ("footnote", "a footnote"),
    ):
        if any(name in kind for kind in opened):
            return words
    return ""


def _read_leaf(page: Page, token: Token, *, above: int, inside: str) -> None:
    start, end = token.map or [0, 0]
    line = above + start + 1
    if token.type == "front_matter":
        page.front_matter = _front_matter(token.content)
    elif token.type == "myst_line_comment":
        page.comments += range(line, above + end + 1)
    elif token.type == "html_block":
        page.html.append(Html(line, token.content))
    elif token.type == "code_block":
        page.fences.append(Fence(line, "", token.content))
        if re.search(r"[`~:]{3,}\s*\{code-cell\}", token.content):
            inside = "inside an indented block"
            page.cells.append(Cell(line, {}, "", line, inside, "", ()))
    elif token.type in {"fence", "colon_fence"}:
        _read_fence(page, token, line, inside)


def _front_matter(content: str) -> dict[str, Any]:
    # The same YAML as that of a cell; what cannot be read is empty, so that
    # its missing keys are reported.
    return _cell_options(f"---\n{content}\n---\n").options


def _read_fence(page: Page, token: Token, line: int, inside: str) -> None:
    named = re.match(r"\{([\w:.+-]+)\}\s*(.*)", token.info.strip())
    if named is None:
        page.fences.append(Fence(line, token.info.strip(), token.content))
        return
    name, argument = named.groups()
    if name == "code-cell":
        page.cells.append(_cell(token, line, _vanishes(token, inside)))
        return
    parsed = parse_directive_text(TestDirective, argument, token.content)
    directive = Directive(
        line,
        name,
        argument.strip(),
        {key: str(value) for key, value in parsed.options.items()},
        "\n".join(parsed.body),
        line + 1 + parsed.body_offset,
        tuple(token.content.split("\n")[: parsed.body_offset]),
    )
    page.directives.append(directive)
    if name == "raw" and "html" in argument.split():
        page.html.append(Html(directive.body_line, directive.body))
    if name in TITLED and argument:
        _, spans = _parser(False)
        _read_inline(page, spans.read(argument, {}), line, ["title"])
    if name not in OPAQUE:
        _read_blocks(
            page,
            directive.body,
            above=directive.body_line - 1,
            inside=f"the directive {{{name}}}",
        )


def _vanishes(token: Token, inside: str) -> str:
    if inside:
        return f"inside {inside}"
    if token.type == "colon_fence":
        return "fenced by colons"
    if not token.info.startswith("{"):
        return "named after a space"
    return ""


class _AnyOptions(TestDirective):
    """What MyST-NB takes a cell for: any option, read as YAML."""

    required_arguments = 0
    optional_arguments = 1


def _cell_options(content: str) -> DirectiveParsingResult:
    return parse_directive_text(
        _AnyOptions, "", content, validate_options=False
    )


def _cell(token: Token, line: int, vanishes: str) -> Cell:
    parsed = _cell_options(token.content)
    problem = parsed.warnings[0].msg if parsed.warnings else ""
    return Cell(
        line,
        parsed.options,
        "\n".join(parsed.body),
        line + 1 + parsed.body_offset,
        vanishes,
        problem,
        tuple(token.content.split("\n")[: parsed.body_offset]),
    )


def _read_inline(
    page: Page, inline: "_Inline", first: int, opened: list[str]
) -> None:
    kind: Kind = "paragraph"
    if opened[-1] in {"heading_open", "title", "dt_open"}:
        kind = "heading" if opened[-1] == "heading_open" else "title"
    elif opened[-1] in {"th_open", "td_open"}:
        kind = "table"
    for number, text in enumerate(inline.text.split("\n"), first):
        page.prose.append(ProseLine(number, text, kind))
    for offset, token in inline.tokens:
        line = first + offset
        if token.type == "html_inline":
            page.html.append(Html(line, token.content))
        elif token.type == "myst_role":
            name = str(token.meta["name"])
            page.roles.append(Role(line, name, token.content))
        elif token.type == "link_open":
            page.links.append(Link(line, str(token.attrGet("href") or "")))
        elif token.type == "image":
            source = str(token.attrGet("src") or "")
            page.images.append(Image(line, source, token.content))


@dataclass(frozen=True)
class _Inline:
    """Prose of one block, and the inline tokens that are no prose."""

    text: str
    tokens: list[tuple[int, Token]]


class _Spans:
    """Read inline text with the parser's own rules, keeping positions.

    Inline tokens do not say where they stand.  Each rule of the parser is
    wrapped, so that its matches are noted as spans of the source: what is
    code, a link or a formula is then decided once, by the parser.
    """

    SILENT: Final = frozenset({"text", "newline", "linkify"})

    def __init__(self, parser: MarkdownIt) -> None:
        self._parser = parser
        self._source = ""
        self._found: list[tuple[str, int, int, int, Token | None]] = []
        for rule in list(parser.inline.ruler.__rules__):
            if rule.enabled and rule.name not in self.SILENT:
                wrapped = self._wrapped(rule.name, rule.fn)
                parser.inline.ruler.at(rule.name, wrapped)

    def _wrapped(self, name: str, rule: Any) -> Any:
        def noted(state: StateInline, silent: bool) -> bool:
            start = state.pos
            matched = bool(rule(state, silent))
            # An image reads its label as a text of its own: not ours.
            if matched and not silent and state.src == self._source:
                self._note(state, name, start)
            return matched

        return noted

    def _note(self, state: StateInline, name: str, start: int) -> None:
        token = state.tokens[-1] if state.tokens else None
        if name == "link":
            token = _opening(state.tokens)
        label_end = start
        if name in {"link", "span"}:
            label_end = state.md.helpers.parseLinkLabel(state, start)
        self._found.append((name, start, label_end, state.pos, token))

    def read(self, source: str, env: dict[str, Any]) -> _Inline:
        """Return the prose of `source` and the tokens that are none."""
        if not _MARKED.search(source):
            return _Inline(source, [])
        self._source, self._found = source, []
        self._parser.inline.parse(source, self._parser, env, [])
        characters = list(source)
        tokens: list[tuple[int, Token]] = []
        for name, start, label_end, end, token in self._found:
            for begin, stop, mask in _masks(
                source, name, start, label_end, end, token
            ):
                _fill(characters, begin, stop, mask)
            if token is not None and name in _TOKENS:
                tokens.append((source.count("\n", 0, start), token))
        return _Inline("".join(characters), tokens)


def _opening(tokens: list[Token]) -> Token:
    """Return the token that opens the link which the last token closes."""
    level = tokens[-1].level
    return next(
        token
        for token in reversed(tokens)
        if token.type == "link_open" and token.level == level
    )


_MARKED = re.compile(r"[`$<\[\]*_\\&{}!]")
_TOKENS = frozenset({"html_inline", "myst_role", "image", "link"})


def _fill(characters: list[str], begin: int, stop: int, mask: str) -> None:
    for position in range(begin, stop):
        if characters[position] != "\n":
            characters[position] = mask


def _masks(
    source: str,
    name: str,
    start: int,
    label_end: int,
    end: int,
    token: Token | None,
) -> Iterator[tuple[int, int, str]]:
    kind = token.type if token else ""
    if name in {"link", "span"}:
        yield start, start + 1, ""
        yield label_end, end, OTHER
    elif name == "emphasis":
        yield start, end, ""
    elif name == "escape":
        yield start, start + 1, ""
    elif name == "entity":
        yield start, end, ""
        yield start, start + 1, html.unescape(source[start:end])
    elif name == "backticks":
        if kind == "code_inline" and token is not None:
            is_name = token.content.casefold() in _PRODUCT_NAMES
            ticks = len(token.markup) if is_name else end - start
            yield start, start + ticks, "" if is_name else CODE
            yield end - ticks, end, "" if is_name else CODE
    elif name.startswith("math"):
        if kind.startswith("math"):
            yield start, end, MATH
    else:
        yield start, end, OTHER
