"""The board of promises, and what happened after each."""

from __future__ import annotations

from datetime import date

import polars as pl

from onrecord import promises
from onrecord.promises.outcome import outcomes
from onrecord.promises.standing import afterwards, board, by_party, longest
from onrecord.record import KEEPER, Record

from ..making import event, promise, table

TODAY = date(2021, 1, 1)
GIVEN = (
    promise("P1", "2020-01-01"),
    promise("P2", "2020-06-01"),
    promise("P3", "2020-01-01", promise_class="ask", to_whom="Somebody"),
    promise("P4", "2020-01-01", due="2020-12-01", due_basis="said so"),
    promise("P5", "2020-01-01", kept_on="2020-02-01"),
)
FOUND = outcomes(table("promise", *GIVEN), TODAY)


def test_the_board_never_adds_two_classes() -> None:
    lines = board(FOUND).select("promise_class", "outcome", "count", "days_least", "longest", "ids").rows()
    assert lines == [
        ("ask", "waiting", 1, 366, "P3", ["P3"]),
        ("promise", "kept", 1, 31, "P5", ["P5"]),
        ("promise", "overdue", 1, 31, "P4", ["P4"]),
        ("promise", "waiting", 2, 366, "P1", ["P1", "P2"]),
    ]


def test_the_longest_come_first_and_overdue_before_waiting() -> None:
    assert longest(FOUND)["id"].to_list() == ["P4", "P1", "P3", "P2"]


def test_parties_are_counted_by_class_and_outcome() -> None:
    found = by_party(FOUND).filter(pl.col("promise_class") == "ask")
    assert found.rows() == [("An office", "ask", "Somebody", "waiting", 1, ["P3"])]


def test_what_happened_after_is_found_from_both_ends_and_named_once() -> None:
    given = promise("P", "2020-01-01", kept_on="2020-06-01", kept_by="E1", blocked_by="E2")
    events = (
        event("E1", "2020-06-01", about=("P",)),
        event("E2", "2020-03-01"),
        event("E3", "2020-09-01", about=("P", "X")),
        event("E4", "2022-01-01", about=("P",)),
    )
    found = afterwards(table("promise", given), table("event", *events), TODAY)
    assert found.select("promise", "event", "how").rows() == [
        ("P", "E2", "blocked_by"),
        ("P", "E1", "kept_by"),
        ("P", "E3", "about"),
    ]


def test_no_promises_make_an_empty_board() -> None:
    nothing = outcomes(table("promise"), TODAY)
    assert board(nothing).is_empty()
    assert longest(nothing).is_empty()
    assert by_party(nothing).is_empty()


def test_the_shipped_record_tells_what_kept_the_promise_to_publish(xinjiang: Record) -> None:
    found = promises.afterwards(xinjiang.as_seen_by(KEEPER), as_of=date(2026, 11, 22))
    assert ("P-04", "E-20220831-publication", "kept_by") in found.select("promise", "event", "how").rows()
