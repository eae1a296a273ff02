"""The other side of the sandbox: a process that never held a record, and the workers it forks.

Started as ``python -m onrecord.ingest.worker FD``. It loads the readers once, then forks a worker for every
socket it is sent. A worker gives up its rights and reads one file after another until its socket closes.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress

import msgspec

from onrecord.ingest import stream, tasks, wire
from onrecord.ingest.confine import allow_cpu, confine, give_up_rights, limit_resources
from onrecord.ingest.drawing import draw
from onrecord.ingest.kinds import kind_of
from onrecord.ingest.limits import LimitReached
from onrecord.ingest.ocr import engine
from onrecord.ingest.readers import READERS, read, reader_for
from onrecord.ingest.readers.base import Reader
from onrecord.ingest.reading import Outcome, Piece, Reading
from onrecord.ingest.second import READER as SECOND
from onrecord.ingest.second import start
from onrecord.ingest.source import Options, Source, Spool
from onrecord.ingest.tools import start_companion

_REQUEST = 256 * 1024
_VERSIONS = {kind: (reader.name, reader.version) for reader in READERS for kind in reader.kinds}


def serve(control: socket.socket) -> None:
    """Fork and end workers on request until the control socket closes; then end all that are left."""
    workers: set[int] = set()
    while True:
        message, handles, _, _ = socket.recv_fds(control, _REQUEST, 1)
        if not message:
            break
        match tasks.ordered.decode(message):
            case tasks.Fork(options=options, second=second):
                pid = _fork(socket.socket(fileno=handles[0]), control, options, second=second)
                workers.add(pid)
                wire.send(control, tasks.encoder.encode(tasks.Born(pid)))
            case tasks.End(pid=pid):
                wire.send(control, tasks.encoder.encode(tasks.Ended(_end(pid, workers))))
    for pid in list(workers):
        _end(pid, workers)


def _fork(sock: socket.socket, control: socket.socket, options: Options, *, second: bool) -> int:
    pid = os.fork()
    if pid:
        sock.close()
        return pid
    control.close()
    try:
        _work(sock, options, second=second)
    finally:
        os._exit(0)


def _end(pid: int, workers: set[int]) -> int:
    """Kill a worker and all it started, if it is ours, and collect how it ended; a dead one keeps its cause."""
    if pid not in workers:
        return 0
    workers.discard(pid)
    os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):  # killed before it had a group of its own
        os.killpg(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _work(sock: socket.socket, options: Options, *, second: bool) -> None:
    os.setsid()  # what it starts is in its group, and ends with it
    if second:
        confinement = give_up_rights(scratch=True)
        limit_resources(options, addresses=False)
        start(options)
    else:
        if options.ocr:
            engine()  # asks Tesseract once, before its answer would have to be asked for every file
            start_companion(options, sock)
        confinement = confine(options)
    own = SECOND if second else None
    wire.send(sock, tasks.encoder.encode(tasks.Ready(confinement, _VERSIONS)))
    while True:
        message, handles, _, _ = socket.recv_fds(sock, _REQUEST, 2)
        if not message:
            return
        request = tasks.asked.decode(message)
        allow_cpu(request.options.cpu_seconds)
        with os.fdopen(handles[0], "rb") as file, os.fdopen(handles[1], "r+b") as spool:
            source = Source(file, request.name, Spool(spool, request.options), request.options)
            answer = _answer(sock, request, source, own)
        wire.send(sock, tasks.encoder.encode(answer))


def _answer(
    sock: socket.socket, request: tasks.Read | tasks.Picture, source: Source, own: Reader | None
) -> tasks.Done | tasks.Drawn | tasks.Refused:
    if isinstance(request, tasks.Picture):
        return draw(source, request.page, request.width, request.find)
    kind = kind_of(source.file, source.name)
    reader = own or reader_for(kind)
    wire.send(sock, tasks.encoder.encode(tasks.Started(kind, reader.name, reader.version)))
    return _done(read(source, kind, reader), source.spool)


def _done(reading: Reading, spool: Spool) -> tasks.Done:
    """The answer, its tables and text written behind the members; what is too long is refused, with what fits."""
    options = spool.options
    try:
        return _written(reading, spool)
    except LimitReached as limit:
        kept = _that_fit(reading.pieces, options.answer_bytes // 2)
        reason = (
            f"{limit}; the first {len(kept)} of {len(reading.pieces)} pieces of text were kept, and no table"
        )
        refused = Reading(
            outcome=Outcome.REFUSED,
            reason=reason,
            pieces=kept,
            kind=reading.kind,
            reader=reading.reader,
            version=reading.version,
        )
        return _written(refused, spool)


def _written(reading: Reading, spool: Spool) -> tasks.Done:
    told = msgspec.structs.replace(reading, pieces=(), tables=())
    if len(tasks.encoder.encode(told)) > spool.options.told_bytes:
        raise LimitReached("told bytes", spool.options.told_bytes)
    spool.file.seek(spool.written)
    length = stream.write(spool.file, reading, spool.options.answer_bytes)
    return tasks.Done(told, spool.written, length)


def _that_fit(pieces: tuple[Piece, ...], allowed: int) -> tuple[Piece, ...]:
    """The first pieces whose messages together have at most so many bytes."""
    for count, piece in enumerate(pieces):
        allowed -= len(tasks.encoder.encode(piece))
        if allowed < 0:
            return pieces[:count]
    return pieces


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
