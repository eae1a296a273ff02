"""What comes back from a reader: its reading, and its members' bytes in a file without a name."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import file_digest
from typing import IO, Any

from onrecord.errors import StorageError
from onrecord.ingest.reading import Child, Reading
from onrecord.record.archive import Originals


@dataclass
class Answer:
    """What came back for one file. ``tag`` is what the caller handed in with it."""

    tag: Any
    reading: Reading
    spool: IO[bytes]

    def member(self, child: Child) -> io.BufferedReader:
        """A member's bytes as a file."""
        return io.BufferedReader(_Stretch(self.spool.fileno(), child.offset, child.length), 1 << 18)

    def keep(self, child: Child, archive: Originals) -> str:
        """A member's digest, its bytes in the archive. The same attachment comes often: it is written once."""
        digest = file_digest(self.member(child), "sha256").hexdigest()
        if digest not in archive:
            archive.keep(self.member(child))
        return digest


class KeptElsewhere(Answer):
    """An answer whose members another machine has put into the archive."""

    def __init__(self, tag: Any, reading: Reading, digests: Iterable[str]) -> None:
        super().__init__(tag, reading, io.BytesIO())
        self._digests = dict(zip(reading.children, digests, strict=False))

    def keep(self, child: Child, archive: Originals) -> str:
        """A member's digest, after a look whether it is there.

        Raises:
            StorageError: it is not.
        """
        digest = self._digests.get(child, "")
        if digest not in archive:
            raise StorageError(
                f"The member {child.name} was read on another machine and is not in the archive."
            )
        return digest


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
