"""Taking out what the public may see, so that it is still proved under the same root.

Lines that the gate gives out whole stand there word for word; of every other line stands the hash, so that the tree over
all lines can be built by anybody. What the public may read of lines that cannot be given out whole stands apart, and
that part is told, not proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from onrecord.errors import EntryNotFound
from onrecord.model import canonical
from onrecord.proof import TOOL
from onrecord.proof.bags import layout
from onrecord.proof.bags.stamps import add_stamps
from onrecord.proof.bags.telling import tell
from onrecord.proof.bags.writing import new_bag
from onrecord.proof.states import checkpoint
from onrecord.record import PUBLIC, Record
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.gate import View
from onrecord.record.handling import Handling
from onrecord.record.leaf import draft_handling


@dataclass(frozen=True, slots=True)
class Published:
    """What went into a public bag: lines word for word, lines as hashes only, and the root in hexadecimal."""

    whole: int
    withheld: int
    root: str


def export_public_bag(
    record: Record, out: Path, *, by: str | None = None, to: str | None = None
) -> Published:
    """Copy what the public may see into a new bag, with the hashes of the rest.

    That it was taken out is put on record first, and went ``to``, to the path of ``out`` if nothing is said.

    Raises:
        StorageError: ``out`` exists or cannot be written; nothing is left there.
    """
    with new_bag(out) as bag:
        handling = Handling(
            action="published", checkpoint=str(checkpoint(record)), to=to or str(out), tool=TOOL
        )
        now = record.clock()
        with record.ledger.writing() as writer:
            writer.append([draft_handling(handling)], by=by or record.description.keeper, recorded=now)
        view = record.as_seen_by(PUBLIC)
        said = Checkpoint.parse(view.checkpoint.text)
        counts = {True: 0, False: 0}
        bag.add(layout.LEDGER, _lines(view, counts))
        bag.add(layout.SHOWN, _shown(view))
        with record.ledger.reading() as reader:
            origin = reader.origin
            notes = (head.note(origin) for head in reader.heads() if head.size <= said.size)
            states = ({"size": Checkpoint.parse(note.text).size, "checkpoint": str(note)} for note in notes)
            bag.add(layout.CHECKPOINTS, (msgspec.json.encode(state) + b"\n" for state in states))
            bag.add(layout.KEYS, ["".join(f"{key}\n" for key in reader.signers()).encode()])
            add_stamps(bag, reader)
        bag.add(layout.CHECKPOINT, [str(view.checkpoint).encode()])
        whole, withheld = counts[True], counts[False]
        tell(
            bag,
            "readme_public.txt",
            record.description.title,
            said,
            now,
            whole=str(whole),
            withheld=str(withheld),
        )
    return Published(whole, withheld, said.root.hex())


def _lines(view: View, counts: dict[bool, int]) -> Iterator[bytes]:
    for line in view.lines():
        counts[line.data is not None] += 1
        yield (line.data or msgspec.json.encode({"withheld": line.leaf_hash.hex()})) + b"\n"


def _shown(view: View) -> Iterator[bytes]:
    """What the public reads today of entries whose line is withheld, or is not what it reads any more."""
    for line in view.lines():
        if line.id is None:
            continue
        try:
            seen = view.entry(line.id)
        except EntryNotFound:
            continue
        if line.data is None or seen.withdrawn or len(seen.history) > 1:
            said = msgspec.Raw(canonical.encode(seen.entry))
            told = {
                "entry": said,
                "line": line.seq,
                "withdrawn": seen.withdrawn,
                "withheld_sources": seen.withheld,
            }
            yield msgspec.json.encode(told, order="sorted") + b"\n"
