"""Heads that lie about what follows: sizes, counts, offsets, dictionaries, chains that lead nowhere or back."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, NEEDS_OCR, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.making import ole, pdf, stream, text_page, xlsx, zipped

MIB = 1 << 20
ANY = (READ, IN_PART, FAILED, REFUSED)
SEEN = (*ANY, NEEDS_OCR)


def _zip64(count: int, size: int, start: int) -> bytes:
    """A ZIP whose 64-bit end record says these of its directory."""
    data = zipped({"a.txt": "text"}, zipfile.ZIP_STORED)
    at = data.index(b"PK\5\6")
    end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    return (
        data[:at]
        + end
        + locator
        + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, *[0xFFFF] * 2, *[0xFFFFFFFF] * 2, 0)
    )


def _sizes_beyond_memory() -> bytes:
    """A member that says, in its 64-bit field, that it has 2^63 bytes."""
    extra = struct.pack("<HHQQ", 1, 16, 1 << 63, 1 << 62)
    name = b"huge.txt"
    local = struct.pack(
        "<4sHHHHHIIIHH", b"PK\3\4", 45, 0, 0, 0, 0, 0, *[0xFFFFFFFF] * 2, len(name), len(extra)
    )
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 45, 45, 0, 0, 0, 0, 0, *[0xFFFFFFFF] * 2, len(name), len(extra),
                          0, 0, 0, 0, 0)  # fmt: skip
    start = len(local) + len(name) + len(extra) + 4
    central += name + extra
    return (
        local
        + name
        + extra
        + b"text"
        + central
        + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central), start, 0)
    )


def _two_names() -> bytes:
    """A member with one name before its bytes and another in the directory."""
    data = bytearray(zipped({"shown.txt": "the text"}, zipfile.ZIP_STORED))
    data[30:39] = b"other.exe"
    return bytes(data)


def _end_in_comment() -> bytes:
    """A ZIP whose comment is itself the end of another ZIP."""
    inner = zipped({"inner.txt": "inner"}, zipfile.ZIP_STORED)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("outer.txt", "outer")
        archive.comment = inner
    return buffer.getvalue()


def _streamed() -> bytes:
    """A ZIP written to a pipe: sizes stand after the bytes."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, chunk: bytes) -> int:  # type: ignore[override]
            self.data += chunk
            return len(chunk)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.txt", "a list that was streamed")
    return bytes(pipe.data)


def _entry(name: str, kind: bytes, size: int, *, form: int = tarfile.GNU_FORMAT) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.type, entry.size = kind, size
    return entry.tobuf(form)


def _padded(data: bytes) -> bytes:
    return data.ljust(-(-len(data) // 512) * 512, b"\0")


def _pax(*records: tuple[bytes, bytes], kind: bytes = tarfile.XHDTYPE) -> bytes:
    """An extended header and a file of four bytes after it."""
    body = b""
    for key, value in records:
        rest = b" " + key + b"=" + value + b"\n"
        length = len(rest) + len(str(len(rest) + 1))
        body += b"%d" % (length + (len(str(length)) > len(str(len(rest) + 1)))) + rest
    text = _entry("plain.txt", tarfile.REGTYPE, 4, form=tarfile.USTAR_FORMAT) + _padded(b"text") + bytes(1024)
    return _entry("pax", kind, len(body), form=tarfile.USTAR_FORMAT) + _padded(body) + text


def _long_names(count: int) -> bytes:
    """Names that are said to follow, again and again, before the file that they name."""
    one = _entry("././@LongLink", tarfile.GNUTYPE_LONGNAME, 5) + _padded(b"name\0")
    return one * count + _entry("x", tarfile.REGTYPE, 4) + _padded(b"text") + bytes(1024)


def _alone(dictionary: int) -> bytes:
    """An LZMA file of the old kind whose head asks for a dictionary of so many bytes."""
    data = bytearray(lzma.compress(b"small", format=lzma.FORMAT_ALONE))
    data[1:5] = struct.pack("<I", dictionary)
    return bytes(data)


def _seven_zip(patched: bytes, by: bytes) -> bytes:
    """A 7z whose head was changed and its checksums set right."""
    import py7zr

    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 1}]) as archive:
        archive.set_encoded_header_mode(False)
        archive.writestr(b"text in it", "a.txt")
    data = bytearray(buffer.getvalue())
    start = 32 + struct.unpack_from("<Q", data, 12)[0]
    assert patched in data[start:]
    head = bytes(data[start:]).replace(patched, by)
    data[start:] = head
    struct.pack_into("<QI", data, 20, len(head), zlib.crc32(head))
    struct.pack_into("<I", data, 8, zlib.crc32(bytes(data[12:32])))
    return bytes(data)


def _seven_zip_locked(*, names: bool) -> bytes:
    import py7zr

    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password="word", header_encryption=names) as archive:
        archive.writestr(b"text in it", "a.txt")
    return buffer.getvalue()


def _gzip_named(name: bytes) -> bytes:
    packed = gzip.compress(b"text in it")
    return packed[:3] + b"\x08" + packed[4:10] + name + b"\0" + packed[10:]


def _tables_that_loop() -> bytes:
    """An OLE2 container whose list of tables leads back to itself."""
    data = bytearray(ole({"WordDocument": bytes(4096)}))
    struct.pack_into("<II", data, 68, 1, 0x7FFFFFFF)
    return bytes(data)


def _directory_that_loops() -> bytes:
    """An OLE2 container whose storage is its own child and its own neighbour."""
    data = bytearray(ole({"__properties_version1.0": bytes(64), "a": b"x"}))
    at = data.index("Root Entry".encode("utf-16-le"))
    struct.pack_into("<III", data, at + 128 + 68, 1, 1, 1)
    data[at + 128 + 66] = 1
    return bytes(data)


def _small_streams_that_loop() -> bytes:
    data = bytearray(ole({"Workbook": b"x"}))
    struct.pack_into("<II", data, 60, 0, 1)
    at = data.index("Workbook".encode("utf-16-le"))
    struct.pack_into("<Q", data, at + 120, 100)
    return bytes(data)


def _tags(*tags: tuple[int, int, int, int], order: str = "<") -> bytes:
    return struct.pack(order + "H", len(tags)) + b"".join(struct.pack(order + "HHII", *tag) for tag in tags)


def _one_pixel(*more: tuple[int, int, int, int]) -> bytes:
    """A TIFF of one pixel whose directory has more tags."""
    plain = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 0), (278, 3, 1, 1),
             (279, 4, 1, 1)]  # fmt: skip
    return b"II*\0" + struct.pack("<I", 8) + _tags(*sorted([*plain, *more])) + struct.pack("<I", 0)


def _big_tiff(count: int) -> bytes:
    """A BigTIFF with one directory that says it has so many tags."""
    tags = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 0), (278, 3, 1, 1),
            (279, 4, 1, 1)]  # fmt: skip
    body = b"".join(struct.pack("<HHQQ", *tag) for tag in tags)
    return b"II+\0" + struct.pack("<HHQ", 8, 0, 16) + struct.pack("<Q", count) + body + bytes(8)


def _exif_that_loops() -> bytes:
    """A JPEG whose EXIF directory names itself as the directory inside it."""
    exif = (
        b"II*\0" + struct.pack("<I", 8) + _tags((0x8769, 4, 1, 8), (0x8825, 4, 1, 8)) + struct.pack("<I", 8)
    )
    segment = b"Exif\0\0" + exif
    buffer = io.BytesIO()
    from PIL import Image

    Image.new("L", (8, 8)).save(buffer, "JPEG")
    data = buffer.getvalue()
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[2:]


def _icons(count: int) -> bytes:
    return b"\0\0\1\0" + struct.pack("<H", count) + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, 0xFFFFFFFF, 6)


def _jpeg_2000(width: int, height: int) -> bytes:
    size = struct.pack(">HIIIIIIIIH", 0, width, height, 0, 0, width, height, 0, 0, 1) + b"\7\1\1"
    return b"\xff\x4f\xff\x51" + struct.pack(">H", len(size) + 2) + size + b"\xff\xd9"


def _pdf_image(data: bytes, attributes: bytes) -> bytes:
    """A PDF whose one page is filled by a picture with these bytes."""
    objects = list(text_page(b""))
    objects[2] = objects[2].replace(b"/Resources <<", b"/Resources << /XObject << /X 6 0 R >>")
    objects[3] = stream(b"q 500 0 0 500 0 0 cm /X Do Q")
    return pdf(
        *objects,
        stream(
            data, b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 1 " + attributes
        ),
    )


def _jbig2(width: int, height: int) -> bytes:
    """The page information and one generic region of a JBIG2 stream, as PDF embeds it."""
    page = struct.pack(">IBBI", 0, 0x30, 1, 19) + struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", width, height, 0, 0, 0) + b"\0" + bytes(8) + b"\xff\xac"
    return page + struct.pack(">IBBI", 1, 38, 1, len(region)) + region


def _object_stream_of_itself() -> bytes:
    """An object stream that says it holds itself and extends itself."""
    objects = list(text_page(b"kept"))
    return pdf(
        *objects,
        stream(
            zlib.compress(b"6 0 << >>"), b"/Type /ObjStm /N 1 /First 4 /Extends 6 0 R /Filter /FlateDecode"
        ),
    )


def _length_of_itself() -> bytes:
    objects = list(text_page(b"kept"))
    objects[3] = b"<< /Length 4 0 R /Filter 4 0 R >>\nstream\nBT /F1 12 Tf 72 700 Td (kept) Tj ET\nendstream"
    return pdf(*objects)


def _font_map(ranges: bytes) -> bytes:
    """A PDF whose font maps its codes to text by these ranges."""
    objects = list(text_page(b"kept"))
    objects[4] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    cmap = (
        b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <00> <FFFFFFFF> endcodespacerange "
        + ranges
    )
    return pdf(*objects, stream(cmap))


def _pages_by_doubling(levels: int) -> bytes:
    """A tree of pages in which each branch holds the next one twice: 2^levels pages in a few hundred bytes."""
    tree = [
        b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count %d >>" % (n + 3, n + 3, 1 << (levels - n))
        for n in range(levels)
    ]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", *tree, page)


def _string_table(count: int) -> bytes:
    """A workbook (BIFF8) whose table of strings says it has so many."""
    from tests.ingest.old_office import biff, number, xls

    return xls(("a", number(0, 0, 7)), head=biff(0x00FC, struct.pack("<II", count, count) + b"\1\0\0x"))


def _sheet_anywhere(place: int) -> bytes:
    """A workbook (BIFF8) that says its sheet starts at this byte."""
    from tests.ingest.old_office import number, workbook

    data = bytearray(workbook(("a", number(0, 0, 7))))
    at = data.index(struct.pack("<H", 0x0085))
    struct.pack_into("<I", data, at + 4, place)
    return ole({"Workbook": bytes(data)})


CASES: tuple[Case, ...] = (
    Case("64-bit count that lies.zip", lambda: _zip64(1 << 60, 56, 39), ANY),
    Case("64-bit directory that lies.zip", lambda: _zip64(1, 1 << 62, 39), ANY),
    Case("64-bit start that lies.zip", lambda: _zip64(1, 51, 1 << 62), ANY),
    Case("member of 2^63 bytes.zip", _sizes_beyond_memory, ANY),
    Case("two names for a member.zip", _two_names, ANY),
    Case("zip in its comment.zip", _end_in_comment, (READ, IN_PART, FAILED)),
    Case("sizes after the bytes.zip", _streamed, (READ,), members=("list.txt",)),
    Case("head of a program.zip", lambda: b"MZ\x90\0" + bytes(60) + zipped({"a.txt": "text"}), (UNSUPPORTED, READ)),
    Case("zero in extended name.tar", lambda: _pax((b"path", b"a\0b/../../climbed.txt")), ANY),
    Case("size of 2^70.tar", lambda: _pax((b"size", b"%d" % (1 << 70))), ANY),
    Case("size of minus one.tar", lambda: _pax((b"size", b"-1")), ANY),
    Case("sparse by extended header.tar", lambda: _pax((b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"),
         (b"GNU.sparse.realsize", b"%d" % (1 << 50)), (b"GNU.sparse.name", b"../climbed")), ANY),
    Case("sparse map without end.tar", lambda: _pax((b"GNU.sparse.map", b",".join([b"0,1"] * 100_000)), (b"GNU.sparse.size", b"9")), ANY),
    Case("header for all that climbs.tar", lambda: _pax((b"path", b"/etc/climbed"), (b"mtime", b"1e309"), kind=tarfile.XGLTYPE), ANY),
    Case("long name of 1 GiB.tar", lambda: _entry("././@LongLink", tarfile.GNUTYPE_LONGNAME, 1 << 30) + bytes(1024), ANY),
    Case("20,000 names before a file.tar", lambda: _long_names(20_000), ANY),
    Case("dictionary of 4 GiB.lzma", lambda: _alone(0xFFFFFFFF), (UNSUPPORTED, FAILED, READ)),
    Case("dictionary of 4 GiB.7z", lambda: _seven_zip(b"\x21\x21\x01\x10", b"\x21\x21\x01\x28"),
         (READ, FAILED, REFUSED, UNSUPPORTED)),
    Case("bytes locked.7z", lambda: _seven_zip_locked(names=False), (ENCRYPTED, UNSUPPORTED)),
    Case("names locked too.7z", lambda: _seven_zip_locked(names=True), (ENCRYPTED, UNSUPPORTED)),
    Case("name that climbs.gz", lambda: _gzip_named(b"../../../tmp/climbed.txt"), (READ,)),
    Case("name of 2 MB.gz", lambda: _gzip_named(b"n" * 2_000_000), (READ,)),
    Case("name without end.gz", lambda: gzip.compress(b"x")[:3] + b"\x08" + bytes(6) + b"n" * 100_000, (FAILED, IN_PART)),
    Case("tables that loop.doc", _tables_that_loop, (*ANY, UNSUPPORTED)),
    Case("directory that loops.msg", _directory_that_loops, (*ANY, UNSUPPORTED)),
    Case("small streams that loop.xls", _small_streams_that_loop, (*ANY, UNSUPPORTED)),
    Case("4 billion strings.xls", lambda: _string_table(0xFFFFFFFF), ANY),
    Case("sheet that starts at itself.xls", lambda: _sheet_anywhere(0), ANY),
    Case("sheet beyond the end.xls", lambda: _sheet_anywhere(0x7FFFFFFF), ANY),
    Case("profile of 4 GiB.tif", lambda: _one_pixel((34675, 7, 0xFFFFFFFF, 8)), SEEN),
    Case("description of 4 GiB.tif", lambda: _one_pixel((270, 2, 0xFFFFFFFF, 8)), SEEN),
    Case("directories inside that loop.tif", lambda: _one_pixel((330, 4, 1, 8), (34665, 4, 1, 8)), SEEN),
    Case("big.tif", lambda: _big_tiff(8), (*SEEN, UNSUPPORTED)),
    Case("big with 2^60 tags.tif", lambda: _big_tiff(1 << 60), (*SEEN, UNSUPPORTED)),
    Case("exif that loops.jpg", _exif_that_loops, SEEN),
    Case("65,535 icons.ico", lambda: _icons(65535), (UNSUPPORTED, *SEEN)),
    Case("16 exapixels.j2k", lambda: _jpeg_2000(0xFFFFFFFF, 0xFFFFFFFF), (UNSUPPORTED, *SEEN)),
    Case("16 exapixels inside.pdf", lambda: _pdf_image(_jpeg_2000(0xFFFFFFFF, 0xFFFFFFFF), b"/Width 4000000000 /Height 4000000000 /Filter /JPXDecode"),
         SEEN),
    Case("4 gigapixels by JBIG2.pdf", lambda: _pdf_image(_jbig2(65535, 65535), b"/Width 65535 /Height 65535 /Filter /JBIG2Decode"), SEEN),
    Case("fax of 10^9 lines.pdf", lambda: _pdf_image(b"\0" * 1000, b"/Width 10000 /Height 1000000000 /Filter /CCITTFaxDecode /DecodeParms "
         b"<< /K -1 /Columns 10000 /Rows 1000000000 >>"), SEEN),
    Case("object stream of itself.pdf", _object_stream_of_itself, SEEN),
    Case("length that is its own.pdf", _length_of_itself, SEEN),
    Case("font that maps 4 billion codes.pdf", lambda: _font_map(b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange"), SEEN),
    Case("font map that uses itself.pdf", lambda: _font_map(b"/Map 6 0 R def 6 0 R usecmap"), SEEN),
    Case("2^40 pages by doubling.pdf", lambda: _pages_by_doubling(40), SEEN),
    Case("box of no size.pdf", lambda: pdf(*[o.replace(b"0 0 612 792", b"nan -1e400 612 1e400") for o in text_page(b"kept")]), SEEN),
    Case("cell that names no string.xlsx", lambda: xlsx("<row r='1'><c r='A1' t='s'><v>-1</v></c><c r='B1' t='s'><v>1e9</v></c><c r='C1'><v>8</v></c></row>",
         strings="<sst><si><t>last</t></si></sst>"), (READ, IN_PART), "8"),
)  # fmt: skip
