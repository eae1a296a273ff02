"""Both sides over time: two mirrored step lines, critical upwards and supportive downwards.

A statement says "on behalf of 65 states" and names four: the count as stated and the names on record are
different facts, so they have different marks (a point, and a bar from the middle line).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages.charts.appearance import CRITICAL, DARK_OCHRE, GREY, PALE, fill, mark, textures
from onrecord.pages.charts.axes import as_of_line, day_in_words, year_axis
from onrecord.pages.charts.scales import Days, Scale, round_ticks, span
from onrecord.pages.charts.svg import join, line, link, number, picture, tag, text

Side = Literal["critical", "supportive"]
ListStatus = Literal["complete", "partial", "unverified"]

_LEFT, _RIGHT, _TOP, _BOTTOM, _WIDTH = 34.0, 706.0, 44.0, 372.0, 720.0


@dataclass(frozen=True, slots=True)
class SideCount:
    """One instrument: what it said of its own size, and how many names are on record.

    ``stated`` is None where the instrument or its reports give no count.
    """

    day: PartialDate
    side: Side
    stated: int | None
    listed: int
    list_status: ListStatus
    label: str
    href: str | None = None

    @property
    def height(self) -> int:
        """What the step line follows: the count as stated, or the names where none is stated."""
        return self.listed if self.stated is None else self.stated

    def words(self) -> str:
        """8 July 2019: Letter of 22 states; critical; 22 stated, 22 named, list complete."""
        stated = "no count stated" if self.stated is None else f"{self.stated} stated"
        known = f"{stated}, {self.listed} named, list {self.list_status}"
        return f"{self.day.words()}: {self.label}; {self.side}; {known}"


def mirrored_steps(counts: Sequence[SideCount], *, picture_id: str, title: str, as_of: date) -> Markup:
    """Draw both sides' counts up to ``as_of``; instruments after that day are left out."""
    shown = sorted((c for c in counts if c.day.first <= as_of), key=lambda c: (c.day.first, c.label))
    first, last = span([d for c in shown for d in (c.day.first, c.day.last)], as_of)
    days = Days(first, last, _LEFT, _RIGHT)
    most = max([c.height for c in shown] + [c.listed for c in shown] + [1])
    up = max([max(c.height, c.listed) for c in shown if c.side == "critical"] + [most / 4])
    down = max([max(c.height, c.listed) for c in shown if c.side == "supportive"] + [most / 4])
    level = Scale(-down * 1.06, up * 1.06, _BOTTOM, _TOP)
    body = [
        textures(picture_id, {"supportive"}),
        year_axis(days, _TOP, _BOTTOM),
        *(_gridline(value, level) for value in round_ticks(-down, up, 6)),
        *(_steps([c for c in shown if c.side == side], days, level) for side in ("critical", "supportive")),
        *_instruments(shown, days, level, picture_id),
        as_of_line(days, as_of, _TOP - 10, _BOTTOM, words=f"as of {day_in_words(as_of)}"),
        _key(picture_id),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=430,
        title=title,
        desc=_description(shown, as_of),
        body=join(body),
        linked=any(c.href for c in shown),
    )


def _description(shown: Sequence[SideCount], as_of: date) -> str:
    sides = (f"{sum(c.side == side for c in shown)} {side}" for side in ("critical", "supportive"))
    partial = sum(c.list_status != "complete" for c in shown)
    counted = f"Instruments up to {day_in_words(as_of)}: {' and '.join(sides)}. "
    return counted + f"Of {len(shown)} lists, {partial} are partial or unverified."


def _gridline(value: float, level: Scale) -> Markup:
    y = level(value)
    middle = value == 0
    return join(
        [
            line(_LEFT, y, _RIGHT, y, stroke="currentColor" if middle else PALE, width=1 if middle else 0.7),
            text(_LEFT - 6, y + 4, number(abs(value)), anchor="end", size=12.5),
        ]
    )


def _signed(count: SideCount, value: float) -> float:
    return value if count.side == "critical" else -value


def _steps(counts: Sequence[SideCount], days: Days, level: Scale) -> Markup:
    """A horizontal run from each session to the next, then up or down: a count holds until a new one."""
    if not counts:
        return Markup("")
    places = [(days.middle(c.day), level(_signed(c, c.height))) for c in largest_of_sessions(counts)]
    parts = [f"M{number(places[0][0])} {number(places[0][1])}"]
    parts += [f"H{number(x)}V{number(y)}" for x, y in places[1:]]
    colour = CRITICAL if counts[0].side == "critical" else DARK_OCHRE
    return tag("path", d="".join(parts), fill="none", stroke=colour, stroke_width=1, stroke_opacity=0.55)


def largest_of_sessions(counts: Sequence[SideCount]) -> list[SideCount]:
    """Of instruments within sixty days of a first one, the one with the largest count.

    A group of six that speaks in the same session as a group of sixty has not taken the place of the sixty.
    ``counts`` are one side's, in order of time.
    """
    sessions: list[list[SideCount]] = []
    for count in counts:
        if sessions and (count.day.first - sessions[-1][0].day.first).days <= 60:
            sessions[-1].append(count)
        else:
            sessions.append([count])
    return [max(session, key=lambda count: count.height) for session in sessions]


def _instruments(shown: Sequence[SideCount], days: Days, level: Scale, picture_id: str) -> list[Markup]:
    """The instruments, each moved a little to the right where another of its side stands already."""
    taken: dict[Side, float] = {}
    drawn = []
    for count in shown:
        x = max(days.middle(count.day), taken.get(count.side, 0) + 6)
        taken[count.side] = x
        drawn.append(_instrument(count, x, level, picture_id))
    return drawn


def _instrument(count: SideCount, x: float, level: Scale, picture_id: str) -> Markup:
    zero, named = level(0), level(_signed(count, count.listed))
    stated = level(_signed(count, count.height))
    bar = tag(
        "rect", x=x - 2.5, y=min(zero, named), width=5, height=abs(named - zero), stroke_width=0.6,
        fill=fill(count.side, picture_id), stroke=CRITICAL if count.side == "critical" else DARK_OCHRE,
    )  # fmt: skip
    gap = line(x, named, x, stated, width=1, stroke=GREY, stroke_dasharray="1.5 2.5")
    point = mark(count.side, x, stated, 4.5, picture_id) if count.stated is not None else Markup("")
    return link(count.href, count.words(), bar, gap, point)


def _key(picture_id: str) -> Markup:
    y = 418.0
    parts = [
        text(_LEFT + 4, _TOP - 12, "critical", weight="600"),
        text(_LEFT + 4, _BOTTOM - 6, "supportive", weight="600"),
    ]
    for x, side in ((_LEFT, "critical"), (_LEFT + 16, "supportive")):
        parts.append(mark(side, x + 5, y - 4, 4.5, picture_id))  # type: ignore[arg-type]
    parts.append(text(_LEFT + 34, y, "count as stated"))
    for x, side in ((_LEFT + 160, "critical"), (_LEFT + 172, "supportive")):
        parts.append(tag("rect", x=x, y=y - 11, width=5, height=12, fill=fill(side, picture_id)))  # type: ignore[arg-type]
    parts += [
        text(_LEFT + 188, y, "names on record"),
        line(_LEFT + 312, y - 12, _LEFT + 312, y + 1, stroke=GREY, stroke_dasharray="1.5 2.5"),
        text(_LEFT + 322, y, "stated, not named"),
        line(_LEFT + 450, y - 4, _LEFT + 474, y - 4, stroke=CRITICAL, stroke_opacity=0.55),
        text(_LEFT + 482, y, "largest of each session"),
    ]
    return join(parts)
