"""Matchers that compare names one pair at a time, too slow for a hundred thousand: fewer candidates, few queries.

    pip install nomenklatura epitran panphon
    python bench/names/matchers.py [--distractors 1500] [--per-group 6] [--json FILE]

nomenklatura's logic-v2, which compares with rigour, and the feature edit distance of panphon (Mortensen et al.
2016) between IPA transcriptions by epitran, Hanzi through pypinyin. The same queries among the same candidates
are searched with onrecord, its channel trained on the other half of the entities.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import task as tasks
from epitran import Epitran
from followthemoney import model
from nomenklatura.matching import get_algorithm
from panphon.distance import Distance
from pypinyin import lazy_pinyin
from recall import Cell, Search, measure, summary, trained

from onrecord.names.index import Index
from onrecord.names.scripts import script_of

DIRECTIONS = (("latin", "hanzi"), ("cyrillic", "latin"), ("latin", "arabic"))


def logic_v2(candidates: list[str]) -> Search:
    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()

    def person(name: str, at: int) -> object:
        # Scores are remembered by id: each entity needs its own.
        return model.get_proxy({"id": f"{at}", "schema": "Person", "properties": {"name": [name]}})

    people = [person(name, at) for at, name in enumerate(candidates)]
    asked = iter(range(-1, -(10**9), -1))

    def search(text: str) -> list[tuple[int, float]]:
        query = person(text, next(asked))
        return ranked([algorithm.compare(query, other, config).score for other in people])

    return search


def ipa_distance(candidates: list[str]) -> Search:
    languages = {"arabic": Epitran("uig-Arab"), "cyrillic": Epitran("kaz-Cyrl"), "latin": Epitran("tur-Latn")}
    distance = Distance()

    def ipa(text: str) -> str:
        if script_of(text) == "hanzi":
            text = "".join(lazy_pinyin(text.replace("·", "")))
        return str(languages.get(script_of(text), languages["latin"]).transliterate(text)).replace(" ", "")

    known = [ipa(name) for name in candidates]

    def search(text: str) -> list[tuple[int, float]]:
        x = ipa(text)
        return ranked(
            [
                -distance.feature_edit_distance(x, y) / max(len(x), len(y), 1) if x and y else -9.0
                for y in known
            ]
        )

    return search


def ranked(scores: list[float]) -> list[tuple[int, float]]:
    return sorted(enumerate(scores), key=lambda found: -found[1])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--distractors", type=int, default=1_500)
    parser.add_argument("--per-group", type=int, default=6)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    training, tested = next(iter(tasks.folds(tasks.read_pairs())))
    channel = trained(training)
    cells: Cell = defaultdict(list)
    for source, target in DIRECTIONS:
        one = tasks.task(tested, source, target, args.distractors, args.per_group, "")
        methods: dict[str, Callable[[list[str]], Search]] = {
            "onrecord": lambda names: Index.build(names, channel).search,
            "nomenklatura logic-v2 (rigour)": logic_v2,
            "epitran + panphon": ipa_distance,
        }
        for name, made in methods.items():
            measure(made(one.candidates), one.queries, f"{name}|{source}-{target}|", cells)
        print(f"  {source}-{target}: {len(one.candidates)} candidates", file=sys.stderr, flush=True)
    rows = summary(cells)
    for row in rows:
        print(" ".join(str(value) for value in row.values()))
    if args.json:
        args.json.write_text(json.dumps({"distractors": args.distractors, "cells": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
