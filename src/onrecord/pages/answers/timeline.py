"""Everything that happened, in order."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from onrecord.pages import addresses
from onrecord.pages.blocks import Cell, Table, day
from onrecord.pages.page import Asked, Link, Page, Route, only_one

COLUMNS = (
    "id",
    "date",
    "end",
    "event_kind",
    "title",
    "actor",
    "place",
    "detail",
    "about",
    "date_first",
    "date_last",
)


def answer(asked: Asked, _key: str) -> Page:
    """The time line of all events up to the chosen day."""
    events = until(asked.findings.table("event"), asked.when).select(COLUMNS)
    return Page(
        path=addresses.TIMELINE,
        template="blocks.html",
        title=f"{len(events):,} events",
        finding=_finding(events),
        thread=(Link("The record", addresses.FRONT),),
        content=(events_table(events.to_dicts(), "events", "Events, the latest first"),),
        tables={"events": events},
        entries=tuple(events["id"]),
        section="Timeline",
        partial="Only what somebody put on record is here; a quiet month is a month without entries.",
    )


def until(events: pl.DataFrame, when: date) -> pl.DataFrame:
    """The events that had begun by a day, the latest first; an unknown day counts from its first possible one."""
    return events.filter(pl.col("date_first") <= when).sort("date_first", "id", descending=[True, False])


def events_table(events: list[dict[str, Any]], table_id: str, caption: str) -> Table:
    """Events as a table that leads to each event's entry."""
    return Table(
        id=table_id,
        caption=caption,
        columns=(
            ("When", "date"),
            ("What happened", "head"),
            ("By whom", "text"),
            ("Where", "text"),
            ("Kind", "text"),
        ),
        rows=[
            (
                day(e["date"]),
                Cell(e["title"], addresses.entry(e["id"])),
                e["actor"],
                e["place"],
                e["event_kind"],
            )
            for e in events
        ],
    )


def _finding(events: pl.DataFrame) -> str:
    if events.is_empty():
        return "No event had happened by that day."
    latest, first = events.row(0, named=True), events.row(-1, named=True)
    spoken = day(latest["date"]), day(first["date"])
    assert spoken[0] is not None
    assert spoken[1] is not None
    return f"From {spoken[1].words()} ({first['title']}) to {spoken[0].words()} ({latest['title']})."


ROUTE = Route(addresses.TIMELINE, answer, only_one)
