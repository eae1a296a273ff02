"""The SQLite file that the catalogue lies in: opened for writing where the disk allows it, else for reading.

Its content is derived: a file of another version of the program is emptied, and learnt anew.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any

from onrecord.errors import StorageError
from onrecord.record.stores.made import UNREADABLE, made_otherwise

VERSION = 3
"""Of the tables below; to be raised with every change to them."""

TABLES = {
    "files": "sha256 text primary key, name text, key text, kind text, outcome text, reason text, reader text, "
    "version text, date integer, look text, sums text, choices text, seal text",
    "replaced": "sha256 text, key text, sums text, seal text, primary key (sha256, key)",
    "places": "sha256 text, path text, seal text, primary key (path, sha256)",
    "members": "parent text, position integer, child text, name text, seal text, primary key (parent, position)",
    "held": "parent text, child text, name text, seal text, primary key (parent, child, name)",
    "custody": "sha256 text, line integer, size integer, seal text, primary key (sha256, line)",
    "tables": "name text primary key, sha256 text, number integer, sheet text, rows integer, columns text, seal text",
    "unread": "path text primary key, outcome text, reason text, seal text",
    "state": "name text primary key, value integer, seal text",
}
"""The columns of each table. The last of each is a seal over the others, so that a changed row is found."""

_INDEXES = """
create index if not exists parents on members (child);
create index if not exists holders on held (child);
create index if not exists placed on places (sha256);
create index if not exists tables_of on tables (sha256);
"""

Row = tuple[Any, ...]

_MARKS = {table: ", ".join("?" * len(re.findall(r"\w+ (?:text|integer)", TABLES[table]))) for table in TABLES}


class CatalogueFile:
    """The file at ``path``. One process writes at a time; others wait. Threads take turns.

    Args:
        checked: it is opened to be checked, so what another version of the program made is not emptied but refused.
    """

    def __init__(self, path: Path, *, checked: bool = False) -> None:
        self._path, self._checked = path, checked
        try:
            self._db = self._opened()
        except (OSError, *UNREADABLE) as cause:
            raise self._damaged(cause) from cause

    def _opened(self) -> sqlite3.Connection:
        if self._path.exists() and not os.access(self._path.parent, os.W_OK):
            return self._connected(f"{self._path.absolute().as_uri()}?immutable=1")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        db = self._connected(self._path.absolute().as_uri())
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        (version,) = db.execute("pragma user_version").fetchone()
        if version != VERSION and self._checked:
            db.close()
            raise sqlite3.DatabaseError(
                f"its tables are said to be of version {version}, not {VERSION}, as after another version of the program"
            )
        if version != VERSION:
            db.executescript(_making())
        return db

    @staticmethod
    def _connected(address: str) -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=60, isolation_level=None, check_same_thread=False)

    def _damaged(self, cause: Exception) -> StorageError:
        if isinstance(cause, sqlite3.OperationalError) and "full" in str(cause):
            return StorageError(f"The catalogue {self._path} could not be written: {cause}. Free some space.")
        return StorageError(
            f"The catalogue {self._path} cannot be used: {cause}. "
            "If it is damaged, delete it; `onrecord add --retry all` makes it again."
        )

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be written to it."""
        return not os.access(self._path.parent, os.W_OK)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows that a statement gives."""
        try:
            return self._db.execute(sql, values).fetchall()
        except UNREADABLE as cause:
            raise self._damaged(cause) from cause

    def each(self, sql: str) -> Iterator[Row]:
        """The rows that a query gives, one after the other: there may be many."""
        try:
            yield from self._db.execute(sql)
        except UNREADABLE as cause:
            raise self._damaged(cause) from cause

    def first(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row that a query gives, or None."""
        return next(iter(self.rows(sql, values)), None)

    def put(self, table: str, rows: Iterable[Row], *, instead: bool = True) -> None:
        """Add rows to a table, in place of those with the same key or, else, leaving these as they are."""
        how, marks = "replace" if instead else "ignore", _MARKS[table]
        try:
            self._db.executemany(
                f"insert or {how} into {table} values ({marks})",  # noqa: S608 - names of TABLES
                [(*row, _seal(row)) for row in rows],
            )
        except sqlite3.Error as cause:
            raise self._damaged(cause) from cause

    def broken(self) -> Iterator[tuple[str, str]]:
        """The table and the key of each row that is not as it was put there."""
        for table in TABLES:
            for *row, seal in self.rows(f"select * from {table}"):  # noqa: S608 - names of TABLES
                if seal != _seal(tuple(row)):
                    yield table, str(row[0])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written inside is kept together, or none of it; inside another it is part of that."""
        if self._db.in_transaction:
            yield
            return
        self.rows("begin immediate")
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        self.rows("commit")

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file, and tables or indexes that are not as they were made."""
        found = [str(row[0]) for row in self.rows("pragma integrity_check")]
        try:
            made = made_otherwise(self._db, _making())
        except UNREADABLE as cause:
            raise self._damaged(cause) from cause
        return [
            *(fault for fault in found if fault != "ok"),
            *(
                f"{name} is not as it was made"
                for _, name in sorted(made.changed + made.added, key=itemgetter(1))
            ),
        ]


def _seal(row: Row) -> str:
    return sha256(json.dumps(row).encode()).hexdigest()[:16]


def _making() -> str:
    """SQL that makes the tables anew, in place of those of another version."""
    dropped = (f"drop table if exists {name}" for name in TABLES)
    made = (f"create table {name} ({columns}) without rowid" for name, columns in TABLES.items())
    return (
        ";\n".join(["begin immediate", *dropped, *made])
        + f";\n{_INDEXES}pragma user_version = {VERSION};\ncommit;"
    )
