"""The append-only ledger: leaves, the Merkle tree over them, a signed head for every batch.

Rules a reader may rely on:

- A batch is there as a whole or not at all, and is on disk before :meth:`Ledger.writing` returns.
- Writers queue; a reader sees the state before or after a batch, never between.
- No statement here updates or deletes a leaf or a head.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

import msgspec

from onrecord.errors import RecordNotFound, StorageError
from onrecord.record import merkle
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.files import write_whole
from onrecord.record.keys import Signer
from onrecord.record.leaf import Draft, seal, timestamp
from onrecord.record.notes import SignedNote, VerifierKey
from onrecord.record.reader import Head, Reader
from onrecord.record.stores import Session, Store
from onrecord.record.stores.sqlite import SqliteStore

__all__ = ["Head", "Ledger", "Reader", "Writer"]

_AT_ONCE = 1 << 16
"""Leaves of one batch whose bytes are held at a time."""


class Ledger:
    """The leaves of one record, in order, with the tree over them.

    Args:
        place: the path of a SQLite file, or any other store.
        signer: signs every head; without one heads stay unsigned.
        newest: a file to which the checkpoint of every batch is written after it is kept. It lies outside the
            database, so that an older copy of the database put in its place is noticed.
    """

    def __init__(self, place: Path | Store, signer: Signer | None = None, newest: Path | None = None) -> None:
        self._store: Store = SqliteStore(place) if isinstance(place, Path) else place
        self.signer = signer
        self.newest = newest
        if not self._store.exists():
            if newest and newest.exists():
                raise StorageError(
                    f"The ledger at {self.place} is gone; the checkpoint of what it held lies at {newest}. "
                    "Put it back from a copy and run `onrecord verify`."
                )
            raise RecordNotFound(
                f"There is no ledger at {self.place}. Make a record with `onrecord new DIR`."
            )

    @property
    def place(self) -> str:
        """Where the ledger lies, as told to people."""
        return self._store.place

    @staticmethod
    def create(place: Path | Store, origin: str, signer: Signer | None = None) -> Ledger:
        """Start an empty ledger that signs itself ``origin``.

        Raises:
            StorageError: there is one already, or the place cannot be written to.
        """
        store: Store = SqliteStore(place) if isinstance(place, Path) else place
        with store.creating() as session:
            session.insert("facts", [("origin", origin)])
            if signer:
                session.insert("signers", [(str(signer.key(origin)),)])
        return Ledger(store, signer)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One consistent state of the ledger to read from."""
        with self._store.reading() as session:
            yield Reader(session)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """The right to append, held by one writer at a time; all of it is kept on leaving, or none on an error."""
        with self._store.writing() as session:
            writer = Writer(session, self.signer)
            yield writer
        if self.newest and writer.latest:
            with suppress(
                StorageError
            ):  # the batch is kept; an older checkpoint in this file is true as well
                write_whole(self.newest, str(writer.latest).encode())

    def checkpoint(self, reader: Reader, size: int) -> SignedNote:
        """The signed checkpoint over the first ``size`` leaves that ``reader`` sees.

        Raises:
            StorageError: it must be signed now, because no signed batch ended there, and there is no key.
        """
        head = reader.head(size)
        if head and head.signature:
            return head.note(reader.origin)
        if self.signer is None:
            raise StorageError(f"The ledger at {self.place} has no key to sign its state with.")
        text = Checkpoint(reader.origin, size, reader.root(size)).text
        return SignedNote(text, (self.signer.sign(reader.origin, text),))

    def signed_with(self, note: SignedNote) -> VerifierKey:
        """The public key of this ledger that a checkpoint of it is signed with.

        Raises:
            StorageError: none that it knows is.
        """
        with self.reading() as reader:
            origin, known = reader.origin, reader.signers()
        for key in known:
            if note.signed_by(key):
                return key
        if self.signer and note.signed_by(own := self.signer.key(origin)):
            return own
        raise StorageError("The checkpoint is not signed with a key of this ledger. Run `onrecord verify`.")

    def faults(self) -> list[str]:
        """What the database itself finds wrong with its files, indexes included."""
        return self._store.faults()


class Writer(Reader):
    """A reader that may append."""

    def __init__(self, session: Session, signer: Signer | None = None) -> None:
        super().__init__(session)
        self._signer = signer
        self.latest: SignedNote | None = None
        """The checkpoint of what was appended through this writer, None before that."""

    def append(self, drafts: list[Draft], *, by: str, recorded: datetime) -> Head:
        """Append leaves as one batch and sign the head.

        Raises:
            StorageError: an id is taken. Callers look before they append, so this is two writers at once.
        """
        start = self.size
        for at in range(0, len(drafts), _AT_ONCE):
            some = drafts[at : at + _AT_ONCE]
            self._add(some, seal(some, by, recorded), start + at)
        size = start + len(drafts)
        root = merkle.root(self.tile, size)
        head = Head(size, root, timestamp(recorded), by, self._signature(size, root))
        self._add_head(head)
        return head

    def restore(self, drafts: list[Draft], sealed: list[bytes], head: Head) -> bytes:
        """Append a batch that another copy of this ledger holds, head and signature as they are there.

        Returns:
            The root that the leaves give; comparing it with the head's is for the caller, before it commits.
        """
        root = self._add(drafts, sealed, self.size)
        self._add_head(head)
        return root

    def know_signer(self, key: VerifierKey) -> None:
        """Keep a public key that heads may be signed with."""
        self._session.many("insert into signers values (?) on conflict do nothing", [(str(key),)])

    def _signature(self, size: int, root: bytes) -> bytes | None:
        if self._signer is None:
            return None
        origin = self.origin
        self.know_signer(self._signer.key(origin))
        return self._signer.sign(origin, Checkpoint(origin, size, root).text).blob

    def _add_head(self, head: Head) -> None:
        self._session.insert("heads", [(head.size, head.root, head.recorded, head.author, head.signature)])
        self.latest = head.note(self.origin)

    def _add(self, drafts: list[Draft], sealed: list[bytes], start: int) -> bytes:
        self._session.insert(
            "leaves",
            (
                (seq, d.type, d.kind, d.id, data)
                for seq, d, data in zip(count(start), drafts, sealed, strict=False)
            ),
        )
        self._session.insert("corrections", _filed(drafts, start))
        tiles = merkle.appended(self.tile, start, map(merkle.leaf_hash, sealed))
        self._session.many(
            "insert into tiles values (?, ?, ?) on conflict (level, idx) do update set hashes = excluded.hashes",
            ((level, index, hashes) for (level, index), hashes in tiles.items()),
        )
        return merkle.root(self.tile, start + len(drafts))


class _Target(msgspec.Struct):
    replaces: str


def _filed(drafts: list[Draft], start: int) -> Iterator[tuple[int, str]]:
    for seq, draft in enumerate(drafts, start):
        if draft.kind == "correction":
            yield seq, msgspec.json.decode(draft.payload, type=_Target).replaces
