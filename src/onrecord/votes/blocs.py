"""Blocs: which states vote together, found by the Leiden algorithm, and how sure each one's place is.

States are joined by how much more alike they answer than chance would have it: 1 - D_observed / D_expected with linear
distances between yes, abstain and no, chance drawing from each one's own answers (Hage, 2011, Political Analysis 19:287-305);
what is not above chance does not join. The partition maximises modularity (Traag, Waltman and van Eck, 2019, Scientific Reports
9:5233). Stability comes from drawing the roll calls anew, with replacement, and counting how often two states fall together.
"""

from __future__ import annotations

from dataclasses import dataclass

import graspologic_native
import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.errors import InvalidInput, Problem
from onrecord.votes.alignment import DISTANCES, answer_tables
from onrecord.votes.frames import with_session
from onrecord.votes.scaling.likelihood import Floats

TRIALS = 10
LEAST_SHARED = 5
"""Roll calls that two states must both have answered to be joined."""


@dataclass(frozen=True)
class Blocs:
    """Blocs among the states that answered.

    Attributes:
        members: actor, bloc (1 is the largest), closeness (mean likeness beyond chance with the others of its bloc; null for a
            bloc of one), stability (mean share of the draws in which it fell together with the others
            of its bloc; null for a bloc of one), next_bloc and next_share (the other bloc it fell together with most; null
            where there is none), answers.
        blocs: bloc, states, core (the state closest to the others of its bloc), stability (mean of its members'), within (mean
            likeness beyond chance of its pairs), outside (of its members with all others).
        together: first, second, share: for every pair the share of draws in which it fell together.
        modularity: of the partition. rollcalls: on which the states divided.
    """

    members: pl.DataFrame
    blocs: pl.DataFrame
    together: pl.DataFrame
    modularity: float
    rollcalls: int


def blocs(
    votes: pl.DataFrame,
    rollcalls: pl.DataFrame,
    *,
    resolution: float = 1.0,
    draws: int = 100,
    consensus: float = 0.95,
    seed: int = 0,
) -> Blocs:
    """Find the blocs among states.

    Args:
        votes: rcid, iso3, vote. rollcalls: rcid, session: those of the period looked at.
        resolution: of modularity; larger finds more and smaller blocs.
        draws: of the roll calls, for stability.
        consensus: share of one answer from which a roll call is left out.
        seed: of the draws and of Leiden's own choices; the same seed gives the same blocs.

    Raises:
        InvalidInput: a column is missing, or no roll call divides the states.
    """
    rows = _divided(with_session(votes, rollcalls), consensus)
    actors = rows["iso3"].unique().sort()
    answered = answer_tables(rows, actors)
    alike = likeness(answered, np.ones(answered.shape[2]))
    modularity, place = partition(alike, resolution, seed, TRIALS)
    together = _together(answered, resolution, draws, seed)
    members = _members(actors, place, alike, together, answered.sum(axis=(0, 2)))
    return Blocs(
        members,
        _summed(members, place, alike),
        _pairs(actors, together),
        modularity,
        answered.shape[2],
    )


def _divided(rows: pl.DataFrame, consensus: float) -> pl.DataFrame:
    share = rows.group_by("rcid").agg(
        (pl.col("vote").value_counts().struct.field("count").max() / pl.len()).alias("largest")
    )
    divided = rows.join(share.filter(pl.col("largest") < consensus), on="rcid", how="semi")
    if divided.is_empty():
        raise InvalidInput(
            [
                Problem(
                    "no roll call divides the states.",
                    "Take in more sessions, or raise the share of consensus.",
                )
            ]
        )
    return divided


def likeness(answered: Floats, weight: Floats) -> Floats:
    """Likeness beyond chance of every pair (states, states), zero where it is not above chance or rests on too little.

    Args:
        answered: a 0/1 table for each answer (3, states, roll calls). weight: how often each roll call counts.
    """
    distance = DISTANCES["linear"]
    weighed = answered * weight
    both = weighed.sum(axis=0) @ answered.sum(axis=0).T
    apart = sum(distance[i, k] * (weighed[i] @ answered[k].T) for i in range(3) for k in range(3) if i != k)
    own = weighed.sum(axis=2).T
    shares = own / np.maximum(own.sum(axis=1, keepdims=True), 1.0)
    expected = shares @ distance @ shares.T
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = 1 - (apart / both) / expected
    beyond = np.where((both >= LEAST_SHARED) & (expected > 1e-12), beyond, 0.0)
    np.fill_diagonal(beyond, 0.0)
    return np.asarray(np.maximum(beyond, 0.0))


def partition(alike: Floats, resolution: float, seed: int, trials: int) -> tuple[float, NDArray[np.int64]]:
    """Modularity, and the bloc of each state, 0 being the largest; a state like no other is a bloc of its own."""
    first, second = np.nonzero(np.triu(alike))
    edges = [(str(i), str(k), float(w)) for i, k, w in zip(first, second, alike[first, second], strict=True)]
    if not edges:
        return 0.0, np.arange(len(alike))
    modularity, found = graspologic_native.leiden(edges, resolution=resolution, seed=seed, trials=trials)
    place = np.array([found.get(str(i), -1) for i in range(len(alike))], dtype=np.int64)
    alone = np.flatnonzero(place < 0)
    place[alone] = place.max() + 1 + np.arange(len(alone))
    names, size = np.unique(place, return_counts=True)
    first_of = [int(np.flatnonzero(place == name)[0]) for name in names]
    order = sorted(range(len(names)), key=lambda at: (-size[at], first_of[at]))
    rank = {int(names[at]): number for number, at in enumerate(order)}
    return float(modularity), np.array([rank[int(name)] for name in place], dtype=np.int64)


def _together(answered: Floats, resolution: float, draws: int, seed: int) -> Floats:
    """Share of draws of the roll calls in which each pair fell together (states, states)."""
    generator = np.random.default_rng(seed)
    count = answered.shape[2]
    times = np.zeros((answered.shape[1],) * 2)
    for draw in range(draws):
        weight = generator.multinomial(count, np.full(count, 1 / count)).astype(np.float64)
        _, place = partition(likeness(answered, weight), resolution, seed + draw, 1)
        times += np.equal.outer(place, place)
    return times / max(draws, 1)


def _members(
    actors: pl.Series, place: NDArray[np.int64], alike: Floats, together: Floats, answers: Floats
) -> pl.DataFrame:
    member = np.equal.outer(np.arange(place.max() + 1), place).astype(np.float64)
    fallen = _means(together, member)
    own = np.arange(len(place)), place
    elsewhere = fallen.copy()
    elsewhere[own] = np.nan
    rival = np.where(np.isnan(elsewhere).all(axis=1), -1, np.nan_to_num(elsewhere, nan=-1.0).argmax(axis=1))
    table = pl.DataFrame(
        {
            "actor": actors,
            "bloc": place + 1,
            "closeness": _means(alike, member)[own],
            "stability": fallen[own],
            "next_bloc": rival + 1,
            "next_share": elsewhere[np.arange(len(place)), rival],
            "answers": answers.astype(np.int64),
        }
    )
    lone = pl.when(pl.col("next_bloc") > 0)
    table = table.with_columns(pl.col(pl.Float64).fill_nan(None)).with_columns(
        lone.then(pl.col("next_bloc")), lone.then(pl.col("next_share"))
    )
    return table.sort("bloc", "closeness", "actor", descending=[False, True, False], nulls_last=True)


def _means(pairs: Floats, member: Floats) -> Floats:
    """Mean of each state's pairs with the members of each bloc but itself (states, blocs); nan where there are none."""
    apart = pairs * (1 - np.eye(len(pairs)))
    others = member.sum(axis=1) - member.T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(others > 0, apart @ member.T / others, np.nan))


def _summed(members: pl.DataFrame, place: NDArray[np.int64], alike: Floats) -> pl.DataFrame:
    same = np.equal.outer(place, place)
    np.fill_diagonal(same, False)
    rows = []
    for bloc in range(place.max() + 1):
        mine = place == bloc
        inside, outside = alike[mine][same[mine]], alike[mine][:, ~mine]
        rows.append(
            {
                "bloc": bloc + 1,
                "within": float(inside.mean()) if inside.size else None,
                "outside": float(outside.mean()) if outside.size else None,
            }
        )
    counted = members.group_by("bloc", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("states"),
        pl.col("actor").first().alias("core"),
        pl.col("stability").mean(),
    )
    measured = pl.DataFrame(rows, schema={"bloc": pl.Int64, "within": pl.Float64, "outside": pl.Float64})
    return counted.join(measured, on="bloc").sort("bloc")


def _pairs(actors: pl.Series, together: Floats) -> pl.DataFrame:
    first, second = np.triu_indices(len(actors), 1)
    return pl.DataFrame(
        {
            "first": actors.gather(first),
            "second": actors.gather(second),
            "share": together[first, second],
        }
    )
