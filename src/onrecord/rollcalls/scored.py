"""How frozen forecasts fared, once the votes that they foretold are on record."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from onrecord.rollcalls.bodies import Body
from onrecord.rollcalls.frozen import Frozen
from onrecord.votes.frames import ANSWERS
from onrecord.votes.multinomial import scores


def scored_forecasts(forecasts: Mapping[str, Frozen], bodies: Mapping[str, Body]) -> pl.DataFrame:
    """Frozen forecasts beside what happened, where the vote foretold is among the roll calls on record.

    A forecast's vote is found by :func:`roll_call_of`.

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
    rcid = None if body is None else roll_call_of(forecast, body)
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


def roll_call_of(forecast: Frozen, body: Body) -> str | None:
    """The roll call that a forecast was for: the one with its draft's symbol; without a symbol, the one of that day and
    title. None while it is not on record, or where several could be meant."""
    draft, rollcalls = forecast.draft, body.rollcalls
    if draft.symbol is not None:
        mine = rollcalls.filter(pl.any_horizontal(pl.col("rcid", "symbol") == draft.symbol))
    else:
        title = pl.col("title").str.to_lowercase().str.strip_chars()
        mine = rollcalls.filter(
            pl.col("date").cast(pl.Date) == draft.date, title == draft.title.lower().strip()
        )
    return str(mine["rcid"][0]) if mine.height == 1 else None
