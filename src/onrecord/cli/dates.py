"""The day for which a command answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from onrecord.errors import UsageError
from onrecord.model.dates import PartialDate
from onrecord.record import Record
from onrecord.record.record import utc_now


def as_of_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--as-of``, for :func:`day_of` to read."""
    return click.option(
        "--as-of",
        "as_of",
        metavar="DATE",
        help="Answer for the end of this day, YYYY-MM-DD; the record's own day, or today, unless given.",
    )(command)


def day_of(record: Record, text: str | None) -> date:
    """The day asked for, else the ``as_of`` of record.toml, else today (UTC).

    Raises:
        UsageError: the text is not one day that a calendar has.
    """
    text = record.description.as_of if text is None else text
    if text is None:
        return utc_now().date()
    try:
        day = PartialDate.parse(text)
    except ValueError as cause:
        raise UsageError(f"{cause}. Write a day as YYYY-MM-DD.") from cause
    if day.precision != "day":
        raise UsageError(f"{text!r} is a {day.precision}, not a day. Write a day as YYYY-MM-DD.")
    return day.first
