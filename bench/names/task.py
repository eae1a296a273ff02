"""The search task of issue 5: whose name is this, among 100,000 others in another script?

Candidates are the names of the tested entities in the target script, full names put together from their given
names, and distractors recombined from the same parts (70 % of two parts, half of these from the names of
Xinjiang, 30 % of single parts spliced from two). Everything is drawn with seed 0.
"""

from __future__ import annotations

import csv
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]
SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[2] / "../shared"))
PAIRS = SHARED / "data/names/pairs.csv"
GROUPS = {
    "full-cn": "person-cn",
    "part-cn": "person-cn",
    "xj": "place-xj",
    "full-intl": "person-other",
    "full-kz": "person-other",
    "part": "person-other",
    "ca": "place-other",
    "foreign": "place-other",
}
DIRECTIONS = [
    ("latin", "hanzi"),
    ("uly", "hanzi"),
    ("arabic", "hanzi"),
    ("cyrillic", "hanzi"),
    ("hanzi", "latin"),
    ("pinyin", "latin"),
    ("cyrillic", "latin"),
    ("latin", "arabic"),
]


@dataclass(frozen=True)
class Query:
    """One search: ``wanted`` are the positions of the entity's spellings among the candidates."""

    text: str
    group: str
    wanted: frozenset[int]
    recalled: bool


@dataclass(frozen=True)
class Task:
    candidates: list[str]
    queries: list[Query]


def read_pairs() -> list[Row]:
    if not PAIRS.exists():
        sys.exit(
            f"{PAIRS} is absent: this measurement needs ../shared beside the repository (or ONRECORD_SHARED)."
        )
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folds(rows: Sequence[Row], count: int = 2) -> Iterator[tuple[list[Row], list[Row]]]:
    """(training, tested) rows, split by entity; entities of one Latin spelling stay on one side."""
    keys = sorted({row["latin"].lower() for row in rows})
    random.Random(0).shuffle(keys)
    side = {key: at % count for at, key in enumerate(keys)}
    for fold in range(count):
        yield (
            [row for row in rows if side[row["latin"].lower()] != fold],
            [row for row in rows if side[row["latin"].lower()] == fold],
        )


def task(
    rows: Sequence[Row], source: str, target: str, distractors: int, per_group: int, change: str
) -> Task:
    """The candidates and queries of one direction.

    Args:
        rows: the tested entities.
        source, target: columns of the table.
        distractors: how many names are recombined.
        per_group: queries drawn at most from each group.
        change: what is done to the query, see :func:`changed`. With ``short`` everybody who has the parts that are
            left is wanted.
    """
    draw = random.Random(0)
    rows = [*rows, *_made_names(rows, draw)]
    candidates, places = [], {}
    for at, row in enumerate(rows):
        spellings = [s for s in row[target].split("|") if s]
        places[at] = frozenset(range(len(candidates), len(candidates) + len(spellings)))
        candidates += spellings
    candidates += _distractors(rows, target, distractors, draw, frozenset(candidates))
    holders = _holders(candidates) if change == "short" else {}
    chosen: dict[str, list[Query]] = {}
    order = list(range(len(rows)))
    draw.shuffle(order)
    for at in order:
        row, group = rows[at], rows[at].get("group") or GROUPS[rows[at]["subset"]]
        text = changed(row[source].split("|")[0], change, draw)
        if text and places[at] and len(chosen.setdefault(group, [])) < per_group:
            wanted = places[at]
            if change == "short":
                wanted |= _so_called(row[source].split("|")[0], [candidates[p] for p in places[at]], holders)
            chosen[group].append(Query(text, group, wanted, "recalled" in row["source"]))
    return Task(candidates, [q for group in sorted(chosen) for q in chosen[group]])


def _holders(candidates: Sequence[str]) -> dict[str, set[int]]:
    """The candidates that have each part."""
    found: dict[str, set[int]] = {}
    for at, name in enumerate(candidates):
        for part in name.replace("·", " ").split():
            found.setdefault(part, set()).add(at)
    return found


def _so_called(text: str, spellings: Sequence[str], holders: dict[str, set[int]]) -> frozenset[int]:
    """Who else has all parts but the last of a spelling that has as many parts as the text."""
    found: set[int] = set()
    for spelling in spellings:
        parts = spelling.replace("·", " ").split()
        if len(parts) == len(text.replace("·", " ").split()) > 1:
            found |= set.intersection(*(holders[part] for part in parts[:-1]))
    return frozenset(found)


def changed(text: str, change: str, draw: random.Random) -> str:
    """The query as typed: ``""`` as it is, ``letter`` with one careless letter, ``order`` with its parts in
    reverse, ``missing`` and ``short`` without its last part, ``full`` as it is if it has several. Empty where the
    change cannot be made."""
    separator = "·" if "·" in text else " "
    parts = text.split(separator)
    if change in ("order", "missing", "short", "full") and len(parts) < 2:
        return ""
    if change == "order":
        return separator.join(reversed(parts))
    if change in ("missing", "short"):
        return separator.join(parts[:-1])
    return _careless(text, draw) if change == "letter" and text else text


def _careless(text: str, draw: random.Random) -> str:
    letters = sorted({c for c in text.lower() if c.isalpha()}) + list("aeiou" if text.isascii() else "")
    at = draw.choice([i for i, c in enumerate(text) if c.isalpha()])
    kind = draw.choice(("replace", "drop", "add", "swap"))
    if kind == "drop":
        return text[:at] + text[at + 1 :]
    if kind == "swap" and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    letter = draw.choice(letters)
    return text[:at] + letter + text[at + (kind == "replace") :]


def _made_names(rows: Sequence[Row], draw: random.Random, count: int = 300) -> list[Row]:
    """Two-part names put together from given names of Xinjiang; they name nobody."""
    given = [row for row in rows if row["subset"] == "part-cn"]
    made = []
    for _ in range(count if len(given) > 1 else 0):
        one, other = draw.sample(given, 2)
        row = {"source": "recalled", "subset": "part-cn", "group": "synthetic-cn"}
        for column in ("latin", "uly", "arabic", "hanzi", "pinyin", "cyrillic"):
            first, second = one[column].split("|")[0], other[column].split("|")[0]
            row[column] = (first + ("·" if column == "hanzi" else " ") + second) if first and second else ""
        made.append(row)
    return made


def _distractors(
    rows: Sequence[Row], target: str, count: int, draw: random.Random, real: frozenset[str]
) -> list[str]:
    """Distinct recombined names, none of them spelled like a real one."""
    everyone: list[str] = []
    domestic: list[str] = []
    for row in rows:
        for spelling in row[target].split("|"):
            parts = [p for p in spelling.replace("·", " ").split() if p]
            everyone += parts
            domestic += parts if row["subset"] in ("full-cn", "part-cn") else []
    separator = "·" if target == "hanzi" else " "
    made: dict[str, None] = {}
    at = 0
    while len(made) < count and at < 3 * count:
        name = _recombined(at, everyone, domestic or everyone, separator, draw)
        at += 1
        if name not in real:
            made[name] = None
    return list(made)


def _recombined(
    at: int, everyone: list[str], domestic: list[str], separator: str, draw: random.Random
) -> str:
    if at % 10 < 7:
        return separator.join(draw.choices(domestic if at % 2 else everyone, k=2))
    one, other = draw.choices(everyone, k=2)
    return one[: (len(one) + 1) // 2] + other[len(other) // 2 :]
