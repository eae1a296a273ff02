"""Many at once, clocks that go back, a write-ahead log that was torn."""

from __future__ import annotations

import random
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onrecord.record import Record, verify
from tests.faults.watching import everything_acknowledged_is_there, start
from tests.proof.making import SOURCE, events


@pytest.mark.parametrize("writers", [2, 5, pytest.param(16, marks=pytest.mark.slow)])
def test_many_writers_at_once_lose_nothing_and_mix_no_batches(record: Record, writers: int) -> None:
    workers = [start(record.folder, "enter", name, 6) for name in range(1, writers + 1)]
    while any(worker.poll() is None for worker in workers):
        with record.ledger.reading() as reader:
            head = reader.head()
            assert head is not None
            assert (head.size, head.root) == (reader.size, reader.root())
    for worker in workers:
        told, _ = worker.communicate()
        assert told.split() == ["entry", "10"] * 6
        assert worker.returncode == 0
    everything_acknowledged_is_there(
        record, [f"entry event/{n * 1_000_000 + i}" for n in range(1, writers + 1) for i in range(60)]
    )
    with record.ledger.reading() as reader:
        authors = [leaf.envelope["by"] for leaf in reader.leaves(1)]
    assert all(len(set(authors[at : at + 10])) == 1 for at in range(0, len(authors), 10))


def test_a_clock_that_goes_back_is_noted_and_harms_nothing(tmp_path: Path) -> None:
    times = iter(datetime(2026, 3, 29, 2, 30, tzinfo=UTC) + timedelta(hours=h) for h in (0, 1, -24 * 366, 2))
    record = Record.create(tmp_path / "record", title="T", clock=lambda: next(times))
    record.enter([SOURCE])
    for number in range(3):
        record.enter(events(number, number + 1))
    verdict = verify(record.ledger, record.archive)
    assert verdict.clean
    assert verdict.notes == (
        "The clock went back once, first at leaf 2: the order is sure, the times are claims.",
    )


def test_a_torn_write_ahead_log_shows_a_state_that_was_and_says_that_later_ones_are_gone(
    record: Record, tmp_path: Path
) -> None:
    holder = sqlite3.connect(
        record.folder / "ledger.sqlite"
    )  # keeps the log from being folded into the database
    holder.execute("select 1 from leaves").fetchall()
    for number in range(8):
        record.enter(events(number * 5, number * 5 + 5))
    log = (record.folder / "ledger.sqlite-wal").read_bytes()
    rng, sizes = random.Random(3), set()
    for turn in range(25):
        torn = tmp_path / f"torn{turn}"
        shutil.copytree(record.folder, torn, ignore=shutil.ignore_patterns("*-shm"))
        cut = rng.randrange(len(log))
        noise = rng.randbytes(rng.randrange(0, 4096)) if turn % 2 else b""
        (torn / "ledger.sqlite-wal").write_bytes(log[:cut] + noise)
        copy = Record(torn)
        with copy.ledger.reading() as reader:
            size = reader.size
        sizes.add(size)
        assert (size - 1) % 5 == 0
        whys = [damage.why for damage in verify(copy.ledger, copy.archive).damage]
        assert whys == (
            [f"rolled back: the checkpoint counts 41 leaves, {size} are there"] if size < 41 else []
        )
        (torn / "checkpoint").unlink()
        assert verify(copy.ledger, copy.archive).clean
    assert len(sizes) > 3
    holder.close()
