"""The text of an original in parts that a browser can hold, each piece under its place in the original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from onrecord.ingest.reading import Piece
from onrecord.pages.marked import language_of, marked, visible
from onrecord.pages.passage_links import passage_selectors
from onrecord.passages.places import Place, in_words, places

HERE = "here"
"""The id of the passage that the address names."""

_PIECES = 200
_CHARACTERS = 60_000


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A piece: its number from 1 in the whole text, its place in words, why it may not be visible, its text."""

    number: int
    place: str
    mark: str
    text: Markup
    language: str | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the pieces, and which of how many parts of the text they are, counted from 1.

    ``page`` is the page they stand on where they are the text of one page alone; the part is then the one it begins in.
    """

    number: int
    count: int
    pieces: tuple[ShownPiece, ...]
    page: int | None = None


def part_of(pieces: Sequence[Piece], here: Sequence[Place], wanted: int | None, anchor: str = HERE) -> Part:
    """The part that holds the first of the places, or else the part wanted by its number, or else the first.

    Every place in it is marked, the first with ``anchor`` as its id; a place without words is its whole piece.
    """
    starts = _starts(pieces)
    if here:
        number = sum(start <= here[0].piece for start in starts)
    else:
        number = min(max(wanted or 1, 1), max(len(starts), 1))
    first = starts[number - 1] if starts else 0
    last = starts[number] if number < len(starts) else len(pieces)
    shown = tuple(_shown(index, pieces[index], here, anchor) for index in range(first, last))
    return Part(number, len(starts), shown)


def text_of_page(pieces: Sequence[Piece], page: int) -> Part:
    """What stands on one page, as far as the pieces say on which they stand."""
    starts = _starts(pieces)
    on_page = [place.piece for place in places(pieces, passage_selectors({"page": str(page)}))]
    number = sum(start <= on_page[0] for start in starts) if on_page else min(1, len(starts))
    shown = tuple(_shown(index, pieces[index], (), "") for index in on_page)
    return Part(number, len(starts), shown, page)


def _starts(pieces: Sequence[Piece]) -> list[int]:
    """The first piece of each part; a piece longer than a part is a part of its own."""
    starts: list[int] = []
    length = 0
    for index, piece in enumerate(pieces):
        if not starts or index - starts[-1] >= _PIECES or length + len(piece.text) > _CHARACTERS:
            starts.append(index)
            length = 0
        length += len(piece.text)
    return starts


def _shown(index: int, piece: Piece, here: Sequence[Place], anchor: str) -> ShownPiece:
    own = [place for place in here if place.piece == index]
    spans: list[tuple[int, int]] = []
    for place in own:
        if place.start < place.end and (not spans or place.start >= spans[-1][1]):
            spans.append((place.start, place.end))
    first = bool(here) and here[0].piece == index
    return ShownPiece(
        number=index + 1,
        place=visible(in_words(piece)) or f"piece {index + 1}",
        mark=piece.mark,
        text=marked(piece.text, spans, anchor if first else ""),
        language=language_of(piece.text),
        is_here=first and not spans,
    )
