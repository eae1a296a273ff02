"""XLSB: rows, columns and sheets that are not shown, remarks, pictures."""

from __future__ import annotations

import io
import struct

from onrecord.ingest.package import Package
from onrecord.ingest.reading import CellNote
from onrecord.ingest.source import Options
from onrecord.ingest.xlsb import parsed
from tests.ingest.making import zipped
from tests.ingest.reading_here import marked, places, reading_and_members, reading_of

RELATION = (
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{}</Relationships>"
)
TARGET = "<Relationship Id='{}' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}' Target='{}'/>"


def record(kind: int, body: bytes = b"") -> bytes:
    """One record: kind and length in seven bits a byte."""
    return _varied(kind) + _varied(len(body)) + body


def _varied(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def text(value: str) -> bytes:
    """A string of wide characters behind its length."""
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def row(index: int, value: float, *, hidden: bool = False) -> bytes:
    """A row with a number in its first cell."""
    head = struct.pack("<IIHBB5x", index, 0, 255, 0, 0x10 if hidden else 0)
    return record(0, head) + record(5, struct.pack("<IId", 0, 0, value))


def xlsb(rows: bytes, *, columns: bytes = b"", state: int = 0, **parts: bytes | str) -> bytes:
    """A workbook with one sheet; more parts by name with ``__`` for ``/`` and ``_dot_`` for ``.``."""
    size = record(148, struct.pack("<IIII", 0, 9, 0, 9))
    sheet = record(129) + size + columns + record(145) + rows + record(146) + record(130)
    listed = record(156, struct.pack("<II", state, 1) + text("rId1") + text("名单"))
    others = {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": record(131) + record(143) + listed + record(144) + record(132),
            "xl/_rels/workbook.bin.rels": RELATION.format(
                TARGET.format("rId1", "worksheet", "worksheets/sheet1.bin")
            ),
            "xl/worksheets/sheet1.bin": sheet,
            **others,
        }
    )


def test_hidden_rows_and_columns_of_an_xlsb_are_found_and_marked() -> None:
    hidden = record(60, struct.pack("<IIIIH", 1, 3, 0, 0, 1))
    reading = reading_of(xlsb(row(0, 1) + row(1, 2, hidden=True), columns=hidden))
    assert (reading.kind, reading.outcome) == ("xlsb", "read")
    assert reading.tables[0].notes == (CellNote("B:D", "hidden columns"), CellNote("2", "hidden row"))
    assert (marked(reading, ""), marked(reading, "hidden")) == (["1"], ["2"])


def test_a_hidden_sheet_of_an_xlsb_is_marked() -> None:
    assert marked(reading_of(xlsb(row(0, 7), state=2)), "hidden") == ["7"]


def test_remarks_and_pictures_of_an_xlsb_are_found() -> None:
    remark = record(635, struct.pack("<IIIII16x", 0, 4, 4, 2, 2)) + record(637, b"\0" + text("شۇ ئادەم"))
    relations = RELATION.format(TARGET.format("rId1", "comments", "../comments1.bin"))
    reading, members = reading_and_members(
        xlsb(
            row(0, 1),
            xl__comments1_dot_bin=remark,
            xl__worksheets___rels__sheet1_dot_bin_dot_rels=relations,
            xl__media__image1_dot_png=b"picture",
        )
    )
    assert marked(reading, "comment") == ["شۇ ئادەم"]
    assert places(reading)[-1] == "sheet=%E5%90%8D%E5%8D%95&cells=C5:C5"
    assert members == [b"picture"]


def test_what_stands_before_a_record_that_lies_about_its_length_is_seen() -> None:
    data = xlsb(row(0, 1, hidden=True) + b"\x3c\xff\xff\xff\x7f")
    assert parsed(Package(io.BytesIO(data), Options())).sheets["名单"].notes == [CellNote("1", "hidden row")]
