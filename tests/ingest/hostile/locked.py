"""Encrypted files of every kind: each says so instead of failing."""

from __future__ import annotations

import io
import struct

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, UNSUPPORTED, Case
from tests.ingest.making import ole, zipped
from tests.ingest.old_office import biff, number, xls

MANIFEST = (
    "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'><manifest:file-entry "
    "manifest:full-path='content.xml'><manifest:encryption-data manifest:checksum='x'/></manifest:file-entry></manifest:manifest>"
)


def _open_document(kind: str) -> bytes:
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": bytes(range(256)),
        "META-INF/manifest.xml": MANIFEST,
    }
    return zipped(parts)


def _zip(method: int, extra: bytes = b"") -> bytes:
    """One member with the flag that says locked; method 99 is WinZip's AES."""
    name, body = b"list.txt", bytes(40)
    local = struct.pack(
        "<4sHHHHHIIIHH", b"PK\3\4", 51, 1, method, 0, 0, 0, len(body), 28, len(name), len(extra)
    )
    start = len(local) + len(name) + len(extra) + len(body)
    central = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 51, 51, 1, method, 0, 0, 0, len(body), 28, len(name), len(extra), 0, 0, 0, 0, 0
    )  # fmt: skip
    directory = central + name + extra
    return (
        local + name + extra + body + directory
        + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(directory), start, 0)
    )  # fmt: skip


def _seven_zip(*, names: bool) -> bytes:
    import py7zr

    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password="word", header_encryption=names) as archive:
        archive.writestr(b"a name", "list.txt")
    return buffer.getvalue()


def _doc() -> bytes:
    return ole(
        {"WordDocument": struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0x0100) + bytes(2000), "1Table": b"x"}
    )


def _ppt() -> bytes:
    return ole({"PowerPoint Document": struct.pack("<HHI", 0xF, 0x2F14, 4) + bytes(4)})


def _one_part_locked() -> bytes:
    data = bytearray(zipped({"word/document.xml": "<d/>"}))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


CASES: tuple[Case, ...] = (
    Case("locked.odt", lambda: _open_document("text"), (ENCRYPTED,)),
    Case("locked.ods", lambda: _open_document("spreadsheet"), (ENCRYPTED,)),
    Case("locked.odp", lambda: _open_document("presentation"), (ENCRYPTED,)),
    Case("locked old way.xls", lambda: xls(("a", number(0, 0, 1.0)), head=biff(0x002F, bytes(54))), (ENCRYPTED,)),
    Case("locked old way.doc", _doc, (ENCRYPTED,)),
    Case("locked old way.ppt", _ppt, (ENCRYPTED,)),
    Case("locked.xlsx", lambda: ole({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(300)}), (ENCRYPTED,)),
    Case("locked old cipher.zip", lambda: _zip(8), (ENCRYPTED,)),
    Case("locked with aes.zip", lambda: _zip(99, struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 8)), (ENCRYPTED,)),
    Case("locked.7z", lambda: _seven_zip(names=False), (ENCRYPTED, UNSUPPORTED)),
    Case("locked with its names.7z", lambda: _seven_zip(names=True), (ENCRYPTED, UNSUPPORTED)),
    Case("locked part.docx", _one_part_locked, (ENCRYPTED, FAILED, IN_PART)),
)  # fmt: skip
