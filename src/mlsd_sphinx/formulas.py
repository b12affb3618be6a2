r"""Formulas set while the book is built: no page needs a script for them.

Sphinx's own renderer leaves TeX in the page and asks a third party's script
to set it in front of the reader.  Here KaTeX (screen) and Temml (ePub) run in
QuickJS at build time, so the page holds HTML with MathML beside it for screen
readers, looks the same everywhere, and broken TeX fails the build instead of
greeting a reader in red.

Each formula is tried in *both* engines by every builder: one that only one
of them understands would break the other edition later.  LaTeX extensions
that browsers' engines invent (``\href``, accented letters in maths, ``\\``
that does nothing) are refused as well, because the PDF is set by TeX.
"""

import html
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import quickjs
from docutils import nodes
from sphinx.builders import Builder
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

__all__ = ["FormulaError", "block_tex", "katex", "setup", "temml"]

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
VENDOR = HERE / "vendor"

# `trust` is asked about \href, \includegraphics and their kin.  Answering no
# would set the command in red and carry on; throwing names the formula.
SCRIPT = r"""
function set(tex, display) {
  try {
    return JSON.stringify({html: ENGINE.renderToString(tex, {
      displayMode: display,
      throwOnError: true,
      strict: STRICT,
      trust: (context) => {
        throw new Error(context.command + " is not allowed");
      },
      output: "htmlAndMathml",
      xml: true,
    })});
  } catch (error) {
    return JSON.stringify({error: String(error.message)});
  }
}
"""

# Environments that number their rows.  The number is Sphinx's to give: an
# engine's own would start again at 1 on each page and refer to nothing.
NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|alignat|gather)\}")
# Environments that are a display of their own: TeX refuses them inside one.
DISPLAY = re.compile(r"\\begin\{(equation|align|alignat|gather)\*?\}")
COMBINING_LOW_LINE = "\u0332"  # with which both engines underline the fault


# What each build has reported: source, line, formula.
_said: WeakKeyDictionary[Builder, set[tuple[str | None, int | None, str]]] = (
    WeakKeyDictionary()
)


class FormulaError(ValueError):
    """TeX that an engine refuses; the message is the engine's."""


@cache
def _engine(name: Literal["katex", "temml"]) -> Callable[[str, bool], str]:
    context = quickjs.Context()
    context.eval((VENDOR / name / f"{name}.min.js").read_text("utf-8"))
    # Temml's `strict` speaks of macros only and refuses \coloneqq's kin.
    strict = '"error"' if name == "katex" else "false"
    context.eval(SCRIPT.replace("ENGINE", name).replace("STRICT", strict))
    return cast("Callable[[str, bool], str]", context.get("set"))


def _set(name: Literal["katex", "temml"], tex: str, display: bool) -> str:
    answer: dict[str, str] = json.loads(_engine(name)(tex, display))
    if "error" in answer:
        message = answer["error"].replace(COMBINING_LOW_LINE, "")
        raise FormulaError(" ".join(message.split()))
    return answer["html"]


@cache
def katex(tex: str, *, display: bool = False) -> str:
    r"""Set a formula as HTML, with MathML for screen readers.

    Parameters
    ----------
    tex : str
        The formula, without dollar signs.
    display : bool
        Whether it stands on a line of its own.

    Returns
    -------
    str
        KaTeX's markup: a visually hidden ``<math>``, and spans that are
        hidden from screen readers.

    Raises
    ------
    FormulaError
        If KaTeX refuses it, or LaTeX would.

    Examples
    --------
    The two halves of a formula, one for ears and one for eyes:

    >>> markup = katex(r"\sqrt{n}")
    >>> markup.count("<math"), markup.count('aria-hidden="true"')
    (1, 1)

    A mistake is named:

    >>> katex(r"\sqroot{n}")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mlsd_sphinx.formulas.FormulaError: ... sequence: \sqroot at position 1...
    """
    return _set("katex", tex, display)


@cache
def temml(tex: str, *, display: bool = False) -> str:
    r"""Set a formula as MathML that carries its TeX as alternative text.

    Parameters
    ----------
    tex : str
        The formula, without dollar signs.
    display : bool
        Whether it stands on a line of its own.

    Returns
    -------
    str
        One ``<math>`` element, well-formed XML.

    Raises
    ------
    FormulaError
        If Temml refuses it.

    Examples
    --------
    A reading system without MathML can still say the TeX:

    >>> temml(r"a < b")[:67]
    '<math alttext="a &lt; b" xmlns="http://www.w3.org/1998/Math/MathML"'

    A mistake is named:

    >>> temml(r"{a")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mlsd_sphinx.formulas.FormulaError: Expected '}', got 'EOF' at end of...
    """
    alternative = html.escape(" ".join(tex.split()))
    markup = _set("temml", tex, display)
    return markup.replace("<math", f'<math alttext="{alternative}"', 1)


def block_tex(node: nodes.math_block) -> str:
    r"""Return the TeX of a display formula as an engine takes it.

    Parameters
    ----------
    node : nodes.math_block
        The formula as a directive, dollar signs or an ``amsmath``
        environment of MyST left it.

    Returns
    -------
    str
        Its TeX: blank lines part aligned equations and ``\\`` parts lines,
        as Sphinx documents; an environment that numbers its rows gives way
        to its starred form, since Sphinx numbers the formula.

    Raises
    ------
    FormulaError
        If an environment that is a display of its own stands inside one,
        which browsers' engines forgive and TeX does not.
    """
    tex = node.astext()
    if node.get("no-wrap", node.get("nowrap", False)):
        return NUMBERED.sub(r"\\\1{\2*}", tex)
    nested = DISPLAY.search(tex)
    if nested:
        raise FormulaError(
            f"{nested[0]} opens a display of its own, which TeX refuses "
            "inside another: leave the dollar signs out, or use aligned"
        )
    parts = [_lines(part) for part in tex.split("\n\n") if part.strip()]
    if len(parts) < 2:
        return "".join(parts)
    return r"\begin{aligned}" + r"\\".join(parts) + r"\end{aligned}"


def _lines(part: str) -> str:
    return rf"\begin{{split}}{part}\end{{split}}" if r"\\" in part else part


def _tex(node: nodes.math | nodes.math_block) -> str:
    if isinstance(node, nodes.math_block):
        return block_tex(node)
    return node.astext()


class FormulaCheck(SphinxPostTransform):
    """Name every formula that an edition could not set, in every builder.

    Not the renderers do so: LaTeX has its own, which leaves finding a fault
    to TeX, pages later; and a heading is rendered once more in each menu
    that shows it.  The builder of ePubs resolves its first page four times,
    hence the memory of what has been said.
    """

    default_priority = 800  # after `only` has dropped what is not shown

    def run(self, **kwargs: Any) -> None:  # noqa: ARG002
        """Try each formula of the page."""
        for node in self.document.findall(_is_formula):
            formula = cast("nodes.math | nodes.math_block", node)
            display = isinstance(formula, nodes.math_block)
            try:
                tex = _tex(formula)
                katex(tex, display=display)
                temml(tex, display=display)
            except FormulaError as error:
                self._report(formula, error)

    def _report(self, node: nodes.Element, error: FormulaError) -> None:
        place = _nearest_place(node)
        fault = (place.source, place.line, node.astext())
        said = _said.setdefault(self.app.builder, set())
        if fault not in said:
            said.add(fault)
            logger.warning(
                "the formula %r cannot be set: %s",
                " ".join(node.astext().split()),
                error,
                location=place,
                type="mlsd",
                subtype="math",
            )


def _is_formula(node: nodes.Node) -> bool:
    return isinstance(node, nodes.math | nodes.math_block)


def _nearest_place(node: nodes.Element) -> nodes.Element:
    """Climb until a line is known: reStructuredText gives inlines none."""
    place: nodes.Element | None = node
    while place is not None:
        if place.line is not None and place.source:
            return place
        place = place.parent
    return node


def _markup(
    translator: "HTML5Translator", node: nodes.math | nodes.math_block
) -> str:
    engine = temml if translator.builder.name == "epub" else katex
    display = isinstance(node, nodes.math_block)
    try:
        return engine(_tex(node), display=display)
    except FormulaError:  # FormulaCheck has said so, with its place
        typed = translator.encode(node.astext())
        return f'<code class="formula-refused">{typed}</code>'


def visit_math(translator: "HTML5Translator", node: nodes.math) -> None:
    """Write an inline formula."""
    translator.body.append(
        translator.starttag(
            node, "span", "", CLASS="math notranslate nohighlight"
        )
    )
    translator.body.append(_markup(translator, node) + "</span>")
    raise nodes.SkipNode


def visit_math_block(
    translator: "HTML5Translator", node: nodes.math_block
) -> None:
    """Write a display formula, with its number when it has one."""
    translator.body.append(
        translator.starttag(
            node, "div", "", CLASS="math notranslate nohighlight"
        )
    )
    if node.get("number"):
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    # The second class is the theme's: its script lets the keyboard reach
    # such a box for as long as there is something in it to scroll.
    translator.body.append(
        '<div class="formula-scroll pst-scrollable-table-container">'
        f"{_markup(translator, node)}</div></div>\n"
    )
    raise nodes.SkipNode


def name_unlabelled_equations(_app: "Sphinx", doctree: nodes.document) -> None:
    r"""Replace the random anchors of MyST's numbered environments.

    MyST gives ``\begin{align}`` a UUID for a label, so two builds of one
    page would differ.
    """
    for block in list(doctree.findall(nodes.math_block)):
        if not _is_uuid(block.get("label")):
            continue
        old = nodes.make_id(f"equation-{block['label']}")
        new = _free_name(doctree)
        doctree.ids[new] = block
        for element in list(doctree.findall(nodes.Element)):
            element["ids"] = [new if i == old else i for i in element["ids"]]
            if element.get("refid") == old:
                element["refid"] = new


def _is_uuid(label: object) -> bool:
    try:
        return str(UUID(str(label))) == label
    except ValueError:
        return False


def _free_name(doctree: nodes.document) -> str:
    number = 1
    while f"unlabelled-equation-{number}" in doctree.ids:
        number += 1
    return f"unlabelled-equation-{number}"


def copy_styles(app: "Sphinx") -> None:
    """Put the style sheet, and the fonts it names, into the output."""
    if app.builder.format != "html":
        return
    target = app.outdir / "_static" / "katex"
    if app.builder.name == "epub":
        _write(
            target.with_name("temml") / "formulas.css",
            (HERE / "static" / "formulas-epub.css").read_bytes(),
        )
        return
    vendored = VENDOR / "katex"
    _write(
        target / "katex.css",
        (vendored / "katex.min.css").read_bytes()
        + (HERE / "static" / "formulas.css").read_bytes(),
    )
    # The licences travel with what they license.
    for path in (vendored / "LICENSE", *(vendored / "fonts").iterdir()):
        _write(target / path.relative_to(vendored), path.read_bytes())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def add_styles(
    app: "Sphinx",
    _pagename: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Link the style sheet from a page that shows a formula, and no other."""
    if app.builder.format != "html":
        return
    if "<math" not in context.get("body", "") and not _menus_show_one(app.env):
        return
    epub = app.builder.name == "epub"
    builder = cast("StandaloneHTMLBuilder", app.builder)
    builder.add_css_file("temml/formulas.css" if epub else "katex/katex.css")


def _menus_show_one(env: "BuildEnvironment") -> bool:
    """Whether a heading holds a formula, which any page's menu may repeat."""
    return any(title.next_node(nodes.math) for title in env.titles.values())


def setup(app: "Sphinx") -> dict[str, bool]:
    """Register the renderer ``mlsd``, the check and the style sheets."""
    app.add_html_math_renderer(
        "mlsd",
        inline_renderers=(visit_math, None),
        block_renderers=(visit_math_block, None),
    )
    app.add_post_transform(FormulaCheck)
    app.connect("doctree-read", name_unlabelled_equations)
    app.connect("builder-inited", copy_styles)
    app.connect("html-page-context", add_styles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
