"""What an import of roll calls is filed under."""

from __future__ import annotations

from hashlib import sha256

IMPORT_KIND = "roll-call import"


def key_of(digests: list[str]) -> str:
    """What a set of originals is filed under: 16 hexadecimal digits over their hashes, in order of the hashes."""
    return sha256("\n".join(sorted(digests)).encode()).hexdigest()[:16]


def source_id(digest: str) -> str:
    """The id of the source entry of one original."""
    return f"rollcalls/file/{digest[:16]}"
