"""Whether forecasts meant what they said: chances foretold across, how often each came true upwards.

A mark on the diagonal said what it meant; below it promised too much. A larger mark stands for more votes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from onrecord.pages.charts.appearance import GREY, PALE
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.scales import Scale
from onrecord.pages.charts.svg import join, line, link, picture, tag, text

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 720.0, 52.0, 412.0, 30.0, 390.0
_SMALLEST, _LARGEST = 3.0, 12.0

ANSWERS = ("yes", "abstain", "no")


@dataclass(frozen=True, slots=True)
class Tenth:
    """Forecasts of one answer with about the same chance: the mean chance foretold, the share that came true."""

    answer: Literal["yes", "abstain", "no"]
    foretold: float
    happened: float
    votes: int


def calibration(tenths: Sequence[Tenth], *, picture_id: str, title: str, as_of: date) -> Markup:
    """Draw the marks of all three answers on one square."""
    across, up = Scale(0, 1, _LEFT, _RIGHT), Scale(0, 1, _BOTTOM, _TOP)
    most = max([t.votes for t in tenths] + [1])
    body = [
        *(_grid(value / 5, across, up) for value in range(6)),
        line(_LEFT, _BOTTOM, _RIGHT, _TOP, stroke=GREY, stroke_dasharray="5 4"),
        text(_LEFT, 14, "share that came true", size=12.5),
        text(_RIGHT, _BOTTOM + 38, "chance foretold", anchor="end", size=12.5),
        *(_mark(t, across, up, most) for t in sorted(tenths, key=lambda t: (-t.votes, t.answer, t.foretold))),
        *_key(most),
        text(_WIDTH - 20, 14, f"as of {day_in_words(as_of)}", anchor="end", size=12.5),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=_BOTTOM + 46,
        title=title,
        desc=_description(tenths),
        body=join(body),
    )


def _grid(value: float, across: Scale, up: Scale) -> Markup:
    x, y = across(value), up(value)
    return join(
        [
            line(x, _TOP, x, _BOTTOM, stroke=PALE, width=0.7),
            line(_LEFT, y, _RIGHT, y, stroke=PALE, width=0.7),
            text(x, _BOTTOM + 18, f"{value:.0%}", anchor="middle", size=12.5),
            text(_LEFT - 6, y + 4, f"{value:.0%}", anchor="end", size=12.5),
        ]
    )


def _mark(tenth: Tenth, across: Scale, up: Scale, most: int) -> Markup:
    radius = _SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(tenth.votes / most)
    said = f"{tenth.answer}: {tenth.foretold:.0%} foretold, {tenth.happened:.0%} came true, {tenth.votes:,} votes"
    return link(None, said, sign(tenth.answer, across(tenth.foretold), up(tenth.happened), radius))


def sign(answer: str, x: float, y: float, radius: float) -> Markup:
    """A filled disc for yes, a ring for abstentions, a square for no: told apart without colour."""
    if answer == "no":
        side = radius * 1.7
        return tag(
            "rect",
            x=x - side / 2,
            y=y - side / 2,
            width=side,
            height=side,
            fill="#fff",
            fill_opacity=0.6,
            stroke="currentColor",
            stroke_width=1.6,
        )
    look = {"yes": ("currentColor", 0.75), "abstain": ("#fff", 0.6)}[answer]
    return tag(
        "circle",
        cx=x,
        cy=y,
        r=radius,
        fill=look[0],
        fill_opacity=look[1],
        stroke="currentColor",
        stroke_width=1.6,
    )


def _key(most: int) -> list[Markup]:
    x, y = _RIGHT + 40, _TOP + 20
    parts = []
    for at, answer in enumerate(ANSWERS):
        parts += [sign(answer, x, y + 26 * at - 4.5, 6), text(x + 16, y + 26 * at, answer, size=14)]
    y += 26 * len(ANSWERS) + 20
    parts += [
        text(x - 8, y, f"largest mark: {most:,} votes", size=13),
        text(x - 8, y + 20, "dashed: said and meant", size=13),
        text(x - 8, y + 40, "below it: promised too much", size=13),
    ]
    return parts


def _description(tenths: Sequence[Tenth]) -> str:
    told = (
        f"{t.answer} {t.foretold:.0%} foretold, {t.happened:.0%} came true ({t.votes:,} votes)"
        for t in tenths
    )
    return "Chances foretold beside how often they came true: " + "; ".join(told) + "."
