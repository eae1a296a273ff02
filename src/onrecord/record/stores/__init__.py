"""The databases a ledger can lie in. What they have in common is :class:`Store`; SQL stays in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

TABLES: dict[str, tuple[str, ...]] = {
    "leaves": (
        "seq {integer} primary key",
        "type text not null",
        "kind text not null",
        "id text",
        "data {bytes} not null",
    ),
    "corrections": ("seq {integer} primary key", "target text not null"),
    "tiles": ("level {integer} not null", "idx {integer} not null", "hashes {bytes} not null"),
    "heads": (
        "size {integer} primary key",
        "root {bytes} not null",
        "recorded text not null",
        "author text not null",
        "signature {bytes}",
    ),
    "signers": ("vkey text primary key",),
    "facts": ("name text primary key", "value text not null"),
}
"""Table to its columns; the braces stand for a database's own names of its types."""

INDEXES = (
    "create unique index leaves_by_id on leaves (id) where id is not null",
    "create index corrections_by_target on corrections (target)",
    "create unique index tiles_by_place on tiles (level, idx)",
)


class Session(Protocol):
    """One transaction. Values are marked ``?`` in the SQL, whatever the database itself uses."""

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row at once."""

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Every row, without holding all of them in memory."""

    def do(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Do something that answers nothing."""

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Do the same with each row of values."""

    def insert(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add whole rows, in the order of the columns in :data:`TABLES`."""


class Store(Protocol):
    """Where the tables of one ledger lie.

    A session opened for reading sees one state of the ledger; one opened for writing waits its turn, keeps all it
    did when it is left in peace and nothing otherwise. Every error of the database is told as a StorageError.
    """

    place: str

    def exists(self) -> bool:
        """True if there is a ledger at this place."""

    def creating(self) -> AbstractContextManager[Session]:
        """A session that has just made the tables; StorageError if there is a ledger already."""

    def reading(self) -> AbstractContextManager[Session]:
        """A session that only reads."""

    def writing(self) -> AbstractContextManager[Session]:
        """The one session that may write."""

    def faults(self) -> list[str]:
        """What the database itself finds wrong with its files, indexes included."""

    def discard(self) -> None:
        """Take away a ledger that was made a moment ago and could not be filled."""
