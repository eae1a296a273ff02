"""A process to be killed, starved or crowded: changes a record and prints what was acknowledged, one a line.

python -m tests.faults.worker FOLDER fill NAME LIMIT    change it until the disk refuses; files end at LIMIT bytes
python -m tests.faults.worker FOLDER enter NAME COUNT   enter COUNT batches
python -m tests.faults.worker FOLDER verify             read everything and print the damage
"""

from __future__ import annotations

import io
import os
import random
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from onrecord.errors import StorageError
from onrecord.ingest.taking_in import take_in
from onrecord.publish.site import publish_site
from onrecord.record import Record, verify
from onrecord.record.leaf import draft_entry
from tests.proof.making import events

Say = Callable[[str], None]


def print_at_once(line: str) -> None:
    """One line to whoever watches; it is out before anything else happens."""
    os.write(1, f"{line}\n".encode())


def elsewhere(record: Record) -> Path:
    """A new folder outside the one that holds the record, whose disk may be failing."""
    return Path(tempfile.mkdtemp(dir=record.folder.parents[1]))


def append(record: Record, rng: random.Random, number: int) -> Iterator[str]:
    """Append a batch to the ledger itself."""
    batch = list(events(number, number + rng.randrange(1, 60)))
    with record.ledger.writing() as writer:
        writer.append([draft_entry(entry) for entry in batch], by="worker", recorded=record.clock())
    yield from (f"entry {entry.id}" for entry in batch)


def enter(record: Record, rng: random.Random, number: int) -> Iterator[str]:
    """Enter a table, as the command does."""
    ids = [f"event/{number + row}" for row in range(rng.randrange(1, 60))]
    rows = [f"{entry_id},2018-05,detention,Something happened,source/paper,public\n" for entry_id in ids]
    table = elsewhere(record) / "events.csv"
    table.write_text("id,date,event_kind,title,sources,visibility\n" + "".join(rows))
    record.enter_files([table])
    record.views.refresh()
    yield from (f"entry {entry_id}" for entry_id in ids)


def add(record: Record, rng: random.Random, number: int) -> Iterator[str]:
    """Take in two files and read them, as the command does."""
    folder = elsewhere(record)
    for name in ("one", "two"):
        (folder / f"{name}.txt").write_text(
            f"Words of {number}, {name}: {rng.random()}.\n" * rng.randrange(1, 2000)
        )
    before = set(record.archive.digests())
    take_in(record, [folder], workers=1)
    yield from (f"original {digest}" for digest in sorted(set(record.archive.digests()) - before))


def keep(record: Record, rng: random.Random, _number: int) -> Iterator[str]:
    """Keep the bytes of an original."""
    kept = record.keep(io.BytesIO(rng.randbytes(rng.randrange(200_000))), tool="test")
    yield f"original {kept.sha256}"


def rebuild(record: Record, rng: random.Random, number: int) -> Iterator[str]:
    """Make the views anew, with something new in them."""
    yield from append(record, rng, number)
    record.rebuild()


def publish(record: Record, _rng: random.Random, number: int) -> Iterator[str]:
    """Write a site."""
    out = record.folder.parent / f"site-{number}"
    publish_site(record, out, when=record.clock().date())
    yield f"site {out.name}"


STEPS = {step.__name__: step for step in (append, enter, add, keep, rebuild, publish)}


def work(folder: Path, name: int, steps: tuple[str, ...], say: Say) -> None:
    """Do steps of these sorts for ever, and say what was acknowledged."""
    record, rng = Record(folder), random.Random(name)
    say("ready")
    for number in count(name * 1_000_000, 60):
        for line in STEPS[rng.choice(steps)](record, rng, number):
            say(line)


def fill(folder: Path, name: int, limit: int, say: Say) -> None:
    """Change the record until something cannot be written; a limit of 0 leaves that to the disk."""
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        work(folder, name, ("append", "keep", "rebuild"), say)
    except StorageError as refused:
        say(f"refused {refused}")


def enter_batches(folder: Path, name: int, batches: int, say: Say) -> None:
    """Enter so many batches of ten."""
    record = Record(folder)
    for batch in range(batches):
        start = name * 1_000_000 + batch * 10
        say(f"entry {record.enter(events(start, start + 10), by=f'writer {name}').added}")


def main() -> None:
    """Do as the arguments say."""
    folder = Path(sys.argv[1])
    match sys.argv[2:]:
        case ["fill", name, limit]:
            fill(folder, int(name), int(limit), print_at_once)
        case ["enter", name, batches]:
            enter_batches(folder, int(name), int(batches), print_at_once)
        case ["verify"]:
            record = Record(folder)
            for damage in verify(record.ledger, record.archive, views=record.views).damage:
                print_at_once(f"damage {damage}")
            print_at_once("verified")


if __name__ == "__main__":
    main()
