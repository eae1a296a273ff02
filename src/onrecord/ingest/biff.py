"""What an XLS workbook says beside its values: what it hides, what people remarked, what pictures it holds.

The records of BIFF8 and BIFF5 ([MS-XLS] 2.4), read in their order. Values are left to calamine.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from onrecord.ingest.cells import letters
from onrecord.ingest.reading import CellNote

_EOF, _SHEET, _PASSWORD, _CONTINUE = 0x000A, 0x0085, 0x002F, 0x003C
_BEGINNINGS = {0x0009, 0x0209, 0x0409, 0x0809}  # of BIFF2, 3, 4, and of all later ones
_ROW, _COLUMNS, _NOTE, _OBJECT, _TEXT, _DRAWINGS = 0x0208, 0x007D, 0x001C, 0x005D, 0x01B6, 0x00EB
_BIFF8 = 0x0600
_ROW_HIDDEN, _COLUMNS_HIDDEN = 0x20, 0x01
_CELLS = {0x0006, 0x00BD, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E}
_CHART_TEXT = 0x100D
_LARGE, _SPARSE = 1 << 20, 16
_HEAD = struct.Struct("<HH")

Record = tuple[int, int, int]
"""Kind, place and length of a record's body."""


@dataclass(slots=True)
class Sheet:
    """What one sheet says: notes on hidden rows and columns; remarks as address and text; texts in boxes and charts; how far its cells go."""

    notes: list[CellNote] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    cells: int = 0
    last_row: int = 0
    last_column: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """Sheets by name, and the drawing records of the whole workbook."""

    sheets: dict[str, Sheet]
    drawings: bytes

    @property
    def is_sparse(self) -> bool:
        """Whether the sheets, with all empty cells up to the last ones, are large beyond proportion."""
        sheets = self.sheets.values()
        area = sum((sheet.last_row + 1) * (sheet.last_column + 1) for sheet in sheets)
        return area > max(_LARGE, _SPARSE * sum(sheet.cells for sheet in sheets))


def is_locked(book: bytes) -> bool:
    """Whether a FILEPASS record (2.4.117) stands among the first."""
    return any(kind == _PASSWORD for kind, _, _ in _first(book, 20))


def parsed(book: bytes) -> Book:
    """What the Workbook stream says; what is cut or lies about its length ends the sheet it is in."""
    wide = len(book) >= 6 and struct.unpack_from("<H", book, 4)[0] >= _BIFF8
    starts: dict[str, int] = {}
    drawings = bytearray()
    before = 0
    for kind, at, length in records(book, 0):
        if kind == _SHEET and length >= 7:
            name = sheet_name(book[at : at + length], wide=wide)
            starts.setdefault(name, struct.unpack_from("<I", book, at)[0])
        elif kind == _DRAWINGS or (kind == _CONTINUE and before == _DRAWINGS):
            drawings += book[at : at + length]
        before = _DRAWINGS if kind == _CONTINUE and before == _DRAWINGS else kind
    sheets = {name: _sheet(book, start, wide=wide) for name, start in starts.items()}
    return Book(sheets, bytes(drawings))


def _first(book: bytes, count: int) -> Iterator[Record]:
    for _, record in zip(range(count), records(book, 0), strict=False):
        yield record


def records(book: bytes, at: int) -> Iterator[Record]:
    """Each record that begins at this place or behind it, up to the end of this substream; of those inside it only the texts of charts."""
    depth, end = 0, len(book) - 4
    while at <= end:
        kind, length = _HEAD.unpack_from(book, at)
        at += 4
        if kind in _BEGINNINGS:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif (depth == 1 or kind == _CHART_TEXT) and at + length <= len(book):
            yield kind, at, length
        at += length


def sheet_name(record: bytes, *, wide: bool, page: str = "cp1252") -> str:
    """The name in a BOUNDSHEET record (2.4.28); before BIFF8 in the workbook's code page."""
    count, body = record[6], record[7:]
    if not wide:
        return body[:count].decode(page, "replace")
    if body[:1] == b"\1":
        return body[1 : 1 + 2 * count].decode("utf-16-le", "replace")
    return body[1 : 1 + count].decode("latin-1")


def _sheet(book: bytes, start: int, *, wide: bool) -> Sheet:
    sheet, texts, owner = Sheet(), {}, 0
    waiting: list[tuple[str, int]] = []
    following = records(book, start)
    for kind, at, length in following:
        if kind in _CELLS and length >= 6:
            row, column = _HEAD.unpack_from(book, at)
            sheet.cells += 1
            sheet.last_row, sheet.last_column = max(sheet.last_row, row), max(sheet.last_column, column)
        elif kind == _ROW and length >= 14:
            row, flags = struct.unpack_from("<H10xH", book, at)
            if flags & _ROW_HIDDEN:
                sheet.notes.append(CellNote(str(row + 1), "hidden row"))
        elif kind == _COLUMNS and length >= 10:
            first, last, flags = struct.unpack_from("<HH4xH", book, at)
            if flags & _COLUMNS_HIDDEN and first < 256:
                sheet.notes.append(CellNote(f"{letters(first)}:{letters(min(last, 255))}", "hidden columns"))
        elif kind == _OBJECT and length >= 8 and wide:
            owner = struct.unpack_from("<H", book, at + 6)[0]
        elif kind == _TEXT and length >= 12:
            texts[owner] = _following(book, following, struct.unpack_from("<H", book, at + 10)[0])
        elif kind == _CHART_TEXT and length > 4 and wide:
            text = book[at + 4 : at + length].decode(
                "utf-16-le" if book[at + 3] & 1 else "latin-1", "replace"
            )
            sheet.boxes.append(text)
        elif kind == _NOTE and length >= 8:
            row, column, _, number = struct.unpack_from("<HHHH", book, at)
            address = f"{letters(column)}{row + 1}"
            if wide:
                waiting.append((address, number))
            else:
                sheet.remarks.append((address, book[at + 6 : at + length].decode("cp1252", "replace")))
    sheet.remarks += [(address, texts[number]) for address, number in waiting if texts.get(number)]
    noted = {number for _, number in waiting}
    sheet.boxes += [text for number, text in texts.items() if text.strip() and number not in noted]
    return sheet


def _following(book: bytes, records: Iterator[Record], count: int) -> str:
    """A text object's characters: they stand in the record after it, each part with its own width."""
    for kind, at, length in records:
        if kind != _CONTINUE or not length or not count:
            break
        raw = book[at + 1 : at + length]
        text = raw.decode("utf-16-le", "replace") if book[at] & 1 else raw.decode("latin-1")
        return text[:count].replace("\r\n", "\n").replace("\r", "\n")
    return ""
