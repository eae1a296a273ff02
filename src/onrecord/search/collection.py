"""Searching a record: the index kept up to what was read, and hits with their exact places."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from onrecord.errors import StorageError
from onrecord.ingest.catalogue import Catalogue, open_catalogue
from onrecord.ingest.derived import Derived
from onrecord.ingest.reading import Piece
from onrecord.record import Record
from onrecord.search import manifest
from onrecord.search.index import Document, Hit, Index
from onrecord.search.near import alike, first_runs, like, look_alike, share, sketch
from onrecord.search.query import Either, Query, Words, parse
from onrecord.search.snippets import Passage, passages

_STRETCH = 1_000_000
_OVERLAP = 200
_RUNS_ASKED = 8
_NEAR_READ = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """A document that answers, every place it came from, and the first passages in it that match.

    A document found by a filter alone has no passage.
    """

    hit: Hit
    places: tuple[str, ...]
    passages: tuple[Passage, ...]


class Collection:
    """All that was ingested into a record, to be searched. Close it when done.

    Opening it indexes what was read since the last time. The index lies in ``index/`` in the record's folder and
    can be deleted: it is made again from the readings.

    Raises:
        StorageError: the index is damaged, or behind what was read on a disk that cannot be written.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._folder = record.folder / "index"
        self._derived = Derived(record.folder / "derived")
        self._catalogue: Catalogue = open_catalogue(record)
        self._open()
        self._update()

    def _open(self) -> None:
        self._manifest = manifest.read(self._folder)
        if self._manifest is None and not self._catalogue.is_read_only:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._index = Index.open(self._folder)

    def close(self) -> None:
        """Let go of the catalogue."""
        self._catalogue.close()

    def refresh(self) -> None:
        """Learn what was taken in, and what others indexed, since it was opened."""
        with self._record.ledger.reading() as ledger:
            self._catalogue.sync(ledger)
        if manifest.read(self._folder) != self._manifest:
            self._open()
        self._update()

    def kinds(self) -> tuple[str, ...]:
        """The kinds of file there are, for the filter ``kind:``."""
        return tuple(sorted({kind for _, _, kind, _, _ in self._catalogue.read_files()}))

    def count(self, text: str) -> int:
        """How many documents answer.

        Raises:
            UsageError: the query cannot be understood.
        """
        return self._index.count(text)

    def search(self, text: str, limit: int = 20, places: int = 3) -> list[Answer]:
        """Documents that answer, best first, each with at most ``places`` passages.

        Raises:
            UsageError: the query cannot be understood.
        """
        query = parse(text)
        return [self._answer(hit, query, places) for hit in self._hits(query, limit)]

    def alike(self, least: float = 0.6) -> list[tuple[str, ...]]:
        """Groups of documents, by SHA-256, that share at least ``least`` of their runs of three words."""
        sketches = {}
        for digest, key, _, _, _ in self._catalogue.read_files():
            if found := sketch(_beginning(self._derived.pieces(digest, key))):
                sketches[digest] = found
        return alike(sketches, least)

    def near(self, digest: str, least: float = 0.6) -> list[tuple[str, float]]:
        """The documents that share at least ``least`` of their runs of three words with this one, nearest first.

        Candidates come from the index: those in which some of the runs stand that the sketch is made of. Of two
        documents that share 0.6 of their runs, one in 10,000 pairs has none of the eight that are asked for in common.
        """
        text = self._text(digest)
        own = sketch(text)
        runs = [Words(tuple(run)) for run in first_runs(text, _RUNS_ASKED)]
        if not runs:
            return []
        hits = self._hits(Either(tuple(runs)), _NEAR_READ + 1)
        others = [hit.document for hit in hits if hit.document != digest]
        shares = [(other, share(own, sketch(self._text(other)))) for other in others]
        return sorted([pair for pair in shares if pair[1] >= least], key=lambda pair: (-pair[1], pair[0]))

    def look_alike(self) -> list[tuple[str, ...]]:
        """Groups of pictures, by SHA-256, that look the same as wholes."""
        return look_alike(self._catalogue.looks())

    def like(self, digest: str) -> list[tuple[str, int]]:
        """The pictures that look like this one as wholes, and by how many of 64 bits each differs, most alike first."""
        return like(digest, self._catalogue.looks())

    def places(self, digest: str) -> list[str]:
        """Where a document came from."""
        return self._catalogue.places(digest)

    def _hits(self, query: Query, limit: int) -> list[Hit]:
        """What the index finds, without what is kept and not read: a catalogue made anew knows it again by and by."""
        return [hit for hit in self._index.search(query, limit) if self._catalogue.key_of(hit.document)]

    def _text(self, digest: str) -> str:
        return _beginning(self._derived.pieces(digest, self._catalogue.key_of(digest) or ""))

    def _answer(self, hit: Hit, query: Query, places: int) -> Answer:
        key = self._catalogue.key_of(hit.document) or ""
        pieces = self._derived.pieces(hit.document, key)
        return Answer(
            hit, tuple(self._catalogue.places(hit.document)), tuple(passages(pieces, query, places))
        )

    def _update(self) -> None:
        changes = self._catalogue.changes
        if self._manifest and self._manifest.changes == changes:
            return
        contents = manifest.Contents()
        new = self._new(self._index.stamps(), contents)
        first = next(new, None)
        if first and self._catalogue.is_read_only:
            raise StorageError(
                "The index is behind what was read, and the disk of the record cannot be written. "
                "Search once on a copy that can be, or where the record is kept."
            )
        if first:
            self._index.add(chain([first], new))
        if not self._catalogue.is_read_only:
            self._manifest = manifest.write(self._folder, changes, contents, self._manifest)

    def _new(self, indexed: dict[str, str], contents: manifest.Contents) -> Iterator[Document]:
        """Documents whose derivative or places are not what the index has; the contents come to be of all."""
        with_tables = self._catalogue.with_tables()
        for digest, key, kind, date, _ in self._catalogue.read_files():
            places = self._catalogue.places(digest)
            stamp = _stamp(key, places)
            contents.take(digest, stamp)
            if indexed.get(digest) == stamp:
                continue
            stretches = _stretches(self._derived.pieces(digest, key))
            yield Document(
                key=digest,
                text=next(stretches),
                rest=stretches,
                stamp=stamp,
                kind=kind,
                paths=tuple(places),
                date=date,
                has=("table",) if digest in with_tables else (),
            )


def wanted_stamps(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every document's key and what its text in the index must have been made by: derivative and places."""
    for digest, key, *_ in catalogue.read_files():
        yield digest, _stamp(key, catalogue.places(digest))


def _stamp(key: str, places: list[str]) -> str:
    return sha256("\0".join([key, *places]).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _beginning(pieces: Iterable[Piece]) -> str:
    """As much of a text as a sketch is made of."""
    return next(_stretches(pieces))


def _stretches(pieces: Iterable[Piece]) -> Iterator[str]:
    """The text of a reading, in stretches that the index can take one by one; usually a single one.

    A stretch begins with the end of the one before, so that a phrase is found where they meet.
    """
    stretch: list[str] = []
    length = 0
    for piece in pieces:
        if length > _STRETCH:
            yield "\n".join(stretch)
            stretch, length = [stretch[-1][-_OVERLAP:]], 0
        stretch.append(piece.text)
        length += len(piece.text)
    yield "\n".join(stretch)
