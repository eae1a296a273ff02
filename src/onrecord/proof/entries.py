"""The proof that one entry, or one line about an original, stands in a record, to be checked without the rest of it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.record import KEEPER, Record, Viewer, merkle
from onrecord.record.gate import View
from onrecord.record.notes import SignedNote, VerifierKey


@dataclass(frozen=True, slots=True)
class EntryProof:
    """Where an entry stands, the way up to the root, and the signed checkpoint that names the root.

    Attributes:
        entry: the entry's id; empty where the line is no entry.
        index: its place in the ledger, from 0.
        leaf: the exact line of the ledger, or None where something in it is not for the viewer.
        leaf_hash: SHA-256 over a zero byte and the line (RFC 6962).
        path: the hashes beside the way up, lowest first.
        note: the signed checkpoint; key: what to check its signature with.
    """

    entry: str
    index: int
    leaf: bytes | None
    leaf_hash: bytes
    path: list[bytes]
    note: SignedNote
    key: VerifierKey

    def __str__(self) -> str:
        """The proof as C2SP tlog-proof v1; the line itself is the extra part, where it may be shown."""
        extra = [] if self.leaf is None else [f"extra {_base64(self.leaf)}"]
        lines = ["c2sp.org/tlog-proof@v1", *extra, f"index {self.index}", *map(_base64, self.path)]
        return "\n".join([*lines, "", str(self.note)])

    def fields(self) -> dict[str, Any]:
        """The proof as plain values for JSON; hashes in base64."""
        return {
            "entry": self.entry,
            "index": self.index,
            "leaf": None if self.leaf is None else self.leaf.decode(),
            "leaf_hash": _base64(self.leaf_hash),
            "path": [_base64(part) for part in self.path],
            "checkpoint": str(self.note),
            "key": str(self.key),
        }


def prove(record: Record, entry_id: str, viewer: Viewer = KEEPER) -> EntryProof:
    """The proof of one entry, as first recorded, in the newest state of the record.

    Raises:
        EntryNotFound: there is none with that id that the viewer may see.
    """
    return prove_in(record.as_seen_by(viewer), entry_id)


def prove_in(view: View, entry_id: str) -> EntryProof:
    """The proof of one entry in the state that a view shows.

    Raises:
        EntryNotFound: there is none with that id that the viewer may see.
    """
    proof = view.proof(entry_id)
    return EntryProof(
        entry_id, proof.seq, proof.data, proof.leaf_hash, proof.path, view.checkpoint, view.signed_with
    )


def prove_lines(record: Record, indices: Sequence[int]) -> list[EntryProof]:
    """The proofs of lines of the ledger, counted from 0, whatever they are about; for the keeper alone.

    Raises:
        IndexError: there is no such line.
    """
    view = record.as_seen_by(KEEPER)
    note, key, proofs = view.checkpoint, view.signed_with, []
    with record.ledger.reading() as reader:
        for index in indices:
            path = merkle.inclusion_proof(reader.tile, index, view.state.size)
            data = reader.leaf(index).data
            proofs.append(EntryProof("", index, data, merkle.leaf_hash(data), path, note, key))
    return proofs


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
