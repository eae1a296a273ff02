"""Which pairs to judge next: those about which least is known, and which settle most."""

from __future__ import annotations

from collections.abc import Mapping
from math import log2

import polars as pl

from onrecord.people.clusters import clusters


def worklist(pairs: pl.DataFrame, judgements: pl.DataFrame, limit: int = 20) -> pl.DataFrame:
    """Pairs that nobody has judged, the most useful first.

    A judgement is worth what is not known before it: the entropy of the probability, in bits, highest at one half.
    Where that is equal, the pair that joins larger clusters comes first, because it settles more pairs at once.
    Left out are pairs already judged, pairs within one cluster, and pairs of clusters that were judged different.

    Args:
        pairs: a, b, probability, and whatever else is to be shown.
        judgements: as :func:`onrecord.people.judged` gives them.

    Returns:
        The columns of ``pairs`` with ``bits`` and ``settles`` (pairs of entries that the judgement would settle).
    """
    found = clusters(judgements)
    home = {entry: row["cluster"] for row in found.iter_rows(named=True) for entry in row["members"]}
    size = {row["cluster"]: len(row["members"]) for row in found.iter_rows(named=True)}
    apart = {
        frozenset((home.get(a, a), home.get(b, b)))
        for a, b in judgements.filter(verdict="different").select("a", "b").iter_rows()
    }
    seen = set(judgements.select("a", "b").iter_rows())
    rows = [
        {**row, "bits": entropy(row["probability"]), "settles": _settles(row, home, size)}
        for row in pairs.iter_rows(named=True)
        if (row["a"], row["b"]) not in seen
        and len(homes := {home.get(row["a"], row["a"]), home.get(row["b"], row["b"])}) > 1
        and frozenset(homes) not in apart
    ]
    schema = pl.Schema({**pairs.schema, "bits": pl.Float64(), "settles": pl.Int64()})
    ranked = pl.DataFrame(rows, schema=schema)
    return ranked.sort("bits", "settles", "a", "b", descending=[True, True, False, False]).head(limit)


def entropy(probability: float) -> float:
    """How much is not known, in bits: 0 where the answer is sure, 1 at one half."""
    return -sum(p * log2(p) for p in (probability, 1 - probability) if p > 0)


def _settles(row: Mapping[str, str], home: Mapping[str, str], size: Mapping[str, int]) -> int:
    return size.get(home.get(row["a"], ""), 1) * size.get(home.get(row["b"], ""), 1)
