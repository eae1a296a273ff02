"""Texts that only named readers can open, encrypted with age before they reach the ledger.

The clear text is never written anywhere in the record: a seal is made while rows are read, for the readers that
``record.toml`` names with their age recipients. Whoever has none of their keys learns that something is sealed,
not what.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyrage
from pyrage import x25519

from onrecord.errors import InvalidInput, NotAllowed, Problem, StorageError
from onrecord.model.kinds import Sealed


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals texts for the readers of one record: name to age recipient (``age1…``)."""

    readers: Mapping[str, str]

    def seal(self, name: str, text: str, readers: Iterable[str] = ()) -> Sealed:
        """Encrypt a text for some readers, for all of them if none is named.

        Raises:
            ValueError: a reader is not in record.toml, none is, or a recipient is not one.
        """
        chosen = tuple(readers) or tuple(self.readers)
        unknown = sorted(set(chosen) - set(self.readers))
        if unknown:
            raise ValueError(f"no reader is called {unknown[0]!r}")
        if not chosen:
            raise ValueError("there is no reader to seal it for")
        try:
            recipients = [x25519.Recipient.from_str(self.readers[reader]) for reader in chosen]
        except pyrage.RecipientError as cause:
            raise ValueError(
                f"a reader's recipient in record.toml is not an age recipient: {cause}"
            ) from cause
        return Sealed(
            name=name, readers=chosen, age=pyrage.encrypt(text.encode(), recipients, armored=True).decode()
        )


NOBODY = Sealer({})
"""A record without readers: nothing can be sealed in it."""


def unseal(sealed: Sealed, key: Path) -> str:
    """The text that was sealed.

    Args:
        key: a file with age identities, as ``age-keygen`` and :func:`new_key` write it.

    Raises:
        InvalidInput: the file holds no identity.
        NotAllowed: none of its identities opens this seal.
    """
    try:
        return str(pyrage.decrypt(sealed.age.encode(), _identities(key)).decode())
    except pyrage.DecryptError as cause:
        raise NotAllowed(
            f"The key in {key} does not open {sealed.name!r}; it is sealed for {', '.join(sealed.readers)}."
        ) from cause


def new_key(path: Path) -> str:
    """Write a new age identity that only its owner can read, and return the recipient to put in record.toml.

    Raises:
        StorageError: the file is there already or cannot be written.
    """
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(f"# public key: {recipient}\n{identity}\n")
    except OSError as cause:
        raise StorageError(
            f"No key could be written to {path}: {cause.strerror}. Name a new file."
        ) from cause
    return recipient


def _identities(key: Path) -> list[x25519.Identity]:
    try:
        lines = key.read_text().splitlines()
        return [
            x25519.Identity.from_str(line.strip())
            for line in lines
            if line.strip() and not line.startswith("#")
        ]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as cause:
        problem = Problem(
            "The file holds no age identity.", "Make one with `onrecord reader-key FILE`.", str(key)
        )
        raise InvalidInput([problem]) from cause
