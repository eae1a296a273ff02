"""Many at once, clocks that go back, a write-ahead log that was torn."""

from __future__ import annotations

import random
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onrecord.errors import StorageError
from onrecord.record import PUBLIC, Record, verify
from tests.faults.forked import Forked
from tests.faults.watching import everything_acknowledged_is_there
from tests.faults.worker import enter_batches, work
from tests.proof.making import SOURCE, events


@pytest.mark.parametrize("writers", [2, 5, 16])
def test_many_writers_at_once_lose_nothing_and_mix_no_batches(record: Record, writers: int) -> None:
    workers = [Forked(enter_batches, record.folder, name, 6) for name in range(1, writers + 1)]
    while any(worker.process.is_alive() for worker in workers):
        with record.ledger.reading() as reader:
            head = reader.head()
            assert head is not None
            assert (head.size, head.root) == (reader.size, reader.root())
    for worker in workers:
        assert worker.end() == ["entry 10"] * 6
        assert worker.process.exitcode == 0
    everything_acknowledged_is_there(
        record, [f"entry event/{n * 1_000_000 + i}" for n in range(1, writers + 1) for i in range(60)]
    )
    with record.ledger.reading() as reader:
        authors = [leaf.envelope["by"] for leaf in reader.leaves(1)]
    assert all(len(set(authors[at : at + 10])) == 1 for at in range(0, len(authors), 10))


def test_readers_of_views_see_one_state_or_another_while_writers_and_rebuilds_go_on(record: Record) -> None:
    record.enter(events(0, 10))
    worker = Forked(work, record.folder, 1, ("append", "rebuild"))
    assert worker.hears() == "ready"
    sizes = []
    for _ in range(25):
        view = Record(record.folder).as_seen_by(PUBLIC)
        rows = view.table("event")
        with record.ledger.reading() as reader:
            assert view.state.root == reader.root(view.state.size).hex()
        assert len(rows) >= view.state.size - 1  # one line is the source; tables may be ahead of the state
        assert rows["seq"].to_list() == list(range(1, len(rows) + 1))
        sizes.append(len(rows))
    assert sizes == sorted(sizes)
    everything_acknowledged_is_there(record, worker.kill())


def test_an_hour_that_the_clock_shows_twice_is_recorded_as_two(tmp_path: Path) -> None:
    geneva = ZoneInfo("Europe/Zurich")
    summer = datetime(2026, 10, 25, 2, 30, tzinfo=geneva)
    spring = datetime(2027, 3, 28, 1, 59, 59, tzinfo=geneva)
    shown = [summer, summer.replace(fold=1), spring, datetime(2027, 3, 28, 3, 0, tzinfo=geneva)]
    times = iter(shown)
    record = Record.create(tmp_path / "record", title="T", clock=lambda: next(times))
    record.enter([SOURCE])
    for number in range(3):
        record.enter(events(number, number + 1))
    with record.ledger.reading() as reader:
        recorded = [leaf.envelope["recorded"][:19] for leaf in reader.leaves()]
    assert recorded == [
        "2026-10-25T00:30:00",
        "2026-10-25T01:30:00",
        "2027-03-28T00:59:59",
        "2027-03-28T01:00:00",
    ]
    assert verify(record.ledger, record.archive).notes == ()


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


PAGE, LOG_HEADER, FRAME_HEADER = 4096, 32, 24


def places_to_tear(log: bytes, rng: random.Random) -> dict[str, int]:
    """Where a log can break off: in its header, and in or between its frames (SQLite file format, 4.1)."""
    frame = FRAME_HEADER + PAGE
    frames = (len(log) - LOG_HEADER) // frame
    starts = [LOG_HEADER + number * frame for number in range(frames)]
    closing = [
        at for at in starts if int.from_bytes(log[at + 4 : at + 8]) > 0
    ]  # a commit names the database's size
    some, last, middle = rng.choice(starts), closing[-1], closing[len(closing) // 2]
    return {
        "nothing is left": 0,
        "in the header of the log": rng.randrange(1, LOG_HEADER),
        "after the header of the log": LOG_HEADER,
        "in the header of a frame": some + rng.randrange(1, FRAME_HEADER),
        "after the header of a frame": some + FRAME_HEADER,
        "in the page of a frame": some + FRAME_HEADER + rng.randrange(1, PAGE),
        "before a commit": middle,
        "after a commit": middle + frame,
        "one byte before the end of the last commit": last + frame - 1,
        "anywhere": rng.randrange(len(log)),
    }


@pytest.mark.parametrize("noise", [0, 1, 4096])
def test_a_torn_write_ahead_log_shows_a_state_that_was_and_says_that_later_ones_are_gone(
    record: Record, tmp_path: Path, noise: int
) -> None:
    holder = sqlite3.connect(record.folder / "ledger.sqlite")  # keeps the log from being folded away
    holder.execute("select 1 from leaves").fetchall()
    for number in range(8):
        record.enter(events(number * 5, number * 5 + 5))
    log = (record.folder / "ledger.sqlite-wal").read_bytes()
    rng, sizes = random.Random(noise), {}
    for name, cut in places_to_tear(log, rng).items():
        torn = tmp_path / name
        shutil.copytree(record.folder, torn, ignore=shutil.ignore_patterns("*-shm"))
        (torn / "ledger.sqlite-wal").write_bytes(log[:cut] + rng.randbytes(noise))
        sizes[name] = size_of_what_is_left(torn)
    assert sizes["after a commit"] > sizes["before a commit"]
    assert sizes["one byte before the end of the last commit"] == 36
    holder.close()


def size_of_what_is_left(torn: Path) -> int:
    """How many lines a record with a torn log still has, after seeing that they are a state that was, and told as such."""
    copy = Record(torn)
    try:
        with copy.ledger.reading() as reader:
            size = reader.size
    except StorageError:
        size = 0  # not even the tables are there
        assert verify(copy.ledger, copy.archive).damage != ()
        return size
    assert size == 0 or (size - 1) % 5 == 0
    whys = [damage.why for damage in verify(copy.ledger, copy.archive).damage]
    assert whys == ([f"rolled back: the checkpoint counts 41 leaves, {size} are there"] if size < 41 else [])
    (torn / "checkpoint").unlink()
    assert verify(copy.ledger, copy.archive).clean
    return size
