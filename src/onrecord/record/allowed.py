"""Which entries a viewer may see: those open to them that do not hang on one that is not.

The rule is answered in two ways that a test holds against each other: of single entries from the lines of the ledger,
so that a page costs the same in a large record as in a small one, and of all entries at once by columns of the views.
"""

from __future__ import annotations

from functools import cached_property

import polars as pl

from onrecord.model.check import kind_of
from onrecord.model.kinds import KINDS, Correction, Entry
from onrecord.model.references import REFERENCES, targets
from onrecord.record.history import current
from onrecord.record.ledger import Ledger, Reader
from onrecord.record.viewer import Viewer
from onrecord.record.views import Views

_REQUIRED = {
    kind: tuple(reference for reference in references if reference.required)
    for kind, references in REFERENCES.items()
}
_ENTRIES_A_QUESTION = 1000
"""Asking of one entry takes about as long as a thousand take in columns."""
_QUESTIONS_AT_LEAST = 30


class Allowed:
    """The entries that a viewer may see in the first ``size`` leaves of a ledger."""

    def __init__(self, ledger: Ledger, views: Views, viewer: Viewer, size: int) -> None:
        self._ledger = ledger
        self._views = views
        self._viewer = viewer
        self._size = size
        self._answered: dict[str, str | None] = {}

    def __contains__(self, entry_id: object) -> bool:
        return isinstance(entry_id, str) and self.kind_of(entry_id) is not None

    def kind_of(self, entry_id: str) -> str | None:
        """The kind of an entry that the viewer may see, None of any other."""
        if "kinds" in self.__dict__ or len(self._answered) > self._questions_worth_asking:
            return self.kinds.get(entry_id)
        if entry_id not in self._answered:
            self._answered[entry_id] = None
            self._answered |= self.hanging_together(entry_id)
        return self._answered[entry_id]

    @property
    def _questions_worth_asking(self) -> int:
        return _QUESTIONS_AT_LEAST + self._size // _ENTRIES_A_QUESTION

    def hanging_together(self, entry_id: str) -> dict[str, str | None]:
        """The kinds of an entry and of all that it hangs on, however far; empty if one of them is not open."""
        kinds: dict[str, str | None] = {}
        with self._ledger.reading() as reader:
            coming = {entry_id}
            while coming:
                asked = coming.pop()
                entry = self._open_entry(reader, asked)
                if entry is None:
                    return {}
                kinds[asked] = kind_of(entry)
                needs = (
                    target for reference in _REQUIRED[kind_of(entry)] for target in targets(entry, reference)
                )
                coming |= set(needs) - kinds.keys()
        return kinds

    def _open_entry(self, reader: Reader, entry_id: str) -> Entry | None:
        """The entry as it stood at this state, if by itself it is open to the viewer."""
        leaf = reader.find(entry_id)
        if leaf is None or leaf.type != "entry" or leaf.seq >= self._size:
            return None
        filed = (line.entry() for line in reader.corrections(entry_id) if line.seq < self._size)
        corrections = [correction for correction in filed if isinstance(correction, Correction)]
        version = current(leaf.entry(), corrections)
        concealed = version.withdrawn and any(c.conceal and c.withdraw for c in corrections)
        if (concealed and not self._viewer.keeper) or not self._viewer.may_open(version.entry):
            return None
        return version.entry

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of everything the viewer may see, withdrawn entries included."""
        return frozenset(self.kinds)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Entry id to kind, for everything the viewer may see."""
        return dict(self.table.iter_rows())

    @cached_property
    def table(self) -> pl.DataFrame:
        """Everything the viewer may see: columns ``id`` and ``kind``."""
        tables = {kind: self._views.table(kind, _columns(kind)) for kind in KINDS}
        seen = pl.concat(self._open_by_themselves(kind, rows) for kind, rows in tables.items())
        if not self._viewer.keeper:
            seen = seen.join(_concealed(tables), on="id", how="anti", maintain_order="left")
        needs = pl.concat(_needs(kind, rows) for kind, rows in tables.items())
        while True:
            lost = needs.join(seen, left_on="target", right_on="id", how="anti")
            kept = seen.join(lost, on="id", how="anti", maintain_order="left")
            if kept.height == seen.height:
                return kept
            seen = kept

    def _open_by_themselves(self, kind: str, rows: pl.DataFrame) -> pl.DataFrame:
        known = rows.filter(pl.col("seq") < self._size)
        return self._viewer.open_rows(kind, known).select("id", kind=pl.lit(kind))


def _columns(kind: str) -> list[str]:
    """What of one kind's table says who may see its entries."""
    more = {"person": ["consent"], "correction": ["conceal", "withdraw"]}.get(kind, [])
    return ["id", "seq", "visibility", "withdrawn", *(r.field for r in _REQUIRED[kind]), *more]


def _concealed(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The ids of what was withdrawn so that nobody but the keepers sees it."""
    withdrawn = pl.concat(rows.filter("withdrawn").select("id") for rows in tables.values())
    concealing = tables["correction"].filter(pl.col("conceal") & pl.col("withdraw"))
    return withdrawn.join(concealing, left_on="id", right_on="replaces", how="semi")


def _needs(kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Which entries of a kind make no sense without which others: columns ``id`` and ``target``."""
    none = pl.DataFrame(schema={"id": pl.String(), "target": pl.String()})
    pairs = (rows.select("id", target=reference.field) for reference in _REQUIRED[kind])
    flat = (p.explode("target") if isinstance(p.schema["target"], pl.List) else p for p in pairs)
    return pl.concat([none, *flat]).drop_nulls("target")
