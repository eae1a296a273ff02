"""XLS and XLSB: values through calamine; what they hide, remark and hold inside by an own pass.

Dimensions are asked first, so that a far cell does not fill memory. An XLS that calamine does not know (before Excel 5),
cannot open, or could only hold with millions of empty cells, is read record by record.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, NamedTuple

import olefile
import python_calamine as calamine

from onrecord.ingest import biff, biff_cells, xlsb
from onrecord.ingest.cells import letters, row_pieces, row_selector, sparse_table
from onrecord.ingest.embedded import in_storages, keep_objects
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.officeart import pictures
from onrecord.ingest.ole import claims_of, opened, stream
from onrecord.ingest.package import Package, core_claims, kept
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.beside import embedded, place
from onrecord.ingest.readers.xlsx import rounded
from onrecord.ingest.reading import CellNote, Child, Finding, Piece, Table, in_part
from onrecord.ingest.source import Source

_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
_PANIC = "PanicException"  # how libraries in Rust end; they do not export its class
_AREA = 1 << 24  # a whole XLS sheet of 65,536 by 256 cells; calamine holds them all, empty or not


def read(source: Source) -> Finding:
    """A table a sheet, a piece a row, a piece a remark. What a sheet hides is marked; objects are members."""
    said = _said(source.whole(), source)
    missing = [*said.missing]
    tables = _tables(source, said, missing)
    pieces: list[Piece] = []
    for table in tables:
        pieces += row_pieces(table, source.options, sheet=table.name)
    for name, sheet in said.book.sheets.items():
        pieces += _remarks(name, sheet)
    if not tables:
        raise Damaged("; ".join(missing) or "the workbook names no sheet")
    outcome, reason = in_part(missing)
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=tuple(pieces),
        tables=tuple(tables),
        children=said.children,
        claims=said.claims,
    )


def _tables(source: Source, said: _Said, missing: list[str]) -> list[Table]:
    """The sheets, through calamine where that is wise and goes well; what is missing is put where it is told."""
    if said.stream and (said.book.is_sparse or not said.wrapped):
        return list(_by_record(said, source.options.cells))
    try:
        return list(_by_calamine(source, said, missing))
    except BaseException as error:  # how it ends on damaged records, too, is no Exception
        if not said.stream or not (isinstance(error, Damaged) or type(error).__name__ == _PANIC):
            raise
    tables = [table for table in _by_record(said, source.options.cells) if table.rows]
    if not tables:
        raise Damaged("the workbook's records are damaged, and no cell can be read")
    missing.append("what damaged records held; the workbook was read record by record")
    return tables


def _by_record(said: _Said, budget: int) -> Iterator[Table]:
    for sheet in biff_cells.sheets(said.stream):
        notes = [*said.book.sheets.get(sheet.name, biff.Sheet()).notes]
        cells: dict[int, dict[int, str]] = {}
        for row, values in sheet.values.items():
            for column, value in values.items():
                _put(cells, notes, row, column, value)
        table = sparse_table(sheet.name, "hidden" if sheet.hidden else "", cells, tuple(notes), budget)
        budget -= len(table.rows) * len(table.columns)
        yield table


def _by_calamine(source: Source, said: _Said, missing: list[str]) -> Iterator[Table]:
    workbook, budget = _opened(source.whole()), source.options.cells
    states = {sheet.name: sheet.visible for sheet in workbook.sheets_metadata}
    for name in workbook.sheet_names:
        hidden = states.get(name) != calamine.SheetVisibleEnum.Visible
        try:
            table = _table(
                workbook, name, budget, said.book.sheets.get(name, biff.Sheet()).notes, hidden=hidden
            )
        except calamine.CalamineError:
            missing.append(f"sheet {name}: its records are damaged")
            continue
        budget -= len(table.rows) * len(table.columns)
        yield table


class _Said(NamedTuple):
    """What a workbook says beside the values; of an XLS its stream too, which before Excel 5 is the whole file."""

    stream: bytes = b""
    wrapped: bool = True
    book: biff.Book = biff.Book({}, b"")
    children: tuple[Child, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()


def _said(data: bytes, source: Source) -> _Said:
    if data.startswith(_ZIP):
        return _said_in_package(source)
    if not data.startswith(_OLE):
        return _Said(data, wrapped=False)
    try:
        ole = opened(data)
    except Damaged as damage:
        return _Said(missing=(f"what is hidden or inside: {damage}",))
    missing: list[str] = []
    with ole:
        stream_of_book = _stream(ole)
        if biff.is_locked(stream_of_book):
            raise Encrypted("the workbook opens only with a password")
        book = biff.parsed(stream_of_book)
        children = keep_objects(chain(in_storages(ole), pictures(book.drawings)), source, missing)
        return _Said(stream_of_book, True, book, children, claims_of(ole), tuple(missing))


def _said_in_package(source: Source) -> _Said:
    try:
        package = Package(source.file, source.options)
        book = xlsb.parsed(package)
    except Damaged as damage:
        return _Said(missing=(f"what is hidden or inside: {damage}",))
    missing: list[str] = []
    children = kept(package, embedded(package, "xl"), source, missing)
    claims = core_claims(package, "docProps/core.xml", missing)
    return _Said(book=book, children=children, claims=claims, missing=tuple(missing))


def _stream(ole: olefile.OleFileIO) -> bytes:
    """The workbook's own stream: BIFF8 calls it Workbook, BIFF5 Book."""
    return next((stream(ole, name) for name in ("Workbook", "Book") if ole.exists(name)), b"")


def _remarks(name: str, sheet: biff.Sheet) -> Iterator[Piece]:
    """What stands beside the cells: remarks at their cells, then what is written in boxes and charts."""
    for address, text in sheet.remarks:
        column, row = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()  # type: ignore[union-attr]
        if text.strip():
            yield Piece(text, (row_selector(name, column, column, int(row)),), "comment")
    for number, text in enumerate(sheet.boxes, start=1):
        yield Piece(text, (place(name, number),))


def _opened(data: bytes) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise Encrypted("the workbook opens only with a password") from error
    except (calamine.CalamineError, OSError) as error:
        raise Damaged("the workbook cannot be opened: its records are damaged") from error


def _table(
    book: calamine.CalamineWorkbook, name: str, budget: int, hidden_parts: list[CellNote], *, hidden: bool
) -> Table:
    sheet = book.get_sheet_by_name(name)
    if sheet.height * sheet.width > _AREA:
        raise LimitReached("cells from the first to the last", _AREA)
    first_column = sheet.start[1] if sheet.start else 0
    cells: dict[int, dict[int, str]] = {}
    notes = [*hidden_parts]
    for row, values in enumerate(
        sheet.iter_rows(), start=1
    ):  # it begins at row 1, and at the first filled column
        if values.count("") == len(values):
            continue
        for column, value in enumerate(values, start=first_column):
            _put(cells, notes, row, column, value)
    return sparse_table(name, "hidden" if hidden else "", cells, tuple(notes), budget)


def _put(cells: dict[int, dict[int, str]], notes: list[CellNote], row: int, column: int, value: Any) -> None:
    """One value as text among the cells, and a note where it may not be what was typed."""
    if (text := as_text(value)) is not None:
        cells.setdefault(row, {})[column] = text
        if isinstance(value, float) and rounded(repr(value)):
            notes.append(CellNote(f"{letters(column)}{row}", "rounded"))


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


READER = Reader("calamine", package_version(4, "python-calamine", "olefile", "lxml"), ("xls", "xlsb"), read)
