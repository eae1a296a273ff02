"""Taking a whole record out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from onrecord.errors import DamageFound
from onrecord.proof import TOOL
from onrecord.proof.bags import layout
from onrecord.proof.bags.stamps import add_stamps
from onrecord.proof.bags.telling import tell
from onrecord.proof.bags.writing import Bag, new_bag
from onrecord.proof.states import checkpoint
from onrecord.record import Record, description
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.handling import Handling
from onrecord.record.leaf import draft_handling
from onrecord.record.ledger import Reader
from onrecord.record.places import with_places

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into a bag. ``root`` is in hexadecimal."""

    leaves: int
    originals: int
    root: str


def export_bag(record: Record, out: Path, *, by: str | None = None, to: str | None = None) -> Exported:
    """Copy the whole record, private entries included, into a new bag.

    That it was taken out is put on record first, so that no copy can exist without a line about it; the line is
    in the bag.

    Args:
        to: what that line says of where it went; the path of ``out`` if nothing is said.

    Raises:
        StorageError: ``out`` exists or cannot be written; nothing is left there.
        DamageFound: an original is not what it was when it was kept. Nothing is left at ``out``.
    """
    with new_bag(out) as bag:
        handling = Handling(
            action="exported", checkpoint=str(checkpoint(record)), to=to or str(out), tool=TOOL
        )
        now = record.clock()
        with record.ledger.writing() as writer:
            writer.append([draft_handling(handling)], by=by or record.description.keeper, recorded=now)
        with record.ledger.reading() as reader:
            _add_ledger(bag, record, reader)
            add_stamps(bag, reader)
            digests = _on_record(reader)
            for digest in digests:
                _add_original(bag, record, digest)
            said = Checkpoint(reader.origin, reader.size, reader.root())
            tell(bag, "readme.txt", record.description.title, said, now)
    return Exported(said.size, len(digests), said.root.hex())


def _add_ledger(bag: Bag, record: Record, reader: Reader) -> None:
    bag.add(layout.LEDGER, (leaf.data + b"\n" for leaf in reader.leaves()))
    bag.add(layout.CHECKPOINTS, _batches(record, reader))
    bag.add(layout.CHECKPOINT, [str(record.ledger.checkpoint(reader, reader.size)).encode()])
    bag.add(layout.KEYS, ["".join(f"{key}\n" for key in reader.signers()).encode()])
    toml = (record.folder / description.FILE).read_text(encoding="utf-8")
    bag.add(
        description.FILE, [with_places(toml, "", "").encode()]
    )  # where it lies here is nobody else's business


def _batches(record: Record, reader: Reader) -> Iterator[bytes]:
    origin = reader.origin
    for head in reader.heads():
        note = head.note(origin) if head.signature else record.ledger.checkpoint(reader, head.size)
        batch = layout.Batch(head.size, head.recorded, head.author, str(note))
        yield msgspec.json.encode(batch) + b"\n"


def _on_record(reader: Reader) -> list[str]:
    """The originals that a line names; what an addition that was cut off left in the archive is on record nowhere."""
    return sorted({custody.sha256 for _, custody in reader.custodies()})


def _add_original(bag: Bag, record: Record, digest: str) -> None:
    with record.archive.open(digest) as stream:
        copied = bag.add(layout.original(digest), _chunks(stream))
    if copied != digest:
        raise DamageFound(
            f"Original {digest} is damaged: its bytes give {copied}. "
            "Run `onrecord verify`, restore it from a copy and export again."
        )


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
