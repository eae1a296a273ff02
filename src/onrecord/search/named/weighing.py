"""What else is known of two who may be one: each fact as :mod:`onrecord.names.evidence` weighs it."""

from __future__ import annotations

import re

import msgspec

from onrecord.names import UnreadableName, score
from onrecord.names.evidence import Adjustment, adjustments
from onrecord.search.named.mention import About
from onrecord.search.words import split

_WIDE = frozenset(
    split(place)
    for place in (
        "China", "PRC", "Xinjiang", "XUAR", "East Turkestan", "中国", "中华人民共和国", "新疆", "新疆维吾尔自治区",
        "جۇڭگو", "شىنجاڭ", "شەرقىي تۈركىستان", "Китай", "Синьцзян", "Қытай", "Шыңжаң", "Çin", "Doğu Türkistan",
    )
)  # fmt: skip
"""Places so large that sharing one says nothing."""

_BETWEEN_PLACES = re.compile(r"[,;、，；]| and ")


def weighed(one: About, other: About) -> tuple[Adjustment, ...]:
    """What the facts that both sides know add to the log-odds, or take from them.

    Of several places in one text (``Urumqi and Hami, Xinjiang``) those two that answer each other best are compared;
    a country or region shared by everybody is no fact.
    """
    first, second = _nearest(one.place, other.place)
    return adjustments(
        msgspec.structs.replace(one, place=first).facts, msgspec.structs.replace(other, place=second).facts
    )


def _nearest(one: str | None, other: str | None) -> tuple[str | None, str | None]:
    pairs = [(a, b) for a in _places(one) for b in _places(other)]
    return max(pairs, key=lambda pair: _alike(*pair), default=(None, None))


def _places(text: str | None) -> list[str]:
    parts = (part.strip() for part in _BETWEEN_PLACES.split(text or ""))
    return [part for part in parts if part and split(part) not in _WIDE]


def _alike(one: str, other: str) -> float:
    try:
        return score(one, other)
    except UnreadableName:
        return 0.0
