"""Proofs by OpenTimestamps in the ledger: kept beside the stamps of authorities, checked without a network."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from onrecord.errors import DamageFound, StorageError
from onrecord.proof import TOOL
from onrecord.proof.opentimestamps.blocks import Block
from onrecord.proof.opentimestamps.format import Proof, walked
from onrecord.proof.own import put_on_record
from onrecord.proof.states import public_key
from onrecord.record import Record
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.handling import Handling
from onrecord.record.notes import SignedNote
from onrecord.record.verify import Damage

Standing = Literal["pending", "attested", "checked", "unknown"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far a proof of the first ``size`` lines goes.

    Attributes:
        standing: ``pending``: calendars promise and nothing is proved yet. ``attested``: it leads to the Merkle root
            that a Bitcoin block must have, and no header was given to hold it against. ``checked``: it leads to the
            Merkle root in the header that was given. ``unknown``: no way in it can be followed here.
        calendars: those that still promise.
        block: the number of the earliest block it leads to.
        merkle_root: the root that this block must have, as block explorers show it.
        time: when that block was made, as its miner says (RFC 3339, UTC); None where no header was given.
    """

    size: int
    standing: Standing
    calendars: tuple[str, ...]
    block: int | None = None
    merkle_root: str | None = None
    time: str | None = None

    def __str__(self) -> str:
        what = f"the first {self.size:,} lines"
        if self.standing == "pending":
            return f"OpenTimestamps, {what}: pending at {', '.join(self.calendars)}; nothing is proved yet."
        if self.standing == "unknown":
            return f"OpenTimestamps, {what}: no way in the proof can be followed here."
        if self.standing == "attested":
            return (
                f"OpenTimestamps, {what}: attested in Bitcoin block {self.block}, header not checked here; "
                f"its Merkle root must be {self.merkle_root}."
            )
        when = f", made on {self.time} by its miner's clock" if self.time else ""
        return f"OpenTimestamps, {what}: they were there before Bitcoin block {self.block}{when}; its Merkle root fits."


def keep_anchor(
    record: Record, note: SignedNote, proof: Proof, now: datetime, *, by: str | None = None
) -> Anchor:
    """Put on record a proof about a checkpoint of this record.

    Raises:
        DamageFound: the proof is about something else, or the checkpoint is not one of this record.
    """
    if proof.digest != digest_of(note):
        raise DamageFound(
            "Nothing was kept: the proof is about another file. Stamp the file that `onrecord checkpoint` wrote."
        )
    kept = Handling(
        action="anchored",
        checkpoint=str(note),
        key=str(public_key(record)),
        ots=base64.b64encode(bytes(proof)).decode(),
        tool=TOOL,
    )
    put_on_record(record, [kept], now, by)
    return standing(note, proof, {})


def digest_of(note: SignedNote) -> bytes:
    """What is stamped: the SHA-256 of the checkpoint with its signatures, as the file holds it."""
    return sha256(str(note).encode()).digest()


def kept_proofs(record: Record) -> tuple[list[tuple[SignedNote, Proof]], list[Damage]]:
    """The newest proof of every checkpoint that was stamped, oldest checkpoint first, and those that cannot be read."""
    newest: dict[str, tuple[SignedNote, Proof]] = {}
    broken = []
    with record.ledger.reading() as reader:
        for leaf in reader.handlings("anchored"):
            try:
                kept = leaf.handling()
                note = SignedNote.parse(kept.checkpoint)
                proof = Proof.parse(base64.b64decode(kept.ots or "", validate=True))
                if proof.digest != digest_of(note):
                    raise ValueError("the proof by OpenTimestamps in it is not about the checkpoint in it")
                newest[kept.checkpoint] = (note, proof)
            except (ValueError, StorageError) as cause:
                broken.append(Damage("handling", f"leaf {leaf.seq}", str(cause)))
    return list(newest.values()), broken


def kept_anchors(record: Record, blocks: Mapping[int, Block]) -> tuple[list[Anchor], list[Damage]]:
    """How far every proof on record goes, held against the blocks given, and those that do not hold."""
    proofs, broken = kept_proofs(record)
    anchors = []
    for note, proof in proofs:
        try:
            anchors.append(standing(note, proof, blocks))
        except ValueError as cause:
            size = Checkpoint.parse(note.text).size
            broken.append(Damage("OpenTimestamps", f"checkpoint over {size} leaves", str(cause)))
    return anchors, broken


def pending(record: Record) -> list[tuple[SignedNote, Proof]]:
    """The proofs that lead to no block yet."""
    proofs, _ = kept_proofs(record)
    return [(note, proof) for note, proof in proofs if standing(note, proof, {}).standing == "pending"]


def standing(note: SignedNote, proof: Proof, blocks: Mapping[int, Block]) -> Anchor:
    """How far one proof goes.

    Raises:
        ValueError: a way does not lead to the Merkle root of the block that was given.
    """
    size = Checkpoint.parse(note.text).size
    ends = [(way.attestation, walked(proof.digest, way.steps)) for way in proof.ways]
    calendars = tuple(dict.fromkeys(said.calendar for said, _ in ends if said.calendar))
    roots = sorted((said.height, end) for said, end in ends if said.height is not None and end is not None)
    for height, root in roots:
        if len(root) != 32:
            raise ValueError(f"it leads to no Merkle root of block {height}")
        if height in blocks and blocks[height].merkle_root != root:
            raise ValueError(
                f"it leads to the Merkle root {root[::-1].hex()}, which block {height} as given does not have"
            )
    for height, root in roots:
        if height in blocks:
            time = blocks[height].time
            made = time.strftime("%Y-%m-%dT%H:%M:%SZ") if time else None
            return Anchor(size, "checked", calendars, height, root[::-1].hex(), made)
    if roots:
        height, root = roots[0]
        return Anchor(size, "attested", calendars, height, root[::-1].hex())
    return Anchor(size, "pending" if calendars else "unknown", calendars)
