"""Entries with only what a test is about said, and tables of them without a record on disk."""

from __future__ import annotations

from typing import Any

import polars as pl

from onrecord.model import Citation, canonical
from onrecord.model.check import kind_of
from onrecord.model.kinds import (
    Actor,
    Base,
    Event,
    Instrument,
    Membership,
    Position,
    Promise,
    Source,
)
from onrecord.record import columns

CITED = (Citation(source="S"),)


def source(entry_id: str = "S", **fields: Any) -> Source:
    return Source(id=entry_id, **{"title": f"Source {entry_id}", **fields})


def state(entry_id: str, **fields: Any) -> Actor:
    return Actor(id=entry_id, **{"name": entry_id.title(), "type": "state", "citations": CITED, **fields})


def text(
    entry_id: str, date: str, side: str = "critical", status: str = "complete", **fields: Any
) -> Instrument:
    given: dict[str, Any] = {
        "title": f"Text {entry_id}",
        "date": date,
        "body": "Council",
        "instrument_kind": "letter",
        "side": side,
        "list_status": status,
        "citations": CITED,
    }
    return Instrument(id=entry_id, **{**given, **fields})


def act(instrument: str, actor: str, what: str = "sign", **fields: Any) -> Position:
    given: dict[str, Any] = {"instrument": instrument, "actor": actor, "act": what, "citations": CITED}
    return Position(id=f"{instrument}/{actor}/{what}", **{**given, **fields})


def member(actor: str, of: str, start: str | None = None, end: str | None = None) -> Membership:
    return Membership(
        id=f"membership/{of}/{actor}/{start or 'always'}",
        actor=actor,
        of=of,
        start=start,
        end=end,
        citations=CITED,
    )


def promise(entry_id: str = "P", made_on: str = "2020-01-01", **fields: Any) -> Promise:
    given: dict[str, Any] = {
        "promise_class": "promise",
        "by": "An office",
        "what": "something",
        "citations": CITED,
    }
    return Promise(id=entry_id, made_on=made_on, **{**given, **fields})


def event(entry_id: str = "E", date: str = "2020-06-01", **fields: Any) -> Event:
    given: dict[str, Any] = {"event_kind": "statement", "title": f"Event {entry_id}", "citations": CITED}
    return Event(id=entry_id, date=date, **{**given, **fields})


def table(kind: str, *entries: Base) -> pl.DataFrame:
    """The view of one kind that a record of these entries would have, in the order given."""
    rows = [
        {
            **canonical.to_fields(entry),
            "seq": seq,
            "withdrawn": False,
            "corrections": 0,
            "recorded": "2026-01-01T00:00:00.000000Z",
            "recorded_by": "keeper",
        }
        for seq, entry in enumerate(entries)
        if kind_of(entry) == kind
    ]
    return columns.frame(kind, rows)
