"""What an XLSX workbook holds around its sheets: comments, replaced values, names, and copies of data that lay elsewhere.

A pivot table and a link to another workbook keep a copy of what they last saw. It stays when the sheet it came from
was deleted, and no program shows it as cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.markup import local, whole_number
from onrecord.ingest.package import Package, named
from onrecord.ingest.readers.beside import place
from onrecord.ingest.reading import Piece
from onrecord.model.citation import FragmentSelector

_BOOK = "xl/workbook.xml"


def around_sheets(package: Package, book: etree._Element, missing: list[str]) -> Iterator[Piece]:
    """Pieces by part; a part that cannot be read is named in ``missing``."""
    yield from _names(book)
    for pattern, pieces in _AROUND:
        for part in package.matching(pattern):
            if (root := _root(package, part, missing)) is not None:
                yield from pieces(root, part)
    yield from _pivoted(package, missing)


def _root(package: Package, part: str, missing: list[str]) -> etree._Element | None:
    try:
        root, wrong = package.saved(part)
    except (Damaged, Encrypted, LimitReached) as why:
        missing.append(named(part, why))
        return None
    missing += [wrong] if wrong else []
    return root


def _names(book: etree._Element) -> Iterator[Piece]:
    """The names that the workbook gives to cells, formulas and words; what programs name for themselves is left out."""
    for number, each in enumerate(book.iter("{*}definedName"), start=1):
        name = each.get("name", "")
        if each.text and not name.startswith("_xlnm."):
            yield Piece(f"{name} = {each.text}", (place(_BOOK, number),), "hidden")


def _comments(root: etree._Element, part: str) -> Iterator[Piece]:
    for comment in root.iter("{*}comment", "{*}threadedComment"):
        yield from _at_cell(comment, part, comment.get("ref", ""), "comment", {"t", "text"})


def _replaced(root: etree._Element, part: str) -> Iterator[Piece]:
    """What a shared workbook's log says stood in a cell before somebody changed it."""
    for old in root.iter("{*}oc"):
        yield from _at_cell(old, part, old.get("r", ""), "deleted", {"t", "v"})


def _at_cell(element: etree._Element, part: str, address: str, mark: str, tags: set[str]) -> Iterator[Piece]:
    text = "".join(each.text or "" for each in element.iter() if local(each) in tags)
    if text.strip():
        yield Piece(text, (FragmentSelector(value=f"part={part}&cell={address}"),), mark)  # type: ignore[arg-type]


def _linked(root: etree._Element, part: str) -> Iterator[Piece]:
    """The cells of another workbook as they were when this one saw them, a piece a row; or the program it is linked to."""
    for number, row in enumerate(root.iter("{*}row", "{*}ddeLink"), start=1):
        values = (
            [row.get("ddeService", ""), row.get("ddeTopic", "")] if local(row) == "ddeLink" else _stored(row)
        )
        yield from _row(values, part, number)


def _stored(row: etree._Element) -> list[str]:
    return [value.text or "" for value in row.iter("{*}v")]


def _pivoted(package: Package, missing: list[str]) -> Iterator[Piece]:
    """The copies that pivot tables keep: the fields with the values each had, then the records."""
    for part in package.matching(r"xl/pivotCache/pivotCacheDefinition\d*\.xml"):
        if (root := _root(package, part, missing)) is None:
            continue
        fields = [
            (each.get("name", ""), [item.get("v", "") for item in each.iterfind("{*}sharedItems/*")])
            for each in root.iter("{*}cacheField")
        ]
        for number, (name, values) in enumerate(fields, start=1):
            yield from _row([name, *values], part, number)
        records = part.replace("Definition", "Records")
        rows = _root(package, records, missing) if package.named(records) else None
        for number, record in enumerate(() if rows is None else rows, start=1):
            yield from _row(
                [_kept_value(*each) for each in zip(record, fields, strict=False)], records, number
            )


def _kept_value(item: etree._Element, field: tuple[str, list[str]]) -> str:
    """A record's value: its own, or the one of the field that its index names."""
    if local(item) != "x":
        return item.get("v", "")
    index, known = whole_number(item.get("v"), -1), field[1]
    return known[index] if 0 <= index < len(known) else ""


def _row(values: list[str], part: str, number: int) -> Iterator[Piece]:
    if any(values):
        yield Piece("\t".join(values), (place(part, number),), "hidden")


_AROUND: tuple[tuple[str, Callable[[etree._Element, str], Iterator[Piece]]], ...] = (
    (r"xl/(comments\d*|threadedComments/threadedComment\d*)\.xml", _comments),
    (r"xl/revisions/revisionLog\d*\.xml", _replaced),
    (r"xl/externalLinks/externalLink\d*\.xml", _linked),
)
