"""Many parts as flat arrays, each distinct part once: what scoring and the index read.

A bank holds what candidates are made of. Names of a population repeat their parts (ten million people share
a few hundred thousand), so parts are scored once and names only add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.names import kernel
from onrecord.names.channel import Channel
from onrecord.names.parts import Part
from onrecord.names.sketch import WIDTH

LETTERS, SYLLABLES = 0, 1


class Bank(NamedTuple):
    """Forms of parts; ``F`` forms of ``P`` parts.

    Attributes:
        part_start: the forms of part p are ``part_start[p]`` up to ``part_start[p + 1]``, (P + 1,).
        kind: 0 letters, 1 syllables, (F,).
        start: where each form's symbols begin in ``symbols``, (F + 1,).
        symbols: phone codes or symbol ids.
        cost: of each form, (F,).
        owner: the part each form belongs to, (F,).
        outline: the rough sound of each form, (F, WIDTH).
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
        ).reshape(len(forms), WIDTH),
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
        **{
            field: np.concatenate([getattr(one, field), getattr(other, field)])
            for field in ("kind", "symbols", "cost", "outline", "information", "weight", "title")
        },
    )


def chosen(bank: Bank, parts: NDArray[np.int64]) -> Bank:
    """The bank of some parts of a bank, in the order given."""
    sizes = bank.part_start[parts + 1] - bank.part_start[parts]
    forms = _spread(bank.part_start[parts], sizes)
    lengths = bank.start[forms + 1] - bank.start[forms]
    return Bank(
        part_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32),
        kind=bank.kind[forms],
        start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        symbols=bank.symbols[_spread(bank.start[forms], lengths)],
        cost=bank.cost[forms],
        owner=np.repeat(np.arange(len(parts), dtype=np.int32), sizes),
        outline=bank.outline[forms],
        information=bank.information[parts],
        weight=bank.weight[parts],
        title=bank.title[parts],
    )


def _spread(starts: NDArray[np.int32], sizes: NDArray[np.int32]) -> NDArray[np.int64]:
    """The positions of runs that begin at ``starts`` and are ``sizes`` long, one after the other."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts.astype(np.int64) - before, sizes) + np.arange(sizes.sum())


def score_forms(
    query: kernel.Query, tables: kernel.Tables, bank: Bank, wanted: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Log-odds of a query form against chosen forms of a bank, the candidates' costs taken off, (K,)."""
    return kernel.align_many(query, tables, bank.kind, bank.start, bank.symbols, wanted) - bank.cost[wanted]
