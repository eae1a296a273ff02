"""What a ledger says in one consistent state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from onrecord.errors import StorageError
from onrecord.record import merkle
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.custody import CustodyEvent
from onrecord.record.leaf import Leaf
from onrecord.record.notes import Signature, SignedNote, VerifierKey
from onrecord.record.stores import Session

_IDS_AT_ONCE = 500
_LEAF = "select seq, type, kind, id, data from leaves"
_HEAD = "select size, root, recorded, author, signature from heads"


@dataclass(frozen=True, slots=True)
class Head:
    """The state of the ledger after a batch: number of leaves, root of the tree, when (RFC 3339, UTC), by whom.

    ``signature`` is the key id and Ed25519 signature under its checkpoint, None where nobody signed.
    """

    size: int
    root: bytes
    recorded: str
    author: str
    signature: bytes | None = None

    def note(self, origin: str) -> SignedNote:
        """The checkpoint of this head with its signature."""
        signed = () if self.signature is None else (Signature(origin, self.signature),)
        return SignedNote(Checkpoint(origin, self.size, self.root).text, signed)


class Reader:
    """What the ledger says in one consistent state."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def origin(self) -> str:
        """The name under which this ledger signs its checkpoints."""
        row = self._session.one("select value from facts where name = 'origin'")
        if row is None:
            raise StorageError("The ledger does not say what it is called. Run `onrecord verify`.")
        return str(row[0])

    @property
    def size(self) -> int:
        """The number of leaves."""
        row = self._session.one("select coalesce(max(seq) + 1, 0) from leaves")
        return int(row[0]) if row else 0

    def head(self, size: int | None = None) -> Head | None:
        """The head over ``size`` leaves, the latest by default; None if no batch ended there."""
        if size is None:
            row = self._session.one(f"{_HEAD} order by size desc limit 1")
        else:
            row = self._session.one(f"{_HEAD} where size = ?", (size,))
        return _head(row) if row else None

    def heads(self) -> Iterator[Head]:
        """Every head, oldest first."""
        for row in self._session.stream(f"{_HEAD} order by size"):
            yield _head(row)

    def signers(self) -> list[VerifierKey]:
        """The keys this ledger's heads are signed with.

        Raises:
            StorageError: one of them is damaged.
        """
        rows = self._session.all("select vkey from signers order by vkey")
        try:
            return [VerifierKey.parse(str(row[0])) for row in rows]
        except ValueError as cause:
            raise StorageError(f"A key of this ledger is damaged: {cause}.") from cause

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of one tile of the tree.

        Raises:
            StorageError: it is missing, which an intact ledger never is.
        """
        row = self._session.one("select hashes from tiles where level = ? and idx = ?", (level, index))
        if row is None:
            raise StorageError(f"Tile {level}/{index} of the tree is missing. Run `onrecord verify`.")
        return _bytes(row[0], f"tile {level}/{index}")

    def tiles(self) -> Iterator[tuple[int, int]]:
        """The place of every tile that is kept."""
        return ((level, index) for level, index in self._session.stream("select level, idx from tiles"))

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` leaves, all of them by default."""
        return merkle.root(self.tile, self.size if size is None else size)

    def leaves(self, start: int = 0, stop: int | None = None) -> Iterator[Leaf]:
        """The leaves from ``start`` up to but without ``stop``, in order."""
        end = self.size if stop is None else stop
        for row in self._session.stream(f"{_LEAF} where seq >= ? and seq < ? order by seq", (start, end)):
            yield _leaf(row)

    def custodies(self, start: int = 0) -> Iterator[tuple[int, CustodyEvent]]:
        """What befell originals, each event with the place of its leaf, from ``start`` on."""
        return ((leaf.seq, leaf.custody()) for leaf in self.leaves(start) if leaf.type == "custody")

    @property
    def rows(self) -> int:
        """The number of rows of leaves, wherever they stand; an intact ledger has as many as leaves."""
        row = self._session.one("select count(*) from leaves")
        return int(row[0]) if row else 0

    def every_leaf(self) -> Iterator[Leaf]:
        """Every row of leaves, those where none can be included, in order: for whoever checks the ledger."""
        return (_leaf(row) for row in self._session.stream(f"{_LEAF} order by seq"))

    def leaf(self, seq: int) -> Leaf:
        """One leaf by its place.

        Raises:
            IndexError: the ledger has no such leaf.
        """
        row = self._session.one(f"{_LEAF} where seq = ?", (seq,))
        if row is None:
            raise IndexError(f"the ledger has no leaf {seq}")
        return _leaf(row)

    def handlings(self, action: str) -> Iterator[Leaf]:
        """The handlings of one kind, oldest first."""
        rows = self._session.all(f"{_LEAF} where type = 'handling' and kind = ? order by seq", (action,))
        return (_leaf(row) for row in rows)

    def find(self, entry_id: str) -> Leaf | None:
        """The leaf of the entry with that id, or None if there is none."""
        row = self._session.one(f"{_LEAF} where id = ?", (entry_id,))
        return _leaf(row) if row else None

    def find_all(self, entry_ids: Iterable[str]) -> dict[str, Leaf]:
        """The leaves of those entries that are there, by id."""
        return {row[3]: _leaf(row) for row in self._by_ids(_LEAF, entry_ids)}

    def kinds_of(self, entry_ids: Iterable[str]) -> dict[str, str]:
        """The kinds of those entries that are there, by id."""
        return {row[0]: str(row[1]) for row in self._by_ids("select id, kind from leaves", entry_ids)}

    def _by_ids(self, select: str, entry_ids: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        ids = iter(entry_ids)
        while some := list(islice(ids, _IDS_AT_ONCE)):
            yield from self._session.all(f"{select} where id in ({', '.join('?' * len(some))})", some)

    def kind_of(self, entry_id: str) -> str | None:
        """The kind of the entry with that id, or None if there is none."""
        row = self._session.one("select kind from leaves where id = ?", (entry_id,))
        return str(row[0]) if row else None

    def corrections(self, target: str) -> Iterator[Leaf]:
        """The corrections of one entry, oldest first."""
        rows = self._session.all("select seq from corrections where target = ? order by seq", (target,))
        return (self.leaf(seq) for (seq,) in rows)

    def corrections_within(self, start: int, stop: int) -> Iterator[tuple[str, Leaf]]:
        """Corrections, oldest first, of entries first recorded in [start, stop), each with the id it corrects."""
        rows = self._session.all(
            "select c.target, c.seq from corrections c join leaves l on l.id = c.target "
            "where l.seq >= ? and l.seq < ? order by c.seq",
            (start, stop),
        )
        return ((target, self.leaf(seq)) for target, seq in rows)

    def filed_corrections(self) -> Iterator[tuple[int, str]]:
        """The place of every correction and the id it is filed under."""
        rows = self._session.stream("select seq, target from corrections order by seq")
        return ((seq, target) for seq, target in rows)

    def corrected_since(self, since: int) -> Iterator[Leaf]:
        """The entries that corrections from leaf ``since`` on have changed, as first recorded."""
        rows = self._session.all("select distinct target from corrections where seq >= ?", (since,))
        return (leaf for (target,) in rows if (leaf := self.find(target)))


def _leaf(row: tuple[Any, ...]) -> Leaf:
    _bytes(row[4], f"leaf {row[0]}")
    return Leaf(*row)


def _head(row: tuple[Any, ...]) -> Head:
    for value in (row[1], row[4]) if row[4] is not None else (row[1],):
        _bytes(value, f"head {row[0]}")
    return Head(*row)


def _bytes(value: object, what: str) -> bytes:
    """The value, if it is bytes: a damaged page can turn a column into anything."""
    if not isinstance(value, bytes):
        raise StorageError(f"The ledger is damaged: {what} holds no bytes. Restore it from a copy.")
    return value
