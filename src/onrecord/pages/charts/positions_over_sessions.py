"""Where states vote: their positions over sessions with intervals, one to five states on one chart.

The first state has a solid line in a grey band, the second a dashed line in a hatched band, the others lines and marks of
their own between thin edges: told apart without colour, because colour here means a side and a position is not a side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from onrecord.pages.charts.appearance import GREY, PALE, fill, textures
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.scales import Scale, round_ticks
from onrecord.pages.charts.svg import join, line, link, number, picture, shortened, tag, text
from onrecord.pages.words import session_in_words, session_label

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 752.0, 40.0, 600.0, 34.0, 300.0
_NAMES_APART = 18.0

MOST = 5
"""States that one chart can hold and a reader still tell apart."""

_DASHES = (None, "6 4", "2 3", "10 3 2 3", "1 5")


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
    *lines: StateLine,
    picture_id: str,
    title: str,
    as_of: date,
    interval: str = "95 %",
    axis: str = "position",
) -> Markup:
    """Draw one to five states; ``interval`` names the intervals and ``axis`` the upright scale.

    A state's look follows from its place among the arguments, also where a state without positions stands before it.

    Raises:
        ValueError: no states, or more than can be told apart.
    """
    if not 1 <= len(lines) <= MOST:
        raise ValueError(f"{len(lines)} lines; a reader can tell 1 to {MOST} apart")
    drawn = [(i, state) for i, state in enumerate(lines) if state.positions]
    every = [p for _, state in drawn for p in state.positions]
    across = Scale(min(p.session for p in every), max(p.session for p in every), _LEFT, _RIGHT)
    low, high = min(p.low for p in every), max(p.high for p in every)
    up = Scale(low, high, _BOTTOM, _TOP)
    body = [
        textures(picture_id, {"unknown"}),
        *(_gridline(value, up) for value in round_ticks(low, high)),
        *(_session(value, across) for value in round_ticks(across.low, across.high, 8)),
        *(_band(state, i, across, up, picture_id) for i, state in drawn),
        *(_line(state, i, across, up) for i, state in drawn),
        *_names(drawn, up),
        text(0, 14, f"{axis}, {interval} interval", size=12.5),
        text(_RIGHT, 14, f"as of {day_in_words(as_of)}", anchor="end", size=12.5),
        text(_LEFT, _BOTTOM + 36, session_label(every[0].session).lower(), size=12.5),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=_BOTTOM + 44,
        title=title,
        desc=" ".join(_words(state, interval) for _, state in drawn),
        body=join(body),
        linked=any(p.href for p in every),
    )


def _words(state: StateLine, interval: str) -> str:
    a, b = state.positions[0], state.positions[-1]
    return (
        f"{state.name}: {a.estimate:.2f} in {session_in_words(a.session)}, {b.estimate:.2f} ({interval} interval "
        f"{b.low:.2f} to {b.high:.2f}) in {session_in_words(b.session)}."
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
    colour = ("#d6d6d6", fill("unknown", picture_id))[index] if index < 2 else "none"
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
        parts.append(
            tag(
                "polyline",
                points=points,
                fill="none",
                stroke="currentColor",
                stroke_width=2,
                stroke_dasharray=_DASHES[index],
            )
        )
        for p in run:
            said = (
                f"{state.name}, {session_in_words(p.session)}: {p.estimate:.2f} ({p.low:.2f} to {p.high:.2f})"
            )
            parts.append(link(p.href, said, _sign(index, across(p.session), up(p.estimate))))
    return join(parts)


def _sign(index: int, x: float, y: float, r: float = 3) -> Markup:
    """A filled disc, a ring, a filled square, an open triangle, a filled diamond."""
    look: dict[str, str] = {"fill": "#fff" if index in (1, 3) else "currentColor", "stroke": "currentColor"}
    if index < 2:
        return tag("circle", cx=x, cy=y, r=r, **look)
    corners = {
        2: ((-r, -r), (r, -r), (r, r), (-r, r)),
        3: ((0, -r - 1), (r + 1, r), (-r - 1, r)),
        4: ((0, -r - 1), (r + 1, 0), (0, r + 1), (-r - 1, 0)),
    }[index]
    points = " ".join(f"{number(x + a)},{number(y + b)}" for a, b in corners)
    return tag("polygon", points=points, **look)


def _names(lines: Sequence[tuple[int, StateLine]], up: Scale) -> list[Markup]:
    """Each name at the end of its line, moved apart where names would overlap."""
    ends = sorted((up(state.positions[-1].estimate), i, state.name) for i, state in lines)
    parts = []
    for y, (_, i, name) in zip(_apart([y for y, _, _ in ends]), ends, strict=True):
        parts.append(line(_RIGHT + 6, y, _RIGHT + 26, y, width=2, stroke_dasharray=_DASHES[i]))
        parts.append(_sign(i, _RIGHT + 16, y))
        parts.append(text(_RIGHT + 30, y + 4.5, shortened(name, 14), size=14))
    return parts


def _apart(places: Sequence[float]) -> list[float]:
    """Rising places moved as little as leaves a line of text between neighbours: overlapping ones share out the room."""
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while len(groups) > 1 and _reach(groups[-2])[1] + _NAMES_APART > _reach(groups[-1])[0]:
            last = groups.pop()
            groups[-1] += last
    return [_reach(group)[0] + _NAMES_APART * at for group in groups for at in range(len(group))]


def _reach(group: Sequence[float]) -> tuple[float, float]:
    """Where the first and last name of a group stand, spread evenly about the middle of their lines' ends."""
    middle, half = sum(group) / len(group), _NAMES_APART * (len(group) - 1) / 2
    return middle - half, middle + half
