"""Every builder shows every construct, and nothing vanishes on paper."""

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from tests.mlsd_sphinx.conftest import Book, Built

BUILDERS = ("html", "latex", "epub", "text", "singlehtml")
PAGE = "phase-1/day-02-views"

# One sentence of each construct.
SENTENCES = (
    "Core path: ",
    "The core path ends here.",
    "It costs 12.5% of",
    "It gives a view at 12.5%",
    "a view is shared",
    "What happens next?",
    "tiny_lessons.LIMIT",
    "Which of 12.5% copies?",
    "The second.",
    "Says both.",
    "Counts bytes; names the base.",
    "And on ARM?",
    "The same there.",
    "And in Fortran?",
    "Columns first.",
    "Views cost nothing.",
    "Do it like this.",
    "A drop",
    "Dropped text.",
    "Not so, says Smith",
    "Everybody agrees.",
    "It is an opinion.",
    "a letter",
    "assert 2 == 2",
)


def plain(markup: str) -> str:
    """Letters and digits only: builders differ in all else."""
    return re.sub(r"[^A-Za-z0-9]+", "", markup)


def text_of(builder: str, built: "Built") -> str:
    if builder == "latex":
        tex = built.text("tiny.tex").partition(r"\begin{document}")[2]
        # Highlighted code and styled words: their commands are no text.
        tex = re.sub(r"\\PYG\{[^}]*\}", "", tex)
        tex = tex.replace(r"\sphinxhyphen{}", "-")
        return plain(re.sub(r"\\[A-Za-z@]+(\{computed\})?", " ", tex))
    if builder == "text":
        return plain(built.text(f"{PAGE}.txt"))
    if builder == "epub":
        page = built.epub()
    else:
        name = "index" if builder == "singlehtml" else PAGE
        page = built.text(f"{name}.html")
    return plain(BeautifulSoup(page, "html.parser").get_text())


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_page_with_every_construct_builds_without_a_warning(
    builder: str, whole: "dict[str, Built]"
) -> None:
    assert whole[builder].said.strip() == ""
    assert whole[builder].code == 0


@pytest.mark.parametrize("builder", BUILDERS)
def test_no_construct_vanishes(
    builder: str, whole: "dict[str, Built]"
) -> None:
    text = text_of(builder, whole[builder])
    missing = [s for s in SENTENCES if plain(s) not in text]
    assert missing == []


@pytest.mark.parametrize("builder", ["latex", "epub", "text"])
def test_answers_stand_behind_the_last_question_of_the_chapter(
    builder: str, whole: "dict[str, Built]"
) -> None:
    text = text_of(builder, whole[builder])
    asked = text.index(plain("Why strides?"))
    for sentence in ("The second.", "Columns first.", "Views cost nothing."):
        assert text.index(plain(sentence)) > asked
    following = text.find(plain("Day 3: Rows Recall"), asked)
    if following > 0:
        assert text.index(plain("Views cost nothing.")) < following


def test_latex_links_questions_and_answers_both_ways(
    whole: "dict[str, Built]",
) -> None:
    tex = whole["latex"].text("tiny.tex")
    for name in ("view-or-copy", "why-strides"):
        answer = rf"\detokenize{{{PAGE}:answer-{name}}}"
        question = rf"\detokenize{{{PAGE}:question-{name}}}"
        for anchor in (answer, question):
            assert tex.count(rf"\label{{{anchor}}}") == 1
            assert rf"\hyperref[{anchor}]" in tex
        assert rf"\pageref{{{answer}}}" in tex


def test_latex_gives_every_link_its_label(whole: "dict[str, Built]") -> None:
    tex = whole["latex"].text("tiny.tex")
    labels = set(re.findall(r"\\label\{\\detokenize\{([^}]+)\}\}", tex))
    links = set(re.findall(r"\\hyperref\[\\detokenize\{([^}]+)\}\]", tex))
    assert f"{PAGE}:cell-folded-away" in links
    assert links <= labels


def test_the_epub_links_questions_and_answers_both_ways(
    whole: "dict[str, Built]",
) -> None:
    page = BeautifulSoup(whole["epub"].epub(), "html.parser")
    for name in ("view-or-copy", "why-strides"):
        answer = page.find(id=f"answer-{name}")
        question = page.find(id=f"question-{name}")
        assert isinstance(answer, Tag)
        assert isinstance(question, Tag)
        assert question.select_one(f'a[href="#answer-{name}"]')
        assert answer.select_one(f'a[href="#question-{name}"]')


def test_the_epub_folds_nothing_and_has_no_dead_anchor(
    whole: "dict[str, Built]",
) -> None:
    markup = whole["epub"].epub()
    assert "<details" not in markup
    page = BeautifulSoup(markup, "html.parser")
    ids = {tag["id"] for tag in page.select("[id]")}
    dead = [
        link["href"]
        for link in page.select('a[href^="#"]')
        if str(link["href"])[1:] not in ids
    ]
    assert dead == []


def test_the_browser_gets_native_folds(whole: "dict[str, Built]") -> None:
    page = BeautifulSoup(whole["html"].text(f"{PAGE}.html"), "html.parser")
    (first, second) = page.select("details.answer")
    assert first.parent
    assert first.parent["id"] == "question-view-or-copy"
    assert "In 30 seconds: The second." in first.get_text()
    assert second.select_one("summary")
    assert len(page.select("details.solution")) == 1
    assert "answer-view-or-copy" not in str(page)


def test_no_link_of_the_page_is_dead(whole: "dict[str, Built]") -> None:
    page = BeautifulSoup(whole["html"].text(f"{PAGE}.html"), "html.parser")
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(set(ids)) == len(ids)
    dead = [
        link["href"]
        for link in page.select('a[href^="#"]')
        if link["href"] != "#" and str(link["href"])[1:] not in ids
    ]
    assert dead == []


def test_a_question_of_the_root_page_keeps_its_answer_in_latex(
    book: "Book",
) -> None:
    book.pages(page="# A page\n\nThe end.\n")
    question = (
        "::::{interview-question} why-root\n:level: screen\n"
        ":tier: warm-up\n:topics: roots\n:minutes: 1\n"
        ":evidence: tests/test_a.py::test_a\n\nWhy?\n\n"
        ":::{short}\nShort words.\n:::\n:::{full}\nFull words.\n:::\n::::\n"
    )
    book.write("tests/test_a.py", "def test_a(): ...\n")
    root = book.root / "book" / "index.md"
    root.write_text(f"# Root\n\n{question}\n" + root.read_text("utf8")[7:])
    built = book.build("latex")
    assert built.code == 0, built.said
    tex = built.text("tiny.tex")
    assert tex.count("Short words.") == 1
    assert r"\label{\detokenize{index:answer-why-root}}" in tex
    assert r"\label{\detokenize{index:question-why-root}}" in tex
