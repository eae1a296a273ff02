"""For the page of a vote on record: what would have turned it, and whose vote was not what it had signed before."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from onrecord.model.dates import PartialDate
from onrecord.model.kinds import Instrument
from onrecord.pages import addresses, charts
from onrecord.pages.answers.roll_call import turning_in_words
from onrecord.pages.blocks import Block, Cell, Prose, Table, day
from onrecord.pages.findings import Findings

_SIDES = ("critical", "supportive")


def signed_before(findings: Findings, text: Instrument, stances: pl.DataFrame) -> Iterator[Block]:
    """Blocks on a vote; ``stances`` are those on it, with ``act`` (yes, no, abstain) and ``stance``."""
    counts = {act: stances.filter(pl.col("act") == act).height for act in ("yes", "no", "abstain")}
    yield Prose((turning_in_words(**counts),), heading="What would have turned it")
    rows = differing(findings, text, stances)
    if rows.is_empty():
        return
    texts = findings.rows("instrument")
    yield Table(
        "signed-before",
        "Members whose vote was not on the side that they had signed last before it",
        (
            ("State", "head"),
            ("Signed before", "text"),
            ("On", "date"),
            ("Text", "text"),
            ("Its vote", "text"),
        ),
        [
            (
                Cell(findings.name_of(row["actor"]), addresses.state(row["actor"])),
                charts.stance_badge(row["before"]),
                day(texts[row["instrument"]]["date"]),
                Cell(texts[row["instrument"]]["title"], addresses.page_of("instrument", row["instrument"])),
                row["act"],
            )
            for row in rows.to_dicts()
        ],
        heading="Who voted otherwise than it had signed",
    )


def differing(findings: Findings, text: Instrument, stances: pl.DataFrame) -> pl.DataFrame:
    """actor, act, before (the side last signed on the main topics), instrument (the text signed): votes not on that side."""
    dated = findings.table("instrument").filter(pl.col("date_first") < PartialDate.parse(text.date).first)
    signed = (
        findings.main_stances.filter(pl.col("stance").is_in(_SIDES))
        .join(dated.select(pl.col("id").alias("instrument"), "date_first"), on="instrument")
        .sort("date_first", "instrument")
        .group_by("actor")
        .agg(pl.col("stance").last().alias("before"), pl.col("instrument").last())
    )
    voted = stances.filter(pl.col("act").is_in(["yes", "no", "abstain"])).select("actor", "act", "stance")
    return voted.join(signed, on="actor").filter(pl.col("stance") != pl.col("before")).sort("before", "actor")
