"""From the log-odds of parts to the probability of names.

Each part of one name answers at most one part of the other, in any order, so that the sum of log-odds is
largest. What the sum says is then weighed by a logistic regression whose weights stand in
``tables/calibration.csv``; :data:`FEATURES` says what each feature is.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.names import kernel, tables
from onrecord.names.bank import Bank

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


@kernel.jit
def assign(matrix: NDArray[np.float32], answers: NDArray[np.int32]) -> float:
    """The best one-to-one answering of rows by columns; as many answers as the shorter side has parts.

    Args:
        matrix: log-odds, (m, n) with m <= n <= 6.
        answers: filled with the column that answers each row, (m,).

    Returns:
        The sum of the chosen log-odds, each at least :data:`WORST`.
    """
    m, n = matrix.shape
    best = np.full((m + 1, 1 << n), np.float32(-1e9))
    chosen = np.zeros((m + 1, 1 << n), dtype=np.int32)
    best[0, 0] = 0.0
    for i in range(m):
        for used in range(1 << n):
            if best[i, used] <= -1e8:
                continue
            for j in range(n):
                if used & (1 << j):
                    continue
                value = best[i, used] + max(matrix[i, j], WORST)
                taken = used | (1 << j)
                if value > best[i + 1, taken]:
                    best[i + 1, taken] = value
                    chosen[i + 1, taken] = j
    final = np.argmax(best[m])
    total = best[m, final]
    for i in range(m, 0, -1):
        answers[i - 1] = chosen[i, final]
        final ^= 1 << chosen[i, final]
    return float(total)


class Side(NamedTuple):
    """What judging needs to know of the parts on one side; see :class:`onrecord.names.bank.Bank`."""

    information: NDArray[np.float32]
    weight: NDArray[np.float32]
    title: NDArray[np.int8]


def side(bank: Bank) -> Side:
    """The parts of a bank as one side."""
    return Side(bank.information, bank.weight, bank.title)


@kernel.jit
def answered(
    table: NDArray[np.float32], one: Side, other: Side, members: NDArray[np.int32], out: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Which part answers which, and the features of the pair.

    Args:
        table: log-odds of the parts of one name, all of them, against the parts of a bank, (m, P).
        one: the parts of that name, at most 6.
        other: the parts of the bank.
        members: positions of the other name's parts in the bank, at most 6, (n,).
        out: filled with the values of :data:`FEATURES`.

    Returns:
        For each part of the name with fewer parts (``one`` where both have as many) the place of its answer.
    """
    m, n = len(table), len(members)
    turned = m > n
    matrix = np.empty((min(m, n), max(m, n)), dtype=np.float32)
    for i in range(m):
        for j in range(n):
            value = table[i, members[j]]
            # A title set against a name is no contradiction.
            if one.title[i] or other.title[members[j]]:
                value = max(value, np.float32(-0.5))
            if turned:
                matrix[j, i] = value
            else:
                matrix[i, j] = value
    answers = np.zeros(len(matrix), dtype=np.int32)
    assign(matrix, answers)
    there = Side(other.information[members], other.weight[members], other.title[members])
    if turned:
        _features(matrix, there, one, answers, out)
    else:
        _features(matrix, one, there, answers, out)
    return answers


@kernel.jit
def _features(
    matrix: NDArray[np.float32], few: Side, many: Side, answers: NDArray[np.int32], out: NDArray[np.float64]
) -> None:
    m, n = matrix.shape
    evidence, total, perfect, worst = 0.0, 0.0, 0.0, 1.0
    disorder, missing = 0.0, 0.0
    taken = np.zeros(n, dtype=np.int8)
    for i in range(m):
        j = answers[i]
        taken[j] = 1
        value = max(matrix[i, j], WORST)
        most = max(min(few.information[i], many.information[j]), 4.0)
        evidence += value * (min(few.weight[i], many.weight[j]) if value > 0 else 1.0)
        total += value
        perfect += most
        worst = min(worst, max(value / most, -1.0))
        if i > 0 and j < answers[i - 1]:
            disorder = 1.0
    for j in range(n):
        if not taken[j] and not many.title[j]:
            missing += 1.0
    out[0] = 1.0
    out[1] = evidence / 10.0
    out[2] = min(max(total / max(perfect, 1.0), -1.0), 1.0)
    out[3] = worst
    out[4] = min(_said(few), _said(many)) / 10.0
    out[5] = min(missing, 3.0)
    out[6] = disorder


@kernel.jit
def _said(parts: Side) -> float:
    """The information of the parts that are no titles."""
    total = 0.0
    for i in range(len(parts.title)):
        if not parts.title[i]:
            total += parts.information[i]
    return total


@kernel.jit
def logits(
    table: NDArray[np.float32],
    one: Side,
    other: Side,
    members: NDArray[np.int32],
    starts: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Calibrated log-odds of one name against many, whose parts are ``members[starts[k]:starts[k + 1]]``."""
    found = np.empty(len(starts) - 1, dtype=np.float64)
    out = np.empty(len(weight), dtype=np.float64)
    for k in range(len(found)):
        answered(table, one, other, members[starts[k] : starts[k + 1]], out)
        found[k] = (out * weight).sum()
    return found
