"""Where the words that a citation quotes stand in what was read from an original.

Words are compared as a reader copies them: a run of white space is one space, and characters that are not seen
(control characters, marks that turn the direction of text) do not count. Everything else counts, accents and
zero-width joiners included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from onrecord.errors import UsageError
from onrecord.ingest.reading import Piece, region_at
from onrecord.model.citation import (
    Citation,
    FragmentSelector,
    Selector,
    TextPositionSelector,
    TextQuoteSelector,
    XPathSelector,
    locator_in_words,
)
from onrecord.passages.sheets import Cells, cells_at, cells_in, stretch_of, typed_cells

UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Characters without a shape of their own, some of which make text look like other text."""

_GAP = re.compile(r"\s+")
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Characters [start, end) of one piece of a reading, counted from 0."""

    piece: int
    start: int
    end: int


def wanted(
    exact: str = "", prefix: str = "", suffix: str = "", page: int | None = None, cells: str = ""
) -> tuple[Selector, ...]:
    """What a person says of a passage, as selectors: its words, those around it, its page counted from 1, its cells.

    Raises:
        UsageError: there is no word in it, or what should name cells does not.
    """
    named = (typed_cells(cells).selector(),) if cells else ()
    if cells and not exact:
        return named
    if not _flat(exact).strip():
        raise UsageError("There are no words to look for. Give the words as they stand in the document.")
    quote = TextQuoteSelector(exact=exact, prefix=prefix or None, suffix=suffix or None)
    return (*named, quote) if page is None else (FragmentSelector(value=f"page={page}"), *named, quote)


def places(pieces: Sequence[Piece], selectors: Iterable[Selector]) -> list[Place]:
    """Every place that selectors fit, in the order of the text.

    A fragment or path narrows the search to the pieces it names, as far as any piece is named so; a character range or
    a region decides between places if one of them starts there. Words wanted in cells of a row stand in these cells.
    Without a quotation the cells, or else the pieces themselves, are the places.
    """
    given = tuple(selectors)
    quote = next((s for s in given if isinstance(s, TextQuoteSelector)), None)
    cells = next((cells for cells in map(cells_in, given) if cells), None)
    if cells and (in_cells := _in_cells(pieces, cells, quote)):
        return in_cells
    numbers = _narrowed(pieces, given)
    if quote is None:
        return [Place(number, 0, 0) for number in numbers] if len(numbers) < len(pieces) else []
    found = [
        Place(number, start, end)
        for number in numbers
        for start, end in _occurrences(pieces[number].text, quote)
    ]
    starts = {s.start for s in given if isinstance(s, TextPositionSelector)}
    regions = {s.value for s in given if isinstance(s, FragmentSelector)}
    meant = [
        place
        for place in found
        if _absolute(pieces[place.piece], place.start) in starts or _region(pieces, place) in regions
    ]
    return meant or found


def _in_cells(pieces: Sequence[Piece], cells: Cells, quote: TextQuoteSelector | None) -> list[Place]:
    """The cells, or where the words stand in them; none where the words stand elsewhere only."""
    found = []
    for number, piece in enumerate(pieces):
        if stretch := stretch_of(cells, piece):
            start, end = stretch
            found += [
                Place(number, *words)
                for words in (_occurrences(piece.text, quote) if quote else [stretch])
                if start <= words[0] and words[1] <= end
            ]
    return found


def _region(pieces: Sequence[Piece], place: Place) -> str | None:
    region = region_at(pieces[place.piece], place.start, place.end)
    return region.value if region else None


def the_place(pieces: Sequence[Piece], selectors: Iterable[Selector]) -> Place:
    """The one place that selectors fit.

    Raises:
        UsageError: there is none, or there are several; these are named.
    """
    found = places(pieces, selectors)
    if not found:
        raise UsageError(
            "These words do not stand in the document as it was read, or not on that page, or not within one paragraph. "
            "Copy them from the document's page or from what `onrecord search` shows."
        )
    if len(found) > 1:
        named = "; ".join(
            f"{in_words(pieces[p.piece], p) or f'piece {p.piece + 1}'}: {_around(pieces[p.piece], p)}"
            for p in found[:_NAMED]
        )
        more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise UsageError(
            f"These words stand at {len(found)} places ({named}{more}). "
            "Say which one with the words just before or after it, or the page."
        )
    return found[0]


def in_words(piece: Piece, place: Place | None = None) -> str:
    """Where a piece, or a place in it, stands in the original, for a reader; empty where it has no place."""
    cells = cells_at(piece, place.start, place.end) if place else None
    if cells:
        return f"cell {cells}" if cells.first == cells.last else f"cells {cells}"
    if place and (first := _absolute(piece, place.start)) is not None:
        return f"characters {first:,} to {first + place.end - place.start:,}"
    return locator_in_words(Citation(source="", selectors=piece.selectors)) or ""


def _around(piece: Piece, place: Place) -> str:
    left, right = max(place.start - 20, 0), place.end + 20
    return f"“…{_flat(piece.text[left:right])}…”"


def _narrowed(pieces: Sequence[Piece], selectors: tuple[Selector, ...]) -> list[int]:
    asked = [_parts(s) for s in selectors if isinstance(s, FragmentSelector | XPathSelector)]
    for parts in asked:
        named = [
            number
            for number, piece in enumerate(pieces)
            if any(
                parts <= _parts(s) for s in piece.selectors if isinstance(s, FragmentSelector | XPathSelector)
            )
        ]
        if named or _is_page_or_cells(parts):
            return named
    return list(range(len(pieces)))


def _parts(selector: FragmentSelector | XPathSelector) -> frozenset[str]:
    return frozenset(
        selector.value.split("&") if isinstance(selector, FragmentSelector) else [selector.value]
    )


def _is_page_or_cells(parts: frozenset[str]) -> bool:
    """Whether only a page, or cells, are named: a document that has no such page or cells has no such place."""
    return (len(parts) == 1 and next(iter(parts)).startswith("page=")) or any(
        part.startswith("cells=") for part in parts
    )


def _absolute(piece: Piece, start: int) -> int | None:
    """The character of the whole text at which a character of a piece stands, where the piece counts them."""
    for selector in piece.selectors:
        if isinstance(selector, TextPositionSelector) and selector.end - selector.start == len(piece.text):
            return selector.start + start
    return None


def _occurrences(text: str, quote: TextQuoteSelector) -> Iterator[tuple[int, int]]:
    exact = _flat(quote.exact).strip()
    before, after = _flat(quote.prefix or "").strip(), _flat(quote.suffix or "").strip()
    flat = _flat(text)
    if not exact or exact not in flat:
        return
    offsets = list(_offsets(text))
    at = flat.find(exact)
    while at >= 0:
        end = at + len(exact)
        if flat.endswith((before, f"{before} "), 0, at) and flat.startswith((after, f" {after}"), end):
            yield offsets[at], offsets[end - 1] + 1
        at = flat.find(exact, at + 1)


def _flat(text: str) -> str:
    return _GAP.sub(" ", UNSEEN.sub("", text))


def _offsets(text: str) -> Iterator[int]:
    """For each character of the flattened text where it stands in the text."""
    in_gap = False
    for at, character in enumerate(text):
        if UNSEEN.match(character):
            continue
        gap = character.isspace()
        if not (gap and in_gap):
            yield at
        in_gap = gap
