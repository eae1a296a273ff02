"""Reading bytes in the test's own process: for files made by the tests themselves."""

from __future__ import annotations

import io
import tempfile
from typing import Any

from onrecord.ingest.readers import read
from onrecord.ingest.reading import Reading
from onrecord.ingest.source import Options, Source, Spool


def reading_of(data: bytes, name: str = "file", **choices: Any) -> Reading:
    """The reading of these bytes under this name."""
    return reading_and_members(data, name, **choices)[0]


def reading_and_members(data: bytes, name: str = "file", **choices: Any) -> tuple[Reading, list[bytes]]:
    """The reading, and the bytes of its members."""
    options = Options(**choices)
    with tempfile.TemporaryFile() as spool:
        reading = read(Source(io.BytesIO(data), name, Spool(spool, options), options))
        members = []
        for child in reading.children:
            spool.seek(child.offset)
            members.append(spool.read(child.length))
        return reading, members


def text_of(reading: Reading) -> str:
    """All text of a reading."""
    return "\n".join(piece.text for piece in reading.pieces)


def marked(reading: Reading, mark: str) -> list[str]:
    """The texts of the pieces with this mark."""
    return [piece.text for piece in reading.pieces if piece.mark == mark]


def places(reading: Reading) -> list[str]:
    """The values of the fragment selectors of all pieces."""
    return [getattr(selector, "value", "") for piece in reading.pieces for selector in piece.selectors]
