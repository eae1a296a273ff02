"""Acts on instruments with the days on which they may and must have been done, and the stance each one shows.

An act without a date of its own counts from the date of its instrument. ``date_is`` = ``by`` says that the date
is the latest possible, so the act lies anywhere from the instrument to that day. An act counts on a day
only if it was surely done by then; before that, from the first day it may have been done, it is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

_ORDER = {"sign": 0, "join_late": 1, "yes": 2, "no": 2, "abstain": 2, "absent": 2, "withdraw": 3}
"""Acts of one day, in the order in which they can follow one another."""


def on_topics(instruments: pl.DataFrame, topics: Sequence[str]) -> pl.DataFrame:
    """The instruments with one of the topics; all of them where no topic is named."""
    return instruments.filter(pl.col("topic").is_in(list(topics))) if topics else instruments


def acts(instruments: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """Every position beside its instrument, in the order of the days.

    Columns: entry (id of the position), instrument, actor, act, confidence, side and instrument_kind (of the
    instrument), done (the act's date as written, the instrument's where it has none), done_is (on or by),
    done_first and done_last (the days it may have been done), stance (see :func:`stance_of_act`).
    """
    texts = instruments.select(
        pl.col("id").alias("instrument"),
        "side",
        "instrument_kind",
        pl.col("date").alias("text_date"),
        pl.col("date_first").alias("text_first"),
        pl.col("date_last").alias("text_last"),
    )
    is_latest = (pl.col("date_is") == "by") & pl.col("date").is_not_null()
    first = pl.when(is_latest).then("text_first").otherwise(pl.coalesce("date_first", "text_first"))
    return (
        positions.join(texts, on="instrument", how="inner", maintain_order="left")
        .select(
            pl.col("id").alias("entry"),
            "instrument",
            "actor",
            "act",
            "confidence",
            "side",
            "instrument_kind",
            pl.coalesce("date", "text_date").alias("done"),
            pl.when(is_latest).then(pl.lit("by")).otherwise(pl.lit("on")).alias("done_is"),
            first.alias("done_first"),
            pl.coalesce("date_last", "text_last").alias("done_last"),
            stance_of_act().alias("stance"),
        )
        .sort(
            "done_last",
            pl.col("act").replace_strict(_ORDER, return_dtype=pl.Int8),
            maintain_order=True,
        )
    )


def surely_done(as_of: date) -> pl.Expr:
    """True for acts that had been done by the end of a day, whatever their dates leave open."""
    return pl.col("done_last") <= as_of


def stance_of_act() -> pl.Expr:
    """What an act shows: critical, supportive, neutral, abstained, absent or withdrew.

    Signing a text or voting yes is taking its side; voting no is taking the other. A neutral text has no
    sides, so whoever signs it, or votes on it, is neutral.
    """
    opposite = (
        pl.when(pl.col("side") == "critical")
        .then(pl.lit("supportive"))
        .when(pl.col("side") == "supportive")
        .then(pl.lit("critical"))
        .otherwise(pl.col("side"))
    )
    return (
        pl.when(pl.col("act").is_in(["sign", "join_late", "yes"]))
        .then("side")
        .when(pl.col("act") == "no")
        .then(opposite)
        .otherwise(pl.col("act").replace({"abstain": "abstained", "withdraw": "withdrew"}))
    )
