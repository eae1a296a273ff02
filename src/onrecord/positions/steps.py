"""What each actor did, step by step, with the complete lists on which it is missing.

A list shorter than two thirds of the longest complete list of its side before it stands apart: so many names
are missing at once that this says something about the text, not about one state. Who is on such a list
is on it; who is not has made no step.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from onrecord.positions.acts import acts, surely_done
from onrecord.positions.stance import VOTES

COMPARABLE = 2 / 3
"""How much of the longest complete list before it a list must reach for absence from it to be a step."""

ABSENT = "not_listed"


def comparable(instruments: pl.DataFrame, positions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The complete lists of a day or before on which a missing name counts as a step.

    Returns:
        The rows of ``instruments`` that are complete lists of signatories, oldest first, without those that
        stand apart.
    """
    signed = (
        acts(instruments, positions)
        .filter(surely_done(as_of) & pl.col("act").is_in(["sign", "join_late"]))
        .group_by(pl.col("instrument").alias("id"))
        .agg(pl.col("actor").n_unique().alias("names"))
    )
    return (
        instruments.filter(
            (pl.col("list_status") == "complete")
            & ~pl.col("instrument_kind").is_in(VOTES)
            & pl.col("side").is_in(["critical", "supportive"])
        )
        .join(signed, on="id", maintain_order="left")
        .sort("date_last", "id")
        .filter(pl.col("names") >= COMPARABLE * pl.col("names").cum_max().over("side"))
        .drop("names")
    )


def steps(instruments: pl.DataFrame, positions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Every verified act by a day, and every comparable complete list an actor is missing from.

    An actor is missing only from lists of a side on which it signed some text: nobody moves by never
    having come. Unverified entries make no step and are no reason for one; an actor with an unverified entry
    on a list is not missing from it, nor is one that signed another text of that side on the same day.

    Returns:
        actor, side (of the instrument; on a vote, the side taken, None for an abstention), instrument, what
        (sign, join_late, withdraw, yes, no, abstain, absent, or not_listed), date, date_is (on or by), date_first, date_last, entry
        (None for not_listed); by actor, oldest first.
    """
    known = acts(instruments, positions).filter(surely_done(as_of))
    voted = pl.col("instrument_kind").is_in(VOTES)
    side = pl.when(voted).then("stance").otherwise("side")
    done = known.filter(pl.col("confidence") == "verified").select(
        "actor",
        pl.when(side.is_in(["critical", "supportive", "neutral"])).then(side).alias("side"),
        "instrument",
        pl.col("act").alias("what"),
        pl.col("done").alias("date"),
        pl.col("done_is").alias("date_is"),
        pl.col("done_first").alias("date_first"),
        pl.col("done_last").alias("date_last"),
        "entry",
    )
    signed = done.filter(pl.col("what").is_in(["sign", "join_late"]))
    missing = (
        comparable(instruments, positions, as_of)
        .select("side", pl.col("id").alias("instrument"), "date", "date_first", "date_last")
        .join(signed.select("actor", "side").unique(), on="side")
        .join(known, on=["instrument", "actor"], how="anti")
        .join(signed, on=["actor", "side", "date"], how="anti")
        .with_columns(
            pl.lit(ABSENT).alias("what"),
            pl.lit("on").alias("date_is"),
            pl.lit(None, pl.String).alias("entry"),
        )
        .select(done.columns)
    )
    return pl.concat([done, missing]).sort("actor", "date_last", maintain_order=True)
