"""Excel workbooks (OOXML), by an own pass over their XML: sparse, exact, and seeing what Excel hides.

Values are taken as stored, so an identity number keeps the digits it has in the file; a number of 16 or more
digits is marked *rounded*, because a spreadsheet's number holds 15. Rows and columns without a value take no
room, so a lying dimension or a far cell costs nothing. A sheet that lies in the file and is not listed in the
workbook is read as a hidden one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from posixpath import basename, normpath

from lxml import etree

from onrecord.ingest.cells import letters, number, row_pieces, sparse_table
from onrecord.ingest.limits import MIB, Damaged, Encrypted
from onrecord.ingest.markup import attribute, elements, local, whole_number
from onrecord.ingest.package import Package, core_claims, kept, named
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.beside import beside, embedded, place
from onrecord.ingest.readers.workbook import around_sheets
from onrecord.ingest.reading import CellNote, Finding, Piece, Table, in_part
from onrecord.ingest.serial_dates import DATE_FORMATS, EPOCH_1900, EPOCH_1904, is_date, moment
from onrecord.ingest.source import Source

_TRUE = frozenset({"1", "true"})
_LARGE = 16 * MIB  # of XML: its tree would have ten times that
_NO_CELLS = re.compile(r"(chart|dialog)sheets/")
_SHEETS = r"xl/(work|macro)sheets/[^/]+\.xml"
_UNLISTED = "not listed in the workbook"
_LARGE_NUMBER = re.compile(r"-?[0-9](\.[0-9]{1,16})?E\+?(1[6-9]|20)")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PRINTED = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
_NOT_HELD, _NOT_COUNTED = (
    "a string that the file does not hold",
    "a formula whose value the file does not hold",
)


def read(source: Source) -> Finding:
    """A table a sheet; a piece a row, a comment, a value that was replaced on record, what is drawn or kept besides."""
    package = Package(source.file, source.options)
    root, wrong = package.saved("xl/workbook.xml")
    missing = [wrong] if wrong else []
    book = _book(package, root, missing)
    tables: list[Table] = []
    pieces: list[Piece] = []
    budget = source.options.cells
    for name, state, part in _sheets(package, root, missing):
        try:
            sheet = _sheet(package, part, name, state, book, budget)
        except (Damaged, Encrypted) as why:
            missing.append(f"sheet {name}: {why}")
            continue
        missing += [f"sheet {name}: {sheet.wrong}"] if sheet.wrong else []
        budget -= len(sheet.table.rows) * len(sheet.table.columns)
        tables.append(sheet.table)
        pieces += [*row_pieces(sheet.table, source.options, sheet=name), *sheet.printed]
    if missing and not tables:
        raise Damaged("; ".join(missing))
    pieces += [*around_sheets(package, root, missing), *beside(package, "xl", missing)]
    children = kept(package, embedded(package, "xl"), source, missing)
    claims = core_claims(package, "docProps/core.xml", missing)
    outcome, reason = in_part(missing)
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=tuple(pieces),
        tables=tuple(tables),
        children=children,
        claims=claims,
    )


@dataclass(frozen=True, slots=True)
class _Book:
    """What all sheets share: strings by index, indexes of the cell styles of dates, day 0 of serial dates."""

    strings: list[str]
    dates: frozenset[int]
    epoch: datetime


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet's table, its headers and footers, and what is wrong with it."""

    table: Table
    printed: list[Piece]
    wrong: str


def _book(package: Package, root: etree._Element, missing: list[str]) -> _Book:
    strings = _shared(package, "xl/sharedStrings.xml", missing)
    styles = _shared(package, "xl/styles.xml", missing)
    return _Book(
        strings=[_rich(item) for item in strings if local(item) == "si"] if strings is not None else [],
        dates=_date_styles(styles) if styles is not None else frozenset(),
        epoch=EPOCH_1904 if _uses_1904(root) else EPOCH_1900,
    )


def _shared(package: Package, part: str, missing: list[str]) -> etree._Element | None:
    """The root of a part that may be absent; what is wrong with it is named in ``missing``."""
    if package.named(part) is None:
        return None
    try:
        root, wrong = package.saved(part)
    except (Damaged, Encrypted) as why:
        missing.append(named(part, why))
        return None
    missing += [wrong] if wrong else []
    return root


def _sheets(package: Package, root: etree._Element, missing: list[str]) -> Iterator[tuple[str, str, str]]:
    """Name, state (empty, ``hidden``, ``veryHidden`` …) and part of each sheet in order; a part is a sheet once."""
    relations = _shared(package, "xl/_rels/workbook.xml.rels", missing)
    targets = {each.get("Id"): each.get("Target") or "" for each in (() if relations is None else relations)}
    seen = set()
    for index, sheet in enumerate((e for e in root.iter() if local(e) == "sheet"), start=1):
        target = targets.get(attribute(sheet, "id"), f"worksheets/sheet{index}.xml")
        said = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
        part = package.named(said) or said
        state = sheet.get("state", "")
        if not _NO_CELLS.search(part) and part not in seen:
            seen.add(part)
            yield sheet.get("name", f"sheet {index}"), "" if state == "visible" else state, part
    for part in package.matching(_SHEETS):
        if part not in seen:
            yield basename(part), _UNLISTED, part


def _rich(item: etree._Element) -> str:
    """A string's text; phonetic guides (``rPh``) repeat it and are left out."""
    runs = (run for child in item if local(child) in {"t", "r"} for run in child.iter() if local(run) == "t")
    return "".join(run.text or "" for run in runs)


def _date_styles(root: etree._Element) -> frozenset[int]:
    """Indexes of cell styles whose number is a date or time."""
    formats = (each for each in root.iter() if local(each) == "numFmt")
    own = {whole_number(f.get("numFmtId"), 0): is_date(f.get("formatCode", "")) for f in formats}
    cell_styles = next((e for e in root if local(e) == "cellXfs"), ())
    ids = [whole_number(style.get("numFmtId"), 0) for style in cell_styles]
    return frozenset(i for i, key in enumerate(ids) if own.get(key, key in DATE_FORMATS))


def _uses_1904(book: etree._Element) -> bool:
    return any(local(e) == "workbookPr" and e.get("date1904") in _TRUE for e in book)


def _sheet(package: Package, part: str, name: str, state: str, book: _Book, budget: int) -> _Sheet:
    """One sheet; ``budget`` is how many cells it may have. What is broken ends it, not what stood before.

    Raises:
        Damaged: nothing of it can be read.
        Encrypted: it is locked.
        LimitReached: it has more cells, or is larger than a part may be.
    """
    cells: dict[int, dict[int, str]] = {}
    notes: list[CellNote] = []
    printed: list[Piece] = []
    row, column, wrong = 0, 0, ""
    try:
        for element in _elements(package, part):
            match local(element):
                case "row":
                    row, column = _row_number(element, row), -1
                    if element.get("hidden") in _TRUE:
                        notes.append(CellNote(str(row), "hidden row"))
                case "col" if element.get("hidden") in _TRUE:
                    notes.append(_hidden_columns(element))
                case "c":
                    column, row = _address(element, column, row)
                    value, note = _value(element, book)
                    if value:
                        cells.setdefault(row, {})[column] = value
                    if note:
                        notes.append(CellNote(f"{letters(column)}{row}", note))
                case tag if tag in _PRINTED and element.text:
                    printed.append(Piece(element.text, (place(part, len(printed) + 1),), "header"))
    except _Broken as broken:
        wrong = str(broken)
    return _Sheet(sparse_table(name, state, cells, tuple(notes), budget), printed, wrong)


class _Broken(Exception):
    """The sheet ends here; the message says why."""


def _elements(package: Package, part: str) -> Iterator[etree._Element]:
    """The elements of a sheet in their order; of a large one only rows with their cells, columns, headers and footers.

    Raises:
        Damaged, Encrypted, LimitReached: nothing of it can be read.
        _Broken: nothing more of it can be read.
    """
    if package.size(part) < _LARGE:
        root, wrong = package.saved(part)
        yield from root.iter()
        if wrong:
            raise _Broken(wrong)
        return
    try:
        for element in elements(package.part(part), part, ("row", "col", *_PRINTED)):
            yield element
            yield from element.iterchildren()
    except Damaged as damage:
        raise _Broken(str(damage)) from damage


def _hidden_columns(element: etree._Element) -> CellNote:
    first, last = (min(whole_number(element.get(key), 1), 16384) for key in ("min", "max"))
    return CellNote(f"{letters(max(first, 1) - 1)}:{letters(max(last, 1) - 1)}", "hidden columns")


def _row_number(element: etree._Element, before: int) -> int:
    said = element.get("r", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 7 else before + 1


def _address(element: etree._Element, column: int, row: int) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(element.get("r", ""))
    return (number(found[1]), int(found[2])) if found else (column + 1, row)


def _value(element: etree._Element, book: _Book) -> tuple[str, str]:
    """A cell's value as text, and a note where one is due."""
    kind = element.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in element.iter() if local(t) == "t"), ""
    stored = next((child.text or "" for child in element if local(child) == "v"), None)
    if stored is None:
        return _formula(element)
    if kind == "s":
        index = whole_number(stored, -1)
        return (book.strings[index], "") if 0 <= index < len(book.strings) else ("", _NOT_HELD)
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(stored, stored), ""
    if kind != "n" or not stored:
        return stored, ""
    if whole_number(element.get("s"), -1) in book.dates and (date := moment(stored, book.epoch)):
        return date, ""
    return _in_digits(stored), rounded(stored)


def _formula(element: etree._Element) -> tuple[str, str]:
    """The formula of a cell whose value was never counted, as programs leave it that do not count."""
    text = next((child.text for child in element if local(child) == "f" and child.text), None)
    return (f"={text}", _NOT_COUNTED) if text else ("", "")


def _in_digits(stored: str) -> str:
    """A large whole number as digits, which people search for, where it is stored with an exponent; the digits stay."""
    return format(Decimal(stored), "f") if _LARGE_NUMBER.fullmatch(stored) else stored


def rounded(stored: str) -> str:
    """The note ``rounded`` for a number that needs more digits than a spreadsheet's number holds."""
    try:
        return "rounded" if abs(float(stored)) >= 1e15 else ""
    except ValueError:
        return ""


READER = Reader("XLSX", package_version(5, "lxml"), ("xlsx",), read)
