"""Streams of a PDF that unpack to more than memory holds, found before PDFium takes them whole."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

from onrecord.ingest.limits import MIB

_STREAM = re.compile(rb"stream\r?\n")
_HEAD = 600  # bytes before a stream in which its dictionary says how it is packed


def bursts(data: bytes, allowed: int) -> bool:
    """Whether a stream that is packed with deflate, once or several times, unpacks to more than ``allowed`` bytes."""
    for found in _STREAM.finditer(data):
        head = data[max(found.start() - _HEAD, 0) : found.start()]
        times = head[head.rfind(b" obj") + 1 :].count(b"/FlateDecode")
        if times and _length(data, found.end(), times, allowed) > allowed:
            return True
    return False


def _length(data: bytes, start: int, times: int, allowed: int) -> int:
    """How many bytes come out, or a number above ``allowed`` as soon as that is reached."""
    chunks: Iterable[bytes] = (data[at : at + MIB] for at in range(start, len(data), MIB))
    for _ in range(min(times, 8)):
        chunks = _inflated(chunks)
    length = 0
    try:
        for chunk in chunks:
            length += len(chunk)
            if length > allowed:
                return length
    except zlib.error:
        pass  # what is broken, or locked, ends here for PDFium too
    return length


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.decompressobj()
    for chunk in chunks:
        rest = chunk
        while rest and not packer.eof:
            yield packer.decompress(rest, MIB)
            rest = packer.unconsumed_tail
        if packer.eof:
            return
