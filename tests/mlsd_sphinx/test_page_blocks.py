"""What the parts of a page are, and on which lines they stand."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_sphinx.page_blocks import CODE, MATH, OTHER, read_page
from mlsd_sphinx.page_source import check_page


def prose(text: str) -> list[tuple[int, str]]:
    """Return the prose with each run of masked characters as one letter."""
    letters = {CODE: "C", MATH: "M", OTHER: "O"}
    lines = []
    for part in read_page(text).prose:
        shown = part.text
        for mask, letter in letters.items():
            while mask * 2 in shown:
                shown = shown.replace(mask * 2, mask)
            shown = shown.replace(mask, letter)
        lines.append((part.line, shown))
    return lines


def test_what_is_no_prose_is_masked_where_it_stands() -> None:
    text = (
        "Call `f` on $x$, **see** [here](http://h) or <http://h>, \\$ &amp;."
    )
    assert prose(text) == [(1, "Call C on M, see hereO or O, $ &.")]


def test_code_and_maths_over_two_lines_keep_the_lines_apart() -> None:
    assert prose("One `a\nb` two $x\ny$ three.") == [
        (1, "One C"),
        (2, "C two M"),
        (3, "M three."),
    ]


def test_a_code_span_that_names_a_product_is_prose() -> None:
    assert prose("Use `NumPy` and `f`.") == [(1, "Use NumPy and C.")]


def test_an_unmatched_backtick_or_dollar_is_prose() -> None:
    assert prose("A ` and a $ here.") == [(1, "A ` and a $ here.")]


def test_lines_are_kept_through_nested_directives_with_options() -> None:
    text = (
        "::::{question} name\n---\nlevel: a\n---\n\nAsk.\n\n"
        ":::{short}\n\nAnswer\nat length.\n:::\n::::\n\nAfter.\n"
    )
    assert prose(text) == [
        (6, "Ask."),
        (10, "Answer"),
        (11, "at length."),
        (15, "After."),
    ]


def test_option_lines_are_those_of_the_source() -> None:
    page = read_page(
        "```{figure} a.png\n:name: b\n:alt: c\n\nCaption.\n```\n\n"
        "```{code-cell}\n---\nlabel: a\nraises: b\n---\n\n1\n```\n"
    )
    assert page.directives[0].option_line("alt") == 3
    assert page.directives[0].option_line("width") == 1
    assert page.cells[0].option_line("raises") == 11
    assert page.cells[0].source_line == 14
    assert page.cells[0].source == "1"


def test_references_of_a_link_are_resolved() -> None:
    page = read_page("See [this].\n\n[this]: a.txt\n")
    assert [(link.line, link.target) for link in page.links] == [(1, "a.txt")]


PIECES = [
    *("```{code-cell}\n", "```\n", "````\n", ":::{note} A title\n", ":::\n"),
    *(":tags: [a]\n", "---\n", "- item\n", "> quote\n", "    code\n", "\n"),
    *("$x$", "$$\n", "`code`", "{num}`a:.1f`", "[a](b)", "![a](b)", "<img "),
    *("<!--", "% gone\n", "(label)=\n", "| a |\n|---|\n", "term\n: text\n"),
    *("[^1]: note\n", "{.cls}", "12 ms", "One. Two", "def f(", "\\", "\ufeff"),
    *("&nbsp;", "```{eval-rst}\n", "\\begin{align}\n", "\t", "# Head\n", "*"),
]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_text_is_read_and_each_finding_has_a_line_of_it(
    pieces: list[str],
) -> None:
    text = "".join(pieces)
    lines = text.count("\n") + 1
    for finding in check_page(Path("page.md"), text, book=Path()):
        assert 1 <= finding.line <= lines
    for part in read_page(text).prose:
        assert 1 <= part.line <= lines
