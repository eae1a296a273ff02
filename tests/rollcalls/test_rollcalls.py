"""Roll calls on record: the files in the archive, an event for each import, tables that can be thrown away."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from onrecord.errors import EntryNotFound, InvalidInput, UsageError
from onrecord.pages.findings import findings_for
from onrecord.record import KEEPER, PUBLIC, Record
from onrecord.record.verify import verify
from onrecord.rollcalls import bodies, take_in, taking_in
from onrecord.rollcalls.bodies import body_named, over_by
from onrecord.rollcalls.checked import checked
from onrecord.rollcalls.estimates import estimate_of, estimated

STATES = ("AAA", "BBB", "CCC", "DDD", "CHN", "USA")


def plain_file(folder: Path, name: str = "votes.csv") -> Path:
    """Forty roll calls in four years on which two camps differ, with a state that changes camps half-way."""
    lines = ["rollcall,date,body,actor,vote"]
    for number in range(40):
        year = 2001 + number // 10
        for state in STATES:
            west = state in ("AAA", "BBB", "USA") or (state == "CCC" and year >= 2003)
            answer = ("yes", "no")[west] if number % 2 else ("no", "yes")[west]
            lines.append(f"R{number},{year}-05-{number % 10 + 1:02d},council,{state},{answer}")
        lines.append(
            f"R{number},{year}-05-{number % 10 + 1:02d},council,EEE,{('yes', 'abstain', 'no')[number % 3]}"
        )
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record.create(tmp_path / "record", title="A record")


def test_an_import_keeps_the_file_and_says_so_in_the_ledger(record: Record, tmp_path: Path) -> None:
    taken = take_in(record, [plain_file(tmp_path)])
    view = record.as_seen_by(KEEPER)
    assert taken.new
    assert [(body, calls, answers) for body, _, calls, answers in taken.counts] == [("council", 40, 280)]
    assert view.table("event")["event_kind"].to_list() == ["roll-call import"]
    assert view.table("source")["sha256"][0] in record.archive
    assert verify(record.ledger, record.archive).clean


def test_the_same_file_twice_changes_nothing(record: Record, tmp_path: Path) -> None:
    file = plain_file(tmp_path)
    take_in(record, [file])
    before = record.views.refresh()
    assert not take_in(record, [file]).new
    assert record.views.refresh() == before


def test_a_file_of_no_known_format_changes_nothing(record: Record, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(InvalidInput, match="no known roll-call format"):
        take_in(record, [plain_file(tmp_path), other])
    assert record.views.refresh().size == 0
    assert list(record.archive.digests()) == []


def test_what_one_file_repeats_stays_for_the_checker_and_what_two_files_share_counts_once(
    record: Record, tmp_path: Path
) -> None:
    first = plain_file(tmp_path)
    header, row, *_ = first.read_text().splitlines()
    second = tmp_path / "second.csv"
    second.write_text(
        "\n".join([header, row, "R99,2005-05-01,council,USA,yes", "R99,2005-05-01,council,USA,no"])
    )
    take_in(record, [first])
    take_in(record, [second])
    votes = body_named(record, record.as_seen_by(KEEPER), "council").votes
    assert votes.height == 280 + 2
    assert votes.filter(rcid="R99")["vote"].to_list() == [1, 3]


def renumbered(folder: Path, day: str) -> Path:
    """Another file whose R0 was voted on some other day, and which calls a new vote R99."""
    path = folder / "other.csv"
    lines = [f"R0,{day},council,{state},no" for state in STATES]
    path.write_text(
        "\n".join(["rollcall,date,body,actor,vote", *lines, "R99,2005-05-01,council,USA,yes"]) + "\n"
    )
    return path


def test_an_id_that_stands_for_another_vote_is_refused_and_changes_nothing(
    record: Record, tmp_path: Path
) -> None:
    take_in(record, [plain_file(tmp_path)])
    before = record.views.refresh(), list(record.archive.digests())
    says = "other.csv, row 2: roll call R0 of 2009-09-09 has the id of another vote on record, R0 of 2001-05-01 in votes.csv, row 2"
    with pytest.raises(InvalidInput, match=says):
        take_in(record, [renumbered(tmp_path, "2009-09-09")])
    assert (record.views.refresh(), list(record.archive.digests())) == before


def test_sources_that_date_one_vote_days_apart_are_joined(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    take_in(record, [renumbered(tmp_path, "2001-05-20")])
    votes = body_named(record, record.as_seen_by(KEEPER), "council").votes
    assert votes.height == 280 + 1


def test_two_votes_of_one_id_that_came_on_record_are_kept_apart_and_found(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(record, [plain_file(tmp_path)])
    monkeypatch.setattr(taking_in, "_refuse_clashes", lambda *_: None)
    take_in(record, [renumbered(tmp_path, "2009-09-09")])
    view = record.as_seen_by(KEEPER)
    body = body_named(record, view, "council")
    assert body.votes.filter(rcid="R0").height == 7
    assert body.votes.filter(rcid="R99").height == 1
    found = checked(body, view, date(2026, 11, 22)).filter(rule="other-vote")
    assert found.select("rcid", "file", "row").rows() == [("R0", "other.csv", 2)]
    assert found["detail"].item() == "the id stands for R0 of 2001-05-01 in votes.csv, row 2"


def test_imports_are_private_unless_made_public(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    assert bodies(record, record.as_seen_by(PUBLIC)) == {}
    assert list(bodies(record, record.as_seen_by(KEEPER))) == ["council"]


def test_public_imports_are_seen_by_visitors(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)], visibility="public")
    assert list(bodies(record, record.as_seen_by(PUBLIC))) == ["council"]


def test_tables_thrown_away_are_made_again_from_the_originals(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    view = record.as_seen_by(KEEPER)
    first = bodies(record, view)["council"]
    shutil.rmtree(record.folder / "derived")
    again = bodies(record, view)["council"]
    assert again.votes.equals(first.votes)
    assert again.rollcalls.equals(first.rollcalls)


def test_every_answer_leads_back_to_its_row(record: Record, tmp_path: Path) -> None:
    file = plain_file(tmp_path)
    take_in(record, [file])
    votes = bodies(record, record.as_seen_by(KEEPER))["council"].votes
    rows = file.read_text().splitlines()
    shown = votes.filter((pl.col("iso3") == "CHN") & pl.col("rcid").str.ends_with("R0")).row(0, named=True)
    assert rows[shown["row"] - 1].startswith("R0,2001-05-01,council,CHN,")


def test_a_body_that_is_not_there_is_named_with_those_that_are(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    with pytest.raises(EntryNotFound, match=r"'unga'.*council"):
        body_named(record, record.as_seen_by(KEEPER), "unga")


def test_an_estimate_sees_the_two_camps(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    body = bodies(record, record.as_seen_by(KEEPER))["council"]
    points = estimated(record, body).points
    place = {(a, s): m for a, s, m in points.select("actor", "session", "mean").iter_rows()}
    first, last = points["session"].min(), points["session"].max()
    assert (place["AAA", first] > place["EEE", first]) == (place["USA", first] > place["EEE", first])
    assert abs(place["CCC", first] - place["CHN", first]) < abs(place["CCC", first] - place["USA", first])
    assert abs(place["CCC", last] - place["USA", last]) < abs(place["CCC", last] - place["CHN", last])


def test_an_estimate_is_kept_and_made_again_when_it_is_gone(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    body = bodies(record, record.as_seen_by(KEEPER))["council"]
    first = estimated(record, body)
    shutil.rmtree(record.folder / "derived" / "rollcalls")
    again = estimated(record, body)
    assert again.points.equals(first.points)
    assert again.movers.equals(first.movers)


def test_an_issue_that_the_source_does_not_mark_is_refused(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    body = bodies(record, record.as_seen_by(KEEPER))["council"]
    with pytest.raises(UsageError, match="do not mark"):
        estimate_of(body, issue="hr")


def test_on_an_earlier_day_only_sessions_over_by_then_count(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    body = body_named(record, record.as_seen_by(KEEPER), "council")
    then = over_by(body, date(2003, 5, 9))
    assert then is not None
    assert (then.until, then.rollcalls["session"].unique().sort().to_list()) == (2002, [2001, 2002])
    assert estimated(record, then).points["session"].max() == 2002
    assert estimated(record, body).points["session"].max() == 2004
    assert over_by(body, date(2004, 12, 31)) is body
    assert over_by(body, date(2001, 5, 2)) is None


def test_pages_of_an_earlier_day_know_no_later_session(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    rolls = findings_for(record, record.as_seen_by(KEEPER), date(2003, 5, 9)).rolls
    assert rolls.estimates["council"].points["session"].max() == 2002
    assert rolls.bodies["council"].rollcalls["date"].max() == date(2002, 5, 10)
    assert findings_for(record, record.as_seen_by(KEEPER), date(2001, 5, 2)).rolls.bodies == {}


def test_a_day_that_cannot_be_does_not_keep_a_session_open(record: Record, tmp_path: Path) -> None:
    take_in(record, [plain_file(tmp_path)])
    body = body_named(record, record.as_seen_by(KEEPER), "council")
    stray = pl.when(pl.col("rcid") == "R39").then(date(2031, 5, 1)).otherwise(pl.col("date"))
    strange = replace(body, rollcalls=body.rollcalls.with_columns(date=stray))
    assert over_by(strange, date(2026, 1, 1)) is strange
