"""Flows between occasions, and what silence means in them."""

from __future__ import annotations

from datetime import date

import polars as pl

from onrecord import positions
from onrecord.model.kinds import Base
from onrecord.positions.flow import flows, occasions
from onrecord.record import KEEPER, Record

from ..making import act, table, text

LATE = date(2026, 1, 1)


def tables(*entries: Base) -> tuple[pl.DataFrame, pl.DataFrame]:
    return table("instrument", *entries), table("position", *entries)


def occasion(
    number: int, *, status: str = "complete", critical: str = "", supportive: str = ""
) -> list[Base]:
    day = f"20{18 + number}-06-01"
    both = [text(f"C{number}", day, "critical"), text(f"S{number}", day, "supportive", status)]
    return [
        *both,
        *(act(f"C{number}", name) for name in critical.split()),
        *(act(f"S{number}", name) for name in supportive.split()),
    ]


def test_both_sides_texts_of_a_few_days_are_one_occasion() -> None:
    entries = (
        text("A", "2019-07-08"),
        text("B", "2019-07-12", "supportive"),
        text("C", "2019-10-29"),
        text("D", "2019-07-10", body="Committee"),
        *(act(name, "AAA") for name in "ABCD"),
    )
    found = occasions(*tables(*entries), LATE)
    assert found["instruments"].to_list() == [["A", "B"], ["D"], ["C"]]
    assert found["stage"].to_list() == [0, 1, 2]


def test_every_state_is_in_exactly_one_band_between_two_occasions() -> None:
    entries = (
        *occasion(1, critical="AAA BBB", supportive="CCC DDD"),
        *occasion(2, critical="AAA CCC", supportive="DDD EEE"),
    )
    bands = flows(*tables(*entries), LATE)
    assert {
        (b, a): tuple(names) for b, a, names in bands.select("before", "after", "actors").iter_rows()
    } == {
        ("critical", "critical"): ("AAA",),
        ("critical", "did_not_sign"): ("BBB",),
        ("supportive", "critical"): ("CCC",),
        ("supportive", "supportive"): ("DDD",),
        ("did_not_sign", "supportive"): ("EEE",),
    }
    assert bands.filter("moved")["count"].sum() == 3


def test_silence_is_unknown_where_one_list_of_the_occasion_is_not_complete() -> None:
    entries = (
        *occasion(1, critical="AAA", supportive="CCC"),
        *occasion(2, status="partial", critical="BBB"),
        act("S2", "DDD"),
    )
    bands = flows(*tables(*entries), LATE)
    assert set(bands["after"]) == {"critical", "supportive", "no_known_position"}
    unknown = bands.filter(pl.col("after") == "no_known_position")
    assert unknown["actors"].explode(empty_as_null=False).sort().to_list() == ["AAA", "CCC"]
    assert not unknown["moved"].any()


def test_a_state_on_both_sides_of_one_occasion_is_shown_as_such() -> None:
    entries = (
        *occasion(1, critical="AAA", supportive="AAA BBB"),
        *occasion(2, critical="AAA", supportive="BBB"),
    )
    bands = flows(*tables(*entries), LATE)
    assert bands.filter(pl.col("before") == "both")["actors"].to_list() == [["AAA"]]


def test_from_july_to_october_2019_nine_states_left_and_thirteen_came_to_the_supportive_side(
    xinjiang: Record,
) -> None:
    view = xinjiang.as_seen_by(KEEPER)
    bands = positions.flows(view, as_of=date(2026, 11, 22), stages=[0, 1])
    counted = {(b, a): n for b, a, n in bands.select("before", "after", "count").iter_rows()}
    assert counted["supportive", "did_not_sign"] == 9
    assert counted["did_not_sign", "supportive"] == 13
    assert counted["supportive", "supportive"] == 41
    assert counted["critical", "did_not_sign"] == 3


def test_the_shipped_flows_hold_every_state_between_any_two_occasions(xinjiang: Record) -> None:
    bands = positions.flows(xinjiang.as_seen_by(KEEPER), as_of=date(2026, 11, 22))
    totals = bands.group_by("stage").agg(pl.col("count").sum())["count"].unique()
    assert totals.len() == 1
