"""The appearances in words, for narrow screens and text: the style sheet draws the sign beside each word."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from onrecord.pages.charts.appearance import STANCES, WORDS, Stance
from onrecord.pages.charts.svg import tag


def stance_badge(stance: Stance, words: str | None = None) -> Markup:
    """The stance's sign and its words, or other words of the caller's ("yes", "signed late")."""
    name = stance.replace("_", "-")
    sign = tag("span", " ", class_=f"sign sign-{name}", aria_hidden="true")
    return tag("span", sign, words or WORDS[stance], class_="stance")


def legend(used: Iterable[Stance]) -> Markup:
    """A list of the stances used, in the order of STANCES, each with its sign."""
    shown = set(used)
    return tag("ul", *(tag("li", stance_badge(s)) for s in STANCES if s in shown), class_="legend")
