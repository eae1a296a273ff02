"""A team at work in a real browser: by keyboard and screen reader, on a small telephone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from onrecord.model.kinds import Consent, Name, Person
from onrecord.record import KEEPER, Record

from ..accounts.making import PASSWORD
from ..making import CITED, event, source
from .team import Team, team

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A small record at a server with accounts."""
    record = Record.create(tmp_path_factory.mktemp("browser") / "record", title="A record")
    person = Person(
        id="C", names=(Name(text="王芳", language="zh-Hans"),), summary="taken", consent=Consent(basis="given"),
        citations=CITED, visibility="team",
    )  # fmt: skip
    record.enter(
        [
            source(visibility="public", title="The newspaper"),
            event(visibility="team", title="They spoke"),
            person,
        ]
    )
    with team(record) as served:
        yield served


@contextmanager
def window(browser: Browser, desk: Team, **options: object) -> Iterator[Page]:
    """A fresh window; at its end nothing was asked of another host, and no script was refused or failed."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, **options)  # type: ignore[arg-type]
    said: list[str] = []
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if "Security" in message.text else None)
    try:
        yield page
        assert all(address.startswith((desk.home, "data:")) for address in asked)
        assert said == []
        for cookie in context.cookies():
            assert cookie["httpOnly"]
            assert cookie["sameSite"] == "Strict"
    finally:
        context.close()


def signed_in(page: Page, desk: Team, name: str, role: str = "editor") -> None:
    """Invite somebody and have them choose a password in this window."""
    link = desk.accounts.invite(name, role, "a test")  # type: ignore[arg-type]
    page.goto(f"{desk.home}invitation/{link}/")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Choose this password").click()
    expect(page.get_by_role("navigation", name="Your account")).to_contain_text(f"Signed in as {name}")


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_joins_enters_a_wrong_then_a_right_entry_and_corrects_it(
    browser: Browser, desk: Team, scripts: bool
) -> None:
    with window(browser, desk, java_script_enabled=scripts) as page:
        name = "Ada" if scripts else "Bo"
        signed_in(page, desk, name)
        page.get_by_role("link", name="Enter", exact=True).click()
        page.get_by_role("link", name="Event").click()
        page.get_by_label("Date").first.fill("in May")
        page.get_by_label("Title").fill(f"They met {name}")
        page.get_by_role("button", name="Put it on record").click()
        wrong = page.get_by_role("alert")
        expect(wrong).to_contain_text("'in May' is not a date")
        wrong.get_by_role("link", name="Event kind is missing.").click()
        expect(page.locator("#field-event_kind")).to_be_focused()
        page.locator("#field-event_kind").fill("meeting")
        page.get_by_label("Date").first.fill("2021-05")
        page.locator("#field-sources-find").fill("news")
        page.get_by_role("button", name="Look for: Sources to cite").click()
        page.get_by_label("The newspaper").check()
        page.get_by_role("button", name="Put it on record").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"They met {name}")
        page.get_by_role("link", name="Correct this entry").click()
        page.get_by_label("Date").first.fill("2021-05-24")
        page.get_by_label("Reason", exact=False).first.fill("The minutes give the day")
        page.get_by_role("button", name="Show old and new").click()
        row = page.locator("#changes tbody tr")
        expect(row).to_have_count(1)
        assert row.locator("th, td").all_inner_texts() == ["Date", "2021-05", "2021-05-24"]
        page.get_by_role("button", name="Put the correction on record").click()
        expect(page.locator("main")).to_contain_text("The minutes give the day")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        table = desk.record.as_seen_by(KEEPER).table("event")
        made = table.filter(table["title"] == f"They met {name}").row(0, named=True)
        assert (made["date"], made["recorded_by"], made["corrections"]) == ("2021-05-24", name, 1)


def test_no_form_puts_anything_in_the_way_of_a_screen_reader_or_scrolls_sideways(
    browser: Browser, desk: Team
) -> None:
    axe, found, wide = Axe(), {}, {}
    with window(browser, desk) as page:
        pages = ["sign-in/", f"invitation/{desk.accounts.invite('Guest', 'reader', 'a test')}/"]
        for path in [*pages, "", *_INSIDE]:
            if path == "":
                signed_in(page, desk, "Olga", "owner")
            for width in (1200, 320):
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(desk.home + path)
                if path == "enter/person/":
                    page.get_by_role("button", name="Put it on record").click()
                page.evaluate(
                    "document.querySelectorAll('details').forEach(folded => { folded.open = true })"
                )
                outcome = axe.run(page)
                if outcome.violations_count:
                    found[path, width] = outcome.generate_report()
                if page.evaluate("document.scrollingElement.scrollWidth") > width:
                    wide[path, width] = page.evaluate("document.scrollingElement.scrollWidth")
    assert found == {}
    assert wide == {}


_INSIDE = (
    "enter/",
    "enter/person/",
    "enter/position/",
    "correct/C/",
    "correct/E/",
    "entries/E/",
    "account/",
    "accounts/",
    "accounts/log/",
)


def test_a_link_from_elsewhere_asks_to_sign_in_and_leads_on(browser: Browser, desk: Team) -> None:
    with window(browser, desk) as page:
        signed_in(page, desk, "Rosa", "reader")
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{desk.home}account/")
        page.get_by_label("Name").fill("Rosa")
        page.get_by_label("Password").fill("not this one")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("do not belong together")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
