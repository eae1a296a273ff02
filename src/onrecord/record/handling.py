"""What was done with a record as a whole: given out, witnessed by another, witnessing another, stamped, anchored."""

from __future__ import annotations

from typing import Literal

import msgspec

HandlingName = Literal["exported", "published", "witnessed", "cosigned", "stamped", "anchored"]


class Handling(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something done with a whole record; a leaf of the same tree as the entries.

    Attributes:
        action: ``exported``: everything up to the checkpoint was copied out, private entries included.
            ``published``: the same, but only what the public may see, with hashes in place of the rest.
            ``witnessed``: this record saw the checkpoint of another and signed it.
            ``cosigned``: another record saw the checkpoint of this one and signed it.
            ``stamped``: a time-stamping authority says that the checkpoint of this one existed by a time.
            ``anchored``: a digest of the checkpoint of this one went into the Bitcoin block chain, or is promised to.
        checkpoint: the signed checkpoint (C2SP) the handling is about, as text with its signatures.
        key: the public key of whoever's signature is new to this record: of the record that was witnessed, or of
            the witness. This record's own for a stamp or an anchor. None for what was copied out.
        answer: the authority's answer (RFC 3161 TimeStampResp, DER) in base64, over the text of the checkpoint with
            its signatures; roots: the certificates (PEM) the authority was trusted by when it was kept.
        ots: the proof by OpenTimestamps, an ``.ots`` file in base64, over the same text.
        to: where an export went, as the person who asked for it named it.
        tool: program and version.
    """

    action: HandlingName
    checkpoint: str
    key: str | None = None
    answer: str | None = None
    roots: str | None = None
    ots: str | None = None
    to: str | None = None
    tool: str
