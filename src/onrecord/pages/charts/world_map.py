"""Who stands where: the world, each state in the appearance of its stance.

Unknown is hatched, and a member of the United Nations that the data leave out is unknown too: no state is
ever blank because somebody forgot it. States too small to be seen carry a dot.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from onrecord.pages.charts.appearance import (
    CRITICAL,
    DARK_OCHRE,
    GREY,
    PALE,
    STANCES,
    WORDS,
    Stance,
    fill,
    key,
    textures,
)
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.svg import join, link, number, picture, tag, text

BORDERS_NOTE = (
    "Borders are those of Natural Earth (1:50 million), which draws who holds land, not who should; they say "
    "nothing about anyone's claim. White land with a pale outline is not a member of the United Nations."
)

_EDGES: dict[Stance, str] = {"critical": CRITICAL, "supportive": DARK_OCHRE, "both": CRITICAL}
_KEY_ROOM = 46


@dataclass(frozen=True, slots=True)
class MapState:
    """One state on the map; ``detail`` is added to the words a reader gets on pointing at it."""

    iso3: str
    name: str
    stance: Stance
    href: str | None = None
    detail: str = ""

    def words(self) -> str:
        """Somalia: on both sides; critical 2022, supportive 2019."""
        said = f"{self.name}: {WORDS[self.stance]}"
        return f"{said}; {self.detail}" if self.detail else said


@cache
def world() -> dict[str, Any]:
    """The outlines that tools/build_map.py wrote, for every picture that is a map."""
    found: dict[str, Any] = json.loads((files("onrecord.pages") / "assets" / "world.json").read_text("utf-8"))
    return found


def world_map(states: Sequence[MapState], *, picture_id: str, title: str, as_of: date) -> Markup:
    """Draw the map.

    Args:
        states: one for each state that has an appearance; members of the United Nations that are missing
            are drawn as unknown, without a link. A state without outline or dot is left to the list.
        picture_id: unique in the page.
        title: the finding in one sentence.
        as_of: the day for which the stances hold.
    """
    outlines = world()
    given = {state.iso3: state for state in states}
    everyone = [given.get(iso3, MapState(iso3, iso3, "unknown")) for iso3 in outlines["members"]]
    everyone += [state for state in states if state.iso3 not in outlines["members"]]
    used = {state.stance for state in everyone}
    groups = [
        _group(stance, [s for s in everyone if s.stance == stance], outlines, picture_id)
        for stance in STANCES[::-1]  # the sides are drawn last, above their neighbours' edges
        if stance in used
    ]
    land = tag("g", *_land_without_stance(outlines, given), fill="#fff", stroke=PALE, stroke_width=1)
    width, height = outlines["width"] / 2, outlines["height"] / 2
    counts = {stance: sum(s.stance == stance for s in everyone) for stance in STANCES}
    desc = "Map of the world as of " + day_in_words(as_of) + ": "
    desc += ", ".join(f"{counts[s]} {WORDS[s]}" for s in STANCES if counts[s]) + "."
    below = tag(
        "g", key(8, 14, used, picture_id),
        transform=f"translate(0 {number(height + 14)}) scale(1.33)", class_="picture-key",
    )  # fmt: skip
    day = text(8, height - 4, f"as of {day_in_words(as_of)}", size=16, class_="picture-key")
    return picture(
        picture_id=picture_id,
        width=width,
        height=height + _KEY_ROOM,
        title=title,
        desc=desc,
        body=join([textures(picture_id, used), tag("g", land, *groups, transform="scale(.5)"), day, below]),
        linked=any(state.href for state in states),
        shrinks=True,
    )


def _land_without_stance(world: dict[str, Any], given: dict[str, MapState]) -> list[Markup]:
    spoken_for = {*world["members"], *given}
    paths = [path for iso3, path in sorted(world["shapes"].items()) if iso3 not in spoken_for]
    return [tag("path", d=path) for path in [*paths, world["blank"]]]


def _group(stance: Stance, states: list[MapState], world: dict[str, Any], picture_id: str) -> Markup:
    return tag(
        "g",
        *(_state(state, world) for state in states),
        fill=fill(stance, picture_id),
        stroke=_EDGES.get(stance, GREY),
        stroke_width=1,
        stroke_linejoin="round",
        class_=f"stance-{stance.replace('_', '-')}",
    )


def _state(state: MapState, world: dict[str, Any]) -> Markup:
    drawn = []
    if path := world["shapes"].get(state.iso3):
        drawn.append(tag("path", d=path))
    if dot := world["dots"].get(state.iso3):
        drawn.append(tag("circle", cx=dot[0], cy=dot[1], r=6.5))
    return link(state.href, state.words(), *drawn, tabbed=False) if drawn else Markup("")
