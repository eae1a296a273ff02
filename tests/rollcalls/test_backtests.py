"""Past votes foretold in hindsight are kept beside the data; forecasts made before a vote are scored when it comes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from onrecord.record import KEEPER, Record
from onrecord.rollcalls import take_in
from onrecord.rollcalls.backtests import back_tested, since_when
from onrecord.rollcalls.bodies import Body, bodies, body_named
from onrecord.rollcalls.draft import read_draft
from onrecord.rollcalls.forecasts import foretell
from onrecord.rollcalls.frozen import Frozen, frozen
from onrecord.rollcalls.scored import scored_forecasts

from .test_forecasts import FOR, STATES, draft, record

__all__ = ["record"]

DAY = dt.date(2020, 3, 1)


def body_of(record: Record) -> Body:
    return body_named(record, record.as_seen_by(KEEPER), "hrc")


def test_states_that_never_change_are_foretold_without_fault(record: Record) -> None:
    tested = back_tested(record, record.as_seen_by(KEEPER), body_of(record), since=dt.date(2015, 1, 1))
    told = {row["model"]: row for row in tested.scores.to_dicts()}
    assert set(told) == {"forecast", "last", "record", "modal", "logit"}
    assert told["forecast"]["accuracy"] == told["logit"]["accuracy"] == 1.0
    assert told["modal"]["accuracy"] == pytest.approx(len(FOR) / len(STATES))
    assert tested.drafts["date"].min() >= dt.date(2015, 1, 1)
    assert tested.interval_share == 1.0


def test_a_back_test_is_made_once_and_read_from_then_on(record: Record) -> None:
    view, body = record.as_seen_by(KEEPER), body_of(record)
    reports: list[tuple[int, int]] = []
    first = back_tested(record, view, body, progress=lambda done, total: reports.append((done, total)))
    made = len(reports)
    again = back_tested(record, view, body, progress=lambda done, total: reports.append((done, total)))
    assert made > 0
    assert len(reports) == made
    assert first.scores.equals(again.scores)
    assert first.since == since_when(body) == dt.date(2014, 1, 1)


def test_an_import_makes_the_back_test_anew(record: Record, tmp_path: Path) -> None:
    view = record.as_seen_by(KEEPER)
    before = back_tested(record, view, body_of(record))
    header = "symbol,kind,date,session,title,situation,main_sponsors,yes,no,abstain"
    row = "A/HRC/RES/99/1,resolution,2020-03-10,99,Situation in ZZZ : resolution,ZZZ,,7,0,0"
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "resolutions.csv").write_text(f"{header}\n{row}\n")
    votes = [f"A/HRC/RES/99/1,2020-03-10,{state},Y,https://example.org" for state in STATES]
    (folder / "votes.csv").write_text("\n".join(["symbol,date,iso3,vote,source_url", *votes]) + "\n")
    take_in(record, [folder / "resolutions.csv", folder / "votes.csv"])
    after = back_tested(record, record.as_seen_by(KEEPER), body_of(record), since=before.since)
    assert after.drafts.height == before.drafts.height + 1


def kept(record: Record, tmp_path: Path, more: str = "") -> Frozen:
    view, body = record.as_seen_by(KEEPER), body_of(record)
    return frozen(foretell(record, view, body, read_draft(draft(tmp_path, more))), view, body, DAY)


def came(record: Record, **columns: object) -> dict[str, Body]:
    """The bodies once the vote foretold is on record: FFF abstained, all else as ever."""
    body = body_of(record)
    call = body.rollcalls.head(1).with_columns(date=pl.lit(DAY), **{k: pl.lit(v) for k, v in columns.items()})
    answers = [1 if state in FOR else 2 if state == "FFF" else 3 for state in STATES]
    votes = pl.DataFrame({"rcid": [call["rcid"][0]] * len(STATES), "iso3": STATES, "vote": answers})
    return {"hrc": Body("hrc", votes, call, None, body.imports)}


def test_a_forecast_waits_while_its_vote_is_not_on_record(record: Record, tmp_path: Path) -> None:
    told = scored_forecasts({"forecast/x": kept(record, tmp_path)}, bodies(record, record.as_seen_by(KEEPER)))
    assert told.select("rcid", "votes", "brier").row(0) == (None, None, None)


def test_a_forecast_is_scored_by_the_roll_call_of_its_day_and_title(record: Record, tmp_path: Path) -> None:
    told = scored_forecasts(
        {"forecast/x": kept(record, tmp_path)}, came(record, rcid="A/1", title="Situation in ZZZ")
    )
    row = told.row(0, named=True)
    assert (row["rcid"], row["votes"], row["right"], row["yes"], row["no"]) == ("A/1", 7, 6, 4, 2)
    assert 0 < row["brier"] < 2


def test_a_forecast_with_a_symbol_is_scored_by_that_roll_call_only(record: Record, tmp_path: Path) -> None:
    forecast = {"forecast/x": kept(record, tmp_path, 'symbol = "A/HRC/L.9"\n')}
    other = scored_forecasts(forecast, came(record, rcid="A/1", title="Situation in ZZZ", symbol="A/HRC/L.8"))
    mine = scored_forecasts(forecast, came(record, rcid="A/1", title="Another title", symbol="A/HRC/L.9"))
    assert other["rcid"].to_list() == [None]
    assert mine["right"].to_list() == [6]
