"""Human Rights Council roll calls: votes.csv (symbol, date, iso3, vote, source_url) and resolutions.csv.

Roll calls are known by symbol. Sessions for the states' walk are calendar years; the Council's own session stays in
``meeting_session``. Resolutions without answers (kept aside, or only totals known) are listed as roll calls.
"""

from __future__ import annotations

import polars as pl

from onrecord.errors import InvalidInput, Problem
from onrecord.votes.importers.format import (
    ROLLCALL_COLUMNS,
    VOTE_COLUMNS,
    Format,
    Imported,
    answers,
    ordered,
    refuse_unread,
)
from onrecord.votes.importers.tables import Table

VOTES = frozenset({"symbol", "date", "iso3", "vote"})
RESOLUTIONS = frozenset({"symbol", "date", "title", "situation", "yes", "no", "abstain"})


def claims(columns: frozenset[str]) -> bool:
    """Whether a table is the votes or the resolutions."""
    return columns >= VOTES or columns >= RESOLUTIONS


def read(tables: list[Table]) -> list[Imported]:
    """Read the pair.

    Raises:
        InvalidInput: one of the two is missing, or a vote or date cannot be read.
    """
    votes = [table for table in tables if table.columns >= VOTES]
    calls = [table for table in tables if table.columns >= RESOLUTIONS]
    if not votes or not calls:
        wanted = "resolutions.csv" if votes else "votes.csv"
        raise InvalidInput([Problem("comes without its companion.", f"Add {wanted}.", file=tables[0].name)])
    answered = votes[0].frame.rename({"symbol": "rcid"}).with_columns(answer=answers("vote"))
    refuse_unread(answered, "vote", "answer", "Y, N, A or X")
    listed = (
        calls[0]
        .frame.rename({"session": "meeting_session"})
        .with_columns(
            pl.col("date").str.to_date("%Y-%m-%d", strict=False).alias("day"),
            pl.col("yes", "no", "abstain").cast(pl.Int64, strict=False),
            rcid=pl.col("symbol"),
            body=pl.lit("hrc"),
        )
    )
    refuse_unread(listed, "date", "day", "a date as 2022-10-06")
    listed = listed.with_columns(date=pl.col("day"), session=pl.col("day").dt.year().cast(pl.Int16)).drop(
        "day"
    )
    normal = answered.drop("vote").rename({"answer": "vote"})
    return [Imported("hrc", "hrc", normal.select(VOTE_COLUMNS), ordered(listed, ROLLCALL_COLUMNS))]


FORMAT = Format("hrc", claims, read)
