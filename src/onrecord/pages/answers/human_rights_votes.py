"""How a state votes on human rights, session by session."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from onrecord.pages import charts
from onrecord.pages.blocks import Block, Figure, Table
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked
from onrecord.pages.words import session_in_words, session_label, the_body
from onrecord.votes.frames import ANSWERS


def human_rights_answers(findings: Findings, body: str, state: str) -> pl.DataFrame | None:
    """session, yes, abstain, no: how often a state gave each answer to roll calls marked as on human rights.

    None where the source marks none, or the state voted on none of them.
    """
    rolls = findings.rolls.bodies[body]
    if "hr" not in rolls.rollcalls.columns:
        return None
    marked = rolls.rollcalls.filter(pl.col("hr") == 1).select("rcid", "session")
    cast = rolls.votes.filter(pl.col("iso3") == state).join(marked, on="rcid")
    if cast.is_empty():
        return None
    counts = ((pl.col("vote") == answer).sum().alias(word) for answer, word in ANSWERS.items())
    return cast.group_by("session").agg(counts).sort("session")


def human_rights_votes(asked: Asked, body: str, state: str, answers: pl.DataFrame) -> Iterator[Block]:
    """The same as a picture, and as a table folded under it."""
    last = int(asked.findings.rolls.bodies[body].rollcalls.filter(pl.col("hr") == 1)["session"].sort()[-1])
    sessions = [charts.SessionAnswers(**row) for row in answers.to_dicts()]
    says = _in_words(asked.findings.name_of(state), body, sessions)
    picture = charts.answers_over_sessions(
        sessions, picture_id=f"human-rights-{body}", title=says, as_of=asked.when
    )
    note = (
        f"Roll calls that the source marks as on human rights; it marks none after {session_in_words(last)}."
    )
    heading = f"On human rights in {the_body(body)}"
    yield Figure(f"human-rights-{body}", picture, says, note, heading=heading)
    yield Table(
        f"answers-on-human-rights-{body}",
        f"Its answers in {the_body(body)} on roll calls marked as on human rights",
        ((session_label(last), "head"), ("Yes", "number"), ("Abstain", "number"), ("No", "number")),
        [
            (str(r["session"]), *(r[word] for word in ANSWERS.values()))
            for r in answers.sort("session", descending=True).to_dicts()
        ],
        folded=True,
    )


def _in_words(state: str, body: str, sessions: list[charts.SessionAnswers]) -> str:
    yes, whole = sum(one.yes for one in sessions), sum(one.yes + one.abstain + one.no for one in sessions)
    return f"In {the_body(body)}, {state} said yes to {yes:,} of {whole:,} texts on human rights on which it voted."
