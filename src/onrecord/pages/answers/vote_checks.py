"""What does not fit in a body's roll calls, as far as a program can tell: by rule, by session, and one by one."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from onrecord.pages import addresses, charts
from onrecord.pages.answers.votes_thread import thread_below
from onrecord.pages.blocks import Block, Cell, Figure, Links, Prose, Table, day
from onrecord.pages.page import Asked, Page
from onrecord.pages.shown import link_to
from onrecord.pages.words import plural, the_body
from onrecord.rollcalls.checked import checked
from onrecord.votes.check import RULES

CHECK = "check"

SHOWN = 200

METHOD = (
    "Public files of roll calls are wrong in ways that a program can find. Every rule is applied to every roll call; what it finds "
    "is listed, never mended. Answers that cannot be right by the rules marked so are left out of positions, agreement and blocs; "
    "the files themselves stay as they were brought, and a rule can be switched off (`without(votes, findings, rules)`).",
    "A finding is no proof of a fault in the voting: most are slips of those who wrote it down, and some are the page's own, as when a "
    "state's membership is known by another day.",
    "Each finding names the file and the row in which it stands, so that it can be looked up.",
)


def page(asked: Asked, body: str) -> Page:
    """The findings of one body."""
    rolls = asked.findings.rolls.bodies[body]
    found = checked(rolls, asked.findings.view, asked.when)
    picture = _picture(asked, found)
    sessions = _by_session(found, rolls.rollcalls, rolls.votes)
    blocks: list[Block] = [
        _rules(found),
        *([Figure("findings", picture, _in_words(found, rolls.rollcalls.height))] if picture else []),
        _sessions(sessions),
        _one_by_one(asked, found),
        Prose(METHOD, heading="How it is checked"),
        Links("The files that were checked", tuple(link_to(i, asked.findings) for i in rolls.imports)),
    ]
    return Page(
        path=f"{addresses.VOTES}{body}/{CHECK}/",
        template="blocks.html",
        title=f"What does not fit in the roll calls of {the_body(body)}",
        finding=_in_words(found, rolls.rollcalls.height),
        thread=thread_below(body),
        content=tuple(blocks),
        tables={"findings": found, "sessions": sessions},
        pictures={"findings": picture} if picture else {},
        entries=rolls.imports,
        section="Votes",
        partial="A fault that no rule looks for is not found; roll calls that the source leaves out are not missed.",
    )


def _in_words(found: pl.DataFrame, calls: int) -> str:
    if found.is_empty():
        return f"No rule finds anything among {calls:,} roll calls."
    touched = found["rcid"].n_unique()
    return (
        f"{plural(found.height, 'finding', 'findings')} by {plural(found['rule'].n_unique(), 'rule', 'rules')} on "
        f"{touched:,} of {calls:,} roll calls."
    )


def _rules(found: pl.DataFrame) -> Table:
    counts = {
        rule: (count, calls)
        for rule, count, calls in found.group_by("rule").agg(pl.len(), pl.col("rcid").n_unique()).iter_rows()
    }
    return Table(
        "rules",
        "Every rule and how often it was broken",
        (
            ("Rule", "head"),
            ("What it finds", "text"),
            ("Findings", "number"),
            ("Roll calls", "number"),
            ("Left out of estimates", "text"),
        ),
        [
            (rule.id, rule.says, *counts.get(rule.id, (0, 0)), "yes" if rule.excluded else "no")
            for rule in RULES.values()
        ],
    )


def _picture(asked: Asked, found: pl.DataFrame) -> Markup | None:
    if found.is_empty():
        return None
    counts = found["rule"].value_counts(sort=True)
    rows = [
        charts.Bar(RULES[rule].says, count, plural(count, "finding", "findings"))
        for rule, count in counts.iter_rows()
    ]
    return charts.bars(
        rows,
        picture_id="findings",
        title=f"{found.height:,} findings by rule",
        as_of=asked.when,
        unit="findings",
    )


def _by_session(found: pl.DataFrame, rollcalls: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """session, rollcalls, answers, findings, rollcalls_found: one row a session, the latest first."""
    named = rollcalls.select(pl.col("rcid").cast(pl.String), "session")
    answers = votes.group_by(pl.col("rcid").cast(pl.String)).len("answers")
    told = found.group_by("rcid").len("findings")
    rows = named.join(answers, on="rcid", how="left").join(told, on="rcid", how="left")
    return (
        rows.group_by("session")
        .agg(
            pl.len().cast(pl.Int64).alias("rollcalls"),
            pl.col("answers").sum().cast(pl.Int64),
            pl.col("findings").sum().cast(pl.Int64),
            pl.col("findings").is_not_null().sum().cast(pl.Int64).alias("rollcalls_found"),
        )
        .sort("session", descending=True)
    )


def _sessions(sessions: pl.DataFrame) -> Table:
    return Table(
        "sessions",
        "Session by session, the latest first",
        (
            ("Session", "head"),
            ("Roll calls", "number"),
            ("Answers", "number"),
            ("Findings", "number"),
            ("Roll calls with a finding", "number"),
        ),
        [(str(row[0]), *row[1:]) for row in sessions.iter_rows()],
        heading="Where they lie",
    )


def _one_by_one(asked: Asked, found: pl.DataFrame) -> Table:
    order = list(RULES)
    rank = pl.col("rule").replace_strict(order, list(range(len(order))), return_dtype=pl.Int64)
    kept = found.sort("date", descending=True, nulls_last=True).with_columns(
        at=pl.int_range(pl.len()).over("rule")
    )
    shown = kept.sort("at", rank).head(SHOWN).sort(rank, "at")
    more = f"; {found.height - shown.height:,} more are in the data" if found.height > shown.height else ""
    return Table(
        "found",
        f"Findings rule by rule, the latest of each first{more}",
        (
            ("Rule", "head"),
            ("Date", "date"),
            ("Roll call", "text"),
            ("State", "text"),
            ("What was found", "text"),
            ("File and row", "text"),
        ),
        [
            (
                row["rule"],
                day(row["date"].isoformat() if row["date"] else None),
                row["symbol"] or row["rcid"],
                asked.findings.name_of(row["iso3"]) if row["iso3"] else Cell("the whole roll call"),
                row["detail"] or "",
                f"{row['file']}, row {row['row']}" if row["file"] else Cell("not told"),
            )
            for row in shown.to_dicts()
        ],
        heading="One by one",
    )
