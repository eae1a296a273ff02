"""Who stands where: the net stance of every actor on every instrument, on a day.

Silence is never an answer. An actor that is absent from a complete list did not sign; absent from any
other list, it has no known position.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from onrecord.positions.acts import acts, surely_done

DID_NOT_SIGN = "did_not_sign"
HAD_NO_VOTE = "had_no_vote"
UNKNOWN = "no_known_position"

NEITHER = ("neutral", "abstained", "absent", "withdrew")
"""What an actor did that took no side: a known act, unlike silence."""

VOTES = ("vote", "resolution", "motion")
"""Kinds of instrument on which a complete list holds those who had a vote, so that absence is no act."""


def stances(instruments: pl.DataFrame, positions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The net stance of every actor on every instrument on which it had acted by a day.

    Args:
        instruments, positions: the tables of these kinds.
        as_of: the day at whose end the stance is wanted.

    Returns:
        One row for each instrument and actor, in the order of the instruments' dates: instrument, actor,
        stance (critical, supportive, neutral, abstained, absent, withdrew; no_known_position where the dates
        leave open whether anything had been done yet), act (the one that decides), date and date_is (on
        or by: that act's), date_first, date_last, confidence (of the deciding entry), acts and entries
        (all that count, in order), open_entries (acts that may or may not have been done by the day).
    """
    known = acts(instruments, positions).filter(pl.col("done_first") <= as_of)
    done = surely_done(as_of)
    last = {
        "stance": "stance",
        "act": "act",
        "date": "done",
        "date_is": "done_is",
        "date_first": "done_first",
        "date_last": "done_last",
        "confidence": "confidence",
    }
    net = known.group_by("instrument", "actor", maintain_order=True).agg(
        *(pl.col(column).filter(done).last().alias(name) for name, column in last.items()),
        pl.col("act").filter(done).alias("acts"),
        pl.col("entry").filter(done).alias("entries"),
        pl.col("entry").filter(~done).alias("open_entries"),
    )
    order = instruments.sort("date_last", "id").select(pl.col("id").alias("instrument")).with_row_index("at")
    return (
        net.with_columns(pl.col("stance").fill_null(UNKNOWN))
        .join(order, on="instrument", how="left")
        .sort("at", "actor")
        .drop("at")
    )


def absences(
    instruments: pl.DataFrame, positions: pl.DataFrame, actors: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """What absence means, for every state that did nothing on an instrument whose list is on record.

    Args:
        actors: the actors' table; states and observers can be absent, bodies and groups cannot.

    Returns:
        instrument, actor, stance: ``did_not_sign`` if the list is complete, ``had_no_vote`` if it is the
        complete list of a vote, ``no_known_position`` otherwise. Instruments of which nobody's act is on
        record, such as a letter of organisations, have no rows: no state was asked.
    """
    listed = instruments.filter(
        pl.col("id").is_in(positions["instrument"].unique().implode()) & (pl.col("date_last") <= as_of)
    )
    able = actors.filter(pl.col("type").is_in(["state", "observer"])).select(pl.col("id").alias("actor"))
    acted = stances(listed, positions, as_of).select("instrument", "actor")
    return (
        listed.sort("date_last", "id")
        .select(pl.col("id").alias("instrument"), _absence().alias("stance"))
        .join(able.sort("actor"), how="cross", maintain_order="left_right")
        .join(acted, on=["instrument", "actor"], how="anti", maintain_order="left")
        .select("instrument", "actor", "stance")
    )


def stance_matrix(
    instruments: pl.DataFrame, positions: pl.DataFrame, actors: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """Every state against every instrument whose list is on record, on a day.

    Returns:
        One row for each state or observer: actor, name, then a column for each instrument (its id, oldest
        first) with the words of :func:`stances` and :func:`absences`.
    """
    cells = ["instrument", "actor", "stance"]
    acted = stances(instruments, positions, as_of).select(cells)
    absent = absences(instruments, positions, actors, as_of).select(cells)
    rows = actors.filter(pl.col("type").is_in(["state", "observer"])).select(
        pl.col("id").alias("actor"), "name"
    )
    order = instruments.sort("date_last", "id")["id"]
    wide = pl.concat([acted, absent]).pivot(on="instrument", index="actor", values="stance")
    return rows.join(wide, on="actor", how="left").select(
        "actor", "name", *(name for name in order if name in wide.columns)
    )


def _absence() -> pl.Expr:
    complete = pl.col("list_status") == "complete"
    return (
        pl.when(complete & pl.col("instrument_kind").is_in(VOTES))
        .then(pl.lit(HAD_NO_VOTE))
        .when(complete)
        .then(pl.lit(DID_NOT_SIGN))
        .otherwise(pl.lit(UNKNOWN))
    )
