"""The page that says how good forecasts are: of the shipped record, of imported votes, of forecasts made before a vote."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked
from onrecord.pages.render import render
from onrecord.pages.routes import every_path, page_at
from onrecord.record import KEEPER, PUBLIC, Record
from onrecord.rollcalls.bodies import body_named
from onrecord.rollcalls.draft import read_draft
from onrecord.rollcalls.forecasts import foretell
from onrecord.rollcalls.frozen import freeze, frozen
from tests.rollcalls.test_forecasts import draft, record

__all__ = ["record"]

DAY = date(2020, 3, 2)


def shown(record: Record, path: str, viewer=KEEPER) -> str:
    asked = Asked(findings_for(record, record.as_seen_by(viewer), DAY))
    return render(page_at(path, asked), asked, live=True)


def test_a_record_without_roll_calls_says_what_to_import(xinjiang: Record) -> None:
    page = shown(xinjiang, "back-test/", PUBLIC)
    assert "onrecord votes import" in page
    assert "onrecord votes fetch" in page


def test_every_baseline_stands_beside_the_forecast_with_all_downloads(record: Record) -> None:
    page = shown(record, "back-test/hrc/")
    for words in ("Multinomial logit", "own record", "last vote", "most often given", "calibration.svg"):
        assert words in page
    for name in ("scores", "calibration", "drafts", "votes"):
        assert f'href="{name}.csv"' in page
        assert f'href="{name}.parquet"' in page


def test_the_page_of_each_body_is_among_the_pages(record: Record) -> None:
    findings = findings_for(record, record.as_seen_by(KEEPER), DAY)
    assert {"back-test/", "back-test/hrc/"} <= set(every_path(findings))


def test_a_forecast_whose_vote_has_not_come_is_listed_without_a_score(record: Record, tmp_path: Path) -> None:
    view = record.as_seen_by(KEEPER)
    body = body_named(record, view, "hrc")
    freeze(record, frozen(foretell(record, view, body, read_draft(draft(tmp_path))), view, body, DAY))
    page = shown(record, "back-test/")
    assert "Situation in ZZZ" in page
    assert "not on record" in page
