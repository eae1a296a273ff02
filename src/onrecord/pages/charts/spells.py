"""What befell a person: spells on a time line, each date drawn as precisely as it is known.

A month is a band as wide as the month. Where nothing has been heard since a day, the line turns to
hatching there: not ended, not going on, unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages.charts.appearance import GREY, fill
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.scales import Days
from onrecord.pages.charts.svg import haloed, join, line, link, shortened, tag, text
from onrecord.pages.charts.time_rows import LEFT, time_rows

_INK = "#3d3d3d"


@dataclass(frozen=True, slots=True)
class Spell:
    """Something that lasted: from ``start`` to ``end``.

    Args:
        end: None where no end is on record.
        last_known: the last day for which the record shows the spell going on; None means its start.
            Ignored where ``end`` is known.
    """

    label: str
    start: PartialDate
    end: PartialDate | None = None
    last_known: PartialDate | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened at one time, such as a sentence or an opinion."""

    label: str
    when: PartialDate
    href: str | None = None


def spells(items: Sequence[Spell | Happening], *, picture_id: str, title: str, as_of: date) -> Markup:
    """Draw one row for each spell or happening, in the order given."""
    shown = until(items, as_of)
    return time_rows(
        shown,
        lambda item, top, days: _row(item, top, days, as_of, picture_id),
        lambda y: key(y, picture_id),
        [d for item in shown for d in dates(item)],
        row_height=46,
        picture_id=picture_id,
        title=title,
        desc=f"Time line as of {day_in_words(as_of)}. " + " ".join(f"{in_words(item)}." for item in shown),
        as_of=as_of,
        linked=any(item.href for item in shown),
    )


def until(items: Sequence[Spell | Happening], as_of: date) -> list[Spell | Happening]:
    """What had begun by a day; a spell that ended later was still going on."""
    begun = [item for item in items if _begin(item).first <= as_of]
    return [_going_on(item, as_of) if isinstance(item, Spell) else item for item in begun]


def _going_on(spell: Spell, as_of: date) -> Spell:
    if spell.end is None or spell.end.first <= as_of:
        return spell
    return replace(spell, end=None, last_known=PartialDate(as_of, as_of, "day"))


def _begin(item: Spell | Happening) -> PartialDate:
    return item.start if isinstance(item, Spell) else item.when


def dates(item: Spell | Happening) -> list[PartialDate]:
    """All dates that a picture of it has to hold."""
    if isinstance(item, Happening):
        return [item.when]
    return [d for d in (item.start, item.end, item.last_known) if d is not None]


def in_words(item: Spell | Happening) -> str:
    """It in one line, with its dates as precisely as they are known."""
    if isinstance(item, Happening):
        return f"{item.label}: {item.when.words()}"
    if item.end is not None:
        return f"{item.label}: from {item.start.words()} to {item.end.words()}"
    heard = item.last_known or item.start
    return f"{item.label}: from {item.start.words()}, no end on record, last known {heard.words()}"


def _row(item: Spell | Happening, top: float, days: Days, as_of: date, picture_id: str) -> Markup:
    label = haloed(LEFT, top, shortened(in_words(item), 104))
    return link(item.href, in_words(item), *drawn(item, top + 15, days, as_of, picture_id), label)


def drawn(item: Spell | Happening, y: float, days: Days, as_of: date, picture_id: str) -> list[Markup]:
    """The marks of a spell or happening on the line at ``y``."""
    return _spell(item, y, days, as_of, picture_id) if isinstance(item, Spell) else _happening(item, y, days)


def _spell(spell: Spell, y: float, days: Days, as_of: date, picture_id: str) -> list[Markup]:
    """Outlined where a date is open, solid where the spell surely went on, hatched where nobody knows."""
    until = spell.end or spell.last_known or spell.start
    sure_from, sure_to = days(spell.start.last), days(until.first)
    parts = [_open_days(spell.start, days, y)]
    if sure_to > sure_from:
        parts.append(tag("rect", x=sure_from, y=y - 5, width=sure_to - sure_from, height=10, fill=_INK))
    parts.append(_open_days(until, days, y))
    if spell.end is None and days(as_of) > days(until.last):
        x = days(until.last)
        hatched = fill("unknown", picture_id)
        parts.append(
            tag(
                "rect", x=x, y=y - 5, width=days(as_of) - x, height=10, fill=hatched, stroke=GREY,
                stroke_width=0.8, stroke_dasharray="2 2", class_="not-known",
            )
        )  # fmt: skip
    elif spell.end is not None and spell.end.precision == "day":
        parts.append(line(sure_to, y - 8, sure_to, y + 8, width=2))
    return parts


def _open_days(day: PartialDate, days: Days, y: float) -> Markup:
    """The days a date could be: an upright for one day, an outlined band for a month or a year."""
    if day.precision == "day":
        x = days(day.first)
        return line(x, y - 8, x, y + 8, width=2)
    x = days(day.first)
    return tag(
        "rect", x=x, y=y - 5, width=max(3, days(day.last) - x), height=10, fill="#fff", stroke=_INK,
        stroke_width=1.4, class_="open-date",
    )  # fmt: skip


def _happening(item: Happening, y: float, days: Days) -> list[Markup]:
    if item.when.precision == "day":
        return [_diamond(days.middle(item.when), y)]
    return [_open_days(item.when, days, y)]


def _diamond(x: float, y: float, r: float = 5.5) -> Markup:
    corners = f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"
    return tag("polygon", points=corners, fill=_INK)


def key(y: float, picture_id: str) -> Markup:
    """What solid, outlined and hatched mean."""
    mid, x = y - 4.5, LEFT
    hatched = fill("unknown", picture_id)
    return join(
        [
            tag("rect", x=x, y=mid - 5, width=26, height=10, fill=_INK),
            text(x + 32, y, "shown by the record"),
            tag(
                "rect", x=x + 172, y=mid - 5, width=26, height=10, fill="#fff", stroke=_INK, stroke_width=1.4
            ),
            text(x + 204, y, "on a day in this time"),
            tag("rect", x=x + 348, y=mid - 5, width=26, height=10, fill=hatched, stroke=GREY),
            text(x + 380, y, "nothing known since"),
            _diamond(x + 532, mid),
            text(x + 544, y, "happened on that day"),
        ]
    )
