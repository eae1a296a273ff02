"""Who moved, when, how surely, and by which votes; moves on repeated texts apart from a changed agenda.

A state's sessions are cut into spells of one position each (product partition of Barry and Hartigan, 1993, JASA
88:309-319), summed over every possible cutting exactly. What enters is each session's own evidence of the position,
with the smoothing of the random walk taken off again, so that neighbours do not borrow the move from each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from onrecord.errors import UsageError
from onrecord.votes.estimate import Estimate
from onrecord.votes.frames import with_session
from onrecord.votes.links import items_of
from onrecord.votes.partition import change_chances, spell_means
from onrecord.votes.scaling.gauge import GAUGES
from onrecord.votes.scaling.likelihood import Floats
from onrecord.votes.scaling.newton import Climb


def evidence(estimate: Estimate) -> pl.DataFrame:
    """What each session alone says of a state's position: actor, session, position, sd.

    The position is where the session's own votes put it to second order, items as estimated; sessions that hardly
    tell (sd above 3) are left out.

    Raises:
        UsageError: the estimate has more than one dimension.
    """
    if estimate.dimensions != 1:
        raise UsageError("Movers are told on one axis. Estimate with dimensions=1.")
    design, fit = estimate.design, estimate.fit
    model = Climb(design, GAUGES[estimate.gauge], 1)
    model.look(fit.theta, fit.items, 0.0, cross=False)
    information = model.state.curvature[:, 0, 0]
    telling = np.flatnonzero((design.voted > 0) & (information > 1 / 9))
    own = fit.theta[telling, 0] + model.state.slope[telling, 0] / information[telling]
    return pl.DataFrame(
        {
            **design.labels(telling),
            "position": own,
            "sd": 1 / np.sqrt(information[telling]),
        }
    ).sort("actor", "session")


def movers(
    estimate: Estimate,
    votes: pl.DataFrame,
    rollcalls: pl.DataFrame,
    *,
    links: pl.DataFrame | None = None,
    references: Sequence[str] = ("CHN", "USA"),
    least: float = 0.5,
    chance: float = 0.05,
    drift: float = 0.15,
    window: int = 5,
) -> pl.DataFrame:
    """Change points of every state, likeliest first.

    Args:
        estimate: in one dimension. votes, rollcalls, links: what it was made from.
        references: states towards which a move may go.
        least: smallest probability listed.
        chance: prior probability that a state moves between two sessions.
        drift: spread of a state's sessions about its position within a spell, beyond what votes leave open.
        window: sessions before and after that are compared.

    Returns:
        actor, session (the first of the new position), probability, before, after (mean over the windows),
        shift, shift_sd, toward (the reference whose distance fell most, null if none fell), repeats (texts the state
        voted on both before and after within the windows), repeats_changed (of them, with another answer).

    Raises:
        UsageError: the estimate has more than one dimension. InvalidInput: a column is missing.
    """
    told = evidence(estimate)
    frames = [
        changes_of(str(key[0]), rows, least=least, chance=chance, drift=drift, window=window)
        for key, rows in told.group_by("actor")
    ]
    found = pl.concat(frames)
    reference = told.filter(pl.col("actor").is_in(list(references)))
    found = found.with_columns(
        toward=pl.Series(
            [toward(row, reference, window) for row in found.iter_rows(named=True)], dtype=pl.String
        )
    )
    repeats = repeated_answers(votes, rollcalls, links)
    return with_repeats(found, repeats, window).sort(
        "probability", "actor", "session", descending=[True, False, False]
    )


def changes_of(
    actor: str, rows: pl.DataFrame, *, least: float, chance: float, drift: float, window: int
) -> pl.DataFrame:
    """Change points of one state, only the likeliest of neighbouring sessions."""
    position, sd = rows["position"].to_numpy(), rows["sd"].to_numpy()
    session = rows["session"].to_numpy()
    probability = change_chances(position, np.hypot(sd, drift), chance)
    kept = [
        t
        for t in range(1, len(session))
        if probability[t] >= least and probability[t] == probability[max(t - 2, 1) : t + 3].max()
    ]
    sides = [spell_means(position, np.hypot(sd, drift), t, window) for t in kept]
    return pl.DataFrame(
        {
            "actor": [actor] * len(kept),
            "session": session[kept],
            "probability": probability[kept],
            "before": [side[0] for side in sides],
            "after": [side[1] for side in sides],
            "shift": [side[1] - side[0] for side in sides],
            "shift_sd": [side[2] for side in sides],
        },
        schema={"actor": pl.String, "session": pl.Int64}
        | dict.fromkeys(("probability", "before", "after", "shift", "shift_sd"), pl.Float64),
    )


def toward(move: dict[str, float | str | int], reference: pl.DataFrame, window: int) -> str | None:
    """The reference to which the distance fell most, each taken where it stood in the session of the move."""
    session = int(move["session"])
    near = reference.filter(
        pl.col("session").is_between(session - window, session + window - 1), pl.col("actor") != move["actor"]
    )
    stood = near.group_by("actor").agg(pl.col("position").median())
    before, after = float(move["before"]), float(move["after"])
    gained = {
        name: abs(place - before) - abs(place - after) for name, place in stood.sort("actor").iter_rows()
    }
    best = max(gained, key=lambda name: gained[name], default=None)
    return best if best is not None and gained[best] > 0 else None


def repeated_answers(
    votes: pl.DataFrame, rollcalls: pl.DataFrame, links: pl.DataFrame | None
) -> pl.DataFrame:
    """Each state's successive answers on repeated texts.

    Returns:
        actor, item, session_before, rcid_before, vote_before, session, rcid, vote: one row for each time a state
        voted again on a text; the agenda is the same in each, so a changed answer is the state's own.

    Raises:
        InvalidInput: a column or a roll call is missing.
    """
    rows = with_session(votes, rollcalls)
    rows = rows.join(items_of(rows["rcid"], links), on="rcid").sort("iso3", "item", "session", "rcid")
    by = ("iso3", "item")
    before = [pl.col(name).shift(1).over(by).alias(f"{name}_before") for name in ("session", "rcid", "vote")]
    again = rows.with_columns(before).filter(
        pl.col("session_before").is_not_null() & (pl.col("session_before") < pl.col("session"))
    )
    return again.select(
        pl.col("iso3").alias("actor"),
        "item",
        "session_before",
        "rcid_before",
        "vote_before",
        "session",
        "rcid",
        "vote",
    )


def with_repeats(found: pl.DataFrame, repeats: pl.DataFrame, window: int) -> pl.DataFrame:
    """Moves with the repeated texts voted on both sides of them."""
    pairs = found.select("actor", move="session").join(
        repeats.select("actor", "session_before", "session", "vote_before", "vote"), on="actor"
    )
    across = pairs.filter(
        pl.col("session_before").is_between(pl.col("move") - window, pl.col("move") - 1)
        & pl.col("session").is_between(pl.col("move"), pl.col("move") + window - 1)
    )
    counts = across.group_by("actor", "move").agg(
        pl.len().cast(pl.Int64).alias("repeats"),
        (pl.col("vote") != pl.col("vote_before")).sum().cast(pl.Int64).alias("repeats_changed"),
    )
    joined = found.join(counts, left_on=("actor", "session"), right_on=("actor", "move"), how="left")
    return joined.with_columns(pl.col("repeats", "repeats_changed").fill_null(0))


def driving_votes(
    estimate: Estimate,
    votes: pl.DataFrame,
    move: dict[str, float | str | int],
    *,
    window: int = 5,
    top: int = 10,
) -> pl.DataFrame:
    """The votes that speak most for a move.

    Args:
        move: a row of ``movers`` as a dict: actor, session, before, after.

    Returns:
        rcid, session, vote, weight: votes of the window from the move on, by how much likelier (in log-odds units,
        natural logarithm) the state's answer is at the new position than at the old; the heaviest first.

    Raises:
        UsageError: the estimate has more than one dimension.
    """
    if estimate.dimensions != 1:
        raise UsageError("Movers are told on one axis. Estimate with dimensions=1.")
    first = int(move["session"])
    asked = votes.filter(pl.col("iso3") == move["actor"]).join(estimate.rollcall_items, on="rcid")
    asked = asked.filter(pl.col("session").is_between(first, first + window - 1))
    asked = asked.join(estimate.items, on="item").filter(pl.col("vote").is_in([1, 2, 3]))
    old, new = (answer_chances(asked, float(move[side])) for side in ("before", "after"))
    return (
        asked.select("rcid", "session", "vote")
        .with_columns(weight=pl.Series(np.log(new / old)))
        .sort("weight", descending=True)
        .head(top)
    )


def answer_chances(rows: pl.DataFrame, position: float) -> Floats:
    """Probability of the answer given on each row at a position; rows have slope_1, cut_1, cut_2, vote."""
    slope, low, high = (rows[name].to_numpy() for name in ("slope_1", "cut_1", "cut_2"))
    yes = 1 / (1 + np.exp(-(low - slope * position)))
    not_no = 1 / (1 + np.exp(-(high - slope * position)))
    chances = np.stack([yes, not_no - yes, 1 - not_no])
    return np.asarray(np.maximum(chances[rows["vote"].to_numpy() - 1, np.arange(rows.height)], 1e-12))
