"""Something happened."""

from __future__ import annotations

from onrecord.model.kinds.base import Base, DateText, Id, Text


class Event(Base, frozen=True, kw_only=True, omit_defaults=True, tag="event"):
    """Who did what, when and where, and whom or what it is about.

    ``end`` is the last day of something that lasted. ``about`` names persons, instruments, promises and
    other entries; ``refs`` names events it hangs together with.
    """

    date: DateText
    event_kind: Text
    title: Text
    actor: str | None = None
    detail: str | None = None
    place: str | None = None
    end: DateText | None = None
    about: tuple[Id, ...] = ()
    refs: tuple[Id, ...] = ()
    symbols: tuple[str, ...] = ()
