"""Values as a reader expects to see them."""

from __future__ import annotations

from typing import Any

from onrecord.model.dates import PartialDate


def date_in_words(text: str | None) -> str:
    """A date with precision as a reader expects it; openly ``date not known`` where there is none."""
    return PartialDate.parse(str(text)).words() if text else "date not known"


def number_in_words(value: Any) -> str:
    """A whole number or a decimal kept as text, with thousands set apart."""
    text = str(value)
    whole, dot, fraction = text.partition(".")
    return f"{int(whole):,}{dot}{fraction}"


def plural(count: int, one: str, many: str) -> str:
    """``1 signatory``, ``22 signatories``."""
    return f"{count:,} {one if count == 1 else many}"


_BODIES = {
    "unga": "General Assembly",
    "hrc": "Human Rights Council",
    "chr": "Commission on Human Rights",
    "sc": "Security Council",
}


def body_name(body: str) -> str:
    """The name of a body whose roll calls are on record; its code where it has none here."""
    return _BODIES.get(body, body)


def the_body(body: str) -> str:
    """The same within a sentence: ``the General Assembly``."""
    return f"the {_BODIES[body]}" if body in _BODIES else body


_FIRST_YEAR = 1900


def numbered_by_years(session: int) -> bool:
    """Whether a session's number is a year, as where a source counts a body's votes by years."""
    return session >= _FIRST_YEAR


def session_in_words(session: int) -> str:
    """``session 77``; ``2024`` where sessions are numbered by years."""
    return str(session) if numbered_by_years(session) else f"session {session}"


def sessions_in_words(first: int, last: int) -> str:
    """``sessions 73 to 77``; ``2020 to 2024`` where they are numbered by years."""
    return f"{first} to {last}" if numbered_by_years(first) else f"sessions {first} to {last}"


def session_label(session: int) -> str:
    """The head of a column or axis of sessions: ``Session``, or ``Year`` where they are numbered by years."""
    return "Year" if numbered_by_years(session) else "Session"
