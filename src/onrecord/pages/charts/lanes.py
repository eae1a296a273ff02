"""Many things on one time line: a lane for each person or for each kind of event, drawn as in the picture of one life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.scales import Days
from onrecord.pages.charts.spells import Happening, Spell, dates, drawn, in_words, key, until
from onrecord.pages.charts.svg import haloed, join, link, tag
from onrecord.pages.charts.time_rows import LEFT, time_rows

_TOLD = 12  # more of a lane than this is told as a count and stands in the list beside the picture


@dataclass(frozen=True, slots=True)
class Lane:
    """What is dated of one person or one kind of event; no items where no date is known."""

    name: str
    items: tuple[Spell | Happening, ...]
    href: str | None = None


def lanes(shown: Sequence[Lane], *, picture_id: str, title: str, as_of: date) -> Markup:
    """Draw one lane below the other, in the order given; one without a date has a name and an empty line."""
    begun = [replace(lane, items=tuple(until(lane.items, as_of))) for lane in shown]
    return time_rows(
        begun,
        lambda lane, top, days: _row(lane, top, days, as_of, picture_id),
        lambda y: key(y, picture_id),
        [d for lane in begun for item in lane.items for d in dates(item)],
        row_height=38,
        picture_id=picture_id,
        title=title,
        desc=f"Time line as of {day_in_words(as_of)}. " + " ".join(map(_told, begun)),
        as_of=as_of,
        linked=any(lane.href or any(item.href for item in lane.items) for lane in begun),
    )


def _told(lane: Lane) -> str:
    if len(lane.items) > _TOLD:
        return f"{lane.name}: {len(lane.items)} on record."
    return f"{lane.name}: {'; '.join(map(in_words, lane.items)) or 'no date is known'}."


def _row(lane: Lane, top: float, days: Days, as_of: date, picture_id: str) -> Markup:
    marks = (
        link(item.href, in_words(item), *drawn(item, top + 11, days, as_of, picture_id), tabbed=False)
        for item in lane.items
    )
    unknown = () if lane.items else ("\u2003", tag("tspan", "no date is known", font_style="italic"))
    name = haloed(LEFT, top, tag("tspan", lane.name, font_weight="600"), *unknown)
    return join([*marks, link(lane.href, lane.name, name)])
