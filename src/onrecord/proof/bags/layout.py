"""Where things lie in a bag, and the JSON of its lines."""

from __future__ import annotations

import msgspec

LEDGER = "ledger.jsonl"
CHECKPOINTS = "checkpoints.jsonl"
CHECKPOINT = "checkpoint"
KEYS = "keys.txt"
README = "README.txt"
SHOWN = "shown.jsonl"
STAMPS = "stamps"
ORIGINALS = "originals"

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"


class Batch(msgspec.Struct, frozen=True):
    """One line of ``checkpoints.jsonl``: the ledger's size after a batch, when and by whom, the signed checkpoint."""

    size: int
    recorded: str
    author: str
    checkpoint: str


def original(digest: str) -> str:
    """Where an original lies under ``data/``."""
    return f"{ORIGINALS}/{digest[:2]}/{digest[2:4]}/{digest}"
