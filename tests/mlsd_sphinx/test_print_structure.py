"""Nested pages become a book of parts and chapters, and lose nothing."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book

HOME = """# Tiny

Why you read.

## How to read

Slowly.

```{toctree}
:caption: The course

phase-1/index
```

```{toctree}
:caption: For authors

authoring
```
"""
PHASE = "# Phase 1\n\nTwenty days.\n\n```{toctree}\nweek-01/index\n```\n"
WEEK = """(week-01)=

# Week 1

The tools.

```{toctree}
day-01-one
day-02-two
```
"""
DAY = "# Day {0}: {1}\n\nIt begins.\n\n## Theory\n\nIt is so.\n"


def printed(book: "Book") -> str:
    front = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
    for name, text in {
        "index": HOME,
        "phase-1/index": PHASE,
        "phase-1/week-01/index": WEEK,
        "phase-1/week-01/day-01-one": DAY.format(1, "One"),
        "phase-1/week-01/day-02-two": DAY.format(2, "Two")
        + "\nSee [the week](#week-01).\n",
        "authoring": "# Writing\n\nObey.\n\n## Cells\n\nShort.\n",
    }.items():
        book.write(f"book/{name}.md", front + text)
    conf = (book.root / "conf.py").read_text("utf8")
    last = '"mlsd_sphinx.print_fallbacks",'
    conf = conf.replace(last, last + '"mlsd_sphinx.print_structure",')
    book.write("conf.py", conf + '\nlatex_toplevel_sectioning = "part"\n')
    built = book.build("latex")
    assert built.code == 0, built.said
    (tex,) = built.out.glob("*.tex")
    return tex.read_text("utf8")


def headings(tex: str) -> list[tuple[str, str]]:
    body = tex.split(r"\begin{document}")[1]
    return re.findall(r"\\(part|chapter|section|subsection)\{([^}]*)\}", body)


def test_phases_are_parts_and_days_are_chapters(book: "Book") -> None:
    assert headings(printed(book)) == [
        ("chapter", "About this book"),
        ("section", "How to read"),
        ("part", "Phase 1"),
        ("chapter", "Day 1: One"),
        ("section", "Theory"),
        ("chapter", "Day 2: Two"),
        ("section", "Theory"),
        ("part", "For authors"),
        ("chapter", "Writing"),
        ("section", "Cells"),
    ]


def test_the_opening_page_of_a_phase_introduces_its_weeks(
    book: "Book",
) -> None:
    tex = printed(book)
    words = ["Why you read", "Twenty days", "Week 1", "The tools", "Day 1"]
    places = [tex.index(word, tex.index("Why you read")) for word in words]
    assert places == sorted(places)


def test_a_link_to_a_week_still_leads_somewhere(book: "Book") -> None:
    tex = printed(book)
    anchor = r"\detokenize{phase-1/week-01/index:week-01}"
    assert rf"\label{{{anchor}}}" in tex
    assert rf"\hyperref[{anchor}]" in tex
