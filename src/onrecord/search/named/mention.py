"""A name as it stands in one place, on record or in a document, with what that place says about the person."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec
import polars as pl

from onrecord.names.evidence import Facts

Row = Mapping[str, Any]
"""A row of :data:`ENTRIES`."""


class About(msgspec.Struct, frozen=True):
    """What is said of somebody besides the name; None where nothing is.

    Attributes:
        born: ``1985``, ``1985-03`` or ``1985-03-01``.
        sex: male or female.
        place: an address or a county, as written.
        id_prefix: the first 14 digits of an identity number (county and date of birth); the rest is not copied out
            of the document.
        father: the father's name as written.
    """

    born: str | None = None
    sex: str | None = None
    place: str | None = None
    id_prefix: str | None = None
    father: str | None = None

    @property
    def facts(self) -> Facts:
        """The same as the comparison of facts takes it."""
        return Facts(
            birth_year=int(self.born[:4]) if self.born else None,
            place=self.place,
            sex=self.sex,
            relatives=(self.father,) if self.father else (),
            id_prefix=self.id_prefix,
        )


class Mention(msgspec.Struct, frozen=True):
    """A name in a document.

    Attributes:
        name: as written.
        document: SHA-256 of the document.
        locator: where, as a reader looks it up: ``cell Sheet1!B5``, ``page 3, character 121``.
        selector: the fragment of the document as citations state it (``sheet=S&cells=B5:B5``); empty where the
            document as a whole is cited.
        about: what else stands in the row.
    """

    name: str
    document: str
    locator: str
    selector: str
    about: About = About()

    @property
    def id(self) -> str:
        """An id that stays the same however often the document is read: by document, place and name."""
        key = sha256("\0".join((self.locator, self.name)).encode("utf-8", "surrogatepass")).hexdigest()
        return f"mention/{self.document[:16]}/{key[:16]}"

    def row(self) -> dict[str, str | None]:
        """The mention with its id as a row of :data:`ENTRIES`."""
        place = {"document": self.document, "locator": self.locator, "selector": self.selector}
        return {
            "id": self.id,
            "kind": "mention",
            "name": self.name,
            **place,
            **msgspec.structs.asdict(self.about),
        }


_COLUMNS = (
    "id", "kind", "name", "document", "locator", "selector", *About.__struct_fields__,
)  # fmt: skip
ENTRIES = dict.fromkeys(_COLUMNS, pl.String)
"""One row for each name that somebody has on record or in a document: ``kind`` is person or mention; ``id`` of the entry or
mention; document, locator and selector of mentions; then the fields of :class:`About`."""


def about_of(row: Row) -> About:
    """What a row of :data:`ENTRIES` says besides the name."""
    return About(**{name: row[name] for name in About.__struct_fields__})
