"""Reading on a Dask cluster of several processes with an S3-compatible archive: the same record, line by line."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import fsspec
import pytest

from onrecord.errors import StorageError, UsageError
from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.nursery import SandboxBroken
from onrecord.ingest.reading import Outcome
from onrecord.ingest.remaking import remake
from onrecord.ingest.source import Options
from onrecord.ingest.spool import on_disk
from onrecord.ingest.taking_in import TakenIn, take_in
from onrecord.record import Record, verify
from onrecord.record.archive import filed_at
from tests.ingest.making import docx, pdf, text_page, xlsx, zipped
from tests.proof.servers import object_store

pytest.importorskip("distributed", reason="Dask is not installed: onrecord[cluster]")

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Dask:
    """A scheduler and workers, each a process of its own, without nannies: who dies stays dead."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._processes = [self._start("scheduler", "--host", "127.0.0.1", "--port", "0")]
        self.workers: list[subprocess.Popen[bytes]] = []

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        quiet = ("--no-dashboard", "--scheduler-file", str(self._file))
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, *quiet],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def add_worker(self) -> None:
        """Start one more worker with one thread."""
        worker = self._start(
            "worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--death-timeout", "60"
        )
        self.workers.append(worker)

    def address(self) -> str:
        """The scheduler's address, once it listens."""
        import json

        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self._file.exists() and (text := self._file.read_text()):
                return str(json.loads(text)["address"])
            time.sleep(0.1)
        raise AssertionError("the scheduler did not start")

    def lose_scheduler(self) -> None:
        """Kill the scheduler."""
        self._processes[0].kill()

    def stop(self) -> None:
        """End all processes."""
        for process in (*self.workers, *self._processes):
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    """A cluster without workers yet: they take the environment that they are started in."""
    cluster = Dask(tmp_path)
    yield cluster
    cluster.stop()


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    """Seventy files, some with members, some of which lie in several: enough that order matters."""
    folder = tmp_path / "leak"
    folder.mkdir()
    inner = zipped({"deep.txt": "at the bottom", "page.pdf": pdf(*text_page(b"in an archive"))})
    for number in range(66):
        (folder / f"{number:02}.txt").write_text(f"text number {number}\n" * (number % 7 + 1))
    (folder / "10 list.xlsx").write_bytes(xlsx("<row r='1'><c r='A1'><v>653101198001011234</v></c></row>"))
    (folder / "20 letter.docx").write_bytes(docx("<w:p><w:r><w:t>喀什</w:t></w:r></w:p>"))
    (folder / "30 more.zip").write_bytes(zipped({"inner.zip": inner, "same.txt": "text number 0\n"}))
    (folder / "40 again.zip").write_bytes(zipped({"again.zip": inner}))
    return folder


@pytest.fixture(autouse=True)
def _same_salts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are salted by chance, so two records are never the same; here chance is the same for all."""
    monkeypatch.setattr("onrecord.record.leaf.os", SimpleNamespace(urandom=lambda length: b"\7" * length))


def added(record: Record, leak: Path, **where: object) -> TakenIn:
    """Take the leak in at noon."""
    options = Options(ocr="")
    return take_in(record, [leak], by="tester", clock=lambda: NOON, options=options, **where)  # type: ignore[arg-type]


def outcome_of(record: Record) -> list[tuple[object, ...]]:
    """Every file with its outcome and the key of its derivative."""
    catalogue = open_catalogue(record)
    rows = [
        (row.path, row.sha256, row.outcome, row.reader, row.key, row.children) for row in catalogue.files()
    ]
    catalogue.close()
    return rows


def derivatives(record: Record) -> dict[str, bytes]:
    """The files made of the originals, by their place in the record."""
    folder = record.folder / "derived"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("??/*/*/*")}


def root(record: Record) -> str:
    """The root hash, after everything was verified."""
    verified = verify(record.ledger, record.archive)
    assert verified.clean
    return str(verified.root)


def test_a_cluster_with_an_object_store_makes_the_same_record_as_one_machine(
    tmp_path: Path, leak: Path, dask: Dask, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = Record.create(tmp_path / "alone", title="leak")
    one = added(alone, leak, workers=1)
    many = Record.create(tmp_path / "many", title="leak")
    assert added(many, leak, workers=3).outcomes == one.outcomes
    with object_store(monkeypatch) as address:
        spread = Record.create(tmp_path / "spread", title="leak", archive=address)
        for _ in range(3):
            dask.add_worker()
        done = added(spread, leak, cluster=dask.address())
        assert (done.outcomes, done.added, done.confinement) == (one.outcomes, one.added, one.confinement)
        assert outcome_of(spread) == outcome_of(many) == outcome_of(alone)
        assert derivatives(spread) == derivatives(many) == derivatives(alone)
        assert root(spread) == root(many) == root(alone)
        again = added(spread, leak, cluster=dask.address())
        assert (again.read, again.unchanged) == (0, 70)


def test_a_worker_that_is_lost_costs_a_retry_and_not_the_record(
    tmp_path: Path, leak: Path, dask: Dask
) -> None:
    record = Record.create(tmp_path / "record", title="leak")
    dask.add_worker()
    dask.add_worker()
    killed = []

    def lose_one(progress: object) -> None:
        if not killed:
            killed.append(dask.workers[0].pid)
            os.kill(dask.workers[0].pid, signal.SIGKILL)

    done = added(record, leak, cluster=dask.address(), progress=lose_one)
    alone = Record.create(tmp_path / "alone", title="leak")
    assert killed
    assert (done.outcomes, outcome_of(record)) == (added(alone, leak, workers=1).outcomes, outcome_of(alone))
    assert root(record) == root(alone)
    assert str(Outcome.FAILED) not in done.outcomes


@pytest.mark.slow
def test_a_scheduler_that_is_lost_ends_the_run_in_words_and_the_next_run_completes_it(
    tmp_path: Path, leak: Path, dask: Dask
) -> None:
    record = Record.create(tmp_path / "record", title="leak")
    dask.add_worker()
    address = dask.address()
    with pytest.raises(
        SandboxBroken, match=r"^The Dask cluster at .* is gone: .* What was acknowledged is kept"
    ):
        added(record, leak, cluster=address, progress=lambda _: dask.lose_scheduler())
    assert verify(record.ledger, record.archive).clean
    alone = Record.create(tmp_path / "alone", title="leak")
    added(alone, leak, workers=1)
    added(record, leak, workers=1)
    assert outcome_of(record) == outcome_of(alone)
    assert root(record)


@pytest.mark.parametrize(
    ("stored", "why"),
    [(b"something else", "came back from its store with bytes that give"), (None, "cannot be read|could not be read")],
)  # fmt: skip
def test_a_store_that_gives_out_other_bytes_or_none_is_named_and_nothing_is_read_of_them(
    tmp_path: Path, stored: bytes | None, why: str
) -> None:
    (tmp_path / "a.txt").write_text("as it was")
    record = Record.create(tmp_path / "record", title="leak", archive=f"memory://{tmp_path.name}")
    take_in(record, [tmp_path / "a.txt"], workers=1)
    before = outcome_of(record)
    (digest,) = record.archive.digests()
    store, path = fsspec.filesystem("memory"), f"/{tmp_path.name}/{filed_at(digest)}"
    if stored is None:
        store.rm(path)
    else:
        store.pipe_file(path, stored)
    with pytest.raises(StorageError, match=why):
        take_in(record, [], retry="all", workers=1)
    assert (outcome_of(record), remake(record, None).compared) == (before, 0)
    (found,) = verify(record.ledger, record.archive).damage
    assert digest in found.where


def test_a_store_that_breaks_off_is_told_in_words() -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError("reset by peer")

    with (
        pytest.raises(StorageError, match="could not be fetched from its store: reset by peer"),
        on_disk(Breaking(), "ab" * 32, None),
    ):
        pass


def test_a_cluster_that_is_not_there_is_an_error_in_words(tmp_path: Path, leak: Path) -> None:
    record = Record.create(tmp_path / "record", title="leak")
    with pytest.raises(UsageError, match=r"There is no Dask cluster with a worker at tcp://127\.0\.0\.1:9"):
        added(record, leak, cluster="tcp://127.0.0.1:9")
