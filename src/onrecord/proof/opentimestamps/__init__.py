"""OpenTimestamps: a checkpoint committed to in the Bitcoin block chain, through calendars that the user names.

The digest of a checkpoint goes to a calendar, which puts it into a block with many others and later tells the way
there. The proof is kept in the ledger in the form of an ``.ots`` file, which any OpenTimestamps tool reads.
"""

from onrecord.proof.opentimestamps.blocks import Block, read_blocks
from onrecord.proof.opentimestamps.format import MAGIC, Proof
from onrecord.proof.opentimestamps.keeping import Anchor, digest_of, keep_anchor, kept_anchors, pending

__all__ = [
    "MAGIC",
    "Anchor",
    "Block",
    "Proof",
    "digest_of",
    "keep_anchor",
    "kept_anchors",
    "pending",
    "read_blocks",
]
