"""Checkpoints: the state of a ledger in three lines (C2SP tlog-checkpoint): origin, number of leaves, root."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from onrecord.record.merkle import HASH_BYTES


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a ledger was at one moment: the name it signs with, how many leaves, the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed, the last newline included."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a signed note; lines after the third are another log's business and are kept out.

        Raises:
            ValueError: it is not a checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 4 or not all(lines[:3]) or lines[-1]:
            raise ValueError("it is not a checkpoint: origin, number of entries and root, one line each")
        origin, size, root = lines[:3]
        try:
            digest = base64.b64decode(root, validate=True)
        except binascii.Error:
            digest = b""
        if not (size.isascii() and size.isdigit()) or size != str(int(size)) or len(digest) != HASH_BYTES:
            raise ValueError("it is not a checkpoint: the number of entries or the root is malformed")
        return cls(origin, int(size), digest)
