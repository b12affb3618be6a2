"""What must and must not change the key of a page's outputs."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlsd_sphinx.page_key import (
    environment_fingerprint,
    module_closure,
    page_key,
)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package in which a reaches b, and c stands alone."""
    top = tmp_path / "lessons"
    (top / "deep").mkdir(parents=True)
    (top / "__init__.py").write_text("")
    (top / "deep" / "__init__.py").write_text("")
    (top / "a.py").write_text("from lessons.deep.b import f\n")
    (top / "deep" / "b.py").write_text("from . import d\nf = d.g\n")
    (top / "deep" / "d.py").write_text("g = 1\n")
    (top / "c.py").write_text("CHILD = 'import lessons.deep.b'\n")
    (top / "alone.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield top
    sys.modules.pop("lessons", None)


def key(code: str, tags: tuple[str, ...] = (), environment: str = "e") -> str:
    cell = {"source": code, "metadata": {"tags": list(tags)}}
    return page_key([cell], packages=["lessons"], environment=environment)


def test_closure_follows_imports_and_relative_imports(package: Path) -> None:
    assert module_closure("import lessons.a", ["lessons"]) == {
        "lessons": package / "__init__.py",
        "lessons.a": package / "a.py",
        "lessons.deep": package / "deep" / "__init__.py",
        "lessons.deep.b": package / "deep" / "b.py",
        "lessons.deep.d": package / "deep" / "d.py",
    }


def test_closure_follows_names_imported_from_a_package(package: Path) -> None:
    found = module_closure("from lessons import alone", ["lessons"])
    assert sorted(found) == ["lessons", "lessons.alone"]
    assert found["lessons.alone"] == package / "alone.py"


@pytest.mark.usefixtures("package")
def test_closure_follows_code_handed_to_a_child_process() -> None:
    found = module_closure("from lessons import c", ["lessons"])
    assert "lessons.deep.d" in found


@pytest.mark.usefixtures("package")
def test_closure_ignores_other_packages_and_broken_code() -> None:
    assert module_closure("import json", ["lessons"]) == {}
    assert module_closure("import json; (", ["lessons"]) == {}


def test_a_change_in_a_module_reached_through_others_changes_the_key(
    package: Path,
) -> None:
    before = key("import lessons.a")
    (package / "deep" / "d.py").write_text("g = 2\n")
    assert key("import lessons.a") != before
    (package / "deep" / "d.py").write_text("g = 1\n")
    assert key("import lessons.a") == before


def test_a_change_in_a_module_that_is_not_reached_keeps_the_key(
    package: Path,
) -> None:
    before = key("import lessons.a")
    (package / "alone.py").write_text("x = 2\n")
    assert key("import lessons.a") == before


@pytest.mark.usefixtures("package")
def test_code_tags_and_environment_change_the_key() -> None:
    before = key("import json")
    assert key("import  json") != before
    assert key("import json", tags=("hide-input",)) != before
    assert key("import json", environment="f") != before


def test_the_fingerprint_sees_files_and_variables(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("numpy==2.4.6")
    before = environment_fingerprint([lock], {"TZ": "UTC"})
    assert environment_fingerprint([lock], {"TZ": "CET"}) != before
    lock.write_text("numpy==2.4.7")
    assert environment_fingerprint([lock], {"TZ": "UTC"}) != before
    lock.write_text("numpy==2.4.6")
    assert environment_fingerprint([lock], {"TZ": "UTC"}) == before


def test_the_fingerprint_sees_installed_distributions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlsd_sphinx import page_key as module

    before = environment_fingerprint([], {})
    folder = tmp_path / "lesson_only-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: lesson-only\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    module._distributions.cache_clear()
    assert environment_fingerprint([], {}) != before
    monkeypatch.undo()
    module._distributions.cache_clear()
    assert environment_fingerprint([], {}) == before
