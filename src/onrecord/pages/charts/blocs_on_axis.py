"""Blocs on the axis of positions: a row for each bloc, a mark for each state, filled where its place in the bloc is sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from onrecord.pages.charts.appearance import GREY, PALE
from onrecord.pages.charts.axes import day_in_words, value_tick
from onrecord.pages.charts.scales import Scale, round_ticks
from onrecord.pages.charts.svg import haloed, join, line, link, picture, tag, text

SURE = 0.9
"""Stability from which a mark is filled."""

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _LEVELS = 720.0, 120.0, 704.0, 40.0, 86.0, 6


@dataclass(frozen=True, slots=True)
class BlocMark:
    """One state: the number of its bloc, its place on the axis, its stability from 0 to 1; ``named`` is written out."""

    name: str
    bloc: int
    place: float
    stability: float
    href: str | None = None
    named: bool = False


def blocs_on_axis(marks: Sequence[BlocMark], *, picture_id: str, title: str, as_of: date) -> Markup:
    """Draw the blocs in the order of their numbers."""
    rows = sorted({mark.bloc for mark in marks})
    low, high = min(mark.place for mark in marks), max(mark.place for mark in marks)
    across = Scale(low, high, _LEFT, _RIGHT - 8)
    bottom = _TOP + _ROW * len(rows)
    body = [
        *(value_tick(value, across(value), _TOP - 8, bottom) for value in round_ticks(low, high, 6)),
        *(_row(bloc, i, [m for m in marks if m.bloc == bloc], across) for i, bloc in enumerate(rows)),
        text(_LEFT, 14, "position by votes", size=12.5),
        text(_RIGHT, 14, f"as of {day_in_words(as_of)}", anchor="end", size=12.5),
        _key(bottom + 38),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=bottom + 50,
        title=title,
        desc=_description(rows, marks),
        body=join(body),
        linked=any(mark.href for mark in marks),
    )


def _row(bloc: int, index: int, marks: Sequence[BlocMark], across: Scale) -> Markup:
    middle = _TOP + _ROW * (index + 0.5)
    parts = [
        text(0, middle + 4.5, f"Bloc {bloc} ({len(marks)})", size=14),
        line(across.start, middle + _ROW / 2, across.end, middle + _ROW / 2, stroke=PALE),
    ]
    names = []
    for at, mark in enumerate(sorted(marks, key=lambda m: (m.place, m.name))):
        x, y = across(mark.place), middle + (at % _LEVELS - (_LEVELS - 1) / 2) * 9
        words = f"{mark.name}: bloc {bloc}, stability {mark.stability:.2f}, position {mark.place:.2f}"
        parts.append(link(mark.href, words, _sign(x, y, mark.stability), tabbed=False))
        if mark.named:
            names.append(haloed(min(max(x - 20, across.start), across.end - 70), middle - 32, mark.name))
    return join([*parts, *names])


def _sign(x: float, y: float, stability: float) -> Markup:
    look = "currentColor" if stability >= SURE else "#fff"
    return tag("circle", cx=x, cy=y, r=3.8, fill=look, stroke="currentColor" if stability >= SURE else GREY)


def _key(y: float) -> Markup:
    return join(
        [
            _sign(_LEFT + 6, y - 4, 1.0),
            text(_LEFT + 16, y, f"with its bloc in {SURE:.0%} of the draws or more", size=13),
            _sign(_LEFT + 306, y - 4, 0.0),
            text(_LEFT + 316, y, "less often", size=13),
        ]
    )


def _description(rows: Sequence[int], marks: Sequence[BlocMark]) -> str:
    told = []
    for bloc in rows:
        mine = [mark for mark in marks if mark.bloc == bloc]
        sure = sum(mark.stability >= SURE for mark in mine)
        told.append(
            f"bloc {bloc}: {len(mine)} states from {min(m.place for m in mine):.2f} to {max(m.place for m in mine):.2f}, "
            f"{sure} of them surely in it"
        )
    return f"Blocs along the axis of positions by votes. {'; '.join(told)}."
