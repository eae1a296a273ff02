"""Cell addresses: column letters, ranges, and the cell that a character of a row's text belongs to."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote, unquote

from onrecord.ingest.limits import LimitReached
from onrecord.ingest.reading import CellNote, Piece, Table
from onrecord.ingest.source import Options
from onrecord.model.citation import CSV_FRAGMENTS, FragmentSelector

_CELLS = re.compile(r"(?:sheet=([^&]*)&)?cells=([A-Z]+)(\d+):")


@cache
def letters(column: int) -> str:
    """The spreadsheet's name of a column counted from 0: A, B … Z, AA."""
    head, last = divmod(column, 26)
    return (letters(head - 1) if head else "") + chr(ord("A") + last)


def number(name: str) -> int:
    """The column counted from 0 that letters name."""
    total = 0
    for letter in name:
        total = total * 26 + ord(letter) - ord("A") + 1
    return total - 1


def row_selector(sheet: str | None, first: str, last: str, row: int) -> FragmentSelector:
    """The place of a stretch of cells in one row. ``sheet`` is None for CSV."""
    if sheet is None:
        return FragmentSelector(value=f"cells={first}{row}:{last}{row}", conformsTo=CSV_FRAGMENTS)
    return FragmentSelector(value=f"sheet={quote(sheet)}&cells={first}{row}:{last}{row}")


def cell_at(piece: Piece, offset: int) -> str | None:
    """The address (``Sheet1!C5``, or ``C5`` in a CSV) of the cell that a character of a row piece is in."""
    for selector in piece.selectors:
        if isinstance(selector, FragmentSelector) and (found := _CELLS.match(selector.value)):
            sheet, first, row = found.groups()
            column = letters(number(first) + piece.text.count("\t", 0, offset))
            return f"{unquote(sheet)}!{column}{row}" if sheet is not None else f"{column}{row}"
    return None


def row_pieces(table: Table, options: Options, *, sheet: str | None) -> list[Piece]:
    """The rows of a table as pieces, from the first to the last filled cell of each.

    Raises:
        LimitReached: together they have more characters than a file may, as many cells that share a long string do.
    """
    left = options.characters
    hidden = {note.address for note in table.notes if note.note == "hidden row"}
    pieces = []
    for row, values in zip(table.rows, zip(*table.cells, strict=True), strict=True):
        filled = [index for index, value in enumerate(values) if value]
        if not filled:
            continue
        first, last = filled[0], filled[-1]
        left -= sum(len(value) for value in values if value)
        if left < 0:
            raise LimitReached("characters", options.characters)
        text = "\t".join(_flat(value) for value in values[first : last + 1])
        place = row_selector(sheet, table.columns[first], table.columns[last], row)
        pieces.append(Piece(text, (place,), "hidden" if table.mark or str(row) in hidden else ""))
    return pieces


def _flat(value: str | None) -> str:
    return (value or "").replace("\t", " ").replace("\r\n", " ").replace("\n", " ")


def table_of(
    name: str,
    rows: list[list[str | None]],
    *,
    first_row: int = 1,
    first_column: int = 0,
    mark: str = "",
    notes: tuple[CellNote, ...] = (),
) -> Table:
    """A table from rows of cells whose first stands at the given address; ragged rows are filled with None."""
    width = max((len(row) for row in rows), default=0)
    kept = [(first_row + index, row) for index, row in enumerate(rows) if any(value for value in row)]
    filled = [row + [None] * (width - len(row)) for _, row in kept]
    return Table(
        name=name,
        columns=tuple(letters(first_column + index) for index in range(width)),
        rows=tuple(row for row, _ in kept),
        cells=tuple(zip(*filled, strict=True)) if filled else ((),) * width,
        mark="hidden" if mark else "",
        notes=notes,
    )


def sparse_table(
    name: str, state: str, cells: dict[int, dict[int, str]], notes: tuple[CellNote, ...], budget: int
) -> Table:
    """A table from rows of columns that hold a value, both counted from the sheet's start (rows from 1).

    Args:
        state: why the sheet is not shown, in the file's own word, or empty.
        budget: how many cells, empty ones between included, the table may have.

    Raises:
        LimitReached: it would have more.
    """
    rows = sorted(cells)
    columns = sorted({column for row in cells.values() for column in row})
    if len(rows) * len(columns) > budget:
        raise LimitReached("cells", budget)
    return Table(
        name=name,
        columns=tuple(letters(column) for column in columns),
        rows=tuple(rows),
        cells=tuple(tuple(cells[row].get(column) for row in rows) for column in columns),
        mark="hidden" if state else "",
        notes=(*((CellNote("", f"sheet state {state}"),) if state else ()), *notes),
    )
