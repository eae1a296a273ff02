"""Excel workbooks (OOXML), by an own pass over their XML: sparse, exact, and seeing what Excel hides.

Values are taken as stored, so an identity number keeps the digits it has in the file; a number of 16 or more
digits is marked *rounded*, because a spreadsheet's number holds 15. Rows and columns without a value take no
room, so a lying dimension or a far cell costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from posixpath import normpath

from lxml import etree

from onrecord.ingest.cells import letters, number, row_pieces, sparse_table
from onrecord.ingest.limits import MIB, Damaged
from onrecord.ingest.package import Package, attribute, core_claims, elements, local, parse_xml
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.docx import embedded
from onrecord.ingest.reading import CellNote, Finding, Piece, Table, in_part
from onrecord.ingest.source import Source
from onrecord.model.citation import FragmentSelector

_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_DATE_LETTERS = re.compile(r"[ymdhs]", re.I)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]', re.I)
_TRUE = frozenset({"1", "true"})
_LARGE = 16 * MIB  # of XML: its tree would have ten times that
_NO_CELLS = re.compile(r"(chart|dialog)sheets/")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read(source: Source) -> Finding:
    """A table a sheet, a piece a row, a comment, or a value that was replaced on record."""
    package = Package(source.file, source.options)
    book = package.xml("xl/workbook.xml")
    strings, dates = _strings(package), _date_styles(package)
    epoch = datetime(1904, 1, 1) if _uses_1904(book) else datetime(1899, 12, 30)
    tables, pieces, missing, budget = [], [], [], source.options.cells
    for name, state, part in _sheets(package, book):
        try:
            table = _table(
                package, part, name, state, strings=strings, dates=dates, epoch=epoch, budget=budget
            )
        except Damaged as damage:
            missing.append(f"sheet {name}: {damage}")
            continue
        budget -= len(table.rows) * len(table.columns)
        tables.append(table)
        pieces += row_pieces(table, source.options, sheet=name)
    if missing and not tables:
        raise Damaged("; ".join(missing))
    outcome, reason = in_part(missing)
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=(*pieces, *_comments(package), *_replaced(package)),
        tables=tuple(tables),
        children=tuple(embedded(package, source, "xl")),
        claims=core_claims(package, "docProps/core.xml"),
    )


def _sheets(package: Package, book: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Name, state (empty, ``hidden``, ``veryHidden``) and part of each sheet in order; a part is a sheet once."""
    targets = {}
    if "xl/_rels/workbook.xml.rels" in package.names:
        targets = {
            rel.get("Id"): rel.get("Target") or "" for rel in package.xml("xl/_rels/workbook.xml.rels")
        }
    seen = set()
    for index, sheet in enumerate((e for e in book.iter() if local(e) == "sheet"), start=1):
        target = targets.get(attribute(sheet, "id"), f"worksheets/sheet{index}.xml")
        part = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
        state = sheet.get("state", "")
        if not _NO_CELLS.search(part) and part not in seen:
            seen.add(part)
            yield sheet.get("name", f"sheet {index}"), "" if state == "visible" else state, part


def _strings(package: Package) -> list[str]:
    part = next((name for name in package.names if name.lower() == "xl/sharedstrings.xml"), None)
    return [_rich(item) for item in package.xml(part) if local(item) == "si"] if part else []


def _rich(item: etree._Element) -> str:
    """A string's text; phonetic guides (``rPh``) repeat it and are left out."""
    runs = (run for child in item if local(child) in {"t", "r"} for run in child.iter() if local(run) == "t")
    return "".join(run.text or "" for run in runs)


def _date_styles(package: Package) -> frozenset[int]:
    """Indexes of cell styles whose number is a date or time."""
    if "xl/styles.xml" not in package.names:
        return frozenset()
    root = package.xml("xl/styles.xml")
    own = {_whole(f.get("numFmtId"), 0): f.get("formatCode", "") for f in root.iter() if local(f) == "numFmt"}
    is_date = {key: bool(_DATE_LETTERS.search(_QUOTED.sub("", code))) for key, code in own.items()}
    cell_styles = next((e for e in root if local(e) == "cellXfs"), ())
    ids = [_whole(style.get("numFmtId"), 0) for style in cell_styles]
    return frozenset(i for i, key in enumerate(ids) if is_date.get(key, key in _DATE_FORMATS))


def _uses_1904(book: etree._Element) -> bool:
    return any(local(e) == "workbookPr" and e.get("date1904") in {"1", "true"} for e in book)


def _table(
    package: Package,
    part: str,
    name: str,
    state: str,
    *,
    strings: list[str],
    dates: frozenset[int],
    epoch: datetime,
    budget: int,
) -> Table:
    """One sheet. ``epoch`` is day 0 of its serial dates, ``budget`` how many cells it may have."""
    cells: dict[int, dict[int, str]] = {}
    notes: list[CellNote] = []
    row, column = 0, 0
    for element in _elements(package, part):
        tag = local(element)
        if tag == "row":
            row, column = _row_number(element, row), -1
            if element.get("hidden") in _TRUE:
                notes.append(CellNote(str(row), "hidden row"))
        elif tag == "col" and element.get("hidden") in _TRUE:
            first, last = (min(_whole(element.get(key), 1), 16384) for key in ("min", "max"))
            notes.append(
                CellNote(f"{letters(max(first, 1) - 1)}:{letters(max(last, 1) - 1)}", "hidden columns")
            )
        elif tag == "c":
            column, row = _address(element, column, row)
            value, note = _value(element, strings, dates, epoch)
            if value:
                cells.setdefault(row, {})[column] = value
            if note:
                notes.append(CellNote(f"{letters(column)}{row}", note))
    return sparse_table(name, state, cells, tuple(notes), budget)


def _elements(package: Package, part: str) -> Iterator[etree._Element]:
    """The elements of a sheet in their order; of a large one only rows, with their cells, and columns."""
    data = package.part(part)
    if len(data) < _LARGE:
        yield from parse_xml(data, part).iter()
        return
    for element in elements(data, part, ("row", "col")):
        yield element
        yield from element.iterchildren()


def _row_number(element: etree._Element, before: int) -> int:
    said = element.get("r", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 7 else before + 1


def _address(element: etree._Element, column: int, row: int) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(element.get("r", ""))
    return (number(found[1]), int(found[2])) if found else (column + 1, row)


def _value(
    element: etree._Element, strings: list[str], dates: frozenset[int], epoch: datetime
) -> tuple[str, str]:
    """A cell's value as text, and a note where one is due."""
    kind = element.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in element.iter() if local(t) == "t"), ""
    stored = next((child.text or "" for child in element if local(child) == "v"), "")
    if kind == "s":
        known = stored.isascii() and stored.isdigit() and int(stored) < len(strings)
        return (strings[int(stored)], "") if known else ("", "a string that the file does not hold")
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(stored, stored), ""
    if kind != "n" or not stored:
        return stored, ""
    style = element.get("s", "")
    if style.isdigit() and int(style) in dates and (moment := _moment(stored, epoch)):
        return moment, ""
    return stored, rounded(stored)


def rounded(stored: str) -> str:
    """The note ``rounded`` for a number that needs more digits than a spreadsheet's number holds."""
    try:
        return "rounded" if abs(float(stored)) >= 1e15 else ""
    except ValueError:
        return ""


def _moment(stored: str, epoch: datetime) -> str | None:
    """A serial date as ISO 8601, date alone where the time is midnight. A spreadsheet has no time zone."""
    try:
        days = float(stored)
        moment = epoch + timedelta(seconds=round(days * 86400))
    except (ValueError, OverflowError):
        return None
    if 0 <= days < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if days == int(days) else moment.isoformat(sep=" ")


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _comments(package: Package) -> Iterator[Piece]:
    for part in package.matching(r"xl/(comments\d*|threadedComments/threadedComment\d*)\.xml"):
        for comment in package.xml(part).iter():
            text = "".join(t.text or "" for t in comment.iter() if local(t) in {"t", "text"})
            if local(comment) in {"comment", "threadedComment"} and text.strip():
                place = FragmentSelector(value=f"part={part}&cell={comment.get('ref', '')}")
                yield Piece(text, (place,), "comment")


def _replaced(package: Package) -> Iterator[Piece]:
    """What a shared workbook's log says stood in a cell before somebody changed it."""
    for part in package.matching(r"xl/revisions/revisionLog\d*\.xml"):
        for old in (element for element in package.xml(part).iter() if local(element) == "oc"):
            text = "".join(t.text or "" for t in old.iter() if local(t) in {"t", "v"})
            if text.strip():
                place = FragmentSelector(value=f"part={part}&cell={old.get('r', '')}")
                yield Piece(text, (place,), "deleted")


READER = Reader("XLSX", package_version(3, "lxml"), ("xlsx",), read)
