"""Settings of the book; `sphinx-build -c . book …` reads them."""

from mlsd_sphinx.inventories import MAPPING

# One setting each: where the sources are and where the book is read.
repository_url = "https://github.com/mlsd-book/ml-system-design"
canonical_url = "https://ml-system-design.readthedocs.io/en/latest/"

project = "ML System Design: the comprehensive guide"
author = "The ML System Design authors"
copyright = "2026, the ML System Design authors"
language = "en"
version = release = "0.1.0"

extensions = [
    "myst_nb",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinxcontrib.bibtex",
    "mlsd_sphinx",
]
exclude_patterns = ["**.ipynb_checkpoints"]
nitpicky = True
numfig = True
numfig_secnum_depth = 0
smartquotes = False
suppress_warnings: list[str] = []

# Pages.  MyST-NB never executes: mlsd_sphinx.execution has done so before,
# and gives it each page with its outputs.
myst_enable_extensions = [
    "amsmath",
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
    "fieldlist",
]
myst_heading_anchors = 3
nb_execution_mode = "off"
nb_custom_formats = {".md": "mlsd_sphinx.execution.read_page"}
nb_merge_streams = True
nb_render_markdown_format = "myst"
nb_code_prompt_show = "Show the {type}"
nb_code_prompt_hide = "Hide the {type}"
nb_mime_priority_overrides = [
    ("html", "image/svg+xml", 5),
    ("latex", "application/pdf", 1),
    ("latex", "text/html", 15),
    ("latex", "image/png", 40),
    ("epub", "image/png", 5),
    ("epub", "image/svg+xml", None),
    ("epub", "application/pdf", None),
]

# References, all offline.
intersphinx_mapping = {
    name: (url, (path,)) for name, (url, path) in MAPPING.items()
}
intersphinx_disabled_reftypes: list[str] = []
bibtex_bibfiles = ["book/references.bib"]
bibtex_default_style = "unsrt"
bibtex_reference_style = "author_year"
doctest_test_doctest_blocks = ""

# HTML.
html_theme = "sphinx_book_theme"
html_title = project
html_baseurl = canonical_url
html_math_renderer = "mlsd"
html_copy_source = False
html_show_sourcelink = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "repository_url": repository_url,
    "repository_branch": "main",
    "path_to_docs": "book",
    "use_repository_button": True,
    "use_issues_button": True,
    "use_download_button": False,
    "navbar_persistent": [],
    "show_navbar_depth": 1,
    "max_navbar_depth": 3,
    "show_toc_level": 2,
}
mlsd_repository_url = repository_url
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .gp, .go"

# Print.  The look of the PDF is in one file, which the preamble names.
latex_engine = "xelatex"
latex_use_xindy = False
latex_toplevel_sectioning = "part"
latex_documents = [
    ("index", "ml-system-design.tex", project, author, "manual")
]
latex_additional_files = ["src/mlsd_sphinx/latex/mlsd.sty"]
latex_table_style = ["booktabs", "colorrows"]
latex_elements = {
    "papersize": "a4paper",
    "pointsize": "11pt",
    "extraclassoptions": "oneside,openany",
    "geometry": r"\usepackage[margin=2.45cm]{geometry}",
    "fncychap": "",
    "fontpkg": "",
    "preamble": r"\usepackage{mlsd}",
    "sphinxsetup": (
        "iconpackage=none, verbatimforcewraps=true, verbatimvisiblespace={},"
        " verbatimwithframe=false, VerbatimColor={HTML}{F4F5F7},"
        " TitleColor={HTML}{1B2733}, InnerLinkColor={HTML}{0A5F8A},"
        " OuterLinkColor={HTML}{0A5F8A}"
    ),
}
epub_basename = "ml-system-design"
epub_uid = "ml-system-design"
epub_identifier = "ml-system-design"
epub_show_urls = "no"
