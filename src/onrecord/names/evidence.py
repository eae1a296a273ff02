"""Other facts beside a name: each raises or lowers the rank by a stated amount, none is hidden.

A fact is weighed by a likelihood ratio, set by hand and written down here: how much more often two mentions of
one person agree on it than two mentions of namesakes do. The amounts are judgements, not measurements, and
are shown with every result so that a reader can disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import log

import msgspec

from onrecord.names.compare import probability, score
from onrecord.names.errors import UnreadableName


class Facts(msgspec.Struct, frozen=True):
    """What is known of a person beside the name; None or empty where unknown.

    Attributes:
        birth_year: year of birth, Gregorian.
        place: place of birth or residence, any script.
        sex: ``"female"`` or ``"male"``.
        relatives: names of family members, any script.
        id_prefix: the beginning of a Chinese identity number (GB 11643): six digits of county, then up to eight
            of the birth date.
    """

    birth_year: int | None = None
    place: str | None = None
    sex: str | None = None
    relatives: tuple[str, ...] = ()
    id_prefix: str | None = None


class Adjustment(msgspec.Struct, frozen=True):
    """One fact's effect: ``amount`` nats are added to the log-odds of the match, for ``reason``."""

    fact: str
    amount: float
    reason: str


def adjustments(wanted: Facts, found: Facts) -> tuple[Adjustment, ...]:
    """What each fact known on both sides adds or takes; facts known on one side only say nothing.

    Args:
        wanted: what the person searching knows.
        found: what the record says of the mention.
    """
    checks = (_birth_year, _place, _sex, _relatives, _identity)
    return tuple(one for check in checks for one in check(wanted, found))


def adjusted(name_probability: float, changes: tuple[Adjustment, ...]) -> float:
    """The probability of a name match after the adjustments, 0 to 1."""
    if name_probability in (0.0, 1.0):
        return name_probability
    odds = log(name_probability / (1 - name_probability))
    return probability(odds + sum(change.amount for change in changes))


def _birth_year(wanted: Facts, found: Facts) -> Iterator[Adjustment]:
    one, other = wanted.birth_year or _identity_year(wanted), found.birth_year or _identity_year(found)
    if one is None or other is None:
        return
    apart = abs(one - other)
    if apart == 0:
        yield Adjustment("birth year", 3.0, f"both were born in {one}")
    elif apart <= 2:
        # Registered and remembered years differ by one or two, through lunar ages and late registration.
        yield Adjustment("birth year", 1.0, f"born in {one} and {other}, {apart} apart")
    else:
        yield Adjustment(
            "birth year", -min(1.0 + apart / 4, 4.0), f"born in {one} and {other}, {apart} years apart"
        )


def _place(wanted: Facts, found: Facts) -> Iterator[Adjustment]:
    if not wanted.place or not found.place:
        return
    try:
        same = score(wanted.place, found.place)
    except UnreadableName:
        return
    if same >= 0.5:
        yield Adjustment("place", 2.0, f"{wanted.place} is possibly {found.place}")
    else:
        yield Adjustment("place", -1.0, f"{wanted.place} does not sound like {found.place}; people move")


def _sex(wanted: Facts, found: Facts) -> Iterator[Adjustment]:
    if wanted.sex and found.sex:
        same = wanted.sex == found.sex
        yield Adjustment("sex", 0.7 if same else -4.0, f"{wanted.sex} and {found.sex}")


def _relatives(wanted: Facts, found: Facts) -> Iterator[Adjustment]:
    for relative in wanted.relatives:
        matches = [(_score(relative, other), other) for other in found.relatives]
        best, other = max(matches, default=(0.0, ""))
        if best >= 0.5:
            yield Adjustment("relative", 2.5, f"both have a relative possibly called {relative} ({other})")


def _score(one: str, other: str) -> float:
    try:
        return score(one, other)
    except UnreadableName:
        return 0.0


def _identity(wanted: Facts, found: Facts) -> Iterator[Adjustment]:
    one, other = _digits(wanted), _digits(found)
    county = min(len(one), len(other), 6)
    if county < 6:
        return
    if one[:6] == other[:6]:
        yield Adjustment("identity number", 3.0, f"both numbers begin with county {one[:6]}")
    else:
        yield Adjustment(
            "identity number", -3.0, f"the numbers begin with counties {one[:6]} and {other[:6]}"
        )
    if min(len(one), len(other)) >= 14:
        same = one[6:14] == other[6:14]
        reason = f"birth dates in the numbers: {one[6:14]} and {other[6:14]}"
        yield Adjustment("identity number", 5.0 if same else -4.0, reason)


def _digits(facts: Facts) -> str:
    return re.sub("[^0-9]", "", facts.id_prefix or "")


def _identity_year(facts: Facts) -> int | None:
    digits = _digits(facts)
    return int(digits[6:10]) if len(digits) >= 10 else None
