"""Building, searching and memory of the index at 10^5, 10^6 and 10^7 names.

    python bench/names/scale.py [--only 1000000] [--json FILE]

The population is generated (seed 0): two-part names drawn from a dictionary of parts with Zipf frequencies, a
tenth as many distinct parts as names but at most 100,000, made from the parts of ``../shared/data/names/pairs.csv`` (half of
them Hanzi, half Latin) spliced with each other. Queries are 100 Latin and 100 Hanzi full names that are in the
population; *fresh* is how many a second where nothing is remembered from the queries before. A hundred million names
are put together as arrays, since their texts alone would take ten gigabytes, and only the lists of names are
built. One thread, CPU seconds.
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

from onrecord.names.compare import query_of
from onrecord.names.gather import postings
from onrecord.names.hanzi import is_hanzi
from onrecord.names.index import Index
from onrecord.names.parts import Name, parse


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


def built(rows: list[tasks.Row], size: int) -> tuple[Index, list[str], float]:
    """An index of so many names, 200 of them to search for, and the CPU seconds of building."""
    names = population(rows, size)
    before = time.process_time()
    index = Index.build(names)
    spent = time.process_time() - before
    draw = random.Random(1)
    halves = (names[: size // 2], names[size // 2 :])
    return index, [draw.choice(half) for half in halves for _ in range(100)], spent


def put_together(rows: list[tasks.Row], size: int) -> tuple[Index, list[str], float]:
    """As :func:`built`, from arrays of parts instead of texts."""
    draw, numbers = random.Random(0), np.random.default_rng(0)
    before = time.process_time()
    texts = [part for column in ("hanzi", "latin") for part in dictionary(rows, column, 50_000, draw)]
    known = Index.build(texts)
    data = known._data
    hanzi = np.array([is_hanzi(text) for text in data.texts])
    parts = np.empty((size, 2), dtype=np.uint32)
    for half, ids in enumerate((np.flatnonzero(hanzi), np.flatnonzero(~hanzi))):
        numbers.shuffle(ids)
        share = np.cumsum(1.0 / np.arange(1, len(ids) + 1))
        for at in range(half * size // 2, (half + 1) * size // 2, 1_000_000):
            picked = np.searchsorted(share, numbers.random((1_000_000, 2)) * share[-1])
            parts[at : at + 1_000_000] = ids[np.minimum(picked, len(ids) - 1)]
    start = np.arange(0, 2 * size + 1, 2, dtype=np.uint32)
    lists, posting = postings(parts.ravel(), start, len(data.texts))
    index = Index(data._replace(start=start, parts=parts.ravel(), posting_start=lists, posting=posting))
    spent = time.process_time() - before
    chosen = [draw.randrange(low, low + size // 2) for low in (0, size // 2) for _ in range(100)]
    wanted = [[data.texts[part] for part in parts[at]] for at in chosen]
    return index, [("·" if is_hanzi(t[0]) else " ").join(t) for t in wanted], spent


def _texts(name: Name) -> list[str]:
    return [part.text for part in name.parts]


def measure(rows: list[tasks.Row], size: int) -> dict[str, float]:
    Index.build(["Mirzat Taher", "米尔扎提"]).search("Mirzat Taher")
    index, queries, spent = (built if size < 10**8 else put_together)(rows, size)
    index.search("Mirzat Taher")
    times, fresh, found = [], 0.0, 0
    for query in queries:
        before = time.process_time()
        hits = index.search(query, 10)
        times.append(time.process_time() - before)
        found += any(_texts(index._name(position)) == _texts(parse(query)) for position, _ in hits)
    for query in queries:
        index.familiarity = index.familiarity  # forgets what it remembers
        query_of.cache_clear()
        index.search("Mirzat Taher")
        before = time.process_time()
        index.search(query, 10)
        fresh += time.process_time() - before
    return {
        "names": size,
        "distinct parts": index.size()["parts"],
        "build CPU seconds": round(spent, 1),
        "queries per CPU second": round(len(queries) / sum(times), 1),
        "fresh": round(len(queries) / fresh, 1),
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
    parser.add_argument("--only", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000, 100_000_000])
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows = tasks.read_pairs()
    results = []
    for size in args.only:
        results.append(measure(rows, size))
        print(results[-1], flush=True)
    if args.json:
        args.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
