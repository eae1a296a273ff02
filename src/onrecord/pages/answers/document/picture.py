"""A page of an original as a picture, drawn in the sandbox, with boxes around the passages that were asked for."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onrecord.errors import OnrecordError
from onrecord.ingest.reading import Piece
from onrecord.ingest.tasks import Box, Stretch
from onrecord.model.citation import FragmentSelector
from onrecord.pages.evidence import Evidence
from onrecord.passages.originals import Original
from onrecord.passages.places import Place

_DRAWN = frozenset(
    {"pdf", "png", "jpeg", "gif", "tiff", "bmp", "webp", "heic", "avif", "jpeg2000", "psd", "ico"}
)
_PAGE = re.compile(r"page=(\d+)")


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
    number = _page_of(pieces[here[0].piece]) if here else wanted or 1
    on_page = [place for place in here if _page_of(pieces[place.piece]) == number]
    try:
        drawn = evidence.draw(found.sha256, found.name, number, tuple(_in_layer(pieces, on_page)))
    except OnrecordError as cause:
        return PagePicture(number, refused=str(cause))
    recognised = _recognised(pieces, on_page, drawn.width / drawn.recognised)
    return PagePicture(
        number=number,
        count=drawn.pages,
        png=base64.b64encode(drawn.png).decode(),
        width=drawn.width,
        height=drawn.height,
        boxes=(*drawn.boxes, *recognised),
    )


def _page_of(piece: Piece) -> int:
    """The number of the page a piece is on, as far as the piece says."""
    for selector in piece.selectors:
        if isinstance(selector, FragmentSelector) and (found := _PAGE.match(selector.value)):
            return int(found[1])
    return 1


def _in_layer(pieces: Sequence[Piece], on_page: Sequence[Place]) -> Iterator[Stretch]:
    """What of the places stands in the text of the page itself: no comment, old revision or recognised word does."""
    for place in on_page:
        if not pieces[place.piece].mark:
            yield Stretch(place.start, pieces[place.piece].text[place.start : place.end])


def _recognised(pieces: Sequence[Piece], on_page: Sequence[Place], scale: float) -> Iterator[Box]:
    """Boxes of the recognised words of the places, in pixels of the picture drawn."""
    for place in on_page:
        for word in pieces[place.piece].words:
            if word.start < place.end and word.end > place.start:
                sizes = (word.left, word.top, word.width, word.height)
                yield Box(*(round(size * scale) for size in sizes))
