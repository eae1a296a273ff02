"""How much one file may cost before it is refused, and the error that says which limit it met."""

from __future__ import annotations

import msgspec

MIB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The ceilings for one file. Reaching one ends that file with the outcome *refused*, naming the limit."""

    cpu_seconds: int = 30
    wall_seconds: int = 120
    memory_bytes: int = 2048 * MIB
    open_files: int = 64
    whole_bytes: int = 512 * MIB  # a file that has to be held in memory
    part_bytes: int = 128 * MIB  # one part of a package, unpacked
    output_bytes: int = 1024 * MIB  # all members of one archive together
    answer_bytes: int = 256 * MIB  # text, tables and places of one file, as they are sent to the record
    told_bytes: int = 16 * MIB  # what is sent besides: names of members, claims, warnings
    expansion: int = 200  # unpacked to packed, once 16 MiB are unpacked
    members: int = 20_000
    depth: int = 8  # an archive in an archive in …
    characters: int = 64_000_000
    cells: int = 4_000_000
    columns: int = 16_384  # as many as a spreadsheet has
    tables: int = 2_000  # sheets of one file that become tables; the text of all is read
    pages: int = 5_000
    pixels: int = 120_000_000


class LimitReached(Exception):
    """A file asked for more than it may have. The message names the limit and its value."""

    def __init__(self, limit: str, allowed: int | str) -> None:
        super().__init__(f"limit {limit} ({allowed})")


class Encrypted(Exception):
    """The file opens only with a password or key. The message says what is locked."""


class Damaged(Exception):
    """The bytes are not what their kind promises. The message says what is wrong, and where."""


class NeedsTool(Exception):
    """A program or library that reads this kind is not installed. The message names it."""
