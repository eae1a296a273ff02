"""The world by its votes, session by session."""

from __future__ import annotations

import polars as pl
import pytest

from onrecord.errors import EntryNotFound
from onrecord.pages.answers.vote_map import spread, stepped
from onrecord.pages.charts.position_maps import middles
from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked, Page
from onrecord.pages.render import render
from onrecord.pages.routes import every_path, page_at
from onrecord.record import KEEPER, Record

from .test_state_votes import TODAY, voting

__all__ = ["voting"]


def page(record: Record, path: str) -> tuple[Page, Asked]:
    asked = Asked(findings_for(record, record.as_seen_by(KEEPER), TODAY))
    return page_at(path, asked), asked


def test_the_map_without_a_session_is_of_the_last(voting: Record) -> None:
    shown, _ = page(voting, "votes/council/map/")
    assert shown.tables["positions"]["session"].unique().to_list() == [2004]
    assert shown.tables["all-sessions"]["session"].unique().sort().to_list() == [2001, 2002, 2003, 2004]


def test_every_session_has_a_page_and_can_be_reached_without_a_script(voting: Record) -> None:
    paths = list(every_path(findings_for(voting, voting.as_seen_by(KEEPER), TODAY)))
    html = render(*page(voting, "votes/council/map/"), live=False)
    for session in (2001, 2002, 2003, 2004):
        assert f"votes/council/map/{session}/" in paths
        assert f'href="../../../votes/council/map/{session}/"' in html


@pytest.mark.parametrize("path", ["votes/council/map/1999/", "votes/council/map/x/", "votes/nobody/map/"])
def test_a_session_in_which_nobody_stands_anywhere_is_refused(voting: Record, path: str) -> None:
    with pytest.raises(EntryNotFound):
        page(voting, path)


def test_as_many_positions_fall_into_each_step() -> None:
    points = pl.DataFrame({"mean": [float(n) for n in range(100)]})
    told = stepped(points).group_by("step").len().sort("step")
    assert told["step"].to_list() == [0, 1, 2, 3, 4]
    assert told["len"].min() >= 19


def test_sessions_are_spread_from_the_first_to_the_last() -> None:
    assert spread([1, 2, 3], 9) == [1, 2, 3]
    chosen = spread(list(range(1, 78)), 9)
    assert (chosen[0], chosen[-1], len(chosen)) == (1, 77, 9)
    assert chosen == sorted(set(chosen))


@pytest.mark.parametrize(("west", "east"), [("USA", "FRA"), ("FRA", "CHN"), ("BRA", "ZAF"), ("IND", "AUS")])
def test_discs_stand_where_their_states_lie(west: str, east: str) -> None:
    assert middles()[west][0] < middles()[east][0]


def test_every_member_of_the_united_nations_has_a_disc() -> None:
    from onrecord.pages.charts.world_map import world

    assert set(world()["members"]) <= set(middles())
