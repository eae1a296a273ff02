"""Drawings of Windows, WMF ([MS-WMF]) and EMF ([MS-EMF], [MS-EMFPLUS]): the words they draw, the pictures they hold.

A drawing is a list of records. Those that draw text give a piece each, by number of the record; those that paint a
bitmap give it as a member. Lines and shapes are not looked at, and nothing is drawn.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from onrecord.ingest.charset import decode
from onrecord.ingest.limits import Damaged
from onrecord.ingest.readers.base import Reader
from onrecord.ingest.reading import Child, Finding, Outcome, Piece
from onrecord.ingest.source import Source
from onrecord.model.citation import FragmentSelector

_PLACEABLE = b"\xd7\xcd\xc6\x9a"
_TEXT_OUT, _EXT_TEXT_OUT, _FONT = 0x0521, 0x0A32, 0x02FB
_WMF_BITMAPS = {0x0F43: 22, 0x0B41: 20, 0x0940: 16}
"""Records that paint a bitmap, and where in them it starts."""
_CODE_PAGES = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 178: "cp1256", 204: "cp1251"}

_EMF_TEXTS = {83: "", 84: "utf-16-le"}
_EMF_BITMAPS = {80: 48, 81: 48, 76: 84, 77: 84}
"""Records that paint a bitmap, and where in them its place and length stand."""
_COMMENT, _PLUS_STRING = 70, 0x401C

Record = tuple[int, int, bytes]
"""Number from 1, kind, and the whole record."""


def read_wmf(source: Source) -> Finding:
    """Texts of a WMF, each in the code page of the font that was made last."""
    data = source.whole()
    encoding = ""
    texts: list[tuple[int, str]] = []
    bitmaps: list[bytes] = []
    for number, kind, record in _wmf_records(data):
        if kind == _FONT and len(record) > 19:
            encoding = _CODE_PAGES.get(record[19], "")
        elif kind in {_TEXT_OUT, _EXT_TEXT_OUT}:
            texts.append((number, decode(_wmf_text(kind, record), encoding).text))
        elif kind in _WMF_BITMAPS:
            bitmaps.append(record[_WMF_BITMAPS[kind] + 6 :])
    return _finding(source, texts, bitmaps)


def read_emf(source: Source) -> Finding:
    """Texts of an EMF, and of the EMF+ records in its comments."""
    data = source.whole()
    texts: list[tuple[int, str]] = []
    bitmaps: list[bytes] = []
    for number, kind, record in _emf_records(data):
        if kind in _EMF_TEXTS and len(record) >= 52:
            texts.append((number, _emf_text(record, _EMF_TEXTS[kind])))
        elif kind in _EMF_BITMAPS and len(record) >= _EMF_BITMAPS[kind] + 16:
            head, head_length, bits, length = struct.unpack_from("<IIII", record, _EMF_BITMAPS[kind])
            bitmaps.append(record[head : head + head_length] + record[bits : bits + length])
        elif kind == _COMMENT and record[12:16] == b"EMF+":
            texts += [(number, text) for text in _plus_texts(record[16:])]
    return _finding(source, texts, bitmaps)


def _finding(source: Source, texts: list[tuple[int, str]], bitmaps: list[bytes]) -> Finding:
    pieces = tuple(
        Piece(text, (FragmentSelector(value=f"record={number}"),))
        for number, found in texts
        if (text := found.replace("\0", "")).strip()
    )
    children = tuple(
        _bitmap(source, number, bitmap)
        for number, bitmap in enumerate((each for each in bitmaps if len(each) > 40), start=1)
    )
    if pieces or children:
        return Finding(pieces=pieces, children=children)
    return Finding(
        outcome=Outcome.UNSUPPORTED, reason="the drawing has no text, and lines are not drawn here"
    )


def _bitmap(source: Source, number: int, bitmap: bytes) -> Child:
    """A bitmap with the head that makes it a file (BITMAPFILEHEADER)."""
    size, _, _, _, depth, packing = struct.unpack_from("<IiiHHI", bitmap)
    used = struct.unpack_from("<I", bitmap, 32)[0]
    colours = min(used or (1 << depth if depth <= 8 else 0), 256)
    start = 14 + size + 4 * colours + (12 if packing == 3 and size == 40 else 0)
    head = struct.pack("<2sIHHI", b"BM", (14 + len(bitmap)) & 0xFFFFFFFF, 0, 0, start & 0xFFFFFFFF)
    name = f"bitmap {number}.bmp"
    return source.spool.keep(name, name.encode(), [head, bitmap])


def _wmf_records(data: bytes) -> Iterator[Record]:
    """Each record: its length in words, its kind, its parameters."""
    at, number = (22 if data.startswith(_PLACEABLE) else 0) + 18, 0
    if len(data) < at:
        raise Damaged("the drawing is cut in its head")
    while at + 6 <= len(data):
        words, kind = struct.unpack_from("<IH", data, at)
        if words < 3 or not kind:
            return
        number += 1
        yield number, kind, data[at : at + 2 * words]
        at += 2 * words


def _wmf_text(kind: int, record: bytes) -> bytes:
    if kind == _TEXT_OUT:
        return record[8 : 8 + int.from_bytes(record[6:8], "little")]
    start = 22 if int.from_bytes(record[12:14], "little") & 6 else 14
    return record[start : start + int.from_bytes(record[10:12], "little")]


def _emf_records(data: bytes) -> Iterator[Record]:
    at, number = 0, 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8:
            return
        number += 1
        yield number, kind, data[at : at + size]
        at += size


def _emf_text(record: bytes, encoding: str) -> str:
    count, start = struct.unpack_from("<II", record, 44)
    raw = record[start : start + (2 * count if encoding else count)]
    return raw.decode(encoding, "replace") if encoding else decode(raw).text


def _plus_texts(data: bytes) -> Iterator[str]:
    at = 0
    while at + 12 <= len(data):
        kind, _, size = struct.unpack_from("<HHI", data, at)
        if kind == _PLUS_STRING and at + 40 <= len(data):
            count = struct.unpack_from("<I", data, at + 20)[0]
            yield data[at + 40 : at + min(40 + 2 * count, size)].decode("utf-16-le", "replace")
        if size < 12:
            return
        at += size


WMF = Reader("WMF", "1", ("wmf",), read_wmf)
EMF = Reader("EMF", "1", ("emf",), read_emf)
