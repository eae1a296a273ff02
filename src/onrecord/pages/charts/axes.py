"""Axes with as little ink as they need: ticks at whole years, hairlines, and the day the picture stands for."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages.charts.appearance import PALE
from onrecord.pages.charts.scales import Days
from onrecord.pages.charts.svg import join, line, text


def day_in_words(day: date) -> str:
    """22 November 2026."""
    return PartialDate(day, day, "day").words()


def year_axis(days: Days, top: float, bottom: float) -> Markup:
    """A hairline at each first of January, and the years below."""
    parts = []
    for year, x in days.whole_years():
        parts += [
            line(x, top, x, bottom, stroke=PALE, width=0.7),
            text(x, bottom + 16, str(year), anchor="middle", size=12.5),
        ]
    return join(parts)


def value_tick(value: float, x: float, top: float, bottom: float, *, below: float = 16) -> Markup:
    """A hairline at a value, and the value so far below."""
    label = text(x, bottom + below, f"{value:g}".replace("-", "−"), anchor="middle", size=12.5)
    return join([line(x, top, x, bottom, stroke=PALE, width=0.7), label])


def as_of_line(days: Days, as_of: date, top: float, bottom: float, *, words: str = "") -> Markup:
    """A dashed upright at the day the picture stands for, named above."""
    x = days(as_of)
    label = words or day_in_words(as_of)
    return join(
        [
            line(x, top, x, bottom, width=1.2, stroke_dasharray="3 3"),
            text(x, top - 5, label, anchor="end", size=12.5),
        ]
    )
