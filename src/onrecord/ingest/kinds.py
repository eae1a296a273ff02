"""The kind of a file, from its bytes by one stated rule; the name is only compared with it afterwards.

The rule, first match wins:

1. no bytes: ``empty``;
2. a signature at the start (``%PDF-`` may stand anywhere in the first 1,024 bytes, as readers of PDF accept, of what does not begin as an archive or container: that may
   hold a PDF so far in front);
3. ZIP and OLE2 containers: by the members they list;
4. TAR: by the mark at byte 257, or a header checksum that holds;
5. otherwise, if the start decodes as text (or what stands before its first control character, where that begins with a tag or as mail does, or
   all but its zero bytes, where the name promises text): mail by its header lines (one of them is enough for a file that is named as mail), MBOX by its ``From `` line, then HTML, XML, JSON by how they begin; HTML if one of its tags stands anywhere in the first 2,000 characters, unless
   the file is named as CSV, TSV, JSON or text, which may hold a tag in a cell (a list that is named so may begin with one); CSV and TSV if the first lines
   have the same number of fields or the file is named so, else ``text``;
6. otherwise ``binary``.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import PurePath
from typing import BinaryIO

from onrecord.ingest.charset import decode_start
from onrecord.ingest.limits import Damaged
from onrecord.ingest.ole import OLE_ERRORS, opened

_HEAD = 64 * 1024

_SIGNATURES = (
    (b"{\\rt", "rtf"),  # Word takes as much for RTF
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"Rar!\x1a\x07", "rar"),
    (b"WARC/", "warc"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x09\0\x04\0", "xls"),  # Excel 2, 3 and 4, whose workbooks are no containers
    (b"\x09\x02\x06\0", "xls"),
    (b"\x09\x04\x06\0", "xls"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"\x1f\x9d", "compress"),
    (b"]\0\0", "lzma"),
    (b"MSCF\0\0\0\0", "cab"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\xd7\xcd\xc6\x9a", "wmf"),
    (b"\x01\0\x09\0\0\x03", "wmf"),
    (b"\0\0\0\x0cjP  ", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
    (b"8BPS\0\x01", "psd"),
    (b"\0\0\x01\0", "ico"),
    (b"!BDN", "pst"),
    (b"ID3\x02", "audio"),
    (b"ID3\x03", "audio"),
    (b"ID3\x04", "audio"),
    (b"\xff\xfb", "audio"),
    (b"OggS", "audio"),
    (b"fLaC", "audio"),
    (b"#!AMR", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"FLV\x01", "video"),
    (b"\0\0\x01\xba", "video"),
    (b"\0\0\x01\xb3", "video"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
)

_HOLDERS = frozenset(
    {"zip", "ole", "7z", "rar", "cab", "gzip", "bzip2", "xz", "zstd", "lz4", "warc", "tnef", "pst"}
)
"""What files are kept in, perhaps as they are."""
_TAR = b"ustar"

_RIFF = {b"WEBP": "webp", b"WAVE": "audio", b"AVI ": "video"}
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"mif1", b"msf1", b"heim", b"hevc"), "heic"),
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio"),
}
"""Of files in boxes (ISO 14496-12): the kind by the first brand; any other brand is a video."""

_ZIP_MARKS = (
    ("word/document.xml", "docx"),
    ("word/document2.xml", "docx"),  # as the word processors on the web name it
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("datapackage.json", "wacz"),
)

_OPEN_DOCUMENT = {"text": "odt", "presentation": "odp", "spreadsheet": "ods", "graphics": "odg"}
"""By the first word behind ``application/vnd.oasis.opendocument.``; a second says that it is a template or the like."""

_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted office"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("__properties_version1.0", "msg"),
)

NAMES = {
    "htm": "html", "jpg": "jpeg", "tif": "tiff", "gz": "gzip", "tgz": "gzip", "bz2": "bzip2", "mht": "mhtml",
    "heif": "heic", "md": "text", "txt": "text", "log": "text", "xlsm": "xlsx", "xltx": "xlsx", "docm": "docx", "dotx": "docx",
    "pptm": "pptx", "ppsx": "pptx", "dot": "doc", "xlt": "xls", "jsonl": "json", "ndjson": "json", "ott": "odt", "odm": "odt", "otp": "odp",
    "ots": "ods", "otg": "odg", "dotm": "docx", "potx": "pptx", "potm": "pptx", "ppsm": "pptx", "xltm": "xlsx", "pot": "ppt",
    "pps": "ppt",
    "zst": "zstd", "pct": "pict",
}  # fmt: skip
"""Endings that mean a kind of another name; any other ending means the kind it spells."""

_KNOWN = {
    "pdf", "docx", "pptx", "xlsx", "xlsb", "xls", "ods", "odt", "odp", "odg", "fodt", "fods", "fodp", "fodg", "doc", "ppt", "rtf", "msg", "eml", "mbox",
    "html", "mhtml", "xml", "svg", "zip", "tar", "gzip", "bzip2", "xz", "7z", "rar", "warc", "wacz", "png", "jpeg",
    "tiff", "gif", "bmp", "webp", "heic", "avif", "json", "csv", "tsv", "text", "wmf", "emf", "pict", "zstd",
}  # fmt: skip

_LOCKED = frozenset({"docx", "pptx", "xlsx", "xlsb"})
"""What a password turns into a container of another kind."""

_HEADER_LINE = re.compile(r"^[A-Za-z][A-Za-z0-9-]*:[ \t\r\n]")
_MAIL_FIELDS = re.compile(
    r"^(from|to|subject|date|received|return-path|message-id|mime-version|delivered-to|x-[a-z-]+):",
    re.I | re.M,
)

_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a]")
_FLAT = re.compile(
    r"<office:document\s[^>]*?office:mimetype=[\"']application/vnd\.oasis\.opendocument\.([a-z]+)"
)
_TAG = re.compile(r"<(!doctype\s+html|html|head|body|table|div|p|h1|script|meta)\b")
_STARTS_WITH_TAG = re.compile(rf"(<!--.*?-->\s*)*{_TAG.pattern}", re.S)
_TEXTS = frozenset({"text", "csv", "tsv", "eml", "mbox", "mhtml", "html", "json", "xml"})
_MAY_HOLD_TAGS = frozenset({"csv", "tsv", "json", "text"})
"""Kinds of text in which a tag may stand somewhere: what such a name promises is believed over the tag."""


def kind_of(file: BinaryIO, name: str = "") -> str:
    """The kind of a seekable file. ``name`` only decides between kinds of text, where the bytes allow several."""
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        return "empty"
    kind = _by_signature(head)
    if kind == "zip":
        return _zip_kind(file)
    if kind == "ole":
        return _ole_kind(file)
    return kind or ("tar" if _is_tar(head) else _text_kind(head, promised(name)))


def promised(name: str) -> str | None:
    """The kind that a name's ending promises, or None where it promises none we know."""
    ending = PurePath(name).suffix[1:].lower()
    kind = NAMES.get(ending, ending)
    return kind if kind in _KNOWN else None


def disagreement(kind: str, name: str) -> str | None:
    """How name and bytes disagree, in words, or None where they do not."""
    said = promised(name)
    if said is None or said == kind or {said, kind} <= {"eml", "mhtml"} or (said, kind) == ("tar", "gzip"):
        return None
    if kind == "encrypted office" and said in _LOCKED:
        return None
    return f"named as {said}, but the bytes are {kind}"


def _by_signature(head: bytes) -> str | None:
    kind = next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), None)
    if kind not in _HOLDERS and head[257:262] != _TAR and b"%PDF-" in head[:1024]:
        return "pdf"
    if kind:
        return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video")
    if head[4:8] in {b"moov", b"mdat", b"wide"}:
        return "video"
    if head[:2] == b"BM" and head[6:10] == bytes(4):  # two reserved fields, so that no text is taken for it
        return "bmp"
    if head[:4] == b"\1\0\0\0" and head[40:44] == b" EMF":
        return "emf"
    if re.match(rb"\x1e\s*[{\[]", head):  # a JSON text sequence, RFC 7464
        return "json"
    if head[522:528] == b"\0\x11\x02\xff\x0c\0":
        return "pict"
    return None


def _zip_kind(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as package:
            names = set(package.namelist())
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                said = re.match(
                    rb"application/vnd\.oasis\.opendocument\.([a-z]+)", package.read("mimetype").strip()
                )
                kind = _OPEN_DOCUMENT.get(said[1].decode()) if said else None
                if kind:
                    return kind
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError, EOFError):
        return "zip"
    lower = {name.lower().replace("\\", "/").lstrip("/") for name in names}
    return next((kind for mark, kind in _ZIP_MARKS if mark in lower), "zip")


def _ole_kind(file: BinaryIO) -> str:
    try:
        file.seek(0)
        with opened(file.read()) as ole:
            streams = {"/".join(path).lower() for path in ole.listdir()}
    except (Damaged, *OLE_ERRORS):
        return "ole"
    return next((kind for mark, kind in _OLE_STREAMS if mark.lower() in streams), "ole")


def _is_tar(head: bytes) -> bool:
    if head[257:262] == _TAR:
        return True
    if len(head) < 512 or not head[0] or not re.fullmatch(rb"[0-7 \0]{8}", head[148:156]):
        return False
    claimed = head[148:156].strip(b" \0")
    return bool(claimed) and int(claimed, 8) == sum(head[:148]) + 8 * 32 + sum(head[156:512])


def _text_kind(head: bytes, said: str | None) -> str:
    text = decode_start(head) or _before_controls(head) or (_around_zeros(head) if said in _TEXTS else None)
    if text is None:
        return "binary"
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("{\\rt"):
        return "rtf"
    if re.match(r"From \S+ .*\d{2}:\d{2}", start):
        return "mbox"
    if _starts_as_mail(start, fields=1 if said in {"eml", "mhtml"} else 2):
        return (
            "mhtml" if re.search(r"multipart/related", start[:4000]) and said in {"mhtml", "html"} else "eml"
        )
    low = start[:2000].lower()
    if re.match(r"<\?xml|<svg|<!doctype\s+(?!html)", low):
        return "svg" if "<svg" in low else "html" if "<html" in low else _flat_kind(start) or "xml"
    if _STARTS_WITH_TAG.match(low) and not (said in {"csv", "tsv"} and _table_kind(text, None) == said):
        return "html"
    if start[:1] in "{[" and start[:1] and (said == "json" or _looks_json(start, len(head) < _HEAD)):
        return "json"
    if _TAG.search(low) and said not in _MAY_HOLD_TAGS:
        return "html"
    return _table_kind(text, said) or "text"


def _flat_kind(start: str) -> str | None:
    """The kind of an OpenDocument file that is one XML file."""
    said = _FLAT.search(start)
    kind = _OPEN_DOCUMENT.get(said[1]) if said else None
    return f"f{kind}" if kind else None


def _before_controls(head: bytes) -> str | None:
    """What stands before the first control character of what is no text as a whole, if it begins as pages or mail do."""
    text = decode_start(_CONTROL.split(head.lstrip()[:8000], maxsplit=1)[0])
    begins = text and (
        re.match(r"<(!doctype|html|\?xml|svg|!--)", text, re.I) or _starts_as_mail(text, fields=2)
    )
    return text if begins else None


def _around_zeros(head: bytes) -> str | None:
    """A text in which a disk lost a stretch: what is left without the zeros, where that is at least half."""
    rest = head.replace(b"\0", b"")
    return decode_start(rest) if 2 * len(rest) >= len(head) else None


def _starts_as_mail(text: str, fields: int) -> bool:
    return bool(_HEADER_LINE.match(text)) and len(_MAIL_FIELDS.findall(text[:8000])) >= fields


def _looks_json(start: str, whole: bool) -> bool:
    if not whole:
        return re.match(r'[{\[]\s*(["{\[\d]|true|false|null)', start) is not None
    try:
        json.loads(start)
    except (ValueError, RecursionError):
        return False
    return True


def _table_kind(text: str, said: str | None) -> str | None:
    lines = [line for line in text.split("\n")[:40] if line.strip()]
    if said in {"csv", "tsv"} and lines:
        return said
    for mark, kind in (("\t", "tsv"), (",", "csv"), (";", "csv")):
        counts = {line.count(mark) for line in lines[:20]}
        if len(lines) >= 3 and len(counts) == 1 and min(counts) >= 2 and said != "text":
            return kind
    return None
