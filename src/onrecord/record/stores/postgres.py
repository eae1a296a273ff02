"""A ledger in a PostgreSQL database, for several people at once. Needs the extra ``onrecord[postgres]``.

One database (or one schema, chosen with ``?options=-csearch_path%3Dname``) holds one ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
from psycopg.sql import SQL

from onrecord.errors import StorageError, UsageError
from onrecord.record.stores import INDEXES, TABLES

_TYPES = {"integer": "bigint", "bytes": "bytea"}
_ROWS_AT_ONCE = 2000


_ADDED = (
    "select 'trigger', tgname from pg_trigger where not tgisinternal and tgrelid::regclass::text = any(%s) "
    "union all select 'rule', rulename from pg_rules where tablename = any(%s)"
)
_THERE = "select indexname from pg_indexes where tablename = any(%s)"


class PostgresStore:
    """The database at a ``postgresql://`` address, as libpq reads it.

    Raises:
        UsageError: the address is malformed, or holds a password.
    """

    def __init__(self, address: str) -> None:
        try:
            parts = psycopg.conninfo.conninfo_to_dict(address)
        except psycopg.Error as cause:
            raise UsageError(f"{address} is no address of a PostgreSQL database: {cause}") from cause
        if "password" in parts:
            raise UsageError(
                "The address of the database holds a password, and it would stand in record.toml for all to read. "
                "Put the password into ~/.pgpass or PGPASSWORD and leave it out of the address."
            )
        self.place = address

    def exists(self) -> bool:
        with self._connection() as db:
            found = db.execute("select to_regclass('facts') is not null").fetchone()
        return bool(found and found[0])

    @contextmanager
    def creating(self) -> Iterator[PostgresSession]:
        if self.exists():
            raise StorageError(f"There is a ledger at {self.place} already; it is left as it is.")
        with self._connection() as db, db.transaction():
            for table, columns in TABLES.items():
                db.execute(_sql(f"create table {table} ({', '.join(columns).format_map(_TYPES)})"))
            for index in INDEXES:
                db.execute(_sql(index))
            yield PostgresSession(db)

    @contextmanager
    def reading(self) -> Iterator[PostgresSession]:
        with self._connection() as db:
            db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            db.read_only = True
            with db.transaction():
                yield PostgresSession(db)

    @contextmanager
    def writing(self) -> Iterator[PostgresSession]:
        with self._connection() as db, db.transaction():
            db.execute(
                "set local synchronous_commit = on"
            )  # acknowledged means on disk, whatever the server's default
            db.execute("lock table heads in share row exclusive mode")  # one writer; readers go on
            yield PostgresSession(db)

    def faults(self) -> list[str]:
        """Rules, triggers and missing indexes; the server checks its own pages when it runs with data checksums."""
        with self._connection() as db:
            tables = [list(TABLES)]
            added = db.execute(_ADDED, tables * 2).fetchall()
            there = {name for (name,) in db.execute(_THERE, tables)}
        wanted = {index.partition(" index ")[2].split()[0] for index in INDEXES}
        return [f"the {what} {name} was put there behind the program's back" for what, name in added] + [
            f"the index {name} is gone" for name in sorted(wanted - there)
        ]

    def discard(self) -> None:
        with self._connection() as db, db.transaction():
            for table in TABLES:
                db.execute(_sql(f"drop table if exists {table}"))

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        try:
            with psycopg.connect(self.place) as db:
                yield db
        except psycopg.Error as cause:
            raise StorageError(
                f"The ledger at {self.place} could not be read or written: {str(cause).strip()}. "
                "What was acknowledged before is kept; see to the database and try again."
            ) from cause


class PostgresSession:
    """A transaction on an open connection."""

    def __init__(self, db: psycopg.Connection) -> None:
        self._db = db
        self._streams = count()

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        return self._db.execute(_sql(sql), values).fetchone()

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._db.execute(_sql(sql), values).fetchall()

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self._db.cursor(name=f"stream_{next(self._streams)}") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            yield from cursor.execute(_sql(sql), values)

    def do(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._db.execute(_sql(sql), values)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._db.cursor() as cursor:
            cursor.executemany(_sql(sql), rows)

    def insert(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._db.cursor() as cursor, cursor.copy(_sql(f"copy {table} from stdin")) as copy:
            for row in rows:
                copy.write_row(row)


def _sql(sql: str) -> SQL:
    """The ledger's SQL with psycopg's mark for a value; no text in it holds a question mark or a per cent sign."""
    return SQL(sql.replace("?", "%s"))
