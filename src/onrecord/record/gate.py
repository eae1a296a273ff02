"""The gate: the record as one viewer may see it. Every page, question, export and dossier asks here.

Rules, all of which fail closed:

- An entry is seen only if its visibility as it stands now allows it, and if everything it cannot do without
  (the instrument of a position, the subject of a decision) is seen too.
- A person's case needs consent on record, or a source that made it public, to be seen by the public; who gave the
  consent is not for the public.
- Citations of, and pointers to, what is not seen are taken out; how many citations were withheld is said.
- Of a correction only its reason is shown; what it changed is seen in the states before and after it.
- Earlier wording is shown only if that wording itself was open to the viewer and was not concealed. An entry that was
  withdrawn and concealed is for keepers alone.
- What is sealed is not given out, not even as it was encrypted; that there is something is said.
- The ledger's own bytes are given out only for an entry of which nothing had to be taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from onrecord.errors import EntryNotFound, StorageError
from onrecord.model.kinds import Correction, Entry
from onrecord.record import merkle
from onrecord.record.allowed import Allowed
from onrecord.record.description import Description
from onrecord.record.history import Version, versions
from onrecord.record.leaf import Leaf
from onrecord.record.ledger import Ledger
from onrecord.record.notes import SignedNote, VerifierKey
from onrecord.record.redaction import Redaction
from onrecord.record.viewer import KEEPER, PUBLIC, Viewer
from onrecord.record.views import Views

__all__ = ["KEEPER", "PUBLIC", "Line", "Proof", "Seen", "View", "Viewer"]


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an entry stands in the ledger and how to check it (RFC 6962, hashes as bytes)."""

    seq: int
    size: int
    leaf_hash: bytes
    path: list[bytes]
    root: bytes
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as one viewer sees it.

    Attributes:
        entry: as it stands now, with what is not for this viewer taken out.
        withdrawn: a correction says that it no longer counts.
        withheld: how many of its citations this viewer may not see.
        history: the states it was in that this viewer may see, oldest first, the present one last.
        hidden_history: how many states are kept from this viewer.
        sealed: how many of its texts are sealed for named readers.
        recorded, recorded_by: when (RFC 3339, UTC) and by whom it was first recorded.
        seq: its place in the ledger.
    """

    entry: Entry
    withdrawn: bool
    withheld: int
    history: tuple[Version, ...]
    hidden_history: int
    sealed: int
    recorded: str
    recorded_by: str
    seq: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger as one viewer may have it: its hash always, its bytes where nothing in it is withheld.

    ``id`` is that of the entry in it, None where it holds none or the viewer may not see it.
    """

    seq: int
    id: str | None
    leaf_hash: bytes
    data: bytes | None


class View:
    """A record through the eyes of one viewer, at one state of the ledger. Made by ``Record.as_seen_by``."""

    def __init__(self, ledger: Ledger, views: Views, description: Description, viewer: Viewer) -> None:
        self._ledger = ledger
        self._views = views
        self.viewer = viewer
        self.description = description
        self.state = views.refresh()
        self._allowed = Allowed(ledger, views, viewer, self.state.size)
        self._tables: dict[str, pl.DataFrame] = {}

    def table(self, kind: str) -> pl.DataFrame:
        """The entries of one kind that are seen and not withdrawn, in the ledger's order.

        Columns: :func:`onrecord.record.columns.schema`.
        """
        if kind not in self._tables:
            # The views may be ahead of this view: rows are asked again whether they are open as they stand now.
            rows = self.viewer.open_rows(kind, self._views.table(kind)).filter(~pl.col("withdrawn"))
            self._tables[kind] = self._redaction.table(kind, rows)
        return self._tables[kind]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of everything this viewer may see, withdrawn entries included."""
        return self._allowed.ids

    def kind_of(self, entry_id: str) -> str | None:
        """The kind of an entry that is seen, or None."""
        return self._allowed.kind_of(entry_id)

    def entry(self, entry_id: str) -> Seen:
        """One entry.

        Raises:
            EntryNotFound: there is none with that id, or it is not for this viewer: the two are not told apart.
        """
        if entry_id not in self._allowed:
            raise _not_found(entry_id)
        with self._ledger.reading() as reader:
            leaf = reader.find(entry_id)
            if leaf is None:
                raise StorageError(f"The ledger has lost the line of {entry_id}. Run `onrecord verify`.")
            corrections = [c.entry() for c in reader.corrections(entry_id) if c.seq < self.state.size]
        states = versions(leaf.entry(), [c for c in corrections if isinstance(c, Correction)])
        if not self.viewer.may_open(states[-1].entry):
            raise _not_found(entry_id)  # it was opened after the state that this view shows
        shown, withheld = self._redaction.entry(states[-1].entry)
        history = self._history(states)
        envelope = leaf.envelope
        return Seen(
            entry=shown,
            withdrawn=states[-1].withdrawn,
            withheld=withheld,
            history=history,
            hidden_history=len(states) - len(history),
            sealed=len(states[-1].entry.sealed),
            recorded=envelope["recorded"],
            recorded_by=envelope["by"],
            seq=leaf.seq,
        )

    def proof(self, entry_id: str) -> Proof:
        """The proof that an entry is in the ledger; its bytes only where nothing in them is kept from the viewer.

        Raises:
            EntryNotFound: as :meth:`entry`.
        """
        seen = self.entry(entry_id)
        with self._ledger.reading() as reader:
            leaf = reader.leaf(seen.seq)
            size = self.state.size
            return Proof(
                seq=seen.seq,
                size=size,
                leaf_hash=merkle.leaf_hash(leaf.data),
                path=merkle.inclusion_proof(reader.tile, seen.seq, size),
                root=reader.root(size),
                data=leaf.data if self._is_open(leaf, seen) else None,
            )

    def lines(self) -> Iterator[Line]:
        """Every line of the ledger in order, as far as the viewer may have it."""
        with self._ledger.reading() as reader:
            for leaf in reader.leaves(0, self.state.size):
                seen_id = leaf.id if leaf.id in self._allowed else None
                data = leaf.data if seen_id and self._is_given_out(leaf, seen_id) else None
                yield Line(leaf.seq, seen_id, merkle.leaf_hash(leaf.data), data)

    def _is_given_out(self, leaf: Leaf, entry_id: str) -> bool:
        try:
            return self._is_open(leaf, self.entry(entry_id))
        except EntryNotFound:  # it was opened after the state that this view shows
            return False

    def _is_open(self, leaf: Leaf, seen: Seen) -> bool:
        """Whether nothing that the line says is kept from the viewer."""
        first = leaf.entry()
        whole = self._redaction.entry(first) == (first, 0) and self.viewer.may_open(first)
        return whole and seen.hidden_history == 0

    @cached_property
    def checkpoint(self) -> SignedNote:
        """The signed checkpoint over the state that this view shows."""
        with self._ledger.reading() as reader:
            return self._ledger.checkpoint(reader, self.state.size)

    @cached_property
    def signed_with(self) -> VerifierKey:
        """The public key that :attr:`checkpoint` is signed with."""
        return self._ledger.signed_with(self.checkpoint)

    @cached_property
    def _redaction(self) -> Redaction:
        return Redaction(self.viewer, self._allowed)

    def _history(self, states: list[Version]) -> tuple[Version, ...]:
        return tuple(
            Version(
                self._redaction.entry(state.entry)[0],
                state.withdrawn,
                self._redaction.correction(state.correction),
            )
            for at, state in enumerate(states)
            if self._may_see_state(states, at)
        )

    def _may_see_state(self, states: list[Version], at: int) -> bool:
        if at == len(states) - 1 or self.viewer.keeper:
            return True
        concealed = any(state.correction and state.correction.conceal for state in states[at + 1 :])
        return self.viewer.may_open(states[at].entry) and not concealed


def _not_found(entry_id: str) -> EntryNotFound:
    return EntryNotFound(f"There is no entry {entry_id!r} that you may see. Mend the id, or sign in.")
