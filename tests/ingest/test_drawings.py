"""Windows drawings: their words are found, the bitmaps in them are members, and what has neither says so."""

from __future__ import annotations

import struct
import zlib

import pytest

from onrecord.ingest.officeart import pictures
from tests.ingest.reading_here import places, reading_and_members, reading_of

DIB = struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + bytes(4)


def emf_record(kind: int, body: bytes) -> bytes:
    """One record of an EMF."""
    return struct.pack("<II", kind, 8 + len(body)) + body


def emf(*records: bytes) -> bytes:
    """An EMF of these records."""
    return emf_record(1, bytes(32) + b" EMF" + bytes(64)) + b"".join(records) + emf_record(14, bytes(12))


def drawn(text: str) -> bytes:
    """The record that draws a text."""
    raw = text.encode("utf-16-le")
    return emf_record(84, bytes(36) + struct.pack("<II", len(text), 76) + bytes(24) + raw)


def painted() -> bytes:
    """The record that paints a bitmap of one pixel."""
    return emf_record(81, bytes(40) + struct.pack("<IIII", 80, 40, 120, 4) + bytes(16) + DIB)


def wmf_record(kind: int, body: bytes) -> bytes:
    """One record of a WMF."""
    return struct.pack("<IH", 3 + -(-len(body) // 2), kind) + body.ljust(-(-len(body) // 2) * 2, b"\0")


def wmf(*records: bytes) -> bytes:
    """A WMF of these records."""
    return b"\x01\0\x09\0\0\x03" + bytes(12) + b"".join(records) + wmf_record(0, b"")


def font(charset: int) -> bytes:
    """The record that makes a font."""
    return wmf_record(0x02FB, bytes(13) + bytes([charset]) + bytes(6))


def test_the_words_of_an_emf_are_found_by_record() -> None:
    reading = reading_of(emf(drawn("喀什"), drawn("كاشغر")), "plan.emf")
    assert (reading.kind, reading.outcome) == ("emf", "read")
    assert [piece.text for piece in reading.pieces] == ["喀什", "كاشغر"]
    assert places(reading) == ["record=2", "record=3"]


def test_words_drawn_by_gdi_plus_are_found() -> None:
    text = "和田".encode("utf-16-le")
    inner = (
        struct.pack("<HHII", 0x401C, 0, 40 + len(text), 28 + len(text))
        + struct.pack("<III", 0, 0, 2)
        + bytes(16)
        + text
    )
    reading = reading_of(emf(emf_record(70, struct.pack("<I", 4 + len(inner)) + b"EMF+" + inner)), "plan.emf")
    assert [piece.text for piece in reading.pieces] == ["和田"]


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [(134, "gb18030", "喀什"), (204, "cp1251", "Кашгар"), (0, "ascii", "Kashgar")],
)
def test_the_words_of_a_wmf_are_read_in_the_code_page_of_their_font(
    charset: int, encoding: str, text: str
) -> None:
    raw = text.encode(encoding)
    plain = wmf_record(
        0x0521, struct.pack("<H", len(raw)) + raw.ljust(-(-len(raw) // 2) * 2, b"\0") + bytes(4)
    )
    boxed = wmf_record(0x0A32, struct.pack("<HHHH8x", 0, 0, len(raw), 2) + raw)
    reading = reading_of(wmf(font(charset), plain, boxed), "plan.wmf")
    assert reading.kind == "wmf"
    assert [piece.text for piece in reading.pieces] == [text, text]


def test_a_bitmap_in_a_drawing_is_a_member_that_pictures_are_read_as() -> None:
    stretched = wmf_record(0x0F43, bytes(22) + DIB)
    for data, name in ((emf(painted()), "scan.emf"), (wmf(stretched), "scan.wmf")):
        reading, (member,) = reading_and_members(data, name)
        assert [child.name for child in reading.children] == ["bitmap 1.bmp"]
        assert reading_of(member, "bitmap 1.bmp").outcome == "needs OCR"


def test_a_drawing_of_lines_says_that_it_is_not_drawn() -> None:
    reading = reading_of(emf(), "map.emf")
    assert (reading.outcome, reading.reason) == (
        "unsupported",
        "the drawing has no text, and lines are not drawn here",
    )


def test_drawings_in_old_office_files_come_out_unpacked() -> None:
    plan = emf(drawn("喀什"))
    head = struct.pack("<I16xII4xBB", len(plan), 0, 0, 0, 254)
    body = bytes(16) + head.ljust(34, b"\0")[:32] + b"\0\xfe" + zlib.compress(plan)
    record = struct.pack("<HHI", 0x3D40, 0xF01A, len(body)) + body
    assert list(pictures(record)) == [("picture 1.emf", plan)]
