"""Small files that the lesson on environments hands to real tools.

Each constant is a file, or a folder as a mapping from path to text.  They
are wrong on purpose unless their name says otherwise.

In production, you have enough of them.
"""

from mlsd_examples.toolkit.wheels import make_wheel

__all__ = [
    "CYCLE",
    "CYCLE_BY_ORDER",
    "FLAVOURED",
    "INNOCENT",
    "LAYERED",
    "MESSY",
    "TRAIN",
    "release_wheels",
]

# Two wrong shapes (lines 3 and 4), two wrong types (lines 13 and 14).
TRAIN = """\
import numpy as np

hidden = np.zeros((32, 784)) @ np.zeros((512, 10))
residual = np.zeros(100) - np.zeros((100, 1))


def evaluate(text: str) -> float:
    return float(text)


def last_step(step: int) -> None:
    if step == 10**6:
        print(evaluate("0.93").accuracy)
        print(evaluate(0.93))
"""

# One defect of each kind: unused, mutable, compared to None, undefined.
MESSY = """\
import os


def clip(values=[], limit=None):
    if limit == None:
        limit = default_limit
    return values[:limit]
"""

CYCLE = {
    "train.py": "import model\n",
    "model.py": (
        "from data_loader import BATCH\n\nWIDTH = 8\n\n\n"
        "def fit():\n    return BATCH * WIDTH\n"
    ),
    "data_loader.py": (
        "from model import WIDTH\n\nBATCH = 32\n\n\n"
        "def load():\n    return [0.0] * WIDTH\n"
    ),
}

# The same cycle with a name defined early: it works through `model` alone.
CYCLE_BY_ORDER = {
    "through_model.py": "import model\n",
    "through_loader.py": "import data_loader\n",
    "model.py": "WIDTH = 8\n\nfrom data_loader import BATCH\n",
    "data_loader.py": "from model import WIDTH\n\nBATCH = 32\n",
}

LAYERED = {
    "train.py": "import model\n\nprint(model.fit())\n",
    "model.py": (
        "from data_loader import BATCH\nfrom spec import WIDTH\n\n\n"
        "def fit():\n    return BATCH * WIDTH\n"
    ),
    "data_loader.py": (
        "from spec import WIDTH\n\nBATCH = 32\n\n\n"
        "def load():\n    return [0.0] * WIDTH\n"
    ),
    "spec.py": "WIDTH = 8\n",
}

# A project without setup.py; its backend runs when someone builds it.
INNOCENT = {
    "pyproject.toml": (
        '[project]\nname = "innocent"\nversion = "1.0"\n\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
        'backend-path = ["."]\n'
    ),
    "backend.py": (
        "from pathlib import Path\n\n\n"
        "def build_wheel(directory, settings=None, metadata=None):\n"
        '    Path("marker.txt").write_text("ran while building")\n'
        '    raise SystemExit("enough seen")\n'
    ),
}

# Its backend reads a variable, as compilers read their flags.
FLAVOURED = {
    "pyproject.toml": INNOCENT["pyproject.toml"].replace(
        "innocent", "flavoured"
    ),
    "backend.py": (
        "import os\nfrom pathlib import Path\n\n"
        "from mlsd_examples.toolkit.wheels import make_wheel\n\n\n"
        "def build_wheel(directory, settings=None, metadata=None):\n"
        "    text = f\"FLAGS = {os.environ.get('CFLAGS')!r}\"\n"
        "    name, content = make_wheel('flavoured', '1.0', {'f.py': text})\n"
        "    Path(directory, name).write_bytes(content)\n"
        "    return name\n"
    ),
}


def release_wheels(
    newest: str = "1.24.0", *, swapped: bool = False
) -> dict[str, bytes]:
    """Make the wheels of a scorer and of the library that it needs.

    Parameters
    ----------
    newest : str
        "1.23.5", where the library still has `half`, or "1.24.0", which
        removed it.
    swapped : bool
        Whether 1.24.0 is another file of the same name.

    Returns
    -------
    dict of str to bytes
        A folder ``wheels`` with all releases up to the newest.

    Raises
    ------
    ValueError
        If there is no such release.

    Examples
    --------
    >>> list(release_wheels("1.23.5"))[0]
    'wheels/vectors-1.23.5-py3-none-any.whl'
    >>> len(release_wheels())
    3

    >>> release_wheels("2.0.0")
    Traceback (most recent call last):
        ...
    ValueError: no release '2.0.0'
    """
    texts = {"1.23.5": "half = float\n", "1.24.0": "whole = int\n"}
    if newest not in texts:
        raise ValueError(f"no release {newest!r}")
    if swapped:
        texts["1.24.0"] = "whole = int\nprint('someone else was here')\n"
    wheels = [
        make_wheel("vectors", version, {"vectors.py": text})
        for version, text in texts.items()
        if version <= newest
    ]
    scorer = "import vectors\n\nprint(vectors.half('0.5'))\n"
    files = {"scorer.py": scorer}
    wheels.append(
        make_wheel("scorer", "1.0", files, requires=["vectors>=1.20"])
    )
    return {f"wheels/{name}": content for name, content in wheels}
