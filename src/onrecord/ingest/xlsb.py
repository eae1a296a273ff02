"""What an XLSB workbook says beside its values: hidden rows and columns, and what people remarked.

The binary parts of the package ([MS-XLSB] 2.1.4), record by record in their order. Values are left to calamine.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from posixpath import basename, dirname, normpath

from onrecord.ingest.biff import Book, Sheet
from onrecord.ingest.cells import letters
from onrecord.ingest.limits import Damaged
from onrecord.ingest.package import Package
from onrecord.ingest.reading import CellNote

_ROW, _COLUMNS, _SHEET, _REMARK, _REMARK_TEXT = 0, 60, 156, 635, 637
_ROW_HIDDEN, _COLUMNS_HIDDEN = 0x10, 0x01
_BOOK = "xl/workbook.bin"
_LAST_COLUMN = 16_383

Record = tuple[int, bytes]


def parsed(package: Package) -> Book:
    """The sheets by name; a part that is cut or lies about a length ends where it does.

    Raises:
        Damaged: the workbook's own part cannot be unpacked.
        LimitReached: a part is too large.
    """
    targets = _targets(package, _BOOK)
    sheets = {}
    for kind, body in _records(package.part(_BOOK)):
        if kind == _SHEET and len(body) >= 12:
            relation, at = _text(body, 8)
            name, _ = _text(body, at)
            sheets[name] = _sheet(package, targets.get(relation, ""))
    return Book(sheets, b"")


def _sheet(package: Package, part: str) -> Sheet:
    sheet = Sheet()
    if package.named(part) is None:
        return sheet
    for kind, body in _records(package.part(part)):
        if kind == _ROW and len(body) >= 12 and body[11] & _ROW_HIDDEN:
            sheet.notes.append(CellNote(str(_number(body, 0) + 1), "hidden row"))
        elif kind == _COLUMNS and len(body) >= 17 and body[16] & _COLUMNS_HIDDEN:
            first, last = (min(_number(body, at), _LAST_COLUMN) for at in (0, 4))
            sheet.notes.append(CellNote(f"{letters(first)}:{letters(last)}", "hidden columns"))
    for target in _targets(package, part).values():
        if basename(target).startswith("comments") and package.named(target):
            sheet.remarks += _remarks(package.part(target))
    return sheet


def _remarks(data: bytes) -> Iterator[tuple[str, str]]:
    address = ""
    for kind, body in _records(data):
        if kind == _REMARK and len(body) >= 20:
            address = f"{letters(min(_number(body, 12), _LAST_COLUMN))}{_number(body, 4) + 1}"
        elif kind == _REMARK_TEXT and address:
            yield address, _text(body, 1)[0].replace("\r\n", "\n").replace("\r", "\n")


def _records(data: bytes) -> Iterator[Record]:
    """Kind and body of each record; kind and length are written in seven bits a byte."""
    at = 0
    while at < len(data):
        kind, at = _varied(data, at, 2)
        length, at = _varied(data, at, 4)
        yield kind, data[at : at + length]
        at += length


def _varied(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of at most so many bytes, the lowest seven bits first, and where it ends."""
    value = 0
    for index, byte in enumerate(data[at : at + most]):
        value |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return value, at + index + 1
    return value, at + most


def _number(body: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", body, at)[0])


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A string of wide characters behind its length, and where it ends; a length of all ones means none."""
    if at + 4 > len(body):
        return "", len(body)
    count = _number(body, at)
    end = at + 4 + (0 if count == 0xFFFFFFFF else 2 * count)
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _targets(package: Package, part: str) -> dict[str, str]:
    """The parts a part names, by the name of the relation."""
    relations = f"{dirname(part)}/_rels/{basename(part)}.rels"
    if package.named(relations) is None:
        return {}
    try:
        root = package.xml(relations)
    except Damaged:
        return {}
    found = {each.get("Id", ""): each.get("Target", "") for each in root}
    return {name: _absolute(part, target) for name, target in found.items() if target}


def _absolute(part: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(f"{dirname(part)}/{target}")
