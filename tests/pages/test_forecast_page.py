"""A vote set by hand in the browser gives what the program gives for the same change."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser

from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked
from onrecord.pages.render import render
from onrecord.pages.routes import page_at
from onrecord.record import KEEPER, Record
from onrecord.rollcalls.bodies import body_named
from onrecord.rollcalls.draft import read_draft
from onrecord.rollcalls.forecasts import foretell
from onrecord.rollcalls.frozen import freeze, frozen
from onrecord.serve.app import make_app
from tests.browsing import listening, visiting
from tests.rollcalls.test_forecasts import draft, record

DAY = date(2020, 3, 2)

__all__ = ["record"]


@pytest.mark.browser
@pytest.mark.parametrize("rule", ["simple-majority", "two-thirds", "one-third-request"])
def test_the_browser_and_the_program_agree(
    record: Record, tmp_path: Path, browser: Browser, rule: str
) -> None:
    view = record.as_seen_by(KEEPER)
    body = body_named(record, view, "hrc")
    coming = read_draft(draft(tmp_path, f'rule = "{rule}"\n'))
    event = freeze(record, frozen(foretell(record, view, body, coming), view, body, DAY), visibility="public")
    by_hand = foretell(
        record, view, body, msgspec.structs.replace(coming, fixed={"BBB": "no", "CCC": "abstain"})
    )
    with listening(make_app(record, today=lambda: DAY)) as home, visiting(browser, home) as visit:
        page = visit.goto(f"forecasts/{event.removeprefix('forecast/')}/")
        page.click("#by-hand summary")
        page.select_option("#vote-BBB", "no")
        page.select_option("#vote-CCC", "abstain")
        said = page.text_content("#by-hand-result") or ""
        assert "set=BBB%3Ano%2CCCC%3Aabstain" in page.url
    found = re.search(r"adopted with probability (\d\.\d\d)", said)
    assert found is not None
    assert float(found[1]) == pytest.approx(by_hand.forecast.adopted, abs=0.0051)


@pytest.mark.browser
def test_the_address_of_a_change_shows_the_change(record: Record, tmp_path: Path, browser: Browser) -> None:
    view = record.as_seen_by(KEEPER)
    body = body_named(record, view, "hrc")
    event = freeze(
        record,
        frozen(foretell(record, view, body, read_draft(draft(tmp_path))), view, body, DAY),
        visibility="public",
    )
    with listening(make_app(record, today=lambda: DAY)) as home, visiting(browser, home) as visit:
        page = visit.goto(f"forecasts/{event.removeprefix('forecast/')}/?set=AAA:no")
        assert page.input_value("#vote-AAA") == "no"
        assert "With 1 set by hand" in (page.text_content("#by-hand-result") or "")


def test_the_page_says_whose_change_alone_would_turn_it_as_the_program_does(
    record: Record, tmp_path: Path
) -> None:
    view = record.as_seen_by(KEEPER)
    body = body_named(record, view, "hrc")
    told = foretell(record, view, body, read_draft(draft(tmp_path)))
    event = freeze(record, frozen(told, view, body, DAY))
    asked = Asked(findings_for(record, record.as_seen_by(KEEPER), DAY))
    shown = page_at(f"forecasts/{event.removeprefix('forecast/')}/", asked).tables["members"]
    for turn in ("abstain_to_yes", "no_to_abstain"):
        here = dict(shown.select("actor", turn).iter_rows())
        there = dict(told.forecast.members.select("iso3", turn).iter_rows())
        assert here == pytest.approx(there, abs=1e-5)


def test_a_forecast_made_after_its_vote_says_so_and_shows_how_the_vote_fell(
    record: Record, tmp_path: Path
) -> None:
    view = record.as_seen_by(KEEPER)
    body = body_named(record, view, "hrc")
    coming = msgspec.structs.replace(
        read_draft(draft(tmp_path)), date=date(2019, 7, 10), symbol="A/HRC/RES/29/1"
    )
    event = freeze(record, frozen(foretell(record, view, body, coming), view, body, DAY))
    asked = Asked(findings_for(record, record.as_seen_by(KEEPER), DAY))
    html = render(page_at(f"forecasts/{event.removeprefix('forecast/')}/", asked), asked, live=True)
    assert "It came to 4 yes, 3 no." in html
    assert "7 of 7" in html
    assert re.search(r"no: in hindsight, [\d,]+ days after it", html)
    assert 'href="../../votes/hrc/call/A/HRC/RES/29/1/"' in html


def test_a_private_forecast_is_not_shown_to_visitors(record: Record, tmp_path: Path) -> None:
    view = record.as_seen_by(KEEPER)
    body = body_named(record, view, "hrc")
    event = freeze(record, frozen(foretell(record, view, body, read_draft(draft(tmp_path))), view, body, DAY))
    assert event not in record.as_seen_by().ids
