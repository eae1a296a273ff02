"""Erik Voeten's General Assembly file as CSV or tab-separated text: one row a member and roll call.

Columns: rcid, ccode (Correlates of War number), vote (1 yes, 2 abstain, 3 no, 8 absent, 9 not a member), session,
date, unres, and where given Country, Countryname, yes, no, abstain, importantvote, amend, para, short, descr, me, nu,
di, hr, co, ec. Origin: doi 10.7910/DVN/LEJUQZ (CC0).
"""

from __future__ import annotations

import polars as pl

from onrecord.errors import InvalidInput, Problem
from onrecord.votes.frames import ABSTAIN, NO, YES
from onrecord.votes.importers.format import (
    ROLLCALL_COLUMNS,
    TOOK_NO_PART,
    VOTE_COLUMNS,
    Format,
    Imported,
    ordered,
    refuse_unread,
)
from onrecord.votes.importers.tables import Table
from onrecord.votes.states import cow_codes

COLUMNS = frozenset({"rcid", "ccode", "vote", "session"})
NUMBERS = ("importantvote", "amend", "para", "me", "nu", "di", "hr", "co", "ec")


def claims(columns: frozenset[str]) -> bool:
    """Whether a table is Voeten's."""
    return columns >= COLUMNS


def read(tables: list[Table]) -> list[Imported]:
    """Read every table as one set; rows of states that were not members (9) are left out.

    Raises:
        InvalidInput: a code, vote or number cannot be read, or a Correlates of War number is unknown.
    """
    frame = pl.concat([table.frame for table in tables], how="diagonal").with_columns(
        pl.all().exclude("row", "file").cast(pl.String)
    )
    frame = frame.with_columns(
        key=whole("rcid"), number=whole("ccode"), answer=whole("vote").cast(pl.Int8), term=whole("session")
    )
    for source, column in (("rcid", "key"), ("ccode", "number"), ("vote", "answer"), ("session", "term")):
        refuse_unread(frame, source, column, "a whole number")
    kept = frame.filter(pl.col("answer").is_in([YES, ABSTAIN, NO, TOOK_NO_PART]))
    kept = kept.join(seats(kept), on=("number", "term"), how="left", maintain_order="left")
    unknown = kept.filter(pl.col("iso3").is_null()).unique("number", maintain_order=True)
    if unknown.height:
        raise InvalidInput(
            [
                Problem(f"state number {number} is not known.", "Add it to states.csv.", file, row, "ccode")
                for number, file, row in unknown.select("number", "file", "row").iter_rows()
            ]
        )
    votes = kept.select(
        pl.col("key").cast(pl.Int32).alias("rcid"), "iso3", pl.col("answer").alias("vote"), "file", "row"
    )
    return [Imported("voeten", "unga", votes.select(VOTE_COLUMNS), roll_calls(kept))]


def seats(rows: pl.DataFrame) -> pl.DataFrame:
    """State of each number and session: number, term, iso3. Session 1 met in 1946; spells count by year."""
    asked = rows.select("number", "term").unique()
    known = asked.join(cow_codes(), left_on="number", right_on="cow", how="inner")
    year = pl.col("term") + 1945
    gap = pl.max_horizontal(pl.col("from_year") - year, year - pl.col("to_year"), pl.lit(0))
    nearest = known.with_columns(gap=gap).sort("gap").unique(("number", "term"), keep="first")
    return nearest.select("number", "term", "iso3")


def whole(column: str) -> pl.Expr:
    """A whole number, also where a statistics program wrote it as 2.0."""
    return pl.col(column).str.strip_chars().cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)


def roll_calls(rows: pl.DataFrame) -> pl.DataFrame:
    """Roll calls as their first row tells them."""
    first = rows.unique("key", keep="first", maintain_order=True)
    text = [name for name in ("short", "descr") if name in rows.columns]
    totals = [whole(name).alias(name) for name in ("yes", "no", "abstain") if name in rows.columns]
    flags = [whole(name).cast(pl.Int8).alias(name) for name in NUMBERS if name in rows.columns]
    day = pl.lit(None, pl.Date)
    if "date" in rows.columns:
        day = pl.coalesce(
            pl.col("date").str.to_date("%Y-%m-%d", strict=False),
            pl.col("date").str.to_date("%m/%d/%Y", strict=False),
        )
    unres = pl.col("unres") if "unres" in rows.columns else pl.lit(None, pl.String)
    calls = first.select(
        pl.col("key").cast(pl.Int32).alias("rcid"),
        pl.lit("unga").alias("body"),
        pl.col("term").cast(pl.Int16).alias("session"),
        day.alias("date"),
        unres.alias("symbol"),
        (pl.coalesce(text) if text else pl.lit(None, pl.String)).alias("title"),
        *totals,
        "file",
        "row",
        unres.alias("unres"),
        *(pl.col(name) for name in text),
        *flags,
    )
    return ordered(calls, ROLLCALL_COLUMNS)


FORMAT = Format("voeten", claims, read)
