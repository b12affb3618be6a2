"""Read the built site as a reader's browser would, and report what is wrong.

Sphinx does not look at what it wrote: a picture that is missing from raw
HTML, a link to an anchor that is gone, a script from another host, a path of
the machine that built the book, all pass.  :func:`audit` reads every file of
the output folder, with the standard library alone, since it runs in each
``make html``.

Run it by hand with ``python -m mlsd_sphinx.html_audit build/html``.
"""

import argparse
import html
import posixpath
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from mlsd_sphinx.findings import Finding

__all__ = ["Finding", "audit", "main"]

PAGE_BYTES: Final = 1_000_000
ALT_WORDS: Final = 4
SECRET_LENGTH: Final = 8

VOID: Final = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input"),
        *("link", "meta", "param", "source", "track", "wbr"),
    }
)
# Attributes that hold an address, by element.
ADDRESSES: Final = {
    "a": ("href",),
    "area": ("href",),
    "audio": ("src",),
    "embed": ("src",),
    "form": ("action",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
# Elements whose address is followed only when the reader asks for it.
FOLLOWED: Final = frozenset({"a", "area", "form"})
# Relations of a link that a browser does not fetch.
UNFETCHED: Final = frozenset(
    {
        *("alternate", "author", "canonical", "help", "license", "me"),
        *("next", "prev", "search", "index", "top", "up"),
    }
)
TEXT_FILES: Final = frozenset(
    {
        *(".css", ".csv", ".html", ".ipynb", ".js", ".json", ".map", ".md"),
        *(".py", ".svg", ".txt", ".webmanifest", ".xml", ""),
    }
)


def audit(
    outdir: Path,
    *,
    secrets: Iterable[str] = (),
    forbidden_paths: Iterable[str] = (),
) -> list[Finding]:
    """Return every fault of a built site.

    Parameters
    ----------
    outdir : Path
        Folder of the built HTML.
    secrets : iterable of str
        Values that no file may hold; those of fewer than eight characters
        are ignored, since they occur by chance.  No finding repeats one.
    forbidden_paths : iterable of str
        Absolute paths of the machine that no text may hold.

    Returns
    -------
    list of Finding
        By file and line.

    Raises
    ------
    FileNotFoundError
        If the folder holds no ``index.html``.
    """
    if not (outdir / "index.html").is_file():
        raise FileNotFoundError(f"{outdir} holds no index.html")
    files = {
        path.relative_to(outdir).as_posix(): path
        for path in sorted(outdir.rglob("*"))
        if path.is_file()
    }
    site = _Site(outdir, frozenset(files))
    hidden = _Hidden(secrets, forbidden_paths)
    found: list[Finding] = []
    for name, path in files.items():
        content = path.read_bytes()
        found += hidden.findings(path, content)
        if path.suffix == ".html":
            found += site.read_page(name, path, content)
        elif path.suffix == ".css":
            found += site.read_style(name, path, content)
    found += site.broken_anchors()
    return sorted(found)


class _Lines:
    """Turn offsets in a text into line numbers, when there is need to."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._ends: list[int] | None = None

    def at(self, offset: int, rule: str, message: str) -> Finding:
        """Return a finding at an offset."""
        if self._ends is None:
            self._ends = [
                found.end() for found in _NEWLINE.finditer(self._text)
            ]
        line = bisect_right(self._ends, offset) + 1
        return Finding(self._path, line, rule, message)


_NEWLINE = re.compile("\n")


# --- what must not be said ------------------------------------------------


class _Hidden:
    """Values that must not be published."""

    def __init__(self, secrets: Iterable[str], paths: Iterable[str]) -> None:
        self._secrets = sorted(
            {
                form.encode()
                for secret in secrets
                if len(secret) >= SECRET_LENGTH
                for form in (secret, html.escape(secret))
            }
        )
        # A path of one letter, such as the root, says nothing.
        self._paths = {
            path.rstrip("/"): re.compile(
                rb"(?:(?<![\w./~-])|(?<=file://))"
                + re.escape(path.rstrip("/").encode())
                + rb"(?![\w-])"
            )
            for path in paths
            if len(path.rstrip("/")) > 1
        }

    def findings(self, path: Path, content: bytes) -> Iterator[Finding]:
        """Yield what a file gives away."""
        for secret in self._secrets:
            offset = content.find(secret)
            if offset >= 0:
                line = content.count(b"\n", 0, offset) + 1
                message = "holds the value of a secret of this machine"
                yield Finding(path, line, "secret", message)
        if path.suffix not in TEXT_FILES:
            return
        for name, pattern in self._paths.items():
            if name.encode() not in content:
                continue
            for found in pattern.finditer(content):
                line = content.count(b"\n", 0, found.start()) + 1
                message = f"holds the path {name} of this machine"
                yield Finding(path, line, "machine-path", message)


# --- the site -------------------------------------------------------------


class _Anchor(NamedTuple):
    """A link to a part of a page."""

    lines: _Lines
    offset: int
    page: str
    fragment: str


@dataclass
class _Site:
    """The files of the site, and the anchors of its pages."""

    outdir: Path
    files: frozenset[str]
    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    anchors: list[_Anchor] = field(default_factory=list)

    def read_page(
        self, name: str, path: Path, content: bytes
    ) -> list[Finding]:
        """Return the faults of a page; keep its anchors for later."""
        text = content.decode("utf-8", errors="replace")
        if "{% macro" in text:
            return []  # a template that the theme leaves among its files
        lines = _Lines(path, text)
        page = _Page(text)
        self.ids[name] = frozenset(page.ids)
        found = [lines.at(*fault) for fault in page.faults]
        if len(content) > PAGE_BYTES:
            size = f"{len(content):,} bytes, more than {PAGE_BYTES:,}"
            found.append(Finding(path, 1, "page-size", size))
        for address in page.addresses:
            found += self._follow(name, lines, address)
        return found

    def read_style(
        self, name: str, path: Path, content: bytes
    ) -> list[Finding]:
        """Return the faults of a style sheet."""
        text = content.decode("utf-8", errors="replace")
        lines = _Lines(path, text)
        found: list[Finding] = []
        for offset, url in _style_addresses(text):
            address = _Address(offset, "style", url, fetched=True)
            found += self._follow(name, lines, address)
        return found

    def _follow(
        self, page: str, lines: _Lines, address: "_Address"
    ) -> Iterator[Finding]:
        url = address.url.strip()
        try:
            parts = urlsplit(url)
        except ValueError:
            yield lines.at(address.offset, "missing-file", f"{url} is no URL")
            return
        if parts.netloc or parts.scheme in {"http", "https"}:
            if address.fetched:
                yield lines.at(
                    address.offset,
                    "third-party",
                    f"<{address.tag}> loads {url}",
                )
            return
        if parts.scheme:
            return  # data:, mailto:, javascript:
        target = self._target(page, unquote(parts.path))
        if target not in self.files:
            yield lines.at(
                address.offset,
                "missing-file",
                f"<{address.tag}> names {url}, which does not exist",
            )
        elif parts.fragment and target.endswith(".html"):
            self.anchors.append(
                _Anchor(lines, address.offset, target, unquote(parts.fragment))
            )

    def _target(self, page: str, path: str) -> str:
        if not path:
            return page
        base = "" if path.startswith("/") else posixpath.dirname(page)
        target = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
        if path.endswith(("/", "/.", "/..")) or path in {".", ".."}:
            target = posixpath.normpath(posixpath.join(target, "index.html"))
        return target

    def broken_anchors(self) -> Iterator[Finding]:
        """Yield the links to a part of a page that has no such part."""
        for lines, offset, page, fragment in self.anchors:
            if fragment not in self.ids.get(page, frozenset()):
                message = f"{page} has no element with id {fragment!r}"
                yield lines.at(offset, "missing-anchor", message)


# --- one page -------------------------------------------------------------


class _Address(NamedTuple):
    """An address that a page names."""

    offset: int
    tag: str
    url: str
    fetched: bool


# Possessive, so that a broken page costs no more time than a sound one.
_TOKEN = re.compile(
    r"""<!--.*?-->
      | <(?P<raw>script|style|textarea|title)\b
        (?P<raw_attributes>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>
        (?P<content>.*?)</(?P=raw)\s*>
      | <(?P<end>/?+)(?P<tag>[a-zA-Z][\w:-]*+)
        (?P<attributes>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""([^\s=/>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]+))?"""
)
# Only elements with one of these are worth a closer look: formulas bring
# thousands of spans.
_TELLING = re.compile(
    r"""\b(?:id|name|href|src|srcset|data|poster|action)\s*=
      | url\( | class="[^"]*\b(?:math|katex-error|cell|cell_output|traceback
      | headerlink|caption-number)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_CONTAINERS: Final = frozenset({"figure", "figcaption", "svg"})
_POINTER = re.compile(r"0x[0-9a-fA-F]{8,}")


def _attributes(text: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(value.strip("\"'"))
        for name, value in _ATTRIBUTE.findall(text)
    }


@dataclass
class _Image:
    offset: int
    alt: str | None
    source: str
    is_logo: bool


Close = Callable[[int, int], None]


class _Page:
    """One page, read once from its start to its end.

    Parameters
    ----------
    text : str
        The HTML.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.ids: set[str] = set()
        self.addresses: list[_Address] = []
        self.faults: list[tuple[int, str, str]] = []
        # Open elements, and what to do with offsets when they end.
        self._open: list[tuple[str, Close | None]] = []
        self._raising = 0  # open cells that are meant to raise
        self._figures: list[list[_Image]] = []
        self._captions: list[str] = []
        self._read()

    def _read(self) -> None:
        for token in _TOKEN.finditer(self.text):
            if token["raw"]:
                self._start(
                    token["raw"].lower(), token["raw_attributes"], token
                )
                if token["raw"].lower() == "style":
                    self._style(token["content"], token.start("content"))
            elif token["tag"] is None:
                continue
            elif token["end"]:
                self._end(token["tag"].lower(), token)
            else:
                self._start(token["tag"].lower(), token["attributes"], token)

    def _start(self, tag: str, written: str, token: re.Match[str]) -> None:
        close: Close | None = None
        if tag in ADDRESSES or tag in _CONTAINERS or _TELLING.search(written):
            attributes = _attributes(written)
            self._note(tag, attributes, token.start())
            close = self._closer(tag, attributes, token)
        is_empty = tag in VOID or written.endswith("/") or token["raw"]
        if not is_empty:
            self._open.append((tag, close))

    def _end(self, tag: str, token: re.Match[str]) -> None:
        # A stray end tag closes nothing; a missing one is closed here.
        if tag not in {name for name, _ in self._open[-1:]} and not any(
            name == tag for name, _ in self._open
        ):
            return
        while self._open:
            name, close = self._open.pop()
            if close:
                close(token.start(), token.end())
            if name == tag:
                return

    def _note(self, tag: str, attributes: dict[str, str], at: int) -> None:
        if attributes.get("id"):
            self.ids.add(attributes["id"])
        if tag == "a" and attributes.get("name"):
            self.ids.add(attributes["name"])
        relations = set(attributes.get("rel", "").lower().split())
        fetched = tag not in FOLLOWED
        if tag == "link":
            fetched = not relations <= UNFETCHED or not relations
        for name in ADDRESSES.get(tag, ()):
            for url in _urls(name, attributes.get(name, "")):
                self.addresses.append(_Address(at, tag, url, fetched))
        self._style(attributes.get("style", ""), at, inside=True)
        if "katex-error" in attributes.get("class", "").split():
            self.faults.append((at, "math", "a formula could not be set"))
        if tag == "img":
            self._image(attributes, at)

    def _style(self, text: str, at: int, *, inside: bool = False) -> None:
        for offset, url in _style_addresses(text):
            where = at if inside else at + offset
            self.addresses.append(_Address(where, "style", url, fetched=True))

    # --- elements that are judged when they end ---

    def _closer(
        self, tag: str, attributes: dict[str, str], token: re.Match[str]
    ) -> Close | None:
        start, inner = token.start(), token.end()
        classes = attributes.get("class", "").split()
        if tag == "figure":
            self._figures.append([])
            return self._end_figure
        if tag == "figcaption":
            return lambda end, _: self._captions.append(
                _caption(self.text[inner:end])
            )
        if "math" in classes:
            return lambda end, _: self._end_math(start, self.text[inner:end])
        if "cell_output" in classes:
            return lambda end, _: self._end_output(inner, end)
        if "cell" in classes and "tag_raises-exception" in classes:
            self._raising += 1
            return self._end_raising
        return None

    def _end_raising(self, start: int, end: int) -> None:
        del start, end
        self._raising -= 1

    def _end_math(self, start: int, inner: str) -> None:
        if "katex" not in inner and "<math" not in inner:
            self.faults.append((start, "math", "a formula was not set"))

    def _end_output(self, start: int, end: int) -> None:
        inner = self.text[start:end]
        text = _text(inner)
        for found in _POINTER.finditer(text):
            where = start + _line_start(inner, text, found.start())
            message = f"an output holds the memory address {found[0]}"
            self.faults.append((where, "object-address", message))
        if self._raising:
            return
        message = "an output holds a traceback that the page did not declare"
        failed = re.search(r'class="[^"]*\btraceback\b', inner)
        said = text.find("Traceback (most recent call last)")
        if failed:
            self.faults.append((start + failed.start(), "traceback", message))
        elif said >= 0:
            where = start + _line_start(inner, text, said)
            self.faults.append((where, "traceback", message))

    # --- figures ---

    def _image(self, attributes: dict[str, str], at: int) -> None:
        is_logo = any(
            "logo" in name for name in attributes.get("class", "").split()
        )
        image = _Image(
            at, attributes.get("alt"), attributes.get("src", ""), is_logo
        )
        if self._figures:
            self._figures[-1].append(image)
        fault = _alt_fault(image)
        if fault:
            self.faults.append((at, "image-alt", fault))

    def _end_figure(self, start: int, end: int) -> None:
        del start, end
        captions = {_plain(caption) for caption in self._captions}
        for image in self._figures.pop():
            if image.alt and _plain(image.alt) in captions:
                message = "the alt text of the image repeats its caption"
                self.faults.append((image.offset, "image-alt", message))
        if not self._figures:
            self._captions.clear()


def _urls(name: str, value: str) -> Iterator[str]:
    if name == "srcset":
        for part in value.split(","):
            yield from part.split()[:1]
    elif value.strip():
        yield value


_STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STYLE_URL = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)"""
    r"""|@import\s+(?:"([^"]*)"|'([^']*)')""",
    re.IGNORECASE,
)


def _style_addresses(text: str) -> Iterator[tuple[int, str]]:
    if "url(" not in text.lower() and "@import" not in text.lower():
        return
    text = _STYLE_COMMENT.sub(lambda found: " " * len(found[0]), text)
    for found in _STYLE_URL.finditer(text):
        url = next((group for group in found.groups() if group), "")
        # `#name` is an element of the document that uses the style.
        if url and not url.startswith(("data:", "#")):
            yield found.start(), url


def _text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def _line_start(markup: str, text: str, position: int) -> int:
    """Return where in `markup` the line of a position in its text begins."""
    offset = 0
    for _ in range(text.count("\n", 0, position)):
        offset = markup.find("\n", offset) + 1
    return offset


def _caption(markup: str) -> str:
    """Return a caption without its number and its link to itself."""
    hidden = r'<(a|span) [^>]*class="(?:headerlink|caption-number)".*?</\1>'
    return _text(re.sub(hidden, "", markup, flags=re.DOTALL))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _alt_fault(image: _Image) -> str:
    if image.alt is None or not image.alt.strip():
        return f"the image {image.source} has no alt text"
    alt = image.alt.strip()
    name = posixpath.basename(urlsplit(image.source).path)
    if alt in {image.source, name, name.rpartition(".")[0]}:
        return f"the alt text of {image.source} is its name"
    if len(re.findall(r"\w[\w'’.-]*", alt)) < ALT_WORDS and not image.is_logo:
        return f"the alt text {alt!r} is no sentence"
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Print the faults of a built site.

    Parameters
    ----------
    arguments : list of str, optional
        Of the command line; those of the process by default.

    Returns
    -------
    int
        Exit status: 1 when there is a fault.
    """
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("outdir", type=Path, help="folder of the built HTML")
    parser.add_argument(
        "--forbid",
        action="append",
        metavar="PATH",
        help="path that no page may hold; by default where this is run,"
        " the home folder and the environment of Python",
    )
    chosen = parser.parse_args(arguments)
    machine = [str(Path.cwd()), str(Path.home()), sys.prefix]
    try:
        found = audit(chosen.outdir, forbidden_paths=chosen.forbid or machine)
    except FileNotFoundError as error:
        parser.error(str(error))
    for finding in found:
        print(finding)  # noqa: T201  # the command's output
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
