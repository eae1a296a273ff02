"""XLS, XLSB and ODS through calamine. Dimensions are asked first, so that a far cell does not fill memory."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

from onrecord.ingest.cells import letters, row_pieces, table_of
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.xlsx import rounded
from onrecord.ingest.reading import CellNote, Finding, Table, in_part
from onrecord.ingest.source import Source


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
        if "password" in str(error).lower():
            raise Encrypted("the workbook opens only with a password") from error
        raise Damaged(f"calamine cannot open it: {error}") from error


def _table(book: calamine.CalamineWorkbook, name: str, budget: int, *, hidden: bool) -> Table:
    sheet = book.get_sheet_by_name(name)
    if sheet.height * sheet.width > budget:
        raise LimitReached("cells", budget)
    first_row, first_column = sheet.start or (0, 0)
    rows, notes = [], []
    for index, values in enumerate(sheet.to_python(skip_empty_area=True)):
        rows.append([as_text(value) for value in values])
        for column, value in enumerate(values):
            if isinstance(value, int | float) and rounded(repr(value)):
                notes.append(CellNote(f"{letters(first_column + column)}{first_row + index + 1}", "rounded"))
    mark = "hidden" if hidden else ""
    return table_of(
        name, rows, first_row=first_row + 1, first_column=first_column, mark=mark, notes=tuple(notes)
    )


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
