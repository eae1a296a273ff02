"""How the cost of a record grows with its entries: append, read, verify, rebuild, update, gate, proof.

    python bench/proof/growing.py [--sizes 10000 100000 1000000] [--json FILE]

Each entry is an event with a citation, put on record in one batch; everything by the public functions of a record, each
size in a process of its own.

- append: `Record.enter`. read: every line as an entry. verify: every line, hash, head and signature, the database's own
  check, the views. rebuild: the views from nothing.
- enter one: one more event, durable. update: the views brought up to it. see: the public view of the record opened
  and the events taken out as a table. page: one entry with its history, and its proof of inclusion.
- consistency: a proof that the record continues an earlier state, made from the database, the middle and the worst of 200.

CPU seconds; with each the exponent between neighbouring sizes, log(cost ratio) / log(size ratio): 1 is linear, and
n log n is 1.07 between 10^5 and 10^6. Memory is the most that the process had after each step (resident, MB).
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import platform
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from common import tell

from onrecord.model.citation import Citation
from onrecord.model.kinds import Event, Source
from onrecord.record import PUBLIC, Record, merkle, verify

CITED = (Citation(source="source"),)


def event(number: int) -> Event:
    title = f"Something happened at place {number % 1000}, day {number % 365}"
    return Event(
        id=f"event/{number}",
        date="2018-05",
        event_kind="detention",
        title=title,
        citations=CITED,
        visibility="public",
    )


class Measured:
    """CPU seconds and peak memory of each step, in the order they were taken."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = {}
        self.memory: dict[str, float] = {}

    def step(self, name: str, work: Callable[[], object]) -> None:
        cpu = time.process_time()
        work()
        self.cpu[name] = time.process_time() - cpu
        self.memory[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_size(entries: int) -> dict[str, dict[str, float]]:
    measured = Measured()
    with tempfile.TemporaryDirectory() as name:
        record = Record.create(Path(name) / "record", title="Bench")
        record.enter([Source(id="source", title="A source", visibility="public")])
        measured.step("append", lambda: record.enter(map(event, range(entries))))
        measured.step("read", lambda: _read(record))
        measured.step("rebuild", record.rebuild)
        measured.step("verify", lambda: _verified(record))
        record.as_seen_by(PUBLIC)
        measured.step("enter one", lambda: record.enter([event(entries)]))
        measured.step("update", record.views.refresh)
        measured.step("see", lambda: record.as_seen_by(PUBLIC).table("event").height)
        view = record.as_seen_by(PUBLIC)
        measured.step("first page", lambda: (view.entry("event/7"), view.proof("event/7")))
        measured.step("second page", lambda: (view.entry("event/9"), view.proof("event/9")))
        made = _consistency(record, entries)
        measured.cpu |= {"consistency": statistics.median(made), "consistency, worst": max(made)}
    return {"cpu_s": measured.cpu, "peak_mb": measured.memory}


def _read(record: Record) -> None:
    with record.ledger.reading() as reader:
        for leaf in reader.leaves():
            leaf.entry()


def _verified(record: Record) -> None:
    assert verify(record.ledger, record.archive, views=record.views).clean


def _consistency(record: Record, entries: int) -> list[float]:
    rng, made = random.Random(0), []
    with record.ledger.reading() as reader:
        for _ in range(200):
            old, start = rng.randrange(1, entries), time.process_time()
            merkle.consistency_proof(reader.tile, old, reader.size)
            made.append(time.process_time() - start)
    return made


def exponents(by_size: dict[int, dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """The exponent of each step between neighbouring sizes."""
    sizes = sorted(by_size)
    return {
        f"{small} to {large}": {
            name: math.log(cost / by_size[small]["cpu_s"][name]) / math.log(large / small)
            for name, cost in by_size[large]["cpu_s"].items()
        }
        for small, large in itertools.pairwise(sizes)
    }


def in_own_process(entries: int) -> dict[str, dict[str, float]]:
    command = [sys.executable, __file__, "--one", str(entries)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(one_size(given.one)))
        return
    load = os.getloadavg()
    by_size = {size: in_own_process(size) for size in given.sizes}
    result = {
        "task": "growth of a record",
        "machine": platform.platform(),
        "cores": os.cpu_count(),
        "load when begun": load,
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("msgspec", "polars", "cryptography")}
        | {"sqlite": sqlite3.sqlite_version},
        "by_size": by_size,
        "exponents": exponents(by_size),
    }
    tell(result, given.json)


if __name__ == "__main__":
    main()
