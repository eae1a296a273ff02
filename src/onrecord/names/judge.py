"""From the log-odds of parts to the probability of names.

Each part of one name answers at most one part of the other, in any order, so that the sum of log-odds is
largest. What the sum says is then weighed by a logistic regression whose weights stand in
``tables/calibration.csv``; :data:`FEATURES` says what each feature is.
"""

from __future__ import annotations

from functools import cache

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


@kernel.jit
def features(
    matrix: NDArray[np.float32],
    information: NDArray[np.float32],
    weight: NDArray[np.float32],
    other_information: NDArray[np.float32],
    other_weight: NDArray[np.float32],
    other_title: NDArray[np.int8],
    answers: NDArray[np.int32],
    out: NDArray[np.float64],
) -> None:
    """The features of one pair of names, into ``out``; rows of ``matrix`` are the name with fewer parts."""
    assign(matrix, answers)
    m, n = matrix.shape
    evidence, total, perfect, worst = 0.0, 0.0, 0.0, 1.0
    disorder, missing = 0.0, 0.0
    answered = np.zeros(n, dtype=np.int8)
    for i in range(m):
        j = answers[i]
        answered[j] = 1
        value = max(matrix[i, j], WORST)
        most = max(min(information[i], other_information[j]), 4.0)
        factor = min(weight[i], other_weight[j])
        evidence += value * (factor if value > 0 else 1.0)
        total += value
        perfect += most
        worst = min(worst, max(value / most, -1.0))
        if i > 0 and j < answers[i - 1]:
            disorder = 1.0
    for j in range(n):
        if not answered[j] and not other_title[j]:
            missing += 1.0
    out[0] = 1.0
    out[1] = evidence / 10.0
    out[2] = min(max(total / max(perfect, 1.0), -1.0), 1.0)
    out[3] = min(worst, 1.0)
    out[4] = min(information.sum(), other_information.sum()) / 10.0
    out[5] = min(missing, 3.0)
    out[6] = disorder


def answered(
    matrix: NDArray[np.float32], one: Bank, other: Bank, members: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Which part answers which, and the features of the pair.

    Args:
        matrix: log-odds of the parts of ``one`` against the members, (m, n); m and n at most 6.
        one: the parts of one name, all of them.
        other: a bank that holds the parts of the other name.
        members: their positions in it, (n,).

    Returns:
        For each part of the name with fewer parts (``one`` where both have as many) the position of its answer,
        and the values of :data:`FEATURES`.
    """
    title = other.title[members]
    either = (one.title[:, None] | title[None, :]) > 0
    # A title set against a name is no contradiction.
    matrix = np.where(either, np.maximum(matrix, np.float32(-0.5)), matrix)
    sides = [
        (one.information, one.weight, one.title),
        (other.information[members], other.weight[members], title),
    ]
    if len(matrix) > len(members):
        matrix, sides = np.ascontiguousarray(matrix.T), sides[::-1]
    answers = np.zeros(len(matrix), dtype=np.int32)
    out = np.zeros(len(FEATURES))
    features(matrix, sides[0][0], sides[0][1], *sides[1], answers, out)
    return answers, out


def logit(matrix: NDArray[np.float32], one: Bank, other: Bank, members: NDArray[np.int32]) -> float:
    """Calibrated log-odds that the names are one; arguments as for :func:`answered`."""
    return float(answered(matrix, one, other, members)[1] @ weights())
