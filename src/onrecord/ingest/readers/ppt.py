"""PowerPoint 97 to 2003: the text records of the presentation's stream ([MS-PPT] 2.9)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from onrecord.ingest.embedded import Named, in_container, keep_objects
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.officeart import pictures
from onrecord.ingest.ole import claims_of, opened, stream
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Finding, Mark, Piece, in_part
from onrecord.ingest.source import Source
from onrecord.model.citation import FragmentSelector

_SLIDE, _NOTES, _COMMENT = 0x03EE, 0x03F0, 0x2EE0
_WIDE_TEXT, _NARROW_TEXT, _STRING, _CRYPT, _OBJECT = 0x0FA0, 0x0FA8, 0x0FBA, 0x2F14, 0x1011
_MARKS: dict[int, Mark] = {_NOTES: "note", _COMMENT: "comment"}


def read(source: Source) -> Finding:
    """Pieces by text record; the place is the record's byte offset in the stream. Objects and pictures are members."""
    with opened(source.whole()) as ole:
        data = stream(ole, "PowerPoint Document")
        pieces = tuple(_pieces(data))
        drawn = stream(ole, "Pictures") if ole.exists("Pictures") else b""
        missing: list[str] = []
        children = keep_objects(chain(_objects(data, source), pictures(drawn)), source, missing)
        outcome, reason = in_part(missing)
        return Finding(
            outcome=outcome, reason=reason, pieces=pieces, children=children, claims=claims_of(ole)
        )


class _Record(NamedTuple):
    instance: int
    kind: int
    start: int  # of its body
    body: bytes
    inside: tuple[int, ...]  # the kinds of the containers around it


def _records(data: bytes) -> Iterator[_Record]:
    at, around = 0, [(len(data), 0)]
    while at + 8 <= len(data):
        while len(around) > 1 and at >= around[-1][0]:
            around.pop()
        flags, kind, length = struct.unpack_from("<HHI", data, at)
        if kind == _CRYPT:
            raise Encrypted("the presentation opens only with a password")
        at += 8
        if flags & 0xF == 0xF:
            around = [*around[-64:], (at + length, kind)]
            continue
        yield _Record(flags >> 4, kind, at, data[at : at + length], tuple(k for _, k in around))
        at += length


def _pieces(data: bytes) -> Iterator[Piece]:
    for record in _records(data):
        if text := _text(record.kind, record.body):
            mark: Mark = next((_MARKS[k] for k in reversed(record.inside) if k in _MARKS), "")
            place = FragmentSelector(value=f"part=PowerPoint%20Document&offset={record.start - 8}")
            yield Piece(text, (place,), mark)


def _objects(data: bytes, source: Source) -> Iterator[Named]:
    """The objects in the presentation ([MS-PPT] 2.10.34), most of them compressed."""
    found = (record for record in _records(data) if record.kind == _OBJECT)
    for number, record in enumerate(found, start=1):
        raw = _inflated(record.body[4:], source) if record.instance == 1 else record.body
        yield from in_container(raw, f"object {number}")


def _inflated(packed: bytes, source: Source) -> bytes:
    """What a zlib stream holds.

    Raises:
        Damaged: it is no such stream.
        LimitReached: it grows beyond what a part may have.
    """
    decoder = zlib.decompressobj()
    try:
        data = decoder.decompress(packed, source.options.part_bytes)
    except zlib.error as error:
        raise Damaged(f"an object cannot be unpacked: {error}") from error
    if decoder.unconsumed_tail:
        raise LimitReached("part bytes", source.options.part_bytes)
    return data


def _text(kind: int, raw: bytes) -> str:
    if kind in {_WIDE_TEXT, _STRING}:
        text = raw.decode("utf-16-le", errors="replace")
    elif kind == _NARROW_TEXT:
        text = raw.decode("latin-1")
    else:
        return ""
    return text.replace("\r", "\n").replace("\x0b", "\n").strip("\0 \n")


READER = Reader("PPT", package_version(2, "olefile"), ("ppt",), read)
