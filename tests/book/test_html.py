"""The built HTML, as a reader without a network gets it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, sync_playwright

from mlsd_sphinx.html_audit import audit

BOOK = Path(__file__).parents[2] / "book"
NAMES = sorted(
    str(path.relative_to(BOOK).with_suffix(".html"))
    for path in BOOK.rglob("*.md")
)


def test_the_audit_finds_nothing(html: Path, root: Path) -> None:
    secrets = [
        value
        for name, value in os.environ.items()
        if re.search("TOKEN|SECRET|PASSW", name) and len(value) >= 8
    ]
    assert (
        audit(html, secrets=secrets, forbidden_paths=[str(root), "/home/"])
        == []
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_page_was_built(html: Path, name: str) -> None:
    assert (html / name).is_file()


@pytest.mark.parametrize("name", NAMES)
def test_formulas_need_no_script(html: Path, name: str) -> None:
    page = BeautifulSoup((html / name).read_text("utf8"), "html.parser")
    for formula in page.select(".math"):
        assert formula.find("math"), formula
    assert not [
        script
        for script in page.find_all("script", src=True)
        if "mathjax" in str(script["src"]).lower()
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    yield page
    page.close()


@pytest.mark.tools
@pytest.mark.parametrize("name", NAMES)
def test_the_page_opens_from_the_file_system(
    html: Path, page: Page, name: str
) -> None:
    complaints: list[str] = []
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on(
        "requestfailed",
        lambda request: complaints.append(f"failed: {request.url}"),
    )
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error"
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((html / name).as_uri(), wait_until="load")
    assert complaints == []
    assert [
        url for url in requests if not url.startswith(("file:", "data:"))
    ] == []
    broken = page.evaluate(
        "[...document.images].filter(i => i.complete && !i.naturalWidth)"
        ".map(i => i.src)"
    )
    assert broken == []
    styled = page.evaluate(
        "getComputedStyle(document.querySelector('h1')).fontSize"
    )
    assert float(styled.removesuffix("px")) > 24


@pytest.mark.tools
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_a_phone(
    html: Path, browser: Browser, name: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((html / name).as_uri(), wait_until="load")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


@pytest.mark.tools
def test_search_finds_a_day_offline(html: Path, page: Page) -> None:
    url = (html / "search.html").as_uri() + "?q=strides"
    page.goto(url, wait_until="load")
    page.wait_for_selector("#search-results li a")
    found = page.eval_on_selector_all(
        "#search-results li a", "links => links.map(link => link.href)"
    )
    assert any("day-02-numpy" in link for link in found)
