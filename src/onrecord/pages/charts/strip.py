"""A state's own strip of stances over time; several states make a list of strips.

Critical marks stand above the line and supportive ones below, as in the picture of both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages.charts.appearance import PALE, WORDS, Stance, key, mark, textures
from onrecord.pages.charts.axes import as_of_line, day_in_words, year_axis
from onrecord.pages.charts.scales import Days, span
from onrecord.pages.charts.svg import join, line, link, picture, text

_WIDTH, _RIGHT, _TOP, _ROW = 720.0, 706.0, 30.0, 48.0
_RISE: dict[Stance, float] = {"critical": -12, "supportive": 12}


@dataclass(frozen=True, slots=True)
class StanceMark:
    """What one state's stance on one instrument was; ``label`` names the instrument."""

    day: PartialDate
    stance: Stance
    label: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class StripRow:
    """One state and its marks; an empty name leaves the room at the left to the marks."""

    name: str
    marks: tuple[StanceMark, ...]
    href: str | None = None


def strip(
    rows: Sequence[StripRow], *, picture_id: str, title: str, as_of: date, since: date | None = None
) -> Markup:
    """Draw one strip a row on a common time line from ``since`` (or the first mark) to ``as_of``."""
    marks = [m for row in rows for m in row.marks if m.day.first <= as_of]
    first, last = span([d for m in marks for d in (m.day.first, m.day.last)] + [since or as_of], as_of)
    left = 150.0 if any(row.name for row in rows) else 14.0
    days = Days(first, last, left, _RIGHT)
    bottom = _TOP + _ROW * len(rows)
    used = {m.stance for m in marks}
    body = [
        textures(picture_id, used),
        year_axis(days, _TOP, bottom),
        as_of_line(days, as_of, _TOP - 4, bottom, words=f"as of {day_in_words(as_of)}"),
        *(_row(row, i, days, as_of, picture_id) for i, row in enumerate(rows)),
        key(left, bottom + 42, used, picture_id, points=True),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=bottom + 54,
        title=title,
        desc=_description(rows, as_of),
        body=join(body),
        linked=any(row.href for row in rows) or any(m.href for m in marks),
    )


def _row(row: StripRow, index: int, days: Days, as_of: date, picture_id: str) -> Markup:
    y = _TOP + _ROW * (index + 0.5)
    name = link(row.href, row.name, text(0, y + 4.5, row.name, size=14)) if row.name else Markup("")
    taken: dict[float, float] = {}
    parts = [name, line(days.start, y, days.end, y, stroke=PALE)]
    for item in sorted(row.marks, key=lambda m: (m.day.first, m.label)):
        if item.day.first > as_of:
            continue
        rise = _RISE.get(item.stance, 0)
        x = max(days.middle(item.day), taken.get(rise, 0) + 9)
        taken[rise] = x
        words = f"{item.day.words()}: {WORDS[item.stance]}; {item.label}"
        parts.append(link(item.href, words, mark(item.stance, x, y + rise, 5.5, picture_id)))
    return join(parts)


def _description(rows: Sequence[StripRow], as_of: date) -> str:
    told = []
    for row in rows[:12]:
        marks = sorted((m for m in row.marks if m.day.first <= as_of), key=lambda m: m.day.first)
        said = ", ".join(f"{WORDS[m.stance]} {m.day.words()}" for m in marks) or "no known position"
        told.append(f"{row.name}: {said}." if row.name else f"{said}.")
    more = f" And {len(rows) - 12} more." if len(rows) > 12 else ""
    return f"Stances in order of time as of {day_in_words(as_of)}. " + " ".join(told) + more
