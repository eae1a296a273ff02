"""Stamps and proofs by OpenTimestamps as files, so that openssl and any OpenTimestamps tool can check them."""

from __future__ import annotations

import base64

from onrecord.proof.bags import layout
from onrecord.proof.bags.writing import Bag
from onrecord.record.ledger import Reader


def add_stamps(bag: Bag, reader: Reader) -> None:
    """Write, for each stamp on record, the checkpoint it is about and what was answered."""
    for action in ("stamped", "anchored"):
        for leaf in reader.handlings(action):
            kept, folder = leaf.handling(), f"{layout.STAMPS}/line-{leaf.seq}"
            bag.add(f"{folder}/checkpoint.txt", [kept.checkpoint.encode()])
            if kept.answer and kept.roots:
                bag.add(f"{folder}/answer.tsr", [base64.b64decode(kept.answer)])
                bag.add(f"{folder}/authorities.pem", [kept.roots.encode()])
            if kept.ots:
                bag.add(f"{folder}/checkpoint.txt.ots", [base64.b64decode(kept.ots)])
