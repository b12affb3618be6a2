"""IPython profile of every kernel that executes a page.

One run yields a figure in each format that a builder wants: svg for HTML,
pdf for LaTeX, png for the ePub.
"""

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # IPython's own

c.InlineBackend.figure_formats = {"svg", "pdf", "png"}
c.HistoryManager.enabled = False
c.InteractiveShell.colors = "nocolor"
