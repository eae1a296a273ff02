"""Who signed, who voted, who moved.

Each function asks a view (``record.as_seen_by(viewer)``) and answers for the end of one day. The rules
stand in the modules of this folder, as functions over tables alone. ``topics`` narrows the
instruments; None means the record's ``main_topics``, ``()`` all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from onrecord.positions import flow, groups, listing, moving, stance
from onrecord.positions.acts import on_topics
from onrecord.positions.stance import NEITHER, VOTES
from onrecord.record import View

Topics = Sequence[str] | None

__all__ = [
    "NEITHER",
    "VOTES",
    "absences",
    "by_membership",
    "core_group",
    "counts",
    "flows",
    "lists",
    "movers",
    "occasions",
    "side_flows",
    "stance_matrix",
    "stances",
]


def stances(view: View, *, as_of: date, topics: Topics = ()) -> pl.DataFrame:
    """The net stance of every actor on every instrument: :func:`onrecord.positions.stance.stances`."""
    return stance.stances(_texts(view, topics), view.table("position"), as_of)


def absences(view: View, *, as_of: date, topics: Topics = ()) -> pl.DataFrame:
    """What each state's absence from a list means: :func:`onrecord.positions.stance.absences`."""
    return stance.absences(_texts(view, topics), view.table("position"), view.table("actor"), as_of)


def stance_matrix(view: View, *, as_of: date, topics: Topics = None) -> pl.DataFrame:
    """States against instruments: :func:`onrecord.positions.stance.stance_matrix`."""
    return stance.stance_matrix(_texts(view, topics), view.table("position"), view.table("actor"), as_of)


def lists(view: View, *, as_of: date, topics: Topics = ()) -> pl.DataFrame:
    """A line for every instrument: :func:`onrecord.positions.listing.lists`."""
    return listing.lists(_texts(view, topics), view.table("position"), as_of)


def counts(view: View, *, as_of: date, topics: Topics = None) -> pl.DataFrame:
    """Both sides over time: :func:`onrecord.positions.listing.counts`."""
    return listing.counts(_texts(view, topics), view.table("position"), as_of)


def movers(view: View, *, as_of: date, topics: Topics = None) -> pl.DataFrame:
    """Who moved, the strongest move first: :func:`onrecord.positions.moving.movers`."""
    return moving.movers(_texts(view, topics), view.table("position"), view.table("actor"), as_of)


def occasions(view: View, *, as_of: date, topics: Topics = None) -> pl.DataFrame:
    """The occasions on which states signed: :func:`onrecord.positions.flow.occasions`."""
    return flow.occasions(_texts(view, topics), view.table("position"), as_of)


def flows(
    view: View, *, as_of: date, topics: Topics = None, stages: Sequence[int] | None = None
) -> pl.DataFrame:
    """How the states of each occasion stand on the next: :func:`onrecord.positions.flow.flows`."""
    return flow.flows(_texts(view, topics), view.table("position"), as_of, stages)


def side_flows(view: View, *, as_of: date, side: str, topics: Topics = None) -> pl.DataFrame:
    """Who comes and leaves from one complete list of a side to the next: :func:`onrecord.positions.flow.side_flows`."""
    return flow.side_flows(_texts(view, topics), view.table("position"), as_of, side)


def core_group(view: View, *, as_of: date, side: str, topics: Topics = None) -> pl.DataFrame:
    """Who is on every complete list of a side: :func:`onrecord.positions.groups.core_group`."""
    return groups.core_group(_texts(view, topics), view.table("position"), as_of, side)


def by_membership(view: View, *, as_of: date, topics: Topics = ()) -> pl.DataFrame:
    """Stances by regional group, organisation and council: :func:`onrecord.positions.groups.by_membership`."""
    return groups.by_membership(_texts(view, topics), view.table("position"), view.table("membership"), as_of)


def _texts(view: View, topics: Topics) -> pl.DataFrame:
    chosen = view.description.main_topics if topics is None else topics
    return on_topics(view.table("instrument"), chosen)
