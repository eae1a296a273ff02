"""Chain of custody: who brought an original, from where, when, and with what tool."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Action = Literal["added", "seen_again", "exported", "imported", "read", "accessed"]


class CustodyEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was done with an original; a leaf of the same tree as the entries.

    Attributes:
        action: what was done. ``seen_again`` is the same bytes brought a second time, from another place.
        sha256: the original, by its hash; size in bytes.
        path: the name and place it had where it came from, as claimed; ``path_bytes`` keeps the name in
            hexadecimal where it is not text.
        origin: where it came from: an address, a person's pseudonym, a device.
        tool: program and version that took it in.
        modified: the file's own time stamp, RFC 3339 in UTC, a claim and not a fact.
        clock: what the machine said of its own clock: its zone, whether it was kept in step.
        clock_offset: seconds between this machine's clock and the one it was kept in step with, as it said.
        member_of: the original that held it, for an attachment or a file in an archive.
    """

    action: Action
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    size: int
    path: str | None = None
    path_bytes: str | None = None
    origin: str | None = None
    tool: str
    modified: str | None = None
    clock: str | None = None
    clock_offset: str | None = None
    member_of: str | None = None
    note: str | None = None
