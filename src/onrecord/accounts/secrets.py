"""Random secrets for links and cookies. Only their hashes are kept, so that a copy of the database opens nothing."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

_BYTES = 32


def new_secret() -> str:
    """A secret that nobody guesses, of letters that may stand in an address and a cookie."""
    return secrets.token_urlsafe(_BYTES)


def hashed(secret: str) -> str:
    """What is kept of a secret. A secret of 256 random bits needs no slow hash."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def form_token(secret: str) -> str:
    """What a form carries that was sent to the browser holding this secret in a cookie."""
    return hmac.new(secret.encode("utf-8", "surrogateescape"), b"form", sha256).hexdigest()


def same(given: str, wanted: str) -> bool:
    """True if two texts are equal, found out in a time that does not tell where they differ."""
    return hmac.compare_digest(
        given.encode("utf-8", "surrogateescape"), wanted.encode("utf-8", "surrogateescape")
    )
