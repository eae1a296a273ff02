"""The entry kinds, in a plain visible table. A new kind is one module here and one line below."""

from __future__ import annotations

from onrecord.model.kinds.actor import Actor, Membership
from onrecord.model.kinds.base import Base, Name, Sealed
from onrecord.model.kinds.event import Event
from onrecord.model.kinds.figure import Figure
from onrecord.model.kinds.instrument import Instrument, Position
from onrecord.model.kinds.judgement import Correction, Decision
from onrecord.model.kinds.person import Consent, Person
from onrecord.model.kinds.promise import Promise
from onrecord.model.kinds.quote import Quote
from onrecord.model.kinds.source import Source

Entry = (
    Source
    | Actor
    | Membership
    | Person
    | Event
    | Instrument
    | Position
    | Promise
    | Figure
    | Quote
    | Decision
    | Correction
)

KINDS: dict[str, type[Base]] = {
    "source": Source,
    "actor": Actor,
    "membership": Membership,
    "person": Person,
    "event": Event,
    "instrument": Instrument,
    "position": Position,
    "promise": Promise,
    "figure": Figure,
    "quote": Quote,
    "decision": Decision,
    "correction": Correction,
}

__all__ = [
    "KINDS",
    "Actor",
    "Base",
    "Consent",
    "Correction",
    "Decision",
    "Entry",
    "Event",
    "Figure",
    "Instrument",
    "Membership",
    "Name",
    "Person",
    "Position",
    "Promise",
    "Quote",
    "Sealed",
    "Source",
]
