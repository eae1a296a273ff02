"""Witnesses: one record signs that it has seen the state of another, and keeps what it saw in its own tree.

A witness refuses to sign a state that is not a continuation of what it signed before. Whoever shows two people
two histories therefore needs two witnesses that both forgot.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from onrecord.errors import DamageFound, InvalidInput, Problem
from onrecord.record import Record, merkle
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.handling import Handling
from onrecord.record.leaf import draft_handling
from onrecord.record.ledger import Reader
from onrecord.record.notes import LOG, SignedNote, VerifierKey


@dataclass(frozen=True, slots=True)
class Request:
    """What a witness is shown: a checkpoint, and the proof that it continues an older one (size 0: none)."""

    old: int
    path: list[bytes]
    note: SignedNote
    said: Checkpoint

    @classmethod
    def parse(cls, text: str) -> Request:
        """Read a bare checkpoint, or one after its proof as ``onrecord checkpoint --since`` prints them.

        Raises:
            InvalidInput: it is neither.
        """
        try:
            head, text = text.split("\n\n", 1) if text.startswith("old ") else ("old 0", text)
            first, *hashes = head.split("\n")
            note = SignedNote.parse(text)
            path = [base64.b64decode(part, validate=True) for part in hashes]
            return cls(int(first.removeprefix("old ")), path, note, Checkpoint.parse(note.text))
        except ValueError as cause:
            raise _refused(
                f"This is nothing to sign: {cause}.", "Hand over what `onrecord checkpoint` printed."
            ) from None


def witness(
    record: Record,
    request: Request,
    key: VerifierKey | None,
    now: datetime,
    *,
    tool: str,
    by: str | None = None,
) -> SignedNote:
    """Sign the checkpoint of another record, after putting on this record that it was seen.

    Args:
        key: the other record's public key; needed the first time, checked against the first one ever after.

    Returns:
        The checkpoint with this record's signature under its own.

    Raises:
        InvalidInput: the key is missing, or the proof that leads from the state signed last is.
        DamageFound: the signature does not hold, or the other record was rolled back or rewritten.
    """
    with record.ledger.writing() as writer:
        before = last_seen(writer, request.said.origin)
        known = _known_key(before, key, request.said.origin)
        if not request.note.signed_by(known):
            raise DamageFound(
                f"The checkpoint is not signed with the key of {request.said.origin}. Ask its keeper for both again."
            )
        if before:
            _continues(request, Checkpoint.parse(SignedNote.parse(before.checkpoint).text))
        seen = Handling(action="witnessed", checkpoint=str(request.note), key=str(known), tool=tool)
        writer.append([draft_handling(seen)], by=by or record.description.keeper, recorded=now)
        signature = record.signer.cosign(writer.origin, request.note.text, now)
    return SignedNote(request.note.text, (*request.note.signatures, signature))


def keep_cosigned(
    record: Record, note: SignedNote, key: VerifierKey, now: datetime, *, tool: str, by: str | None = None
) -> datetime:
    """Put on record that a witness has signed a checkpoint of this record.

    Args:
        key: the witness's public key, in either of its roles.

    Returns:
        When the witness saw it, by the witness's clock (UTC).

    Raises:
        DamageFound: a signature does not hold, or this record never was in that state.
    """
    said, cosigner = Checkpoint.parse(note.text), key.cosigner()
    seen = note.cosigned_by(cosigner)
    with record.ledger.writing() as writer:
        if seen is None or not any(note.signed_by(own) for own in writer.signers()):
            raise DamageFound(
                f"The checkpoint is not signed by this record and by {key.name}. Ask the witness again."
            )
        if said.size > writer.size or writer.root(said.size) != said.root:
            raise DamageFound(
                f"The witness signed {said.size} lines that are not those of this record. "
                "Run `onrecord verify --since FILE` with the signed checkpoint."
            )
        kept = Handling(action="cosigned", checkpoint=str(note), key=str(cosigner), tool=tool)
        writer.append([draft_handling(kept)], by=by or record.description.keeper, recorded=now)
    return seen


def last_seen(reader: Reader, origin: str) -> Handling | None:
    """The last state of another record that this one has signed, or None."""
    handlings = (leaf.handling() for leaf in reader.handlings("witnessed"))
    seen = [handling for handling in handlings if handling.checkpoint.startswith(f"{origin}\n")]
    return seen[-1] if seen else None


def _known_key(before: Handling | None, given: VerifierKey | None, origin: str) -> VerifierKey:
    known = VerifierKey.parse(before.key) if before and before.key else given
    if known is None:
        raise _refused(
            f"This record has not seen {origin} before and needs its public key.",
            "Give --key with what `onrecord checkpoint --key` prints there, and check it by another way.",
        )
    if (given and given != known) or known.algorithm != LOG or known.name != origin:
        raise _refused(
            f"The key given is not the one that {origin} was first seen with.",
            "Find out from its keeper, in person, what happened to the key.",
        )
    return known


def _continues(request: Request, before: Checkpoint) -> None:
    said = request.said
    if said.size < before.size:
        raise DamageFound(
            f"{said.origin} shows {said.size} lines and had {before.size} when this record signed last: "
            "it was rolled back. Nothing was signed."
        )
    if said.size > before.size and request.old != before.size:
        raise _refused(
            f"This record signed {before.size} lines of {said.origin} and needs the proof from there.",
            "Ask for `onrecord checkpoint --since FILE` with the checkpoint it signed last.",
        )
    if not merkle.verify_consistency(before.size, said.size, before.root, said.root, request.path):
        raise DamageFound(
            f"{said.origin} no longer has the {before.size} lines that this record signed: it was rewritten. "
            "Nothing was signed."
        )


def _refused(message: str, remedy: str) -> InvalidInput:
    return InvalidInput([Problem(message, remedy)])
