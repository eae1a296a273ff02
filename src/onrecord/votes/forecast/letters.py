"""What states signed on a topic before a vote, as evidence beside their votes.

Signing with the critical side counts like an earlier yes on the topic, signing with the supportive side like a no, each
fading by half in two years. A state that signed neither, though full lists were published, chose not to sign
each of them: that counts like an abstention on each. Absence from a partial or unverified list says nothing.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from onrecord.votes.frames import require
from onrecord.votes.scaling.likelihood import Floats

HALF_LIFE = 2.0
LETTERS = ("letter", "joint_statement", "other")
SIGNED = ("sign", "join_late")


def stance(
    instruments: pl.DataFrame, positions: pl.DataFrame, topics: list[str], known: date, states: pl.Series
) -> pl.DataFrame:
    """Evidence of each state's stance on a topic from what it signed before a day.

    Args:
        instruments: id, date (text; those not known to the day are left out), kind, topic, side (critical or
            supportive), status (complete, partial, unverified).
        positions: instrument_id, iso3, position (sign, join_late, withdraw).
        topics: topics of the instruments that count.
        known: only instruments before this day count.
        states: for which to answer.

    Returns:
        iso3, yes, abstain, no: weights in earlier votes; instruments (ids behind them, comma-separated, null where
        none).

    Raises:
        InvalidInput: a column is missing.
    """
    require(instruments, ("id", "date", "kind", "topic", "side", "status"), "instruments")
    require(positions, ("instrument_id", "iso3", "position"), "positions")
    dated = instruments.with_columns(
        day=pl.col("date").cast(pl.String).str.to_date("%Y-%m-%d", strict=False)
    ).filter(pl.col("day") < known, pl.col("topic").is_in(topics), pl.col("kind").is_in(LETTERS))
    age = (pl.lit(known) - pl.col("day")).dt.total_days() / 365.25
    told = dated.select("id", "side", "status", weight=0.5 ** (age / HALF_LIFE))
    acts = positions.join(told, left_on="instrument_id", right_on="id").filter(
        pl.col("iso3").is_in(states.implode())
    )
    sign = pl.when(pl.col("position") == "withdraw").then(-pl.col("weight")).otherwise(pl.col("weight"))
    signed = acts.group_by("iso3", "side").agg(sign.sum().alias("weight")).filter(pl.col("weight") > 1e-9)
    both = states.to_frame("iso3")
    for side, column in (("critical", "yes"), ("supportive", "no")):
        mine = signed.filter(side=side).select("iso3", pl.col("weight").alias(column))
        both = both.join(mine, on="iso3", how="left", maintain_order="left")
    both = both.with_columns(pl.col("yes", "no").fill_null(0.0))
    full = told.filter(status="complete")["weight"].sum()
    silent = (pl.col("yes") == 0) & (pl.col("no") == 0)
    behind = (
        acts.filter(pl.col("position").is_in(SIGNED))
        .group_by("iso3")
        .agg(pl.col("instrument_id").unique().sort().str.join(",").alias("instruments"))
    )
    return (
        both.with_columns(abstain=pl.when(silent).then(pl.lit(float(full))).otherwise(0.0))
        .join(behind, on="iso3", how="left", maintain_order="left")
        .select("iso3", "yes", "abstain", "no", "instruments")
    )


def weights(table: pl.DataFrame, states: pl.Series) -> Floats:
    """The evidence as an array (states, 3)."""
    lined = states.to_frame("iso3").join(table, on="iso3", how="left", maintain_order="left")
    return np.asarray(
        lined.select(pl.col("yes", "abstain", "no").fill_null(0.0)).to_numpy(), dtype=np.float64
    )
