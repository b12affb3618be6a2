"""Let pytest run the code of the pages, beside the tests."""

import runpy
from pathlib import Path

from mlsd_sphinx.page_code import code_of_pages

_settings = runpy.run_path(str(Path(__file__).with_name("conf.py")))
_book = Path(__file__).with_name("book")
_collect = code_of_pages(set(_settings["myst_enable_extensions"])).pytest()


def pytest_collect_file(file_path, parent):  # type: ignore[no-untyped-def]
    """Collect the pages, and no other Markdown file."""
    if _book in file_path.parents:
        return _collect(file_path, parent)
    return None
