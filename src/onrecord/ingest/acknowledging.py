"""Custody events and outcomes on their way to disk, in batches: always the ledger first, then the catalogue.

A commit costs a disk a few milliseconds, so a file at a time would cap a run at some hundred files a second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import msgspec

from onrecord import __version__
from onrecord.ingest.catalogue import Catalogue, Settled
from onrecord.ingest.clock import clock
from onrecord.record import Record
from onrecord.record.custody import CustodyEvent
from onrecord.record.leaf import draft_custody

TOOL = f"onrecord {__version__}"
_BATCH = 64


class Acknowledgements:
    """What is to be acknowledged next. ``counts`` says how often each action was written.

    Whether bytes are new is decided while the ledger is held for writing, after learning what other runs wrote
    in the meantime: two runs over the same folder acknowledge each file once.
    """

    def __init__(self, record: Record, catalogue: Catalogue, by: str, clock: Callable[[], datetime]) -> None:
        self._record, self._catalogue, self._by, self._clock = record, catalogue, by, clock
        self._events: list[CustodyEvent] = []
        self._settled: list[Settled] = []
        self.counts: Counter[str] = Counter()

    def witness(self, digest: str, size: int, **facts: str | None) -> None:
        """Note that an original came in."""
        now = clock()
        told = CustodyEvent(action="added", sha256=digest, size=size, tool=TOOL, **facts)
        self._events.append(msgspec.structs.replace(told, clock=now.stated, clock_offset=now.offset))
        if len(self._events) >= _BATCH:
            self.flush()

    def settle(self, settled: Settled) -> None:
        """Note a file's outcome."""
        self._settled.append(settled)
        if len(self._settled) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write everything noted so far; when this returns it is acknowledged.

        Raises:
            StorageError: the disk refused; what was noted is not acknowledged.
        """
        if self._events:
            with self._record.ledger.writing() as writer:
                self._catalogue.sync(writer)
                events = self._new_events()
                if events:
                    drafts = [draft_custody(event) for event in events]
                    writer.append(drafts, by=self._by, recorded=self._clock())
            with self._record.ledger.reading() as reader:
                self._catalogue.sync(reader)
            self.counts.update(event.action for event in events)
        if self._settled:
            with self._catalogue.writing():
                for settled in self._settled:
                    self._catalogue.set_file(settled)
        self._events.clear()
        self._settled.clear()

    def _new_events(self) -> list[CustodyEvent]:
        """What is not acknowledged yet; bytes whose custody is known from elsewhere are *seen again*."""
        known: set[str] = set()
        events = []
        for event in self._events:
            if not self._catalogue.has_learnt(event):
                again = event.sha256 in known or self._catalogue.knows(event.sha256)
                events.append(msgspec.structs.replace(event, action="seen_again") if again else event)
                known.add(event.sha256)
        return events
