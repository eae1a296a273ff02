"""What is on record of each list, beside the count its authors stated."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from onrecord import positions
from onrecord.positions.listing import counts, lists
from onrecord.record import KEEPER, Record

from ..making import act, table, text

LATE = date(2026, 1, 1)

# The lengths that the research note gives for every list of states: (id, status, stated, listed, net).
SHIPPED = [
    ("hrc41-letter-22", "complete", 22, 22, 23),
    ("hrc41-letter-37", "complete", 37, 37, 50),
    ("unga74-3c-uk-23", "complete", 23, 23, 23),
    ("unga74-3c-blr-54", "complete", 54, 54, 54),
    ("hrc44-uk-27", "complete", 27, 27, 27),
    ("hrc44-cub-53-hk", "complete", 53, 53, 53),
    ("hrc44-blr-46", "partial", 46, 20, 20),
    ("unga75-3c-deu-39", "complete", 39, 39, 39),
    ("unga75-3c-cub-45", "complete", 45, 45, 45),
    ("hrc46-cub-64", "partial", 64, 2, 2),
    ("hrc47-can-44", "partial", 44, 44, 44),
    ("hrc47-blr-65", "partial", 65, 6, 10),
    ("unga76-3c-fra-43", "complete", 43, 43, 43),
    ("unga76-3c-cub-62", "partial", 62, 26, 26),
    ("hrc50-nld-47", "complete", 47, 47, 47),
    ("hrc51-chn-28", "complete", 28, 28, 28),
    ("hrc51-l6-sponsors", "partial", 8, 8, 13),
    ("hrc51-l6-vote", "complete", 47, 47, 47),
    ("unga77-3c-can-50", "complete", 50, 50, 50),
    ("unga78-3c-gbr-51", "complete", 51, 51, 50),
    ("hrc57-usa-10", "complete", 10, 10, 10),
    ("unga79-3c-aus-15", "complete", 15, 15, 15),
    ("unga80-3c-usa-15", "complete", 15, 15, 15),
]


@pytest.mark.parametrize("expected", SHIPPED, ids=lambda line: line[0])
def test_the_shipped_lists_have_the_lengths_that_research_found(
    xinjiang: Record, expected: tuple[str, str, int, int, int]
) -> None:
    line = positions.lists(xinjiang.as_seen_by(KEEPER), as_of=date(2026, 11, 22)).row(
        by_predicate=pl.col("instrument") == expected[0], named=True
    )
    assert tuple(line[name] for name in ("list_status", "stated_count", "listed", "net")) == expected[1:]


def test_the_shipped_vote_of_october_2022_was_17_to_19_with_11_abstentions(xinjiang: Record) -> None:
    line = positions.lists(xinjiang.as_seen_by(KEEPER), as_of=date(2026, 11, 22)).row(
        by_predicate=pl.col("instrument") == "hrc51-l6-vote", named=True
    )
    assert (line["yes"], line["no"], line["abstained"], line["absent"]) == (17, 19, 11, 0)


def test_the_net_count_follows_the_days() -> None:
    entries = (
        text("T", "2019-07-12", stated_count=2),
        act("T", "AAA"),
        act("T", "BBB"),
        act("T", "CCC", "join_late", date="2019-07-20"),
        act("T", "AAA", "withdraw", date="2019-07-18"),
    )
    tables = table("instrument", *entries), table("position", *entries)
    by_day = {
        day: lists(*tables, date(2019, 7, day)).select("listed", "joined", "withdrew", "net").row(0)
        for day in (12, 18, 20)
    }
    assert by_day == {12: (2, 0, 0, 2), 18: (2, 0, 1, 1), 20: (2, 1, 1, 2)}
    assert lists(*tables, date(2019, 7, 11)).is_empty()


def test_a_text_without_a_name_on_record_is_listed_with_nought_and_its_stated_count() -> None:
    entries = (text("T", "2020-01-01", stated_count=230, status="unverified"),)
    line = lists(table("instrument", *entries), table("position"), LATE).row(0, named=True)
    assert (line["stated_count"], line["listed"], line["net"], line["unverified"]) == (230, 0, 0, 0)


def test_unverified_names_are_counted_apart() -> None:
    entries = (text("T", "2020-01-01"), act("T", "AAA"), act("T", "BBB", confidence="unverified"))
    line = lists(table("instrument", *entries), table("position", *entries), LATE).row(0, named=True)
    assert (line["listed"], line["unverified"]) == (2, 1)


@pytest.mark.parametrize(("draft", "critical", "supportive"), [("critical", 2, 1), ("supportive", 1, 2)])
def test_a_vote_counts_for_both_sides(draft: str, critical: int, supportive: int) -> None:
    entries = (
        text("V", "2022-10-06", draft, instrument_kind="vote", stated_count=4),
        act("V", "AAA", "yes"),
        act("V", "BBB", "yes"),
        act("V", "CCC", "no"),
        act("V", "DDD", "abstain"),
    )
    found = counts(table("instrument", *entries), table("position", *entries), LATE)
    assert dict(found.select("side", "net").iter_rows()) == {"critical": critical, "supportive": supportive}
    assert found["stated_count"].to_list() == [None, None]


def test_a_signed_text_counts_once_with_the_count_it_stated() -> None:
    entries = (text("T", "2020-01-01", stated_count=65, status="partial"), act("T", "AAA"))
    found = counts(table("instrument", *entries), table("position", *entries), LATE)
    assert found.select("side", "stated_count", "listed", "net").rows() == [("critical", 65, 1, 1)]
