"""GZIP, bzip2 and xz: one member, unpacked in pieces so that a bomb is noticed before it fills anything."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from onrecord.ingest.limits import MIB
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Finding, Outcome
from onrecord.ingest.source import Readable, Source, in_chunks, unpacked

_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)


def _read(source: Source, opened: Callable[[BinaryIO], Readable]) -> Finding:
    name = PurePath(source.name).stem or "content"
    name = f"{name}.tar" if source.name.endswith((".tgz", ".tbz2", ".txz")) else name
    lost: list[str] = []
    source.file.seek(0)
    chunks = _until_broken(opened(source.file), lost)
    child = source.spool.keep(
        name, name.encode("utf-8", "surrogateescape"), unpacked(chunks, source.size, source.options)
    )
    if not lost:
        return Finding(children=(child,))
    if not child.length:
        return Finding(outcome=Outcome.FAILED, reason=f"nothing could be unpacked: {lost[0]}")
    return Finding(outcome=Outcome.IN_PART, reason=f"missing: the end: {lost[0]}", children=(child,))


def _until_broken(stream: Readable, lost: list[str]) -> Iterator[bytes]:
    try:
        yield from in_chunks(stream)
    except _ERRORS as error:
        lost.append(str(error) or type(error).__name__)


class _Xz:
    """An xz stream read with a ceiling on the decoder's memory, which the file itself asks for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._spare = file, b""
        self._decoder = self._fresh()

    @staticmethod
    def _fresh() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(memlimit=256 * MIB)

    def read(self, size: int, /) -> bytes:
        """The next unpacked bytes, at most ``size``; none at the end. Streams may follow each other."""
        while True:
            if self._decoder.eof and not self._next_stream():
                return b""
            packed = (self._spare or self._file.read(64 * 1024)) if self._decoder.needs_input else b""
            self._spare = b""
            if not packed and self._decoder.needs_input:
                raise EOFError("the stream is cut")
            if out := self._decoder.decompress(packed, max_length=size):
                return out

    def _next_stream(self) -> bool:
        """Whether another stream follows; zero bytes between streams are padding."""
        rest = self._decoder.unused_data.lstrip(b"\0") or self._file.read(64 * 1024).lstrip(b"\0")
        self._spare, self._decoder = rest, self._fresh()
        return bool(rest)


def _gzip(source: Source) -> Finding:
    return _read(source, lambda file: gzip.GzipFile(fileobj=file, mode="rb"))


def _bzip2(source: Source) -> Finding:
    return _read(source, lambda file: bz2.BZ2File(file, "rb"))


def _xz(source: Source) -> Finding:
    return _read(source, _Xz)


GZIP = Reader("gzip", package_version(1), ("gzip",), _gzip)
BZIP2 = Reader("bzip2", package_version(1), ("bzip2",), _bzip2)
XZ = Reader("xz", package_version(1), ("xz",), _xz)
