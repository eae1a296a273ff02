"""States through time: who sat under which name, when a seat changed hands, who followed whom.

``states.csv`` has one row a state, name and spell: iso3, iso2 (ISO 3166-1 alpha-2; withdrawn codes for states that are no
more), name, body (empty for the United Nations as a whole), status (``member``; ``not seated`` or ``suspended`` in one body),
since and until (a day, or a year where no day is known; until is the first moment no longer so, empty while it lasts), change
(how the spell began), other (the state it concerns), cow (Correlates of War numbers), source (where the United Nations says
so). How it was made is told in ``docs/votes.md``. A state code stands for a seat: RUS holds the Soviet Union's, TWN China's until
25 October 1971 and CHN after.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

import polars as pl

from onrecord.votes.frames import require

FAR = date(9999, 1, 1)


@cache
def states() -> pl.DataFrame:
    """The table, with ``first`` and ``last``: the earliest and latest day a spell can cover given its precision."""
    text = files("onrecord.votes").joinpath("states.csv").read_bytes()
    table = pl.read_csv(text, infer_schema=False).with_columns(pl.col("body", "other", "cow").fill_null(""))
    until = pl.col("until").str.replace(r"^(\d{4})$", "$1-12-31").str.replace(r"^(\d{4}-\d{2})$", "$1-28")
    return table.with_columns(first=day("since"), last=until.str.to_date("%Y-%m-%d").fill_null(FAR))


def day(column: str) -> pl.Expr:
    """First day of a year, month or day as written."""
    full = pl.col(column).str.replace(r"^(\d{4})$", "$1-01").str.replace(r"^(\d{4}-\d{2})$", "$1-01")
    return full.str.to_date("%Y-%m-%d")


def cow_codes() -> pl.DataFrame:
    """Correlates of War numbers: cow, iso3, from_year, to_year; a number passes to a successor with the years."""
    spells = states().filter(pl.col("cow") != "").with_columns(pl.col("cow").str.split(" ")).explode("cow")
    return (
        spells.group_by("cow", "iso3")
        .agg(
            pl.col("first").dt.year().min().alias("from_year"),
            pl.col("last").dt.year().max().alias("to_year"),
        )
        .select(pl.col("cow").cast(pl.Int64), "iso3", "from_year", "to_year")
    )


def existed(rows: pl.DataFrame) -> pl.Series:
    """Whether each row's state (``iso3``) was a member of the United Nations on its ``date``; null for no date.

    Spells known by year count as covering the whole year.

    Raises:
        InvalidInput: a column is missing.
    """
    require(rows, ("iso3", "date"), "rows")
    spells = states().filter(pl.col("status") == "member").select("iso3", "first", "last")
    asked = rows.select("iso3", "date").with_row_index("row")
    met = asked.join(spells, on="iso3").filter(pl.col("date").is_between("first", "last", closed="both"))
    found = pl.Series(asked["row"].is_in(met["row"].unique().implode()))
    return pl.select(pl.when(rows["date"].is_not_null()).then(found)).to_series().alias("existed")


def names() -> pl.DataFrame:
    """Latest name of every state: iso3, name."""
    spells = states().filter(pl.col("status") == "member").sort("first")
    return spells.group_by("iso3").agg(pl.col("name").last()).sort("iso3")
