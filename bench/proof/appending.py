"""Appending and reading back entries, beside a statement store and beside bare SQLite as the limit.

    python bench/proof/appending.py [--entries 200000] [--nomenklatura PYTHON] [--json FILE]

Each entry is an event with an id, a date, a kind, a title and one citation.

- onrecord: `Record.enter`, so validated, canonical, hashed into the tree, signed, on disk; read back as entries.
- limit: the same fields with `sqlite3.executemany` into one table, one index, one commit with synchronous=full.
- stdlib: the same with the standard library's JSON and a SHA-256 of each row.
- nomenklatura: its SQL statement store on SQLite, one FollowTheMoney entity an event with the same four values; run
  with the PYTHON of an environment of its own that has `nomenklatura` installed, and left out without one.

CPU seconds of one process; wall seconds beside them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sqlite3
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
from onrecord.record import Record

HERE = Path(__file__).parent
Figures = dict[str, float]


def title(number: int) -> str:
    return f"Something happened at place {number % 1000}, day {number % 365}"


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def figures(append: Callable[[], object], read: Callable[[], int], entries: int) -> Figures:
    append_cpu, append_wall = timed(append)
    seen: list[int] = []
    read_cpu, read_wall = timed(lambda: seen.append(read()))
    assert seen == [entries], seen
    return {
        "append_cpu_s": append_cpu,
        "append_wall_s": append_wall,
        "read_cpu_s": read_cpu,
        "read_wall_s": read_wall,
    }


def onrecord(folder: Path, entries: int) -> Figures:
    record = Record.create(folder / "record", title="Bench")
    record.enter([Source(id="source", title="A source")])
    cited = (Citation(source="source"),)
    batch = [
        Event(id=f"event/{n}", date="2018-05", event_kind="detention", title=title(n), citations=cited)
        for n in range(entries)
    ]

    def read() -> int:
        with record.ledger.reading() as reader:
            return sum(isinstance(leaf.entry(), Event) for leaf in reader.leaves())

    return figures(lambda: record.enter(batch), read, entries)


def bare(folder: Path, entries: int, *, hashed: bool) -> Figures:
    """SQLite by itself: columns as they are, or each row as JSON with its hash."""
    db = sqlite3.connect(folder / f"bare-{hashed}.sqlite", isolation_level=None)
    db.execute("pragma journal_mode=wal")
    db.execute("pragma synchronous=full")
    columns = "data text, hash blob" if hashed else "date text, kind text, title text, source text"
    db.execute(f"create table t (id text primary key, {columns}) strict")
    plain = [(f"event/{n}", "2018-05", "detention", title(n), "source") for n in range(entries)]

    def as_json() -> list[tuple[str, str, bytes]]:
        names = ("id", "date", "kind", "title", "source")
        texts = (json.dumps(dict(zip(names, row, strict=True)), sort_keys=True) for row in plain)
        return [
            (row[0], text, hashlib.sha256(text.encode()).digest())
            for row, text in zip(plain, texts, strict=True)
        ]

    def append() -> None:
        db.execute("begin")
        rows = as_json() if hashed else plain
        db.executemany(f"insert into t values ({', '.join('?' * len(rows[0]))})", rows)
        db.execute("commit")

    found = figures(append, lambda: len(db.execute("select * from t").fetchall()), entries)
    db.close()
    return found


def nomenklatura(python: str, folder: Path, entries: int) -> Figures | str:
    command = [python, str(HERE / "nomenklatura_store.py"), str(folder / "store.sqlite"), str(entries)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"not measured: {done.stderr.strip().splitlines()[-1]}"
    found: Figures = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--nomenklatura", metavar="PYTHON")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured: dict[str, Figures | str] = {
            "onrecord": onrecord(folder, given.entries),
            "limit": bare(folder, given.entries, hashed=False),
            "stdlib": bare(folder, given.entries, hashed=True),
            "nomenklatura": nomenklatura(given.nomenklatura, folder, given.entries)
            if given.nomenklatura
            else "not measured: give --nomenklatura with a Python that has it installed",
        }
    result = {
        "task": "append and read back",
        "entries": given.entries,
        "machine": platform.platform(),
        "python": sys.version.split()[0],
        "sqlite": sqlite3.sqlite_version,
        "msgspec": version("msgspec"),
        "measured": measured,
    }
    tell(result, given.json)


if __name__ == "__main__":
    main()
