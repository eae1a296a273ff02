"""What the pages about documents are made from, beside the findings: the record itself, for its owner alone.

Documents are private. Nothing here is reached from the routes of the public pages; only the owner's server has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from onrecord.errors import StorageError
from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.sandbox import DrawnPage
from onrecord.ingest.tasks import Stretch
from onrecord.pages.listed import Listed, every_file
from onrecord.passages.originals import Original, original
from onrecord.record import Record
from onrecord.search.collection import Collection
from onrecord.search.named.finding import Names, names_of
from onrecord.search.named.gathered import gathered

T = TypeVar("T")

Draw = Callable[[str, str, int, tuple[Stretch, ...]], DrawnPage]
"""Draws a page in the sandbox: digest, name, page from 1, words in its text to box. Raises OnrecordError with the reason."""


class Kept(Generic[T]):
    """The last value that was made, and made anew when what it is made from has changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: tuple[object, T] | None = None

    def of(self, state: object, make: Callable[[], T]) -> T:
        """The value for this state; what ``make`` raises is raised, and nothing kept."""
        with self._lock:
            if self._made is None or self._made[0] != state:
                self._made = None
                self._made = state, make()
            return self._made[1]


class Shelf:
    """The collection of one record, opened once and then kept up: opening it costs more than most searches.

    So are the list of all files, and the document that was looked at last: a reader turns its pages.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._collection: Collection | None = None
        self._files: Kept[list[Listed]] = Kept()
        self._original: Kept[Original] = Kept()

    def files(self, record: Record) -> list[Listed]:
        """Every file and member that was taken in, at each of its places, as of now."""
        return self._files.of(_changes(record), partial(every_file, record))

    def original(self, record: Record, digest: str) -> Original:
        """An original as of now; see :func:`onrecord.passages.originals.original`."""
        return self._original.of((_changes(record), digest), partial(original, record, digest))

    @contextmanager
    def collection(self, record: Record) -> Iterator[Collection]:
        """The collection as of now, for one thread at a time.

        Raises:
            StorageError: it cannot be read; the next call opens it anew.
        """
        with self._lock:
            if self._collection is None:
                self._collection = Collection(record)
            else:
                self._refresh(self._collection)
            yield self._collection

    def _refresh(self, collection: Collection) -> None:
        try:
            collection.refresh()
        except StorageError:
            self._collection = None
            collection.close()
            raise


def _changes(record: Record) -> int:
    with closing(open_catalogue(record)) as catalogue:
        return catalogue.changes


class NamesKept:
    """The names of one record, people and mentions, opened once and anew after a change of ledger or documents."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._names: Names | None = None
        self._state: tuple[str, tuple[Path, ...]] | None = None

    def of(self, record: Record) -> Names:
        """The names as of now.

        Raises:
            StorageError: a derivative is damaged, or the disk refuses.
        """
        with self._lock:
            state = record.views.refresh().root, tuple(gathered(record))
            if self._names is None or state != self._state:
                self._names, self._state = names_of(record), state
            return self._names


@dataclass(frozen=True, slots=True)
class Evidence:
    """The record, how a page of an original is drawn, the secret that a form of this server carries, what is searched."""

    record: Record
    draw: Draw
    form_token: str
    shelf: Shelf = field(default_factory=Shelf)
    names: NamesKept = field(default_factory=NamesKept)
