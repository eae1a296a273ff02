"""Old office files that lie: chains and directories of OLE2, records of workbooks, piece tables, objects in RTF, locks."""

from __future__ import annotations

import struct
import zlib
from functools import partial

from onrecord.ingest.container import container
from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.making import doc, ole, zipped
from tests.ingest.old_office import biff, number, packed, ppt_with, remark, rtf_with, workbook, xls

TEXT = "the words that matter"
WORDS = TEXT.encode()
TEN_KB = b"Lorem ipsum " * 900


def _put(data: bytes, at: int, *numbers: int) -> bytes:
    """The file with other 32-bit numbers at a place."""
    body = struct.pack(f"<{len(numbers)}I", *numbers)
    return data[:at] + body + data[at + len(body) :]


def _fat_at(data: bytes) -> int:
    """Where the first sector of the table of sectors lies."""
    return 512 * (struct.unpack_from("<I", data, 76)[0] + 1)


def _entry_at(data: bytes, index: int) -> int:
    """Where an entry of the directory lies, if the directory is in one piece."""
    return 512 * (struct.unpack_from("<I", data, 48)[0] + 1) + 128 * index


def _chain_of_itself() -> bytes:
    """Every sector of the table of sectors leads to itself."""
    data = doc(TEXT)
    return _put(data, _fat_at(data) + 4, *range(1, 128))


def _tables_in_a_ring() -> bytes:
    """The list of sectors that the table is in goes on in a sector that goes on in itself."""
    data = doc(TEXT)
    data += struct.pack("<128I", *[0] * 127, (len(data) - 512) // 512)
    return _put(data, 68, (len(data) - 1024) // 512, 0xFFFFFFFF)


def _directory(right: int, child: int, *, of: int = 1) -> bytes:
    """A document whose directory goes from this entry to others."""
    data = doc(TEXT)
    return _put(data, _entry_at(data, of) + 68, 0xFFFFFFFF, right, child)


def _sectors_of(power: int) -> bytes:
    """A document that says that its sectors have 2 to the power bytes."""
    data = doc(TEXT)
    return data[:30] + struct.pack("<H", power) + data[32:]


def _size_of_streams(size: int) -> bytes:
    data = doc(TEXT)
    return _put(data, _entry_at(data, 1) + 120, size)


def _same_name_again() -> bytes:
    """Two streams named WordDocument, the second of noise."""
    data = doc(TEXT)
    name = ("WordDocument" + "\0").encode("utf-16-le")
    at = _entry_at(data, 2)
    return data[:at] + name.ljust(64, b"\0") + struct.pack("<H", len(name)) + data[at + 66 :]


def _object_in_object(depth: int) -> bytes:
    """A document in a document in a document …, each a container in the pool of objects."""
    inner = {("WordDocument",): b"x" * 10}
    data = doc(TEXT)
    for _ in range(depth):
        data = container({**inner, ("ObjectPool", "_1", "package"): data, ("WordDocument",): bytes(600)})
    return data


def _word(
    number: int = 0xC1, flags: int = 0, *, head: tuple[tuple[int, bytes], ...] = (), table: bytes = b""
) -> bytes:
    """A Word file with other fields in its head."""
    word = bytearray(0x400) + WORDS.ljust(512)
    struct.pack_into("<HHHHHH", word, 0, 0xA5EC, number, 0, 0, 0, flags)
    for at, body in head:
        word[at : at + len(body)] = body
    return ole({"WordDocument": bytes(word), "0Table": table})


def _pieces(count: int, length: int, *, ends: int | None = None) -> bytes:
    """A document of pieces that are all the same stretch of the file."""
    edges = [min(n * length, 0xFFFFFFFF) for n in range(count + 1)]
    if ends is not None:
        edges[-1] = ends
    body = struct.pack(f"<{count + 1}I", *edges) + struct.pack("<HIH", 0, 0x40000000 | 0x800, 0) * count
    clx = b"\2" + struct.pack("<I", len(body)) + body
    word = bytearray(0x400) + TEN_KB * 3
    struct.pack_into("<HHHHHH", word, 0, 0xA5EC, 0xC1, 0, 0, 0, 0)
    struct.pack_into("<i", word, 0x4C, 0x7FFFFFFF)
    struct.pack_into("<II", word, 0x1A2, 0, len(clx))
    return container({("WordDocument",): bytes(word), ("0Table",): clx})


def _stories(*lengths: int) -> bytes:
    """A document that says how many characters its stories have, in numbers that cannot be."""
    data = doc(TEXT)
    at = data.index(struct.pack("<HH", 0xA5EC, 0xC1))
    return (
        data[: at + 0x4C] + struct.pack(f"<{len(lengths)}i", *lengths) + data[at + 0x4C + 4 * len(lengths) :]
    )


def _book(records: bytes, head: bytes = b"", version: int = 0x0600) -> bytes:
    """A workbook whose only sheet has these records before one with the words."""
    label = biff(0x0204, struct.pack("<HHHH", 9, 0, 0, len(TEXT)) + b"\0" + WORDS)
    whole = workbook(("List", records + label), head=head)
    return container(
        {
            ("Workbook",): whole.replace(
                struct.pack("<HHH", 0x0809, 16, 0x0600), struct.pack("<HHH", 0x0809, 16, version)
            )
        }
    )


def _plain_book(version: int) -> bytes:
    """A workbook of Excel 2, 3 or 4: its records are the file."""
    if version == 2:
        cells = biff(0x0004, struct.pack("<HH3sB", 0, 0, bytes(3), len(WORDS)) + WORDS)
    else:
        cells = biff(0x0204, struct.pack("<HHHH", 0, 0, 0, len(WORDS)) + WORDS)
    kind = {2: 0x0009, 3: 0x0209, 4: 0x0409}[version]
    return (
        biff(kind, struct.pack("<HH", {2: 2, 3: 0x300, 4: 0x400}[version], 0x10) + bytes(2 * (version > 2)))
        + cells
        + biff(0x000A)
    )


def _info(major: int, minor: int, body: bytes) -> bytes:
    return ole(
        {
            "EncryptionInfo": struct.pack("<HHI", major, minor, 0x40) + body,
            "EncryptedPackage": struct.pack("<Q", 1 << 62) + bytes(99),
        }
    )


def _macro_sheet(state: int) -> bytes:
    """A workbook whose sheet is a macro sheet, hidden so that no menu shows it."""
    data = bytearray(_book(b""))
    at = data.index(struct.pack("<HH", 0x0085, 16)) + 8
    data[at : at + 2] = bytes((state, 1))
    return bytes(data)


def _ole1(kind: int, *names: bytes, native: bytes = b"", size: int | None = None) -> bytes:
    """The digits of an OLE 1 object."""
    body = struct.pack("<II", 0x501, kind)
    for name in names:
        body += struct.pack("<I", len(name)) + name
    return (body + struct.pack("<I", len(native) if size is None else size) + native).hex().encode()


def _rtf_object(digits: bytes, words: bytes = b"\\objemb") -> bytes:
    return b"{\\rtf1 " + WORDS + b"{\\object" + words + b"\\objupdate{\\*\\objdata " + digits + b"}}}"


def _records(count: int, kind: int = 0x0FA0, *, body: bytes = b"a\0b\0") -> bytes:
    return container(
        {
            ("PowerPoint Document",): struct.pack("<HHI", 0, kind, len(body)) * 0
            + (struct.pack("<HHI", 0, kind, len(body)) + body) * count
        }
    )


def _properties(*words: bytes) -> bytes:
    """A document whose properties say that they are these."""
    listed = b"".join(struct.pack("<II", 2 + n, 8 + 8 * len(words)) for n in range(len(words)))
    section = struct.pack("<II", 0x7FFFFFFF, len(words)) + listed + b"".join(words)
    head = (
        struct.pack("<HHI16sI", 0xFFFE, 0, 2, bytes(16), 1)
        + bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
        + struct.pack("<I", 48)
    )
    return container({("WordDocument",): bytes(600), ("\x05SummaryInformation",): head + section})


CASES: tuple[Case, ...] = (
    # containers
    Case("sectors that lead to themselves.doc", _chain_of_itself, (FAILED,)),
    Case("tables in a ring.doc", _tables_in_a_ring, (READ, FAILED, UNSUPPORTED)),
    Case("100 million tables.doc", lambda: _put(doc(TEXT), 44, 100_000_000), (READ, FAILED, UNSUPPORTED)),
    Case("entry beside itself.doc", lambda: _directory(1, 0xFFFFFFFF), (READ, FAILED, UNSUPPORTED)),
    Case("entry below itself.doc", lambda: _directory(2, 1), (READ, FAILED, UNSUPPORTED)),
    Case("root below a stream.doc", lambda: _directory(2, 0), (READ, FAILED, UNSUPPORTED)),
    Case("entry beyond the directory.doc", lambda: _directory(0x7FFFFFF0, 0x7FFFFFF0), (READ, FAILED, UNSUPPORTED)),
    *[Case(f"sectors of 2^{power}.doc", partial(_sectors_of, power), (FAILED, UNSUPPORTED)) for power in (0, 1, 31, 65535)],
    Case("stream of 4 GB.doc", lambda: _size_of_streams(0xFFFFFFF0), (READ, FAILED)),
    Case("stream of nothing.doc", lambda: _size_of_streams(0), (FAILED,)),
    Case("two streams of one name.doc", _same_name_again, (READ, FAILED)),
    Case("container in a container, 12 times.doc", partial(_object_in_object, 12), (FAILED, READ, IN_PART)),
    Case("properties that lie.doc", lambda: _properties(struct.pack("<II", 30, 0xFFFFFFFF), struct.pack("<II", 0x101E, 0xFFFFFF)), (FAILED,)),
    Case("works.wps", lambda: ole({"MatOST": WORDS * 20, "CONTENTS": b"CHNKWKS" + WORDS}), (READ,)),
    Case("letter of Kingsoft.wps", lambda: doc(TEXT), (READ,), TEXT),
    # Word
    Case("piece table of 4 billion.doc", partial(_pieces, 3, 100, ends=0xFFFFFFFF), (READ, REFUSED, FAILED)),
    Case("100,000 pieces of the same.doc", partial(_pieces, 100_000, 30_000), (REFUSED,)),
    Case("stories of less than nothing.doc", lambda: _stories(-5, -1, -2147483648, 2147483647, 2147483647), (READ,), TEXT),
    Case("no flags at all.doc", lambda: _word(0), (READ, FAILED)),
    Case("Word 6 that lies.doc", lambda: _word(0x65, head=((0x18, struct.pack("<II", 0xFFFFFFF0, 3)),)), (READ, FAILED)),
    Case("Word 6 letter.doc", lambda: _word(0x65, head=((0x18, struct.pack("<II", 0x400, 0x400 + len(WORDS))),)), (READ,), TEXT),
    Case("properties beyond the file.doc", lambda: _word(head=((0xFA, struct.pack("<II", 0xFFFFFFF0, 0xFFFFFFF0)),), table=b"\2" + bytes(30)), (FAILED, READ)),
    Case("table beyond the file.doc", lambda: _word(head=((0x1A2, struct.pack("<II", 0xFFFFFFF0, 0xFFFFFFF0)),)), (FAILED,)),
    Case("properties in a ring.doc", lambda: _word(head=((0x1A2, struct.pack("<II", 0, 40_000)),), table=b"\1\xff\xff" * 3000), (FAILED,)),
    Case("web page named.doc", lambda: b"<html xmlns:w='urn:schemas-microsoft-com:office:word'><body><p>" + WORDS + b"</p></body></html>", (READ,), TEXT),
    # workbooks
    Case("record of 64 KB that is not there.xls", lambda: _book(struct.pack("<HH", 0x0204, 0xFFFF)), (READ, FAILED, IN_PART)),
    Case("strings by the million.xls", lambda: _book(b"", head=biff(0x00FC, struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF))), (READ, FAILED, IN_PART)),
    Case("string beyond the table.xls", lambda: _book(biff(0x00FD, struct.pack("<HHHI", 0, 0, 0, 0xFFFFFFFF))), (READ, FAILED, IN_PART)),
    Case("shared formula that lies.xls", lambda: _book(biff(0x0006, struct.pack("<HHHdHIH", 0, 0, 0, 1.0, 8, 0, 0xFFFF)) + biff(0x04BC, bytes(10))), (IN_PART,), TEXT),
    Case("200,000 merged stretches.xls", lambda: _book(biff(0x00E5, struct.pack("<H", 1000) + struct.pack("<HHHH", 0, 65535, 0, 255) * 1000) * 200), (READ, FAILED, IN_PART), TEXT),
    Case("far cells.xls", lambda: _book(number(65535, 255, 1.0) + number(0, 0, 2.0) + number(65535, 65535, 3.0)), (READ,), TEXT),
    Case("numbers that are none.xls", lambda: _book(b"".join(number(0, n, v) for n, v in enumerate((float("nan"), float("inf"), -0.0, 1e308, 650102198001010011.0)))), (READ,), TEXT),
    Case("days out of time.xls", lambda: _book(b"".join(number(0, n, v) for n, v in enumerate((-1e308, 2958466.0, -1.0))), head=biff(0x0022, b"\1\0")
         + biff(0x00E0, struct.pack("<HH", 0, 0) + bytes(16)) + biff(0x00E0, struct.pack("<HH", 0, 14) + bytes(16))), (READ, FAILED)),
    Case("code page of no one.xls", lambda: _book(b"", head=biff(0x0042, b"\xff\xff")), (IN_PART,), TEXT),
    Case("macro sheet.xls", partial(_macro_sheet, 2), (READ,), TEXT),
    Case("remarks without text.xls", lambda: _book(biff(0x001C, bytes(12)) * 1000 + remark(0, 0, "")), (READ,), TEXT),
    Case("names that loop.xls", lambda: _book(b"", head=biff(0x0018, struct.pack("<HBBHHHBBBB", 0x20, 0, 1, 5, 0, 0, 0, 0, 0, 0) + b"\0\1" + b"#\1\0\0\0") * 2000), (READ, FAILED), TEXT),
    Case("link to a program.xls", lambda: _book(b"", head=biff(0x01AE, struct.pack("<HH", 1, 15) + b"\0cmd\3/c calc.exe")), (READ, FAILED), TEXT),
    Case("sheet of Excel 2.xls", partial(_plain_book, 2), (READ,), TEXT),
    Case("sheet of Excel 3.xls", partial(_plain_book, 3), (READ,), TEXT),
    Case("sheet of Excel 4.xls", partial(_plain_book, 4), (READ,), TEXT),
    Case("version of no one.xls", lambda: _book(b"", version=0x0777), (READ, FAILED)),
    Case("macros beside.xls", lambda: container({("Workbook",): workbook(("a", number(0, 0, 77.0))), ("_VBA_PROJECT_CUR", "VBA", "dir"): b"\1\0\xb0" + bytes(99),
         ("_VBA_PROJECT_CUR", "VBA", "Module1"): b"\1" + b"\xff" * 4000}), (READ,), "77"),
    Case("binary records that lie.xlsb", lambda: zipped({"xl/workbook.bin": b"\x9c\x01\xff\xff\xff\x7f" + b"\xff" * 50, "xl/worksheets/sheet1.bin": b"\x00\xff\xff\xff\x7f"}), (FAILED, IN_PART)),
    Case("strings that lie.xlsb", lambda: zipped({"xl/workbook.bin": b"\x9c\x01\x10" + bytes(8) + b"\xff\xff\xff\x7f" + b"a\0b\0", "xl/sharedStrings.bin": b"\x13\xff\xff\xff\x7f"}), (FAILED, IN_PART)),
    # locks
    Case("locked by the standard way.xlsx", lambda: _info(3, 2, bytes(200)), (ENCRYPTED,)),
    Case("locked by the agile way.docx", lambda: _info(4, 4, b"<encryption spinCount='4294967295'>" * 99), (ENCRYPTED,)),
    Case("locked by a way of no one.pptx", lambda: _info(99, 99, b"<!DOCTYPE a>"), (ENCRYPTED,)),
    Case("locked by rights.docx", lambda: ole({"EncryptedPackage": b"x", "\x06DataSpaces": b"DRMEncryptedTransform"}), (ENCRYPTED,)),
    Case("locked by xor.xls", lambda: xls(("a", number(0, 0, 1.0)), head=biff(0x002F, struct.pack("<HHH", 0, 0x1234, 0x5678))), (ENCRYPTED,)),
    Case("locked by RC4.xls", lambda: xls(("a", number(0, 0, 1.0)), head=biff(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))), (ENCRYPTED,)),
    Case("locked by CryptoAPI.xls", lambda: xls(("a", number(0, 0, 1.0)), head=biff(0x002F, struct.pack("<HHH", 1, 4, 2) + b"\xff" * 200)), (ENCRYPTED,)),
    Case("locked by xor.doc", lambda: _word(flags=0x8100), (ENCRYPTED,)),
    Case("locked by xor.wri.doc", lambda: _word(0x65, flags=0x8100), (ENCRYPTED,)),
    # slides
    Case("100,000 records.ppt", partial(_records, 100_000), (READ, REFUSED)),
    Case("empty records.ppt", partial(_records, 300_000, body=b""), (READ,)),
    Case("object in an object.ppt", lambda: ppt_with(ppt_with(doc(TEXT))), (READ, IN_PART)),
    Case("noise as a picture.ppt", lambda: container({("PowerPoint Document",): struct.pack("<HHI", 0, 0x0FA8, len(WORDS)) + WORDS,
         ("Pictures",): struct.pack("<HHI", 0x6E0, 0xF01A, 0xFFFFFF) + b"\xff" * 5000}), (READ, IN_PART), TEXT),
    Case("drawing that bursts.ppt", lambda: container({("PowerPoint Document",): struct.pack("<HHI", 0, 0x0FA8, len(WORDS)) + WORDS,
         ("Pictures",): _drawing()}), (READ, IN_PART), TEXT),
    # RTF
    Case("object that is a link.rtf", lambda: _rtf_object(_ole1(1, b"htmlfile\0", b"http://127.0.0.1:9/x.hta\0", b"\0")), (READ, IN_PART), TEXT),
    Case("object without an end.rtf", lambda: _rtf_object(_ole1(2, b"Package\0", b"", b"", native=packed(b"..\\..\\run.exe", b"MZ"), size=0xFFFFFFFF)), (READ, IN_PART), TEXT),
    Case("object that climbs.rtf", lambda: rtf_with(b"Package", packed(b"..\\..\\..\\etc\\climbed", b"x")), (READ,), "text"),
    Case("equation that runs.rtf", lambda: _rtf_object(_ole1(2, b"Equation.3\0", b"", b"", native=b"\x1c\0" + b"\x41" * 500)), (READ, IN_PART), TEXT),
    Case("object in three kinds of digits.rtf", lambda: _rtf_object(b"0105 0000{\\*\\x 00}02\\'30\r\n00 0000\\bin3 abc 0 00zz00"), (READ, IN_PART), TEXT),
    Case("names of objects by the million.rtf", lambda: _rtf_object(_ole1(2, b"A" * 3_000_000, b"", b"")), (READ, IN_PART), TEXT),
    Case("20,000 objects.rtf", lambda: b"{\\rtf1 " + WORDS + (b"{\\object{\\*\\objdata " + _ole1(2, b"a\0", b"", b"", native=b"x") + b"}}") * 20_001 + b"}", (READ, IN_PART, REFUSED)),
    Case("fields that fetch.rtf", lambda: b"{\\rtf1 {\\field{\\*\\fldinst INCLUDETEXT \"file:///etc/passwd\"}{\\fldrslt " + WORDS + b"}}{\\field{\\*\\fldinst DDEAUTO cmd \"/c calc\"}}}", (READ,), TEXT),
    Case("fields in fields.rtf", lambda: b"{\\rtf1 " + b"{\\field{\\*\\fldinst X}{\\fldrslt " * 900 + WORDS + b"}}" * 900 + b"}", (READ, REFUSED), TEXT),
    Case("page of HTML in it.rtf", lambda: b"{\\rtf1\\fromhtml1 {\\*\\htmltag64 <script>alert(1)</script>}\\htmlrtf x\\htmlrtf0 " + WORDS + b"}", (READ,), TEXT),
    Case("20 MB of pictures side by side.rtf", lambda: b"{\\rtf1 " + WORDS + (b"{\\pict\\pngblip " + b"89504e47" * 250 + b"}") * 2000 + b"}", (READ, IN_PART), TEXT),
    Case("tables 1,900 deep.rtf", lambda: b"{\\rtf1 " + b"{\\itap2\\intbl " * 1900 + WORDS + b"\\nestcell}" * 1900 + b"}", (READ,), TEXT),
    Case("words struck and hidden at once.rtf", lambda: b"{\\rtf1 {\\v\\deleted\\revised " + WORDS + b"}}", (READ,), TEXT),
)  # fmt: skip


def _drawing() -> bytes:
    """A drawing of 200 MiB of zeros, packed."""
    packed_zeros = zlib.compress(bytes(200 << 20), 9)
    body = bytes(16) + bytes(34) + packed_zeros
    return struct.pack("<HHI", 0x3D4 << 4, 0xF01A, len(body)) + body
