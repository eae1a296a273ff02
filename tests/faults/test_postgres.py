"""PostgreSQL killed in the middle of a transaction, and many writers on one server."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.errors import StorageError
from onrecord.record import Record
from onrecord.record.leaf import draft_entry
from tests.faults.forked import Forked
from tests.faults.watching import everything_acknowledged_is_there, start
from tests.faults.worker import enter_batches
from tests.proof.making import SOURCE, events
from tests.proof.servers import Cluster, cluster


@pytest.fixture
def server() -> Iterator[Cluster]:
    with cluster() as started:
        yield started


def test_a_server_killed_at_random_moments_loses_nothing_that_was_acknowledged(
    server: Cluster, tmp_path: Path
) -> None:
    record = Record.create(tmp_path / "record", title="P", ledger=server.new_database())
    record.enter([SOURCE])
    rng, told = random.Random(4), []
    for name in range(4):
        worker = start(record.folder, "fill", 10 + name, 0)
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0.05, 0.5))
        server.kill()
        lines, _ = worker.communicate()
        assert lines.splitlines()[-1].startswith("refused ") or "see to the database" in lines
        told += [line for line in lines.splitlines() if line.startswith(("entry", "original"))]
        with pytest.raises(StorageError):
            record.enter(events(0, 1))
        server.start()
        everything_acknowledged_is_there(record, told)
    assert everything_acknowledged_is_there(record, told) > 4


def test_a_backend_killed_in_the_middle_of_a_transaction_leaves_nothing_of_it(
    server: Cluster, tmp_path: Path
) -> None:
    record = Record.create(tmp_path / "record", title="P", ledger=server.new_database())
    record.enter([SOURCE])

    def append_while_the_backend_is_killed() -> None:
        with record.ledger.writing() as writer:
            writer.append([draft_entry(entry) for entry in events(0, 50)], by="x", recorded=record.clock())
            server.kill_writing_backend()
            writer.append([draft_entry(entry) for entry in events(50, 60)], by="x", recorded=record.clock())

    with pytest.raises(StorageError, match="see to the database"):
        append_while_the_backend_is_killed()
    everything_acknowledged_is_there(record, ["entry source/paper"])
    with record.ledger.reading() as reader:
        assert reader.size == 1
    record.enter(events(0, 5))
    everything_acknowledged_is_there(record, [f"entry event/{number}" for number in range(5)])


def test_many_writers_on_one_server_lose_nothing(server: Cluster, tmp_path: Path) -> None:
    record = Record.create(tmp_path / "record", title="P", ledger=server.new_database())
    record.enter([SOURCE])
    workers = [Forked(enter_batches, record.folder, name, 5) for name in range(1, 5)]
    for worker in workers:
        assert worker.end() == ["entry 10"] * 5
    everything_acknowledged_is_there(
        record, [f"entry event/{n * 1_000_000 + i}" for n in range(1, 5) for i in range(50)]
    )
