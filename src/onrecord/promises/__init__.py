"""Who promised what, who asked, and how long it has been.

Each function asks a view (``record.as_seen_by(viewer)``) and answers for the end of one day. The rules
stand in the modules of this folder, as functions over tables alone.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from onrecord.promises import outcome, standing
from onrecord.record import View

__all__ = ["afterwards", "board", "by_party", "longest", "outcomes"]


def outcomes(view: View, *, as_of: date) -> pl.DataFrame:
    """What became of every promise: :func:`onrecord.promises.outcome.outcomes`."""
    return outcome.outcomes(view.table("promise"), as_of)


def board(view: View, *, as_of: date) -> pl.DataFrame:
    """Promises by class and outcome: :func:`onrecord.promises.standing.board`."""
    return standing.board(outcomes(view, as_of=as_of))


def longest(view: View, *, as_of: date) -> pl.DataFrame:
    """The open promises, the longest first: :func:`onrecord.promises.standing.longest`."""
    return standing.longest(outcomes(view, as_of=as_of))


def by_party(view: View, *, as_of: date) -> pl.DataFrame:
    """Who promised what to whom: :func:`onrecord.promises.standing.by_party`."""
    return standing.by_party(outcomes(view, as_of=as_of))


def afterwards(view: View, *, as_of: date) -> pl.DataFrame:
    """What happened after each promise: :func:`onrecord.promises.standing.afterwards`."""
    return standing.afterwards(view.table("promise"), view.table("event"), as_of)
