"""Workers forked from a process that has everything loaded, so that a thousand can be killed in minutes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from tests.faults.worker import Say

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.faults.worker"])


class Forked:
    """A worker that runs ``do(*arguments, say)`` in a process of its own."""

    def __init__(self, do: Callable[..., None], *arguments: object) -> None:
        self._ears, mouth = _forks.Pipe(duplex=False)
        self.process = _forks.Process(target=_do, args=(do, arguments, mouth))
        self.process.start()
        mouth.close()

    def hears(self) -> str:
        """The next line it says."""
        return self._ears.recv_bytes().decode()

    def kill(self) -> list[str]:
        """End it without a warning; what it said by then and nobody heard."""
        self.process.kill()
        return self.end()

    def end(self) -> list[str]:
        """Everything it says until it ends."""
        told = []
        try:
            while True:
                told.append(self.hears())
        except (EOFError, OSError):  # a line that was cut off was not said
            pass
        self.process.join()
        self._ears.close()
        return told


def _do(do: Callable[..., None], arguments: tuple[Any, ...], mouth: Connection) -> None:
    say: Say = lambda line: mouth.send_bytes(line.encode())  # noqa: E731 it is handed on
    do(*arguments, say)
