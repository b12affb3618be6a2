"""What the source of a page must not hold, each with a rule and a line.

Sphinx publishes much that is wrong without a warning: a cell inside another
directive vanishes, a plain Python fence never runs, a comment sign eats a
paragraph, a misspelled tag does nothing.  :func:`check_page` reads one page
and returns every fault.  It is pure, but for looking whether a file that the
page names exists, and needs no Sphinx.

The rules are the members of :data:`RULES`.
"""

import ast
import doctest
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from mlsd_sphinx.findings import Finding
from mlsd_sphinx.page_blocks import (
    CODE,
    MATH,
    Cell,
    Directive,
    Page,
    read_page,
)
from mlsd_sphinx.typed_numbers import (
    EXCEPTIONS,
    NumberException,
    read_exceptions,
    typed_numbers,
)

__all__ = [
    "RULES",
    "Finding",
    "NumberException",
    "check_page",
    "read_exceptions",
]

TAGS: Final = frozenset(
    {
        "remove-cell",
        "hide-input",
        "hide-cell",
        "hide-output",
        "raises-exception",
        "machine-dependent",
    }
)
OPTIONS: Final = frozenset({"label", "tags", "raises", "mystnb"})
RENDERING: Final = frozenset(
    {
        *("image", "figure", "merge_streams", "remove_code_source"),
        *("remove_code_outputs", "scroll_outputs", "code_prompt_show"),
        *("code_prompt_hide", "number_source_lines", "output_stderr"),
        *("text_lexer", "error_lexer", "markdown_format"),
    }
)
PYTHON: Final = frozenset(
    {
        *("python", "python3", "py", "py3", "ipython", "ipython3", "pycon"),
        *("pycon3", "python-console", "ipythonconsole", "pytb"),
    }
)
NETWORK: Final = frozenset(
    {
        *("socket", "socketserver", "ssl", "urllib", "urllib3", "requests"),
        *("http", "httpx", "aiohttp", "ftplib", "smtplib", "websockets"),
    }
)
ENVIRONMENT: Final = frozenset({"environ", "environb", "getenv", "getenvb"})
CELL_LINES: Final = 12
REMOVED_CELL_LINES: Final = 20
ALT_WORDS: Final = 4
BANNED: Final = (
    *("simply", "just", "easily", "obviously", "basically", "crucial"),
    *("delve", "delves", "delving"),
)
# Before a full stop that ends no sentence.
ABBREVIATIONS: Final = frozenset(
    {
        *("e.g", "i.e", "vs", "fig", "figs", "eq", "eqs", "sec", "ch", "etc"),
        *("cf", "al", "dr", "mr", "mrs", "ms", "prof", "st", "no", "nos"),
        *("approx", "ca", "p", "pp", "vol", "ed", "eds", "inc", "ltd", "jr"),
        *("sr", "a.m", "p.m", "resp", "w.r.t", "i.i.d", "a.k.a", "def"),
        *("thm", "tab", "app", "ref", "refs", "dept", "u.s", "u.k"),
    }
)
FILE_OPTIONS: Final = {
    "csv-table": ("file", "url"),
    "raw": ("file", "url"),
    "literalinclude": ("diff",),
}
BUILT_PAGES: Final = frozenset({"genindex", "search", "py-modindex"})


@dataclass(frozen=True)
class _Source:
    """One text to check, and where it stands."""

    path: Path
    lines: Sequence[str]
    page: Page
    book: Path
    exceptions: Sequence[NumberException]

    def line(self, number: int) -> str:
        """Return a line of the source; empty past the end."""
        inside = 0 < number <= len(self.lines)
        return self.lines[number - 1] if inside else ""

    def at(self, line: int, rule: str, message: str) -> Finding:
        """Return a finding in this text."""
        return Finding(self.path, line, rule, message)

    def file(self, name: str) -> Path:
        """Return the file that a path of the page names, as Sphinx does."""
        if name.startswith("/"):
            return (self.book / name.lstrip("/")).resolve()
        return (self.path.parent / name).resolve()


def check_page(
    path: Path,
    text: str,
    *,
    book: Path,
    exceptions: Sequence[NumberException] = (),
) -> list[Finding]:
    """Return every fault in the source of one page.

    Parameters
    ----------
    path : Path
        File of the page, inside `book`.
    text : str
        Its content.
    book : Path
        Source folder of the book.
    exceptions : sequence of NumberException
        Typed numbers that may stand; see :func:`read_exceptions`.

    Returns
    -------
    list of Finding
        In the order of the lines.
    """
    return sorted(_findings(path, text, book, exceptions, included=()))


def _findings(
    path: Path,
    text: str,
    book: Path,
    exceptions: Sequence[NumberException],
    included: tuple[Path, ...],
) -> Iterator[Finding]:
    text = text.removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    source = _Source(path, lines, read_page(text), book, exceptions)
    for name, rule in RULES.items():
        # An included text has no front matter, and no cell of it runs.
        if not included or name not in {"file-format", "nested-cell"}:
            yield from rule(source)
    if included:
        for cell in source.page.cells:
            message = "a cell in an included file vanishes"
            yield source.at(cell.line, "nested-cell", message)
    for part in source.page.directives:
        if part.name != "include":
            continue
        file = source.file(part.argument)
        is_text = not {"literal", "code"} & set(part.options)
        inside = file.is_relative_to(book.resolve()) and file.is_file()
        seen = {path.resolve(), *included}
        if is_text and inside and file not in seen:
            yield from _findings(
                file,
                file.read_text("utf-8"),
                book,
                exceptions,
                (*included, path.resolve()),
            )


# --- the frame ------------------------------------------------------------


def _file_format(source: _Source) -> Iterator[Finding]:
    meta = source.page.front_matter
    if meta.get("file_format") != "mystnb":
        yield source.at(
            1, "file-format", "front matter lacks `file_format: mystnb`"
        )
    spec = meta.get("kernelspec")
    if not isinstance(spec, dict) or spec.get("name") != "python3":
        yield source.at(
            1, "file-format", "front matter lacks a kernelspec named python3"
        )


def _nested_cell(source: _Source) -> Iterator[Finding]:
    for cell in source.page.cells:
        if cell.vanishes:
            yield source.at(
                cell.line,
                "nested-cell",
                f"a cell {cell.vanishes} vanishes; move it to the top level,"
                " fenced by backticks",
            )


def _loose_python(source: _Source) -> Iterator[Finding]:
    message = "Python that is neither cell, listing nor doctest"
    for fence in source.page.fences:
        language = re.split(r"[\s{:,]", fence.info.casefold(), maxsplit=1)[0]
        prompt = not language and ">>> " in fence.body
        if language in PYTHON or prompt:
            yield source.at(fence.line, "loose-python", message)
    for part in source.page.directives:
        language = part.argument.casefold()
        if part.name in {"code-block", "code", "sourcecode"}:
            prompt = not language and ">>> " in part.body
            if language in PYTHON or prompt:
                yield source.at(part.line, "loose-python", message)
        elif part.name in {"testcode", "testsetup", "ipython"}:
            yield source.at(part.line, "loose-python", message)
        elif part.name == "eval-rst":
            for line, name, argument in _rst_directives(part):
                if "code" in name and argument.casefold() in PYTHON:
                    yield source.at(line, "loose-python", message)


def _rst_directives(part: Directive) -> Iterator[tuple[int, str, str]]:
    for line, text in enumerate(part.body.split("\n"), part.body_line):
        found = re.match(r"\s*\.\. ([\w-]+)::\s*(.*)", text)
        if found:
            yield line, found[1], found[2].strip()


# --- cells ----------------------------------------------------------------


def _cell_tag(source: _Source) -> Iterator[Finding]:
    for cell in source.page.cells:
        if cell.problem:
            yield source.at(cell.line, "cell-tag", cell.problem)
        for name in sorted(map(str, cell.options.keys() - OPTIONS)):
            yield source.at(
                cell.option_line(name),
                "cell-tag",
                f"unknown cell option {name!r};"
                f" the options are {', '.join(sorted(OPTIONS))}",
            )
        tags = cell.options.get("tags", [])
        line = cell.option_line("tags")
        if not isinstance(tags, list):
            message = f"tags are a list: [{tags}]"
            yield source.at(line, "cell-tag", message)
        for tag in cell.tags:
            if tag not in TAGS:
                yield source.at(
                    line,
                    "cell-tag",
                    f"unknown tag {tag!r}; the tags are"
                    f" {', '.join(sorted(TAGS))}",
                )
        rendering = cell.options.get("mystnb", {})
        if not isinstance(rendering, dict):
            message = "mystnb holds image and figure options"
            yield source.at(cell.option_line("mystnb"), "cell-tag", message)
            continue
        for name in sorted(map(str, rendering.keys() - RENDERING)):
            yield source.at(
                cell.option_line(name),
                "cell-tag",
                f"unknown rendering option {name!r}",
            )


def _cell_raises(source: _Source) -> Iterator[Finding]:
    for cell in source.page.cells:
        tagged = "raises-exception" in cell.tags
        raises = cell.options.get("raises")
        if tagged and raises is None:
            yield source.at(
                cell.option_line("tags"),
                "cell-raises",
                'raises-exception needs raises: "Type: start of message"',
            )
        elif raises is not None and not tagged:
            yield source.at(
                cell.option_line("raises"),
                "cell-raises",
                "raises needs the tag raises-exception",
            )
        elif raises is not None and not (
            isinstance(raises, str)
            and re.match(r"[A-Za-z_][\w.]*: \S", raises)
        ):
            yield source.at(
                cell.option_line("raises"),
                "cell-raises",
                f'{raises!r} is not of the form "Type: start of message"',
            )


def _tree(cell: Cell) -> ast.Module | SyntaxError:
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        tree = compile(cell.source, "<cell>", "exec", flags, True)
    except SyntaxError as error:
        return error
    return tree if isinstance(tree, ast.Module) else ast.Module([], [])


_MAGIC = re.compile(r"^\s*(?:\w+\s*=\s*)?(?:%%?[A-Za-z]|![\w./]|\?)|\?\s*$")


def _magics(cell: Cell) -> Iterator[tuple[int, str]]:
    for number, text in enumerate(cell.source.split("\n")):
        if _MAGIC.search(text):
            yield cell.source_line + number, text.strip()


def _cell_syntax(source: _Source) -> Iterator[Finding]:
    for cell in source.page.cells:
        error = _tree(cell)
        meant = str(cell.options.get("raises", "")).startswith(
            ("SyntaxError", "IndentationError", "TabError")
        )
        if not isinstance(error, SyntaxError) or meant:
            continue
        if not any(_magics(cell)):
            line = cell.source_line + (error.lineno or 1) - 1
            yield source.at(line, "cell-syntax", f"not Python: {error.msg}")
    for line, text in _other_python(source.page):
        try:
            ast.parse(text)
        except SyntaxError as error:
            at = line + (error.lineno or 1) - 1
            yield source.at(at, "cell-syntax", f"not Python: {error.msg}")


def _other_python(page: Page) -> Iterator[tuple[int, str]]:
    """Yield Python in fences and doctests, each with its first line."""
    for fence in page.fences:
        language = fence.info.casefold().split(" ", 1)[0]
        if language in PYTHON and ">>> " not in fence.body:
            yield fence.line + 1, fence.body
    for part in page.directives:
        if part.name == "doctest":
            yield from _doctest_examples(part)
        elif (
            part.name in {"code-block", "code", "sourcecode"}
            and part.argument.casefold() in PYTHON
            and ">>> " not in part.body
        ):
            yield part.body_line, part.body


def _doctest_examples(part: Directive) -> Iterator[tuple[int, str]]:
    try:
        examples = doctest.DocTestParser().get_examples(part.body)
    except ValueError:
        yield part.body_line, ">>>"  # malformed: reported as no Python
        return
    for example in examples:
        if "SyntaxError" not in example.want:
            yield part.body_line + example.lineno, example.source


def _cell_def(source: _Source) -> Iterator[Finding]:
    for cell in source.page.cells:
        tree = _tree(cell)
        if isinstance(tree, SyntaxError):
            for line, text in _magics(cell):
                message = f"magic or shell command in a cell: {text}"
                yield source.at(line, "cell-def", message)
            continue
        for node in ast.walk(tree):
            message = _forbidden(node)
            if message:
                offset = getattr(node, "lineno", 1) - 1
                line = cell.source_line + offset
                yield source.at(line, "cell-def", message)


def _forbidden(node: ast.AST) -> str:
    """Return why a node has no place in a cell; empty when it has."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return f"def {name} in a cell; the package holds the functions"
        case ast.ClassDef(name=name):
            return f"class {name} in a cell; the package holds the classes"
        case (
            ast.Assign(value=ast.Lambda())
            | ast.AnnAssign(value=ast.Lambda())
            | ast.NamedExpr(value=ast.Lambda())
        ):
            return "a lambda with a name is a def; the package holds those"
        case ast.Import(names=names):
            return _imported(alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names):
            if any(alias.name in ENVIRONMENT for alias in names):
                return "a cell reads the environment of the process"
            return _imported(iter([module or ""]))
        case ast.Attribute(attr=name) | ast.Name(id=name):
            if name in ENVIRONMENT:
                return "a cell reads the environment of the process"
            if name == "get_ipython":
                return "a cell calls IPython; a reader may not run it there"
        case ast.Call(args=[ast.Constant(value=str(first)), *_]) as call:
            return _call(ast.unparse(call.func).rpartition(".")[2], first)
    return ""


def _imported(modules: Iterator[str]) -> str:
    for module in modules:
        if module.split(".")[0] in NETWORK:
            return f"a cell imports {module}; pages do not use the network"
    return ""


def _call(name: str, first: str) -> str:
    if name in {"__import__", "import_module"}:
        return _imported(iter([first]))
    if name.startswith(("read_", "fetch_", "url")) and "://" in first:
        return f"a cell reads {first}; pages do not use the network"
    return ""


def _cell_length(source: _Source) -> Iterator[Finding]:
    for cell in source.page.cells:
        count = _code_lines(cell.source)
        removed = "remove-cell" in cell.tags
        limit = REMOVED_CELL_LINES if removed else CELL_LINES
        if count > limit:
            yield source.at(
                cell.line,
                "cell-length",
                f"{count} lines of code, more than {limit}",
            )


def _code_lines(code: str) -> int:
    """Count the lines with code: no comments, no blank lines."""
    silent = {
        *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE),
        *(tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
    }
    lines = code.split("\n")
    used: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type not in silent:
                used.update(range(token.start[0], token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        used = {n for n, text in enumerate(lines, 1) if text[:1] != "#"}
    return sum(1 for n in used if lines[n - 1 : n] and lines[n - 1].strip())


# --- figures, files and HTML ----------------------------------------------


def _figure_alt(source: _Source) -> Iterator[Finding]:
    for line, alt, caption in _alts(source.page):
        message = _alt_fault(alt, caption)
        if message:
            yield source.at(line, "figure-alt", message)


def _alts(page: Page) -> Iterator[tuple[int, str, str]]:
    for image in page.images:
        yield image.line, image.alt, ""
    for part in page.directives:
        if part.name in {"figure", "image"}:
            caption = re.split(r"\n\s*\n", part.body.strip())[0]
            yield part.option_line("alt"), part.options.get("alt", ""), caption
    for cell in page.cells:
        yield from _cell_alts(cell)
    for piece in page.html:
        for tag in _tags(piece.text):
            if tag.name == "img":
                yield piece.line + tag.line, tag.attributes.get("alt", ""), ""


def _cell_alts(cell: Cell) -> Iterator[tuple[int, str, str]]:
    rendering = cell.options.get("mystnb")
    if not isinstance(rendering, dict):
        return
    image, figure = rendering.get("image"), rendering.get("figure")
    if image is None and figure is None:
        return
    alt = image.get("alt") if isinstance(image, dict) else ""
    caption = figure.get("caption") if isinstance(figure, dict) else ""
    yield cell.option_line("mystnb"), str(alt or ""), str(caption or "")


def _alt_fault(alt: str, caption: str) -> str:
    words = re.findall(r"\w[\w'’.-]*", alt)
    if not words:
        return "a figure needs alt text: a sentence that says what it shows"
    if _plain(alt) == _plain(caption):
        return "the alt text repeats the caption; say what the figure shows"
    if len(words) < ALT_WORDS:
        return f"alt text {alt!r} is no sentence"
    return ""


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _include_outside(source: _Source) -> Iterator[Finding]:
    root = source.book.resolve()
    for line, name in _named_files(source.page):
        if re.match(r"(?:https?:)?//", name):
            yield source.at(
                line,
                "include-outside",
                f"{name} is fetched from a third party; keep a copy",
            )
        elif name.startswith("<"):
            yield source.at(
                line, "include-outside", f"{name} is not a file of the book"
            )
        elif not source.file(name).is_relative_to(root):
            yield source.at(
                line, "include-outside", f"{name} is outside the book"
            )


def _named_files(page: Page) -> Iterator[tuple[int, str]]:
    for part in page.directives:
        if part.name in {"literalinclude", "include", "figure", "image"}:
            yield part.line, part.argument
        for option in FILE_OPTIONS.get(part.name, ()):
            if option in part.options:
                yield part.option_line(option), part.options[option]
        if part.name == "eval-rst":
            yield from _rst_files(part)
    for cell in page.cells:
        if "load" in cell.options:
            yield cell.option_line("load"), str(cell.options["load"])
    for image in page.images:
        if not image.path.startswith("data:"):
            yield image.line, unquote(image.path)
    for role in page.roles:
        if role.name in {"download", "nb-download"}:
            target = re.search(r"<([^<>]+)>\s*$", role.content)
            yield role.line, target[1] if target else role.content
    for link in page.links:
        parts = urlsplit(link.target)
        if parts.scheme in {"", "path", "project"} and not parts.netloc:
            yield link.line, unquote(parts.path)


def _rst_files(part: Directive) -> Iterator[tuple[int, str]]:
    for line, name, argument in _rst_directives(part):
        if name in {"literalinclude", "include", "figure", "image"}:
            yield line, argument
    for line, text in enumerate(part.body.split("\n"), part.body_line):
        named = re.match(r"\s*:(?:file|url|diff):\s*(\S+)", text)
        if named:
            yield line, named[1]


@dataclass(frozen=True)
class _Tag:
    name: str
    attributes: dict[str, str]
    line: int  # lines above it in the piece of HTML


class _TagReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Tag] = []

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        values = {name: value or "" for name, value in attrs}
        self.found.append(_Tag(tag, values, self.getpos()[0] - 1))


def _tags(text: str) -> list[_Tag]:
    reader = _TagReader()
    reader.feed(text)
    reader.close()
    return reader.found


def _raw_html(source: _Source) -> Iterator[Finding]:
    for piece in source.page.html:
        for tag in _tags(piece.text):
            for message in _tag_faults(source, tag):
                line = piece.line + tag.line
                yield source.at(line, "raw-html", message)


def _tag_faults(source: _Source, tag: _Tag) -> Iterator[str]:
    if tag.name in {"script", "iframe", "object", "embed"}:
        yield f"<{tag.name}> in a page"
    for name, value in tag.attributes.items():
        if name.startswith("on"):
            yield f"script in the attribute {name}"
        elif name in {"src", "href", "poster", "srcset", "data"}:
            addresses = [value]
            if name == "srcset":
                addresses = [part.split()[0] for part in value.split(",")]
            for address in addresses:
                yield from _address_fault(source, tag.name, address)
        elif name == "style" and re.search(r"url\(\s*['\"]?\s*\w*:?//", value):
            yield "a style loads a file from a third party"


def _address_fault(source: _Source, tag: str, address: str) -> Iterator[str]:
    parts = urlsplit(address.strip())
    if parts.scheme in {"http", "https"} or parts.netloc:
        if tag != "a":
            yield f"<{tag}> loads {address} from a third party"
        return
    if parts.scheme or not parts.path:
        return
    path = unquote(parts.path)
    if Path(path).stem in BUILT_PAGES:
        return
    file = source.file(path)
    if path.endswith(".html"):
        file = file.with_suffix(".md")
    if not file.exists():
        yield f"<{tag}> names {path}, which does not exist"


# --- prose ----------------------------------------------------------------


def _typed_number(source: _Source) -> Iterator[Finding]:
    try:
        page = source.path.resolve().relative_to(source.book.resolve())
    except ValueError:
        page = source.path
    mine = [e for e in source.exceptions if e.page == page.as_posix()]
    used: set[NumberException] = set()
    for prose in source.page.prose:
        whole = source.line(prose.line)
        if re.search(r"\{(?:foot)?cite", whole):
            continue
        for number in typed_numbers(prose.text):
            digits = re.search(r"[\d.,]*\d", number)
            excused = {
                exception
                for exception in mine
                if exception.text in whole
                and digits
                and digits[0] in exception.text
            }
            used |= excused
            if not excused:
                yield source.at(
                    prose.line,
                    "typed-number",
                    f"{number!r} is typed; compute it and print it with"
                    " {num}, or cite its source",
                )
    for exception in mine:
        if exception not in used:
            yield Finding(
                source.book / EXCEPTIONS,
                exception.line,
                "stale-exception",
                f"{exception.text!r} excuses no number of {exception.page}",
            )


def _percent_comment(source: _Source) -> Iterator[Finding]:
    for line in source.page.comments:
        yield source.at(
            line,
            "percent-comment",
            "a line that begins with % is dropped by MyST",
        )


_BANNED = re.compile(
    rf"(?<![\w-])(?:{'|'.join(BANNED)})(?![\w-])", re.IGNORECASE
)


def _banned_word(source: _Source) -> Iterator[Finding]:
    for prose in source.page.prose:
        for found in _BANNED.finditer(prose.text):
            yield source.at(
                prose.line, "banned-word", f"{found[0]!r} adds nothing"
            )


_EMOJI = re.compile(
    "[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u203c\u2049\u231a-\u23ff"
    "\U0001f000-\U0001faff]"
)


def _heading_emoji(source: _Source) -> Iterator[Finding]:
    for prose in source.page.prose:
        if prose.kind == "heading" and _EMOJI.search(prose.text):
            yield source.at(
                prose.line, "heading-emoji", "an emoji in a heading"
            )


_SENTENCE_END = re.compile(
    rf"(\S*?)[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z{CODE}{MATH}])"
)


def _sentence_lines(source: _Source) -> Iterator[Finding]:
    for prose in source.page.prose:
        if prose.kind == "paragraph" and _ends_inside(prose.text):
            yield source.at(
                prose.line,
                "sentence-lines",
                "two sentences on one line; give each its own",
            )


def _ends_inside(text: str) -> bool:
    for found in _SENTENCE_END.finditer(text):
        word = found[1].lstrip("(\"'“‘[").casefold()
        stop = found[0][len(found[1]) :][0]
        initial = len(word) == 1 and word.isalpha()
        # `(1. The first` numbers, it does not end.
        numbers = word.isdecimal() and found.start() == 0
        if stop == "." and (
            word in ABBREVIATIONS or initial or numbers or not word
        ):
            continue
        return True
    return False


_LEFTOVER = re.compile(
    r"\b(?:TODO|FIXME|XXX)\b|\b(?i:lorem ipsum|coming soon)\b"
)


def _leftover(source: _Source) -> Iterator[Finding]:
    prose = {part.line for part in source.page.prose}
    texts = [(part.line, part.text) for part in source.page.prose]
    texts += [
        (number, text)
        for number, text in enumerate(source.lines, 1)
        if number not in prose
    ]
    for line, text in texts:
        found = _LEFTOVER.search(text)
        if found:
            yield source.at(line, "leftover", f"{found[0]!r} is left over")


RULES: Final[dict[str, Callable[[_Source], Iterator[Finding]]]] = {
    "file-format": _file_format,
    "nested-cell": _nested_cell,
    "loose-python": _loose_python,
    "cell-tag": _cell_tag,
    "cell-raises": _cell_raises,
    "cell-def": _cell_def,
    "cell-length": _cell_length,
    "cell-syntax": _cell_syntax,
    "figure-alt": _figure_alt,
    "include-outside": _include_outside,
    "raw-html": _raw_html,
    "typed-number": _typed_number,  # and stale-exception
    "percent-comment": _percent_comment,
    "banned-word": _banned_word,
    "heading-emoji": _heading_emoji,
    "sentence-lines": _sentence_lines,
    "leftover": _leftover,
}
