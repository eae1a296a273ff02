"""One line of the ledger: an entry, a custody event or a handling, who recorded it and when.

Each line bears a salt of its own. The hashes of lines that are not public stand in proofs that are; without the salt
whoever guesses what a line says, word for word, could see from its hash that the guess is right.

A leaf's bytes are canonical JSON (RFC 8785); the Merkle tree is over exactly these bytes. They are put
together here from parts that are canonical already, because encoding the entry twice would double the
cost of appending.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import msgspec

from onrecord.errors import StorageError
from onrecord.model import canonical
from onrecord.model.check import kind_of
from onrecord.model.kinds import Base, Entry
from onrecord.record.custody import CustodyEvent
from onrecord.record.handling import Handling

LeafType = Literal["entry", "custody", "handling"]
"""Each sorts between "by" and "recorded", so that a line put together by :func:`seal` has its keys in order."""

_SALT_BYTES = 16

_encoder = msgspec.json.Encoder(order="sorted")
_plain: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])
_custodies = msgspec.json.Decoder(CustodyEvent)
_handlings = msgspec.json.Decoder(Handling)

_T = TypeVar("_T")


class Draft(msgspec.Struct, frozen=True, gc=False):
    """What is to become a leaf: its payload as canonical bytes, and what it is filed under."""

    type: LeafType
    kind: str
    id: str | None
    payload: bytes


def draft_entry(entry: Base) -> Draft:
    """An entry, ready to be appended."""
    return Draft("entry", kind_of(entry), entry.id, canonical.encode(entry))


def draft_entries(entries: Sequence[Base]) -> list[Draft]:
    """Many entries, ready to be appended."""
    payloads = canonical.encode_all(entries)
    return [
        Draft("entry", kind_of(entry), entry.id, payload)
        for entry, payload in zip(entries, payloads, strict=True)
    ]


def draft_custody(event: CustodyEvent) -> Draft:
    """A custody event, ready to be appended."""
    return Draft("custody", event.action, None, _encoder.encode(event))


def draft_handling(handling: Handling) -> Draft:
    """A handling, ready to be appended."""
    return Draft("handling", handling.action, None, _encoder.encode(handling))


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """A line of the ledger as read back. ``seq`` counts from 0 and is the leaf's index in the tree."""

    seq: int
    type: LeafType
    kind: str
    id: str | None
    data: bytes

    @property
    def payload(self) -> bytes:
        """The canonical bytes of the entry, custody event or handling alone."""
        opening = self.data.index(b'"%s":' % self.type.encode()) + len(self.type) + 3
        return self.data[opening : self.data.rindex(b',"recorded":')]

    @property
    def envelope(self) -> dict[str, Any]:
        """The whole line as plain values: ``by``, ``recorded``, ``salt`` and the entry, custody event or handling."""
        return self._read(_plain.decode, self.data)

    def entry(self) -> Entry:
        """The entry as it was recorded, before any later correction.

        Raises:
            StorageError: the line is damaged; so do the others that read it.
        """
        return self._read(canonical.decode)

    def custody(self) -> CustodyEvent:
        """The custody event."""
        return self._read(_custodies.decode)

    def handling(self) -> Handling:
        """The handling."""
        return self._read(_handlings.decode)

    def _read(self, decode: Callable[[bytes], _T], data: bytes | None = None) -> _T:
        try:
            return decode(self.payload if data is None else data)
        except (msgspec.MsgspecError, ValueError, RecursionError) as cause:
            raise StorageError(
                f"Leaf {self.seq} of the ledger cannot be read: {cause}. Run `onrecord verify`."
            ) from cause


def seal(drafts: list[Draft], by: str, recorded: datetime) -> list[bytes]:
    """The bytes of leaves recorded together by one person at one time (aware, kept in UTC), each with a new salt."""
    head = b'{"by":%s,"' % _encoder.encode(by)
    tail = b',"recorded":%s,"salt":"' % _encoder.encode(timestamp(recorded))
    salts = os.urandom(_SALT_BYTES * len(drafts)).hex(":", _SALT_BYTES).encode().split(b":")
    return [
        b'%s%s":%s%s%s"}' % (head, draft.type.encode(), draft.payload, tail, salt)
        for draft, salt in zip(drafts, salts, strict=False)
    ]


_ABSENT = msgspec.Raw()


class _Envelope(msgspec.Struct, forbid_unknown_fields=True):
    by: str
    recorded: str
    salt: str = ""  # lines of records made before there were salts have none
    entry: msgspec.Raw = _ABSENT
    custody: msgspec.Raw = _ABSENT
    handling: msgspec.Raw = _ABSENT


class _Filed(msgspec.Struct):
    id: str | None = None
    kind: str = ""
    action: str = ""


_envelopes = msgspec.json.Decoder(_Envelope)
_filings = msgspec.json.Decoder(_Filed)


@dataclass(frozen=True, slots=True)
class Unsealed:
    """The bytes of a leaf taken apart: what it is filed under, by whom and when it was recorded (RFC 3339, UTC)."""

    draft: Draft
    by: str
    recorded: str


def unseal(data: bytes) -> Unsealed:
    """Take the bytes of a leaf apart; the inverse of :func:`seal`.

    Raises:
        msgspec.MsgspecError: they are not the JSON of a leaf.
        ValueError: they hold no payload, or more than one.
    """
    envelope = _envelopes.decode(data)
    payloads: dict[LeafType, msgspec.Raw] = {
        "entry": envelope.entry,
        "custody": envelope.custody,
        "handling": envelope.handling,
    }
    present = [(name, bytes(payload)) for name, payload in payloads.items() if bytes(payload)]
    if len(present) != 1:
        raise ValueError("a line holds one entry, one custody event or one handling")
    name, payload = present[0]
    filed = _filings.decode(payload)
    draft = Draft(name, filed.kind if name == "entry" else filed.action, filed.id, payload)
    return Unsealed(draft, envelope.by, envelope.recorded)


def timestamp(moment: datetime) -> str:
    """An aware time as RFC 3339 text in UTC with microseconds.

    Raises:
        ValueError: the time has no zone, so nobody could say which moment it means.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be recorded")
    from_utc = moment.astimezone(UTC)
    return from_utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
