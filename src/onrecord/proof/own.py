"""Putting on record what somebody outside said about a checkpoint of this record."""

from __future__ import annotations

from datetime import datetime

from onrecord.errors import DamageFound
from onrecord.proof.states import public_key
from onrecord.record import Record
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.handling import Handling
from onrecord.record.leaf import draft_handling
from onrecord.record.notes import SignedNote


def put_on_record(record: Record, handlings: list[Handling], now: datetime, by: str | None) -> None:
    """Append handlings that are about checkpoints of this very record.

    Raises:
        DamageFound: a checkpoint is not one that this record signed, or no longer is.
    """
    if not handlings:
        return
    public_key(record)  # from now on the ledger knows it
    with record.ledger.writing() as writer:
        keys = writer.signers()
        for handling in handlings:
            note = SignedNote.parse(handling.checkpoint)
            said = Checkpoint.parse(note.text)
            signed = any(note.signed_by(key) for key in keys) and said.origin == writer.origin
            if not signed or said.size > writer.size or writer.root(said.size) != said.root:
                raise DamageFound("Nothing was kept: the checkpoint is not one that this record signed.")
        drafts = [draft_handling(handling) for handling in handlings]
        writer.append(drafts, by=by or record.description.keeper, recorded=now)
