"""Great numbers and great depths: members, pages, rows, frames, records, groups in groups."""

from __future__ import annotations

import bz2
import gzip
import io
import struct
import tarfile
import zlib

from onrecord.ingest.container import container
from tests.ingest.hostile.case import FAILED, IN_PART, NEEDS_OCR, READ, REFUSED, Case
from tests.ingest.hostile.floods import ANY
from tests.ingest.hostile.mail_and_web import HEAD
from tests.ingest.making import docx, ods, pdf, png, stream, text_page, xlsx, zipped

MIB = 1 << 20
SEEN = (*ANY, NEEDS_OCR)


def _entries(count: int) -> bytes:
    """A ZIP in its 64-bit form with so many members that share one empty body."""
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    one = (
        struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    )
    start, size = len(local), len(one) * count
    end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1)
    return (
        local
        + one * count
        + end
        + locator
        + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, size, start, 0)
    )


def _tar(count: int) -> bytes:
    return tarfile.TarInfo("a").tobuf(tarfile.USTAR_FORMAT) * count + bytes(1024)


def _messages_attached(depth: int) -> bytes:
    """A message (MSG) that holds a message that holds …"""
    streams = {("__properties_version1.0",): bytes(32)}
    inside: tuple[str, ...] = ()
    for level in range(depth):
        streams[(*inside, "__substg1.0_0037001F")] = f"level {level}".encode("utf-16-le")
        inside = (*inside, "__attach_version1.0_#00000000", "__substg1.0_3701000D")
    return container(streams)


def _attachments(count: int) -> bytes:
    """A message (MSG) with so many attachments."""
    streams = {("__properties_version1.0",): bytes(32)}
    for number in range(count):
        streams[(f"__attach_version1.0_#{number:08X}", "__substg1.0_37010102")] = b"x"
    return container(streams)


def _comments_in_address(depth: int) -> bytes:
    return (
        b"From: a@example.org\r\nTo: "
        + b"(" * depth
        + b")" * depth
        + b" b@example.org\r\nSubject: x\r\n\r\nthe body\r\n"
    )


def _animated_png(frames: int) -> bytes:
    control = [(b"fcTL", struct.pack(">IIIIIHHBB", n, 4, 4, 0, 0, 1, 10, 0, 0)) for n in range(frames)]
    return png(4, 4, (b"acTL", struct.pack(">II", frames, 0)), *control)


def _scans(count: int) -> bytes:
    """A progressive JPEG of 64 megapixels that is refined so many times (libjpeg-turbo's known weakness)."""
    frame = struct.pack(">BHHB", 8, 8000, 8000, 1) + b"\1\x11\0"
    quantities = b"\xff\xdb\0\x43\0" + bytes([1]) * 64
    codes = b"\xff\xc4" + struct.pack(">H", 2 + 1 + 16 + 1) + b"\0" + b"\1" + bytes(15) + b"\0"
    codes += b"\xff\xc4" + struct.pack(">H", 2 + 1 + 16 + 1) + b"\x10" + b"\1" + bytes(15) + b"\0"
    first = b"\xff\xda\0\x08\1\1\0\0\0\0" + bytes(8)
    again = b"\xff\xda\0\x08\1\1\0\1\x3f\0" + bytes(8)
    return (
        b"\xff\xd8"
        + quantities
        + b"\xff\xc2"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + codes
        + first
        + again * count
        + b"\xff\xd9"
    )


def _many_pages(count: int) -> bytes:
    """One page that the tree lists again and again."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + b"3 0 R " * count + b"] /Count %d >>" % count,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    )


def _revisions(count: int) -> bytes:
    """A PDF of 2,000 pages with so many ends of file in it."""
    page = _many_pages(2000)
    return page + b"\n%%EOF\n" * count + b" " * 64 + page[page.index(b"xref\n0") :]


def _attached_bomb() -> bytes:
    """A PDF with text, and an attached file that unpacks to 3 GiB."""
    extra = b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>"
    spec = b"<< /Type /Filespec /F (bomb.bin) /UF (bomb.bin) /EF << /F 7 0 R >> >>"
    packer = zlib.compressobj(9)
    data = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return pdf(
        *text_page(b"kept", extra),
        spec,
        stream(data + block * 3072, b"/Type /EmbeddedFile /Filter /FlateDecode"),
    )


def _styles(count: int) -> bytes:
    data = xlsx("<row r='1'><c r='A1' s='7'><v>8</v></c></row>")
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    formats = "<cellXfs>" + "<xf numFmtId='0'/>" * count + "</cellXfs>"
    return zipped(parts | {"xl/styles.xml": f"<styleSheet>{formats}</styleSheet>".encode()})


def _chunked_page(count: int) -> bytes:
    """A WARC whose page comes in chunks of one byte."""
    body = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"1\r\nx\r\n" * count
        + b"0\r\n\r\n"
    )
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\nContent-Length: %d\r\n\r\n"
        % len(body)
    )
    return head + body + b"\r\n\r\n"


def _html(body: bytes) -> bytes:
    return b"<html><body>" + body + b"</body></html>"


CASES: tuple[Case, ...] = (
    Case("messages 60 deep.msg", lambda: _messages_attached(60), (REFUSED, READ, FAILED)),
    Case("500 attachments.msg", lambda: _attachments(500), (READ,)),
    Case("10,000 comments in an address.eml", lambda: _comments_in_address(10_000), (READ,), "the body"),
    Case("50,000 addresses.eml", lambda: HEAD % b"x" + b"Cc: " + b"a@example.org, " * 50_000 + b"\r\n\r\nthe body\r\n", (READ,), "the body"),
    Case("50,000 parameters of a name.eml", lambda: HEAD % b"x" + b"Content-Type: text/plain" + b"".join(
         b"; name*%d*=%%41" % n for n in range(5_000)) + b"\r\n\r\nthe body\r\n", ANY),
    Case("10,000 frames.png", lambda: _animated_png(10_000), SEEN),
    Case("6,000 pages.pdf", lambda: _many_pages(6000), (REFUSED, IN_PART, FAILED)),
    Case("attached file of 3 GiB.pdf", _attached_bomb, (IN_PART,), "kept", ()),
    Case("5,000 comments.jpg", lambda: b"\xff\xd8" + b"\xff\xfe\xff\xff" * 1 + bytes(65533) + b"\xff\xfe\0\x04ab" * 5000 + b"\xff\xd9", SEEN),
    Case("200,000 styles.xlsx", lambda: _styles(200_000), (READ, REFUSED), "8"),
    Case("100,000 groups in groups.rtf", lambda: b"{\\rtf1 before " + b"{\\b x" * 100_000 + b"}" * 100_000 + b"}", (READ, REFUSED, IN_PART)),
    Case("200,000 closing braces.rtf", lambda: b"{\\rtf1 before }" + b"}" * 200_000 + b" after", ANY, "before"),
    Case("page in 200,000 chunks.warc", lambda: _chunked_page(200_000), (READ, IN_PART, REFUSED)),
    Case("20,000 spans in spans.docx", lambda: docx("<w:p>" + "<w:r><w:t>x</w:t></w:r>" * 20_000 + "</w:p>"), (READ,), "xxxx"),
    Case("200 tables in tables.docx", lambda: docx("<w:tbl><w:tr><w:tc>" * 80 + "<w:p><w:r><w:t>innermost</w:t></w:r></w:p>"
         + "</w:tc></w:tr></w:tbl>" * 80), (READ, FAILED), "innermost"),
    Case("hidden row at the end.ods", lambda: ods("<table:table table:name='t'><table:table-row table:number-rows-repeated='1048575' "
         "table:visibility='collapse'><table:table-cell table:number-columns-repeated='16384'/></table:table-row><table:table-row>"
         "<table:table-cell office:value-type='float' office:value='4'/></table:table-row></table:table>"), (READ,), "4"),
    Case("a million empty lines.jsonl", lambda: b'{"a":1}\n' + b"\n" * 1_000_000 + b'{"a":2}', (READ,), "2"),
    Case("a million empty lists.json", lambda: b"[" + b"[]," * 500_000 + b"[]]", (READ, REFUSED)),
    Case("a million divisions.html", lambda: _html(b"<div>" * 1_000_000 + b"end"), (REFUSED,)),
    Case("a million entities.html", lambda: _html(b"&amp;&#x5580;" * 200_000 + b"end"), (READ,), "end"),
    Case("20,000 attributes twice.html", lambda: _html(b"<p " + b" ".join(b"a%d=1" % n for n in range(20_000)) + b">end</p>"), (READ,), "end"),
    Case("30,000 uses of uses.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><g id='a0'><text>end</text></g>" + b"".join(
         b"<g id='a%d'>" % n + b"<use href='#a%d'/>" % (n - 1) * 10 + b"</g>" for n in range(1, 3000)) + b"</svg>", (READ,), "end"),
    Case("10,000 packed streams.gz", lambda: gzip.compress(b"x") * 10_000, (READ,)),
)  # fmt: skip

SLOW: tuple[Case, ...] = (
    Case("12,000 attachments.msg", lambda: _attachments(12_000), (READ,)),
    Case("25,000 empty files.tar", lambda: _tar(25_000), (REFUSED,)),
    Case("a million members.zip", lambda: _entries(1_000_000), (REFUSED,)),
    Case("a million pages.pdf", lambda: _many_pages(1_000_000), (REFUSED, FAILED)),
    Case("100,000 frames.gif", lambda: b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
         + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0" * 100_000 + b";", SEEN),
    Case("1,000 refinements of 64 megapixels.jpg", lambda: _scans(1000), SEEN),
    Case("a thousand ends of file.pdf", lambda: _revisions(1000), SEEN),
    Case("1,048,576 rows.xlsx", lambda: xlsx("".join(f"<row r='{n}'><c r='A{n}'><v>{n}</v></c></row>" for n in range(1, 1_048_577))),
         (READ, REFUSED)),
    Case("a million strings.xlsx", lambda: xlsx("<row r='1'><c r='A1' t='s'><v>0</v></c></row>", strings="<sst>" + "<si><t>x</t></si>" * 2_000_000
         + "</sst>"), (READ, REFUSED)),
    Case("line of 60 MB.txt", lambda: "维吾尔 ".encode() * 6_000_000, (READ, REFUSED)),
    Case("line of 100 MB.csv", lambda: b"x" * 100_000_000, (READ, REFUSED)),
    Case("100 bzip2 streams of 1 MB each.tar.bz2", lambda: bz2.compress(bytes(MIB)) * 100, (READ, REFUSED)),
    Case("a million lines.jsonl", lambda: b'{"a":1}\n' * 1_000_000, (READ, REFUSED)),
    Case("a million rows of one.csv", lambda: b"1\n" * 3_000_000, (READ, REFUSED)),
)  # fmt: skip
"""Those that take seconds until they are read or meet a limit."""
