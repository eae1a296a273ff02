"""The record's side of the sandbox: hands out files, takes in readings, outlives every worker.

This process never parses a foreign byte. It gives a worker one read-only handle and one nameless spool file,
and decodes the answer with a fixed schema. A worker that dies, hangs or answers nonsense costs its file an
outcome and is replaced.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from onrecord.errors import OnrecordError
from onrecord.ingest import tasks, wire
from onrecord.ingest.answer import Answer
from onrecord.ingest.confine import Confinement
from onrecord.ingest.limits import MIB
from onrecord.ingest.nursery import Nursery, SandboxBroken, Worker
from onrecord.ingest.reading import Outcome, Reading
from onrecord.ingest.second import READER as SECOND
from onrecord.ingest.second import chosen, to_be_read_again
from onrecord.ingest.source import Options

_HELD = 32 * MIB  # of answers that wait for the one before them, their text not counted
_WRAPPED = 1024  # bytes that an answer has around what is told
_PNG = b"\x89PNG\r\n\x1a\n"
_AHEAD = 4  # files that may be read and wait for the one before them, a worker

__all__ = ["DrawnPage", "Sandbox", "SandboxBroken", "one_worker"]


@dataclass(slots=True, eq=False)
class _Errand:
    """A file on its way: the handle to it, and the answers of the readers that had it."""

    tag: Any
    name: str
    file: IO[bytes]
    first: Answer | None = None
    answer: Answer | None = None
    size: int = 0  # of the answer's message


class Sandbox:
    """A pool of confined workers.

    Use it as a context. :meth:`submit` files until :attr:`full`, take answers with :meth:`next`. Answers come in the
    order in which files were submitted, however many workers there are.

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
        self._idle: list[Worker] = []
        self._busy = selectors.DefaultSelector()
        self._errands: deque[_Errand] = deque()
        self._waiting: deque[_Errand] = deque()
        self._held = 0
        self.confinement: Confinement | None = None
        self.readers: dict[str, tuple[str, str]] = {}

    def __enter__(self) -> Sandbox:
        self._nursery = Nursery()
        try:
            self._idle.append(self._hire(second=False))
        except BaseException:
            self._nursery.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in (*self._at_work(), *self._idle):
            worker.sock.close()
        for errand in self._errands:
            errand.file.close()
        self._busy.close()
        self._nursery.close()

    def is_current(self, kind: str, reader: str, version: str) -> bool:
        """Whether what this reader made of such a file is what would be made of it now."""
        if reader == SECOND.name:
            return version == SECOND.version
        return self.readers.get(kind, (reader, version)) == (reader, version)

    @property
    def pending(self) -> int:
        """Files handed in whose answers were not taken yet."""
        return len(self._errands)

    @property
    def full(self) -> bool:
        """Whether :meth:`submit` should wait for :meth:`next`."""
        return self.pending >= self._size * _AHEAD

    def submit(self, file: IO[bytes], name: str, tag: Any) -> None:
        """Give an open file to be read. The caller keeps the handle and may close it at once."""
        errand = _Errand(tag, name, os.fdopen(os.dup(file.fileno()), "rb"))
        self._errands.append(errand)
        self._waiting.append(errand)
        self._assign()

    def next(self) -> Answer:
        """The answer to the file that was submitted first of those without one. Exactly one for every file."""
        while (answer := self._errands[0].answer) is None:
            self._assign()
            self._listen()
        self._held -= self._errands.popleft().size
        return answer

    def picture(
        self, file: IO[bytes], name: str, page: int, width: int, find: tuple[tasks.Stretch, ...] = ()
    ) -> DrawnPage:
        """A page drawn as PNG, and boxes of words on it. Not to be mixed with pending readings.

        Raises:
            OnrecordError: it cannot be drawn; the message says why.
        """
        worker = self._worker(second=False)
        self._ask(worker, file, tasks.Picture(name, page, width, find, self._options))
        try:
            answer = tasks.answered.decode(
                wire.receive(worker.sock, self._options.told_bytes, worker.deadline)
            )
        except (wire.Gone, *wire.NOT_SAID) as cause:
            is_late = worker.deadline <= time.monotonic()
            _, why = self._cause(self._dismissed(worker))
            assert worker.spool is not None
            worker.spool.close()
            why = self._late() if is_late else why
            raise OnrecordError(
                f"Page {page} of {name} could not be drawn: the worker was lost ({why})."
            ) from cause
        with self._rest(worker) as spool:
            if not isinstance(answer, tasks.Drawn):
                why = answer.reason if isinstance(answer, tasks.Refused) else "an answer to something else"
                raise OnrecordError(f"Page {page} of {name} could not be drawn: {why}.")
            spool.seek(0)
            png = spool.read(answer.length) if 0 < answer.length <= self._options.answer_bytes else b""
            if not png.startswith(_PNG):
                raise OnrecordError(f"Page {page} of {name} could not be drawn: what came is no picture.")
            return DrawnPage(png, answer.width, answer.height, answer.pages, answer.recognised, answer.boxes)

    def _at_work(self) -> list[Worker]:
        return [key.data for key in self._busy.get_map().values()]

    def _assign(self) -> None:
        """Give waiting files to workers, as many as may work at a time and as answers may be held."""
        while self._waiting and len(self._busy.get_map()) < (self._size if self._held < _HELD else 1):
            errand = self._waiting.popleft()
            try:
                worker = self._worker(second=errand.first is not None)
            except SandboxBroken:
                if errand.first is None:
                    raise
                self._finish(errand, errand.first)  # the second reader does not start here
                continue
            worker.errand = errand
            self._ask(worker, errand.file, tasks.Read(errand.name, self._options))

    def _worker(self, *, second: bool) -> Worker:
        for worker in [idle for idle in self._idle if idle.second == second]:
            self._idle.remove(worker)
            if _is_quiet(worker.sock):
                return worker
            self._nursery.ended(worker)
        return self._hire(second=second)

    def _hire(self, *, second: bool) -> Worker:
        worker = self._nursery.hire(self._options, second=second)
        if not second:
            self.confinement, self.readers = worker.ready.confinement, worker.ready.readers
        return worker

    def _ask(self, worker: Worker, file: IO[bytes], request: tasks.Read | tasks.Picture) -> None:
        worker.spool = tempfile.TemporaryFile(dir=self._spools)  # noqa: SIM115 - closed by who takes the answer
        worker.deadline = time.monotonic() + self._options.wall_seconds
        worker.started = tasks.Started("unknown", "none", "1")
        self._busy.register(worker.sock, selectors.EVENT_READ, worker)
        handles = [file.fileno(), worker.spool.fileno()]
        try:
            socket.send_fds(worker.sock, [tasks.encoder.encode(request)], handles)
        except OSError:
            return  # it died while it waited; its closed socket is heard next and named as the outcome

    def _listen(self) -> None:
        """Wait until a worker says something or has had its time."""
        wait = min((worker.deadline for worker in self._at_work()), default=0) - time.monotonic()
        for key, _ in self._busy.select(max(wait, 0)):
            self._hear(key.data)
        for worker in self._at_work():
            if worker.deadline <= time.monotonic():
                self._lose(worker, Outcome.REFUSED, self._late())

    def _late(self) -> str:
        return f"limit wall seconds ({self._options.wall_seconds})"

    def _hear(self, worker: Worker) -> None:
        try:
            message = wire.receive(worker.sock, self._options.told_bytes + _WRAPPED, worker.deadline)
            answer = tasks.answered.decode(message)
        except wire.Gone:
            self._lose(
                worker, *((Outcome.REFUSED, self._late()) if worker.deadline <= time.monotonic() else ())
            )
            return
        except wire.NOT_SAID as error:
            self._lose(worker, Outcome.FAILED, f"the worker's answer was not one: {error}")
            return
        if isinstance(answer, tasks.Started):
            worker.started = answer
        elif isinstance(answer, tasks.Done) and _inside(answer, worker.spool, self._options):
            errand = worker.errand
            errand.size = len(message)
            came = Answer(errand.tag, answer.reading, self._rest(worker), answer.start, answer.length)
            self._answered(errand, came)
        else:
            self._lose(worker, Outcome.FAILED, "the worker's answer was not one")

    def _answered(self, errand: _Errand, answer: Answer) -> None:
        """Take an answer as the file's, or let the second reader try as well."""
        if errand.first is not None:
            self._finish(errand, chosen(errand.first, answer))
        elif self._options.second and to_be_read_again(answer.reading):
            errand.first = answer
            self._waiting.appendleft(errand)
        else:
            self._finish(errand, answer)

    def _finish(self, errand: _Errand, answer: Answer) -> None:
        errand.file.close()
        errand.answer = answer
        self._held += errand.size

    def _rest(self, worker: Worker) -> IO[bytes]:
        """Put a worker back among the idle, or replace it when it has read enough; hands over its spool."""
        self._busy.unregister(worker.sock)
        spool = worker.spool
        assert spool is not None
        worker.errand, worker.spool, worker.files = None, None, worker.files + 1
        if worker.files < self._lifetime:
            self._idle.append(worker)
        else:
            self._nursery.ended(worker)
        return spool

    def _lose(self, worker: Worker, outcome: Outcome | None = None, reason: str = "") -> None:
        """End a worker; its file gets the outcome given, or the one that its end means."""
        spool, status = worker.spool, self._dismissed(worker)
        assert spool is not None
        if outcome is None:
            outcome, reason = self._cause(status)
        said, errand = worker.started, worker.errand
        reading = Reading(
            outcome=outcome, reason=reason, kind=said.kind, reader=said.reader, version=said.version
        )
        self._answered(errand, Answer(errand.tag, reading, spool))

    def _dismissed(self, worker: Worker) -> int:
        self._busy.unregister(worker.sock)
        return self._nursery.ended(worker)

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
        known = number in set(signal.Signals)  # real-time signals have no names
        return (
            Outcome.FAILED,
            f"the reader died of {signal.Signals(number).name if known else f'signal {number}'}",
        )


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as PNG, its size in pixels, how many pages there are, and boxes around what was looked for.

    ``recognised`` is how many pixels wide the picture is in which boxes of recognised words are counted.
    """

    png: bytes
    width: int
    height: int
    pages: int
    recognised: float
    boxes: tuple[tasks.Box, ...]


@contextmanager
def one_worker(options: Options | None = None) -> Iterator[Sandbox]:
    """A sandbox with a single worker, for a page or a test."""
    with Sandbox(options or Options(), workers=1) as sandbox:
        yield sandbox


def _is_quiet(sock: socket.socket) -> bool:
    """Whether an idle worker lives and says nothing: one that died, or speaks unasked, gets no further file."""
    sock.setblocking(False)
    try:
        sock.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        sock.setblocking(True)
    return False


def _inside(done: tasks.Done, spool: IO[bytes] | None, options: Options) -> bool:
    """Whether all members and frames lie within the spool, and the text in nothing but frames, no more than may be."""
    assert spool is not None
    size = os.fstat(spool.fileno()).st_size
    stretches = [(child.offset, child.length) for child in done.reading.children]
    stretches.append((done.start, done.length))
    is_told_apart = not (done.reading.pieces or done.reading.tables) and done.length <= options.answer_bytes
    return is_told_apart and all(
        start >= 0 and length >= 0 and start + length <= size for start, length in stretches
    )
