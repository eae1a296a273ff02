"""What was promised: one line for each promise, from the day it was made to the day it was kept.

The overdue part is hatched, the chosen day is marked, and a promise without a due date stays open-ended:
it waits, it is not overdue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages.charts.appearance import GREY, fill
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.scales import Days
from onrecord.pages.charts.svg import haloed, join, line, link, number, shortened, tag, text
from onrecord.pages.charts.time_rows import LEFT, time_rows

_LONGEST = 100  # letters in a row, the outcome included


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One promise as of the picture's day.

    Args:
        words: what was promised, by whom, as short as it can be said.
        outcome: what has become of it, in words and days: "overdue 1,423 days", "kept after 352 days".
        due: None where no date was given; then nothing is ever drawn as overdue.
        ended: the day it was kept, or broken; None while it is open.
        broken: the promise ended by being broken, not kept.
    """

    words: str
    made: PartialDate
    outcome: str
    due: PartialDate | None = None
    ended: PartialDate | None = None
    broken: bool = False
    href: str | None = None


def promises(lines: Sequence[PromiseLine], *, picture_id: str, title: str, as_of: date) -> Markup:
    """Draw the promises in the order given, which is the order of the board beside the picture."""
    shown = [p for p in lines if p.made.first <= as_of]
    return time_rows(
        shown,
        lambda promise, top, days: _row(promise, top, days, as_of, picture_id),
        lambda y: _key(y, picture_id),
        [d for p in shown for d in (p.made, p.due, p.ended) if d is not None],
        row_height=50,
        picture_id=picture_id,
        title=title,
        desc=f"Promises as of {day_in_words(as_of)}. " + " ".join(f"{p.words}: {p.outcome}." for p in shown),
        as_of=as_of,
        linked=any(p.href for p in shown),
    )


def _row(promise: PromiseLine, top: float, days: Days, as_of: date, picture_id: str) -> Markup:
    y = top + 15
    words = shortened(promise.words, max(20, _LONGEST - len(promise.outcome)))
    told = haloed(LEFT, top, tag("tspan", promise.outcome, font_weight="600"), "\u2003", words)
    said = f"{promise.words}: {promise.outcome}. Made {promise.made.words()}"
    said += f"; due {promise.due.words()}" if promise.due else "; no due date given"
    return link(promise.href, said, *_bar(promise, y, days, as_of, picture_id), told)


def _bar(promise: PromiseLine, y: float, days: Days, as_of: date, picture_id: str) -> list[Markup]:
    start = days.middle(promise.made)
    ended = promise.ended if promise.ended and promise.ended.first <= as_of else None
    end = days.middle(ended) if ended else days(as_of)
    due = days.middle(promise.due) if promise.due else None
    parts = [_imprecise(promise.made, days, y)]
    if due is None:
        parts.append(line(start, y, end, y, width=2, stroke_dasharray=None if ended else "7 4"))
    else:
        parts.append(line(start, y, min(due, end) if ended else due, y, width=2))
        if end > due:
            parts.append(
                tag(
                    "rect", x=due, y=y - 6, width=end - due, height=12, fill=fill("unknown", picture_id),
                    stroke=GREY, stroke_width=0.8, class_="overdue",
                )
            )  # fmt: skip
        parts.append(line(due, y - 8, due, y + 8, width=2))
    parts.append(tag("circle", cx=start, cy=y, r=4, fill="currentColor"))
    parts.append(_end_mark(promise, end, y) if ended else _arrow(end, y))
    return parts


def _imprecise(day: PartialDate, days: Days, y: float) -> Markup:
    """The days that a month or a year leaves open, as a thin band."""
    if day.precision == "day":
        return Markup("")
    a, b = days(day.first), days(day.last)
    return tag("rect", x=a, y=y - 4, width=b - a, height=8, fill="none", stroke=GREY, stroke_width=0.8)


def _end_mark(promise: PromiseLine, x: float, y: float) -> Markup:
    if promise.broken:
        d = f"M{number(x - 5)} {number(y - 5)}l10 10m0-10l-10 10"
        return tag("path", d=d, stroke="currentColor", stroke_width=2.4, fill="none")
    return tag("rect", x=x - 4.5, y=y - 4.5, width=9, height=9, fill="currentColor")


def _arrow(x: float, y: float) -> Markup:
    return tag("path", d=f"M{number(x)} {number(y - 5)}l7 5l-7 5z", fill="currentColor")


def _key(y: float, picture_id: str) -> Markup:
    mid = y - 4.5
    x = LEFT
    return join(
        [
            tag("circle", cx=x + 5, cy=mid, r=4, fill="currentColor"),
            text(x + 15, y, "made"),
            line(x + 70, mid - 7, x + 70, mid + 7, width=2),
            text(x + 78, y, "due"),
            tag(
                "rect",
                x=x + 122,
                y=mid - 6,
                width=26,
                height=12,
                fill=fill("unknown", picture_id),
                stroke=GREY,
            ),
            text(x + 154, y, "overdue"),
            tag("rect", x=x + 226, y=mid - 4.5, width=9, height=9, fill="currentColor"),
            text(x + 242, y, "kept"),
            tag("path", d=f"M{x + 292} {mid - 5}l10 10m0-10l-10 10", stroke="currentColor", stroke_width=2.4),
            text(x + 310, y, "broken"),
            line(x + 372, mid, x + 400, mid, width=2, stroke_dasharray="7 4"),
            _arrow(x + 400, mid),
            text(x + 413, y, "waiting, no due date"),
        ]
    )
