"""Where states stand: dynamic ideal points from roll calls with three answers.

The model is the ordered logit of ``scaling.likelihood`` with a random walk for each state over sessions, after
Bailey, Strezhnev and Voeten (2017, Journal of Conflict Resolution 61:430-456); intervals are Laplace's, from the
joint curvature of states and items. Absent states are taken as missing at random: a state that stays away to
avoid a vote is not modelled.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from onrecord.errors import InvalidInput, Problem, UsageError
from onrecord.votes.estimate import Estimate
from onrecord.votes.frames import require, with_session
from onrecord.votes.links import items_of
from onrecord.votes.scaling.design import Design, codes, lay_out
from onrecord.votes.scaling.gauge import GAUGES
from onrecord.votes.scaling.gibbs import sample
from onrecord.votes.scaling.likelihood import Floats
from onrecord.votes.scaling.newton import Fit, climb, first_items, one_item
from onrecord.votes.scaling.orient import Turn, principal_turn, signs, turned
from onrecord.votes.scaling.start import starting_points

# Up the axis: the United States and those that opened beside it in 1946; down: the Soviet seat and its closest.
UP = ("USA", "GBR", "CAN", "ISR")
DOWN = ("RUS", "CUB", "PRK", "SYR", "DDR", "BLR")
# Cheap rounds before the joint steps: more axes take more turns to settle among themselves.
ROUNDS_COLD, ROUNDS_SEVERAL_AXES, ROUNDS_WARM = 8, 100, 0
# New items of a refit that are fitted by themselves first, a millisecond each.
SETTLED = 100


def ideal_points(
    votes: pl.DataFrame,
    rollcalls: pl.DataFrame,
    *,
    links: pl.DataFrame | None = None,
    gauge: Literal["published", "free"] = "published",
    dimensions: int = 1,
    intervals: bool = True,
    method: Literal["newton", "gibbs"] = "newton",
    sweeps: int = 4000,
    anchors: tuple[tuple[str, ...], tuple[str, ...]] = (UP, DOWN),
    seed: int = 0,
    start: Estimate | None = None,
) -> Estimate:
    """Estimate where every state stands in every session.

    Args:
        votes: rcid, iso3, vote (1 yes, 2 abstain, 3 no; other values and absent rows count as absent).
        rollcalls: rcid, session (integer); one row a roll call.
        links: rcid1, rcid2: pairs of roll calls on the same text, which then share one item.
        gauge: ``published`` reports pooled mean 0 and standard deviation 1 as the published series does;
            ``free`` predicts hidden votes better and lets the scale wander.
        dimensions: number of axes, in order of spread.
        intervals: whether to compute standard deviations.
        method: ``newton`` finds the mode; ``gibbs`` runs the published sampler (one dimension, published gauge,
            minutes for 75 years) and gives posterior means and standard deviations.
        sweeps: of the sampler, its first three eighths thrown away.
        anchors: states that lie up and states that lie down; they fix the direction of every axis.
        seed: of the random vectors that the search for a starting point begins from; the mode does not depend
            on it. Of the draws, with the sampler.
        start: an earlier estimate of the same dimensions and gauge, to refit from when votes were added.

    Returns:
        the estimate. Unanimous items are left out of the fit and kept aside in it.

    Raises:
        InvalidInput: columns or roll calls are missing, or no roll call divides the states.
        UsageError: the sampler is asked for what it does not offer.
    """
    if method == "gibbs" and (gauge != "published" or dimensions != 1 or start is not None):
        raise UsageError(
            "The published sampler has one dimension and one gauge, and starts afresh. Use method='newton'."
        )
    require(rollcalls, ("rcid", "session"), "roll calls")
    listed = items_of(rollcalls["rcid"], links)
    listed = listed.join(rollcalls.select("rcid", pl.col("session").cast(pl.Int64)), on="rcid", how="left")
    design, unanimous = prepared(votes, listed)
    theta, items, rounds = beginning(design, dimensions, seed, start)
    prior = GAUGES[gauge].shared_among(dimensions)
    if method == "gibbs":
        up, down = (masked(design, side).astype(np.float64) for side in anchors)
        raw = sample(design, up, down, theta[:, 0], sweeps=sweeps, seed=seed)
    else:
        raw = climb(design, prior, dimensions, theta, items, warm=rounds, covariance=intervals)
    turn, oriented_by = orientation(raw, design, prior.standardise and method == "newton", anchors)
    return Estimate(
        gauge=gauge,
        dimensions=dimensions,
        design=design,
        fit=turned(raw, turn),
        mode=raw,
        turn=turn,
        rollcall_items=listed,
        unanimous=unanimous,
        oriented_by=oriented_by,
    )


def prepared(votes: pl.DataFrame, listed: pl.DataFrame) -> tuple[Design, pl.DataFrame]:
    """Contested votes as arrays, and the unanimous items: item, answer, votes. ``listed``: rcid, item, session."""
    require(votes, ("rcid", "iso3", "vote"), "votes")
    states = pl.Enum(votes["iso3"].unique().drop_nulls().sort())
    # A state as a small number makes every copy of the votes a third of what its letters would.
    table = with_session(votes.with_columns(pl.col("iso3").cast(states)), listed, ("item",)).drop("rcid")
    answers = table.group_by("item").agg(
        pl.col("vote").n_unique().alias("answers"),
        pl.col("vote").first().alias("answer"),
        pl.len().alias("votes"),
    )
    unanimous = answers.filter(pl.col("answers") == 1).select("item", "answer", "votes")
    if unanimous.height == answers.height:
        raise InvalidInput(
            [Problem("no roll call divides the states.", "Add roll calls with more than one answer.")]
        )
    return lay_out(table.join(unanimous.select("item"), on="item", how="anti")), unanimous


def beginning(design: Design, dims: int, seed: int, start: Estimate | None) -> tuple[Floats, Floats, int]:
    """Positions and items to climb from, and how many cheap rounds to take first."""
    items = first_items(design, dims)
    if start is None:
        return starting_points(design, dims, seed), items, ROUNDS_COLD if dims == 1 else ROUNDS_SEVERAL_AXES
    theta = carried_points(design, start)
    return theta, carried_items(design, theta, items, start), ROUNDS_WARM


def carried_points(design: Design, start: Estimate) -> Floats:
    """Positions of an earlier estimate, each node at its own or the state's latest; 0 for a new state."""
    old = start.design
    table = np.full((len(old.actors), len(old.sessions)), -1)
    table[old.node_actor, old.node_session] = np.arange(len(old.node_actor))
    actor = pl.DataFrame({"a": design.actors}).join(
        pl.DataFrame({"a": old.actors}).with_row_index("at"), on="a", how="left", maintain_order="left"
    )["at"]
    theta = np.zeros((len(design.node_actor), start.dimensions))
    place = np.zeros((len(design.actors), start.dimensions))
    known = actor.fill_null(0).to_numpy()
    for t, session in enumerate(design.sessions):
        a, b = design.session_start[t], design.session_start[t + 1]
        who = design.node_actor[a:b]
        column = np.searchsorted(old.sessions, session)
        if column < len(old.sessions) and old.sessions[column] == session:
            node = np.where(actor.is_null().to_numpy()[who], -1, table[known[who], column])
            place[who[node >= 0]] = start.mode.theta[node[node >= 0]]
        theta[a:b] = place[who]
    return theta


def carried_items(design: Design, theta: Floats, items: Floats, start: Estimate) -> Floats:
    """Items of an earlier estimate where they are still asked; the first new ones as the positions make them likeliest,
    which spares joint steps, others as first guessed."""
    old = pl.DataFrame({"item": start.design.items}).with_row_index("at")
    at = pl.DataFrame({"item": design.items}).join(old, on="item", how="left", maintain_order="left")["at"]
    shared = at.is_not_null().to_numpy()
    items[shared] = start.mode.items[at.drop_nulls().to_numpy()]
    for new in np.flatnonzero(~shared)[:SETTLED]:
        cast = slice(design.item_start[new], design.item_start[new + 1])
        items[new] = one_item(theta, design.vote_node[cast], design.vote_answer[cast])
    return items


def orientation(
    fit: Fit, design: Design, standardise: bool, anchors: tuple[tuple[str, ...], tuple[str, ...]]
) -> tuple[Turn, str]:
    """Location, scale and direction of the reported axes, and the anchors used, in words."""
    turn = principal_turn(fit.theta[design.voted > 0], standardise)
    up, down = (masked(design, side) for side in anchors)
    sign = signs(turned(fit, turn).theta, up, down)
    turn = Turn(turn.middle, sign[:, None] * turn.matrix)
    present = [[state for state in side if state in set(design.actors)] for side in anchors]
    if not any(present):
        return turn, f"no anchor voted; {design.actors[0]} lies up"
    return turn, f"up: {', '.join(present[0]) or 'none'}; down: {', '.join(present[1]) or 'none'}"


def masked(design: Design, states: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which nodes belong to these states and voted."""
    among = pl.Series(list(states), dtype=pl.String)
    present = among.filter(among.is_in(design.actors.implode()))
    wanted = np.zeros(len(design.actors), dtype=bool)
    wanted[codes(present, design.actors)] = True
    return wanted[design.node_actor] & (design.voted > 0)
