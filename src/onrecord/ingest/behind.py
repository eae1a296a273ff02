"""A ZIP archive that stands behind another file in the same bytes, as in a picture that somebody hid files in.

Readers of other kinds start at the front and see nothing of it; readers of ZIP start at the end.
"""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import PurePath

from onrecord.ingest.reading import Child
from onrecord.ingest.source import Source, in_chunks

_END, _END_LENGTH, _LONGEST_COMMENT = b"PK\5\6", 22, 0xFFFF
_ERRORS = (
    zipfile.BadZipFile,
    struct.error,
    NotImplementedError,
    ValueError,
    OSError,
    OverflowError,
    IndexError,
    RuntimeError,
)
_OWN = frozenset({"zip", "wacz", "docx", "xlsx", "xlsb", "pptx", "odt", "ods", "odp", "odg", "empty"})


def archive_behind(source: Source, kind: str) -> Child | None:
    """The archive as a member, or None where there is none.

    Raises:
        LimitReached: it does not fit beside the other members.
    """
    if kind in _OWN or not _ends_as_zip(source):
        return None
    try:
        with zipfile.ZipFile(source.file) as archive:
            start = min((entry.header_offset for entry in archive.infolist()), default=0)
    except _ERRORS:
        return None
    if start <= 0:
        return None
    source.file.seek(start)
    name = f"{PurePath(source.name).stem} (behind).zip"
    return source.spool.keep(name, name.encode("utf-8", "surrogatepass"), in_chunks(source.file))


def _ends_as_zip(source: Source) -> bool:
    """Whether the end record of a ZIP closes the file, with no byte after its comment."""
    size = source.size
    source.file.seek(max(size - _END_LENGTH - _LONGEST_COMMENT, 0), os.SEEK_SET)
    tail = source.file.read()
    at = tail.rfind(_END)
    return at >= 0 and len(tail) - at >= _END_LENGTH and at + _END_LENGTH + int.from_bytes(
        tail[at + 20 : at + 22], "little"
    ) == len(tail)  # fmt: skip
