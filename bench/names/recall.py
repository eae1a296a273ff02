"""How often the right name comes first, or among the first ten, over scripts.

    python bench/names/recall.py [--peers] [--change letter full order missing short] [--shipped] [--json FILE]

Cross-validation by entity: each half is searched with a channel trained on the other, GPL rows left out of the
training but searched for. Two ways of ranking are measured: as a search ranks, and by sound alone, without
regard to how many names a part stands in. The difference is kind: half of the invented distractors stand for
nobody and occur once, while every real part occurs in many. Peers compare romanised texts with RapidFuzz and
need nothing learned. Prints recall@1 / recall@10 / MRR per direction and group, with and without the rows
recalled from general knowledge, and writes the same as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

# The training script is a tool of the repository, not part of the package.
sys.path.append(str(Path(__file__).parents[2] / "tools"))

import peers
import task as tasks
from train_names import train, usable

from onrecord.names.channel import Channel, default
from onrecord.names.errors import UnreadableName
from onrecord.names.index import Index

Cell = dict[str, list[float]]
Search = Callable[[str], list[tuple[int, float]]]
DEPTH = 50  # ranks beyond count as not found


def rank(found: list[tuple[int, float]], wanted: frozenset[int]) -> float:
    """The rank of the best spelling of the entity, ties taking their mean; 0 where it is not found.

    Other spellings of the same entity do not push it down.
    """
    right = [score for position, score in found if position in wanted]
    if not right:
        return 0.0
    better = sum(1 for position, score in found if score > right[0] and position not in wanted)
    equal = sum(1 for position, score in found if score == right[0] and position not in wanted)
    return 1 + better + equal / 2


def measure(search: Search, queries: Iterable[tasks.Query], name: str, cells: Cell) -> None:
    for query in queries:
        try:
            place = rank(search(query.text), query.wanted)
        except UnreadableName:
            place = 0.0
        cells[f"{name}|{query.group}|all"].append(place)
        if not query.recalled:
            cells[f"{name}|{query.group}|not recalled"].append(place)


def summary(cells: Cell) -> list[dict[str, object]]:
    rows = []
    for key, ranks in sorted(cells.items()):
        method, direction, change, group, which = key.split("|")
        rows.append(
            {
                "method": method,
                "direction": direction,
                "change": change,
                "group": group,
                "rows": which,
                "queries": len(ranks),
                "recall@1": round(sum(0 < r < 2 for r in ranks) / len(ranks), 3),
                "recall@10": round(sum(0 < r <= 10 for r in ranks) / len(ranks), 3),
                "mrr": round(sum(1 / r for r in ranks if r) / len(ranks), 3),
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--peers", action="store_true", help="measure uroman, PyICU, pypinyin with RapidFuzz too"
    )
    parser.add_argument(
        "--change",
        nargs="*",
        default=[],
        choices=("letter", "full", "order", "missing", "short"),
        help="search for changed names too: one careless letter; names of several parts as they are, in reverse, "
        "without the last part, and so that anyone counts who has the other parts",
    )
    parser.add_argument("--distractors", type=int, default=100_000)
    parser.add_argument("--per-group", type=int, default=100)
    parser.add_argument("--only", nargs="*", help="directions, such as latin-hanzi")
    parser.add_argument("--folds", type=int, default=2, help="measure this many of the two halves")
    parser.add_argument(
        "--shipped", action="store_true", help="search with the shipped model (it saw these rows)"
    )
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    cells: Cell = defaultdict(list)
    spent: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for training, tested in list(tasks.folds(tasks.read_pairs()))[: args.folds]:
        channel = default() if args.shipped else trained(training)
        searches: dict[str, dict[str, Search]] = {}
        for source, target in tasks.DIRECTIONS:
            direction = f"{source}-{target}"
            if args.only and direction not in args.only:
                continue
            for change in ("", *args.change):
                one = tasks.task(tested, source, target, args.distractors, args.per_group, change)
                if target not in searches:  # the candidates depend on the target only
                    searches[target] = _searches(one.candidates, channel, args.peers)
                _run(one, f"{direction}|{change}", searches[target], cells, spent)
            print(f"  {direction}: {len(one.candidates)} candidates", file=sys.stderr, flush=True)
    rows = summary(cells)
    _print(rows, spent)
    if args.json:
        speeds = {name: round(n / max(s, 1e-9), 1) for name, (n, s) in spent.items()}
        settings = {name: value for name, value in vars(args).items() if name != "json"}
        found = {"settings": settings, "queries per CPU second": speeds, "cells": rows}
        args.json.write_text(json.dumps(found, indent=1) + "\n")


def trained(rows: list[tasks.Row]) -> Channel:
    tables = train(usable(rows))
    return Channel(*(tables[name] for name in ("units.csv", "channel.csv", "sounds.csv")))


def _searches(candidates: list[str], channel: Channel, with_peers: bool) -> dict[str, Search]:
    """A search function for each method; the best :data:`DEPTH`, and all that are as good as the last."""
    index, by_sound = Index.build(candidates, channel), Index.build(candidates, channel)
    by_sound.familiarity = 0.0
    for warm in (index, by_sound):
        warm.search(candidates[0])
    found: dict[str, Search] = {
        "onrecord": lambda text: index.search(text, DEPTH),
        "onrecord, by sound alone": lambda text: by_sound.search(text, DEPTH),
    }
    return found | (peers.searches(candidates, DEPTH) if with_peers else {})


def _run(
    one: tasks.Task, label: str, searches: dict[str, Search], cells: Cell, spent: dict[str, list[float]]
) -> None:
    for name, search in searches.items():
        before = time.process_time()
        measure(search, one.queries, f"{name}|{label}", cells)
        spent[name][0] += len(one.queries)
        spent[name][1] += time.process_time() - before


def _print(rows: list[dict[str, object]], spent: dict[str, list[float]]) -> None:
    for row in rows:
        values = f"{row['recall@1']:.2f} / {row['recall@10']:.2f} / {row['mrr']:.2f}"
        print(
            f"{row['direction']:16} {row['change']:8} {row['group']:13} {row['rows']:13} {row['method']:26} {values}   n={row['queries']}"
        )
    for name, (count, seconds) in spent.items():
        print(f"{name}: {count / max(seconds, 1e-9):.0f} queries per CPU second")


if __name__ == "__main__":
    main()
