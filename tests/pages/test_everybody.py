"""Every kind of page for every reader: no scripts, a small telephone, a screen reader, paper, another script."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from onrecord.model.kinds import Consent, Name, Person
from onrecord.pages.findings import findings_for
from onrecord.pages.routes import ROUTES
from onrecord.record import PUBLIC, Record
from onrecord.serve.app import make_app

from ..browsing import Visit, listening, visiting
from ..making import CITED, source
from .conftest import TODAY

pytestmark = pytest.mark.browser

OWN_NAME, CHINESE, LATIN = "مىرزات تاھىر", "米尔扎提·塔依尔", "Mirzat Taher"


@pytest.fixture(scope="module")
def kinds_of_pages(xinjiang: Record) -> list[str]:
    """Of every route the first page and the first page with a key."""
    findings = findings_for(xinjiang, xinjiang.as_seen_by(PUBLIC), TODAY)
    paths = []
    for route in ROUTES:
        keys = route.keys(findings)
        first = next(keys)
        paths += [f"{route.prefix}{key}/" if key else route.prefix for key in (first, next(keys, first))]
    return [*dict.fromkeys(paths), "states/SOM/", "search/?q=somalia", "people/C-04/"]


def test_no_kind_of_page_puts_anything_in_the_way_of_a_screen_reader(
    visit: Visit, kinds_of_pages: list[str]
) -> None:
    axe, checked = Axe(), {"include": [["html"]], "exclude": [["tbody tr:nth-child(n+9)"]]}  # rows are alike
    found = {}
    for path in kinds_of_pages:
        outcome = axe.run(visit.goto(path), context=checked)
        if outcome.violations_count:
            found[path] = outcome.generate_report()
    assert found == {}


def test_no_kind_of_page_scrolls_sideways_on_the_smallest_telephone(
    browser: Browser, site: str, kinds_of_pages: list[str]
) -> None:
    with visiting(browser, site, viewport={"width": 320, "height": 640}) as visit:
        wide = {}
        for path in kinds_of_pages:
            width = visit.goto(path).evaluate("document.scrollingElement.scrollWidth")
            if width > 320:
                wide[path] = width
        assert wide == {}


def test_every_kind_of_page_is_whole_without_scripts(
    browser: Browser, site: str, kinds_of_pages: list[str]
) -> None:
    words = "document.querySelector('main').innerText"
    with visiting(browser, site) as scripts, visiting(browser, site, java_script_enabled=False) as plain:
        for path in kinds_of_pages:
            rows = scripts.goto(path).locator("main tbody tr").count()
            headings = scripts.page.locator("main h2").all_inner_texts()
            page = plain.goto(path)
            assert page.locator("main tbody tr:visible").count() == rows, path
            assert page.locator("main h2:visible").all_inner_texts() == headings, path
            assert page.evaluate(words), path


def test_searching_works_without_scripts(browser: Browser, site: str) -> None:
    with visiting(browser, site, java_script_enabled=False) as visit:
        page = visit.goto("")
        page.get_by_role("searchbox", name="Search the record").fill("somalia")
        visit.follow(page.get_by_role("button", name="Search"))
        expect(page.locator("#hits a").first).to_be_visible()


def test_the_keyboard_reaches_the_content_past_the_head(visit: Visit) -> None:
    page = visit.goto("people/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert visit.path == "people/#content"


def test_on_paper_the_answer_stands_without_the_means_of_the_screen(visit: Visit) -> None:
    page = visit.goto("people/")
    page.emulate_media(media="print")
    for gone in (".masthead nav", ".search", ".filter"):
        expect(page.locator(gone).first).to_be_hidden()
    for kept in ("h1", ".finding", ".citation", "main table"):
        expect(page.locator(kept).first).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_the_first_view_of_every_kind_of_page_is_below_100_kilobytes_besides_fonts(
    visit: Visit, kinds_of_pages: list[str]
) -> None:
    sizes = {}
    for path in kinds_of_pages:
        visit.asked.clear()
        visit.goto(path)
        parts = [address for address in visit.asked if not address.endswith(".woff2")]
        sizes[path] = sum(on_the_wire(address) for address in parts)
    assert max(sizes.values()) < 100_000, sizes


def on_the_wire(address: str) -> int:
    """Bytes of the body as they are sent."""
    with httpx.stream("GET", address) as answer:
        return sum(len(part) for part in answer.iter_raw())


def test_what_is_sent_packed_is_what_is_sent_plain(site: str) -> None:
    with httpx.stream("GET", urljoin(site, "states/")) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        body = b"".join(packed.iter_raw())
    plain = httpx.get(urljoin(site, "states/"), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(body) == plain.content


@pytest.fixture(scope="module")
def many_scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A record of one person with names in three scripts, at a live server."""
    record = Record.create(tmp_path_factory.mktemp("scripts") / "record", title="A record")
    names = (
        Name(text=OWN_NAME, language="ug-Arab"),
        Name(text=CHINESE, language="zh-Hans"),
        Name(text=LATIN),
    )
    person = Person(
        id="C",
        names=names,
        summary="taken",
        consent=Consent(basis="given"),
        citations=CITED,
        visibility="public",
    )
    record.enter([source(visibility="public"), person])
    with listening(make_app(record, today=lambda: TODAY)) as address:
        yield address


def test_a_name_stands_in_its_own_script_first_with_language_and_direction(
    browser: Browser, many_scripts: str
) -> None:
    with visiting(browser, many_scripts) as visit:
        page = visit.goto("people/C/")
        title = page.locator("h1 bdi")
        expect(title).to_have_text(OWN_NAME)
        expect(title).to_have_attribute("lang", "ug-Arab")
        assert title.evaluate("node => getComputedStyle(node).direction") == "rtl"
        names = page.locator(".names bdi")
        assert names.all_inner_texts() == [OWN_NAME, CHINESE, LATIN]
        assert [name.get_attribute("lang") for name in names.all()] == ["ug-Arab", "zh-Hans", None]
        assert page.locator("html").evaluate("node => getComputedStyle(node).direction") == "ltr"
        expect(visit.goto("people/").locator("#people bdi", has_text=OWN_NAME)).to_have_attribute(
            "lang", "ug-Arab"
        )


def test_the_scripts_of_names_come_in_the_shipped_fonts(browser: Browser, many_scripts: str) -> None:
    with visiting(browser, many_scripts) as visit:
        visit.goto("people/C/").evaluate("document.fonts.ready")
        fonts = [address.rsplit("/", 1)[-1] for address in visit.asked if address.endswith(".woff2")]
        assert {"noto-naskh-arabic.woff2", "noto-serif-sc-names.woff2"} <= set(fonts)
