"""The coming vote on a record: a draft in a file, the past from the roll calls, signatures from the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from onrecord.errors import InvalidInput, Problem
from onrecord.record import Record, View
from onrecord.rollcalls.bodies import Body
from onrecord.rollcalls.draft import Draft
from onrecord.rollcalls.lessons import lessons
from onrecord.votes.forecast import (
    Forecast,
    History,
    assembly_drafts,
    council_drafts,
    forecast,
    lay_out_history,
    placed,
    stance,
)
from onrecord.votes.rules import RULES
from onrecord.votes.states import names

_ANSWERS = {"yes": 1, "abstain": 2, "no": 3}

_THE_DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Foretold:
    """A forecast with the draft it is for and the members it was made for."""

    draft: Draft
    members: tuple[str, ...]
    forecast: Forecast


def foretell(
    record: Record,
    view: View,
    body: Body,
    draft: Draft,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Foretold:
    """Foretell a draft from what was known before its day.

    Args:
        progress: called with past drafts learnt from and how many there are, where what they teach is not kept already.

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
    placed(history, [*members, *draft.fixed])
    known = draft.known or draft.date
    letters = signatures_before(view, draft.letters, known, history.states) if draft.letters else None
    made = forecast(
        history,
        row,
        lessons(record, body, history, row, draft, progress),
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
