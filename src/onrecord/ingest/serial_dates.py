"""Dates as spreadsheets keep them: a number of days, and a format of the cell that says it is one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

EPOCH_1900, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
"""Day 0 of the two ways to count. Excel takes 1900 for a leap year, so the first counts right from 1 March 1900 on."""

DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
"""The built-in formats of dates and times (ISO 29500-1, 18.8.30), the East Asian ones included."""

_DATE_LETTERS = re.compile(r"[ymdhs]", re.I)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]', re.I)
_LONGEST_FORMAT = 255


def is_date(code: str) -> bool:
    """Whether a format's code shows a number as date or time."""
    return bool(_DATE_LETTERS.search(_QUOTED.sub("", code[:_LONGEST_FORMAT])))


def moment(stored: str | float, epoch: datetime) -> str | None:
    """A serial date as ISO 8601, date alone where the time is midnight; None beyond the years 1 to 9999.

    A spreadsheet has no time zone.
    """
    try:
        days = float(stored)
        found = epoch + timedelta(seconds=round(days * 86400))
    except (ValueError, OverflowError):
        return None
    if 0 <= days < 1:
        return found.time().isoformat()
    return found.date().isoformat() if days == int(days) else found.isoformat(sep=" ")
