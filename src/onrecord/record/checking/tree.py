"""The tree over the leaves: hashed again from their bytes and compared with every hash and head that was kept."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.errors import StorageError
from onrecord.record import merkle
from onrecord.record.checking.damage import Damage
from onrecord.record.checking.survey import Survey
from onrecord.record.leaf import Leaf, Unsealed
from onrecord.record.reader import Head, Reader

MISSING = bytes(merkle.HASH_BYTES)
"""Stands for the hash of a leaf that is not there."""


def strays(leaf: Leaf, room: int) -> bool:
    """True if a row stands where no leaf can be, given how many there is room for.

    The way to a row beyond is not walked: whoever writes one at 10^15 shall not keep the check busy for ever.
    """
    return not 0 <= leaf.seq < room


def astray(leaf: Leaf) -> Damage:
    """What is said of such a row."""
    why = "it stands where the tree has no place: it was put there behind the program's back"
    return Damage("ledger", f"leaf {leaf.seq}", why, (leaf.id,) if leaf.id else ())


class Growing:
    """The tree as the leaves give it, compared with each head as its last leaf goes by."""

    def __init__(self, heads: dict[int, Head]) -> None:
        self.hashes: list[bytes] = []
        self.gone: list[range] = []
        self._frontier = merkle.Frontier()
        self._heads = heads
        self._broken: list[Head] = []
        self._batch: tuple[str, str] | None = None
        self._unclosed: list[int] = []

    def read(self, leaf: Leaf, survey: Survey) -> Iterator[Damage]:
        """Add one leaf, which the survey has just read, and what is missing before it."""
        if leaf.seq > self._frontier.size:
            self.gone.append(range(self._frontier.size, leaf.seq))
            for _ in self.gone[-1]:
                self._add(MISSING)
        self._see_batch(survey.last)
        self._add(merkle.leaf_hash(leaf.data))
        if head := self._heads.get(self._frontier.size):
            yield from self._misdated(head, survey.last)

    def _see_batch(self, last: Unsealed | None) -> None:
        """Leaves of one batch bear one name and time, so that a head which was taken away leaves a seam."""
        batch = (last.by, last.recorded) if last else None
        if batch and self._batch not in (None, batch) and self._frontier.size not in self._heads:
            self._unclosed.append(self._frontier.size)
        self._batch = batch

    def _add(self, digest: bytes) -> None:
        self.hashes.append(digest)
        self._frontier.add(digest)
        head = self._heads.get(self._frontier.size)
        if head and head.root != self._frontier.root():
            self._broken.append(head)

    def _misdated(self, head: Head, last: Unsealed | None) -> Iterator[Damage]:
        if last and (head.author, head.recorded) != (last.by, last.recorded):
            yield Damage(
                "ledger", f"head {head.size}", "its author or time is not that of the leaves it closes"
            )

    def heads_that_do_not_hold(self) -> Iterator[Damage]:
        """Heads whose root the leaves do not give, heads that count more leaves than there are, a missing head."""
        size = self._frontier.size
        if self._broken:
            first, others = self._broken[0], len(self._broken) - 1
            why = f"the leaves no longer give the root recorded {first.recorded}"
            yield Damage(
                "ledger", f"head {first.size}", why + (f", nor that of {others} more" if others else "")
            )
        for count in sorted(self._heads):
            if not 0 < count <= size:
                yield Damage("ledger", f"head {count}", f"it counts {count} leaves, {size} are there")
        if max(self._heads, default=0) < size:
            yield Damage("ledger", "heads", f"{size} leaves are there, the last head counts fewer")

    def heads_taken_away(self) -> Iterator[Damage]:
        """Where a batch ends by the names and times of its leaves and no head closes it."""
        for count in self._unclosed:
            yield Damage("ledger", f"head {count}", "missing: by its leaves a batch ends there")

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` of these leaves, all by default."""
        if size is None:
            return self._frontier.root()
        return merkle.root_of(self.hashes[:size])

    def tiles(self) -> dict[tuple[int, int], bytes]:
        """The tiles that these leaves give."""
        return merkle.appended(_no_tiles, 0, self.hashes)


def room(reader: Reader) -> int:
    """How many leaves there can be: as many as there are rows, or as the tiles that are kept can hold."""
    return max(reader.rows, merkle.TILE_WIDTH * sum(level == 0 for level, _ in reader.tiles()))


def differing(reader: Reader, growing: Growing, survey: Survey) -> Iterator[Damage]:
    """Where the hashes kept in the tree are not those of the leaves: edited or moved, each by its place."""
    expected = growing.tiles()
    stored = {place: _tile(reader, place) for place in sorted({*expected, *reader.tiles()})}
    recorded_at = {
        digest: index * merkle.TILE_WIDTH + offset
        for (level, index), tile in stored.items()
        if level == 0 and tile
        for offset, digest in enumerate(merkle.hashes_of(tile))
    }
    for (level, index), tile in stored.items():
        wanted = expected.get((level, index), b"")
        if tile is None:
            yield Damage("tree", f"tile {level}/{index}", "it is missing")
        elif tile != wanted and level == 0:
            for seq, why in _leaves_in(index, tile, wanted, recorded_at):
                yield _changed(reader, survey, seq, why)
        elif tile != wanted:
            yield Damage("tree", f"tile {level}/{index}", "its hashes are not those of the tiles below it")


def _tile(reader: Reader, place: tuple[int, int]) -> bytes | None:
    try:
        return reader.tile(*place)
    except StorageError:
        return None


def _changed(reader: Reader, survey: Survey, seq: int, why: str) -> Damage:
    try:
        leaf = reader.leaf(seq)
    except IndexError:
        return Damage("ledger", f"leaf {seq}", why)
    return Damage(leaf.type, f"leaf {seq}", why, survey.resting_on_entry(leaf.id))


def _leaves_in(
    index: int, tile: bytes, wanted: bytes, recorded_at: dict[bytes, int]
) -> Iterator[tuple[int, str]]:
    stored, actual = merkle.hashes_of(tile), merkle.hashes_of(wanted)
    for offset in range(max(len(stored), len(actual))):
        kept = stored[offset] if offset < len(stored) else None
        found = actual[offset] if offset < len(actual) else None
        seq = index * merkle.TILE_WIDTH + offset
        if found in (kept, MISSING):
            continue
        if found is None:
            yield seq, "the tree has its hash; the leaf itself is gone"
        elif found in recorded_at:
            yield seq, f"it is not what stood here: it was recorded as leaf {recorded_at[found]}"
        else:
            yield seq, "its bytes do not give the hash in the tree"


def _no_tiles(_level: int, _index: int) -> bytes:
    return b""
