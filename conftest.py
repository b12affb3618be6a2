"""Let pytest run the code of the pages, beside the tests."""

import runpy
from pathlib import Path

from mlsd_sphinx.page_code import code_of_pages

_settings = runpy.run_path(str(Path(__file__).with_name("conf.py")))
_book = Path(__file__).with_name("book")
_extensions = set(_settings["myst_enable_extensions"])
pytest_collect_file = code_of_pages(_book, _extensions).pytest()
