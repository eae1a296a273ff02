"""Pictures in the drawing records of old office files ([MS-ODRAW] 2.2.23): JPEG, PNG and TIFF, as they were put in."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_STORED = {0xF01D: "jpeg", 0xF02A: "jpeg", 0xF01E: "png", 0xF029: "tiff"}
_TWO_DIGESTS = {0x46B, 0x6E3, 0x6E1, 0x6E5}
_ENTRY, _ENTRY_HEAD = 0xF007, 36


def pictures(data: bytes) -> Iterator[tuple[str, bytes]]:
    """A name and the bytes of every picture, in the order of the records; records that lie about their length end it."""
    at, count = 0, 0
    while at + 8 <= len(data):
        flags, kind, length = struct.unpack_from("<HHI", data, at)
        at += 8
        if flags & 0xF == 0xF:
            continue
        if kind == _ENTRY:
            at += _ENTRY_HEAD + (data[at + 33] if at + 33 < len(data) else 0)
            continue
        if kind in _STORED and at + length <= len(data):
            count += 1
            head = 33 if flags >> 4 in _TWO_DIGESTS else 17
            yield f"picture {count}.{_STORED[kind]}", data[at + head : at + length]
        at += length
