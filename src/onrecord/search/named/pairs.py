"""Pairs of entries and mentions whose names come near each other: what there is to judge."""

from __future__ import annotations

from typing import Any

import polars as pl

from onrecord.names import UnreadableName
from onrecord.names.compare import probability
from onrecord.names.evidence import adjusted
from onrecord.search.named.finding import Names
from onrecord.search.named.mention import Row, about_of
from onrecord.search.named.weighing import weighed

PAIRS: dict[str, Any] = {
    "a": pl.String,
    "b": pl.String,
    "name_a": pl.String,
    "name_b": pl.String,
    "document_a": pl.String,
    "document_b": pl.String,
    "locator_a": pl.String,
    "locator_b": pl.String,
    "selector_a": pl.String,
    "selector_b": pl.String,
    "name_probability": pl.Float64,
    "probability": pl.Float64,
    "adjustments": pl.List(pl.String),
}
"""``a`` before ``b`` in the order of ids; where each stands (null for a person on record); probabilities as :class:`onrecord.search.named.finding.Hit` has them; each adjustment as a
sentence with its nats."""

_SHOWN = ("name", "document", "locator", "selector")
_NEIGHBOURS = 12


def near_pairs(names: Names, asked: int) -> pl.DataFrame:
    """Pairs of different ids whose names come near, each once with its most probable spellings.

    Args:
        names: those to compare with.
        asked: how many names are looked for in turn, people on record first and then mentions; the cost is one search
            each.

    Returns:
        Columns :data:`PAIRS`, in the order of the ids.
    """
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for row in names.rows(asked):
        for other, chance in _near(names, row):
            pair = _pair(row, other, chance)
            key = (pair["a"], pair["b"])
            if key not in best or best[key]["probability"] < pair["probability"]:
                best[key] = pair
    return pl.DataFrame([best[key] for key in sorted(best)], schema=PAIRS)


def _near(names: Names, row: Row) -> list[tuple[Row, float]]:
    try:
        found = names.near(row["name"], _NEIGHBOURS)
    except UnreadableName:  # a cell under a head of names can hold anything
        return []
    return [(other, probability(hit.logit)) for other, hit in found if other["id"] != row["id"]]


def _pair(row: Row, other: Row, chance: float) -> dict[str, Any]:
    one, two = sorted((row, other), key=lambda r: str(r["id"]))
    changes = weighed(about_of(one), about_of(two))
    return {
        "a": one["id"],
        "b": two["id"],
        **{f"{column}_a": one[column] for column in _SHOWN},
        **{f"{column}_b": two[column] for column in _SHOWN},
        "name_probability": chance,
        "probability": adjusted(chance, changes),
        "adjustments": [f"{c.amount:+.1f} {c.fact}: {c.reason}" for c in changes],
    }
