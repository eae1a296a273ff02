"""The append-only ledger: leaves, the Merkle tree over them, a head for every batch. One SQLite file.

Rules a reader may rely on:

- A batch is there as a whole or not at all, and is on disk before :meth:`Ledger.writing` returns
  (write-ahead log, ``synchronous=FULL``).
- Writers queue; a reader sees the state before or after a batch, never between.
- No statement here updates or deletes a leaf or a head.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from onrecord.errors import RecordNotFound, StorageError
from onrecord.record import merkle
from onrecord.record.leaf import Draft, Leaf, seal, timestamp

_WAIT_SECONDS = 120

_SCHEMA = """
create table leaves
    (seq integer primary key, type text not null, kind text not null, id text, data blob not null) strict;
create unique index leaves_by_id on leaves (id) where id is not null;
create table corrections (seq integer primary key, target text not null) strict;
create index corrections_by_target on corrections (target);
create table tiles (level integer, idx integer, hashes blob not null, primary key (level, idx)) without rowid, strict;
create table heads (size integer primary key, root blob not null, recorded text not null, author text not null) strict;
create table facts (name text primary key, value text not null) without rowid, strict;
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The state of the ledger after a batch: number of leaves, root of the tree, when (RFC 3339, UTC), by whom."""

    size: int
    root: bytes
    recorded: str
    author: str


class Ledger:
    """The leaves of one record, in order, with the tree over them."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise RecordNotFound(f"There is no ledger at {path}. Make a record with `onrecord new DIR`.")
        self.path = path

    @staticmethod
    def create(path: Path, origin: str) -> Ledger:
        """Start an empty ledger that signs itself ``origin``.

        Raises:
            StorageError: there is one already, or the place cannot be written to.
        """
        if path.exists():
            raise StorageError(f"There is a ledger at {path} already; it is left as it is.")
        with _reported(path), _connection(path) as db:
            db.executescript(f"pragma journal_mode=wal; begin; {_SCHEMA} commit;")
            db.execute("insert into facts values ('origin', ?)", (origin,))
            db.commit()
        return Ledger(path)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One consistent state of the ledger to read from."""
        with _reported(self.path), _connection(self.path) as db:
            db.execute("begin")
            yield Reader(db)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """The right to append, held by one writer at a time; all of it is kept on leaving, or none on an error."""
        with _reported(self.path), _connection(self.path) as db:
            db.execute("begin immediate")
            try:
                yield Writer(db)
            except BaseException:
                db.rollback()
                raise
            db.commit()


class Reader:
    """What the ledger says in one consistent state."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    @property
    def origin(self) -> str:
        """The name under which this ledger signs its checkpoints."""
        return str(self._db.execute("select value from facts where name = 'origin'").fetchone()[0])

    @property
    def size(self) -> int:
        """The number of leaves."""
        return int(self._db.execute("select coalesce(max(seq) + 1, 0) from leaves").fetchone()[0])

    def head(self) -> Head | None:
        """The latest head, or None if nothing was ever appended."""
        row = self._db.execute(
            "select size, root, recorded, author from heads order by size desc limit 1"
        ).fetchone()
        return Head(*row) if row else None

    def heads(self) -> Iterator[Head]:
        """Every head, oldest first."""
        for row in self._db.execute("select size, root, recorded, author from heads order by size"):
            yield Head(*row)

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of one tile of the tree.

        Raises:
            StorageError: it is missing, which an intact ledger never is.
        """
        row = self._db.execute(
            "select hashes from tiles where level = ? and idx = ?", (level, index)
        ).fetchone()
        if row is None:
            raise StorageError(f"Tile {level}/{index} of the tree is missing. Run `onrecord verify`.")
        return bytes(row[0])

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` leaves, all of them by default."""
        return merkle.root(self.tile, self.size if size is None else size)

    def leaves(self, start: int = 0, stop: int | None = None) -> Iterator[Leaf]:
        """The leaves from ``start`` up to but without ``stop``, in order."""
        rows = self._db.execute(
            "select seq, type, kind, id, data from leaves where seq >= ? and seq < ? order by seq",
            (start, self.size if stop is None else stop),
        )
        for row in rows:
            yield Leaf(*row)

    def leaf(self, seq: int) -> Leaf:
        """One leaf by its place.

        Raises:
            IndexError: the ledger has no such leaf.
        """
        leaf = next(self.leaves(seq, seq + 1), None)
        if leaf is None:
            raise IndexError(f"the ledger has no leaf {seq}")
        return leaf

    def find(self, entry_id: str) -> Leaf | None:
        """The leaf of the entry with that id, or None if there is none."""
        row = self._db.execute("select seq from leaves where id = ?", (entry_id,)).fetchone()
        return self.leaf(row[0]) if row else None

    def kind_of(self, entry_id: str) -> str | None:
        """The kind of the entry with that id, or None if there is none."""
        row = self._db.execute("select kind from leaves where id = ?", (entry_id,)).fetchone()
        return str(row[0]) if row else None

    def corrections(self, target: str) -> Iterator[Leaf]:
        """The corrections of one entry, oldest first."""
        rows = self._db.execute(
            "select seq from corrections where target = ? order by seq", (target,)
        ).fetchall()
        return (self.leaf(seq) for (seq,) in rows)

    def corrections_within(self, start: int, stop: int) -> Iterator[tuple[str, Leaf]]:
        """Corrections, oldest first, of entries first recorded in [start, stop), each with the id it corrects."""
        rows = self._db.execute(
            "select c.target, c.seq from corrections c join leaves l on l.id = c.target "
            "where l.seq >= ? and l.seq < ? order by c.seq",
            (start, stop),
        ).fetchall()
        return ((target, self.leaf(seq)) for target, seq in rows)

    def filed_corrections(self) -> Iterator[tuple[int, str]]:
        """The place of every correction and the id it is filed under."""
        yield from self._db.execute("select seq, target from corrections order by seq")

    def corrected_since(self, since: int) -> Iterator[Leaf]:
        """The entries that corrections from leaf ``since`` on have changed, as first recorded."""
        rows = self._db.execute("select distinct target from corrections where seq >= ?", (since,)).fetchall()
        return (leaf for (target,) in rows if (leaf := self.find(target)))


class Writer(Reader):
    """A reader that may append."""

    def append(self, drafts: list[Draft], *, by: str, recorded: datetime) -> Head:
        """Append leaves as one batch.

        Raises:
            StorageError: an id is taken. Callers look before they append, so this is two writers at once.
        """
        start = self.size
        sealed = seal(drafts, by, recorded)
        self._db.executemany(
            "insert into leaves values (?, ?, ?, ?, ?)",
            (
                (seq, d.type, d.kind, d.id, data)
                for seq, d, data in zip(count(start), drafts, sealed, strict=False)
            ),
        )
        self._file_corrections(drafts, start)
        tiles = merkle.appended(self.tile, start, map(merkle.leaf_hash, sealed))
        self._db.executemany(
            "insert into tiles values (?, ?, ?) on conflict do update set hashes = excluded.hashes",
            ((level, index, hashes) for (level, index), hashes in tiles.items()),
        )
        size = start + len(drafts)
        head = Head(size, merkle.root(self.tile, size), timestamp(recorded), by)
        self._db.execute(
            "insert into heads values (?, ?, ?, ?)", (head.size, head.root, head.recorded, head.author)
        )
        return head

    def _file_corrections(self, drafts: list[Draft], start: int) -> None:
        self._db.executemany(
            "insert into corrections values (?, json_extract(?, '$.replaces'))",
            ((seq, d.payload.decode()) for seq, d in enumerate(drafts, start) if d.kind == "correction"),
        )


@contextmanager
def _connection(path: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        db.execute("pragma synchronous=full")
        yield db
    finally:
        db.close()


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as cause:
        raise StorageError(
            f"The ledger at {path} could not be read or written: {cause}. "
            "What was acknowledged before is kept; run `onrecord verify`, mend the disk and try again."
        ) from cause
