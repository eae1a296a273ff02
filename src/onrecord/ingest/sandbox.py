"""The record's side of the sandbox: hands out files, takes in readings, outlives every worker.

This process never parses a foreign byte. It gives a worker one read-only handle and one nameless spool file,
and decodes the answer with a fixed schema. A worker that dies, hangs or answers nonsense costs its file an
outcome and is replaced.
"""

from __future__ import annotations

import io
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import msgspec

from onrecord.errors import OnrecordError
from onrecord.ingest import tasks, wire
from onrecord.ingest.confine import Confinement
from onrecord.ingest.reading import Child, Outcome, Reading
from onrecord.ingest.source import Options

_ANSWER = 1 << 30
_PASSED = ("PATH", "PYTHONPATH", "TESSDATA_PREFIX", "VIRTUAL_ENV")


class SandboxBroken(OnrecordError):
    """No worker can be started, so nothing is read."""

    exit_code = 9


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one file. ``tag`` is what the caller handed in with it."""

    tag: Any
    reading: Reading
    spool: IO[bytes]

    def member(self, child: Child) -> io.BufferedReader:
        """A member's bytes as a file."""
        return io.BufferedReader(_Stretch(self.spool.fileno(), child.offset, child.length), 1 << 18)


class _Stretch(io.RawIOBase):
    """Part of a file, read by position, so that nobody's file pointer moves."""

    def __init__(self, handle: int, start: int, length: int) -> None:
        self._handle, self._at, self._end = handle, start, start + length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)[: self._end - self._at]
        count = os.preadv(self._handle, [view], self._at) if len(view) else 0
        self._at += count
        return count


@dataclass(slots=True)
class _Worker:
    pid: int
    sock: socket.socket
    files: int = 0
    tag: Any = None
    spool: IO[bytes] | None = None
    deadline: float = 0.0
    started: tasks.Started = field(default_factory=lambda: tasks.Started("unknown", "none", "1"))


class Sandbox:
    """A pool of confined workers.

    Use it as a context. :meth:`submit` files until :attr:`full`, take answers with :meth:`next`, in the order in
    which they are done.

    Args:
        options: limits and choices for every file.
        workers: how many read at the same time.
        spools: a folder for the nameless files that members travel in.
        files_per_worker: a worker is replaced after so many.
    """

    def __init__(
        self, options: Options, *, workers: int = 2, spools: Path | None = None, files_per_worker: int = 500
    ) -> None:
        self._options, self._size, self._spools, self._lifetime = options, workers, spools, files_per_worker
        self._idle: list[_Worker] = []
        self._busy = selectors.DefaultSelector()
        self.confinement: Confinement | None = None
        self.readers: dict[str, tuple[str, str]] = {}

    def __enter__(self) -> Sandbox:
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
        command = [sys.executable, "-m", "onrecord.ingest.worker", str(theirs.fileno())]
        self._nursery = subprocess.Popen(  # noqa: S603
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**environment, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
            cwd="/",
        )
        theirs.close()
        self._control = ours
        self._idle.append(self._hire())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for key in list(self._busy.get_map().values()):
            key.data.sock.close()
        for worker in self._idle:
            worker.sock.close()
        self._busy.close()
        self._control.close()
        self._nursery.wait()

    @property
    def pending(self) -> int:
        """Files handed in whose answers were not taken yet."""
        return len(self._busy.get_map())

    @property
    def full(self) -> bool:
        """Whether :meth:`submit` must wait for :meth:`next`."""
        return self.pending >= self._size

    def submit(self, file: IO[bytes], name: str, tag: Any) -> None:
        """Give an open file to a worker. The caller keeps the handle and may close it at once."""
        self._ask(file, tasks.Read(name, self._options), tag)

    def next(self) -> Answer:
        """The next answer, when there is one. Exactly one for every file submitted."""
        while True:
            wait = (
                min((key.data.deadline for key in self._busy.get_map().values()), default=0)
                - time.monotonic()
            )
            for key, _ in self._busy.select(max(wait, 0)):
                answer = self._heard(key.data)
                if answer is not None:
                    return answer
            for key in list(self._busy.get_map().values()):
                if key.data.deadline <= time.monotonic():
                    limit = f"limit wall seconds ({self._options.wall_seconds})"
                    return self._lost(key.data, Outcome.REFUSED, limit)

    def picture(
        self, file: IO[bytes], name: str, page: int, width: int, find: tuple[str, ...] = ()
    ) -> DrawnPage:
        """A page drawn as PNG, and boxes of words on it. Not to be mixed with pending readings.

        Raises:
            OnrecordError: it cannot be drawn; the message says why.
        """
        self._ask(file, tasks.Picture(name, page, width, find, self._options), None)
        worker: _Worker = next(iter(self._busy.get_map().values())).data
        worker.sock.settimeout(self._options.wall_seconds)
        try:
            answer = tasks.answered.decode(wire.receive(worker.sock, _ANSWER))
        except (wire.Gone, msgspec.DecodeError, TimeoutError) as cause:
            self._lost(worker, Outcome.FAILED, "")
            raise OnrecordError(f"Page {page} of {name} could not be drawn: the worker was lost.") from cause
        spool = self._rest(worker)
        with spool:
            if not isinstance(answer, tasks.Drawn):
                why = answer.reason if isinstance(answer, tasks.Refused) else "an answer to something else"
                raise OnrecordError(f"Page {page} of {name} could not be drawn: {why}.")
            spool.seek(0)
            return DrawnPage(
                spool.read(answer.length), answer.width, answer.height, answer.pages, answer.boxes
            )

    def _ask(self, file: IO[bytes], request: tasks.Read | tasks.Picture, tag: Any) -> None:
        worker = self._idle.pop() if self._idle else self._hire()
        worker.tag = tag
        worker.spool = tempfile.TemporaryFile(dir=self._spools)  # noqa: SIM115 - closed by who takes the answer
        worker.deadline = time.monotonic() + self._options.wall_seconds
        worker.started = tasks.Started("unknown", "none", "1")
        self._busy.register(worker.sock, selectors.EVENT_READ, worker)
        handles = [file.fileno(), worker.spool.fileno()]
        try:
            socket.send_fds(worker.sock, [tasks.encoder.encode(request)], handles)
        except OSError:
            return  # it died while it waited; next() sees its closed socket and names the outcome

    def _hire(self) -> _Worker:
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(
                self._control, [tasks.encoder.encode(tasks.Fork(self._options))], [theirs.fileno()]
            )
            born = tasks.reported.decode(wire.receive(self._control, 1 << 16))
            theirs.close()
            ready = tasks.answered.decode(wire.receive(ours, 1 << 16))
        except (wire.Gone, OSError, msgspec.DecodeError) as cause:
            raise SandboxBroken(
                "No worker could be started, so nothing is read. See whether memory is left, and run "
                "`python -m onrecord.ingest.worker 0` to see its own error."
            ) from cause
        if not isinstance(born, tasks.Born) or not isinstance(ready, tasks.Ready):
            raise SandboxBroken("A worker answered out of turn; start again.")
        self.confinement, self.readers = ready.confinement, ready.readers
        return _Worker(born.pid, ours)

    def _heard(self, worker: _Worker) -> Answer | None:
        try:
            answer = tasks.answered.decode(wire.receive(worker.sock, _ANSWER))
        except wire.Gone:
            return self._lost(worker, *self._cause(self._ended(worker)))
        except msgspec.DecodeError as error:
            return self._lost(worker, Outcome.FAILED, f"the worker's answer was not one: {error}")
        if isinstance(answer, tasks.Started):
            worker.started = answer
            return None
        if not isinstance(answer, tasks.Done) or not _inside(answer.reading, worker.spool):
            return self._lost(worker, Outcome.FAILED, "the worker's answer was not one")
        tag = worker.tag
        return Answer(tag, answer.reading, self._rest(worker))

    def _rest(self, worker: _Worker) -> IO[bytes]:
        """Put a worker back among the idle, or replace it when it has read enough; hands over its spool."""
        self._busy.unregister(worker.sock)
        spool = worker.spool
        assert spool is not None
        worker.spool, worker.files = None, worker.files + 1
        if worker.files < self._lifetime:
            self._idle.append(worker)
        else:
            worker.sock.close()
            self._ended(worker)
        return spool

    def _lost(self, worker: _Worker, outcome: Outcome, reason: str) -> Answer:
        self._busy.unregister(worker.sock)
        worker.sock.close()
        self._ended(worker)
        spool = worker.spool
        assert spool is not None
        said = worker.started
        reading = Reading(
            outcome=outcome, reason=reason, kind=said.kind, reader=said.reader, version=said.version
        )
        return Answer(worker.tag, reading, spool)

    def _ended(self, worker: _Worker) -> int:
        socket.send_fds(self._control, [tasks.encoder.encode(tasks.End(worker.pid))], [])
        report = tasks.reported.decode(wire.receive(self._control, 1 << 16))
        return report.status if isinstance(report, tasks.Ended) else 0

    def _cause(self, status: int) -> tuple[Outcome, str]:
        if not os.WIFSIGNALED(status):
            return Outcome.FAILED, f"the worker ended with status {os.waitstatus_to_exitcode(status)}"
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return Outcome.REFUSED, f"limit CPU seconds ({self._options.cpu_seconds})"
        if number == signal.SIGXFSZ:
            return Outcome.REFUSED, f"limit output bytes ({self._options.output_bytes})"
        if number == signal.SIGABRT:
            return (
                Outcome.FAILED,
                f"the reader gave up, as it does when {self._options.memory_bytes} bytes do not suffice",
            )
        return Outcome.FAILED, f"the reader died of {signal.Signals(number).name}"


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as PNG, its size in pixels, how many pages there are, and boxes around what was looked for."""

    png: bytes
    width: int
    height: int
    pages: int
    boxes: tuple[tasks.Box, ...]


@contextmanager
def one_worker(options: Options | None = None) -> Iterator[Sandbox]:
    """A sandbox with a single worker, for a page or a test."""
    with Sandbox(options or Options(), workers=1) as sandbox:
        yield sandbox


def _inside(reading: Reading, spool: IO[bytes] | None) -> bool:
    """Whether every member lies within the spool, so that no answer reads past it."""
    assert spool is not None
    size = os.fstat(spool.fileno()).st_size
    return all(
        child.offset >= 0 and child.length >= 0 and child.offset + child.length <= size
        for child in reading.children
    )
