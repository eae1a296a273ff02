"""How a stance looks, the same on every page, in every picture and in print.

Two sides, both, an act that took neither (an abstention is an answer, not silence), a signature surely not given,
and no known position: six appearances that differ in hue, in lightness and in texture, so that they survive colour blindness and a black-and-white printer. Unknown is
hatched, never a paler version of a side. The blue and the ochre lie on the axis that all common kinds of
colour blindness keep (Okabe and Ito 2008, darkened to stand 3:1 against white paper).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from markupsafe import Markup

from onrecord.pages.charts.svg import join, tag, text

Stance = Literal["critical", "supportive", "both", "neither", "not_signed", "unknown"]
STANCES: tuple[Stance, ...] = get_args(Stance)

WORDS: dict[Stance, str] = {
    "critical": "critical",
    "supportive": "supportive",
    "both": "on both sides",
    "neither": "acted, on neither side",
    "not_signed": "did not sign (complete list)",
    "unknown": "no known position",
}

CRITICAL = "#1d4f86"
SUPPORTIVE = "#d08a1d"
DARK_OCHRE = "#5e3a00"
GREY = "#6b6b6b"
PALE = "#c9c9c9"
PAPER = "#ffffff"


def fill(stance: Stance, picture_id: str) -> str:
    """What an area of this stance is filled with, in a picture that holds ``textures(picture_id, …)``."""
    flat = {"critical": CRITICAL, "neither": PALE, "not_signed": PAPER}
    return flat.get(stance, f"url(#{picture_id}-{stance})")


def textures(picture_id: str, used: Iterable[Stance], *, zoom: float = 1) -> Markup:
    """The textures that the given stances need, under ids of this picture."""
    made = {"supportive": _dots, "both": _stripes, "unknown": _hatch}
    wanted = [stance for stance in STANCES if stance in set(used) and stance in made]
    patterns = [
        tag(
            "pattern", *made[stance](), id=f"{picture_id}-{stance}", width=8, height=8,
            patternUnits="userSpaceOnUse", patternTransform=_turn(stance, zoom),
        )
        for stance in wanted
    ]  # fmt: skip
    return tag("defs", *patterns) if patterns else Markup("")


def _turn(stance: Stance, zoom: float) -> str | None:
    parts = [f"scale({zoom:g})"] if zoom != 1 else []
    parts += ["rotate(45)"] if stance in ("unknown", "both") else []
    return " ".join(parts) or None


def _dots() -> list[Markup]:
    ground = tag("rect", width=8, height=8, fill=SUPPORTIVE)
    return [ground, *(tag("circle", cx=c, cy=c, r=1, fill=DARK_OCHRE) for c in (2, 6))]


def _stripes() -> list[Markup]:
    return [
        tag("rect", width=8, height=8, fill=SUPPORTIVE),
        tag("rect", width=4, height=8, fill=CRITICAL),
    ]


def _hatch() -> list[Markup]:
    ground = tag("rect", width=8, height=8, fill=PAPER)
    return [ground, *(tag("rect", x=x, width=1, height=8, fill="#8d8d8d") for x in (0, 4))]


def mark(stance: Stance, x: float, y: float, radius: float, picture_id: str) -> Markup:
    """One datum as a point: a disc, a diamond, half of each, a square, an empty ring, or a hatched ring."""
    if stance == "supportive":
        return _diamond(x, y, radius)
    if stance == "both":
        return join([_diamond(x, y, radius), _half_disc(x, y, radius)])
    if stance == "neither":
        return _square(x, y, radius)
    edge = {"critical": CRITICAL, "not_signed": GREY, "unknown": GREY}[stance]
    dash = "2 2" if stance == "unknown" else None
    return tag(
        "circle", cx=x, cy=y, r=radius, fill=fill(stance, picture_id), stroke=edge, stroke_width=1.2,
        stroke_dasharray=dash,
    )  # fmt: skip


def _diamond(x: float, y: float, radius: float) -> Markup:
    r = radius * 1.25
    corners = ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
    return tag("polygon", points=points, fill=SUPPORTIVE, stroke=DARK_OCHRE, stroke_width=1.2)


def _square(x: float, y: float, radius: float) -> Markup:
    half = radius * 0.9
    return tag(
        "rect",
        x=x - half,
        y=y - half,
        width=2 * half,
        height=2 * half,
        fill=PALE,
        stroke=GREY,
        stroke_width=1.2,
    )


def _half_disc(x: float, y: float, radius: float) -> Markup:
    r = radius * 1.1
    outline = f"M{x:.1f},{y - r:.1f}A{r:.1f},{r:.1f} 0 0 0 {x:.1f},{y + r:.1f}z"
    return tag("path", d=outline, fill=CRITICAL, stroke=CRITICAL, stroke_width=1.2)


def swatch(stance: Stance, x: float, y: float, size: float, picture_id: str) -> Markup:
    """A small square of the stance's appearance."""
    edge = {"critical": CRITICAL, "supportive": DARK_OCHRE, "both": CRITICAL}.get(stance, GREY)
    return tag(
        "rect", x=x, y=y, width=size, height=size, fill=fill(stance, picture_id), stroke=edge, stroke_width=1
    )


def key(x: float, y: float, used: Iterable[Stance], picture_id: str, *, points: bool = False) -> Markup:
    """The key to the appearances in one line, in the order of STANCES, from (x, y) to the right."""
    parts = []
    for stance in (s for s in STANCES if s in set(used)):
        sign = (
            mark(stance, x + 6, y - 4.5, 5, picture_id)
            if points
            else swatch(stance, x, y - 11, 12, picture_id)
        )
        parts += [sign, text(x + 18, y, WORDS[stance], size=13)]
        x += 18 + 6.1 * len(WORDS[stance]) + 16
    return join(parts)
