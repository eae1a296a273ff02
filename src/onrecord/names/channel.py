"""The trained model: read from its tables, and asked for queries ready to align.

Files in ``tables/`` (written by ``tools/train_names.py``): ``units.csv`` holds what an initial or a final sound
of pinyin is heard as, ``channel.csv`` what a character or syllable stands for, ``sounds.csv`` which phones
answer which between alphabets. All probabilities are plain numbers between 0 and 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.names import kernel, sketch, tables
from onrecord.names.hanzi import reading, syllables, units
from onrecord.names.phones import CODE, PHONES

Kind = Literal["letters", "syllables"]
Row = Mapping[str, str]
# Share of probability given to sounds never seen answering each other: careless letters happen anywhere.
_NOISE = 0.05
# However often a character was seen, a careless letter may break what it stands for: the weight left for that.
_LEAST_BACKING = 0.5
# Chance that a letter too many slips in beside a sound.
_SLIP = 0.06
# Two letters typed in each other's place, in nats: rarer than a wrong letter.
_SWAPPED = -3.5
# No two sounds set against each other speak harder against a match than a slip of the pen would.
_HARDEST = -2.5


def code_of(sounds: str) -> int:
    """A stretch of at most five phones as one integer, 0 for silence."""
    code = 0
    for sound in sounds:
        code = code * 64 + CODE[sound] + 1
    return code


class Stretches(NamedTuple):
    """Stretches of phones by code, ascending, and the log-probability of each."""

    codes: NDArray[np.int64]
    values: kernel.Floats


class Channel:
    """The model as arrays, with the meaning of its symbol ids.

    Attributes:
        symbols: id of each syllable and each trained character.
        names: the symbol of each id.
        tables: the arrays (see :class:`onrecord.names.kernel.Tables`).
    """

    def __init__(
        self, unit_rows: Iterable[Row], channel_rows: Iterable[Row], sound_rows: Iterable[Row]
    ) -> None:
        learned = _by_symbol(channel_rows)
        self.names: list[str] = [*syllables(), *sorted(s for s in learned if len(s) == 1 and not s.isascii())]
        self.symbols = {symbol: at for at, symbol in enumerate(self.names)}
        self.tables = _alike(_without_alike(self, unit_rows, learned, sound_rows))
        self._learned = _learned_codes(self.names, learned)
        self._stretches: dict[int, Stretches] = {}
        self._expected = sketch.expected(self.tables, self._learned)
        self._classes = sketch.classes()

    def encode(self, kind: Kind, form: Sequence[str]) -> kernel.Ints:
        """A form's symbols as ids: phones, or characters and syllables (a character unseen in training as its
        syllable, one without a reading left out)."""
        if kind == "letters":
            return np.array([CODE[p] for p in form], dtype=np.int32)
        ids = (self.symbols.get(s, self.symbols.get(reading(s) if len(s) == 1 else s, -1)) for s in form)
        return np.array([i for i in ids if i >= 0], dtype=np.int32)

    def query(self, kind: Kind, x: kernel.Ints) -> kernel.Query:
        """Everything about one form that its alignments share."""
        return _letters_query(x, self.tables) if kind == "letters" else _syllables_query(x, self)

    def backing(self, symbol: int) -> float:
        """Log weight of leaving everything learned for a symbol and spelling it by its units."""
        parent = self.tables.parent[symbol]
        return float(self.tables.back[symbol]) + (self.backing(parent) if parent >= 0 else 0.0)

    def stretches(self, symbol: int) -> Stretches:
        """The stretches learned for a symbol or for the syllable it is read as."""
        found = self._stretches.get(symbol)
        if found is None:
            known = self._known(symbol)
            found = Stretches(
                np.array(sorted(known), dtype=np.int64),
                np.array([known[code] for code in sorted(known)], dtype=np.float32),
            )
            self._stretches[symbol] = found
        return found

    def _known(self, symbol: int) -> dict[int, float]:
        parent, back = self.tables.parent[symbol], float(self.tables.back[symbol])
        inherited = self._learned[parent] if parent >= 0 else {}
        known = {code: back + value for code, value in inherited.items()}
        for code, value in self._learned[symbol].items():
            known[code] = max(value, known.get(code, value))
        return known

    def outline(self, kind: Kind, x: kernel.Ints) -> NDArray[np.uint8]:
        """The rough sound of a form (see :mod:`onrecord.names.sketch`)."""
        return sketch.outline((self._classes if kind == "letters" else self._expected)[x])

    def information(self, kind: Kind, x: kernel.Ints) -> float:
        """How much a perfect match of this form would say, in nats."""
        if kind == "letters":
            return float(-self.tables.background[x].sum())
        return 4.5 * len(x)


def _by_symbol(channel_rows: Iterable[Row]) -> dict[str, dict[str, float]]:
    learned: dict[str, dict[str, float]] = defaultdict(dict)
    for row in channel_rows:
        learned[row["symbol"]][row["phones"]] = float(row["probability"])
    return learned


def _without_alike(
    channel: Channel,
    unit_rows: Iterable[Row],
    learned: dict[str, dict[str, float]],
    sound_rows: Iterable[Row],
) -> kernel.Tables:
    background, same, gap = _sounds(sound_rows)
    emit, unit_ids = _emissions(unit_rows, np.exp(background))
    count = len(channel.names)
    symbol_units = np.full((count, 6), -1, dtype=np.int32)
    parent = np.full(count, -1, dtype=np.int32)
    back = np.zeros(count, dtype=np.float32)
    entries: list[tuple[int, int, float]] = []
    for at, symbol in enumerate(channel.names):
        syllable = symbol if symbol.isascii() else reading(symbol)
        for j, unit in enumerate(units(syllable)):
            symbol_units[at, j] = unit_ids[unit]
        parent[at] = -1 if symbol == syllable else channel.symbols[syllable]
        own = learned.get(symbol, {})
        back[at] = np.log(max(own.get("*", 1.0), _LEAST_BACKING))
        entries += [(code_of(p), at, float(np.log(v))) for p, v in own.items() if p != "*"]
    entries.sort()
    codes, start = np.unique(np.array([e[0] for e in entries], dtype=np.int64), return_index=True)
    empty = np.zeros((1, 1), dtype=np.float32)
    return kernel.Tables(
        background=background,
        same=same,
        gap=gap,
        emit0=emit[0],
        emit1=emit[1],
        emit2=emit[2],
        units=symbol_units,
        back=back,
        parent=parent,
        codes=codes,
        code_start=np.append(start, len(entries)).astype(np.int32),
        learned_symbol=np.array([e[1] for e in entries], dtype=np.int32),
        learned=np.array([e[2] for e in entries], dtype=np.float32),
        silent=np.zeros(count, dtype=np.float32),
        alike=empty,
    )


def _learned_codes(names: list[str], learned: dict[str, dict[str, float]]) -> list[dict[int, float]]:
    return [
        {code_of(p): float(np.log(v)) for p, v in learned.get(name, {}).items() if p != "*"} for name in names
    ]


def _alike(model: kernel.Tables) -> kernel.Tables:
    """The tables with the log-odds of two symbols standing for the same stretch, over the learned stretches."""
    count = len(model.parent)
    shares = np.zeros((count, len(model.codes)), dtype=np.float32)
    chance = np.zeros(len(model.codes), dtype=np.float32)
    for column, code in enumerate(model.codes):
        x = _decoded(int(code))
        chance[column] = np.exp(model.background[x].sum())
        shares[:, column] = np.exp(_stretch_costs(x, model, starts=1)[:, len(x), len(x)])
    with np.errstate(divide="ignore"):
        alike = np.log((shares / np.maximum(chance, 1e-4)) @ shares.T + 1e-4)
    read = np.where(model.parent >= 0, model.parent, np.arange(count))
    homophones = read[:, None] == read[None, :]
    # Citation readings alone make two clerks write the same syllable: 407 syllables, about 1 in 60 in names.
    alike = np.maximum(alike, np.where(homophones, np.log(30.0), -9.0))
    np.fill_diagonal(alike, np.log(120.0))
    silent = np.log(np.maximum(shares[:, 0], 0.004)) - 1.0
    return model._replace(alike=alike.astype(np.float32), silent=silent.astype(np.float32))


def _decoded(code: int) -> kernel.Ints:
    phones: list[int] = []
    while code:
        phones.append(code % 64 - 1)
        code //= 64
    return np.array(phones[::-1], dtype=np.int32)


def _emissions(
    unit_rows: Iterable[Row], chance: NDArray[Any]
) -> tuple[tuple[kernel.Floats, kernel.Floats, kernel.Floats], dict[str, int]]:
    """Smoothed log-probabilities of a unit being heard as nothing, one phone or two."""
    names = sorted({u for s in syllables() for u in units(s)})
    ids = {unit: at for at, unit in enumerate(names)}
    size = len(PHONES)
    none = np.full(len(names), 0.3 * _NOISE)
    one = np.tile(0.7 * _NOISE * chance, (len(names), 1))
    two = np.zeros((len(names), size, size))
    for row in unit_rows:
        at, share = ids[row["unit"]], (1 - _NOISE) * float(row["probability"])
        heard = [CODE[p] for p in row["phones"]]
        if not heard:
            none[at] += share
        elif len(heard) == 1:
            one[at, heard[0]] += share
        else:
            two[at, heard[0], heard[1]] += share
    two += _SLIP * (one[:, :, None] * chance + one[:, None, :] * chance[:, None]) / 2
    log = [np.log(a).astype(np.float32) for a in (none, one, two)]
    return (log[0], log[1], log[2]), ids


def _sounds(sound_rows: Iterable[Row]) -> tuple[kernel.Floats, kernel.Floats, kernel.Floats]:
    size = len(PHONES)
    background, gap = np.zeros(size), np.zeros(size)
    same = np.zeros((size, size))
    for row in sound_rows:
        one, other, value = CODE[row["phone"]], row["answers"], float(row["value"])
        if other == "chance":
            background[one] = value
        elif other == "nothing":
            gap[one] = max(value, _HARDEST)
        else:
            same[one, CODE[other]] = same[CODE[other], one] = max(value, _HARDEST)
    return background.astype(np.float32), same.astype(np.float32), gap.astype(np.float32)


def _stretch_costs(x: kernel.Ints, model: kernel.Tables, starts: int | None = None) -> kernel.Floats:
    shape = (len(model.parent), len(x) + 1, kernel.LONGEST + 1)
    costs = np.full(shape, kernel.NEVER, dtype=np.float32)
    kernel.stretch_costs(x, model, len(x) + 1 if starts is None else starts, costs)
    return costs


def _letters_query(x: kernel.Ints, model: kernel.Tables) -> kernel.Query:
    none = np.zeros(0, dtype=np.float32)
    return kernel.Query(
        kind=0,
        x=x,
        costs=_stretch_costs(x, model),
        chance=float(-model.background[x].sum()),
        answers=np.ascontiguousarray(model.same[:, x]),
        alone=model.gap[x],
        swap=_SWAPPED,
        entry=none,
        emit0=none,
        emit1=none.reshape(0, 0),
        emit2=none.reshape(0, 0, 0),
        begins=np.zeros(0, dtype=np.int32),
        owner=np.zeros(0, dtype=np.int32),
        slots=np.full(1, -1, dtype=np.int64),
        values=none.reshape(0, 0),
    )


def _syllables_query(x: kernel.Ints, channel: Channel) -> kernel.Query:
    model = channel.tables
    unit: list[int] = []
    entry: list[float] = []
    begins: list[int] = []
    owner: list[int] = []
    for t, symbol in enumerate(x):
        own = [u for u in model.units[symbol] if u >= 0]
        entry += [channel.backing(symbol)] + [0.0] * (len(own) - 1)
        begins += [-1] * (len(own) - 1) + [len(unit)]
        owner += [t] * len(own)
        unit += own
    slots, values = _hashed([channel.stretches(symbol) for symbol in x])
    return kernel.Query(
        kind=1,
        x=x,
        costs=np.zeros((0, 0, 0), dtype=np.float32),
        chance=0.0,
        answers=np.ascontiguousarray(model.alike[:, x]),
        alone=model.silent[x],
        swap=float(kernel.NEVER),
        entry=np.array(entry, dtype=np.float32),
        emit0=model.emit0[unit],
        emit1=np.ascontiguousarray(model.emit1[unit].T),
        emit2=np.ascontiguousarray(model.emit2[unit].transpose(1, 2, 0)),
        begins=np.array(begins, dtype=np.int32),
        owner=np.array(owner, dtype=np.int32),
        slots=slots,
        values=values,
    )


def _hashed(stretches: Sequence[Stretches]) -> tuple[NDArray[np.int64], kernel.Floats]:
    """The learned stretches of some syllables as a hash table at most a third full."""
    codes = np.unique(np.concatenate([own.codes for own in stretches]))
    size = 1 << (3 * len(codes)).bit_length()
    slots, where = np.full(size, -1, dtype=np.int64), np.empty(len(codes), dtype=np.int64)
    kernel.put(codes, slots, where)
    values = np.full((size, len(stretches)), kernel.NEVER, dtype=np.float32)
    for t, own in enumerate(stretches):
        values[where[np.searchsorted(codes, own.codes)], t] = own.values
    return slots, values


@cache
def default() -> Channel:
    """The channel shipped with the package."""
    return Channel(tables.rows("units.csv"), tables.rows("channel.csv"), tables.rows("sounds.csv"))
