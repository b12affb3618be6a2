"""Words are what a reader reads as prose."""

import pytest
from docutils import nodes

from mlsd_sphinx.word_count import words_in


def paragraph(*parts: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *parts)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (paragraph(nodes.Text("Three words here.")), 3),
        (paragraph(nodes.Text("a dash – is none")), 4),
        (paragraph(nodes.strong("", "foot"), nodes.Text("note.")), 1),
        (paragraph(nodes.math("", "a + b"), nodes.Text(" is")), 2),
        (paragraph(nodes.literal("", "x = 1"), nodes.Text(".")), 2),
        (paragraph(nodes.footnote_reference("", "12")), 0),
        (nodes.literal_block("", "def f(): pass"), 0),
        (nodes.math_block("", "a + b"), 0),
        (nodes.section("", nodes.title("", "A title"), paragraph()), 2),
    ],
)
def test_words_are_counted_as_they_are_read(
    node: nodes.Node, words: int
) -> None:
    assert words_in(node) == words


def test_what_is_left_out_does_not_count() -> None:
    quote = nodes.block_quote("", paragraph(nodes.Text("two words")))
    section = nodes.section("", quote, paragraph(nodes.Text("one")))
    assert words_in(section) == 3
    assert words_in(section, without=lambda node: node is quote) == 1
