"""One hostile file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

READ, IN_PART, REFUSED, FAILED = "read", "read in part", "refused", "failed"
ENCRYPTED, UNSUPPORTED, NEEDS_OCR = "encrypted", "unsupported", "needs OCR"

SECRET = "tüsiz-maxpiy-root:x:0:0"
"""Stands in a file beside the hostile ones, which no hostile file may bring into a reading."""


@dataclass(frozen=True)
class Case:
    """A file's name, how its bytes are made, and the outcomes that are right for it.

    ``holds`` must be found in the reading's text; ``members`` are the names of what comes out of it.
    """

    name: str
    make: Callable[[], bytes]
    outcomes: tuple[str, ...]
    holds: str = ""
    members: tuple[str, ...] | None = None
