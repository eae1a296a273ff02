"""The plainest learnt forecast, to measure others by: a multinomial logit on a state's own record, its last vote and the mood.

For every draft, what was known before its session is boiled down to seven numbers a state: the log-ratios of yes and no
to abstentions in the state's own fading record and in that of all states, and whether it was seen on the situation or
text before and then said yes or no. Weights are fitted to the drafts of the nine years before, with a small ridge.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from onrecord.votes.forecast.history import MEMORY, History, bearing, years
from onrecord.votes.forecast.signals import OWN, last_answer
from onrecord.votes.forecast.tallies import fading, weighted
from onrecord.votes.scaling.likelihood import Floats

RIDGE = 1e-3
LEAST_DRAFTS = 5


def multinomial_forecasts(history: History, *, since: date, until: date | None = None) -> pl.DataFrame:
    """Foretell every scored draft of a period from the drafts voted on before it became known.

    Args:
        since, until: first and last day foretold; until None means to the end.

    Returns:
        rcid, iso3, p_yes, p_abstain, p_no: one row a member that voted, in the sense of the topic's own resolutions
        (polarity undone for hostile texts). Drafts before which fewer than five were scored are left out.
    """
    first, last = years(pl.Series([since]))[0], years(pl.Series([until or date(9998, 1, 1)]))[0]
    counted = history.drafts["scored"].to_numpy() & history.answers.any(axis=(1, 2))
    wanted = counted & (history.date <= last) & (history.date >= first - MEMORY)
    rows = [int(row) for row in np.flatnonzero(wanted)]
    known = {row: features(history, row)[history.voted(row)] for row in rows}
    given = {row: history.answers[row][history.voted(row)].astype(np.float64) for row in rows}
    frames: list[pl.DataFrame] = []
    for day in sorted({float(history.known[row]) for row in rows if history.date[row] >= first}):
        before = [row for row in rows if day - MEMORY <= history.date[row] < day]
        if len(before) < LEAST_DRAFTS:
            continue
        weights = fitted(
            np.concatenate([known[row] for row in before]), np.concatenate([given[row] for row in before])
        )
        coming = [row for row in rows if history.known[row] == day and history.date[row] >= first]
        frames.extend(_told(history, row, softmax(known[row] @ weights, axis=1)) for row in coming)
    return pl.concat(frames) if frames else _NOTHING


_NOTHING = pl.DataFrame(
    schema={"rcid": pl.String, "iso3": pl.String} | dict.fromkeys(("p_yes", "p_abstain", "p_no"), pl.Float64)
)


def _told(history: History, row: int, chances: Floats) -> pl.DataFrame:
    states = history.states.filter(pl.Series(history.voted(row)))
    return pl.DataFrame(
        {
            "rcid": pl.Series([history.drafts["rcid"][row]] * len(states)),
            "iso3": states,
            **{name: chances[:, at] for at, name in enumerate(("p_yes", "p_abstain", "p_no"))},
        }
    )


def features(history: History, row: int) -> Floats:
    """What was known of every state before one draft (states, 8): a constant and the seven numbers named above."""
    near = bearing(history, row)
    answers = history.answers[near.rows].astype(np.float64)
    own = weighted(answers, near.comparable * fading(near.age, OWN))
    mood = own.sum(axis=0) + 1.0
    own = own + mood / mood.sum()
    last = last_answer(answers, near)
    everyone = np.ones((len(history.states), 1))
    ratios = [np.log(own[:, [0, 2]] / own[:, [1]]), everyone * np.log(mood[[0, 2]] / mood[1])]
    return np.hstack([everyone, *ratios, last.sum(axis=1, keepdims=True), last[:, [0]], last[:, [2]]])


def fitted(known: Floats, given: Floats) -> Floats:
    """Weights (features, 3) of the likeliest multinomial logit, by L-BFGS with the exact gradient.

    Args:
        known: features (votes, features). given: one-hot answers (votes, 3).
    """

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(-1, 3)
        logs = log_softmax(known @ weights, axis=1)
        slope = known.T @ (np.exp(logs) - given) / len(known) + RIDGE * weights
        return float(-(given * logs).sum() / len(known) + RIDGE / 2 * (flat @ flat)), slope.ravel()

    found = minimize(loss, np.zeros(known.shape[1] * 3), jac=True, method="L-BFGS-B")
    return np.asarray(found.x.reshape(-1, 3))


def scores(table: pl.DataFrame, model: str) -> pl.DataFrame:
    """How good forecasts were, measured as in :class:`onrecord.votes.forecast.Backtest`.

    Args:
        table: rcid, iso3, seen, vote (1, 2, 3), p_yes, p_abstain, p_no.

    Returns:
        one row: model, votes, accuracy, brier, log_loss, first_accuracy, yes_error, margin_error.
    """
    chances = [pl.col(name) for name in ("p_yes", "p_abstain", "p_no")]
    hit = [(pl.col("vote") == answer).cast(pl.Float64) for answer in (1, 2, 3)]
    right = pl.concat_list(chances).list.arg_max() + 1 == pl.col("vote")
    given = pl.sum_horizontal(p * y for p, y in zip(chances, hit, strict=True))
    told = table.with_columns(
        right=right,
        brier=pl.sum_horizontal((p - y) ** 2 for p, y in zip(chances, hit, strict=True)),
        log_loss=-given.clip(1e-9).log(),
        yes=chances[0] - hit[0],
        margin=chances[0] - chances[2] - hit[0] + hit[2],
    )
    missed = told.group_by("rcid").agg(pl.col("yes", "margin").sum().abs())
    return told.select(
        pl.lit(model).alias("model"),
        pl.len().cast(pl.Int64).alias("votes"),
        pl.col("right").mean().alias("accuracy"),
        pl.col("brier", "log_loss").mean(),
        pl.col("right").filter(~pl.col("seen")).mean().alias("first_accuracy"),
        pl.lit(missed["yes"].mean(), pl.Float64).alias("yes_error"),
        pl.lit(missed["margin"].mean(), pl.Float64).alias("margin_error"),
    )
