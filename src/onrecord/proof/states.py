"""The signed state of a record, and the proof that it grew from an earlier one."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from onrecord.errors import DamageFound, InvalidInput, Problem
from onrecord.record import Record, merkle
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.notes import SignedNote, VerifierKey


def public_key(record: Record) -> VerifierKey:
    """The key that readers check this record's checkpoints with; from now on the ledger knows it."""
    with record.ledger.reading() as reader:
        key, known = record.signer.key(reader.origin), reader.signers()
    if key not in known:
        with record.ledger.writing() as writer:
            writer.know_signer(key)
    return key


def checkpoint(record: Record, size: int | None = None) -> SignedNote:
    """The signed checkpoint over the first ``size`` leaves, all of them by default.

    Raises:
        StorageError: the signing key is needed, because no batch ended there, and cannot be read.
    """
    with record.ledger.reading() as reader:
        return record.ledger.checkpoint(reader, reader.size if size is None else size)


@dataclass(frozen=True, slots=True)
class Growth:
    """The proof that everything under an old checkpoint stands unchanged under a new one (RFC 6962, 2.1.2)."""

    old: Checkpoint
    path: list[bytes]
    new: SignedNote

    def __str__(self) -> str:
        """The form in which a witness is asked (C2SP tlog-witness): old size, hashes, empty line, checkpoint."""
        hashes = [base64.b64encode(part).decode() for part in self.path]
        return "\n".join([f"old {self.old.size}", *hashes, "", str(self.new)])


def growth_since(record: Record, note: SignedNote) -> Growth:
    """The proof that this record has only grown since a checkpoint of it.

    Raises:
        DamageFound: it has not, or the checkpoint is of another record.
    """
    old = Checkpoint.parse(note.text)
    with record.ledger.reading() as reader:
        size = reader.size
        if old.origin != reader.origin:
            raise DamageFound(
                f"The checkpoint is of {old.origin}, this record is {reader.origin}: one of them was swapped. "
                "Take the checkpoint that belongs to this record."
            )
        if old.size > size:
            raise DamageFound(
                f"The checkpoint counts {old.size} leaves and {size} are there: the record was rolled back. "
                "Restore the newer copy."
            )
        if reader.root(old.size) != old.root:
            raise DamageFound(
                f"The first {old.size} leaves are not those of the checkpoint: the record was rewritten. "
                "Run `onrecord verify --since FILE` to see where."
            )
        path = merkle.consistency_proof(reader.tile, old.size, size)
        return Growth(old, path, record.ledger.checkpoint(reader, size))


def read_note(path: Path) -> SignedNote:
    """The signed checkpoint in a file.

    Raises:
        InvalidInput: the file cannot be read or holds none.
    """
    try:
        note = SignedNote.parse(path.read_bytes().decode())
        Checkpoint.parse(note.text)
    except (OSError, ValueError) as cause:
        remedy = "Name a file that `onrecord checkpoint` wrote."
        raise InvalidInput([Problem(f"It is no checkpoint: {cause}.", remedy, str(path))]) from cause
    return note
