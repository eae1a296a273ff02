"""Cells of a row as the place of a citation: from ``List 1!B5:D5`` to the characters that hold them, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from onrecord.errors import UsageError
from onrecord.ingest.cells import letters, number, row_selector
from onrecord.ingest.reading import Piece
from onrecord.model.citation import FragmentSelector, Selector

_RANGE = re.compile(r"(?:sheet=([^&]*)&)?cells=([A-Z]{1,4})(\d{1,9}):([A-Z]{1,4})(\d{1,9})")
_TYPED = re.compile(r"(?:(.*)!)?\s*([A-Za-z]{1,4})(\d{1,9})(?::([A-Za-z]{1,4})(\d{1,9})?)?\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cells:
    """Neighbouring cells of one row: columns from 0, the last included; the row from 1; no sheet in a CSV file."""

    sheet: str | None
    row: int
    first: int
    last: int

    def selector(self) -> FragmentSelector:
        """The cells as a citation states them."""
        return row_selector(self.sheet, letters(self.first), letters(self.last), self.row)

    def __str__(self) -> str:
        first, last = f"{letters(self.first)}{self.row}", f"{letters(self.last)}{self.row}"
        named = first if first == last else f"{first}:{last}"
        return f"{self.sheet}!{named}" if self.sheet is not None else named


def typed_cells(text: str) -> Cells:
    """The cells that a person means by ``B5``, ``B5:D5`` or ``List 1!B5:D5``; without a sheet that of any sheet.

    Raises:
        UsageError: it names no cells, or cells of several rows.
    """
    found = _TYPED.fullmatch(text)
    if not found:
        raise UsageError(f"{text!r} names no cells. Write B5, or B5:D5, or List1!B5:D5.")
    sheet, first, row, last, last_row = found.groups()
    if last_row and int(last_row) != int(row):
        raise UsageError(f"{text!r} goes over several rows. Cite each row by itself.")
    ends = sorted((number(first.upper()), number((last or first).upper())))
    return Cells(sheet, int(row), *ends)


def cells_in(selector: Selector) -> Cells | None:
    """The cells that a selector names, if it names any of one row."""
    found = _RANGE.fullmatch(selector.value) if isinstance(selector, FragmentSelector) else None
    if found is None or found[3] != found[5]:
        return None
    sheet = unquote(found[1]) if found[1] is not None else None
    return Cells(sheet, int(found[3]), *sorted((number(found[2]), number(found[4]))))


def row_of(piece: Piece) -> Cells | None:
    """The cells whose text a piece is; None for what is no row of a table, a remark on a cell among it."""
    if piece.mark == "comment":
        return None
    return next((cells for cells in map(cells_in, piece.selectors) if cells), None)


def stretch_of(cells: Cells, piece: Piece) -> tuple[int, int] | None:
    """The characters [start, end) of a row that these cells fill, as far as it has them; None where it is another row."""
    row = row_of(piece) if _ends_with(piece, str(cells.row)) else None
    if row is None or row.row != cells.row or cells.sheet not in (None, row.sheet):
        return None
    filled = piece.text.split("\t")
    before, after = cells.first - row.first, cells.last - row.first + 1
    if after <= 0 or before >= len(filled):
        return None
    start = sum(len(text) + 1 for text in filled[: max(before, 0)])
    return start, start + len("\t".join(filled[max(before, 0) : after]))


def _ends_with(piece: Piece, row: str) -> bool:
    """Whether a selector may name cells of this row: long tables are gone through faster for it."""
    return any(isinstance(s, FragmentSelector) and s.value.endswith(row) for s in piece.selectors)


def cells_at(piece: Piece, start: int, end: int) -> Cells | None:
    """The cells of a row that characters [start, end) of its text stand in; None for what is no row."""
    row = row_of(piece)
    if row is None:
        return None
    first = row.first + piece.text.count("\t", 0, start)
    return Cells(row.sheet, row.row, first, first + piece.text.count("\t", start, end))
