"""What was done with a record as a whole: given out, witnessed by another, witnessing another."""

from __future__ import annotations

from typing import Literal

import msgspec

HandlingName = Literal["exported", "witnessed", "cosigned"]


class Handling(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something done with a whole record; a leaf of the same tree as the entries.

    Attributes:
        action: ``exported``: everything up to the checkpoint was copied out, private entries included.
            ``witnessed``: this record saw the checkpoint of another and signed it.
            ``cosigned``: another record saw the checkpoint of this one and signed it.
        checkpoint: the signed checkpoint (C2SP) the handling is about, as text with its signatures.
        key: the public key of whoever's signature is new to this record: of the record that was witnessed, or of
            the witness. None for an export.
        to: where an export went, as the person who asked for it named it.
        tool: program and version.
    """

    action: HandlingName
    checkpoint: str
    key: str | None = None
    to: str | None = None
    tool: str
