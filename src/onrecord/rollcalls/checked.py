"""What does not fit in a body's roll calls on record."""

from __future__ import annotations

from datetime import date

import polars as pl

from onrecord.record import View
from onrecord.rollcalls.bodies import Body
from onrecord.votes.check import findings


def checked(body: Body, view: View, as_of: date) -> pl.DataFrame:
    """The findings for one body: :func:`onrecord.votes.check.findings`, members checked where their terms are on record,
    and what was set aside where several imports were joined."""
    terms = view.table("membership").filter(pl.col("of") == body.body)
    members = terms.select(
        pl.col("actor").alias("iso3"), pl.col("start_first").alias("start"), pl.col("end_last").alias("end")
    )
    found = findings(body.votes, body.rollcalls, membership=members if members.height else None, as_of=as_of)
    return pl.concat([found, body.set_aside])
