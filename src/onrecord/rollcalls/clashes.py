"""One id for two votes: where an import numbers a roll call as another import has numbered another vote.

Joined by that id the answers of two votes would stand as those of one.
"""

from __future__ import annotations

import polars as pl

APART = 31
"""Days that sources put between each other for one and the same vote; the Assembly's early files have wrong days."""


def clashes(known: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Roll calls of an import whose id stands for another vote in those known before.

    It is another vote where the days lie more than :data:`APART` days apart and the symbols do not agree. Without
    days on both sides nothing is said.

    Args:
        known, new: columns of roll calls as in :mod:`onrecord.votes.importers`.

    Returns:
        rcid, date, symbol, title, file, row of the new one, and detail: which vote the id stood for before.
    """
    shown = ("rcid", "date", "symbol", "title", "file", "row")
    here, there = (_plain(table).select(shown) for table in (new, known))
    both = here.join(there.unique("rcid", keep="first"), on="rcid", suffix="_known", maintain_order="left")
    days = (pl.col("date") - pl.col("date_known")).dt.total_days().abs()
    same = (_key("symbol") == _key("symbol_known")).fill_null(value=False)
    told = pl.format(
        "{} in {}, row {}",
        pl.coalesce("symbol_known", "title_known", "rcid")
        + pl.lit(" of ")
        + pl.col("date_known").cast(pl.String),
        "file_known",
        "row_known",
    )
    return both.filter((days > APART) & ~same).with_columns(detail=told).select(*shown, "detail")


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(
        pl.col("rcid", "symbol", "title").cast(pl.String),
        pl.col("date").cast(pl.Date),
        pl.col("row").cast(pl.Int64),
    )


def _key(column: str) -> pl.Expr:
    """A symbol without spaces and capitals; null where empty."""
    plain = pl.col(column).str.to_lowercase().str.replace_all(r"\s", "")
    return pl.when(plain != "").then(plain)
