"""Where a state votes: its position over sessions with an interval, beside another state's.

The first state has a solid line in a grey band, the second a dashed line in a hatched band: told apart
without colour, because colour here means a side and a position is not a side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from onrecord.pages.charts.appearance import GREY, PALE, fill, textures
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.scales import Scale, round_ticks
from onrecord.pages.charts.svg import join, line, link, number, picture, tag, text

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 720.0, 40.0, 600.0, 34.0, 300.0


@dataclass(frozen=True, slots=True)
class SessionPosition:
    """An estimate for one session, with the ends of its interval (low <= estimate <= high)."""

    session: int
    estimate: float
    low: float
    high: float
    href: str | None = None


@dataclass(frozen=True, slots=True)
class StateLine:
    """One state's estimates; sessions without an estimate are simply absent and break the line."""

    name: str
    positions: tuple[SessionPosition, ...]


def positions_over_sessions(
    first: StateLine,
    second: StateLine | None = None,
    *,
    picture_id: str,
    title: str,
    as_of: date,
    interval: str = "95 %",
    axis: str = "position",
) -> Markup:
    """Draw one or two states; ``interval`` names the intervals and ``axis`` the upright scale."""
    lines = [first] if second is None else [first, second]
    every = [p for state in lines for p in state.positions]
    across = Scale(min(p.session for p in every), max(p.session for p in every), _LEFT, _RIGHT)
    low, high = min(p.low for p in every), max(p.high for p in every)
    up = Scale(low, high, _BOTTOM, _TOP)
    body = [
        textures(picture_id, {"unknown"}),
        *(_gridline(value, up) for value in round_ticks(low, high)),
        *(_session(value, across) for value in round_ticks(across.low, across.high, 8)),
        *(_band(state, i, across, up, picture_id) for i, state in enumerate(lines)),
        *(_line(state, i, across, up) for i, state in enumerate(lines)),
        *_names(lines, up),
        text(0, 14, f"{axis}, {interval} interval", size=12.5),
        text(_RIGHT, 14, f"as of {day_in_words(as_of)}", anchor="end", size=12.5),
        text(_LEFT, _BOTTOM + 36, "session", size=12.5),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=_BOTTOM + 44,
        title=title,
        desc=" ".join(_words(state, interval) for state in lines),
        body=join(body),
        linked=any(p.href for p in every),
    )


def _words(state: StateLine, interval: str) -> str:
    a, b = state.positions[0], state.positions[-1]
    return (
        f"{state.name}: {a.estimate:.2f} in session {a.session}, {b.estimate:.2f} ({interval} interval "
        f"{b.low:.2f} to {b.high:.2f}) in session {b.session}."
    )


def _gridline(value: float, up: Scale) -> Markup:
    y = up(value)
    label = text(_LEFT - 6, y + 4, f"{value:g}".replace("-", "−"), anchor="end", size=12.5)
    return join([line(_LEFT, y, _RIGHT, y, stroke=PALE, width=0.7), label])


def _session(value: float, across: Scale) -> Markup:
    if value != int(value):
        return Markup("")
    return text(across(value), _BOTTOM + 18, f"{value:g}", anchor="middle", size=12.5)


def _runs(state: StateLine) -> list[list[SessionPosition]]:
    """Stretches of sessions without a gap."""
    runs: list[list[SessionPosition]] = []
    for position in sorted(state.positions, key=lambda p: p.session):
        if runs and position.session == runs[-1][-1].session + 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return runs


def _band(state: StateLine, index: int, across: Scale, up: Scale, picture_id: str) -> Markup:
    colour = "#d6d6d6" if index == 0 else fill("unknown", picture_id)
    bands = []
    for run in _runs(state):
        edge = [(p.session, p.high) for p in run] + [(p.session, p.low) for p in run[::-1]]
        points = " ".join(f"{number(across(s))},{number(up(v))}" for s, v in edge)
        bands.append(
            tag("polygon", points=points, fill=colour, fill_opacity=0.6, stroke=GREY, stroke_width=0.4)
        )
    return join(bands)


def _line(state: StateLine, index: int, across: Scale, up: Scale) -> Markup:
    parts = []
    for run in _runs(state):
        points = " ".join(f"{number(across(p.session))},{number(up(p.estimate))}" for p in run)
        dash = "6 4" if index else None
        parts.append(
            tag(
                "polyline",
                points=points,
                fill="none",
                stroke="currentColor",
                stroke_width=2,
                stroke_dasharray=dash,
            )
        )
        for p in run:
            said = f"{state.name}, session {p.session}: {p.estimate:.2f} ({p.low:.2f} to {p.high:.2f})"
            colour = "#fff" if index else "currentColor"
            point = tag(
                "circle", cx=across(p.session), cy=up(p.estimate), r=3, fill=colour, stroke="currentColor"
            )
            parts.append(link(p.href, said, point))
    return join(parts)


def _names(lines: Sequence[StateLine], up: Scale) -> list[Markup]:
    """Each name at the end of its line, moved apart where the two would overlap."""
    ends = sorted((up(state.positions[-1].estimate), i) for i, state in enumerate(lines))
    if len(ends) == 2 and ends[1][0] - ends[0][0] < 18:
        middle = (ends[0][0] + ends[1][0]) / 2
        ends = [(middle - 9, ends[0][1]), (middle + 9, ends[1][1])]
    parts = []
    for y, i in ends:
        parts.append(line(_RIGHT + 6, y, _RIGHT + 26, y, width=2, stroke_dasharray="6 4" if i else None))
        parts.append(text(_RIGHT + 30, y + 4.5, lines[i].name, size=14))
    return parts
