"""How well the votes on record would have been foretold, kept beside the derived data; and how frozen forecasts fared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from onrecord.record import Record, View
from onrecord.rollcalls.bodies import Body
from onrecord.rollcalls.forecasts import history_of, signatures_before
from onrecord.rollcalls.frozen import Frozen
from onrecord.rollcalls.kept import kept
from onrecord.votes.forecast import History, rolling
from onrecord.votes.forecast.history import MEMORY
from onrecord.votes.frames import ANSWERS
from onrecord.votes.multinomial import multinomial_forecasts, scores

FORMAT = 2
"""Raised when the forecast or its scores change, so that kept back-tests are made anew."""

YEARS_BY_SITUATION, YEARS_BY_TITLE, YEARS_TO_LEARN_FROM = 6, 3, 3


@dataclass(frozen=True, slots=True)
class Tested:
    """A rolling-origin back-test of one body: every draft foretold from what was known before its session.

    Attributes:
        since: the first day scored.
        votes, drafts, calibration: as in :class:`onrecord.votes.forecast.Backtest`.
        scores: the same, with a row for the multinomial logit (model ``logit``).
    """

    since: dt.date
    votes: pl.DataFrame
    drafts: pl.DataFrame
    scores: pl.DataFrame
    calibration: pl.DataFrame

    @property
    def interval_share(self) -> float:
        """Share of drafts whose count of yes lay in its 80 % interval."""
        return float(self.drafts.select(pl.col("yes").is_between("yes_low", "yes_high").mean()).item())


def has_situations(body: Body) -> bool:
    """Whether drafts are told apart by situation, as the Council's are; others are compared by their titles."""
    return "situation" in body.rollcalls.columns


def since_when(body: Body) -> dt.date:
    """The first day scored unless another is asked for: the last six years with answers, three where titles are compared."""
    answered = body.rollcalls.join(body.votes.select("rcid"), on="rcid", how="semi")
    last = answered["date"].cast(pl.Date).drop_nulls().sort()[-1]
    back = YEARS_BY_SITUATION if has_situations(body) else YEARS_BY_TITLE
    return dt.date(last.year - back + 1, 1, 1)


def back_tested(
    record: Record,
    view: View,
    body: Body,
    *,
    since: dt.date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Tested:
    """The back-test of a body, kept as Parquet under ``derived/`` and made again where what it rests on has changed.

    Signatures count for drafts on a state that the record is about: those of the record's main topics, as known before
    the session.
    """
    first = since or since_when(body)
    about = view.table("position").select("id").sort("id"), view.table("membership").select("id").sort("id")
    told = (str(FORMAT), str(first), *(table.write_csv() for table in about))
    return Tested(first, **kept(record, "backtest", body, told, lambda: _tables(view, body, first, progress)))


def _tables(
    view: View, body: Body, since: dt.date, progress: Callable[[int, int], None] | None
) -> dict[str, pl.DataFrame]:
    history = history_of(_recent(body, since), view)
    train_from = None if has_situations(body) else since.replace(year=since.year - YEARS_TO_LEARN_FROM)
    found = rolling(
        history, since=since, train_from=train_from, letters=_letters(view, history), progress=progress
    )
    logit = multinomial_forecasts(history, since=since).with_columns(
        pl.col("rcid").cast(found.votes.schema["rcid"])
    )
    voted = found.votes.select("rcid", "iso3", "seen", "vote").join(logit, on=("rcid", "iso3"))
    return {
        "votes": found.votes,
        "drafts": found.drafts,
        "scores": pl.concat([found.scores, scores(voted, "logit")], how="diagonal_relaxed"),
        "calibration": found.calibration,
    }


def _recent(body: Body, since: dt.date) -> Body:
    """The body's roll calls that can still teach something; comparing titles grows with the square of their number."""
    if has_situations(body):
        return body
    first = since.replace(year=since.year - YEARS_TO_LEARN_FROM - int(MEMORY))
    calls = body.rollcalls.filter(pl.col("date").cast(pl.Date) >= first)
    votes = body.votes.join(calls.select("rcid"), on="rcid", how="semi")
    return replace(body, votes=votes, rollcalls=calls)


def _letters(view: View, history: History) -> Mapping[object, pl.DataFrame]:
    """For each draft on a state that the record is about: what was signed before it became known."""
    about = history.drafts.filter(pl.col("target").is_in(list(view.description.about)))
    return {
        rcid: signatures_before(view, view.description.main_topics, known, history.states)
        for rcid, known in about.select("rcid", "known").iter_rows()
    }


def scored_forecasts(forecasts: Mapping[str, Frozen], bodies: Mapping[str, Body]) -> pl.DataFrame:
    """Frozen forecasts beside what happened, where the vote foretold is among the roll calls on record.

    A forecast's vote is the roll call of its body with the draft's symbol; without a symbol, the one of that day and title.

    Returns:
        event, made, date, body, title, rcid (null while the vote is not on record), votes, right, brier, log_loss,
        p_adopted, yes_foretold, yes_low, yes_high, yes, no: one row a forecast, in the order given.
    """
    rows = [
        {
            "event": event,
            "made": forecast.made,
            "date": forecast.draft.date,
            "body": forecast.draft.body,
            "title": forecast.draft.title,
            "p_adopted": forecast.adopted,
            "yes_low": forecast.yes[0],
            "yes_foretold": forecast.yes[1],
            "yes_high": forecast.yes[2],
            **_outcome(forecast, bodies.get(forecast.draft.body)),
        }
        for event, forecast in forecasts.items()
    ]
    return pl.DataFrame(rows, schema=_SCORED)


_SCORED = {
    "event": pl.String,
    "made": pl.Date,
    "date": pl.Date,
    "body": pl.String,
    "title": pl.String,
    "rcid": pl.String,
    "votes": pl.Int64,
    "right": pl.Int64,
    "brier": pl.Float64,
    "log_loss": pl.Float64,
    "p_adopted": pl.Float64,
    "yes_foretold": pl.Int64,
    "yes_low": pl.Int64,
    "yes_high": pl.Int64,
    "yes": pl.Int64,
    "no": pl.Int64,
}


def _outcome(forecast: Frozen, body: Body | None) -> dict[str, object]:
    rcid = None if body is None else _roll_call_of(forecast, body.rollcalls)
    if body is None or rcid is None:
        return {}
    chances = pl.DataFrame(
        [(state, *chance) for state, chance in zip(forecast.members, forecast.chances, strict=True)],
        schema=["iso3", "p_yes", "p_abstain", "p_no"],
        orient="row",
    )
    cast = body.votes.filter(pl.col("rcid") == rcid, pl.col("vote").is_in(list(ANSWERS)))
    told = cast.select("rcid", "iso3", "vote").join(chances, on="iso3").with_columns(seen=True)
    if told.is_empty():
        return {}
    score = scores(told, "forecast").row(0, named=True)
    return {
        "rcid": rcid,
        "votes": score["votes"],
        "right": round(score["accuracy"] * score["votes"]),
        "brier": score["brier"],
        "log_loss": score["log_loss"],
        "yes": cast.filter(pl.col("vote") == 1).height,
        "no": cast.filter(pl.col("vote") == 3).height,
    }


def _roll_call_of(forecast: Frozen, rollcalls: pl.DataFrame) -> str | None:
    draft = forecast.draft
    if draft.symbol is not None:
        mine = rollcalls.filter(pl.any_horizontal(pl.col("rcid", "symbol") == draft.symbol))
    else:
        title = pl.col("title").str.to_lowercase().str.strip_chars()
        mine = rollcalls.filter(
            pl.col("date").cast(pl.Date) == draft.date, title == draft.title.lower().strip()
        )
    return str(mine["rcid"][0]) if mine.height == 1 else None
