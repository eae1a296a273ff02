"""Who signed what: the ledger's own heads, checkpoints handed in from outside, witnesses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC

from onrecord.record.checking.damage import Damage, Witnessed
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.handling import Handling
from onrecord.record.notes import SignedNote, VerifierKey
from onrecord.record.reader import Head


@dataclass(frozen=True, slots=True)
class Outside:
    """A checkpoint kept outside the ledger: what to call it, and the note."""

    name: str
    note: SignedNote


@dataclass(frozen=True, slots=True)
class State:
    """A ledger as it is now: the name and the keys it signs with, its size, and its root at any size up to that."""

    origin: str
    keys: list[VerifierKey]
    size: int
    root_at: Callable[[int], bytes]


def wrong_heads(origin: str, heads: list[Head], keys: list[VerifierKey]) -> Iterator[Damage]:
    """Heads whose signature does not hold under one of the keys, and unsigned ones among signed ones."""
    signed = any(head.signature for head in heads)
    for head in heads:
        if head.signature and not any(head.note(origin).signed_by(key) for key in keys):
            why = "its signature does not hold under any key of this ledger that is relied on"
            yield Damage("ledger", f"head {head.size}", why)
        elif signed and not head.signature:
            yield Damage("ledger", f"head {head.size}", "its signature is gone: others are signed")


def in_turn(heads: Iterable[Head]) -> list[tuple[str, int]]:
    """Whose turn it was to sign: key ids in hexadecimal, each with the last head before another key signed."""
    turns: list[tuple[str, int]] = []
    for head in heads:
        if head.signature:
            key_id = head.signature[:4].hex()
            turns = turns[:-1] if turns and turns[-1][0] == key_id else turns
            turns.append((key_id, head.size))
    return turns


def against(outside: Outside, now: State) -> Iterator[Damage]:
    """What the ledger does not have as the checkpoint says."""
    try:
        said = Checkpoint.parse(outside.note.text)
    except ValueError as cause:
        yield Damage("checkpoint", outside.name, f"{cause}")
        return
    if said.origin != now.origin:
        why = f"swapped: the checkpoint is of {said.origin}, this ledger is {now.origin}"
        yield Damage("ledger", outside.name, why)
    elif not any(outside.note.signed_by(key) for key in now.keys):
        why = "no signature under it holds under a key of this ledger: it or the ledger's keys were changed"
        yield Damage("checkpoint", outside.name, why)
    elif said.size > now.size:
        why = f"rolled back: the checkpoint counts {said.size} leaves, {now.size} are there"
        yield Damage("ledger", outside.name, why)
    elif now.root_at(said.size) != said.root:
        why = f"rewritten: the first {said.size} leaves are not those the checkpoint was signed over"
        yield Damage("ledger", outside.name, why)


def cosigned(handlings: Iterable[tuple[int, Handling]]) -> Iterator[Outside]:
    """The checkpoints of this ledger that witnesses signed or authorities stamped or a block chain holds."""
    for seq, handling in handlings:
        if handling.action in ("cosigned", "stamped", "anchored") and _holds(handling):
            yield Outside(f"leaf {seq}, its checkpoint", SignedNote.parse(handling.checkpoint))


def handlings_that_do_not_hold(handlings: Iterable[tuple[int, Handling]]) -> Iterator[Damage]:
    """Acts on record whose checkpoint is not signed as they say."""
    for seq, handling in handlings:
        if handling.action not in ("exported", "published") and not _holds(handling):
            yield Damage("handling", f"leaf {seq}", "the checkpoint in it is not signed with the key in it")


def witnesses(handlings: Iterable[tuple[int, Handling]]) -> Iterator[Witnessed]:
    """Who has seen which state of this ledger, as far as it was told."""
    for _, handling in handlings:
        if handling.action == "cosigned" and handling.key and _holds(handling):
            note, key = SignedNote.parse(handling.checkpoint), VerifierKey.parse(handling.key)
            seen = note.cosigned_by(key)
            if seen:
                size = Checkpoint.parse(note.text).size
                yield Witnessed(key.name, size, seen.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _holds(handling: Handling) -> bool:
    try:
        note, key = SignedNote.parse(handling.checkpoint), VerifierKey.parse(handling.key or "")
        Checkpoint.parse(note.text)
    except ValueError:
        return False
    return note.signed_by(key) or note.cosigned_by(key) is not None
