"""Which file was read with what outcome, where it came from and what is in it: one SQLite file, derived.

Everything in it can be made again: places and members from the custody log, outcomes by reading again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from onrecord.ingest.catalogue_file import CatalogueFile
from onrecord.record import Record
from onrecord.record.custody import CustodyEvent
from onrecord.record.reader import Reader

_PLACED = """
select path, null, f.sha256, kind, outcome, reason, reader, version, key
from files f join places using (sha256) order by path, f.sha256
"""
_HELD = """
select members.name, parent, f.sha256, kind, outcome, reason, reader, version, key
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
class Settled:
    """A file's outcome as it is catalogued.

    Attributes:
        members: digest and name, in order.
        date: a claimed date as the number 20180524; ``look`` the perceptual hash of a picture.
        sums: the derivative's files with their SHA-256, one a line, as ``sha256sum`` writes and checks them.
        choices: encoding and OCR that were asked for, as JSON: with these it is made again.
    """

    row: FileRow
    members: tuple[tuple[str, str], ...]
    date: int | None
    look: str
    sums: str
    choices: str
    tables: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A derivative in whose place another was made: of which original, its key, and ``sums`` as of :class:`Settled`."""

    sha256: str
    key: str
    sums: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is filed with a file that was read: its derivative's key, claimed date (20180524) and perceptual hash."""

    key: str
    date: int | None
    look: str


class Catalogue:
    """The catalogue in a file; see :class:`CatalogueFile`."""

    def __init__(self, path: Path, *, checked: bool = False) -> None:
        self._db = CatalogueFile(path, checked=checked)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def writing(self) -> AbstractContextManager[None]:
        """All that is written inside is kept together, or none of it."""
        return self._db.writing()

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be written to it."""
        return self._db.is_read_only

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file."""
        return self._db.faults()

    def sync(self, ledger: Reader) -> None:
        """Learn the places and members that the custody log has and the catalogue has not.

        Raises:
            StorageError: there is something to learn, and the disk cannot be written.
        """
        start, size = self._state("ledger"), ledger.size
        if start == size:
            return
        with self.writing():
            for seq, custody in ledger.custodies(start):
                self._learn(seq, custody)
            self._db.put("state", [("ledger", size)])

    @property
    def changes(self) -> int:
        """A number that grows with every change to places and outcomes."""
        return self._state("changes")

    def _state(self, name: str) -> int:
        row = self._db.first("select value from state where name = ?", (name,))
        return int(row[0]) if row else 0

    def _changed(self) -> None:
        self._db.put("state", [("changes", self.changes + 1)])

    def has_learnt(self, event: CustodyEvent) -> bool:
        """Whether custody of these bytes from this place is known."""
        path = event.path or ""
        if event.member_of is None:
            return self.keeps(path, event.sha256)
        return self.holds(event.member_of, event.sha256, path)

    def _learn(self, line: int, event: CustodyEvent) -> None:
        path = event.path or ""
        self._db.put("custody", [(event.sha256, line, event.size)])
        self._changed()
        if event.member_of is None:
            self._db.put("places", [(event.sha256, path)], instead=False)
        else:
            self._db.put("held", [(event.member_of, event.sha256, path)], instead=False)

    def keeps(self, path: str, digest: str) -> bool:
        """Whether these bytes were taken in from this place before."""
        query = "select 1 from places where path = ? and sha256 = ?"
        return self._db.first(query, (path, digest)) is not None

    def seen_at(self, path: str) -> bool:
        """Whether anything was taken in from this place before."""
        return self._db.first("select 1 from places where path = ?", (path,)) is not None

    def knows(self, digest: str) -> bool:
        """Whether custody of these bytes is known, as a file or as a member."""
        query = "select 1 from places where sha256 = ?1 union all select 1 from held where child = ?1 limit 1"
        return self._db.first(query, (digest,)) is not None

    def was_read(self, digest: str) -> bool:
        """Whether there is an outcome for these bytes."""
        return self._db.first("select 1 from files where sha256 = ?", (digest,)) is not None

    def set_file(self, settled: Settled) -> None:
        """Set a file's outcome, its tables and its members, in place of what was known before."""
        self._changed()
        row = settled.row
        self._keep_replaced(str(row.sha256), row.key)
        said = (row.sha256, row.path, row.key, row.kind, row.outcome, row.reason, row.reader, row.version)
        self._db.put("files", [(*said, settled.date, settled.look, settled.sums, settled.choices)])
        self._db.rows("delete from tables where sha256 = ?", (row.sha256,))
        tables = [(t.name, t.sha256, t.number, t.sheet, t.rows, t.columns) for t in settled.tables]
        self._db.put("tables", tables)
        self._db.rows("delete from members where parent = ?", (row.sha256,))
        members = [(row.sha256, at, child, name) for at, (child, name) in enumerate(settled.members)]
        self._db.put("members", members)

    def _keep_replaced(self, digest: str, key: str) -> None:
        """Keep what a derivative gave before one with another key takes its place."""
        query = "select sha256, key, sums from files where sha256 = ? and key != ?"
        self._db.put("replaced", self._db.rows(query, (digest, key)))
        self.forget_replaced(digest, key)

    def forget_replaced(self, digest: str, key: str) -> None:
        """Drop the hashes of a derivative that counts again, or is gone."""
        self._db.rows("delete from replaced where sha256 = ? and key = ?", (digest, key))

    def replaced(self) -> list[Replaced]:
        """Every derivative that another took the place of."""
        return [Replaced(*row[:-1]) for row in self._db.rows("select * from replaced")]

    def holds(self, parent: str, child: str, name: str) -> bool:
        """Whether custody of this member of this file is known."""
        query = "select 1 from held where parent = ? and child = ? and name = ?"
        return self._db.first(query, (parent, child, name)) is not None

    def waiting(self) -> list[tuple[str, str]]:
        """Digest and a name of everything that is in custody and has no outcome: what a cut run left behind."""
        return self._db.rows(
            "select sha256, min(path) from (select sha256, path from places union all select child, name from held) "
            "where sha256 not in (select sha256 from files) group by sha256 order by sha256"
        )

    def depth(self, digest: str, most: int = 16) -> int:
        """How many files a member lies in, at least; 0 for what came by itself."""
        row = self._db.first("select min(parent) from held where child = ?", (digest,))
        alone = self._db.first("select 1 from places where sha256 = ?", (digest,))
        return 0 if alone or row is None or row[0] is None or most == 0 else 1 + self.depth(row[0], most - 1)

    def set_unread(self, path: str, outcome: str, reason: str) -> None:
        """Note a path whose bytes could not be had."""
        self._db.put("unread", [(path, outcome, reason)])

    def unread(self) -> dict[str, str]:
        """The paths whose bytes could not be had, with the outcome of each."""
        return dict(self._db.rows("select path, outcome from unread order by path"))

    def forget_unread(self, path: str) -> None:
        """Drop the note on a path that could be opened after all."""
        self._db.rows("delete from unread where path = ?", (path,))

    def files(self) -> Iterator[FileRow]:
        """Every place with its outcome, then every member, then what could not be opened; in order of path."""
        children: dict[str, list[str]] = {}
        for parent, child in self._db.rows("select parent, child from members order by parent, position"):
            children.setdefault(parent, []).append(child)
        for query in (_PLACED, _HELD):
            for path, parent, digest, kind, outcome, reason, reader, version, key in self._db.rows(query):
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
        for path, outcome, reason in self._db.rows("select path, outcome, reason from unread order by path"):
            yield FileRow(path, None, "unknown", outcome, reason, ())

    def read_files(self) -> Iterator[tuple[str, str, str, int | None, str]]:
        """Digest, derivative's key, kind, claimed date and perceptual hash of every file with an outcome, by digest."""
        return self._db.each("select sha256, key, kind, date, look from files order by sha256")

    def places(self, digest: str) -> list[str]:
        """Where a file came from: paths; for a member the chain of names from the outermost file on."""
        found = [
            row[0]
            for row in self._db.rows("select path from places where sha256 = ? order by path", (digest,))
        ]
        return found or self._as_member(digest, depth=0)

    def _as_member(self, digest: str, depth: int) -> list[str]:
        if depth > 16:
            return []
        rows = self._db.rows(
            "select parent, name from members where child = ? order by parent limit 20", (digest,)
        )
        found = []
        for parent, name in rows:
            above = [row[0] for row in self._db.rows("select path from places where sha256 = ?", (parent,))]
            found += [f"{path}/{name}" for path in above or self._as_member(parent, depth + 1)]
        return found[:20]

    def with_outcome(self, wanted: str) -> list[tuple[str, str]]:
        """Digest and name of every file that has an outcome, or ``all`` of them; the name it was read under."""
        rows = self._db.rows("select sha256, outcome, name from files")
        return [(digest, name) for digest, outcome, name in rows if wanted in {"all", outcome}]

    def reader_of(self, digest: str) -> tuple[str, str, str] | None:
        """Kind, reader and version that made a file's outcome."""
        row = self._db.first("select kind, reader, version from files where sha256 = ?", (digest,))
        return (str(row[0]), str(row[1]), str(row[2])) if row else None

    def key_of(self, digest: str) -> str | None:
        """The key of a file's newest derivative."""
        row = self._db.first("select key from files where sha256 = ?", (digest,))
        return str(row[0]) if row else None

    def facts_of(self, digest: str) -> Facts | None:
        """What is filed with a file, or None where it was not read yet."""
        row = self._db.first("select key, date, look from files where sha256 = ?", (digest,))
        return Facts(*row) if row else None

    def beginning(self, start: str) -> list[str]:
        """The digests in custody that begin so, at most five."""
        rows = self._db.rows(
            "select sha256 from places where sha256 >= ?1 and sha256 < ?1 || 'g' "
            "union select child from held where child >= ?1 and child < ?1 || 'g' limit 5",
            (start,),
        )
        return [row[0] for row in rows]

    def members(self, digest: str) -> list[tuple[str, str]]:
        """Digest and name of each member of a file, in order."""
        query = "select child, name from members where parent = ? order by position"
        return self._db.rows(query, (digest,))

    def holders(self, digest: str) -> list[tuple[str, str]]:
        """Digest of each file that holds these bytes, and the name they have in it."""
        query = "select distinct parent, name from members where child = ? order by parent, name"
        return self._db.rows(query, (digest,))

    def looks(self) -> dict[str, str]:
        """The perceptual hash of every picture by its digest."""
        return dict(self._db.rows("select sha256, look from files where look != '' order by sha256"))

    def tables(self) -> list[TableRow]:
        """Every extracted table."""
        return [TableRow(*row[:-1]) for row in self._db.rows("select * from tables order by name")]

    def with_tables(self) -> set[str]:
        """The documents in which tables were found."""
        return {row[0] for row in self._db.each("select distinct sha256 from tables")}

    def custody(self, digest: str) -> list[int]:
        """The lines of the ledger that say what was done with an original, counted from 0, in order."""
        query = "select line from custody where sha256 = ? order by line"
        return [row[0] for row in self._db.rows(query, (digest,))]

    def sizes(self) -> dict[str, int]:
        """The bytes of every original in custody, by its SHA-256."""
        return dict(self._db.rows("select sha256, max(size) from custody group by sha256"))

    def settled(self) -> list[Settled]:
        """All that was set of every file, to be held against the derivatives and the ledger."""
        tables: dict[str, list[TableRow]] = {}
        for table in self.tables():
            tables.setdefault(table.sha256, []).append(table)
        members: dict[str, list[tuple[str, str]]] = {}
        for parent, child, name in self._db.rows(
            "select parent, child, name from members order by parent, position"
        ):
            members.setdefault(parent, []).append((child, name))
        found = []
        query = "select * from files order by sha256"
        for digest, name, key, kind, outcome, reason, reader, version, *facts, _ in self._db.rows(query):
            row = FileRow(name, digest, kind, outcome, reason, (), reader, version, key)
            date, look, sums, choices = facts
            rows = tuple(sorted(tables.get(digest, ()), key=lambda table: table.number))
            held = tuple(members.get(digest, ()))
            found.append(Settled(row, held, date, look, sums, choices, rows))
        return found

    @property
    def learnt(self) -> int:
        """How many lines of the ledger were learnt from."""
        return self._state("ledger")

    def lines(self) -> set[tuple[str, int]]:
        """Every custody line learnt, as the original's digest and the line."""
        return {(row[0], row[1]) for row in self._db.rows("select sha256, line from custody")}

    def broken(self) -> Iterator[tuple[str, str]]:
        """The table and the key of each row that is not as it was written."""
        return self._db.broken()


def open_catalogue(record: Record) -> Catalogue:
    """The catalogue of a record, brought up to its ledger."""
    catalogue = Catalogue(record.folder / "derived" / "catalogue.sqlite")
    with record.ledger.reading() as ledger:
        catalogue.sync(ledger)
    return catalogue
