"""Core groups, and how the signatories divide over regional groups, organisations and councils."""

from __future__ import annotations

from datetime import date

import polars as pl

from onrecord.positions.stance import VOTES, stances


def core_group(instruments: pl.DataFrame, positions: pl.DataFrame, as_of: date, side: str) -> pl.DataFrame:
    """How many of the complete lists of a side each signatory is on, by a day.

    Args:
        side: critical or supportive.

    Returns:
        actor, signed (complete lists it is on), of (complete lists there are), core (on all of them),
        instruments (the ids it is on, oldest first); the steadiest first.
    """
    complete = instruments.filter(
        (pl.col("list_status") == "complete")
        & (pl.col("side") == side)
        & (pl.col("date_last") <= as_of)
        & ~pl.col("instrument_kind").is_in(VOTES)
        & pl.col("id").is_in(positions["instrument"].unique().implode())
    )
    return (
        stances(complete, positions, as_of)
        .filter(pl.col("stance") == side)
        .group_by("actor", maintain_order=True)
        .agg(pl.col("instrument").alias("instruments"))
        .with_columns(
            pl.col("instruments").list.len().cast(pl.Int64).alias("signed"),
            pl.lit(complete.height, pl.Int64).alias("of"),
        )
        .select("actor", "signed", "of", (pl.col("signed") == pl.col("of")).alias("core"), "instruments")
        .sort(pl.col("signed"), pl.col("actor"), descending=[True, False])
    )


def by_membership(
    instruments: pl.DataFrame, positions: pl.DataFrame, memberships: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """The stances on each instrument by what the actors belonged to on its day.

    A membership without a start or an end is taken to run on without one. A list that is not complete
    names whom the reports picked: groups cannot be compared by it, which is why its status is beside
    every count.

    Returns:
        instrument, list_status, of (the group, council or organisation), stance, count, actors.
    """
    days = instruments.select(
        pl.col("id").alias("instrument"), "list_status", pl.col("date_first").alias("from"), "date_last"
    )
    began = pl.col("start_last").is_null() | (pl.col("start_last") <= pl.col("from"))
    not_ended = pl.col("end_first").is_null() | (pl.col("end_first") >= pl.col("to"))
    return (
        stances(instruments, positions, as_of)
        .select("instrument", "actor", "stance")
        .join(days.rename({"date_last": "to"}), on="instrument", maintain_order="left")
        .join(memberships.select("actor", "of", "start_last", "end_first"), on="actor")
        .filter(began & not_ended)
        .group_by("instrument", "list_status", "of", "stance", "from")
        .agg(pl.col("actor").unique().sort().alias("actors"))
        .with_columns(pl.col("actors").list.len().cast(pl.Int64).alias("count"))
        .sort("from", "instrument", "of", "stance")
        .select("instrument", "list_status", "of", "stance", "count", "actors")
    )
