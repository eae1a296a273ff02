"""Where states stand by the roll calls on record: the selection for each body, and the estimate kept beside the data."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from onrecord.errors import UsageError
from onrecord.record import Record
from onrecord.rollcalls.bodies import Body
from onrecord.rollcalls.kept import kept
from onrecord.votes import Estimate, ideal_points, published_selection
from onrecord.votes.check import findings, without
from onrecord.votes.movers import driving_votes, movers

MODEL = 3
"""Raised when the model or what is kept of it changes, so that kept estimates are made anew."""

DRIVING_KEPT = 10


def estimate_of(body: Body, *, issue: str | None = None, dimensions: int = 1) -> Estimate:
    """The ideal points of a body's members.

    Answers that cannot be right (:data:`onrecord.votes.check.EXCLUDED`) are left out. Of the General Assembly, paragraph
    and amendment votes after 1989 are left out too, as in the published series.

    Args:
        issue: ``hr`` for roll calls on human rights, where the source marks them; None for all.

    Raises:
        UsageError: the source does not mark the issue.
        InvalidInput: no roll call divides the states.
    """
    votes, rollcalls = selected(body, issue)
    return ideal_points(votes, rollcalls, links=body.links, dimensions=dimensions)


def selected(body: Body, issue: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The answers and roll calls that an estimate rests on."""
    rollcalls = body.rollcalls
    if issue is not None:
        if issue not in rollcalls.columns:
            raise UsageError(
                f"The roll calls of {body.body} do not mark the issue {issue!r}. Leave --issue out."
            )
        rollcalls = rollcalls.filter(pl.col(issue) == 1)
    listed = body.votes.filter(pl.col("rcid").is_in(rollcalls["rcid"].implode()))
    votes, _left_out = without(listed, findings(listed, rollcalls))
    if {"para", "amend"} <= set(rollcalls.columns):
        votes = published_selection(votes, rollcalls)
    return votes, rollcalls


@dataclass(frozen=True, slots=True)
class Estimated:
    """What one fit over a body's roll calls tells.

    Attributes:
        points: actor, session, mean, sd, q05, q95, dimension, votes.
        movers: see :func:`onrecord.votes.movers.movers`.
        driving: the votes that speak most for each move: actor, move (its session), then
            :func:`onrecord.votes.movers.driving_votes`.
    """

    points: pl.DataFrame
    movers: pl.DataFrame
    driving: pl.DataFrame


def estimated(record: Record, body: Body) -> Estimated:
    """The positions of a body's members and who moved.

    Kept as Parquet under ``derived/`` and made again where it is missing or the imports have changed.
    """
    return Estimated(**kept(record, "estimate", body, (str(MODEL),), lambda: _tables(body)))


def _tables(body: Body) -> dict[str, pl.DataFrame]:
    votes, rollcalls = selected(body, None)
    estimate = ideal_points(votes, rollcalls, links=body.links)
    moved = movers(estimate, votes, rollcalls, links=body.links)
    return {"points": estimate.points, "movers": moved, "driving": _driving(estimate, votes, moved)}


def _driving(estimate: Estimate, votes: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """The votes behind every move, the heaviest of each first."""
    of_actor = votes.partition_by("iso3", as_dict=True)
    parts = [
        driving_votes(estimate, of_actor[(move["actor"],)], move, top=DRIVING_KEPT).select(
            pl.lit(move["actor"]).alias("actor"),
            pl.lit(move["session"], pl.Int64).alias("move"),
            pl.col("rcid").cast(pl.String),
            pl.col("session").cast(pl.Int64),
            pl.col("vote").cast(pl.Int8),
            pl.col("weight").cast(pl.Float64),
        )
        for move in moved.to_dicts()
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_DRIVING)


_DRIVING = {
    "actor": pl.String,
    "move": pl.Int64,
    "rcid": pl.String,
    "session": pl.Int64,
    "vote": pl.Int8,
    "weight": pl.Float64,
}
