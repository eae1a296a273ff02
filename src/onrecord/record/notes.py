"""Signed notes and their keys, as transparency logs write them (C2SP signed-note v1.0.0, tlog-cosignature v1).

A note is text, an empty line, and one line a signature: ``— name base64(key id, signature)``. The key id is the
beginning of a hash over name, algorithm and public key, so a line says which key to check it with. Ed25519
(RFC 8032) only. Everything here is pure.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG = 0x01
"""The algorithm byte of a log that signs its own checkpoints."""

COSIGNER = 0x04
"""The algorithm byte of a witness, whose signature covers the time as well."""

_KEY_ID_BYTES = 4
_TIME_BYTES = 8
_SIGNATURE = re.compile(r"— (\S+) (\S+)")
_NAME = re.compile(r"[^\s+]+")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under the name it signs with. ``algorithm`` is LOG or COSIGNER; ``public`` is 32 bytes."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature line starts with."""
        material = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return sha256(material).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.algorithm]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read the form that ``str`` writes.

        Raises:
            ValueError: it is not a key, not of a kind known here, or its id does not match.
        """
        name, _, rest = text.strip().partition("+")
        key_id, _, material = rest.partition("+")
        data = _bytes(material)
        if not _NAME.fullmatch(name) or len(data) != 33 or data[0] not in (LOG, COSIGNER):
            raise ValueError(f"{text.strip()[:80]!r} is not a public key (name+id+base64)")
        key = cls(name, data[0], data[1:])
        if key.key_id.hex() != key_id:
            raise ValueError(f"the key of {name} says its id is {key_id}; it is {key.key_id.hex()}")
        return key

    def cosigner(self) -> VerifierKey:
        """The same key in its other role, as a witness of other records."""
        return VerifierKey(self.name, COSIGNER, self.public)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who, and the key id followed by what was signed."""

    name: str
    blob: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_base64(self.blob)}"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text, ending in a newline, with the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return "\n".join([self.text, *map(str, self.signatures), ""])

    @classmethod
    def parse(cls, note: str) -> SignedNote:
        """Read a note; what it says and whether its signatures hold is for others to check.

        Raises:
            ValueError: it has no signatures or is not a note at all.
        """
        text, gap, rest = note.rpartition("\n\n")
        if not gap or not rest.endswith("\n"):
            raise ValueError("it is not a signed note: there is no empty line with signatures after it")
        return cls(text + "\n", tuple(map(_signature, rest[:-1].split("\n"))))

    def signed_by(self, key: VerifierKey) -> bool:
        """True if a signature of this log key stands under the note and holds."""
        return any(
            _holds(key.public, signature.blob[_KEY_ID_BYTES:], self.text.encode())
            for signature in self._of(key, LOG)
        )

    def cosigned_by(self, key: VerifierKey) -> datetime | None:
        """When the witness with this key says it saw the note (UTC), or None if it did not sign or wrongly."""
        for signature in self._of(key, COSIGNER):
            stamp = int.from_bytes(signature.blob[_KEY_ID_BYTES : _KEY_ID_BYTES + _TIME_BYTES])
            if _holds(key.public, signature.blob[_KEY_ID_BYTES + _TIME_BYTES :], _cosigned(self.text, stamp)):
                return datetime.fromtimestamp(stamp, UTC)
        return None

    def _of(self, key: VerifierKey, algorithm: int) -> list[Signature]:
        if key.algorithm != algorithm:
            return []
        return [s for s in self.signatures if s.name == key.name and s.blob[:_KEY_ID_BYTES] == key.key_id]


def sign(private: Ed25519PrivateKey, name: str, text: str) -> Signature:
    """A log's signature under its own text."""
    key = VerifierKey(name, LOG, private.public_key().public_bytes_raw())
    return Signature(name, key.key_id + private.sign(text.encode()))


def cosign(private: Ed25519PrivateKey, name: str, text: str, seen: datetime) -> Signature:
    """A witness's signature under another log's checkpoint, with the time it was seen (aware, whole seconds)."""
    key = VerifierKey(name, COSIGNER, private.public_key().public_bytes_raw())
    stamp = int(seen.timestamp())
    signed = private.sign(_cosigned(text, stamp))
    return Signature(name, key.key_id + stamp.to_bytes(_TIME_BYTES) + signed)


def _signature(line: str) -> Signature:
    match = _SIGNATURE.fullmatch(line)
    if match is None:
        raise ValueError(f"{line[:80]!r} is not a signature line")
    return Signature(match[1], _bytes(match[2]))


def _cosigned(text: str, stamp: int) -> bytes:
    return f"cosignature/v1\ntime {stamp}\n{text}".encode()


def _holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as cause:
        raise ValueError(f"{text[:80]!r} is not base64") from cause
