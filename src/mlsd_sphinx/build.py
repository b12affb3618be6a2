"""Build the book so that what stands in ``build/html`` is green and whole.

``python -m mlsd_sphinx.build html`` returns at once when nothing that the
book is made of has changed since the last green build.  Otherwise it builds
into a folder of its own with nothing kept but the outputs of cells, warnings
being errors; audits what was built; and only then swaps it into place.  A
build that fails or is interrupted leaves the last good one where it was, and
the next call builds again: a second run cannot turn green by itself.

``python -m mlsd_sphinx.build page day-02`` checks one page in seconds, and
``python -m mlsd_sphinx.build seeds`` executes the pages with other seeds.
"""

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlsd_sphinx.passed_variables import passed_variables

__all__ = ["build_html", "build_page", "fingerprint", "main"]

# Claims cite tests by name and line: a renamed test breaks a page.
INPUTS = (
    *("book", "src", "tests"),
    *("conf.py", "pyproject.toml", "requirements.lock"),
)
IGNORED = {"__pycache__", ".ipynb_checkpoints"}
SECRET = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY", re.IGNORECASE)


def fingerprint(root: Path) -> str:
    """Return a hash of everything that the book is made of.

    Parameters
    ----------
    root : Path
        Top of the repository.

    Returns
    -------
    str
        Sixty-four hexadecimal digits; another after any change of a name or
        a byte among the inputs, of the interpreter, or of a variable that
        reaches the kernels.
    """
    around = f"{sys.prefix} {sys.version} {passed_variables()}"
    digest = hashlib.sha256(around.encode())
    for path in _input_files(root):
        digest.update(f"\n{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _input_files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        top = root / name
        if top.is_file():
            yield top
        for path in sorted(top.rglob("*")) if top.is_dir() else ():
            if path.is_file() and not IGNORED & set(path.parts):
                yield path


def _manifest(folder: Path) -> dict[str, int]:
    """Size of every built file: a lost or cut one makes the build stale."""
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def build_html(root: Path) -> int:
    """Build ``build/html`` if it is not up to date, and swap it into place.

    Parameters
    ----------
    root : Path
        Top of the repository.

    Returns
    -------
    int
        Exit status: 0 when ``build/html`` is green and current.
    """
    build = root / "build"
    html = build / "html"
    stamp = build / "html.stamp.json"
    with _only_one(build):
        inputs = fingerprint(root)
        if _is_current(stamp, inputs, html):
            print("build/html is up to date")  # noqa: T201
            return 0
        start = time.monotonic()
        _clear_leftovers(build)
        work = Path(tempfile.mkdtemp(prefix="tmp-html-", dir=build))
        try:
            status = _sphinx(
                root, "html", work / "html", work / "doctrees", "-E"
            ) or _audit(root, work / "html")
            if status:
                print(  # noqa: T201
                    "the build failed; build/html is still the last good one"
                    if html.exists()
                    else "the build failed",
                    file=sys.stderr,
                )
                return status
            _swap(work / "html", html)
            record = {"inputs": inputs, "files": _manifest(html)}
            part = stamp.with_suffix(".part")
            part.write_text(json.dumps(record), "utf8")
            part.replace(stamp)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        seconds = time.monotonic() - start
        print(f"build/html built in {seconds:.0f} s")  # noqa: T201
    return 0


def _is_current(stamp: Path, inputs: str, html: Path) -> bool:
    try:
        record = json.loads(stamp.read_text("utf8"))
        return bool(
            record["inputs"] == inputs and record["files"] == _manifest(html)
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def _only_one(build: Path) -> Iterator[None]:
    """Let a second build wait for the first."""
    build.mkdir(exist_ok=True)
    with (build / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear_leftovers(build: Path) -> None:
    # Killed builds leave their folder; none is alive while we hold the lock.
    for path in build.glob("tmp-html-*"):
        shutil.rmtree(path, ignore_errors=True)


def _swap(new: Path, place: Path) -> None:
    old = place.with_name(place.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _sphinx(
    root: Path, builder: str, out: Path, doctrees: Path, *options: str
) -> int:
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going"),
        *("-b", builder, "-c", ".", "-d", str(doctrees), *options),
        *("book", str(out)),
    ]
    return subprocess.run(command, cwd=root, check=False).returncode


def _audit(root: Path, html: Path) -> int:
    from mlsd_sphinx.html_audit import audit  # costs a parse of every page

    secrets = {
        value
        for name, value in os.environ.items()
        if SECRET.search(name) and len(value) >= 8
    }
    findings = audit(
        html,
        secrets=secrets,
        forbidden_paths=[str(root), str(Path.home()), sys.prefix],
    )
    for finding in findings:
        print(finding, file=sys.stderr)  # noqa: T201
    return 1 if findings else 0


def build_page(root: Path, name: str) -> int:
    """Build and check one page, without executing the others.

    Parameters
    ----------
    root : Path
        Top of the repository.
    name : str
        Page, or the start of its file name: ``day-02``.

    Returns
    -------
    int
        Exit status: 0 when the page has no finding.
    """
    book = root / "book"
    pages = [
        path
        for path in sorted(book.rglob("*.md"))
        if path.stem == name or path.stem.startswith(f"{name}-")
    ]
    if len(pages) != 1:
        print(f"{name!r} names {len(pages)} pages", file=sys.stderr)  # noqa: T201
        return 2
    page = pages[0]
    docname = str(page.relative_to(book).with_suffix(""))
    out = root / "build" / "page"
    warnings = out.with_name("page.warnings")
    # Sphinx keeps what it has read; the page itself is always read again.
    (out.with_name("page-doctrees") / f"{docname}.doctree").unlink(
        missing_ok=True
    )
    start = time.monotonic()
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-n", "--keep-going"),
        *("-b", "html", "-c", ".", "-d", "build/page-doctrees"),
        *("-D", f"mlsd_execute_only={docname}", "-w", str(warnings)),
        *("book", str(out), str(page)),
    ]
    status = subprocess.run(
        command, cwd=root, check=False, stderr=subprocess.DEVNULL
    ).returncode
    own = [
        line
        for block in re.split(
            r"(?m)^(?=\S+?: ?(?:WARNING|ERROR))", warnings.read_text("utf8")
        )
        if str(page) in block.partition("\n")[0]
        for line in [block.rstrip()]
    ]
    for line in own:
        print(line, file=sys.stderr)  # noqa: T201
    seconds = time.monotonic() - start
    verdict = f"{len(own)} findings" if own else "no finding"
    print(f"{docname}: {verdict} in {seconds:.1f} s; {out}/{docname}.html")  # noqa: T201
    return status or (1 if own else 0)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m mlsd_sphinx.build")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("html", help="the whole book, fresh, into build/html")
    page = verbs.add_parser("page", help="one page, with its checks")
    page.add_argument("name")
    seeds = verbs.add_parser("seeds", help="the cells, with other seeds")
    seeds.add_argument("--shifts", type=int, default=20)
    seeds.add_argument("--page", default="")
    chosen = parser.parse_args(arguments)
    root = Path.cwd()
    if chosen.verb == "html":
        return build_html(root)
    if chosen.verb == "seeds":
        from mlsd_sphinx.seed_shift import build_with_other_seeds

        return build_with_other_seeds(
            root, shifts=chosen.shifts, page=chosen.page
        )
    return build_page(root, chosen.name)


if __name__ == "__main__":
    sys.exit(main())
