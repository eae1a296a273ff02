"""Reading on a Dask cluster: every worker of it has a sandbox of its own and takes originals from the archive.

What travels through Dask, which pickles, is bytes and digests that our own processes made: a reading as msgpack, the
names of members that were put into the archive. No foreign byte is parsed outside a sandbox there either. A worker
that is lost costs a retry; a file that takes three workers with it is told as failed. Nobody but this process writes
the record.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from onrecord.errors import StorageError, UsageError
from onrecord.ingest.answer import Answer, KeptElsewhere
from onrecord.ingest.confine import Confinement
from onrecord.ingest.nursery import SandboxBroken
from onrecord.ingest.reading import Outcome, Reading
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.second import READER as SECOND
from onrecord.ingest.source import Options
from onrecord.ingest.spool import on_disk
from onrecord.record.description import Description
from onrecord.record.places import archive_place

try:
    from distributed import Client, Future, KilledWorker
except ImportError as cause:
    raise UsageError(
        "A cluster needs Dask, which is not installed: pip install 'onrecord[cluster]'."
    ) from cause

_AHEAD = 4
_RETRIES = 2  # of what the store or a worker got wrong; lost workers are counted by Dask itself
_decoder = msgspec.msgpack.Decoder(Reading)


class _Told(msgspec.Struct, frozen=True):
    """What a worker's sandbox says of itself."""

    confinement: Confinement
    readers: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Asked:
    tag: Any
    future: Future


class Cluster:
    """The workers of a Dask scheduler as readers of a record's archive. Use it as a context.

    Args:
        scheduler: its address, ``tcp://…`` or ``tls://…``.
        folder, archive: where the record lies, and the address of its archive if that is elsewhere; one of both must
            be reached by every worker.
    """

    def __init__(self, scheduler: str, folder: Path, archive: str, options: Options) -> None:
        self._scheduler, self._place = scheduler, (str(folder.resolve()), archive)
        self._options = msgspec.msgpack.encode(options)
        self._asked: deque[_Asked] = deque()
        self.confinement: Confinement | None = None
        self._readers: dict[str, tuple[str, str]] = {}

    def __enter__(self) -> Cluster:
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it met is said in our words
        try:
            self._client = Client(self._scheduler, timeout="20s", set_as_default=False)
            self._client.wait_for_workers(1, timeout=20)
        except (OSError, TimeoutError, ValueError) as cause:
            raise UsageError(
                f"There is no Dask cluster with a worker at {self._scheduler}: {cause}. "
                "Start `dask scheduler` and at least one `dask worker` with onrecord installed."
            ) from cause
        try:
            told = msgspec.msgpack.decode(
                self._client.submit(_tell, self._options, pure=False).result(), type=_Told
            )
        except Exception:
            self._client.close()
            raise
        self.confinement, self._readers = told.confinement, told.readers
        self._most: int = _AHEAD * sum(self._client.nthreads().values())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(Exception):  # a cluster that is gone has nothing to release
            self._client.cancel([asked.future for asked in self._asked])
            self._client.run(_release)
        self._client.close()

    @property
    def pending(self) -> int:
        """Originals asked for whose answers were not taken yet."""
        return len(self._asked)

    @property
    def full(self) -> bool:
        """Whether every thread of the cluster has enough to do."""
        return self.pending >= self._most

    def submit(self, digest: str, name: str, tag: Any, *, members: bool = True) -> None:
        """Have an original read somewhere, and its members put into the archive if they are wanted."""
        try:
            future = self._client.submit(
                _read, self._place, self._options, digest, name, members, pure=False, retries=_RETRIES
            )
        except Exception as cause:
            raise self._gone(cause) from cause
        self._asked.append(_Asked(tag, future))

    def next(self) -> Answer:
        """The answer to the oldest that has none yet; its members are in the archive already."""
        asked = self._asked.popleft()
        try:
            reading, members, frames = asked.future.result()
        except KilledWorker:
            return KeptElsewhere(
                asked.tag, _lost("the cluster lost its workers with it, again and again"), ()
            )
        except (StorageError, SandboxBroken):
            raise
        except CancelledError as cause:  # nobody cancels but a scheduler that is gone
            raise self._gone(cause) from cause
        except Exception as cause:
            if self._client.status != "running":
                raise self._gone(cause) from cause
            # whatever else Dask met, it is one file's outcome and not the run's end
            return KeptElsewhere(
                asked.tag, _lost(f"the cluster could not read it: {type(cause).__name__}: {cause}"), ()
            )
        return KeptElsewhere(asked.tag, _decoder.decode(reading), members, frames)

    def _gone(self, cause: Exception) -> SandboxBroken:
        return SandboxBroken(
            f"The Dask cluster at {self._scheduler} is gone: {type(cause).__name__}. What was acknowledged is kept; "
            "see to the scheduler and run the same again, or without --cluster."
        )

    def is_current(self, kind: str, reader: str, version: str) -> bool:
        """As :meth:`onrecord.ingest.sandbox.Sandbox.is_current`, by what the first worker told."""
        if reader == SECOND.name:
            return version == SECOND.version
        return self._readers.get(kind, (reader, version)) == (reader, version)


def _lost(reason: str) -> Reading:
    return Reading(outcome=Outcome.FAILED, reason=reason, kind="unknown", reader="none", version="1")


_sandboxes: dict[tuple[int, bytes], Sandbox] = {}
"""In a worker of the cluster: the sandbox of each of its threads."""


def _sandbox(options: bytes) -> Sandbox:
    key = (threading.get_ident(), options)
    if key not in _sandboxes:
        _sandboxes[key] = Sandbox(msgspec.msgpack.decode(options, type=Options), workers=1).__enter__()
    return _sandboxes[key]


def _tell(options: bytes) -> bytes:
    sandbox = _sandbox(options)
    assert sandbox.confinement is not None
    return msgspec.msgpack.encode(_Told(sandbox.confinement, sandbox.readers))


def _read(
    place: tuple[str, str], options: bytes, digest: str, name: str, members: bool
) -> tuple[bytes, list[str], bytes]:
    """In a worker of the cluster: read an original in the sandbox, put its members into the archive."""
    originals = archive_place(Path(place[0]), Description(title="", archive=place[1]))
    sandbox = _sandbox(options)
    with originals.open(digest) as original, on_disk(original, digest, None) as file:
        sandbox.submit(file, name, digest)
        with (answer := sandbox.next()).spool:
            kept = [answer.keep(child, originals) for child in answer.reading.children] if members else []
            frames = os.pread(answer.spool.fileno(), answer.length, answer.start)
    return msgspec.msgpack.encode(answer.reading), kept, frames


def _release() -> None:
    """In a worker of the cluster: end its sandboxes."""
    while _sandboxes:
        _sandboxes.popitem()[1].__exit__(None, None, None)
