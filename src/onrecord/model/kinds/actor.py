"""States, bodies, offices and organisations, and the terms for which they belonged to something."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from onrecord.model.kinds.base import Base, DateText, Id, Name, Text

Iso3 = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]


class Actor(Base, frozen=True, kw_only=True, omit_defaults=True, tag="actor"):
    """A state, body, office, group or organisation. A state's id is its ISO 3166-1 alpha-3 code."""

    name: Text
    type: Literal["state", "observer", "body", "office", "group", "organisation", "person"]
    iso3: Iso3 | None = None
    names: tuple[Name, ...] = ()


class Membership(Base, frozen=True, kw_only=True, omit_defaults=True, tag="membership"):
    """An actor belongs to a body or group for a time: a term on a council, a regional group.

    ``start`` and ``end`` are both within the term; without an end it runs on, without a start it is not
    known since when. ``seat`` is the regional group whose seat is held, where the body has such seats.
    """

    actor: Id
    of: Id
    start: DateText | None = None
    end: DateText | None = None
    seat: str | None = None
