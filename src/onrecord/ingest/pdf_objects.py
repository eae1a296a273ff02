"""How the objects of a PDF are found in its bytes, whatever its directory says of them."""

from __future__ import annotations

import re

OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s+\d{1,5}\s+obj\b")
"""How an object begins; the group is its number."""
_LOCKED = re.compile(rb"/Encrypt[\s/<\d]")


def is_locked(data: bytes) -> bool:
    """Whether what the objects hold is encrypted, with a password or without."""
    return bool(_LOCKED.search(data))


def stream_from(data: bytes, start: int) -> bytes:
    """The bytes of a stream that begins there, up to the word that ends it, or all where none does."""
    end = data.find(b"endstream", start)
    return data[start : end if end >= 0 else len(data)]
