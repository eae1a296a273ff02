"""An original as the record knows it: where it came from, what was read from it, what holds it, what it holds."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass

from onrecord.errors import EntryNotFound, UsageError
from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.derived import Derived
from onrecord.ingest.reading import Reading
from onrecord.record import Record
from onrecord.record.custody import CustodyEvent
from onrecord.record.leaf import Leaf

_HEX = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Original:
    """One original.

    Attributes:
        places: every path it was taken in from, as claimed.
        reading: what was read from it; None where it has no outcome yet.
        key: what the derivative is filed under; None with ``reading``.
        members: digest and name of what it holds; ``holders`` likewise of what holds it.
        date: the date it claims for itself as the number 20180524.
    """

    sha256: str
    places: tuple[str, ...]
    reading: Reading | None
    key: str | None
    members: tuple[tuple[str, str], ...]
    holders: tuple[tuple[str, str], ...]
    date: int | None = None

    @property
    def name(self) -> str:
        """The last step of the first place, as claimed."""
        return self.places[0].rpartition("/")[2] if self.places else self.sha256[:16]


def original(record: Record, digest: str) -> Original:
    """An original by its SHA-256, or by the first eight or more digits of it.

    Raises:
        UsageError: these are no digits of a hash, or fit several originals.
        EntryNotFound: nothing with that hash was taken in.
        StorageError: what was read from it cannot be had.
    """
    with closing(open_catalogue(record)) as catalogue:
        whole = _whole(
            digest.lower(), catalogue.beginning(digest.lower()) if _HEX.fullmatch(digest.lower()) else None
        )
        facts = catalogue.facts_of(whole)
        return Original(
            sha256=whole,
            places=tuple(catalogue.places(whole)),
            reading=Derived(record.folder / "derived").reading(whole, facts.key) if facts else None,
            key=facts.key if facts else None,
            members=tuple(catalogue.members(whole)),
            holders=tuple(catalogue.holders(whole)),
            date=facts.date if facts else None,
        )


def _whole(digest: str, found: list[str] | None) -> str:
    if found is None:
        raise UsageError(
            f"{digest!r} is no SHA-256. Give its 64 hexadecimal digits, or the first eight or more."
        )
    if not found:
        raise EntryNotFound(f"No original {digest} was taken in. `onrecord outcomes` lists what there is.")
    if len(found) > 1:
        raise UsageError(
            f"{digest} begins the hashes of several originals: {', '.join(found)}. Give more digits."
        )
    return found[0]


@dataclass(frozen=True, slots=True)
class Handled:
    """A custody event and its line in the ledger, counted from 0, when (RFC 3339, UTC) and by whom it was recorded."""

    seq: int
    recorded: str
    by: str
    event: CustodyEvent


def custody_of(record: Record, digest: str) -> list[Handled]:
    """What was done with an original, oldest first."""
    with closing(open_catalogue(record)) as catalogue, record.ledger.reading() as ledger:
        return [_handled(ledger.leaf(line)) for line in catalogue.custody(digest)]


def _handled(leaf: Leaf) -> Handled:
    envelope = leaf.envelope
    return Handled(leaf.seq, envelope["recorded"], envelope["by"], leaf.custody())
