"""Whether what was made of the originals still is what was catalogued: for ``verify``."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.ingest.derived import Derived
from onrecord.ingest.taking_in import open_catalogue
from onrecord.record import Record
from onrecord.record.verify import Damage


def damaged_derivatives(record: Record) -> Iterator[Damage]:
    """Each derivative whose text or tables are gone or changed; making it again mends it."""
    if not (record.folder / "derived" / "catalogue.sqlite").exists():
        return
    catalogue, derived = open_catalogue(record), Derived(record.folder / "derived")
    try:
        for original, key, acknowledged in catalogue.derivatives():
            if why := _fault(derived, original, key, acknowledged):
                place = next(iter(catalogue.places(original)), "an unknown place")
                yield Damage("derivative", f"{original}/{key}", f"{why} (made of {place})")
    finally:
        catalogue.close()


def _fault(derived: Derived, original: str, key: str, acknowledged: str) -> str:
    try:
        found = derived.digest(original, key)
    except OSError as cause:
        return f"it cannot be read: {cause.strerror}"
    return (
        ""
        if found == acknowledged
        else "its text or tables are not what was read; `add --retry all` mends it"
    )
