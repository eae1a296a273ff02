"""Taking in: folder to archive, custody, sandbox, derivatives, catalogue. One file after another, resumable.

Order of things for each file, so that a crash at any point loses nothing that was acknowledged:

1. its bytes go to the archive under their hash;
2. custody events of up to 64 files are written to the ledger together: from then on they are acknowledged;
3. the sandbox reads it, the derivative is written, then the custody of its members, then its outcome.

A run that was cut short is completed by the same command. A run that has nothing new to do writes nothing.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

import msgspec

from onrecord.errors import UsageError
from onrecord.ingest.acknowledging import Acknowledgements
from onrecord.ingest.answer import Answer
from onrecord.ingest.catalogue import Catalogue, FileRow, Settled
from onrecord.ingest.claims import claimed_date, perceptual_hash
from onrecord.ingest.confine import Confinement
from onrecord.ingest.derived import Derived, choices_of, clear_partial, key_of
from onrecord.ingest.leftovers import running, sweep
from onrecord.ingest.opening import NotTaken, Original, must_fit, opened
from onrecord.ingest.pool import Readers, readers
from onrecord.ingest.reading import Child, Outcome, Reading
from onrecord.ingest.source import Options
from onrecord.ingest.stream import Malformed
from onrecord.ingest.table_names import table_rows
from onrecord.ingest.walking import Found, below, files, modified
from onrecord.record import Record

RETRIES = ("all", "older", *(str(outcome) for outcome in Outcome))
"""What can be tried again: an outcome, all files, or those read by an older version of their reader."""

_WAITING = 64
_TREE_BYTES = 8 << 30
_TREE_MEMBERS = 100_000
TREE_LIMITS = ("limit depth", "limit bytes of one original", "limit members of one original")
"""How the reasons begin that have to do with what a file lay in, not with the file itself."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: files of the walk done, files read (members included) and still to read, bytes taken in."""

    walked: int
    read: int
    waiting: int
    size: int


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a run did. ``outcomes`` counts what was read in this run, by outcome."""

    added: int
    seen_again: int
    unchanged: int
    read: int
    outcomes: dict[str, int]
    confinement: Confinement | None


@dataclass(frozen=True, slots=True)
class _Tree:
    """An original with everything in it: what it has cost so far."""

    spent: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Job:
    """Bytes to read: their hash, the name they had, how deep they lay."""

    digest: str
    name: str
    depth: int
    tree: _Tree


def take_in(
    record: Record,
    paths: Iterable[Path],
    *,
    by: str | None = None,
    clock: Clock | None = None,
    progress: Callable[[Progress], None] | None = None,
    retry: str | None = None,
    options: Options | None = None,
    workers: int | None = None,
    cluster: str = "",
) -> TakenIn:
    """Take files and folders into a record and read them.

    Args:
        by: who adds them; the record's keeper by default.
        clock: the time, for the ledger; the record's clock by default.
        retry: one of :data:`RETRIES`: read those files again, besides what ``paths`` brings.
        options: limits, encoding, OCR.
        workers: how many readers run at a time; one for each processor by default.
        cluster: the address of a Dask scheduler whose workers read instead.

    Raises:
        StorageError: the record cannot be written; what was acknowledged stays.
        SandboxBroken: no reader can be started.
        UsageError: ``retry`` names nothing, or there is no such cluster.
    """
    if retry is not None and retry not in RETRIES:
        raise UsageError(f"There is no outcome {retry!r} to retry. There are: {', '.join(RETRIES)}.")
    chosen = options or Options()
    derived = Derived(record.folder / "derived")
    derived.folder.mkdir(exist_ok=True)
    clear_partial(derived.folder)
    catalogue = Catalogue(derived.folder / "catalogue.sqlite")
    try:
        with record.ledger.reading() as ledger:
            catalogue.sync(ledger)
        number = workers or os.cpu_count() or 1
        with (
            running(derived.folder) as alone,
            readers(record, chosen, workers=number, folder=derived.folder, cluster=cluster) as pool,
        ):
            run = _Run(
                record,
                derived,
                catalogue,
                pool,
                chosen,
                by=by,
                clock=clock or record.clock,
                progress=progress,
            )
            run.again(retry)
            run.walk([*paths, *run.not_had(retry)])
            if retry == "all" and alone():
                sweep(derived, catalogue)
            return run.result()
    finally:
        catalogue.close()


class _Run:
    """One run. Files wait in ``_jobs`` for a reader; what is done waits in ``_batch`` for its turn on disk."""

    def __init__(
        self,
        record: Record,
        derived: Derived,
        catalogue: Catalogue,
        pool: Readers,
        options: Options,
        *,
        by: str | None,
        clock: Clock,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._record, self._derived, self._catalogue, self._readers = record, derived, catalogue, pool
        self._options, self._progress = options, progress
        self._batch = Acknowledgements(record, catalogue, by or record.description.keeper, clock)
        self._unreadable = catalogue.unread()
        self._noted: set[str] = set()
        self._queued: set[str] = set()
        self._jobs: deque[_Job] = deque()
        self._outcomes: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()

    def again(self, retry: str | None) -> None:
        """Queue what is to be read again, and what an earlier run left unread."""
        again = [] if retry is None else self._catalogue.with_outcome("all" if retry == "older" else retry)
        for digest, name in [*self._catalogue.waiting(), *again]:
            if retry != "older" or self._is_older(digest):
                self._queue(_Job(digest, name.rpartition("/")[2], self._catalogue.depth(digest), _Tree()))

    def not_had(self, retry: str | None) -> list[Path]:
        """The paths to try again: their bytes could not be had, with that outcome, and there still is something."""
        asked = [path for path, outcome in self._unreadable.items() if retry in {"all", outcome}]
        return [Path(path) for path in asked if os.path.lexists(path)]

    def walk(self, paths: Sequence[Path]) -> None:
        """Take in everything below the paths, reading as it goes."""
        for found in files(paths, self._record.folder):
            self._take(found)
            self._counts["walked"] += 1
            self._tell()
            while len(self._jobs) + self._readers.pending > _WAITING:
                self._step()
        while self._jobs or self._readers.pending:
            self._step()
        self._batch.flush()
        self._forget_folders(paths)

    def _forget_folders(self, paths: Sequence[Path]) -> None:
        """Drop the notes on folders that were walked now: what lies in them speaks for itself."""
        for path in self._unreadable.keys() - self._noted:
            if below(path, paths) and os.path.isdir(path):
                self._catalogue.forget_unread(path)

    def result(self) -> TakenIn:
        """What the run did."""
        return TakenIn(
            added=self._batch.counts["added"],
            seen_again=self._batch.counts["seen_again"],
            unchanged=self._counts["unchanged"],
            read=sum(self._outcomes.values()),
            outcomes=dict(sorted(self._outcomes.items())),
            confinement=self._readers.confinement,
        )

    def _is_older(self, digest: str) -> bool:
        made = self._catalogue.reader_of(digest)
        return made is None or not self._readers.is_current(*made)

    def _take(self, found: Found) -> None:
        try:
            with opened(found) as file:
                self._take_open(found, file)
        except NotTaken as cause:
            self._outcomes[cause.outcome] += 1
            self._noted.add(found.shown)
            self._catalogue.set_unread(found.shown, cause.outcome, str(cause))
        else:
            if found.shown in self._unreadable:
                self._catalogue.forget_unread(found.shown)

    def _take_open(self, found: Found, file: Original) -> None:
        if self._catalogue.seen_at(found.shown):
            digest = file_digest(file, "sha256").hexdigest()
            if self._catalogue.keeps(found.shown, digest) and digest in self._record.archive:
                self._counts["unchanged"] += 1
                self._want(_Job(digest, found.name, 0, _Tree()))
                return
            file.seek(0)
        must_fit(file, self._record.folder)
        kept = self._record.archive.keep(file)
        self._counts["bytes"] += kept.size
        self._batch.witness(
            kept.sha256,
            kept.size,
            path=found.shown,
            path_bytes=found.hexadecimal,
            modified=modified(file.fileno()),
        )
        self._want(_Job(kept.sha256, found.name, 0, _Tree()))

    def _want(self, job: _Job) -> None:
        """Queue bytes that have no outcome yet."""
        if self._catalogue.was_read(job.digest):
            return
        self._queue(job)

    def _queue(self, job: _Job) -> None:
        if job.digest not in self._queued:
            self._queued.add(job.digest)
            self._jobs.append(job)

    def _step(self) -> None:
        """Keep the readers busy and settle one answer."""
        while self._jobs and not self._readers.full:
            job = self._jobs.popleft()
            wanted = job.depth < self._options.depth
            self._readers.submit(job.digest, job.name, job, members=wanted)
        if self._readers.pending:
            with (answer := self._readers.next()).spool:
                self._settle(answer)

    def _settle(self, answer: Answer) -> None:
        job: _Job = answer.tag
        reading = answer.reading
        members, lost = self._take_members(answer, job)
        if lost:
            reading = _refused(reading, lost)
        key = key_of(reading, self._options)
        try:
            sums, sheets = self._derived.keep(job.digest, key, reading, answer.frames())
        except Malformed as cause:
            reading = msgspec.structs.replace(
                reading, outcome=Outcome.FAILED, reason=f"the worker's answer was not one: {cause}"
            )
            sums, sheets = self._derived.keep(job.digest, key, reading, ())
        row = FileRow(
            path=job.name,
            sha256=job.digest,
            kind=reading.kind,
            outcome=reading.outcome,
            reason=reading.reason,
            children=(),
            reader=reading.reader,
            version=reading.version,
            key=key,
        )
        settled = Settled(
            row=row,
            members=tuple(members),
            date=claimed_date(reading.claims),
            look=perceptual_hash(reading.claims),
            sums=sums,
            choices=choices_of(self._options),
            tables=tuple(table_rows(job.digest, job.name, sheets)),
        )
        self._batch.settle(settled)
        self._outcomes[str(reading.outcome)] += 1
        self._tell()

    def _tell(self) -> None:
        if self._progress:
            read, waiting = sum(self._outcomes.values()), len(self._jobs) + self._readers.pending
            self._progress(Progress(self._counts["walked"], read, waiting, self._counts["bytes"]))

    def _take_members(self, answer: Answer, job: _Job) -> tuple[list[tuple[str, str]], str]:
        """Archive a file's members and queue them; their digests and names, and the limit met, if any."""
        members: list[tuple[str, str]] = []
        for child in answer.reading.children:
            if limit := self._limit(job, child):
                return members, limit
            digest = answer.keep(child, self._record.archive)
            members.append((digest, child.name))
            if not self._catalogue.holds(job.digest, digest, child.name):
                raw = child.raw_name.hex() if child.raw_name != child.name.encode() else None
                self._batch.witness(
                    digest, child.length, path=child.name, path_bytes=raw, member_of=job.digest
                )
            self._want(_Job(digest, child.name.rpartition("/")[2], job.depth + 1, job.tree))
        return members, ""

    def _limit(self, job: _Job, child: Child) -> str:
        job.tree.spent.update(bytes=child.length, members=1)
        if job.depth >= self._options.depth:
            return f"limit depth ({self._options.depth})"
        if job.tree.spent["bytes"] > _TREE_BYTES:
            return f"limit bytes of one original with all its members ({_TREE_BYTES})"
        if job.tree.spent["members"] > _TREE_MEMBERS:
            return f"limit members of one original ({_TREE_MEMBERS})"
        return ""


def _refused(reading: Reading, limit: str) -> Reading:
    return msgspec.structs.replace(reading, outcome=Outcome.REFUSED, reason=limit)
