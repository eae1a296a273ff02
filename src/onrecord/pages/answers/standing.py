"""On which side a state was found by all it did, for pages that show every state in one appearance."""

from __future__ import annotations

import polars as pl

from onrecord import positions
from onrecord.pages.findings import Findings

_SIDES = ("critical", "supportive")


def standing(findings: Findings) -> dict[str, str]:
    """Where each state was found, by verified entries: critical, supportive, both, or neither though it acted.

    A state of which no verified act is on record is left out: it has no known position.
    """
    main = findings.main_stances.filter(pl.col("confidence") == "verified")
    found: dict[str, set[str]] = {}
    for actor, stance in main.select("actor", "stance").iter_rows():
        found.setdefault(actor, set()).add(stance)
    return {actor: side for actor, shown in found.items() if (side := _side_shown(shown))}


def _side_shown(stances: set[str]) -> str | None:
    sides = [side for side in _SIDES if side in stances]
    if len(sides) == 2:
        return "both"
    if sides:
        return sides[0]
    return "neither" if stances.intersection(positions.NEITHER) else None
