"""Bitcoin block headers that the user brings, to hold attestations against.

The file has one block a line: its number and, in hexadecimal, either its header of 80 bytes, as
``bitcoin-cli getblockheader HASH false`` prints it, or its Merkle root as block explorers show it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from onrecord.errors import InvalidInput, Problem

_LINE = re.compile(r"([0-9]{1,9})\s+([0-9a-fA-F]{64}|[0-9a-fA-F]{160})")
_EASIEST = 0xFFFF << 208
"""The highest hash that any block of the main chain may have (difficulty 1)."""


@dataclass(frozen=True, slots=True)
class Block:
    """What a way must lead to, and when the miner says the block was made; None if only the root is known."""

    merkle_root: bytes
    time: datetime | None


def read_blocks(path: Path) -> dict[int, Block]:
    """The blocks in a file, by their number.

    That a header was worked for is checked, by the difficulty that it states itself; that it is in the longest chain is
    for whoever brings it to know.

    Raises:
        InvalidInput: a line is none of the two, or a header was not worked for; each is named.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as cause:
        raise InvalidInput([Problem(f"It cannot be read: {cause}.", "Mend the path.", str(path))]) from cause
    blocks: dict[int, Block] = {}
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            height, block = _block(line)
            if blocks.setdefault(height, block).merkle_root != block.merkle_root:
                raise ValueError(f"block {height} stands in the file twice, with different roots")
        except ValueError as cause:
            remedy = "Write the block's number and its header or Merkle root in hexadecimal."
            problems.append(Problem(f"{cause}.", remedy, str(path), number))
    if problems:
        raise InvalidInput(problems)
    return blocks


def _block(line: str) -> tuple[int, Block]:
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise ValueError(f"{line[:40]!r} is not a number with a header or a Merkle root")
    height, data = int(match[1]), bytes.fromhex(match[2])
    if len(data) == 32:
        return height, Block(data[::-1], None)  # shown in the order opposite to that in the header
    if not _worked_for(data):
        raise ValueError(f"the header of block {height} is not worked for: its hash is above its own target")
    return height, Block(data[36:68], datetime.fromtimestamp(int.from_bytes(data[68:72], "little"), UTC))


def _worked_for(header: bytes) -> bool:
    """Whether a header's hash is as low as it says it had to be, and that not above what the main chain allows."""
    bits = int.from_bytes(header[72:76], "little")
    target = (bits & 0x7FFFFF) << 8 * max((bits >> 24) - 3, 0)
    digest = sha256(sha256(header).digest()).digest()
    return int.from_bytes(digest, "little") <= target <= _EASIEST
