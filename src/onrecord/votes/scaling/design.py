"""Votes and roll calls laid out as arrays: states over sessions as a chain of nodes, votes sorted by item."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.votes.scaling.likelihood import Bytes, Floats, Ints, Longs

YES, ABSTAIN, NO = 1, 2, 3
# Numbers that spread no further are looked up in a table rather than searched for.
DENSE = 10_000_000


@dataclass(frozen=True, slots=True)
class Design:
    """Votes as arrays. Nodes are state-sessions, in order of session and then of state.

    A state has a node in every session between its first and last vote, so that its walk is unbroken; the
    nodes without a vote carry no information of their own.

    Attributes:
        actors: state codes; sessions: session numbers, ascending; items: item ids (first of linked texts).
        node_actor, node_session: positions in ``actors`` and ``sessions`` of each node (N).
        session_start: first node of each session, with N at the end.
        previous: node of the same state one session earlier, -1 for its first (N).
        gap: sessions since the previous node, by their numbers; 1 for a state's first (N).
        voted: number of votes of each node (N).
        item_start: first vote of each item, with the number of votes at the end (J + 1).
        vote_node, vote_answer: of each vote, sorted by item, session and answer; answers 0 yes, 1 abstain, 2 no.
    """

    actors: pl.Series
    sessions: NDArray[np.int64]
    items: pl.Series
    node_actor: Ints
    node_session: Ints
    session_start: Longs
    previous: Ints
    gap: Floats
    voted: Longs
    item_start: Longs
    vote_node: Ints
    vote_answer: Bytes

    @property
    def vote_item(self) -> Ints:
        """Item of each vote, as a position in ``items``."""
        return np.repeat(np.arange(len(self.items), dtype=np.int32), np.diff(self.item_start))

    def labels(self, nodes: Longs) -> dict[str, pl.Series | NDArray[np.int64]]:
        """State and session of nodes, as columns ``actor`` and ``session``."""
        return {
            "actor": self.actors.gather(self.node_actor[nodes]),
            "session": self.sessions[self.node_session[nodes]],
        }

    def nearest_nodes(self, session: int) -> dict[str, int]:
        """Each state's node nearest in time to a session."""
        far = np.argsort(-np.abs(self.sessions[self.node_session] - session), kind="stable")
        node = np.zeros(len(self.actors), dtype=np.int64)
        node[self.node_actor[far]] = far
        return dict(zip(self.actors, node.tolist(), strict=True))

    def with_item(self, item: pl.Series, node: Ints, answer: Bytes) -> Design:
        """The design with one more item and its votes at the end."""
        return replace(
            self,
            items=pl.concat([self.items, item.cast(self.items.dtype)]),
            item_start=np.append(self.item_start, self.item_start[-1] + len(node)),
            vote_node=np.concatenate([self.vote_node, node]),
            vote_answer=np.concatenate([self.vote_answer, answer]),
        )


def lay_out(table: pl.DataFrame) -> Design:
    """Arrays of a table of votes.

    Args:
        table: columns item, iso3 (an Enum in order of the alphabet), session (integer), vote (1 yes, 2 abstain, 3 no);
            one row a vote, no nulls.
    """
    actors = table["iso3"].unique().sort()
    items = table["item"].unique().sort()
    sessions = table["session"].unique().sort()
    actor = codes(table["iso3"], actors)
    session = codes(table["session"], sessions)
    node_at, node_actor, node_session = nodes(actor, session, len(actors), len(sessions))
    node = node_at[session, actor]
    item = codes(table["item"], items)
    # Equal answers side by side spare the compiled passes most mispredicted branches.
    order = np.lexsort((table["vote"].to_numpy(), session, item))
    voted = np.bincount(node, minlength=len(node_actor))
    numbers = sessions.to_numpy().astype(np.int64)
    previous, gap = chain_of(node_at, node_actor, node_session, numbers)
    return Design(
        actors=actors.cast(pl.String),
        sessions=numbers,
        items=items,
        node_actor=node_actor,
        node_session=node_session,
        session_start=np.searchsorted(node_session, np.arange(len(sessions) + 1)).astype(np.int64),
        previous=previous,
        gap=gap,
        voted=voted,
        item_start=np.append(0, np.cumsum(np.bincount(item, minlength=len(items)))).astype(np.int64),
        vote_node=node[order].astype(np.int32),
        vote_answer=(table["vote"].to_numpy()[order] - YES).astype(np.int8),
    )


def codes(values: pl.Series, among: pl.Series) -> Ints:
    """Position of each value in a sorted series of distinct values that holds them all."""
    if values.dtype in (pl.String, pl.Enum):
        names = pl.Enum(among.cast(pl.String))
        return values.cast(names).to_physical().to_numpy().astype(np.int32)
    among, values = among.cast(pl.Int64), values.cast(pl.Int64)
    if values.is_empty() or among[-1] - among[0] > DENSE:
        return np.searchsorted(among.to_numpy(), values.to_numpy()).astype(np.int32)
    place = np.zeros(among[-1] - among[0] + 1, dtype=np.int32)
    place[among.to_numpy() - among[0]] = np.arange(len(among))
    return np.asarray(place[values.to_numpy() - among[0]])


def nodes(actor: Ints, session: Ints, actors: int, sessions: int) -> tuple[Ints, Ints, Ints]:
    """Number every state-session from first to last vote: its table (sessions, actors), -1 where there is none."""
    voted = np.zeros((sessions, actors), dtype=bool)
    voted[session, actor] = True
    since, until = (np.logical_or.accumulate(table) for table in (voted, voted[::-1]))
    present = since & until[::-1]
    node_session, node_actor = np.nonzero(present)
    node_at = np.full((sessions, actors), -1, dtype=np.int32)
    node_at[present] = np.arange(len(node_actor))
    return node_at, node_actor.astype(np.int32), node_session.astype(np.int32)


def chain_of(
    node_at: Ints, node_actor: Ints, node_session: Ints, sessions: NDArray[np.int64]
) -> tuple[Ints, Floats]:
    """Previous node of each node, -1 for the first of a state, and the number of sessions between them."""
    before = np.maximum(node_session - 1, 0)
    previous = np.where(node_session > 0, node_at[before, node_actor], -1)
    gap = np.where(previous >= 0, sessions[node_session] - sessions[before], 1)
    return previous.astype(np.int32), gap.astype(np.float64)
