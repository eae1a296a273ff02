"""Who is asking, and what is open to them by an entry's own visibility and consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import msgspec
import polars as pl

from onrecord.model.kinds import Consent, Entry, Person
from onrecord.model.visibility import Visibility, may_see

_PUBLIC_BY = ("given", "already_public")
"""The bases of consent on which a case may be shown to everybody."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking: a name for the access log and what they are cleared for."""

    name: str
    clearance: Visibility

    @property
    def keeper(self) -> bool:
        """True if nothing is kept from this viewer."""
        return self.clearance == "private"

    def may_open(self, entry: Entry) -> bool:
        """True if the entry's own visibility, and a person's consent, let this viewer see it."""
        if not may_see(self.clearance, entry.visibility):
            return False
        return self.clearance != "public" or not isinstance(entry, Person) or _may_be_named(entry.consent)

    def open_rows(self, kind: str, table: pl.DataFrame) -> pl.DataFrame:
        """The rows of one kind's table for which :meth:`may_open` holds."""
        levels = [level for level in get_args(Visibility) if may_see(self.clearance, level)]
        rows = table.filter(pl.col("visibility").is_in(levels))
        if kind == "person" and self.clearance == "public":
            return rows.filter([_may_be_named(consent_in(cell)) for cell in rows["consent"]])
        return rows


PUBLIC = Viewer("public", "public")
KEEPER = Viewer("keeper", "private")


def consent_in(cell: str | None) -> Consent | None:
    """The consent that a cell of the persons' table holds."""
    return msgspec.json.decode(cell, type=Consent) if cell else None


def _may_be_named(consent: Consent | None) -> bool:
    return consent is not None and consent.basis in _PUBLIC_BY
