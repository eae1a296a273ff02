"""The dynamic programmes that align two spellings, compiled with numba.

Every function fills one row of a table per symbol of the candidate. A cell holds the best log-odds so far: the probability that the
two beginnings spell one name over the probability that they meet by chance, natural logarithm.

Three pairings exist. Letters against letters is a pair hidden Markov model; letters against syllables is a
channel in which each syllable emits a stretch of zero to five phones (Knight and Graehl 1998, with stretches
as in the joint source-channel model of Li, Zhang and Su 2004); syllables against syllables compares what two
characters may stand for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

LONGEST = 5  # phones a syllable may stand for
NEVER = np.float32(-1e9)
_P = ParamSpec("_P")
_R = TypeVar("_R")


def jit(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function at its first call and remember the result on disk; its types stay visible."""
    return cast("Callable[_P, _R]", numba.njit(cache=True)(function))


class Tables(NamedTuple):
    """The trained model as arrays; ``S`` symbols, ``U`` units, ``P`` phones. All entries are logarithms.

    Attributes:
        background: chance of a phone, (P,).
        same: log-odds of two phones answering each other, (P, P), symmetric.
        gap: log-odds of a phone answered by nothing, (P,).
        emit0, emit1, emit2: a unit emitting no, one or two phones: (U,), (U, P), (U, P, P).
        units: units of each symbol, (S, 6), padded with -1.
        back: weight of leaving a symbol's own stretches for those of its syllable, then its units, (S,).
        parent: the syllable a character is read as; -1 for a syllable itself, (S,).
        codes: sorted codes of the learned stretches, (T,).
        code_start: where each code's symbols begin in ``learned_symbol``, (T + 1,).
        learned_symbol, learned: symbol and log-probability of the stretch given the symbol.
        silent: log-odds of a symbol answered by nothing when syllables meet syllables, (S,).
        alike: log-odds of two symbols answering each other, (S, S), symmetric.
    """

    background: Floats
    same: Floats
    gap: Floats
    emit0: Floats
    emit1: Floats
    emit2: Floats
    units: Ints
    back: Floats
    parent: Ints
    codes: NDArray[np.int64]
    code_start: Ints
    learned_symbol: Ints
    learned: Floats
    silent: Floats
    alike: Floats


@jit
def base_costs(x: Ints, start: int, tables: Tables, out: Floats) -> None:
    """Log-probability that each syllable's units emit ``x[start:start + l]``, into ``out[S, l]``."""
    room = min(LONGEST, len(x) - start)
    row = np.empty(LONGEST + 1, dtype=np.float32)
    for symbol in range(out.shape[0]):
        if tables.parent[symbol] >= 0:
            continue
        row[:] = NEVER
        row[0] = 0.0
        for j in range(tables.units.shape[1]):
            unit = tables.units[symbol, j]
            if unit < 0:
                break
            for end in range(room, -1, -1):
                best = row[end] + tables.emit0[unit]
                if end >= 1:
                    best = max(best, row[end - 1] + tables.emit1[unit, x[start + end - 1]])
                if end >= 2:
                    two = tables.emit2[unit, x[start + end - 2], x[start + end - 1]]
                    best = max(best, row[end - 2] + two)
                row[end] = best
        for size in range(room + 1):
            out[symbol, size] = row[size]


@jit
def stretch_costs(x: Ints, tables: Tables) -> Floats:
    """Log-probability of every stretch of a word given every symbol.

    Args:
        x: phone codes of the word, (n,).
        tables: the model.

    Returns:
        (S, n + 1, 6): ``[s, i, l]`` is log P(x[i:i+l] | s), very negative where i + l > n.
    """
    count = tables.parent.shape[0]
    costs = np.full((count, len(x) + 1, LONGEST + 1), NEVER, dtype=np.float32)
    scratch = np.empty((count, LONGEST + 1), dtype=np.float32)
    for start in range(len(x) + 1):
        room = min(LONGEST, len(x) - start)
        base_costs(x, start, tables, scratch)
        for symbol in range(count):
            if tables.parent[symbol] < 0:
                for size in range(room + 1):
                    costs[symbol, start, size] = tables.back[symbol] + scratch[symbol, size]
        _overlay(x, start, room, tables, costs, True)
        for symbol in range(count):
            parent = tables.parent[symbol]
            if parent >= 0:
                for size in range(room + 1):
                    costs[symbol, start, size] = tables.back[symbol] + costs[parent, start, size]
        _overlay(x, start, room, tables, costs, False)
    return costs


@jit
def _overlay(x: Ints, start: int, room: int, tables: Tables, costs: Floats, syllables: bool) -> None:
    """Raise the costs of learned stretches, of syllables or else of characters, at one start."""
    code = np.int64(0)
    for size in range(room + 1):
        if size > 0:
            code = code * 64 + x[start + size - 1] + 1
        at = np.searchsorted(tables.codes, code)
        if at == len(tables.codes) or tables.codes[at] != code:
            continue
        for k in range(tables.code_start[at], tables.code_start[at + 1]):
            symbol = tables.learned_symbol[k]
            if (tables.parent[symbol] < 0) == syllables:
                costs[symbol, start, size] = max(costs[symbol, start, size], tables.learned[k])


class Query(NamedTuple):
    """One form of one part of the query, with what its alignments need worked out beforehand.

    Attributes:
        kind: 0 letters, 1 syllables.
        x: phone codes or symbol ids, (n,).
        costs: for letters, see :func:`stretch_costs`; else empty.
        chance: for letters, minus the log chance of the whole word.
        state_unit: for syllables, the unit consumed on the way into each state, (K,); state 0 is the start.
        state_entry: cost of starting on a syllable's units, (K,).
        state_from: for a state that ends a syllable, the state where the syllable began; else -1, (K,).
        state_symbol: index into ``x`` of the syllable that a state belongs to, (K,).
        slots: a hash table of the codes of stretches learned for any syllable of the query; -1 is free. Its
            size is a power of two, (T,).
        values: log-probability of the stretch in each slot for each syllable, (T, n).
    """

    kind: int
    x: Ints
    costs: Floats
    chance: float
    state_unit: Ints
    state_entry: Floats
    state_from: Ints
    state_symbol: Ints
    slots: NDArray[np.int64]
    values: Floats


@jit
def first_row(query: Query, against: int, tables: Tables, rows: Floats, found: Ints, gain: Floats) -> int:
    """Fill row 0 (nothing of the candidate read) and return the row's width.

    ``against`` is the kind of the candidate: 0 letters, 1 syllables.
    """
    n = len(query.x)
    rows[0, 0] = 0.0
    if query.kind == 0 and against == 0:
        for j in range(1, n + 1):
            rows[0, j] = rows[0, j - 1] + tables.gap[query.x[j - 1]]
        return n + 1
    if query.kind == 0:
        for j in range(1, n + 1):
            rows[0, j] = NEVER
        return n + 1
    if against == 1:
        for j in range(1, n + 1):
            rows[0, j] = rows[0, j - 1] + tables.silent[query.x[j - 1]]
        return n + 1
    _states(query, tables, query.x[:0], 0, rows, found, gain)
    return len(query.state_unit)


@jit
def next_row(
    query: Query,
    against: int,
    tables: Tables,
    word: Ints,
    depth: int,
    rows: Floats,
    found: Ints,
    gain: Floats,
) -> None:
    """Fill row ``depth`` from the rows above, having read ``word[depth - 1]``."""
    n = len(query.x)
    symbol = word[depth - 1]
    before, row = rows[depth - 1], rows[depth]
    if query.kind == 0 and against == 0:
        row[0] = before[0] + tables.gap[symbol]
        for j in range(1, n + 1):
            best = before[j - 1] + tables.same[symbol, query.x[j - 1]]
            best = max(best, before[j] + tables.gap[symbol])
            row[j] = max(best, row[j - 1] + tables.gap[query.x[j - 1]])
    elif query.kind == 0:
        for j in range(n + 1):
            best = NEVER
            for size in range(min(LONGEST, j) + 1):
                best = max(best, before[j - size] + query.costs[symbol, j - size, size])
            row[j] = best
    elif against == 1:
        row[0] = before[0] + tables.silent[symbol]
        for j in range(1, n + 1):
            best = before[j - 1] + tables.alike[symbol, query.x[j - 1]]
            best = max(best, before[j] + tables.silent[symbol])
            row[j] = max(best, row[j - 1] + tables.silent[query.x[j - 1]])
    else:
        _states(query, tables, word, depth, rows, found, gain)


@jit
def _code(word: Ints, end: int, size: int) -> int:
    """The code of the stretch of ``size`` phones before ``end`` (see :func:`onrecord.names.channel.code_of`)."""
    code = np.int64(0)
    for phone in word[end - size : end]:
        code = code * 64 + phone + 1
    return int(code)


@jit
def hashed(code: int, size: int) -> int:
    """Where to look first for a code in a table whose size is a power of two."""
    return int((code ^ (code >> 7) ^ (code >> 15)) & (size - 1))


@jit
def _slot(slots: NDArray[np.int64], code: int) -> int:
    at = hashed(code, len(slots))
    while slots[at] >= 0:
        if slots[at] == code:
            return at
        at = (at + 1) & (len(slots) - 1)
    return -1


@jit
def _states(
    query: Query, tables: Tables, word: Ints, depth: int, rows: Floats, found: Ints, gain: Floats
) -> None:
    """Walk the units of the query's syllables over the candidate's letters, one letter further.

    ``found`` and ``gain`` are room for working, (6,) each.
    """
    row = rows[depth]
    room = min(LONGEST, depth)
    for size in range(room + 1):
        found[size] = _slot(query.slots, _code(word, depth, size))
        if size > 0:
            gain[size] = gain[size - 1] - tables.background[word[depth - size]]
    if depth > 0:
        row[0] = NEVER
    for s in range(1, len(query.state_unit)):
        unit, entry = query.state_unit[s], query.state_entry[s]
        best = row[s - 1] + entry + tables.emit0[unit]
        if depth >= 1:
            one = rows[depth - 1, s - 1] + tables.emit1[unit, word[depth - 1]] + gain[1]
            best = max(best, one + entry)
        if depth >= 2:
            two = rows[depth - 2, s - 1] + tables.emit2[unit, word[depth - 2], word[depth - 1]] + gain[2]
            best = max(best, two + entry)
        start = query.state_from[s]
        if start >= 0:
            for size in range(room + 1):
                if found[size] >= 0:
                    jump = query.values[found[size], query.state_symbol[s]]
                    best = max(best, rows[depth - size, start] + jump + gain[size])
        row[s] = best


@jit
def last_cell(query: Query, against: int, rows: Floats, depth: int, width: int) -> float:
    """The log-odds of the whole pair, once ``depth`` symbols of the candidate are read."""
    chance = query.chance if query.kind == 0 and against == 1 else np.float32(0.0)
    return float(rows[depth, width - 1] + chance)


@jit
def align(query: Query, against: int, tables: Tables, word: Ints, rows: Floats) -> float:
    """Fill ``rows`` for one candidate and return its log-odds. ``rows`` needs len(word) + 1 rows."""
    found = np.zeros(LONGEST + 1, dtype=np.int32)
    gain = np.zeros(LONGEST + 1, dtype=np.float32)
    width = first_row(query, against, tables, rows, found, gain)
    for depth in range(1, len(word) + 1):
        next_row(query, against, tables, word, depth, rows, found, gain)
    return last_cell(query, against, rows, len(word), width)


@jit
def align_many(
    query: Query,
    tables: Tables,
    kind: NDArray[np.int8],
    start: Ints,
    symbols: Ints,
    wanted: Ints,
) -> Floats:
    """Log-odds of a query form against chosen forms, (K,); arrays as in :class:`onrecord.names.bank.Bank`.

    It stands in this module because numba's cache notices a change of the compiled file only, not of the files
    that it calls.
    """
    rows = np.empty((32, 160), dtype=np.float32)
    scores = np.empty(len(wanted), dtype=np.float32)
    for k in range(len(wanted)):
        form = wanted[k]
        scores[k] = align(query, kind[form], tables, symbols[start[form] : start[form + 1]], rows)
    return scores
