"""The machinery of the book: everything Sphinx needs beyond its extensions.

``conf.py`` lists this package as one extension.  Each module registers what
it brings; none imports ``mlsd_examples``, whose lessons it only shows.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]

# In the order in which their hooks must run.
MODULES = (
    "execution",
    "page_lint",
    "numbers",
    "listing",
    "cell_labels",
    "claims",
    "questions",
    "recall",
    "reading",
    "formulas",
    "print_fallbacks",
    "print_structure",
)


def setup(app: "Sphinx") -> dict[str, bool | int]:
    """Register every module of the machinery."""
    for name in MODULES:
        # Imported here: `python -m mlsd_sphinx.build` must start in
        # milliseconds when there is nothing to do.
        import_module(f"mlsd_sphinx.{name}").setup(app)
    return {
        # Raise it when a record kept in the environment changes its fields:
        # older doctrees are then read again.
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
