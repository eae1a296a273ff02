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
    pairs = links.select(pl.col("rcid1", "rcid2").cast(rcids.dtype)).filter(pl.col("rcid1") < pl.col("rcid2"))
    earliest = dict(pairs.group_by("rcid2").agg(pl.col("rcid1").min()).iter_rows())
    return known.with_columns(
        item=pl.Series([first_of(rcid, earliest) for rcid in known["rcid"]], dtype=rcids.dtype)
    )


def first_of(rcid: object, earliest: dict[object, object]) -> object:
    """Follow a chain of repeats to its beginning; numbers fall at every step, so it ends."""
    while rcid in earliest:
        rcid = earliest[rcid]
    return rcid
