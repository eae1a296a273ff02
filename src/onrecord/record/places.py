"""Where a record keeps its two kept things: beside its ``record.toml``, or at the addresses written there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

from onrecord.errors import UsageError
from onrecord.record.archive import Archive, Originals
from onrecord.record.description import Description
from onrecord.record.stores import Store
from onrecord.record.stores.sqlite import SqliteStore

_PLACES = re.compile(r"^(ledger|archive)[ \t]*=.*\n?", re.MULTILINE)


def ledger_place(folder: Path, description: Description) -> Store:
    """The database of a record's ledger: a SQLite file, or a ``postgresql://`` address.

    Raises:
        UsageError: the address is of no kind known here, or the extra that it needs is not installed.
    """
    address = description.ledger
    if not address:
        return SqliteStore(folder / "ledger.sqlite")
    if not address.startswith(("postgresql://", "postgres://")):
        raise UsageError(f"{address} is no place for a ledger. Use postgresql://…, or none for a file.")
    store: Store = _extra("onrecord.record.stores.postgres", "postgres").PostgresStore(address)
    return store


def archive_place(folder: Path, description: Description) -> Originals:
    """The place of a record's originals: a folder, or any address fsspec knows, such as ``s3://bucket/prefix``.

    Raises:
        UsageError: the extra that it needs is not installed.
    """
    address = description.archive
    if not address:
        return Archive(folder / "archive")
    archive: Originals = _extra("onrecord.record.stores.objects", "s3").ObjectArchive(address)
    return archive


def with_places(toml: str, ledger: str, archive: str) -> str:
    """The text of a ``record.toml`` with these addresses in it, an empty one left out."""
    given = {"ledger": ledger, "archive": archive}
    lines = [f'{name} = "{_escaped(address)}"\n' for name, address in given.items() if address]
    return "".join([*lines, _PLACES.sub("", toml)])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _extra(module: str, name: str) -> ModuleType:
    """A module that needs what only some install; imported when it is first asked for."""
    try:
        return importlib.import_module(module)
    except ImportError as cause:
        raise UsageError(
            f"This place needs {cause.name}, which is not installed. Install it: pip install 'onrecord[{name}]'"
        ) from cause
