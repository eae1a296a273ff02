"""Members of a ZIP whose directory is cut off or damaged, by the head that each has of its own (APPNOTE 4.3.7).

So is what is left of a document or an archive of which a download, a disk or a carving tool kept only the beginning.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

_MARK, _SUMS_BEHIND = b"PK\3\4", b"PK\7\x08"
_HEAD = struct.Struct("<4sHHHHHIIIHH")
_STORED, _DEFLATED = 0, 8
_LOCKED, _SIZES_BEHIND = 1, 8
_CHUNK = 1 << 16


class Head(NamedTuple):
    """A member's own head: its name, how it is packed, and where its bytes lie."""

    name: bytes
    flags: int
    method: int
    start: int
    size: int  # of the packed bytes; 0 where it is told behind them

    @property
    def is_locked(self) -> bool:
        """Whether a password is needed."""
        return bool(self.flags & _LOCKED)


class Torn:
    """One member: the parts it unpacks to, and after the last of them whether it is whole and where it ends."""

    def __init__(self, data: bytes, head: Head) -> None:
        self.head, self.whole, self.end = head, False, head.start
        self._data = data

    def chunks(self) -> Iterator[bytes]:
        """The bytes as far as they are there."""
        if self.head.method == _DEFLATED and not self.head.is_locked:
            yield from self._inflated()
        elif self.head.method == _STORED:
            yield self._stored()
        elif self.head.start + self.head.size <= len(self._data):
            self.end = self.head.start + self.head.size

    def _stored(self) -> bytes:
        start, size = self.head.start, self.head.size
        if self.head.flags & _SIZES_BEHIND:
            behind = self._data.find(_SUMS_BEHIND, start)
            size = behind - start if behind >= 0 else len(self._data) - start
        self.end = start + size
        self.whole = self.end <= len(self._data)
        return self._data[start : self.end]

    def _inflated(self) -> Iterator[bytes]:
        decoder = zlib.decompressobj(-15)
        while self.end < len(self._data) and not decoder.eof:
            waiting = self._data[self.end : self.end + _CHUNK]
            read = len(waiting)
            while waiting and not decoder.eof:
                try:
                    yield decoder.decompress(waiting, _CHUNK)
                except zlib.error:
                    return
                waiting = decoder.unconsumed_tail
            self.end += read - len(decoder.unused_data)
        self.whole = decoder.eof


def inflated(packed: bytes) -> Iterator[bytes]:
    """What a deflate stream holds, a bounded part at a time, up to where it is damaged."""
    return Torn(packed, Head(b"", 0, _DEFLATED, 0, len(packed))).chunks()


def members(data: bytes) -> Iterator[Torn]:
    """The members in the order of their bytes. Each is to be unpacked before the next is asked for."""
    at = data.find(_MARK)
    while 0 <= at <= len(data) - _HEAD.size:
        _, _, flags, method, _, _, _, size, _, name, extra = _HEAD.unpack_from(data, at)
        start = at + _HEAD.size + name + extra
        end = at + len(_MARK)
        if start <= len(data):  # else the mark stands there by chance
            torn = Torn(
                data, Head(data[at + _HEAD.size : at + _HEAD.size + name], flags, method, start, size)
            )
            yield torn
            end = max(torn.end, end)
        at = data.find(_MARK, end)
