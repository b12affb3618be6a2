"""`make livehtml` serves, rebuilds what was saved, survives a broken page."""

import os
import queue
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRONT = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
CONF = """
extensions = ["myst_nb", "mlsd_sphinx.execution"]
project = "tiny"
html_theme = "basic"
nb_execution_mode = "off"
nb_custom_formats = {".md": "mlsd_sphinx.execution.read_page"}
mlsd_packages = ["lessons"]
"""


class Live:
    """A running `make livehtml`, and what it says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.child = subprocess.Popen(
            ["make", "livehtml"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: queue.Queue[str] = queue.Queue()
        # A daemon: a test that fails must not keep pytest from ending.
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.url = ""

    def wait_for_address(self) -> None:
        """Note the address once the server says it."""
        found = re.search(
            r"http://127\.0\.0\.1:\d+", self.wait_for("Serving on")
        )
        assert found
        self.url = found[0]

    def stop(self) -> None:
        """Stop the server too: make alone would leave it behind."""
        os.killpg(self.child.pid, signal.SIGTERM)
        self.child.wait(timeout=20)
        self.listener.join(timeout=20)

    def _listen(self) -> None:
        assert self.child.stdout
        with self.child.stdout as lines:
            for line in lines:
                self.said.put(line)

    def wait_for(self, text: str) -> str:
        """Return everything said up to `text`."""
        heard = ""
        deadline = time.monotonic() + 60
        while text not in heard:
            assert time.monotonic() < deadline, heard
            try:
                heard += self.said.get(timeout=1)
            except queue.Empty:
                assert self.child.poll() is None, heard
        return heard

    def get(self, name: str) -> str:
        # The port is announced before the server listens on it.
        deadline = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/{name}") as reply:  # noqa: S310
                    text: str = reply.read().decode()
            except urllib.error.URLError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                return text


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "book").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    write(tmp_path, "index", "# Top\n\n```{toctree}\na\nb\n```\n")
    write(tmp_path, "a", "# A\n\n```{code-cell}\nprint(6 * 7)\n```\n")
    write(tmp_path, "b", "# B\n\n```{code-cell}\nprint(2 * 7)\n```\n")
    session = Live(tmp_path)
    try:
        session.wait_for_address()
        yield session
    finally:
        session.stop()


def write(root: Path, name: str, text: str) -> None:
    (root / "book" / f"{name}.md").write_text(FRONT + text)


def test_a_saved_page_is_rebuilt_alone_and_a_broken_one_survived(
    live: Live,
) -> None:
    assert ">42\n<" in live.get("a.html")

    write(live.root, "a", "# A\n\n```{code-cell}\nprint(6 * 8)\n```\n")
    heard = live.wait_for("build succeeded")
    assert "executed a in" in heard
    assert "executed b in" not in heard
    assert "0 added, 1 changed, 0 removed" in heard
    assert ">48\n<" in live.get("a.html")

    write(live.root, "a", "# A\n\n```{code-cell}\n6 / 0\n```\n")
    heard = live.wait_for("build succeeded, 1 warning")
    assert "a.md:9: WARNING: the cell raised ZeroDivisionError" in heard
    assert "ZeroDivisionError" in live.get("a.html")
    assert ">14\n<" in live.get("b.html")

    write(live.root, "a", "# A\n\n```{code-cell}\nprint(6 * 9)\n```\n")
    live.wait_for("build succeeded")
    assert ">54\n<" in live.get("a.html")
