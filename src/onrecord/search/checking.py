"""Whether the full-text index is what was built: its files, how many documents it has, what it was built from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from onrecord.errors import StorageError
from onrecord.ingest.catalogue import Catalogue
from onrecord.record import Record
from onrecord.record.verify import Damage
from onrecord.search import manifest
from onrecord.search.collection import wanted_stamps
from onrecord.search.index import Index

_REBUILT = "it is derived: delete the folder index/, the next `onrecord search` makes it anew"


def damaged_index(record: Record) -> Iterator[Damage]:
    """Each file of the index that is gone or changed, and where its content is not what was read.

    An index that is only behind what was read is not damaged: the next search completes it.
    """
    folder = record.folder / "index"
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    written = manifest.read(folder)
    if written is None:
        why = "it does not hold, so that nobody can say what the index was built from"
        yield Damage("index", f"index/{manifest.NAME}", f"{why}; {_REBUILT}")
        return
    found = list(_files_that_differ(folder, written))
    yield from found
    if not found:
        yield from _content_that_differs(record, folder, written)


def _files_that_differ(folder: Path, written: manifest.Manifest) -> Iterator[Damage]:
    there = {file.name: file for file in manifest.files_of(folder)}
    for name, (_, wanted) in sorted(written.files.items()):
        if name not in there:
            yield Damage("index", f"index/{name}", f"it is gone; {_REBUILT}")
        elif why := _differs(there[name], wanted):
            yield Damage("index", f"index/{name}", f"{why}; {_REBUILT}")
    for name in sorted(there.keys() - written.files.keys()):
        yield Damage("index", f"index/{name}", f"nobody wrote down that it is part of the index; {_REBUILT}")


def _differs(file: Path, wanted: str) -> str:
    try:
        found = manifest.hash_of(file)
    except OSError as cause:
        return f"it cannot be read: {cause.strerror}"
    return "" if found == wanted else f"its bytes give {found}, not {wanted}"


def _content_that_differs(record: Record, folder: Path, written: manifest.Manifest) -> Iterator[Damage]:
    try:
        stamps = Index.open(folder).stamps()
        if len(stamps) != written.documents:
            why = f"it holds {len(stamps)} documents, {written.documents} were indexed"
            yield Damage("index", "index", f"{why}; {_REBUILT}")
        elif manifest.built_from(stamps.items()) != written.built_from:
            yield Damage("index", "index", f"it was not built from what its manifest says; {_REBUILT}")
        with closing(Catalogue(record.folder / "derived" / "catalogue.sqlite", checked=True)) as catalogue:
            is_current = catalogue.changes == written.changes
            if is_current and manifest.built_from(wanted_stamps(catalogue)) != written.built_from:
                yield Damage("index", "index", f"it was not built from what was read; {_REBUILT}")
    except StorageError as cause:
        yield Damage("index", "index", f"{cause} {_REBUILT}")
