"""What comes back from a reader: its reading, and its members' bytes in a file without a name."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from typing import IO, Any

from onrecord.ingest.reading import Child, Reading


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
