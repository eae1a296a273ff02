"""Letters and votes on one axis: where states of each stance stand by their votes, one state picked out.

Stance comes from what was signed, place from how was voted: a row for each stance, a mark for each state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from markupsafe import Markup

from onrecord.pages.charts.appearance import PALE, STANCES, WORDS, Stance, mark, textures
from onrecord.pages.charts.axes import day_in_words, value_tick
from onrecord.pages.charts.scales import Scale, round_ticks
from onrecord.pages.charts.svg import haloed, join, line, link, picture, text

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 720.0, 196.0, 700.0, 44.0, 54.0


@dataclass(frozen=True, slots=True)
class PlacedState:
    """One state: its stance by what it signed, its place by how it voted, the ends of the place's interval."""

    name: str
    stance: Stance
    place: float
    low: float
    high: float
    href: str | None = None


def stances_on_axis(
    states: Sequence[PlacedState], *, picture_id: str, title: str, as_of: date, picked: str = ""
) -> Markup:
    """Draw one row a stance; ``picked`` names the state that gets its interval and its name."""
    rows = [stance for stance in STANCES if any(s.stance == stance for s in states)]
    ends = [v for s in states for v in ((s.low, s.high) if s.name == picked else (s.place,))]
    low, high = min(ends), max(ends)
    across = Scale(low, high, _LEFT, _RIGHT - 8)
    bottom = _TOP + _ROW * len(rows)
    body = [
        textures(picture_id, rows),
        *(
            value_tick(value, across(value), _TOP - 10, bottom, below=18)
            for value in round_ticks(low, high, 6)
        ),
        *(_row(stance, i, states, across, picture_id, picked) for i, stance in enumerate(rows)),
        text(0, 14, "by what it signed", size=12.5),
        text(_LEFT, 14, "by how it voted: position", size=12.5),
        text(_RIGHT, 14, f"as of {day_in_words(as_of)}", anchor="end", size=12.5),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=bottom + 28,
        title=title,
        desc=_description(rows, states, picked),
        body=join(body),
        linked=any(s.href for s in states),
    )


def _row(
    stance: Stance, index: int, states: Sequence[PlacedState], across: Scale, picture_id: str, picked: str
) -> Markup:
    y = _TOP + _ROW * (index + 0.5)
    mine = [s for s in states if s.stance == stance]
    middle = across(median(s.place for s in mine))
    parts = [
        text(0, y + 4.5, f"{WORDS[stance].split(' (')[0]} ({len(mine)})", size=13),
        line(across.start, y, across.end, y, stroke=PALE),
        line(middle, y - 16, middle, y + 16, width=1.4),
    ]
    for state in sorted(mine, key=lambda s: (s.name == picked, s.place, s.name)):
        words = f"{state.name}: {WORDS[stance]}; position {state.place:.2f}"
        sign = mark(stance, across(state.place), y, 7 if state.name == picked else 4, picture_id)
        parts.append(link(state.href, words, sign, tabbed=False))
        if state.name == picked:
            parts.append(_name(state, across, y))
    return join(parts)


def _name(state: PlacedState, across: Scale, y: float) -> Markup:
    x = across(state.place)
    at = min(max(x, across.start + 40), across.end - 60)
    interval = line(across(state.low), y + 12, across(state.high), y + 12, width=2)
    return join([interval, haloed(at - 20, y - 12, state.name)])


def _description(rows: Sequence[Stance], states: Sequence[PlacedState], picked: str) -> str:
    told = []
    for stance in rows:
        places = [s.place for s in states if s.stance == stance]
        told.append(
            f"{len(places)} states {WORDS[stance]}, from {min(places):.2f} to {max(places):.2f}, half below {median(places):.2f}"
        )
    mine = next((s for s in states if s.name == picked), None)
    own = f" {mine.name} stands at {mine.place:.2f}." if mine else ""
    return f"Positions by votes of states by what they signed: {'; '.join(told)}.{own}"
