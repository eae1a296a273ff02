"""The coming vote on a record: a draft in a file, the past from the roll calls, signatures from the ledger."""

from __future__ import annotations

import datetime as dt
import io
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import msgspec
import polars as pl

from onrecord.errors import InvalidInput, Problem
from onrecord.model import Citation, Visibility
from onrecord.model.kinds import Event, Source
from onrecord.record import Record, View
from onrecord.rollcalls.bodies import Body
from onrecord.votes.forecast import (
    Forecast,
    History,
    assembly_drafts,
    council_drafts,
    forecast,
    lay_out_history,
    stance,
    train_until,
)
from onrecord.votes.rules import RULES
from onrecord.votes.states import names

_ANSWERS = {"yes": 1, "abstain": 2, "no": 3}

_THE_DRAFT = "draft"


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


@dataclass(frozen=True, slots=True)
class Foretold:
    """A forecast with the draft it is for and the members it was made for."""

    draft: Draft
    members: tuple[str, ...]
    forecast: Forecast


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


def foretell(body: Body, view: View, draft: Draft) -> Foretold:
    """Foretell a draft from what was known before its day.

    Raises:
        InvalidInput: nobody is known to be a member that day, a member never voted before, or the draft names a topic,
            state or letters that the record does not know.
    """
    history = history_of(body, view, draft)
    _refuse_unknown(draft, history, view)
    row = history.drafts["rcid"].to_list().index(_THE_DRAFT)
    members = draft.members or members_on(body, view, draft.date)
    if not members:
        problem = Problem(
            f"No members of {draft.body} on {draft.date} are on record.", "List them under 'members'."
        )
        raise InvalidInput([problem])
    known = draft.known or draft.date
    letters = signatures_before(view, draft.letters, known, history.states) if draft.letters else None
    made = forecast(
        history,
        row,
        train_until(history, row),
        members,
        RULES[draft.rule],
        letters=letters,
        fixed={state: _ANSWERS[answer] for state, answer in draft.fixed.items()},
    )
    return Foretold(draft, tuple(members), made)


def _refuse_unknown(draft: Draft, history: History, view: View) -> None:
    """Refuse a word of the draft that would otherwise count for nothing without a sign.

    Raises:
        InvalidInput: naming each such word, its field and what it could have been.
    """
    topics = set(history.drafts.filter(pl.col("rcid") != _THE_DRAFT)["topic"].drop_nulls())
    letters = set(view.table("instrument")["topic"].drop_nulls())
    states = topics | {*history.states, *names()["iso3"]}
    asked = [
        *(("topic", word, topics, f"no roll call of {draft.body}") for word in (draft.topic,) if word),
        *(("target", word, states, "no state") for word in (draft.target,) if word),
        *(("letters", word, letters, "no letter on record") for word in draft.letters),
    ]
    problems = [
        Problem(f"{nobody} is known as {word!r}.", _instead(word, among), column=field)
        for field, word, among, nobody in asked
        if word not in among
    ]
    if problems:
        raise InvalidInput(problems)


def _instead(word: str, among: set[str]) -> str:
    near = get_close_matches(word, sorted(among), n=3, cutoff=0.5)
    guess = f"Is it {' or '.join(near)}? " if near else ""
    return f"{guess}Mend the word, or leave it out for something new."


def history_of(body: Body, view: View, draft: Draft | None = None) -> History:
    """The drafts of a body with their answers, and the coming one at its place in time."""
    drafts = (council_drafts if "situation" in body.rollcalls.columns else assembly_drafts)(body.rollcalls)
    if draft is not None:
        coming = pl.DataFrame(
            {
                "rcid": _THE_DRAFT,
                "date": draft.date,
                "known": draft.known or draft.date,
                "topic": draft.topic,
                "target": draft.target,
                "title": draft.title,
                "headings": draft.headings,
                "kind": draft.kind,
                "polarity": draft.polarity,
                "scored": False,
            },
            schema=drafts.schema,
        )
        drafts = pl.concat([drafts, coming]).sort("date", "rcid")
    groups = view.table("actor").filter(pl.col("type") == "group")["id"]
    seats = view.table("membership").filter(pl.col("of").is_in(groups.implode()))
    regional = seats.select(pl.col("actor").alias("iso3"), pl.col("of").alias("group")).unique(
        "iso3", maintain_order=True
    )
    return lay_out_history(body.votes, drafts, regional)


def members_on(body: Body, view: View, day: dt.date) -> tuple[str, ...]:
    """The members of a body on a day by the terms on record; of the Assembly, who voted in its last session."""
    terms = view.table("membership").filter(pl.col("of") == body.body)
    if terms.height:
        sitting = terms.filter(
            (pl.col("start_first").is_null() | (pl.col("start_first") <= day))
            & (pl.col("end_last").is_null() | (pl.col("end_last") >= day))
        )
        return tuple(sorted(sitting["actor"].unique()))
    before = body.rollcalls.filter(pl.col("date").cast(pl.Date) < day)
    last = before.filter(pl.col("session") == before["session"].max())["rcid"].implode()
    return tuple(sorted(body.votes.filter(pl.col("rcid").is_in(last))["iso3"].unique()))


def signatures_before(view: View, topics: Iterable[str], day: dt.date, states: pl.Series) -> pl.DataFrame:
    """What each state signed on some topics before a day: :func:`onrecord.votes.forecast.stance`."""
    texts = view.table("instrument").select(
        "id",
        "date",
        pl.col("instrument_kind").alias("kind"),
        "topic",
        "side",
        pl.col("list_status").alias("status"),
    )
    acts = view.table("position").select(
        pl.col("instrument").alias("instrument_id"),
        pl.col("actor").alias("iso3"),
        pl.col("act").alias("position"),
    )
    return stance(texts, acts, list(topics), day, states)


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
