"""Whether what was made of the originals still is what was made: derivatives, their tables, the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from onrecord.errors import StorageError
from onrecord.ingest.catalogue import Catalogue, Settled
from onrecord.ingest.derived import Derived
from onrecord.ingest.leftovers import unknown
from onrecord.record import Record
from onrecord.record.checking.survey import Survey
from onrecord.record.verify import Damage

_REBUILT = "it is derived: delete derived/catalogue.sqlite and run `onrecord add --retry all`"
REMADE = "it is derived: `onrecord add --retry all` makes it again"
_SWEPT = "nothing reads it any more: `onrecord add --retry all` takes it away"


def damaged_derivatives(record: Record) -> Iterator[Damage]:
    """Each derivative, table and part of the catalogue that is gone or changed, with the entries that rest on it.

    Nothing is written, so that a record on a read-only disk can be checked.
    """
    if not (record.folder / "derived" / "catalogue.sqlite").exists():
        return
    try:
        with closing(_catalogue(record)) as catalogue:
            yield from _catalogue_damage(record, catalogue)
            yield from _derivative_damage(record, catalogue)
    except (StorageError, ValueError) as cause:
        yield Damage("catalogue", "derived/catalogue.sqlite", f"{cause} {_REBUILT}")


def unchecked_derivatives(record: Record) -> int:
    """How many derivatives lie there that the catalogue says nothing of, so that nothing can be said of them.

    0 where there is no catalogue to know by. What becomes of them: :mod:`onrecord.ingest.leftovers`.
    """
    if not (record.folder / "derived" / "catalogue.sqlite").exists():
        return 0
    try:
        with closing(_catalogue(record)) as catalogue:
            return len(unknown(Derived(record.folder / "derived"), catalogue))
    except (StorageError, ValueError):
        return 0  # told as damage


def _catalogue(record: Record) -> Catalogue:
    return Catalogue(record.folder / "derived" / "catalogue.sqlite", checked=True)


def _catalogue_damage(record: Record, catalogue: Catalogue) -> Iterator[Damage]:
    where = "derived/catalogue.sqlite"
    for fault in catalogue.faults():
        yield Damage("catalogue", where, f"{fault}; {_REBUILT}")
    for table, key in catalogue.broken():
        yield Damage("catalogue", f"{where}, {table} {key}", f"the row is not as it was written; {_REBUILT}")
    try:
        with record.ledger.reading() as ledger:
            lines = {(custody.sha256, seq) for seq, custody in ledger.custodies()}
    except StorageError:
        return  # told by whoever checks the ledger
    known = {line for line in lines if line[1] < catalogue.learnt}
    for digest, line in sorted(known ^ catalogue.lines()):
        yield Damage("catalogue", f"{where}, custody {digest}", f"it differs from leaf {line}; {_REBUILT}")


def _derivative_damage(record: Record, catalogue: Catalogue) -> Iterator[Damage]:
    derived, resting = Derived(record.folder / "derived"), Resting(record)
    for each in catalogue.settled():
        digest = str(each.row.sha256)
        for name, why in derived.faults(digest, each.row.key, each.sums):
            where = f"{digest}/{each.row.key}/{name}{_sheet(each, name)}"
            made = f"made of {_origin(catalogue, digest)}"
            yield Damage(_sort(name), where, f"{why} ({made}); {REMADE}", resting.on(digest))
    for old in catalogue.replaced():
        for name, why in derived.faults(old.sha256, old.key, old.sums):
            where = f"{old.sha256}/{old.key}/{name}"
            made = f"made of {_origin(catalogue, old.sha256)}, another is read in its place"
            yield Damage(_sort(name), where, f"{why} ({made}); {_SWEPT}", resting.on(old.sha256))


def _origin(catalogue: Catalogue, digest: str) -> str:
    return next(iter(catalogue.places(digest)), "an unknown place")


def _sort(name: str) -> str:
    return "table" if name.endswith(".parquet") else "derivative"


def _sheet(each: Settled, name: str) -> str:
    sheets = {f"table-{table.number}.parquet": table.sheet for table in each.tables}
    return f" (sheet {sheets[name]})" if sheets.get(name) else ""


class Resting:
    """What rests on an original; the ledger is read when that is first asked."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._survey: Survey | None = None

    def on(self, digest: str) -> tuple[str, ...]:
        """The sources that are this original, and the entries that cite them."""
        if self._survey is None:
            self._survey = Survey()
            with self._record.ledger.reading() as ledger:
                for leaf in ledger.leaves():
                    for _ in self._survey.read(leaf):
                        continue  # damage to the ledger is told by whoever checks the ledger
        return self._survey.resting_on(digest)
