"""PDFium draws what it can of a damaged PDF and does not say what it could not: that must not pass for *read*."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest.pdf_damage import damage
from onrecord.ingest.reading import Outcome
from tests.ingest.making import pdf, stream, text_page
from tests.ingest.reading_here import reading_of, text_of

DRAWN = zlib.compress(b"BT /F1 12 Tf 72 700 Td (a name on a list) Tj ET " * 20)


def page_of(packed: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    catalog, pages, page, _, font = text_page(b"")
    return pdf(catalog, pages, page, stream(packed, b"/Filter " + filters), font)


@given(st.integers(2, len(DRAWN) - 1), st.integers(1, 255))
def test_a_byte_changed_in_what_a_page_shows_is_seen(at: int, change: int) -> None:
    changed = bytearray(DRAWN)
    changed[at] ^= change
    assert damage(page_of(bytes(changed))) == ["what is kept in object 4, which is damaged"]


@pytest.mark.parametrize(
    "whole",
    [
        page_of(DRAWN),
        page_of(base64.a85encode(DRAWN, adobe=True)[2:], b"[/ASCII85Decode /FlateDecode]"),
        page_of(b""),
        page_of(DRAWN[:40]).replace(b"%%EOF", b"4 0 obj\n" + stream(DRAWN, b"/Filter/FlateDecode") + b" endobj\n%%EOF"),
        pdf(*text_page(b"plain"), stream(b"no picture", b"/Subtype /Image /Filter /FlateDecode")),
        pdf(*text_page(b"plain"), extra=b"/Encrypt 9 0 R").replace(b"4 0 obj", b"8 0 obj"),
    ],
    ids=["packed", "packed in letters", "empty", "saved again", "a broken picture", "locked"],
)  # fmt: skip
def test_what_is_whole_or_holds_no_words_or_cannot_be_checked_is_not_called_damaged(whole: bytes) -> None:
    assert damage(whole) == []


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (page_of(DRAWN[:40]), "what is kept in object 4, which is damaged"),
        (page_of(DRAWN).replace(b"\nstream\n", b"\nstr am\n", 1), "what is kept in object 4, which is damaged"),
        (page_of(DRAWN).replace(b"/Filter", b"/Fi\x80ter"), "what is kept in object 4, which is damaged"),
        (page_of(DRAWN).replace(b"/FlateDecode", b"/F\0ateDecode"), "what is kept in object 4, which is damaged"),
        (page_of(b"{|}", b"[/ASCII85Decode /FlateDecode]"), "what is kept in object 4, which is damaged"),
        (pdf(*text_page(b"gone")).replace(b"4 0 obj", b"8 0 obj"), "what object 4 would show on a page"),
        (pdf(*text_page(b"gone")).replace(b"/Contents 4 0 R", b"/Contents[6 0 R 7 0 R]"), "what objects 6, 7 would show"),
        (pdf(*text_page(b"cut"))[:-60], "what stood at its end, which is cut off"),
    ],
)  # fmt: skip
def test_a_damaged_pdf_is_not_called_read(broken: bytes, why: str) -> None:
    reading = reading_of(broken)
    assert reading.outcome in (Outcome.IN_PART, Outcome.FAILED)
    assert why in reading.reason


TWO_PAGES = (
    *text_page(b"first")[:3],
    stream(b"BT /F1 12 Tf 72 700 Td (first) Tj ET"),
    text_page(b"")[4],
    text_page(b"")[2].replace(b"/Contents 4", b"/Contents 7"),
    stream(b"BT /F1 12 Tf 72 700 Td (second) Tj ET"),
)
NO_CATALOG = (b"<< >>", b"<< >>", *TWO_PAGES[2:])


def in_a_stream(*objects: bytes) -> bytes:
    """The body of an object stream that holds these objects, numbered from 1."""
    places = [sum(len(body) + 1 for body in objects[:index]) for index in range(len(objects))]
    head = b" ".join(b"%d %d" % (number, place) for number, place in enumerate(places, start=1)) + b" "
    packed = zlib.compress(head + b"\n".join(objects))
    return stream(packed, b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(objects), len(head)))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (pdf(*text_page(b"kept"))[:-200], "kept"),
        (pdf(*TWO_PAGES)[:-290], "first"),
        (pdf(*NO_CATALOG).split(b"xref")[0], "first\nsecond"),
        (b"%PDF-1.7\n4 0 obj\n" + TWO_PAGES[3] + b"\nendobj\n8 0 obj\n" + in_a_stream(*TWO_PAGES[:3]) + b"\nendobj\n", "first"),
    ],
    ids=["no directory", "half a page", "no catalog", "pages packed together"],
)  # fmt: skip
def test_the_pages_of_a_pdf_that_was_cut_off_are_read(broken: bytes, words: str) -> None:
    reading = reading_of(broken)
    assert text_of(reading).startswith(words)
    assert (reading.outcome, "directory" in reading.reason) == (Outcome.IN_PART, True)


@pytest.mark.parametrize(
    "broken",
    [
        b"%PDF-1.7\nnothing",
        b"%PDF-1.7\n4999999999 0 obj\n<< /Type /Page >>\nendobj\n",
        pdf(*text_page(b"x"), extra=b"/Encrypt 9 0 R")[:-60],
    ],
    ids=["no page", "a number too high", "locked"],
)
def test_a_pdf_without_a_page_that_could_be_found_is_failed(broken: bytes) -> None:
    reading = reading_of(broken)
    assert (reading.outcome, reading.reason[:28]) == (Outcome.FAILED, "the PDF cannot be opened: th")


@given(st.data())
def test_no_cut_of_a_pdf_passes_for_a_whole_one(data: st.DataObject) -> None:
    whole = pdf(*TWO_PAGES)
    end = data.draw(st.integers(20, len(whole) - len(b"startxref\n1234\n%%EOF\n")))
    assert reading_of(whole[:end]).outcome is not Outcome.READ


def test_words_of_the_pages_that_are_whole_are_read() -> None:
    two = pdf(*text_page(b"kept"), stream(DRAWN[:40], b"/Filter /FlateDecode"))
    reading = reading_of(two)
    assert (reading.outcome, text_of(reading)) == (Outcome.IN_PART, "kept")


def test_parts_beyond_what_is_checked_take_no_time() -> None:
    bomb = zlib.compress(bytes(300 << 20), 1)
    assert damage(pdf(*text_page(b"x"), *[stream(bomb, b"/Filter /FlateDecode")] * 40)) == []
