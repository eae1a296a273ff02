"""PowerPoint 97 to 2003: the text records of the presentation's stream ([MS-PPT] 2.9)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from onrecord.ingest.limits import Encrypted
from onrecord.ingest.ole import claims_of, opened, stream
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Finding, Mark, Piece
from onrecord.ingest.source import Source
from onrecord.model.citation import FragmentSelector

_SLIDE, _NOTES, _COMMENT = 0x03EE, 0x03F0, 0x2EE0
_WIDE_TEXT, _NARROW_TEXT, _STRING, _CRYPT = 0x0FA0, 0x0FA8, 0x0FBA, 0x2F14
_MARKS: dict[int, Mark] = {_NOTES: "note", _COMMENT: "comment"}


def read(source: Source) -> Finding:
    """Pieces by text record; the place is the record's byte offset in the stream."""
    with opened(source.whole()) as ole:
        data = stream(ole, "PowerPoint Document")
        return Finding(pieces=tuple(_pieces(data)), claims=claims_of(ole))


def _pieces(data: bytes) -> Iterator[Piece]:
    at, open_containers = 0, [(len(data), 0)]
    while at + 8 <= len(data):
        while len(open_containers) > 1 and at >= open_containers[-1][0]:
            open_containers.pop()
        flags, kind, length = struct.unpack_from("<HHI", data, at)
        if kind == _CRYPT:
            raise Encrypted("the presentation opens only with a password")
        if flags & 0xF == 0xF:
            open_containers = [*open_containers[-64:], (at + 8 + length, kind)]
            at += 8
            continue
        if text := _text(kind, data[at + 8 : at + 8 + length]):
            mark: Mark = next((_MARKS[k] for _, k in reversed(open_containers) if k in _MARKS), "")
            yield Piece(text, (FragmentSelector(value=f"part=PowerPoint%20Document&offset={at}"),), mark)
        at += 8 + length


def _text(kind: int, raw: bytes) -> str:
    if kind in {_WIDE_TEXT, _STRING}:
        text = raw.decode("utf-16-le", errors="replace")
    elif kind == _NARROW_TEXT:
        text = raw.decode("latin-1")
    else:
        return ""
    return text.replace("\r", "\n").replace("\x0b", "\n").strip("\0 \n")


READER = Reader("PPT", package_version(1, "olefile"), ("ppt",), read)
