"""What a notebook is in Git: sources, outputs and counts in one file.

A notebook is JSON, and JSON of the sources alone makes small diffs.  What
makes large ones is what running adds: pictures, tables, and a number on
each cell.

In production, use nbformat to read, nbclient to run, nbstripout or jupytext
before a commit, and nbdime to compare.
"""

import base64
import contextlib
import copy
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes

__all__ = [
    "draw_sizes",
    "new_notebook",
    "notebook_bytes",
    "percent_script",
    "run_notebook",
    "strip_notebook",
]

Notebook: TypeAlias = dict[str, Any]

_BAR: dict[str, Any] = {"color": "#0072B2", "linewidth": 7}
_BESIDE: dict[str, Any] = {
    "fontsize": 8.5,
    "xytext": (6, 0),
    "textcoords": "offset points",
    "va": "center",
}


def new_notebook(sources: Sequence[str]) -> Notebook:
    """Make a notebook of code cells that have not been run.

    Parameters
    ----------
    sources : sequence of str, shape (cells,)
        Code of each cell.

    Returns
    -------
    dict
        A notebook of format 4.5.

    Examples
    --------
    >>> notebook = new_notebook(["x = 1", "x + 1"])
    >>> [cell["id"] for cell in notebook["cells"]]
    ['cell-0', 'cell-1']
    """
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {},
            "outputs": [],
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(sources)
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def run_notebook(notebook: Notebook, *, first_count: int = 1) -> Notebook:
    r"""Run all code cells and record what they print and draw.

    Parameters
    ----------
    notebook : dict
        A notebook of code cells.
    first_count : int
        Number on the first cell: 1 in a fresh kernel, more in one that
        has been used.

    Returns
    -------
    dict
        A copy with outputs and execution counts.

    Notes
    -----
    A small kernel: printed text becomes a stream, and a Matplotlib figure
    named ``figure`` a PNG picture, for each cell that makes one.

    Examples
    --------
    >>> done = run_notebook(new_notebook(["print(6 * 7)"]), first_count=12)
    >>> done["cells"][0]["execution_count"]
    12
    >>> done["cells"][0]["outputs"][0]["text"]
    ['42\n']
    """
    done, names = copy.deepcopy(notebook), dict[str, Any]()
    for count, cell in enumerate(done["cells"], first_count):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec("".join(cell["source"]), names)  # noqa: S102  # a kernel runs code
        cell["execution_count"], cell["outputs"] = count, []
        if printed.getvalue():
            cell["outputs"].append(
                {
                    "name": "stdout",
                    "output_type": "stream",
                    "text": printed.getvalue().splitlines(keepends=True),
                }
            )
        figure = names.pop("figure", None)
        if figure is not None:
            cell["outputs"].append(_picture(figure))
    return done


def strip_notebook(notebook: Notebook) -> Notebook:
    """Remove what running added.

    Parameters
    ----------
    notebook : dict
        A notebook, run or not.

    Returns
    -------
    dict
        A copy without outputs and execution counts.

    Examples
    --------
    Stripped, a notebook is as if it had never been run:

    >>> fresh = new_notebook(["print(6 * 7)"])
    >>> strip_notebook(run_notebook(fresh)) == fresh
    True
    """
    bare = copy.deepcopy(notebook)
    for cell in bare["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return bare


def notebook_bytes(notebook: Notebook) -> bytes:
    r"""Write a notebook as Jupyter does.

    Parameters
    ----------
    notebook : dict
        A notebook.

    Returns
    -------
    bytes
        Indented JSON with sorted keys and a last line end.

    Examples
    --------
    >>> notebook_bytes(new_notebook([]))[-5:]
    b' 5\n}\n'
    """
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def percent_script(notebook: Notebook) -> str:
    r"""Write the sources as a script with a mark for each cell.

    Parameters
    ----------
    notebook : dict
        A notebook of code and Markdown cells.

    Returns
    -------
    str
        The ``py:percent`` text, without any header.

    Raises
    ------
    ValueError
        If a cell is of another kind.

    Examples
    --------
    >>> print(percent_script(new_notebook(["x = 1", "x + 1"])), end="")
    # %%
    x = 1
    <BLANKLINE>
    # %%
    x + 1
    >>> percent_script({"cells": [{"cell_type": "raw", "source": []}]})
    Traceback (most recent call last):
        ...
    ValueError: a raw cell has no script
    """
    blocks = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            blocks.append(f"# %%\n{source}\n")
        elif cell["cell_type"] == "markdown":
            lines = [f"# {line}".rstrip() for line in source.split("\n")]
            blocks.append("\n".join(["# %% [markdown]", *lines, ""]))
        else:
            raise ValueError(f"a {cell['cell_type']} cell has no script")
    return "\n".join(blocks)


def draw_sizes(axes: Axes, sizes: Mapping[str, int], *, unit: str) -> None:
    """Draw sizes that differ by orders of magnitude.

    Parameters
    ----------
    axes : Axes
        Where to draw; the horizontal axis becomes logarithmic.
    sizes : mapping of str to int
        Each size, > 0, by name.
    unit : str
        Unit of all.

    Raises
    ------
    ValueError
        If there are no sizes, or one is not positive.
    """
    if not sizes or min(sizes.values()) <= 0:
        raise ValueError(f"sizes={dict(sizes)} are not all positive")
    at = np.arange(len(sizes))[::-1]
    for place, (name, size) in zip(at.tolist(), sizes.items(), strict=True):
        axes.plot([1, size], [place, place], **_BAR)
        axes.annotate(f"{name}: {size:,d}", (size, place), **_BESIDE)
    axes.set(xscale="log", xlim=(1, 60 * max(sizes.values())), yticks=[])
    axes.set(ylim=(-0.6, len(sizes) - 0.4), xlabel=f"{unit} (log scale)")


def _picture(figure: Any) -> dict[str, Any]:
    drawn = io.BytesIO()
    # At its own resolution, whatever this machine's settings say.
    settings = {"dpi": figure.dpi, "metadata": {"Software": None}}
    figure.savefig(drawn, format="png", **settings)
    text = base64.b64encode(drawn.getvalue()).decode()
    return {
        "data": {"image/png": text, "text/plain": ["<Figure>"]},
        "metadata": {},
        "output_type": "display_data",
    }
