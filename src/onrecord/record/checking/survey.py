"""What the leaves say about originals and about each other, gathered in one pass over their bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from onrecord.model import canonical
from onrecord.model.kinds import Correction, Source
from onrecord.record.checking.damage import Damage
from onrecord.record.custody import CustodyEvent
from onrecord.record.handling import Handling
from onrecord.record.leaf import Leaf, Unsealed, unseal
from onrecord.record.reader import Reader


class Survey:
    """Leaves go in one by one with :meth:`read`; the rest of the checks ask for what was gathered."""

    def __init__(self) -> None:
        self.bytes = 0
        self.acknowledged: dict[str, int] = {}
        self.handlings: list[tuple[int, Handling]] = []
        self.last: Unsealed | None = None
        self.clock_went_back: list[int] = []
        self._sources_of: dict[str, list[str]] = defaultdict(list)
        self._cited_by: dict[str, list[str]] = defaultdict(list)
        self._corrections: dict[int, str] = {}
        self._corrected_by: dict[str, list[str]] = defaultdict(list)

    def read(self, leaf: Leaf) -> Iterator[Damage]:
        """Take in one leaf; what is wrong with it by itself comes out."""
        place = f"leaf {leaf.seq}"
        self.bytes += len(leaf.data)
        try:
            unsealed = unseal(leaf.data)
            self._take(leaf.seq, unsealed)
        except (msgspec.MsgspecError, ValueError, RecursionError) as cause:
            self.last = None
            yield Damage(str(leaf.type), place, f"it cannot be read: {cause}", (leaf.id,) if leaf.id else ())
            return
        if self.last and unsealed.recorded < self.last.recorded:
            self.clock_went_back.append(leaf.seq)
        self.last = unsealed
        filed = (unsealed.draft.type, unsealed.draft.kind, unsealed.draft.id)
        if filed != (leaf.type, leaf.kind, leaf.id):
            yield Damage("ledger", place, f"it is filed as {leaf.kind} {leaf.id}, which is not what it says")

    def _take(self, seq: int, unsealed: Unsealed) -> None:
        payload = unsealed.draft.payload
        match unsealed.draft.type:
            case "custody":
                event = msgspec.json.decode(payload, type=CustodyEvent)
                self.acknowledged[event.sha256] = event.size
            case "handling":
                self.handlings.append((seq, msgspec.json.decode(payload, type=Handling)))
            case "entry":
                self._take_entry(seq, payload)

    def _take_entry(self, seq: int, payload: bytes) -> None:
        entry = canonical.decode(payload)
        if isinstance(entry, Source) and entry.sha256:
            self._sources_of[entry.sha256].append(entry.id)
        for citation in entry.citations:
            self._cited_by[citation.source].append(entry.id)
        if isinstance(entry, Correction):
            self._corrections[seq] = entry.replaces
            self._corrected_by[entry.replaces].append(entry.id)

    def misfiled(self, reader: Reader) -> Iterator[Damage]:
        """Where the list of corrections does not match the leaves."""
        filed = dict(reader.filed_corrections())
        for seq in sorted(set(filed) | set(self._corrections)):
            if filed.get(seq) != self._corrections.get(seq):
                yield Damage("ledger", f"leaf {seq}", "the list of corrections does not match the leaves")

    def resting_on(self, digest: str) -> tuple[str, ...]:
        """The sources that are this original, and the entries that cite them."""
        sources = self._sources_of.get(digest, [])
        return (*sources, *(entry for source in sources for entry in self._cited_by.get(source, ())))

    def resting_on_entry(self, entry_id: str | None) -> tuple[str, ...]:
        """The entry itself, the corrections of it, and the entries that cite it."""
        if entry_id is None:
            return ()
        return (entry_id, *self._corrected_by.get(entry_id, ()), *self._cited_by.get(entry_id, ()))
