"""How well the votes on record would have been foretold, kept beside the derived data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from onrecord.record import Record, View
from onrecord.rollcalls.bodies import Body
from onrecord.rollcalls.forecasts import history_of, signatures_before
from onrecord.rollcalls.kept import kept
from onrecord.votes.forecast import History, rolling
from onrecord.votes.forecast.history import MEMORY
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
