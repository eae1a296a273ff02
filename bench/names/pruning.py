"""What it costs that a search does not compare everything: recall beside that of a search that leaves out hardly anything.

    python bench/names/pruning.py [--per-group 60] [--json FILE]

The same queries among the same candidates (see ``task.py``), once as shipped and once with every form of the
dictionary aligned, 700 answers kept for each part and 1,500 names judged. One half of the entities, the channel
trained on the other.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import task as tasks
from recall import DEPTH, rank, trained

from onrecord.names import dictionary, index
from onrecord.names.index import Index

ASKED = (
    ("latin", "hanzi", "letter"),
    ("latin", "hanzi", ""),
    ("hanzi", "latin", ""),
    ("cyrillic", "latin", ""),
)
WIDE = (
    (dictionary, {"ANSWERS": 700, "_FORMS": 3_500}),
    (index, {"ALIGNED": 10**7, "_ALIGNED_RESPACED": 10**6, "JUDGED": 1_500, "_JUDGED_RESPACED": 300}),
)


def recall(names: Index, queries: list[tasks.Query]) -> float:
    """Share of the queries whose entity is among the first ten."""
    ranks = [rank(names.search(query.text, DEPTH), query.wanted) for query in queries]
    return sum(0 < r <= 10 for r in ranks) / len(ranks)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--per-group", type=int, default=60)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    training, tested = next(iter(tasks.folds(tasks.read_pairs())))
    channel = trained(training)
    narrow = tuple((module, {name: getattr(module, name) for name in settings}) for module, settings in WIDE)
    found = []
    for source, target, change in ASKED:
        one = tasks.task(tested, source, target, 100_000, args.per_group, change)
        names = Index.build(one.candidates, channel)
        row: dict[str, object] = {
            "direction": f"{source}-{target}",
            "change": change,
            "queries": len(one.queries),
        }
        for label, settings in (("as shipped", narrow), ("nearly everything", WIDE)):
            for module, values in settings:
                vars(module).update(values)
            names.familiarity = names.familiarity  # forgets the answers it remembers
            row[f"recall@10 {label}"] = round(recall(names, one.queries), 4)
        found.append(row)
        print(row, flush=True)
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
