"""The process that forks workers, as seen from the record's process: it hires them, and hears how they ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from typing import IO, Any

import msgspec

from onrecord.errors import OnrecordError
from onrecord.ingest import tasks, wire
from onrecord.ingest.source import Options

_PASSED = ("PATH", "PYTHONPATH", "TESSDATA_PREFIX", "VIRTUAL_ENV")
_ANSWER = 1 << 16


class SandboxBroken(OnrecordError):
    """No worker can be started, so nothing is read."""

    exit_code = 9


@dataclass(slots=True)
class Worker:
    """A confined process and what it is busy with. ``second`` says which reader it has."""

    pid: int
    sock: socket.socket
    ready: tasks.Ready
    second: bool
    files: int = 0
    errand: Any = None
    spool: IO[bytes] | None = None
    deadline: float = 0.0
    started: tasks.Started = field(default_factory=lambda: tasks.Started("unknown", "none", "1"))


class Nursery:
    """A process that never opened the record, loads the readers once and forks workers from there."""

    def __init__(self) -> None:
        try:
            self._started()
        except OSError as cause:
            raise _broken(cause) from cause

    def _started(self) -> None:
        self._control, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "onrecord.ingest.worker", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**environment, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
            cwd="/",
        )
        theirs.close()

    def hire(self, options: Options, *, second: bool = False) -> Worker:
        """A worker that gave up its rights and waits.

        Raises:
            SandboxBroken: none can be started.
        """
        try:
            ours, theirs = socket.socketpair()
        except OSError as cause:
            raise _broken(cause) from cause
        try:
            order = tasks.encoder.encode(tasks.Fork(options, second))
            socket.send_fds(self._control, [order], [theirs.fileno()])
            born = tasks.reported.decode(wire.receive(self._control, _ANSWER))
            theirs.close()
            ready = tasks.answered.decode(wire.receive(ours, _ANSWER))
        except (wire.Gone, OSError, msgspec.DecodeError) as cause:
            ours.close()
            theirs.close()
            raise _broken(cause) from cause
        if not isinstance(born, tasks.Born) or not isinstance(ready, tasks.Ready):
            raise SandboxBroken("A worker answered out of turn; start again.")
        return Worker(born.pid, ours, ready, second)

    def ended(self, worker: Worker) -> int:
        """End a worker with all it started, and say how it ended, as ``waitpid`` does."""
        worker.sock.close()
        socket.send_fds(self._control, [tasks.encoder.encode(tasks.End(worker.pid))], [])
        report = tasks.reported.decode(wire.receive(self._control, _ANSWER))
        return report.status if isinstance(report, tasks.Ended) else 0

    def close(self) -> None:
        """End all workers and the process itself."""
        self._control.close()
        self.process.wait()


def _broken(cause: Exception) -> SandboxBroken:
    return SandboxBroken(
        f"No worker could be started, so nothing is read: {cause}. See whether memory, processes and open files "
        "(`ulimit -a`) are left, and run `python -m onrecord.ingest.worker 0` to see its own error."
    )
