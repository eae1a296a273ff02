"""Forecasts kept on record before their votes, with all that is needed to score them and to change them by hand."""

from __future__ import annotations

import datetime as dt
import io

import msgspec
import polars as pl

from onrecord.model import Citation, Visibility
from onrecord.model.kinds import Event, Source
from onrecord.record import Record, View
from onrecord.rollcalls.bodies import Body
from onrecord.rollcalls.draft import Draft
from onrecord.rollcalls.forecasts import Foretold

FORECAST_KIND = "forecast"

TOOL = "onrecord votes forecast"


class Frozen(msgspec.Struct, frozen=True):
    """A forecast as it is kept: what it was made from, and all that is needed to work out a change by hand.

    Attributes:
        made: the day it was made. root: of the ledger it was made from. imports: events that brought the roll calls.
        nodes: chances of yes, abstain and no of each member at each value of the common shift; weights of those.
        reasons: for each member the strongest signal in words.
    """

    draft: Draft
    made: dt.date
    root: str
    imports: tuple[str, ...]
    members: tuple[str, ...]
    adopted: float
    yes: tuple[int, int, int]
    margin: tuple[int, int, int]
    chances: tuple[tuple[float, float, float], ...]
    persuadable: tuple[float, ...]
    reasons: tuple[str, ...]
    nodes: tuple[tuple[tuple[float, float, float], ...], ...]
    weights: tuple[float, ...]


def frozen(told: Foretold, view: View, body: Body, made: dt.date) -> Frozen:
    """A forecast in the form that is kept; chances rounded to six digits."""
    table = told.forecast.members
    first = told.forecast.reasons.unique("iso3", keep="first", maintain_order=True)
    says = dict(first.select("iso3", "says").iter_rows())
    return Frozen(
        draft=told.draft,
        made=made,
        root=view.state.root,
        imports=body.imports,
        members=tuple(table["iso3"]),
        adopted=round(told.forecast.adopted, 6),
        yes=told.forecast.yes,
        margin=told.forecast.margin,
        chances=tuple(
            (round(a, 6), round(b, 6), round(c, 6))
            for a, b, c in table.select("p_yes", "p_abstain", "p_no").iter_rows()
        ),
        persuadable=tuple(round(value, 6) for value in table["persuadable"]),
        reasons=tuple(
            says.get(state, "no signal: the common record of all states") for state in table["iso3"]
        ),
        nodes=tuple(
            tuple((round(a, 6), round(b, 6), round(c, 6)) for a, b, c in node)
            for node in told.forecast.nodes.tolist()
        ),
        weights=tuple(round(weight, 9) for weight in told.forecast.weights.tolist()),
    )


def freeze(
    record: Record, forecast_: Frozen, *, by: str | None = None, visibility: Visibility = "private"
) -> str:
    """Keep a forecast as an original with its hash in the ledger, so that it can be scored later; return its event's id."""
    data = msgspec.json.encode(forecast_, order="sorted")
    kept = record.keep(io.BytesIO(data), tool=TOOL, by=by, path=f"{forecast_.draft.title}.json")
    source = Source(
        id=f"forecast/file/{kept.sha256[:16]}",
        title=f"Forecast: {forecast_.draft.title}",
        published=forecast_.made.isoformat(),
        sha256=kept.sha256,
        media_type="application/json",
        visibility=visibility,
    )
    event = Event(
        id=f"forecast/{kept.sha256[:16]}",
        event_kind=FORECAST_KIND,
        title=f"A vote is foretold: {forecast_.draft.title}",
        date=forecast_.made.isoformat(),
        citations=(Citation(source=source.id),),
        about=(source.id, *forecast_.imports),
        visibility=visibility,
    )
    record.enter([source, event], by=by)
    return event.id


def frozen_forecasts(record: Record, view: View) -> dict[str, Frozen]:
    """The forecasts that the viewer may see, by the id of their event, the latest first.

    Raises:
        StorageError: an original cannot be read.
    """
    events = view.table("event").filter(pl.col("event_kind") == FORECAST_KIND).sort("seq", descending=True)
    hashes = dict(view.table("source").select("id", "sha256").iter_rows())
    found = {}
    for event, citations in events.select("id", "citations").iter_rows():
        digest = next((hashes[c["source"]] for c in citations if hashes.get(c["source"])), None)
        if digest:
            with record.archive.open(digest) as stream:
                found[event] = msgspec.json.decode(stream.read(), type=Frozen)
    return found
