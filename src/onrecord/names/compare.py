"""Two names, one probability."""

from __future__ import annotations

from functools import lru_cache
from math import exp

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.names import judge, kernel
from onrecord.names.bank import Bank, bank_of, score_forms
from onrecord.names.channel import Channel, default
from onrecord.names.parts import Form, Name, Part, joined, parse

# What it costs to take the spaces of a name for accidents of writing, and to turn the order of its parts besides.
JOINED_COST, TURNED_COST = 1.0, 1.0
# What it says besides, in nats, that the words are the same letter by letter: nothing about them has to be explained.
SAME_SPELLING = 1.5
_MOST_TURNED = 3  # parts of a name whose order is turned


class Judgement(msgspec.Struct, frozen=True):
    """How two names answer each other, before it is put into words.

    Attributes:
        logit: log-odds that both name the same name, calibrated.
        one, other: the names compared; ``one`` has no more parts than ``other``. Each is one part where the spaces
            had to be ignored.
        answers: for each part of ``one`` the position of its answer in ``other``.
        strengths: log-odds of each answer, in nats.
        features: see :data:`onrecord.names.judge.FEATURES`.
        run_together: whether the spaces had to be ignored.
        turned: whether the parts of ``other`` had to be turned round for that.
    """

    logit: float
    one: Name
    other: Name
    answers: tuple[int, ...]
    strengths: tuple[float, ...]
    features: tuple[float, ...]
    run_together: bool = False
    turned: bool = False


def score(a: str, b: str) -> float:
    """The probability that two spellings name the same name.

    Symmetric and deterministic. Calibrated on spellings of one entity against the closest wrong candidates and
    random ones in equal parts (``docs/names.md``): among pairs scored 0.8, four in five were the same name in
    that mix. It says nothing about whether two people of that name are one person.

    Raises:
        UnreadableName: one of the texts is empty of letters, longer than a name, or in an unknown script.
    """
    return probability(judged(parse(a), parse(b)).logit)


def probability(logit: float) -> float:
    """The probability of a log-odds value."""
    return 1.0 / (1.0 + exp(-logit)) if logit > -700 else 0.0


def judged(a: Name, b: Name, channel: Channel | None = None) -> Judgement:
    """The best way to make two names answer each other."""
    channel = channel or default()
    # One fixed order makes the score symmetric to the last bit.
    one, other = sorted((a, b), key=lambda n: (len(n.parts), n.text))
    apart = _judged_parts(one, other, channel)
    if same_spelling(one, other):
        return msgspec.structs.replace(apart, logit=apart.logit + SAME_SPELLING)
    if not may_run_together(one, other):
        return apart
    together = _judged_together(one, other, channel)
    return together if together is not None and together.logit > apart.logit else apart


def _judged_parts(one: Name, other: Name, channel: Channel) -> Judgement:
    bank = bank_of(other.parts, channel)
    matrix = np.stack([part_scores(p, bank, channel) for p in one.parts])
    members = np.arange(len(other.parts), dtype=np.int32)
    found = judge.verdicts(
        matrix,
        judge.side(one.parts, channel),
        judge.side(other.parts, channel),
        members,
        np.array([0, len(members)]),
    )
    answers = found.answers[0, : len(one.parts)].tolist()
    return Judgement(
        logit=float(found.features[0] @ judge.weights()),
        features=tuple(found.features[0].tolist()),
        one=one,
        other=other,
        answers=tuple(answers),
        strengths=tuple(float(matrix[i, j]) for i, j in enumerate(answers)),
    )


def _judged_together(one: Name, other: Name, channel: Channel) -> Judgement | None:
    run = whole(one)
    if run is None:
        return None
    found = [
        _judged_runs(Name(one.text, (run,)), Name(other.text, (long,)), cost, channel)
        for long, cost in ((whole(other), JOINED_COST), (turned(other), JOINED_COST + TURNED_COST))
        if long is not None
    ]
    return max(found, key=lambda judged: judged.logit, default=None)


def _judged_runs(one: Name, other: Name, cost: float, channel: Channel) -> Judgement:
    found = _judged_parts(one, other, channel)
    return msgspec.structs.replace(
        found, logit=found.logit - cost, run_together=True, turned=cost > JOINED_COST
    )


def same_spelling(one: Name, other: Name) -> bool:
    """Whether two names are the same words in the same order."""
    return [part.text for part in one.parts] == [part.text for part in other.parts]


def may_run_together(one: Name, other: Name) -> bool:
    """Whether two names may differ in their spaces: unlike many parts, and neither more than twice as long."""
    if len(one.parts) == len(other.parts):
        return False
    short, long = sorted(map(_length, (one, other)))
    return long <= 2 * short


def _length(name: Name) -> int:
    """About how many sounds the name has; a syllable counts for two."""
    plain = (part.forms[0] for part in name.parts if not part.title)
    return sum(len(form.symbols) * (2 if form.kind == "syllables" else 1) for form in plain)


def whole(name: Name) -> Part | None:
    """A name as one part, its spaces ignored; None where it is mixed or too long for that."""
    return name.parts[0] if len(name.parts) == 1 else joined(name)


def turned(name: Name) -> Part | None:
    """A name of two or three parts as one part, its last part first; None for others."""
    parts = name.parts[::-1]
    return joined(Name(name.text, parts)) if 2 <= len(parts) <= _MOST_TURNED else None


def part_scores(part: Part, bank: Bank, channel: Channel) -> NDArray[np.float32]:
    """Log-odds of a part against every part of a (small) bank in nats, the best pair of forms taken, (P,)."""
    scores = np.full(len(bank.weight), kernel.NEVER, dtype=np.float32)
    everything = np.arange(len(bank.kind), dtype=np.int32)
    for form in part.forms:
        found = score_forms(query_of(form, channel), channel.tables, bank, everything)
        np.maximum.at(scores, bank.owner, found - np.float32(form.cost))
    return scores


@lru_cache(maxsize=512)
def query_of(form: Form, channel: Channel) -> kernel.Query:
    """A form ready to be aligned, remembered for the next time it is asked for."""
    return channel.query(form.kind, channel.encode(form.kind, form.symbols))
