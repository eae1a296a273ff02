"""The key a record signs its checkpoints with: one file, readable by its owner alone."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from onrecord.errors import StorageError
from onrecord.record import notes
from onrecord.record.files import write_whole
from onrecord.record.notes import Signature, VerifierKey

FILE = "ed25519.pem"


class Signer:
    """Signs with the key in a folder; the key is made (PKCS 8, mode 0600) when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        if not self.path.exists():
            self._make()
        try:
            pem = self.path.read_bytes()
            key = load_pem_private_key(pem, password=None)
        except OSError as cause:
            raise StorageError(f"The signing key {self.path} cannot be read: {cause.strerror}.") from cause
        except (ValueError, TypeError, UnsupportedAlgorithm) as cause:
            raise StorageError(self._damaged()) from cause
        if not isinstance(key, Ed25519PrivateKey) or _pem(key) != pem:
            raise StorageError(self._damaged())
        return key

    def _damaged(self) -> str:
        return (
            f"The signing key {self.path} is damaged or is not an Ed25519 key. Put it back from a copy; "
            "without one, move it away and a new key is made, which every reader of checkpoints will see."
        )

    def _make(self) -> None:
        """Write a new key; under its final name it is there as a whole or not at all."""
        try:
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
        except OSError as cause:
            raise StorageError(f"No signing key could be made at {self.path}: {cause.strerror}.") from cause
        write_whole(self.path, _pem(Ed25519PrivateKey.generate()), mode=0o600)

    def exists(self) -> bool:
        """True if the key was made already."""
        return self.path.exists()

    def key(self, name: str) -> VerifierKey:
        """The public half, under the name it signs with."""
        return VerifierKey(name, notes.LOG, self._private.public_key().public_bytes_raw())

    def sign(self, name: str, text: str) -> Signature:
        """This record's signature under its own checkpoint."""
        return notes.sign(self._private, name, text)

    def cosign(self, name: str, text: str, seen: datetime) -> Signature:
        """This record's signature, as a witness, under the checkpoint of another."""
        return notes.cosign(self._private, name, text, seen)


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
