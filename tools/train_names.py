"""Train the channel of the names room from tuples of spellings and write its readable tables.

    python tools/train_names.py ../shared/data/names/pairs.csv

reads one row an entity (columns latin, uly, arabic, hanzi, cyrillic, turkish_or_other; ``|`` between
variants), leaves out every row whose source names the GPL, and writes ``units.csv``, ``channel.csv`` and
``sounds.csv`` into the package. Three expectation-maximisation runs, each backed by the one before:

1. *units*: what each initial and final sound of pinyin is heard as, from hand-set beginnings;
2. *channel*: which stretch of sounds each syllable, then each character stands for (Li, Zhang and Su 2004);
3. *sounds*: which phone of one alphabet answers which of another (pair hidden Markov model, best paths).

The result depends only on the rows; nothing is drawn at random.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np

from onrecord.names.hanzi import is_hanzi, reading, units
from onrecord.names.phones import CODE, PHONES, VOWELS, phones
from onrecord.names.scripts import plain

LETTER_COLUMNS = ("latin", "uly", "arabic", "cyrillic", "turkish_or_other")
LONGEST = 5
SYLLABLE_PRIOR, CHARACTER_PRIOR = 4.0, 2.0
TABLES = Path(__file__).parents[1] / "src/onrecord/names/tables"
Row = dict[str, str]
Tables = dict[str, list[Row]]
Pair = tuple[str, tuple[str, ...], float]

# What a unit is heard as before anything is learned: the letter itself and its neighbours in Turkic names.
HEARD = {
    "b": "b p", "p": "p b", "m": "m", "f": "f p v w", "d": "d t", "t": "t d", "n": "n", "l": "l r",
    "g": "g G k q", "k": "k q g x", "h": "h x G _", "j": "j k g Z y", "q": "C k q", "x": "S s x h",
    "zh": "j Z C z", "ch": "C", "sh": "S s", "r": "r Z y", "z": "z s", "c": "c s", "s": "s z S",
    "y": "y i _", "w": "w v u o _", "a": "a E e o _", "o": "o u O U a", "e": "e E a _ i", "i": "i I e E _",
    "u": "u o U O _", "v": "U u i", "N": "n m _", "G": "n ng N m _", "R": "r l _",
}  # fmt: skip


def usable(rows: Iterable[Row]) -> list[Row]:
    """The rows that may shape what is shipped: none whose origin is under the GPL."""
    return [row for row in rows if "GPL" not in row["source"]]


def train(rows: Sequence[Row]) -> Tables:
    """The three tables, as rows of strings, learned from these entities and from nothing else."""
    pairs = hanzi_pairs(rows)
    heard = train_units(pairs)
    channel = train_channel(pairs, heard)
    return {
        "units.csv": [
            {"unit": u, "phones": p, "probability": f"{v:.4f}"}
            for u in sorted(heard)
            for p, v in sorted(heard[u].items(), key=lambda item: (-item[1], item[0]))
            if v >= 0.002
        ],
        "channel.csv": channel,
        "sounds.csv": train_sounds(rows),
    }


def parts(text: str) -> list[str]:
    return plain(text).replace("·", " ").split()


def spellings(row: Row, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """The parts of each distinct spelling of an entity in these columns."""
    found = (tuple(parts(variant)) for column in columns for variant in row.get(column, "").split("|"))
    return list(dict.fromkeys(f for f in found if f))


def matched(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    """Part answers part where both have as many; else the wholes, run together."""
    if len(one) == len(other):
        return list(zip(one, other, strict=True))
    return [("".join(one), "".join(other))]


def hanzi_pairs(rows: Sequence[Row]) -> list[Pair]:
    """(phones, characters, weight); an entity's spellings share a weight of at most 2."""
    pairs: list[Pair] = []
    for row in rows:
        letters = list(
            dict.fromkeys(tuple(phones(p) for p in spelling) for spelling in spellings(row, LETTER_COLUMNS))
        )
        own: list[tuple[str, tuple[str, ...]]] = []
        for characters in spellings(row, ("hanzi",)):
            for spelling in letters:
                for x, word in matched(spelling, characters):
                    if is_hanzi(word) and all(map(reading, word)) and 0 < len(x) <= LONGEST * len(word):
                        own.append((x, tuple(word)))
        near = 0.4 if row["subset"] == "foreign" else 1.0
        pairs += [(x, word, near * min(1.0, 2.0 / len(own))) for x, word in own]
    return pairs


# --- units -----------------------------------------------------------------------------------------------


def train_units(pairs: Sequence[Pair], rounds: int = 6) -> dict[str, dict[str, float]]:
    heard = {u: _beginning(options.split()) for u, options in HEARD.items()}
    for _ in range(rounds):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for x, word, weight in pairs:
            chain = [u for c in word for u in units(reading(c))]
            lattice(x, chain, partial(unit_probability, heard), 2, weight, counts)
        heard = {u: _normalised(counts[u], _beginning(HEARD[u].split()), 3.0) for u in heard}
    return heard


def _beginning(options: Sequence[str]) -> dict[str, float]:
    weights = [0.5**i for i in range(len(options))]
    total = sum(weights)
    return {("" if o == "_" else o): w / total for o, w in zip(options, weights, strict=True) if o != "N"}


def _normalised(counts: Counter[str], prior: dict[str, float], strength: float) -> dict[str, float]:
    total = sum(counts.values()) + strength
    return {s: (counts[s] + strength * prior.get(s, 0.0)) / total for s in set(counts) | set(prior)}


def unit_probability(heard: dict[str, dict[str, float]], unit: str, stretch: str) -> float:
    noise = (0.01, 0.02 / len(PHONES), 0.005 / len(PHONES) ** 2)[len(stretch)]
    return 0.965 * heard[unit].get(stretch, 0.0) + noise


def lattice(x, chain, probability, longest, weight, counts) -> float:  # type: ignore[no-untyped-def]
    """Forward-backward over all ways of cutting ``x`` among the symbols of ``chain``; adds expected counts.

    Returns the probability of x given the chain.
    """
    n, m = len(x), len(chain)
    table = [[[0.0] * (longest + 1) for _ in range(n + 1)] for _ in range(m)]
    forward = [[0.0] * (n + 1) for _ in range(m + 1)]
    forward[0][0] = 1.0
    for t, symbol in enumerate(chain):
        for i in range(n + 1):
            if forward[t][i]:
                for size in range(min(longest, n - i) + 1):
                    p = table[t][i][size] = probability(symbol, x[i : i + size])
                    forward[t + 1][i + size] += forward[t][i] * p
    total = forward[m][n]
    if total <= 0:
        return 0.0
    backward = [0.0] * n + [1.0]
    for t in range(m - 1, -1, -1):
        before = [0.0] * (n + 1)
        for i in range(n + 1):
            if forward[t][i]:
                for size in range(min(longest, n - i) + 1):
                    p = table[t][i][size] * backward[i + size]
                    before[i] += p
                    share = forward[t][i] * p / total
                    if share > 1e-4:
                        counts[chain[t]][x[i : i + size]] += weight * share
        backward = before
    return total


# --- channel ---------------------------------------------------------------------------------------------


def train_channel(pairs: Sequence[Pair], heard: dict[str, dict[str, float]], rounds: int = 5) -> list[Row]:
    base: dict[tuple[str, str], float] = {}
    characters: dict[str, Counter[str]] = {}
    of_syllable: dict[str, Counter[str]] = {}

    def spelled(syllable: str, stretch: str) -> float:
        if (syllable, stretch) not in base:
            chain = units(syllable)
            base[syllable, stretch] = _spelled(stretch, chain, heard)
        return base[syllable, stretch]

    def by_syllable(syllable: str, stretch: str) -> float:
        counts = of_syllable.get(syllable, Counter())
        seen = counts.total() + SYLLABLE_PRIOR
        return (counts[stretch] + SYLLABLE_PRIOR * spelled(syllable, stretch)) / seen

    def by_character(char: str, stretch: str) -> float:
        counts = characters.get(char, Counter())
        seen = counts.total() + CHARACTER_PRIOR
        return (counts[stretch] + CHARACTER_PRIOR * by_syllable(reading(char), stretch)) / seen

    for _ in range(rounds):
        memory: dict[tuple[str, str], float] = {}

        def remembered(char: str, stretch: str, memory: dict[tuple[str, str], float] = memory) -> float:
            key = (char, stretch)
            if key not in memory:
                memory[key] = by_character(char, stretch)
            return memory[key]

        fresh: dict[str, Counter[str]] = defaultdict(Counter)
        for x, word, weight in pairs:
            found = lattice(x, word, remembered, LONGEST, 0.0, defaultdict(Counter))
            # A pair this unlikely translates or replaces the name (泽普 for Poskam); sound cannot learn from it.
            if found > 0 and math.log(found) / max(len(x), 1) > -2.6:
                lattice(x, word, remembered, LONGEST, weight, fresh)
        characters = dict(fresh)
        of_syllable = defaultdict(Counter)
        for char, counts in characters.items():
            of_syllable[reading(char)].update(counts)
    return _channel_rows(of_syllable, by_syllable, SYLLABLE_PRIOR) + _channel_rows(
        characters, by_character, CHARACTER_PRIOR
    )


def _spelled(stretch: str, chain: Sequence[str], heard: dict[str, dict[str, float]]) -> float:
    row = [1.0] + [0.0] * len(stretch)
    for unit in chain:
        row = [
            sum(
                row[end - size] * unit_probability(heard, unit, stretch[end - size : end])
                for size in range(min(2, end) + 1)
            )
            for end in range(len(stretch) + 1)
        ]
    return row[-1]


def _channel_rows(counts, probability, prior) -> list[Row]:  # type: ignore[no-untyped-def]
    rows: list[Row] = []
    for symbol in sorted(counts):
        seen = counts[symbol].total()
        if seen < 0.05:
            continue
        rows.append({"symbol": symbol, "phones": "*", "probability": f"{prior / (seen + prior):.5f}"})
        for stretch, count in sorted(counts[symbol].items(), key=lambda item: (-item[1], item[0])):
            if count >= 0.05:
                share = probability(symbol, stretch)
                rows.append({"symbol": symbol, "phones": stretch, "probability": f"{share:.5f}"})
    return [row for row in rows if float(row["probability"]) > 0]


# --- sounds ----------------------------------------------------------------------------------------------

# Phones of one class are heard for one another before anything is learned.
CLASSES = ("aEeo", "eiIy", "oOuUwv", "bpfvw", "dt", "gkqGxh", "jCZSyzc", "szcSZ", "lr", "mn", "wvuf", "hx")


def train_sounds(rows: Sequence[Row], rounds: int = 4) -> list[Row]:
    words = [
        [tuple(phones(p) for p in spelling) for spelling in spellings(row, LETTER_COLUMNS)] for row in rows
    ]
    pairs = [
        (x, y, min(1.0, 3.0 / max(len(own), 1)))
        for own in words
        for one, other in combinations(dict.fromkeys(own), 2)
        for x, y in matched(one, other)
        if x and y and abs(len(x) - len(y)) <= 4
    ]
    chance = _background(words)
    same, gap = _hand_set(chance)
    start_same, start_gap = same.copy(), gap.copy()
    for _ in range(rounds):
        joint, lone, steps = np.zeros_like(same), np.zeros_like(gap), 0.0
        for x, y, weight in pairs:
            path = best_path([CODE[p] for p in x], [CODE[p] for p in y], same, gap)
            # Renamed places and other words would teach the model that anything answers anything.
            if sum(1 for i, j in path if i != j) > 0.6 * len(path):
                continue
            for i, j in path:
                steps += weight
                if i < 0 or j < 0:
                    lone[max(i, j)] += weight
                else:
                    joint[i, j] += weight / 2
                    joint[j, i] += weight / 2
        prior = np.exp(start_same) * np.outer(chance, chance)
        prior_gap = np.exp(start_gap) * chance
        strength = 400.0
        same = np.log((joint + strength * prior) / (steps + strength) / np.outer(chance, chance))
        gap = np.log((lone / 2 + strength * prior_gap) / (steps + strength) / chance)
    return _sound_rows(chance, same, gap)


def _background(words: Sequence[Sequence[tuple[str, ...]]]) -> np.ndarray:
    counts = Counter(p for own in words for spelling in own for word in spelling for p in word)
    values = np.array([counts[p] + 5.0 for p in PHONES])
    return values / values.sum()


def _hand_set(chance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds before learning: 80 % the same phone, 10 % one of its class, the rest anything or nothing."""
    size = len(PHONES)
    joint = 0.02 * np.outer(chance, chance) + np.diag(0.8 * chance)
    for members in CLASSES:
        ids = [CODE[p] for p in members]
        for i, j in combinations(ids, 2):
            joint[i, j] += 0.02 * min(chance[i], chance[j])
            joint[j, i] = joint[i, j]
    gap = np.array([0.03 if p in VOWELS or p in "hy" else 0.012 for p in PHONES])
    return np.log(joint / np.outer(chance, chance)), np.log(gap).reshape(size)


def best_path(x: list[int], y: list[int], same: np.ndarray, gap: np.ndarray) -> list[tuple[int, int]]:
    """The best alignment as (phone, phone) with -1 for nothing."""
    n, m = len(x), len(y)
    table = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(m + 1):
            if i or j:
                table[i][j] = max(value for value, *_ in _steps(table, x, y, i, j, same, gap))
    path: list[tuple[int, int]] = []
    i, j = n, m
    while i or j:
        _, i, j, step = max(_steps(table, x, y, i, j, same, gap), key=lambda s: s[0])
        path.append(step)
    return path[::-1]


def _steps(table, x, y, i, j, same, gap):  # type: ignore[no-untyped-def]
    if i and j:
        yield table[i - 1][j - 1] + same[x[i - 1], y[j - 1]], i - 1, j - 1, (x[i - 1], y[j - 1])
    if i:
        yield table[i - 1][j] + gap[x[i - 1]], i - 1, j, (x[i - 1], -1)
    if j:
        yield table[i][j - 1] + gap[y[j - 1]], i, j - 1, (-1, y[j - 1])


def _sound_rows(chance: np.ndarray, same: np.ndarray, gap: np.ndarray) -> list[Row]:
    rows = []
    for i, one in enumerate(PHONES):
        rows.append({"phone": one, "answers": "chance", "value": f"{math.log(chance[i]):.3f}"})
        rows.append({"phone": one, "answers": "nothing", "value": f"{gap[i]:.3f}"})
        for j in range(i, len(PHONES)):
            rows.append({"phone": one, "answers": PHONES[j], "value": f"{same[i, j]:.3f}"})
    return rows


# --- files -----------------------------------------------------------------------------------------------


def read_pairs(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(tables: Tables, folder: Path) -> None:
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path, help="CSV of spellings, one entity a row")
    parser.add_argument("--out", type=Path, default=TABLES, help="folder the tables are written to")
    args = parser.parse_args()
    write(train(usable(read_pairs(args.pairs))), args.out)


if __name__ == "__main__":
    main()
