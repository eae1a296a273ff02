"""How a vote fell or will fall: every seat of the chamber, ordered from yes to no.

On a draft that takes a side, yes wears that side's appearance and no the other's; on any other draft yes is
solid and no is an empty ring. An abstention is the grey square of an act that takes neither side, absence a cross.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from onrecord.pages.charts.appearance import GREY, Stance, mark, textures
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.svg import join, link, number, picture, tag, text

Vote = Literal["yes", "abstain", "no", "absent"]
_ORDER: dict[Vote, int] = {"yes": 0, "abstain": 1, "no": 2, "absent": 3}
_WORDS: dict[Vote, str] = {"yes": "in favour", "abstain": "abstaining", "no": "against", "absent": "absent"}
_WIDTH, _RADIUS, _TOP = 720.0, 320.0, 16.0


@dataclass(frozen=True, slots=True)
class Seat:
    """One member: its vote, or its likeliest vote with ``probability`` of voting yes in [0, 1]."""

    name: str
    vote: Vote
    probability: float | None = None
    href: str | None = None

    def words(self) -> str:
        """Somalia: in favour (yes 81 %)."""
        chance = "" if self.probability is None else f" (yes {self.probability:.0%})".replace("%", " %")
        return f"{self.name}: {_WORDS[self.vote]}{chance}"


def hemicycle(
    seats: Sequence[Seat],
    *,
    picture_id: str,
    title: str,
    as_of: date,
    yes_means: Literal["critical", "supportive"] | None = None,
) -> Markup:
    """Draw the chamber, yes at the left; ``yes_means`` is the side of the draft, None if it takes none."""
    ordered = sorted(seats, key=_rank)
    places = _places(len(ordered))
    size = _seat_radius(len(ordered))
    stances = _stances(yes_means)
    counts = {vote: sum(s.vote == vote for s in seats) for vote in _ORDER}
    body = [
        textures(picture_id, set(stances.values())),
        *(
            link(s.href, s.words(), _sign(s.vote, place, size, stances, picture_id))
            for s, place in zip(ordered, places, strict=True)
        ),
        *_tally(counts, stances, picture_id),
        text(_WIDTH - 10, 14, f"as of {day_in_words(as_of)}", anchor="end", size=15),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=_TOP + _RADIUS + 70,
        title=title,
        desc=", ".join(f"{counts[v]} {_WORDS[v]}" for v in _ORDER if counts[v]) + ".",
        body=join(body),
        linked=any(s.href for s in seats),
        shrinks=True,
    )


def _rank(seat: Seat) -> tuple[int, float, str]:
    """By the answer the seat shows, so that each answer's seats lie together, and then by how likely a yes is."""
    return (_ORDER[seat.vote], -(seat.probability or 0.0), seat.name)


def _rows(count: int) -> int:
    return max(1, min(12, round(math.sqrt(count / 4))))


def _seat_radius(count: int) -> float:
    return min(15.0, _RADIUS * 0.62 / _rows(count) / 2 * 0.72)


def _places(count: int) -> list[tuple[float, float]]:
    """The seats' places from left to right: rows of half circles, each with seats in proportion to its length."""
    rows = _rows(count)
    radii = [_RADIUS * (0.42 + 0.52 * (i + 1) / rows) for i in range(rows)]
    shares = [radius / sum(radii) * count for radius in radii]
    numbers = [int(share) for share in shares]
    by_remainder = sorted(range(rows), key=lambda i: (numbers[i] - shares[i], i))
    for i in by_remainder[: count - sum(numbers)]:
        numbers[i] += 1
    placed = []
    for radius, seats in zip(radii, numbers, strict=True):
        for k in range(seats):
            angle = math.pi * (0.5 if seats == 1 else k / (seats - 1))
            placed.append((angle, radius))
    middle, floor = _WIDTH / 2, _TOP + _RADIUS
    return [(middle - r * math.cos(a), floor - r * math.sin(a)) for a, r in sorted(placed)]


def _stances(yes_means: Literal["critical", "supportive"] | None) -> dict[Vote, Stance]:
    if yes_means == "critical":
        return {"yes": "critical", "no": "supportive"}
    return {"yes": "supportive", "no": "critical"} if yes_means else {}


def _sign(
    vote: Vote, place: tuple[float, float], size: float, stances: dict[Vote, Stance], picture_id: str
) -> Markup:
    x, y = place
    if vote in stances:
        return mark(stances[vote], x, y, size * 0.85, picture_id)
    if vote == "absent":
        d = f"M{number(x - 4)} {number(y - 4)}l8 8m0-8l-8 8"
        return tag("path", d=d, stroke=GREY, stroke_width=1.6, fill="none")
    if vote == "abstain":
        return mark("neither", x, y, size * 0.6, picture_id)
    colour = "currentColor" if vote == "yes" else "#fff"
    return tag("circle", cx=x, cy=y, r=size * 0.85, fill=colour, stroke="currentColor", stroke_width=1.6)


def _tally(counts: dict[Vote, int], stances: dict[Vote, Stance], picture_id: str) -> list[Markup]:
    """The counts below the chamber, in the order of the seats, with the signs they stand for."""
    parts, x = [], 26.0
    for vote in (v for v in _ORDER if counts[v]):
        y = _TOP + _RADIUS + 48
        parts += [
            _sign(vote, (x, y - 10), 13, stances, picture_id),
            text(x + 18, y, str(counts[vote]), size=34, weight="600"),
            text(x + 24 + 18 * len(str(counts[vote])), y, _WORDS[vote], size=20),
        ]
        x += 64 + 18 * len(str(counts[vote])) + 9.2 * len(_WORDS[vote])
    return parts
