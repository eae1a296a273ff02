"""The selection behind the published General Assembly ideal points (Bailey, Strezhnev and Voeten, 2017).

On sessions 1-74 of the published votes it leaves 797,473 votes on 4,784 linked items by 10,469 state-sessions.
"""

from __future__ import annotations

import polars as pl

from onrecord.votes.frames import require, with_session
from onrecord.votes.links import items_of

# Paragraph and amendment votes are left out from this session on (years after 1989).
WHOLE_TEXTS_FROM = 45
# One roll call, on a state's credentials in the arrears crisis.
LEFT_OUT_SESSION = 19


def published_selection(votes: pl.DataFrame, rollcalls: pl.DataFrame) -> pl.DataFrame:
    """Votes that the published estimates rest on, before unanimous items are dropped.

    Left out: paragraph and amendment votes after 1989, session 19, South Africa in session 48 (one vote after
    19 years' absence), Zanzibar (two votes). Roll calls from another source than Voeten's file stay in.

    Args:
        votes: rcid, iso3, vote. rollcalls: rcid, session, para, amend (1 or null or 0).

    Raises:
        InvalidInput: a column is missing or a vote has no roll call.
    """
    require(rollcalls, ("para", "amend"), "roll calls")
    part = (pl.col("para").fill_null(0) == 1) | (pl.col("amend").fill_null(0) == 1)
    kept = rollcalls.filter(
        (pl.col("session") != LEFT_OUT_SESSION) & ~(part & (pl.col("session") >= WHOLE_TEXTS_FROM))
    )
    rows = votes.join(kept.select("rcid", "session"), on="rcid", how="inner")
    lone = (pl.col("iso3") == "EAZ") | ((pl.col("iso3") == "ZAF") & (pl.col("session") == 48))
    return rows.filter(~lone).select("rcid", "iso3", "vote")


def contested(votes: pl.DataFrame, rollcalls: pl.DataFrame, links: pl.DataFrame | None) -> pl.DataFrame:
    """Votes on items that divided the states: item, rcid, iso3, session, vote.

    Raises:
        InvalidInput: as ``with_session`` and ``items_of``.
    """
    rows = with_session(votes, rollcalls)
    table = rows.join(items_of(rows["rcid"], links), on="rcid", how="left")
    divided = (
        table.group_by("item").agg(pl.col("vote").n_unique().alias("answers")).filter(pl.col("answers") > 1)
    )
    return table.join(divided.select("item"), on="item", how="semi")
