"""What became of each promise, on a day. Never stored, always computed; the classes are never added together.

Rules, after Polimètre's and Full Fact's practice:

- Nothing counts before it surely happened: a promise is there from the last day it may have been made on, and
  kept or broken from the last day of that date.
- A deadline given as a month or a year runs to the end of it, so a promisor has the benefit of the doubt.
- Without a due date a promise waits; it is never overdue.
- Broken needs an event that shows it. Silence of the record is "not checked since", never inaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl

from onrecord.model.dates import PartialDate, between, days_in_words

Outcome = Literal["kept", "kept_late", "overdue", "waiting", "not_due_yet", "broken", "cannot_be_rated"]

_FIELDS = ("id", "promise_class", "by", "to_whom", "what", "words", "made_on", "due", "due_basis",
           "kept_on", "kept_by", "broken_on", "broken_by", "blocked_by", "checked")  # fmt: skip

SCHEMA: dict[str, Any] = {
    **dict.fromkeys(_FIELDS, pl.String()),
    "outcome": pl.String(),
    "days_least": pl.Int64(),
    "days_most": pl.Int64(),
    "sentence": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome, the least and the most days it has lasted or took, and both in words."""

    outcome: Outcome
    days: tuple[int, int] | None
    sentence: str


def outcomes(promises: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The outcome of every promise that had been made by a day.

    Args:
        promises: the table of this kind.
        as_of: the day for whose end the outcome is computed.

    Returns:
        id, promise_class, by, to_whom, what, words, made_on, due, due_basis, kept_on, kept_by, broken_on, broken_by,
        blocked_by, checked (what was kept, broken or checked after the day is left out), outcome, days_least, days_most, sentence.

        The days count, by outcome: ``kept`` from the promise to its keeping; ``kept_late`` from the due date to
        its keeping; ``overdue`` from the due date to ``as_of``; ``waiting`` from the promise to ``as_of``;
        ``not_due_yet`` from ``as_of`` to the due date; ``broken`` from the promise to the day it was broken;
        none for ``cannot_be_rated``. Least and most differ where a date is a month or a year.
    """
    made = promises.filter(pl.col("made_on_last") <= as_of)
    return pl.DataFrame([_row(row, as_of) for row in made.iter_rows(named=True)], schema=SCHEMA, orient="row")


def _row(promise: dict[str, Any], as_of: date) -> list[Any]:
    known = {field: promise[field] for field in _FIELDS}
    for when, shown_by in (("kept_on", "kept_by"), ("broken_on", "broken_by")):
        if not _happened(promise[when], as_of):
            known[when] = known[shown_by] = None
    if not _happened(promise["checked"], as_of):
        known["checked"] = None
    found = finding(known, promise["unratable"], as_of)
    least, most = found.days or (None, None)
    return [*known.values(), found.outcome, least, most, found.sentence]


def finding(promise: dict[str, Any], unratable: str | None, as_of: date) -> Finding:
    """What became of one promise, of which only what happened by ``as_of`` is given."""
    made = PartialDate.parse(promise["made_on"])
    due = _date(promise["due"])
    kept, broken = _date(promise["kept_on"]), _date(promise["broken_on"])
    if unratable:
        return Finding("cannot_be_rated", None, f"Cannot be rated: {unratable}")
    if kept:
        return _kept(made, due, kept)
    if broken and promise["broken_by"]:
        return Finding("broken", between(made, broken), f"Broken: shown on {broken.words()}.")
    return _open(made, due, as_of, _date(promise["checked"]))


def _kept(made: PartialDate, due: PartialDate | None, kept: PartialDate) -> Finding:
    took = between(made, kept)
    if due is None or kept.last <= due.last:
        return Finding("kept", took, f"Kept {_on(kept)}, {days_in_words(*took)} after it was made.")
    late = (kept.first - due.last).days, (kept.last - due.last).days
    if late[0] <= 0:
        return Finding("kept", took, f"Kept {_on(kept)}; whether in time the dates do not say.")
    return Finding("kept_late", late, f"Kept {_on(kept)}, {days_in_words(*late)} late.")


def _open(made: PartialDate, due: PartialDate | None, as_of: date, checked: PartialDate | None) -> Finding:
    unseen = f" Not checked since {checked.words()}." if checked and checked.last < as_of else ""
    if due is None:
        waited = made.days_until(as_of)
        return Finding("waiting", waited, f"Waiting for {days_in_words(*waited)}; no due date.{unseen}")
    days = (as_of - due.last).days
    if days > 0:
        return Finding("overdue", (days, days), f"Overdue by {days_in_words(days, days)}.{unseen}")
    return Finding("not_due_yet", (-days, -days), f"Not due yet: due {_by(due)}.{unseen}")


def _happened(text: str | None, as_of: date) -> bool:
    return text is not None and PartialDate.parse(text).last <= as_of


def _date(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def _on(day: PartialDate) -> str:
    return f"{'on' if day.precision == 'day' else 'in'} {day.words()}"


def _by(day: PartialDate) -> str:
    return f"by {'' if day.precision == 'day' else 'the end of '}{day.words()}"
