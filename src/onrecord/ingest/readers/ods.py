"""OpenDocument spreadsheets, by an own pass over their XML: sparse, values as stored, and seeing what is hidden.

A cell or row that says it is repeated a million times takes room only as often as it holds a value, and then it
is counted before it is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from onrecord.ingest.cells import letters, row_pieces, row_selector, sparse_table
from onrecord.ingest.limits import Damaged, LimitReached
from onrecord.ingest.markup import attribute, local
from onrecord.ingest.package import core_claims, kept
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.beside import place
from onrecord.ingest.readers.odt import flat_root, inside, open_package, paragraphs
from onrecord.ingest.readers.xlsx import rounded
from onrecord.ingest.reading import CellNote, Finding, Piece, Table, in_part
from onrecord.ingest.source import Options, Source

_ROWS, _COLUMNS = 1 << 20, 1 << 14
_STORED = {"float": "value", "percentage": "value", "currency": "value", "date": "date-value", "time": "time-value",
           "boolean": "boolean-value", "string": "string-value"}  # fmt: skip
_NUMBERS = {"float", "percentage", "currency"}
_HIDDEN = {"collapse", "filter"}


def read(source: Source) -> Finding:
    """A table a sheet, a piece a row, a piece a remark or shape and for each paragraph that was deleted on record."""
    package = open_package(source)
    root, wrong = package.saved("content.xml")
    missing = [wrong] if wrong else []
    tables, pieces = _tables(root, source.options)
    if missing and not pieces:
        raise Damaged(wrong)
    children = kept(package, inside(package), source, missing)
    claims = core_claims(package, "meta.xml", missing)
    outcome, reason = in_part(missing)
    return Finding(
        outcome=outcome, reason=reason, pieces=pieces, tables=tables, children=children, claims=claims
    )


def read_flat(source: Source) -> Finding:
    """The same of a spreadsheet that is one XML file.

    Raises:
        Damaged: nothing of the XML can be read.
        LimitReached: it is larger than a part may be, or has more cells than a file may.
    """
    root, missing = flat_root(source)
    tables, pieces = _tables(root, source.options)
    outcome, reason = in_part(missing)
    return Finding(outcome=outcome, reason=reason, pieces=pieces, tables=tables)


def _tables(root: etree._Element, options: Options) -> tuple[tuple[Table, ...], tuple[Piece, ...]]:
    unseen = _unseen_styles(root)
    tables: list[Table] = []
    pieces: list[Piece] = []
    budget = options.cells
    for element in root.iter("{*}table"):
        if _is_sheet(element):
            sheet = _Sheet(element, budget, options)
            state = "hidden" if attribute(element, "style-name") in unseen else ""
            table = sparse_table(sheet.name, state, sheet.cells, tuple(sheet.notes), budget)
            budget -= len(table.rows) * len(table.columns)
            tables.append(table)
            pieces += [*row_pieces(table, options, sheet=table.name), *sheet.remarks]
    deleted = (piece for piece in paragraphs(root, "content.xml") if piece.mark == "deleted")
    return tuple(tables), (*pieces, *deleted)


def _is_sheet(table: etree._Element) -> bool:
    """Whether it is a sheet, and not a table within a cell or in the record of changes."""
    above = {local(element) for element in table.iterancestors()}
    return "spreadsheet" in above and not above & {"table-cell", "tracked-changes"}


def _unseen_styles(root: etree._Element) -> set[str | None]:
    """The names of table styles that are not displayed."""
    return {
        attribute(style, "name")
        for style in root.iter("{*}style")
        for properties in style.iter("{*}table-properties")
        if attribute(properties, "display") == "false"
    }


class _Sheet:
    """One sheet while it is read: cells by row and column, both as its table counts them."""

    def __init__(self, table: etree._Element, budget: int, options: Options) -> None:
        self.name = attribute(table, "name") or ""
        self.cells: dict[int, dict[int, str]] = {}
        self.notes: list[CellNote] = []
        self.remarks: list[Piece] = []
        self._left, self._options = budget, options
        self._hide_columns(table)
        for number, paragraph in enumerate(table.iterfind("{*}shapes//{*}p"), start=1):
            self.remarks.append(Piece(_text(paragraph), (place(self.name, number),)))
        row = 1
        for element in _own(table, "table-row"):
            times = _repeated(element, "number-rows-repeated", _ROWS)
            self._row(element, row, times)
            row += times

    def _hide_columns(self, table: etree._Element) -> None:
        at = 0
        for column in _own(table, "table-column"):
            times = _repeated(column, "number-columns-repeated", _COLUMNS)
            if attribute(column, "visibility") in _HIDDEN and at < _COLUMNS:
                self.notes.append(
                    CellNote(f"{letters(at)}:{letters(min(at + times, _COLUMNS) - 1)}", "hidden columns")
                )
            at += times

    def _row(self, element: etree._Element, row: int, times: int) -> None:
        values: dict[int, str] = {}
        column = 0
        for cell in element:
            if local(cell) not in {"table-cell", "covered-table-cell"}:
                continue
            across = _repeated(cell, "number-columns-repeated", _COLUMNS)
            value, note = _value(cell)
            if value:
                self._spend(across * times)
                values.update((column + index, value) for index in range(across))
            if note:
                self.notes.append(CellNote(f"{letters(column)}{row}", note))
            if len(cell):
                self.remarks += self._beside(cell, column, row)
            column += across
        if values:
            self.cells.update((row + index, values) for index in range(times))
            if attribute(element, "visibility") in _HIDDEN:
                self.notes += [CellNote(str(row + index), "hidden row") for index in range(times)]

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise LimitReached("cells", self._options.cells)

    def _beside(self, cell: etree._Element, column: int, row: int) -> Iterator[Piece]:
        """What hangs at a cell and is not its value: remarks, and the texts of shapes and of tables inside it."""
        selector = row_selector(self.name, letters(column), letters(column), row)
        for child in cell:
            if local(child) == "p":
                continue
            text = "\n".join(_text(paragraph) for paragraph in child.iter("{*}p"))
            if text.strip():
                yield Piece(text, (selector,), "comment" if local(child) == "annotation" else "")


def _own(table: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows or columns of a table, also those in groups, and not those of a table in one of its cells."""
    for child in table:
        if local(child) == name:
            yield child
        elif local(child) in {"table-row-group", "table-rows", "table-header-rows", "table-column-group", "table-columns",
                              "table-header-columns"}:  # fmt: skip
            yield from _own(child, name)


def _repeated(element: etree._Element, name: str, most: int) -> int:
    said = attribute(element, name) or "1"
    return min(max(int(said), 1), most) if said.isascii() and said.isdigit() and len(said) < 10 else 1


def _value(cell: etree._Element) -> tuple[str, str]:
    """A cell's value as stored, else as shown; and a note where one is due."""
    kind = attribute(cell, "value-type") or ""
    stored = attribute(cell, _STORED[kind]) if kind in _STORED else None
    if stored is None:
        return "\n".join(_text(paragraph) for paragraph in cell.iterchildren("{*}p")), ""
    if kind == "boolean":
        return stored.upper(), ""
    return stored, rounded(stored) if kind in _NUMBERS else ""


def _text(paragraph: etree._Element) -> str:
    return "".join(str(text) for text in paragraph.itertext())


READER = Reader("ODS", package_version(4, "lxml"), ("ods",), read)
FLAT = Reader("ODS, flat", package_version(1, "lxml"), ("fods",), read_flat)
