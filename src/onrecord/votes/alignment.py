"""How alike two states vote, and how much of it chance and consensus explain.

From the three-by-three table of two states' answers in a session, with d the distance between answers (yes 0,
abstain 1/2, no 1 of the whole): raw agreement; the S-score of Signorino and Ritter (1999, International Studies
Quarterly 43:115-144), 1 - 2 mean d; and agreement beyond chance, 1 - D_observed / D_expected, where chance draws from
both states' pooled answers (Scott's pi, 1955) or from each one's own (Cohen's kappa, 1960), weighted by d as
Hage (2011, Political Analysis 19:287-305) proposes for votes. Since states agree on most of what is put to the vote,
roll calls on which nearly all gave one answer are also counted apart (Hage and Hug, 2016, International
Interactions 42:503-529).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import polars as pl

from onrecord.votes.frames import with_session
from onrecord.votes.scaling.design import codes
from onrecord.votes.scaling.likelihood import Floats

NORMAL_95 = 1.6448536269514722
DISTANCES: dict[str, Floats] = {
    "linear": np.array([[0.0, 0.5, 1.0], [0.5, 0.0, 0.5], [1.0, 0.5, 0.0]]),
    "nominal": 1.0 - np.eye(3),
}
PARTS = ("all", "divided", "consensus")


def agreement(
    votes: pl.DataFrame,
    rollcalls: pl.DataFrame,
    others: Mapping[str, Sequence[str]],
    *,
    consensus: float = 0.95,
    distance: Literal["linear", "nominal"] = "linear",
) -> pl.DataFrame:
    """Agreement of every state with states or blocs, by session.

    Args:
        votes: rcid, iso3, vote. rollcalls: rcid, session.
        others: name and members of each bloc; a single state is a bloc of one. A state is not compared with
            itself: it is left out of its own bloc.
        consensus: share of one answer from which a roll call counts as consensus.
        distance: of answers in pi and kappa; ``nominal`` gives the textbook unweighted forms. The S-score is
            always linear.

    Returns:
        actor, other, session, part (all, divided, consensus), rollcalls (both took part), agreement, agreement_q05,
        agreement_q95 (Wilson), s_score, s_q05, s_q95, pi, pi_q05, pi_q95, kappa, kappa_q05, kappa_q95 (normal). With
        a bloc, answers are compared member by member, and the number of roll calls sets the intervals. Pi and
        kappa are null where chance alone gives full agreement.

    Raises:
        InvalidInput: a column or a roll call is missing.
    """
    rows = with_session(votes, rollcalls)
    share = rows.group_by("rcid").agg(
        (pl.col("vote").value_counts().struct.field("count").max() / pl.len()).alias("largest")
    )
    rows = rows.join(share, on="rcid").with_columns(agreed=pl.col("largest") >= consensus)
    frames = [
        compared(part_of(mine, part), int(key[0]), part, others, DISTANCES[distance])
        for key, mine in rows.group_by("session", maintain_order=True)
        for part in PARTS
    ]
    return pl.concat(frames).sort("actor", "other", "session", "part")


def part_of(rows: pl.DataFrame, part: str) -> pl.DataFrame:
    """Votes on all, on divided or on consensus roll calls."""
    if part == "all":
        return rows
    return rows.filter(pl.col("agreed") if part == "consensus" else ~pl.col("agreed"))


def compared(
    rows: pl.DataFrame, session: int, part: str, others: Mapping[str, Sequence[str]], distance: Floats
) -> pl.DataFrame:
    """Measures of every state against every bloc in one session and part."""
    actors = rows["iso3"].unique().sort()
    answered = answer_tables(rows, actors)
    member = np.array([actors.is_in(list(states)).to_numpy() for states in others.values()], dtype=np.float64)
    tables = contingency(answered, member.reshape(len(others), len(actors)))
    took = answered.sum(axis=0)
    shared = np.einsum("aj,oj->ao", took, (member @ took > 0).astype(np.float64))
    own = member.T * took.sum(axis=1)[:, None]
    alone = (member.sum(axis=1) == 1)[None, :]
    shared = np.where(alone & (own > 0), 0.0, shared)
    keep_actor, keep_other = np.nonzero((tables.sum(axis=(2, 3)) > 0) & (shared > 0))
    measured = measures(tables[keep_actor, keep_other], shared[keep_actor, keep_other], distance)
    return pl.DataFrame(
        {
            "actor": actors.gather(keep_actor),
            "other": pl.Series(list(others), dtype=pl.String).gather(keep_other),
            "session": np.full(len(keep_actor), session, dtype=np.int64),
            "part": pl.Series([part] * len(keep_actor), dtype=pl.String),
            "rollcalls": shared[keep_actor, keep_other].astype(np.int64),
            **measured,
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def answer_tables(rows: pl.DataFrame, actors: pl.Series) -> Floats:
    """One 0/1 table for each answer: (3, states, roll calls)."""
    calls = rows["rcid"].unique().sort()
    tables = np.zeros((3, len(actors), len(calls)))
    tables[rows["vote"].to_numpy() - 1, codes(rows["iso3"], actors), codes(rows["rcid"], calls)] = 1.0
    return tables


def contingency(answered: Floats, member: Floats) -> Floats:
    """Three-by-three tables of answers (states, blocs, 3 own, 3 theirs), a state not set against itself."""
    together = np.einsum("om,kmj->koj", member, answered)
    tables = np.einsum("iaj,koj->aoik", answered, together, optimize=True)
    own = answered.sum(axis=2)
    for answer in range(3):
        tables[:, :, answer, answer] -= member.T * own[answer][:, None]
    return np.asarray(tables)


def measures(tables: Floats, calls: Floats, distance: Floats) -> dict[str, Floats]:
    """Agreement, S, pi and kappa with 90% intervals from tables (n, 3, 3) and numbers of roll calls (n)."""
    share = tables / tables.sum(axis=(1, 2), keepdims=True)
    same = np.trace(share, axis1=1, axis2=2)
    low, high = wilson(same, calls)
    mine, theirs = share.sum(axis=2), share.sum(axis=1)
    pooled = (mine + theirs) / 2
    found = {"agreement": same, "agreement_q05": low, "agreement_q95": high}
    apart, spread = distance_moments(share, DISTANCES["linear"], calls)
    found |= around("s_score", "s", 1 - 2 * apart, 2 * spread)
    apart, spread = distance_moments(share, distance, calls)
    for name, left, right in (("pi", pooled, pooled), ("kappa", mine, theirs)):
        expected = np.einsum("ni,ik,nk->n", left, distance, right)
        with np.errstate(divide="ignore", invalid="ignore"):
            beyond = np.where(expected > 1e-12, 1 - apart / expected, np.nan)
            found |= around(name, name, beyond, np.where(expected > 1e-12, spread / expected, np.nan))
    return found


def distance_moments(share: Floats, distance: Floats, calls: Floats) -> tuple[Floats, Floats]:
    """Mean distance of answers and its standard error."""
    mean = np.einsum("nik,ik->n", share, distance)
    variance = np.einsum("nik,ik->n", share, distance**2) - mean**2
    return mean, np.sqrt(np.maximum(variance, 0.0) / calls)


def around(name: str, short: str, value: Floats, error: Floats) -> dict[str, Floats]:
    """A measure with the middle 90% of its normal approximation, kept under 1."""
    return {
        name: value,
        f"{short}_q05": value - NORMAL_95 * error,
        f"{short}_q95": np.minimum(value + NORMAL_95 * error, 1.0),
    }


def wilson(share: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Wilson's 90% interval of a proportion (1927, JASA 22:209-212)."""
    z2 = NORMAL_95**2
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = NORMAL_95 / (1 + z2 / count) * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
