"""The full-text index: tantivy over words cut beforehand. Derived; it can be deleted and made again.

The index holds words and their positions, no text: snippets come from the readings it was made from. A text too
long to be held at once lies in it as several stretches; a query still answers for the document as a whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

from onrecord.errors import StorageError, UsageError
from onrecord.search.adding import add_all
from onrecord.search.asking import asked, with_fact
from onrecord.search.filed import CUT, FACTS, LONG, Document, Shown, schema, shown
from onrecord.search.query import Either, Every, Query, Without, parse

__all__ = ["Document", "Hit", "Index"]

_HEAP = 40_000_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers a query. ``score`` is BM25; higher is nearer, and only its order means something."""

    document: str
    path: str
    kind: str
    score: float


class Index:
    """A full-text index in a folder."""

    def __init__(self, index: tantivy.Index, beside: TemporaryDirectory[str] | None = None) -> None:
        self._index, self._beside = index, beside
        tokenizer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer(CUT, tokenizer)
        self._schema = index.schema

    @staticmethod
    def create(folder: Path) -> Index:
        """Make an empty index in a folder that has none.

        Raises:
            StorageError: the folder cannot be written to.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return Index(tantivy.Index(schema(), path=str(folder)))
        except (OSError, ValueError) as cause:
            raise StorageError(f"No index could be made in {folder}: {cause}.") from cause

    @staticmethod
    def open(folder: Path) -> Index:
        """The index in a folder; an empty one is made where there is none.

        Raises:
            StorageError: it is damaged; deleting the folder and indexing again mends that.
        """
        if not folder.exists() or not tantivy.Index.exists(str(folder)):
            return Index.create(folder)
        try:
            if os.access(folder, os.W_OK):
                return Index(tantivy.Index.open(str(folder)))
            beside = _beside(folder)
            return Index(tantivy.Index.open(beside.name), beside)
        except (OSError, ValueError) as cause:
            raise StorageError(
                f"The index in {folder} is damaged: {cause}. Delete the folder and run `onrecord search` again: "
                "it is made anew from what was read."
            ) from cause

    def add(self, documents: Iterable[Document]) -> int:
        """Index documents; how many there were. Another process finds them by and by, this one when all are added.

        Raises:
            StorageError: another process writes to the index, or the disk refuses.
        """
        known = {each.key: each.number for each in self._all_shown()}
        try:
            writer = self._index.writer(_HEAP, 1)
            count = add_all(writer, documents, known)
            writer.wait_merging_threads()
        except (ValueError, OSError) as cause:
            raise StorageError(
                f"The index could not be written: {cause}. If another command is indexing, wait for it."
            ) from cause
        self._index.reload()
        return count

    def __len__(self) -> int:
        stretches = len(self._long()) if self._has_long() else 0
        return int(self._index.searcher().num_docs) - stretches + len(set(self._long()))

    def stamps(self) -> dict[str, str]:
        """Every document's key and stamp; an empty one for a text of which only a beginning was added."""
        stamps: dict[str, str] = {}
        for each in self._all_shown():
            stamps[each.key] = each.stamp or stamps.get(each.key, "")
        return stamps

    def search(self, query: str | Query, limit: int = 20) -> list[Hit]:
        """The documents that answer, best first.

        Raises:
            UsageError: the query cannot be understood.
        """
        tree = parse(query) if isinstance(query, str) else query
        if not self._has_long():
            return self._hits(asked(tree, self._schema), limit)
        short = with_fact(asked(tree, self._schema), LONG, self._schema, wanted=False)
        found = [*self._hits(short, limit), *self._long_that_answer(tree).values()]
        return sorted(found, key=lambda hit: (-hit.score, hit.document))[:limit]

    def count(self, query: str | Query) -> int:
        """How many documents answer.

        Raises:
            UsageError: the query cannot be understood.
        """
        tree = parse(query) if isinstance(query, str) else query
        short = with_fact(asked(tree, self._schema), LONG, self._schema, wanted=False)
        found = _searched(self._index.searcher(), short, limit=1, count=True).count or 0
        return int(found) + len(self._long_that_answer(tree))

    def _hits(self, query: tantivy.Query, limit: int) -> list[Hit]:
        searcher = self._index.searcher()
        found = _searched(searcher, query, limit=max(limit, 1), count=False).hits
        return [_hit(shown(searcher.doc(address)), score) for score, address in found]

    def _all_shown(self) -> Iterator[Shown]:
        searcher = self._index.searcher()
        if count := int(searcher.num_docs):
            found = searcher.search(tantivy.Query.all_query(), limit=count, count=False).hits
            yield from (shown(searcher.doc(address)) for _, address in found)

    def _has_long(self) -> bool:
        return int(self._index.searcher().doc_freq(FACTS, LONG)) > 0

    def _long(self) -> list[str]:
        """The document of each stretch of a long text."""
        return [hit.document for hit in self._stretches(tantivy.Query.all_query())]

    def _stretches(self, query: tantivy.Query) -> list[Hit]:
        count = int(self._index.searcher().doc_freq(FACTS, LONG))
        return self._hits(with_fact(query, LONG, self._schema, wanted=True), count) if count else []

    def _long_that_answer(self, query: Query) -> dict[str, Hit]:
        """The documents of long texts that answer, whichever of their stretches hold the parts of the query."""
        match query:
            case Either(parts):
                return _together([self._long_that_answer(part) for part in parts])
            case Every() | Without():
                return self._long_with_every(query.parts if isinstance(query, Every) else (query,))
            case _:
                return _together([{hit.document: hit} for hit in self._stretches(asked(query, self._schema))])

    def _long_with_every(self, parts: tuple[Query, ...]) -> dict[str, Hit]:
        wanted = [self._long_that_answer(part) for part in parts if not isinstance(part, Without)]
        if not wanted:
            wanted = [{hit.document: hit for hit in self._stretches(tantivy.Query.all_query())}]
        excluded = [self._long_that_answer(part.part) for part in parts if isinstance(part, Without)]
        keys = set.intersection(*map(set, wanted)).difference(*excluded)
        return {key: hit for key, hit in _together(wanted).items() if key in keys}


def _searched(
    searcher: tantivy.Searcher, query: tantivy.Query, *, limit: int, count: bool
) -> tantivy.SearchResult:
    """What the index finds.

    Raises:
        UsageError: so many words begin as one in a phrase does that the library gives up.
    """
    try:
        return searcher.search(query, limit=limit, count=count)
    except ValueError as cause:
        raise UsageError(f"Too many words begin so. Give more letters before the star. ({cause})") from cause


def _beside(folder: Path) -> TemporaryDirectory[str]:
    """A folder of links to the files of an index on a disk that cannot be written: tantivy lays its locks there."""
    made = TemporaryDirectory(prefix="onrecord-index-")
    for file in folder.iterdir():
        if file.suffix != ".lock":
            Path(made.name, file.name).symlink_to(file.absolute())
    return made


def _together(found: list[dict[str, Hit]]) -> dict[str, Hit]:
    """Hits by document, the best of each."""
    best: dict[str, Hit] = {}
    for hits in found:
        for key, hit in hits.items():
            if key not in best or hit.score > best[key].score:
                best[key] = hit
    return best


def _hit(filed_with: Shown, score: float) -> Hit:
    return Hit(filed_with.key, filed_with.path, filed_with.kind, score)
