"""A frame that a cell shows is a table on paper too."""

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from docutils import nodes

from mlsd_sphinx.html_tables import tables_in

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book


def rows(table: nodes.Element) -> list[list[str]]:
    return [
        [entry.astext() for entry in row.findall(nodes.entry)]
        for row in table.findall(nodes.row)
    ]


def test_a_frame_becomes_a_table_with_its_index_as_stub() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b<c": ["x & y", ""]}, index=["p", "q"])
    (table,) = tables_in(frame.to_html())
    assert rows(table) == [
        ["", "a", "b<c"],
        ["p", "1", "x & y"],
        ["q", "2", ""],
    ]
    columns = list(table.findall(nodes.colspec))
    assert [column.get("stub", 0) for column in columns] == [1, 0, 0]
    (head,) = table.findall(nodes.thead)
    assert len(head.children) == 1


def test_spans_of_a_multiple_index_are_kept() -> None:
    index = pd.MultiIndex.from_tuples([("p", 1), ("p", 2)])
    frame = pd.DataFrame(
        [[1, 2], [3, 4]],
        index=index,
        columns=pd.MultiIndex.from_tuples([("x", "a"), ("x", "b")]),
    )
    (table,) = tables_in(frame.to_html())
    entries = {entry.astext(): entry for entry in table.findall(nodes.entry)}
    assert entries["x"]["morecols"] == 1
    assert entries["p"]["morerows"] == 1
    (group,) = table.findall(nodes.tgroup)
    assert group["cols"] == 4


def test_the_size_of_a_truncated_frame_is_kept() -> None:
    frame = pd.DataFrame({"a": range(200)})
    with pd.option_context("display.max_rows", 4):
        markup = frame._repr_html_()  # type: ignore[operator]
    table, size = tables_in(markup)
    assert size.astext() == "200 rows × 1 columns"
    assert "dataframe" not in table.astext()


def test_a_caption_becomes_the_title() -> None:
    (table,) = tables_in(
        "<table><caption>What to see</caption><tr><td>1</td></tr></table>"
    )
    (title,) = table.findall(nodes.title)
    assert title.astext() == "What to see"


@pytest.mark.parametrize("markup", ["", "<b>1</b>", "<table></table>"])
def test_without_rows_there_is_no_table(markup: str) -> None:
    assert tables_in(markup) == []


# The source of the cell does not hold what it prints.
PAGE = """
# A page

```{{code-cell}}
from IPython.display import HTML
HTML("{markup}".replace("@", "t"))
```
"""
HTML_FIRST = [("latex", "text/html", 1)]


@pytest.mark.parametrize("builder", ["latex", "epub"])
def test_a_printed_page_shows_the_table(book: "Book", builder: str) -> None:
    markup = "<s@yle scoped></s@yle><@able><@r><@d>for@y</@d></@r></@able>"
    book.pages(page=PAGE.format(markup=markup))
    built = book.build(
        builder,
        nb_execution_mode="force",
        nb_mime_priority_overrides=HTML_FIRST,
    )
    assert built.code == 0, built.said
    text = built.text("tiny.tex") if builder == "latex" else built.epub()
    assert "forty" in text
    assert "style scoped" not in text


def test_other_html_that_paper_cannot_show_fails_with_its_file(
    book: "Book",
) -> None:
    book.pages(page=PAGE.format(markup="<b>bold</b>"))
    built = book.build(
        "latex",
        nb_execution_mode="force",
        nb_mime_priority_overrides=HTML_FIRST,
    )
    assert built.code == 1
    assert "book/page.md" in built.said
    assert "vanishes in print" in built.said
