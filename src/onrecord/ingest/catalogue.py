"""Which file was read with what outcome, where it came from and what is in it: one SQLite file, derived.

Everything in it can be made again: places and members from the custody log, outcomes by reading again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onrecord.errors import StorageError
from onrecord.record.custody import CustodyEvent
from onrecord.record.reader import Reader

_TABLES = """
create table if not exists files (
  sha256 text primary key, key text, kind text, outcome text, reason text, reader text, version text,
  date integer, look text, digest text
) without rowid;
create table if not exists places (sha256 text, path text, primary key (path, sha256)) without rowid;
create table if not exists members (
  parent text, position integer, child text, name text, primary key (parent, position)
) without rowid;
create index if not exists parents on members (child);
create table if not exists held (
  parent text, child text, name text, primary key (parent, child, name)
) without rowid;
create index if not exists holders on held (child);
create table if not exists tables (
  name text primary key, sha256 text, number integer, sheet text, rows integer, columns text
) without rowid;
create index if not exists tables_of on tables (sha256);
create table if not exists unread (path text primary key, outcome text, reason text) without rowid;
create table if not exists state (name text primary key, value integer) without rowid;
"""

_PLACED = """
select path, null, f.sha256, kind, outcome, reason, reader, version, key
from files f join places using (sha256) order by path, f.sha256
"""
_HELD = """
select name, parent, f.sha256, kind, outcome, reason, reader, version, key
from members join files f on child = f.sha256 order by parent, position
"""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as listed. ``sha256`` is None for what could not be opened at all; ``children`` are digests."""

    path: str
    sha256: str | None
    kind: str
    outcome: str
    reason: str
    children: tuple[str, ...]
    reader: str = ""
    version: str = ""
    key: str = ""
    member_of: str | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One extracted table: its name in SQL, the document and sheet, its number there, size and columns."""

    name: str
    sha256: str
    number: int
    sheet: str
    rows: int
    columns: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is filed with a file that was read: its derivative's key, claimed date (20180524) and perceptual hash."""

    key: str
    date: int | None
    look: str


class Catalogue:
    """The catalogue in a file. One process writes at a time; others wait."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=60, isolation_level=None)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = normal")
            self._db.executescript(_TABLES)
        except (OSError, sqlite3.Error) as cause:
            raise self._damaged(cause) from cause

    def _damaged(self, cause: Exception) -> StorageError:
        return StorageError(
            f"The catalogue {self._path} cannot be used: {cause}. Delete it; `onrecord add --retry all` makes it again."
        )

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written inside is kept together, or none of it."""
        try:
            self._db.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")
        except sqlite3.Error as cause:
            raise self._damaged(cause) from cause

    def sync(self, ledger: Reader) -> None:
        """Learn the places and members that the custody log has and the catalogue has not."""
        start, size = self._state("ledger"), ledger.size
        if start == size:
            return
        with self.writing():
            for leaf in ledger.leaves(start):
                if leaf.type == "custody":
                    self._learn(leaf.custody())
            self._db.execute("insert or replace into state values ('ledger', ?)", (size,))

    @property
    def changes(self) -> int:
        """A number that grows with every change to places and outcomes."""
        return self._state("changes")

    def _state(self, name: str) -> int:
        row = self._db.execute("select value from state where name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def _changed(self) -> None:
        self._db.execute("insert or replace into state values ('changes', ?)", (self.changes + 1,))

    def has_learnt(self, event: CustodyEvent) -> bool:
        """Whether custody of these bytes from this place is known."""
        path = event.path or ""
        if event.member_of is None:
            return self.keeps(path, event.sha256)
        return self.holds(event.member_of, event.sha256, path)

    def _learn(self, event: CustodyEvent) -> None:
        path = event.path or ""
        self._changed()
        if event.member_of is None:
            self._db.execute("insert or ignore into places values (?, ?)", (event.sha256, path))
        else:
            held = (event.member_of, event.sha256, path)
            self._db.execute("insert or ignore into held values (?, ?, ?)", held)

    def keeps(self, path: str, digest: str) -> bool:
        """Whether these bytes were taken in from this place before."""
        found = self._db.execute("select 1 from places where path = ? and sha256 = ?", (path, digest))
        return found.fetchone() is not None

    def seen_at(self, path: str) -> bool:
        """Whether anything was taken in from this place before."""
        return self._db.execute("select 1 from places where path = ?", (path,)).fetchone() is not None

    def knows(self, digest: str) -> bool:
        """Whether custody of these bytes is known, as a file or as a member."""
        found = self._db.execute(
            "select 1 from places where sha256 = ?1 union all select 1 from held where child = ?1 limit 1",
            (digest,),
        )
        return found.fetchone() is not None

    def was_read(self, digest: str) -> bool:
        """Whether there is an outcome for these bytes."""
        return self._db.execute("select 1 from files where sha256 = ?", (digest,)).fetchone() is not None

    def set_file(
        self, row: FileRow, *, date: int | None, look: str, digest: str, tables: Iterable[TableRow]
    ) -> None:
        """Set a file's outcome, and its tables, in place of what was known before."""
        self._changed()
        values = (
            row.sha256,
            row.key,
            row.kind,
            row.outcome,
            row.reason,
            row.reader,
            row.version,
            date,
            look,
            digest,
        )
        self._db.execute("insert or replace into files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        self._db.execute("delete from tables where sha256 = ?", (row.sha256,))
        rows = [(t.name, t.sha256, t.number, t.sheet, t.rows, t.columns) for t in tables]
        self._db.executemany("insert or replace into tables values (?, ?, ?, ?, ?, ?)", rows)

    def set_members(self, parent: str, children: Iterable[tuple[str, str]]) -> None:
        """Set what is in a file: digest and name of each member, in order."""
        self._db.execute("delete from members where parent = ?", (parent,))
        rows = [(parent, position, child, name) for position, (child, name) in enumerate(children)]
        self._db.executemany("insert into members values (?, ?, ?, ?)", rows)

    def holds(self, parent: str, child: str, name: str) -> bool:
        """Whether custody of this member of this file is known."""
        query = "select 1 from held where parent = ? and child = ? and name = ?"
        return self._db.execute(query, (parent, child, name)).fetchone() is not None

    def waiting(self) -> list[tuple[str, str]]:
        """Digest and a name of everything that is in custody and has no outcome: what a cut run left behind."""
        return self._db.execute(
            "select sha256, min(path) from (select sha256, path from places union all select child, name from held) "
            "where sha256 not in (select sha256 from files) group by sha256 order by sha256"
        ).fetchall()

    def depth(self, digest: str, most: int = 16) -> int:
        """How many files a member lies in, at least; 0 for what came by itself."""
        row = self._db.execute("select min(parent) from held where child = ?", (digest,)).fetchone()
        alone = self._db.execute("select 1 from places where sha256 = ?", (digest,)).fetchone()
        return 0 if alone or row[0] is None or most == 0 else 1 + self.depth(row[0], most - 1)

    def set_unread(self, path: str, outcome: str, reason: str) -> None:
        """Note a path whose bytes could not be had."""
        self._db.execute("insert or replace into unread values (?, ?, ?)", (path, outcome, reason))

    def unread_paths(self) -> set[str]:
        """The paths whose bytes could not be had."""
        return {row[0] for row in self._db.execute("select path from unread")}

    def forget_unread(self, path: str) -> None:
        """Drop the note on a path that could be opened after all."""
        self._db.execute("delete from unread where path = ?", (path,))

    def files(self) -> Iterator[FileRow]:
        """Every place with its outcome, then every member, then what could not be opened; in order of path."""
        children: dict[str, list[str]] = {}
        for parent, child in self._db.execute("select parent, child from members order by parent, position"):
            children.setdefault(parent, []).append(child)
        for query in (_PLACED, _HELD):
            for path, parent, digest, kind, outcome, reason, reader, version, key in self._db.execute(query):
                yield FileRow(
                    path,
                    digest,
                    kind,
                    outcome,
                    reason,
                    tuple(children.get(digest, ())),
                    reader,
                    version,
                    key,
                    parent,
                )
        for path, outcome, reason in self._db.execute(
            "select path, outcome, reason from unread order by path"
        ):
            yield FileRow(path, None, "unknown", outcome, reason, ())

    def read_files(self) -> list[tuple[str, str, str, int | None, str]]:
        """Digest, derivative's key, kind, claimed date and perceptual hash of every file with an outcome."""
        return self._db.execute("select sha256, key, kind, date, look from files order by sha256").fetchall()

    def places(self, digest: str) -> list[str]:
        """Where a file came from: paths; for a member the chain of names from the outermost file on."""
        found = [
            row[0]
            for row in self._db.execute("select path from places where sha256 = ? order by path", (digest,))
        ]
        return found or self._as_member(digest, depth=0)

    def _as_member(self, digest: str, depth: int) -> list[str]:
        if depth > 16:
            return []
        rows = self._db.execute(
            "select parent, name from members where child = ? order by parent limit 20", (digest,)
        )
        found = []
        for parent, name in rows.fetchall():
            above = [
                row[0] for row in self._db.execute("select path from places where sha256 = ?", (parent,))
            ]
            found += [f"{path}/{name}" for path in above or self._as_member(parent, depth + 1)]
        return found[:20]

    def with_outcome(self, wanted: str) -> list[tuple[str, str]]:
        """Digest and a name of every file that has an outcome, or ``all`` of them."""
        rows = self._db.execute(
            "select f.sha256, outcome, coalesce(min(p.path), min(m.name), '') from files f "
            "left join places p on p.sha256 = f.sha256 left join members m on m.child = f.sha256 group by f.sha256"
        )
        return [(digest, name) for digest, outcome, name in rows if wanted in {"all", outcome}]

    def reader_of(self, digest: str) -> tuple[str, str, str] | None:
        """Kind, reader and version that made a file's outcome."""
        row = self._db.execute(
            "select kind, reader, version from files where sha256 = ?", (digest,)
        ).fetchone()
        return (str(row[0]), str(row[1]), str(row[2])) if row else None

    def key_of(self, digest: str) -> str | None:
        """The key of a file's newest derivative."""
        row = self._db.execute("select key from files where sha256 = ?", (digest,)).fetchone()
        return str(row[0]) if row else None

    def facts_of(self, digest: str) -> Facts | None:
        """What is filed with a file, or None where it was not read yet."""
        row = self._db.execute("select key, date, look from files where sha256 = ?", (digest,)).fetchone()
        return Facts(*row) if row else None

    def beginning(self, start: str) -> list[str]:
        """The digests in custody that begin so, at most five."""
        rows = self._db.execute(
            "select sha256 from places where sha256 >= ?1 and sha256 < ?1 || 'g' "
            "union select child from held where child >= ?1 and child < ?1 || 'g' limit 5",
            (start,),
        )
        return [row[0] for row in rows]

    def members(self, digest: str) -> list[tuple[str, str]]:
        """Digest and name of each member of a file, in order."""
        query = "select child, name from members where parent = ? order by position"
        return self._db.execute(query, (digest,)).fetchall()

    def holders(self, digest: str) -> list[tuple[str, str]]:
        """Digest of each file that holds these bytes, and the name they have in it."""
        query = "select distinct parent, name from members where child = ? order by parent, name"
        return self._db.execute(query, (digest,)).fetchall()

    def looking_like(self, digest: str, look: str) -> list[str]:
        """The other pictures that have this perceptual hash."""
        query = "select sha256 from files where look = ? and sha256 != ? order by sha256"
        return [row[0] for row in self._db.execute(query, (look, digest))]

    def tables(self) -> list[TableRow]:
        """Every extracted table."""
        return [TableRow(*row) for row in self._db.execute("select * from tables order by name")]

    def derivatives(self) -> list[tuple[str, str, str]]:
        """Digest, key and the derivative's own SHA-256, to check what lies on disk."""
        return self._db.execute("select sha256, key, digest from files order by sha256").fetchall()
