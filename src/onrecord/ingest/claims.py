"""The date a file claims for itself, and the perceptual hash of a picture, read from the claims that readers found."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

_FIELDS = (
    "date", "created", "create_time", "creation-date", "creationdate", "exif datetimeoriginal", "exif datetime",
    "moddate", "modified", "last_saved_time", "warc-date",
)  # fmt: skip
_DIGITS = re.compile(r"(?:D:)?(1[89]\d\d|20\d\d)[-:/.]?(0[1-9]|1[0-2])[-:/.]?(0[1-9]|[12]\d|3[01])")

_HASH = re.compile(r"[0-9a-f]{16}\Z")


def claimed_date(claims: tuple[tuple[str, str], ...]) -> int | None:
    """The claimed date as the number 20180524, or None; an impossible date is no date."""
    said = {name.lower(): value for name, value in reversed(claims)}
    for field in _FIELDS:
        value = said.get(field, "")
        if found := _DIGITS.match(value):
            return int("".join(found.groups()))
        if field == "date" and value and (day := _mail_date(value)):
            return day
    return None


def perceptual_hash(claims: tuple[tuple[str, str], ...]) -> str:
    """The perceptual hash that the reader of pictures computed, 16 hexadecimal digits, or nothing.

    A file may claim one of its own, by that name, with anything in it.
    """
    found = [value for name, value in claims if name == "perceptual hash" and _HASH.match(value)]
    return found[-1] if found else ""


def _mail_date(value: str) -> int | None:
    try:
        return int(parsedate_to_datetime(value).strftime("%Y%m%d"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
