"""The exact places in a document that answer a query, with the text around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from onrecord.ingest.cells import cell_at
from onrecord.ingest.reading import Piece, region_at
from onrecord.model.citation import FragmentSelector, Selector, TextPositionSelector, TextQuoteSelector
from onrecord.search.query import Query, Words, wanted
from onrecord.search.words import Word, split, words

_AROUND = 60
_QUOTED = 32
_TAIL = 200


@dataclass(frozen=True, slots=True)
class Passage:
    """A place that answers a query.

    Attributes:
        piece: which piece of the reading, from 0.
        start, end: the characters of that piece that matched, half-open.
        snippet: them with up to 60 characters on each side; ``marked`` is where they stand in it.
        selectors: the place in the original, as a citation states it, and the words themselves.
        cell: the cell's address, in a table.
        mark: why the text may not be visible in the original (``hidden``, ``deleted`` …), else empty.
    """

    piece: int
    start: int
    end: int
    snippet: str
    marked: tuple[int, int]
    selectors: tuple[Selector, ...]
    cell: str | None
    mark: str


def passages(pieces: Iterable[Piece], query: Query, limit: int = 3) -> list[Passage]:
    """The first places in pieces that hold what the query wants, at most ``limit``.

    ``pieces`` is gone through twice where no piece holds it by itself, so it may not be an iterator.
    """
    sequences = list(dict.fromkeys(wanted(query)))
    return list(islice(_within(pieces, sequences), limit)) or list(islice(_across(pieces, sequences), limit))


def _within(pieces: Iterable[Piece], sequences: list[Words]) -> Iterator[Passage]:
    for number, piece in enumerate(pieces):
        for start, end in _matches(piece.text, sequences):
            yield _passage(number, piece, start, end)


def _across(pieces: Iterable[Piece], sequences: list[Words]) -> Iterator[Passage]:
    """Where words begin in one piece and end in the next, as a name does that a page's end breaks: the first part."""
    several = [sequence for sequence in sequences if len(sequence.words) > 1]
    for number, (piece, following) in enumerate(pairwise(pieces) if several else ()):
        tail = piece.text[-_TAIL:]
        for start, end in _matches(f"{tail}\n{following.text[:_TAIL]}", several):
            if start < len(tail) < end:
                yield _passage(number, piece, len(piece.text) - len(tail) + start, len(piece.text))


def _matches(text: str, sequences: list[Words]) -> Iterator[tuple[int, int]]:
    spaced = f" {' '.join(split(text).split())} "
    likely = [sequence for sequence in sequences if _needle(sequence) in spaced]
    if not likely:
        return
    cut = list(words(text))
    ends = [-1]
    for at in range(len(cut)):
        for sequence in likely:
            last = at + len(sequence.words)
            if _same(cut[at:last], sequence) and cut[at].start >= ends[-1]:
                ends.append(cut[last - 1].end)
                yield cut[at].start, cut[last - 1].end


def _needle(sequence: Words) -> str:
    return f" {' '.join(sequence.words)}" + ("" if sequence.prefix else " ")


def _same(cut: list[Word], sequence: Words) -> bool:
    if len(cut) != len(sequence.words):
        return False
    *first, last = sequence.words
    if any(word.text != wanted_word for word, wanted_word in zip(cut, first, strict=False)):
        return False
    return cut[-1].text.startswith(last) if sequence.prefix else cut[-1].text == last


def _passage(number: int, piece: Piece, start: int, end: int) -> Passage:
    left, right = max(start - _AROUND, 0), min(end + _AROUND, len(piece.text))
    return Passage(
        piece=number,
        start=start,
        end=end,
        snippet=piece.text[left:right],
        marked=(start - left, end - left),
        selectors=selectors_at(piece, start, end),
        cell=cell_at(piece, start),
        mark=piece.mark,
    )


def selectors_at(piece: Piece, start: int, end: int, around: int = _QUOTED) -> tuple[Selector, ...]:
    """The piece's place, narrowed to the characters or recognised words where these are counted; then the quote.

    ``around`` is how many characters before and after the words are quoted with them.
    """
    quote = TextQuoteSelector(
        exact=piece.text[start:end],
        prefix=piece.text[max(start - around, 0) : start] or None,
        suffix=piece.text[end : end + around] or None,
    )
    return (*(_narrowed(selector, piece, start, end) for selector in piece.selectors), quote)


def _narrowed(selector: Selector, piece: Piece, start: int, end: int) -> Selector:
    if isinstance(selector, TextPositionSelector) and selector.end - selector.start == len(piece.text):
        return TextPositionSelector(start=selector.start + start, end=selector.start + end)
    if isinstance(selector, FragmentSelector) and selector.value.startswith("xywh="):
        return region_at(piece, start, end) or selector
    return selector
