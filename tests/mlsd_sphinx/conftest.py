"""Tiny books: a few files, built in this process with warnings as errors."""

import io
import sys
import textwrap
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

CONF = """
extensions = [
    "myst_nb",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "mlsd_sphinx.numbers",
    "mlsd_sphinx.listing",
    "mlsd_sphinx.cell_labels",
    "mlsd_sphinx.claims",
    "mlsd_sphinx.questions",
    "mlsd_sphinx.recall",
    "mlsd_sphinx.reading",
    "mlsd_sphinx.print_fallbacks",
]
project = "tiny"
version = "1"
copyright = "us"
html_theme = "basic"
nitpicky = True
numfig = True
smartquotes = False
myst_enable_extensions = ["colon_fence", "dollarmath"]
nb_execution_mode = "off"
nb_custom_formats = {".md": "tiny_reader.read"}
bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "author_year"
exclude_patterns = ["build"]
mlsd_listing_packages = ["tiny_lessons"]
mlsd_repository_url = "https://example.org/tiny"
latex_documents = [("index", "tiny.tex", "tiny", "us", "manual")]
epub_uid = "tiny"
epub_identifier = "tiny"
epub_show_urls = "no"
"""

READER = """
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig

from mlsd_sphinx.source_lines import correct_lines


def read(text):
    config = MdParserConfig(enable_extensions={"colon_fence", "dollarmath"})
    notebook = read_myst_markdown_notebook(
        text, config=config, add_source_map=True
    )
    notebook.metadata["language_info"] = {"name": "python"}
    correct_lines(notebook, text)
    return notebook
"""

FRONT = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"

HEAD = "id,day,statement,verdict,kind,sources\n"
LEDGER = HEAD + (
    "D02-A,2,A sum follows the rows.,wrong,executed,\n"
    "D02-B,2,`a.T` copies.,holds with conditions,executed,\n"
    "D02-C,2,Views are free.,holds,executed,\n"
    "D02-D,2,Everybody agrees.,imprecise,source-only,smith2020; a letter\n"
    "D03-A,3,No row is lost.,added,executed,\n"
)

BIBLIOGRAPHY = """
@book{smith2020,
  author = {Smith, Ada}, title = {Views}, publisher = {Press}, year = {2020},
}
"""


@dataclass(frozen=True)
class Built:
    """What a build said and wrote."""

    code: int
    said: str
    out: Path

    def text(self, name: str) -> str:
        return (self.out / name).read_text("utf8")

    def epub(self) -> str:
        (archive,) = self.out.glob("*.epub")
        with zipfile.ZipFile(archive) as pages:
            return "\n".join(
                pages.read(name).decode()
                for name in pages.namelist()
                if name.endswith(".xhtml")
            )


class Book:
    """A book in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("conf.py", CONF)
        self.write("book/claims.csv", LEDGER)
        self.write("references.bib", BIBLIOGRAPHY)
        self.write("tiny_reader.py", READER)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")

    def pages(self, **pages: str) -> None:
        """Write pages, and a root page that lists them.

        A double underscore in a name parts folders, one is a hyphen.
        """
        names = []
        for key, text in pages.items():
            name = key.replace("__", "/").replace("_", "-")
            names.append(name)
            self.write(f"book/{name}.md", FRONT + textwrap.dedent(text))
        listed = "\n".join(names)
        self.write(
            "book/index.md", f"# Tiny\n\n```{{toctree}}\n{listed}\n```\n"
        )

    def line(self, name: str, text: str) -> int:
        """Return the line of a page that starts with `text`."""
        lines = (self.root / "book" / f"{name}.md").read_text("utf8")
        for number, line in enumerate(lines.split("\n"), 1):
            if line.startswith(text):
                return number
        raise AssertionError(f"{name} has no line {text!r}")

    def build(
        self, builder: str = "html", parallel: int = 1, **settings: object
    ) -> Built:
        said = io.StringIO()
        out = self.root / "build" / builder
        with (
            warnings.catch_warnings(),
            docutils_namespace(),
            patch_docutils(str(self.root)),
        ):
            # What the libraries deprecate is not what is tested here.
            warnings.simplefilter("ignore")
            app = Sphinx(
                str(self.root / "book"),
                str(self.root),
                str(out),
                str(self.root / "build" / "doctrees"),
                builder,
                confoverrides=settings,
                status=None,
                warning=said,
                warningiserror=True,
                parallel=parallel,
            )
            app.build()
        return Built(app.statuscode, said.getvalue(), out)

    def complaint(self, page: str, start: str) -> str:
        """Build, and return what is said about the line that starts so."""
        built = self.build()
        assert built.code == 1, "the build is green"
        place = f"book/{page}.md:{self.line(page, start)}: "
        found = [
            line.partition(place)[2]
            for line in built.said.splitlines()
            if place in line
        ]
        assert found, f"nothing is said about {place}:\n{built.said}"
        return "\n".join(line.partition(": ")[2] for line in found)


WORDS = " ".join(["word"] * 130)

CELL = """
```{code-cell}
---
label: strides-of-a-row
---
assert 1 == 1
```
"""

QUESTION = f"""
::::{{interview-question}} view-or-copy
:level: staff
:tier: full
:topics: numpy, memory
:minutes: 9
:evidence: strides-of-a-row

*Which line copies?*

:::{{short}}
The second.
:::
:::{{full}}
{WORDS}
:::
:::{{weak}}
- Says both.
- Says none.
:::
:::{{strong}}
Counts bytes; names the base.
:::
:::{{followup}} And on *ARM*?
The same there.
:::
:::{{followup}} And in Fortran?
Columns first.
:::
::::
"""

WARM_UP = """
::::{interview-question} why-strides
:level: screen
:tier: warm-up
:topics: numpy
:minutes: 1
:evidence: strides-of-a-row

*Why strides?*

:::{short}
Views cost nothing.
:::
:::{full}
Because a view needs no bytes of its own.
:::
::::
"""

# A page with every construct.  Each sentence occurs once.
WHOLE = f"""
(day-02)=

# Day 2: Views

The lead.

:::{{core-path}}
:::

## Scenario

It costs {{num}}`rate:.1%` of $x^2$.

:::{{claim}} D02-B
:evidence: strides-of-a-row, tests/test_views.py::test_a_view_is_shared

It gives a view at {{num}}`rate:.1%`, see [above](#scenario).
:::

```{{code-cell}}
---
tags: [remove-cell]
---
from myst_nb import glue
glue("rate", 0.125, display=False)
```
{CELL}
```{{code-cell}}
---
label: folded-away
tags: [hide-cell]
---
assert 2 == 2
```

:::{{predict}}
What happens next?
:::

```{{listing}} tiny_lessons.LIMIT
```
{QUESTION.replace("Which line", "Which of {num}`rate:.1%`")}
:::{{beyond}}
:::

## More
{WARM_UP.replace("evidence: ", "evidence: D02-B, ")}
### Exercise: one

:::{{solution}}
Do it like this.
:::

:::{{dropdown}} A drop
Dropped text.
:::

## Folklore, checked

:::{{claim}} D02-A
:evidence: folded-away

Not so, says {{footcite:t}}`smith2020`.
:::

:::{{claim}} D02-C
:evidence: folded-away

They are free.
:::

:::{{claim}} D02-D
:reason: It is an opinion.

Some do agree.
:::

:::{{folklore}} 2
:::

```{{footbibliography}}
```
"""

LATER = """
# Day 3: Rows

## Recall

:::{recall} view-or-copy why-strides
:::

:::{claim} D03-A
:evidence: tests/test_views.py::test_a_view_is_shared

Rows are lost.
:::
"""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    """A book without pages; modules beside it can be found by name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Book(tmp_path)
    _forget()


def _forget() -> None:
    for name in list(sys.modules):
        if name.startswith("tiny_"):
            del sys.modules[name]


@pytest.fixture(scope="session")
def whole(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Built]:
    """A book with every construct, executed once, by builder."""
    root = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root))
        book = Book(root)
        book.write("tiny_lessons/__init__.py", "LIMIT = 3  # views\n")
        book.write(
            "tests/test_views.py", "def test_a_view_is_shared():\n    ...\n"
        )
        book.pages(
            phase_1__day_02_views=WHOLE, phase_1__week_2__day_03_rows=LATER
        )
        built = {
            builder: book.build(builder, nb_execution_mode="force")
            for builder in ("html", "latex", "epub", "text", "singlehtml")
        }
    _forget()
    return built
