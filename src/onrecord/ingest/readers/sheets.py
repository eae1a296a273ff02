"""XLS, XLSB and ODS through calamine. Dimensions are asked first, so that a far cell does not fill memory."""

from __future__ import annotations

import io
import struct
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

from onrecord.ingest.cells import letters, row_pieces, sparse_table
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.ole import opened, stream
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.xlsx import rounded
from onrecord.ingest.reading import CellNote, Finding, Table, in_part
from onrecord.ingest.source import Source

_AREA = 1 << 24  # a whole XLS sheet of 65,536 by 256 cells; calamine holds them all, empty or not


def read(source: Source) -> Finding:
    """A table a sheet and a piece a row. Hidden sheets are marked; hidden rows cannot be seen in these kinds."""
    book = _opened(source.whole())
    states = {sheet.name: sheet.visible for sheet in book.sheets_metadata}
    tables, missing, budget = [], [], source.options.cells
    for name in book.sheet_names:
        hidden = states.get(name) != calamine.SheetVisibleEnum.Visible
        try:
            table = _table(book, name, budget, hidden=hidden)
        except calamine.CalamineError as error:
            missing.append(f"sheet {name}: {error}")
            continue
        budget -= len(table.rows) * len(table.columns)
        tables.append(table)
    if missing and not tables:
        raise Damaged("; ".join(missing))
    outcome, reason = in_part(missing)
    pieces = tuple(piece for table in tables for piece in row_pieces(table, sheet=table.name))
    return Finding(outcome=outcome, reason=reason, pieces=pieces, tables=tuple(tables))


def _opened(data: bytes) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise Encrypted("the workbook opens only with a password") from error
    except (calamine.CalamineError, OSError) as error:
        if _locked(data):
            raise Encrypted("the workbook opens only with a password") from error
        raise Damaged(f"calamine cannot open it: {error}") from error


def _locked(data: bytes) -> bool:
    """Whether an XLS begins with a FILEPASS record ([MS-XLS] 2.4.117), which calamine does not name."""
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return False
    with opened(data) as ole:
        if not ole.exists("Workbook"):
            return False
        book = stream(ole, "Workbook")
    at = 0
    for _ in range(20):
        if at + 4 > len(book):
            return False
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == 0x2F:
            return True
        at += 4 + length
    return False


def _table(book: calamine.CalamineWorkbook, name: str, budget: int, *, hidden: bool) -> Table:
    sheet = book.get_sheet_by_name(name)
    if sheet.height * sheet.width > _AREA:
        raise LimitReached("cells from the first to the last", _AREA)
    first_row, first_column = sheet.start or (0, 0)
    cells: dict[int, dict[int, str]] = {}
    notes = []
    for row, values in enumerate(sheet.iter_rows(), start=first_row + 1):
        if values.count("") == len(values):
            continue
        for column, value in enumerate(values, start=first_column):
            if (text := as_text(value)) is not None:
                cells.setdefault(row, {})[column] = text
                if isinstance(value, float) and rounded(repr(value)):
                    notes.append(CellNote(f"{letters(column)}{row}", "rounded"))
    return sparse_table(name, "hidden" if hidden else "", cells, tuple(notes), budget)


def as_text(value: Any) -> str | None:
    """A cell's value as text: whole numbers without a point, dates as ISO 8601."""
    match value:
        case "" | None:
            return None
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e21:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value)


READER = Reader("calamine", package_version(1, "python-calamine"), ("xls", "xlsb", "ods"), read)
