"""Who moved: the flow of states between successive instruments.

Bars are the stances on each instrument, bands the states between them. Those who stayed are pale, those who
moved are dark, and each band is a link to the list of its states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from onrecord.pages.charts.appearance import STANCES, WORDS, Stance, fill, key, textures
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.svg import haloed, join, link, number, picture, tag

_WIDTH, _TOP, _TALL, _GAP, _BAR = 720.0, 16.0, 330.0, 12.0, 13.0
_LEFT, _RIGHT = 20.0, 670.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One instrument (or one day) in the row: a short label and the words for its date."""

    label: str
    date: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """The states that had stance ``before`` at stage ``stage`` and have stance ``after`` at the next.

    ``names`` are the states' names in reading order; their number is the thickness of the band.
    """

    stage: int
    before: Stance
    after: Stance
    names: tuple[str, ...]
    href: str | None = None

    @property
    def moved(self) -> bool:
        """True where the stance is another one afterwards."""
        return self.before != self.after

    def words(self) -> str:
        """Critical, then no known position: 3 states: Albania, Croatia, Palau."""
        count = f"{len(self.names)} state{'' if len(self.names) == 1 else 's'}"
        way = (
            f"{WORDS[self.before]}, then {WORDS[self.after]}" if self.moved else f"{WORDS[self.before]} still"
        )
        names = ", ".join(self.names[:12]) + (
            f" and {len(self.names) - 12} more" if len(self.names) > 12 else ""
        )
        return f"{way}: {count}: {names}"


Totals = list[dict[Stance, int]]


def flow(
    stages: Sequence[Stage], bands: Sequence[Band], *, picture_id: str, title: str, as_of: date
) -> Markup:
    """Draw the flow.

    Args:
        stages: at least two, in order of time.
        bands: every state counted exactly once between each pair of stages.

    Raises:
        ValueError: fewer than two stages, a band outside them, or a stage whose bands coming in and going
            out do not hold the same number of states.
    """
    totals = _totals(stages, bands)
    most = max(sum(stage.values()) for stage in totals)
    used = {stance for stage in totals for stance, count in stage.items() if count}
    unit = (_TALL - _GAP * (len(used) - 1)) / max(1, most)
    tops = [_tops(stage, used, unit) for stage in totals]
    xs = [_LEFT + (_RIGHT - _LEFT) * i / (len(stages) - 1) for i in range(len(stages))]
    body = [
        textures(picture_id, used),
        *_bands(bands, tops, xs, unit),
        *(_bars(stage, top, x, unit, picture_id) for stage, top, x in zip(totals, tops, xs, strict=True)),
        *(_label(stage, x, i, len(stages)) for i, (stage, x) in enumerate(zip(stages, xs, strict=True))),
        key(_LEFT, _TOP + _TALL + 78, used, picture_id),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=_TOP + _TALL + 92,
        title=title,
        desc=_description(stages, bands, as_of),
        body=join(body),
        linked=any(stage.href for stage in stages) or any(band.href for band in bands),
    )


def _totals(stages: Sequence[Stage], bands: Sequence[Band]) -> Totals:
    """How many states each stance holds at each stage."""
    if len(stages) < 2:
        raise ValueError(f"a flow needs at least two stages, not {len(stages)}")
    going: Totals = [dict.fromkeys(STANCES, 0) for _ in stages]
    coming: Totals = [dict.fromkeys(STANCES, 0) for _ in stages]
    for band in bands:
        if not 0 <= band.stage < len(stages) - 1:
            raise ValueError(
                f"a band leaves stage {band.stage}, but only 0 to {len(stages) - 2} have a next one"
            )
        going[band.stage][band.before] += len(band.names)
        coming[band.stage + 1][band.after] += len(band.names)
    for i in range(1, len(stages) - 1):
        if going[i] != coming[i]:
            raise ValueError(f"stage {stages[i].label!r}: {coming[i]} come in and {going[i]} go out")
    return [*going[:-1], coming[-1]]


def _tops(stage: dict[Stance, int], used: set[Stance], unit: float) -> dict[Stance, float]:
    y, tops = _TOP, {}
    for stance in (s for s in STANCES if s in used):
        tops[stance] = y
        y += stage[stance] * unit + _GAP
    return tops


def _bands(
    bands: Sequence[Band], tops: list[dict[Stance, float]], xs: list[float], unit: float
) -> list[Markup]:
    """Bands in a fixed order, so that those leaving or entering a bar lie side by side, movers on top."""
    order = {stance: i for i, stance in enumerate(STANCES)}
    leave, enter = [dict(top) for top in tops], [dict(top) for top in tops]
    drawn: list[tuple[bool, Markup]] = []
    for band in sorted(bands, key=lambda b: (b.stage, order[b.before], order[b.after])):
        thick = len(band.names) * unit
        y1, y2 = leave[band.stage][band.before], enter[band.stage + 1][band.after]
        leave[band.stage][band.before] += thick
        enter[band.stage + 1][band.after] += thick
        shape = _ribbon(xs[band.stage] + _BAR, y1, xs[band.stage + 1], y2, thick)
        colour = "#3d3d3d" if band.moved else "#dedede"
        path = tag("path", d=shape, fill=colour, stroke="#fff", stroke_width=0.4)
        drawn.append((band.moved, link(band.href, band.words(), path)))
    return [markup for _, markup in sorted(drawn, key=lambda pair: pair[0])]


def _ribbon(x1: float, y1: float, x2: float, y2: float, thick: float) -> str:
    a, b, mid = number(x1), number(x2), number((x1 + x2) / 2)
    upper = f"M{a} {number(y1)}C{mid} {number(y1)} {mid} {number(y2)} {b} {number(y2)}"
    low1, low2 = number(y1 + thick), number(y2 + thick)
    return f"{upper}V{low2}C{mid} {low2} {mid} {low1} {a} {low1}z"


def _bars(
    stage: dict[Stance, int], tops: dict[Stance, float], x: float, unit: float, picture_id: str
) -> Markup:
    parts = []
    for stance, top in tops.items():
        if not stage[stance]:
            continue
        tall = stage[stance] * unit
        parts += [
            tag(
                "rect", x=x, y=top, width=_BAR, height=tall, fill=fill(stance, picture_id),
                stroke="#4a4a4a", stroke_width=0.8,
            ),
            haloed(x + _BAR + 4, top + tall / 2 + 4.5, str(stage[stance]), size=13),
        ]  # fmt: skip
    return join(parts)


def _label(stage: Stage, x: float, index: int, count: int) -> Markup:
    """The label below its bar, in two heights by turns where there are many."""
    y = _TOP + _TALL + 18 + (18 if count > 5 and index % 2 else 0)
    last = index == count - 1
    place = x + _BAR if last else (x if index == 0 else x + _BAR / 2)
    anchor = "end" if last else ("start" if index == 0 else "middle")
    words = tag(
        "text", tag("tspan", stage.label, font_weight="600"), " ", stage.date, x=place, y=y, font_size=12.5,
        text_anchor=anchor, fill="currentColor",
    )  # fmt: skip
    return link(stage.href, f"{stage.label}, {stage.date}", words)


def _description(stages: Sequence[Stage], bands: Sequence[Band], as_of: date) -> str:
    moves = sum(len(band.names) for band in bands if band.moved)
    return (
        f"Flow of states over {len(stages)} stages from {stages[0].label} to {stages[-1].label}, as of "
        f"{day_in_words(as_of)}: {moves} changes of stance between one stage and the next."
    )
