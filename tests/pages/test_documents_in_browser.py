"""The owner in a real browser: from a search to a passage, from the passage to an entry, from the entry back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from onrecord.record import Record
from onrecord.serve.drawing import Drawing
from onrecord.serve.owner import make_owner_app

from ..browsing import listening
from ..evidence import HOSTILE_NAME, UYGHUR, leaked

pytestmark = pytest.mark.browser

KEY = "a-key-for-tests"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    record: Record = leaked(tmp_path_factory.mktemp("documents"))
    with closing(Drawing(record)) as drawing, listening(make_owner_app(record, KEY, drawing)) as address:
        yield address


@contextmanager
def owner(browser: Browser, home: str, **window: object) -> Iterator[Page]:
    """A window of the owner, who opened the address with the key; at its end the console was silent."""
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **window})  # type: ignore[arg-type]
    try:
        page, said = context.new_page(), []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{home}documents/?key={KEY}")
        assert "key" not in page.url
        yield page
        assert said == []
    finally:
        context.close()


def search(page: Page, home: str, words: str) -> None:
    page.goto(f"{home}documents/")
    page.get_by_label("Search the documents").fill(words)
    page.get_by_label("Search the documents").press("Enter")


def test_a_passage_is_found_cited_and_reached_again_from_its_entry_without_scripts(
    browser: Browser, home: str
) -> None:
    with owner(browser, home, java_script_enabled=False) as page:
        search(page, home, "张伟")
        page.get_by_role("link", name="characters 3 to 5").click()
        expect(page.locator("mark")).to_have_text("张伟")
        expect(page.locator("mark")).to_be_in_viewport()
        search(page, home, "ھەسەن")
        page.get_by_role("link", name="characters").click()
        passage = page.locator("mark")
        expect(passage).to_have_text("ھەسەن")
        piece = passage.locator("xpath=ancestor::div[@lang]")
        expect(piece).to_have_attribute("lang", "ug-Arab")
        page.get_by_label("The words as they stand in the text").fill(UYGHUR)
        page.get_by_label("What stands just before").fill("")
        page.get_by_label("What stands just after").fill("")
        page.get_by_label("whose words they are").fill("A neighbour")
        page.get_by_label("when they were used").fill("2018-05")
        page.get_by_role("button", name="Put it on record").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("A neighbour")
        assert "/entries/quote-" in page.url
        page.get_by_role("link", name="See it in the document").click()
        expect(page.locator("mark#here")).to_have_text(UYGHUR)
        expect(page.locator("mark#here")).to_be_in_viewport()
        assert page.url.endswith("#here")
        line, text = page.locator("mark#here").bounding_box(), page.locator(".piece").bounding_box()
        assert line
        assert text
        assert line["x"] + line["width"] == pytest.approx(text["x"] + text["width"], abs=2)  # right to left
        expect(page.get_by_role("link", name=f"A neighbour: “{UYGHUR}”")).to_be_attached()


def test_words_selected_in_the_text_stand_in_the_form(browser: Browser, home: str) -> None:
    with owner(browser, home) as page:
        search(page, home, "uyghur OR Xet")
        page.get_by_role("link", name="uyghur.txt").click()
        page.wait_for_load_state()
        page.evaluate(
            """() => {
                const text = document.querySelector('.piece').firstChild;
                const at = text.data.lastIndexOf('Another line.');
                document.getSelection().setBaseAndExtent(text, at, text, at + 13);
            }"""
        )
        expect(page.locator("#exact")).to_have_value("Another line.")
        page.get_by_role("button", name="Put it on record").click()
        expect(page.locator("mark#here")).to_have_text("Another line.")
        expect(page.locator("#citation-json")).to_contain_text("TextQuoteSelector")


def test_a_cell_is_reached_from_sql_marked_and_reached_again_by_keyboard_without_scripts(
    browser: Browser, home: str
) -> None:
    with owner(browser, home, java_script_enabled=False) as page:

        def press(name: str) -> None:
            link = page.get_by_role("link", name=name, exact=True).first
            link.focus()
            link.press("Enter")
            page.wait_for_load_state()

        page.goto(f"{home}documents/sql/")
        table = page.get_by_role("cell", name="detained").first.inner_text()
        page.get_by_label("One SELECT").fill(f"select place from {table} where id = '650'")
        page.get_by_role("button", name="Ask").press("Enter")
        press("row 2")
        expect(page.locator("tr.is-here mark")).to_have_text(["=cmd|calc", "650", "Kashgar"])
        press("Kashgar")
        expect(page.locator("tr.is-here mark")).to_have_text(["Kashgar"])
        page.get_by_label("whose words they are").fill("A clerk")
        page.get_by_label("when they were used").fill("2018")
        page.get_by_role("button", name="Put it on record").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("A clerk")
        expect(page.locator(".citations .place").first).to_contain_text("cell C2")
        press("See it in the document")
        expect(page.locator("tr.is-here mark")).to_have_text(["Kashgar"])
        expect(page.locator("#here")).to_be_in_viewport()


def test_nothing_in_a_hostile_document_runs(browser: Browser, home: str) -> None:
    with owner(browser, home) as page:
        alerts: list[str] = []
        page.on("dialog", lambda dialog: alerts.append(dialog.message))
        search(page, home, "evil")
        page.locator(".hits a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("⟨U+202E⟩")
        assert HOSTILE_NAME.replace("\u202e", "⟨U+202E⟩") in page.title()
        expect(page.locator(".piece")).to_contain_text("<img src=x onerror=alert(2)>")
        assert page.locator("main img").count() == 0
        assert alerts == []


@pytest.mark.parametrize("width", [320, 1200])
def test_the_owners_pages_fit_and_serve_everybody(browser: Browser, home: str, width: int) -> None:
    with owner(browser, home, viewport={"width": width, "height": 800}) as page:
        paths = ["documents/", "documents/sql/", "documents/search/?q=Another+OR+张伟"]
        paths += ["find/?q=Zhang+Wei", "people/to-judge/", "people/judged/"]
        for name in ("order.pdf", "detained.csv"):
            page.goto(f"{home}documents/")
            paths.append(str(page.get_by_role("link", name=name).get_attribute("href")).removeprefix("../"))
        paths += [f"{paths[-1]}tables/1/?row=3", "documents/timeline/"]
        for path in paths:
            page.goto(home + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert Axe().run(page).response["violations"] == [], path
