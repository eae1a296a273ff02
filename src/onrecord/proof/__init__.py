"""What lets somebody who trusts nobody here check a record: checkpoints, proofs, witnesses, bags."""

from onrecord.proof.entries import EntryProof, prove
from onrecord.proof.states import Growth, checkpoint, growth_since, public_key, read_note

__all__ = ["EntryProof", "Growth", "checkpoint", "growth_since", "prove", "public_key", "read_note"]
