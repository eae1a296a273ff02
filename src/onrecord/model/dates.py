"""Dates that carry their precision and compare honestly.

A date is written as in EDTF level 0 (ISO 8601-2): ``2018``, ``2018-05`` or ``2018-05-24``. It stands for
the closed interval of days it could be. An unknown day is never the first of the month, so a comparison
of two such dates has three answers: yes, no, and None for "the dates do not say".
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

Precision = Literal["year", "month", "day"]

_PATTERN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

_MONTHS = [calendar.month_name[m] for m in range(13)]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year, as the interval of days [first, last] it could be."""

    first: date
    last: date
    precision: Precision

    @staticmethod
    def parse(text: str) -> PartialDate:
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

        Raises:
            ValueError: the text has another shape, or names a day that no calendar has.
        """
        return _parse(text)

    def __str__(self) -> str:
        if self.precision == "day":
            return self.first.isoformat()
        return self.first.isoformat()[: 7 if self.precision == "month" else 4]

    def words(self) -> str:
        """The date as an English reader expects it: 24 May 2018, May 2018, 2018."""
        if self.precision == "day":
            return f"{self.first.day} {_MONTHS[self.first.month]} {self.first.year}"
        return f"{_MONTHS[self.first.month]} {self.first.year}" if self.precision == "month" else str(self)

    def before(self, other: PartialDate) -> bool | None:
        """True if surely earlier, False if surely not, None if the two intervals leave it open."""
        if self.last < other.first:
            return True
        if self.first >= other.last:
            return False
        return None

    def days_until(self, day: date) -> tuple[int, int]:
        """The least and the most days from this date to ``day``; negative where it lies after it."""
        return (day - self.last).days, (day - self.first).days


@lru_cache(maxsize=65536)
def _parse(text: str) -> PartialDate:
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date written YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        if month is None:
            return PartialDate(date(year, 1, 1), date(year, 12, 31), "year")
        if day is None:
            return PartialDate(date(year, month, 1), _month_end(year, month), "month")
        exact = date(year, month, day)
    except ValueError as cause:
        raise ValueError(f"{text!r} is not a day that a calendar has") from cause
    return PartialDate(exact, exact, "day")


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def between(start: PartialDate, end: PartialDate) -> tuple[int, int]:
    """The least and the most days that can lie from ``start`` to ``end``."""
    return (end.first - start.last).days, (end.last - start.first).days


def days_in_words(least: int, most: int) -> str:
    """``31 to 61 days`` or ``67 days``: a span with the honesty of its dates."""
    unit = "day" if (least, most) == (1, 1) else "days"
    return f"{least:,} {unit}" if least == most else f"{least:,} to {most:,} {unit}"
