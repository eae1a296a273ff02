"""Making entries from a marked passage: a source for the original, a citation that leads back, a quote if wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
import polars as pl

from onrecord.errors import UsageError
from onrecord.ingest.reading import Piece
from onrecord.model.citation import Citation, Selector
from onrecord.model.kinds import Entry, Quote, Source
from onrecord.passages.originals import Original, original
from onrecord.passages.places import UNSEEN, Place, places, the_place
from onrecord.passages.sheets import cells_at, cells_in
from onrecord.record import KEEPER, Record
from onrecord.search.snippets import selectors_at


@dataclass(frozen=True, slots=True)
class Said:
    """Who used the words, when (a date with precision), and in which language (BCP 47), if that is known."""

    speaker: str
    date: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A citation with the source it names, and the quote that carries it, if one was asked for.

    ``added`` counts the entries that were not on record before.
    """

    source: Source
    citation: Citation
    quote: Quote | None
    added: int


def cite(
    record: Record,
    digest: str,
    selectors: Iterable[Selector],
    said: Said | None = None,
    *,
    title: str = "",
    by: str | None = None,
    dry_run: bool = False,
) -> Made:
    """Cite the one passage that selectors fit, and put on record what the citation needs.

    That is a private source entry for the original, where the record has none, and a private quote of the words where
    ``said`` tells whose they are. The same again adds nothing. On a dry run everything is checked, nothing changed.

    Args:
        digest: SHA-256 of the original, or its first eight or more digits.
        title: what a new source is called; its file name by default.

    Raises:
        UsageError: no passage with words fits, or several do; or the original has no text.
        EntryNotFound: there is no such original.
        InvalidInput: the quote cannot be put on record.
    """
    found = original(record, digest)
    pieces = found.reading.pieces if found.reading else ()
    if not pieces:
        raise UsageError(
            f"No text was read from {found.name}: it has no passage to cite. See `onrecord outcomes`."
        )
    place = the_place(pieces, selectors)
    if place.start == place.end:
        raise UsageError("There are no words in it: an empty place cannot be cited.")
    source = source_of(record, found.sha256) or _new_source(found, title)
    citation = Citation(source=source.id, selectors=leading_back(pieces, place))
    words = " ".join(UNSEEN.sub("", pieces[place.piece].text[place.start : place.end]).split())
    quote = _quote(citation, words, said) if said else None
    entries: list[Entry] = [source, *([quote] if quote else [])]
    entered = record.enter(_new(record, entries), by=by, dry_run=dry_run)
    return Made(source, citation, quote, entered.added)


def source_of(record: Record, digest: str) -> Source | None:
    """The first source on record whose original has this hash, or None."""
    view = record.as_seen_by(KEEPER)
    ids = view.table("source").filter(pl.col("sha256") == digest)["id"]
    entry = view.entry(ids[0]).entry if len(ids) else None
    return entry if isinstance(entry, Source) else None


def leading_back(pieces: Sequence[Piece], place: Place) -> tuple[Selector, ...]:
    """Selectors that fit this place and, where the text allows it, no other: context is added until they do."""
    piece, around = pieces[place.piece], 32
    while True:
        selectors = tuple(_narrowed(selectors_at(piece, place.start, place.end, around), piece, place))
        if around >= len(piece.text) or places(pieces, selectors) == [place]:
            return selectors
        around *= 2


def _narrowed(selectors: Iterable[Selector], piece: Piece, place: Place) -> Iterator[Selector]:
    """The selectors, of which one that names the cells of a row names those of the place alone."""
    cells = cells_at(piece, place.start, place.end)
    for selector in selectors:
        yield cells.selector() if cells and cells_in(selector) else selector


def _new(record: Record, entries: list[Entry]) -> list[Entry]:
    """Those that the record does not have: what was corrected since is not put on record as it was before."""
    with record.ledger.reading() as ledger:
        return [entry for entry in entries if ledger.find(entry.id) is None]


def _new_source(found: Original, title: str) -> Source:
    named = " ".join(UNSEEN.sub("", title or found.name).split())
    return Source(id=f"original-{found.sha256[:16]}", title=named or found.sha256, sha256=found.sha256)


def _quote(citation: Citation, words: str, said: Said) -> Quote:
    """The quote under an id made from all it says, so that the same words cited twice are one entry."""
    fields = msgspec.json.encode([citation, words, said.speaker, said.date], order="sorted")
    return Quote(
        id=f"quote-{sha256(fields).hexdigest()[:16]}",
        speaker=said.speaker,
        text=words,
        date=said.date,
        language=said.language,
        citations=(citation,),
    )
