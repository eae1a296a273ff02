"""From the log-odds of parts to the probability of names.

Each part of one name answers at most one part of the other, in any order, so that the sum of log-odds is
largest. What the sum says is then weighed by a logistic regression whose weights stand in
``tables/calibration.csv``; :data:`FEATURES` says what each feature is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.names import kernel, tables
from onrecord.names.channel import Channel
from onrecord.names.parts import Part

FEATURES = (
    "constant",  # 1
    "evidence",  # weighted log-odds of the answered parts, in tens of nats
    "closeness",  # log-odds of the answered parts as a share of what a perfect match would say, -1 to 1
    "worst",  # the same share for the part that answers worst
    "shorter",  # information of the shorter name, in tens of nats
    "missing",  # parts of the longer name without an answer, titles not counted, 0 to 3
    "disorder",  # 1 where the parts answer in another order
)
WORST = np.float32(-10.0)  # log-odds below this say no more against a match


@cache
def weights() -> NDArray[np.float64]:
    """The weight of each feature, in the order of :data:`FEATURES`."""
    known = {row["feature"]: float(row["weight"]) for row in tables.rows("calibration.csv")}
    return np.array([known[feature] for feature in FEATURES])


class Side(NamedTuple):
    """What judging needs to know of the parts on one side; see :class:`onrecord.names.bank.Bank`."""

    information: NDArray[np.float32]
    weight: NDArray[np.float32]
    title: NDArray[np.int8]


def side(parts: Sequence[Part], channel: Channel) -> Side:
    """These parts as one side."""
    plain = [part.forms[0] for part in parts]
    said = [channel.information(f.kind, channel.encode(f.kind, f.symbols)) for f in plain]
    return Side(
        np.array(said, dtype=np.float32),
        np.array([part.weight for part in parts], dtype=np.float32),
        np.array([part.title for part in parts], dtype=np.int8),
    )


MOST = 6  # parts a name has at most


class Verdicts(NamedTuple):
    """How one name answers each of ``K`` others.

    Attributes:
        features: the values of :data:`FEATURES`, (K, 7).
        answers: for each part of the name with fewer parts (the one name where both have as many) the place of its
            answer, (K, 6), filled as far as that name goes.
    """

    features: NDArray[np.float64]
    answers: NDArray[np.int32]


def verdicts(
    table: NDArray[np.float32], one: Side, other: Side, members: NDArray[np.int32], starts: NDArray[np.int64]
) -> Verdicts:
    """How a name answers others.

    Args:
        table: log-odds of the parts of the name, all of them, against the parts of a bank, (m, P).
        one: the parts of that name, at most 6.
        other: the parts of the bank.
        members: positions in the bank of the parts of all the other names, at most 6 each.
        starts: the parts of the other name k are ``members[starts[k]:starts[k + 1]]``, (K + 1,).
    """
    count = len(starts) - 1
    found = Verdicts(np.zeros((count, len(FEATURES))), np.zeros((count, MOST), dtype=np.int32))
    matrix = np.empty((MOST, MOST), dtype=np.float32)
    best = np.empty((MOST + 1, 1 << MOST), dtype=np.float32)
    chosen = np.zeros((MOST + 1, 1 << MOST), dtype=np.int32)
    _verdicts(table, one, other, members, starts, found, matrix, best, chosen)
    return found


@kernel.jit
def _verdicts(
    table: NDArray[np.float32],
    one: Side,
    other: Side,
    members: NDArray[np.int32],
    starts: NDArray[np.int64],
    found: Verdicts,
    matrix: NDArray[np.float32],
    best: NDArray[np.float32],
    chosen: NDArray[np.int32],
) -> None:
    """:func:`verdicts`; the last three are room for working."""
    m = len(one.title)
    everything = np.arange(m)
    for k in range(len(starts) - 1):
        own = members[starts[k] : starts[k + 1]]
        n = len(own)
        for i in range(m):
            for j in range(n):
                value = table[i, own[j]]
                # A title set against a name is no contradiction.
                if one.title[i] or other.title[own[j]]:
                    value = max(value, np.float32(-0.5))
                if m > n:
                    matrix[j, i] = value
                else:
                    matrix[i, j] = value
        answers, out = found.answers[k], found.features[k]
        _assign(matrix, min(m, n), max(m, n), answers, best, chosen)
        if m > n:
            _features(matrix, other, own, one, everything, answers, out)
        else:
            _features(matrix, one, everything, other, own, answers, out)


@kernel.jit
def _assign(
    matrix: NDArray[np.float32],
    m: int,
    n: int,
    answers: NDArray[np.int32],
    best: NDArray[np.float32],
    chosen: NDArray[np.int32],
) -> None:
    """The best one-to-one answering of m rows by n >= m columns; the column that answers each row, into ``answers``."""
    for i in range(m + 1):
        for used in range(1 << n):
            best[i, used] = kernel.NEVER
    best[0, 0] = 0.0
    for i in range(m):
        for used in range(1 << n):
            if best[i, used] <= -1e8:
                continue
            for j in range(n):
                value = best[i, used] + max(matrix[i, j], WORST)
                taken = used | (1 << j)
                if taken != used and value > best[i + 1, taken]:
                    best[i + 1, taken] = value
                    chosen[i + 1, taken] = j
    final = 0
    for used in range(1 << n):
        if best[m, used] > best[m, final]:
            final = used
    for i in range(m, 0, -1):
        answers[i - 1] = chosen[i, final]
        final ^= 1 << chosen[i, final]


@kernel.jit
def _features(
    matrix: NDArray[np.float32],
    few: Side,
    few_at: NDArray[Any],
    many: Side,
    many_at: NDArray[Any],
    answers: NDArray[np.int32],
    out: NDArray[np.float64],
) -> None:
    """:data:`FEATURES` of a pair; ``few_at`` and ``many_at`` say which parts of each side take part."""
    evidence, total, perfect, worst = 0.0, 0.0, 0.0, 1.0
    disorder, taken = 0.0, 0
    for i in range(len(few_at)):
        p, q = few_at[i], many_at[answers[i]]
        taken |= 1 << answers[i]
        value = max(matrix[i, answers[i]], WORST)
        most = max(min(few.information[p], many.information[q]), 4.0)
        evidence += value * (min(few.weight[p], many.weight[q]) if value > 0 else 1.0)
        total += value
        perfect += most
        worst = min(worst, max(value / most, -1.0))
        if i > 0 and answers[i] < answers[i - 1]:
            disorder = 1.0
    missing = 0.0
    for j in range(len(many_at)):
        if not taken & (1 << j) and not many.title[many_at[j]]:
            missing += 1.0
    out[0] = 1.0
    out[1] = evidence / 10.0
    out[2] = min(max(total / max(perfect, 1.0), -1.0), 1.0)
    out[3] = worst
    out[4] = min(_said(few, few_at), _said(many, many_at)) / 10.0
    out[5] = min(missing, 3.0)
    out[6] = disorder


@kernel.jit
def _said(parts: Side, at: NDArray[Any]) -> float:
    """The information of the parts that are no titles."""
    total = 0.0
    for p in at:
        if not parts.title[p]:
            total += parts.information[p]
    return total
