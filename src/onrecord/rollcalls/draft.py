"""A text that is to be voted on, as a file gives it."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from onrecord.errors import InvalidInput, Problem
from onrecord.votes.rules import RULES


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that is to be voted on, as ``--draft FILE`` gives it in TOML or JSON.

    Attributes:
        body: whose vote it is (hrc, unga), as imported.
        date: the day of the vote; ``known`` the day before which everything may be used, the same unless given.
        topic: the situation or subject, as the roll calls of that body name it; empty if it is a new one.
        headings: of the agenda item and subjects it is listed under, which tell what it is like; may be left out.
        target: ISO 3166-1 alpha-3 code of the state concerned.
        polarity: 1, or -1 where a yes goes against what the topic's resolutions ask.
        rule: simple-majority, two-thirds or one-third-request.
        letters: topics of instruments on record whose signatures count as evidence.
        members: who votes; the members on record on that day unless given.
        fixed: votes set by hand, ISO3 to yes, abstain or no.
        symbol: of the document or roll call; a frozen forecast is scored by it once the vote is imported.
    """

    body: str
    date: dt.date
    title: str
    known: dt.date | None = None
    topic: str = ""
    headings: str = ""
    target: str | None = None
    kind: str = "resolution"
    polarity: Literal[1, -1] = 1
    rule: str = "simple-majority"
    letters: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    fixed: dict[str, Literal["yes", "abstain", "no"]] = msgspec.field(default_factory=dict)
    symbol: str | None = None


def read_draft(path: Path) -> Draft:
    """A draft from a TOML or JSON file.

    Raises:
        InvalidInput: the file cannot be read, a field is missing, unknown or of the wrong kind, or ``known`` lies after
            the day of the vote.
    """
    try:
        data = path.read_bytes()
        fields = msgspec.json.decode(data) if path.suffix == ".json" else tomllib.loads(data.decode())
        draft = msgspec.convert(fields, Draft)
    except OSError as cause:
        raise InvalidInput(
            [Problem(f"The draft cannot be read: {cause.strerror}.", "Mend the path.", str(path))]
        ) from cause
    except (tomllib.TOMLDecodeError, msgspec.MsgspecError, UnicodeDecodeError) as cause:
        remedy = "docs/votes.md lists what a draft says, and shows one."
        raise InvalidInput(
            [Problem(f"The draft is not as it should be: {cause}.", remedy, str(path))]
        ) from cause
    if draft.known is not None and draft.known > draft.date:
        remedy = f"Use {draft.date} or a day before it."
        raise InvalidInput(
            [Problem("what was known after the vote cannot be used.", remedy, str(path), column="known")]
        )
    if draft.rule not in RULES:
        raise InvalidInput(
            [
                Problem(
                    f"There is no rule {draft.rule!r}.", f"Use {', '.join(RULES)}.", str(path), column="rule"
                )
            ]
        )
    return draft
