"""Promises side by side: by class, by who made them, and what happened after each."""

from __future__ import annotations

from datetime import date

import polars as pl

OPEN = ("overdue", "waiting", "not_due_yet")


def board(outcomes: pl.DataFrame) -> pl.DataFrame:
    """How many promises of each class came to which outcome; no line adds two classes.

    Args:
        outcomes: as returned by :func:`onrecord.promises.outcome.outcomes`.

    Returns:
        promise_class, outcome, count, days_least and days_most (of the longest), longest (its id), ids.
    """
    return (
        outcomes.sort("days_least", "id", descending=[True, False], nulls_last=True)
        .group_by("promise_class", "outcome", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("days_least").first(),
            pl.col("days_most").first(),
            pl.col("id").first().alias("longest"),
            pl.col("id").sort().alias("ids"),
        )
        .sort("promise_class", "outcome")
    )


def longest(outcomes: pl.DataFrame) -> pl.DataFrame:
    """The open promises, overdue before waiting, the longest first; the class stands on every row."""
    rank = pl.col("outcome").replace_strict({o: at for at, o in enumerate(OPEN)}, return_dtype=pl.Int8)
    return outcomes.filter(pl.col("outcome").is_in(OPEN)).sort(
        rank, "days_least", "id", descending=[False, True, False]
    )


def by_party(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Who promised or was asked what, and to whom: by, promise_class, to_whom, outcome, count, ids."""
    return (
        outcomes.group_by("by", "promise_class", "to_whom", "outcome")
        .agg(pl.len().cast(pl.Int64).alias("count"), pl.col("id").sort().alias("ids"))
        .sort("by", "promise_class", "to_whom", "outcome")
    )


def afterwards(promises: pl.DataFrame, events: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What happened after each promise was made: the events that name it or that it names.

    Returns:
        promise, event, date, date_first, title, how (kept_by, broken_by, blocked_by or about), by promise,
        oldest first; only events that were over by the day.
    """
    made = promises.filter(pl.col("made_on_last") <= as_of)
    links = [
        made.select(pl.col("id").alias("promise"), pl.col(how).alias("event"), pl.lit(how).alias("how"))
        for how in ("kept_by", "broken_by", "blocked_by")
    ]
    about = events.select(
        pl.col("about").alias("promise"), pl.col("id").alias("event"), pl.lit("about").alias("how")
    ).explode("promise", empty_as_null=False)
    named = about.join(made.select(pl.col("id").alias("promise")), on="promise", how="semi")
    happened = events.filter(pl.col("date_last") <= as_of).select(
        pl.col("id").alias("event"), "date", "date_first", "title"
    )
    return (
        pl.concat([*links, named])
        .drop_nulls("event")
        .unique(["promise", "event"], keep="first", maintain_order=True)
        .join(happened, on="event")
        .sort("promise", "date_first", "event")
        .select("promise", "event", "date", "date_first", "title", "how")
    )
