"""Where states stand by their votes, on maps: one large map of a session, and small ones side by side over time.

Five greys from one end of the axis to the other, in the same steps in every session; a state without a position is
hatched. On the small maps each state is a disc at the middle of its largest piece of land.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from markupsafe import Markup

from onrecord.pages.charts.appearance import GREY, PALE, fill, textures
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.svg import join, line, link, number, picture, tag, text
from onrecord.pages.charts.world_map import world

SHADES = ("#ececec", "#c4c4c4", "#979797", "#616161", "#1f1f1f")

_KEY_ROOM, _ACROSS, _SMALL, _GAP, _LABEL = 46, 3, 232.0, 12.0, 22.0


@dataclass(frozen=True, slots=True)
class ShadedState:
    """One state on the large map: its step on the axis from 0 to 4, and its position in words."""

    iso3: str
    name: str
    step: int
    detail: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class SmallMap:
    """One small map: what stands above it, the page it leads to, and the step of each state that has a position."""

    label: str
    steps: Mapping[str, int]
    href: str | None = None


def positions_map(
    states: Sequence[ShadedState], *, ends: tuple[str, str], picture_id: str, title: str, as_of: date
) -> Markup:
    """Draw one session; ``ends`` names who stands at the pale and at the dark end of the axis.

    States without land of their own on a map of today are left to the list beside it.
    """
    outlines = world()
    given = {state.iso3 for state in states}
    lacking = [iso3 for iso3 in outlines["members"] if iso3 not in given]
    land = [path for iso3, path in sorted(outlines["shapes"].items()) if iso3 not in {*given, *lacking}]
    groups = [
        tag("g", *(tag("path", d=path) for path in [*land, outlines["blank"]]), fill="#fff", stroke=PALE),
        tag(
            "g",
            *(_shape(iso3, f"{iso3}: no position", None) for iso3 in lacking),
            fill=fill("unknown", picture_id),
            stroke=GREY,
        ),
        *(_step(step, [s for s in states if s.step == step]) for step in range(len(SHADES))),
    ]
    width, height = outlines["width"] / 2, outlines["height"] / 2
    below = tag(
        "g",
        _key(ends, picture_id),
        transform=f"translate(0 {number(height + 14)}) scale(1.33)",
        class_="picture-key",
    )
    return picture(
        picture_id=picture_id,
        width=width,
        height=height + _KEY_ROOM,
        title=title,
        desc=_words(states, len(lacking), ends, as_of),
        body=join([textures(picture_id, {"unknown"}), tag("g", *groups, transform="scale(.5)"), below]),
        linked=any(state.href for state in states),
        shrinks=True,
    )


def _step(step: int, states: Sequence[ShadedState]) -> Markup:
    drawn = (_shape(s.iso3, f"{s.name}: {s.detail}", s.href) for s in sorted(states, key=lambda s: s.iso3))
    return tag("g", *drawn, fill=SHADES[step], stroke=GREY, stroke_width=1, stroke_linejoin="round")


def _shape(iso3: str, words: str, href: str | None) -> Markup:
    drawn = []
    if path := world()["shapes"].get(iso3):
        drawn.append(tag("path", d=path))
    if dot := world()["dots"].get(iso3):
        drawn.append(tag("circle", cx=dot[0], cy=dot[1], r=6.5))
    return link(href, words, *drawn, tabbed=False) if drawn else Markup("")


def _key(ends: tuple[str, str], picture_id: str) -> Markup:
    left = text(8, 14, ends[0], size=13)
    x = 8 + 6.4 * len(ends[0]) + 10
    boxes = [
        tag("rect", x=x + 20 * at, y=3, width=20, height=13, fill=shade, stroke=GREY)
        for at, shade in enumerate(SHADES)
    ]
    x += 20 * len(SHADES) + 8
    right = text(x, 14, ends[1], size=13)
    x += 6.4 * len(ends[1]) + 26
    unknown = tag("rect", x=x, y=3, width=13, height=13, fill=fill("unknown", picture_id), stroke=GREY)
    return join([left, *boxes, right, unknown, text(x + 18, 14, "no position", size=13)])


def _words(states: Sequence[ShadedState], lacking: int, ends: tuple[str, str], as_of: date) -> str:
    counts = [sum(state.step == step for state in states) for step in range(len(SHADES))]
    return (
        f"Map as of {day_in_words(as_of)}. From the end of {ends[0]} to that of {ends[1]}, "
        f"{', '.join(map(str, counts))} states stand in the five steps; {lacking} members of today have no position."
    )


def small_maps(maps: Sequence[SmallMap], *, picture_id: str, title: str, as_of: date) -> Markup:
    """Draw maps side by side, three in a row, in the order given."""
    scale = _SMALL / world()["width"]
    high = _LABEL + world()["height"] * scale + _GAP
    rows = -(-len(maps) // _ACROSS)
    placed = [
        tag(
            "g",
            _small(one, scale),
            transform=f"translate({number((at % _ACROSS) * (_SMALL + _GAP))} {number(at // _ACROSS * high)})",
        )
        for at, one in enumerate(maps)
    ]
    told = "; ".join(
        f"{one.label}: {', '.join(str(sum(s == step for s in one.steps.values())) for step in range(len(SHADES)))}"
        for one in maps
    )
    return picture(
        picture_id=picture_id,
        width=_ACROSS * (_SMALL + _GAP),
        height=rows * high,
        title=title,
        desc=f"As of {day_in_words(as_of)}, states in each of the five steps along the axis. {told}.",
        body=join(placed),
        linked=any(one.href for one in maps),
    )


def _small(one: SmallMap, scale: float) -> Markup:
    discs = [
        tag(
            "circle",
            cx=x * scale,
            cy=_LABEL + y * scale,
            r=2.6,
            fill=SHADES[step],
            stroke=GREY,
            stroke_width=0.5,
        )
        for iso3, step in sorted(one.steps.items())
        if (middle := middles().get(iso3))
        for x, y in [middle]
    ]
    frame = line(0, _LABEL - 4, _SMALL, _LABEL - 4, stroke=PALE)
    said = f"{one.label}, {len(one.steps)} states"
    return link(one.href, said, text(0, 13, one.label, size=13.5), frame, *discs)


@cache
def middles() -> dict[str, tuple[float, float]]:
    """The middle of each state's largest piece of land, or its dot, in the units of the map's outlines."""
    found = {iso3: _middle(path) for iso3, path in world()["shapes"].items()}
    return {**found, **{iso3: (float(x), float(y)) for iso3, (x, y) in world()["dots"].items()}}


def _middle(path: str) -> tuple[float, float]:
    """The middle of the box of the largest ring of a path of absolute starts and relative lines."""
    boxes = []
    for ring in path.split("M")[1:]:
        steps = [int(n) for n in re.findall(r"-?\d+", ring)]
        xs, ys = _running(steps[0::2]), _running(steps[1::2])
        boxes.append((min(xs), max(xs), min(ys), max(ys)))
    left, right, top, bottom = max(boxes, key=lambda b: (b[1] - b[0]) * (b[3] - b[2]))
    return (left + right) / 2, (top + bottom) / 2


def _running(steps: Sequence[int]) -> list[int]:
    places, place = [], 0
    for step in steps:
        place += step
        places.append(place)
    return places
