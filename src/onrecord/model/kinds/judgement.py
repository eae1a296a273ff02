"""What the keepers of the record decided, and what they corrected."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from onrecord.model.kinds.base import Base, DateText, Id, Text


class Decision(Base, frozen=True, kw_only=True, omit_defaults=True, tag="decision"):
    """We judge entries or mentions the same, different, or one of them sound, and say why.

    ``subject`` are the entries judged; ``prefers`` is the one relied on where they disagree. A later
    decision on the same subject takes the place of an earlier one; both stay readable.
    """

    subject: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1)]
    verdict: Literal["same", "different", "unsure", "prefer", "sound", "unsound", "side_by_side"]
    reason: Text
    title: str | None = None
    decided: DateText | None = None
    by: str | None = None
    prefers: Id | None = None


class Correction(Base, frozen=True, kw_only=True, omit_defaults=True, tag="correction"):
    """An earlier entry is wrong, or withdrawn.

    ``changes`` gives the fields of ``replaces`` that change, with their new values (null clears a field).
    With ``withdraw`` the entry no longer counts; that it stood there stays known. ``conceal`` keeps the
    earlier values from everybody but the keepers, where showing them could hurt somebody.
    """

    replaces: Id
    reason: Text
    changes: dict[str, Any] = msgspec.field(default_factory=dict)
    withdraw: bool = False
    conceal: bool = False
