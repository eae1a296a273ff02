"""Small files of many kinds, made here byte by byte, so that every test says what is in its file."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with these members in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def zeros_deflated(mebibytes: int) -> bytes:
    """A raw deflate stream that unpacks to so many MiB of zeros; made by repeating one flushed block."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + block * (mebibytes - 1) + b"\x03\x00"


def zip_of_stream(name: str, packed: bytes, size: int, crc: int = 0) -> bytes:
    """A ZIP with one member whose deflate stream, size and checksum are given, true or not."""
    raw = name.encode()
    local = struct.pack(
        "<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(packed), size & 0xFFFFFFFF, len(raw), 0
    )
    central = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(packed), size & 0xFFFFFFFF, len(raw),
        0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    start = len(local) + len(raw) + len(packed)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central) + len(raw), start, 0)
    return local + raw + packed + central + raw + end


def docx(body: str, **parts: str) -> bytes:
    """A Word document with this body; more parts by name with ``__`` for ``/``."""
    document = f"<?xml version='1.0'?><w:document {W}><w:body>{body}</w:body></w:document>"
    others = {name.replace("__", "/") + ".xml": text for name, text in parts.items()}
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **others})


def xlsx(rows: str, *, sheet: str = "", book: str = "", strings: str = "", before: str = "") -> bytes:
    """A workbook with one sheet of these rows. ``sheet`` are attributes of the sheet's entry in the workbook."""
    workbook = f"<workbook {S} {R}>{book}<sheets><sheet name='List' sheetId='1' {sheet} r:id='rId1'/></sheets></workbook>"
    rels = "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml'/></Relationships>"
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": rels,
        "xl/worksheets/sheet1.xml": f"<worksheet {S}>{before}<sheetData>{rows}</sheetData></worksheet>",
    }
    return zipped(parts | ({"xl/sharedStrings.xml": strings} if strings else {}))


def odt(body: str) -> bytes:
    """An OpenDocument text with this body."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f"<o:document-content xmlns:o='{names}office:1.0' xmlns:text='{names}text:1.0' xmlns:table='{names}table:1.0'>"
        f"<o:body><o:text>{body}</o:text></o:body></o:document-content>"
    )
    return zipped(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}, zipfile.ZIP_STORED
    )


def ods(body: str) -> bytes:
    """An OpenDocument spreadsheet with this body."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f"<office:document-content xmlns:office='{names}office:1.0' xmlns:text='{names}text:1.0' xmlns:table='{names}table:1.0'>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
    return zipped(
        {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}, zipfile.ZIP_STORED
    )


def pdf(*objects: bytes, root: int = 1, extra: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with a true cross-reference table."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return out + _trailer(out, places, root, extra)


def _trailer(out: bytes, places: list[int], root: int, extra: bytes) -> bytes:
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    return table + b"trailer << /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(places) + 1, root, extra, len(out),
    )  # fmt: skip


def stream(data: bytes, attributes: bytes = b"") -> bytes:
    """A PDF stream object's body."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), attributes, data)


def text_page(text: bytes, extra: bytes = b"", page: bytes = b"") -> tuple[bytes, ...]:
    """Objects 1 to 5 of a PDF with one page that shows a line of text."""
    drawn = b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % text
    return (
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % extra,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> %s >>" % page,
        stream(drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def png(width: int, height: int, *chunks: tuple[bytes, bytes], pixels: bytes | None = None) -> bytes:
    """A grey PNG; its size may be a lie if ``pixels`` are given."""
    rows = zlib.compress(b"".join(b"\0" + bytes(width) for _ in range(height))) if pixels is None else pixels
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def ole(streams: Mapping[str, bytes], *, loop: bool = False) -> bytes:
    """An OLE2 container ([MS-CFB]) with these streams below its root, each filled up to 4,096 bytes.

    With ``loop`` the chain of each stream leads back to its start.
    """
    fat: list[int] = [0xFFFFFFFD]
    body, starts = b"", []
    directory_start = 1
    count = -(-(len(streams) + 1) // 4)
    fat += [*range(directory_start + 1, directory_start + count), 0xFFFFFFFE]
    for data in streams.values():
        filled = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        starts.append((len(fat), len(filled)))
        sectors = len(filled) // 512
        fat += [*range(len(fat) + 1, len(fat) + sectors), starts[-1][0] if loop else 0xFFFFFFFE]
        body += filled
    assert len(fat) <= 128, "one sector of FAT holds 64 KiB"
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, directory_start, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    )  # fmt: skip
    table = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    entries = _entry("Root Entry", 5, 1 if streams else 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE, 0)
    for number, (name, (start, size)) in enumerate(zip(streams, starts, strict=True), start=1):
        right = number + 1 if number < len(streams) else 0xFFFFFFFF
        entries += _entry(name, 2, 0xFFFFFFFF, right, start, size)
    return header + table + entries.ljust(count * 512, b"\0") + body


def _entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return raw.ljust(64, b"\0") + struct.pack(
        "<HBBIII16sIQQIQ", len(raw), kind, 1, 0xFFFFFFFF, right, child, bytes(16), 0, 0, 0, start, size
    )


def doc(text: str, *, deleted: str = "") -> bytes:
    """A Word 97 document with one piece of UTF-16 text, the last words of it marked as deleted if given."""
    whole = (text + deleted).encode("utf-16-le")
    at = 0x400
    word = bytearray(at) + whole
    word = word.ljust(-(-len(word) // 512) * 512, b"\0")
    struct.pack_into("<HHHHH", word, 0, 0xA5EC, 0xC1, 0, 0, 0)
    struct.pack_into("<i", word, 0x4C, len(text + deleted))
    pieces = struct.pack("<II", 0, len(text + deleted)) + struct.pack("<HIH", 0, at, 0)
    clx = b"\2" + struct.pack("<I", len(pieces)) + pieces
    middle = at + 2 * len(text)
    page = bytearray(512)
    struct.pack_into("<III", page, 0, at, middle, at + len(whole))
    page[12], page[13] = 0, 200
    page[400:404] = struct.pack("<BHB", 3, 0x0800, 1)
    page[511] = 2
    bins = struct.pack("<III", at, at + len(whole), len(word) // 512)
    struct.pack_into("<II", word, 0x1A2, 0, len(clx))
    struct.pack_into("<II", word, 0xFA, len(clx), len(bins))
    return ole({"WordDocument": bytes(word) + bytes(page), "0Table": clx + bins})
