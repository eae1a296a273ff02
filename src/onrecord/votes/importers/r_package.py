"""Tables of R's package ``unvotes`` as they lie in its ``.rda`` files: un_votes, un_roll_calls and un_roll_call_issues.

un_votes has rcid, country, country_code (ISO 3166-1 alpha-2, empty for some states that are no more) and vote in words;
un_roll_calls has rcid, session, date, unres, amend, para, short, descr; un_roll_call_issues, if handed in, marks issues by
short_name (me, nu, di, hr, co, ec). Origin: Erik Voeten's data, doi 10.7910/DVN/LEJUQZ (CC0).
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
from onrecord.votes.importers.seats import seat
from onrecord.votes.importers.tables import Table
from onrecord.votes.states import states

VOTES = frozenset({"rcid", "country", "country_code", "vote"})
ROLL_CALLS = frozenset({"rcid", "session", "date", "unres", "short", "descr"})
ISSUES = frozenset({"rcid", "short_name", "issue"})
CODELESS = {"Federal Republic of Germany": "DEU", "Yemen Arab Republic": "YEM", "Zanzibar": "EAZ"}
"""States that the package names without a code."""

FLAGS = ("me", "nu", "di", "hr", "co", "ec")


def claims(columns: frozenset[str]) -> bool:
    """Whether a table is one of the package's three."""
    return (
        columns >= VOTES
        or columns >= ISSUES
        or (columns >= ROLL_CALLS and not columns & {"ccode", "iso3", "vote"})
    )


def read(tables: list[Table]) -> list[Imported]:
    """Read the three, or the first two.

    Raises:
        InvalidInput: votes without roll calls or the reverse, or a state or answer that cannot be read.
    """
    votes = [t for t in tables if t.columns >= VOTES]
    calls = [t for t in tables if t.columns >= ROLL_CALLS]
    if not votes or not calls:
        wanted = "un_roll_calls" if votes else "un_votes"
        raise InvalidInput([Problem("comes without its companion.", f"Add {wanted}.", file=tables[0].name)])
    issues = next((t.frame for t in tables if t.columns >= ISSUES), None)
    listed = roll_calls(calls[0].frame, issues)
    cast = (
        votes[0]
        .frame.with_columns(
            pl.col("rcid").cast(pl.Int64), answer=answers("vote"), named=state_of("country_code", "country")
        )
        .join(
            listed.select(pl.col("rcid").cast(pl.Int64), "date"), on="rcid", how="left", maintain_order="left"
        )
    )
    refuse_unread(cast, "vote", "answer", "yes, abstain or no")
    refuse_unread(cast, "country", "named", "a state known by this code or name")
    normal = cast.select(
        pl.col("rcid").cast(pl.Int32),
        seat("named", "date").alias("iso3"),
        pl.col("answer").alias("vote"),
        "file",
        "row",
    )
    return [Imported("r-package", "unga", normal.select(VOTE_COLUMNS), ordered(listed, ROLLCALL_COLUMNS))]


def state_of(code: str, name: str) -> pl.Expr:
    """ISO 3166-1 alpha-3 by the two-letter code, by the name where that is empty; null where neither is known."""
    coded = states().filter(pl.col("iso2").is_not_null())
    by_code = dict(coded.select("iso2", "iso3").iter_rows())
    missing = pl.lit(None, pl.String)
    return pl.coalesce(
        pl.col(code).cast(pl.String).replace_strict(by_code, default=missing, return_dtype=pl.String),
        pl.col(name).cast(pl.String).replace_strict(CODELESS, default=missing, return_dtype=pl.String),
    )


def roll_calls(frame: pl.DataFrame, issues: pl.DataFrame | None) -> pl.DataFrame:
    """Roll calls with a flag for each issue where issues were handed in."""
    told = frame.with_columns(
        pl.col("rcid").cast(pl.Int32),
        pl.col("session").cast(pl.Int16),
        pl.col("date").cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False),
        body=pl.lit("unga"),
        symbol=pl.col("unres"),
        title=pl.coalesce("short", "descr"),
    )
    if issues is None:
        return told
    marked = issues.select(pl.col("rcid").cast(pl.Int32), pl.col("short_name").cast(pl.String))
    flags = [
        pl.col("rcid")
        .is_in(marked.filter(pl.col("short_name") == flag)["rcid"].implode())
        .cast(pl.Int8)
        .alias(flag)
        for flag in FLAGS
    ]
    return told.with_columns(flags)


FORMAT = Format("r-package", claims, read)
