"""Parquet tables of roll calls in Voeten's coding: General Assembly, Human Rights Council, Security Council.

A table of votes (key, iso3, vote) and one of roll calls share a key: rcid for the Assembly, hrid for the Council
and the Commission before it, undl_id for the Security Council. Pairs of repeated texts are rcid1, rcid2.
Origin: Erik Voeten, United Nations General Assembly Voting Data, doi 10.7910/DVN/LEJUQZ, as in R's unvotes.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from onrecord.errors import InvalidInput, Problem
from onrecord.votes.importers.format import ROLLCALL_COLUMNS, VOTE_COLUMNS, Format, Imported, ordered
from onrecord.votes.importers.tables import Table


@dataclass(frozen=True)
class Layout:
    """Where one body's tables keep their key, symbol and title; ``mark`` tells its roll-call table."""

    key: str
    body: str
    mark: str
    symbol: str


LAYOUTS = (
    Layout("rcid", "unga", "unres", "unres"),
    Layout("hrid", "hrc", "record_id", "symbol"),
    Layout("undl_id", "sc", "meeting", "symbol"),
)
LINK_COLUMNS = frozenset({"rcid1", "rcid2"})


def claims(columns: frozenset[str]) -> bool:
    """Whether a table is one of these."""
    if columns >= LINK_COLUMNS:
        return True
    return any(
        columns == {layout.key, "iso3", "vote"}
        or (columns >= {layout.key, layout.mark} and "ms_code" not in columns)
        for layout in LAYOUTS
    ) and not columns & {"ccode", "Country"}


def read(tables: list[Table]) -> list[Imported]:
    """Read the bodies found among the tables.

    Raises:
        InvalidInput: a table of votes without its roll calls, or the reverse.
    """
    links = next((t.frame.select(sorted(LINK_COLUMNS)) for t in tables if t.columns >= LINK_COLUMNS), None)
    found = []
    for layout in LAYOUTS:
        votes = [t for t in tables if t.columns == {layout.key, "iso3", "vote"}]
        calls = [t for t in tables if t.columns >= {layout.key, layout.mark}]
        if bool(votes) != bool(calls):
            present = (votes or calls)[0]
            wanted = f"{layout.key} and {layout.mark}" if votes else f"{layout.key}, iso3 and vote"
            problem = Problem(
                "comes without its companion.", f"Add the table with {wanted}.", file=present.name
            )
            raise InvalidInput([problem])
        if votes:
            found.append(read_body(layout, votes[0], calls[0], links if layout.key == "rcid" else None))
    return found


def read_body(layout: Layout, votes: Table, calls: Table, links: pl.DataFrame | None) -> Imported:
    """One body's two tables, normalised."""
    frame = calls.frame.rename({layout.key: "rcid"})
    frame = frame.with_columns(pl.col("date").cast(pl.Date), symbol=pl.col(layout.symbol))
    if "session" not in frame.columns:
        frame = frame.with_columns(session=pl.col("date").dt.year().cast(pl.Int16))
    titles = [pl.col(name) for name in ("title", "short_title", "descr") if name in frame.columns]
    commission = (pl.col("body") == "CHR") if "body" in frame.columns else pl.lit(False)
    body = pl.when(commission).then(pl.lit("chr")).otherwise(pl.lit(layout.body))
    frame = frame.with_columns(title=pl.coalesce(titles), body=body)
    cast = votes.frame.rename({layout.key: "rcid"}).with_columns(pl.col("vote").cast(pl.Int8))
    return Imported(
        "unvotes", layout.body, cast.select(VOTE_COLUMNS), ordered(frame, ROLLCALL_COLUMNS), links
    )


FORMAT = Format("unvotes", claims, read)
