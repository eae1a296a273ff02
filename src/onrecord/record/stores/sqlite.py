"""A ledger in one SQLite file, with a write-ahead log and ``synchronous=full``: acknowledged means on disk."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onrecord.errors import StorageError
from onrecord.record.stores import INDEXES, TABLES
from onrecord.record.stores.made import UNREADABLE, made_otherwise

_WAIT_SECONDS = 120
_SHM_BYTES = 1 << 16
"""What must be free to read: twice the 32 KiB that SQLite lays beside a database to share its log."""
_TYPES = {"integer": "integer", "bytes": "blob"}


_SCHEMA = (
    *(
        f"create table {table} ({', '.join(columns).format_map(_TYPES)}) strict"
        for table, columns in TABLES.items()
    ),
    *INDEXES,
)


class SqliteStore:
    """The file at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = str(path)

    def exists(self) -> bool:
        return self.path.exists()

    @contextmanager
    def creating(self) -> Iterator[SqliteSession]:
        if self.exists():
            raise StorageError(f"There is a ledger at {self.path} already; it is left as it is.")
        with self._reported(), self._connection() as db:
            db.execute("pragma journal_mode=wal")
            db.execute("begin immediate")
            for statement in _SCHEMA:
                db.execute(statement)
            yield SqliteSession(db)
            db.commit()

    @contextmanager
    def reading(self) -> Iterator[SqliteSession]:
        with self._reported(), self._connection() as db:
            db.execute("begin")
            yield SqliteSession(db)

    @contextmanager
    def writing(self) -> Iterator[SqliteSession]:
        with self._reported(), self._connection() as db:
            db.execute("begin immediate")
            try:
                yield SqliteSession(db)
            except BaseException:
                db.rollback()
                raise
            db.commit()

    def faults(self) -> list[str]:
        with self._reported(), self._connection() as db:
            found = [str(row[0]) for row in db.execute("pragma integrity_check")]
            made = made_otherwise(db, ";".join(_SCHEMA), TABLES)
        return [
            *(fault for fault in found if fault != "ok"),
            *(f"the {what} {name} is gone or was made otherwise" for what, name in made.changed),
            *(f"the {what} {name} was put there behind the program's back" for what, name in made.added),
        ]

    def discard(self) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(self.place + ending).unlink(missing_ok=True)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(
            self._address(), uri=True, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("pragma synchronous=full")
            yield db
        finally:
            db.close()

    def _address(self) -> str:
        """The file as SQLite wants it told; on a read-only or full disk it cannot lay the files a WAL needs beside it."""
        address = self.path.absolute().as_uri()
        if not self.path.exists() or self._has_log() or self._has_room():
            return address
        return f"{address}?immutable=1"

    def _has_room(self) -> bool:
        """True if the files that a WAL needs are beside the database or can be laid there."""
        if not os.access(self.path.parent, os.W_OK):
            return False
        disk = os.statvfs(self.path.parent)
        return Path(f"{self.path}-shm").exists() or disk.f_bavail * disk.f_frsize >= _SHM_BYTES

    def _has_log(self) -> bool:
        """True if some of what was written lies in the write-ahead log alone."""
        try:
            return Path(f"{self.path}-wal").stat().st_size > 0
        except FileNotFoundError:
            return False

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except UNREADABLE as cause:
            raise StorageError(
                f"The ledger at {self.path} could not be read or written: {cause}. "
                "What was acknowledged before is kept; run `onrecord verify`, mend the disk and try again."
            ) from cause


class SqliteSession:
    """A transaction on an open file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._db.execute(sql, values).fetchall()

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        for row in self._db.execute(sql, values):  # noqa: UP028 `yield from` closes the cursor, maybe after the database
            yield row

    def do(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._db.execute(sql, values)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._db.executemany(sql, rows)

    def insert(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(TABLES[table]))
        self._db.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608 a name of TABLES
