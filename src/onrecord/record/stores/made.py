"""Whether what is made in an SQLite file (tables, indexes, triggers) is what our statements make."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from typing import NamedTuple

UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What a damaged file raises; the latter where a damaged name is in SQLite's own message."""

Key = tuple[str, str]
"""Sort and name of an object: ``("trigger", "evil")``."""


class Otherwise(NamedTuple):
    """Objects that are gone or made otherwise, and those that our statements do not make."""

    changed: list[Key]
    added: list[Key]


def made_otherwise(db: sqlite3.Connection, script: str, tables: Collection[str] | None = None) -> Otherwise:
    """What is not as the script makes it: a trigger can change what is written next.

    Args:
        tables: those looked at, with what belongs to them; all by default.
    """
    found = _objects(db, tables)
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(script)
        wanted = _objects(fresh, tables)
    return Otherwise(
        [key for key, sql in wanted.items() if found.get(key) != sql],
        [key for key in found if key not in wanted],
    )


def _objects(db: sqlite3.Connection, tables: Collection[str] | None) -> dict[Key, str | None]:
    """Every object with its SQL, but for the statistics that SQLite keeps for itself."""
    rows = db.execute(
        "select type, name, sql, tbl_name from sqlite_master where name not like 'sqlite_stat%'"
    )
    return {(what, name): sql for what, name, sql, table in rows if tables is None or table in tables}
