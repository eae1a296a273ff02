"""What is on record of each list: the names as first published, who came and went, the count its authors gave."""

from __future__ import annotations

from datetime import date

import polars as pl

from onrecord.positions.acts import acts, surely_done

_COUNTED = ("listed", "joined", "withdrew", "net", "unverified", "yes", "no", "abstained", "absent")


def lists(instruments: pl.DataFrame, positions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """A line for every instrument of a day or before.

    Returns:
        instrument, title, date, date_first, date_last, body, signatories, instrument_kind, topic, side, list_status,
        stated_count (None where no count was given), then how many actors are on record for it: listed (as
        first published; on a vote, everybody on the roll), joined and withdrew (later), net (listed + joined
        - withdrew), unverified (of those on record), and of a vote yes, no, abstained, absent.
    """
    done = acts(instruments, positions).filter(surely_done(as_of))
    counted = done.group_by("instrument").agg(
        _actors_who("sign", "yes", "no", "abstain", "absent").alias("listed"),
        _actors_who("join_late").alias("joined"),
        _actors_who("withdraw").alias("withdrew"),
        _actors_who("sign", "join_late", unverified=True).alias("unverified"),
        _actors_who("yes").alias("yes"),
        _actors_who("no").alias("no"),
        _actors_who("abstain").alias("abstained"),
        _actors_who("absent").alias("absent"),
    )
    return (
        _texts(instruments, as_of)
        .join(counted, on="instrument", how="left", maintain_order="left")
        .with_columns((pl.col("listed") + pl.col("joined") - pl.col("withdrew")).alias("net"))
        .with_columns(pl.col(name).cast(pl.Int64).fill_null(0) for name in _COUNTED)
        .select(*_texts(instruments, as_of).columns, *_COUNTED)
    )


def counts(instruments: pl.DataFrame, positions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Both sides over time: how many stood on a side of each instrument, beside the count it stated.

    A text signed by states has one row, of its own side, if it has signatories or a stated count. A vote has one row
    for each side, without a stated count.

    Returns:
        instrument, title, date, date_first, date_last, instrument_kind, side, list_status, stated_count,
        listed (as first published), net; oldest first.
    """
    summary = lists(instruments, positions, as_of)
    voted = pl.col("yes") + pl.col("no") + pl.col("abstained") + pl.col("absent") > 0
    signed = summary.filter(
        (pl.col("signatories") == "states")
        & ~voted
        & ((pl.col("listed") > 0) | pl.col("stated_count").is_not_null())
    )
    votes = [
        summary.filter(voted & (pl.col("side") == draft)).with_columns(
            pl.lit(side).alias("side"),
            pl.lit(None, pl.Int64).alias("stated_count"),
            pl.col(answer).alias("listed"),
            pl.col(answer).alias("net"),
        )
        for draft, side, answer in (
            ("critical", "critical", "yes"),
            ("critical", "supportive", "no"),
            ("supportive", "supportive", "yes"),
            ("supportive", "critical", "no"),
        )
    ]
    columns = ("instrument", "title", "date", "date_first", "date_last", "instrument_kind", "side",
               "list_status", "stated_count", "listed", "net")  # fmt: skip
    return pl.concat([signed, *votes]).select(columns).sort("date_last", "instrument", "side")


def _actors_who(*done: str, unverified: bool = False) -> pl.Expr:
    chosen = pl.col("act").is_in(done)
    if unverified:
        chosen &= pl.col("confidence") == "unverified"
    return pl.col("actor").filter(chosen).n_unique()


def _texts(instruments: pl.DataFrame, as_of: date) -> pl.DataFrame:
    return (
        instruments.filter(pl.col("date_last") <= as_of)
        .sort("date_last", "id")
        .select(
            pl.col("id").alias("instrument"),
            "title",
            "date",
            "date_first",
            "date_last",
            "body",
            "signatories",
            "instrument_kind",
            "topic",
            "side",
            "list_status",
            "stated_count",
        )
    )
