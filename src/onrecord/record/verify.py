"""Reading everything again: every leaf, the tree over them, every original, and what rests on what is damaged."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import msgspec

from onrecord.errors import StorageError
from onrecord.model import canonical
from onrecord.model.check import kind_of
from onrecord.model.kinds import Source
from onrecord.model.references import REFERENCES, targets
from onrecord.record import merkle
from onrecord.record.archive import Archive
from onrecord.record.leaf import Leaf
from onrecord.record.ledger import Ledger, Reader

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as acknowledged: what and where, why it is thought so, and what rests on it."""

    what: str
    where: str
    why: str
    rests_on_it: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification read and what it found. ``clean`` means that nothing was found."""

    leaves: int
    originals: int
    bytes_read: int
    root: str
    damage: tuple[Damage, ...]

    @property
    def clean(self) -> bool:
        return not self.damage


def verify(ledger: Ledger, archive: Archive, progress: Progress | None = None) -> Verdict:
    """Read every byte that is kept and compare it with what was acknowledged.

    Nothing is repaired. Damage to an original is told with the entries that cite it.
    """
    try:
        with ledger.reading() as reader:
            return _verify(reader, archive, progress)
    except StorageError as cause:
        return Verdict(0, 0, 0, "", (Damage("ledger", str(ledger.path), str(cause)),))


def _verify(reader: Reader, archive: Archive, progress: Progress | None) -> Verdict:
    survey = _Survey()
    hashes: list[bytes] = []
    damage: list[Damage] = []
    for expected, leaf in enumerate(reader.leaves()):
        damage += survey.read(leaf, expected)
        hashes.append(merkle.leaf_hash(leaf.data))
    damage += _tree_damage(reader, hashes)
    damage += survey.misfiled(reader)
    originals, size, archive_damage = _check_originals(archive, survey, progress)
    head = reader.head()
    return Verdict(
        leaves=len(hashes),
        originals=originals,
        bytes_read=size + survey.bytes,
        root=head.root.hex() if head else merkle.EMPTY_ROOT.hex(),
        damage=(*damage, *archive_damage),
    )


class _Survey:
    """What the leaves say about originals and about each other, gathered in one pass."""

    def __init__(self) -> None:
        self.bytes = 0
        self.acknowledged: dict[str, int] = {}
        self.sources_of: dict[str, list[str]] = defaultdict(list)
        self.cited_by: dict[str, list[str]] = defaultdict(list)
        self._corrections: dict[int, str] = {}

    def read(self, leaf: Leaf, expected: int) -> Iterator[Damage]:
        self.bytes += len(leaf.data)
        place = f"leaf {expected}"
        if leaf.seq != expected:
            yield Damage("ledger", place, f"leaf {expected} is missing; the next one is {leaf.seq}")
        try:
            self._take(leaf)
        except (msgspec.MsgspecError, ValueError, KeyError, IndexError) as cause:
            yield Damage(leaf.type, place, f"it cannot be read: {cause}", (leaf.id,) if leaf.id else ())
            return
        if leaf.type == "entry" and (leaf.entry().id, kind_of(leaf.entry())) != (leaf.id, leaf.kind):
            yield Damage("entry", place, f"it is filed as {leaf.kind} {leaf.id}, which is not what it says")

    def _take(self, leaf: Leaf) -> None:
        envelope = leaf.envelope
        if leaf.type == "custody":
            event = leaf.custody()
            self.acknowledged[event.sha256] = event.size
            return
        entry = canonical.from_fields(envelope["entry"])
        if isinstance(entry, Source) and entry.sha256:
            self.sources_of[entry.sha256].append(entry.id)
        for citation in entry.citations:
            self.cited_by[citation.source].append(entry.id)
        if leaf.kind == "correction":
            self._corrections[leaf.seq] = targets(entry, REFERENCES["correction"][0])[0]

    def misfiled(self, reader: Reader) -> Iterator[Damage]:
        filed = dict(reader.filed_corrections())
        for seq in sorted(set(filed) ^ set(self._corrections)):
            yield Damage("ledger", f"leaf {seq}", "the list of corrections does not match the leaves")

    def resting_on(self, digest: str) -> tuple[str, ...]:
        sources = self.sources_of.get(digest, [])
        return (*sources, *(entry for source in sources for entry in self.cited_by.get(source, ())))


def _tree_damage(reader: Reader, hashes: list[bytes]) -> Iterator[Damage]:
    tiles = merkle.appended(_no_tiles, 0, hashes)
    for (level, index), expected in tiles.items():
        try:
            stored = reader.tile(level, index)
        except StorageError as cause:
            yield Damage("tree", f"tile {level}/{index}", str(cause))
            continue
        if stored != expected:
            yield from _differing(level, index, stored, expected)
    for head in reader.heads():
        if head.size > len(hashes):
            yield Damage(
                "ledger", f"head {head.size}", f"it counts {head.size} leaves, {len(hashes)} are there"
            )
        elif merkle.root(lambda level, index: tiles[level, index], head.size) != head.root:
            yield Damage(
                "ledger", f"head {head.size}", f"the leaves no longer give the root recorded {head.recorded}"
            )
    latest = reader.head()
    if (latest.size if latest else 0) < len(hashes):
        yield Damage("ledger", "heads", f"{len(hashes)} leaves are there, the last head counts fewer")


def _differing(level: int, index: int, stored: bytes, expected: bytes) -> Iterator[Damage]:
    width = merkle.HASH_BYTES
    for at in range(0, max(len(stored), len(expected)), width):
        if stored[at : at + width] != expected[at : at + width]:
            position = index * merkle.TILE_WIDTH + at // width
            what = f"leaf {position}" if level == 0 else f"tile {level}/{index}"
            yield Damage(
                "entry" if level == 0 else "tree", what, "its bytes do not give the hash in the tree"
            )


def _no_tiles(_level: int, _index: int) -> bytes:
    return b""


def _check_originals(
    archive: Archive, survey: _Survey, progress: Progress | None
) -> tuple[int, int, list[Damage]]:
    found = list(archive.digests())
    wanted = set(survey.acknowledged)
    damage = [
        Damage("original", digest, "it was acknowledged and is not in the archive", survey.resting_on(digest))
        for digest in sorted(wanted - set(found))
    ]
    size = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, (digest, actual) in enumerate(
            zip(found, pool.map(lambda d: _actual(archive, d), found), strict=True), 1
        ):
            size += survey.acknowledged.get(digest, 0)
            if actual != digest:
                why = f"its bytes give {actual}" if len(actual) == 64 else actual
                damage.append(Damage("original", digest, why, survey.resting_on(digest)))
            elif digest not in wanted:
                damage.append(
                    Damage("original", digest, "it lies in the archive but no custody event names it")
                )
            if progress:
                progress(done, len(found))
    return len(found), size, damage


def _actual(archive: Archive, digest: str) -> str:
    try:
        return archive.actual(digest)
    except StorageError as cause:
        return str(cause)
