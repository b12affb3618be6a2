"""Tables that a cell printed as HTML, for paper and ePub.

pandas shows a frame as an HTML table.  LaTeX would drop it without a word,
and the style sheet that comes with it makes an ePub invalid.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from docutils import nodes

__all__ = ["tables_in"]


@dataclass
class _Cell:
    header: bool
    columns: int = 1
    rows: int = 1
    text: str = ""


@dataclass
class _Table:
    caption: str = ""
    head: list[list[_Cell]] = field(default_factory=list)
    body: list[list[_Cell]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collect tables, and the paragraphs around them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Table | str] = []
        self._table: _Table | None = None
        self._rows: list[list[_Cell]] = []
        self._into = ""  # the tag whose text is being read

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        if tag == "table":
            self._table = _Table()
            self._rows = self._table.body
            self.found.append(self._table)
        elif self._table is None:
            if tag == "p":
                self.found.append("")
            if tag in {"p", "style", "script"}:
                self._into = tag
        elif tag in {"thead", "tbody"}:
            table = self._table
            self._rows = table.head if tag == "thead" else table.body
        elif tag == "tr":
            self._rows.append([])
        elif tag in {"th", "td"} and self._rows:
            spans = {
                name: int(value or 1)
                for name, value in attrs
                if name in {"colspan", "rowspan"}
            }
            cell = _Cell(
                tag == "th", spans.get("colspan", 1), spans.get("rowspan", 1)
            )
            self._rows[-1].append(cell)
            self._into = tag
        elif tag == "caption":
            self._into = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._into:
            self._into = ""
        if tag == "table":
            self._table = None

    def handle_data(self, data: str) -> None:
        if self._into in {"th", "td"}:
            self._rows[-1][-1].text += data
        elif self._into == "caption" and self._table is not None:
            self._table.caption += data
        elif self._into == "p" and isinstance(self.found[-1], str):
            self.found[-1] += data


def tables_in(markup: str) -> list[nodes.Element]:
    """Return the tables of an HTML output as plain nodes.

    Parameters
    ----------
    markup : str
        What a cell printed.

    Returns
    -------
    list of Element
        Tables, and the lines of text around them, such as the size of a
        truncated frame; empty when there is no table.

    Examples
    --------
    >>> (table,) = tables_in("<table><tr><td>1</td></tr></table>")
    >>> table.astext().strip()
    '1'
    >>> tables_in("<b>1</b>")
    []
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    if not any(
        isinstance(part, _Table) and part.head + part.body
        for part in reader.found
    ):
        return []
    return [
        nodes.paragraph("", part.strip())
        if isinstance(part, str)
        else _table(part)
        for part in reader.found
        if part
    ]


def _table(found: _Table) -> nodes.table:
    width = max(
        sum(cell.columns for cell in row) for row in found.head + found.body
    )
    stubs = _stubs(found.body)
    table = nodes.table()
    if found.caption.strip():
        table += nodes.title("", found.caption.strip())
    group = nodes.tgroup(cols=width)
    table += group
    for column in range(width):
        # Sphinx and docutils show a stub as a header of its row.
        specification = nodes.colspec(colwidth=1)
        if column < stubs:
            specification["stub"] = 1
        group += specification
    if found.head:
        group += nodes.thead("", *[_row(row) for row in found.head])
    group += nodes.tbody("", *[_row(row) for row in found.body])
    return table


def _stubs(body: list[list[_Cell]]) -> int:
    """Count the columns that head their rows, by the first row."""
    if not body:
        return 0
    count = 0
    for cell in body[0]:
        if not cell.header:
            break
        count += cell.columns
    return count


def _row(cells: list[_Cell]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        entry = nodes.entry("", nodes.paragraph("", cell.text.strip()))
        if cell.columns > 1:
            entry["morecols"] = cell.columns - 1
        if cell.rows > 1:
            entry["morerows"] = cell.rows - 1
        row += entry
    return row
