"""The tables of an original: some rows on the document's page, many on a page of their own, and cells to be marked."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import polars as pl
import pyarrow.parquet as pq

from onrecord.errors import EntryNotFound, StorageError, UsageError
from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.cells import number as column_number
from onrecord.ingest.derived import Derived
from onrecord.ingest.reading import Piece, Table
from onrecord.pages import addresses
from onrecord.pages.answers.documents import THREAD
from onrecord.pages.blocks import Cell, Facts
from onrecord.pages.evidence import Evidence
from onrecord.pages.marked import language_of, visible
from onrecord.pages.page import Asked, Link, Page
from onrecord.pages.words import plural
from onrecord.passages.originals import Original
from onrecord.passages.sheets import Cells, row_of, typed_cells

_FIRST = 20
_OPENED = 5
"""Of how many tables the document's page shows rows; it leads to the others."""
_SHOWN = 500
_BEFORE = 5
"""How many rows are shown before the one that an address names."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell: its address, its text as stored, what there is to know of it, whether the reader came for it."""

    address: str
    text: str
    language: str | None
    note: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row under its number in the original."""

    number: int
    note: str
    cells: tuple[ShownCell, ...]
    is_here: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some rows of a table, of so many, and the first rows of the stretches before and after, if there are any.

    ``columns`` are the original's letters with their names; ``of`` is the way to the page of the whole table.
    """

    id: str
    name: str
    note: str
    of: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[ShownRow, ...]
    count: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class CellMarking:
    """The form that makes an entry of cells: the page it is sent to, its secret, the cells chosen; empty while none."""

    path: str
    token: str
    cells: str


@dataclass(frozen=True, slots=True)
class TableContent:
    """What ``document_table.html`` shows. Cells of a file that is no spreadsheet cannot be marked."""

    sheet: Sheet
    notice: str
    marking: CellMarking | None
    how_to_ask: Facts


def first_rows(evidence: Evidence, found: Original, here: Cells | None) -> tuple[Sheet, ...]:
    """The first rows of each table, or those around the cells that the reader came for."""
    if found.reading is None:
        return ()
    return tuple(
        _sheet(
            evidence, found, number, here if here and (here.sheet or "") == table.name else None, 0, _FIRST
        )
        for number, table in enumerate(found.reading.tables, start=1)
    )


def page_of_table(evidence: Evidence, asked: Asked, digest: str, number: int) -> Page:
    """One table, from the row that is asked for; all of it to take away.

    Raises:
        EntryNotFound: the original has no such table.
    """
    found = evidence.shelf.original(evidence.record, digest)
    tables = found.reading.tables if found.reading else ()
    if not 1 <= number <= len(tables):
        raise EntryNotFound(f"{found.name} has no table {number}.")
    pieces = found.reading.pieces if found.reading else ()
    chosen, notice = _chosen(asked.query, tables[number - 1], pieces)
    sheet = _sheet(evidence, found, number, chosen, _from(asked.query), _SHOWN)
    if chosen and not any(row.is_here for row in sheet.rows):
        notice = (
            f"Row {chosen.row:,} is not below: it gives the columns their names, or nothing stands in it."
        )
    return Page(
        path=sheet.of,
        template="document_table.html",
        title=f"Table {sheet.name}",
        finding=f"A table of {plural(sheet.count, 'row', 'rows')} in {visible(found.name)}; {_shown(sheet)}. Values are as stored.",
        thread=(*THREAD, Link(visible(found.name), addresses.document(found.sha256))),
        content=TableContent(
            sheet, notice, _marking(evidence, found, chosen), _how_to_ask(evidence, found, number)
        ),
        tables={f"table-{number}": _rows(evidence, found, number).collect},
        section="Documents",
    )


def _from(query: Mapping[str, str]) -> int:
    given = query.get("from", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _shown(sheet: Sheet) -> str:
    if sheet.before is None and sheet.after is None:
        return "all are shown"
    return f"{len(sheet.rows):,} are shown; the files below hold all"


def _chosen(query: Mapping[str, str], table: Table, pieces: Sequence[Piece]) -> tuple[Cells | None, str]:
    """The cells, or all cells of the row, that an address names, and what to say where it names none."""
    is_sheet = any(row_of(piece) for piece in pieces[:100])
    sheet = table.name if table.name or not is_sheet else _sheet_name(pieces)
    columns = [column_number(letter) for letter in table.columns] or [0]
    try:
        if query.get("cells"):
            typed = typed_cells(query["cells"].rpartition("!")[2])
            return Cells(sheet, typed.row, typed.first, typed.last), ""
    except UsageError as problem:
        return None, visible(str(problem))
    row = query.get("row", "")
    named = row.isdecimal() and len(row) < 10
    return (Cells(sheet, int(row), columns[0], columns[-1]) if named else None), ""


def _sheet_name(pieces: Sequence[Piece]) -> str | None:
    """The name of the one sheet of a file: none in CSV."""
    return next((cells.sheet for cells in map(row_of, pieces) if cells), None)


def _marking(evidence: Evidence, found: Original, chosen: Cells | None) -> CellMarking | None:
    pieces = found.reading.pieces if found.reading else ()
    if not any(row_of(piece) for piece in pieces[:100]):
        return None
    return CellMarking(addresses.document(found.sha256), evidence.form_token, str(chosen) if chosen else "")


def _rows(evidence: Evidence, found: Original, number: int) -> pl.LazyFrame:
    return pl.scan_parquet(_file(evidence, found, number))


def _file(evidence: Evidence, found: Original, number: int) -> str:
    assert found.key is not None, "a reading has a key"
    folder = Derived(evidence.record.folder / "derived").path(found.sha256, found.key)
    file = folder / f"table-{number}.parquet"
    if not file.is_file():
        raise StorageError(
            f"The derivative {file} is missing. Run `onrecord add --retry all` to make it again."
        )
    return str(file)


def _sheet(
    evidence: Evidence, found: Original, number: int, here: Cells | None, start: int, most: int
) -> Sheet:
    """At most so many rows, from the one numbered ``start`` or a few before the one the reader came for."""
    assert found.reading is not None, "what has tables was read"
    table = found.reading.tables[number - 1]
    numbers = _rows(evidence, found, number).select("_row").collect()["_row"].to_list()
    first = max(bisect_left(numbers, here.row) - _BEFORE, 0) if here else bisect_left(numbers, start)
    first = min(first, max(len(numbers) - 1, 0))
    frame = _rows(evidence, found, number).slice(first, most).collect()
    letters = _letters(evidence, found, number)
    columns = tuple((letters.get(name, ""), visible(name)) for name in frame.columns[1:])
    notes = {note.address: note.note for note in table.notes}
    return Sheet(
        id=f"table-{number}",
        name=visible(table.name) or str(number),
        note=", ".join(note.note for note in table.notes if not note.address) or table.mark,
        of=addresses.document_table(found.sha256, number),
        columns=columns,
        rows=tuple(_row(row, columns, notes, here) for row in frame.iter_rows()),
        count=len(numbers),
        before=numbers[max(first - most, 0)] if first else None,
        after=numbers[first + most] if first + most < len(numbers) else None,
    )


def _row(
    values: tuple[int | str | None, ...],
    columns: Sequence[tuple[str, str]],
    notes: Mapping[str, str],
    here: Cells | None,
) -> ShownRow:
    number, *texts = values
    is_here = here is not None and here.row == number
    cells = tuple(
        ShownCell(
            address=f"{letter}{number}",
            text=visible(str(text or "")),
            language=language_of(str(text or "")),
            note=notes.get(f"{letter}{number}", ""),
            is_here=is_here
            and here is not None
            and bool(letter)
            and here.first <= column_number(letter) <= here.last,
        )
        for (letter, _), text in zip(columns, texts, strict=True)
    )
    return ShownRow(int(number or 0), notes.get(str(number), ""), cells, is_here)


def _letters(evidence: Evidence, found: Original, number: int) -> dict[str, str]:
    """The original's letter of each column by its name."""
    metadata = pq.read_schema(_file(evidence, found, number)).metadata or {}
    letters: dict[str, str] = json.loads(metadata.get(b"letters", b"{}"))
    return letters


def _how_to_ask(evidence: Evidence, found: Original, number: int) -> Facts:
    """What the table is called in SQL."""
    with closing(open_catalogue(evidence.record)) as catalogue:
        names = {(table.sha256, table.number): table.name for table in catalogue.tables()}
    name = names.get((found.sha256, number))
    query = f'select * from "{name}"'  # noqa: S608 - a name is made of word characters only
    way = Cell(name, addresses.DOCUMENT_SQL, query={"q": query}) if name else None
    return Facts((("In SQL", way),), heading="How to ask it")
