"""Letters, joint statements, resolutions and motions, and what each actor did on them."""

from __future__ import annotations

from typing import Literal

from onrecord.model.integers import Count
from onrecord.model.kinds.base import Base, DateText, Id, Text

Side = Literal["critical", "supportive", "neutral"]
ListStatus = Literal["complete", "partial", "unverified"]
Act = Literal["sign", "join_late", "withdraw", "yes", "no", "abstain", "absent"]


class Instrument(Base, frozen=True, kw_only=True, omit_defaults=True, tag="instrument"):
    """A text that actors sign or vote on.

    ``side`` is the side of the text: towards the accused state critical or supportive. On a vote, yes on a
    critical draft is critical. ``stated_count`` is the number of signatories its authors gave.
    ``signatories`` tells texts of states
    from those of organisations, experts or a parliament's members, which are never counted beside states.
    ``list_status`` decides what absence means: only from a complete list does it mean "did not sign".
    """

    title: Text
    date: DateText
    body: Text
    instrument_kind: Literal["letter", "joint_statement", "resolution", "motion", "vote", "other"]
    side: Side
    list_status: ListStatus
    signatories: Literal["states", "organisations", "experts", "members"] = "states"
    topic: str | None = None
    lead: tuple[Id, ...] = ()
    stated_count: Count | None = None
    symbol: str | None = None


class Position(Base, frozen=True, kw_only=True, omit_defaults=True, tag="position"):
    """One act of one actor on one instrument.

    ``date`` is the day of the act where it is known to differ from the instrument's; ``by`` marks a date
    that is only the latest possible ("joined by 26 July"). ``confidence`` is ``unverified`` where the row
    is inferred, contested or rests on one weak source.
    """

    instrument: Id
    actor: Id
    act: Act
    date: DateText | None = None
    date_is: Literal["on", "by"] = "on"
    confidence: Literal["verified", "unverified"] = "verified"
