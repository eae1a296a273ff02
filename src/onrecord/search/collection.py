"""Searching a record: the index kept up to what was read, and hits with their exact places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from onrecord.ingest.catalogue import Catalogue
from onrecord.ingest.derived import Derived, text_of
from onrecord.ingest.taking_in import open_catalogue
from onrecord.record import Record
from onrecord.record.files import write_whole
from onrecord.search.index import Document, Hit, Index
from onrecord.search.near import alike, look_alike, sketch
from onrecord.search.query import Query, parse
from onrecord.search.snippets import Passage, passages


class _State(msgspec.Struct):
    """Which state of the catalogue the index shows."""

    changes: int


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
    """

    def __init__(self, record: Record) -> None:
        self._folder = record.folder / "index"
        self._derived = Derived(record.folder / "derived")
        self._catalogue: Catalogue = open_catalogue(record)
        self._index = Index.open(self._folder)
        self._update()

    def close(self) -> None:
        """Let go of the catalogue."""
        self._catalogue.close()

    def kinds(self) -> tuple[str, ...]:
        """The kinds of file there are, for the filter ``kind:``."""
        return tuple(sorted({kind for _, _, kind, _, _ in self._catalogue.read_files()}))

    def search(self, text: str, limit: int = 20, places: int = 3) -> list[Answer]:
        """Documents that answer, best first, each with at most ``places`` passages.

        Raises:
            UsageError: the query cannot be understood.
        """
        query = parse(text)
        return [self._answer(hit, query, places) for hit in self._index.search(query, limit)]

    def alike(self, least: float = 0.6) -> list[tuple[str, ...]]:
        """Groups of documents, by SHA-256, that share at least ``least`` of their runs of three words."""
        sketches = {}
        for digest, key, _, _, _ in self._catalogue.read_files():
            if found := sketch(text_of(self._derived.reading(digest, key).pieces)):
                sketches[digest] = found
        return alike(sketches, least)

    def look_alike(self) -> list[tuple[str, ...]]:
        """Groups of pictures, by SHA-256, that look the same as wholes."""
        return look_alike({digest: look for digest, _, _, _, look in self._catalogue.read_files() if look})

    def places(self, digest: str) -> list[str]:
        """Where a document came from."""
        return self._catalogue.places(digest)

    def _answer(self, hit: Hit, query: Query, places: int) -> Answer:
        key = self._catalogue.key_of(hit.document) or ""
        pieces = self._derived.reading(hit.document, key).pieces
        return Answer(
            hit, tuple(self._catalogue.places(hit.document)), tuple(passages(pieces, query, places))
        )

    def _update(self) -> None:
        changes = self._catalogue.changes
        if self._known() == changes and len(self._index):
            return
        self._index.add(self._new())
        write_whole(self._folder / "onrecord.json", msgspec.json.encode(_State(changes)))

    def _known(self) -> int:
        try:
            return msgspec.json.decode((self._folder / "onrecord.json").read_bytes(), type=_State).changes
        except (OSError, msgspec.DecodeError):
            return -1

    def _new(self) -> Iterator[Document]:
        """Documents whose derivative or places are not what the index has."""
        indexed = self._index.stamps()
        for digest, key, kind, date, _ in self._catalogue.read_files():
            paths = tuple(self._catalogue.places(digest))
            stamp = sha256("\0".join([key, *paths]).encode("utf-8", "surrogatepass")).hexdigest()[:16]
            if indexed.get(digest) != stamp:
                reading = self._derived.reading(digest, key)
                yield Document(
                    key=digest,
                    text=text_of(reading.pieces),
                    stamp=stamp,
                    kind=kind,
                    paths=paths,
                    date=date,
                    has=("table",) if reading.tables else (),
                )
