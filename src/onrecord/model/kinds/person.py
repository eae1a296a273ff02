"""Somebody whose case is on record."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from onrecord.model.kinds.base import Base, DateText, Name, Text


class Consent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Why this case may be shown: consent that was given, or a case that is public already.

    ``basis`` is ``given`` (by the person or family: who gave it, when, to whom), ``already_public`` (with the
    source that made it so) or ``refused``.
    """

    basis: Literal["given", "already_public", "refused"]
    by: str | None = None
    on: DateText | None = None
    source: str | None = None


class Person(Base, frozen=True, kw_only=True, omit_defaults=True, tag="person"):
    """A person who was taken. Public only with consent, or because the case is public already."""

    names: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]
    summary: Text
    born: DateText | None = None
    sex: Literal["female", "male", "other"] | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    taken: DateText | None = None
    place: str | None = None
    by_whom: str | None = None
    consent: Consent | None = None
