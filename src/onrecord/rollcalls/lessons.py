"""What past votes teach about a draft, kept beside the derived data: votes set by hand are then answered at once."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import polars as pl

from onrecord.record import Record
from onrecord.rollcalls.bodies import Body
from onrecord.rollcalls.draft import Draft
from onrecord.rollcalls.kept import kept
from onrecord.votes.forecast import Forecaster, History, train_until
from onrecord.votes.forecast.pool import Pool
from onrecord.votes.forecast.signals import SIGNALS
from onrecord.votes.frames import ANSWERS

FORMAT = 1
"""Raised when the forecast learns otherwise, so that what was kept is learnt anew."""

_ASKED_ONLY = ("fixed", "members", "rule", "letters", "symbol")


def lessons(
    record: Record,
    body: Body,
    history: History,
    row: int,
    draft: Draft,
    progress: Callable[[int, int], None] | None = None,
) -> Forecaster:
    """What the votes before a draft became known teach, as :func:`onrecord.votes.forecast.train_until` learns it.

    Kept for the same text, day of knowledge, roll calls and regional groups: who votes, what was signed, the rule and
    votes set by hand are no part of it.
    """
    text = {name: value for name, value in msgspec.structs.asdict(draft).items() if name not in _ASKED_ONLY}
    groups = pl.DataFrame({"iso3": history.states, "group": history.group}).write_csv()
    told = (str(FORMAT), msgspec.json.encode(text, order="sorted").decode(), groups)
    return _learnt(
        kept(record, "lessons", body, told, lambda: _tables(train_until(history, row, progress=progress)))
    )


def _tables(learnt: Forecaster) -> dict[str, pl.DataFrame]:
    """Weights and biases, a row for states not seen before and one for those seen; spreads."""
    weights = dict(zip(SIGNALS, learnt.pool.weights.T, strict=True))
    bias = dict(zip(ANSWERS.values(), learnt.pool.bias.T, strict=True))
    spreads = {"old": [learnt.spread_old], "new": [learnt.spread_new]}
    return {"weights": pl.DataFrame(weights), "bias": pl.DataFrame(bias), "spreads": pl.DataFrame(spreads)}


def _learnt(tables: dict[str, pl.DataFrame]) -> Forecaster:
    weights, bias = (np.asarray(tables[name].to_numpy(), dtype=np.float64) for name in ("weights", "bias"))
    spread = tables["spreads"].row(0, named=True)
    return Forecaster(Pool(weights, bias), spread["old"], spread["new"])
