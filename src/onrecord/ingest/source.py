"""One file as a reader sees it: bytes to read, a spool to put members into, limits. No path, no record."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from onrecord.ingest.limits import MIB, LimitReached, Limits
from onrecord.ingest.reading import Child


class Options(Limits, frozen=True, kw_only=True):
    """Limits, and the choices a person made for this run.

    ``encoding`` overrules the detected charset of text; ``ocr`` is ``auto``, Tesseract's languages joined
    by ``+``, or empty for none; ``second`` lets the second reader try what the first could not read.
    """

    encoding: str = ""
    ocr: str = ""
    second: bool = False


@dataclass(slots=True)
class Spool:
    """Members' bytes, one after the other, in a file that has no name. Keeps to the output limits."""

    file: BinaryIO
    options: Options
    written: int = 0
    count: int = 0

    def keep(
        self, name: str, raw_name: bytes, chunks: Iterable[bytes], claims: Iterable[tuple[str, str]] = ()
    ) -> Child:
        """Write one member and say where it lies.

        Raises:
            LimitReached: too many members or bytes; what was written of this member is dropped.
        """
        if self.count >= self.options.members:
            raise LimitReached("members", self.options.members)
        start = self.written
        self.file.seek(start)
        length = 0
        for chunk in chunks:
            length += len(chunk)
            if start + length > self.options.output_bytes:
                raise LimitReached("output bytes", self.options.output_bytes)
            self.file.write(chunk)
        self.written, self.count = start + length, self.count + 1
        return Child(name, raw_name, start, length, tuple(claims))


@dataclass(slots=True)
class Source:
    """A seekable file at its start, the name it came with (a claim), and where members go."""

    file: BinaryIO
    name: str
    spool: Spool
    options: Options = field(default_factory=Options)

    @property
    def size(self) -> int:
        """Bytes in the file; the position in it stays where it is."""
        before = self.file.tell()
        length = self.file.seek(0, os.SEEK_END)
        self.file.seek(before)
        return length

    def head(self, length: int) -> bytes:
        """The first bytes, at most ``length``."""
        self.file.seek(0)
        return self.file.read(length)

    def whole(self) -> bytes:
        """All bytes.

        Raises:
            LimitReached: the file is larger than what may be held in memory.
        """
        if self.size > self.options.whole_bytes:
            raise LimitReached("file bytes in memory", self.options.whole_bytes)
        self.file.seek(0)
        return self.file.read()


def unpacked(chunks: Iterable[bytes], packed: int, options: Options) -> Iterable[bytes]:
    """The chunks of a decompressor, until they betray a bomb.

    Args:
        packed: the compressed length in bytes.

    Raises:
        LimitReached: more than 16 MiB came out and that is more than ``options.expansion`` times what went in.
    """
    total = 0
    for chunk in chunks:
        total += len(chunk)
        allow_expansion(total, packed, options)
        yield chunk


def allow_expansion(unpacked_bytes: int, packed: int, options: Options) -> None:
    """Nothing, as long as no bomb is betrayed.

    Raises:
        LimitReached: more than 16 MiB came out and that is more than ``options.expansion`` times what went in.
    """
    if unpacked_bytes > 16 * MIB and unpacked_bytes > options.expansion * max(packed, 1):
        raise LimitReached("expansion", f"{options.expansion} times")


class Readable(Protocol):
    """Something that gives bytes."""

    def read(self, size: int, /) -> bytes: ...


def in_chunks(file: Readable, size: int = 256 * 1024) -> Iterable[bytes]:
    """The rest of an open file, piece by piece."""
    while chunk := file.read(size):
        yield chunk
