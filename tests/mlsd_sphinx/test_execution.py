"""Execution, on tiny books: what runs, what is kept, what is reported."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FRONT = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
CONF = """
extensions = ["myst_nb", "mlsd_sphinx.execution"]
project = "tiny"
html_theme = "basic"
nb_execution_mode = "off"
nb_custom_formats = {".md": "mlsd_sphinx.execution.read_page"}
nb_mime_priority_overrides = [("html", "image/svg+xml", 5)]
myst_enable_extensions = ["colon_fence"]
mlsd_packages = ["lessons"]
mlsd_cell_timeout_s = 20
"""

Build = Callable[..., subprocess.CompletedProcess[str]]


def cell(code: str, *options: str) -> str:
    return "\n".join(["", "```{code-cell}", *options, code, "```", ""])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A book whose package says how many days a week has."""
    (tmp_path / "book").mkdir()
    (tmp_path / "src" / "lessons").mkdir(parents=True)
    (tmp_path / "src" / "lessons" / "__init__.py").write_text("DAYS = 7\n")
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "requirements.lock").write_text("lessons==1\n")
    return tmp_path


@pytest.fixture
def build(root: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    monkeypatch.setenv("CHEST_TOKEN", "s3cr3t-value")

    def run(*options: str, **pages: str) -> subprocess.CompletedProcess[str]:
        for name, text in pages.items():
            (root / "book" / f"{name}.md").write_text(FRONT + text)
        return subprocess.run(
            [
                *(sys.executable, "-m", "sphinx", "-E", "-n", "-W"),
                *("--keep-going", "-b", "html", "-c", ".", "-d", "dt"),
                *(*options, "book", "out"),
            ],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root / "src")},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def executed(done: subprocess.CompletedProcess[str]) -> int:
    return done.stdout.count("executed ")


def line_of(root: Path, page: str, text: str) -> int:
    lines = (root / "book" / f"{page}.md").read_text().splitlines()
    return lines.index(text) + 1


def test_every_failing_page_is_named_with_line_cell_and_traceback(
    root: Path, build: Build
) -> None:
    toctree = "```{toctree}\nother\n```\n"
    done = build(
        index=f"# A\n\n{toctree}" + cell("1 / 0", ":label: split"),
        other="# B\n" + cell("x = 1\nint('seven')") + cell("undefined_name"),
    )
    assert done.returncode == 1
    first = line_of(root, "index", "1 / 0")
    second = line_of(root, "other", "int('seven')")
    third = line_of(root, "other", "undefined_name")
    assert f"index.md:{first}: WARNING: cell 'split' raised" in done.stderr
    assert f"other.md:{second}: WARNING: the cell raised" in done.stderr
    assert f"other.md:{third}: WARNING" in done.stderr
    assert "ZeroDivisionError: division by zero" in done.stderr
    assert "invalid literal for int() with base 10: 'seven'" in done.stderr


def test_a_failing_page_fails_again_with_nothing_fixed(build: Build) -> None:
    page = "# A\n" + cell("1 / 0")
    assert build(index=page).returncode == 1
    again = build(index=page)
    assert again.returncode == 1
    assert "ZeroDivisionError" in again.stderr


def test_a_declared_exception_is_shown_and_accepted(
    root: Path, build: Build
) -> None:
    done = build(
        index="# A\n"
        + cell(
            "int('seven')",
            ":tags: [raises-exception]",
            ':raises: "ValueError: invalid literal"',
        )
    )
    assert done.returncode == 0, done.stderr
    assert "invalid literal" in (root / "out" / "index.html").read_text()


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("7", "no longer raises 'ValueError: invalid literal'"),
        ("1 / 0", "and raises 'ZeroDivisionError: division by zero'"),
        ("raise ValueError('other')", "and raises 'ValueError: other'"),
    ],
)
def test_a_declared_exception_that_does_not_come_fails(
    root: Path, build: Build, code: str, complaint: str
) -> None:
    done = build(
        index="# A\n"
        + cell(
            code,
            ":tags: [raises-exception]",
            ':raises: "ValueError: invalid literal"',
        )
    )
    assert done.returncode == 1
    assert f"index.md:{line_of(root, 'index', code)}: " in done.stderr
    assert complaint in done.stderr


def test_a_declared_exception_shows_its_message_and_no_frame(
    root: Path, build: Build
) -> None:
    done = build(
        index="# A\n"
        + cell(
            "import json\njson.loads('{')",
            ":tags: [raises-exception]",
            ':raises: "JSONDecodeError: Expecting"',
        )
    )
    assert done.returncode == 0, done.stderr
    page = (root / "out" / "index.html").read_text()
    assert "JSONDecodeError: Expecting property name" in page
    assert "Traceback" not in page
    assert "decoder.py" not in page


def test_a_declaration_that_changes_judges_stored_outputs_anew(
    build: Build,
) -> None:
    tags = ":tags: [raises-exception]"
    right = cell("int('x')", tags, ':raises: "ValueError: invalid literal"')
    wrong = cell("int('x')", tags, ':raises: "TypeError: invalid literal"')
    assert build(index="# A\n" + right).returncode == 0
    done = build(index="# A\n" + wrong)
    assert done.returncode == 1
    assert "declares 'TypeError: invalid literal'" in done.stderr


def test_what_a_cell_writes_to_stderr_fails_the_build(build: Build) -> None:
    done = build(
        index="# A\n" + cell("import warnings\nwarnings.warn('too old')")
    )
    assert done.returncode == 1
    assert "wrote to stderr" in done.stderr
    assert "too old" in done.stderr


def test_a_killed_kernel_names_its_page_and_the_rest_goes_on(
    root: Path, build: Build
) -> None:
    done = build(
        index="# A\n\n```{toctree}\nother\n```\n"
        + cell("print('before')")
        + cell("import os\nos._exit(9)", ":label: fatal"),
        other="# B\n" + cell("print(6 * 7)"),
    )
    assert done.returncode == 1
    line = line_of(root, "index", "import os")
    assert f"index.md:{line}: WARNING: cell 'fatal' killed" in done.stderr
    assert "42" in (root / "out" / "other.html").read_text()


def test_a_cell_that_never_ends_is_stopped_and_named(
    root: Path, build: Build
) -> None:
    done = build(
        "-D",
        "mlsd_cell_timeout_s=3",
        index="# A\n" + cell("while True:\n    pass"),
    )
    assert done.returncode == 1
    line = line_of(root, "index", "while True:")
    assert f"index.md:{line}: WARNING: the cell ran longer" in done.stderr


def test_outputs_are_kept_and_follow_the_package(
    root: Path, build: Build
) -> None:
    # Kernels inherit no PYTHONPATH; this package is not installed.
    path = f"import sys\nsys.path.insert(0, {str(root / 'src')!r})\n"
    code = "import lessons\nprint('days:', lessons.DAYS)"
    page = "# A\n" + cell(path + code)
    html = root / "out" / "index.html"
    source = root / "src" / "lessons" / "__init__.py"
    assert executed(build(index=page)) == 1
    assert executed(build(index=page)) == 0
    assert "days: 7" in html.read_text()
    source.write_text("DAYS = 8\n")
    assert executed(build(index=page)) == 1
    assert "days: 8" in html.read_text()
    source.write_text("DAYS = 7\n")
    assert executed(build(index=page)) == 0
    assert "days: 7" in html.read_text()


def test_a_new_lock_executes_again(root: Path, build: Build) -> None:
    page = "# A\n" + cell("print(1)")
    assert executed(build(index=page)) == 1
    (root / "requirements.lock").write_text("lessons==2\n")
    assert executed(build(index=page)) == 1


def test_prose_does_not_execute(build: Build) -> None:
    assert executed(build(index="# A\n" + cell("print(1)"))) == 1
    assert executed(build(index="# A\n\nNew words.\n" + cell("print(1)"))) == 0


def test_damaged_outputs_are_made_again(root: Path, build: Build) -> None:
    page = "# A\n" + cell("print(1)")
    build(index=page)
    (stored,) = (root / "build" / "executed").glob("*.json")
    good = json.loads(stored.read_text())["outputs"]
    stored.write_text(stored.read_text()[:20])
    assert executed(build(index=page)) == 1
    assert json.loads(stored.read_text())["outputs"] == good


def test_the_store_keeps_the_newest(root: Path, build: Build) -> None:
    for i in range(3):
        build("-D", "mlsd_store_size=2", index="# A\n" + cell(f"print({i})"))
    assert len(list((root / "build" / "executed").glob("*"))) == 2
    assert executed(build(index="# A\n" + cell("print(2)"))) == 0


def test_kernels_see_no_secret_and_one_thread(
    root: Path, build: Build
) -> None:
    done = build(
        index="# A\n"
        + cell(
            "import os\n"
            "print('token', os.environ.get('CHEST_TOKEN'))\n"
            "print('path', os.environ.get('PYTHONPATH'))\n"
            "print('threads', os.environ['OPENBLAS_NUM_THREADS'])\n"
            "print('left here', os.listdir())"
        )
    )
    assert done.returncode == 0, done.stderr
    text = (root / "out" / "index.html").read_text()
    assert "s3cr3t-value" not in text
    assert "token None" in text
    assert "path None" in text
    assert "threads 1" in text
    assert "left here []" in text


def test_a_figure_comes_as_svg_pdf_and_png(root: Path, build: Build) -> None:
    build(
        index="# A\n"
        + cell("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    )
    (stored,) = (root / "build" / "executed").glob("*.json")
    ((output,),) = json.loads(stored.read_text())["outputs"]
    assert {"image/svg+xml", "application/pdf", "image/png"} <= set(
        output["data"]
    )
    pdf = base64.b64decode(output["data"]["application/pdf"])
    # Type 3 fonts print badly; 42 embeds the outlines.
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf


def test_a_page_read_by_many_processes_is_executed_once(
    root: Path, build: Build
) -> None:
    names = [f"page{i}" for i in range(6)]
    toctree = "```{toctree}\n" + "\n".join(names) + "\n```\n"
    pages = {n: f"# {n}\n" + cell(f"print('{n}')") for n in names}
    done = build("-j", "2", index=f"# A\n\n{toctree}", **pages)
    assert done.returncode == 0, done.stderr
    assert executed(done) == 6
    assert len(list((root / "build" / "executed").glob("*.json"))) == 6
