"""What a reader hands back: text, tables, members and claims, each with its place, and one named outcome.

Plain frozen data that travels as msgpack from the sandbox to the record's process. Places are W3C Web
Annotation selectors, the same that citations use, so that a hit can become a citation unchanged. The
fragments written here:

=====================  ==================================================================
``page=3``             a page, counted from 1, as RFC 3778 counts them
``sheet=S&cells=B5:F5``  cells of a sheet in spreadsheet notation; the name is percent-encoded
``cells=A5:F5``        the same for a CSV file, which has one sheet
``part=P&paragraph=7`` a paragraph of a part of a package (``word/document.xml``), counted from 1
``message=body``       a part of a mail message; ``message=2`` for MIME part 2, ``message=1.2`` for a part in it
``xywh=10,20,300,40``  a region of a picture in pixels, Media Fragments 1.0
=====================  ==================================================================
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from onrecord.model.citation import FragmentSelector, Selector


class Outcome(StrEnum):
    """What became of a file. Every file has exactly one."""

    READ = "read"
    IN_PART = "read in part"
    NEEDS_OCR = "needs OCR"
    ENCRYPTED = "encrypted"
    REFUSED = "refused"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"


Mark = Literal[
    "", "hidden", "deleted", "inserted", "comment", "note", "header", "old revision", "OCR", "claim"
]


class Word(msgspec.Struct, frozen=True, array_like=True):
    """Where characters [start, end) of a piece stand in a picture: pixels from the top left corner."""

    start: int
    end: int
    left: int
    top: int
    width: int
    height: int


class Piece(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run of text and its place in the original. ``mark`` says why it may not be visible there.

    In a piece that holds cells, a tab stands between neighbouring cells and nowhere else, so that an offset
    leads to a cell (:func:`onrecord.ingest.cells.cell_at`).
    """

    text: str
    selectors: tuple[Selector, ...] = ()
    mark: Mark = ""
    words: tuple[Word, ...] = ()


def region_at(piece: Piece, start: int, end: int) -> FragmentSelector | None:
    """The region of the picture that holds the recognised words of [start, end); None where there are none."""
    words = [word for word in piece.words if word.start < end and word.end > start]
    if not words:
        return None
    left, top = min(word.left for word in words), min(word.top for word in words)
    width = max(word.left + word.width for word in words) - left
    height = max(word.top + word.height for word in words) - top
    return FragmentSelector(value=f"xywh={left},{top},{width},{height}")


class CellNote(msgspec.Struct, frozen=True, array_like=True):
    """Something to know about one cell, row or column: ``hidden row``, ``rounded`` …"""

    address: str
    note: str


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sheet or CSV file, column by column, values as stored, written as text.

    ``rows`` holds the original row numbers (from 1), ``columns`` the original letters; ``cells[i][j]`` is the
    value at ``columns[i]``, ``rows[j]``, or None for an empty cell. Empty rows are left out.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[int, ...]
    cells: tuple[tuple[str | None, ...], ...]
    mark: Mark = ""
    notes: tuple[CellNote, ...] = ()


class Child(msgspec.Struct, frozen=True, omit_defaults=True):
    """A member: an attachment, an archive's file, a web record. Its bytes lie in the worker's spool.

    ``name`` is for showing, ``raw_name`` is the name's own bytes; neither is ever used as a path.
    """

    name: str
    raw_name: bytes
    offset: int
    length: int
    claims: tuple[tuple[str, str], ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one reader found. ``reason`` says what is missing, which limit, or why; empty only when read."""

    outcome: Outcome = Outcome.READ
    reason: str = ""
    pieces: tuple[Piece, ...] = ()
    tables: tuple[Table, ...] = ()
    children: tuple[Child, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


class Reading(Finding, frozen=True, kw_only=True, omit_defaults=True):
    """A finding, with the kind of file, the reader and the version that made it."""

    kind: str
    reader: str
    version: str


def in_part(missing: list[str]) -> tuple[Outcome, str]:
    """The outcome and reason of a reading that lacks what ``missing`` names (nothing: it is whole)."""
    if not missing:
        return Outcome.READ, ""
    each = list(dict.fromkeys(missing))
    shown = "; ".join(each[:5])
    more = f"; and {len(each) - 5} more" if len(each) > 5 else ""
    return Outcome.IN_PART, f"missing: {shown}{more}"
