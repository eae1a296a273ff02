"""Small pictures for the doors of the front page: each says one thing, without axes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from onrecord.pages.charts.appearance import CRITICAL, DARK_OCHRE, GREY, fill, textures
from onrecord.pages.charts.mirrored_steps import SideCount
from onrecord.pages.charts.scales import Days, Scale, span
from onrecord.pages.charts.svg import join, line, number, picture, tag

_WIDTH, _HEIGHT = 240.0, 64.0


def both_sides(counts: Sequence[SideCount], *, picture_id: str, title: str, as_of: date) -> Markup:
    """A bar for each instrument, critical up and supportive down: solid for names, a stem up to the count."""
    shown = [c for c in counts if c.day.first <= as_of]
    most = max([max(c.height, c.listed) for c in shown] + [1])
    level = Scale(-most, most, _HEIGHT - 2, 2)
    days = Days(*span([c.day.first for c in shown], as_of), 3, _WIDTH - 3)
    parts = [textures(picture_id, {"supportive"}), line(0, level(0), _WIDTH, level(0), width=0.8)]
    for count in shown:
        sign = 1 if count.side == "critical" else -1
        x, named, stated = days.middle(count.day), level(sign * count.listed), level(sign * count.height)
        colour = CRITICAL if count.side == "critical" else DARK_OCHRE
        parts.append(line(x, level(0), x, stated, stroke=colour, width=1))
        parts.append(line(x, level(0), x, named, stroke=colour, width=3.5))
    return _small(picture_id, title, f"{len(shown)} instruments.", parts)


def longest_wait(*, made: date, due: date | None, picture_id: str, title: str, as_of: date) -> Markup:
    """One promise from the day it was made until today, hatched from the day it was due."""
    days = Days(made, max(as_of, made), 8, _WIDTH - 12)
    y = _HEIGHT / 2
    turn = days(min(max(due, made), as_of)) if due else days(as_of)
    dash = None if due else "7 4"
    parts = [
        textures(picture_id, {"unknown"}),
        line(8, y, turn, y, width=2.4, stroke_dasharray=dash),
        tag("circle", cx=8, cy=y, r=5, fill="currentColor"),
    ]
    if due and due < as_of:
        parts.append(
            tag(
                "rect", x=turn, y=y - 9, width=_WIDTH - 12 - turn, height=18, stroke=GREY,
                fill=fill("unknown", picture_id),
            )
        )  # fmt: skip
    parts.append(tag("path", d=f"M{number(_WIDTH - 11)} {number(y - 8)}l9 8l-9 8z", fill="currentColor"))
    return _small(picture_id, title, f"Made {made.isoformat()}, open on {as_of.isoformat()}.", parts)


def one_each(total: int, filled: int, *, picture_id: str, title: str) -> Markup:
    """One point for each of ``total``, the first ``filled`` solid and the others hatched; a bar above 240.

    Raises:
        ValueError: filled is negative or more than the total.
    """
    if not 0 <= filled <= total:
        raise ValueError(f"{filled} of {total} cannot be filled")
    parts = [textures(picture_id, {"unknown"}, zoom=0.6)]
    step = next((s for s in (20, 16, 12, 8) if (_WIDTH // s) * (_HEIGHT // s) >= total), None)
    if step is None:
        return _small(
            picture_id, title, f"{filled} of {total}.", [*parts, _share(filled / total, picture_id)]
        )
    columns = int(_WIDTH // step)
    for i in range(total):
        x, y = (i % columns + 0.5) * step, (i // columns + 0.5) * step
        sure = i < filled
        parts.append(
            tag(
                "circle", cx=x, cy=y, r=step * 0.36, stroke="currentColor" if sure else GREY,
                fill="currentColor" if sure else fill("unknown", picture_id), stroke_width=0.8,
            )
        )  # fmt: skip
    return _small(picture_id, title, f"{filled} of {total}.", parts)


def _share(share: float, picture_id: str) -> Markup:
    """A bar, for more than the eye can count as points."""
    y, split = _HEIGHT / 2 - 9, (_WIDTH - 2) * share
    hatched = fill("unknown", picture_id)
    return join(
        [
            tag("rect", x=1, y=y, width=_WIDTH - 2, height=18, fill=hatched, stroke=GREY, stroke_width=0.8),
            tag("rect", x=1, y=y, width=split, height=18, fill="currentColor"),
        ]
    )


def _small(picture_id: str, title: str, desc: str, parts: Sequence[Markup]) -> Markup:
    return picture(
        picture_id=picture_id, width=_WIDTH, height=_HEIGHT, title=title, desc=desc, body=join(parts)
    )
