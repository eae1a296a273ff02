"""Entries as FollowTheMoney entities, one JSON object a line, for Aleph, OpenAleph and nomenklatura.

Only what a schema of FollowTheMoney can hold goes over; the entry's id is kept, so that the way back is open. The
entities are written here, because the library needs a C++ compiler where it is installed; the tests read them with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from onrecord.model.kinds import (
    Actor,
    Entry,
    Event,
    Figure,
    Instrument,
    Membership,
    Person,
    Position,
    Promise,
    Quote,
    Source,
)
from onrecord.record.gate import View

Properties = dict[str, Iterable[str | None]]


def as_ftm(view: View, ids: Iterable[str]) -> bytes:
    """The entities that the entries map to, as JSON lines in the order given; sources come after what cites them."""
    ordered = list(dict.fromkeys(ids))
    lines = []
    sources: dict[str, None] = {}
    for entry_id in ordered:
        entry = view.entry(entry_id).entry
        sources.update(dict.fromkeys(citation.source for citation in entry.citations))
        lines += [entity_line(entry)] if type(entry) in _MAPPERS else []
    for source_id in sources:
        if source_id not in ordered:
            lines.append(entity_line(view.entry(source_id).entry))
    return "".join(line + "\n" for line in lines).encode()


def entity_line(entry: Entry) -> str:
    """One entity as JSON."""
    return json.dumps(to_entity(entry), ensure_ascii=False, sort_keys=True)


def to_entity(entry: Entry) -> dict[str, Any]:
    """The entity that an entry maps to, as followthemoney's ``EntityProxy.from_dict`` reads it.

    Raises:
        KeyError: no schema of FollowTheMoney holds this kind (decisions and corrections).
    """
    schema, properties = _MAPPERS[type(entry)](entry)
    if entry.note and schema in _WITH_NOTES:
        properties = {**properties, "notes": [entry.note]}
    given = {name: sorted({value for value in values if value}) for name, values in properties.items()}
    return {
        "id": entry.id,
        "schema": schema,
        "properties": {name: values for name, values in given.items() if values},
    }


def _source(source: Source) -> tuple[str, Properties]:
    return "Document", {
        "title": [source.title],
        "publisher": [source.publisher],
        "date": [source.published],
        "sourceUrl": [source.url, source.found_at],
        "contentHash": [source.sha256],
        "language": [source.language],
        "mimeType": [source.media_type],
    }


def _actor(actor: Actor) -> tuple[str, Properties]:
    schema = {"organisation": "Organization", "person": "Person", "group": "Organization"}.get(
        actor.type, "PublicBody"
    )
    return schema, {
        "name": [actor.name],
        "alias": [n.text for n in actor.names],
        "country": [_country_codes().get(actor.iso3 or "")],
    }


def _membership(term: Membership) -> tuple[str, Properties]:
    return "Membership", {
        "member": [term.actor],
        "organization": [term.of],
        "startDate": [term.start],
        "endDate": [term.end],
        "role": [term.seat],
        "proof": _proofs(term),
    }


def _person(person: Person) -> tuple[str, Properties]:
    return "Person", {
        "name": [person.names[0].text],
        "alias": [name.text for name in person.names[1:]],
        "birthDate": [person.born],
        "gender": [person.sex],
        "summary": [person.summary],
        "proof": _proofs(person),
    }


def _event(event: Event) -> tuple[str, Properties]:
    return "Event", {
        "name": [event.title],
        "date": [event.date],
        "endDate": [event.end],
        "summary": [event.detail],
        "location": [event.place],
        "keywords": [event.event_kind],
        "proof": _proofs(event),
    }


def _instrument(instrument: Instrument) -> tuple[str, Properties]:
    return "Document", {
        "title": [instrument.title],
        "date": [instrument.date],
        "author": [instrument.body],
        "keywords": [instrument.instrument_kind, instrument.side, instrument.topic],
        "description": [instrument.symbol],
        "proof": _proofs(instrument),
    }


def _position(position: Position) -> tuple[str, Properties]:
    return "Documentation", {
        "entity": [position.actor],
        "document": [position.instrument],
        "role": [position.act],
        "date": [position.date],
        "proof": _proofs(position),
    }


def _promise(promise: Promise) -> tuple[str, Properties]:
    return "Event", {
        "name": [promise.what],
        "date": [promise.made_on],
        "keywords": [promise.promise_class],
        "summary": [promise.words],
        "proof": _proofs(promise),
    }


def _figure(figure: Figure) -> tuple[str, Properties]:
    text = f"{figure.qualifier or ''} {figure.value} {figure.unit}: {figure.of_what}".strip()
    return "Note", {
        "name": [figure.of_what],
        "description": [text],
        "publisher": [figure.stated_by],
        "proof": _proofs(figure),
    }


def _quote(quote: Quote) -> tuple[str, Properties]:
    return "Note", {"name": [quote.speaker], "description": [quote.text], "proof": _proofs(quote)}


def _proofs(entry: Entry) -> list[str]:
    return [citation.source for citation in entry.citations]


@cache
def _country_codes() -> dict[str, str]:
    """ISO 3166-1 alpha-3 to the codes that FollowTheMoney uses."""
    text = (Path(__file__).parent / "country_codes.csv").read_text()
    return dict(line.split(",") for line in text.split()[1:])


_WITH_NOTES = frozenset({"Document", "PublicBody", "Organization", "Person", "Event", "Note"})

_MAPPERS: dict[type[Any], Callable[[Any], tuple[str, Properties]]] = {
    Source: _source,
    Actor: _actor,
    Membership: _membership,
    Person: _person,
    Event: _event,
    Instrument: _instrument,
    Position: _position,
    Promise: _promise,
    Figure: _figure,
    Quote: _quote,
}
