"""`{num}` prints what a cell has computed, or fails."""

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from mlsd_sphinx.numbers import formatted

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book

GLUE = """
```{code-cell}
:tags: [remove-cell]
from myst_nb import glue
glue("rate", 0.125, display=False)
glue("rows", 31231, display=False)
glue("dtype", "float64", display=False)
glue("lost", float("nan"), display=False)
```
"""


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        ("0.45967", ".3f", "0.460"),
        ("0.45967", ".1%", "46.0%"),
        ("31231", ",d", "31,231"),
        ("31231", "", "31231"),
        ("31231", ",.0f", "31,231"),
        ("'float64'", "", "float64"),
        ("'float64'", ">9s", "  float64"),
        ("True", "", "True"),
    ],
)
def test_a_value_is_printed_in_its_format(
    value: str, spec: str, text: str
) -> None:
    assert formatted(value, spec) == text


@pytest.mark.parametrize(
    ("value", "spec"),
    [
        ("3.7", "d"),  # MyST-NB would print 3
        ("0.1", ""),
        ("nan", ".2f"),
        ("inf", ".2f"),
        ("'float64'", ".2f"),
        ("1.5", ".2q"),
    ],
)
def test_a_value_that_does_not_fit_its_format_is_refused(
    value: str, spec: str
) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        formatted(value, spec)


def test_slots_are_filled_and_faults_named_with_file_and_line(
    book: "Book",
) -> None:
    book.pages(
        page=f"""
# A page
{GLUE}
Good are {{num}}`rate:.1%`, {{num}}`rows:,d` and {{num}}`dtype`.

Unknown: {{num}}`speed:.1f`.

Unfit: {{num}}`rate:d`.

A line before.
Bare: {{num}}`rate`.

Lost: {{num}}`lost:.2f`.

Elsewhere: {{num}}`other::rate:.1f`.

> Nested: {{num}}`none`.
"""
    )
    built = book.build(nb_execution_mode="force")
    assert built.code == 1
    page = BeautifulSoup(built.text("page.html"), "html.parser")
    assert "Good are 12.5%, 31,231 and float64." in page.get_text()
    good = page.find_all("span", class_="computed")
    assert [number.text for number in good] == ["12.5%", "31,231", "float64"]
    for start, words in (
        ("Unknown", "no cell of this page glues 'speed'"),
        ("Unfit", "'rate:d' cannot be printed"),
        ("Bare", "'rate' cannot be printed: 0.125 needs a format"),
        ("Lost", "'lost:.2f' cannot be printed"),
        ("Elsewhere", "no cell of this page glues 'other'"),
        ("> Nested", "no cell of this page glues 'none'"),
    ):
        place = f"book/page.md:{book.line('page', start)}: WARNING: {words}"
        assert place in built.said, built.said
