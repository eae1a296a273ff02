"""Reading everything again: every leaf, the tree over them, every signature, every original."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from onrecord.errors import StorageError
from onrecord.record.archive import Originals
from onrecord.record.checking import signatures, tree
from onrecord.record.checking.damage import Damage, Verdict, Witnessed
from onrecord.record.checking.gone import missing
from onrecord.record.checking.originals import Progress, check_originals
from onrecord.record.checking.signatures import Outside
from onrecord.record.checking.survey import Survey
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.ledger import Ledger, Reader
from onrecord.record.notes import SignedNote, VerifierKey
from onrecord.record.views import Views

__all__ = ["Damage", "Outside", "Verdict", "Witnessed", "verify"]


def verify(
    ledger: Ledger,
    archive: Originals,
    progress: Progress | None = None,
    since: Iterable[Outside] = (),
    views: Views | None = None,
    keys: Collection[VerifierKey] = (),
) -> Verdict:
    """Read every byte that is kept and compare it with what was acknowledged.

    Nothing is repaired. Damage to an original or a leaf is told with the entries that rest on it. With checkpoints in
    ``since``, the ledger is held against what each of them says it was; with ``views``, the derived tables are
    read as well; with ``keys``, had from the owner another way, no other signature counts.
    """
    damage: list[Damage] = []
    try:
        damage += [Damage("database", ledger.place, fault) for fault in ledger.faults()]
        newest, missed = _newest(ledger)
        damage += missed
        with ledger.reading() as reader:
            inside = _Inside(reader, [*newest, *since], views, keys)
            damage += [*_key_damage(ledger, reader), *inside.damage]
        damage += _derived_damage(views, inside.size)
        originals, size, archive_damage, unexplained = check_originals(archive, inside.survey, progress)
    except StorageError as cause:
        return Verdict(0, 0, 0, "", (*damage, Damage("ledger", ledger.place, str(cause))))
    return Verdict(
        leaves=inside.size,
        originals=originals,
        bytes_read=size + inside.survey.bytes,
        root=inside.root,
        damage=(*damage, *archive_damage),
        unchanged_since=tuple(inside.holding[len(newest) :]),
        witnesses=tuple(signatures.witnesses(inside.survey.handlings)),
        notes=(*inside.notes(), *_absences(ledger, inside.size), *map(_unexplained, unexplained)),
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


def _absences(ledger: Ledger, size: int) -> Iterator[str]:
    """What lies beside a ledger that was written to, and is not there."""
    if size and ledger.newest and not ledger.newest.exists():
        yield (
            "No checkpoint lies beside the database, so that an older copy in its place could not be noticed; "
            "the next batch writes one. Hold the ledger against one that was kept elsewhere: --since FILE."
        )
    if size and ledger.signer and not ledger.signer.exists():
        yield f"There is no signing key at {ledger.signer.path}: the next batch will be signed with a new one."


def _unexplained(digest: str) -> str:
    return f"Original {digest} lies in the archive but no line names it: adding it was cut off. Add the file again."


def _derived_damage(views: Views | None, size: int) -> Iterator[Damage]:
    if views is None:
        return
    state = views.state()
    if state and state.size > size:
        why = f"rolled back: the tables were made of {state.size} leaves, {size} are there; or that list was changed"
        yield Damage("ledger", str(views.listing), why, tuple(views.ids_at(range(size, state.size))))
        return
    for name in views.damaged():
        yield Damage("view", name, "its bytes are not those written; it is derived: run `onrecord rebuild`")


class _Inside:
    """What the ledger's own rows say, read once."""

    def __init__(
        self, reader: Reader, outside: list[Outside], views: Views | None, keys: Collection[VerifierKey]
    ) -> None:
        self.survey, self._heads = Survey(), list(reader.heads())
        self.damage: list[Damage] = []
        self.holding: list[int] = []
        self._keys = [key for key in reader.signers() if not keys or key in keys]
        growing, room = tree.Growing({head.size: head for head in self._heads}), tree.room(reader)
        for leaf in reader.every_leaf():
            if tree.strays(leaf, room):
                self.damage.append(tree.astray(leaf))
                continue
            self.damage += self.survey.read(leaf)
            self.damage += growing.read(leaf, self.survey)
        self.size = len(growing.hashes)
        self.root = growing.root().hex()
        self.damage += missing(growing.gone, self.survey, views)
        self.damage += growing.heads_that_do_not_hold()
        changed = list(tree.differing(reader, growing, self.survey))
        self.damage += changed or growing.heads_taken_away()  # a leaf that was moved makes seams of its own
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
        if len(turns := signatures.in_turn(self._heads)) > 1:
            told = ", ".join(f"{key_id} up to {size} leaves" for key_id, size in turns)
            yield f"Heads are signed with {len({key_id for key_id, _ in turns})} keys: {told}."
