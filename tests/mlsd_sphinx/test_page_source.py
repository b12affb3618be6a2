"""Each rule has pages that break it, at a known line, and sound pages."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from mlsd_sphinx.page_source import (
    RULES,
    NumberException,
    check_page,
    read_exceptions,
)

FRONT = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
"""
ABOVE = FRONT.count("\n")


def faults(
    tmp_path: Path, body: str, exceptions: Sequence[NumberException] = ()
) -> list[tuple[str, int]]:
    """Return rule and line of each finding; line 1 is the body's first."""
    page = tmp_path / "book" / "part" / "page.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    found = check_page(
        page, FRONT + body, book=tmp_path / "book", exceptions=exceptions
    )
    assert all(finding.path == page for finding in found)
    return [(finding.rule, finding.line - ABOVE) for finding in found]


def cell(code: str, *options: str) -> str:
    header = ["---", *options, "---"] if options else []
    return "\n".join(["```{code-cell}", *header, code, "```", ""])


BROKEN = {
    # nested-cell
    "a cell in an admonition": (
        ":::{note}\n\n```{code-cell}\n1\n```\n:::\n",
        [("nested-cell", 3)],
    ),
    "a cell two directives deep, below options": (
        "::::{interview-question} a\n:level: onsite\n:tier: full\n\nAsk.\n\n"
        ":::{full}\nText.\n\n```{code-cell}\n1\n```\n:::\n::::\n",
        [("nested-cell", 10)],
    ),
    "a cell in a list": (
        "- item\n\n  ```{code-cell}\n  1\n  ```\n",
        [("nested-cell", 3)],
    ),
    "a cell in a list in a directive": (
        ":::{note}\n- item\n\n  ```{code-cell}\n  1\n  ```\n:::\n",
        [("nested-cell", 4)],
    ),
    "a cell in a quote": (
        "> said\n>\n> ```{code-cell}\n> 1\n> ```\n",
        [("nested-cell", 3)],
    ),
    "a cell in a definition": (
        "term\n: meaning\n\n  ```{code-cell}\n  1\n  ```\n",
        [("nested-cell", 4)],
    ),
    "a cell fenced by colons": (
        ":::{code-cell}\n1\n:::\n",
        [("nested-cell", 1)],
    ),
    "a cell after a space": (
        "``` {code-cell}\n1\n```\n",
        [("nested-cell", 1)],
    ),
    "a cell indented by four spaces": (
        "Text.\n\n    ```{code-cell}\n    1\n    ```\n",
        [("nested-cell", 3)],
    ),
    # loose-python
    "a python fence": ("Text.\n\n```python\n1\n```\n", [("loose-python", 3)]),
    "a py fence in capitals": ("```Py\n1\n```\n", [("loose-python", 1)]),
    "a python fence with attributes": (
        "```python {.x}\n1\n```\n",
        [("loose-python", 1)],
    ),
    "a session fence": ("```pycon\n>>> 1\n```\n", [("loose-python", 1)]),
    "a python code-block in a directive": (
        ":::{note}\n:class: x\n\nText.\n```{code-block} python\n1\n```\n:::\n",
        [("loose-python", 5)],
    ),
    "a python sourcecode": (
        "```{sourcecode} ipython3\n1\n```\n",
        [("loose-python", 1)],
    ),
    "a fence without a name that holds a prompt": (
        "```\n>>> 1 + 1\n2\n```\n",
        [("loose-python", 1)],
    ),
    "an indented block that holds a prompt": (
        "Text.\n\n    >>> 1 + 1\n    2\n",
        [("loose-python", 3)],
    ),
    "a code-block without a language that holds a prompt": (
        "```{code-block}\n>>> 1\n```\n",
        [("loose-python", 1)],
    ),
    "a testcode that nothing runs": (
        "```{testcode}\n1\n```\n",
        [("loose-python", 1)],
    ),
    "a python block in reStructuredText": (
        "```{eval-rst}\n.. code-block:: python\n\n   1\n```\n",
        [("loose-python", 2)],
    ),
    # cell-tag
    "a misspelled tag": (
        cell("1", "label: a", "tags: [rases-exception]"),
        [("cell-tag", 4)],
    ),
    "a misspelled tag among good ones": (
        "```{code-cell}\n:tags: [hide-input, hidden]\n1\n```\n",
        [("cell-tag", 2)],
    ),
    "tags that are no list": (
        "```{code-cell}\n:tags: hide-input\n1\n```\n",
        [("cell-tag", 2)],
    ),
    "a misspelled option": (cell("1", "name: a"), [("cell-tag", 3)]),
    "a loaded cell": (
        "```{code-cell}\n:load: code.py\n```\n",
        [("cell-tag", 2)],
    ),
    "options that are not YAML": (
        cell("1", "tags: [hide-input"),
        [("cell-tag", 1)],
    ),
    "a misspelled rendering option": (
        cell("1", "mystnb:", "  figur: {caption: x}"),
        [("cell-tag", 4)],
    ),
    # cell-raises
    "a raising cell that does not say what it raises": (
        cell("1 / 0", "label: a", "tags: [raises-exception]"),
        [("cell-raises", 4)],
    ),
    "a cell that raises without the tag": (
        cell("1 / 0", 'raises: "ZeroDivisionError: division"'),
        [("cell-raises", 3)],
    ),
    "a type without a message": (
        cell("1 / 0", "tags: [raises-exception]", "raises: ZeroDivisionError"),
        [("cell-raises", 4)],
    ),
    # cell-def
    "a function": (
        cell("x = 1\n\ndef f():\n    return 1"),
        [("cell-def", 4)],
    ),
    "an asynchronous function": (
        cell("async def f():\n    return 1"),
        [("cell-def", 2)],
    ),
    "a class below options": (
        cell("class A:\n    pass", "label: a"),
        [("cell-def", 5)],
    ),
    "a named lambda": (cell("f = lambda x: x"), [("cell-def", 2)]),
    "a lambda named in passing": (
        cell("(f := lambda x: x)(1)"),
        [("cell-def", 2)],
    ),
    "a shell command": (cell("x = 1\n!pip list"), [("cell-def", 3)]),
    "a magic": (cell("%timeit 1"), [("cell-def", 2)]),
    "a cell magic": (cell("%%bash\nls"), [("cell-def", 2)]),
    "an assigned shell command": (cell("a = !ls"), [("cell-def", 2)]),
    "a call of IPython": (
        cell("get_ipython().run_line_magic('time', '1')"),
        [("cell-def", 2)],
    ),
    "the environment": (
        cell("import os\nos.environ['HOME']"),
        [("cell-def", 3)],
    ),
    "the environment by name": (
        cell("from os import getenv"),
        [("cell-def", 2)],
    ),
    "the network by urllib": (
        cell("from urllib.request import urlopen"),
        [("cell-def", 2)],
    ),
    "the network by socket": (cell("import socket"), [("cell-def", 2)]),
    "the network by a name in a string": (
        cell("import importlib\nimportlib.import_module('requests')"),
        [("cell-def", 3)],
    ),
    "the network by pandas": (
        cell("import pandas as pd\npd.read_csv('https://host/a.csv')"),
        [("cell-def", 3)],
    ),
    # cell-length
    "thirteen lines": (
        cell("\n".join(["x = 1"] * 13)),
        [("cell-length", 1)],
    ),
    "twenty-one lines in a removed cell": (
        cell("\n".join(["x = 1"] * 21), "tags: [remove-cell]"),
        [("cell-length", 1)],
    ),
    "thirteen lines of one text": (
        cell('x = """' + "\nline" * 12 + '"""'),
        [("cell-length", 1)],
    ),
    # cell-syntax
    "a cell that is not Python": (
        cell("x = 1\nx = (2", "label: a"),
        [("cell-syntax", 6)],
    ),
    "a doctest that is not Python": (
        "```{doctest}\n>>> 1\n1\n>>> 1 +\n```\n",
        [("cell-syntax", 4)],
    ),
    "a loose fence that is not Python": (
        "```python\nx =\n```\n",
        [("loose-python", 1), ("cell-syntax", 2)],
    ),
    # figure-alt
    "an image without alt": ("Text.\n![](a.png)\n", [("figure-alt", 2)]),
    "an image with a name for alt": (
        "![the loss curve](a.png)\n",
        [("figure-alt", 1)],
    ),
    "an image directive without alt": (
        "```{image} a.png\n:width: 100\n```\n",
        [("figure-alt", 1)],
    ),
    "a figure whose alt repeats the caption": (
        "```{figure} a.png\n:name: b\n:alt: the loss falls and stalls\n\n"
        "The loss *falls*\nand stalls.\n```\n",
        [("figure-alt", 3)],
    ),
    "raw HTML without alt": (
        "<div>\n<img src='data:x'>\n</div>\n",
        [("figure-alt", 2)],
    ),
    "HTML in a line, with an empty alt": (
        "One\ntwo <img src='data:x' alt=''> three.\n",
        [("figure-alt", 2)],
    ),
    "a cell figure without alt": (
        cell("1", "mystnb:", "  figure: {caption: The loss falls.}"),
        [("figure-alt", 3)],
    ),
    "a cell figure whose alt repeats the caption": (
        cell(
            "1",
            "label: a",
            "mystnb:",
            "  image: {alt: The loss falls slowly.}",
            "  figure: {caption: the loss falls slowly}",
        ),
        [("figure-alt", 4)],
    ),
    "a cell figure with a word for alt": (
        cell("1", "mystnb:", "  image: {alt: Loss.}"),
        [("figure-alt", 3)],
    ),
    # include-outside
    "a literalinclude outside": (
        "```{literalinclude} ../../secret.txt\n```\n",
        [("include-outside", 1)],
    ),
    "a literalinclude by a difference": (
        "```{literalinclude} a.txt\n:diff: ../../secret.txt\n```\n",
        [("include-outside", 2)],
    ),
    "an include outside, nested": (
        ":::{note}\n```{include} ../../secret.txt\n```\n:::\n",
        [("include-outside", 2)],
    ),
    "an include of docutils": (
        "```{include} <isonum.txt>\n```\n",
        [("include-outside", 1)],
    ),
    "a figure outside": (
        "```{figure} ../../a.png\n:alt: One two three four.\n```\n",
        [("include-outside", 1)],
    ),
    "an image outside": (
        "![One two three four](../../a.png)\n",
        [("include-outside", 1)],
    ),
    "an image of a third party": (
        "![One two three four](https://host/a.png)\n",
        [("include-outside", 1)],
    ),
    "a raw file outside": (
        "```{raw} html\n:file: ../../a.html\n```\n",
        [("include-outside", 2)],
    ),
    "a table outside": (
        "```{csv-table} A title\n:file: ../../a.csv\n```\n",
        [("include-outside", 2)],
    ),
    "a loaded cell outside": (
        "```{code-cell}\n:load: ../../a.py\n```\n",
        [("cell-tag", 2), ("include-outside", 2)],
    ),
    "a download outside": (
        "Get {download}`this <../../a.txt>`.\n",
        [("include-outside", 1)],
    ),
    "a link to a file outside": (
        "One.\nGet [this](../../a.txt).\n",
        [("include-outside", 2)],
    ),
    "an include outside from reStructuredText": (
        "```{eval-rst}\nText.\n\n.. include:: ../../a.txt\n```\n",
        [("include-outside", 4)],
    ),
    # raw-html
    "an HTML image that does not exist": (
        "<p>\n<img src='gone.png' alt='One two three four'>\n</p>\n",
        [("raw-html", 2)],
    ),
    "an HTML link that leads nowhere": (
        'Text\n<a href="gone.html#x">there</a>.\n',
        [("raw-html", 2)],
    ),
    "an HTML source set that does not exist": (
        '<source srcset="gone.png 1x">\n',
        [("raw-html", 1)],
    ),
    "an HTML image of a third party": (
        "<img src='https://host/a.png' alt='One two three four'>\n",
        [("raw-html", 1)],
    ),
    "a script": ("<script>1</script>\n", [("raw-html", 1)]),
    "a frame in a raw directive": (
        "```{raw} html\n<p>\n<iframe></iframe>\n```\n",
        [("raw-html", 3)],
    ),
    "a script in an attribute": (
        '<p onclick="f()">\n',
        [("raw-html", 1)],
    ),
    # typed-number
    "a decimal": ("It is 0.5 here.\n", [("typed-number", 1)]),
    "a percentage": ("One.\nTwo is 5 % here.\n", [("typed-number", 2)]),
    "an emphasized number before its unit": (
        "It is **12** ms.\n",
        [("typed-number", 1)],
    ),
    "a number and a unit joined by an entity": (
        "It is 12&nbsp;ms.\n",
        [("typed-number", 1)],
    ),
    "money behind an escape": ("It costs \\$5.\n", [("typed-number", 1)]),
    "a number in a list in a directive": (
        ":::{note}\n:class: x\n\n- one\n- 3 users\n:::\n",
        [("typed-number", 5)],
    ),
    "a number in the title of a follow-up": (
        ":::::{interview-question} a\n::::{followup} At 10 GB?\nYes.\n"
        "::::\n:::::\n",
        [("typed-number", 2)],
    ),
    "a number in a table": (
        "| a |\n|---|\n| b |\n| 3 ms |\n",
        [("typed-number", 4)],
    ),
    "a number in a caption": (
        "```{figure} a.png\n:alt: One two three four.\n\nIn 3 ms.\n```\n",
        [("typed-number", 4)],
    ),
    "a number in a footnote": (
        "Text.[^1]\n\n[^1]: It takes 3 ms.\n",
        [("typed-number", 3)],
    ),
    "a number in a quote": ("> one\n> takes 3 ms\n", [("typed-number", 2)]),
    "a number in a heading": ("## In 3 ms\n", [("typed-number", 1)]),
    "a number in the label of a link": (
        "See [3 ms](#x).\n",
        [("typed-number", 1)],
    ),
    "two numbers of one line": (
        "From 3 ms to 4 ms.\n",
        [("typed-number", 1), ("typed-number", 1)],
    ),
    "a time after a product": ("NumPy 12 ms.\n", [("typed-number", 1)]),
    # percent-comment
    "a line that begins with a percent sign": (
        "The rate is five\n% of users.\n",
        [("percent-comment", 2)],
    ),
    "a comment in a directive": (
        ":::{note}\nText.\n% gone\n% too\n:::\n",
        [("percent-comment", 3), ("percent-comment", 4)],
    ),
    # banned-word
    "a banned word": ("One.\nThis is Simply it.\n", [("banned-word", 2)]),
    "a banned word in a heading": (
        "## The crucial part\n",
        [("banned-word", 1)],
    ),
    # heading-emoji
    "an emoji in a heading": ("## Launch 🚀\n", [("heading-emoji", 1)]),
    "a check mark in a heading": ("### Done ✅\n", [("heading-emoji", 1)]),
    # sentence-lines
    "two sentences": (
        "One.\nIt is. Then it is not.\n",
        [("sentence-lines", 2)],
    ),
    "two sentences, the second in quotes": (
        'It is! "Then" it is.\n',
        [("sentence-lines", 1)],
    ),
    "two sentences, the second led by code": (
        "Call `a`. `b` follows.\n",
        [("sentence-lines", 1)],
    ),
    "two sentences, the first in bold": (
        "- **It holds.** Then you go.\n",
        [("sentence-lines", 1)],
    ),
    "two sentences in an answer": (
        ":::{short}\nIt is so? No.\n:::\n",
        [("sentence-lines", 2)],
    ),
    # leftover
    "a leftover": ("One.\nTODO: two.\n", [("leftover", 2)]),
    "a leftover in a cell": (cell("# FIXME\n1"), [("leftover", 2)]),
    "a leftover in a comment of HTML": (
        "<!--\nXXX\n-->\n",
        [("leftover", 2)],
    ),
    "filler": ("Lorem ipsum dolor.\n", [("leftover", 1)]),
    "an announcement": ("Day 3 is coming soon.\n", [("leftover", 1)]),
}

SOUND = {
    "prose, a cell and a listing": (
        "(day-02)=\n# Day 2: Arrays\n\nYou read.\n\n"
        + cell("x = 1\nx", "label: a", "tags: [hide-input, remove-cell]")
        + "\n```{listing} mlsd_examples.toolkit.strides.strides\n```\n"
    ),
    "a cell between tildes": "~~~{code-cell} ipython3\n1\n~~~\n",
    "literal text of other languages": (
        "```text\n>>> not code\n```\n\n```{code-block} bash\nls\n```\n"
    ),
    "a cell shown as an example": (
        "````md\n```{code-cell}\ndef f(): pass\n```\n````\n"
    ),
    "a doctest": "```{doctest}\n>>> 1 + 1\n2\n```\n",
    "a doctest of a syntax error": (
        "```{doctest}\n>>> 1 +\nTraceback (most recent call last):\n"
        "SyntaxError: invalid syntax\n```\n"
    ),
    "a cell that raises as it says": cell(
        "1 / 0",
        "tags: [raises-exception]",
        'raises: "ZeroDivisionError: division"',
    ),
    "a cell that cannot be parsed, as it says": cell(
        "1 +",
        "tags: [raises-exception]",
        'raises: "SyntaxError: invalid"',
    ),
    "a lambda as an argument": cell("sorted(x, key=lambda a: -a)"),
    "a line that begins with the modulo operator": cell("x = (7\n%a\n)"),
    "a top-level await": cell("await f()"),
    "an address in a text": cell("print('https://host')"),
    "twelve lines, comments and blank lines": cell(
        "\n".join(["x = 1"] * 12 + ["# why", "", "  # why"])
    ),
    "twenty lines in a removed cell": cell(
        "\n".join(["x = 1"] * 20), "tags: [remove-cell]"
    ),
    "figures with alt text": (
        "![The loss falls and stalls](a.png)\n\n"
        "```{figure} a.png\n:alt: The loss falls, then stalls.\n\n"
        "What to see.\n```\n\n"
        + cell(
            "1",
            "mystnb:",
            '  image: {alt: "The loss falls, then stalls."}',
            "  figure: {caption: What to see., name: fig-loss}",
        )
    ),
    "files of the book": (
        "```{literalinclude} /part/a.txt\n```\n\n"
        "```{include} ../b.txt\n```\n\n"
        "{download}`a.txt` and [this](a.txt) and [that](#x)"
        " and [there](https://host/../../a).\n"
    ),
    "an HTML link to another site and to this page": (
        '<a href="https://host/">a</a> <a href="#x">b</a>'
        ' <a href="page.html#x">c</a> <a href="../search.html">d</a>\n'
    ),
    "an HTML image that exists": (
        '<img src="../_static/a.png" alt="One two three four">\n'
    ),
    "numbers that are computed": "It is {num}`rate:.1%` of {num}`n:,.0f`.\n",
    "numbers in maths, code and targets": (
        "It is $5.5$ and `3.5 ms` and [x](http://h/3.5) and <http://h/3.5>.\n\n"
        "$$\n3.5\n$$\n\n\\begin{align}\n3.5\n\\end{align}\n"
    ),
    "a number beside its source": (
        "They saw 3.5 % of users {footcite}`key`.\n"
    ),
    "versions": (
        "Python 3.11, 3.12 and 3.13 with NumPy 2.4+ and `pandas` >= 3.0.\n"
        "See PEP 8, IEEE 754 and [Matplotlib](https://host) 3.10.\n"
    ),
    "numbers that are names": (
        "## Day 2, Week 1\n\nSee Figure 3.1 and float32, GPT-4 and p99.\n"
        "The array has 2 axes and shape (3, 2).\n"
    ),
    "minutes among the options of a question": (
        "::::{interview-question} a\n:minutes: 9\n:topics: p 99.9 %\n\n"
        "Ask.\n::::\n"
    ),
    "number words": "Two users wait three days for five percent.\n",
    "words that hold banned ones": (
        "Adjust the unjust, a just-in-time compiler and `simply`.\n"
    ),
    "a percent sign within a line": "A %-sign stands here.\n",
    "a modulo operator in a cell": cell("a = 7\nb = (a\n% 2)"),
    "an emoji in code, and an arrow": "## From `🚀` → to $x$\n",
    "abbreviations": (
        "Loads, e.g. `x`, vs. Others (see Fig. A, Smith et al. B).\n"
        "By J. Smith, i.e. Me.\n"
        "A trailing citation. {footcite}`key`\n"
    ),
    "sentences where one line is all there is": (
        "## Is it? Then go\n\n| a |\n|---|\n| One. Two. |\n\n"
        ":::{followup} Is it so? Say why.\nYes.\n:::\n"
    ),
    "inline code that names a leftover": "Search for `TODO` in it.\n",
}


@pytest.mark.parametrize(
    ("body", "expected"), BROKEN.values(), ids=BROKEN.keys()
)
def test_a_broken_page_is_reported_at_its_line(
    tmp_path: Path, body: str, expected: list[tuple[str, int]]
) -> None:
    assert faults(tmp_path, body) == expected


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND.keys())
def test_a_sound_page_has_no_finding(tmp_path: Path, body: str) -> None:
    for name in ("part/a.txt", "b.txt", "_static/a.png"):
        file = tmp_path / "book" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Text.\n")
    (tmp_path / "book" / "part" / "page.md").write_text("")
    assert faults(tmp_path, body) == []


def test_every_rule_has_a_page_that_breaks_it() -> None:
    broken = {rule for _, found in BROKEN.values() for rule, _ in found}
    # The frame of a page is tested below: BROKEN pages all have one.
    assert broken == set(RULES) - {"file-format"}


@pytest.mark.parametrize(
    ("front", "count"),
    [
        ("", 2),
        ("---\nkernelspec:\n  name: python3\n---\n", 1),
        ("---\nfile_format: mystnb\n---\n", 1),
        ("---\nfile_format: mystnb\nkernelspec:\n  name: julia\n---\n", 1),
        ("---\nfile_format: mystnb\nkernelspec: [python3\n---\n", 2),
        ("---\n- file_format\n---\n", 2),
        ("\n" + FRONT, 2),
        (FRONT, 0),
        ("\ufeff" + FRONT, 0),
        (FRONT.replace("\n", "\r\n"), 0),
    ],
)
def test_a_page_needs_a_format_and_a_kernel_in_its_front_matter(
    tmp_path: Path, front: str, count: int
) -> None:
    found = check_page(
        tmp_path / "page.md", front + "# Title\n", book=tmp_path
    )
    rules = [finding.rule for finding in found if finding.line == 1]
    assert rules == ["file-format"] * count


def test_a_finding_prints_as_path_line_rule_and_message() -> None:
    (finding,) = check_page(
        Path("book/page.md"), FRONT + "```python\n```\n", book=Path("book")
    )
    assert str(finding) == (
        "book/page.md:6: loose-python:"
        " Python that is neither cell, listing nor doctest"
    )


def test_carriage_returns_do_not_shift_lines(tmp_path: Path) -> None:
    text = (FRONT + "One.\n\nTODO\n").replace("\n", "\r\n")
    (finding,) = check_page(tmp_path / "page.md", text, book=tmp_path)
    assert (finding.rule, finding.line) == ("leftover", 8)


def test_a_link_out_of_the_book_is_followed(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (book / "inside.txt").symlink_to(tmp_path / "secret.txt")
    (finding,) = check_page(
        book / "page.md",
        FRONT + "```{literalinclude} inside.txt\n```\n",
        book=book,
    )
    assert finding.rule == "include-outside"


def test_an_included_file_is_checked_under_its_own_name(
    tmp_path: Path,
) -> None:
    part = tmp_path / "part.txt"
    part.write_text("One.\n\n```{code-cell}\n1\n```\n\nIn 3 ms.\n")
    found = check_page(
        tmp_path / "page.md",
        FRONT + "```{include} part.txt\n```\n",
        book=tmp_path,
    )
    assert [(f.path, f.line, f.rule) for f in found] == [
        (part, 3, "nested-cell"),
        (part, 7, "typed-number"),
    ]


def test_a_file_that_includes_itself_is_read_once(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    text = FRONT + "```{include} page.md\n```\n\nTODO\n"
    page.write_text(text)
    found = check_page(page, text, book=tmp_path)
    assert [finding.rule for finding in found] == ["leftover"]


def excused(text: str, page: str = "part/page.md") -> NumberException:
    return NumberException(2, page, text, "a name, not a quantity")


def test_an_exception_excuses_its_number_only(tmp_path: Path) -> None:
    body = "A 90-day course.\nIt takes 3 ms.\n"
    assert faults(tmp_path, body, [excused("90-day course")]) == [
        ("typed-number", 2)
    ]


def test_an_exception_excuses_nothing_beside_its_text(tmp_path: Path) -> None:
    body = "A 90-day course of 45 minutes.\n"
    assert faults(tmp_path, body, [excused("90-day course")]) == [
        ("typed-number", 1)
    ]


def test_an_exception_of_another_page_excuses_nothing(tmp_path: Path) -> None:
    body = "A 90-day course.\n"
    assert faults(tmp_path, body, [excused("90-day", "part/b.md")]) == [
        ("typed-number", 1)
    ]


@pytest.mark.parametrize("body", ["Text.\n", "A ninety-day course.\n", "90\n"])
def test_an_exception_that_excuses_nothing_is_stale(
    tmp_path: Path, body: str
) -> None:
    book = tmp_path / "book"
    (finding,) = check_page(
        book / "part" / "page.md",
        FRONT + body,
        book=book,
        exceptions=[excused("90")],
    )
    assert finding.rule == "stale-exception"
    assert finding.path == book / "number-exceptions.csv"
    assert finding.line == 2


def test_exceptions_are_read_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "number-exceptions.csv").write_text(
        'page,text,reason\na.md,90-day,title\nb.md,"1,5 %",quoted\n'
    )
    assert read_exceptions(tmp_path) == (
        NumberException(2, "a.md", "90-day", "title"),
        NumberException(3, "b.md", "1,5 %", "quoted"),
    )


def test_a_book_without_exceptions_has_none(tmp_path: Path) -> None:
    assert read_exceptions(tmp_path) == ()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("page,text\na,b\n", r"csv:1: the columns are"),
        ("", r"csv:1: the columns are None"),
        ("page,text,reason\na,b,c\na,b, \n", r"csv:3: an exception needs"),
        ("page,text,reason\na,b\n", r"csv:2: an exception needs"),
        ("page,text,reason\na,b,c,d\n", r"csv:2: an exception needs"),
    ],
)
def test_an_exception_without_a_reason_is_refused(
    tmp_path: Path, table: str, message: str
) -> None:
    (tmp_path / "number-exceptions.csv").write_text(table)
    with pytest.raises(ValueError, match=message):
        read_exceptions(tmp_path)
