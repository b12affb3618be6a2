"""What candidates commonly say, with what to say instead and the evidence.

The fixed part of a claim stands in a ledger, ``claims.csv``: the statement
as it is commonly made, its verdict, and whether it is executed or rests on
sources alone.  The directive ``{claim}`` adds on a page what to say instead
and names the evidence; ``{folklore}`` prints a day's whole ledger; the build
writes ``claims.json``.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from mlsd_sphinx.boxes import Box, Part, labelled, without_label
from mlsd_sphinx.cross_links import PendingLink, claim_anchor, page_of_claim
from mlsd_sphinx.evidence import (
    address_of,
    link_to,
    note_tests,
    parse_evidence,
    problem_of,
)
from mlsd_sphinx.fragments import Collection, html_of
from mlsd_sphinx.page_records import CLAIMS, Claim, Records, app_of, report

__all__ = [
    "VERDICTS",
    "Ledger",
    "Row",
    "evidence_paragraph",
    "read_ledger",
    "setup",
]

COLUMNS = ["id", "day", "statement", "verdict", "kind", "sources"]
KINDS = ("executed", "source-only")
# The verdict as the ledger spells it; what the box calls it; and what it
# calls the sentence that follows.  The rows that were added are errors too,
# only rarer ones, so their box corrects them like the others.
VERDICTS = {
    "holds": ("Holds", "True"),
    "holds with conditions": ("Holds with conditions", "Say instead"),
    "imprecise": ("Imprecise", "Say instead"),
    "outdated": ("Outdated", "Say instead"),
    "wrong": ("Wrong", "Say instead"),
    "added": ("Added", "Say instead"),
}
BIB_KEY = re.compile(r"[A-Za-z][\w:.+/-]*")


@dataclass(frozen=True)
class Row:
    """A claim as the ledger fixes it.

    Parameters
    ----------
    id : str
        Identifier, such as ``D02-T1-b``.
    day : int
        Day to which it belongs.
    statement : str
        What is commonly said.
    verdict, kind : str
        One of `VERDICTS`; ``executed`` or ``source-only``.
    sources : tuple of str
        Keys of the bibliography, or free text.
    """

    id: str
    day: int
    statement: str
    verdict: str
    kind: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Ledger:
    """The rows of the ledger by id, and the faults of its lines."""

    rows: dict[str, Row]
    faults: tuple[tuple[int, str], ...]


def read_ledger(path: Path) -> Ledger:
    """Read the ledger, if there is one.

    Parameters
    ----------
    path : Path
        A CSV file with the columns of a `Row`.

    Returns
    -------
    Ledger
        Its sound rows, and line and message of each fault.
    """
    if not path.is_file():
        return Ledger({}, ())
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, changed: int) -> Ledger:
    del changed  # part of the key: a saved file is read again
    rows: dict[str, Row] = {}
    faults: list[tuple[int, str]] = []
    with path.open(encoding="utf8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            message = f"the columns are not {', '.join(COLUMNS)}"
            return Ledger({}, ((1, message),))
        for values in reader:
            fault = _fault(values, rows)
            if fault:
                faults.append((reader.line_num, fault))
            else:
                rows[values["id"]] = _row(values)
    return Ledger(rows, tuple(faults))


def _fault(values: dict[str, str], rows: dict[str, Row]) -> str:
    # A row with too many values has them under None; too few are None.
    if None in values or None in values.values():
        return f"a row has {len(COLUMNS)} values"
    name = values["id"]
    if name in rows:
        return f"the claim {name!r} is already in the ledger"
    if not values["day"].isdecimal():
        return f"{name}: the day {values['day']!r} is no number"
    if not values["statement"].strip():
        return f"{name}: the statement is empty"
    if values["verdict"] not in VERDICTS:
        return f"{name}: the verdict {values['verdict']!r} is none of " + (
            ", ".join(VERDICTS)
        )
    if values["kind"] not in KINDS:
        return f"{name}: the kind {values['kind']!r} is none of " + (
            ", ".join(KINDS)
        )
    return ""


def _row(values: dict[str, str]) -> Row:
    return Row(
        values["id"],
        int(values["day"]),
        values["statement"],
        values["verdict"],
        values["kind"],
        tuple(
            part.strip()
            for part in values["sources"].split(";")
            if part.strip()
        ),
    )


def _path(env: BuildEnvironment) -> Path:
    return Path(env.srcdir, env.config.mlsd_claims_file)


def evidence_paragraph(
    env: BuildEnvironment, evidence: tuple[str, ...]
) -> Part:
    """Return the line that links to the evidence."""
    links: list[nodes.Node] = []
    for item in evidence:
        links += [nodes.Text(", "), link_to(env, item)]
    return labelled(
        "Evidence",
        [nodes.paragraph("", "", *links[1:])],
        part="evidence",
    )


class ClaimDirective(SphinxDirective):
    """The directive ``{claim}``."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "evidence": directives.unchanged,
        "reason": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return the box of the claim."""
        name = self.arguments[0].strip()
        path = _path(self.env)
        self.env.note_dependency(path)
        row = read_ledger(path).rows.get(name)
        if row is None:
            return self._refuse(f"the claim {name!r} is not in {path.name}")
        evidence = parse_evidence(self.options.get("evidence", ""))
        reason = self.options.get("reason", "").strip()
        for fault in self._faults(row, evidence, reason):
            self._refuse(fault)
        note_tests(self.env, evidence)
        CLAIMS.add(self.env, Claim(name, self.lineno, evidence))
        return [self._box(row, evidence, reason)]

    def _refuse(self, message: str) -> list[nodes.Node]:
        report(message, location=self.get_location(), subtype="claims")
        return []

    def _faults(
        self, row: Row, evidence: tuple[str, ...], reason: str
    ) -> list[str]:
        faults = []
        if not "".join(self.content).strip():
            faults.append(f"the claim {row.id} says nothing")
        if row.kind == "executed" and not evidence:
            faults.append(f"the executed claim {row.id} names no :evidence:")
        if row.kind == "executed" and reason:
            faults.append(f"the executed claim {row.id} needs no :reason:")
        if row.kind == "source-only" and not reason:
            faults.append(
                f"the claim {row.id} is source-only: its :reason: is missing"
            )
        return faults

    def _box(self, row: Row, evidence: tuple[str, ...], reason: str) -> Box:
        verdict, label = VERDICTS[row.verdict]
        anchor = claim_anchor(row.id)
        title = nodes.paragraph(
            "",
            "",
            nodes.inline("", verdict, classes=["verdict"]),
            nodes.Text(" "),
            nodes.reference(
                "",
                row.id,
                internal=True,
                refid=anchor,
                reftitle="Link to this claim",
                classes=["claim-id"],
            ),
            classes=["box-title"],
        )
        box = Box("", title, kind="claim", name=row.id, ids=[anchor])
        box["classes"] = ["claim", f"claim-{row.verdict.replace(' ', '-')}"]
        box["evidence"] = list(evidence)
        heard, _ = self.parse_inline(row.statement)
        box += labelled(
            "You’ll hear", [nodes.paragraph("", "", *heard)], part="heard"
        )
        box += labelled(label, self.parse_content_to_nodes(), part="statement")
        if evidence:
            box += evidence_paragraph(self.env, evidence)
        if row.kind == "source-only":
            why, _ = self.parse_inline(reason)
            box += labelled(
                "Not executed", [nodes.paragraph("", "", *why)], part="reason"
            )
        if row.sources:
            box += self._sources(row)
        self.set_source_info(box)
        return box

    def _sources(self, row: Row) -> Part:
        cites = "sphinxcontrib.bibtex" in app_of(self.env).extensions
        text = "; ".join(
            f"{{footcite:t}}`{source}`"
            if cites and BIB_KEY.fullmatch(source)
            else source
            for source in row.sources
        )
        cited, _ = self.parse_inline(text)
        return labelled(
            "Sources", [nodes.paragraph("", "", *cited)], part="sources"
        )


@dataclass(frozen=True)
class LedgerTable:
    """A place where a day's whole ledger is printed."""

    day: int
    line: int


TABLES: Records[LedgerTable] = Records("ledger_tables")


class FolkloreDirective(SphinxDirective):
    """The directive ``{folklore}``."""

    required_arguments = 1
    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the table of a day's claims."""
        path = _path(self.env)
        self.env.note_dependency(path)
        day = self.arguments[0].strip()
        rows = [
            row
            for row in read_ledger(path).rows.values()
            if str(row.day) == day
        ]
        if not rows:
            report(
                f"{path.name} holds no claim of day {day!r}",
                location=self.get_location(),
                subtype="claims",
            )
            return []
        TABLES.add(self.env, LedgerTable(int(day), self.lineno))
        return [self._table(rows)]

    def _table(self, rows: list[Row]) -> nodes.table:
        # LaTeX breaks a table across pages, and sentences across lines, only
        # if told so.
        table = nodes.table(
            classes=["folklore", "longtable", "colwidths-given"]
        )
        group = nodes.tgroup(cols=3)
        table += group
        for width in (16, 62, 22):
            group += nodes.colspec(colwidth=width)
        head = ("Claim", "What you’ll hear", "Verdict")
        group += nodes.thead("", _table_row([nodes.Text(t) for t in head]))
        body = nodes.tbody()
        group += body
        for row in rows:
            name = nodes.Text(row.id)
            link = PendingLink("", "", name, kind="claim", name=row.id)
            heard, _ = self.parse_inline(row.statement)
            verdict = nodes.Text(VERDICTS[row.verdict][0])
            statement = nodes.inline("", "", *heard)
            body += _table_row([link, statement, verdict])
        self.set_source_info(table)
        return table


def _table_row(cells: list[nodes.Node]) -> nodes.row:
    return nodes.row(
        "", *[nodes.entry("", nodes.paragraph("", "", c)) for c in cells]
    )


def check_ledger(app: Sphinx) -> None:
    """Report the faults of the ledger itself."""
    path = _path(app.env)
    for line, fault in read_ledger(path).faults:
        report(fault, location=f"{path}:{line}", subtype="claims")


def check_claims(app: Sphinx, env: BuildEnvironment) -> None:
    """Report claims twice in the book, and evidence that carries nothing."""
    del app
    first: dict[str, str] = {}
    for docname, claim in CLAIMS.items(env):
        if claim.id in first:
            report(
                f"the claim {claim.id} is already in {first[claim.id]}",
                location=(docname, claim.line),
                subtype="claims",
            )
        first.setdefault(claim.id, f"{docname}, line {claim.line}")
        for item in claim.evidence:
            problem = problem_of(env, docname, item, claims=False)
            if problem:
                report(
                    f"the claim {claim.id} is red: {problem}",
                    location=(docname, claim.line),
                    subtype="claims",
                )


def check_tables(app: Sphinx, env: BuildEnvironment) -> None:
    """Report claims of a printed ledger that no page explains."""
    del app
    rows = read_ledger(_path(env)).rows.values()
    for docname, table in TABLES.items(env):
        for row in rows:
            if row.day == table.day and not page_of_claim(env, row.id):
                report(
                    f"no page holds the claim {row.id}: write its box",
                    location=(docname, table.line),
                    subtype="claims",
                )


def entry_of(app: Sphinx, docname: str, box: Box) -> dict[str, Any]:
    """Return the entry of ``claims.json`` for a box."""
    row = read_ledger(_path(app.env)).rows[box["name"]]
    part = next(
        part for part in box.findall(Part) if part["part"] == "statement"
    )
    addresses = [
        address_of(app.env, app.builder, docname, item)
        for item in cast("list[str]", box["evidence"])
    ]
    return {
        "id": row.id,
        "day": row.day,
        "claim": row.statement,
        "verdict": row.verdict,
        "kind": row.kind,
        "statement": html_of(app, docname, without_label(part)),
        "evidence": [address for address in addresses if address],
        "page": app.builder.get_target_uri(docname),
        "anchor": claim_anchor(row.id),
    }


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives, their checks and ``claims.json``."""
    app.setup_extension("mlsd_sphinx.boxes")
    app.setup_extension("mlsd_sphinx.evidence")
    app.add_config_value("mlsd_claims_file", "claims.csv", "env")
    app.add_directive("claim", ClaimDirective)
    app.add_directive("folklore", FolkloreDirective)
    TABLES.connect(app)
    app.connect("builder-inited", check_ledger)
    app.connect("env-check-consistency", check_claims)
    app.connect("env-check-consistency", check_tables)
    Collection("claim", CLAIMS, entry_of, key="id").connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
