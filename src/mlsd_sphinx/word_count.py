"""How many words a reader reads in a part of a page."""

from collections.abc import Callable

from docutils import nodes

__all__ = ["words_in"]

# Code and formulas are read, but not as prose; the others are not read.
NO_PROSE = (
    nodes.literal_block,
    nodes.doctest_block,
    nodes.math_block,
    nodes.raw,
    nodes.comment,
    nodes.system_message,
    nodes.target,
)


def words_in(
    node: nodes.Node, *, without: Callable[[nodes.Node], bool] | None = None
) -> int:
    r"""Count the words of prose below a node.

    Parameters
    ----------
    node : Node
        A block of a page.
    without : callable, optional
        Tells which nodes below do not count.

    Returns
    -------
    int
        Words; a formula in a sentence counts as one, a block of code or an
        equation on its own line as none.

    Examples
    --------
    >>> from docutils import nodes
    >>> mean = nodes.math("", r"\frac{1}{n} \sum_i x_i")
    >>> words_in(nodes.paragraph("", "The mean is ", mean, nodes.Text(".")))
    4
    """
    if isinstance(node, NO_PROSE) or (without and without(node)):
        return 0
    if isinstance(node, nodes.TextElement):
        words = _text(node).split()
        return sum(any(map(str.isalnum, word)) for word in words)
    return sum(words_in(child, without=without) for child in node.children)


def _text(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, nodes.math):
        return "x"
    if isinstance(node, nodes.footnote_reference | nodes.raw):
        return ""
    return "".join(_text(child) for child in node.children)
