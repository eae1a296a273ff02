"""The published site of a record with roll calls: every page about votes is there and every link leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from onrecord.model.kinds import Actor
from onrecord.publish.site import publish_site
from onrecord.record import Record
from onrecord.rollcalls import take_in

from ..browsing import visiting
from ..making import CITED, source
from ..rollcalls.test_rollcalls import STATES, plain_file
from .test_site import TODAY, broken, file_server, loaded_from_elsewhere

PAGES = (
    "votes/",
    "votes/council/",
    "votes/council/check/",
    "votes/council/blocs/",
    "votes/council/map/",
    "votes/council/map/2002/",
    "votes/council/call/R39/",
    "back-test/",
    "back-test/council/",
    "compare/",
    "states/CCC/",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("votes")
    record = Record.create(folder / "record", title="A record")
    states = [
        Actor(id=s, name=f"State {s}", type="state", iso3=s, citations=CITED, visibility="public")
        for s in STATES
    ]
    record.enter([source(visibility="public"), *states])
    take_in(record, [plain_file(folder)], visibility="public")
    publish_site(record, folder / "site", when=TODAY)
    return folder / "site"


def test_every_page_about_votes_is_published_and_every_link_leads_somewhere(site: Path) -> None:
    assert [path for path in PAGES if not (site / path / "index.html").is_file()] == []
    assert broken(site) == {}
    assert loaded_from_elsewhere(site) == set()


@pytest.mark.browser
def test_no_page_about_votes_puts_anything_in_the_way_or_scrolls_a_telephone_sideways(
    browser: Browser, site: Path
) -> None:
    axe, checked = Axe(), {"include": [["html"]], "exclude": [["tbody tr:nth-child(n+9)"]]}
    found: dict[str, str] = {}
    with (
        file_server(site) as address,
        visiting(browser, address, viewport={"width": 320, "height": 640}) as visit,
    ):
        for path in PAGES:
            page = visit.goto(path)
            outcome = axe.run(page, context=checked)
            if outcome.violations_count:
                found[path] = outcome.generate_report()
            if (width := page.evaluate("document.scrollingElement.scrollWidth")) > 320:
                found[path] = f"{width} pixels wide"
    assert found == {}
