"""Many parts as flat arrays, each distinct part once: what scoring and the index read.

A bank holds what candidates are made of. Names of a population repeat their parts (ten million people share
a few hundred thousand), so parts are scored once and names only add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.names import kernel
from onrecord.names.channel import Channel
from onrecord.names.parts import LONGEST_PART, Part
from onrecord.names.sketch import WIDTH

LETTERS, SYLLABLES = 0, 1
_SORTED_BY, _MOST_SYMBOLS = 5, 1 << 12  # symbols that count in alphabetical order; ids are lower than that


class Bank(NamedTuple):
    """Forms of parts; ``F`` forms of ``P`` parts.

    Attributes:
        part_start: the forms of part p are ``part_start[p]`` up to ``part_start[p + 1]``, (P + 1,).
        kind: 0 letters, 1 syllables, (F,).
        start: where each form's symbols begin in ``symbols``, (F + 1,).
        symbols: phone codes or symbol ids.
        cost: of each form, (F,).
        owner: the part each form belongs to, (F,).
        outline: the rough sound of each form, (WIDTH, F).
        information: what a perfect match of the part would say, in nats, (P,).
        weight: see :class:`onrecord.names.parts.Part`, (P,).
        title: 1 where the part is a title, (P,).
    """

    part_start: NDArray[np.int32]
    kind: NDArray[np.int8]
    start: NDArray[np.int32]
    symbols: NDArray[np.int32]
    cost: NDArray[np.float32]
    owner: NDArray[np.int32]
    outline: NDArray[np.uint8]
    information: NDArray[np.float32]
    weight: NDArray[np.float32]
    title: NDArray[np.int8]


class Forms(NamedTuple):
    """The forms of a bank in alphabetical order, letters before syllables; ``F`` of them, attributes as in :class:`Bank`.

    Forms that begin alike stand side by side, so that their alignments share what they begin with.
    """

    kind: NDArray[np.int8]
    start: NDArray[np.int32]
    symbols: NDArray[np.int32]
    cost: NDArray[np.float32]
    owner: NDArray[np.int32]
    outline: NDArray[np.uint8]


def bank_of(parts: Sequence[Part], channel: Channel) -> Bank:
    """The bank of these parts, in their order."""
    forms = [form for part in parts for form in part.forms]
    encoded = [channel.encode(form.kind, form.symbols) for form in forms]
    firsts = np.cumsum([0, *(len(part.forms) for part in parts)])
    information = [channel.information(forms[at].kind, encoded[at]) for at in firsts[:-1]]
    return Bank(
        part_start=firsts.astype(np.int32),
        kind=np.array([SYLLABLES if f.kind == "syllables" else LETTERS for f in forms], dtype=np.int8),
        start=np.cumsum([0, *map(len, encoded)]).astype(np.int32),
        symbols=np.concatenate([np.zeros(0, dtype=np.int32), *encoded]).astype(np.int32),
        cost=np.array([f.cost for f in forms], dtype=np.float32),
        owner=np.repeat(np.arange(len(parts), dtype=np.int32), np.diff(firsts)),
        outline=np.array(
            [channel.outline(f.kind, x) for f, x in zip(forms, encoded, strict=True)], dtype=np.uint8
        )
        .reshape(len(forms), WIDTH)
        .T.copy(),
        information=np.array(information, dtype=np.float32),
        weight=np.array([p.weight for p in parts], dtype=np.float32),
        title=np.array([p.title for p in parts], dtype=np.int8),
    )


def joined_banks(one: Bank, other: Bank) -> Bank:
    """The parts of one bank followed by those of another."""
    return Bank(
        part_start=np.concatenate([one.part_start, other.part_start[1:] + one.part_start[-1]]),
        start=np.concatenate([one.start, other.start[1:] + one.start[-1]]),
        owner=np.concatenate([one.owner, other.owner + len(one.weight)]).astype(np.int32),
        outline=np.concatenate([one.outline, other.outline], axis=1),
        **{
            field: np.concatenate([getattr(one, field), getattr(other, field)])
            for field in ("kind", "symbols", "cost", "information", "weight", "title")
        },
    )


def forms_of(bank: Bank, parts: NDArray[Any]) -> NDArray[np.int32]:
    """All forms of some parts, in the order given."""
    return spread(bank.part_start[parts], bank.part_start[parts + 1] - bank.part_start[parts]).astype(
        np.int32
    )


def in_order(bank: Bank) -> Forms:
    """The forms of a bank in alphabetical order, by their first five symbols."""
    sizes = np.diff(bank.start)
    key = bank.kind.astype(np.int64)
    for at in range(_SORTED_BY):
        held = sizes > at
        key *= _MOST_SYMBOLS
        key[held] += bank.symbols[bank.start[:-1][held] + at] + 1
    order = np.argsort(key, kind="stable").astype(np.int32)
    symbols = bank.symbols[spread(bank.start[order], sizes[order])]
    return Forms(
        kind=bank.kind[order],
        start=np.concatenate([[0], np.cumsum(sizes[order])]).astype(np.int32),
        symbols=symbols,
        cost=bank.cost[order],
        owner=bank.owner[order],
        outline=np.take(bank.outline, order, axis=1),
    )


def spread(starts: NDArray[Any], sizes: NDArray[Any]) -> NDArray[np.int64]:
    """The positions of runs that begin at ``starts`` and are ``sizes`` long, one after the other."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts.astype(np.int64) - before, sizes) + np.arange(sizes.sum())


def score_forms(
    query: kernel.Query, tables: kernel.Tables, forms: Bank | Forms, wanted: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Log-odds of a query form against chosen forms, the candidates' costs taken off, (K,)."""
    words = kernel.Words(forms.kind, forms.start, forms.symbols, wanted)
    return kernel.align(query, tables, words, kernel.room(query, LONGEST_PART)) - forms.cost[wanted]
