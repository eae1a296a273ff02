"""Taking out of an entry, or of a table, what its viewer may not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import polars as pl

from onrecord.model.check import kind_of
from onrecord.model.kinds import Consent, Correction, Entry, Person
from onrecord.model.references import REFERENCES, targets
from onrecord.record.allowed import Allowed
from onrecord.record.viewer import Viewer, consent_in


class Redaction:
    """What is left of things for one viewer, who may see what is allowed."""

    def __init__(self, viewer: Viewer, allowed: Allowed) -> None:
        self._viewer = viewer
        self._allowed = allowed

    def entry(self, entry: Entry) -> tuple[Entry, int]:
        """An entry without what is not for the viewer, and how many citations were withheld."""
        changes = dict(self._pointers(entry))
        citations = tuple(citation for citation in entry.citations if citation.source in self._allowed)
        withheld = len(entry.citations) - len(citations)
        if withheld:
            changes["citations"] = citations
        if not self._viewer.keeper:
            changes["sealed"] = ()
        if isinstance(entry, Correction) and not self._viewer.keeper:
            # New values may name what is hidden; the states before and after show what changed.
            changes["changes"] = {}
        if isinstance(entry, Person) and entry.consent:
            changes["consent"] = self._consent(entry.consent)
        return msgspec.structs.replace(entry, **changes), withheld

    def correction(self, correction: Correction | None) -> Correction | None:
        """The correction that led to a state, without its reason where that is not for the viewer."""
        if correction is None:
            return None
        if correction.id not in self._allowed:
            return Correction(id="withheld", replaces=correction.replaces, reason="The reason is not public.")
        shown, _ = self.entry(correction)
        assert isinstance(shown, Correction)
        return shown

    def table(self, kind: str, table: pl.DataFrame) -> pl.DataFrame:
        """The rows of one kind that the viewer may see, each as :meth:`entry` would leave it."""
        if self._viewer.keeper:
            return table
        seen = self._allowed.table["id"]
        rows = table.filter(table["id"].is_in(seen.implode()))
        changes = {reference.field: _kept(rows[reference.field], seen) for reference in REFERENCES[kind]}
        return rows.with_columns(
            **changes,
            citations=_kept(rows["citations"], seen),
            sealed=pl.col("sealed").list.head(0),
            **(
                {"consent": pl.col("consent").map_elements(self._consent_cell, pl.String)}
                if kind == "person"
                else {}
            ),
            **({"changes": pl.lit("{}")} if kind == "correction" else {}),
        )

    def _pointers(self, entry: Entry) -> Iterator[tuple[str, Any]]:
        for reference in REFERENCES[kind_of(entry)]:
            pointed = targets(entry, reference)
            kept = tuple(target for target in pointed if target in self._allowed)
            if len(kept) < len(pointed):
                single = isinstance(getattr(entry, reference.field), str)
                yield reference.field, None if single else kept

    def _consent(self, consent: Consent) -> Consent:
        return msgspec.structs.replace(
            consent,
            source=consent.source if consent.source in self._allowed else None,
            by=None if self._viewer.clearance == "public" else consent.by,
        )

    def _consent_cell(self, cell: str) -> str | None:
        consent = consent_in(cell)
        return msgspec.json.encode(self._consent(consent), order="sorted").decode() if consent else None


def _among(ids: pl.Series, seen: pl.Series) -> pl.Series:
    """Which of the ids are seen; each is asked once, for a million entries may cite one source."""
    asked = ids.unique()
    return ids.is_in(asked.filter(asked.is_in(seen.implode())).implode())


def _kept(column: pl.Series, seen: pl.Series) -> pl.Series:
    """A column of ids, of lists of ids or of lists of citations with only those in it that are seen.

    Lists are laid out flat for it: asked list by list, Polars would copy everything that is seen for each of them.
    """
    if not isinstance(column.dtype, pl.List):
        return column.zip_with(
            _among(column, seen).fill_null(value=False), pl.Series([None], dtype=column.dtype)
        )
    items = column.explode()
    ids = items.struct.field("source") if isinstance(items.dtype, pl.Struct) else items
    among = _among(ids, seen)
    if ids.filter(~among.fill_null(value=False)).drop_nulls().is_empty():
        return column.fill_null([])
    numbers = pl.DataFrame({"row": pl.int_range(len(column), eager=True), "item": column}).explode("item")
    kept = numbers.filter(among).group_by("row", maintain_order=True).agg("item")
    rows = pl.DataFrame({"row": pl.int_range(len(column), eager=True)})
    return rows.join(kept, on="row", how="left", maintain_order="left")["item"].fill_null([])
