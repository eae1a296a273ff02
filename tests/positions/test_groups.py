"""Core groups and memberships."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from onrecord import positions
from onrecord.positions.groups import by_membership, core_group
from onrecord.record import KEEPER, Record

from ..making import act, member, table, text

LATE = date(2026, 1, 1)


def test_the_core_is_on_every_complete_list_and_no_other_list_counts() -> None:
    entries = (
        text("A", "2019-01-01"),
        text("B", "2020-01-01"),
        text("P", "2021-01-01", status="partial"),
        act("A", "AAA"),
        act("B", "AAA"),
        act("A", "BBB"),
        act("P", "BBB"),
    )
    found = core_group(table("instrument", *entries), table("position", *entries), LATE, "critical")
    assert found.rows() == [("AAA", 2, 2, True, ["A", "B"]), ("BBB", 1, 2, False, ["A"])]


@pytest.mark.parametrize(
    ("as_of", "side", "size"),
    [(date(2023, 12, 31), "critical", 20), (date(2026, 11, 22), "supportive", 19)],
)
def test_the_shipped_core_groups_are_as_research_counted_them(
    xinjiang: Record, as_of: date, side: str, size: int
) -> None:
    found = positions.core_group(xinjiang.as_seen_by(KEEPER), as_of=as_of, side=side)
    assert found["core"].sum() == size


def test_a_membership_counts_only_while_it_lasts() -> None:
    entries = (
        text("T", "2020-06-01"),
        *(act("T", name) for name in ("AAA", "BBB", "CCC", "DDD")),
        member("AAA", "COUNCIL", "2019-01-01", "2020-06-01"),
        member("BBB", "COUNCIL", "2020-06-02"),
        member("CCC", "COUNCIL", None, "2020-05-31"),
        member("DDD", "COUNCIL"),
    )
    instruments, acts, members = (table(kind, *entries) for kind in ("instrument", "position", "membership"))
    found = by_membership(instruments, acts, members, LATE)
    assert found.select("of", "stance", "count", "actors").rows() == [
        ("COUNCIL", "critical", 2, ["AAA", "DDD"])
    ]


def test_the_vote_of_2022_by_regional_group_adds_up_to_the_council(xinjiang: Record) -> None:
    found = positions.by_membership(xinjiang.as_seen_by(KEEPER), as_of=date(2026, 11, 22)).filter(
        pl.col("instrument") == "hrc51-l6-vote"
    )
    council = dict(found.filter(pl.col("of") == "hrc").select("stance", "count").iter_rows())
    assert council == {"critical": 17, "supportive": 19, "abstained": 11}
    regions = (
        found.filter(pl.col("of").str.starts_with("group-")).group_by("stance").agg(pl.col("count").sum())
    )
    assert dict(regions.iter_rows()) == council
