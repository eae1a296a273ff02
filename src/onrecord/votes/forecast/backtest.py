"""How well forecasts would have done: every draft foretold from what was known before its session, then scored.

Baselines: ``modal`` (the answer most often given on comparable drafts), ``record`` (the state's own), ``last`` (its last
vote on the situation or text, its record where there is none).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.votes.forecast.history import History, years
from onrecord.votes.forecast.model import (
    LEAST_DRAFTS,
    LESSONS,
    Forecaster,
    Scored,
    margins,
    quantiles,
    scored,
    signals_of,
    spreads,
)
from onrecord.votes.forecast.pool import learn
from onrecord.votes.forecast.shock import TILT, WEIGHTS, shifted
from onrecord.votes.forecast.signals import Signals
from onrecord.votes.pivots import convolve
from onrecord.votes.rules import SIMPLE_MAJORITY, Rule
from onrecord.votes.scaling.likelihood import Floats

MODELS = ("forecast", "last", "record", "modal")


@dataclass(frozen=True)
class Backtest:
    """Results of a rolling-origin back-test.

    Attributes:
        votes: rcid, iso3, seen (voted or signed on the situation before), vote (1 yes, 2 abstain, 3 no), last (its
            last answer there, null if none), and p_yes, p_abstain, p_no of the forecast; all in the sense of the
            topic's own resolutions (polarity undone for hostile texts).
        drafts: rcid, date, topic, members, yes, no, adopted (actual), yes_expected, margin_expected, yes_low, yes_high
            (80% interval), margin_low, margin_high, p_adopted, spread.
        scores: model, votes, accuracy, brier (sum over three answers, 0 to 2), log_loss, first_accuracy (states not
            seen before), change_auc (that a seen state departs from its last vote, by 1 - p(last); null for baselines),
            yes_error, margin_error (mean absolute, in votes).
        calibration: answer, low, high, votes, foretold, happened: the forecast's chances by tenths.
        interval_share: share of drafts whose count of yes lies in its 80% interval.
    """

    votes: pl.DataFrame
    drafts: pl.DataFrame
    scores: pl.DataFrame
    calibration: pl.DataFrame
    interval_share: float


@dataclass(frozen=True)
class Foretold:
    """One draft's forecast beside its baselines and what happened, voting members only."""

    row: int
    seen: NDArray[np.bool_]
    last: Floats
    spread: float
    scores: Floats
    chances: dict[str, Floats]
    actual: Floats


def rolling(
    history: History,
    *,
    since: date,
    until: date | None = None,
    letters: Mapping[object, pl.DataFrame] | None = None,
    rule: Rule = SIMPLE_MAJORITY,
    train_from: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Foretell and score every scored draft with answers in a period.

    Args:
        since, until: first and last day scored; until None means to the end.
        letters: evidence from signatures by rcid, from ``letters.stance`` as known before the draft.
        rule: of adoption.
        train_from: drafts before this day teach nothing; None uses all.
        progress: called with drafts done and drafts in all.
    """
    rows = scored_rows(history, train_from)
    found: dict[int, Signals] = {}
    for done, (row, told_of) in enumerate(signals_of(history, rows, letters or {})):
        found[row] = told_of
        if progress is not None:
            progress(done + 1, len(rows))
    first, last = years(pl.Series([since]))[0], years(pl.Series([until or date(9998, 1, 1)]))[0]
    told: list[Foretold] = []
    past: list[Scored] = []
    for known in sorted({float(history.known[row]) for row in rows if history.date[row] <= last}):
        before = [row for row in rows if history.date[row] < known][-LESSONS:]
        if len(before) < LEAST_DRAFTS:
            continue
        forecaster = Forecaster(learn([(found[row], history.answers[row]) for row in before]), *spreads(past))
        coming = [row for row in rows if history.known[row] == known]
        told.extend(
            foretell(history, row, found[row], forecaster) for row in coming if history.date[row] >= first
        )
        past.extend(scored(history, row, found[row], forecaster.pool) for row in coming)
    return summed(history, told, rule)


def scored_rows(history: History, train_from: date | None) -> list[int]:
    """Rows of the drafts that teach and are scored, in order of date."""
    first = -np.inf if train_from is None else years(pl.Series([train_from]))[0]
    counted = history.drafts["scored"].to_numpy() & history.answers.any(axis=(1, 2)) & (history.date >= first)
    return [int(row) for row in np.flatnonzero(counted)]


def foretell(history: History, row: int, found: Signals, forecaster: Forecaster) -> Foretold:
    """One draft's forecast and baselines for the members that voted."""
    voted = history.voted(row)
    scores = forecaster.pool.scores(found)[voted]
    spread = forecaster.spread(found, voted)
    own, last = (found.distributions[name][voted] for name in ("own", "last"))
    seen = found.seen[voted][:, None]
    overall = own.mean(axis=0)
    chances = {
        "forecast": np.tensordot(WEIGHTS, shifted(scores, spread), axes=1),
        "last": np.where(seen, last, own),
        "record": own,
        "modal": np.tile(np.where(np.arange(3) == overall.argmax(), 0.9, 0.05), (len(own), 1)),
    }
    actual = history.answers[row][voted].astype(np.float64)
    return Foretold(row, found.seen[voted], last, spread, scores, chances, actual)


def summed(history: History, told: Sequence[Foretold], rule: Rule) -> Backtest:
    """Tables of a back-test."""
    votes = pl.concat([vote_rows(history, one) for one in told])
    drafts = pl.DataFrame([draft_row(history, one, rule) for one in told])
    scores = pl.DataFrame([score_row(name, told) for name in MODELS])
    held = drafts.select((pl.col("yes").is_between("yes_low", "yes_high")).mean()).item()
    return Backtest(votes, drafts, scores, calibration(votes), float(held))


def vote_rows(history: History, one: Foretold) -> pl.DataFrame:
    """The votes of one draft."""
    voted = history.voted(one.row)
    last = [int(k) + 1 if seen else None for k, seen in zip(one.last.argmax(axis=1), one.seen, strict=True)]
    return pl.DataFrame(
        {
            "rcid": pl.Series([history.drafts["rcid"][one.row]] * int(voted.sum())),
            "iso3": history.states.filter(pl.Series(voted)),
            "seen": one.seen,
            "vote": one.actual.argmax(axis=1) + 1,
            "last": pl.Series(last, dtype=pl.Int64),
            **{name: one.chances["forecast"][:, k] for k, name in enumerate(("p_yes", "p_abstain", "p_no"))},
        }
    )


def draft_row(history: History, one: Foretold, rule: Rule) -> dict[str, object]:
    """One draft's count and the interval foretold for it."""
    members = len(one.actual)
    met = rule.table(members)
    counts = np.zeros((members + 1, members + 1))
    for weight, chances in zip(WEIGHTS, shifted(one.scores, one.spread), strict=True):
        if weight > 1e-4:
            counts += weight * convolve(np.ascontiguousarray(chances), met)[0]
    counts /= counts.sum()
    size = members + 1
    yes, no = one.actual[:, 0].sum(), one.actual[:, 2].sum()
    yes_low, _, yes_high = quantiles(counts.sum(axis=1), 0)
    chance = margins(counts)
    margin_low, _, margin_high = quantiles(chance, -members)
    return {
        "rcid": history.drafts["rcid"][one.row],
        "date": history.drafts["date"][one.row],
        "topic": history.drafts["topic"][one.row],
        "members": members,
        "yes": int(yes),
        "no": int(no),
        "adopted": bool(met[int(yes), int(no)]),
        "yes_expected": float(counts.sum(axis=1) @ np.arange(size)),
        "margin_expected": float(chance @ np.arange(-members, size)),
        "yes_low": yes_low,
        "yes_high": yes_high,
        "margin_low": margin_low,
        "margin_high": margin_high,
        "p_adopted": float(counts[met].sum()),
        "spread": one.spread,
    }


def score_row(name: str, told: Sequence[Foretold]) -> dict[str, object]:
    """Scores of one model over all votes and drafts."""
    chance = np.concatenate([one.chances[name] for one in told])
    actual = np.concatenate([one.actual for one in told])
    seen = np.concatenate([one.seen for one in told])
    right = chance.argmax(axis=1) == actual.argmax(axis=1)
    yes = [abs((one.chances[name] - one.actual)[:, 0].sum()) for one in told]
    margin = [abs(((one.chances[name] - one.actual) @ TILT).sum()) for one in told]
    return {
        "model": name,
        "votes": len(actual),
        "accuracy": float(right.mean()),
        "brier": float(((chance - actual) ** 2).sum(axis=1).mean()),
        "log_loss": float(-np.log(np.maximum((chance * actual).sum(axis=1), 1e-9)).mean()),
        "first_accuracy": float(right[~seen].mean()) if (~seen).any() else None,
        "change_auc": change_auc(told) if name == "forecast" else None,
        "yes_error": float(np.mean(yes)),
        "margin_error": float(np.mean(margin)),
    }


def change_auc(told: Sequence[Foretold]) -> float | None:
    """Chance that a seen state that departs from its last vote was given a higher chance of departing than one that
    does not (area under the ROC curve); None where all or none departed."""
    seen = np.concatenate([one.seen for one in told])
    chance = np.concatenate([one.chances["forecast"] for one in told])[seen]
    last = np.concatenate([one.last for one in told])[seen].argmax(axis=1)
    departed = np.concatenate([one.actual for one in told])[seen].argmax(axis=1) != last
    if departed.all() or not departed.any():
        return None
    rank = pl.Series(1 - chance[np.arange(len(last)), last]).rank().to_numpy()
    count = int(departed.sum())
    return float((rank[departed].sum() - count * (count + 1) / 2) / (count * (len(last) - count)))


def calibration(votes: pl.DataFrame) -> pl.DataFrame:
    """Chances by tenths beside how often each came true."""
    frames = []
    for answer, name in enumerate(("p_yes", "p_abstain", "p_no"), start=1):
        tenth = (pl.col(name) * 10).floor().clip(0, 9).cast(pl.Int64)
        rows = votes.group_by(tenth.alias("tenth")).agg(
            pl.len().alias("votes"),
            pl.col(name).mean().alias("foretold"),
            (pl.col("vote") == answer).mean().alias("happened"),
        )
        told = rows.select(
            pl.lit(name.removeprefix("p_")).alias("answer"),
            (pl.col("tenth") / 10).alias("low"),
            ((pl.col("tenth") + 1) / 10).alias("high"),
            "votes",
            "foretold",
            "happened",
        )
        frames.append(told.sort("low"))
    return pl.concat(frames)
