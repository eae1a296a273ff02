"""Building, searching and memory of the index at 10^5, 10^6 and 10^7 names.

    python bench/names/scale.py [--most 1000000] [--json FILE]

The population is generated (seed 0): two-part names drawn from a dictionary of parts with Zipf frequencies, a
tenth as many distinct parts as names but at most 100,000, made from the parts of ``../shared/data/names/pairs.csv`` (half of
them Hanzi, half Latin) spliced with each other. Queries are 100 Latin and 100 Hanzi full names that are in the
population. One thread, CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from pathlib import Path

import numpy as np
import task as tasks

from onrecord.names.index import Index


def dictionary(rows: list[tasks.Row], column: str, count: int, draw: random.Random) -> list[str]:
    known = sorted(
        {p for row in rows for s in row[column].split("|") for p in s.replace("·", " ").split() if p}
    )
    made = dict.fromkeys(known[:count])
    while len(made) < count:
        one, other = draw.choices(known, k=2)
        made[one[: (len(one) + 1) // 2] + other[len(other) // 2 :]] = None
    return list(made)


def population(rows: list[tasks.Row], size: int) -> list[str]:
    draw, numbers = random.Random(0), np.random.default_rng(0)
    distinct = min(size // 10, 100_000) // 2
    names: list[str] = []
    for column, separator in (("hanzi", "·"), ("latin", " ")):
        parts = dictionary(rows, column, distinct, draw)
        draw.shuffle(parts)
        share = 1.0 / np.arange(1, len(parts) + 1)
        picks = numbers.choice(len(parts), size=(size // 2, 2), p=share / share.sum())
        names += [f"{parts[a]}{separator}{parts[b]}" for a, b in picks.tolist()]
    return names


def measure(rows: list[tasks.Row], size: int) -> dict[str, float]:
    names = population(rows, size)
    Index.build(names[:10]).search(names[0])
    before = time.process_time()
    index = Index.build(names)
    built = time.process_time() - before
    draw = random.Random(1)
    queries = [draw.choice(names[: size // 2]) for _ in range(100)] + [
        draw.choice(names[size // 2 :]) for _ in range(100)
    ]
    times, found = [], 0
    for query in queries:
        before = time.process_time()
        hits = index.search(query, 10)
        times.append(time.process_time() - before)
        found += any(names[position] == query for position, _ in hits)
    return {
        "names": size,
        "distinct parts": index.size()["parts"],
        "build CPU seconds": round(built, 1),
        "queries per CPU second": round(len(queries) / sum(times), 1),
        "median ms": round(1000 * float(np.median(times)), 1),
        "95th percentile ms": round(1000 * float(np.quantile(times, 0.95)), 1),
        "bytes a name": round(index.size()["bytes of names"] / size, 1),
        "dictionary MB": round(index.size()["bytes of parts"] / 1e6, 1),
        "found itself": found / len(queries),
        "peak MB of the process": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows = tasks.read_pairs()
    results = []
    for size in (100_000, 1_000_000, 10_000_000):
        if size <= args.most:
            results.append(measure(rows, size))
            print(results[-1], flush=True)
    if args.json:
        args.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
