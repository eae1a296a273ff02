"""What lets somebody who trusts nobody here check a record: checkpoints, proofs, witnesses, bags."""

from onrecord import __version__
from onrecord.proof.entries import EntryProof, prove
from onrecord.proof.states import Growth, checkpoint, growth_since, public_key, read_note

TOOL = f"onrecord {__version__}"
"""What is written into the ledger as the program that did something."""

__all__ = ["TOOL", "EntryProof", "Growth", "checkpoint", "growth_since", "prove", "public_key", "read_note"]
