"""The blocs of a body over its last sessions, kept beside the derived data."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from onrecord.record import Record
from onrecord.rollcalls.bodies import Body
from onrecord.rollcalls.estimates import selected
from onrecord.rollcalls.kept import kept
from onrecord.votes.blocs import Blocs, blocs

FORMAT = 1
"""Raised when the way blocs are found changes, so that kept ones are made anew."""

SESSIONS = 5

DRAWS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """Blocs with the sessions that they rest on, first and last included."""

    first: int
    last: int
    blocs: Blocs


def blocs_of(
    body: Body,
    *,
    sessions: int = SESSIONS,
    until: int | None = None,
    issue: str | None = None,
    resolution: float = 1.0,
    draws: int = DRAWS,
) -> Found:
    """The blocs in the last sessions on record, or in the sessions up to ``until``.

    Raises:
        UsageError: the source does not mark the issue.
        InvalidInput: no roll call of these sessions divides the states.
    """
    votes, listed = selected(body, issue)
    rollcalls = listed.join(votes.select("rcid"), on="rcid", how="semi")
    last = int(until if until is not None else rollcalls["session"].sort()[-1])
    first = last - sessions + 1
    calls = rollcalls.filter(pl.col("session").is_between(first, last))
    chosen = votes.join(calls.select("rcid"), on="rcid", how="semi")
    return Found(first, last, blocs(chosen, calls, resolution=resolution, draws=draws))


def blocs_kept(record: Record, body: Body) -> Found:
    """The blocs of the last five sessions, kept as Parquet under ``derived/`` and made again where imports have changed.

    Raises:
        InvalidInput: no roll call of these sessions divides the states.
    """
    tables = kept(record, "blocs", body, (str(FORMAT),), lambda: _tables(blocs_of(body)))
    summary = tables.pop("summary").row(0, named=True)
    found = Blocs(**tables, modularity=summary["modularity"], rollcalls=summary["rollcalls"])
    return Found(summary["first"], summary["last"], found)


def _tables(found: Found) -> dict[str, pl.DataFrame]:
    made = found.blocs
    summary = {
        "first": found.first,
        "last": found.last,
        "modularity": made.modularity,
        "rollcalls": made.rollcalls,
    }
    return {
        "members": made.members,
        "blocs": made.blocs,
        "together": made.together,
        "summary": pl.DataFrame([summary]),
    }
