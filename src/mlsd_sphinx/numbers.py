"""The role ``{num}``: a number in the prose that a cell has computed.

A cell hands values over with :func:`mlsd_examples.glue.glue`; the sentence
prints one of them, ``{num}`name:format```, with Python's own format.  What
cannot be printed as it was asked for fails the build: MyST-NB's own role
would cut 3.7 down to 3 for the format ``d``.
"""

from ast import literal_eval
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.variables import RetrievalError
from myst_nb.ext.glue.roles import PasteTextRole
from myst_nb.ext.glue.utils import retrieve_glue_data
from sphinx.application import Sphinx

from mlsd_sphinx.page_records import report

__all__ = ["Number", "formatted", "setup"]


def formatted(value: str, spec: str) -> str:
    """Format a value that a cell has recorded.

    Parameters
    ----------
    value : str
        Its ``repr``.
    spec : str
        Python's format; empty for text and whole numbers.

    Returns
    -------
    str
        What the prose prints.

    Raises
    ------
    ValueError
        If the value does not fit the format, or a fraction has none.

    Examples
    --------
    >>> formatted("0.45967", ".1%"), formatted("31231", ",d")
    ('46.0%', '31,231')
    >>> formatted("'float64'", "")
    'float64'
    >>> formatted("0.1", "")
    Traceback (most recent call last):
        ...
    ValueError: 0.1 needs a format, such as :.3g
    """
    try:
        plain: Any = literal_eval(value)
    except (SyntaxError, ValueError):  # nan, inf: they fit no number format
        plain = value
    if isinstance(plain, float) and not spec:
        raise ValueError(f"{value} needs a format, such as :.3g")
    return format(plain, spec)


class Number(PasteTextRole):  # type: ignore[misc]  # MyST-NB ships no types
    """The role ``{num}``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, or report what is wrong with its slot."""
        key, _, spec = self.text.partition(":")
        try:
            data = retrieve_glue_data(self.document, key.strip()).data
            text = formatted(data["text/plain"], spec)
        except (RetrievalError, KeyError):
            return self._refuse(f"no cell of this page glues {key!r}")
        except (TypeError, ValueError) as error:
            return self._refuse(f"{self.text!r} cannot be printed: {error}")
        node = nodes.inline(text, text, classes=["computed"])
        self.set_source_info(node)
        return [node], []

    def _refuse(
        self, message: str
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        report(
            message,
            location=f"{self.source}:{self._exact_line()}",
            subtype="numbers",
        )
        return [nodes.literal("", self.text)], []

    def _exact_line(self) -> int:
        """Find the line of the slot: MyST knows that of its paragraph."""
        try:
            lines = Path(self.source).read_text("utf8").split("\n")
        except OSError:
            lines = []
        for number in range(int(self.line), len(lines) + 1):
            if f"{{num}}`{self.text}`" in lines[number - 1]:
                return number
            if not lines[number - 1].strip():
                break
        return int(self.line)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the role."""
    app.add_role("num", Number())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
