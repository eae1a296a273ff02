"""Whether what was made of the originals still is what was made: derivatives, their tables, the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from onrecord.errors import StorageError
from onrecord.ingest.catalogue import Catalogue, Settled
from onrecord.ingest.derived import Derived
from onrecord.record import Record
from onrecord.record.checking.survey import Survey
from onrecord.record.verify import Damage

_HEX = "[0-9a-f]"
_REBUILT = "it is derived: delete derived/catalogue.sqlite and run `onrecord add --retry all`"
REMADE = "it is derived: `onrecord add --retry all` makes it again"


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
    """How many derivatives lie beside those that the catalogue knows: of older readers, or of choices made anew.

    Nothing rests on them and nobody kept their hashes, so nothing can be said of them. 0 where there is no catalogue to know by.
    """
    folder = record.folder / "derived"
    if not (folder / "catalogue.sqlite").exists():
        return 0
    try:
        with closing(_catalogue(record)) as catalogue:
            known = {(str(each.row.sha256), each.row.key) for each in catalogue.settled()}
    except (StorageError, ValueError):
        return 0  # told as damage
    there = ((path.parent.name, path.name) for path in folder.glob(f"{_HEX * 2}/{_HEX * 64}/{_HEX * 12}"))
    return sum(each not in known for each in there)


def _catalogue(record: Record) -> Catalogue:
    return Catalogue(record.folder / "derived" / "catalogue.sqlite")


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
        place = next(iter(catalogue.places(digest)), "an unknown place")
        for name, why in _faults(derived, each):
            what = "table" if name.endswith(".parquet") else "derivative"
            where = f"{digest}/{each.row.key}/{name}{_sheet(each, name)}"
            yield Damage(what, where, f"{why} (made of {place}); {REMADE}", resting.on(digest))


def _faults(derived: Derived, each: Settled) -> Iterator[tuple[str, str]]:
    """The name of each file of a derivative that is not as it was written, and what is wrong with it."""
    folder = derived.path(str(each.row.sha256), each.row.key)
    found: dict[str, str] = {}
    wanted = {name: digest for digest, _, name in (line.partition("  ") for line in each.sums.splitlines())}
    for name in wanted:
        try:
            found[name] = derived.sum(folder / name)
        except OSError as cause:
            yield name, f"it cannot be read: {cause.strerror}"
    for name, digest in found.items():
        if digest != wanted[name]:
            yield name, f"its bytes give {digest}, not {wanted[name]}"
    there = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
    for name in sorted(there - wanted.keys()):
        yield name, "nobody wrote it there"


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
