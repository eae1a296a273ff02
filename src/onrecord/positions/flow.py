"""Flows: where the states of one occasion stand on the next.

An occasion is what one body heard within a few days, both sides' texts together: the two letters of July
2019 are one. Only if every list of an occasion is complete does absence from it mean that a state did not
sign; otherwise it has no known position there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from onrecord.positions.stance import DID_NOT_SIGN, UNKNOWN, VOTES, stances
from onrecord.positions.steps import comparable

DAYS = 10
"""Texts heard by one body within so many days of the first of them belong to one occasion."""

OCCASION: dict[str, pl.DataType] = {
    "stage": pl.Int64(),
    "date": pl.String(),
    "date_first": pl.Date(),
    "body": pl.String(),
    "instruments": pl.List(pl.String()),
    "complete": pl.Boolean(),
}


def occasions(instruments: pl.DataFrame, positions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The occasions of a day or before on which states signed for a side; votes are not among them.

    Returns:
        stage (from 0, oldest first), date and date_first (of the first text), body, instruments (their ids),
        complete (whether every list is).
    """
    signed = instruments.filter(
        (pl.col("date_last") <= as_of)
        & ~pl.col("instrument_kind").is_in(VOTES)
        & pl.col("side").is_in(["critical", "supportive"])
        & pl.col("id").is_in(positions["instrument"].unique().implode())
    ).sort("date_first", "id")
    found: list[list[dict[str, object]]] = []
    for text in signed.iter_rows(named=True):
        latest = next((group for group in reversed(found) if group[0]["body"] == text["body"]), None)
        if latest and text["date_first"] - latest[0]["date_first"] <= timedelta(days=DAYS):
            latest.append(text)
        else:
            found.append([text])
    return pl.DataFrame(
        [
            [
                stage,
                group[0]["date"],
                group[0]["date_first"],
                group[0]["body"],
                [text["id"] for text in group],
                all(text["list_status"] == "complete" for text in group),
            ]
            for stage, group in enumerate(found)
        ],
        schema=OCCASION,
        orient="row",
    )


def standing(
    instruments: pl.DataFrame, positions: pl.DataFrame, as_of: date, stages: pl.DataFrame
) -> pl.DataFrame:
    """Where every state stands on each of some occasions.

    Args:
        stages: rows of :func:`occasions`, or any table with stage, instruments and complete.

    Returns:
        stage, actor, stance (critical, supportive, both, did_not_sign, no_known_position), for every actor that
        signed a text of at least one of the occasions.
    """
    texts = stages.select("stage", "complete", pl.col("instruments").alias("instrument")).explode(
        "instrument"
    )
    side = pl.col("stance").is_in(["critical", "supportive"])
    taken = (
        stances(instruments, positions, as_of)
        .join(texts, on="instrument")
        .filter(side | (pl.col("stance") == UNKNOWN))
        .group_by("stage", "actor")
        .agg(
            pl.when(pl.col("stance").filter(side).n_unique() > 1)
            .then(pl.lit("both"))
            .otherwise(pl.coalesce(pl.col("stance").filter(side).first(), pl.lit(UNKNOWN)))
            .alias("stance")
        )
    )
    everybody = taken.filter(pl.col("stance") != UNKNOWN).select("actor").unique().sort("actor")
    silence = pl.when("complete").then(pl.lit(DID_NOT_SIGN)).otherwise(pl.lit(UNKNOWN))
    return (
        stages.select("stage", "complete")
        .join(everybody, how="cross", maintain_order="left_right")
        .join(taken, on=["stage", "actor"], how="left", maintain_order="left")
        .select("stage", "actor", pl.coalesce("stance", silence).alias("stance"))
    )


def flows(
    instruments: pl.DataFrame,
    positions: pl.DataFrame,
    as_of: date,
    stages: Sequence[int] | None = None,
) -> pl.DataFrame:
    """How the states of each occasion stand on the next one.

    Args:
        stages: the numbers of the occasions wanted (see :func:`occasions`), all of them by default.

    Returns:
        One row for each band: stage and next_stage (numbers of the occasions), before, after (stances as in
        :func:`standing`), moved (whether both are known and differ), count, actors. Every actor that signed on one of the
        occasions is in exactly one band between each two of them.
    """
    wanted = occasions(instruments, positions, as_of)
    if stages is not None:
        wanted = wanted.filter(pl.col("stage").is_in(list(stages)))
    stood = standing(instruments, positions, as_of, wanted)
    following = wanted.select("stage", pl.col("stage").shift(-1).alias("next_stage")).drop_nulls()
    return (
        following.join(stood.rename({"stance": "before"}), on="stage")
        .join(
            stood.rename({"stance": "after", "stage": "next_stage"}),
            on=["next_stage", "actor"],
        )
        .group_by("stage", "next_stage", "before", "after")
        .agg(pl.col("actor").sort().alias("actors"))
        .with_columns(
            ((pl.col("before") != pl.col("after")) & _known("before") & _known("after")).alias("moved"),
            pl.col("actors").list.len().cast(pl.Int64).alias("count"),
        )
        .select("stage", "next_stage", "before", "after", "moved", "count", "actors")
        .sort("stage", "before", "after")
    )


def _known(column: str) -> pl.Expr:
    return pl.col(column) != UNKNOWN


def side_flows(instruments: pl.DataFrame, positions: pl.DataFrame, as_of: date, side: str) -> pl.DataFrame:
    """How signatories come to and leave one side from each complete list to the next comparable one.

    Args:
        side: critical or supportive.

    Returns:
        One row for each band: instrument and next_instrument (ids of successive lists), before, after (the side, or
        ``did_not_sign``), count, actors. Every actor that is on one of the lists is in exactly one band
        between each two of them. Lists that are not complete are left out: they cannot show who left.
    """
    texts = comparable(instruments, positions, as_of).filter(pl.col("side") == side)
    signed = (
        stances(texts, positions, as_of)
        .filter(pl.col("stance") == side)
        .select("instrument", "actor", "stance")
    )
    cells = (
        texts.select(pl.col("id").alias("instrument"))
        .join(signed.select("actor").unique().sort("actor"), how="cross", maintain_order="left_right")
        .join(signed, on=["instrument", "actor"], how="left", maintain_order="left")
        .with_columns(pl.col("stance").fill_null(DID_NOT_SIGN))
    )
    following = texts.select(
        pl.col("id").alias("instrument"), pl.col("id").shift(-1).alias("next_instrument")
    ).drop_nulls()
    after = cells.rename({"instrument": "next_instrument", "stance": "after"})
    return (
        following.join(cells.rename({"stance": "before"}), on="instrument", maintain_order="left")
        .join(after, on=["next_instrument", "actor"], maintain_order="left")
        .group_by("instrument", "next_instrument", "before", "after", maintain_order=True)
        .agg(pl.col("actor").sort().alias("actors"))
        .with_columns(pl.col("actors").list.len().cast(pl.Int64).alias("count"))
        .select("instrument", "next_instrument", "before", "after", "count", "actors")
    )
