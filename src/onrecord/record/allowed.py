"""Which entries a viewer may see: those open to them that do not hang on one that is not."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from onrecord.model.kinds import KINDS
from onrecord.model.references import REFERENCES
from onrecord.record.viewer import Viewer
from onrecord.record.views import Views


class Allowed:
    """The ids that a viewer may see in the first ``size`` leaves of a ledger."""

    def __init__(self, views: Views, viewer: Viewer, size: int) -> None:
        self._views = views
        self._viewer = viewer
        self._size = size

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of everything the viewer may see, withdrawn entries included."""
        seen = self._by_themselves() - self._concealed()
        while True:
            lost = {entry_id for entry_id in seen if not seen.issuperset(self._needs.get(entry_id, ()))}
            if not lost:
                return frozenset(seen)
            seen -= lost

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Entry id to kind, for every entry there is."""
        return {entry_id: kind for kind in KINDS for entry_id in self._views.table(kind)["id"]}

    def _by_themselves(self) -> set[str]:
        return {
            entry_id
            for kind in KINDS
            for entry_id, seq in self._viewer.open_rows(kind, self._views.table(kind))
            .select("id", "seq")
            .iter_rows()
            if seq < self._size
        }

    def _concealed(self) -> set[str]:
        """What was withdrawn so that nobody but the keepers sees it."""
        if self._viewer.keeper:
            return set()
        withdrawn = {
            entry_id for kind in KINDS for entry_id in self._views.table(kind).filter("withdrawn")["id"]
        }
        corrections = self._views.table("correction").filter(pl.col("conceal") & pl.col("withdraw"))
        return withdrawn & set(corrections["replaces"])

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
