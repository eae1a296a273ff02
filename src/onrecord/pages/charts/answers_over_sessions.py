"""One state's answers, session by session: a column of yes, abstentions and no for each.

The answers look as they do in a chamber (hemicycle.py): yes solid, an abstention grey, no empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from onrecord.pages.charts.appearance import GREY, PALE, PAPER
from onrecord.pages.charts.axes import day_in_words
from onrecord.pages.charts.scales import Scale, round_ticks
from onrecord.pages.charts.svg import join, line, link, picture, tag, text
from onrecord.pages.words import session_in_words, session_label

_LEFT, _RIGHT, _TOP, _BOTTOM, _WIDTH = 34.0, 706.0, 34.0, 254.0, 720.0
_INK = "#1a1a1a"
_LOOKS = (("yes", _INK, _INK), ("abstain", PALE, GREY), ("no", PAPER, _INK))
_WIDEST = 22.0


@dataclass(frozen=True, slots=True)
class SessionAnswers:
    """How often a state gave each answer in one session."""

    session: int
    yes: int
    abstain: int
    no: int

    def words(self) -> str:
        """Session 77: 5 yes, 3 abstain, 10 no."""
        told = f"{self.yes} yes, {self.abstain} abstain, {self.no} no"
        return f"{session_in_words(self.session).capitalize()}: {told}"


def answers_over_sessions(
    answers: Sequence[SessionAnswers], *, picture_id: str, title: str, as_of: date
) -> Markup:
    """Draw the columns; a session without answers stays empty.

    Raises:
        ValueError: no session at all.
    """
    if not answers:
        raise ValueError("no answers to draw")
    first, last = min(a.session for a in answers), max(a.session for a in answers)
    most = max(a.yes + a.abstain + a.no for a in answers)
    across = Scale(first - 0.5, last + 0.5, _LEFT, _RIGHT)
    up = Scale(0, most, _BOTTOM, _TOP)
    width = min(_WIDEST, (across(1.0) - across(0.0)) * 0.8)
    body = [
        *(_gridline(value, up) for value in round_ticks(0, most)),
        *(_column(one, across, up, width) for one in answers),
        *(_session(value, across) for value in round_ticks(first, last, 8)),
        *_key(),
        text(_RIGHT, 14, f"as of {day_in_words(as_of)}", anchor="end", size=12.5),
        text(_LEFT, _BOTTOM + 36, session_label(first).lower(), size=12.5),
    ]
    return picture(
        picture_id=picture_id,
        width=_WIDTH,
        height=_BOTTOM + 44,
        title=title,
        desc=". ".join(one.words() for one in answers) + ".",
        body=join(body),
        linked=False,
    )


def _gridline(value: float, up: Scale) -> Markup:
    y = up(value)
    label = text(_LEFT - 6, y + 4, f"{value:g}", anchor="end", size=12.5)
    return join([line(_LEFT, y, _RIGHT, y, stroke=PALE, width=0.7), label])


def _session(value: float, across: Scale) -> Markup:
    return text(across(value), _BOTTOM + 18, f"{value:g}", anchor="middle", size=12.5)


def _column(one: SessionAnswers, across: Scale, up: Scale, width: float) -> Markup:
    parts, below = [], 0
    for count, (_, colour, edge) in zip((one.yes, one.abstain, one.no), _LOOKS, strict=True):
        top, bottom = up(below + count), up(below)
        if count:
            x = across(one.session) - width / 2
            parts.append(
                tag("rect", x=x, y=top, width=width, height=bottom - top, fill=colour, stroke=edge, stroke_width=0.8)
            )  # fmt: skip
        below += count
    return link(None, one.words(), *parts)


def _key() -> list[Markup]:
    parts, x = [], _LEFT
    for word, colour, edge in _LOOKS:
        parts += [
            tag("rect", x=x, y=4, width=11, height=11, fill=colour, stroke=edge, stroke_width=0.8),
            text(x + 16, 14, word, size=12.5),
        ]
        x += 34 + 7 * len(word)
    return parts
