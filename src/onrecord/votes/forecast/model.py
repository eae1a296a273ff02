"""The coming vote: each member's chances with reasons, the result, and what one change would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.errors import InvalidInput, Problem
from onrecord.votes.forecast.history import History
from onrecord.votes.forecast.kindred import Kindred, kindred_before
from onrecord.votes.forecast.letters import weights as letter_weights
from onrecord.votes.forecast.pool import Pool, learn
from onrecord.votes.forecast.shock import WEIGHTS, evidence, learn_spread, shifted
from onrecord.votes.forecast.signals import SIGNALS, Signals, signals
from onrecord.votes.frames import ANSWERS
from onrecord.votes.pivots import CHANCES, Outcome, pivots
from onrecord.votes.rules import Rule
from onrecord.votes.scaling.likelihood import Floats

# Share of members seen on the situation before, from which a draft counts as an old one.
OLD = 0.3
LEAST_DRAFTS = 5
# The latest drafts that teach: four sessions of the Assembly, all of the Council's.
LESSONS = 400
PARTS = 8


@dataclass(frozen=True)
class Forecast:
    """One vote foretold.

    Attributes:
        rcid: the draft.
        members: iso3, p_yes, p_abstain, p_no (as cast: on the draft itself, polarity undone), likeliest, movability
            (1 less the largest of the three), abstain_to_yes, no_to_abstain, no_to_yes (probability that this
            member's change alone turns the result), persuadable (movability times no_to_yes; the list to work from),
            fixed (set by hand).
        reasons: iso3, signal, says (in words), p_yes, p_abstain, p_no (what it alone says), adds (to the log-score of
            the likeliest answer), in order of weight.
        adopted: probability of adoption under the rule.
        yes, margin: quantiles of the count of yes and of yes less no: columns q10, q50, q90 as (q10, q50, q90).
        counts: probability of every (yes, no), a square table.
        spread: of the common shift. nodes: chances of yes, abstain, no at each value of that shift (nodes, members, 3);
            weights of the nodes: with them a change by hand can be worked out anew.
    """

    rcid: object
    members: pl.DataFrame
    reasons: pl.DataFrame
    adopted: float
    yes: tuple[int, int, int]
    margin: tuple[int, int, int]
    counts: Floats
    spread: float
    nodes: Floats
    weights: Floats


@dataclass(frozen=True)
class Forecaster:
    """What past drafts taught: weights of the signals, and spreads for old and new situations."""

    pool: Pool
    spread_old: float
    spread_new: float

    def spread(self, found: Signals, members: NDArray[np.bool_]) -> float:
        """Spread of the common shift for a draft."""
        return self.spread_old if is_old(found, members) else self.spread_new


def is_old(found: Signals, members: NDArray[np.bool_]) -> bool:
    """Whether enough of the members have voted or signed on the situation or text before."""
    return bool(members.any()) and float(found.seen[members].mean()) >= OLD


@dataclass(frozen=True)
class Scored:
    """A past forecast and what happened: whether the situation was old, and what the answers say of the spread."""

    old: bool
    evidence: Floats


def scored(history: History, row: int, found: Signals, pool: Pool) -> Scored:
    """Forecast of an answered draft by a pool learnt before it."""
    voted = history.voted(row)
    answers = history.answers[row][voted].astype(np.float64)
    return Scored(is_old(found, voted), evidence(pool.scores(found)[voted], answers))


def spreads(past: Sequence[Scored]) -> tuple[float, float]:
    """Spread of the common shift for old and for new situations, from past forecasts."""
    old, new = (learn_spread([one.evidence for one in past if one.old is kind]) for kind in (True, False))
    return old, new


def train(history: History, rows: Sequence[int], found: Mapping[int, Signals]) -> Forecaster:
    """Learn from past drafts: weights from all of them, spreads from forecasts of each eighth by those before it.

    Args:
        rows: rows of answered drafts, in order of date. found: their signals.
    """
    past: list[Scored] = []
    size = max(len(rows) // PARTS, 1)
    for start in range(max(size, LEAST_DRAFTS), len(rows), size):
        pool = learn([(found[row], history.answers[row]) for row in rows[:start]])
        past.extend(scored(history, row, found[row], pool) for row in rows[start : start + size])
    return Forecaster(learn([(found[row], history.answers[row]) for row in rows]), *spreads(past))


def train_until(
    history: History,
    row: int,
    letters: Mapping[object, pl.DataFrame] | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Forecaster:
    """Learn from the latest scored drafts voted on before a draft became known, with their signatures where given.

    Args:
        progress: called with past drafts whose signals were worked out and how many there are.
    """
    counted = history.drafts["scored"].to_numpy() & history.answers.any(axis=(1, 2))
    rows = [int(k) for k in np.flatnonzero(counted & (history.date < history.known[row]))][-LESSONS:]
    found: dict[int, Signals] = {}
    for past, its in signals_of(history, rows, letters or {}):
        found[past] = its
        if progress is not None:
            progress(len(found), len(rows))
    return train(history, rows, found)


def signals_of(
    history: History, rows: Iterable[int], letters: Mapping[object, pl.DataFrame]
) -> Iterator[tuple[int, Signals]]:
    """Each past draft's row and signals, with its signatures where given."""
    kindred: dict[float, Kindred] = {}
    for row in rows:
        known = float(history.known[row])
        if known not in kindred:
            kindred = {known: kindred_before(history, row)}
        table = letters.get(history.drafts["rcid"][row])
        evidence = None if table is None else letter_weights(table, history.states)
        yield row, signals(history, row, evidence, history.voted(row), kindred[known])


def forecast(
    history: History,
    row: int,
    forecaster: Forecaster,
    members: Sequence[str],
    rule: Rule,
    *,
    letters: pl.DataFrame | None = None,
    fixed: Mapping[str, int] | None = None,
) -> Forecast:
    """Foretell one draft.

    Args:
        row: the draft's row in ``history.drafts``; its own answers, if any, are not looked at.
        members: who will vote, by code. letters: from ``letters.stance``.
        fixed: votes set by hand (1 yes, 2 abstain, 3 no), for what-if.

    Raises:
        InvalidInput: a member is not among the states known to the history.
    """
    places = placed(history, [*members, *(fixed or {})])[: len(members)]
    sitting = np.zeros(len(history.states), dtype=bool)
    sitting[places] = True
    evidence = None if letters is None else letter_weights(letters, history.states)
    found = signals(history, row, evidence, sitting)
    reverse = history.drafts["polarity"][row] < 0
    spread = forecaster.spread(found, sitting)
    nodes = shifted(forecaster.pool.scores(found)[places], spread)
    nodes = nodes[:, :, ::-1] if reverse else nodes
    held = set_by_hand(nodes, members, fixed or {})
    outcomes = [pivots(chance_table(members, chances), rule) for chances in held]
    counts = np.einsum("k,kyn->yn", WEIGHTS, np.stack([outcome.counts for outcome in outcomes]))
    table = member_table(members, np.tensordot(WEIGHTS, held, axes=1), outcomes, fixed or {})
    return Forecast(
        rcid=history.drafts["rcid"][row],
        members=table,
        reasons=reasons(members, places, found, forecaster.pool, reverse),
        adopted=float(WEIGHTS @ np.array([outcome.adopted for outcome in outcomes])),
        yes=quantiles(counts.sum(axis=1), 0),
        margin=quantiles(margins(counts), 1 - counts.shape[0]),
        counts=counts,
        spread=spread,
        nodes=held,
        weights=WEIGHTS,
    )


def placed(history: History, members: Iterable[str]) -> NDArray[np.int64]:
    """Places of members among the states.

    Raises:
        InvalidInput: a member is unknown.
    """
    place = {state: k for k, state in enumerate(history.states)}
    listed = list(members)
    unknown = [member for member in listed if member not in place]
    if unknown:
        remedy = "Use ISO 3166 alpha-3 codes of states with votes or a regional group."
        raise InvalidInput([Problem(f"member {member} is not known.", remedy) for member in unknown])
    return np.array([place[member] for member in listed], dtype=np.int64)


def set_by_hand(nodes: Floats, members: Sequence[str], fixed: Mapping[str, int]) -> Floats:
    """Chances (nodes, members, 3) with the votes set by hand made certain."""
    held = nodes.copy()
    for k, member in enumerate(members):
        if member in fixed:
            held[:, k] = np.eye(3)[fixed[member] - 1]
    return held


def chance_table(members: Sequence[str], chances: Floats) -> pl.DataFrame:
    """Members with their chances."""
    columns = {name: chances[:, k] for k, name in enumerate(CHANCES)}
    return pl.DataFrame({"iso3": list(members), **columns})


def member_table(
    members: Sequence[str], chances: Floats, outcomes: Sequence[Outcome], fixed: Mapping[str, int]
) -> pl.DataFrame:
    """The members' columns of ``Forecast``; pivots are averaged over the common shift."""
    names = ("abstain_to_yes", "no_to_abstain", "no_to_yes")
    turning = {
        name: WEIGHTS @ np.stack([outcome.members[name].to_numpy() for outcome in outcomes]) for name in names
    }
    table = chance_table(members, chances).with_columns(
        likeliest=pl.Series([ANSWERS[int(k) + 1] for k in chances.argmax(axis=1)], dtype=pl.String),
        movability=pl.Series(1 - chances.max(axis=1)),
        **{name: pl.Series(value) for name, value in turning.items()},
    )
    return table.with_columns(
        persuadable=pl.col("movability") * pl.col("no_to_yes"), fixed=pl.col("iso3").is_in(list(fixed))
    )


def reasons(
    members: Sequence[str], places: NDArray[np.int64], found: Signals, pool: Pool, reverse: bool
) -> pl.DataFrame:
    """What each signal says of each member and how much it adds to the likeliest answer, heaviest first."""
    scores = pool.scores(found)[places]
    top = scores.argmax(axis=1)
    adds = pool.contributions(found)[places, top]
    frames = []
    for k, (name, words) in enumerate(SIGNALS.items()):
        alone = found.distributions[name][places]
        alone = alone / alone.sum(axis=1, keepdims=True)
        alone = alone[:, ::-1] if reverse else alone
        frame = chance_table(members, alone).with_columns(
            signal=pl.lit(name), says=pl.lit(words), adds=pl.Series(adds[:, k])
        )
        frames.append(frame)
    told = pl.concat(frames).select("iso3", "signal", "says", *CHANCES, "adds")
    return told.sort(pl.col("iso3"), pl.col("adds").abs(), descending=[False, True])


def margins(counts: Floats) -> Floats:
    """Probability of each margin, from -members to members."""
    size = counts.shape[0]
    place = np.arange(size)[:, None] - np.arange(size) + size - 1
    return np.asarray(np.bincount(place.ravel(), counts.ravel(), minlength=2 * size - 1), dtype=np.float64)


def quantiles(chance: Floats, first: int) -> tuple[int, int, int]:
    """The 10%, 50% and 90% points of a distribution over first, first + 1 and so on.

    Half of each number's own chance counts as below it, so that the outer two hold 80% and not more on average.
    """
    middle = (np.cumsum(chance) - chance / 2) / chance.sum()
    low, half = (int(np.searchsorted(middle, level)) for level in (0.1, 0.5))
    high = max(int(np.searchsorted(middle, 0.9, side="right")) - 1, low)
    return low + first, half + first, high + first
