"""Pictures in the drawing records of old office files ([MS-ODRAW] 2.2.23), as they were put in.

JPEG, PNG and TIFF lie there as they are, drawings (EMF, WMF, PICT) mostly packed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from onrecord.ingest.limits import MIB, Damaged

_STORED = {0xF01D: "jpeg", 0xF02A: "jpeg", 0xF01E: "png", 0xF029: "tiff"}
_DRAWN = {0xF01A: "emf", 0xF01B: "wmf", 0xF01C: "pict"}
_TWO_DIGESTS = {0x46B, 0x6E3, 0x6E1, 0x6E5, 0x3D5, 0x217, 0x543}
_DRAWING_HEAD, _PACKED = 34, 0
_LARGEST = 128 * MIB
_PICT_HEAD = bytes(512)  # what every PICT file begins with, and none in a document does
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
        elif kind in _DRAWN and at + length <= len(data):
            count += 1
            head = 32 if flags >> 4 in _TWO_DIGESTS else 16
            yield f"picture {count}.{_DRAWN[kind]}", _drawing(data[at + head : at + length], kind)
        at += length


def _drawing(data: bytes, kind: int) -> bytes:
    """A drawing behind its head (2.2.31), unpacked.

    Raises:
        Damaged: it does not unpack, or to more than 128 MiB.
    """
    body = data[_DRAWING_HEAD:]
    if len(data) > 32 and data[32] == _PACKED:
        packer = zlib.decompressobj()
        try:
            body = packer.decompress(body, _LARGEST)
        except zlib.error as error:
            raise Damaged(f"a drawing cannot be unpacked: {error}") from error
        if packer.unconsumed_tail:
            raise Damaged(f"a drawing unpacks to more than {_LARGEST} bytes")
    return _PICT_HEAD + body if _DRAWN[kind] == "pict" else body
