"""Reading everything again: every leaf, the tree over them, every signature, every original."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from onrecord.errors import StorageError
from onrecord.record.archive import Originals
from onrecord.record.checking import signatures, tree
from onrecord.record.checking.damage import Damage, Verdict, Witnessed
from onrecord.record.checking.originals import Progress, check_originals
from onrecord.record.checking.signatures import Outside
from onrecord.record.checking.survey import Survey
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.ledger import Ledger, Reader
from onrecord.record.notes import SignedNote
from onrecord.record.views import Views

__all__ = ["Damage", "Outside", "Verdict", "Witnessed", "verify"]


def verify(
    ledger: Ledger,
    archive: Originals,
    progress: Progress | None = None,
    since: Iterable[Outside] = (),
    views: Views | None = None,
) -> Verdict:
    """Read every byte that is kept and compare it with what was acknowledged.

    Nothing is repaired. Damage to an original is told with the entries that cite it. With checkpoints in
    ``since``, the ledger is held against what each of them says it was; with ``views``, the derived tables are
    read as well.
    """
    try:
        faults = [Damage("database", ledger.place, fault) for fault in ledger.faults()]
        newest, missed = _newest(ledger)
        with ledger.reading() as reader:
            outside = [*newest, *since]
            inside = _Inside(reader, outside)
            damage = [*faults, *missed, *_key_damage(ledger, reader), *inside.damage]
        damage += _derived_damage(views)
        originals, size, archive_damage, unexplained = check_originals(archive, inside.survey, progress)
    except StorageError as cause:
        return Verdict(0, 0, 0, "", (Damage("ledger", ledger.place, str(cause)),))
    return Verdict(
        leaves=inside.size,
        originals=originals,
        bytes_read=size + inside.survey.bytes,
        root=inside.root,
        damage=(*damage, *archive_damage),
        unchanged_since=tuple(inside.holding[len(newest) :]),
        witnesses=tuple(signatures.witnesses(inside.survey.handlings)),
        notes=(*inside.notes(), *map(_unexplained, unexplained)),
    )


def _newest(ledger: Ledger) -> tuple[list[Outside], list[Damage]]:
    """The checkpoint that lies beside the database, read before it so that it cannot be ahead of it."""
    if ledger.newest is None or not ledger.newest.exists():
        return [], []
    name = str(ledger.newest)
    try:
        return [Outside(name, SignedNote.parse(ledger.newest.read_bytes().decode()))], []
    except (OSError, ValueError) as cause:
        return [], [Damage("checkpoint", name, f"it cannot be read: {cause}")]


def _key_damage(ledger: Ledger, reader: Reader) -> Iterator[Damage]:
    if ledger.signer is None or not ledger.signer.exists():
        return
    place = str(ledger.signer.path)
    try:
        if ledger.signer.key(reader.origin) not in reader.signers():
            yield Damage(
                "key", place, "it is not a key this ledger knows: it was changed, or is of another record"
            )
    except StorageError as cause:
        yield Damage("key", place, str(cause))


def _unexplained(digest: str) -> str:
    return f"Original {digest} lies in the archive but no line names it: adding it was cut off. Add the file again."


def _derived_damage(views: Views | None) -> Iterator[Damage]:
    for name in views.damaged() if views else ():
        yield Damage("view", name, "its bytes are not those written; it is derived: run `onrecord rebuild`")


class _Inside:
    """What the ledger's own rows say, read once."""

    def __init__(self, reader: Reader, outside: list[Outside]) -> None:
        self.survey, self._heads = Survey(), list(reader.heads())
        self.damage: list[Damage] = []
        self.holding: list[int] = []
        self._keys = reader.signers()
        growing = tree.Growing({head.size: head for head in self._heads})
        for leaf in reader.leaves():
            self.damage += self.survey.read(leaf)
            self.damage += growing.read(leaf, self.survey)
        self.size = len(growing.hashes)
        self.root = growing.root().hex()
        self.damage += growing.heads_that_do_not_hold()
        self.damage += tree.differing(reader, growing)
        self.damage += self.survey.misfiled(reader)
        self._check_signatures(reader.origin, growing, outside)

    def _check_signatures(self, origin: str, growing: tree.Growing, outside: list[Outside]) -> None:
        self.damage += signatures.wrong_heads(origin, self._heads, self._keys)
        self.damage += signatures.handlings_that_do_not_hold(self.survey.handlings)
        now = signatures.State(origin, self._keys, self.size, growing.root)
        for checkpoint in (*outside, *signatures.cosigned(self.survey.handlings)):
            found = list(signatures.against(checkpoint, now))
            self.damage += found
            if not found and checkpoint in outside:
                self.holding.append(Checkpoint.parse(checkpoint.note.text).size)

    def notes(self) -> Iterator[str]:
        if back := self.survey.clock_went_back:
            times = "once" if len(back) == 1 else f"{len(back)} times"
            yield f"The clock went back {times}, first at leaf {back[0]}: the order is sure, the times are claims."
        if unsigned := sum(head.signature is None for head in self._heads):
            yield f"{unsigned} heads are not signed."
        if len(self._keys) > 1:
            ids = ", ".join(key.key_id.hex() for key in self._keys)
            yield f"Heads are signed with {len(self._keys)} keys: {ids}."
