"""A page of an original as a picture, drawn in the sandbox, with boxes around the passage that was asked for."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onrecord.errors import OnrecordError
from onrecord.ingest.reading import Piece
from onrecord.ingest.tasks import Box
from onrecord.model.citation import FragmentSelector
from onrecord.pages.evidence import Evidence
from onrecord.passages.originals import Original
from onrecord.passages.places import Place

_WIDTH = 900
_DRAWN = frozenset({"pdf", "png", "jpeg", "gif", "tiff", "bmp", "webp", "heic"})
_PAGE = re.compile(r"page=(\d+)(?:&viewrect=0,0,(\d+),\d+)?")
_SHORT = 4
_SCANNED_AT = 300 / 72
"""Pixels to a point in the pictures that pages are recognised from, in which boxes of words are counted."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page drawn: PNG as base64, its size and boxes in pixels, its number of how many; or why there is none."""

    number: int
    count: int = 0
    png: str = ""
    width: int = 0
    height: int = 0
    boxes: tuple[Box, ...] = ()
    refused: str = ""


def picture_of(
    evidence: Evidence, found: Original, pieces: Sequence[Piece], here: Sequence[Place], wanted: int | None
) -> PagePicture | None:
    """The page of the first place, or else the page wanted, or else the first; None for kinds that have no pages."""
    if found.reading is None or found.reading.kind not in _DRAWN:
        return None
    number, points = _page_of(pieces[here[0].piece]) if here else (wanted or 1, None)
    try:
        drawn = evidence.draw(found.sha256, found.name, number, _lines(pieces, here))
    except OnrecordError as cause:
        return PagePicture(number, refused=str(cause))
    scanned = list(_recognised(pieces, here, drawn.width / (points * _SCANNED_AT))) if points else []
    return PagePicture(
        number=number,
        count=drawn.pages,
        png=base64.b64encode(drawn.png).decode(),
        width=drawn.width,
        height=drawn.height,
        boxes=(*drawn.boxes, *scanned),
    )


def _lines(pieces: Sequence[Piece], here: Sequence[Place]) -> tuple[str, ...]:
    """The words of the first place as they stand on the page, line by line: PDFium finds none that goes over an end.

    Of several lines those of few letters are left out, which stand everywhere.
    """
    lines = [line.strip() for p in here[:1] for line in pieces[p.piece].text[p.start : p.end].splitlines()]
    return tuple(line for line in lines if len(line) >= _SHORT or len(lines) == 1)


def _page_of(piece: Piece) -> tuple[int, int | None]:
    """The number of the page a piece is on and the page's width in points, as far as the piece says."""
    for selector in piece.selectors:
        if isinstance(selector, FragmentSelector) and (found := _PAGE.match(selector.value)):
            return int(found[1]), int(found[2]) if found[2] else None
    return 1, None


def _recognised(pieces: Sequence[Piece], here: Sequence[Place], scale: float) -> Iterator[Box]:
    """Boxes of the recognised words of the first place, in pixels of the picture drawn."""
    for place in here[:1]:
        for word in pieces[place.piece].words:
            if word.start < place.end and word.end > place.start:
                sizes = (word.left, word.top, word.width, word.height)
                yield Box(*(round(size * scale) for size in sizes))
