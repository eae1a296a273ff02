"""What comes back from a reader: what it says of a file, and in a nameless file its members, tables and text."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from typing import IO, TYPE_CHECKING, Any

from onrecord.errors import StorageError
from onrecord.ingest import stream
from onrecord.ingest.reading import Child, Piece, Reading

# The process that reads foreign files imports this too, and has no business with the record.
if TYPE_CHECKING:
    from onrecord.record.archive import Originals


@dataclass
class Answer:
    """What came back for one file.

    Attributes:
        tag: what the caller handed in with it.
        reading: what was found, but for its pieces and tables, which :meth:`frames` gives one by one.
        spool: the members' bytes, then the frames, ``length`` bytes of them from ``start``.
    """

    tag: Any
    reading: Reading
    spool: IO[bytes]
    start: int = 0
    length: int = 0

    def frames(self) -> Iterator[stream.Frame]:
        """The tables and the text, a bounded part at a time.

        Raises:
            Malformed: the worker wrote something else.
        """
        return stream.read(io.BufferedReader(_Stretch(self.spool.fileno(), self.start, self.length), 1 << 18))

    def pieces(self) -> Iterator[Piece]:
        """The text, without the tables.

        Raises:
            Malformed: the worker wrote something else.
        """
        for frame in self.frames():
            if isinstance(frame, stream.Pieces):
                yield from frame.pieces

    def member(self, child: Child) -> io.BufferedReader:
        """A member's bytes as a file."""
        return io.BufferedReader(_Stretch(self.spool.fileno(), child.offset, child.length), 1 << 18)

    def keep(self, child: Child, archive: Originals) -> str:
        """A member's digest, its bytes in the archive. The same attachment comes often: it is written once.

        A worker that was taken over may change what it wrote between two looks at it: what counts is what was kept.
        """
        digest = file_digest(self.member(child), "sha256").hexdigest()
        return digest if digest in archive else archive.keep(self.member(child)).sha256


class KeptElsewhere(Answer):
    """An answer whose members another machine has put into the archive, and whose frames came with it."""

    def __init__(self, tag: Any, reading: Reading, digests: Iterable[str], frames: bytes = b"") -> None:
        super().__init__(tag, reading, io.BytesIO(frames), 0, len(frames))
        self._digests = dict(zip(reading.children, digests, strict=False))

    def frames(self) -> Iterator[stream.Frame]:
        """As :meth:`Answer.frames`."""
        return stream.read(self.spool)

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
