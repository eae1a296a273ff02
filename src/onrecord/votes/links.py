"""Repeated texts: roll calls on almost the same text in different sessions count as one item.

Rule of Bailey, Strezhnev and Voeten: a roll call takes the number of the earliest one it repeats, chains
followed to their beginning; where one repeats several, the smallest number.
"""

from __future__ import annotations

import polars as pl

from onrecord.votes.frames import require


def items_of(rcids: pl.Series, links: pl.DataFrame | None) -> pl.DataFrame:
    """Item of each roll call.

    Args:
        rcids: roll calls; repeats allowed.
        links: columns rcid1 (earlier), rcid2 (later), one row a pair; None links nothing.

    Returns:
        rcid, item: each distinct roll call once; item is the first roll call of its chain.

    Raises:
        InvalidInput: links lack a column.
    """
    known = rcids.unique().sort().to_frame("rcid")
    if links is None:
        return known.with_columns(item=pl.col("rcid"))
    require(links, ("rcid1", "rcid2"), "links")
    before = rank("rcid1", rcids.dtype) < rank("rcid2", rcids.dtype)
    pairs = links.select(pl.col("rcid1", "rcid2").cast(rcids.dtype)).filter(before)
    first = pl.col("rcid1").sort_by(rank("rcid1", rcids.dtype)).first()
    earliest = dict(pairs.group_by("rcid2").agg(first).iter_rows())
    return known.with_columns(
        item=pl.Series([first_of(rcid, earliest) for rcid in known["rcid"]], dtype=rcids.dtype)
    )


def rank(column: str, kind: pl.DataType) -> pl.Expr:
    """What roll calls are ordered by: numbers by size, also where they are kept as text (987 before 1045)."""
    if kind.is_numeric():
        return pl.col(column)
    return pl.concat_str(pl.col(column).str.len_bytes().cast(pl.String).str.zfill(9), pl.col(column))


def first_of(rcid: object, earliest: dict[object, object]) -> object:
    """Follow a chain of repeats to its beginning; ranks fall at every step, so it ends."""
    while rcid in earliest:
        rcid = earliest[rcid]
    return rcid
