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

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
import polars as pl

from onrecord.errors import EntryNotFound
from onrecord.model.kinds import KINDS, Consent, Correction, Entry, Person
from onrecord.model.references import REFERENCES, targets
from onrecord.model.visibility import Visibility, may_see
from onrecord.record import merkle
from onrecord.record.description import Description
from onrecord.record.history import Version, versions
from onrecord.record.ledger import Ledger
from onrecord.record.views import Views


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking: a name for the access log and what they are cleared for."""

    name: str
    clearance: Visibility


PUBLIC = Viewer("public", "public")
KEEPER = Viewer("keeper", "private")


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


class View:
    """A record through the eyes of one viewer, at one state of the ledger. Made by ``Record.as_seen_by``."""

    def __init__(self, ledger: Ledger, views: Views, description: Description, viewer: Viewer) -> None:
        self._ledger = ledger
        self._views = views
        self.viewer = viewer
        self.description = description
        self.state = views.refresh()

    def table(self, kind: str) -> pl.DataFrame:
        """The entries of one kind that are seen and not withdrawn, in the ledger's order.

        Columns: :func:`onrecord.record.columns.schema`.
        """
        if kind not in self._tables:
            self._tables[kind] = self._redacted(kind)
        return self._tables[kind]

    @cached_property
    def _tables(self) -> dict[str, pl.DataFrame]:
        return {}

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of everything this viewer may see, withdrawn entries included."""
        seen = self._allowed_by_themselves()
        while True:
            lost = {entry_id for entry_id in seen if not self._stands(entry_id, seen)}
            if not lost:
                return frozenset(seen)
            seen -= lost

    def kind_of(self, entry_id: str) -> str | None:
        """The kind of an entry that is seen, or None."""
        return self._kinds.get(entry_id) if entry_id in self.ids else None

    def entry(self, entry_id: str) -> Seen:
        """One entry.

        Raises:
            EntryNotFound: there is none with that id, or it is not for this viewer: the two are not told apart.
        """
        if entry_id not in self.ids:
            raise _not_found(entry_id)
        with self._ledger.reading() as reader:
            leaf = reader.find(entry_id)
            assert leaf is not None, "the views were refreshed from this ledger"
            corrections = [c for c in reader.corrections(entry_id) if c.seq < self.state.size]
            states = versions(leaf.entry(), [_correction(c.entry()) for c in corrections])
        if not self._open(states[-1].entry):  # the views went ahead of the state this view was made for
            raise _not_found(entry_id)
        seen, withheld = self._redact(states[-1].entry)
        shown = tuple(
            Version(self._redact(state.entry)[0], state.withdrawn, self._shown_correction(state.correction))
            for at, state in enumerate(states)
            if self._may_see_state(states, at)
        )
        envelope = leaf.envelope
        return Seen(
            entry=seen,
            withdrawn=states[-1].withdrawn,
            withheld=withheld,
            history=shown,
            hidden_history=len(states) - len(shown),
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
            whole = self._redact(leaf.entry()) == (leaf.entry(), 0) and self._open(leaf.entry())
            return Proof(
                seq=seen.seq,
                size=size,
                leaf_hash=merkle.leaf_hash(leaf.data),
                path=merkle.inclusion_proof(reader.tile, seen.seq, size),
                root=reader.root(size),
                data=leaf.data if whole and seen.hidden_history == 0 else None,
            )

    def _open(self, entry: Entry) -> bool:
        if not may_see(self.viewer.clearance, entry.visibility):
            return False
        return self.viewer.clearance != "public" or not isinstance(entry, Person) or _may_be_named(entry)

    def _may_see_state(self, states: list[Version], at: int) -> bool:
        if at == len(states) - 1 or self.viewer.clearance == "private":
            return True
        concealed = any(state.correction and state.correction.conceal for state in states[at + 1 :])
        return self._open(states[at].entry) and not concealed

    def _shown_correction(self, correction: Correction | None) -> Correction | None:
        if correction is None or correction.id in self.ids:
            return None if correction is None else _correction(self._redact(correction)[0])
        return Correction(id="withheld", replaces=correction.replaces, reason="The reason is not public.")

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {entry_id: kind for kind in KINDS for entry_id in self._views.table(kind)["id"]}

    @cached_property
    def _needs(self) -> dict[str, list[str]]:
        """Entry id to the ids it makes no sense without."""
        needs: dict[str, list[str]] = {}
        for kind, references in REFERENCES.items():
            required = [reference.field for reference in references if reference.required]
            if required:
                for entry_id, *values in self._views.table(kind).select("id", *required).iter_rows():
                    needs[entry_id] = [t for v in values for t in ([v] if isinstance(v, str) else v or [])]
        return needs

    def _allowed_by_themselves(self) -> set[str]:
        allowed: set[str] = set()
        for kind in KINDS:
            rows = self._open_rows(kind).filter(pl.col("seq") < self.state.size)
            allowed.update(rows["id"])
        return allowed - self._concealed

    def _open_rows(self, kind: str) -> pl.DataFrame:
        """What the viewer may see of a table by its own visibility and consent, as it stands in the views now."""
        table = self._views.table(kind)
        rows = table.filter([may_see(self.viewer.clearance, v) for v in table["visibility"]])
        if kind == "person" and self.viewer.clearance == "public":
            return rows.filter(pl.col("consent").map_elements(_consent_allows, return_dtype=pl.Boolean))
        return rows

    @cached_property
    def _concealed(self) -> set[str]:
        """What was withdrawn so that nobody but the keepers sees it."""
        if self.viewer.clearance == "private":
            return set()
        withdrawn = {
            entry_id for kind in KINDS for entry_id in self._views.table(kind).filter("withdrawn")["id"]
        }
        corrections = self._views.table("correction").filter(pl.col("conceal") & pl.col("withdraw"))
        return withdrawn & set(corrections["replaces"])

    def _stands(self, entry_id: str, seen: set[str]) -> bool:
        return all(target in seen for target in self._needs.get(entry_id, ()))

    def _redacted(self, kind: str) -> pl.DataFrame:
        table = self._open_rows(kind).filter(~pl.col("withdrawn"))
        if self.viewer.clearance == "private":
            return table
        seen = pl.Series(sorted(self.ids), dtype=pl.String).implode()
        table = table.filter(pl.col("id").is_in(seen))
        fields = [reference.field for reference in REFERENCES[kind]]
        lists = [name for name in fields if isinstance(table.schema[name], pl.List)]
        return table.with_columns(
            *(pl.when(pl.col(n).is_in(seen)).then(pl.col(n)).alias(n) for n in fields if n not in lists),
            *(pl.col(name).list.filter(pl.element().is_in(seen)) for name in lists),
            pl.col("citations").list.filter(pl.element().struct.field("source").is_in(seen)),
            pl.col("sealed").list.head(0),
            *([self._consent_column()] if kind == "person" else []),
            *([pl.lit("{}").alias("changes")] if kind == "correction" else []),
        )

    def _consent(self, consent: Consent) -> Consent:
        return msgspec.structs.replace(
            consent,
            source=consent.source if consent.source in self.ids else None,
            by=None if self.viewer.clearance == "public" else consent.by,
        )

    def _consent_column(self) -> pl.Expr:
        def redacted(consent: str) -> str:
            shown = self._consent(msgspec.json.decode(consent, type=Consent))
            return msgspec.json.encode(shown, order="sorted").decode()

        return pl.col("consent").map_elements(redacted, return_dtype=pl.String)

    def _redact(self, entry: Entry) -> tuple[Entry, int]:
        changes: dict[str, Any] = {}
        for reference in REFERENCES[self._kinds[entry.id]]:
            kept = tuple(t for t in targets(entry, reference) if t in self.ids)
            if len(kept) < len(targets(entry, reference)):
                single = isinstance(getattr(entry, reference.field), str)
                changes[reference.field] = None if single else kept
        citations = tuple(c for c in entry.citations if c.source in self.ids)
        withheld = len(entry.citations) - len(citations)
        if withheld:
            changes["citations"] = citations
        if entry.sealed and self.viewer.clearance != "private":
            changes["sealed"] = ()
        if isinstance(entry, Correction) and self.viewer.clearance != "private":
            changes[
                "changes"
            ] = {}  # new values may name what is hidden; the states themselves show what changed
        if isinstance(entry, Person) and entry.consent:
            changes["consent"] = self._consent(entry.consent)
        return (msgspec.structs.replace(entry, **changes) if changes else entry), withheld


def _not_found(entry_id: str) -> EntryNotFound:
    return EntryNotFound(f"There is no entry {entry_id!r} that you may see. Mend the id, or sign in.")


def _correction(entry: Entry) -> Correction:
    assert isinstance(entry, Correction)
    return entry


def _may_be_named(person: Person) -> bool:
    return person.consent is not None and person.consent.basis in ("given", "already_public")


def _consent_allows(consent: str) -> bool:
    return bool(msgspec.json.decode(consent).get("basis") in ("given", "already_public"))
