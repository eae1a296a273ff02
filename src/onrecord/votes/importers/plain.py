"""The plain format anybody can write: one row a vote, columns rollcall, date, body, actor, vote.

``rollcall`` names the roll call, ``date`` is 2022-10-06, ``body`` any word, ``actor`` the state's ISO 3166 alpha-3 code,
``vote`` yes, no, abstain or absent (also Y, N, A, X). Optional: ``session`` (a number; the year of the date
otherwise), ``symbol``, ``title``. What is said of a roll call is taken from its first row.
"""

from __future__ import annotations

import polars as pl

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

COLUMNS = frozenset({"rollcall", "date", "body", "actor", "vote"})


def claims(columns: frozenset[str]) -> bool:
    """Whether a table has the five columns."""
    return columns >= COLUMNS


def read(tables: list[Table]) -> list[Imported]:
    """Read every table; each body is a set of its own.

    Raises:
        InvalidInput: a cell cannot be read, with file and row.
    """
    frame = pl.concat([table.frame for table in tables], how="diagonal")
    frame = frame.with_columns(
        rcid=written("rollcall"),
        iso3=written("actor").str.to_uppercase().str.extract(r"^([A-Z]{3})$"),
        group=written("body"),
        answer=answers("vote"),
        day=pl.col("date").str.strip_chars().str.to_date("%Y-%m-%d", strict=False),
    )
    refuse_unread(frame, "rollcall", "rcid", "the name of a roll call")
    refuse_unread(frame, "body", "group", "the name of a body")
    refuse_unread(frame, "actor", "iso3", "an ISO 3166 alpha-3 code such as FRA")
    refuse_unread(frame, "vote", "answer", "yes, no, abstain or absent")
    refuse_unread(frame, "date", "day", "a date as 2022-10-06")
    number = pl.col("day").dt.year()
    if "session" in frame.columns:
        frame = frame.with_columns(said=written("session").str.to_integer(strict=False))
        refuse_unread(frame.filter(written("session").is_not_null()), "session", "said", "a number")
        number = pl.coalesce("said", number)
    frame = frame.with_columns(session=number.cast(pl.Int16), date=pl.col("day"), body=pl.col("group"))
    return [of_body(str(key[0]), rows) for key, rows in frame.group_by("body", maintain_order=True)]


def written(column: str) -> pl.Expr:
    """A cell without the spaces around it; null where nothing is left."""
    plain = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(plain != "").then(plain)


def of_body(body: str, rows: pl.DataFrame) -> Imported:
    """One body's rows as votes and roll calls."""
    votes = rows.drop("vote").rename({"answer": "vote"}).select(VOTE_COLUMNS)
    symbol = pl.col("symbol") if "symbol" in rows.columns else pl.lit(None, pl.String).alias("symbol")
    title = pl.col("title") if "title" in rows.columns else pl.lit(None, pl.String).alias("title")
    first = rows.unique("rcid", keep="first", maintain_order=True)
    calls = first.select("rcid", "body", "session", "date", symbol, title, "file", "row")
    return Imported("plain", body, votes, ordered(calls, ROLLCALL_COLUMNS))


FORMAT = Format("plain", claims, read)
