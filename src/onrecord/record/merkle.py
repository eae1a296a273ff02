"""The Merkle tree of RFC 6962 over hashes kept in tiles.

Hashes are kept as in the C2SP tlog-tiles layout: tile (level, index) holds up to 256 hashes of 32 bytes,
level 0 the leaves, level n+1 one hash for each full tile of level n. Any root or proof is computed from a
few tiles, so it costs the same whether the tree has a thousand leaves or a million.

A tree is given as a function from (level, index) to the bytes of that tile; nothing here does I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT

Tiles = Callable[[int, int], bytes]

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of 0x00 and the data (RFC 6962, 2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01 and both children."""
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def root_of(hashes: list[bytes]) -> bytes:
    """The root over leaf hashes held in memory."""
    if not hashes:
        return EMPTY_ROOT
    while len(hashes) > 1:
        paired = [node_hash(a, b) for a, b in zip(hashes[::2], hashes[1::2], strict=False)]
        hashes = paired + ([hashes[-1]] if len(hashes) % 2 else [])
    return hashes[0]


class Frontier:
    """A tree that only grows at its end, kept as the roots of its full subtrees, largest first.

    Adding a leaf and asking for the root cost a handful of hashes, whatever the size.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        node, full = leaf, self.size
        while full & 1:
            node, full = node_hash(self._peaks.pop(), node), full >> 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node


def range_hash(tiles: Tiles, start: int, end: int) -> bytes:
    """The root of the leaves [start, end); start must be a multiple of the range's rounded-up size."""
    size = end - start
    if size & (size - 1) == 0:
        return _full_subtree(tiles, size.bit_length() - 1, start)
    middle = start + _split(size)
    return node_hash(range_hash(tiles, start, middle), range_hash(tiles, middle, end))


def _full_subtree(tiles: Tiles, height: int, start: int) -> bytes:
    level, within = divmod(height, TILE_HEIGHT)
    first = start >> level * TILE_HEIGHT
    index, offset = divmod(first, TILE_WIDTH)
    tile = tiles(level, index)
    hashes = hashes_of(tile)[offset : offset + (1 << within)]
    return root_of(hashes)


def hashes_of(tile: bytes) -> list[bytes]:
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def root(tiles: Tiles, size: int) -> bytes:
    """The root of the first ``size`` leaves."""
    return range_hash(tiles, 0, size) if size else EMPTY_ROOT


def inclusion_proof(tiles: Tiles, index: int, size: int) -> list[bytes]:
    """The audit path of leaf ``index`` in the tree of ``size`` leaves (RFC 6962, 2.1.1), lowest first.

    Raises:
        IndexError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} is not in a tree of {size}")
    return _path(tiles, index, 0, size)


def _path(tiles: Tiles, index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(tiles, index, start, middle), range_hash(tiles, middle, end)]
    return [*_path(tiles, index, middle, end), range_hash(tiles, start, middle)]


def consistency_proof(tiles: Tiles, old: int, new: int) -> list[bytes]:
    """The proof that the tree of ``old`` leaves is the beginning of that of ``new`` (RFC 6962, 2.1.2).

    Raises:
        ValueError: ``old`` is larger than ``new``, or negative.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} leaves cannot be the beginning of one of {new}")
    return [] if old in (0, new) else _subproof(tiles, old, 0, new, whole=True)


def _subproof(tiles: Tiles, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
    if old == end:
        return [] if whole else [range_hash(tiles, start, end)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_subproof(tiles, old, start, middle, whole=whole), range_hash(tiles, middle, end)]
    return [*_subproof(tiles, old, middle, end, whole=False), range_hash(tiles, start, middle)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """True if ``proof`` shows that the leaf hash stands at ``index`` under ``root`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, value = index, size - 1, leaf
    for part in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            value = node_hash(part, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node_hash(value, part)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and value == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """True if ``proof`` shows that nothing under ``old_root`` changed in ``new_root`` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for part in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(part, first), node_hash(part, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, part)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == new_root


def appended(tiles: Tiles, size: int, hashes: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
    """The tiles that change when leaf hashes are appended to a tree of ``size`` leaves.

    Returns:
        (level, index) to the tile's new bytes, for every tile that is new or has grown.
    """
    changed: dict[tuple[int, int], bytes] = {}
    level, new = 0, list(hashes)
    while new:
        index, filled = divmod(size, TILE_WIDTH)
        pending = (hashes_of(tiles(level, index)) if filled else []) + new
        new = []
        for at in range(0, len(pending), TILE_WIDTH):
            tile = pending[at : at + TILE_WIDTH]
            changed[level, index + at // TILE_WIDTH] = b"".join(tile)
            if len(tile) == TILE_WIDTH:
                new.append(root_of(tile))
        level, size = level + 1, size >> TILE_HEIGHT
    return changed
