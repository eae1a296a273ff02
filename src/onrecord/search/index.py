"""The full-text index: tantivy over words cut beforehand. Derived; it can be deleted and made again.

The index holds words and their positions, no text: snippets come from the readings it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tantivy

from onrecord.errors import StorageError, UsageError
from onrecord.search.query import Either, Every, Filter, Query, Without, Words, parse
from onrecord.search.words import split

_HEAP = 96_000_000
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_WORDS = "words"
_EXACT = {"kind": "kind", "folder": "folder", "script": "script", "has": "has"}


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed of one file.

    Attributes:
        key: its SHA-256; a document added under a known key replaces that one.
        stamp: what the text was made by; kept so that a better reading can be told from an older one.
        paths: every place it came from.
        date: a claimed date as the number 20180524, or None.
    """

    key: str
    text: str
    stamp: str = ""
    kind: str = ""
    paths: tuple[str, ...] = ()
    date: int | None = None
    has: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers a query. ``score`` is BM25; higher is nearer, and only its order means something."""

    document: str
    path: str
    kind: str
    score: float


class Index:
    """A full-text index in a folder."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._index.register_tokenizer(
            _WORDS, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        self._schema = index.schema

    @staticmethod
    def create(folder: Path) -> Index:
        """Make an empty index in a folder that has none.

        Raises:
            StorageError: the folder cannot be written to.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return Index(tantivy.Index(_schema(), path=str(folder)))
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
            return Index(tantivy.Index.open(str(folder)))
        except (OSError, ValueError) as cause:
            raise StorageError(
                f"The index in {folder} is damaged: {cause}. Delete the folder and run `onrecord search` again: "
                "it is made anew from what was read."
            ) from cause

    def add(self, documents: Iterable[Document]) -> int:
        """Index documents and make them findable together; how many there were.

        Raises:
            StorageError: another process writes to the index, or the disk refuses.
        """
        known = len(self) > 0
        try:
            writer = self._index.writer(_HEAP, 1)
            count = 0
            for count, document in enumerate(documents, start=1):  # noqa: B007 - counted for the answer
                if known:
                    writer.delete_documents_by_term("document", document.key)
                writer.add_document(_tantivy_document(document))
            writer.commit()
            writer.wait_merging_threads()
        except (ValueError, OSError) as cause:
            raise StorageError(
                f"The index could not be written: {cause}. If another command is indexing, wait for it."
            ) from cause
        self._index.reload()
        return count

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def stamps(self) -> dict[str, str]:
        """Every document's key and stamp."""
        searcher = self._index.searcher()
        count = int(searcher.num_docs)
        if not count:
            return {}
        found = searcher.search(tantivy.Query.all_query(), limit=count).hits
        documents = (searcher.doc(address) for _, address in found)
        return {doc.get_first("document"): bytes(doc.get_first("stamp") or b"").decode() for doc in documents}

    def search(self, query: str | Query, limit: int = 20) -> list[Hit]:
        """The documents that answer, best first.

        Raises:
            UsageError: the query cannot be understood.
        """
        tree = parse(query) if isinstance(query, str) else query
        searcher = self._index.searcher()
        found = searcher.search(self._compiled(tree), limit=max(limit, 1), count=False).hits
        return [_hit(searcher.doc(address), score) for score, address in found]

    def _compiled(self, query: Query) -> tantivy.Query:
        match query:
            case Words(words, prefix):
                return self._words(list(words), prefix=prefix)
            case Filter(field, value):
                return self._filter(field, value)
            case Either(parts):
                return tantivy.Query.boolean_query([(tantivy.Occur.Should, self._compiled(p)) for p in parts])
            case Without():
                return self._every((query,))
            case Every(parts):
                return self._every(parts)

    def _every(self, parts: tuple[Query, ...]) -> tantivy.Query:
        clauses = [
            (tantivy.Occur.MustNot, self._compiled(part.part))
            if isinstance(part, Without)
            else (tantivy.Occur.Must, self._compiled(part))
            for part in parts
        ]
        if all(isinstance(part, Without) for part in parts):
            clauses.append((tantivy.Occur.Must, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses)

    def _words(self, words: list[str], *, prefix: bool, field: str = _WORDS) -> tantivy.Query:
        if prefix and len(words) == 1:
            return tantivy.Query.regex_query(self._schema, field, f"{words[0]}.*")
        if prefix:
            return tantivy.Query.phrase_prefix_query(self._schema, field, words)
        if len(words) == 1:
            return tantivy.Query.term_query(self._schema, field, words[0])
        return tantivy.Query.phrase_query(self._schema, field, words)

    def _filter(self, field: str, value: str) -> tantivy.Query:
        if field in _EXACT:
            value = value.strip("/") if field == "folder" else value.lower()
            return tantivy.Query.term_query(self._schema, _EXACT[field], value)
        if field == "name":
            words = split(value).split()
            if not words:
                raise UsageError("The filter name: has no word. Give part of a file's name.")
            return self._words(words, prefix=False, field="name")
        first, last = _days(value)
        low, high = (last + 1, 99991231) if field == "after" else (0, first - 1)
        return tantivy.Query.range_query(self._schema, "date", tantivy.FieldType.Integer, low, high)


def _days(value: str) -> tuple[int, int]:
    """The first and last day, as 20180524, that a date of any precision covers."""
    found = _DATE.fullmatch(value)
    if not found:
        raise UsageError(f"{value!r} is no date. Write 2018, 2018-05 or 2018-05-24.")
    year, month, day = found.groups()
    first = f"{year}{month or '01'}{day or '01'}"
    return int(first), int(f"{year}{month or '12'}{day or '31'}")


def _schema() -> tantivy.Schema:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("document", stored=True, tokenizer_name="raw", index_option="basic")
    schema.add_text_field("kind", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("path", "stamp"):  # nobody looks for these as a whole: kept beside, not indexed
        schema.add_bytes_field(name, stored=True)
    for name in ("folder", "script", "has"):
        schema.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    schema.add_text_field("name", stored=False, tokenizer_name=_WORDS, index_option="position")
    schema.add_text_field(_WORDS, stored=False, tokenizer_name=_WORDS, index_option="position")
    schema.add_integer_field("date", stored=False, indexed=True)
    return schema.build()


def _tantivy_document(document: Document) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("document", document.key)
    made.add_text("kind", document.kind)
    made.add_bytes("stamp", document.stamp.encode())
    folders: set[str] = set()
    for path in document.paths:
        parent, _, name = path.rpartition("/")
        made.add_bytes("path", path.encode("utf-8", "surrogatepass"))
        made.add_text("name", split(name))
        folders.update(_folders(parent))
    for field, values in (("folder", folders), ("script", scripts(document.text)), ("has", document.has)):
        for value in values:
            made.add_text(field, value)
    made.add_text(_WORDS, split(document.text))
    if document.date is not None:
        made.add_integer("date", document.date)
    return made


@lru_cache(4096)
def _folders(parent: str) -> tuple[str, ...]:
    """Every stretch of a path's folders, so that ``folder:2018`` finds ``leak/2018/maps`` too."""
    steps = parent.strip("/").split("/") if parent.strip("/") else []
    count = len(steps)
    return tuple(
        "/".join(steps[first:last]) for first in range(count) for last in range(first + 1, count + 1)
    )


_SCRIPTS = (
    ("han", re.compile("[\u3400-\u9fff]")),
    ("arabic", re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")),
    ("latin", re.compile("[A-Za-z]")),
)


def scripts(text: str) -> list[str]:
    """The scripts a text has letters of."""
    if text.isascii():
        return ["latin"] if text else []
    return [name for name, letters in _SCRIPTS if letters.search(text)]


def _hit(document: tantivy.Document, score: float) -> Hit:
    return Hit(
        document=document.get_first("document"),
        path=bytes(document.get_first("path") or b"").decode("utf-8", "replace"),
        kind=document.get_first("kind") or "",
        score=score,
    )
