"""Check the source of each page while Sphinx reads it.

Every fault that :mod:`mlsd_sphinx.page_source` finds is a warning with file
and line, which ``-W`` turns into a failure.  Sphinx forgets the warnings of
pages that it does not read again; the findings are kept with the environment
and said again in each build, so that a faulty page fails twice in a row.

A second wall stands behind the first: ``literalinclude`` and ``include`` do
not read a file outside the book, however the page came to name it.
"""

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralInclude
from sphinx.directives.other import Include
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from mlsd_sphinx.findings import Finding
from mlsd_sphinx.page_blocks import read_page
from mlsd_sphinx.page_source import (
    NumberException,
    check_page,
    read_exceptions,
)
from mlsd_sphinx.typed_numbers import EXCEPTIONS

__all__ = ["setup"]

logger = logging.getLogger(__name__)


class PageLint:
    """Findings of the pages, kept from build to build.

    The environment holds them under ``mlsd_page_findings``, by docname, and
    the exceptions that they were made with under
    ``mlsd_number_exceptions``.
    """

    def __init__(self) -> None:
        self._exceptions: tuple[NumberException, ...] = ()

    def start(
        self, app: Sphinx, env: BuildEnvironment, docnames: list[str]
    ) -> None:
        """Read the exceptions; say again what stands in unread pages."""
        try:
            self._exceptions = read_exceptions(Path(app.srcdir))
        except ValueError as error:
            raise ExtensionError(str(error)) from error
        for exception in self._exceptions:
            if not (Path(app.srcdir) / exception.page).is_file():
                where = f"{Path(app.srcdir) / EXCEPTIONS}:{exception.line}"
                logger.warning(
                    "no page %r",
                    exception.page,
                    location=where,
                    type="mlsd",
                    subtype="stale-exception",
                )
        before = getattr(env, "mlsd_number_exceptions", self._exceptions)
        for docname in sorted(_findings(env).keys() - set(docnames)):
            if before != self._exceptions:
                _findings(env)[docname] = self._check(env, docname)
            _warn(_findings(env)[docname])
        vars(env)["mlsd_number_exceptions"] = self._exceptions

    def read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Check a page that is about to be parsed."""
        del content  # other extensions may have changed it; lines would lie
        found = self._check(app.env, docname)
        # Sound pages are kept too: an exception that goes may fault them.
        _findings(app.env)[docname] = found
        _warn(found)

    def _check(self, env: BuildEnvironment, docname: str) -> list[Finding]:
        path = Path(env.doc2path(docname))
        if path.suffix != ".md":
            return []
        text = path.read_text("utf-8")
        found = check_page(
            path,
            text,
            book=Path(env.srcdir),
            exceptions=self._exceptions,
        )
        return _naming_claims(found, text)


def _naming_claims(found: list[Finding], text: str) -> list[Finding]:
    """Say of each fault inside a claim which claim it turns red."""
    if not found:
        return found
    claims = [
        directive
        for directive in read_page(text).directives
        if directive.name == "claim"
    ]
    named = []
    for finding in found:
        for claim in claims:
            last = claim.body_line + claim.body.rstrip().count("\n")
            if claim.line <= finding.line <= last:
                message = (
                    f"the claim {claim.argument} is red: {finding.message}"
                )
                named.append(dataclasses.replace(finding, message=message))
                break
        else:
            named.append(finding)
    return named


def _findings(env: BuildEnvironment) -> dict[str, list[Finding]]:
    kept: dict[str, list[Finding]] = vars(env).setdefault(
        "mlsd_page_findings", {}
    )
    return kept


def _warn(findings: Iterable[Finding]) -> None:
    for finding in findings:
        logger.warning(
            "%s: %s",
            finding.rule,
            finding.message,
            location=f"{finding.path}:{finding.line}",
            type="mlsd",
            subtype=finding.rule,
        )


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget the findings of a page that changed or went."""
    del app
    _findings(env).pop(docname, None)


def merge(
    app: Sphinx,
    env: BuildEnvironment,
    docnames: Iterable[str],
    other: BuildEnvironment,
) -> None:
    """Take over the findings of pages that another process read."""
    del app
    read = set(docnames)
    theirs = _findings(other).items()
    _findings(env).update(
        (name, kept) for name, kept in theirs if name in read
    )


def _inside(directive: SphinxDirective, name: str) -> bool:
    """Tell whether a file is in the book; warn when it is not."""
    _, path = directive.env.relfn2path(name)
    standard = name.startswith("<")  # docutils' own folder
    root = Path(directive.env.srcdir).resolve()
    if not standard and Path(path).resolve().is_relative_to(root):
        return True
    _refuse(name, directive.get_location())
    return False


def _refuse(name: str, location: str | None) -> None:
    logger.warning(
        "%s is outside the book and was not read",
        name,
        location=location,
        type="mlsd",
        subtype="include-outside",
    )


class BookLiteralInclude(LiteralInclude):
    """``literalinclude`` of files of the book alone."""

    def run(self) -> list[nodes.Node]:
        """Show the file, if it is in the book."""
        names = [self.arguments[0], self.options.get("diff", "/")]
        if not all(_inside(self, name) for name in names):
            return []
        return super().run()


class BookInclude(Include):
    """``include`` in reStructuredText, of files of the book alone.

    MyST puts its own reader in the place of this directive; :func:`included`
    stands behind that one.
    """

    def run(self) -> list[nodes.Node]:
        """Read the file, if it is in the book."""
        if not _inside(self, self.arguments[0]):
            return []
        return list(super().run())


def included(app: Sphinx, path: Path, parent: str, content: list[str]) -> None:
    """Empty the text that an ``include`` read outside the book."""
    del parent  # the stem of the file, not its docname
    root = Path(app.srcdir).resolve()
    if not (root / path).resolve().is_relative_to(root):
        _refuse(str(path), app.env.docname)
        content[0] = ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the checks and the guarded directives."""
    lint = PageLint()
    app.connect("env-before-read-docs", lint.start)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("source-read", lint.read)
    app.connect("include-read", included)
    app.add_directive("literalinclude", BookLiteralInclude, override=True)
    app.add_directive("include", BookInclude, override=True)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
