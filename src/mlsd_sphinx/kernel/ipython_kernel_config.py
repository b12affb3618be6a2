"""IPython profile of every kernel that executes a page.

One run yields a figure in each format that a builder wants: svg for HTML,
pdf for LaTeX, png for the ePub.
"""

import os

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # IPython's own

c.InlineBackend.figure_formats = {"svg", "pdf", "png"}
c.HistoryManager.enabled = False
c.InteractiveShell.colors = "nocolor"

# `make seeds`: other draws, without an edit of the page.
if os.environ.get("MLSD_SEED_SHIFT"):
    c.IPKernelApp.exec_lines = [
        "from mlsd_sphinx.seed_shift import shift_seeds; shift_seeds()",
        "del shift_seeds",
    ]
