"""A process to be killed, starved or crowded: changes a record and prints what was acknowledged, one a line.

python -m tests.faults.worker FOLDER work NAME          enter, keep and rebuild for ever
python -m tests.faults.worker FOLDER fill NAME LIMIT    the same until the disk refuses; files end at LIMIT bytes
python -m tests.faults.worker FOLDER enter NAME COUNT   enter COUNT batches
python -m tests.faults.worker FOLDER verify             read everything and print the damage
"""

from __future__ import annotations

import io
import os
import random
import resource
import sys
from pathlib import Path

from onrecord.errors import StorageError
from onrecord.record import Record, verify
from tests.proof.making import events


def say(*words: object) -> None:
    """One line to whoever watches; it is out before anything else happens."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def step(record: Record, rng: random.Random, number: int) -> None:
    """One change, and its acknowledgement."""
    match rng.choice(("enter", "enter", "keep", "rebuild", "refresh")):
        case "enter":
            batch = list(events(number, number + rng.randrange(1, 60)))
            record.enter(batch)
            for entry in batch:
                say("entry", entry.id)
        case "keep":
            say(
                "original", record.keep(io.BytesIO(rng.randbytes(rng.randrange(200_000))), tool="test").sha256
            )
        case "rebuild":
            record.rebuild()
        case "refresh":
            record.views.refresh()


def work(record: Record, name: int) -> None:
    """Change the record until somebody ends this."""
    rng, number = random.Random(name), name * 1_000_000
    say("ready")
    while True:
        step(record, rng, number)
        number += 60


def fill(record: Record, name: int, limit: int) -> None:
    """Change the record until something cannot be written; a limit of 0 leaves that to the disk."""
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        work(record, name)
    except StorageError as refused:
        say("refused", refused)


def main() -> None:
    """Do as the arguments say."""
    record = Record(Path(sys.argv[1]))
    match sys.argv[2:]:
        case ["work", name]:
            work(record, int(name))
        case ["fill", name, limit]:
            fill(record, int(name), int(limit))
        case ["enter", name, count]:
            for batch in range(int(count)):
                start = int(name) * 1_000_000 + batch * 10
                say("entry", record.enter(events(start, start + 10), by=f"writer {name}").added)
        case ["verify"]:
            for damage in verify(record.ledger, record.archive, views=record.views).damage:
                say("damage", damage)
            say("verified")


if __name__ == "__main__":
    main()
