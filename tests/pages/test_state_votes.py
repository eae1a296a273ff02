"""What a state's page tells by its votes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from onrecord.model.kinds import Actor, Membership
from onrecord.pages.answers.human_rights_votes import human_rights_answers, human_rights_votes
from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked, Page
from onrecord.pages.render import render
from onrecord.pages.routes import page_at
from onrecord.record import KEEPER, Record
from onrecord.rollcalls import take_in
from tests.making import CITED, source
from tests.rollcalls.test_rollcalls import STATES, plain_file

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def voting(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Six states in two camps; CCC changes camps in 2003, and sits in a group with AAA and BBB."""
    folder = tmp_path_factory.mktemp("voting")
    made = Record.create(folder / "record", title="A record")
    states = [Actor(id=s, name=f"State {s}", type="state", iso3=s, citations=CITED) for s in STATES]
    group = Actor(id="group-x", name="The X Group", type="group", citations=CITED)
    seats = [
        Membership(id=f"x-{s}", actor=s, of="group-x", start="1990", citations=CITED)
        for s in ("AAA", "BBB", "CCC")
    ]
    made.enter([source(), *states, group, *seats])
    take_in(made, [plain_file(folder)])
    return made


def page(record: Record, state: str, **query: str) -> tuple[Page, Asked]:
    asked = Asked(findings_for(record, record.as_seen_by(KEEPER), TODAY), query)
    return page_at(f"states/{state}/", asked), asked


def test_agreement_is_told_with_china_the_united_states_and_the_own_group(voting: Record) -> None:
    shown, _ = page(voting, "CCC")
    agreed = shown.tables["agreement-council"]
    early, late = (agreed.filter(pl.col("session") == year) for year in (2001, 2004))
    assert dict(early.select("other", "agreement").iter_rows()) == {"CHN": 1.0, "USA": 0.0, "group-x": 0.0}
    assert dict(late.select("other", "agreement").iter_rows()) == {"CHN": 0.0, "USA": 1.0, "group-x": 1.0}


def test_a_move_stands_with_the_votes_that_drive_it(voting: Record) -> None:
    shown, asked = page(voting, "CCC")
    driving = shown.tables["driving-votes-council"]
    assert shown.tables["moves-council"]["session"].to_list() == [2003]
    assert driving["session"].min() == 2003
    assert driving["weight"].is_sorted(descending=True)
    assert driving["weight"].min() > 0
    assert "by which votes" in render(shown, asked, live=True)


def test_a_state_that_never_moved_has_no_table_of_moves(voting: Record) -> None:
    shown, asked = page(voting, "AAA")
    assert shown.tables["moves-council"].is_empty()
    assert "by which votes" not in render(shown, asked, live=True)


def test_any_other_state_can_be_shown_beside(voting: Record) -> None:
    shown, asked = page(voting, "CCC", beside="BBB")
    html = render(shown, asked, live=True)
    assert "State CCC and State BBB stand" in html
    assert '<option value="BBB" selected>' in html
    assert 'href="votes-council.svg?beside=BBB"' in html


def test_pictures_of_votes_are_offered_with_the_page(voting: Record) -> None:
    shown, _ = page(voting, "CCC")
    assert {"votes-council", "letters-council", "agreement-council"} <= set(shown.pictures)


def test_a_state_without_votes_has_none_of_it(xinjiang: Record) -> None:
    shown, asked = page(xinjiang, "SOM")
    assert set(shown.tables) == {"positions"}
    assert "By its votes" not in render(shown, asked, live=True)


def test_answers_on_human_rights_are_drawn_and_offered_where_the_source_marks_them(voting: Record) -> None:
    seen = findings_for(voting, voting.as_seen_by(KEEPER), TODAY)
    body = seen.rolls.bodies["council"]
    marked = body.rollcalls.with_columns(hr=(pl.col("session") == 2003).cast(pl.Int8))
    seen.rolls.bodies["council"] = replace(body, rollcalls=marked)
    asked = Asked(seen, {})
    answers = human_rights_answers(seen, "council", "AAA")
    assert answers is not None
    assert answers.rows() == [(2003, 5, 0, 5)]
    figure, table = human_rights_votes(asked, "council", "AAA", answers)
    assert "said yes to 5 of 10 texts on human rights" in figure.says
    assert "2003: 5 yes, 0 abstain, 5 no" in figure.svg
    assert table.folded
    assert list(table.rows) == [("2003", 5, 0, 5)]


def test_without_such_marks_nothing_is_told_of_human_rights(voting: Record) -> None:
    shown, asked = page(voting, "CCC")
    assert "human-rights-council" not in shown.tables
    assert "human rights" not in render(shown, asked, live=True)


def test_a_reader_of_an_earlier_day_is_told_which_sessions_count(voting: Record) -> None:
    def partial(day: date, path: str) -> str:
        asked = Asked(findings_for(voting, voting.as_seen_by(KEEPER), day))
        return page_at(path, asked).partial or ""

    for path in ("states/CCC/", "compare/", "votes/council/", "votes/council/map/", "votes/council/blocs/"):
        assert "only sessions that were over by the chosen day count, up to 2002." in partial(
            date(2003, 1, 1), path
        )
        assert "sessions" not in partial(TODAY, path)
