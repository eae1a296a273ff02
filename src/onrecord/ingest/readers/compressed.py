"""GZIP, bzip2 and xz: one member, unpacked in pieces so that a bomb is noticed before it fills anything."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import BinaryIO, Protocol

from onrecord.ingest.damage import in_words
from onrecord.ingest.limits import MIB
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Finding, Outcome
from onrecord.ingest.source import Readable, Source, in_chunks, unpacked

_BLOCK = 8192  # small, because what is left of it is copied at the end of every stream
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
        lost.append(in_words(error))


class _Decoder(Protocol):
    """What :mod:`bz2` and :mod:`lzma` unpack one stream with."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Streams:
    """Packed streams, one behind the other, read to the end of the file: noise behind them is an error, not passed over."""

    def __init__(self, file: BinaryIO, fresh: Callable[[], _Decoder]) -> None:
        self._file, self._spare, self._fresh = file, b"", fresh
        self._decoder = fresh()

    def read(self, size: int, /) -> bytes:
        """The next unpacked bytes, at most ``size``; none at the end."""
        while True:
            if self._decoder.eof and not self._next_stream():
                return b""
            packed = (self._spare or self._file.read(_BLOCK)) if self._decoder.needs_input else b""
            self._spare = b""
            if not packed and self._decoder.needs_input:
                raise EOFError("the stream is cut")
            if out := self._decoder.decompress(packed, size):
                return out

    def _next_stream(self) -> bool:
        """Whether another stream follows; zero bytes between streams are padding."""
        rest = self._decoder.unused_data.lstrip(b"\0") or self._file.read(_BLOCK).lstrip(b"\0")
        self._spare, self._decoder = rest, self._fresh()
        return bool(rest)


class _Gzip:
    """GZIP read a stream at a time: what was unpacked before an error is handed out before the error is raised."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = gzip.GzipFile(fileobj=file, mode="rb")

    def read(self, size: int, /) -> bytes:
        """The next unpacked bytes, at most ``size``; none at the end."""
        return self._file.read1(size)


def _xz_decoder() -> lzma.LZMADecompressor:
    """With a ceiling on the memory of the decoder, which the file itself asks for."""
    return lzma.LZMADecompressor(memlimit=256 * MIB)


def _gzip(source: Source) -> Finding:
    return _read(source, _Gzip)


def _bzip2(source: Source) -> Finding:
    return _read(source, lambda file: _Streams(file, bz2.BZ2Decompressor))


def _xz(source: Source) -> Finding:
    return _read(source, lambda file: _Streams(file, _xz_decoder))


GZIP = Reader("gzip", package_version(3), ("gzip",), _gzip)
BZIP2 = Reader("bzip2", package_version(3), ("bzip2",), _bzip2)
XZ = Reader("xz", package_version(2), ("xz",), _xz)
