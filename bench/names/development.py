"""Names that took no part in training or calibration, written down by hand, and every one that is not found.

    python bench/names/development.py [--misses] [--json FILE]

``development.csv`` holds public figures, places and Han Chinese names from general knowledge, none of them in
``../shared/data/names/pairs.csv``. Each is searched for in both directions with the shipped model, among the
100,000 distractors of ``task.py`` and all spellings of that table. Arabic is made from the Uyghur Latin by rule,
pinyin from the Hanzi. The tables of variants and places were mended after looking at the misses, so that these
figures are of a development set, not of a test.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path

import task as tasks
from recall import DEPTH, rank

from onrecord.names import Index
from onrecord.names.hanzi import reading

ROWS = Path(__file__).with_name("development.csv")
DIRECTIONS = (
    ("latin", "hanzi"), ("uly", "hanzi"), ("arabic", "hanzi"), ("cyrillic", "hanzi"), ("hanzi", "latin"),
    ("pinyin", "latin"), ("latin", "pinyin"), ("latin", "arabic"), ("hanzi", "arabic"),
    ("cyrillic", "latin"),
)  # fmt: skip
# The letters of the Uyghur Latin and the Uyghur Arabic alphabet, longest first.
_ARABIC = {
    "ch": "چ", "gh": "غ", "ng": "ڭ", "sh": "ش", "zh": "ژ", "a": "ا", "e": "ە", "b": "ب", "p": "پ", "t": "ت",
    "j": "ج", "x": "خ", "d": "د", "r": "ر", "z": "ز", "s": "س", "f": "ف", "q": "ق", "k": "ك", "g": "گ",
    "l": "ل", "m": "م", "n": "ن", "h": "ھ", "o": "و", "u": "ۇ", "ö": "ۆ", "ü": "ۈ", "w": "ۋ", "é": "ې",
    "i": "ى", "y": "ي", "'": "ئ",
}  # fmt: skip
_VOWELS = "aeouöüéi"


def arabic(uly: str) -> str:
    """Uyghur Latin in Arabic letters; a vowel that begins a word or a syllable is carried by a hamza."""
    text, found, at = uly.lower(), "", 0
    while at < len(text):
        piece = text[at : at + 2] if text[at : at + 2] in _ARABIC else text[at]
        carried = piece in _VOWELS and (at == 0 or text[at - 1] in f" {_VOWELS}")
        found += ("ئ" if carried else "") + _ARABIC.get(piece, piece)
        at += len(piece)
    return found.replace("ن'گ", "نگ")


def read() -> list[tasks.Row]:
    with ROWS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["arabic"] = arabic(row["uly"])
        spelled = row["hanzi"].split("|")[0].split("·")
        row["pinyin"] = " ".join("".join(map(reading, part)).capitalize() for part in spelled)
    return rows


def candidates(target: str) -> list[str]:
    """All spellings of the shared table, and its distractors."""
    rows = tasks.read_pairs()
    return tasks.task(rows, "latin", target, 100_000, 0, "").candidates


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--misses", action="store_true", help="print what is not first, with what is")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows, indexes = read(), {}
    cells: dict[tuple[str, str], list[float]] = defaultdict(list)
    for source, target in DIRECTIONS:
        if target not in indexes:
            names = [s for row in rows for s in row[target].split("|") if s]
            names += candidates(target)
            indexes[target] = names, Index.build(names)
        names, index = indexes[target]
        for row in rows:
            wanted = frozenset(at for at, name in enumerate(names) if name in row[target].split("|"))
            query = row[source].split("|")[0]
            if not query or not row[target]:
                continue
            found = index.search(query, DEPTH)
            place = rank(found, wanted)
            cells[f"{source}-{target}", row["kind"]].append(place)
            if args.misses and not 0 < place < 2:
                before = [f"{names[at]} {p:.2f}" for at, p in found[:3]]
                chance = [f"{p:.2f}" for at, p in found if at in wanted][:1]
                print(f"{place:4.0f}  {query}  {row[target]} {chance}  <  {', '.join(before)}")
    found = [
        {
            "direction": direction,
            "kind": kind,
            "queries": len(ranks),
            "recall@1": round(sum(0 < r < 2 for r in ranks) / len(ranks), 3),
            "recall@10": round(sum(0 < r <= 10 for r in ranks) / len(ranks), 3),
        }
        for (direction, kind), ranks in cells.items()
    ]
    for cell in found:
        print(*cell.values())
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
