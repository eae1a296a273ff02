"""The standing judgement on each pair: of several decisions on one pair the last, withdrawn ones left out."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations
from typing import Any

import polars as pl

VERDICTS = ("same", "different", "unsure")

JUDGEMENTS: dict[str, Any] = {
    "a": pl.String,
    "b": pl.String,
    "verdict": pl.String,
    "decision": pl.String,
    "reason": pl.String,
    "by": pl.String,
    "decided": pl.String,
}
"""``a`` before ``b`` in the order of ids; ``decision`` is the entry that says so."""


def judged(decisions: pl.DataFrame, people: Collection[str]) -> pl.DataFrame:
    """The standing judgement on every pair of people.

    Args:
        decisions: a view's table of decisions (id, seq, subject, verdict, reason, by, decided, recorded_by), from which
            withdrawn ones are gone.
        people: ids of the entries that stand for people; decisions on anything else are left out.

    Returns:
        Columns :data:`JUDGEMENTS`, in the order of the pairs. A decision on more than two entries speaks of every
        two of them.
    """
    known = set(people)
    standing: dict[tuple[str, str], dict[str, Any]] = {}
    columns = ("id", "subject", "verdict", "reason", "by", "decided", "recorded_by")
    about_people = decisions.filter(pl.col("verdict").is_in(VERDICTS)).sort("seq").select(columns)
    for row in about_people.iter_rows(named=True):
        subject = sorted(set(row["subject"]))
        if known.issuperset(subject):
            standing.update({pair: _judgement(pair, row) for pair in combinations(subject, 2)})
    return pl.DataFrame([standing[pair] for pair in sorted(standing)], schema=JUDGEMENTS)


def _judgement(pair: tuple[str, str], decision: dict[str, Any]) -> dict[str, Any]:
    return {
        "a": pair[0],
        "b": pair[1],
        "verdict": decision["verdict"],
        "decision": decision["id"],
        "reason": decision["reason"],
        "by": decision["by"] or decision["recorded_by"],
        "decided": decision["decided"],
    }
