"""Break what carries a claim, and exactly its claims turn red.

For every claim of the written days this file makes pages that are broken:
an evidence line is gone, a computed number is typed, a cited cell no longer
checks, a cited test no longer exists.  The book's own machinery reads them
all in one build; each must turn red the claims that stand on what was
broken, and no other.

A day has dozens of things to break.  They are numbered, and page *b* breaks
those whose number has bit *b*: each is broken somewhere, no two on the same
set of pages, so that a claim that turned red by anything but its own would
show.  A cell that *fails* needs no page: one after the other, what the
execution would note is noted, and the claims of the sound page are judged
again.

A broken page keeps the claims and the labelled cells of the real one, and
leaves the prose between them out.  Nothing is executed, so that ten days
take seconds; that a failing cell is noted is the matter of
``tests/mlsd_sphinx/test_red_claims.py``, that a failing test is, of
``test_evidence.py``.
"""

import ast
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from mlsd_sphinx.evidence import problem_of
from mlsd_sphinx.page_records import CLAIMS

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
DAYS = sorted(BOOK.glob("phase-*/week-*/day-*.md"))
FRONT = (
    "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n# Day\n\n"
)
CONF = """
extensions = ["myst_nb", "mlsd_sphinx.page_lint", "mlsd_sphinx.numbers",
              "mlsd_sphinx.cell_labels", "mlsd_sphinx.claims"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
nb_execution_mode = "off"
nb_custom_formats = {".md": "unexecuted.read"}
"""
READER = """
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig

from mlsd_sphinx.source_lines import correct_lines


def read(text):
    config = MdParserConfig(enable_extensions={"colon_fence", "dollarmath"})
    notebook = read_myst_markdown_notebook(
        text, config=config, add_source_map=True
    )
    notebook.metadata["language_info"] = {"name": "python"}
    correct_lines(notebook, text)
    return notebook
"""
BLOCK = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?P<kind>code-cell|claim)\}(?P<rest>.*?)"
    r"^(?P=fence)[ ]*$",
    re.MULTILINE | re.DOTALL,
)
EVIDENCE = re.compile(r"^:evidence: (.+)\n", re.MULTILINE)
LABEL = re.compile(r"^:?label: (\S+)$", re.MULTILINE)
SLOT = re.compile(r"\{num\}`[^`]+`")
RED = re.compile(
    r"(?P<page>[\w-]+)\.md:\d+: WARNING: .*?(?:the claim (?P<red>\S+) is red"
    r"|the executed claim (?P<bare>\S+) names no)"
)


@dataclass
class Day:
    """What is kept of a page: its claims and its labelled cells."""

    claims: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def page(self, changes: Iterable[tuple[str, str]] = ()) -> str:
        """Return the page, with texts put in the place of others."""
        text = "\n\n".join([*self.cells.values(), *self.claims.values()])
        for old, new in changes:
            assert old in text
            whole = re.compile(re.escape(old) + r"(?!\w)")
            text = whole.sub(lambda _, new=new: new, text)  # type: ignore[misc]
        return f"{FRONT}{text}\n"

    def evidence(self, claim: str) -> list[str]:
        found = EVIDENCE.search(self.claims[claim])
        items = found[1].split(",") if found else []
        return [item.strip() for item in items if item.strip()]

    def cited(self) -> dict[str, set[str]]:
        """Return the claims that stand on each piece of evidence."""
        carried: dict[str, set[str]] = {}
        for claim in self.claims:
            for item in self.evidence(claim):
                carried.setdefault(item, set()).add(claim)
        return carried


def read(path: Path) -> Day:
    day = Day()
    for block in BLOCK.finditer(path.read_text("utf8")):
        if block["kind"] == "claim":
            day.claims[block["rest"].split()[0]] = block[0]
        elif label := LABEL.search(block["rest"]):
            day.cells[label[1]] = block[0]
    return day


def without_checks(cell: str) -> str:
    """Return a cell that runs on, and can no longer fail."""
    cell = re.sub(r"^:?raises: .*\n", "", cell, flags=re.MULTILINE)
    cell = re.sub(r"\b(agrees|equals|exceeds)\(", "print(", cell)
    return re.sub(r"^(\s*)assert ", r"\1_ = ", cell, flags=re.MULTILINE)


@dataclass(frozen=True)
class Break:
    """Something that carries claims: how to break it, and what is red then."""

    what: str
    change: tuple[str, str]
    red: frozenset[str]


def breaks(day: Day) -> dict[str, list[Break]]:
    """Return what can be broken on a page, by kind."""
    evidence, numbers, cited = [], [], []
    for name, box in day.claims.items():
        alone = frozenset({name})
        if day.evidence(name):
            bare = EVIDENCE.sub("", box, count=1)
            evidence.append(Break(name, (box, bare), alone))
        if SLOT.search(box):
            typed = SLOT.sub("0.123", box, count=1)
            numbers.append(Break(name, (box, typed), alone))
    for item, claims in day.cited().items():
        if "::" in item:
            # Wherever it is cited, as if it were gone from its file.
            name = re.sub(r"\[.*", "", item)
            change = name, f"{name}_that_was_here"
        else:
            cell = day.cells[item]
            change = cell, without_checks(cell)
        cited.append(Break(item, change, frozenset(claims)))
    return {"evidence": evidence, "number": numbers, "cited": cited}


def groups(items: list[Break]) -> Iterator[list[Break]]:
    """Group items so that their groups tell each from every other."""
    for bit in range(len(items).bit_length()):
        yield [item for i, item in enumerate(items, 1) if i >> bit & 1]


@dataclass
class Judged:
    """What turned red, by page and by what was broken there."""

    expected: dict[tuple[str, str], frozenset[str]]
    found: dict[tuple[str, str], frozenset[str]]


def reds(said: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in RED.finditer(said):
        found.setdefault(line["page"], set()).add(line["red"] or line["bare"])
    return found


def exceptions(names: dict[str, list[str]]) -> str:
    """Return the book's exceptions for typed numbers, for broken pages."""
    path = BOOK / "number-exceptions.csv"
    rows = list(csv.DictReader(path.open(encoding="utf8")))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["page", "text", "reason"])
    for row in rows:
        for name in names.get(row["page"], []):
            writer.writerow([f"{name}.md", row["text"], row["reason"]])
    return text.getvalue()


@pytest.fixture(scope="module")
def judged(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Judged]:
    with pytest.MonkeyPatch.context() as monkey:
        yield judge(tmp_path_factory.mktemp("mutants"), monkey)


def judge(root: Path, monkey: pytest.MonkeyPatch) -> Judged:
    book = root / "book"
    book.mkdir()
    (root / "tests").symlink_to(ROOT / "tests")
    (root / "conf.py").write_text(CONF, "utf8")
    (book / "claims.csv").write_bytes((BOOK / "claims.csv").read_bytes())
    (book / "index.md").write_text("# Mutants\n", "utf8")
    days = {path: read(path) for path in DAYS}
    expected: dict[tuple[str, str], frozenset[str]] = {}
    pages: dict[str, tuple[str, str]] = {}
    for path, day in days.items():
        broken = [
            (f"{kind}: {', '.join(item.what for item in group)}", group)
            for kind, items in breaks(day).items()
            for group in groups(items)
        ]
        for number, (what, group) in enumerate([("nothing", []), *broken]):
            name = f"{path.stem[:6]}-{number}"
            page = day.page(item.change for item in group)
            (book / f"{name}.md").write_text(page, "utf8")
            pages[name] = path.stem, what
            expected[path.stem, what] = frozenset[str]().union(
                *(item.red for item in group)
            )
    if (BOOK / "number-exceptions.csv").is_file():
        copies = {
            str(path.relative_to(BOOK)): [
                name for name, (stem, _) in pages.items() if stem == path.stem
            ]
            for path in DAYS
        }
        (book / "number-exceptions.csv").write_text(exceptions(copies), "utf8")
    said = io.StringIO()
    (root / "unexecuted.py").write_text(READER, "utf8")
    monkey.syspath_prepend(root)
    with docutils_namespace(), patch_docutils(str(root)):
        app = Sphinx(
            *(str(book), str(root), str(root / "out"), str(root / "trees")),
            *("dummy",),
            status=None,
            warning=said,
            freshenv=True,
        )
        app.build()
        turned = reds(said.getvalue())
        found = {
            where: frozenset(turned.get(name, ()))
            for name, where in pages.items()
        }
        for path, day in days.items():
            whole = f"{path.stem[:6]}-0"
            for item, claims in day.cited().items():
                if "::" in item:
                    continue
                vars(app.env)["mlsd_failed_cells"] = {whole: {item}}
                where = path.stem, f"failed: {item}"
                expected[where] = frozenset(claims)
                found[where] = frozenset(
                    claim.id
                    for claim in CLAIMS.on(app.env, whole)
                    for part in claim.evidence
                    if problem_of(app.env, whole, part, claims=False)
                )
    return Judged(expected, found)


@pytest.mark.parametrize("path", DAYS, ids=lambda path: path.stem)
def test_each_executed_claim_can_be_broken_in_two_ways(path: Path) -> None:
    day = read(path)
    with (BOOK / "claims.csv").open(encoding="utf8") as file:
        rows = [
            row["id"]
            for row in csv.DictReader(file)
            if int(row["day"]) == int(path.stem[4:6])
            and row["kind"] == "executed"
        ]
    ways = breaks(day)
    assert {item.what for item in ways["evidence"]} >= set(rows)
    for name in rows:
        assert [item for item in ways["cited"] if name in item.red]


@pytest.mark.parametrize("stem", [path.stem for path in DAYS])
def test_what_is_broken_turns_exactly_its_claims_red(
    stem: str, judged: Judged
) -> None:
    wrong = {
        what: (sorted(judged.found[page, what]), sorted(claims))
        for (page, what), claims in judged.expected.items()
        if page == stem and judged.found[page, what] != claims
    }
    assert wrong == {}


@pytest.mark.parametrize("path", DAYS, ids=lambda path: path.stem)
def test_a_cited_test_can_fail(path: Path) -> None:
    for item in read(path).cited():
        if "::" not in item:
            continue
        file, *_, name = re.sub(r"\[.*", "", item).split("::")
        tree = ast.parse((ROOT / file).read_text("utf8"))
        (test,) = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        checks = [
            node
            for node in ast.walk(test)
            if isinstance(node, ast.Assert)
            or (isinstance(node, ast.Attribute) and node.attr == "raises")
            or (
                isinstance(node, ast.Attribute)
                and node.attr.startswith("assert_")
            )
        ]
        assert checks, item


@pytest.mark.parametrize("path", DAYS, ids=lambda path: path.stem)
def test_a_number_that_is_off_by_half_is_caught(
    path: Path, html: Path
) -> None:
    """No cited check is so wide that half as much again would pass it.

    Two measured values that must agree, an invariant, are left out: both
    carry noise, and the page quotes neither for what it is compared with.
    """
    built = html / path.relative_to(BOOK).with_suffix(".html")
    page = BeautifulSoup(built.read_text("utf8"), "html.parser")
    wide = []
    for item in read(path).cited():
        cell = page.find(id=f"cell-{item}")
        if "::" in item or cell is None:
            continue
        for value, oracle, within in re.findall(
            r"checked \((?:closed|reference|published) \w+\):"
            r" (\S+) agrees with (\S+) within (\S+)",
            cell.get_text(),
        ):
            far = abs(1.5 * float(oracle) - float(value))
            if float(oracle) and not far > float(within):
                wide.append((item, value, oracle, within))
    assert wide == []
