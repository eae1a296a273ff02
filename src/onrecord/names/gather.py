"""From parts to names: walking the lists of names that have a part, best parts first.

The walk is the threshold algorithm of Fagin, Lotem and Naor (2003) with a choice: a name as good as the worst
one kept must hold a good answer to *every* part of the query, so the lists of one query part are enough, and
the one with the shortest lists is walked. A father called Memet costs nothing when the son's name is rare.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.names import kernel

SLOTS = 2048  # of the little hash table per query part; more than twice the answers kept
# What a part without an answer counts for, in nats: where the other name has no part left to set against it, and
# where it has one that is another name. About what the weights of the judge make of it.
MISSING, WRONG = np.float32(-5.0), np.float32(-9.0)
# Names looked at for one query among a million names: some thousandths of a second of memory reads. A list is cut
# short only where every part of the query is that common, and then many names have all of them.
_VISITS = 12_000
_BLOCK = 256  # names whose parts are fetched together


class Answers(NamedTuple):
    """The parts of the dictionary that answer each of ``k`` query parts, at most ``K`` each, best first.

    Attributes:
        parts: (k, K).
        scores: what each is worth, in nats, (k, K).
        counts: how many of the K there are, (k,).
    """

    parts: NDArray[np.int32]
    scores: NDArray[np.float32]
    counts: NDArray[np.int64]


class Lists(NamedTuple):
    """Names with their parts, and parts with their names; see :class:`onrecord.names.store.Data`."""

    start: NDArray[np.uint32]
    parts: NDArray[np.uint32]
    posting_start: NDArray[np.int64]
    posting: NDArray[np.uint32]


def gather(answers: Answers, lists: Lists, most: int) -> NDArray[np.int64]:
    """The names that promise most: positions of at most ``most``, in no order that matters."""
    shape = (len(answers.counts), SLOTS)
    keys, values = np.full(shape, -1, dtype=np.int32), np.zeros(shape, dtype=np.float32)
    kept, worth = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.float32)
    walk = np.zeros((2, shape[0]), dtype=np.int64)
    visits = int(_VISITS * max(1.0, len(lists.start) / 1e6) ** 0.35)
    spans, ahead = np.empty((2, _BLOCK), dtype=np.int64), np.empty(_BLOCK, dtype=np.uint32)
    return kept[: _gather(answers, lists, visits, keys, values, kept, worth, walk[0], walk[1], spans, ahead)]


@kernel.jit
def _gather(  # noqa: PLR0912 - see its docstring
    answers: Answers,
    lists: Lists,
    most: int,
    keys: NDArray[np.int32],
    values: NDArray[np.float32],
    kept: NDArray[np.int64],
    worth: NDArray[np.float32],
    rank: NDArray[np.int64],
    walked: NDArray[np.int64],
    spans: NDArray[np.int64],
    ahead: NDArray[np.uint32],
) -> int:
    """:func:`gather`, filling ``kept``; returns how many. ``most`` names are looked at; the rest is room for working.

    A name promises the best answer to each query part, less what is missing on either side. That is worked out here,
    since handing the arrays on for every name took longer than the work.
    """
    parts = lists.parts
    highest = _fill(answers, keys, values)
    filled, lowest, visits = 0, 0, 0
    threshold = float(kernel.NEVER)
    while visits < most:
        chosen = _next_list(answers, lists.posting_start, rank, walked, highest, threshold)
        if chosen < 0:
            break
        part = answers.parts[chosen, rank[chosen]]
        first, last = lists.posting_start[part], lists.posting_start[part + 1]
        last = min(last, first + most)
        rank[chosen] += 1
        walked[chosen] += last - first
        visits += last - first
        for at in range(first, last):
            fetched = (at - first) % _BLOCK
            if fetched == 0:
                _fetch(lists, at, last, spans, ahead)
            name, begin, end = lists.posting[at], spans[0, fetched], spans[1, fetched]
            promised, unanswered = 0.0, 0
            for i in range(len(keys)):
                best = WRONG
                for place in range(begin, end):
                    slot = (parts[place] * 40503) % SLOTS
                    while keys[i, slot] >= 0:
                        if keys[i, slot] == parts[place]:
                            best = max(best, values[i, slot])
                            break
                        slot = (slot + 1) % SLOTS
                if best > WRONG:
                    promised += float(best)
                else:
                    unanswered += 1
            short = len(keys) - int(end - begin)
            left_out = min(unanswered, max(short, 0))
            missing = left_out + max(-short, 0)
            value = promised + float(WRONG) * (unanswered - left_out) + float(MISSING) * missing
            if filled == len(kept) and value <= threshold:
                continue
            held = False
            for m in range(filled):
                held = held or kept[m] == name
            if held:
                continue
            if filled < len(kept):
                lowest = filled
                filled += 1
            kept[lowest], worth[lowest] = name, value
            if filled == len(kept):
                for m in range(filled):
                    if worth[m] < worth[lowest]:
                        lowest = m
                threshold = float(worth[lowest])
    return filled


@kernel.jit
def _fetch(lists: Lists, first: int, last: int, spans: NDArray[np.int64], ahead: NDArray[np.uint32]) -> None:
    """Where the parts of the next names of a list begin and end, into ``spans``.

    Nothing depends on ``ahead``: reading all their parts at once lets memory answer many requests at the same time.
    """
    size = min(spans.shape[1], last - first)
    for k in range(size):
        name = lists.posting[first + k]
        spans[0, k], spans[1, k] = lists.start[name], lists.start[name + 1]
    for k in range(size):
        ahead[k] = lists.parts[spans[0, k]]


@kernel.jit
def _fill(answers: Answers, keys: NDArray[np.int32], values: NDArray[np.float32]) -> float:
    """Put the answers into hash tables; the most that a name can be worth."""
    total = 0.0
    for i in range(len(answers.counts)):
        highest = MISSING
        for r in range(answers.counts[i]):
            slot = (answers.parts[i, r] * 40503) % SLOTS
            while keys[i, slot] >= 0:
                slot = (slot + 1) % SLOTS
            keys[i, slot], values[i, slot] = answers.parts[i, r], answers.scores[i, r]
            highest = max(highest, answers.scores[i, r])
        total += float(highest)
    return total


@kernel.jit
def _next_list(
    answers: Answers,
    posting_start: NDArray[np.int64],
    rank: NDArray[np.int64],
    walked: NDArray[np.int64],
    total: float,
    threshold: float,
) -> int:
    """The query part whose next list is cheapest to walk; -1 when no list can hold a name worth keeping."""
    chosen, cheapest = -1, np.int64(1) << 60
    for i in range(len(answers.counts)):
        left = rank[i] < answers.counts[i]
        best = answers.scores[i, 0] if answers.counts[i] else MISSING
        following = answers.scores[i, rank[i]] if left else MISSING
        if total - max(best, MISSING) + following <= threshold:
            return -1
        if left:
            part = answers.parts[i, rank[i]]
            effort = walked[i] + posting_start[part + 1] - posting_start[part]
            if effort < cheapest:
                chosen, cheapest = i, effort
    return chosen


@kernel.jit
def _postings(
    parts: NDArray[np.uint32], start: NDArray[np.uint32], begins: NDArray[np.int64], names: NDArray[np.uint32]
) -> None:
    """:func:`postings`; ``begins`` comes with one place more than there are lists, all 0."""
    for p in parts:
        begins[p + 2] += 1
    for p in range(2, len(begins)):
        begins[p] += begins[p - 1]
    for name in range(len(start) - 1):
        for k in range(start[name], start[name + 1]):
            at = begins[parts[k] + 1]
            names[at] = name
            begins[parts[k] + 1] = at + 1


def postings(
    parts: NDArray[np.uint32], start: NDArray[np.uint32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """For each part the names that have it, as list starts (count + 1,) and names in ascending order."""
    begins, names = np.zeros(count + 2, dtype=np.int64), np.empty(len(parts), dtype=np.uint32)
    _postings(parts, start, begins, names)
    return begins[:-1].copy(), names
