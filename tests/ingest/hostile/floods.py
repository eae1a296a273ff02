"""Small files that ask for a great deal: of time more than of memory, so each names a step that was once quadratic."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from onrecord.ingest.container import container
from tests.ingest.hostile.case import FAILED, IN_PART, NEEDS_OCR, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.hostile.mail_and_web import HEAD
from tests.ingest.making import W, docx, ods, odt, pdf, png, stream, text_page, xlsx, zipped
from tests.ingest.old_office import packed, ppt_with, remark, rtf_with, workbook, xls

MIB = 1 << 20
ANY = (READ, IN_PART, FAILED, REFUSED)


def _names(count: int, name: bytes) -> bytes:
    """A ZIP of empty members with names that are not UTF-8."""
    local, central, start = bytearray(), bytearray(), 0
    for number in range(count):
        raw = name + b"%06d" % number
        central += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(raw), 0, 0, 0, 0, 0, start
        ) + raw  # fmt: skip
        local += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, len(raw), 0) + raw
        start = len(local)
    end = struct.pack(
        "<4sHHHHIIH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(central), len(local), 0
    )
    return bytes(local + central + end)


def _backwards_tar() -> bytes:
    """A header whose size is negative, so that the next header is this one again (CVE-2025-8194)."""
    header = bytearray(tarfile.TarInfo("loop.txt").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 10 + struct.pack(">h", -1024)
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:512]))
    return bytes(header) * 2 + bytes(1024)


def _pax_bomb() -> bytes:
    """Extended headers that need a quadratic time to be parsed by a careless pattern (CVE-2024-6232)."""
    body = b"1" * 400_000
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, len(body)
    return header.tobuf(tarfile.USTAR_FORMAT) + body.ljust(-(-len(body) // 512) * 512, b"\0") + bytes(1024)


def _zip_of(method: int, mebibytes: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for number in range(mebibytes // 16):
            archive.writestr(f"{number}.bin", bytes(16 * MIB))
    return buffer.getvalue()


def _seven_zip_bomb() -> bytes:
    import py7zr

    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 0}]) as archive:
        archive.writestr(bytes(700 * MIB), "zeros.bin")
    return buffer.getvalue()


def _seven_zip_of_zeros() -> bytes:
    """Within the limit of bytes, out of a few kilobytes."""
    import py7zr

    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 0}]) as archive:
        archive.writestr(b"words", "first.txt")
        archive.writestr(bytes(40 * MIB), "zeros.bin")
        archive.writestr(b"words", "last.txt")
    return buffer.getvalue()


def _seven_zip_climbing() -> bytes:
    import py7zr

    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w") as archive:
        archive.writestr(b"text", "aaaaaa/climbed")
    return buffer.getvalue()


def _attached(disposition: bytes) -> bytes:
    part = (
        b"--b\r\nContent-Type: application/x\r\nContent-Disposition: attachment%s\r\n\r\nbody\r\n"
        % disposition
    )
    return HEAD % b"x" + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + part + b"--b--\r\n"


def _plain(headers: bytes, body: bytes = b"the body\r\n") -> bytes:
    return HEAD % b"x" + headers + b"\r\n" + body


def _nested_messages_with_boundaries(depth: int) -> bytes:
    data = b""
    for level in range(depth):
        data += HEAD % b"m" + b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (
            level,
            level,
        )
        data += b"Content-Type: message/rfc822\r\n\r\n"
    return data + HEAD % b"inner" + b"\r\nthe innermost\r\n"


def _objects(count: int) -> bytes:
    """A PDF whose object stream says it holds more objects than it has bytes."""
    objects = list(text_page(b"kept"))
    objects.append(
        stream(zlib.compress(b"1 0 " * 1000), b"/Type /ObjStm /N %d /First 4000 /Filter /FlateDecode" % count)
    )
    return pdf(*objects)


def _xref_stream_loop() -> bytes:
    """Two cross-reference streams that each name the other as the one before."""
    objects = list(text_page(b"kept"))
    data = pdf(*objects)
    at = len(data)
    table = (
        b"6 0 obj\n"
        + stream(
            zlib.compress(bytes(8)),
            b"/Type /XRef /Size 7 /W [1 2 1] /Index [0 2] /Root 1 0 R /Prev %d /Filter /FlateDecode" % at,
        )
        + b"\nendobj\n"
    )
    return data[: data.rindex(b"startxref")] + table + b"startxref\n%d\n%%%%EOF\n" % (at - 40)


def _image_in_pdf(width: int, height: int) -> bytes:
    objects = list(text_page(b"kept"))
    objects[2] = objects[2].replace(b"/Resources <<", b"/Resources << /XObject << /X 6 0 R >>")
    objects[3] = stream(b"BT /F1 12 Tf 72 700 Td (kept) Tj ET q 500 0 0 500 0 0 cm /X Do Q")
    image = stream(
        zlib.compress(bytes(10 * MIB), 9),
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
        % (width, height),
    )
    return pdf(*objects, image)


def _annotations(count: int) -> bytes:
    note = b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (note) >>"
    return pdf(*text_page(b"kept", page=b"/Annots [" + b"6 0 R " * count + b"]"), note)


def _outlines() -> bytes:
    """A name tree of attached files that is its own child."""
    extra = b"/Names << /EmbeddedFiles 6 0 R >>"
    return pdf(*text_page(b"kept", extra), b"<< /Kids [6 0 R 6 0 R] /Names [(a) 6 0 R] >>")


def _many_frames(count: int) -> bytes:
    """A TIFF of directories, each of one pixel."""
    out = bytearray(b"II*\0" + struct.pack("<I", 8))
    tags = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 0), (278, 3, 1, 1),
            (279, 4, 1, 1)]  # fmt: skip
    for _ in range(count):
        out += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
        out += struct.pack("<I", len(out) + 4)
    return bytes(out)


def _jpeg(width: int, height: int) -> bytes:
    """A JPEG whose head claims a size, without pixels."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def _webp(width: int, height: int) -> bytes:
    """An animation whose canvas claims a size (WebP container specification)."""
    canvas = struct.pack("<I", 2) + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    animation = struct.pack("<IH", 0, 0)
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + b"ANIM" + struct.pack("<I", 6) + animation
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(width: int, height: int) -> bytes:
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", width, height, 0x80, 0, 0)
        + bytes(6)
        + b",\0\0\0\0"
        + struct.pack("<HH", width, height)
        + b"\0\2\2D\1\0;"
    )


def _many_streams(count: int) -> bytes:
    return container(
        {("MBD1", f"s{number}"): b"x" for number in range(count)} | {("Workbook",): workbook(("a", b""))}
    )


def _shared_strings(cells: int, length: int) -> bytes:
    """One long string that many cells show."""
    row = "<row r='{0}'><c r='A{0}' t='s'><v>0</v></c></row>"
    return xlsx(
        "".join(row.format(n) for n in range(1, cells + 1)),
        strings=f"<sst><si><t>{'x' * length}</t></si></sst>",
    )


def _sheets(count: int) -> bytes:
    """Many sheets that are all the same part, with a thousand rows."""
    data = xlsx("<row><c><v>1</v></c></row>" * 1000)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    book = "".join(f"<sheet name='s{n}' sheetId='{n}' r:id='rId1'/>" for n in range(count))
    parts["xl/workbook.xml"] = (
        "<workbook xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>"
        + book + "</sheets></workbook>"
    ).encode()  # fmt: skip
    return zipped(parts)


def _biff_sheets(count: int) -> bytes:
    """A workbook of empty sheets, and one with a thousand hidden rows."""
    rows = b"".join(struct.pack("<HHHHHHHHHH", 0x0208, 16, n, 0, 5, 255, 0, 0, 0x20, 0) for n in range(1000))
    return xls(*[(f"s{n}", b"") for n in range(count - 1)], ("rows", rows))


def _html(body: bytes) -> bytes:
    return b"<html><body>" + body + b"</body></html>"


def _mhtml() -> bytes:
    return (
        b"From: <Saved>\r\nSubject: page\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/html\r\nContent-Location: file:///etc/passwd\r\n\r\n"
        b"<html><script>fetch('http://127.0.0.1:9')</script><iframe src='file:///etc/passwd'></iframe><p>shown</p></html>\r\n"
        b"--b\r\nContent-Type: text/javascript\r\nContent-Location: http://127.0.0.1:9/x.js\r\n\r\nalert(1)\r\n--b--\r\n"
    )


def _warc_records(count: int) -> bytes:
    return b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 0\r\n\r\n\r\n\r\n" * count


def _wacz() -> bytes:
    return zipped({"datapackage.json": "{}", "archive/../../climbed.warc.gz": gzip.compress(b"WARC/1.0\r\n\r\n"),
                   "archive/data.warc": b"WARC/1.0\r\nContent-Length: 99999\r\n\r\nx"})  # fmt: skip


def _quine() -> bytes:
    """A gzip that holds a gzip that holds …, 40 deep: the part of a quine that matters is that it does not end."""
    data = b"text"
    for _ in range(40):
        data = gzip.compress(data)
    return data


ROW = "<table:table-row {}>{}</table:table-row>"
CELL = "<table:table-cell office:value-type='float' office:value='1' {}/>"

CASES: tuple[Case, ...] = (
    Case("20,000 names in no known code.zip", lambda: _names(20_000, bytes(range(0x80, 0xA0))), (READ, REFUSED)),
    Case("backwards.tar", _backwards_tar, (*ANY, UNSUPPORTED)),
    Case("16 xz bombs in a row.xz", lambda: lzma.compress(bytes(64 * MIB)) * 16, (REFUSED,)),
    Case("climbing.7z", lambda: _seven_zip_climbing().replace("aaaaaa".encode("utf-16-le"), "../../".encode("utf-16-le")),
         (READ, FAILED, UNSUPPORTED)),
    Case("gzip 40 deep.gz", _quine, (READ,)),
    Case("200,000 empty streams.gz", lambda: gzip.compress(b"") * 200_000, (READ, REFUSED)),
    Case("200,000 empty streams.bz2", lambda: bz2.compress(b"") * 200_000, (READ, REFUSED)),
    Case("pieces of a name.eml", lambda: _attached(b"".join(b';\r\n filename*%d="x"' % n for n in range(20_000))), ANY),
    Case("200,000 encoded words.eml", lambda: _plain(b"Cc: " + b" =?utf-8?q?x?=\r\n" * 200_000), ANY),
    Case("header in a strange code.eml", lambda: _plain(b"Cc: =?punycode?q?" + b"x" * 200_000 + b"-abc?=\r\n"), ANY),
    Case("body in a strange code.eml", lambda: _plain(b"Content-Type: text/plain; charset=punycode\r\n", b"a" * 400_000 + b"-" + b"b" * 400_000),
         ANY),
    Case("body that unpacks by its charset.eml", lambda: _plain(b"Content-Type: text/plain; charset=zlib_codec\r\n", zlib.compress(bytes(10_000))),
         (*ANY, UNSUPPORTED)),
    Case("messages in parts in messages.eml", lambda: _nested_messages_with_boundaries(60), ANY),
    Case("400 messages in parts.eml", lambda: _nested_messages_with_boundaries(400), ANY),
    Case("scripts.mhtml", _mhtml, (READ,), "shown"),
    Case("object stream that lies.pdf", lambda: _objects(2_000_000_000), (*ANY, NEEDS_OCR)),
    Case("tables that name each other.pdf", _xref_stream_loop, (*ANY, NEEDS_OCR)),
    Case("16 gigapixels inside.pdf", lambda: _image_in_pdf(131072, 131072), (*ANY, NEEDS_OCR), "kept"),
    Case("a million notes.pdf", lambda: _annotations(1_000_000), (*ANY,)),
    Case("files that hold themselves.pdf", _outlines, (*ANY, NEEDS_OCR)),
    Case("page of a million words.pdf", lambda: pdf(*[stream(b"BT /F1 12 Tf " + b"(w) Tj " * 500_000 + b"ET") if n == 3 else o
         for n, o in enumerate(text_page(b"x"))]), ANY),
    Case("100,000 directories.tif", lambda: _many_frames(100_000), (NEEDS_OCR, READ, REFUSED, FAILED)),
    Case("4 gigapixels.jpg", lambda: _jpeg(65535, 65535), (REFUSED, FAILED)),
    Case("4 gigapixels.gif", lambda: _gif(65535, 65535), (REFUSED, FAILED)),
    Case("268 megapixels.webp", lambda: _webp(16384, 16384), (REFUSED, FAILED)),
    Case("281 terapixels.webp", lambda: _webp(1 << 24, 1 << 24), (REFUSED, FAILED)),
    Case("5,000 chunks.png", lambda: png(4, 4, *[(b"tEXt", b"k\0v")] * 5000), (NEEDS_OCR, READ, FAILED)),
    Case("900 million pixels.avif", lambda: b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf" + bytes(200), (FAILED, UNSUPPORTED)),
    Case("2,000 streams.xls", lambda: _many_streams(2000), ANY),
    Case("one string in 20,000 cells.xlsx", lambda: _shared_strings(20_000, 1_000_000), (REFUSED, FAILED)),
    Case("3,000 times the same sheet.xlsx", lambda: _sheets(3000), (REFUSED, READ)),
    Case("2,000 sheets.xls", lambda: _biff_sheets(1500), (READ, REFUSED, FAILED)),
    Case("10,000 remarks.xls", lambda: xls(("a", b"".join(remark(n % 1000, 0, "x", n % 60_000) for n in range(300)))), ANY),
    Case("far repeated row.ods", lambda: ods("<table:table table:name='t'>" + ROW.format("table:number-rows-repeated='1048575'", "<table:table-cell/>")
         + ROW.format("", CELL.format("")) + "</table:table>"), (READ,), "1"),
    Case("10^9 repeated columns.ods", lambda: ods("<table:table table:name='t'>" + ROW.format("", CELL.format("table:number-columns-repeated='999999999'"))
         + "</table:table>"), (READ, REFUSED)),
    Case("minus repeated.ods", lambda: ods("<table:table table:name='t'>" + ROW.format("table:number-rows-repeated='-5'", CELL.format(
         "table:number-columns-repeated='x'")) + "</table:table>"), (READ,), "1"),
    Case("a million nested tables.docx", lambda: docx("<w:tbl><w:tr><w:tc>" * 1_000_000), (FAILED, REFUSED)),
    Case("attributes by the thousand.docx", lambda: zipped({"word/document.xml": f"<w:document {W} " + " ".join(
         f"a{n}='x'" for n in range(100_000)) + "/>"}), ANY),
    Case("names by the thousand.xml", lambda: b"<?xml version='1.0'?><z>" + b"".join(b"<n%d>x</n%d>" % (n, n) for n in range(100_000)) + b"</z>",
         (READ, IN_PART)),
    Case("packed file that lies.rtf", lambda: rtf_with(b"Package", packed(b"a" * 100, b"x").replace(b"\1\0\0\0x", b"\xff\xff\xff\xffx")), ANY),
    Case("pictures in pictures.rtf", lambda: b"{\\rtf1 " + b"{\\pict" * 1900 + b"}" * 1900 + b" end}", ANY),
    Case("bytes that lie in a picture.rtf", lambda: b"{\\rtf1 before {\\pict\\pngblip\\bin2147483647 x}}", ANY, "before"),
    Case("noise in an object.ppt", lambda: ppt_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20), (IN_PART, FAILED)),
    Case("object that bursts.ppt", lambda: ppt_with(bytes(400 * MIB)), (REFUSED,)),
    Case("10^6 characters in a cell.csv", lambda: b"a,b,c\n" + b"x" * 1_000_000 + b",2,3\n", (READ,)),
    Case("100,000 columns.csv", lambda: b"h," * 100_000 + b"\n" + b"1," * 100_000 + b"\n", (REFUSED,)),
    Case("a million deep.json", lambda: b'[{"a":' * 500_000, (IN_PART, REFUSED)),
    Case("charset of a strange code.html", lambda: b"<html><meta charset='punycode'><p>" + b"a" * 400_000 + b"-" + b"b" * 400_000 + b"</p></html>",
         (READ, IN_PART)),
    Case("selects in tables in forms.html", lambda: _html(b"<table><form><select>" * 20_000 + b"end"), ANY),
    Case("a million open formats.html", lambda: _html(b"<a><b><i><u>" * 20_000 + b"end"), ANY),
    Case("comment without end.html", lambda: _html(b"<p>kept</p><!--" + b"-" * 1_000_000), (READ,), "kept"),
    Case("200,000 requests.warc", lambda: _warc_records(200_000), (READ, REFUSED)),
    Case("climbing.wacz", _wacz, (READ,), members=("datapackage.json", "archive/../../climbed.warc.gz", "archive/data.warc")),
    Case("xl in binary.xlsb", lambda: zipped({"xl/workbook.bin": bytes(range(256)) * 40, "xl/worksheets/sheet1.bin": b"\x81\x01\xff\xff\xff\x7f"}),
         (FAILED, READ, IN_PART)),
)  # fmt: skip

SLOW: tuple[Case, ...] = (
    Case("300,000 members.zip", lambda: _names(300_000, b"n"), (REFUSED,)),
    Case("header without end.tar", _pax_bomb, ANY),
    Case("zip of bzip2.zip", lambda: _zip_of(zipfile.ZIP_BZIP2, 256), (REFUSED, FAILED, READ)),
    Case("zip of lzma.zip", lambda: _zip_of(zipfile.ZIP_LZMA, 256), (REFUSED, FAILED, READ)),
    Case("bomb.7z", _seven_zip_bomb, (REFUSED, UNSUPPORTED)),
    Case("zeros between words.7z", _seven_zip_of_zeros, (REFUSED,), members=("first.txt",)),
    Case("parameters without end.eml", lambda: _attached(b"; a" * 300_000), (*ANY,)),
    Case("boundary of 1 MB.eml", lambda: _plain(b'Content-Type: multipart/mixed; boundary="' + b"b" * 1_000_000 + b'"\r\n'), ANY),
    Case("million line body.eml", lambda: _plain(b'Content-Type: multipart/mixed; boundary="b"\r\n', b"--b\r\n\r\n" + b"x\r\n" * 1_000_000), ANY),
    Case("million paragraphs.odt", lambda: odt("<text:p>x</text:p>" * 300_000), (READ, REFUSED)),
    Case("repeated rows of one cell.ods", lambda: ods("<table:table table:name='t'>" + ROW.format("table:number-rows-repeated='1048576'", CELL.format(""))
         + "</table:table>"), (READ, REFUSED)),
    Case("200,000 siblings.xml", lambda: b"<?xml version='1.0'?><z>" + b"<a>x</a>" * 200_000 + b"</z>", (READ,), "x"),
    Case("100,000 pictures.rtf", lambda: b"{\\rtf1 " + b"{\\pict\\pngblip 89504e47}" * 100_000 + b"}", (READ, REFUSED, IN_PART)),
)  # fmt: skip
