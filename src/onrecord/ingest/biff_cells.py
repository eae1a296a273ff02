"""The cells of an XLS workbook by an own pass over its records: for what the library does not know or cannot open.

It is slower, and takes no more room than the cells that have a value. BIFF5 and BIFF8 as [MS-XLS] 2.4 has them, BIFF2 to
BIFF4 as the OpenOffice.org project wrote them down (D. Rentz, Microsoft Excel File Format, 2008). A record that is cut
or lies is left out.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from onrecord.ingest.biff import Record, records, sheet_name
from onrecord.ingest.serial_dates import DATE_FORMATS, EPOCH_1900, EPOCH_1904, is_date, moment

_BIFF5, _BIFF8 = 0x0500, 0x0600
_OLD_BEGINNINGS = {0x0009: 0x0200, 0x0209: 0x0300, 0x0409: 0x0400}
_CODE_PAGE, _DATE_MODE, _FORMAT, _STYLE, _SHEET = 0x0042, 0x0022, 0x041E, 0x00E0, 0x0085
_STRINGS, _CONTINUE = 0x00FC, 0x003C
_NUMBER, _LABEL, _BOOLEAN, _RK, _MULTIPLE, _STRING_NUMBER, _RICH = (
    0x203,
    0x204,
    0x205,
    0x27E,
    0xBD,
    0xFD,
    0xD6,
)
_OLD_INTEGER, _OLD_NUMBER, _OLD_LABEL, _OLD_BOOLEAN = 0x02, 0x03, 0x04, 0x05
_FORMULAS, _RESULTS = {0x0006, 0x0206, 0x0406}, {0x0007, 0x0207}
_PAGES = {367: "ascii", 1200: "utf-16-le", 10000: "mac-roman", 32768: "mac-roman", 32769: "cp1252"}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_LAST_COLUMN = 255

Value = str | float | bool
Cell = tuple[int, int, Value]
"""Row and column, counted from 0, and the value: dates as text, in ISO 8601."""


@dataclass(slots=True)
class Cells:
    """One sheet's name, whether it is hidden, and its values by row (from 1) and column (from 0)."""

    name: str
    hidden: bool = False
    values: dict[int, dict[int, Value]] = field(default_factory=dict)


@dataclass(slots=True)
class _Book:
    """What the sheets of a workbook share."""

    version: int
    page: str = "cp1252"
    epoch: datetime = EPOCH_1900
    formats: dict[int, bool] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    sheets: list[tuple[int, Cells]] = field(default_factory=list)


def sheets(stream: bytes) -> list[Cells]:
    """The sheets of a workbook's stream in their order; of one before BIFF5, which has a single sheet, that."""
    book = _globals(stream)
    for start, cells in book.sheets or [(0, Cells("Sheet1"))]:
        for row, column, value in _cells(stream, start, book):
            if column <= _LAST_COLUMN and value != "":
                cells.values.setdefault(row + 1, {})[column] = value
        if not book.sheets:
            return [cells]
    return [cells for _, cells in book.sheets]


def _globals(stream: bytes) -> _Book:
    kind, _, said = struct.unpack_from("<HHH", stream.ljust(6, b"\0"))
    book = _Book(_OLD_BEGINNINGS.get(kind, said))
    segments: list[bytes] = []
    before = 0
    for kind, at, length in records(stream, 0):
        body = stream[at : at + length]
        if kind == _STRINGS or (kind == _CONTINUE and before == _STRINGS):
            segments.append(body)
        elif kind == _CODE_PAGE and length >= 2:
            book.page = _page(struct.unpack_from("<H", body)[0])
        elif kind == _DATE_MODE and length >= 2:
            book.epoch = EPOCH_1904 if body[0] else EPOCH_1900
        elif kind == _FORMAT and length >= 4 and book.version >= _BIFF5:
            book.formats[struct.unpack_from("<H", body)[0]] = is_date(_text(body, 2, book))
        elif kind == _STYLE and length >= 4:
            book.styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _SHEET and length >= 7:
            name = sheet_name(body, wide=book.version >= _BIFF8, page=book.page)
            book.sheets.append((struct.unpack_from("<I", body)[0], Cells(name, hidden=bool(body[4] & 3))))
        before = _STRINGS if kind == _CONTINUE and before == _STRINGS else kind
    book.strings = list(_shared(segments))
    return book


def _page(number: int) -> str:
    name = _PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def _cells(stream: bytes, start: int, book: _Book) -> Iterator[Cell]:
    waiting: tuple[int, int] | None = None  # the cell of a formula whose words stand in the record after it
    for kind, at, length in records(stream, start):
        body = stream[at : at + length]
        try:
            if kind in _FORMULAS:
                row, column, result = _formula(body, book)
                waiting = (row, column) if result is None else None
                if result is not None:
                    yield row, column, result
            elif kind in _RESULTS and waiting:
                yield *waiting, _text(body, 0, book)
                waiting = None
            else:
                yield from _plain((kind, at, length), body, book)
        except struct.error:
            continue  # too short for what it says it is


def _plain(record: Record, body: bytes, book: _Book) -> Iterator[Cell]:
    """The cells of a record that holds their values itself."""
    kind = record[0]
    if kind == _STRING_NUMBER:
        row, column, _, index = struct.unpack_from("<HHHI", body)
        if index < len(book.strings):
            yield row, column, book.strings[index]
    elif kind == _NUMBER:
        row, column, style, value = struct.unpack_from("<HHHd", body)
        yield row, column, _shown(value, style, book)
    elif kind == _RK:
        row, column, style, packed = struct.unpack_from("<HHHI", body)
        yield row, column, _shown(_rk(packed), style, book)
    elif kind == _MULTIPLE:
        row, first = struct.unpack_from("<HH", body)
        for index, at in enumerate(range(4, len(body) - 7, 6)):
            style, packed = struct.unpack_from("<HI", body, at)
            yield row, first + index, _shown(_rk(packed), style, book)
    elif kind in {_LABEL, _RICH}:
        row, column = struct.unpack_from("<HH", body)
        yield row, column, _text(body, 6, book)
    elif kind in {_BOOLEAN, _OLD_BOOLEAN}:
        row, column = struct.unpack_from("<HH", body)
        value, is_error = struct.unpack_from("<BB", body, 6 + (kind == _OLD_BOOLEAN))
        yield row, column, _ERRORS.get(value, f"error {value}") if is_error else bool(value)
    elif kind == _OLD_INTEGER:
        row, column, whole = struct.unpack_from("<HH3xH", body)
        yield row, column, float(whole)
    elif kind == _OLD_NUMBER:
        yield struct.unpack_from("<HH3xd", body)
    elif kind == _OLD_LABEL:
        row, column, count = struct.unpack_from("<HH3xB", body)
        yield row, column, body[8 : 8 + count].decode(book.page, "replace")


def _formula(body: bytes, book: _Book) -> tuple[int, int, Value | None]:
    """Row, column and the value that was last counted; None where words follow."""
    old = book.version < 0x0300
    row, column, style = struct.unpack_from("<HHH", body)
    raw = struct.unpack_from("<8s", body, 7 if old else 6)[0]
    if raw[6:] != b"\xff\xff":
        value = struct.unpack("<d", raw)[0]
        return row, column, value if old else _shown(value, style, book)
    if raw[0] == 0:
        return row, column, None
    if raw[0] == 1:
        return row, column, bool(raw[2])
    return row, column, _ERRORS.get(raw[2], "") if raw[0] == 2 else ""


def _shown(value: float, style: int, book: _Book) -> Value:
    number = book.styles[style] if style < len(book.styles) else 0
    if book.formats.get(number, number in DATE_FORMATS):
        return moment(value, book.epoch) or value
    return value


def _rk(packed: int) -> float:
    """A number in 30 bits ([MS-XLS] 2.5.217): a whole one or the upper half of a float, perhaps a hundred times too large."""
    if packed & 2:
        value = float((packed >> 2) - (0x40000000 if packed & 0x80000000 else 0))
    else:
        value = float(struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    return value / 100 if packed & 1 else value


def _text(body: bytes, at: int, book: _Book) -> str:
    """The words of one record: in BIFF2 behind a length of one byte, in BIFF8 with their width told."""
    if book.version < 0x0300:
        return body[at + 1 : at + 1 + body[at]].decode(book.page, "replace") if at < len(body) else ""
    if book.version < _BIFF8 and at == 2:  # a format's code
        return body[3 : 3 + body[2]].decode(book.page, "replace")
    count = struct.unpack_from("<H", body, at)[0]
    if book.version < _BIFF8:
        return body[at + 2 : at + 2 + count].decode(book.page, "replace")
    wide = body[at + 2 : at + 3] == b"\1"
    raw = body[at + 3 : at + 3 + count * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")


def _shared(segments: list[bytes]) -> Iterator[str]:
    """The shared strings (2.5.293). One may go on in the next record, whose first byte tells the width there anew."""
    number, at = 0, 8
    while number < len(segments):
        segment = segments[number]
        if at + 3 > len(segment):
            number, at = number + 1, max(at - len(segment), 0) if at > len(segment) else 0
            continue
        left, flags = struct.unpack_from("<HB", segment, at)
        runs, more = bool(flags & 8), bool(flags & 4)
        behind = (4 * _unsigned(segment, at + 3, 2) if runs else 0) + (
            _unsigned(segment, at + 3 + 2 * runs, 4) if more else 0
        )
        at += 3 + 2 * runs + 4 * more
        wide, parts = bool(flags & 1), []
        while left and number < len(segments):
            width = 2 if wide else 1
            raw = segments[number][at : at + left * width]
            parts.append(raw.decode("utf-16-le" if wide else "latin-1", "replace"))
            left, at = left - len(raw) // width, at + len(raw)
            if left and (number := number + 1) < len(segments):
                wide, at = segments[number][:1] == b"\1", 1
        yield "".join(parts)
        at += behind


def _unsigned(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")
