"""Figures side by side: bars with their intervals, and a numerator within its denominator.

Sources that disagree stand one under the other; none is averaged away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from onrecord.pages.charts.appearance import PALE
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.scales import Scale, round_ticks
from onrecord.pages.charts.svg import haloed, join, line, link, picture, shortened, tag, text

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 720.0, 4.0, 700.0, 34.0, 50.0
_INK = "#4a4a4a"


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure.

    Args:
        label: of what, and who says so.
        value: the figure itself, zero or more.
        shown: the figure as the source gives it ("about 1 million", "22,762 of 188,100").
        whole: the denominator, in the same unit as the value; drawn as an open frame.
        low, high: the interval, where there is one.
    """

    label: str
    value: float
    shown: str
    whole: float | None = None
    low: float | None = None
    high: float | None = None
    href: str | None = None


def bars(rows: Sequence[Bar], *, picture_id: str, title: str, as_of: date, unit: str) -> Markup:
    """Draw the figures in the order given; all must have the same unit.

    Raises:
        ValueError: a value below zero, which a bar cannot show.
    """
    if any(row.value < 0 for row in rows):
        raise ValueError("a bar cannot show a value below zero")
    most = max([v for row in rows for v in (row.value, row.whole, row.high) if v is not None] + [1.0])
    across = Scale(0, most, _LEFT, _RIGHT - 6)
    bottom = _TOP + _ROW * len(rows)
    ticks = round_ticks(0, most, 6)
    body = [
        *(line(across(v), _TOP, across(v), bottom, stroke=PALE, width=0.7) for v in ticks),
        *(_tick(v, across, bottom, ticks) for v in ticks),
        *(_row(row, i, across) for i, row in enumerate(rows)),
        text(_LEFT, 14, unit, size=12.5),
        text(_RIGHT, 14, f"as of {day_in_words(as_of)}", anchor="end", size=12.5),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=bottom + 26,
        title=title,
        desc=" ".join(f"{row.label}: {row.shown}." for row in rows),
        body=join(body),
        linked=any(row.href for row in rows),
    )


def _tick(value: float, across: Scale, bottom: float, ticks: list[float]) -> Markup:
    at_end = value == ticks[-1] and across(value) > _RIGHT - 30
    anchor = "start" if value == 0 else ("end" if at_end else "middle")
    return text(across(value), bottom + 18, f"{value:,.10g}", anchor=anchor, size=12.5)  # type: ignore[arg-type]


def _row(row: Bar, index: int, across: Scale) -> Markup:
    top = _TOP + _ROW * index + 16
    y = top + 7
    start, end = across(0), across(row.value)
    parts = [tag("rect", x=start, y=y, width=max(0.8, end - start), height=14, fill=_INK)]
    if row.whole is not None:
        width = across(row.whole) - start
        frame = tag("rect", x=start, y=y, width=width, height=14, fill="#fff", stroke=_INK, class_="whole")
        parts.insert(0, frame)
    if row.low is not None and row.high is not None:
        a, b, middle = across(row.low), across(row.high), y + 7
        parts.append(line(a, middle, b, middle, stroke="#fff", width=5))
        parts.append(line(a, middle, b, middle, width=2))
        parts += [line(x, middle - 5, x, middle + 5, width=2) for x in (a, b)]
    words = haloed(_LEFT, top, shortened(row.label, 78), " ", tag("tspan", row.shown, font_weight="600"))
    return link(row.href, f"{row.label}: {row.shown}", *parts, words)
