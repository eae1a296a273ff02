"""Everything that happened, in order."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages import addresses, charts
from onrecord.pages.blocks import Cell, Figure, Table, day
from onrecord.pages.page import Asked, Link, Page, Route, only_one
from onrecord.pages.words import date_in_words

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
    picture = _picture(events, asked) if len(events) else None
    return Page(
        path=addresses.TIMELINE,
        template="blocks.html",
        title=f"{len(events):,} events",
        finding=_finding(events),
        thread=(Link("The record", addresses.FRONT),),
        content=(
            *([Figure("by-kind", picture, _kinds_in_words(events, asked.when))] if picture else []),
            events_table(events.to_dicts(), "events", "Events, the latest first"),
        ),
        tables={"events": events},
        pictures={"by-kind": picture} if picture else {},
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


def _kinds(events: pl.DataFrame) -> list[tuple[str, list[dict[str, Any]]]]:
    """Events by kind, the most frequent kind first; ``other`` says nothing and comes last."""
    groups = events.partition_by("event_kind", as_dict=True, maintain_order=True)
    by_kind = [(str(kind), group.to_dicts()) for (kind,), group in groups.items()]
    return sorted(by_kind, key=lambda pair: (pair[0] == "other", -len(pair[1]), pair[0]))


def _kinds_in_words(events: pl.DataFrame, when: date) -> str:
    kind, most = _kinds(events)[0]
    year, count = (
        events.group_by(year=pl.col("date_first").dt.year()).len().sort("len", "year", descending=True).row(0)
    )
    return (
        f"{len(most)} of {len(events)} events are of the kind “{kind}”; {year} has most, {count}, "
        f"as of {date_in_words(when.isoformat())}."
    )


def _picture(events: pl.DataFrame, asked: Asked) -> Markup:
    link = asked.links(addresses.TIMELINE)
    lanes = [
        charts.Lane(
            f"{kind} ({len(rows)})",
            tuple(
                charts.Happening(e["title"], PartialDate.parse(e["date"]), link(addresses.entry(e["id"])))
                for e in reversed(rows)
            ),
        )
        for kind, rows in _kinds(events)
    ]
    says = _kinds_in_words(events, asked.when)
    return charts.lanes(lanes, picture_id="by-kind", title=says, as_of=asked.when)


def _finding(events: pl.DataFrame) -> str:
    if events.is_empty():
        return "No event had happened by that day."
    latest, first = events.row(0, named=True), events.row(-1, named=True)
    spoken = day(latest["date"]), day(first["date"])
    assert spoken[0] is not None
    assert spoken[1] is not None
    return f"From {spoken[1].words()} ({first['title']}) to {spoken[0].words()} ({latest['title']})."


ROUTE = Route(addresses.TIMELINE, answer, only_one)
