"""From parts to names: walking the lists of names that have a part, best parts first.

The walk is the threshold algorithm of Fagin, Lotem and Naor (2003) with a choice: a name as good as the worst
one kept must hold a good answer to *every* part of the query, so the lists of one query part are enough, and
the one with the shortest lists is walked. A father called Memet costs nothing when the son's name is rare.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.names import kernel

SLOTS = 2048  # of the little hash table per query part; more than twice the answers kept
# What a query part counts for when no part of the name answers it, and each part in excess, in nats.
UNANSWERED, EXCESS = np.float32(-4.0), np.float32(-1.0)
# Names looked at for one query at most: some hundredths of a second of memory reads.
MOST_VISITS = 400_000


@kernel.jit
def postings(
    parts: NDArray[np.uint32], start: NDArray[np.uint32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """For each part the names that have it, as list starts (count + 1,) and names in ascending order."""
    begins = np.zeros(count + 1, dtype=np.int64)
    for p in parts:
        begins[p + 1] += 1
    for p in range(count):
        begins[p + 1] += begins[p]
    at = begins[:-1].copy()
    names = np.empty(len(parts), dtype=np.uint32)
    for name in range(len(start) - 1):
        for k in range(start[name], start[name + 1]):
            p = parts[k]
            names[at[p]] = name
            at[p] += 1
    return begins, names


@kernel.jit
def _put(keys: NDArray[np.int32], values: NDArray[np.float32], key: int, value: float) -> None:
    slot = (key * 40503) % SLOTS
    while keys[slot] >= 0 and keys[slot] != key:
        slot = (slot + 1) % SLOTS
    if keys[slot] == key:
        values[slot] = max(values[slot], value)
    else:
        keys[slot], values[slot] = key, value


@kernel.jit
def _get(keys: NDArray[np.int32], values: NDArray[np.float32], key: int) -> float:
    slot = (key * 40503) % SLOTS
    while keys[slot] >= 0:
        if keys[slot] == key:
            return float(values[slot])
        slot = (slot + 1) % SLOTS
    return float(UNANSWERED)


@kernel.jit
def gather(
    answers: NDArray[np.int32],
    scores: NDArray[np.float32],
    counts: NDArray[np.int64],
    start: NDArray[np.uint32],
    parts: NDArray[np.uint32],
    posting_start: NDArray[np.int64],
    posting: NDArray[np.uint32],
    most: int,
) -> NDArray[np.int64]:
    """The names that promise most.

    Args:
        answers: parts of the dictionary that answer each query part, best first, (k, K).
        scores: their log-odds, (k, K).
        counts: how many of the K are filled, (k,).
        start, parts: the parts of each name.
        posting_start, posting: see :func:`postings`.
        most: how many names to keep.

    Returns:
        Positions of at most ``most`` names, in no order that matters.
    """
    k = len(counts)
    keys = np.full((k, SLOTS), np.int32(-1))
    values = np.zeros((k, SLOTS), dtype=np.float32)
    highest = np.full(k, UNANSWERED)
    for i in range(k):
        for r in range(counts[i]):
            _put(keys[i], values[i], answers[i, r], scores[i, r])
            highest[i] = max(highest[i], scores[i, r])
    total = highest.sum()
    kept = np.empty(most, dtype=np.int64)
    worth = np.empty(most, dtype=np.float32)
    filled, threshold, lowest = 0, float(kernel.NEVER), 0
    rank = np.zeros(k, dtype=np.int64)
    walked = np.zeros(k, dtype=np.int64)
    visits = 0
    while visits < MOST_VISITS:
        chosen = _next_list(answers, scores, counts, rank, walked, posting_start, total - highest, threshold)
        if chosen < 0:
            break
        p = answers[chosen, rank[chosen]]
        rank[chosen] += 1
        walked[chosen] += posting_start[p + 1] - posting_start[p]
        for at in range(posting_start[p], min(posting_start[p + 1], posting_start[p] + MOST_VISITS - visits)):
            name = posting[at]
            value = _worth(parts[start[name] : start[name + 1]], keys, values)
            if (filled == most and value <= threshold) or _held(kept, filled, name):
                continue
            where = filled if filled < most else lowest
            kept[where], worth[where] = name, value
            filled = min(filled + 1, most)
            if filled == most:
                lowest = int(np.argmin(worth))
                threshold = worth[lowest]
        visits += posting_start[p + 1] - posting_start[p]
    return kept[:filled]


@kernel.jit
def _next_list(
    answers: NDArray[np.int32],
    scores: NDArray[np.float32],
    counts: NDArray[np.int64],
    rank: NDArray[np.int64],
    walked: NDArray[np.int64],
    posting_start: NDArray[np.int64],
    others: NDArray[np.float32],
    threshold: float,
) -> int:
    """The query part whose next list is cheapest to walk; -1 when no list can hold a name worth keeping.

    ``others`` is the most that the remaining query parts can add to each.
    """
    chosen, cheapest = -1, np.int64(1) << 60
    for i in range(len(counts)):
        following = scores[i, rank[i]] if rank[i] < counts[i] else UNANSWERED
        if others[i] + following <= threshold:
            return -1
        if rank[i] < counts[i]:
            p = answers[i, rank[i]]
            effort = walked[i] + posting_start[p + 1] - posting_start[p]
            if effort < cheapest:
                chosen, cheapest = i, effort
    return chosen


@kernel.jit
def _worth(own: NDArray[np.uint32], keys: NDArray[np.int32], values: NDArray[np.float32]) -> float:
    """What a name promises: the best answer to each query part, less what is in excess."""
    total = 0.0
    for i in range(len(keys)):
        best = float(UNANSWERED)
        for p in own:
            best = max(best, _get(keys[i], values[i], p))
        total += best
    return total + float(EXCESS) * abs(len(own) - len(keys))


@kernel.jit
def _held(kept: NDArray[np.int64], filled: int, name: int) -> bool:
    for m in range(filled):  # noqa: SIM110 - the compiler knows loops, not generators
        if kept[m] == name:
            return True
    return False
