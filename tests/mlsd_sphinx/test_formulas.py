"""Formulas, on tiny books: what a page holds, and what broken TeX does."""

import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
import quickjs
from bs4 import BeautifulSoup
from docutils import nodes

from mlsd_sphinx.formulas import (
    VENDOR,
    FormulaError,
    block_tex,
    katex,
    temml,
)

MATHML = "{http://www.w3.org/1998/Math/MathML}"
CONF = """
project = "tiny"
author = "nobody"
copyright = "2026, nobody"
version = "1"
extensions = ["myst_parser", "mlsd_sphinx.formulas"]
myst_enable_extensions = ["amsmath", "dollarmath"]
html_theme = "basic"
html_math_renderer = "mlsd"
numfig = True
"""
INDEX = r"""
# Formulas

Here $\hat y=\operatorname*{arg\,max}_{k} p_k < 1$ stands in a sentence.

$$
\sum_{\substack{i=1\\ i\ne j}}^{n} \Big( x_i - \bar x \Big)^2
$$ (eq:spread)

See {eq}`eq:spread`.

$$
\begin{aligned}
a &= b + c \\
  &= d
\end{aligned}
$$

\begin{align*}
u &= v \\
w &= z
\end{align*}

\begin{align}
r &= s \\
t &= q
\end{align}

```{math}
:label: eq:blank-line

e = f

g = h
```

```{toctree}
plain
rest
```
"""
REST = r"""
rest
====

Inline :math:`\mathbb{E}[X]`, with nothing around it:

.. math::
   :no-wrap:

   \begin{gather*} m \\ n \end{gather*}
"""
BROKEN = r"""# Broken

Fine: $a$.

A paragraph whose formula $\sqroot{2}$ is wrong.

$$
\frac{1}{
$$

$$
\begin{align*}
a &= b
\end{align*}
$$

\begin{align*}
\undefinedhere &= b
\end{align*}
"""
# Where each of the four stands, and a word of its message.
FAULTS = {
    5: r"\sqroot",
    7: "end of input",
    11: "a display of its own",
    17: r"\undefinedhere",
}


def sphinx(
    source: Path, builder: str, *options: str
) -> subprocess.CompletedProcess[str]:
    """Build `source` into a folder beside it that has the builder's name."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-E", "-n", "-W"),
            *("--keep-going", "-q", "-b", builder, "-d", f"../{builder}.dt"),
            *(*options, ".", f"../{builder}"),
        ],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )


def write_book(folder: Path, **pages: str) -> Path:
    source = folder / "source"
    source.mkdir()
    (source / "conf.py").write_text(CONF)
    for name, text in pages.items():
        suffix = "rst" if name == "rest" else "md"
        (source / f"{name}.{suffix}").write_text(text)
    return source


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with formulas on two pages of three, in three formats."""
    folder = tmp_path_factory.mktemp("book")
    source = write_book(
        folder, index=INDEX, rest=REST, plain="# plain\n\nNo maths.\n"
    )
    for builder in ("html", "epub", "latex"):
        built = sphinx(source, builder)
        assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(scope="module")
def page(book: Path) -> BeautifulSoup:
    text = (book / "html" / "index.html").read_text()
    return BeautifulSoup(text, "html.parser")


def block(tex: str, **attributes: object) -> nodes.math_block:
    return nodes.math_block(tex, tex, **attributes)


def leaves(markup: str) -> str:
    """What MathML shows, letter by letter, without its structure."""
    math = re.search("<math.*?</math>", markup, re.DOTALL)
    assert math is not None
    root = ET.fromstring(math[0])  # noqa: S314 (our own markup)
    tags = {f"{MATHML}{tag}" for tag in ("mi", "mn", "mo", "mtext")}
    text = "".join(e.text or "" for e in root.iter() if e.tag in tags)
    # Where each engine chooses among signs that look alike, says a style by
    # an attribute or by another letter, and spaces or joins invisibly.
    text = text.translate(str.maketrans("∣‖⋯‾ˉ", "|∥…¯¯"))
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u2061-\u2064\u200b]", "", text)


def test_every_formula_of_a_page_is_set_and_no_tex_is_left(
    page: BeautifulSoup,
) -> None:
    shown = page.select(".math")
    assert len(shown) == 6
    assert all(formula.select("math") for formula in shown)
    assert not page.select(".formula-refused, .katex-error")
    for annotation in page.select("annotation"):
        annotation.extract()
    assert not re.search(r"\\[a-z]", page.get_text())


def test_a_page_needs_no_script_and_no_third_party_for_its_formulas(
    page: BeautifulSoup, book: Path
) -> None:
    scripts = [tag.get("src", "inline") for tag in page.select("script")]
    assert not [name for name in scripts if "ath" in str(name)]
    addresses = [
        str(tag.get("src") or tag.get("href"))
        for tag in page.select("script, link, img, iframe")
    ]
    assert not [name for name in addresses if "//" in name]
    styles = (book / "html" / "_static" / "katex" / "katex.css").read_text()
    assert "//" not in styles


def test_a_screen_reader_meets_each_formula_exactly_once(
    page: BeautifulSoup,
) -> None:
    for formula in page.select(".katex"):
        halves = formula.find_all(recursive=False)
        assert [half["class"] for half in halves] == [
            ["katex-mathml"],
            ["katex-html"],
        ]
        assert halves[1]["aria-hidden"] == "true"
        assert not halves[0].find_parents(attrs={"aria-hidden": True})


def test_only_pages_with_a_formula_link_the_style_sheet(book: Path) -> None:
    linked = {
        path.stem
        for path in (book / "html").glob("*.html")
        if "katex.css" in path.read_text()
    }
    assert linked == {"index", "rest"}


def test_a_formula_in_a_heading_brings_the_style_sheet_to_every_menu(
    tmp_path: Path,
) -> None:
    source = write_book(
        tmp_path,
        index="# Start\n\n```{toctree}\nnext\n```\n",
        next="# About $n$\n",
    )
    built = sphinx(source, "html")
    assert built.returncode == 0, built.stderr
    for name in ("index", "search"):
        text = (tmp_path / "html" / f"{name}.html").read_text()
        assert "katex.css" in text, name


def test_the_style_sheet_finds_all_its_fonts_and_their_licences(
    book: Path,
) -> None:
    folder = book / "html" / "_static" / "katex"
    styles = (folder / "katex.css").read_text()
    fonts = set(re.findall(r"url\(([^)]+)\)", styles))
    assert len(fonts) == 20
    assert all(name.endswith(".woff2") for name in fonts)
    assert all((folder / name).is_file() for name in fonts)
    assert {p.name for p in folder.rglob("*") if p.suffix != ".woff2"} == {
        *("fonts", "katex.css", "LICENSE", "OFL.txt")
    }


def test_equations_are_numbered_in_order_and_referred_to_by_number(
    page: BeautifulSoup,
) -> None:
    numbers = [tag.get_text() for tag in page.select("div.math > .eqno")]
    assert [text.strip("¶") for text in numbers] == ["(1)", "(2)", "(3)"]
    reference = page.select_one('p a[href="#equation-eq-spread"]')
    assert reference is not None
    assert reference.get_text() == "(1)"
    spread = page.select_one("#equation-eq-spread")
    assert spread is not None
    assert spread.select("a.headerlink[href='#equation-eq-spread']")


def test_an_engine_numbers_nothing_by_itself(page: BeautifulSoup) -> None:
    assert page.select("div.math")
    assert not page.select(".eqn-num, .mml-eqn-num, .tag")


def test_an_unlabelled_numbered_environment_keeps_its_anchor_between_builds(
    page: BeautifulSoup, book: Path
) -> None:
    anchors = [tag.get("id") for tag in page.select("div.math[id]")]
    assert anchors == [
        "equation-eq-spread",
        "unlabelled-equation-1",
        "equation-eq-blank-line",
    ]
    (tex,) = (book / "latex").glob("tiny.tex")
    assert "index:unlabelled-equation-1" in tex.read_text()
    assert not re.search(r"equation-[0-9a-f]{8}-", tex.read_text())


def test_a_display_formula_scrolls_in_a_box_beside_its_number(
    page: BeautifulSoup, book: Path
) -> None:
    for formula in page.select("div.math"):
        box = formula.select_one(":scope > .formula-scroll")
        assert box is not None
        assert box.select(".katex-display")
        assert not box.select(".eqno")
    styles = (book / "html" / "_static" / "katex" / "katex.css").read_text()
    rule = re.search(
        r"div\.math > \.formula-scroll \{(.*?)\}", styles, re.DOTALL
    )
    assert rule is not None
    assert "overflow: auto hidden" in rule[1]


def test_an_epub_holds_mathml_with_its_tex_and_none_of_katex(
    book: Path,
) -> None:
    (archive,) = (book / "epub").glob("*.epub")
    with zipfile.ZipFile(archive) as epub:
        names = epub.namelist()
        texts = {
            name.rpartition("/")[2]: epub.read(name).decode()
            for name in names
            if name.endswith(".xhtml")
        }
    assert not [name for name in names if "katex" in name.lower()]
    assert [name for name in names if name.endswith("temml/formulas.css")]
    formulas = {
        name: list(ET.fromstring(text).iter(f"{MATHML}math"))  # noqa: S314
        for name, text in texts.items()
    }
    assert len(formulas["index.xhtml"]) == 6
    assert len(formulas["rest.xhtml"]) == 2
    assert formulas["rest.xhtml"][0].get("alttext") == r"\mathbb{E}[X]"
    for name, text in texts.items():
        assert ("temml/formulas.css" in text) == bool(formulas[name]), name


@pytest.mark.parametrize("builder", ["html", "epub", "latex", "text"])
def test_broken_tex_fails_every_builder_once_with_file_line_and_reason(
    builder: str, tmp_path: Path
) -> None:
    built = sphinx(write_book(tmp_path, index=BROKEN), builder)
    assert built.returncode == 1
    warnings = built.stderr.strip().splitlines()
    for line, word in FAULTS.items():
        said = [text for text in warnings if f"index.md:{line}: " in text]
        assert len(said) == 1, (line, warnings)
        assert word in said[0]
        assert "[mlsd.math]" in said[0]
    about_formulas = [text for text in warnings if "cannot be set" in text]
    assert len(about_formulas) == len(FAULTS)


def test_broken_tex_in_restructuredtext_has_the_line_of_its_paragraph(
    tmp_path: Path,
) -> None:
    source = write_book(tmp_path, index="# i\n\n```{toctree}\nrest\n```\n")
    (source / "rest.rst").write_text("r\n=\n\nWrong: :math:`{a`.\n")
    built = sphinx(source, "html")
    assert "rest.rst:4: WARNING: the formula '{a' cannot" in built.stderr


def test_a_broken_formula_of_a_heading_is_reported_once_for_all_menus(
    tmp_path: Path,
) -> None:
    source = write_book(
        tmp_path,
        index="# Start\n\n```{toctree}\nnext\n```\n",
        next="# About $\\no_such$ & co\n",
    )
    built = sphinx(source, "html")
    assert built.stderr.count("cannot be set") == 1
    text = (tmp_path / "html" / "next.html").read_text()
    assert r'<code class="formula-refused">\no_such</code>' in text


def test_a_parallel_build_sets_the_same_formulas(tmp_path: Path) -> None:
    # Sphinx forks only from six pages on.
    pages = {f"page{number}": "# p\n\n$x^2$\n" for number in range(8)}
    listing = "\n".join(pages)
    source = write_book(
        tmp_path, index=f"# i\n\n```{{toctree}}\n{listing}\n```\n", **pages
    )
    built = sphinx(source, "html", "-j", "2")
    assert built.returncode == 0, built.stderr
    written = (tmp_path / "html" / "page7.html").read_text()
    assert katex("x^2") in written


@pytest.mark.parametrize(
    "tex",
    [
        r"\operatorname*{arg\,max}_{k} p_k",
        r"\sum_{\substack{i=1\\ i\ne j}}^{n} \Big( x_i - \bar x \Big)^2",
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"f(x)=\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}",
        r"\mathcal{N}\left(\mu, \sigma^2\right), \tfrac12 \nabla_\theta L",
        r"\lVert x \rVert_2 \le \sqrt[3]{n}\, \mid \dots \mid 100\,\%",
        r"\begin{pmatrix} 1 & \cdots \\ \vdots & \ddots \end{pmatrix}",
        r"\underbrace{a+b}_{n} \xrightarrow{d} \mathbf{1}\{x \in A\}",
    ],
)
def test_both_engines_read_the_same_letters_in_a_formula(tex: str) -> None:
    screen = leaves(katex(tex, display=True))
    book = leaves(temml(tex, display=True))
    assert screen == book


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{a}{", "end of input"),
        ("a & b", "Expected 'EOF', got '&'"),
        (r"\href{javascript:x}{y}", r"\href is not allowed"),
        (r"\htmlClass{x}{y}", "strict mode"),
        ("é", "Accented Unicode text character"),
        (r"\eqref{x}", "Undefined control sequence"),
    ],
)
def test_what_latex_would_refuse_is_refused_on_screen(
    tex: str, reason: str
) -> None:
    with pytest.raises(FormulaError, match=re.escape(reason)):
        katex(tex)


def test_one_formula_cannot_define_a_command_for_the_next() -> None:
    for engine in (katex, temml):
        assert engine(r"\gdef\mine{x}\mine")
        with pytest.raises(FormulaError):
            engine(r"\mine")


def test_an_alternative_text_survives_quotes_and_line_breaks() -> None:
    math = ET.fromstring(temml('a\n < \\text{"b"}'))  # noqa: S314
    assert math.get("alttext") == 'a < \\text{"b"}'


def test_blank_lines_part_equations_and_double_backslashes_lines() -> None:
    assert block_tex(block("a")) == "a"
    assert block_tex(block(r"a\\b")) == r"\begin{split}a\\b\end{split}"
    assert (
        block_tex(block("a\n\nb\n\n\n")) == r"\begin{aligned}a\\b\end{aligned}"
    )


@pytest.mark.parametrize("name", ["equation", "align", "alignat", "gather"])
def test_sphinx_numbers_what_an_environment_would_number(name: str) -> None:
    starred = rf"\begin{{{name}*}}a\end{{{name}*}}"
    for attribute in ("nowrap", "no-wrap"):
        for tex in (starred, starred.replace("*", "")):
            assert block_tex(block(tex, **{attribute: True})) == starred


@pytest.mark.parametrize("name", ["equation", "align*", "alignat", "gather"])
def test_a_display_inside_a_display_is_refused_as_tex_does(name: str) -> None:
    with pytest.raises(FormulaError, match="leave the dollar signs out"):
        block_tex(block(rf"\begin{{{name}}}a\end{{{name}}}"))


@pytest.mark.parametrize("name", ["katex", "temml"])
def test_the_vendored_engine_is_the_version_that_its_folder_says(
    name: str,
) -> None:
    context = quickjs.Context()
    context.eval((VENDOR / name / f"{name}.min.js").read_text())
    stated = (VENDOR / name / "VERSION").read_text().strip()
    assert context.eval(f"{name}.version") == stated
    assert (
        "Permission is hereby granted"
        in (VENDOR / name / "LICENSE").read_text()
    )
