"""XLS and XLSB: values through calamine; what they hide, remark and hold inside by an own pass.

Dimensions are asked first, so that a far cell does not fill memory.
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

from onrecord.ingest import biff, xlsb
from onrecord.ingest.cells import letters, row_pieces, row_selector, sparse_table
from onrecord.ingest.embedded import in_storages, keep_objects
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.officeart import pictures
from onrecord.ingest.ole import claims_of, opened, stream
from onrecord.ingest.package import Package, core_claims, kept
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.beside import embedded
from onrecord.ingest.readers.xlsx import rounded
from onrecord.ingest.reading import CellNote, Child, Finding, Piece, Table, in_part
from onrecord.ingest.source import Source

_OLE = b"\xd0\xcf\x11\xe0"
_AREA = 1 << 24  # a whole XLS sheet of 65,536 by 256 cells; calamine holds them all, empty or not


def read(source: Source) -> Finding:
    """A table a sheet, a piece a row, a piece a remark. What a sheet hides is marked; objects are members."""
    data = source.whole()
    said = _said(data, source)
    workbook = _opened(data)
    states = {sheet.name: sheet.visible for sheet in workbook.sheets_metadata}
    tables, pieces, budget = [], [], source.options.cells
    missing = [*said.missing]
    for name in workbook.sheet_names:
        hidden = states.get(name) != calamine.SheetVisibleEnum.Visible
        sheet = said.book.sheets.get(name, biff.Sheet())
        try:
            table = _table(workbook, name, budget, sheet.notes, hidden=hidden)
        except calamine.CalamineError as error:
            missing.append(f"sheet {name}: {error}")
            continue
        budget -= len(table.rows) * len(table.columns)
        tables.append(table)
        pieces += [*row_pieces(table, source.options, sheet=name), *_remarks(name, sheet)]
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


class _Said(NamedTuple):
    """What a workbook says beside the values."""

    book: biff.Book = biff.Book({}, b"")
    children: tuple[Child, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()


def _said(data: bytes, source: Source) -> _Said:
    if not data.startswith(_OLE):
        return _said_in_package(source)
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
        return _Said(book, children, claims_of(ole), tuple(missing))


def _said_in_package(source: Source) -> _Said:
    try:
        package = Package(source.file, source.options)
        book = xlsb.parsed(package)
    except Damaged as damage:
        return _Said(missing=(f"what is hidden or inside: {damage}",))
    missing: list[str] = []
    children = kept(package, embedded(package, "xl"), source, missing)
    claims = core_claims(package, "docProps/core.xml", missing)
    return _Said(book, children, claims, tuple(missing))


def _stream(ole: olefile.OleFileIO) -> bytes:
    """The workbook's own stream: BIFF8 calls it Workbook, BIFF5 Book."""
    return next((stream(ole, name) for name in ("Workbook", "Book") if ole.exists(name)), b"")


def _remarks(name: str, sheet: biff.Sheet) -> Iterator[Piece]:
    for address, text in sheet.remarks:
        column, row = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()  # type: ignore[union-attr]
        if text.strip():
            yield Piece(text, (row_selector(name, column, column, int(row)),), "comment")


def _opened(data: bytes) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise Encrypted("the workbook opens only with a password") from error
    except (calamine.CalamineError, OSError) as error:
        raise Damaged(f"calamine cannot open it: {error}") from error


def _table(
    book: calamine.CalamineWorkbook, name: str, budget: int, hidden_parts: list[CellNote], *, hidden: bool
) -> Table:
    sheet = book.get_sheet_by_name(name)
    if sheet.height * sheet.width > _AREA:
        raise LimitReached("cells from the first to the last", _AREA)
    first_row, first_column = sheet.start or (0, 0)
    cells: dict[int, dict[int, str]] = {}
    notes = [*hidden_parts]
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


READER = Reader("calamine", package_version(3, "python-calamine", "olefile", "lxml"), ("xls", "xlsb"), read)
