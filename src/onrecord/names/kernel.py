"""The dynamic programmes that align two spellings, compiled with numba.

Every function fills, for each candidate, a table with one row for each symbol of it. A cell holds the best
log-odds so far: the probability that the two beginnings spell one name over the probability that they meet by
chance, natural logarithm. The table of the last candidate is left in ``rows`` for who wants to see how.

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

from onrecord.names import lean

lean.load()

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

LONGEST = 5  # phones a syllable may stand for
NEVER = np.float32(-1e9)
_P = ParamSpec("_P")
_R = TypeVar("_R")


def jit(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function at its first call and remember the result on disk; its types stay visible.

    Where neither the package's folder nor the user's cache can be written, it is compiled anew in every process.
    """
    try:
        compiled = numba.njit(cache=True)(function)
    except RuntimeError:
        compiled = numba.njit(function)
    return cast("Callable[_P, _R]", compiled)


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
def stretch_costs(x: Ints, tables: Tables, starts: int, costs: Floats) -> None:  # noqa: PLR0912 - one table, filled in place
    """Log-probability of every stretch of a word given every symbol.

    Args:
        x: phone codes of the word, (n,).
        tables: the model.
        starts: only stretches that begin before this place are worked out; n + 1 for all.
        costs: filled, ``[s, i, l]`` with log P(x[i-l:i] | s), (S, n + 1, 6); it comes full of :data:`NEVER`.
    """
    emit0, emit1, emit2, units = tables.emit0, tables.emit1, tables.emit2, tables.units
    parent, back = tables.parent, tables.back
    # What the first units of a syllable emit; syllables come in alphabetical order and share their beginnings.
    chain = np.full((units.shape[1] + 1, LONGEST + 1), NEVER, dtype=np.float32)
    chain[0, 0] = 0.0
    for start in range(starts):
        room = min(LONGEST, len(x) - start)
        before = -1
        for symbol in range(len(parent)):
            if parent[symbol] >= 0:
                continue
            j, shared = 0, before >= 0
            while j < units.shape[1] and units[symbol, j] >= 0:
                unit = units[symbol, j]
                shared = shared and units[before, j] == unit
                # A syllable is spelled by its units, each emitting no, one or two phones.
                for size in range(0 if shared else min(room, 2 * j + 2) + 1):
                    best = chain[j, size] + emit0[unit]
                    if size >= 1:
                        best = max(best, chain[j, size - 1] + emit1[unit, x[start + size - 1]])
                    if size >= 2:
                        two = emit2[unit, x[start + size - 2], x[start + size - 1]]
                        best = max(best, chain[j, size - 2] + two)
                    chain[j + 1, size] = best
                j += 1
            for size in range(room + 1):
                costs[symbol, start + size, size] = back[symbol] + chain[j, size]
            before = symbol
        _overlay(x, start, room, tables, costs, True)
    for symbol in range(len(parent)):
        if parent[symbol] >= 0:
            for end in range(len(x) + 1):
                for size in range(LONGEST + 1):
                    costs[symbol, end, size] = back[symbol] + costs[parent[symbol], end, size]
    for start in range(starts):
        _overlay(x, start, min(LONGEST, len(x) - start), tables, costs, False)


@jit
def _overlay(x: Ints, start: int, room: int, tables: Tables, costs: Floats, syllables: bool) -> None:
    """Raise the costs of learned stretches, of syllables or else of characters, at one start."""
    code = np.int64(0)
    for size in range(room + 1):
        if size > 0:
            code = code * 64 + x[start + size - 1] + 1
        low, high = 0, len(tables.codes)
        while low < high:
            middle = (low + high) // 2
            if tables.codes[middle] < code:
                low = middle + 1
            else:
                high = middle
        if low == len(tables.codes) or tables.codes[low] != code:
            continue
        for k in range(tables.code_start[low], tables.code_start[low + 1]):
            symbol = tables.learned_symbol[k]
            if (tables.parent[symbol] < 0) == syllables:
                costs[symbol, start + size, size] = max(costs[symbol, start + size, size], tables.learned[k])


class Query(NamedTuple):
    """One form of one part of the query, with what its alignments need worked out beforehand.

    Attributes:
        kind: 0 letters, 1 syllables.
        x: phone codes or symbol ids, (n,).
        answers: log-odds of each symbol of the query's own kind answering each of ``x``, (P or S, n).
        alone: log-odds of each of ``x`` answered by nothing of its own kind, (n,).
        swap: what it costs two neighbours to change places among symbols of this kind.
        costs: for letters, see :func:`stretch_costs`; else empty.
        chance: for letters, minus the log chance of the whole word.
        entry: for syllables, cost of leaving what was learned for the syllable a unit begins, 0 within one, (K,).
        emit0, emit1, emit2: for syllables, each unit emitting no, one or two phones: (K,), (P, K), (P, P, K).
        begins: for a unit that ends a syllable, how many units came before that syllable; else -1, (K,).
        owner: index into ``x`` of the syllable each unit belongs to, (K,).
        slots: a hash table of the codes of stretches learned for any syllable of the query; -1 is free. Its
            size is a power of two, (T,).
        values: log-probability of the stretch in each slot for each syllable, (T, n).
    """

    kind: int
    x: Ints
    answers: Floats
    alone: Floats
    swap: float
    costs: Floats
    chance: float
    entry: Floats
    emit0: Floats
    emit1: Floats
    emit2: Floats
    begins: Ints
    owner: Ints
    slots: NDArray[np.int64]
    values: Floats


class Words(NamedTuple):
    """The candidates: ``F`` forms, see :class:`onrecord.names.bank.Bank`, and which of them are wanted.

    Attributes:
        kind: (F,).
        start: (F + 1,).
        symbols: of all forms, one after the other.
        wanted: (K,).
    """

    kind: NDArray[np.int8]
    start: Ints
    symbols: Ints
    wanted: Ints


def align(query: Query, tables: Tables, words: Words, rows: Floats) -> Floats:
    """Log-odds of a query form against the wanted forms, (K,).

    Args:
        rows: room for one table (see :func:`room`); left with that of the last candidate, if all are of one kind.
    """
    scores = np.empty(len(words.wanted), dtype=np.float32)
    like = int(np.count_nonzero(words.kind[words.wanted] == query.kind))
    if like:
        alone = tables.gap if query.kind == 0 else tables.silent
        _paired(query.kind, query.answers, query.alone, alone, query.swap, words, rows, scores)
    if like < len(scores) and query.kind == 0:
        _spelled(query.costs, query.chance, words, rows, scores)
    elif like < len(scores):
        found, gain = np.empty(LONGEST + 1, dtype=np.int32), np.zeros(LONGEST + 1, dtype=np.float32)
        _read(query, tables.background, words, rows, scores, found, gain)
    return scores


def room(query: Query, longest: int) -> Floats:
    """Rows for aligning candidates of at most ``longest`` symbols."""
    return np.empty((longest + 1, width(query)), dtype=np.float32)


def width(query: Query) -> int:
    """How many columns a table needs at most."""
    return max(len(query.x), len(query.begins)) + 1


@jit
def _shared(symbols: Ints, one: int, filled: int, other: int, size: int) -> int:
    """How many symbols a form begins with that the form before it, ``filled`` long, begins with too: the rows of these
    stand already."""
    shared, most = 0, min(filled, size)
    while shared < most and symbols[one + shared] == symbols[other + shared]:
        shared += 1
    return shared


@jit
def _paired(
    kind: int,
    answers: Floats,
    alone_here: Floats,
    alone: Floats,
    swap: float,
    words: Words,
    rows: Floats,
    scores: Floats,
) -> None:
    """Symbol against symbol of one kind; two neighbours may have changed places."""
    n = len(alone_here)
    rows[0, 0] = 0.0
    for j in range(n):
        rows[0, j + 1] = rows[0, j] + alone_here[j]
    first, filled = 0, 0
    for k in range(len(words.wanted)):
        form = words.wanted[k]
        if words.kind[form] != kind:
            continue
        previous, first = first, words.start[form]
        size = words.start[form + 1] - first
        for i in range(_shared(words.symbols, previous, filled, first, size), size):
            symbol, last = words.symbols[first + i], words.symbols[first + max(i - 1, 0)]
            gap = alone[symbol]
            left = rows[i, 0] + gap
            rows[i + 1, 0] = left
            for j in range(n):
                best = max(rows[i, j] + answers[symbol, j], rows[i, j + 1] + gap)
                if i > 0 and j > 0:
                    best = max(best, rows[i - 1, j - 1] + answers[last, j] + answers[symbol, j - 1] + swap)
                left = max(best, left + alone_here[j])
                rows[i + 1, j + 1] = left
        scores[k], filled = rows[size, n], size


@jit
def _spelled(costs: Floats, chance: float, words: Words, rows: Floats, scores: Floats) -> None:
    """Each syllable of the candidate stands for a stretch of the query's letters."""
    n = costs.shape[1] - 1
    rows[0, 0] = 0.0
    for j in range(n):
        rows[0, j + 1] = NEVER
    first, filled = 0, 0
    for k in range(len(words.wanted)):
        form = words.wanted[k]
        if words.kind[form] != 1:
            continue
        previous, first = first, words.start[form]
        size = words.start[form + 1] - first
        for i in range(_shared(words.symbols, previous, filled, first, size), size):
            symbol = words.symbols[first + i]
            for j in range(n + 1):
                best = NEVER
                for stretch in range(min(LONGEST, j) + 1):
                    best = max(best, rows[i, j - stretch] + costs[symbol, j, stretch])
                rows[i + 1, j] = best
        scores[k], filled = rows[size, n] + chance, size


@jit
def hashed(code: int, size: int) -> int:
    """Where to look first for a code in a table whose size is a power of two."""
    return int((code ^ (code >> 7) ^ (code >> 15)) & (size - 1))


@jit
def put(codes: NDArray[np.int64], slots: NDArray[np.int64], where: NDArray[np.int64]) -> None:
    """Put codes into a hash table of free slots (-1); ``where`` is filled with the slot of each."""
    for k in range(len(codes)):
        at = hashed(codes[k], len(slots))
        while slots[at] >= 0:
            at = (at + 1) & (len(slots) - 1)
        slots[at], where[k] = codes[k], at


@jit
def _read(
    query: Query, chance: Floats, words: Words, rows: Floats, scores: Floats, found: Ints, gain: Floats
) -> None:
    """Each syllable of the query stands for a stretch of the candidate's letters.

    Column s of a row is reached once s units of the query are spelled; a syllable's units may be skipped by what
    was learned for it as a whole. ``found`` and ``gain`` are room for working, (6,) each. All in one function:
    handing the query on for every row took longer than the row.
    """
    emit0, emit1, emit2, entry = query.emit0, query.emit1, query.emit2, query.entry
    begins, owner, slots, values = query.begins, query.owner, query.slots, query.values
    start, word, count, last_slot = words.start, words.symbols, len(begins), len(slots) - 1
    first, filled = 0, -1
    for k in range(len(words.wanted)):
        form = words.wanted[k]
        if words.kind[form] != 0:
            continue
        previous, first = first, start[form]
        size = start[form + 1] - first
        for i in range(_shared(word, previous, filled, first, size) + 1 if filled >= 0 else 0, size + 1):
            code, place, room = 0, 1, min(LONGEST, i)
            for stretch in range(room + 1):
                if stretch > 0:
                    phone = word[first + i - stretch]
                    code += place * (phone + 1)
                    place *= 64
                    gain[stretch] = gain[stretch - 1] - chance[phone]
                at = hashed(code, last_slot + 1)
                while slots[at] >= 0 and slots[at] != code:
                    at = (at + 1) & last_slot
                found[stretch] = at if slots[at] >= 0 else -1
            left = NEVER if i else np.float32(0.0)
            rows[i, 0] = left
            one = word[first + i - 1] if i > 0 else 0
            two = word[first + i - 2] if i > 1 else 0
            for s in range(count):
                best = left + emit0[s]
                if i > 0:
                    best = max(best, rows[i - 1, s] + emit1[one, s] + gain[1])
                if i > 1:
                    best = max(best, rows[i - 2, s] + emit2[two, one, s] + gain[2])
                best += entry[s]
                if begins[s] >= 0:
                    for stretch in range(room + 1):
                        if found[stretch] >= 0:
                            jump = values[found[stretch], owner[s]] + gain[stretch]
                            best = max(best, rows[i - stretch, begins[s]] + jump)
                left = best
                rows[i, s + 1] = left
        scores[k], filled = rows[size, count], size
