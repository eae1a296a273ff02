"""Pages of originals as pictures, for a server that runs for long: one sandbox, started when it is first needed."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock

from onrecord.errors import OnrecordError
from onrecord.ingest.sandbox import DrawnPage, Sandbox, SandboxBroken
from onrecord.ingest.source import Options
from onrecord.ingest.tasks import Stretch
from onrecord.record import Record

_WIDTH = 900


class Drawing:
    """Draws pages, one at a time; see :data:`onrecord.pages.evidence.Draw`. Close it when done."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._lock = Lock()
        self._sandbox: Sandbox | None = None

    def __call__(self, digest: str, name: str, page: int, words: tuple[Stretch, ...]) -> DrawnPage:
        """A page of an original as PNG, with boxes around the words.

        Raises:
            OnrecordError: it cannot be drawn; the message says why.
        """
        with self._lock, self._record.archive.open(digest) as file:
            try:
                if self._sandbox is None:
                    self._sandbox = Sandbox(Options(), workers=1).__enter__()
                return self._sandbox.picture(file, name, page, _WIDTH, words)
            except (SandboxBroken, OSError) as cause:
                self._end()
                raise OnrecordError(f"Page {page} of {name} could not be drawn: {cause}.") from cause

    def close(self) -> None:
        """End the sandbox, if there is one."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        sandbox, self._sandbox = self._sandbox, None
        if sandbox is not None:
            with suppress(OSError):
                sandbox.__exit__(None, None, None)
