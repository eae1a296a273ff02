"""Plain text, in any of the encodings that old Chinese and Uyghur files come in."""

from __future__ import annotations

import re

from onrecord.ingest.charset import Decoded, decode
from onrecord.ingest.limits import LimitReached
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Finding, Outcome, Piece, in_part
from onrecord.ingest.source import Source
from onrecord.model.citation import TextPositionSelector

_PIECE = 4000
_ZEROS = re.compile(r"\0{16,}")


def read(source: Source) -> Finding:
    """The text, cut at line ends into pieces of about 4,000 characters, each with its character range."""
    decoded = decode(source.whole(), source.options.encoding)
    most = source.options.characters
    outcome, reason = quality(decoded)
    if len(decoded.text) > most:
        outcome, reason = Outcome.REFUSED, f"{LimitReached('characters', most)}; so many were read"
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=tuple(cut(decoded.text[:most])),
        claims=encoding_claims(decoded),
    )


def encoding_claims(decoded: Decoded) -> tuple[tuple[str, str], ...]:
    """The choice of encoding and how it was made, to be kept with the text."""
    return (("encoding", decoded.encoding), ("encoding found by", decoded.how))


def quality(decoded: Decoded) -> tuple[Outcome, str]:
    """Whether the text decoded whole, and what is missing where it did not, or where a disk left zeros for it."""
    missing: list[str] = []
    if decoded.replaced:
        what = "1 character that is" if decoded.replaced == 1 else f"{decoded.replaced:,} characters that are"
        missing.append(f"{what} not valid {decoded.encoding}")
    if zeros := sum(map(len, _ZEROS.findall(decoded.text))):
        missing.append(f"what stood where {zeros:,} bytes are zero, as a damaged disk leaves them")
    return in_part(missing)


def cut(text: str, before: int = 0) -> list[Piece]:
    """Pieces whose ranges follow each other and together cover the text, ``before`` characters of which are elsewhere."""
    pieces, start = [], 0
    while start < len(text):
        end = _end_of_piece(text, start)
        if text[start:end].strip():
            pieces.append(
                Piece(text[start:end], (TextPositionSelector(start=before + start, end=before + end),))
            )
        start = end
    return pieces


def _end_of_piece(text: str, start: int) -> int:
    if len(text) - start <= _PIECE:
        return len(text)
    line_end = text.rfind("\n", start + _PIECE // 2, start + _PIECE)
    return line_end + 1 if line_end > 0 else start + _PIECE


READER = Reader("text", package_version(3, "charset-normalizer"), ("text",), read)
