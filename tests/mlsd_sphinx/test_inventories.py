"""The vendored inventories: what they hold, and that they suffice offline."""

import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.util.inventory import InventoryFile

from mlsd_sphinx.inventories import MAPPING, renew, trimmed

# Addresses typed from the public sites, not read from the inventories.
ADDRESSES = {
    "numpy.broadcast_to": (
        "https://numpy.org/doc/stable/reference/generated/"
        "numpy.broadcast_to.html#numpy.broadcast_to"
    ),
    "numpy.exp": (
        "https://numpy.org/doc/stable/reference/generated/"
        "numpy.exp.html#numpy.exp"
    ),
    "numpy.random.Generator": (
        "https://numpy.org/doc/stable/reference/random/"
        "generator.html#numpy.random.Generator"
    ),
    "pandas.DataFrame.merge": (
        "https://pandas.pydata.org/docs/reference/api/"
        "pandas.DataFrame.merge.html#pandas.DataFrame.merge"
    ),
    "matplotlib.axes.Axes.hexbin": (
        "https://matplotlib.org/stable/api/_as_gen/"
        "matplotlib.axes.Axes.hexbin.html#matplotlib.axes.Axes.hexbin"
    ),
    "scipy.optimize.brentq": (
        "https://docs.scipy.org/doc/scipy/reference/generated/"
        "scipy.optimize.brentq.html#scipy.optimize.brentq"
    ),
    "mmap.mmap": "https://docs.python.org/3.13/library/mmap.html#mmap.mmap",
}
NAMES = {
    "python": {
        *("resource.setrlimit", "mmap.mmap", "importlib.metadata"),
        *("int", "ValueError", "hashlib.sha256", "subprocess.run"),
        *("graphlib.TopologicalSorter", "sys.modules", "dict"),
    },
    "numpy": {
        *("numpy.broadcast_to", "numpy.memmap", "numpy.shares_memory"),
        *("numpy.nditer", "numpy.lib.stride_tricks.as_strided"),
        *("numpy.random.Generator", "numpy.random.default_rng"),
        *("numpy.random.SeedSequence", "numpy.linalg.LinAlgError"),
        *("numpy.lib.introspect.opt_func_info", "numpy.trapezoid"),
        *("numpy.ndarray", "numpy.ndarray.strides", "numpy.dtype"),
        *("numpy.exp", "numpy.log1p", "numpy.matmul", "numpy.logaddexp"),
    },
    "pandas": {
        *("pandas.DataFrame.merge", "pandas.merge", "pandas.read_csv"),
        *("pandas.DataFrame.groupby", "pandas.merge_asof", "pandas.col"),
        *("pandas.Categorical", "pandas.DataFrame.memory_usage"),
    },
    "matplotlib": {
        *("matplotlib.axes.Axes.hexbin", "matplotlib.pyplot.hexbin"),
        *("matplotlib.figure.Figure", "matplotlib.pyplot.subplots"),
        *("matplotlib.axes.Axes.set_xscale", "matplotlib.rcParams"),
    },
    "scipy": {
        *("scipy.stats.norm", "scipy.optimize.brentq"),
        *("scipy.special.logsumexp", "scipy.special.xlogy"),
        *("scipy.stats.bootstrap", "scipy.stats.ttest_rel"),
        *("scipy.stats.rv_continuous.pdf", "scipy.linalg.svd"),
        *("scipy.integrate.quad", "scipy.sparse.csr_array"),
    },
}
# No socket can be opened, whoever asks for one.
CONF = """
import socket

class Refused(socket.socket):  # a class, since ssl derives from it
    def __init__(self, *arguments, **options):
        raise AssertionError("a build opened a socket")

def refuse(*arguments, **options):
    raise AssertionError("a build looked up an address")

socket.socket = Refused
socket.create_connection = socket.getaddrinfo = refuse

from mlsd_sphinx.inventories import MAPPING

project = "tiny"
extensions = ["myst_parser", "sphinx.ext.intersphinx"]
html_theme = "basic"
intersphinx_mapping = {
    name: (url, (path,)) for name, (url, path) in MAPPING.items()
}
"""


def header(version: str = "2", project: str = "NumPy") -> bytes:
    return (
        f"# Sphinx inventory version {version}\n# Project: {project}\n"
        "# Version: 2.4.6+ds\n"
        "# The remainder of this file is compressed using zlib.\n"
    ).encode()


def inventory(*entries: str) -> bytes:
    body = "".join(f"{entry}\n" for entry in entries)
    return header() + zlib.compress(body.encode())


def entries(raw: bytes) -> list[str]:
    return zlib.decompress(raw.split(b"\n", 4)[4]).decode().splitlines()


def sphinx(source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-E", "-n", "-W", "-q"),
            *("--keep-going", "-d", "../dt", ".", "../html"),
        ],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )


def write_book(folder: Path, page: str, conf: str = CONF) -> Path:
    source = folder / "source"
    source.mkdir()
    (source / "conf.py").write_text(conf)
    (source / "index.md").write_text(page)
    return source


@pytest.mark.parametrize("package", MAPPING)
def test_an_inventory_holds_the_names_that_pages_use(package: str) -> None:
    url, path = MAPPING[package]
    loaded = InventoryFile.loads(Path(path).read_bytes(), uri=url).data
    assert all(kind.startswith("py:") for kind in loaded)
    places = {
        name: item.uri
        for objects in loaded.values()
        for name, item in objects.items()
    }
    assert NAMES[package] - places.keys() == set()
    assert all(uri.startswith(url) for uri in places.values())


@pytest.mark.parametrize("package", MAPPING)
def test_an_inventory_stays_small_enough_to_live_in_the_repository(
    package: str,
) -> None:
    assert Path(MAPPING[package][1]).stat().st_size < 150_000


@pytest.mark.parametrize("package", MAPPING)
def test_trimming_a_trimmed_inventory_changes_nothing(package: str) -> None:
    raw = Path(MAPPING[package][1]).read_bytes()
    again = trimmed(raw, package)
    assert entries(again) == entries(raw)
    assert again.split(b"\n")[:4] == raw.split(b"\n")[:4]


def test_a_book_links_to_public_addresses_without_opening_a_socket(
    tmp_path: Path,
) -> None:
    page = "\n\n".join(f"{{py:obj}}`{name}`" for name in sorted(ADDRESSES))
    built = sphinx(write_book(tmp_path, f"# Links\n\n{page}\n"))
    assert built.returncode == 0, built.stderr
    text = (tmp_path / "html" / "index.html").read_text()
    links = BeautifulSoup(text, "html.parser").select("a.external")
    assert {a.get_text(): a["href"] for a in links} == ADDRESSES


def test_the_tiny_book_would_notice_a_socket(tmp_path: Path) -> None:
    # The refusal itself is tried: Sphinx turns it into a warning.
    conf = CONF.replace("(url, (path,))", "(url, (None,))")
    built = sphinx(write_book(tmp_path, "# Links\n", conf))
    assert built.returncode == 1
    assert "a build looked up an address" in built.stderr


def test_a_name_that_no_inventory_holds_fails_the_build(
    tmp_path: Path,
) -> None:
    built = sphinx(write_book(tmp_path, "# x\n\n{py:obj}`numpy.trapz`\n"))
    assert built.returncode == 1
    assert "index.md:3: WARNING: py:obj reference target not" in built.stderr


def test_a_mistyped_label_does_not_lead_into_another_projects_pages(
    tmp_path: Path,
) -> None:
    # Python's own documentation has a label `tut-intro`.
    built = sphinx(write_book(tmp_path, "# x\n\n{ref}`tut-intro`\n"))
    assert built.returncode == 1
    assert "tut-intro" in built.stderr


def test_other_domains_private_names_and_other_packages_are_left_out() -> None:
    kept = "numpy.ndarray.__len__ py:method 1 a.html#$ -"
    raw = inventory(
        kept,
        "numpy._core py:module 0 a.html#$ -",
        "numpy.random._pickle.f py:function 1 a.html#$ -",
        "numpydoc.f py:function 1 a.html#$ -",
        "ndpointer py:function 1 a.html#$ -",
        "NPY_ANYORDER c:enumerator 1 a.html#c.$ -",
        "search std:label -1 search.html Search Page",
    )
    assert entries(trimmed(raw, "numpy")) == [kept]


def test_a_generated_page_without_an_entry_gives_its_name_one() -> None:
    raw = inventory(
        "numpy.dot py:function 1 reference/generated/numpy.dot.html#$ -",
        "reference/generated/numpy.dot std:doc -1 "
        "reference/generated/numpy.dot.html numpy.dot",
        "reference/generated/numpy.exp std:doc -1 "
        "reference/generated/numpy.exp.html numpy.exp",
        "reference/routines.math std:doc -1 "
        "reference/routines.math.html Mathematical functions",
    )
    assert entries(trimmed(raw, "numpy")) == [
        "numpy.dot py:function 1 reference/generated/numpy.dot.html#$ -",
        "numpy.exp py:data 1 reference/generated/numpy.exp.html#$ -",
    ]


def test_names_of_the_standard_library_need_no_common_prefix() -> None:
    entry = "mmap.mmap py:class 1 library/mmap.html#$ -"
    assert entries(trimmed(inventory(entry), "python")) == [entry]


def test_what_is_no_inventory_of_the_package_is_refused() -> None:
    with pytest.raises(ValueError, match="<!doctype html>"):
        trimmed(b"<!doctype html>\n\n\n\n\n", "numpy")
    with pytest.raises(ValueError, match="version 1"):
        trimmed(header("1") + zlib.compress(b""), "numpy")
    with pytest.raises(ValueError, match="no name of 'scipy'"):
        trimmed(inventory("numpy.dot py:function 1 a.html#$ -"), "scipy")


def test_an_unknown_package_cannot_be_renewed(tmp_path: Path) -> None:
    source = tmp_path / "objects.inv"
    source.write_bytes(inventory("polars.col py:function 1 a.html#$ -"))
    with pytest.raises(ValueError, match="'polars' is none of python, "):
        renew(source, "polars")
