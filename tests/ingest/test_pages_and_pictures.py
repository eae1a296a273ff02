"""PDF and pictures: places by page, what older revisions hold, claims, text by OCR."""

from __future__ import annotations

import io
import tempfile

import pytest
from PIL import Image, ImageDraw, ImageFont

from onrecord.ingest.readers import image
from onrecord.ingest.readers.image import difference_hash
from onrecord.ingest.sandbox import one_worker
from onrecord.ingest.tools import tesseract
from tests.ingest.hostile import CASES
from tests.ingest.making import pdf, png, stream, text_page
from tests.ingest.reading_here import marked, places, reading_and_members, reading_of, text_of

MADE = {case.name: case.make for case in CASES}


def test_a_page_of_a_pdf_is_placed_by_number_and_box() -> None:
    reading = reading_of(pdf(*text_page(b"a line of text")))
    assert (text_of(reading), places(reading)) == ("a line of text", ["page=1&viewrect=0,0,612,792"])


def test_text_taken_out_by_a_later_save_is_found_as_an_old_revision() -> None:
    reading = reading_of(MADE["name taken out.pdf"]())
    assert (marked(reading, ""), marked(reading, "old revision")) == (
        ["nothing to see"],
        ["the name that was taken out"],
    )


@pytest.mark.skipif(tesseract() is None, reason="Tesseract is not installed")
def test_a_fax_in_black_and_white_is_read() -> None:
    page = Image.new("1", (900, 120), 1)
    ImageDraw.Draw(page).text((20, 20), "detained", fill=0, font=ImageFont.load_default(64))
    buffer = io.BytesIO()
    page.save(buffer, "TIFF", compression="group4")
    reading = reading_of(buffer.getvalue(), "fax.tif", ocr="eng")
    assert (reading.outcome, text_of(reading)) == ("read", "detained")


def test_tesseract_is_asked_only_for_frames_that_may_hold_new_words(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [Image.new("L", size, grey) for size, grey in (((40, 40), 0), ((40, 40), 255), ((4, 40), 9))]
    written = Image.new("L", (40, 40), 255)
    ImageDraw.Draw(written).rectangle((5, 5, 20, 20), fill=0)
    buffer = io.BytesIO()
    written.save(buffer, "TIFF", save_all=True, append_images=[*frames, written, written.rotate(90)])
    asked: list[object] = []
    monkeypatch.setattr(image, "tesseract", lambda: "tesseract")
    monkeypatch.setattr(image, "recognise", lambda picture, wanted, place: asked.append(place.value) or [])
    reading = reading_of(buffer.getvalue(), "scan.tif", ocr="eng")
    assert (reading.outcome, asked) == ("read", ["page=1", "page=6"])


def test_the_pages_up_to_the_limit_are_read_of_a_pdf_that_has_more() -> None:
    reading = reading_of(pdf(*text_page(b"the first page")), pages=0)
    assert (reading.outcome, reading.reason) == ("refused", "limit pages (0); so many were read")


def test_comments_and_attached_files_of_a_pdf_are_found() -> None:
    assert marked(reading_of(MADE["note in the margin.pdf"]()), "comment") == ["a note in the margin"]
    _, members = reading_and_members(MADE["climbing attachment.pdf"]())
    assert members == [b"the attached text"]


def test_what_was_filled_into_a_form_is_read_and_drawn() -> None:
    form = _form(b"/V (Qelbinur)")
    assert text_of(reading_of(form)) == "Name:\nQelbinur"
    assert _picture(form) != _picture(_form(b""))


def _form(value: bytes) -> bytes:
    """A page with a field of a form, whose look its program left to the viewer."""
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /F 4 /T (f) %s /DA (/F1 20 Tf 0 g) /Rect [72 600 400 640] >>"
    fields = b"/AcroForm << /Fields [6 0 R] /NeedAppearances true /DR << /Font << /F1 5 0 R >> >> >>"
    return pdf(*text_page(b"Name:", fields, b"/Annots [6 0 R]"), field % value)


def _picture(data: bytes) -> bytes:
    with one_worker() as sandbox, tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return sandbox.picture(file, "form.pdf", 1, 600).png


def test_a_form_described_in_xml_is_read_whose_page_says_only_to_wait() -> None:
    assert marked(reading_of(_xfa(_TEMPLATE, _DATA)), "") == [
        "Please wait",
        "Name of the detained",
        "Qelbinur",
    ]


def test_a_form_described_in_xml_that_is_broken_is_read_as_far_as_it_goes() -> None:
    reading = reading_of(_xfa(_TEMPLATE, _DATA.replace(b"</a>", b"")))
    assert (reading.outcome, marked(reading, "")[:2]) == (
        "read in part",
        ["Please wait", "Name of the detained"],
    )
    assert "the form (XFA)" in reading.reason


_TEMPLATE = b"<template><draw><value><text>Name of the detained</text></value></draw><script>app.alert(1)</script></template>"
_DATA = b"<d:datasets xmlns:d='http://www.xfa.org/schema/xfa-data/1.0/'><d:data><a>Qelbinur</a></d:data></d:datasets>"


def _xfa(template: bytes, data: bytes) -> bytes:
    """A page that shows *Please wait*, and a form in XML."""
    parts = (
        b"(xdp) 6 0 R (template) 7 0 R (datasets) 8 0 R (postamble) 9 0 R",
        b"<x:xdp xmlns:x='http://ns.adobe.com/xdp/'>",
    )
    form = b"/AcroForm << /Fields [] /XFA [%s] >>" % parts[0]
    streams = [stream(part) for part in (parts[1], template, data, b"</x:xdp>")]
    return pdf(*text_page(b"Please wait", form), *streams)


def test_bookmarks_are_read_that_stand_on_no_page() -> None:
    first = b"<< /Title (Names) /Parent 6 0 R /Next 8 0 R /Dest [3 0 R /Fit] >>"
    second = b"<< /Title <FEFF5341516B6708> /Parent 6 0 R /Prev 7 0 R /Dest [3 0 R /Fit] >>"
    outlines = b"<< /Type /Outlines /First 7 0 R /Last 8 0 R /Count 2 >>"
    reading = reading_of(pdf(*text_page(b"Names", b"/Outlines 6 0 R"), outlines, first, second))
    assert (marked(reading, ""), marked(reading, "header")) == (["Names"], ["\u5341\u516b\u6708"])
    assert places(reading)[-1] == "page=1&viewrect=0,0,612,792"


@pytest.mark.parametrize("spec", [b"null", b"<< /Type /Filespec /UF (list.txt) >>"])
def test_an_attached_file_that_is_not_there_is_named_and_the_rest_read(spec: bytes) -> None:
    names = b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R (b) 7 0 R] >> >>"
    whole = b"<< /Type /Filespec /F (kept.txt) /EF << /F 8 0 R >> >>"
    reading, members = reading_and_members(pdf(*text_page(b"page", names), spec, whole, stream(b"kept")))
    assert (reading.outcome, reading.reason) == (
        "read in part",
        "missing: an attached file, which is damaged or not there",
    )
    assert (text_of(reading), members) == ("page", [b"kept"])


def test_a_title_that_is_no_text_is_kept_as_far_as_it_goes() -> None:
    data = pdf(*text_page(b"kept"), b"<< /Title <FEFF0041D800> /Author (who) >>")
    claims = dict(reading_of(data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 6 0 R")).claims)
    assert (claims["Title"][0], claims["Author"]) == ("A", "who")


def test_a_pdf_with_other_things_behind_its_end_is_whole() -> None:
    assert reading_of(pdf(*text_page(b"kept")) + bytes(10_000)).outcome == "read"


def test_a_picture_that_is_cut_off_is_read_and_drawn_as_far_as_it_goes() -> None:
    photo = _photo()[:6000]
    reading = reading_of(photo, "photo.jpg")
    assert (reading.outcome, reading.reason) == (
        "needs OCR",
        "a picture, without the part of it that is cut off or damaged; OCR was not run",
    )
    assert dict(reading.claims)["EXIF DateTime"] == "2018:06:01 10:00:00"
    assert Image.open(io.BytesIO(_picture(photo))).size == (600, 600)


def test_what_a_picture_says_of_itself_is_kept_when_no_pixel_is_left() -> None:
    photo = _photo("PNG")
    reading = reading_of(photo[: photo.index(b"IDAT") + 6], "photo.png")
    assert (reading.outcome, reading.reason) == (
        "failed",
        "the picture cannot be decoded: it is cut off, or bytes in it are missing",
    )
    assert dict(reading.claims)["EXIF DateTime"] == "2018:06:01 10:00:00"


def _photo(kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0132] = "2018:06:01 10:00:00"
    buffer = io.BytesIO()
    Image.radial_gradient("L").resize((300, 300)).rotate(30).save(buffer, kind, exif=exif, quality=95)
    return buffer.getvalue()


@pytest.mark.parametrize(("kind", "ending"), [("JPEG2000", "jp2"), ("ICO", "ico")])
def test_pictures_of_rarer_kinds_are_read(kind: str, ending: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 32), 128).save(buffer, kind)
    reading = reading_of(buffer.getvalue(), f"picture.{ending}")
    assert (reading.outcome, dict(reading.claims)["width"]) == ("needs OCR", "32")


def test_a_damaged_pdf_is_not_called_locked_because_the_one_before_it_was() -> None:
    damaged = MADE["2^40 pages by doubling.pdf"]()
    alone = reading_of(damaged)
    assert reading_of(MADE["locked.pdf"]()).outcome == "encrypted"
    after = reading_of(damaged)
    assert (after.outcome, after.reason) == (alone.outcome, alone.reason) != ("encrypted", alone.reason)


def test_a_page_of_pictures_alone_needs_ocr() -> None:
    objects = list(text_page(b""))
    objects[3] = objects[3].replace(b"() Tj", b"").replace(b"BT", b"0 0 9 9 re f BT")
    reading = reading_of(pdf(*objects))
    assert (reading.outcome, reading.reason) == ("needs OCR", "missing: page 1, without a text layer")


def _with_font(font: bytes, *more: bytes, shown: bytes = b"<0b520c530d540e550f560a510011> Tj") -> bytes:
    """A page whose signs are in a font of one's own."""
    objects = list(text_page(b""))
    return pdf(*objects[:3], stream(b"BT /F1 12 Tf 72 700 Td %s ET" % shown), font, *more)


_CODES_ONLY = _with_font(
    b"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Uyghur /Encoding /Identity-H /DescendantFonts [6 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Uyghur /FontDescriptor 7 0 R "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
    b"<< /Type /FontDescriptor /FontName /AAAAAA+Uyghur /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 "
    b"/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
)
_NAMELESS = _with_font(
    b"<< /Type /Font /Subtype /Type1 /BaseFont /AAAAAA+Own /FirstChar 65 /LastChar 69 "
    b"/Encoding << /Type /Encoding /Differences [65 /g01 /g02 /g03 /g04 /g05] >> >>",
    shown=b"(ABCDE) Tj",
)


@pytest.mark.parametrize("data", [_CODES_ONLY, _NAMELESS], ids=["codes only", "signs without names"])
def test_a_page_whose_fonts_keep_their_letters_to_themselves_is_not_called_read(data: bytes) -> None:
    reading = reading_of(data)
    reason = "missing: page 1, whose fonts do not say which letters they show"
    assert (reading.outcome, reading.reason) == ("needs OCR", reason)
    assert len(reading.pieces) == 1


def test_a_page_with_a_font_that_names_its_signs_is_read() -> None:
    data = _with_font(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /AAAAAA+Own /FirstChar 65 /LastChar 66 "
        b"/Encoding << /Type /Encoding /Differences [65 /uni5580 /uni4EC0] >> >>",
        shown=b"(AB) Tj",
    )
    reading = reading_of(data)
    assert (reading.outcome, [piece.text for piece in reading.pieces]) == ("read", ["喀什"])


def test_a_picture_without_ocr_says_so_and_keeps_its_claims() -> None:
    exif = Image.Exif()
    exif[0x0132] = "2018:05:24 10:00:00"
    buffer = io.BytesIO()
    Image.new("L", (40, 30)).save(buffer, "JPEG", exif=exif)
    reading = reading_of(buffer.getvalue())
    claims = dict(reading.claims)
    assert reading.outcome == "needs OCR"
    assert (claims["width"], claims["height"], claims["EXIF DateTime"]) == ("40", "30", "2018:05:24 10:00:00")


def test_a_heic_picture_gives_its_size_its_exif_and_how_it_looks() -> None:
    heif = pytest.importorskip("pillow_heif", reason="pillow-heif is not installed")
    picture = Image.radial_gradient("L").resize((96, 64)).convert("RGB")
    exif = Image.Exif()
    exif[0x0132] = "2018:05:24 10:00:00"
    buffer = io.BytesIO()
    heif.from_pillow(picture).save(buffer, exif=exif.tobytes())
    reading = reading_of(buffer.getvalue(), "photo.heic")
    claims = dict(reading.claims)
    assert (reading.kind, reading.outcome, claims["width"], claims["height"]) == (
        "heic",
        "needs OCR",
        "96",
        "64",
    )
    assert claims["EXIF DateTime"] == "2018:05:24 10:00:00"
    assert (int(claims["perceptual hash"], 16) ^ int(difference_hash(picture), 16)).bit_count() <= 6
    with one_worker() as sandbox, tempfile.TemporaryFile() as file:
        file.write(buffer.getvalue())
        file.flush()
        assert sandbox.picture(file, "photo.heic", 1, 48).height == 32


def test_a_heic_picture_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "_reads_heif", lambda: False)
    reading = reading_of(b"\0\0\0\x1cftypheic" + bytes(100), "photo.heic")
    assert (reading.outcome, "pip install 'onrecord[pictures]'" in reading.reason) == ("unsupported", True)


def test_a_picture_too_large_to_decode_is_refused_before_decoding() -> None:
    reading = reading_of(png(50_000, 50_000, pixels=b""))
    assert (reading.outcome, reading.reason) == ("refused", "limit pixels (120000000)")


def test_the_same_picture_saved_smaller_and_in_another_format_looks_the_same() -> None:
    picture = Image.radial_gradient("L").resize((300, 200))
    other = Image.linear_gradient("L").resize((300, 200)).rotate(90)
    buffer = io.BytesIO()
    picture.resize((120, 80)).save(buffer, "JPEG", quality=40)
    again = int(difference_hash(Image.open(buffer)), 16)
    assert (int(difference_hash(picture), 16) ^ again).bit_count() <= 6
    assert (int(difference_hash(picture), 16) ^ int(difference_hash(other), 16)).bit_count() > 10


@pytest.mark.skipif(tesseract() is None, reason="Tesseract is not installed")
def test_words_read_by_ocr_keep_their_boxes() -> None:
    picture = Image.new("L", (900, 200), 255)
    ImageDraw.Draw(picture).text((60, 60), "detained in Kashgar", font=ImageFont.load_default(64))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    reading = reading_of(buffer.getvalue(), ocr="eng")
    (piece,) = reading.pieces
    assert (reading.outcome, piece.text, piece.mark) == ("read", "detained in Kashgar", "OCR")
    assert [piece.text[word.start : word.end] for word in piece.words] == ["detained", "in", "Kashgar"]
    first = piece.words[0]
    assert abs(first.left - 60) < 15
    assert first.left < piece.words[1].left < piece.words[2].left
