"""A sentence for readers who chose an earlier day: estimates rest on all roll calls on record, later ones too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.page import Asked


def and_later_votes(asked: Asked, bodies: Iterable[str], sentence: str) -> str:
    """The sentence, and where roll calls of these bodies are later than the chosen day, that they count as well."""
    rolls = asked.findings.rolls.bodies
    days: list[date] = [
        day for body in bodies for day in rolls[body].rollcalls["date"].cast(pl.Date).drop_nulls().unique()
    ]
    later = [day for day in days if day > asked.when]
    if not later:
        return sentence
    return f"{sentence} All roll calls on record count, up to {day_in_words(max(later))}, also those after the chosen day."
